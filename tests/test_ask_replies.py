"""What an interview takes for a reply, and what it says of what is none."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest

from tests.scenes import as_case, library
from tests.test_ask import DAY, about, asked, begun, decided, decider, place, to_the_end
from values_act.casefacts import LISTS
from values_act.errors import InputError
from values_act.interview import Interview
from values_act.questions import CASE, about_fact, put
from values_act.replies import read_reply
from values_act.vocabulary import FactSpec


# ---------------------------------------------------------------- taking replies
def test_going_back_undoes_each_reply_to_the_first_question() -> None:
    interview = begun()
    seen = []
    for reply in ("y", "3", None, "n", "y"):
        seen.append((asked(interview), interview.case()))
        interview.skip() if reply is None else interview.answer(reply)
    while seen:
        interview.back()
        assert (asked(interview), interview.case()) == seen.pop()
    with pytest.raises(InputError, match="first question"):
        interview.back()


def test_facts_that_contradict_each_other_are_told_in_one_line_and_not_taken() -> None:
    interview = begun(charges=[], warrants=[])
    interview.answer("y")
    interview.answer("PC 487(a)")
    question = about(interview, "date")
    before = interview.case()
    with pytest.raises(InputError, match="after the day of the act") as error:
        interview.answer("2025-08")
    assert "\n" not in str(error.value)
    assert (interview.question(), interview.case()) == (question, before)
    interview.answer("2025-06")
    assert interview.case()["convictions"][0]["date"] == "2025-06"


def test_a_grade_that_the_offense_cannot_have_is_refused() -> None:
    interview = begun(charges=[], warrants=[], convictions=[{"offense": "PC 415"}])
    question = about_fact(library().vocabulary, place("conviction 1", "grade"), "", set())
    with patch.object(interview, "_find", return_value=question):
        with pytest.raises(InputError, match="no felony form"):
            interview.answer("felony")
        interview.answer("misdemeanor")


def every_fact() -> list[tuple[str, FactSpec]]:
    """Every fact that a case states, one member of each list."""
    specs = library().vocabulary.facts.values()
    once = {(spec.subject, spec.list_name or spec.name): spec for spec in specs}
    return [(f"{s.subject}-{s.name}", s) for s in once.values() if s.origin == "stated"]


@pytest.mark.parametrize("spec", [s for _, s in every_fact()], ids=[n for n, _ in every_fact()])
def test_every_fact_can_be_asked_for_and_each_reply_makes_a_case(spec: FactSpec) -> None:
    item = CASE if spec.subject == "case" else f"{spec.subject} 1"
    where = place(item, spec.name)
    words = library().vocabulary.lists.get((spec.subject, where.fact), ())
    question = about_fact(library().vocabulary, where, item, set(words))
    assert "?" in question.text
    samples = {"date": "2012-05", "number": "12", "text": "first"}
    replies = [samples[question.form]] if not question.choices else []
    for number, one in enumerate(question.choices, 1):
        word = one.words if question.form == "yes_no" else str(one.value)
        replies += [str(number), word.upper()]
    for reply in replies:
        raw: dict[str, Any] = {"as_of": DAY, "action": "transfer"}
        raw |= {name: [{}] for name in LISTS.values()}
        put(raw, where, read_reply(question, reply, library()))
        case = as_case(raw)
        part: Any = case
        for step in where.fact.split(".") if item == CASE else [where.part]:
            part = getattr(part, step)
        found = part if item == CASE else getattr(part[0], where.fact)
        assert found not in (None, "unknown")


@pytest.mark.parametrize(
    ("fact", "reply", "said"),
    [
        ("", "perhaps", "`perhaps` is not yes or no"),
        ("", "", "an empty reply"),
        ("", "3", "`3` is not yes or no"),
        ("grade", "felon", "did you mean `felony`"),
        ("grade", "4", "one of felony, misdemeanor, infraction"),
        ("findings", "gun", "is not one of"),
        ("findings", "gangs", "did you mean `gang`"),
        ("findings", ",", "is not one of"),
        ("date", "05/01/2012", "write 2012-05-01, 2012-05 or 2012"),
        ("date", "2012-13", "not a day in the calendar"),
        ("offense", "PC 99999", "not in the catalogue"),
        ("offense", "PC 12022.7", "is an enhancement"),
        ("offense", "P" * 300, "too long"),
        ("offense", "PC\x07 211", "cannot be printed"),
        ("grade", 3, "no reply"),
        ("findings", ["gun"], "is not one of"),
    ],
)
def test_what_is_no_reply_is_told_in_one_line_and_asked_again(
    fact: str, reply: object, said: str
) -> None:
    interview = begun(charges=[], warrants=[])
    if fact:
        interview.answer(True)
    question = about(interview, fact)
    before = interview.case()
    with pytest.raises(InputError) as error:
        interview.answer(reply)
    assert said in str(error.value)
    assert len(str(error.value).splitlines()) == 1
    assert (interview.question(), interview.case()) == (question, before)


@pytest.mark.parametrize(
    ("fact", "reply", "said"),
    [
        ("as_of", "2025-07", "is not a day"),
        ("action", "tranfer", "did you mean `transfer`"),
        ("agency.county", "Los Angles", "did you mean `Los Angeles`"),
    ],
)
def test_a_beginning_that_cannot_be_is_told_with_what_may_be_meant(
    fact: str, reply: str, said: str
) -> None:
    start = {"as_of": {}, "action": {"as_of": DAY}}.get(fact, {"as_of": DAY, "action": "hold"})
    interview = Interview(decider(), start, fresh=True)
    assert asked(interview).place.fact == fact
    with pytest.raises(InputError, match=said):
        interview.answer(reply)


# ---------------------------------------------------------------- offenses
def test_an_offense_that_the_catalogue_lacks_is_kept_when_it_is_replied_again() -> None:
    interview = begun(charges=[], warrants=[])
    interview.answer(True)
    about(interview, "offense")
    for reply in ("NRS 200.380", "NRS 200.381"):
        with pytest.raises(InputError, match="once more"):
            interview.answer(reply)
    interview.answer("NRS 200.381")
    assert interview.case()["convictions"][0]["offense"] == "NRS 200.381"


def test_a_foreign_offense_that_is_not_known_is_asked_for_by_its_like() -> None:
    like = "california_equivalent"
    for court, wanted in (("other_state", True), ("california", False)):
        interview = begun(charges=[], warrants=[])
        replies = {"convictions 0": True, "jurisdiction": court, "grade": "felony", like: "PC 211",
                   "convictions 1": False}  # fmt: skip
        facts = [question.place.fact for question in to_the_end(interview, replies)]
        assert (like in facts) is wanted
        assert (decided(interview).outcome == "permitted") is wanted


def test_a_bare_section_is_followed_by_which_of_its_offenses_it_is() -> None:
    interview = begun(charges=[], warrants=[])
    interview.answer(True)
    about(interview, "offense")
    interview.answer("PC 192")
    question = about(interview, "variant")
    assert len(question.choices) > 1
    interview.answer("2")
    assert interview.case()["convictions"][0]["offense"] == question.choices[1].value
