"""The catalogue: the tables agree with each other, and a citation finds the rows it means."""

from __future__ import annotations

import csv
import random
import re
import shutil
from collections import Counter
from datetime import date
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from values_act.catalogue import Catalogue, Entry
from values_act.data import data_folder
from values_act.errors import LawError

FOLDER = data_folder("rules") / "offenses"
CATALOGUE = Catalogue.load(FOLDER)


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OFFENSES = table("offenses")
FEDERAL = table("federal")
CITES = [f"{row['code']} {row['section']}" for row in OFFENSES] + [r["section"] for r in FEDERAL]
LETTERS = {row["letter"]: row for row in table("list_a3")}
CLOSED = {letter for letter, row in LETTERS.items() if row["not_limited_to"] != "yes"}
ATTEMPTS = re.compile(r"664/")


def cites(text: str) -> list[str]:
    return [entry.cite for entry in CATALOGUE.find(text).entries]


def one(text: str) -> Entry:
    (entry,) = CATALOGUE.find(text).entries
    return entry


def flags(text: str) -> tuple[bool, bool, bool]:
    match = CATALOGUE.find(text)
    return match.attempt, match.conspiracy, match.solicitation


def row_of(section: str, code: str = "PC") -> dict[str, str]:
    (found,) = (r for r in OFFENSES if (r["code"], r["section"]) == (code, section))
    return found


def bases(row: dict[str, str]) -> set[str]:
    """Section numbers a row is known by, read without the program's own parser."""
    text = row["section"].removeprefix("former ")
    text = re.sub(r"\([^)]*\)|\$950.*|\b(first|second|over|with|no|after)\b.*", "", text)
    found = set(re.findall(r"\d+(?:\.\d+)?[a-z]*", text))
    if span := re.match(r"(\d+)-(\d+)", text):
        found |= {str(n) for n in range(int(span[1]), int(span[2]) + 1)}
    return found


# ---------------------------------------------------------------- the tables


def test_no_row_of_the_dossier_is_lost() -> None:
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
    assert Counter(row["serious"] for row in OFFENSES) == {"no": 461, "conditional": 79, "yes": 84}
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
    assert not re.search(r"offence|licen[c]e|colour|pretence|defence|/work/|/tmp/|\.txt", text)


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
        allowed = {"no": {""}, "yes": {"always"}, "conditional": {"value_950", "never_checked"}}
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
        assert row["grade_before"] in grades - {row["offense_grade"]}
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
            assert f"{stem} other" in CITES, row["section"]


# ---------------------------------------------------------------- look-up


@pytest.mark.parametrize("cite", CITES)
def test_every_row_is_found_by_its_own_citation(cite: str) -> None:
    found = cites(cite)
    below = [
        other for other in CITES if other != cite and other.startswith((f"{cite}(", f"{cite}/"))
    ]
    assert found == [other for other in CITES if other in {cite, *below}]
    assert flags(cite) == (False, False, False)


@pytest.mark.parametrize("code", sorted({row["code"] for row in OFFENSES}))
def test_a_bare_section_ranges_over_all_its_variants_and_nothing_else(code: str) -> None:
    rows = [row for row in OFFENSES if row["code"] == code]
    for base in set(chain.from_iterable(map(bases, rows))) - {"664", "314.1"}:
        expected = {
            f"{code} {row['section']}"
            for row in rows
            if base in bases(row) and not ATTEMPTS.match(row["section"])
        }
        assert set(cites(f"{code} {base}")) == expected, base


@pytest.mark.parametrize("cite", [f"{row['code']} {row['section']}" for row in OFFENSES])
def test_an_over_specific_citation_falls_to_its_row(cite: str) -> None:
    if re.fullmatch(r"[A-Z]+ [\d.]+[a-z]*(\(\w+\))*", cite) and len(cites(cite)) == 1:
        assert cites(f"{cite}(Z)") == [cite]
        assert cites(f"{cite}(1)(A)") == [cite]


def test_a_neighbor_is_not_a_variant() -> None:
    assert cites("PC 245") == [c for c in CITES if c.startswith("PC 245(")]
    assert "PC 245.2" not in cites("PC 245")
    assert cites("PC 311.1") == ["PC 311.1"]
    assert cites("PC 311.10") == ["PC 311.10"]
    assert cites("PC 647(a)") == ["PC 647(a)"]
    assert cites("PC 288(a)") == ["PC 288(a)"]
    assert all(cite.startswith("PC 287(") for cite in cites("PC 288a"))


