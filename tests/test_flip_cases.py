"""A set of changes becomes a case in which just these facts differ, and is checked by deciding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random

import pytest

from models.case import InmateCase
from models.law import Rule, Subject
from tests.flipped import BASIC, CONVICTION, basic, change, day, days, others, record_of
from tests.scenes import Raw, as_case, decider, library
from values_act import flip_cases
from values_act.casefacts import read_facts
from values_act.data import data_folder
from values_act.decide import Settings
from values_act.errors import EngineError, InputError
from values_act.flip_cases import (
    MAX_PRODUCT,
    MAX_TRIED,
    changed_case,
    check,
    combinations,
    representatives,
)
from values_act.flips import ITEM, Added, Change, FlipSet
from values_act.records import OFFENSE, Facts, Record
from values_act.scenarios import load_folders
from values_act.vocabulary import EARLIEST, LARGEST, FactSpec, Open, Span, Value, is_known
from values_act.yamltext import compose, parse

RARE = 0.25  # of random changes at most, those that make no case


def facts_of(case: InmateCase) -> Facts:
    return read_facts(case, library().vocabulary, library().catalogue)


def conviction(case: InmateCase, number: int = 1) -> Record:
    return record_of(decider().answer(case), "conviction", number)


def new_record(subject: Subject, number: int) -> Record:
    unknown = library().vocabulary.unknowns(subject, basic().as_of.first)
    return Record(subject, number, dict(unknown))


def some_rule(subject: Subject) -> Rule:
    return next(rule for rule in decider().answer(basic()).program.effects[subject])


def made(case: InmateCase, *changes: Change, added: tuple[Added, ...] = ()) -> Raw:
    whole = changed_case(library(), case, FlipSet("prohibited", changes, added))
    return whole.model_dump(mode="json", exclude_unset=True)


# ---------------------------------------------------------------- one change
def test_a_word_a_day_and_an_answer_are_written_where_the_case_has_them() -> None:
    case = basic()
    record, own = conviction(case), record_of(decider().answer(case), "case")
    changed = made(
        case,
        change(record, "disposition", "vacated"),
        change(record, "date", days("2010-07-17", "2012-01-01")),
        change(own, "person.us_citizen", True),
    )
    told = {"disposition": "vacated", "date": "2010-07-17"}
    assert changed["convictions"] == [{**CONVICTION, **told}]
    assert changed["person"] == {**BASIC["person"], "us_citizen": True}
    assert {key: changed[key] for key in BASIC if key not in {"convictions", "person"}} == {
        key: BASIC[key] for key in BASIC if key not in {"convictions", "person"}
    }


def test_members_of_a_list_are_written_as_the_list() -> None:
    case = basic(convictions=[{**CONVICTION, "findings": ["gang"]}])
    record, own = conviction(case), record_of(decider().answer(case), "case")
    changed = made(
        case,
        change(record, "findings.firearm", True),
        change(record, "findings.gang", False),
        change(own, "request.kind.hold", True),
    )
    assert changed["convictions"][0]["findings"] == ["firearm"]
    assert sorted(changed["request"]["kind"]) == ["hold", "transfer"]


def test_the_offense_is_changed_through_its_citation_and_keeps_what_the_old_one_told() -> None:
    case = basic(convictions=[{**CONVICTION, "offense": "PC 182/211"}])
    before = conviction(case)
    assert before.values["conspiracy"] is True
    changed = as_case(made(case, change(before, OFFENSE, "PC 245(a)(1)")))
    after = conviction(changed)
    assert after.title == "PC 245(a)(1)"
    assert after.values["conspiracy"] is True
    assert "conspiracy" not in facts_of(basic()).items[0].stated
    own = conviction(basic(convictions=[{**CONVICTION, "offense": "PC 245(a)(1)"}]))
    looked_up = [s.name for s in _specs("conviction") if s.origin == "looked_up"]
    assert {n: after.values[n] for n in looked_up} == {n: own.values[n] for n in looked_up}


def test_an_equivalent_that_is_looked_up_instead_is_the_one_changed() -> None:
    foreign = {**CONVICTION, "offense": "18 USC 2113", "jurisdiction": "federal"}
    case = basic(convictions=[{**foreign, "california_equivalent": "PC 211"}])
    changed = made(case, change(conviction(case), OFFENSE, "PC 242"))
    assert changed["convictions"][0]["california_equivalent"] == "PC 242"
    assert changed["convictions"][0]["offense"] == "18 USC 2113"


@pytest.mark.parametrize("told", [{}, {"probable_cause": "grand_jury"}])
def test_what_is_left_out_follows_from_a_changed_fact(told: dict[str, str]) -> None:
    """A person held to answer has a finding, of a dismissed charge none is known unless stated."""
    charge = {"offense": "PC 211", "grade": "felony", "stage": "held_to_answer", **told}
    held = basic(charges=[charge])
    record = record_of(decider().answer(held), "charge")
    dismissed = as_case(made(held, change(record, "stage", "dismissed")))
    after = record_of(decider().answer(dismissed), "charge")
    again = as_case(made(dismissed, change(after, "stage", "held_to_answer")))
    findings = [
        record_of(decider().answer(case), "charge").values["probable_cause"]
        for case in (held, dismissed, again)
    ]
    if told:
        assert findings == [told["probable_cause"]] * 3
    else:
        assert findings[0] == findings[2]
        assert [is_known(finding) for finding in findings] == [True, False, True]


# ---------------------------------------------------------------- new items
def test_a_new_item_is_made_of_its_changes() -> None:
    new = new_record("conviction", 2)
    changed = made(
        basic(),
        change(new, OFFENSE, "PC 187", was="unknown"),
        change(new, "date", days("2015-01-01", "2025-07-17")),
        change(new, "findings.firearm", True),
    )
    wanted = {"offense": "PC 187", "date": "2015-01-01", "findings": ["firearm"]}
    assert changed["convictions"] == [CONVICTION, wanted]


def test_a_new_item_may_come_whole_and_follows_those_of_changes() -> None:
    given = basic(convictions=[CONVICTION, {**CONVICTION, "offense": "PC 187"}])
    whole = replace(conviction(given, 2), number=2)
    example = {OFFENSE: "PC 245(a)(1)", "grade": "felony", "date": day("2020-02-29")}
    added = Added("conviction", some_rule("conviction"), example)
    changed = made(basic(), Change(whole, ITEM, (), ""), added=(added,))
    first, second, third = changed["convictions"]
    assert (first, second) == (CONVICTION, {**CONVICTION, "offense": "PC 187"})
    assert third == {"offense": "PC 245(a)(1)", "grade": "felony", "date": "2020-02-29"}


def test_items_are_added_to_a_list_left_out_and_never_to_one_that_is_unknown() -> None:
    raw = {key: value for key, value in BASIC.items() if key != "warrants"}
    example = {"issuer": "federal_judge", "outstanding": True}
    added = (Added("warrant", some_rule("warrant"), example),)
    assert made(as_case(raw), added=added)["warrants"] == [example]
    with pytest.raises(EngineError, match="warrants are unknown"):
        made(as_case({**raw, "warrants": "unknown"}), added=added)
    with pytest.raises(EngineError, match="there is no warrant 3"):
        made(as_case(raw), change(new_record("warrant", 3), "issuer", "federal_judge"))


def test_changes_that_no_case_may_have_are_no_case() -> None:
    record = conviction(basic())
    with pytest.raises(EngineError, match="makes no case"):
        made(basic(), change(record, "grade", "infraction"))
    with pytest.raises(EngineError, match="makes no case"):
        made(basic(), change(record, "date", day("2025-07-18")))
    stated = {"stage": "held_to_answer", "probable_cause": "section_872"}
    held = basic(charges=[{"offense": "PC 211", "grade": "felony", **stated}])
    charge = record_of(decider().answer(held), "charge")
    with pytest.raises(EngineError, match="makes no case"):  # its finding stays as it is
        made(held, change(charge, "stage", "charged"))
    both = made(held, change(charge, "stage", "charged"), change(charge, "probable_cause", "none"))
    assert both["charges"][0]["probable_cause"] == "none"


# ---------------------------------------------------------------- all facts
def _specs(subject: Subject) -> list[FactSpec]:
    return list(library().vocabulary.by_subject[subject].values())


def _sample(count: int) -> Iterator[tuple[InmateCase, Record, FactSpec, Value]]:
    """Cases of scenarios, and one stated fact of each, changed to another value."""
    rng = Random(20_250_717)
    cases = [placed.scenario.case for placed in load_folders([data_folder("scenarios")])]
    for case in rng.sample(cases, count):
        records = [record for record in facts_of(case).records() if not record.phantom]
        record = rng.choice(records)
        specs = [
            spec for spec in _specs(record.subject)
            if spec.origin == "stated" and not spec.fixed and spec.name != "event"
        ]  # fmt: skip
        spec = rng.choice(specs)
        yield case, record, spec, rng.choice(_values(spec, record.values[spec.name], case))


def _values(spec: FactSpec, now: Value, case: InmateCase) -> list[Value]:
    if spec.type == "date":
        return [case.as_of.first.toordinal() - back for back in (0, 400, 7000)]
    return [0, 13, 1000] if spec.type == "number" else others(spec, now)


def test_a_changed_case_differs_in_that_fact_and_in_no_other_that_was_known() -> None:
    made_cases, refused = 0, 0
    for case, record, spec, value in _sample(600):
        one = FlipSet("prohibited", (change(record, spec.name, value),))
        try:
            changed = changed_case(library(), case, one)
        except EngineError:
            refused += 1
            continue
        made_cases += 1
        for before, after in zip(
            facts_of(case).records(), facts_of(changed).records(), strict=True
        ):
            for other in _specs(before.subject):
                here = (before.subject, before.number) == (record.subject, record.number)
                if here and other.name == spec.name:
                    assert after.values[other.name] == value
                elif other.name in before.implicable:
                    assert other.name in after.implicable or other.list_name == spec.list_name
                elif other.origin == "stated" and not _forced(other):
                    now, then = before.values[other.name], after.values[other.name]
                    assert now == then or not is_known(now), (spec.name, other.name)
    assert refused < RARE * made_cases


def _forced(spec: FactSpec) -> bool:
    """A member of a list that another fact puts there, whatever the list says."""
    return bool(spec.list_name and spec.implied)


def test_a_changed_case_can_be_written_to_a_file_and_read_again(tmp_path: Path) -> None:
    for case, record, spec, value in _sample(60):
        try:
            changed = changed_case(
                library(), case, FlipSet("prohibited", (change(record, spec.name, value),))
            )
        except EngineError:
            continue
        text = json.dumps(changed.model_dump(mode="json", exclude_unset=True))
        assert parse(InmateCase, compose(text, "a.json")) == changed


# ---------------------------------------------------------------- what is tried
def test_both_ends_of_a_span_are_tried_the_telling_one_first() -> None:
    record, vocabulary = conviction(basic()), library().vocabulary
    today = day("2025-07-17")
    for fact, span, tried in (
        ("date", Span(EARLIEST, day("2010-01-01")), [day("2010-01-01"), EARLIEST]),
        ("date", Span(day("2010-01-01"), today), [day("2010-01-01"), today]),
        ("value_usd", Span(951, LARGEST), [951, LARGEST]),
        ("value_usd", Span(0, 950), [950, 0]),
        ("age_at_offense", Span(16, 16), [16]),
    ):
        assert representatives(vocabulary, change(record, fact, span)) == tried


def test_every_word_is_tried_and_of_many_citations_some_with_first_and_last() -> None:
    record, vocabulary = conviction(basic()), library().vocabulary
    words = ("vacated", "diversion", "juvenile")
    assert representatives(vocabulary, change(record, "disposition", *words)) == list(words)
    many = [f"PC {number}" for number in range(100)]
    tried = representatives(vocabulary, change(record, OFFENSE, *many))
    assert (tried[0], tried[-1], len(set(tried))) == (many[0], many[-1], MAX_TRIED)
    assert set(tried) <= set(many)


def test_few_combinations_are_all_tried_and_of_many_each_value() -> None:
    record, vocabulary = conviction(basic()), library().vocabulary
    few = [
        change(record, "grade", "felony", "misdemeanor"),
        change(record, "value_usd", Span(1, 9)),
    ]
    tried = list(combinations(vocabulary, FlipSet("prohibited", tuple(few))))
    assert sorted(tried) == sorted(product(("felony", "misdemeanor"), (1, 9)))
    many = [*few, change(record, OFFENSE, *[f"PC {n}" for n in range(MAX_PRODUCT)])]
    each = [representatives(vocabulary, one) for one in many]
    tried = list(combinations(vocabulary, FlipSet("prohibited", tuple(many))))
    for end, pick in ((0, tried[0]), (-1, tried[-1])):
        assert pick == tuple(values[end] for values in each)
    assert [{pick[i] for pick in tried} for i in range(3)] == [set(values) for values in each]
    assert len(tried) < len(list(product(*each)))


# ---------------------------------------------------------------- the check
def test_the_check_gives_the_decision_of_the_changed_case() -> None:
    case = basic()
    vacated = FlipSet("prohibited", (change(conviction(case), "disposition", "vacated"),))
    decision = check(decider(), case, None, vacated)
    assert decision.outcome == "prohibited"
    assert decision.rule == decider().decide(changed_case(library(), case, vacated)).rule


def test_a_set_is_refused_where_one_of_its_values_gives_another_outcome() -> None:
    case = basic()
    stands = FlipSet("prohibited", (change(conviction(case), "disposition", "vacated", "stands"),))
    with pytest.raises(EngineError, match="gives permitted, not prohibited: conviction 1"):
        check(decider(), case, None, stands)
    early, late = day("2012-05-02"), day("2025-07-17")
    dated = FlipSet("prohibited", (change(conviction(case), "date", Span(early, late)),))
    with pytest.raises(EngineError, match="2012-05-02"):
        check(decider(), case, None, dated)


def test_the_far_end_of_a_span_is_decided_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first value is right and the last is not: it must be found."""
    case = basic(convictions=[{**CONVICTION, "offense": "PC 459/460(b)", "date": "1990-01-01"}])
    answer = decider().answer(case)
    record, today = record_of(answer), day("2025-07-17")
    outcomes = {
        one: decider().answer(changed_case(library(), case, _dated(record, one))).outcome
        for one in (today, EARLIEST)
    }
    assert outcomes == {today: "permitted", EARLIEST: "prohibited"}
    with pytest.raises(EngineError, match="gives prohibited, not permitted"):
        check(decider(), case, None, _dated(record, Span(EARLIEST, today), "permitted"))
    monkeypatch.setattr(flip_cases, "combinations", lambda *_: [(today,)])
    assert check(decider(), case, None, _dated(record, Span(EARLIEST, today), "permitted"))


