"""Every complete case of a reduced space of facts, under two versions, by the reference alone.

Each word, each yes or no, each day beside a limit, each option of each open reading is tried. An
item counts only by what rules the reference finds of it, so of items alike under both versions one
stands for all; what the two versions have in common is decided once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import combinations_with_replacement, product
from random import Random

from models.dates import add_years
from models.law import Outcome, Subject
from tests.scenes import Raw, as_case
from values_act.answer import OPEN
from values_act.casefacts import read_facts
from values_act.catalogue import Catalogue
from values_act.program import Program, present_options, unpublished_in
from values_act.readers.reference import (
    Choices,
    Holdings,
    ItemView,
    Supposition,
    holdings,
    judge,
    view_item,
)
from values_act.records import Facts, Record
from values_act.vocabulary import Values

Pair = tuple[Outcome, Outcome]
Ruled = tuple[Outcome, frozenset[str]]  # an outcome, and the duties that are owed
Own = tuple[tuple[str, bool], ...]  # facts of the case itself
CASES: list[Own] = [
    (("person.us_citizen", citizen), ("person.in_custody", custody))
    for citizen, custody in product((True, False), repeat=2)
]
PAST = date(1950, 1, 1)
FEW = 100  # items read in one case
REQUESTS = 3  # days of the request that are tried


@dataclass(frozen=True, slots=True)
class Tried:
    """A complete case, with the outcome and the duties of each version."""

    space: Space
    readings: Mapping[str, str]
    request: date | None
    chosen: Sequence[Piece]
    events: Sequence[int]
    own: Own
    found: tuple[Ruled, Ruled]

    @property
    def outcomes(self) -> Pair:
        return self.found[0][0], self.found[1][0]

    @property
    def duties(self) -> tuple[frozenset[str], frozenset[str]]:
        return self.found[0][1], self.found[1][1]

    @property
    def key(self) -> object:
        """All that decides it: cases that are alike have one."""
        pieces = tuple(piece.key for piece in self.chosen)
        return tuple(self.readings.items()), pieces, tuple(self.events), self.own

    @property
    def raw(self) -> Raw:
        """The case as it would be written."""
        person = {name.partition(".")[2]: value for name, value in self.own}
        raw: Raw = {**self.space.around, "person": person, "convictions": [], "charges": []}
        for piece, event in zip(self.chosen, self.events, strict=True):
            raw[f"{piece.subject}s"].append({**piece.raw, "event": f"event {event}"})
        if self.request:
            raw["request"] = {"date": self.request.isoformat()}
        raw["readings"] = {**raw.get("readings", {}), **self.readings}
        return raw


@dataclass(frozen=True)
class Piece:
    """One item: what it would say in a case file, and what each version finds of it."""

    subject: Subject
    raw: Raw
    views: tuple[Sequence[ItemView], Sequence[ItemView]]  # of each, one for each way it is read

    @property
    def key(self) -> object:
        each = (view for views in self.views for view in views)
        return self.subject, *(tuple(view.truths.items()) for view in each)


@dataclass
class Space:
    """Cases of one act on one day under two programs, with any number of items."""

    programs: tuple[Program, Program]
    choices: tuple[Mapping[str, str | None], Mapping[str, str | None]]
    day: date
    around: Raw
    rng: Random
    cases: int = 0
    pieces: int = 0
    _items: dict[object, list[Piece]] = field(default_factory=dict)
    _read: dict[date | None, list[tuple[Raw, Record]]] = field(default_factory=dict)
    _judged: dict[object, tuple[frozenset[Outcome], frozenset[str]]] = field(default_factory=dict)

    # ------------------------------------------------------------ what varies
    def open_readings(self) -> Iterator[dict[str, str]]:
        """Every way to take the readings that both versions leave open, as a case can."""
        yield from ways(self.programs, self.open)

    @cached_property
    def open(self) -> list[str]:
        names = dict.fromkeys(name for program in self.programs for name in program.readings)
        return [n for n in names if all(c.get(n) is None for c in self.choices)]

    def taken(self, index: int, readings: Mapping[str, str]) -> list[Choices]:
        """The choices of one version, for each option of what it alone leaves open."""
        program, choices = self.programs[index], self.choices[index]
        left = [n for n in program.readings if choices[n] is None and n not in self.open]
        said = {**choices, **known(program, readings)}
        return [{**said, **way} for way in ways([program], left)]

    def edges(self, subject: Subject, name: str) -> set[date]:
        """Days that tests name of a date, and years that tests name."""
        return {
            day
            for program in self.programs
            for test in program.tests[subject]
            if test.fact == name
            for day in (test.expect.since, test.expect.before)
            if day
        }

    def years(self) -> set[int]:
        return {
            n
            for program in self.programs
            for subject in ("conviction", "charge")
            for test in program.tests[subject]
            if program.vocabulary.facts[subject, test.fact].derive
            for n in (test.expect.at_most, test.expect.at_least)
            if n is not None
        }

    def days_of_items(self, ends: Iterable[date]) -> list[date]:
        found = {PAST, self.day}
        for edge in self.edges("conviction", "date"):
            found |= {edge, later(edge, -1)}
        for end in ends:
            for years in self.years():
                for more in (-1, 0, 1):
                    near = add_years(end, -max(0, years + more))
                    found |= {later(near, n) for n in steps(near, end)}
        return sorted(day for day in found if day <= self.day)

    def requests(self) -> list[date | None]:
        """Days of the request: none stated, one before every limit, and a few beside a limit."""
        if not any(("case", "request.date") in p.behind for p in self.programs):
            return [None]
        edges = {self.day}
        for edge in self.edges("conviction", "date"):
            for years in self.years():
                edges |= {later(add_years(edge, years), n) for n in (0, 1)}
        found = sorted(day for day in edges if day <= self.day)
        return [None, PAST, *self.rng.sample(found, min(len(found), REQUESTS))]

    # ------------------------------------------------------------ items
    def items(self, readings: Mapping[str, str], request: date | None) -> list[Piece]:
        """Every item there can be, of those alike under both versions one each."""
        key = (*readings.items(), request)
        if key not in self._items:
            self._items[key] = self._pieces(readings, request)
        return self._items[key]

    def _pieces(self, readings: Mapping[str, str], request: date | None) -> list[Piece]:
        found: dict[object, Piece] = {}
        facts = Facts(self.day, self.facts({}, request).case, [])
        taken = [self.taken(i, readings) for i in (0, 1)]
        for raw, record in self._records(request):
            facts.items = [record]
            one, two = (
                tuple(view_item(self.programs[i], facts, record, way) for way in taken[i])
                for i in (0, 1)
            )
            piece = Piece(record.subject, raw, (one, two))
            found.setdefault(piece.key, piece)
            self.pieces += 1
        return list(found.values())

    def _records(self, request: date | None) -> list[tuple[Raw, Record]]:
        if request not in self._read:
            days = self.days_of_items([self.day, *([request] if request else [])])
            counted = any(("conviction", "sentencing_date") in p.behind for p in self.programs)
            sentenced = self.rng.sample(days, min(5, len(days))) if counted else []
            raws = list(self.raws(days, sentenced))
            found = []
            for start in range(0, len(raws), FEW):
                for name in ("charges", "convictions"):
                    part = [raw for key, raw in raws[start : start + FEW] if key == name]
                    read = self.facts({name: part}, request)
                    found += zip(part, read.items, strict=True)
            self._read[request] = found
        return self._read[request]

    @staticmethod
    def raws(days: Sequence[date], sentenced: Sequence[date]) -> Iterator[tuple[str, Raw]]:
        """Every item as it would be written, each of one list of a case."""
        for grade, attempt in product(("felony", "misdemeanor"), (True, False)):
            if (grade, attempt) != ("misdemeanor", True):
                yield "charges", {"grade": grade, "attempt": attempt}
            for day in days:
                own = {"grade": grade, "attempt": attempt, "date": day.isoformat()}
                yield "convictions", own
                for then in sentenced:
                    yield "convictions", {**own, "sentencing_date": then.isoformat()}

    def facts(self, lists: Raw, request: date | None) -> Facts:
        raw = {**self.around, **lists}
        if request:
            raw["request"] = {"date": request.isoformat()}
        return read_facts(as_case(raw), self.programs[0].vocabulary, Catalogue([]))

    # ------------------------------------------------------------ all of them
    def every(self, number: int) -> Iterator[Tried]:
        """Every case with so many items, one for each set of items that are not alike."""
        distinct = any(found.distinct for p in self.programs for found in p.founds)
        for readings in self.open_readings():
            taken = [self.taken(i, readings) for i in (0, 1)]
            for request in self.requests():
                pieces = self.items(readings, request)
                for chosen in combinations_with_replacement(pieces, number):
                    for events in partitions(number) if distinct else [tuple(range(number))]:
                        yield from self._every(readings, taken, request, chosen, events)

    def _every(
        self, readings: Mapping[str, str], taken: Sequence[Sequence[Choices]],
        request: date | None, chosen: Sequence[Piece], events: Sequence[int],
    ) -> Iterator[Tried]:  # fmt: skip
        sides = [
            [(choices, *self._held(i, way, chosen, events)) for way, choices in enumerate(taken[i])]
            for i in (0, 1)
        ]
        for own in CASES:
            self.cases += 1
            one, two = (self.ruled(i, sides[i], own) for i in (0, 1))
            yield Tried(self, readings, request, chosen, events, own, (one, two))

    def _held(
        self, index: int, way: int, chosen: Sequence[Piece], events: Sequence[int]
    ) -> tuple[Holdings, object]:
        views = []
        for piece, event in zip(chosen, events, strict=True):
            view = piece.views[index][way]
            views.append(replace(view, record=replace(view.record, event=f"event {event}")))
        held = holdings(self.programs[index], views)
        return held, (frozenset(held.held.items()), frozenset(held.found.items()))

    def ruled(
        self, index: int, under: Sequence[tuple[Choices, Holdings, object]], own: Own
    ) -> Ruled:
        """The outcome and the duties of a case under one version, undetermined where it may be."""
        program = self.programs[index]
        each = [self.judged(index, choices, held, what, own) for choices, held, what in under]
        found = frozenset(outcome for outcomes, _ in each for outcome in outcomes)
        doing = bool(found & OPEN)
        owed = frozenset(
            name for _, duties in each for name in duties
            if doing or program.rules[name].duty == "request"
        )  # fmt: skip
        return next(iter(found)) if len(found) == 1 else "undetermined", owed

    def judged(
        self, index: int, choices: Choices, held: Holdings, what: object, own: Own
    ) -> tuple[frozenset[Outcome], frozenset[str]]:
        """The outcomes, whatever nobody published, and the duties whose condition holds."""
        key = index, tuple(choices.items()), what, own
        if key not in self._judged:
            program = self.programs[index]
            values: Values = dict(own)
            values["agency.kind"] = self.around["agency"]["kind"]
            record = Record("case", 0, values, frozenset(values))
            found: set[Outcome] = set()
            owed: set[str] = set()
            for supposed in suppositions(program):
                judgment = judge(program, record, held, choices, supposed=supposed)
                found |= judgment.outcomes
                owed |= {k for k, t in judgment.truths.items() if program.rules[k].duty and t}
            self._judged[key] = frozenset(found), frozenset(owed)
        return self._judged[key]


def ways(programs: Sequence[Program], names: Iterable[str]) -> Iterator[dict[str, str]]:
    """Every way to take some readings."""
    options: dict[str, dict[str, None]] = {name: {} for name in names}
    for program in programs:
        for name in options.keys() & program.readings.keys():
            options[name] |= dict.fromkeys(present_options(program, program.readings[name]))
    for chosen in product(*options.values()):
        yield dict(zip(options, chosen, strict=True))


def steps(near: date, end: date) -> tuple[int, ...]:
    """Days beside an anniversary that count; about a leap day more of them."""
    leap = any((day.month, day.day) in ((2, 28), (2, 29), (3, 1)) for day in (near, end))
    return (-1, 0, 1, 2) if leap else (0, 1)


def later(day: date, step: int) -> date:
    return date.fromordinal(day.toordinal() + step)


def known(program: Program, readings: Mapping[str, str]) -> dict[str, str]:
    return {name: option for name, option in readings.items() if name in program.readings}


def suppositions(program: Program) -> list[Supposition]:
    """Every answer to what no policy publishes, and to whether a policy is in force yet."""
    names = sorted({name for item in program.local for name in unpublished_in(item.term)})
    live = [item.policy.id for item in program.local if item.in_force is None]
    return [
        Supposition(
            dict(zip(names, answers[: len(names)], strict=True)),
            dict(zip(live, answers[len(names) :], strict=True)),
        )
        for answers in product((True, False), repeat=len(names) + len(live))
    ]


def partitions(n: int, used: int = 0, at: int = 0) -> Iterator[tuple[int, ...]]:
    """Every way in which n items are of one event or of several."""
    if at == n:
        yield ()
        return
    for event in range(used + 1):
        for rest in partitions(n, max(used, event + 1), at + 1):
            yield (event, *rest)
