"""The law files hang together: cited, sourced, used, and without a gap in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.case import (
    Act,
    Agency,
    Charge,
    Conviction,
    Handover,
    InmateCase,
    Person,
    Request,
    Warrant,
)
from models.law import Law, Rule
from values_act.conditions import facts_of, found_in
from values_act.library import Library
from values_act.program import span_starts

LIBRARY = Library()
LAWS = list(LIBRARY.laws.values())
RULES = [(law, rule) for law in LAWS for rule in law.rules]
DAY = timedelta(days=1)
NOT_FACTS = {
    "title", "as_of", "action", "law", "readings", "policy", "county", "offense", "override",
    "evidence", "california_equivalent", "agency", "request", "person", "act", "handover",
    "convictions", "charges", "warrants",
}  # fmt: skip


@pytest.mark.parametrize(("law", "rule"), RULES, ids=lambda v: getattr(v, "id", None) or v.name)
def test_every_rule_is_cited_sourced_and_in_words(law: Law, rule: Rule) -> None:
    assert len(rule.cite) > 5
    assert len(rule.text) > 20
    assert rule.source.title
    assert rule.text != rule.title


def test_every_option_of_a_reading_is_asked_for() -> None:
    """By some rule, unless the option only leaves a rule out, or says how years are counted."""
    marks = [rule for county in LIBRARY.counties() for rule in county.rules]
    rules = [*(rule for _, rule in RULES), *marks]
    asked = {(name, o) for rule in rules for name, opts in rule.reading.items() for o in opts}
    timing = set()
    for spec in LIBRARY.vocabulary.facts.values():
        if spec.derive:
            timing |= {spec.derive.years_from.reading, spec.derive.years_to.reading}
            timing.add(spec.derive.anniversary)
    for reading in LIBRARY.readings.values():
        if reading.id in timing or reading.role == "local_authority":
            continue
        assert any((reading.id, option) in asked for option in reading.options), reading.id
        unasked = [option for option in reading.options if (reading.id, option) not in asked]
        assert len(unasked) <= 1, f"{reading.id}: {unasked} differ in nothing"


def test_every_defined_fact_is_defined_and_used() -> None:
    defined = {(s, rule.defines) for _, rule in RULES if rule.defines for s in rule.subject}
    used = {(s, fact) for _, rule in RULES for s in rule.subject for fact in facts_of(rule.when)}
    for county in LIBRARY.counties():
        for rule in county.rules:
            used |= {(s, fact) for s in rule.subject for fact in facts_of(rule.when)}
    declared = {key for key, spec in LIBRARY.vocabulary.facts.items() if spec.origin == "defined"}
    assert declared == defined
    names = {name for _, name in used}
    assert {name for _, name in defined} <= names


def test_every_route_is_used() -> None:
    for law in LAWS:
        used = {rule.route for rule in law.rules if rule.permits}
        compelled = any(rule.requires for rule in law.rules)
        unused = {route.name for route in law.routes} - used
        assert not unused or (compelled and unused == {"judicial"}), law.name


def test_every_fact_of_a_case_is_a_field_and_every_field_a_fact() -> None:
    facts = LIBRARY.vocabulary
    fields: set[tuple[str, str]] = set()
    for prefix, model in (("agency", Agency), ("request", Request), ("person", Person),
                          ("act", Act), ("handover", Handover)):  # fmt: skip
        names = set(model.model_fields) - NOT_FACTS
        fields |= {("case", f"{prefix}.{name}") for name in names}
    for subject, item in (("conviction", Conviction), ("charge", Charge), ("warrant", Warrant)):
        fields |= {(subject, name) for name in item.model_fields if name not in NOT_FACTS}
    assert set(InmateCase.model_fields) <= NOT_FACTS
    known = {
        (spec.subject, spec.list_name or spec.name)
        for spec in facts.facts.values()
        if spec.origin in {"stated", "looked_up"}
    }
    assert fields - known == set()
    # members of looked-up lists come from the catalogue alone
    assert known - fields == set()


def test_every_act_that_a_law_covers_has_one_base_rule_on_every_day() -> None:
    """A sweep over every day on which anything changes, and the days around it."""
    values_act = LIBRARY.law("values-act")
    start = values_act.effective or date.min
    days = {day + n * DAY for day in span_starts(LIBRARY, "state") for n in (-1, 0, 1)}
    for day in sorted(days | {date(2025, 7, 17)}):
        parts = [part for part in LIBRARY.parts("state") if part.in_force(day)]
        assert bool(parts) == (day >= date(2014, 1, 1))
        for action in LIBRARY.vocabulary.actions:
            bases = [b for part in parts for b in part.base if action in b.actions]
            bases = [b for b in bases if b.ended is None or day <= b.ended]
            assert len(bases) <= 1, (day, action)
            assert bases or day < start, (day, action)


def test_ids_are_given_once_in_all_files() -> None:
    ids = [entry.id for law in LAWS for entry in (*law.rules, *law.base, *law.readings)]
    for county in LIBRARY.counties():
        ids += [entry.id for entry in (*county.rules, *county.policies)]
    assert [name for name in set(ids) if ids.count(name) > 1] == []


def test_every_mark_is_looked_for() -> None:
    conditions = [rule.when for _, rule in RULES]
    marks = {rule.id for _, rule in RULES if rule.marks}
    for county in LIBRARY.counties():
        marks |= {rule.id for rule in county.rules if rule.marks}
        conditions += [term.when for p in county.policies for term in p.actions.values()]
    assert marks == {found.rule for when in conditions for found in found_in(when)} & marks


@pytest.mark.parametrize("law", [law.name for law in LAWS if law.kind != "definitions"])
def test_no_act_has_two_base_rules_on_a_day_and_every_base_rule_has_its_day(law: str) -> None:
    reached = set()
    for day in sorted({d + n * DAY for d in span_starts(LIBRARY, law) for n in (-1, 0, 1)}):
        parts = [part for part in LIBRARY.parts(law) if part.in_force(day)]
        for action in LIBRARY.vocabulary.actions:
            bases = [
                base.id
                for part in parts
                for base in part.base
                if action in base.actions
                and (base.effective is None or base.effective <= day)
                and (base.ended is None or day <= base.ended)
            ]
            assert len(bases) <= 1, (day, action)
            reached |= set(bases)
    assert reached == {base.id for part in LIBRARY.parts(law) for base in part.base}


def test_no_entry_ends_before_it_begins() -> None:
    for law in LAWS:
        for entry in (law, *law.rules, *law.base):
            assert not (entry.effective and entry.ended) or entry.effective <= entry.ended
