"""What the Act never allows, on cases at random."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from tests.generate import Maker
from tests.laws import OPEN, answer, judge, no_more_open, outcomes
from tests.scenes import (
    COUNTIES,
    DAY,
    Raw,
    Scene,
    as_case,
    encoded,
    law_names,
    library,
    scene,
    spans,
)

ACT = "values-act"  # the law that these claims are about


def within_the_act(rng: Random, action: str) -> Scene:
    """A scene of state law after the Act began, in any county."""
    began = library().law(ACT).effective or date.max
    county = rng.choice([None, *COUNTIES])
    lasting = [span for span in spans("state", county) if span[0] >= began]
    return Scene("state", action, *rng.choice(lasting), county)


def made(seed: int, action: str) -> Raw:
    rng = Random(seed)
    return Maker(rng, within_the_act(rng, action)).case(gaps=(0, 0, 1))


@pytest.mark.parametrize("seed", range(50))
def test_a_hold_is_never_permitted(seed: int) -> None:
    assert not outcomes(made(seed, "hold")) & OPEN


@pytest.mark.parametrize("seed", range(80))
def test_without_a_warrant_nothing_is_required(seed: int) -> None:
    """Whatever the law asked for and the act."""
    rng = Random(seed)
    law = rng.choice(law_names())
    raw = Maker(rng, scene(rng, law, rng.choice(encoded(law)))).case()
    assert "required" not in outcomes({**raw, "warrants": []})


@pytest.mark.parametrize("seed", range(80))
def test_a_transfer_is_required_only_by_a_judicial_warrant(seed: int) -> None:
    """One item rule defines such a warrant; a signature of an immigration official undoes it."""
    raw = made(seed, "transfer")
    found = answer(raw)
    if "required" not in found.settled.outcomes:
        return
    judicial = [item.values.get("judicial_warrant") for item in found.view.items]
    assert any(value is not False and value is not None for value in judicial)
    for ground in judge().decide(as_case(raw)).grounds:
        if found.program.rules[ground.rule].requires and found.outcome == "required":
            assert all(item.startswith("warrant") for item in ground.items)
    if raw["warrants"] != "unknown":
        civil = {"crime": "civil_immigration", "issuer": "immigration_officer", "form": "other"}
        signed = [{**warrant, **civil} for warrant in raw["warrants"]]
        assert "required" not in outcomes({**raw, "warrants": signed})


def test_some_of_those_transfers_are_required() -> None:
    found = [outcomes(made(seed, "transfer")) for seed in range(80)]
    assert sum("required" in each for each in found) >= 3


def charged(seed: int) -> tuple[Raw, Raw]:
    """A case, and the same with a charge aimed at a rule about charges."""
    rng = Random(seed)
    place = within_the_act(rng, "notify_release")
    maker = Maker(rng, place)
    aims = [rule for rule in place.program.rules.values() if "charge" in rule.subject]
    raw = maker.case(gaps=(0,))
    charges = [] if raw["charges"] == "unknown" else raw["charges"]
    more = [maker.item("charge", rng.choice(aims)) for _ in range(rng.choice([1, 2]))]
    return {**raw, "charges": []}, {**raw, "charges": [*charges, *more]}


@pytest.mark.parametrize("seed", range(80))
def test_charges_alone_never_open_a_transfer(seed: int) -> None:
    _, raw = charged(seed)
    bare = {**raw, "convictions": [], "warrants": [], "action": "transfer"}
    bare["person"] = {"registrant": "never", "registration_required": False}
    bare["request"] = {**raw.get("request", {}), "immigration_enforcement": True}
    bare["agency"] = {**raw["agency"], "kind": "sheriff", "charter_city": False}
    bare["handover"] = {"place": "inside_jail"}
    assert outcomes(bare) == {"prohibited"}


@pytest.mark.parametrize("seed", range(50))
def test_charges_never_make_a_transfer_easier(seed: int) -> None:
    """Under state law; no policy found so far opens a transfer by a charge either."""
    without, with_charges = charged(seed)
    assert no_more_open(
        outcomes({**with_charges, "action": "transfer"}),
        outcomes({**without, "action": "transfer"}),
    )


def test_charges_do_open_notices() -> None:
    opened = 0
    for seed in range(80):
        _, raw = charged(seed)
        raw = {**raw, "convictions": [], "warrants": []}
        person = {"registrant": "never", "release_date_public": False}
        raw |= {"person": person, "request": {"kind": "notification"}}
        opened += bool(outcomes(raw) & OPEN)
    assert opened >= 3


def test_no_rule_permits_a_transfer_by_a_charge() -> None:
    """One bill would lift the Act itself as to crimes that are only alleged; nothing else does."""
    rules = [rule for law in library().laws.values() for rule in law.rules]
    found = {r.id for r in rules if "transfer" in r.permits and "charge" in r.subject}
    assert found == {"ab-324-alleged"}


def test_nothing_of_the_act_speaks_before_its_first_day() -> None:
    began = library().law(ACT).effective
    assert began is not None
    raw: Raw = {"action": "transfer", "person": {"registrant": "never"}}
    eve = began - DAY
    assert outcomes({**raw, "as_of": eve.isoformat()}) == {"not_regulated"}
    assert outcomes({**raw, "as_of": began.isoformat()}) == {"prohibited"}
