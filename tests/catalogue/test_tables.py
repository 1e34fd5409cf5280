"""What the tables say, held against each other and against what the program reads."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from tests.catalogue.common import (
    CATALOGUE,
    CITES,
    CLOSED,
    FEDERAL,
    FOLDER,
    LETTERS,
    OFFENSES,
    bases,
    cites,
    row_of,
    table,
)
from tests.scenes import library

# ---------------------------------------------------------------- the tables


def test_no_row_of_the_source_is_lost() -> None:
    assert Counter(row["code"] for row in OFFENSES) == {
        "PC": 548,
        "HS": 39,
        "VC": 27,
        "BP": 6,
        "WI": 2,
        "IC": 1,
        "UI": 1,
    }
    assert Counter(row["offense_grade"] for row in OFFENSES) == {
        "felony_state_prison": 172,
        "felony_1170h": 66,
        "misdemeanor": 138,
        "infraction": 2,
        "wobbler_state_prison": 92,
        "wobbler_1170h": 150,
        "varies": 4,
    }
    assert Counter(row["serious"] for row in OFFENSES) == {"no": 461, "conditional": 80, "yes": 83}
    assert Counter(row["violent"] for row in OFFENSES) == {"no": 491, "conditional": 79, "yes": 54}
    sizes = {"serious": 44, "violent": 24, "list_a3": 31, "list_a3_sections": 183, "registry": 61}
    sizes |= {"prop47": 15, "enhancements": 22, "aggravated_felony": 21}
    assert {name: len(table(name)) for name in sizes} == sizes


def test_no_offense_stands_twice() -> None:
    assert len(set(CITES)) == len(CITES)


def test_every_table_gives_source_and_confidence() -> None:
    names = "serious violent list_a3 registry prop47 enhancements aggravated_felony federal"
    for name in names.split():
        assert all(row["source"] and row["confidence"] for row in table(name)), name
    for row in OFFENSES:
        columns = [name for name in row if name.endswith("confidence")]
        assert len(columns) == 8
        assert all(row[name] for name in columns), row["section"]
        assert row["source"], row["section"]


def test_the_tables_hold_no_path_and_no_british_spelling() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.csv"))
    assert not re.search(r"offence|licen[c]e|colou[r]|pretence|defence|/tmp/|\.txt", text)


def test_named_letters_are_the_printed_sections_and_no_others() -> None:
    printed = table("list_a3_sections")
    for row in OFFENSES:
        expected = set()
        for item in printed:
            stem = item["section"] + item["subdivision"]
            heads = [part.strip() for part in re.split(r"/| or ", row["section"])]
            heads = [head.removeprefix("former ") for head in heads]
            heads = [head if head[0] != "(" else bases(row).pop() + head for head in heads]
            if item["code"] == row["code"] and any(
                re.match(re.escape(stem) + r"(?![\w.])", head) for head in heads
            ):
                expected.add(item["letter"])
        assert set(row["list_a3_named"].split()) == expected, row["section"]


@pytest.mark.parametrize(
    "item", table("list_a3_sections"), ids=lambda item: "-".join(item.values())
)
def test_the_program_finds_named_sections_under_their_letter(item: dict[str, str]) -> None:
    for entry in CATALOGUE.find(f"{item['code']} {item['section']}{item['subdivision']}").entries:
        letters = set(entry.row["list_a3"].split())
        if entry.row["former"]:  # printed under the number it had
            assert item["letter"] in letters
        else:
            assert item["letter"] in set(entry.row["list_a3_named"].split())
            assert entry.facts.get("listing", "named") == "named"


def test_sections_named_in_the_letters_but_absent_are_known() -> None:
    absent = {
        f"{item['section']}{item['subdivision']}"
        for item in table("list_a3_sections")
        if item["section"][:1].isdigit()
        and not cites(f"{item['code']} {item['section']}{item['subdivision']}")
    }
    definitions = {"404", "422.55", "186.2", "186.9", "290", "290.002", "290.006"}
    gone_or_enhancing = {"4530.5", "273.4", "20001(c)", "12021.5", "12022"}
    gone_or_enhancing |= {
        f"12022.{n}" for n in ("1", "2", "3", "4", "5", "53", "55", "7", "8", "9")
    }
    assert absent == definitions | gone_or_enhancing | {"16000-34370 (Part 6)"}


def test_letters_are_named_or_described() -> None:
    for row in OFFENSES:
        parts = f"{row['list_a3_named']} {row['list_a3_by_description']}".split()
        assert sorted(parts) == sorted(row["list_a3"].split()), row["section"]
        assert set(parts) | set(row["list_a3_conditional"].split()) <= set(LETTERS)


def test_listing_follows_from_the_letters() -> None:
    assert {"G", "L", "M", "P", "R", "S", "AE"} == CLOSED
    for row in OFFENSES:
        described = set(row["list_a3_by_description"].split())
        conditional = set(row["list_a3_conditional"].split())
        firm = described & CLOSED
        if row["sex_registrable"] == "conditional":
            firm -= {"S"}
        expected = "no"
        if row["list_a3_named"] or firm:
            expected = "named"
        elif described or conditional:
            expected = "described"
        if row["list_a3_named"] == "P" and row["a3_if_felony_15y"] == "depends":
            expected = ""  # as the object of the attempt or the conspiracy
        assert row["listing"] == expected, row["section"]


def test_felony_only_rows_have_no_letter_that_takes_misdemeanors() -> None:
    for row in OFFENSES:
        letters = set(row["list_a3"].split())
        expected = {frozenset("G"): "dui", frozenset("M"): "drugs", frozenset("GM"): "dui"}
        assert row["felony_only"] == expected.get(frozenset(letters), "no"), row["section"]
        if "G" in letters:
            assert row["dui"] == "yes"


def test_grade_and_wobbler_agree() -> None:
    for row in OFFENSES:
        grade = row["offense_grade"]
        expected = "" if grade == "varies" else "yes" if grade.startswith("wobbler") else "no"
        assert row["wobbler"] == expected, row["section"]
        place = {
            "felony_state_prison": "yes",
            "wobbler_state_prison": "if_felony",
            "varies": "depends",
        }
        assert row["a2_state_prison_felony"] == place.get(grade, "no"), row["section"]


WHEN = {
    "great_bodily_injury",
    "firearm",
    "deadly_weapon",
    "gang",
    "person_present",
    "drug_administered",
    "sexual_or_mayhem_intent",
    "victim_under_14",
    "threat_of_bodily_injury",
    "force",
    "arson_451",
    "explosive",
    "listed_drug",
    "life_term",
    "serious_object",
    "trafficking_of_minor",
}


@pytest.mark.parametrize("kind", ["serious", "violent"])
def test_exactly_conditional_entries_say_when(kind: str) -> None:
    for row in OFFENSES:
        words = row[f"{kind}_when"].split()
        assert bool(words) == (row[kind] == "conditional"), row["section"]
        assert len(words) == len(set(words))
        assert set(words) <= WHEN
        if row[kind] != "no":
            assert row["offense_grade"] not in {"misdemeanor", "infraction"}


@pytest.mark.parametrize("kind", ["serious", "violent"])
def test_listed_entries_name_an_item_of_the_list(kind: str) -> None:
    items = {item["cite"] for item in table(kind)}
    for row in OFFENSES:
        if row[kind] == "yes":
            named = re.search(r"PC (?:1192\.7|667\.5)\(c\)\(\d+\)", row[f"{kind}_note"])
            assert named, row["section"]
            assert named[0] in items, row["section"]
        since = row[f"listed_since_{kind}"]
        if since:
            assert date.fromisoformat(since)
            assert since in f"{row[f'{kind}_note']}"


def test_proposition_47_entries_say_which_form_and_which_code() -> None:
    for row in OFFENSES:
        allowed = {
            "no": {""},
            "yes": {"always"},
            "conditional": {"value_950", "never_checked", "shoplifting"},
        }
        assert row["prop47_when"] in allowed[row["prop47"]], row["section"]
        law = "health_safety" if row["code"] == "HS" else "penal_code"
        assert row["prop47_law"] == ("" if row["prop47"] == "no" else law)
        assert row["prop47"] != "conditional" or row["prop47_note"], row["section"]


@pytest.mark.parametrize(
    "row", [r for r in table("prop47") if r["instrument"].startswith("Prop 47")],
    ids=lambda row: row["section"],
)  # fmt: skip
def test_what_proposition_47_reduced_is_marked(row: dict[str, str]) -> None:
    section = {"11357(a)": "11357(b)(2)"}.get(row["section"], row["section"])  # relettered since
    entries = CATALOGUE.find(f"{row['code']} {section}").entries
    misdemeanors = [entry for entry in entries if not entry.facts["wobbler"]]
    assert all(entry.facts["prop47"] != "no" for entry in misdemeanors)
    assert entries or section == "1170.18"


def test_an_old_grade_has_its_date_and_its_cause() -> None:
    grades = {row["offense_grade"] for row in OFFENSES}
    changed = [row for row in OFFENSES if row["grade_before"]]
    assert changed
    for row in OFFENSES:
        assert bool(row["grade_before"]) == bool(row["changed_on"]) == bool(row["changed_by"])
    for row in changed:
        before = row["grade_before"].split(" or ")
        assert set(before) <= grades
        assert before[0] != row["offense_grade"]
        assert date.fromisoformat(row["changed_on"]) in {
            *(date(2014, 11, 5), date(2016, 11, 9), date(2024, 12, 18)),
        }


@pytest.mark.parametrize(
    "item",
    [r for r in table("registry") if r["basis"].startswith("290(c)(1)") and not r["condition"]],
    ids=lambda item: item["section"],
)
def test_what_the_registry_takes_unconditionally_is_registrable(item: dict[str, str]) -> None:
    entries = CATALOGUE.find(item["section"]).entries
    assert entries
    assert {entry.facts["sex_registrable"] for entry in entries} == {"yes"}


def test_arson_registration_takes_arson_but_not_reckless_burning() -> None:
    yes = {row["section"] for row in OFFENSES if row["arson_registrable"] == "yes"}
    assert {"451(a)", "451(b)", "451(c)", "451(d)", "451.5", "453(a)", "455"} <= yes
    assert not any(section.startswith("452") for section in yes)


def test_an_assault_is_an_assault_by_title_or_by_category() -> None:
    for row in OFFENSES:
        if row["assault"] == "yes":
            named = re.search(r"assault|ADW|throwing acid", row["title"])
            assert named, row["section"]
    attempted_murder, by_force = row_of("217.1(b)"), row_of("245(a)(4)")
    assert (attempted_murder["assault"], by_force["assault"]) == ("no", "yes")


def test_a_title_stands_on_its_own() -> None:
    assert not [row["title"] for row in OFFENSES if re.match(r"same\b", row["title"])]


def test_federal_letters_are_those_of_the_statute() -> None:
    letters = {row["letter"]: row["counts_for_7282_5_a5"] for row in table("aggravated_felony")}
    for row in FEDERAL:
        assert row["section"].startswith(f"{row['title']} USC ")
        if row["letter"]:
            assert row["counts"] == letters[row["letter"]]
            assert row["when"]
        else:
            assert (row["counts"], row["when"]) == ("", "")


def test_a_federal_section_named_in_part_has_a_row_for_the_rest() -> None:
    for row in FEDERAL:
        stem = row["section"]
        while "(" in stem and row["letter"]:
            stem = stem[: stem.rindex("(")]
            if stem != "8 USC 1324(a)(1)(A)(v)":  # (I) and (II) are all of it
                assert f"{stem} other" in CITES or stem in CITES, row["section"]


def test_a_conspiracy_of_a_federal_section_has_a_row_beside_the_section() -> None:
    """The section's own row speaks of the crime itself."""
    own = [row["section"] for row in FEDERAL if row["conspiracy"] == "yes"]
    assert "18 USC 1956(h)" in own
    for section in own:
        stem = section
        while stem not in CITES or stem == section:
            stem = stem[: stem.rindex("(")]
        assert cites(stem) == [stem]
        assert cites(section) == [section]
        assert CATALOGUE.find(stem).entries[0].facts["own_conspiracy"] is False


def test_every_finding_of_an_enhancement_is_a_word_of_the_case() -> None:
    words = set(library().vocabulary.lists[("conviction", "findings")])
    told = {word for row in table("enhancements") for word in row["finding"].split()}
    assert told <= words
    assert {"armor", "furnished_firearm", "fled_vehicular_manslaughter"} <= told
