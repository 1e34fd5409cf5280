"""Differences of little laws with one edit, against every complete case of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.compared import compared, faults, needless, sides
from tests.littlelaw import ACTION, pairs
from values_act.decide import Decider
from values_act.diff import OPENNESS
from values_act.places import Scope

SEEDS = 80
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_pairs_of_outcomes_kinds_and_duties_are_those_of_every_case(
    part: int, say: Callable[[str], None]
) -> None:
    seen: Counter[str] = Counter()
    for what, first, second, rng in pairs(range(part, SEEDS, PARTS)):
        _, act = compared(*sides(first, second), Scope((ACTION,)))
        assert not list(faults((first, second), act, rng, seen)), what
        seen["edits"] += 1
        seen[act.verdict] += 1
    say(f"edits compared with brute force: {dict(seen)}")
    assert seen["edits"] >= 50
    assert seen["decided"] > 500
    assert all(seen[v] for v in ("equivalent", "more permissive", "less permissive"))


def test_the_verdict_follows_from_the_pairs() -> None:
    seen: Counter[str] = Counter()
    for what, first, second, _ in pairs(range(100, 130)):
        _, act = compared(*sides(first, second), Scope((ACTION,)))
        pairs_told = {(k.before, k.after) for k in act.kinds}
        up = any(OPENNESS[b] < OPENNESS[a] for b, a in pairs_told)
        down = any(OPENNESS[b] > OPENNESS[a] for b, a in pairs_told)
        expected = {(True, False): "more permissive", (False, True): "less permissive"}.get(
            (up, down), "incomparable" if pairs_told else "equivalent"
        )
        assert act.verdict == expected, what
        seen[expected] += 1
    assert len(seen) == 4, seen


def test_a_witness_can_lose_nothing_that_it_states() -> None:
    kinds = 0
    for what, first, second, _ in pairs(range(40)):
        deciders = [Decider(held, use_engine=False) for held in (first, second)]
        _, act = compared(*sides(first, second), Scope((ACTION,)))
        for kind in act.kinds:
            assert not list(needless(deciders, kind)), (what, kind.witness)
            kinds += 1
    assert kinds > 50
