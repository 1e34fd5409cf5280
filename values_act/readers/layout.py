"""All facts of a case left open at once, for one version of the rules or for several: the layout.

A fact that two versions test at different limits is cut at the limits of both, so that one variable
serves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.law import ITEM_SUBJECTS, Derivation, Subject
from values_act.conditions import facts_of
from values_act.errors import InputError
from values_act.program import Program
from values_act.readers.openings import (
    FACT,
    INSIDE,
    Variable,
    fact_order,
    first_days,
    last_days,
    own_limits,
    stretches,
    year_limits,
)
from values_act.records import Facts, Record
from values_act.vocabulary import EARLIEST, RAW, FactSpec, Open, Span, Value, is_known

STATED = "stated"  # kind of variable: whether a date is stated, where another stands in for it
Cuts = Mapping[tuple[Subject, str], frozenset[int]]


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """One version of the rules for an act.

    Attributes:
        program: its rules.
        day: day of the act.
        choices: option taken of each reading; None: left open.
    """

    program: Program
    day: date
    choices: Mapping[str, str | None]


class Layout:
    """The facts that versions of the rules look at, each with the values that they tell apart.

    Args:
        versions: at least one.
        cuts: further limits at which a number or a date is to be cut.
    """

    def __init__(self, versions: Sequence[Asked], cuts: Cuts | None = None) -> None:
        self.versions = versions
        self._cuts = cuts or {}
        self.day = min(version.day for version in versions)
        records = {s: self._blank(s, n) for n, s in enumerate(("case", *ITEM_SUBJECTS))}
        self.facts = Facts(self.day, records["case"], [records[s] for s in ITEM_SUBJECTS])
        self._days: dict[str, list[int]] = {}

    # ------------------------------------------------------------ records
    def _blank(self, subject: Subject, number: int) -> Record:
        """A record of which everything is open to the widest."""
        values: dict[str, Value] = {}
        for version in self.versions:
            for name, spec in version.program.vocabulary.by_subject[subject].items():
                if spec.origin in RAW:
                    own = spec.unknown(self.day)
                    values[name] = _wider(name, values[name], own) if name in values else own
        return Record(subject, number, values)

    def spec(self, subject: Subject, name: str) -> FactSpec:
        """A fact, as the first version has it that has it."""
        found = (v.program.vocabulary.get(subject, name) for v in self.versions)
        return next(spec for spec in found if spec is not None)

    # ------------------------------------------------------------ which facts
    def variables(self, record: Record) -> Iterator[Variable]:
        """The open facts of a record that a version looks at; for the case, none that is shared."""
        subject = record.subject
        order: dict[str, int] = {}
        names: set[str] = set()
        for version in self.versions:
            names |= self._relevant(version, subject)
            for name in fact_order(version.program, subject):
                order.setdefault(name, len(order))
        optional = self._optional(subject)
        for name in sorted(names, key=lambda name: (order.get(name, len(order)), name)):
            if subject == "case" and name in optional:
                continue
            if name in optional:
                yield Variable(record, STATED, name, (False, True))
            if not is_known(record.values[name]):
                yield Variable(record, FACT, name, self.cut(record, name))

    def shared(self) -> Iterator[Variable]:
        """Dates of the case that years are counted to, for each item."""
        case = self.facts.case
        for name in sorted(self._optional("case")):
            yield Variable(case, STATED, name, (False, True))
            yield Variable(case, FACT, name, self.cut(case, name))

    def looked_at(self, versions: Iterable[Asked], subject: Subject) -> set[str]:
        """Facts of a subject that some versions look at, dates that years are counted to too."""
        found: set[str] = set()
        for version in versions:
            found |= self._relevant(version, subject)
            if subject == "case":
                found |= {end for derive in _derivations(version) for end in _ends(version, derive)}
        return found

    def _relevant(self, version: Asked, subject: Subject) -> set[str]:
        vocabulary = version.program.vocabulary
        found: set[str] = set()
        for name in version.program.reads[subject]:
            derive = vocabulary.facts[subject, name].derive
            found |= _starts(version, derive) if derive else {name}
        tied = [set(facts_of(never.when)) for never in vocabulary.never.get(subject, ())]
        while True:
            more = set[str]().union(*(named for named in tied if named & found)) - found
            if not more:
                return found
            found |= more

    def _optional(self, subject: Subject) -> set[str]:
        """Dates that are counted from, or to, where they are stated; else another is."""
        found: set[str] = set()
        for version in self.versions:
            for derive in _derivations(version):
                if subject == "case":
                    found |= _ends(version, derive)
                elif (subject, derive.years_from.otherwise) in version.program.vocabulary.facts:
                    found |= _starts(version, derive) - {derive.years_from.otherwise}
        return found

    # ------------------------------------------------------------ which values
    def cut(self, record: Record, name: str) -> Sequence[Value]:
        """The values of an open fact, a range cut into stretches that no limit divides."""
        value = record.values[name]
        if isinstance(value, Open):
            return value.choices
        if record.subject == "case" and name in self._optional("case"):
            return self._days_of_case(name)
        span = value if isinstance(value, Span) else Span(int(str(value)), int(str(value)))
        cuts = set(self._own(record.subject, name))
        for version in self.versions:
            for derive, years in _limits(version, record.subject, name):
                ends = {version.day.toordinal()}
                ends |= {d for end in _ends(version, derive) for d in self._days_of_case(end)}
                ways = _ways(version, derive)
                cuts |= {c for end in ends for c in first_days(end, years, ways)}
        return list(stretches(span, cuts))

    def _own(self, subject: Subject, name: str) -> set[int]:
        found = set(self._cuts.get((subject, name), ()))
        for version in self.versions:
            found |= own_limits(version.program, subject).get(name, frozenset())
        return found

    def _days_of_case(self, name: str) -> list[int]:
        """Days that stand for all of a date of the case: both ends of each stretch."""
        if name not in self._days:
            cuts = self._own("case", name)
            for version in self.versions:
                for subject in ITEM_SUBJECTS:
                    for start in self._relevant(version, subject):
                        for derive, years in _limits(version, subject, start):
                            ways = _ways(version, derive)
                            edges = {EARLIEST, self.day.toordinal(), *self._own(subject, start)}
                            cuts |= {c for edge in edges for c in last_days(edge, years, ways)}
            value = self.facts.case.values[name]
            span = value if isinstance(value, Span) else Span(int(str(value)), int(str(value)))
            self._days[name] = sorted({d for part in stretches(span, cuts) for d in part})
        return self._days[name]


def critical_days(versions: Iterable[Asked]) -> set[date]:
    """Days of an act from which the limits of dates of items may lie in another order.

    A limit in years moves with the day of the act, a day that a test names does not. Between two
    of these days every limit has the same neighbors, so one day answers for all.
    """
    found: set[int] = set()
    for version in versions:
        for subject in ITEM_SUBJECTS:
            cuts = own_limits(version.program, subject)
            days = {
                d for name, own in cuts.items() for d in own if _is_date(version, subject, name)
            }
            found |= {d for day in days for d in (day, day + 1)}
            for derive, years in year_limits(version.program, subject):
                ways = _ways(version, derive)
                for day in days:
                    found |= {c for d in (day - 1, day) for c in last_days(d, years, ways)}
    return {date.fromordinal(day) for day in found}


def _is_date(version: Asked, subject: Subject, name: str) -> bool:
    return version.program.vocabulary.facts[subject, name].type == "date"


def _derivations(version: Asked) -> Iterator[Derivation]:
    vocabulary = version.program.vocabulary
    for subject in ITEM_SUBJECTS:
        for name in version.program.reads[subject]:
            derive = vocabulary.facts[subject, name].derive
            if derive is not None:
                yield derive


def _limits(version: Asked, subject: Subject, name: str) -> Iterator[tuple[Derivation, int]]:
    """Limits in years, counted from a date."""
    for derive, years in year_limits(version.program, subject):
        if name in _starts(version, derive):
            yield derive, years


def _ways(version: Asked, derive: Derivation) -> tuple[bool, ...]:
    """Whether the anniversary counts as inside, each way that its reading may be taken."""
    taken = version.choices.get(derive.anniversary)
    return (True, False) if taken is None else (taken == INSIDE,)


def _starts(version: Asked, derive: Derivation) -> set[str]:
    """Dates that years may be counted from, as the readings are taken."""
    choice = derive.years_from
    return {choice.otherwise, *_taken(version, choice.reading, choice.options)}


def _ends(version: Asked, derive: Derivation) -> set[str]:
    """Dates of the case that years may be counted to, other than the day of the act."""
    choice = derive.years_to
    return _taken(version, choice.reading, choice.options)


def _taken(version: Asked, reading: str, options: Mapping[str, str]) -> set[str]:
    taken = version.choices.get(reading)
    if taken is not None:
        return {options[taken]} if taken in options else set()
    return set(options.values())


def _wider(name: str, a: Value, b: Value) -> Value:
    """What may be either: all values of both.

    Raises:
        InputError: one is a number or a date, the other is not.
    """
    if isinstance(a, Span) and isinstance(b, Span):
        return Span(min(a.low, b.low), max(a.high, b.high))
    if isinstance(a, Open) and isinstance(b, Open):
        return Open(tuple(dict.fromkeys((*a.choices, *b.choices))))
    raise InputError(f"fact `{name}` is of different types in the two, so no case can be compared")