def test_a_subdivision_that_no_row_holds_is_not_its_neighbor() -> None:
    for text in ("PC 273a(c)", "PC 459/460(c)", "PC 470/473(b)", "PC 186.22(b)", "VC 20001(c)"):
        assert cites(text) == []
        assert CATALOGUE.find(text).suggestions


def test_joined_sections_are_found_whole_and_by_either_half() -> None:
    both = ["PC 459/460(a)", "PC 459/460(b)"]
    assert cites("PC 459") == cites("PC 459(a)") == cites("PC 459/460") == both
    assert cites("PC 460(a)") == cites("PC 459/460(a)") == cites("PC 459-460(a)") == both[:1]
    assert cites("PC 211/212.5(c)") == ["PC 211/212.5(c) second degree"]
    assert cites("PC 25400(c)(6)") == ["PC 25400(a)/(c)(5)-(6)"]
    assert cites("PC 626.9(f)(3)") == ["PC 626.9(d)/(f)(3)"]
    assert cites("VC 23550.5") == ["VC 23152 or 23153/23550.5"]
    assert cites("PC 506") == ["PC 503-508/514 over $950", "PC 503-508/514 $950 or less"]
    assert len(cites("PC 504")) == 3
    assert cites("PC 509") == []


def test_a_joined_section_that_no_row_holds_says_nothing() -> None:
    assert cites("PC 459/461") == cites("PC 459")
    assert cites("PC 187(a)/189") == cites("PC 187(a)")


def test_two_offenses_joined_are_neither() -> None:
    assert cites("PC 211/245(a)(1)") == []
    assert {"PC 245(a)(1)"} < set(CATALOGUE.find("PC 211/245(a)(1)").suggestions)


def test_ranges_and_lists_of_subdivisions_are_found_by_each() -> None:
    assert cites("PC 148.1(c)") == ["PC 148.1(a)-(d)"]
    assert cites("PC 166(a)(9)") == ["PC 166(a)(1)-(9)"]
    assert cites("PC 166(a)(10)") == []
    assert cites("PC 286(j)") == ["PC 286(f),(g),(i),(j),(k)"]
    assert cites("PC 490.4(b)(3)") == ["PC 490.4(b)(1),(3)"]
    assert cites("PC 490.4(b)(2)") == ["PC 490.4(b)(2)"]
    assert cites("PC 626.10(b)") == ["PC 626.10(a)(1),(b)"]


def test_variants_are_told_apart_by_their_words() -> None:
    assert cites("PC 314.1") == [c for c in CITES if c.startswith("PC 314.1 ")]
    assert cites("PC 314") == cites("PC 314(1)") == cites("PC 314.1")
    assert cites("PC 187 second degree") == ["PC 187(a) second degree"]
    assert cites("PC 459 first degree") == ["PC 459/460(a)"]
    assert cites("PC 236 felony") == ["PC 236/237(a) felony"]
    assert cites("PC 243.3 injury") == ["PC 243.3 injury"]
    assert cites("PC 262(a)(1)") == cites("former PC 262(a)(1)") == ["PC former 262(a)(1)"]
    assert cites("PC 211 on a Tuesday") == []


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("PC 288a(c)(2)(A)", "PC 287(c)(2)"),
        ("PC 4131.5", "PC 243.15"),
        ("PC 12034(c)", "PC 26100(c)"),
        ("PC 12308", "PC 18745"),
    ],
)
def test_a_former_number_finds_the_row_of_today(old: str, now: str) -> None:
    assert cites(old) == [now]


