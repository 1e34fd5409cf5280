"""No Python file names a section, a county, an offense, a rule or a reading: law is data."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from values_act.library import Library

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted([*(ROOT / "models").glob("*.py"), *(ROOT / "values_act").rglob("*.py")])
SECTION = re.compile(r"\b\d{3,5}\.\d+|\b(?:1192|667|7282|7283|7284|1170|872|1203|1473|186)\b")
# (file, text): why it may stand there
ALLOWED = {
    ("models/dates.py", "Gov. Code 6803"): "how time is computed, the source of the arithmetic",
    ("models/dates.py", "Gov. Code 6800"): "how time is computed, the source of the arithmetic",
    ("models/case.py", "dismissed_1203_4"): "name of a field of the published case format",
    ("models/case.py", "offense_707b"): "name of a field of the published case format",
}


def names_of_law() -> set[str]:
    library = Library()
    found = {county.county for county in library.counties()}
    for law in library.laws.values():
        found |= {rule.id for rule in law.rules} | {base.id for base in law.base}
        found |= {reading.id for reading in law.readings if "-" in reading.id}
    # words that are also plain English or other identifiers
    return found - {"Orange", "Lake", "Kings", "Nevada"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_program_file_names_no_section_county_rule_or_reading(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    place = str(path.relative_to(ROOT))
    for file, allowed in ALLOWED:
        if file == place:
            text = text.replace(allowed, "")
    hits = [match.group() for match in SECTION.finditer(text)]
    assert not hits, f"{place} names {hits}"
    for name in NAMES:
        found = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
        assert not found, f"{place} names {name}"


NAMES = sorted(names_of_law())


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_program_file_names_no_offense_outside_an_example(path: Path) -> None:
    """An offense may stand in a docstring, a comment or a help text, never in a value."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    codes = re.compile(r"(?:PC|HS|VC|BP|WI) \d+[\w.()]*")
    exact = [value for value in values if codes.fullmatch(value)]
    assert not exact, f"{path.name} has the offense {exact} as a value"


def test_the_search_sees_a_planted_section() -> None:
    assert SECTION.search('if section == "1192.7": ...')
    assert SECTION.search("GROUNDS = {7282: 'x'}")
    assert "va-7282.5-a2" in NAMES


@pytest.mark.parametrize(("file", "text"), ALLOWED)
def test_every_exception_is_used_and_has_its_reason(file: str, text: str) -> None:
    assert text in (ROOT / file).read_text(encoding="utf-8")
    assert ALLOWED[file, text]


def test_a_county_whose_name_is_a_common_word_stands_in_an_example_only() -> None:
    lines = [
        (str(path.relative_to(ROOT)), line.strip())
        for path in FILES
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\b(?:Orange|Lake|Kings|Nevada)\b", line)
    ]
    assert [file for file, _ in lines] == ["values_act/template.py"]
    assert "# county: Orange " in lines[0][1]
