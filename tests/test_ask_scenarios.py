"""Someone who knows a scenario is interviewed, and the interview comes to the scenario's outcome.

Every scenario is interviewed. It takes fewer questions than the case states facts, but for the few
of `AS_MANY`, that take as many.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from models.case import InmateCase
from tests.answerer import (
    Answerer,
    Asked,
    beginning,
    facts_stated,
    interviewed,
    one_store,
    replied,
)
from tests.scenes import as_case, library
from values_act.answer import Answer, single
from values_act.decide import Decider
from values_act.interview import Interview
from values_act.questions import PRESUMED
from values_act.scenarios import Scenario, load_file, scenario_files
from values_act.yamltext import compose, parse

ROOT = Path(__file__).resolve().parent.parent
PARTS = 4
SAMPLED = 20  # one scenario of so many
# every fact that the case states is asked for but one, and what is presumed is one question more
ALL_MATTER = "all that it states matters but who asked"
UNSETTLED = f"{ALL_MATTER}, for the outcome stays open"
AS_MANY = {
    "A current registrant is open to a notice": f"{ALL_MATTER}: lists are asked for first",
    "A notice on a burglary charge turns on the stage and the finding":
        "nobody knows two facts that it does not state, which are asked for",
    "Warrants that nobody looked for leave a notice undetermined": UNSETTLED,
    "What Contra Costa does about a registrant without a conviction on record is not known":
        UNSETTLED,
}  # fmt: skip


@cache
def decider() -> Decider:
    return Decider(library(), use_engine=False)


@cache
def scenarios() -> list[Scenario]:
    """Every scenario that has an answer, those together that begin alike."""
    files = scenario_files(ROOT / "scenarios")
    found = [placed.scenario for path in files for placed in load_file(path)]

    def alike(scenario: Scenario) -> tuple[str, str]:
        raw = scenario.case.model_dump(mode="json", exclude_unset=True)
        start = json.dumps(beginning(scenario.case), sort_keys=True)
        return start, json.dumps(raw, sort_keys=True)

    return sorted((each for each in found if each.expect is not None), key=alike)


def problems(scenario: Scenario, asked: Asked) -> Iterator[str]:
    """What is not as it should be with an interview."""
    assert scenario.expect is not None
    outcome, facts = single(asked.interview.so_far()), facts_stated(scenario.case)
    if outcome != scenario.expect.outcome:
        yield f"{outcome} instead of {scenario.expect.outcome}"
    if asked.questions >= facts and scenario.name not in AS_MANY:
        yield f"{asked.questions} questions for {facts} facts"
    if asked.questions != facts and scenario.name in AS_MANY:
        yield f"{asked.questions} questions for {facts} facts, which may be as many"
    saved = parse(InmateCase, compose(asked.interview.yaml(), "saved"))
    if saved != as_case(asked.interview.case()):
        yield "the saved case is another"


@pytest.mark.parametrize("part", range(PARTS))
def test_an_interview_comes_to_the_outcome_by_fewer_questions_than_facts(
    part: int, say: Callable[[str], None]
) -> None:
    every = scenarios()
    mine = every[part * len(every) // PARTS : (part + 1) * len(every) // PARTS]
    known: dict[str, Answer] = {}
    found, questions = [], 0
    with one_store():
        for scenario in mine:
            asked = interviewed(scenario.case, decider(), known)
            questions += asked.questions
            found += [f"{scenario.name}: {problem}" for problem in problems(scenario, asked)]
    assert not found, "\n".join(found)
    facts = sum(facts_stated(scenario.case) for scenario in mine)
    say(
        f"interviews {part + 1} of {PARTS}: {len(mine)} scenarios, {questions} questions "
        f"for {facts} facts"
    )


def test_what_the_answer_says_that_a_reply_leaves_is_what_the_reply_leaves() -> None:
    known: dict[str, Answer] = {}
    told = 0
    with one_store():
        for scenario in scenarios()[::SAMPLED]:
            answerer = Answerer(scenario.case, decider())
            interview = Interview(decider(), beginning(scenario.case), decided=known)
            while (question := interview.question()) is not None:
                for choice, left in zip(question.choices, question.leads, strict=False):
                    if question.place.part != PRESUMED and left is not None:
                        interview.answer(str(choice.words))
                        assert interview.so_far() == left, (scenario.name, question, choice)
                        interview.back()
                        told += 1
                replied(interview, answerer.reply(question))
    assert told > len(scenarios()) // SAMPLED


def test_every_scenario_that_may_take_as_many_questions_is_one() -> None:
    assert AS_MANY.keys() <= {scenario.name for scenario in scenarios()}


def test_the_readme_says_how_many_scenarios_there_are_and_how_many_facts_they_state() -> None:
    said = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    facts = sum(facts_stated(scenario.case) for scenario in scenarios()) / len(scenarios())
    assert f"knows each of the {len(scenarios()):,} scenarios" in said
    assert f"where the case states {facts:.1f} facts" in said


def test_a_case_counts_its_own_facts_each_fact_of_an_item_and_the_three_lists() -> None:
    case = as_case({
        "as_of": "2025-07-17", "action": "transfer", "agency": {"kind": "sheriff"},
        "request": {"kind": ["transfer", "hold"], "by": "ICE"}, "person": {"registrant": "unknown"},
        "convictions": [{"offense": "PC 211", "findings": []}, {"grade": "felony"}], "charges": [],
    })  # fmt: skip
    assert facts_stated(case) == 3 + 3 + 3
