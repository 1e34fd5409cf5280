"""Scenarios whose answer two sides give differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from filecmp import cmp
from pathlib import Path

from models.case import InmateCase
from models.decision import Decision
from models.difference import ScenarioChange
from values_act.decide import Decider, Settings
from values_act.errors import ValuesActError
from values_act.library import Library
from values_act.places import both_in_force
from values_act.sameness import Sameness
from values_act.scenarios import Placed, differences
from values_act.versions import Side

Progress = Callable[[Iterable[Placed], str], Iterable[Placed]]


def changed_scenarios(
    a: Side, b: Side, placed: Sequence[Placed], progress: Progress = lambda found, _: found
) -> tuple[list[ScenarioChange], int]:
    """Scenarios with another outcome, another rule that decides, or an expectation not met.

    Returns:
        the changes, other outcomes first, and how many scenarios were asked of both sides.
    """
    if a.law == b.law and a.library.digest == b.library.digest and not _options(a, b):
        return [], 0
    asked = [one for one in placed if _concerned(a, b, one)]
    if a.library is not b.library and _same_data(a.library, b.library):
        same = Sameness(a, b)
        asked = [one for one in asked if not _same_rules(same, one.scenario.case)]
    deciders = Decider(a.library, use_engine=False), Decider(b.library, use_engine=False)
    found = [_compare(a, b, deciders, one) for one in progress(asked, "deciding scenarios")]
    changed = [one for one in found if one is not None]
    return sorted(changed, key=lambda one: one.before == one.after), len(asked)


def _options(a: Side, b: Side) -> bool:
    """Whether the sides differ in more than the copy of the law that they are of."""
    return (a.county, a.readings, a.as_of) != (b.county, b.readings, b.as_of)


def _concerned(a: Side, b: Side, placed: Placed) -> bool:
    """Whether a scenario asks what the sides differ in."""
    case = placed.scenario.case
    if a.as_of is not None or b.as_of is not None:
        return False  # a case on another day is another case
    if a.law != b.law:
        days = both_in_force(a, b)
        both = (side.library.encoded(side.law) for side in (a, b))
        encoded = all(acts is None or case.action in acts for acts in both)
        return case.law == a.law and encoded and days.first <= case.as_of.first <= days.last
    if a.county is not None or b.county is not None:
        return case.policy is None and case.agency.county in (a.county, b.county)
    own = {**a.readings, **b.readings}
    return not own.keys() & case.readings.keys()


def _settings(side: Side, other: Side) -> Settings:
    return Settings(
        law=side.law if side.law != other.law else None,
        county=side.county,
        readings=dict(side.readings),
    )


def _compare(
    a: Side, b: Side, deciders: tuple[Decider, Decider], placed: Placed
) -> ScenarioChange | None:
    case, expect = placed.scenario.case, placed.scenario.expect
    before = _answer(deciders[0], case, _settings(a, b))
    after = _answer(deciders[1], case, _settings(b, a))
    if isinstance(before, Decision) and isinstance(after, Decision):
        same = before.outcome == after.outcome and before.deciding == after.deciding
        met = expect is None or not any(differences(expect, after))
        if same and (met or any(differences(expect, before) if expect else ())):
            return None
    elif before == after:
        return None
    return ScenarioChange(
        name=placed.scenario.name,
        file=str(_short(placed.file)),
        line=placed.line,
        expected=expect.outcome if expect else None,
        before=before.outcome if isinstance(before, Decision) else before,
        after=after.outcome if isinstance(after, Decision) else after,
        rule_before=before.rule if isinstance(before, Decision) else "",
        rule_after=after.rule if isinstance(after, Decision) else "",
    )


def _short(path: Path) -> Path:
    """A path as it is said: from here on, if the file lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


def _answer(decider: Decider, case: InmateCase, settings: Settings) -> Decision | str:
    try:
        return decider.decide(case, settings)
    except ValuesActError as error:
        return f"refused: {error}"


# ---------------------------------------------------------------- what need not be decided


def _same_data(a: Library, b: Library) -> bool:
    """Whether the facts and the catalogue of two copies are the same files."""
    names = sorted({p.name for side in (a, b) for p in (side.root / "offenses").glob("*.csv")})
    paths = [Path("facts.yaml"), *(Path("offenses", name) for name in names)]
    return all(_same_file(a.root / path, b.root / path) for path in paths)


def _same_file(a: Path, b: Path) -> bool:
    return a.is_file() and b.is_file() and cmp(a, b, shallow=False)


def _same_rules(same: Sameness, case: InmateCase) -> bool:
    """Whether both sides have the same rules for a case, so that it need not be decided."""
    try:
        return case.policy is None and same(case)
    except ValuesActError:
        return False
