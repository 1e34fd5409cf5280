"""What `docs/data.md` says of the tables, and that an enhancement is never dropped in silence."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from models.case import InmateCase
from tests.catalogue.common import FEDERAL, FOLDER, OFFENSES, table
from tests.scenes import library
from values_act.casefacts import read_facts
from values_act.errors import InputError

TEXT = (FOLDER.parent.parent / "docs" / "data.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_every_table_is_described_with_its_size(path: object) -> None:
    name = getattr(path, "stem", "")
    told = re.search(rf"`(?:rules/offenses/)?{name}\.csv`(?: \| | holds )(\d+)", TEXT)
    assert told, name
    assert int(told[1]) == len(table(name))


def test_the_counts_by_confidence_are_those_of_the_table() -> None:
    grades = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|$", TEXT, re.MULTILINE))
    found = Counter(row["offense_grade_confidence"] for row in OFFENSES)
    assert {word: int(count) for word, count in grades.items()} == found
    worst = Counter(row["overall_confidence"] for row in OFFENSES)
    assert ", ".join(f"{word} {count}" for word, count in worst.most_common()) in TEXT
    federal = Counter(row["confidence"] for row in FEDERAL)
    assert f"{federal['found']} rows are `found` and {federal['memory']} from" in TEXT


def test_every_column_of_the_offenses_is_described() -> None:
    for column in OFFENSES[0]:
        stem = re.sub(r"_(note|confidence)$", "", column)
        assert f"`{column}`" in TEXT or f"`{stem}`" in TEXT, column


def test_the_counties_are_counted() -> None:
    counties = list(library().counties())
    policies = [policy for county in counties for policy in county.policies]
    assert f"each of the {len(counties)} counties" in TEXT
    with_one = sum(bool(county.policies) for county in counties)
    assert f"{with_one} have at least one policy, {len(policies)} policies in all" in TEXT.replace(
        "\n", " "
    )
    sure = Counter(policy.source.confidence for policy in policies)
    assert f"{sure['high']}, {sure['medium']} and {sure['low']} policies" in TEXT


@pytest.mark.parametrize(
    ("offense", "finding"),
    [
        ("PC 12022.5", "firearm"),
        ("PC 12022.7(a)", "great_bodily_injury"),
        ("PC 186.22(b)", "gang"),
        ("VC 20001(c)", "fled_vehicular_manslaughter"),
        ("PC 211 + PC 12022.5", "firearm"),
        ("PC 211, 12022.53", "firearm"),
        ("PC 211/12022.7", "great_bodily_injury"),
        ("PC 422 with PC 186.22(d)", "gang"),
        ("PC 12022.3(a)", "firearm or deadly_weapon"),
    ],
)
def test_an_enhancement_given_as_an_offense_is_refused_with_its_finding(
    offense: str, finding: str
) -> None:
    raw = {"as_of": "2025-07-17", "action": "transfer", "convictions": [{"offense": offense}]}
    case = InmateCase.model_validate(raw)
    with pytest.raises(InputError, match=f"put {finding} in its findings") as refused:
        read_facts(case, library().vocabulary, library().catalogue)
    assert "\n" not in str(refused.value)
    assert "an enhancement, not an offense" in str(refused.value)
