"""Every complete case of a reduced space of facts, under two versions, by the reference alone.

Each word, each yes or no, each day beside a limit, each option of each open reading is tried. An
item counts only by what rules the reference finds of it, so of items alike under both versions one
stands for all; what the two versions have in common is decided once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations_with_replacement, product
from typing import Any

from models.dates import add_years
from models.law import Outcome, Rule, Subject
from values_act.casefacts import read_facts
from values_act.conditions import found_in, leaves
from values_act.decide import Decider
from values_act.kleene import holds
from values_act.program import Program, present_options, unpublished_in
from values_act.readers.reference import (
    ItemView,
    Supposition,
    holdings,
    judge,
    view_item,
)
from values_act.records import Facts, Record
from values_act.vocabulary import EARLIEST
from tests.scenes import Raw, as_case

Pair = tuple[Outcome, Outcome]
PAST = date(1950, 1, 1)
FEW = 100  # items read in one case


@dataclass(frozen=True)
class Tried:
    """A complete case as it would be written, with its outcome under each version."""

    raw: Raw
    outcomes: Pair
    duties: tuple[frozenset[str], frozenset[str]]
    key: object  # of all that decides it: cases alike have one


@dataclass(frozen=True)
class Piece:
    """One item: what it would say in a case file, and what each version finds of it."""

    subject: Subject
    raw: Raw
    views: tuple[ItemView, ItemView]

    @property
    def key(self) -> object:
        return self.subject, *(tuple(view.truths.items()) for view in self.views)


@dataclass
class Space:
    """Cases of one act on one day under two programs, with at most so many items."""

    programs: tuple[Program, Program]
    choices: tuple[Mapping[str, str | None], Mapping[str, str | None]]
    day: date
    around: Raw
    most: int = 2
    cases: int = 0
    pieces: int = 0
    _judged: dict[object, Any] = field(default_factory=dict)

    # ------------------------------------------------------------ what varies
    def open_readings(self) -> Iterator[dict[str, str]]:
        """Every way to take the readings that are left open."""
        names: dict[str, dict[str, None]] = {}
        for program, choices in zip(self.programs, self.choices, strict=True):
            for name, reading in program.readings.items():
                if choices.get(name) is None:
                    names.setdefault(name, {}).update(
                        dict.fromkeys(present_options(program, reading))
                    )
        for options in product(*names.values()):
            yield dict(zip(names, options, strict=True))

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
            found |= {around(edge, n) for n in (-1, 0)}
        for end in ends:
            for years in self.years():
                for more in (-1, 0, 1):
                    if years + more >= 0:
                        near = add_years(end, -years - more)
                        found |= {around(near, n) for n in (-1, 0, 1, 2)}
        return sorted(day for day in found if day <= self.day)

    def requests(self) -> list[date | None]:
        """Days of the request, and none stated."""
        if not any(("case", "request.date") in p.behind for p in self.programs):
            return [None]
        edges = {self.day, PAST, around(PAST, 900)}
        for edge in {*self.edges("conviction", "date"), self.day}:
            for years in self.years():
                near = add_years(edge, years)
                edges |= {around(near, n) for n in (-1, 0, 1)}
        return [None, *sorted(day for day in edges if day <= self.day)]

    def case_facts(self) -> Iterator[Raw]:
        for citizen, custody in product((True, False), repeat=2):
            yield {"us_citizen": citizen, "in_custody": custody}

    # ------------------------------------------------------------ items
    def items(self, readings: Mapping[str, str], request: date | None) -> list[Piece]:
        """Every item there can be, of those alike under both versions one each."""
        found: dict[object, Piece] = {}
        ends = [self.day, *([request] if request else [])]
        days = self.days_of_items(ends)
        sentenced = [None, *days[-3:]] if any(
            ("conviction", "sentencing_date") in p.behind for p in self.programs
        ) else [None]  # fmt: skip
        raws: list[tuple[Subject, str, Raw]] = []
        for grade, attempt in product(("felony", "misdemeanor"), (True, False)):
            if (grade, attempt) != ("misdemeanor", True):
                raws.append(("charge", "charges", {"grade": grade, "attempt": attempt}))
            for day in days:
                for later in sentenced:
                    if later is None or later >= day:
                        own = {"grade": grade, "attempt": attempt, "date": day.isoformat()}
                        own |= {"sentencing_date": later.isoformat()} if later else {}
                        raws.append(("conviction", "convictions", own))
        facts = self.facts({}, request)
        for start in range(0, len(raws), FEW):
            part = raws[start : start + FEW]
            lists = {k: [r for _, key, r in part if key == k] for k in ("charges", "convictions")}
            facts.items += sorted(
                self.facts(lists, request).items, key=lambda record: record.subject
            )
        raws.sort(key=lambda one: one[0])
        facts.items.sort(key=lambda record: record.subject)
        for (subject, _, raw), record in zip(raws, facts.items, strict=True):
            views = tuple(
                view_item(program, facts, record, {**choices, **known(program, readings)})
                for program, choices in zip(self.programs, self.choices, strict=True)
            )
            piece = Piece(subject, raw, (views[0], views[1]))
            found.setdefault(piece.key, piece)
        self.pieces += len(raws)
        return list(found.values())

    def facts(self, lists: Raw, request: date | None) -> Facts:
        raw = {**self.around, **lists}
        if request:
            raw["request"] = {"date": request.isoformat()}
        vocabulary = self.programs[0].vocabulary
        return read_facts(as_case(raw), vocabulary, EMPTY)  # type: ignore[arg-type]

    # ------------------------------------------------------------ all of them
    def every(self) -> Iterator[Tried]:
        """Every case, one for each set of items that are not alike."""
        for readings in self.open_readings():
            for request in self.requests():
                pieces = self.items(readings, request)
                distinct = any(found.distinct for p in self.programs for found in p.founds)
                for n in range(self.most + 1):
                    for chosen in combinations_with_replacement(pieces, n):
                        for events in partitions(n) if distinct else [tuple(range(n))]:
                            for own in self.case_facts():
                                self.cases += 1
                                yield self.decide(readings, request, chosen, events, own)

    def decide(
        self, readings: Mapping[str, str], request: date | None, chosen: Sequence[Piece],
        events: Sequence[int], own: Raw,
    ) -> Tried:  # fmt: skip
        raw: Raw = {**self.around, "person": own, "convictions": [], "charges": []}
        for piece, event in zip(chosen, events, strict=True):
            name = "convictions" if piece.subject == "conviction" else "charges"
            raw[name].append({**piece.raw, "event": f"event {event}"})
        if request:
            raw["request"] = {"date": request.isoformat()}
        raw["readings"] = {**raw.get("readings", {}), **readings}
        found = tuple(self.judged(i, readings, chosen, events, own) for i in (0, 1))
        key = (*readings.items(), *(piece.key for piece in chosen), *events, *own.values())
        outcomes, duties = (found[0][0], found[1][0]), (found[0][1], found[1][1])
        return Tried(raw, outcomes, duties, key)

    def judged(
        self, index: int, readings: Mapping[str, str], chosen: Sequence[Piece],
        events: Sequence[int], own: Raw,
    ) -> tuple[Outcome, frozenset[str]]:  # fmt: skip
        program = self.programs[index]
        choices = {**self.choices[index], **known(program, readings)}
        views = [replace(piece.views[index], record=replace(piece.views[index].record,
                                                            event=f"event {event}"))
                 for piece, event in zip(chosen, events, strict=True)]  # fmt: skip
        held = holdings(program, views)
        key = (index, tuple(choices.items()), tuple(own.items()),
               tuple(sorted(held.held.items())), tuple(sorted(held.found.items())))  # fmt: skip
        if key not in self._judged:
            values = {f"person.{name}": value for name, value in own.items()}
            values["agency.kind"] = self.around["agency"]["kind"]
            record = Record("case", 0, values, frozenset(values))
            found: set[Outcome] = set()
            owed: set[str] = set()
            for supposed in suppositions(program):
                judgment = judge(program, record, held, choices, supposed=supposed)
                found |= judgment.outcomes
                owed |= {k for k, t in judgment.truths.items() if program.rules[k].duty and t}
            doing = bool(found & {"permitted", "required", "not_regulated"})
            owed = {k for k in owed if doing or program.rules[k].duty == "request"}
            outcome = next(iter(found)) if len(found) == 1 else "undetermined"
            self._judged[key] = outcome, frozenset(owed)
        return self._judged[key]  # type: ignore[no-any-return]


def around(day: date, step: int) -> date:
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


class _Empty:
    """A catalogue of no offense: no case of these tests names one."""


EMPTY = _Empty()
