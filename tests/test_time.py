"""The law through time: no day without its law, none with two; and the timeline that shows it."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from models.policy import County
from tests.scenes import as_case, decider, library
from tests.test_bad_input import refused
from tests.test_cli import run
from values_act.data import data_folder
from values_act.errors import LawError
from values_act.library import Library
from values_act.program import build, policy_in_force
from values_act.timeline import Span, changes, laws_in_force, policies_in_force

DAY = timedelta(days=1)
COUNTIES = [county for county in library().counties() if county.policies]


def around(days: set[date]) -> list[date]:
    return sorted({day + step for day in days for step in (-DAY, timedelta(0), DAY)})


@cache
def days() -> list[date]:
    """Every day on which anything changes in state law, and the days beside it."""
    found = changes(library(), "state")
    return around({c.day for c in found} | {c.latest for c in found})


# ---------------------------------------------------------------- state law
@pytest.mark.parametrize("action", library().vocabulary.actions)
def test_an_act_has_one_base_rule_on_every_day_from_its_first(action: str) -> None:
    governed = []
    for day in days():
        parts = [part for part in library().parts("state") if part.in_force(day)]
        bases = [
            base.id
            for part in parts
            for base in part.base
            if action in base.actions
            and (base.effective is None or base.effective <= day)
            and (base.ended is None or day <= base.ended)
        ]
        assert len(bases) < 2, f"{day}: {bases}"
        program = build(library(), "state", day, action)
        assert [program.base.id] if program.base else bases == []
        governed.append(bool(bases))
    assert governed == sorted(governed), "a day without a base rule lies after one with it"
    assert governed[-1]


def test_a_day_before_any_law_is_not_regulated_and_says_so() -> None:
    first = min(part.effective for part in library().parts("state") if part.effective)
    for action in library().vocabulary.actions:
        case = {"as_of": str(first - DAY), "action": action, "agency": {"kind": "sheriff"}}
        decision = decider().decide(as_case(case))
        assert decision.outcome == "not_regulated"
        assert decision.laws_in_force == ()
        assert any("is in force" in warning for warning in decision.warnings)


def test_the_spans_of_the_laws_follow_each_other_without_a_gap() -> None:
    spans = laws_in_force(library(), "state")
    assert (spans[0].first, spans[-1].last) == (None, None)
    assert all(after.first == before.last + DAY for before, after in pairwise(spans))  # type: ignore[operator]
    assert [bool(span.names) for span in spans] == [False, *[True] * (len(spans) - 1)]


# ---------------------------------------------------------------- counties
@pytest.mark.parametrize("county", COUNTIES, ids=lambda county: county.county)
def test_one_authority_has_one_policy_on_an_act_at_a_time(county: County) -> None:
    bounds = [span.first for span in policies_in_force(county) if span.first]
    for day in around(set(bounds)):
        live: dict[tuple[str, str, str], str] = {}
        for policy in county.policies:
            if policy_in_force(policy, day) is not True:
                continue
            for kind in policy.binds:
                for action in policy.actions:
                    place = (policy.authority, kind, action)
                    assert live.setdefault(place, policy.id) == policy.id, f"{day}: {place}"


@pytest.mark.parametrize("county", COUNTIES, ids=lambda county: county.county)
def test_a_day_of_an_uncertain_bound_is_an_unknown_and_a_gap_is_said(county: County) -> None:
    for span in policies_in_force(county):
        day = span.first or (span.last or date(2018, 1, 1))
        wholly = [name for name in span.names if not name.endswith("?")]
        for policy in county.policies:
            program = build(library(), "state", day, next(iter(policy.actions)), county)
            live = {local.policy.id: local.in_force for local in program.local}
            if policy.id in wholly:
                assert live[policy.id] is True
            elif f"{policy.id}?" in span.names:
                assert live[policy.id] is None
            else:
                assert policy.id not in live
        if not span.names:
            case = {"as_of": str(day), "action": "transfer",
                    "agency": {"kind": "sheriff", "county": county.county}}  # fmt: skip
            assumed = decider().decide(as_case(case)).assumed
            assert [a.value for a in assumed if a.fact == "policy"] == ["no local policy"]


# ---------------------------------------------------------------- planted faults
@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(data_folder("rules"), tmp_path / "rules")
    return tmp_path / "rules"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_law_that_ends_a_day_late_overlaps_and_is_refused(rules: Path) -> None:
    edit(rules / "laws" / "trust-act.yaml", "\nended: 2018-01-03", "\nended: 2018-01-04")
    with pytest.raises(LawError, match=r"both speak of `\w+` on 2018-01-04"):
        _ = Library(rules).enacted


def test_a_law_that_ends_a_day_early_leaves_a_gap_that_the_sweep_sees(rules: Path) -> None:
    edit(rules / "laws" / "trust-act.yaml", "\nended: 2018-01-03", "\nended: 2018-01-02")
    store = Library(rules)
    found = changes(store, "state")
    near = around({c.day for c in found})
    bases = [bool(build(store, "state", day, "hold").base) for day in near]
    assert bases != sorted(bases)
    assert not build(store, "state", date(2018, 1, 3), "hold").base


def test_policies_of_one_authority_that_overlap_are_refused_with_their_line(rules: Path) -> None:
    text = """county: Alpine
