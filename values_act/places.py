"""Where two versions of the law are to be compared: each act, span of days, county and agency."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from models.law import Rule
from models.policy import County
from values_act.conditions import found_in
from values_act.days import ALWAYS, DAY, Days, days_of
from values_act.program import (
    Live,
    assemble,
    live,
    local_rules,
    present_options,
    span_starts,
)
from values_act.reach import reached
from values_act.readers.layout import Asked, critical_days
from values_act.sameness import bearing, choices_of, equal
from values_act.versions import Side
from values_act.vocabulary import Open, Value

AGENCY = "agency.kind"  # the fact that policies ask whom they bind by
_ANY_DAY = date(2018, 1, 1)  # of laws of which nothing has a date
_LEAP = frozenset({(2, 28), (2, 29), (3, 1)})


@dataclass(frozen=True, slots=True)
class Place:
    """An act on days over which neither version changes, as one day asks it of both.

    Attributes:
        counties: of each side, whose policies count.
        agencies: kinds of agency that the policies bind alike; none: any.
        readings: options taken that are not the default, so that a changed rule is live.
        given: what follows for the facts of the case.
    """

    action: str
    counties: tuple[str | None, str | None]
    agencies: tuple[str, ...]
    first: date | None
    last: date | None
    asked: tuple[Asked, Asked]
    readings: Mapping[str, str]
    given: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared: acts, one county or those that differ, one day or all time.

    `cuts`: days on which a new span begins, though no rule changes; `every`: places at which both
    sides have the same rules too.
    """

    actions: Sequence[str]
    county: str | None = None
    as_of: date | None = None
    cuts: Collection[date] = ()
    every: bool = False


def places(a: Side, b: Side, scope: Scope) -> Iterator[Place]:
    """Every place at which the two sides have different rules; elsewhere they are equal.

    Raises:
        InputError: there is no such county.
    """
    for counties in _counties(a, b, scope):
        for first, last in _spans(a, b, counties, scope):
            for action in scope.actions:
                yield from _at(a, b, counties, (first, last), action, every=scope.every)


def _counties(a: Side, b: Side, scope: Scope) -> Iterator[tuple[County | None, County | None]]:
    """State law alone, then each county whose policies differ, or the one asked for."""
    if scope.county is not None:
        yield a.library.county(scope.county), b.library.county(scope.county)
    elif a.county is not None or b.county is not None:
        yield (
            a.library.county(a.county) if a.county else None,
            b.library.county(b.county) if b.county else None,
        )
    else:
        yield None, None
        if a.library is not b.library:
            changed = _changed_rules(a, b)
            for name in sorted({*a.library.county_names, *b.library.county_names}):
                pair = a.library.find_county(name), b.library.find_county(name)
                if not _same_county(*pair) or _looks_at(a, b, pair, changed):
                    yield pair


def _changed_rules(a: Side, b: Side) -> set[str]:
    """Rules of either side that the other has not, or has otherwise."""
    first, second = _pool(a), _pool(b)
    return {
        key
        for key in {**first, **second}
        if key not in first or key not in second or bearing(first[key]) != bearing(second[key])
    }


def _pool(side: Side) -> dict[str, Rule]:
    library = side.library
    parts = (*library.definitions, *library.parts(side.law))
    return {rule.id: rule for part in parts for rule in part.rules}


def _looks_at(
    a: Side, b: Side, counties: tuple[County | None, County | None], changed: set[str]
) -> bool:
    """Whether the policies of a county look at a rule that changed, itself or through others."""
    for side, county in zip((a, b), counties, strict=True):
        if county is None or not changed:
            continue
        own = [term.when for policy in county.policies for term in policy.actions.values()]
        pool = {**_pool(side), **{rule.id: rule for rule in county.rules}}
        if changed & reached(pool, county.rules, own).keys():
            return True
    return False


def _same_county(a: County | None, b: County | None) -> bool:
    if a is None or b is None:
        return a is b
    return [bearing(p) for p in a.policies] == [bearing(p) for p in b.policies] and [
        bearing(r) for r in a.rules
    ] == [bearing(r) for r in b.rules]