def _dated(record: Record, value: Value, outcome: str = "prohibited") -> FlipSet:
    return FlipSet(outcome, (change(record, "date", value),))  # type: ignore[arg-type]


def test_settings_override_the_case_that_is_changed() -> None:
    case = basic()
    settings = Settings(as_of=basic(as_of="2012-06-01").as_of.first)
    unruled = decider().answer(case, settings)
    assert unruled.outcome != decider().answer(case).outcome
    lobby = change(record_of(unruled, "case"), "handover.place", "lobby")
    unruled_too = FlipSet(unruled.outcome, (lobby,))
    assert check(decider(), case, settings, unruled_too).as_of == settings.as_of
    with pytest.raises(EngineError):
        check(decider(), case, None, unruled_too)


def test_a_case_that_cannot_be_decided_is_a_fault_of_the_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = basic()
    vacated = FlipSet("prohibited", (change(conviction(case), "disposition", "vacated"),))

    def refuse(*_: object) -> None:
        raise InputError("no such case")

    monkeypatch.setattr(decider(), "answer", refuse)
    with pytest.raises(EngineError, match="no such case"):
        check(decider(), case, None, vacated)


def test_an_open_value_is_no_value_of_a_file() -> None:
    spec = library().vocabulary.facts["case", "person.us_citizen"]
    assert flip_cases.written(spec, Open((True, False))) == "unknown"
