"""What the Act never allows, on cases at random."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from models.decision import Decision
from tests.generate import Maker
from tests.scenes import Raw, Scene, as_case, decider, library, spans

LATEST = spans("state", None)[-1]


def decided(seed: int, action: str) -> tuple[Raw, Decision]:
    rng = Random(seed)
    raw = Maker(rng, Scene("state", action, *LATEST)).case(most=2, gaps=(0, 0, 1))
    return raw, decider().decide(as_case(raw))


@pytest.mark.parametrize("seed", range(120))
def test_a_hold_is_never_permitted(seed: int) -> None:
    _, decision = decided(seed, "hold")
    assert not set(decision.possible_outcomes) & {"permitted", "required"}


@pytest.mark.parametrize("seed", range(150))
def test_a_transfer_is_required_only_by_a_judicial_warrant(seed: int) -> None:
    raw, decision = decided(seed, "transfer")
    if decision.outcome != "required":
        return
    assert isinstance(raw["warrants"], list)
    assert any(
        warrant.get("issuer") in ("federal_judge", "federal_magistrate_judge")
        and warrant.get("crime") == "federal_criminal_immigration"
        for warrant in raw["warrants"]
    )


def test_a_magistrates_finding_opens_notice_and_never_a_transfer() -> None:
    charge = {"offense": "PC 211", "grade": "felony", "stage": "held_to_answer", "findings": []}
    case = {
        "as_of": "2025-07-17", "charges": [charge], "request": {"kind": "notification"},
        "person": {"registrant": "never", "release_date_public": False}, "convictions": [],
    }  # fmt: skip
    notice = decider().decide(as_case({**case, "action": "notify_release"}))
    transfer = decider().decide(as_case({**case, "action": "transfer"}))
    assert (notice.outcome, transfer.outcome) == ("permitted", "prohibited")


def test_no_rule_permits_a_transfer_by_a_charge() -> None:
    for law in library().laws.values():
        for rule in law.rules:
            if "transfer" in rule.permits:
                assert "charge" not in rule.subject, rule.id


def test_nothing_of_the_act_speaks_before_its_first_day() -> None:
    raw = {"as_of": "2018-01-03", "action": "transfer"}
    assert decider().decide(as_case(raw)).outcome == "not_regulated"
    raw["as_of"] = date(2018, 1, 4).isoformat()
    raw["person"] = {"registrant": "never"}  # type: ignore[assignment]
    assert decider().decide(as_case(raw)).outcome == "prohibited"
