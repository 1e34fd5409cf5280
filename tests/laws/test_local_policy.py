"""Local policy can only close: a stricter county never permits more."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from models.law import Outcome
from tests.generate import Maker
from tests.laws import answer, judge, no_more_open, openness, outcomes, setting
from tests.scenes import COUNTIES, Raw, as_case, marks, scene, when, with_policy
from values_act.program import LOCAL

SEEDS = range(45)


def hypothetical(seed: int) -> tuple[Raw, Raw, Random, list[str], list[str]]:
    """A case, the policy of a hypothetical county, and what its condition may look for."""
    rng, scene = setting(seed)
    place = with_policy(rng, scene, "open")
    raw = Maker(rng, place).case(most=2)
    base = raw.pop("policy")
    base.pop("effective", None)
    return raw, base, rng, marks(place.program), list(place.program.routes)


def under(raw: Raw, term: Any, base: Raw) -> frozenset[Outcome]:
    """Outcomes in a hypothetical county whose policy has this term on the act."""
    return outcomes({**raw, "policy": {**base, "actions": {raw["action"]: term}}})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stricter_county_never_permits_more(seed: int) -> None:
    raw, base, rng, found, routes = hypothetical(seed)
    one, two = when(rng, found, routes), when(rng, found, routes)
    ladder: list[Any] = ["closed", {"when": {"all": [one, two]}}, {"when": one},
                         {"when": {"any": [one, two]}}, "open"]  # fmt: skip
    steps = [under(raw, term, base) for term in ladder]
    for stricter, looser in pairwise(steps):
        assert no_more_open(stricter, looser), (raw, one, two, steps)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_unpublished_policy_may_be_closed_or_open(seed: int) -> None:
    raw, base, _, _, _ = hypothetical(seed)
    hidden = under(raw, {"unpublished": "a part"}, base)
    assert hidden == under(raw, "closed", base) | under(raw, "open", base)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_policy_widens_state_law(seed: int) -> None:
    raw, base, rng, found, routes = hypothetical(seed)
    alone = outcomes(raw)
    assert under(raw, "open", base) == alone
    for term in ("closed", {"when": when(rng, found, routes)}):
        local = under(raw, term, base)
        assert no_more_open(local, alone)
        assert local <= alone | {"prohibited"}


@pytest.mark.parametrize("seed", range(90))
def test_no_county_widens_state_law(seed: int) -> None:
    """Counties as they are, on days of all their policies."""
    rng, scene = setting(seed)
    raw = Maker(rng, scene).case(most=2, gaps=(0, 0, 1))
    place = {**raw["agency"], "county": scene.county or rng.choice(COUNTIES)}
    local = outcomes({**raw, "agency": place})
    alone = outcomes({**raw, "agency": {k: v for k, v in place.items() if k != "county"}})
    assert no_more_open(local, alone)
    assert local <= alone | {"prohibited"}


def test_counties_do_close_what_state_law_opens() -> None:
    """The law above says something: among its cases some are closed by a county alone."""
    closed = 0
    for seed in range(90):
        rng = Random(seed)
        place = scene(rng, "state", rng.choice(("transfer", "notify_release")))
        raw = Maker(rng, place).case(most=2, gaps=(0, 0, 1))
        judgment = answer(raw).view.judgment
        closed += openness(judgment.outcomes)[1] < openness(judgment.state)[1]
    assert closed >= 6


def test_what_stands_against_local_policy_is_marked_as_in_breach() -> None:
    """A requirement that names local policy, and a route that does not yield, ignore a closure."""
    breached = 0
    for seed in range(100):
        raw, base, _, _, _ = hypothetical(seed)
        policy = {**base, "actions": {raw["action"]: "closed"}}
        decision = judge().decide(as_case({**raw, "policy": policy}))
        program = answer({**raw, "policy": policy}).program
        for ground in decision.grounds if not decision.refer else ():
            rule = program.rules[ground.rule]
            lifts = [r for r in program.rules.values() if LOCAL in r.notwithstanding]
            fixed = rule.route and not program.routes[rule.route].yields_to_local
            assert fixed or lifts, ground
            assert ground.breached == (base["id"],) or not (fixed or rule.requires), ground
            breached += bool(ground.breached)
    assert breached >= 3
