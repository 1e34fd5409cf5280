"""What more, older, doubled or better known items may and may not do to an answer."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from models.law import Outcome
from tests.generate import Maker
from tests.scenes import DAY, Raw, acts, as_case, decider, scene, spans

OPEN: frozenset[Outcome] = frozenset({"required", "permitted"})
LISTS = ("convictions", "charges", "warrants")
SEEDS = range(150)


def outcomes(raw: Raw) -> frozenset[Outcome]:
    return frozenset(decider().decide(as_case(raw)).possible_outcomes)


def made(seed: int, gaps: tuple[int, ...] = (0, 0, 1, 2)) -> Raw:
    rng = Random(seed)
    place = scene(rng, "state", rng.choice(acts("state")))
    return Maker(rng, place).case(most=2, gaps=gaps)


# a fresh infraction in no list: no rule has a use for it
IRRELEVANT = {
    "grade": "infraction", "offense_grade": "infraction", "jurisdiction": "california",
    "disposition": "stands", "findings": [], "serious": "no", "violent": "no", "listing": "no",
    "felony_only": "no", "sex_registrable": "no", "arson_registrable": "no", "prop47": "no",
    "prop47_when": "none", "prop47_law": "none", "wobbler": False, "dui": False, "assault": False,
    "value_usd": 0, "aggravated_felony": "none", "aggravated_when": "none", "event": "Z",
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_an_irrelevant_conviction_changes_nothing(seed: int) -> None:
    raw = made(seed)
    if raw["convictions"] == "unknown":
        raw["convictions"] = []
    more = {**IRRELEVANT, "date": raw["as_of"]}
    assert outcomes({**raw, "convictions": [*raw["convictions"], more]}) == outcomes(raw)


@pytest.mark.parametrize("seed", SEEDS)
def test_ageing_never_turns_a_no_into_a_yes(seed: int) -> None:
    """The same case a day, a year, ten years later, while the law stays the same."""
    rng = Random(seed)
    place = scene(rng, "state", rng.choice(acts("state")))
    raw = Maker(rng, place).case(most=2, gaps=(0, 0, 0, 1))
    last = next(end for start, end in spans("state", place.county) if start <= date.fromisoformat(
        raw["as_of"]) <= end)  # fmt: skip
    before = outcomes(raw)
    for days in (1, 366, 3_660):
        later = date.fromisoformat(raw["as_of"]) + days * DAY
        if later > last:
            break
        after = outcomes({**raw, "as_of": later.isoformat()})
        if not before & OPEN:
            assert not after & OPEN, (before, after, later)


@pytest.mark.parametrize("seed", SEEDS)
def test_doubling_an_item_changes_nothing(seed: int) -> None:
    """Under state law alone, where nothing counts items; some county policies do."""
    raw = made(seed, gaps=(0,))
    raw["agency"].pop("county", None)
    before = outcomes(raw)
    for name in LISTS:
        if isinstance(raw[name], list) and raw[name]:
            assert outcomes({**raw, name: [*raw[name], dict(raw[name][0])]}) == before


@pytest.mark.parametrize("seed", SEEDS)
def test_learning_a_fact_never_adds_an_outcome(seed: int) -> None:
    """Facts added to a case narrow what is possible, so one definite answer stays that answer."""
    rng = Random(seed)
    place = scene(rng, "state", rng.choice(acts("state")))
    maker = Maker(rng, place)
    full = maker.case(most=2, gaps=(0,))
    opened = {**full, **{n: [dict(i) for i in full[n]] if isinstance(full[n], list) else full[n]
                         for n in LISTS}}  # fmt: skip
    for part in ("request", "person", "handover"):
        if part in full:
            opened[part] = dict(full[part])
    for _ in range(2):
        maker.leave_open(opened)
    known, less = outcomes(full), outcomes(opened)
    assert known <= less, (known, less)


@pytest.mark.parametrize("seed", range(60))
def test_a_reading_left_open_is_never_settled(seed: int) -> None:
    """What it leaves possible is what its options give, together."""
    rng = Random(seed)
    place = scene(rng, "state", rng.choice(acts("state")))
    raw = Maker(rng, place).case(most=2, gaps=(0,))
    names = [n for n, r in place.program.readings.items() if r.role == "rules"]
    if not names:
        return
    reading = rng.choice(names)
    options = place.program.readings[reading].options
    each = [outcomes({**raw, "readings": {**raw["readings"], reading: o}}) for o in options]
    left = outcomes({**raw, "readings": {**raw["readings"], reading: "none"}})
    assert left == frozenset().union(*each)
