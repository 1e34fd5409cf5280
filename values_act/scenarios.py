"""Scenarios: cases with the answer we stand behind. `expect` is never written by a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.decision import Decision
from models.scenario import Expected, Scenario
from values_act.decide import Decider
from values_act.errors import InputError, ValuesActError
from values_act.yamltext import compose, load_many, read_text

State = Literal["passed", "failed", "todo"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A scenario and where it stands."""

    scenario: Scenario
    file: Path
    line: int


@dataclass(frozen=True, slots=True)
class Result:
    placed: Placed
    state: State
    problems: tuple[str, ...] = ()
    decision: Decision | None = None


def scenario_files(folder: Path) -> list[Path]:
    """Scenario files of a folder, in name order.

    Raises:
        InputError: there is no such folder or file.
    """
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise InputError(f"{folder}: no such file or directory")
    return sorted(folder.rglob("*.yaml"))


def load_file(path: Path) -> list[Placed]:
    """Every scenario of a file, with its line.

    Raises:
        InputError: the file is no list of scenarios.
    """
    document = compose(read_text(path), str(path))
    return [Placed(scenario, path, line) for scenario, line in load_many(Scenario, document)]


def load_folder(folder: Path) -> list[Placed]:
    """Every scenario below a folder, or of a file; names are unique."""
    return load_folders([folder])


def load_folders(folders: Iterable[Path]) -> list[Placed]:
    """Every scenario below some folders, each file read once; names are unique.

    Raises:
        InputError: a file cannot be read, or two scenarios share a name.
    """
    files = [path for folder in folders for path in scenario_files(folder)]
    once = {path.resolve(): path for path in reversed(files)}
    found = [placed for path in reversed(once.values()) for placed in load_file(path)]
    seen: dict[str, Placed] = {}
    for placed in found:
        other = seen.setdefault(placed.scenario.name, placed)
        if other is not placed:
            raise InputError(
                f"{placed.file}:{placed.line}: the name `{placed.scenario.name}` is used already "
                f"at {other.file}:{other.line}"
            )
    return found


def run(placed: Placed, decider: Decider) -> Result:
    """Decide a scenario and compare; a scenario without an expectation is a to-do."""
    if placed.scenario.expect is None:
        return Result(placed, "todo")
    try:
        decision = decider.decide(placed.scenario.case)
    except ValuesActError as error:
        return Result(placed, "failed", (str(error),))
    problems = tuple(differences(placed.scenario.expect, decision))
    return Result(placed, "failed" if problems else "passed", problems, decision)


def run_all(found: Iterable[Placed], decider: Decider) -> Iterator[Result]:
    return (run(placed, decider) for placed in found)


def differences(expect: Expected, decision: Decision) -> Iterator[str]:
    """Where a decision is not what was expected, one line each."""
    if decision.outcome != expect.outcome:
        yield f"outcome: expected {expect.outcome}, decided {decision.outcome}"
    if expect.rule is not None and expect.rule not in decision.deciding:
        yield f"rule: expected {expect.rule}, decided by {', '.join(decision.deciding)}"
    alone = {contested.reading for contested in decision.contested if not contested.together}
    pairs = (
        ("missing", expect.missing, {missing.fact for missing in decision.missing}),
        ("contested", expect.contested, alone),
        ("duties", expect.duties, {duty.rule for duty in decision.duties}),
        ("policies", expect.policies, {view.policy for view in decision.local}),
        ("possible_outcomes", expect.possible_outcomes, set(decision.possible_outcomes)),
    )
    for name, wanted, found in pairs:
        if wanted is not None and set(wanted) != found:
            given = ", ".join(sorted(found)) or "none"
            yield f"{name}: expected {', '.join(sorted(wanted)) or 'none'}, decided {given}"
    if expect.barred_by is not None:
        bars = {bar.policy or bar.rule for bar in decision.barred_by}
        if expect.barred_by not in bars:
            yield f"barred_by: expected {expect.barred_by}, decided {', '.join(map(str, bars))}"
