"""A rule opens the acts it names and no other, whatever else looks at it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.scenes import as_case, decider, library
from values_act.decide import Decider
from values_act.errors import InputError
from values_act.library import Library

GROUNDS = ("va-7282.5-a1-serious", "va-7282.5-a1-violent", "va-7282.5-a2")


def test_a_ground_kept_only_to_be_counted_opens_nothing(tmp_path: Path) -> None:
    """Rules that another rule looks for are evaluated for an act they do not permit."""
    folder = tmp_path / "rules"
    shutil.copytree(library().root, folder)
    path = folder / "laws" / "values-act.yaml"
    text = path.read_text(encoding="utf-8")
    for name in GROUNDS:
        start = text.index(f"  - id: {name}\n")
        at = text.index("permits: [transfer, notify_release]", start)
        text = text[:at] + "permits: [transfer]" + text[at + 35 :]
    path.write_text(text, encoding="utf-8")
    robbery = {
        "as_of": "2025-07-17", "action": "notify_release", "request": {"kind": "notification"},
        "person": {"registrant": "never", "release_date_public": False},
        "convictions": [{"offense": "PC 211", "grade": "felony", "date": "1995-01-01",
                         "findings": []}],
    }  # fmt: skip
    assert decider().decide(as_case(robbery)).outcome == "permitted"
    assert Decider(Library(folder)).decide(as_case(robbery)).outcome == "prohibited"


def test_an_act_that_is_not_encoded_is_refused_and_not_called_unregulated(tmp_path: Path) -> None:
    """A law file that names the acts it is complete for is silent on others, and says so."""
    folder = tmp_path / "rules"
    shutil.copytree(library().root, folder)
    path = folder / "laws" / "values-act.yaml"
    text = path.read_text(encoding="utf-8").replace("routes:\n", "covers: [transfer]\nroutes:\n", 1)
    path.write_text(text, encoding="utf-8")
    case = {"as_of": "2025-07-17", "action": "inquire_status", "law": "values-act"}
    assert decider().decide(as_case(case)).outcome == "prohibited"
    with pytest.raises(InputError, match="not encoded"):
        Decider(Library(folder)).decide(as_case(case))


def test_what_no_rule_reads_is_named_only_if_the_case_gives_it() -> None:
    """A citation tells the jurisdiction, but the case did not state it."""
    robbery = {"offense": "PC 211", "grade": "felony", "date": "1995-01-01"}
    case = {"as_of": "2025-07-17", "action": "hold", "convictions": [robbery]}
    assert decider().decide(as_case(case)).unread == ("conviction 1: date", "conviction 1: grade")
    stated = {**case, "convictions": [{**robbery, "jurisdiction": "california"}]}
    unread = decider().decide(as_case(stated)).unread
    assert set(unread) == {f"conviction 1: {n}" for n in ("date", "grade", "jurisdiction")}
