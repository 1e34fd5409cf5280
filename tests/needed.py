"""Which rules, base rules, policies and reading options no scenario needs: none fails without.

Not part of the test run: `python -m pytest tests/needed.py` lists them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from models.law import Law, Rule
from models.policy import County
from tests.scenes import edited, library, without
from values_act.answer import Answer
from values_act.decide import Decider
from values_act.scenarios import Placed, load_folder, run

ROOT = Path(__file__).resolve().parent.parent


@cache
def decided() -> dict[str, tuple[Placed, Answer]]:
    """Every scenario with an answer, through the reference, by name."""
    decider = Decider(library(), use_engine=False)
    found = [placed for placed in load_folder(ROOT / "scenarios") if placed.scenario.expect]
    return {p.scenario.name: (p, decider.answer(p.scenario.case)) for p in found}


def held(answer: Answer) -> set[str]:
    """Rules that hold, or may hold, for the case or an item of it."""
    view = answer.view
    truths = [view.judgment.truths, *(item.truths for item in view.items)]
    return {rule for each in truths for rule, truth in each.items() if truth is not False}


@cache
def users() -> dict[str, list[Placed]]:
    """The scenarios in which a rule holds, a base rule stands or a policy is live."""
    found: dict[str, list[Placed]] = defaultdict(list)
    for placed, answer in decided().values():
        program = answer.program
        names = held(answer) | {item.policy.id for item in program.local}
        names |= {program.base.id} if program.base else set()
        for name in names:
            found[name].append(placed)
    return found


def fails(name: str, changed: Decider) -> bool:
    """Whether some scenario that the entry bears on fails once it is taken out."""
    wanted = sorted(users().get(name, ()), key=lambda p: p.scenario.expect.rule != name)  # type: ignore[union-attr]
    return any(run(placed, changed).problems for placed in wanted)


def without_in_county(county: County, name: str) -> Decider:
    fewer = county.model_copy(
        update={
            "rules": tuple(rule for rule in county.rules if rule.id != name),
            "policies": tuple(policy for policy in county.policies if policy.id != name),
        }
    )
    counties = [fewer if each is county else each for each in library().counties()]
    return Decider(edited(library().laws.values(), counties), use_engine=False)


def rules_of(parts: Iterable[Law | County]) -> list[Rule]:
    return [rule for part in parts for rule in part.rules]


def test_every_rule_of_every_law_is_needed() -> None:
    names = [rule.id for rule in rules_of(library().laws.values())]
    names += [base.id for law in library().laws.values() for base in law.base]
    idle = [name for name in names if not fails(name, Decider(without(name), use_engine=False))]
    assert not idle, f"{len(idle)} of {len(names)}: no scenario fails without {', '.join(idle)}"


def test_every_county_policy_and_every_mark_of_its_conditions_is_needed() -> None:
    idle = [
        name
        for county in library().counties()
        for name in [*(p.id for p in county.policies), *(rule.id for rule in county.rules)]
        if not fails(name, without_in_county(county, name))
    ]
    assert not idle, f"no scenario fails without {', '.join(idle)}"


def test_every_option_of_every_reading_is_needed() -> None:
    """Some scenario takes it, by its words or by default, and fails under another option."""
    decider = Decider(library(), use_engine=False)
    idle = []
    for name, reading in library().readings.items():
        takers = [(p, a.choices[name]) for p, a in decided().values() if name in a.choices]
        for option in reading.options:
            others = [other for other in reading.options if other != option]
            mine = [placed for placed, taken in takers if taken == option]
            tries = ((placed, other) for placed in mine for other in others)
            if not any(run(taking(p, name, other), decider).problems for p, other in tries):
                idle.append(f"{name}: {option}")
    assert not idle, f"no scenario needs {', '.join(idle)}"


def taking(placed: Placed, reading: str, option: str) -> Placed:
    """The scenario with another option taken and the same expectation."""
    case = placed.scenario.case
    other = case.model_copy(update={"readings": {**case.readings, reading: option}})
    return replace(placed, scenario=placed.scenario.model_copy(update={"case": other}))
