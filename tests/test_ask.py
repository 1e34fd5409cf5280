"""An interview: what it asks, what it takes for a reply, when it stops, and what it makes."""

from __future__ import annotations

from functools import cache
from typing import Any
from unittest.mock import patch

import pytest

from models.case import InmateCase
from models.decision import Decision
from tests.scenes import as_case, library
from values_act.casefacts import LISTS
from values_act.decide import Decider
from values_act.errors import InputError
from values_act.interview import Interview
from values_act.questions import CASE, PRESUMED, Question, about_fact, place_of
from values_act.yamltext import compose, parse

DAY = "2025-07-17"
NOTHING: dict[str, Any] = {"convictions": [], "charges": [], "warrants": []}
WARRANT = {
    "issuer": "federal_magistrate_judge", "crime": "federal_criminal_immigration", "felony": True,
    "outstanding": True, "probable_cause": True, "authorizes_arrest": True, "names_person": True,
}  # fmt: skip


@cache
def decider() -> Decider:
    return Decider(library(), use_engine=False)


def begun(**case: Any) -> Interview:
    """An interview on a handover of a person of whom nothing is known."""
    lists = dict.fromkeys(LISTS.values(), "unknown")
    start = {"as_of": DAY, "action": "transfer", "agency": {"kind": "sheriff"}}
    return Interview(decider(), start | lists | case)


def asked(interview: Interview) -> Question:
    question = interview.question()
    assert question is not None
    return question


def about(interview: Interview, fact: str) -> Question:
    """Say that all before it is not known, to the question for one fact."""
    while (question := asked(interview)).place.fact != fact:
        interview.skip()
    return question


def to_the_end(interview: Interview, replies: dict[str, Any]) -> list[Question]:
    """Reply to every question by the fact it asks for; to all others, that nobody knows."""
    found = []
    while (question := interview.question()) is not None:
        found.append(question)
        key = question.place.fact or f"{question.place.part} {question.place.number}"
        if key in replies:
            interview.answer(replies[key])
        else:
            interview.skip()
    return found


def decided(interview: Interview) -> Decision:
    decision = interview.decision()
    assert decision is not None
    return decision


# ---------------------------------------------------------------- what it asks, and when it stops
def test_an_act_that_is_settled_whatever_the_rest_asks_for_no_fact() -> None:
    interview = begun(action="hold")
    question = interview.question()
    assert question is None or question.place.part == PRESUMED
    assert decided(interview).outcome == "prohibited"


def test_a_day_before_the_law_asks_nothing() -> None:
    interview = begun(as_of="2010-01-01")
    assert interview.question() is None
    assert decided(interview).outcome == "not_regulated"


def test_it_asks_for_a_warrant_first_and_stops_when_that_settles_the_case() -> None:
    interview = begun()
    questions = to_the_end(interview, {"warrants 0": True, **WARRANT})
    assert questions[0].place == ("warrants", 0, "")
    assert {question.place.part for question in questions} == {"warrants", PRESUMED}
    assert decided(interview).outcome == "required"
    assert interview.case()["convictions"] == "unknown"


def test_the_decision_at_the_end_names_what_is_contested() -> None:
    interview = begun()
    to_the_end(interview, {"warrants 0": True, **WARRANT})
    contested = decided(interview).contested
    assert contested
    assert contested == decider().decide(as_case(interview.case())).contested


def test_a_conviction_that_opens_a_handover_leaves_the_date_unasked() -> None:
    interview = begun(charges=[], warrants=[])
    replies = {"convictions 0": "y", "offense": "PC 211", "convictions 1": "n"}
    questions = to_the_end(interview, replies)
    assert "date" not in {question.place.fact for question in questions}
    assert decided(interview).outcome == "permitted"


def test_no_question_is_asked_twice_and_none_that_nobody_could_answer() -> None:
    interview = begun(agency={"kind": "sheriff", "county": "Orange"})
    questions = to_the_end(interview, {"convictions 0": True})
    places = [question.place for question in questions]
    assert len(set(places)) == len(places) > 10
    assert decided(interview).outcome == "undetermined"


def test_a_fact_that_is_presumed_is_not_asked_for_by_itself() -> None:
    questions = to_the_end(begun(), {"convictions 0": True, "warrants 0": True, "charges 0": True})
    for question in questions:
        subject = next((s for s, name in LISTS.items() if name == question.place.part), CASE)
        spec = library().vocabulary.get(subject, question.place.fact)
        assert spec is None or spec.presumed is None, question


