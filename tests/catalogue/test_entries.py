"""Attempts and their like, the facts of entries, search and loading."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.common import (
    CATALOGUE,
    CITES,
    FOLDER,
    OFFENSES,
    cites,
    flags,
    one,
    row_of,
    table,
)
from values_act.catalogue import Catalogue
from values_act.errors import LawError

# ---------------------------------------------------------------- attempts and their like


@pytest.mark.parametrize("text", ["PC 664/211", "PC 664-211", "664/211 PC", "PC 211/664"])
def test_an_attempt_with_a_row_of_its_own_is_that_row(text: str) -> None:
    assert cites(text) == ["PC 664/211"]
    assert flags(text) == (False, False, False)


def test_attempted_murder_is_its_own_row_however_it_is_written() -> None:
    texts = ("664/187", "664/187(a)", "664(a)/187(a)", "664/187(a) first degree", "664/187/189")
    for text in texts:
        entry = one(f"PC {text}")
        assert (entry.cite, entry.facts["violent"]) == ("PC 664/187(a)", "yes")


def test_another_attempt_is_its_object_with_the_fact() -> None:
    assert cites("PC 664/245(a)(1)") == cites("PC 245(a)(1)")
    assert flags("PC 664/245(a)(1)") == (True, False, False)
    assert (
        cites("PC 664/HS 11378") == cites("664/11378 HS") == cites("HS 664/11378") == ["HS 11378"]
    )
    assert flags("HS 664/11378") == (True, False, False)
    assert flags("PC 664/999") == (True, False, False)


def test_attempted_burglary_is_not_taken_for_first_degree() -> None:
    assert cites("PC 664/459") == ["PC 459/460(a)", "PC 664/459 first degree", "PC 459/460(b)"]
    assert flags("PC 664/459") == (True, False, False)
    assert cites("PC 664/460(b)") == ["PC 459/460(b)"]
    assert flags("PC 664/460(b)") == (True, False, False)
    assert cites("PC 664/459 first degree") == ["PC 664/459 first degree"]
    assert flags("PC 664/459 first degree") == (False, False, False)


def test_a_completed_crime_is_never_an_attempt() -> None:
    for row in OFFENSES:
        if not re.match(r"664\b", row["section"]):
            assert not any("664/" in cite for cite in cites(f"{row['code']} {row['section']}"))
    assert not any("664/" in cite for cite in cites("PC 187") + cites("PC 211") + cites("PC 459"))


def test_an_attempt_of_nothing_known_ranges_over_all_attempts() -> None:
    assert set(cites("PC 664")) == {c for c in CITES if re.match(r"PC 664\b", c)}


def test_a_conspiracy_is_its_object_with_the_fact() -> None:
    assert cites("PC 182/211") == cites("PC 182(a)(1)/211") == cites("PC 211")
    assert flags("PC 182/211") == flags("PC 211/182(a)(1)") == (False, True, False)
    assert cites("PC 182(a)(1)/HS 11378") == ["HS 11378"]
    assert flags("PC 664/182/211") == (True, True, False)
    assert cites("PC 664/653f(b)") == ["PC 653f(b)"]
    assert flags("PC 664/653f(b)") == (True, False, False)


def test_a_solicitation_that_has_a_grade_of_its_own_is_its_own_row() -> None:
    assert flags("PC 653f/187") == (False, False, True)
    assert cites("PC 653f/187") == cites("PC 187")
    assert cites("PC 653f(b)/187") == ["PC 653f(b)"]
    assert flags("PC 653f(b)/187") == (False, False, False)


@pytest.mark.parametrize("row", table("enhancements"), ids=lambda row: row["section"])
def test_an_enhancement_is_no_offense(row: dict[str, str]) -> None:
    first = re.split(r" / |,", row["section"])[0]
    match = CATALOGUE.find(first)
    if first == "PC 186.22(d)":  # an alternate penalty, which is in both tables
        assert cites(first) == [first]
    else:
        assert match.entries == ()
        assert any("is an enhancement" in text for text in match.suggestions)


def test_an_enhancement_joined_to_an_offense_is_pointed_out() -> None:
    match = CATALOGUE.find("PC 245(a)(1)/12022.7(a)")
    assert [entry.cite for entry in match.entries] == ["PC 245(a)(1)"]
    assert any("is an enhancement" in text for text in match.suggestions)


# ---------------------------------------------------------------- entries


STATE_FACTS = {
    "offense_grade",
    "serious",
    "serious_when",
    "violent",
    "violent_when",
    "listing",
    "felony_only",
    "sex_registrable",
    "arson_registrable",
    "prop47",
    "prop47_when",
    "prop47_law",
    "wobbler",
    "dui",
    "assault",
}
OPEN = {"PC 182(a)(1)", "PC 186.11", "PC 289.6", "PC 664"}


def test_every_entry_has_every_fact_that_its_row_does_not_leave_open() -> None:
    for row in OFFENSES:
        cite = f"{row['code']} {row['section']}"
        (entry,) = (e for e in CATALOGUE.find(cite).entries if e.cite == cite)
        left = {"offense_grade", "wobbler"} if cite in OPEN else set()
        left |= {"listing"} if cite in {"PC 182(a)(1)", "PC 664"} else set()
        assert set(entry.facts) == STATE_FACTS - left
        assert set(entry.confidence) == set(entry.facts) - {"assault"}
        assert entry.row == row


def test_facts_are_typed() -> None:
    facts = one("PC 245(a)(4)").facts
    assert facts["serious_when"] == ("great_bodily_injury", "firearm", "deadly_weapon")
    assert facts["wobbler"] is True
    assert facts["assault"] is True
    assert facts["dui"] is False
    assert (facts["prop47_when"], facts["prop47_law"]) == ("none", "none")
    assert one("PC 459.5").facts["prop47_when"] == "always"
    assert one("PC 211/212.5(c)").facts["violent_when"] == ()
    assert one("PC 245(a)(4)").confidence["offense_grade"] == "found"
    assert one("PC 69").confidence["wobbler"] == "partial"


def test_an_entry_can_leave_facts_open() -> None:
    entry = one("PC 245(a)(4)")
    bare = entry.without("offense_grade", "wobbler")
    assert set(entry.facts) - set(bare.facts) == {"offense_grade", "wobbler"}
    assert bare.cite == entry.cite


@pytest.mark.parametrize(
    ("cite", "expected"),
    [
        ("PC 273.5(a)", {"offense_grade": "wobbler_state_prison", "serious": "conditional"}),
        ("PC 243(d)", {"offense_grade": "wobbler_1170h", "listing": "described"}),
        ("PC 220(a)", {"serious_when": ("sexual_or_mayhem_intent",), "violent": "yes"}),
        ("PC 459/460(a)", {"serious": "yes", "violent_when": ("person_present",)}),
        ("PC 422", {"serious": "yes", "violent": "no", "listing": "named"}),
        ("PC 261(a)(3)", {"serious": "yes", "violent_when": ("drug_administered",)}),
        ("VC 23152/23550", {"dui": True, "felony_only": "dui", "listing": "named"}),
        ("HS 11378", {"felony_only": "drugs", "listing": "named", "wobbler": False}),
        (
            "HS 11377",
            {
                "listing": "named",
                "felony_only": "drugs",
                "prop47": "yes",
                "prop47_law": "health_safety",
            },
        ),
        ("PC 487(c)", {"prop47": "conditional", "prop47_when": "value_950"}),
        ("PC 288.2(a)", {"listing": "described", "sex_registrable": "conditional"}),
        ("PC 285", {"listing": "named", "sex_registrable": "yes"}),
        ("VC 20001(b)(1)", {"listing": "no", "offense_grade": "wobbler_state_prison"}),
        ("PC 240", {"offense_grade": "misdemeanor", "listing": "named", "assault": True}),
    ],
)
def test_boundary_offenses(cite: str, expected: dict[str, object]) -> None:
    facts = one(cite).facts
    assert {name: facts[name] for name in expected} == expected


def test_human_trafficking_of_a_minor_was_always_serious_where_it_carries_life() -> None:
    assert row_of("236.1(c)(1)")["listed_since_serious"] == "2024-01-01"
    assert row_of("236.1(c)(2)")["listed_since_serious"] == ""


# ---------------------------------------------------------------- search, loading


def test_search_by_section_and_by_title() -> None:
    assert {"PC 459/460(a)", "PC 459/460(b)"} < {e.cite for e in CATALOGUE.search("PC 459")}
    assert {e.code for e in CATALOGUE.search("113", 100)} == {"PC", "HS"}
    assert [e.cite for e in CATALOGUE.search("grand theft fire")] == [
        "PC 463(b)(3)",
        "PC 487(d)(2)",
    ]
    assert [e.cite for e in CATALOGUE.search("reentry")] == ["8 USC 1326"]
    assert len(CATALOGUE.search("theft", 5)) == 5
    assert CATALOGUE.search("") == CATALOGUE.search("no such words") == []


def test_unknown_texts_find_nothing_and_are_kept_as_asked() -> None:
    for text in (
        "",
        "robbery",
        "PC",
        "PC 9999",
        "PC 211 & 459",
        "12",
        "§",
        "PC ²(²)-(³)",
        "()/()",
        f"PC 211{' ' * 200}",
    ):
        match = CATALOGUE.find(text)
        assert (match.entries, match.asked) == ((), text)


def test_a_near_section_is_suggested() -> None:
    assert "PC 273.5(a)" in CATALOGUE.find("PC 2735").suggestions


@given(
    st.text(alphabet="0123456789.abcdefPCHSUVpc&/§()-, \u2013²", max_size=30) | st.text(max_size=30)
)
def test_no_text_breaks_the_look_up(text: str) -> None:
    assert CATALOGUE.find(text).asked == text
    CATALOGUE.search(text)


def test_repeated_calls_and_loads_agree_in_any_order() -> None:
    again = Catalogue.load(FOLDER)
    texts = [*CITES, "PC 245", "PC 664/459", "PC 9999", "664/211", "PC 211/245(a)(1)"]
    random.Random(0).shuffle(texts)
    for text in texts:
        assert again.find(text) == CATALOGUE.find(text) == CATALOGUE.find(text)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("offenses.csv", lambda text: text.replace("PC,211/", "PC,215\nPC,211/", 1)),
        ("offenses.csv", lambda text: text.replace("listing", "listed", 1)),
        ("offenses.csv", lambda text: text + text.splitlines()[5] + "\n"),
        ("offenses.csv", lambda text: text.replace("PC,206,", "PC,torture,", 1)),
        ("federal.csv", lambda text: text.replace("18 USC 793", "793", 1)),
        ("codes.csv", lambda text: text.replace("spelling", "spelt", 1)),
    ],
)
def test_a_broken_table_is_refused_in_one_line(tmp_path: Path, name: str, change: object) -> None:
    folder = tmp_path / "offenses"
    shutil.copytree(FOLDER, folder)
    assert callable(change)
    text = (folder / name).read_text(encoding="utf-8")
    (folder / name).write_text(change(text), encoding="utf-8")
    with pytest.raises(LawError) as caught:
        Catalogue.load(folder)
    assert "\n" not in str(caught.value)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawError, match=r"codes\.csv"):
        Catalogue.load(tmp_path)
