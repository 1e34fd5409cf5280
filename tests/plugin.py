"""Collects `scenarios/*.yaml` as test items; loaded by this project's own pytest settings only."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from values_act.decide import Decider
from values_act.library import Library
from values_act.scenarios import Placed, load_file, run

ROOT = Path(__file__).resolve().parent.parent


@lru_cache(maxsize=1)
def decider() -> Decider:
    return Decider(Library(ROOT / "rules"))


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    if file_path.suffix == ".yaml" and ROOT / "scenarios" in file_path.parents:
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class ScenarioFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        for placed in load_file(self.path):
            yield ScenarioItem.from_parent(self, name=placed.scenario.name, placed=placed)


class ScenarioFailedError(Exception):
    """A scenario that is not decided as its source says."""


class ScenarioItem(pytest.Item):
    def __init__(self, *, placed: Placed, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.placed = placed

    def runtest(self) -> None:
        result = run(self.placed, decider())
        if result.state == "todo":
            pytest.skip("to do: no outcome and source given yet")
        if result.problems:
            raise ScenarioFailedError("\n".join(result.problems))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        if isinstance(excinfo.value, ScenarioFailedError):
            scenario = self.placed.scenario
            return (
                f"{self.placed.file}:{self.placed.line}: {scenario.name}\n"
                f"why: {scenario.why}\nsource: {scenario.source}\n{excinfo.value}"
            )
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.placed.file, self.placed.line - 1, self.placed.scenario.name
