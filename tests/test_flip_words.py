"""Flips in words: exact to the day, each fact by its label, no side taken."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from models.case import InmateCase
from models.law import ITEM_SUBJECTS, Outcome
from tests.flipped import CONVICTION, basic, change, day, days, others, record_of
from tests.scenes import decider, library
from values_act.flips import ITEM, Added, Change, FlipSet
from values_act.readers.flip_words import WOULD, change_words, plain, sentence
from values_act.records import OFFENSE, Record
from values_act.vocabulary import EARLIEST, LARGEST, Open, Span, Value, merged

TODAY = day("2025-07-17")
BURGLARY = {**CONVICTION, "offense": "PC 459", "date": "2005-03-01"}
CHARGE = {"offense": "PC 245(a)(1)", "grade": "felony", "stage": "held_to_answer"}
FULL = basic(convictions=[BURGLARY], charges=[CHARGE])
SIDES = re.compile(r"illegal|alien|undocumented|criminal alien|loophole|safe haven", re.IGNORECASE)


def told(*changes: Change, case: InmateCase = FULL, added: Sequence[Added] = (),
         outcome: Outcome = "permitted") -> str:  # fmt: skip
    answer = decider().answer(case)
    return sentence(answer.program, answer.facts, FlipSet(outcome, changes, tuple(added)))


def of(fact: str, *values: Value, was: Value | None = None, item: str = "conviction") -> Change:
    record = record_of(decider().answer(FULL), item)  # type: ignore[arg-type]
    return change(record, fact, *values, was=was)


def one(change: Change) -> str:
    answer = decider().answer(FULL)
    return change_words(answer.program, answer.facts, change, (change,))


# ---------------------------------------------------------------- sentences
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((days("2011-07-17", "2025-07-17"),), "2011-07-17 or later"),
        ((Span(EARLIEST, day("2011-07-16")),), "2011-07-16 or earlier"),
        ((days("2011-07-17", "2015-02-28"),), "from 2011-07-17 to 2015-02-28"),
        ((days("2016-02-29", "2016-02-29"),), "2016-02-29"),
        ((day("2016-02-29"),), "2016-02-29"),
        ((Span(TODAY, TODAY),), "2025-07-17"),
        ((Span(EARLIEST, TODAY),), "any day up to 2025-07-17"),
        (
            (days("2012-01-01", "2013-05-05"), days("2011-01-01", "2011-12-31")),
            "from 2011-01-01 to 2013-05-05",
        ),
        (
            (Span(EARLIEST, day("2001-01-01")), days("2001-01-03", "2025-07-17")),
            "2001-01-01 or earlier or 2001-01-03 or later",
        ),
    ],
)
def test_days_are_told_exactly_and_adjacent_ones_together(
    values: tuple[Value, ...], said: str
) -> None:
    assert told(of("date", *values)) == (
        "It would be permitted if the date of conviction "
        f"(conviction 1: PC 459, felony, 2005-03-01) were {said}."
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((Span(951, LARGEST),), "at least 951"),
        ((Span(0, 950),), "at most 950"),
        ((Span(0, 949), 950, Span(951, 951)), "at most 951"),
        ((Span(3, 7),), "from 3 to 7"),
        ((12,), "12"),
        ((12, 14), "12 or 14"),
        ((Span(0, LARGEST),), "any number"),
    ],
)
def test_numbers_are_told_by_their_limits(values: tuple[Value, ...], said: str) -> None:
    assert one(of("value_usd", *values)).endswith(f"the value in dollars ({ITEM1}) were {said}")


ITEM1 = "conviction 1: PC 459, felony, 2005-03-01"


def test_several_changes_name_an_item_in_full_once() -> None:
    both = told(of("grade", "misdemeanor"), of("date", days("2020-07-17", "2025-07-17")))
    assert both == (
        f"It would be permitted if the grade ({ITEM1}) were a misdemeanor "
        "and the date of conviction (conviction 1) were 2020-07-17 or later."
    )
    three = told(
        of("grade", "misdemeanor"),
        of("stage", "charged", "arraigned", item="charge"),
        of("request.kind.hold", True, item="case"),
    )
    assert three == (
        f"It would be permitted if the grade ({ITEM1}) were a misdemeanor; the stage of the charge "
        "(charge 1: PC 245(a)(1), felony, held to answer) were charged or arraigned; "
        "and the request included a hold request."
    )


@pytest.mark.parametrize(
    ("fact", "value", "item", "said"),
    [
        ("person.us_citizen", True, "case", "the person were a U.S. citizen"),
        ("person.us_citizen", False, "case", "the person were not a U.S. citizen"),
        ("person.hate_crime", True, "case",
         '"the crime that the person suffered or witnessed is a hate crime" were true'),
        ("person.visa_certification", False, "case",
         '"the inquiry serves a T or U visa certification" were not true'),
        ("attempt", True, "conviction", f"conviction 1 ({ITEM1[14:]}) were an attempt"),
        ("dismissed_1203_4", False, "conviction",
         f"conviction 1 ({ITEM1[14:]}) had not been dismissed under section 1203.4"),
        ("second_offense", False, "conviction",
         f'"it was a second or later offense of the kind" ({ITEM1}) were not true'),
        ("findings.firearm", True, "conviction",
         f"what was found ({ITEM1}) included personal use of a firearm"),
        ("request.kind.transfer", False, "case", "the request did not include a transfer request"),
    ],
)  # fmt: skip
def test_a_yes_or_no_is_told_by_its_label(fact: str, value: bool, item: str, said: str) -> None:
    assert one(of(fact, value, item=item)) == said


def test_a_word_says_what_it_is_instead_of_where_the_item_does_not() -> None:
    assert one(of("handover.place", "lobby", "outside", item="case")) == (
        "where the person passes into federal hands were "
        '"a public lobby" or "outside the jail" instead of "inside the jail"'
    )
    assert one(of("request.form", "letter", was=Open(("letter",)), item="case")) == (
        "the form of the request were a letter"
    )
    assert one(of("sentence_months", 12, was=5)).endswith("were 12 instead of 5")
    spec = library().vocabulary.facts["conviction", "disposition"]
    assert one(of("disposition", *map(str, others(spec, "stands")))) == (
        f'what became of the conviction ({ITEM1}) were anything other than "it stands"'
    )


# ---------------------------------------------------------------- offenses and items
def test_three_offenses_are_named_and_the_others_counted() -> None:
    cites = [f"PC {number}" for number in (187, 203, 206, 207, 209)]
    assert (
        one(of(OFFENSE, *cites)) == f"the offense ({ITEM1}) were PC 187, PC 203, PC 206 or 2 others"
    )
    assert one(of(OFFENSE, *cites[:4])).endswith("were PC 187, PC 203, PC 206 or 1 other")
    assert one(of(OFFENSE, *cites[:3])).endswith("were PC 187, PC 203 or PC 206")


def test_what_the_old_citation_told_stays_and_is_said() -> None:
    case = basic(convictions=[{**CONVICTION, "offense": "PC 182/211"}])
    record = record_of(decider().answer(case))
    offense = change(record, OFFENSE, "PC 242")
    assert told(offense, case=case).endswith("were PC 242 (as now, it is a conspiracy).")
    completed = change(record, "conspiracy", False)
    assert "as now" not in told(offense, completed, case=case)


def test_an_item_that_would_have_to_be_there_is_told_by_its_rule_and_an_example() -> None:
    program = decider().answer(FULL).program
    rule = next(r for r in program.effects["conviction"] if r.permits)
    example = {OFFENSE: "PC 211", "grade": "felony", "date": day("2015-01-01")}
    assert told(added=[Added("conviction", rule, example)]) == (
        "It would be permitted if there were also a conviction that meets: "
        f"{rule.title} ({rule.cite}), such as PC 211, felony, 2015-01-01."
    )
    assert told(added=[Added("conviction", rule, {})]).endswith(f"({rule.cite}).")


def test_a_new_item_is_told_by_its_facts_or_whole() -> None:
    new = Record("charge", 2, {})
    facts = (
        change(new, OFFENSE, "PC 211", was=""),
        change(new, "stage", "held_to_answer", was=Open(())),
        change(new, "attempt", False, was=Open(())),
    )
    assert told(*facts).endswith(
        "if there were also a charge where the offense is PC 211; the stage of the charge is held "
        "to answer; and it is not an attempt."
    )
    whole = Record("charge", 2, {"grade": "felony"}, title="PC 211")
    assert told(Change(whole, ITEM, (), "")).endswith(
        "if there were also a charge: PC 211, felony."
    )


# ---------------------------------------------------------------- all facts
def test_every_fact_makes_a_whole_sentence_for_every_value() -> None:
    """One line, one full stop, the label or its parts, and no word that takes a side."""
    vocabulary = library().vocabulary
    case = basic(charges=[CHARGE], warrants=[{}])
    answer = decider().answer(case)
    seen: set[str] = set()
    for subject in ("case", *ITEM_SUBJECTS):
        record = record_of(answer, subject)
        for spec in vocabulary.by_subject[subject].values():
            for value in others(spec, "") if spec.type in {"word", "yes_no"} else [Span(1, 2)]:
                found = change(record, spec.name, value, was=Open(()))
                text = sentence(answer.program, answer.facts, FlipSet("required", (found,)))
                assert text.startswith("It would be required if ")
                assert text.endswith(".")
                assert "\n" not in text
                assert "  " not in text
                words = (spec.member_label or spec.label).split()
                assert words[-1] in text
                assert spec.type != "word" or not spec.words or spec.say(value) in text
                assert not SIDES.search(text.replace(spec.say(value), ""))
                assert (subject, text) not in seen or spec.name == "event"
                seen.add((subject, text))  # type: ignore[arg-type]
    assert len(seen) > len(vocabulary.facts)


@pytest.mark.parametrize("outcome", sorted(WOULD))
def test_every_outcome_has_its_own_beginning(outcome: Outcome) -> None:
    text = told(of("grade", "misdemeanor"), outcome=outcome)
    assert text.startswith(f"{WOULD[outcome]} if the grade ")
    assert len(set(WOULD.values())) == len(WOULD)


# ---------------------------------------------------------------- values for programs
def test_values_for_programs_are_those_of_a_case_file() -> None:
    facts = library().vocabulary.facts
    dated, number = facts["conviction", "date"], facts["conviction", "value_usd"]
    assert plain(dated, days("2011-07-17", "2025-07-17")) == "2011-07-17 to 2025-07-17"
    assert plain(dated, day("2011-07-17")) == "2011-07-17"
    assert plain(number, Span(951, LARGEST)) == "951 or more"
    assert plain(number, Span(950, 950)) == "950"
    assert plain(facts["case", "person.us_citizen"], True) == "yes"
    assert plain(facts["conviction", "grade"], "felony") == "felony"
    assert plain(facts["conviction", "grade"], Open(("felony", "infraction"))) == "unknown"
    assert plain(None, "PC 211") == "PC 211"


def test_spans_that_touch_or_overlap_are_one() -> None:
    assert merged([Span(5, 9), 10, Span(1, 2), Span(8, 12)]) == [Span(1, 2), Span(5, 12)]
    assert merged([Span(1, 20), Span(2, 3)]) == [Span(1, 20)]
