"""A proposal changes a copy of the law, names only what is there, and always says what it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.case import InmateCase
from values_act.decide import Decider
from values_act.errors import ValuesActError
from values_act.library import Library

RULES = Library().root
HEAD = """\
format: "1"
name: bill
title: A bill
kind: proposal
extends: state
status: never heard
effective: 2018-01-04
source: {title: ours}
"""
RULE = """\
rules:
  - id: bill-registrant
    cite: the bill
    title: Registrant
    text: A registrant is handed over.
    source: {title: ours, confidence: unverified}
    subject: case
    when: WHEN
    requires: [transfer]
    notwithstanding: [local]
"""


def adding(when: str, name: str = "bill-registrant") -> str:
    return RULE.replace("WHEN", when).replace("bill-registrant", name)


def with_bill(folder: Path, more: str = "", head: str = HEAD) -> Library:
    """The rules with one more proposal, and without those that are there."""
    root = folder / "rules"
    shutil.copytree(RULES, root)
    shutil.rmtree(root / "laws" / "proposals", ignore_errors=True)
    (root / "laws" / "bill.yaml").write_text(head + more, encoding="utf-8")
    return Library(root)


def case(law: str, **more: object) -> InmateCase:
    known = {
        "as_of": "2025-07-17", "action": "transfer", "law": law, "agency": {"kind": "sheriff"},
        "request": {"kind": "transfer", "by": "ICE"},
        "person": {"registrant": "current", "release_date_public": False},
    }  # fmt: skip
    return InmateCase.model_validate(known | more)


def test_what_a_proposal_adds_comes_last_and_the_law_stays_as_it_was(tmp_path: Path) -> None:
    library = with_bill(tmp_path, adding("{person.registrant: current}"))
    assert [part.name for part in library.parts("bill")][-1] == "bill"
    assert library.parts("bill")[:-1] == library.parts("state")
    outcomes = [Decider(library).decide(case(law)).outcome for law in ("bill", "state")]
    assert outcomes == ["required", "permitted"]


def test_a_dropped_rule_is_gone_from_the_proposal_alone(tmp_path: Path) -> None:
    library = with_bill(tmp_path, "drop: [va-7282.5-a4]\n")
    outcomes = [Decider(library).decide(case(law)).outcome for law in ("bill", "state")]
    assert outcomes == ["prohibited", "permitted"]


def test_a_dropped_route_takes_its_grounds_and_the_bars_on_it_along(tmp_path: Path) -> None:
    library = with_bill(tmp_path, "drop: [discretion, magistrate, public_ground]\n")
    rules = [rule for part in library.parts("bill") for rule in part.rules]
    assert not [rule.id for rule in rules if rule.route in {"discretion", "magistrate"}]
    assert not [rule.id for rule in rules if "discretion" in rule.bars]
    assert [rule for part in library.parts("state") for rule in part.rules if rule.bars]


def test_a_dropped_law_is_gone_with_its_base_rules(tmp_path: Path) -> None:
    library = with_bill(tmp_path, "drop: [values-act]\n")
    assert "values-act" not in [part.name for part in library.parts("bill")]
    assert Decider(library).decide(case("bill")).outcome == "not_regulated"


def test_a_decision_under_a_proposal_says_in_every_form_that_it_is_no_law(tmp_path: Path) -> None:
    decision = Decider(with_bill(tmp_path)).decide(case("bill"))
    assert any("not law: never heard" in warning for warning in decision.as_json()["warnings"])
    assert decision.explanation.startswith("If A bill were law (it is not: never heard):")
    under_state = Decider(with_bill(tmp_path / "other")).decide(case("state"))
    assert "not law" not in str(under_state.as_json())


def test_acts_that_a_proposal_does_not_cover_are_refused(tmp_path: Path) -> None:
    decider = Decider(with_bill(tmp_path, "covers: [transfer]\n"))
    assert decider.decide(case("bill")).outcome == "permitted"
    with pytest.raises(ValuesActError, match="`hold` is not encoded in law `bill`"):
        decider.decide(case("bill", action="hold"))


@pytest.mark.parametrize(
    ("head", "more", "line", "said"),
    [
        ("extends: stat", "", 5, "extends unknown law `stat`; did you mean `state`"),
        ("extends: bill", "", 5, "extends unknown law `bill`"),
        ("extends: criminal-law", "", 5, "extends unknown law `criminal-law`"),
        ("extends: state", "drop: [va-7282.5-a44]\n", 9, "did you mean `va-7282.5-a4`"),
        ("extends: state", "drop: [va-7282.5-a5-reentry-mark]\n", 9, "`va-7282.5-a5-reentry`: "),
        ("extends: state", adding("{open: discretio}"), 10, "did you mean `discretion`"),
        ("extends: state", adding("{found: va-7282.5-a22}"), 10, "did you mean `va-7282.5-a2`"),
        ("extends: state", adding("{open: discretion}", "va-7282.5-a4"), 10, "is used already in"),
    ],
)  # fmt: skip
def test_a_name_that_is_nothing_is_one_line_with_its_place(
    tmp_path: Path, head: str, more: str, line: int, said: str
) -> None:
    with pytest.raises(ValuesActError) as caught:
        _ = with_bill(tmp_path, more, HEAD.replace("extends: state", head)).laws
    message = str(caught.value)
    assert said in message
    assert "\n" not in message
    assert f"bill.yaml:{line}: " in message or "is used already" in message


def test_a_proposal_must_say_its_status_and_only_a_proposal_has_one(tmp_path: Path) -> None:
    for name, head in (
        ("a", HEAD.replace("status: never heard\n", "")),
        ("b", HEAD.replace("kind: proposal\nextends: state\n", "")),
    ):
        with pytest.raises(ValuesActError, match="status"):
            _ = with_bill(tmp_path / name, "", head).laws


def test_every_proposal_of_ours_says_what_became_of_it_and_adds_or_drops_something() -> None:
    library = Library()
    proposals = [law for law in library.laws.values() if law.kind == "proposal"]
    for law in proposals:
        assert law.status
        assert law.rules or law.base or law.drop
        assert law.source.confidence != "high", f"{law.name}: no bill was read in full"
