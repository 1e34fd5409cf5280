"""Sets of changes made by hand or by trying, in place of the engine that finds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.case import InmateCase
from models.law import Outcome, Subject
from tests.scenes import Raw, as_case, decider, library
from values_act.answer import Answer
from values_act.errors import ValuesActError
from values_act.flip_cases import changed_case
from values_act.flips import Change, FlipSet
from values_act.records import OFFENSE, Record
from values_act.vocabulary import FactSpec, Span, Value, is_known

CONVICTION: Raw = {
    "offense": "PC 211",
    "grade": "felony",
    "date": "2012-05-01",
    "jurisdiction": "california",
    "findings": [],
}
BASIC: Raw = {
    "title": "A case for a test",
    "as_of": "2025-07-17",
    "action": "transfer",
    "agency": {"kind": "sheriff"},
    "request": {"kind": ["transfer"], "by": "ICE"},
    "person": {"registrant": "never"},
    "convictions": [CONVICTION],
    "charges": [],
    "warrants": [],
}


def basic(**changes: object) -> InmateCase:
    return as_case({**BASIC, **changes})


def record_of(answer: Answer, subject: Subject = "conviction", number: int = 1) -> Record:
    return next(
        record
        for record in answer.facts.records()
        if record.subject == subject and (subject == "case" or record.number == number)
    )


def change(record: Record, fact: str, *values: Value, was: Value | None = None) -> Change:
    """A change of a record's fact; what it was is read off the record."""
    now = record.title if fact == OFFENSE else record.values.get(fact, "")
    return Change(record, fact, values, now if was is None else was)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def days(first: str, last: str) -> Span:
    return Span(day(first), day(last))


def others(spec: FactSpec, value: Value) -> list[Value]:
    """Every other answer or word that a fact may take."""
    choices: list[Value] = [True, False] if spec.type == "yes_no" else list(spec.words)
    return [choice for choice in choices if choice != value]


def one_fact_flips(answer: Answer, only: frozenset[str] = frozenset()) -> list[FlipSet]:
    """Sets of one change each, by trying every word and every yes or no that rules read."""
    found: list[FlipSet] = []
    for record in answer.facts.records():
        for name in sorted(answer.program.reads[record.subject]):
            spec = library().vocabulary.facts[record.subject, name]
            value = record.values[name] if spec.origin == "stated" else ""
            if spec.fixed or value == "" or not is_known(value) or (only and name not in only):
                continue
            found += _flips_of(answer, record, spec, value)
    return found


def _flips_of(answer: Answer, record: Record, spec: FactSpec, now: Value) -> Iterator[FlipSet]:
    by_outcome: dict[Outcome, list[Value]] = {}
    for value in others(spec, now):
        one = FlipSet("undetermined", (Change(record, spec.name, (value,), now),))
        try:
            changed = changed_case(library(), answer.case, one)
            by_outcome.setdefault(decider().answer(changed).outcome, []).append(value)
        except ValuesActError:
            continue
    for outcome, values in by_outcome.items():
        if outcome not in {answer.outcome, "undetermined"}:
            yield FlipSet(outcome, (Change(record, spec.name, tuple(values), now),))
