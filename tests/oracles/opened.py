"""What each thing that a rule may ask for can be, and when: its cases, over the axes of a case.

The cases of a thing exclude each other and leave nothing out; a thing that is known has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product
from typing import Any

from models.dates import add_years
from models.law import Choice, Derivation, Expect
from tests.oracles.brute import EVENT, OFFENSE, PUBLISHED, READING, Axis
from tests.oracles.formula import FALSE, TRUE, Atom, Formula, every, some
from values_act.readers.reference import Choices
from values_act.records import Facts
from values_act.vocabulary import Open, Span

Cases = tuple[tuple[Formula, Any], ...]  # when, and what it is then
FACT = "fact"


class UnreadableError(Exception):
    """A rule asks for what is open and is on no axis."""


class Opened:
    """The cases of facts, readings, events and local matters of one case."""

    def __init__(self, facts: Facts, choices: Choices, axes: Sequence[Axis]) -> None:
        self.records = list(facts.records())
        self.day = facts.day
        self.choices = choices
        self.axes = {(axis.record, axis.kind, axis.name): n for n, axis in enumerate(axes)}
        self.values = [axis.values for axis in axes]

    def on_axis(self, record: int, kind: str, name: str) -> Cases:
        """The values of an axis; none where there is no such axis."""
        number = self.axes.get((record, kind, name))
        if number is None:
            return ()
        return tuple((Atom(number, n), value) for n, value in enumerate(self.values[number]))

    # ------------------------------------------------------------ facts
    def raw(self, record: int, name: str) -> Cases:
        """A fact that is stated or looked up; what nobody gives is false."""
        if any(name in variant.values for variant in self.records[record].variants):
            offenses = self.on_axis(record, OFFENSE, OFFENSE)
            return gathered((when, dict(row)[name]) for when, (_, row) in offenses)
        known = self.records[record].values.get(name, False)
        return self.on_axis(record, FACT, name) or ((TRUE, known),)

    def years(self, record: int, derive: Derivation) -> Cases:
        """Whole years from one day to another, each as a reading chooses it."""
        starts = self._days(record, derive.years_from)
        ends = self._days(0, derive.years_to)
        how = gathered((when, o == "inside") for when, o in self.option(derive.anniversary))
        return gathered(
            (every([one, other, which]), whole_years(_day(start), _day(end), inside))
            for (one, start), (other, end), (which, inside) in product(starts, ends, how)
        )

    def _days(self, record: int, choice: Choice) -> Cases:
        """The day that a reading chooses, if the case gives it; that of the act has no name."""
        found = []
        for when, option in self.option(choice.reading):
            name = choice.options.get(option, choice.otherwise)
            if name not in self.records[record].stated:
                name = choice.otherwise
            if name in self.records[record].values:
                found += [(every([when, then]), day) for then, day in self.raw(record, name)]
            else:
                found.append((when, self.day.toordinal()))
        return gathered(found)

    # ------------------------------------------------------------ all else
    def option(self, reading: str) -> Cases:
        taken = self.choices.get(reading)
        cases = ((TRUE, taken),) if taken is not None else self.on_axis(0, READING, reading)
        if not cases:
            raise UnreadableError(f"reading {reading}")
        return cases

    def event(self, record: int) -> Cases:
        named = self.records[record].event
        return ((TRUE, named),) if named is not None else self.on_axis(record, EVENT, EVENT)

    def yes(self, kind: str, name: str) -> Formula:
        """Whether a part of a policy that nobody published opens, or a policy is live."""
        cases = self.on_axis(0, kind, name)
        if not cases:
            raise UnreadableError(f"{kind} {name}")
        return some(when for when, value in cases if value)

    def published(self, name: str) -> Formula:
        return self.yes(PUBLISHED, name)


def gathered(cases: Iterable[tuple[Formula, Any]]) -> Cases:
    """The same cases, each value once."""
    found: dict[Any, list[Formula]] = {}
    for when, value in cases:
        if when is not FALSE:
            found.setdefault(value, []).append(when)
    return tuple((some(when), value) for value, when in found.items())


def _day(value: object) -> date:
    if not isinstance(value, int):
        raise UnreadableError(f"{value} is not a day")
    return date.fromordinal(value)


def whole_years(start: date, end: date, inside: bool) -> int:
    """Smallest whole n for which `end` lies within n years of `start`; 0 if it is before it."""
    if end < start:
        return 0
    years = end.year - start.year
    last = add_years(start, years)
    return years if end < last or (end == last and inside) else years + 1


def meets(expect: Expect, value: Any) -> bool:
    """Whether a known value is what a test wants; days are ordinals."""
    if expect.values:
        return value in expect.values
    return (
        (expect.at_least is None or value >= expect.at_least)
        and (expect.at_most is None or value <= expect.at_most)
        and (expect.since is None or value >= expect.since.toordinal())
        and (expect.before is None or value < expect.before.toordinal())
    )


def is_open(value: object) -> bool:
    return isinstance(value, (Open, Span))
