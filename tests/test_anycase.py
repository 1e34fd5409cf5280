"""Every case at once: the findings that cases can have, and the days that stand for others."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations_with_replacement, product
from random import Random
from typing import Any

import pytest

from tests.compared import compared, pairs_of, sides, space
from tests.everycase import Space, partitions
from tests.littlelaw import ACTION, Raw, bare, law, rule
from values_act.errors import InputError
from values_act.library import Library
from values_act.places import Scope, places
from values_act.readers.anycase import BARRING, EVENTS, HELD, AnyCase
from values_act.readers.mdd import TRUE
from values_act.versions import Side

GROUPS = [{"rule": "m-mark", "at_least": 3, "distinct": "event"}, {"rule": "g-alpha"}]


def made(*rules: Raw) -> Library:
    raw = law(Random(0))
    own = {
        "d-heavy": {"attempt": True}, "d-settled": {"person.in_custody": True},
        "g-alpha": {"grade": "felony"}, "m-mark": {"any": [{"grade": "felony"}, {"attempt": True}]},
    }  # fmt: skip
    raw["rules"] = [
        {**rule(Random(0), name, ["m-mark"]), "when": when} for name, when in own.items()
    ]
    for one in raw["rules"]:
        one.pop("effective", None)
        one.pop("ended", None)
    raw["rules"] += rules
    found = bare(raw, None)
    assert found is not None
    return found


def ruled(name: str, when: Any, **effect: Any) -> Raw:
    return {"id": name, "cite": "T", "title": name, "text": f"{name}.", "subject": ["case"],
            "source": {"title": "made up"}, "when": when, **effect}  # fmt: skip


def counting(at_least: int, **more: str) -> Raw:
    found = {"rule": "m-mark", "at_least": at_least, **more}
    return ruled("x-case", {"found": found}, excludes=[ACTION])


EVENT = {"distinct": "event"}
VERSIONS = {
    "three events, two events": (counting(3, **EVENT), counting(2, **EVENT)),
    "three items, two events": (counting(3), counting(2, **EVENT)),
    "one item, four items": (counting(1), counting(4)),
}


def everyone(a: Side, b: Side, day: date) -> AnyCase:
    place = next(iter(places(a, b, Scope((ACTION,), as_of=day))))
    return AnyCase(place.asked)


def vectors(every: AnyCase, own: Space, most: int) -> set[tuple[int, ...]]:
    """What so many convictions come to, by the reference, in the order of the variables."""
    effects = every.items["conviction"].effects
    names: dict[int, tuple[int, str]] = {}
    for index, version in enumerate(every.versions):
        for (subject, name), at in version.held_by.items():
            assert not name.startswith(BARRING)
            if subject == "conviction":
                names.setdefault(at, (index, name))
    pieces = [p for p in own.items({}, None) if p.subject == "conviction"]
    found = set()
    for chosen in combinations_with_replacement(pieces, most):
        for events in partitions(most):
            vector = []
            for at, effect in enumerate(effects):
                side, name = names[at]
                has = [p.views[side][0].effective[name] is True for p in chosen]
                where = {event for event, holds in zip(events, has, strict=True) if holds}
                vector.append(min(effect.items, sum(has)))
                if effect.events:
                    vector.append(min(effect.events, len(where)))
            found.add(tuple(vector))
    return found


@pytest.mark.parametrize("name", VERSIONS)
def test_findings_are_those_of_so_many_items_as_the_caps_say_and_one_more_adds_none(
    name: str,
) -> None:
    before, after = (made(one) for one in VERSIONS[name])
    a, b = sides(before, after)
    day = date(2019, 5, 6)
    every = everyone(a, b, day)
    own = space((before, after), day, (None, None), "sheriff", {}, Random(0))
    items = every.items["conviction"]
    levels = [
        level for level, variable in sorted(every.variables.items())
        if variable.kind in (HELD, EVENTS) and variable.record is items.record
    ]  # fmt: skip
    caps = sum(effect.items + effect.events for effect in items.effects)
    told = {
        vector
        for vector in product(*(range(len(every.variables[level].values)) for level in levels))
        if every.mdd.at(items.family, dict(zip(levels, vector, strict=True))) == TRUE
    }
    reached: set[tuple[int, ...]] = set()
    for number in range(caps + 1):
        reached |= vectors(every, own, number)
    assert told == reached
    assert vectors(every, own, caps + 1) <= told
    assert 1 < len(told) < len(list(product(*(every.variables[v].values for v in levels))))


@pytest.mark.parametrize("name", VERSIONS)
def test_counts_that_differ_are_told_with_the_outcomes_of_every_case(name: str) -> None:
    before, after = (made(one) for one in VERSIONS[name])
    _, act = compared(*sides(before, after), Scope((ACTION,)))
    assert act.kinds
    period = act.periods[0]
    own = space((before, after), period.day, (None, None), "sheriff", {}, Random(0))
    found = {tried.outcomes for number in range(5) for tried in own.every(number)}
    assert found == pairs_of(period)


def test_events_that_items_of_two_subjects_may_share_are_refused() -> None:
    shared = {
        **ruled("m-first", {"grade": "felony"}, marks=True),
        "subject": ["conviction", "charge"],
    }
    when = {"found": {"rule": "m-first", "at_least": 2, "distinct": "event"}}
    one = made(shared, ruled("x-case", when, excludes=[ACTION]))
    two = made(shared)
    with pytest.raises(InputError, match=r"m-first.*conviction and charge items"):
        compared(*sides(one, two), Scope((ACTION,)))


def test_an_event_has_each_effect_once_whatever_the_order_of_its_items() -> None:
    """Two events, each of items that share one of three effects: each effect of two events."""
    marks = [
        {**ruled(name, when, marks=True), "subject": ["conviction"]}
        for name, when in {
            "m-a": {"grade": "felony"}, "m-c": {"grade": "misdemeanor"},
        }.items()
    ]  # fmt: skip

    def exactly(rule: str) -> list[Any]:
        return [{"found": {"rule": rule, "at_least": 2, **EVENT}},
                {"not": {"found": {"rule": rule, "at_least": 3, **EVENT}}}]  # fmt: skip

    marks.append({**ruled("m-all", {"any": [{"grade": "felony"}, {"grade": "misdemeanor"}]},
                          marks=True), "subject": ["conviction"]})  # fmt: skip
    when = {"all": [*exactly("m-a"), *exactly("m-c"), *exactly("m-all")]}
    one, two = made(*marks, ruled("x-case", when, excludes=[ACTION])), made(*marks)
    _, act = compared(*sides(one, two), Scope((ACTION,)))
    assert {k.rule_before for k in act.kinds} == {"x-case"}
    assert len(act.kinds[0].witness["convictions"]) == 4


# ---------------------------------------------------------------- days
LIMITS = {
    "years and a leap day": (
        {"all": [{"date": {"from": date(2016, 2, 29)}}, {"years_since": {"at_most": 5}}]},
        {"all": [{"date": {"from": date(2016, 2, 29)}}, {"years_since": {"at_most": 4}}]},
    ),
    "two days, one apart": (
        {"all": [{"date": {"before": date(2014, 3, 1)}}, {"years_since": {"at_most": 6}}]},
        {"all": [{"date": {"before": date(2014, 2, 28)}}, {"years_since": {"at_most": 6}}]},
    ),
    "at least": (
        {"all": [{"date": {"from": date(2014, 6, 30)}}, {"years_since": {"at_least": 5}}]},
        {"all": [{"date": {"from": date(2014, 6, 29)}}, {"years_since": {"at_least": 5}}]},
    ),
}  # fmt: skip


def with_ground(when: Any) -> Library:
    one = {**ruled("g-window", when, permits=[ACTION], route="beta"), "subject": ["conviction"]}
    return made(one)


@pytest.mark.parametrize("name", LIMITS)
def test_each_day_answers_as_the_part_of_time_that_it_lies_in(name: str) -> None:
    a, b = sides(*(with_ground(when) for when in LIMITS[name]))
    whole = compared(a, b, Scope((ACTION,)))[1]
    days = {period.first for period in whole.periods if period.first}
    near = {day + timedelta(days=n) for day in days for n in range(-4, 5)}
    spread = {date(2018, 1, 4) + timedelta(days=97 * n) for n in range(30)}
    leap = {date(year, 2, 27) + timedelta(days=n) for year in range(2018, 2025) for n in range(4)}
    changing = set()
    for day in sorted(near | spread | leap):
        if day < date(2018, 1, 4):
            continue
        (part,) = [
            p for p in whole.periods
            if (p.first is None or p.first <= day) and (p.last is None or day <= p.last)
        ]  # fmt: skip
        alone = compared(a, b, Scope((ACTION,), as_of=day))[1]
        assert len(alone.periods) == 1
        assert pairs_of(alone.periods[0]) == pairs_of(part), day
        assert alone.verdict == part.verdict, day
        changing.add(alone.verdict)
    assert len(days) > 2
    assert "equivalent" in changing or len(changing) == 1
