"""Collects `scenarios/*.yaml` as test items; loaded by this project's own pytest settings only.

The whole run is shared by several workers; named files are tested in this process. What a test
says about its sample is printed at the end, whichever process it ran in.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scenes import decider
from values_act.scenarios import Placed, load_file, run

ROOT = Path(__file__).resolve().parent.parent
MOST_WORKERS = 8  # each reads the law, and compiles what it tests, for itself
SAID = "said"


def pytest_configure() -> None:
    """Heed Ctrl-C.

    A run in the background of a shell is begun with Ctrl-C ignored, and so would be every program
    that a test starts and interrupts.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One for each core; none for named files or on one core, so that all is tested here."""
    named = config.args_source is pytest.Config.ArgsSource.ARGS
    mine = getattr(os, "sched_getaffinity", None)
    cores = len(mine(0)) if mine else os.cpu_count() or 1
    return 0 if named or cores == 1 else min(cores, MOST_WORKERS)


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Print a line at the end of the run."""
    return lambda line: record_property(SAID, line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())]
    lines = [line for report in reports for name, line in report.user_properties if name == SAID]
    if lines:
        terminalreporter.section("samples")
        for line in sorted(set(lines)):
            terminalreporter.write_line(str(line))


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