def test_what_tells_a_fact_is_asked_before_it() -> None:
    interview = begun(action="notify_release", warrants=[], convictions=[])
    replies = {"charges 0": True, "offense": "PC 69", "stage": "held_to_answer"}
    facts = [question.place.fact for question in to_the_end(interview, replies)]
    assert facts.index("offense") < facts.index("grade")
    assert "stage" in facts
    assert "probable_cause" not in facts
    del replies["stage"]
    other = begun(action="notify_release", warrants=[], convictions=[])
    facts = [question.place.fact for question in to_the_end(other, replies)]
    assert facts.index("stage") < facts.index("probable_cause")


def test_the_offense_is_asked_for_where_a_grade_that_it_may_tell_is_not_known() -> None:
    for grade, wanted in ((None, True), ("felony", False)):
        interview = begun(law="article", warrants=[], charges=[])
        replies = {"convictions 0": True, "offense": "PC 422(a)", "convictions 1": False}
        replies |= {"grade": grade} if grade else {}
        facts = [question.place.fact for question in to_the_end(interview, replies)]
        assert ("offense" in facts) is wanted
        assert decided(interview).outcome == "permitted"


def test_another_item_is_asked_for_only_while_it_could_matter() -> None:
    settled = begun(convictions=[], charges=[])
    questions = to_the_end(settled, {"warrants 0": True, **WARRANT})
    assert ("warrants", 1, "") not in {question.place for question in questions}
    stale = begun(convictions=[], charges=[])
    stale_warrant = {**WARRANT, "outstanding": False, "authorizes_arrest": False}
    questions = to_the_end(stale, {"warrants 0": True, **stale_warrant, "warrants 1": False})
    assert ("warrants", 1, "") in {question.place for question in questions}


def test_no_more_items_are_asked_for_than_a_case_may_hold() -> None:
    interview = begun(convictions=[], charges=[])
    with patch("values_act.interview.MAX_ITEMS", 2):
        questions = to_the_end(interview, {"warrants 0": True, "warrants 1": True})
        assert decided(interview).outcome == "undetermined"
    places = {question.place for question in questions}
    assert ("warrants", 1, "") in places
    assert ("warrants", 2, "") not in places


def test_the_agency_is_asked_for_where_another_kind_would_change_the_answer() -> None:
    for action, wanted in (("transfer", True), ("interview_access", True)):
        interview = Interview(decider(), {"action": action, "as_of": DAY}, fresh=True)
        interview.skip()  # county
        found = asked(interview).place.fact == "agency.kind"
        kinds = library().vocabulary.facts["case", "agency.kind"].words
        lists = dict.fromkeys(LISTS.values(), "unknown")
        outcomes = {
            decider().decide(as_case({"as_of": DAY, "action": action, **lists,
                                      "agency": {"kind": kind}})).possible_outcomes
            for kind in kinds
        }  # fmt: skip
        assert found == wanted == (len(outcomes) > 1)


def test_it_begins_with_day_act_county_and_agency() -> None:
    interview = Interview(decider(), fresh=True, today=DAY)
    assert interview.decision() is None
    assert asked(interview).default == DAY
    for fact, reply in (
        ("as_of", DAY), ("action", "1"), ("agency.county", "los angeles"), ("agency.kind", "police")
    ):  # fmt: skip
        assert asked(interview).place == (CASE, 0, fact)
        interview.answer(reply)
    start = {"as_of": DAY, "action": "transfer"}
    assert interview.case() == {
        **start, "agency": {"kind": "police", "county": "Los Angeles"},
        "convictions": "unknown", "charges": "unknown", "warrants": "unknown",
    }  # fmt: skip


def test_day_and_act_must_be_known() -> None:
    interview = Interview(decider(), fresh=True)
    with pytest.raises(InputError, match="nothing can be decided"):
        interview.skip()
    with pytest.raises(InputError, match="day and its act"):
        Interview(decider(), {"action": "transfer"}).question()


# ---------------------------------------------------------------- why it asks
def test_what_a_reply_is_said_to_lead_to_is_what_it_leads_to() -> None:
    interview = begun(charges=[], convictions=[])
    checked = 0
    while (question := interview.question()) is not None and question.place.part != PRESUMED:
        told = list(interview.leads_to(question))
        for choice, outcomes in told if question.form != "several" else ():
            interview.answer(choice.value if question.form == "yes_no" else str(choice.value))
            assert interview.so_far() == outcomes
            interview.back()
            checked += 1
        if question.form == "yes_no":
            interview.answer(question.place.number == 0 or not question.place.of_list)
        else:
            interview.skip()
    assert checked > 10


