"""Every county has a file, every policy its source, and no policy is filled in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from models.dates import PartialDate
from models.policy import County, CountyPolicy
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
ENCODED = frozenset({"Los Angeles", "Orange", "San Francisco"})
SURE = {"high", "medium", "low"}


@lru_cache(maxsize=1)
def library() -> Library:
    return Library(ROOT)


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
        assert (source.url or "").startswith("https://"), policy.id
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


def test_the_encoded_counties_are_the_three_that_have_policies() -> None:
    assert {name for name, county in counties().items() if county.policies} == ENCODED


def test_every_policy_binds_somebody_and_speaks_of_some_action() -> None:
    for _, policy in policies():
        assert policy.binds, policy.id
        assert policy.actions, policy.id


@pytest.mark.parametrize("name", sorted(set(COUNTIES) - ENCODED))
def test_a_county_without_policies_says_that_none_is_encoded(name: str) -> None:
    county = counties()[name]
    note = " ".join((county.note or "").split())
    assert not county.rules
    assert "state law alone" in note
    assert f"No policy of {name} County" in note or "not encoded" in note
    assert "ask the county" in note.lower() or "check it before relying" in note


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
