"""Every county has a file, every policy its source, and no policy is filled in."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from models.case import InmateCase
from models.dates import PartialDate
from models.law import Found, Unpublished
from models.policy import County, CountyPolicy, Term
from tests.scenes import decider, library
from values_act.conditions import leaves
from values_act.errors import LawError
from values_act.library import Library, county_slug

ROOT = Path(__file__).resolve().parent.parent / "rules"
COUNTIES = (
    "Alameda", "Alpine", "Amador", "Butte", "Calaveras", "Colusa", "Contra Costa", "Del Norte",
    "El Dorado", "Fresno", "Glenn", "Humboldt", "Imperial", "Inyo", "Kern", "Kings", "Lake",
    "Lassen", "Los Angeles", "Madera", "Marin", "Mariposa", "Mendocino", "Merced", "Modoc", "Mono",
    "Monterey", "Napa", "Nevada", "Orange", "Placer", "Plumas", "Riverside", "Sacramento",
    "San Benito", "San Bernardino", "San Diego", "San Francisco", "San Joaquin", "San Luis Obispo",
    "San Mateo", "Santa Barbara", "Santa Clara", "Santa Cruz", "Shasta", "Sierra", "Siskiyou",
    "Solano", "Sonoma", "Stanislaus", "Sutter", "Tehama", "Trinity", "Tulare", "Tuolumne",
    "Ventura", "Yolo", "Yuba",
)  # fmt: skip
ENCODED = frozenset({
    "Alameda", "Amador", "Butte", "Contra Costa", "El Dorado", "Fresno", "Humboldt", "Kern",
    "Los Angeles", "Madera", "Marin", "Merced", "Monterey", "Napa", "Nevada", "Orange",
    "Placer", "Riverside", "Sacramento", "San Bernardino", "San Diego", "San Francisco",
    "San Joaquin", "San Luis Obispo", "San Mateo", "Santa Barbara", "Santa Clara", "Santa Cruz",
    "Solano", "Sonoma", "Stanislaus", "Sutter", "Tulare", "Ventura", "Yolo",
})  # fmt: skip
NOT_FOUND = frozenset({
    "Alpine", "Calaveras", "Colusa", "Del Norte", "Glenn", "Imperial", "Inyo", "Kings", "Lake",
    "Lassen", "Mariposa", "Mendocino", "Modoc", "Mono", "Plumas", "San Benito", "Shasta", "Sierra",
    "Siskiyou", "Tehama", "Trinity", "Tuolumne", "Yuba",
})  # fmt: skip
SURE = {"high", "medium", "low"}


@lru_cache(maxsize=1)
def counties() -> dict[str, County]:
    return {county.county: county for county in library().counties()}


def policies() -> list[tuple[str, CountyPolicy]]:
    return [(name, policy) for name, county in counties().items() for policy in county.policies]


def test_california_has_58_counties_and_each_has_one_file() -> None:
    assert len(set(COUNTIES)) == len(COUNTIES) == 58
    assert sorted(counties()) == sorted(COUNTIES)
    assert len(list((ROOT / "counties").iterdir())) == 58


@pytest.mark.parametrize("name", COUNTIES)
def test_a_county_is_found_by_its_name_and_by_its_slug(name: str) -> None:
    county = library().county(name)
    assert county.county == name
    assert library().county(county_slug(name)) is county
    assert library().find_county(name.upper()) is county


def test_every_policy_gives_a_source_with_address_title_and_confidence() -> None:
    for _, policy in policies():
        source = policy.source
        assert source.title.strip(), policy.id
        assert (source.url or "").startswith(("https://", "http://")), policy.id
        assert source.confidence in SURE | {"unverified"}, policy.id
        assert source.read, policy.id
        assert policy.cite.strip(), policy.id


def test_every_confidence_is_written_and_not_left_to_the_default() -> None:
    for _, policy in policies():
        assert "confidence" in policy.source.model_fields_set, policy.id


def test_no_policy_ends_before_it_begins() -> None:
    for _, policy in policies():
        if policy.effective and policy.ended:
            assert policy.effective.first <= policy.ended.first, policy.id
            assert policy.effective.last <= policy.ended.last, policy.id


def test_policy_ids_are_unique_and_begin_with_the_county_or_its_initials() -> None:
    ids = [policy.id for _, policy in policies()]
    assert len(set(ids)) == len(ids)
    for name, policy in policies():
        initials = "".join(word[0] for word in name.lower().split())
        assert policy.id.startswith((f"{county_slug(name)}-", f"{initials}-")), policy.id


def test_the_encoded_counties_are_those_that_have_policies() -> None:
    assert {name for name, county in counties().items() if county.policies} == ENCODED


def test_every_policy_binds_somebody_and_speaks_of_some_action() -> None:
    for _, policy in policies():
        assert policy.binds, policy.id
        assert policy.actions, policy.id


def note_of(name: str) -> str:
    return " ".join((counties()[name].note or "").split())


@pytest.mark.parametrize("name", sorted(NOT_FOUND))
def test_a_county_where_no_policy_was_found_says_so(name: str) -> None:
    note = note_of(name)
    assert note.startswith(f"No policy of {name} County")
    assert "state law alone" in note
    assert "ask the county" in note
    assert not counties()[name].rules


def test_of_every_county_a_policy_is_encoded_or_none_was_found() -> None:
    assert set(COUNTIES) == ENCODED | NOT_FOUND
    assert not ENCODED & NOT_FOUND


@pytest.mark.parametrize("name", sorted(set(COUNTIES) - ENCODED))
def test_the_note_of_a_county_without_encoded_policy_is_shown_with_its_answers(name: str) -> None:
    decision = decider().decide(case(name, date(2025, 7, 17)))
    assert note_of(name) in {" ".join(assumed.because.split()) for assumed in decision.assumed}


@pytest.mark.parametrize("name", sorted(ENCODED))
def test_a_county_with_policies_says_what_they_leave_to_state_law(name: str) -> None:
    note = " ".join((counties()[name].note or "").split())
    assert "state law alone" in " ".join(note.split())


def test_every_rule_of_a_county_is_looked_for_by_one_of_its_policies() -> None:
    for name in ENCODED:
        text = (ROOT / "counties" / f"{county_slug(name)}.yaml").read_text()
        for rule in counties()[name].rules:
            assert text.count(rule.id) > 1, rule.id
            assert rule.source.title, rule.id


def test_a_county_rule_that_does_more_than_mark_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    for path in ROOT.rglob("*"):
        if path.is_file():
            copy = root / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    file = root / "counties" / "orange.yaml"
    rule = (
        "\nrules:\n  - {id: orange-more, cite: x, title: x, text: x, source: {title: x},"
        " subject: case, permits: [transfer], route: discretion}\n"
    )
    file.write_text(file.read_text() + rule)
    with pytest.raises(LawError, match="a county's rule can only mark"):
        Library(root).county("Orange")


def test_partial_bounds_of_policies_are_kept_as_written() -> None:
    bounds = [b for _, p in policies() for b in (p.effective, p.ended) if b is not None]
    assert bounds
    assert all(PartialDate.parse(str(bound)) == bound for bound in bounds)


# ---------------------------------------------------------------- terms and conditions


def terms() -> list[tuple[str, CountyPolicy, str, Term]]:
    return [
        (name, policy, action, term)
        for name, policy in policies()
        for action, term in policy.actions.items()
    ]


def test_a_part_that_nobody_published_belongs_to_one_term_and_says_whom_to_ask() -> None:
    seen: dict[str, str] = {}
    for name, policy, action, term in terms():
        hidden = {leaf.name for leaf in leaves(term.when) if isinstance(leaf, Unpublished)}
        hidden |= {term.name} if term.name else set()
        for part in hidden:
            assert part.startswith(f"{county_slug(name)}-"), part
            assert seen.setdefault(part, f"{policy.id} {action}") == f"{policy.id} {action}"
        assert not hidden or term.refer, (policy.id, action)


def test_a_condition_looks_for_marks_of_its_own_county_so_that_it_works_under_every_law() -> None:
    for name, policy, _, term in terms():
        own = {rule.id for rule in counties()[name].rules}
        found = {leaf.rule for leaf in leaves(term.when) if isinstance(leaf, Found)}
        assert found <= own, policy.id


def test_two_policies_of_one_authority_are_never_both_surely_in_force() -> None:
    for (name, one), (other, two) in combinations(policies(), 2):
        same = name == other and one.authority == two.authority
        if same and set(one.binds) & set(two.binds) and set(one.actions) & set(two.actions):
            assert apart(one, two) or apart(two, one), (one.id, two.id)


def apart(first: CountyPolicy, second: CountyPolicy) -> bool:
    ended, begun = first.ended, second.effective
    return ended is not None and begun is not None and ended.last < begun.last


def test_every_policy_speaks_of_a_handover_a_notice_or_a_hold() -> None:
    for _, policy in policies():
        assert {"transfer", "notify_release", "hold"} & set(policy.actions), policy.id


# ---------------------------------------------------------------- decided

ROBBERY = {
    "offense": "PC 211", "grade": "felony", "date": "2010-05-01", "jurisdiction": "california",
    "disposition": "stands", "findings": [],
}  # fmt: skip
JUDGE = {
    "issuer": "federal_magistrate_judge", "crime": "federal_criminal_immigration",
    "form": "probable_cause_determination", "felony": True, "outstanding": True,
    "probable_cause": True, "authorizes_arrest": True, "names_person": True,
    "identified_by_ice": True,
}  # fmt: skip
KINDS = {"transfer": "transfer", "notify_release": "notification", "hold": "hold"}


def case(county: str, day: date, action: str = "transfer", **more: Any) -> InmateCase:
    stated: dict[str, Any] = {
        "as_of": day.isoformat(),
        "action": action,
        "agency": {"kind": "sheriff", "county": county},
        "request": {"kind": [KINDS[action]], "by": "ICE"},
        "person": {"registrant": "never", "release_date_public": False},
        "convictions": [ROBBERY],
        "charges": [],
        "warrants": [],
    }
    return InmateCase.model_validate(stated | more)


def days(policy: CountyPolicy) -> set[date]:
    """The bounds of a policy, each with the day before and after, and a day inside."""
    bounds = [bound for bound in (policy.effective, policy.ended) if bound is not None]
    found = {bound.first for bound in bounds} | {bound.last for bound in bounds}
    found |= {day + timedelta(days=n) for day in found for n in (-1, 1)}
    return found | {date(2026, 6, 1)}


@pytest.mark.parametrize("name", sorted(ENCODED))
@pytest.mark.parametrize("action", sorted(KINDS))
def test_every_bound_of_every_policy_is_decided_by_both_engines(name: str, action: str) -> None:
    for policy in counties()[name].policies:
        for day in days(policy):
            decision = decider().decide(case(name, day, action))
            live = {view.policy for view in decision.local}
            inside = (policy.effective is None or policy.effective.last <= day) and (
                policy.ended is None or day <= policy.ended.first
            )
            outside = (policy.effective is not None and day < policy.effective.first) or (
                policy.ended is not None and policy.ended.last < day
            )
            spoken = action in policy.actions
            assert not (inside and spoken) or policy.id in live, day
            assert not (outside and policy.id in live), day


@pytest.mark.parametrize("name", COUNTIES)
def test_no_county_closes_the_judicial_route(name: str) -> None:
    bounds = {d for p in counties()[name].policies for d in days(p)} | {date(2025, 7, 17)}
    for day in sorted(day for day in bounds if day >= date(2018, 1, 4)):
        decision = decider().decide(case(name, day, convictions=[], warrants=[JUDGE]))
        assert decision.outcome == "permitted", day
        live = [p for p in counties()[name].policies if p.id in {v.policy for v in decision.local}]
        rules = {policy.actions["transfer"].rule for policy in live if "transfer" in policy.actions}
        breached = any(ground.breached for ground in decision.grounds)
        assert not breached or rules & {"closed", "when"}, day  # such a policy takes no such paper


@pytest.mark.parametrize("kind", ["sheriff", "county_corrections", "probation", "police"])
def test_a_policy_binds_the_kinds_it_names_and_no_others(kind: str) -> None:
    for name, policy in policies():
        day = policy.effective.last if policy.effective else date(2025, 7, 17)
        action = next(action for action in KINDS if action in policy.actions)
        asked = case(name, day, action, agency={"kind": kind, "county": name})
        decision = decider().decide(asked)
        bound = policy.id in {view.policy for view in decision.local}
        assert bound is (kind in policy.binds), policy.id
