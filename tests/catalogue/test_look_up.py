"""From a citation as people write it to its rows."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from tests.catalogue.common import (
    ATTEMPTS,
    CATALOGUE,
    CITES,
    FEDERAL,
    OFFENSES,
    bases,
    cites,
    flags,
    one,
    table,
)
from values_act.catalogue import Entry

# ---------------------------------------------------------------- look-up


@pytest.mark.parametrize("cite", CITES)
def test_every_row_is_found_by_its_own_citation(cite: str) -> None:
    found = cites(cite)
    below = [
        other for other in CITES if other != cite and other.startswith((f"{cite}(", f"{cite}/"))
    ]
    if any(row["section"] == cite and row["letter"] for row in FEDERAL):
        below = []  # a letter names the section; its conspiracy has a row of its own
    assert found == [other for other in CITES if other in {cite, *below}]
    assert flags(cite) == (False, False, False)


def test_a_citation_as_printed_means_what_it_means_when_it_is_parsed() -> None:
    at_once = {cite: CATALOGUE._at_once(cite) for cite in CITES}
    quick = {cite: match for cite, match in at_once.items() if match is not None}
    assert len(quick) > len(CITES) / 2
    assert quick == {cite: CATALOGUE._parsed(cite) for cite in quick}


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
        *("245a1", "PC 245a1", "245(a)(1)-F", "PC 245(a)(1) - M", "PEN 245(a)(1)"),
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
        "own_conspiracy": False,
    }
    assert one("18 USC 2251A").facts["aggravated_felony"] == "I"
    assert one("8 USC 1324(a)(1)(A)(ii)").facts["aggravated_when"] == "not_family_only"


def test_a_federal_section_named_in_part_is_not_taken_for_the_part() -> None:
    assert cites("18 USC 1546") == ["18 USC 1546 other", "18 USC 1546(a)"]
    assert cites("18 USC 1546(b)") == ["18 USC 1546 other"]
    assert cites("18 USC 922(g)(8)") == ["18 USC 922(g) other"]
    assert one("18 USC 922(a)").facts == {}
    assert len(cites("18 USC 922(g)")) == 6


def test_a_degree_and_an_attempt_are_read_in_several_spellings() -> None:
    for text in ("459 1st", "PC 459 1st degree", "459 (first degree)", "459 first deg."):
        assert cites(text) == ["PC 459/460(a)"], text
    assert cites("211 (2nd degree)") == cites("PC 211 2nd") == ["PC 211/212.5(c) second degree"]
    for text in (
        "attempted PC 211",
        "Attempted 211",
        "attempt of PC 211",
        "attempt to commit PC 211",
    ):
        assert cites(text) == cites("PC 664/211"), text
        assert flags(text) == flags("PC 664/211"), text
    assert flags("attempted PC 245(a)(1)") == (True, False, False)
    assert flags("conspiracy to commit HS 11378") == flags("PC 182/HS 11378")
    assert cites("VEH 23153") == cites("VC 23153")


def test_a_glued_subdivision_is_read_only_where_it_can_mean_one_thing() -> None:
    assert cites("243e1") == ["PC 243(e)(1)"]
    for text in ("288a1", "273a1", "999a1"):
        assert cites(text) == [], text