def _spans(
    a: Side, b: Side, counties: tuple[County | None, County | None], scope: Scope
) -> Iterator[tuple[date | None, date | None]]:
    """Spans of days over which the live rules of neither side change."""
    day = scope.as_of or a.as_of or b.as_of
    if day is not None:
        yield day, day
        return
    starts = {
        start
        for side, county in zip((a, b), counties, strict=True)
        for start in span_starts(side.library, side.law, county)
    } | set(scope.cuts)
    days = both_in_force(a, b)
    if days.first > date.min:
        starts.add(days.first)
    inside = sorted(start for start in starts if days.first <= start <= days.last)
    before = [None] if days.first == date.min else []
    ends = [start - DAY for start in inside if start > days.first]
    last = None if days.last == date.max else days.last
    yield from zip([*before, *inside], [*ends, last], strict=True)


def both_in_force(a: Side, b: Side) -> Days:
    """The days that are compared: of one law in two versions, all; of two laws, those of both.

    Where two laws were never in force together, the days of the second.
    """
    if a.law == b.law:
        return ALWAYS
    first, second = (days_of(side.library.law(side.law)) or ALWAYS for side in (a, b))
    return first.meet(second) or second


def _at(
    a: Side, b: Side, counties: tuple[County | None, County | None],
    span: tuple[date | None, date | None], action: str, *, every: bool,
) -> Iterator[Place]:  # fmt: skip
    day = span[0] or span[1] or _ANY_DAY
    sides = tuple(zip((a, b), counties, strict=True))
    for agencies in _agencies(sides, day, action):
        kind = agencies[0] if agencies else None
        if not every and _only_policies(a, b) and not any(
            local_rules(county, kind, day, action) for county in counties
        ):  # fmt: skip
            continue
        alike = a is b and counties[0] is counties[1]
        found = [
            live(side.library, side.law, side.as_of or day, action, county, kind)
            for side, county in (sides[:1] if alike else sides)
        ]
        each = [
            _asked(side, one, side.as_of or day, action)
            for side, one in zip((a, b), found, strict=False)  # one, if both are alike
        ]
        found, asked = [found[0], found[-1]], (each[0], each[-1])
        if not every and equal(*asked):
            continue
        names = tuple(county.county if county else None for _, county in sides)
        given: dict[str, Value] = {}
        if agencies:
            given[AGENCY] = agencies[0] if len(agencies) == 1 else Open(agencies)
        one_law = a.law == b.law
        ways = _readings(found, asked) if one_law else [{}]
        for readings in (way for way in ways if all(_sayable(a, b, *one) for one in way.items())):
            taken = tuple(replace(v, choices={**v.choices, **_known(v, readings)}) for v in asked)
            for first, last in _parts(span, taken):
                on = _representative(first, last)
                one = replace(taken[0], day=a.as_of or on)
                two = one if alike else replace(taken[1], day=b.as_of or on)
                yield Place(
                    action, (names[0], names[1]), agencies, first, last, (one, two), readings, given
                )


def _only_policies(a: Side, b: Side) -> bool:
    """Whether nothing but policies of counties can make the two sides differ."""
    return (a.library, a.law, a.readings, a.as_of) == (b.library, b.law, b.readings, b.as_of)


def _known(asked: Asked, readings: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in readings.items() if k in asked.program.readings}


def _sayable(a: Side, b: Side, name: str, option: str) -> bool:
    """Whether a case can take a reading so and be decided by both sides."""
    return all(option in options_known(side, name) for side in (a, b))


def options_known(side: Side, name: str) -> Collection[str]:
    """The options of a reading that a case can take under a side; none: it has no such reading."""
    reading = side.library.readings_beside(side.law).get(name) or side.library.readings.get(name)
    return reading.options.keys() if reading else ()


def split(place: Place, sides: Sequence[Side]) -> tuple[list[Asked], list[Asked]]:
    """Both sides of a place; one that leaves open what the other does not, once for each option.

    What both leave open with the same options is left open: a case can say it, and is compared
    under each option.
    """
    names = dict.fromkeys(name for asked in place.asked for name in asked.program.readings)
    alone = [name for name in names if not _open_alike(name, place.asked, sides)]
    one, two = (_under_each(asked, alone) for asked in place.asked)
    return one, two


def _open_alike(name: str, asked: Sequence[Asked], sides: Sequence[Side]) -> bool:
    """Whether no side takes an option of a reading, and both know the same ones."""
    options = [set(options_known(side, name)) for side in sides]
    return options[0] == options[1] and all(one.choices.get(name) is None for one in asked)


