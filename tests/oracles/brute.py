"""Every filling of what a small case leaves open, one by one, through the reference alone.

It shares nothing with the program's own search: each unknown raw fact takes each value that can
make a difference, each open reading each option, an item without a named event every event it may
be of, what no policy publishes both answers. Forbidden combinations are left out, and the whole
case is evaluated anew.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import prod

from models.dates import add_years
from models.law import Condition, Derivation, Outcome, Subject, Test
from values_act.conditions import facts_of, found_in, leaves
from values_act.kleene import holds
from values_act.program import Program
from values_act.readers.reference import Choices, Supposition, holdings, judge, view_item
from values_act.records import Facts, Record
from values_act.vocabulary import Open, Span, Value, Values

MAX_FILLINGS = 2_000
EVERY_DAY = 40  # a range as short as this is tried whole
READING, PUBLISHED, LIVE = "reading", "unpublished", "policy"
OFFENSE, EVENT = "offense", "event"
LOOKED_UP = "looked_up"


class TooLargeError(Exception):
    """The case has more fillings than brute force should try."""


@dataclass(frozen=True)
class Axis:
    """One thing left open, of one record or of the case, and all that it may be."""

    record: int  # 0 for the case
    kind: str  # fact, offense, event, reading, unpublished or policy
    name: str
    values: tuple[object, ...]


@dataclass(frozen=True)
class Found:
    """What all fillings come to."""

    outcomes: frozenset[Outcome]
    missing: frozenset[tuple[str, str]]  # (record, fact); looked-up facts as the offense
    contested: frozenset[str]  # open readings whose options differ
    counts: Mapping[Outcome, int]  # fillings of each outcome

    @property
    def fillings(self) -> int:
        return sum(self.counts.values())


# ---------------------------------------------------------------- what is open


def axes_of(program: Program, facts: Facts, choices: Choices) -> list[Axis]:
    axes: list[Axis] = []
    for index, record in enumerate(facts.records()):
        assert not record.phantom
        looked = {name for variant in record.variants for name in variant.values}
        if record.variants:
            axes.append(Axis(index, OFFENSE, OFFENSE, tuple(offenses(record, looked))))
        for name, value in record.values.items():
            unknown = isinstance(value, (Open, Span)) and name not in looked
            if unknown and matters(program, record, name):
                axes.append(Axis(index, "fact", name, tuple(points(program, facts, record, name))))
    axes += events(program, facts)
    for name, reading in program.readings.items():
        if choices[name] is None:
            axes.append(Axis(0, READING, name, tuple(options(program, name, reading.role))))
    hidden = {leaf.name for item in program.local for leaf in leaves(item.term.when)
              if not isinstance(leaf, Test) and hasattr(leaf, "name")}  # fmt: skip
    hidden |= {item.term.name for item in program.local if item.term.name}
    axes += [Axis(0, PUBLISHED, name, (True, False)) for name in sorted(hidden)]
    unsure = [item.policy.id for item in program.local if item.in_force is None]
    return axes + [Axis(0, LIVE, name, (True, False)) for name in unsure]


def offenses(
    record: Record, looked: set[str]
) -> Iterator[tuple[str, tuple[tuple[str, Value], ...]]]:
    """Each catalogued offense it may be, with what its row leaves open filled in."""
    names = sorted(looked)
    for variant in record.variants:
        spans = [choices_of(variant.values.get(name, record.values[name])) for name in names]
        for each in itertools.product(*spans):
            yield variant.cite, tuple(zip(names, each, strict=True))


def choices_of(value: Value) -> tuple[Value, ...]:
    return value.choices if isinstance(value, Open) else (value,)


def events(program: Program, facts: Facts) -> Iterator[Axis]:
    """Any item whose event nobody named may share one with any other item, or with none."""
    if not any(found.distinct for when in conditions(program) for found in found_in(when)):
        return
    named = {record.event for record in facts.items if record.event is not None}
    blank = [index for index, r in enumerate(facts.items, 1) if r.event is None]
    labels = (*sorted(named), *(f"further {n}" for n in range(len(blank))))
    for index in blank:
        yield Axis(index, EVENT, EVENT, labels)


def options(program: Program, name: str, role: str) -> list[str]:
    """Options of an open reading; of whose policy it is, those that some policy speaks for."""
    every = list(program.readings[name].options)
    present = {item.policy.authority for item in program.local}
    return [o for o in every if role == "rules" or o in present] or every


def conditions(program: Program) -> list[Condition | None]:
    rules = [rule.when for rule in program.rules.values()]
    return [*rules, *(item.term.when for item in program.local)]


def matters(program: Program, record: Record, name: str) -> bool:
    """Whether any test, or any derived fact that is tested, or a forbidden combination reads it."""
    reads = program.reads[record.subject]
    if name in reads:
        return True
    for other in reads:
        derive = program.vocabulary.facts[record.subject, other].derive
        if derive and name == derive.years_from.otherwise:
            return True
        if derive and name in derive.years_from.options.values() and name in record.stated:
            return True  # a date that a reading may count from, if the case gives it at all
    if record.subject == "case" and name in record.stated and any(counted_to(program, name)):
        return True  # a date that a reading may count to
    nevers = program.vocabulary.never.get(record.subject, ())
    named = (set(facts_of(never.when)) for never in nevers)
    return any(name in names and not names.isdisjoint(reads) for names in named)


def counted_to(program: Program, name: str) -> Iterator[tuple[Test, Derivation, Subject]]:
    """Tests of years that a reading may count to a date of the case."""
    for subject, tests in program.tests.items():
        for test in tests:
            derive = program.vocabulary.facts[subject, test.fact].derive
            if derive and name in derive.years_to.options.values():
                yield test, derive, subject


# ---------------------------------------------------------------- what it may be


def points(program: Program, facts: Facts, record: Record, name: str) -> Iterator[Value]:
    """Each word; each day of a short range; else one of every stretch that no limit cuts."""
    value = record.values[name]
    if isinstance(value, Open):
        yield from value.choices
        return
    assert isinstance(value, Span)
    if value.high - value.low <= EVERY_DAY:
        yield from range(value.low, value.high + 1)
        return
    cuts = {value.low, value.high, (value.low + value.high) // 2}
    if record.subject == "case":
        cuts |= ends_of_windows(program, facts, name)
    for when in conditions(program):
        for leaf in leaves(when):
            if isinstance(leaf, Test) and (record.subject, leaf.fact) in program.vocabulary.facts:
                cuts |= limits(program, facts, record, name, leaf)
    yield from sorted(c for c in cuts if value.low <= c <= value.high)


def limits(program: Program, facts: Facts, record: Record, name: str, test: Test) -> set[int]:
    expect, spec = test.expect, program.vocabulary.facts[record.subject, test.fact]
    bounds = bounds_of(test)
    if test.fact == name:
        bounds += [d.toordinal() for d in (expect.since, expect.before) if d]
        bounds += [int(v) for v in expect.values if not isinstance(v, str)]
        return {bound + step for bound in bounds for step in (-1, 0, 1)}
    if spec.derive is None or name not in starts_of(spec.derive):
        return set()
    ends = [facts.day]
    for fact in spec.derive.years_to.options.values():
        if fact in facts.case.stated:
            ends += map(date.fromordinal, days(program, facts, facts.case, fact))
    starts = {add_years(end, -years + more) for end in ends for years in bounds for more in (0, 1)}
    return {start.toordinal() + step for start in starts for step in range(-3, 4)}


def starts_of(derive: Derivation) -> set[str]:
    """Dates that a reading may count from."""
    return {derive.years_from.otherwise, *derive.years_from.options.values()}


def bounds_of(test: Test) -> list[int]:
    return [n for n in (test.expect.at_most, test.expect.at_least) if n is not None]


def days(program: Program, facts: Facts, record: Record, name: str) -> list[int]:
    """The day of a date, or those that stand for it where it is open."""
    value = record.values[name]
    found = points(program, facts, record, name) if isinstance(value, Span) else (value,)
    return [int(str(day)) for day in found]


def ends_of_windows(program: Program, facts: Facts, name: str) -> set[int]:
    """Days about those on which a window of years ends that a reading may count to a date."""
    found: set[int] = set()
    for test, derive, subject in counted_to(program, name):
        starts = starts_of(derive)
        records = [record for record in facts.items if record.subject == subject]
        edges = {edge for r in records for start in starts for edge in edges_of(r.values[start])}
        edges |= {
            day.toordinal()
            for other in program.tests[subject]
            if other.fact in starts
            for day in (other.expect.since, other.expect.before)
            if day
        }
        found |= {
            add_years(date.fromordinal(edge), years + more).toordinal() + step
            for edge in edges
            for years in bounds_of(test)
            for more in (-1, 0)
            for step in range(-3, 4)
        }
    return found


def edges_of(value: Value) -> tuple[int, int]:
    return value if isinstance(value, Span) else (int(str(value)), int(str(value)))


# ---------------------------------------------------------------- one filling


def outcome_of(
    program: Program,
    facts: Facts,
    choices: Choices,
    axes: list[Axis],
    filling: tuple[object, ...],
) -> Outcome | None:
    """The outcome under one filling; None if no case may be so."""
    records = [replace(record, values=dict(record.values)) for record in facts.records()]
    taken = dict(choices)
    supposed: dict[str, dict[str, bool]] = {PUBLISHED: {}, LIVE: {}}
    for axis, value in zip(axes, filling, strict=True):
        target: Values = records[axis.record].values
        if axis.kind == OFFENSE:
            target.update(value[1])  # type: ignore[index]  # a citation and its facts
        elif axis.kind == EVENT:
            records[axis.record].event = str(value)
        elif axis.kind == READING:
            taken[axis.name] = str(value)
        elif axis.kind in supposed:
            supposed[axis.kind][axis.name] = bool(value)
        else:
            target[axis.name] = value  # type: ignore[assignment]
    if not allowed(program, records):
        return None
    full = Facts(facts.day, records[0], records[1:])
    items = [view_item(program, full, record, taken) for record in full.items]
    given = Supposition(supposed[PUBLISHED], supposed[LIVE])
    judgment = judge(program, full.case, holdings(program, items), taken, supposed=given)
    assert len(judgment.outcomes) == 1, judgment.outcomes
    return next(iter(judgment.outcomes))


def allowed(program: Program, records: Iterable[Record]) -> bool:
    return not any(
        holds(never.when, record.values) is True
        for record in records
        for never in program.vocabulary.never.get(record.subject, ())
    )


# ---------------------------------------------------------------- all of them


def brute(program: Program, facts: Facts, choices: Choices, most: int = MAX_FILLINGS) -> Found:
    """Try every filling.

    Raises:
        TooLargeError: there are too many.
    """
    axes = axes_of(program, facts, choices)
    if prod(len(axis.values) for axis in axes) > most:
        raise TooLargeError
    tried = {
        filling: outcome_of(program, facts, choices, axes, filling)
        for filling in itertools.product(*(axis.values for axis in axes))
    }
    by_filling = {filling: outcome for filling, outcome in tried.items() if outcome is not None}
    missing: set[tuple[str, str]] = set()
    contested: set[str] = set()
    for index, axis in enumerate(axes):
        if axis.kind == READING:
            if options_differ(by_filling, axes, index):
                contested.add(axis.name)
            continue
        groups: dict[tuple[object, ...], set[Outcome]] = {}
        for key, outcome in by_filling.items():
            groups.setdefault((*key[:index], *key[index + 1 :]), set()).add(outcome)
        if any(len(found) > 1 for found in groups.values()):
            record = list(facts.records())[axis.record]
            missing.add((record.name, said(program, record, axis)))
    return Found(
        frozenset(by_filling.values()), frozenset(missing), frozenset(contested),
        Counter(by_filling.values()),
    )  # fmt: skip


def options_differ(
    by_filling: dict[tuple[object, ...], Outcome], axes: list[Axis], index: int
) -> bool:
    """Whether some choice of the other readings leaves other outcomes under each option."""
    readings = [i for i, axis in enumerate(axes) if axis.kind == READING and i != index]
    found: dict[tuple[object, ...], dict[object, set[Outcome]]] = {}
    for key, outcome in by_filling.items():
        rest = tuple(key[i] for i in readings)
        found.setdefault(rest, {}).setdefault(key[index], set()).add(outcome)
    return any(len(set(map(frozenset, each.values()))) > 1 for each in found.values())


def said(program: Program, record: Record, axis: Axis) -> str:
    """The name by which a person is asked for it."""
    if axis.kind in (PUBLISHED, LIVE):
        return f"{axis.kind} {axis.name}"
    spec = program.vocabulary.get(record.subject, axis.name)
    return OFFENSE if spec is not None and spec.origin == LOOKED_UP else axis.name
