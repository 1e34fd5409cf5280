"""Local policy can only close: a stricter county never permits more."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from models.law import Outcome
from tests.generate import Maker
from tests.scenes import Raw, acts, as_case, decider, scene, when, with_policy

OPEN: frozenset[Outcome] = frozenset({"required", "permitted"})
SEEDS = range(150)


def possible(raw: Raw, term: Any, base: Raw) -> frozenset[Outcome]:
    """Outcomes in a hypothetical county whose policy has this term on the act."""
    policy = {**base, "actions": {raw["action"]: term}}
    decision = decider().decide(as_case({**raw, "policy": policy}))
    return frozenset(decision.possible_outcomes)


def case_and_policy(seed: int) -> tuple[Raw, Raw, Random]:
    rng = Random(seed)
    place = with_policy(rng, scene(rng, "state", rng.choice(acts("state"))), "open")
    raw = Maker(rng, place).case(most=2)
    base = raw.pop("policy")
    base.pop("effective", None)
    return raw, base, rng


def rank(found: frozenset[Outcome]) -> int:
    """How open: 0 nothing may be open, 1 it may be, 2 it surely is."""
    if not found & OPEN:
        return 0
    return 2 if found <= OPEN else 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stricter_county_never_permits_more(seed: int) -> None:
    raw, base, rng = case_and_policy(seed)
    condition = {"when": when(rng, [])}
    closed, some, opened = (possible(raw, term, base) for term in ("closed", condition, "open"))
    assert rank(closed) <= rank(some) <= rank(opened), (closed, some, opened)
    unpublished = possible(raw, {"unpublished": "a part"}, base)
    assert closed | opened >= unpublished


@pytest.mark.parametrize("seed", SEEDS)
def test_local_policy_never_widens_state_law(seed: int) -> None:
    raw, base, rng = case_and_policy(seed)
    alone = frozenset(decider().decide(as_case(raw)).possible_outcomes)
    assert possible(raw, "open", base) == alone
    assert rank(possible(raw, {"when": when(rng, [])}, base)) <= rank(alone)
    if not alone & OPEN:
        assert not possible(raw, "closed", base) & OPEN


def test_a_federal_judges_warrant_stands_against_a_closed_policy() -> None:
    warrant = {
        "issuer": "federal_judge", "crime": "federal_criminal_immigration", "felony": True,
        "outstanding": True, "probable_cause": True, "authorizes_arrest": True, "names_person": True,
    }  # fmt: skip
    policy = {
        "id": "closed", "title": "t", "cite": "c", "source": {"title": "ours"},
        "authority": "board", "binds": ["sheriff"], "actions": {"transfer": "closed"},
    }  # fmt: skip
    raw = {"as_of": "2025-07-17", "action": "transfer", "warrants": [warrant], "policy": policy}
    decision = decider().decide(as_case(raw))
    assert decision.outcome == "required"
    assert all(ground.breached == ("closed",) for ground in decision.grounds)