def _under_each(asked: Asked, names: Sequence[str]) -> list[Asked]:
    """One side under each way to take those of some readings that it leaves open."""
    readings = asked.program.readings
    left = [n for n in names if n in readings and asked.choices.get(n) is None]
    ways = product(*(present_options(asked.program, readings[name]) for name in left))
    return [
        replace(asked, choices={**asked.choices, **dict(zip(left, way, strict=True))})
        for way in ways
    ] if left else [asked]  # fmt: skip


def _readings(found: Sequence[Live], asked: Sequence[Asked]) -> list[dict[str, str]]:
    """The defaults; and each other way to take readings so that a rule that changed has effect."""
    first, second = (one.rules for one in found)
    changed = {
        key
        for key in {**first, **second}
        if key not in first or key not in second
        or (first[key] is not second[key] and bearing(first[key]) != bearing(second[key]))
    }  # fmt: skip
    return ways(asked, changed)


def ways(asked: Sequence[Asked], changed: Collection[str]) -> list[dict[str, str]]:
    """The defaults; and each other way to take readings so that some rules have effect.

    Those are the options that such a rule asks for, or a rule that rests on it, where they are
    not taken.
    """
    found: dict[frozenset[tuple[str, str]], None] = {frozenset(): None}
    for one in asked:
        for rule in _resting(one, changed):
            shut = {
                name: options
                for name, options in rule.reading.items()
                if one.choices.get(name) is not None and one.choices[name] not in options
            }
            for taken in product(*shut.values()) if shut else ():
                found[frozenset(zip(shut, taken, strict=True))] = None
    return [dict(sorted(way)) for way in found]


def _resting(asked: Asked, changed: Collection[str]) -> list[Rule]:
    """Rules that changed, and all that test what they define or count what they find."""
    program = asked.program
    left = {key: rule for key, rule in program.rules.items() if key in changed}
    todo = list(left.values())
    while todo:
        rule = todo.pop()
        for other in program.rules.values():
            tests = rule.defines in program.tested[other.id] if rule.defines else False
            counts = any(found.rule == rule.id for found in found_in(other.when))
            if other.id not in left and (tests or counts):
                left[other.id] = other
                todo.append(other)
    return list(left.values())


def _agencies(
    sides: Sequence[tuple[Side, County | None]], day: date, action: str
) -> list[tuple[str, ...]]:
    """Kinds of agency, together where the policies bind them alike; of no county, all at once."""
    if all(county is None for _, county in sides):
        return [()]
    groups: dict[object, list[str]] = {}
    for kind in sides[0][0].library.vocabulary.facts["case", AGENCY].words:
        bound = tuple(
            tuple(item.policy.id for item in local_rules(county, kind, side.as_of or day, action))
            for side, county in sides
        )
        groups.setdefault(bound, []).append(kind)
    return [tuple(kinds) for kinds in groups.values()]


def _asked(side: Side, found: Live, day: date, action: str) -> Asked:
    program = assemble(side.library, side.law, action, found)
    return Asked(program, day, choices_of(side, program))


def asked_of(side: Side, day: date, action: str, scope: Scope) -> Asked:
    """What is asked of one side for an act on a day."""
    name = scope.county or side.county
    county = side.library.county(name) if name else None
    return _asked(side, live(side.library, side.law, day, action, county), day, action)


def days_of_law(side: Side, scope: Scope) -> list[date]:
    """A day of each span over which the live rules of a law do not change."""
    if scope.as_of is not None or side.as_of is not None:
        return [scope.as_of or side.as_of or _ANY_DAY]
    return sorted(span_starts(side.library, side.law)) or [_ANY_DAY]


# ---------------------------------------------------------------- days


def _parts(
    span: tuple[date | None, date | None], asked: Iterable[Asked]
) -> Iterator[tuple[date | None, date | None]]:
    """A span in parts over which the limits of dates lie in one order."""
    first, last = span
    if first == last and first is not None:
        yield first, last
        return
    inside = sorted(
        day for day in critical_days(asked)
        if (first is None or day > first) and (last is None or day <= last)
    )  # fmt: skip
    for start, following in zip([first, *inside], [*inside, None], strict=True):
        yield start, following - DAY if following else last


def _representative(first: date | None, last: date | None) -> date:
    """A day that stands for a span: its first that lies beside no leap day, if there is one.

    Around a leap day two anniversaries fall on one day, or none does, so such a day tells less.
    """
    if first is None:
        return last or _ANY_DAY
    day = first
    while (day.month, day.day) in _LEAP and (last is None or day < last):
        day += DAY
    return first if (day.month, day.day) in _LEAP else day
