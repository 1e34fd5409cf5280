"""The facts of a case as both engines receive them, one record a subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from models.base import Scalar
from models.dates import years_between
from models.law import Choice, Derivation, Subject
from values_act.vocabulary import Span, Value, Values, Vocabulary, is_known

OFFENSE = "offense"  # the key of an item that stands for every fact looked up by it
EVENT = "event"  # which items are of one event
LIST = ""  # in place of a fact: a whole list of items


@dataclass(frozen=True, slots=True)
class Supposed:
    """A value taken without being stated, and why."""

    fact: str
    value: Scalar
    because: str
    presumed: bool  # else implied by a stated fact


@dataclass(frozen=True, slots=True)
class Variant:
    """One catalogued offense that an item may be: its facts as values."""

    cite: str
    title: str
    values: Mapping[str, Value]


@dataclass(slots=True)
class Record:
    """One subject of a case with every raw fact, known or not; derived facts come later."""

    subject: Subject
    number: int  # 1, 2, … within its list; 0 for the case and for a list left open
    values: Values
    stated: frozenset[str] = frozenset()
    supposed: tuple[Supposed, ...] = ()
    variants: tuple[Variant, ...] = ()  # two or more: which offense it is, is not settled
    unsure: dict[str, str] = field(default_factory=dict)  # looked-up fact -> its confidence
    warnings: tuple[str, ...] = ()
    title: str = ""
    phantom: bool = False  # stands for any further items of a list that the case leaves open
    event: str | None = None
    implicable: frozenset[str] = frozenset()  # left out, so that other facts may imply them

    @property
    def name(self) -> str:
        if self.subject == "case":
            return "case"
        return f"any {self.subject}" if self.phantom else f"{self.subject} {self.number}"


@dataclass(slots=True)
class Facts:
    """All records of a case; lists of a case may be open (unknown) or left out (taken as empty)."""

    day: date
    case: Record
    items: list[Record]
    open_lists: tuple[Subject, ...] = ()
    empty_lists: tuple[Subject, ...] = ()

    def records(self) -> Iterable[Record]:
        yield self.case
        yield from self.items


def chosen_fact(choice: Choice, option: str | None, stated: frozenset[str]) -> str:
    """The fact a derivation takes under an option: the chosen one if it is stated."""
    name = choice.options.get(option or "", choice.otherwise)
    return name if name in stated else choice.otherwise


def derived(
    vocabulary: Vocabulary,
    record: Record,
    facts: Facts,
    readings: Mapping[str, str | None],
    values: Values | None = None,
) -> Values:
    """Facts computed from dates: whole years, as a range where a date is not exact.

    Args:
        readings: option taken of each reading; None where it is open, then every option counts.
        values: values to compute from, if not the record's own (a supposed filling).
    """
    found: Values = {}
    source = record.values if values is None else values
    for name, spec in vocabulary.by_subject[record.subject].items():
        if spec.derive is not None:
            found[name] = _years(spec.derive, record, source, facts, readings)
    return found


def _years(
    derive: Derivation,
    record: Record,
    source: Values,
    facts: Facts,
    readings: Mapping[str, str | None],
) -> Value:
    starts = [
        source[chosen_fact(derive.years_from, option, record.stated)]
        for option in _options(derive.years_from, readings)
    ]
    ends = []
    for option in _options(derive.years_to, readings):
        name = chosen_fact(derive.years_to, option, facts.case.stated)
        ends.append(facts.case.values.get(name, facts.day.toordinal()))
    inside = readings.get(derive.anniversary)
    first, last = _low(starts), _high(starts)
    until, since = _high(ends), _low(ends)
    least = whole_years(last, since, inside != "outside")
    most = whole_years(first, until, inside == "inside")
    return least if least == most else Span(least, most)


def _options(choice: Choice, readings: Mapping[str, str | None]) -> list[str | None]:
    taken = readings.get(choice.reading)
    return [taken] if taken is not None else [None, *choice.options]


def _low(values: list[Value]) -> int:
    return min(v.low if isinstance(v, Span) else int(str(v)) for v in values)


def _high(values: list[Value]) -> int:
    return max(v.high if isinstance(v, Span) else int(str(v)) for v in values)


def whole_years(start: int, end: int, inside: bool) -> int:
    """Whole years from one day to another, none if it lies before; `inside`: the anniversary."""
    if end < start:
        return 0
    return years_between(date.fromordinal(start), date.fromordinal(end), anniversary_inside=inside)


def known(record: Record, name: str) -> bool:
    return name in record.values and is_known(record.values[name])