def test_a_choice_that_contradicts_what_is_known_is_said_to_lead_nowhere() -> None:
    item = {"form": "I-200", "issuer": "unknown", "probable_cause": True, "names_person": True}
    interview = begun(**{**NOTHING, "warrants": [item]})
    question = about_fact(library().vocabulary, place(item="warrant 1", fact="issuer"), "", set())
    told = {choice.value: outcomes for choice, outcomes in interview.leads_to(question)}
    assert told["federal_judge"] == ()
    assert told["immigration_officer"]


def place(item: str, fact: str) -> Any:
    return place_of(item, fact, library().vocabulary)


# ---------------------------------------------------------------- lists that may hold more
def test_a_list_of_which_nobody_knows_whether_it_is_complete_is_said_to_be_assumed() -> None:
    stale = {"warrants 0": True, **WARRANT, "outstanding": False, "authorizes_arrest": False}
    complete, doubted = (begun(convictions=[], charges=[]) for _ in "12")
    to_the_end(complete, {**stale, "warrants 1": False, "person.registrant": "never"})
    to_the_end(doubted, {**stale, "person.registrant": "never"})
    assert decided(doubted).outcome == decided(complete).outcome == "prohibited"
    told = [one for one in decided(doubted).assumed if one.fact == "warrants"]
    assert [one.otherwise for one in told] == [("required", "permitted")]
    assert "other warrants" in decided(doubted).warnings[0]
    assert not [one for one in decided(complete).assumed if one.fact == "warrants"]
    assert "# warrants: whether there are others is not known" in doubted.yaml()
    assert "others" not in complete.yaml()


def test_a_list_of_which_nobody_knows_anything_stays_unknown() -> None:
    interview = begun(convictions=[], charges=[])
    interview.skip()
    to_the_end(interview, {"person.registrant": "never"})
    assert interview.case()["warrants"] == "unknown"
    assert "warrants" in {missing.fact for missing in decided(interview).missing}


# ---------------------------------------------------------------- what is presumed
def test_what_is_presumed_is_shown_in_one_question_and_can_be_set_right() -> None:
    replies = {"convictions 0": True, "offense": "PC 211", "convictions 1": False}
    outcomes = {}
    for wrong in ("none", "person.us_citizen", "person.us_citizen?"):
        interview = begun(charges=[], warrants=[])
        questions = to_the_end(interview, {**replies, "presumed 0": wrong})
        assert [q.place.part for q in questions].count(PRESUMED) == 1
        outcomes[wrong] = decided(interview).outcome
    assert list(outcomes.values()) == ["permitted", "prohibited", "undetermined"]


def test_a_word_that_is_presumed_wrongly_is_asked_for() -> None:
    interview = begun(charges=[], warrants=[])
    replies = {"convictions 0": True, "offense": "PC 211", "convictions 1": False,
               "presumed 0": "conviction 1 disposition", "disposition": "vacated",
               "person.registrant": "never"}  # fmt: skip
    questions = to_the_end(interview, replies)
    assert "disposition" in [question.place.fact for question in questions]
    assert decided(interview).outcome == "prohibited"


def test_a_list_that_the_file_leaves_out_is_among_what_is_presumed() -> None:
    start = {"as_of": DAY, "action": "transfer", "person": {"registrant": "never"}}
    interview = Interview(decider(), start)
    replies = {"presumed 0": "warrants", **WARRANT}
    to_the_end(interview, replies)
    assert decided(interview).outcome == "required"


# ---------------------------------------------------------------- the case it makes
@pytest.mark.parametrize(
    "replies",
    [
        {},
        {"warrants 0": True, **WARRANT},
        {"convictions 0": True, "offense": "PC 459", "grade": "felony", "date": "2012-05"},
        {"convictions 0": True, "offense": "PC 211", "convictions 1": False, "charges 0": True},
        {"charges 0": True, "event": "on: a day, #1", "stage": "held_to_answer"},
    ],
)  # fmt: skip
def test_the_saved_case_is_a_case_that_decides_the_same(replies: dict[str, Any]) -> None:
    interview = begun(readings={"window-start": "sentencing"}, title="on: '#1'")
    to_the_end(interview, replies)
    text = interview.yaml()
    saved = parse(InmateCase, compose(text, "saved"))
    assert saved == as_case(interview.case())
    assert decider().decide(saved).outcome == decided(interview).outcome
    assert text.index("\nas_of: 2025-07-17\n") < text.index("\nconvictions:")


def test_an_interview_keeps_the_case_of_its_caller_as_it_was() -> None:
    start = {"as_of": DAY, "action": "transfer", "warrants": "unknown", "agency": {}}
    copy = {**start, "agency": {}}
    interview = Interview(decider(), start)
    to_the_end(interview, {"warrants 0": True})
    assert start == copy