policies:
  - {id: a, title: A, cite: A, authority: sheriff, binds: [sheriff], ended: 2020-06,
     actions: {transfer: closed}, source: {title: A}}
  - {id: b, title: B, cite: B, authority: sheriff, binds: [sheriff], effective: DATE,
     actions: {transfer: open}, source: {title: B}}
"""
    path = rules / "counties" / "alpine.yaml"
    path.write_text(text.replace("DATE", "2020-06"), encoding="utf-8")
    assert len(Library(rules).county("Alpine").policies) == 2  # they may share days of one month
    path.write_text(text.replace("DATE", "2020-06-01"), encoding="utf-8")
    with pytest.raises(LawError, match=r"alpine\.yaml:5: policy `b`: `a` of the same authority"):
        Library(rules).county("Alpine")


# ---------------------------------------------------------------- the command
def test_the_timeline_shows_spans_and_changes_as_text() -> None:
    ran = run("law", "timeline", "--from", "2018-01-04", "--to", "2018-01-04")
    assert ran.code == 0
    lines = [line.split("\t") for line in ran.out.splitlines()]
    assert ["2018-01-04", "", "truth-act, values-act, other-law"] in lines
    assert ["2018-01-04", "law ends"] in [line[:2] for line in lines]
    assert all(line[0] == "2018-01-04" for line in lines if len(line) == 5 and line[0] != "day")


def test_the_timeline_of_a_county_shows_its_policies_and_the_days_without_one() -> None:
    county = next(c for c in COUNTIES if Span(None, None, ()) not in policies_in_force(c))
    ran = run("law", "timeline", "--county", county.county, "--format", "json")
    spans = ran.json["in_force"][f"policies of {county.county} County"]
    assert [tuple(s["names"]) for s in spans] == [s.names for s in policies_in_force(county)]
    ids = {change["id"] for change in ran.json["changes"] if change["what"].startswith("policy")}
    assert ids == {p.id for p in county.policies if p.effective or p.ended}


def test_every_change_of_the_json_has_its_days_citation_and_confidence() -> None:
    found = run("law", "timeline", "--format", "json").json["changes"]
    assert found == sorted(found, key=lambda change: change["day"])
    for change in found:
        assert change["day"] <= change["latest"]
        assert change["cite"]
        assert change["confidence"]
    whats = {change["what"] for change in found}
    assert {"law begins", "law ends", "rule begins", "grade changes", "limit of date"} <= whats


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("stat",), "unknown law `stat`"),
        (("--county", "Orang"), "did you mean `Orange`?"),
        (("--from", "2018"), "--from `2018` is not a day; write it as 2025-07-17"),
        (("--to", "2018-02-30"), "--to `2018-02-30` is not a day"),
    ],
)
def test_what_does_not_exist_is_refused_in_one_line(args: tuple[str, ...], said: str) -> None:
    refused(run("law", "timeline", *args), said)
