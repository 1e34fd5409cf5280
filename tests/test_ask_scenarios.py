"""Someone who knows a scenario is interviewed, and the interview comes to the scenario's outcome.

It takes fewer questions than the case states facts, but for the few of `AS_MANY`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from models.case import InmateCase
from tests.answerer import Asked, facts_stated, interviewed, quickly
from tests.scenes import as_case, library
from values_act.decide import Decider
from values_act.scenarios import Placed, load_file, scenario_files
from values_act.yamltext import compose, parse

ROOT = Path(__file__).resolve().parent.parent
FILES = scenario_files(ROOT / "scenarios")
TRIES = (60, 300, 1500)  # fillings; more only where few were too few
UNSETTLED = "what the case leaves unknown matters, and so does nearly all that it states"
ORDER = "the finding is asked for before the stage of the charge, which tells it"
PRESUMED = "all that it states matters, and what is presumed is one question more"
BOUND = "a list that stays open is bounded here; by every filling it takes fewer questions"
# scenarios that take as many questions as the case states facts, or one more
AS_MANY = {
    "A recipient that enforces no immigration law is outside for giving out personal information":
        "what settles it is presumed otherwise, and what is presumed is asked about last",
    "What Contra Costa does about a registrant without a conviction on record is not known":
        UNSETTLED,
    "In Monterey notice on two listed wobblers hangs on their grade and date": UNSETTLED,
    "Monterey 2021: two listed sections without grade or date leave a handover undetermined":
        UNSETTLED,
    "San Diego 2025: by state law the ten handovers without a judicial warrant turn on convictions "
    "that are not reported": UNSETTLED,
    "A county-jail felony charge with an allegation of a deadly weapon opens notice": ORDER,
    "A county-jail felony charge with an allegation of great bodily injury opens notice": ORDER,
    "A county-jail felony charge with an allegation of a life term opens notice": ORDER,
    "A current registrant is open to a notice": PRESUMED,
    "A notice on a burglary charge turns on the stage and the finding": UNSETTLED,
    "Warrants that nobody looked for leave a handover undetermined": BOUND,
    "Warrants that nobody looked for leave a notice undetermined": UNSETTLED,
    "Convictions that nobody looked for leave a handover undetermined": UNSETTLED,
    "A grand theft felony reduced in its third year leaves notice contested in its seventh":
        UNSETTLED,
}  # fmt: skip


@cache
def decider() -> Decider:
    return Decider(library(), use_engine=False)


def outcome(asked: Asked) -> str | None:
    with quickly(TRIES[-1]):
        decision = asked.interview.decision()
    return decision and decision.outcome


def good(asked: Asked, placed: Placed) -> bool:
    expect = placed.scenario.expect
    return (
        expect is not None
        and outcome(asked) == expect.outcome
        and asked.questions < facts_stated(placed.scenario.case)
    )


def tried(placed: Placed) -> Asked:
    """The interview about a scenario, by more fillings where it was not what is wanted."""
    for fillings in TRIES:
        with quickly(fillings):
            asked = interviewed(placed.scenario.case, decider())
        if good(asked, placed):
            break
    return asked


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_interview_comes_to_the_outcome_by_fewer_questions_than_facts(
    path: Path, say: Callable[[str], None]
) -> None:
    problems, questions, facts = [], 0, 0
    found = [placed for placed in load_file(path) if placed.scenario.expect is not None]
    for placed in found:
        name, asked = placed.scenario.name, tried(placed)
        count = facts_stated(placed.scenario.case)
        questions, facts = questions + asked.questions, facts + count
        if not good(asked, placed) and (name not in AS_MANY or asked.questions > count + 1):
            problems.append(f"{name}: {outcome(asked)} by {asked.questions} of {count}")
        saved = parse(InmateCase, compose(asked.interview.yaml(), name))
        if saved != as_case(asked.interview.case()):
            problems.append(f"{name}: the saved case is another")
    assert not problems, "\n".join(problems)
    mean = f"{questions / len(found):.1f} questions for {facts / len(found):.1f} facts"
    say(f"interviews about {path.stem}: {len(found)}, {mean} on average")


def test_every_scenario_that_may_take_as_many_questions_is_one() -> None:
    names = {placed.scenario.name for path in FILES for placed in load_file(path)}
    assert AS_MANY.keys() <= names


def test_a_case_counts_its_own_facts_each_fact_of_an_item_and_the_three_lists() -> None:
    case = as_case({
        "as_of": "2025-07-17", "action": "transfer", "agency": {"kind": "sheriff"},
        "request": {"kind": ["transfer", "hold"], "by": "ICE"}, "person": {"registrant": "unknown"},
        "convictions": [{"offense": "PC 211", "findings": []}, {"grade": "felony"}], "charges": [],
    })  # fmt: skip
    assert facts_stated(case) == 3 + 3 + 3
