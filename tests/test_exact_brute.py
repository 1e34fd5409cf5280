"""Many small cases, often with several items of one subject, held against brute force."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from random import Random

import pytest

from models.dates import add_years
from tests.generate import Maker
from tests.oracles.brute import TooLargeError, brute
from tests.scenes import DAY, Raw, Scene, acts, as_case, law_names, library, scene, with_policy
from tests.test_fillings import (
    Made,
    agreed,
    anything,
    dates_about_a_window,
    events,
    items_in,
    items_of_a_ground,
    linked_facts,
    on_record,
    small_readings,
)
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.decide import Decider

CHUNKS, WANTED = 10, 504
MOST = 48  # fillings of one case
WAYS = 6  # in which a case made is opened
LEAST = {
    "undetermined": 0.06,
    "permitted": 0.06,
    "several fillings": 0.4,
    "several of a subject": 0.15,
    "missing of an item": 0.01,
    "first day of a window": 0.005,
    "a day too early for a window": 0.003,
}  # of each chunk


def several(rng: Random, place: Scene) -> Made:
    """Up to three items of any subjects."""
    maker = Maker(rng, place)
    return maker, maker.case(most=3, gaps=(0,))


def doubled(rng: Random, place: Scene) -> Made:
    """Two or three items that one rule holds for, or one with its double."""
    made = on_record(rng, place, lambda rule: not rule.duty, rng.choice([1, 2, 3]))
    for items in items_in(made[1]).values() if made else ():
        if len(items) == 1:
            items.append(copy.deepcopy(items[0]))
    return made


def edges(rng: Random, place: Scene) -> Made:
    """Two items of a ground, dated on either side of where some window of years begins."""
    program = place.program
    made = on_record(rng, place, lambda rule: bool(rule.permits and program.windows[rule.id]), 2)
    for item in chain(*items_in(made[1]).values()) if made else ():
        years = rng.choice(sorted(n for rule in program.windows.values() for _, n in rule))
        start = add_years(made[0].day, -years)
        item["date"] = (start + rng.choice((-1, 0, 0, 1)) * DAY).isoformat()
    return made


KINDS = (anything, several, doubled, items_of_a_ground, doubled, edges, dates_about_a_window,
         events, linked_facts)  # fmt: skip


def place_for(rng: Random) -> Scene:
    """Any scene, or the one of two whose rules look more at items."""
    drawn = [scene(rng, law, rng.choice(acts(law)))
             for law in rng.choices(["state", "state", *law_names()], k=2)]  # fmt: skip
    drawn = [replace(place, county=None) if rng.random() < 0.5 else place for place in drawn]
    place = max(drawn, key=about_items) if rng.random() < 0.8 else drawn[0]
    return with_policy(rng, place) if rng.random() < 0.2 else place


def about_items(place: Scene) -> int:
    return sum(not rule.about_case for rule in place.program.rules.values())


def opened(maker: Maker, raw: Raw, way: int) -> Raw:
    """One way to leave a few things of a case open, those of its items above all."""
    raw = copy.deepcopy(raw)
    raw |= {name: [] for name in LISTS.values() if raw[name] == "unknown"}
    full = [items for items in items_in(raw).values() if items]
    if full and maker.rng.random() < 0.4:
        items = maker.rng.choice(full)
        items.append(copy.deepcopy(maker.rng.choice(items)))
    for gap in range(maker.rng.choice((0, 1, 1, 2)) if way else 0):
        maker.leave_open(items_in(raw) if not gap and maker.rng.random() < 0.7 else raw)
    raw["readings"] = small_readings(maker.rng, maker.program, maker.readings)
    return raw


def cases(judge: Decider, chunk: int) -> Iterator[tuple[Raw, Answer]]:
    rng = Random(f"exact {chunk}")
    while True:
        place = place_for(rng)
        for kind in KINDS:
            made = kind(rng, place)
            for way in range(WAYS) if made else ():
                raw = opened(*made, way)
                if made[0].fits(raw):
                    yield raw, judge.answer(as_case(raw))


def kinds_of(raw: Raw, answer: Answer) -> Iterator[str]:
    if any(len(items) > 1 for items in items_in(raw).values()):
        yield "several of a subject"
    if answer.outcome == "permitted":
        yield "permitted"
    starts = {
        add_years(answer.facts.day, -years)
        for windows in answer.program.windows.values()
        for _, years in windows
    }
    days = {
        item[name] for item in chain(*items_in(raw).values()) for name in item if "date" in name
    }
    near = {date.fromisoformat(day) for day in days if len(day) == len("2025-01-01")}
    if starts & near:
        yield "first day of a window"
    if {start - DAY for start in starts} & near:
        yield "a day too early for a window"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_cases_are_settled_as_by_brute_force(chunk: int, say: Callable[[str], None]) -> None:
    judge = Decider(library(), use_engine=False)
    found: Counter[str] = Counter()
    made = 0
    for raw, answer in cases(judge, chunk):
        made += 1
        try:
            wanted = brute(answer.program, answer.facts, answer.choices, MOST)
        except TooLargeError:
            continue
        found.update(agreed(raw, answer, wanted))
        found.update(kinds_of(raw, answer))
        if found["all"] == WANTED:
            break
    say(f"of {made} cases of chunk {chunk}: {dict(found.most_common(20))}")
    for kind, share in LEAST.items():
        assert found[kind] >= share * WANTED, kind