@pytest.mark.parametrize(
    "text",
    [
        *("PC 245(a)(1)", "pc 245(a)(1)", "PC245(a)(1)", "  PC   245 (a) (1)  ", "P.C. 245(a)(1)"),
        *("245(a)(1) PC", "245(A)(1)PC", "245(a)(1), P.C.", "PC § 245(a)(1)", "PC: 245(a)(1)"),
        *("Penal Code 245(a)(1)", "Penal Code section 245(a)(1)", "Pen. Code, § 245(a)(1)"),
        *("Cal. Penal Code § 245(a)(1)", "California Penal Code 245(a)(1)"),
        *("Penal Code section 245, subdivision (a)(1)", "Pen. Code, § 245, subd. (a)(1)"),
        *("245(a)(1)", "section 245(a)(1)", "245(a)(1) Penal Code"),
    ],
)
def test_spellings_of_one_offense(text: str) -> None:
    assert cites(text) == ["PC 245(a)(1)"]


@pytest.mark.parametrize(
    "text",
    [
        *("HS 11378", "H&S 11378", "H & S 11378", "H/S 11378", "HSC 11378", "11378 H&S", "11378HS"),
        *("Health and Safety Code 11378", "Health & Saf. Code, § 11378", "h&s code 11378", "11378"),
    ],
)
def test_spellings_of_another_code(text: str) -> None:
    if text == "h&s code 11378":  # a spelling nobody has listed
        assert cites(text) == []
    else:
        assert cites(text) == ["HS 11378"]


def test_a_code_written_with_a_suffix_letter_is_no_code() -> None:
    assert cites("PC 484e(d)") == cites("484e(d) PC") == cites("484ePC") == ["PC 484e(d)"]
    assert cites("PC 273ab(a)") == cites("273ab(a)pc") == ["PC 273ab(a)"]


@pytest.mark.parametrize("spelling", table("codes"), ids=lambda row: row["spelling"])
def test_every_spelling_finds_the_offenses_of_its_code(spelling: dict[str, str]) -> None:
    entry = next(e for e in map(one_or_none, CITES) if e and e.code == spelling["code"])
    assert cites(f"{spelling['spelling']} {entry.section}") == [entry.cite]


def one_or_none(cite: str) -> Entry | None:
    entries = CATALOGUE.find(cite).entries
    return entries[0] if len(entries) == 1 else None


def test_a_section_without_a_code_is_sought_in_all() -> None:
    assert cites("245") == cites("PC 245")
    assert cites("11378") == ["HS 11378"]
    assert cites("1326") == ["8 USC 1326"]
    assert cites("664/211") == ["PC 664/211"]
    assert flags("664/211") == (False, False, False)


def test_the_wrong_code_is_not_taken_for_the_right_one() -> None:
    match = CATALOGUE.find("PC 11378")
    assert match.entries == ()
    assert match.suggestions == ("HS 11378",)
    assert cites("XX 245") == cites("31 USC 5324") == []


def test_the_code_tells_the_jurisdiction() -> None:
    assert CATALOGUE.find("PC 211").jurisdiction == CATALOGUE.find("211").jurisdiction
    assert CATALOGUE.find("PC 211").jurisdiction == "california"
    assert CATALOGUE.find("18 USC 371").jurisdiction == "federal"
    assert CATALOGUE.find("99999").jurisdiction is None
    assert CATALOGUE.find("robbery").jurisdiction is None


def test_federal_sections() -> None:
    assert cites("18 USC 1546(a)") == cites("18 U.S.C. § 1546(a)") == ["18 USC 1546(a)"]
    assert cites("8 USC 1326") == cites("8 U.S.C. 1326(b)(2)") == ["8 USC 1326"]
    assert one("18 USC 1546(a)(1)").facts == {
        "aggravated_felony": "P",
        "aggravated_when": "term_12_not_family_only",
    }
    assert one("18 USC 2251A").facts["aggravated_felony"] == "I"
    assert one("8 USC 1324(a)(1)(A)(ii)").facts["aggravated_when"] == "not_family_only"


def test_a_federal_section_named_in_part_is_not_taken_for_the_part() -> None:
    assert cites("18 USC 1546") == ["18 USC 1546 other", "18 USC 1546(a)"]
    assert cites("18 USC 1546(b)") == ["18 USC 1546 other"]
    assert cites("18 USC 922(g)(8)") == ["18 USC 922(g) other"]
    assert one("18 USC 922(a)").facts == {}
    assert len(cites("18 USC 922(g)")) == 6


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
        ("HS 11377", {"listing": "named", "felony_only": "drugs", "prop47": "yes", "prop47_law": "health_safety"}),
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
