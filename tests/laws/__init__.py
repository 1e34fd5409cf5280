"""Laws that every answer obeys, whatever the rules say; held on cases at random."""

from __future__ import annotations

import re
from functools import cache
from random import Random

from models.law import Outcome
from tests.generate import Maker
from tests.scenes import Raw, Scene, acts, as_case, library, scene
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.decide import Decider

OPEN: frozenset[Outcome] = frozenset({"required", "permitted"})
ITEMS = tuple(LISTS.values())


@cache
def judge() -> Decider:
    """The reference alone; that the engine agrees with it is tested elsewhere."""
    return Decider(library(), use_engine=False)


def answer(raw: Raw) -> Answer:
    return judge().answer(as_case(raw))


def outcomes(raw: Raw) -> frozenset[Outcome]:
    return answer(raw).settled.outcomes


def setting(seed: int) -> tuple[Random, Scene]:
    """State law, in one county or another, on some act it speaks of."""
    rng = Random(seed)
    return rng, scene(rng, "state", rng.choice(acts("state")))


def made(seed: int, gaps: tuple[int, ...] = (0, 0, 1, 2), most: int = 2) -> Raw:
    rng, place = setting(seed)
    return Maker(rng, place).case(most=most, gaps=gaps)


def settled(raw: Raw) -> Raw:
    """The case with nothing further on a list that it leaves open."""
    return {**raw, **{name: [] for name in ITEMS if raw[name] == "unknown"}}


def openness(found: frozenset[Outcome]) -> tuple[int, int]:
    """How open the least and the most open outcome is: 0 prohibited, 1 not."""
    levels = [int(outcome != "prohibited") for outcome in found]
    return min(levels), max(levels)


def no_more_open(one: frozenset[Outcome], other: frozenset[Outcome]) -> bool:
    """Whether the first is neither surely open nor possibly open where the second is not."""
    return all(a <= b for a, b in zip(openness(one), openness(other), strict=True))


def dated_exactly(raw: Raw) -> bool:
    """Whether no date of a case is partial, and none is written unknown."""
    text = str([raw.get(name) for name in (*ITEMS, "request")])
    return not re.search(r"'(\d{4}|\d{4}-\d\d)'", text) and "date': 'unknown'" not in text
