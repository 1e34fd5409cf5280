"""Edits of the files of the law: one change of each kind, what is none, and two laws of a copy."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from models.base import Model
from values_act.edits import SAID, WORDS, edits, edits_between_laws
from values_act.entries import files
from values_act.errors import LawError
from values_act.library import Library
from values_act.yamltext import compose


@pytest.fixture(scope="module")
def law() -> Library:
    return Library()


@pytest.fixture
def copy(law: Library, tmp_path: Path) -> Path:
    return Path(shutil.copytree(law.root, tmp_path / "rules"))


@pytest.mark.parametrize("name", ["style", "order"])
def test_style_and_order_are_no_edit(law: Library, copy: Path, name: str) -> None:
    """Every file in another style, and with every list and table in another order."""
    for file, path in files(law).items():
        if file.endswith(".csv"):
            with path.open(encoding="utf-8", newline="") as stream:
                first, *rows = csv.reader(stream)
            with (copy / file).open("w", encoding="utf-8", newline="") as stream:
                turned = rows[::-1] if name == "order" else rows
                csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([first, *turned])
            continue
        data = compose(path.read_text("utf-8"), file).data
        turned = _turned(data) if name == "order" else data
        (copy / file).write_text(f"# a note\n{json.dumps(turned, indent=2)}", encoding="utf-8")
    assert Library(copy).digest != law.digest
    assert edits(law, Library(copy)) == []


def _turned(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _turned(node[key]) for key in reversed(node)}
    return [_turned(one) for one in reversed(node)] if isinstance(node, list) else node


def test_the_same_copy_has_no_edits(law: Library, copy: Path) -> None:
    assert edits(law, law) == edits(law, Library()) == edits(law, Library(copy)) == []


# ---------------------------------------------------------------- small copies of the law

FACTS = """\
format: "1"
actions: {go: go away, stay: stay here}
several: {all: [go, stay]}
facts:
  - name: weather
    subject: case
    type: word
    label: the weather
    words: {wet: it rains, dry: it does not}
    implied:
      - {when: {sky: true}, value: wet, because: it is seen}
      - {when: {sky: false}, value: dry, because: it is seen}
  - {name: sky, subject: case, type: yes_no, label: the sky is dark}
never:
  - {subject: case, when: {all: [{sky: true}, {weather: dry}]}, because: dark is wet}
"""
LAW = """\
format: "1"
name: walks
title: Walks
effective: 2018-01-04
source: {title: a book}
readings:
  - id: edge
    question: Does the edge count?
    cite: Book 1
    options:
      counts: {says: It counts.}
      out: {says: It does not.}
    default: counts
    why: it is near
rules:
  - id: wet-stay
    cite: Book 2
    title: Stay
    text: In the wet, stay.
    source: {title: a book}
    subject: case
    when: {all: [{weather: wet}, {sky: true}]}
    requires: [stay]
    effective: 2018-01-04
"""
COUNTY = """\
county: Home
policies:
  - id: home-1
    title: Our walks
    cite: Letter
    authority: board
    binds: [sheriff, police]
    effective: 2018-01
    actions:
      go: closed
      stay: {when: {sky: true}, practice: one asks}
    source: {title: a letter}
"""
TABLE = """\
code,section,title,serious,serious_note
PC,1,one,yes,
PC,2,two,no,seen
"""
PLACES = {
    "facts.yaml": FACTS, "laws/walks.yaml": LAW, "counties/home.yaml": COUNTY,
    "offenses/offenses.csv": TABLE,
}  # fmt: skip


def _library(root: Path, *changes: tuple[str, str, str]) -> Library:
    texts = dict(PLACES)
    for file, old, new in changes:
        assert texts[file].count(old) == 1
        texts[file] = texts[file].replace(old, new)
    for file, text in texts.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")
    return Library(root)


L, F, C, T = "laws/walks.yaml", "facts.yaml", "counties/home.yaml", "offenses/offenses.csv"


@pytest.mark.parametrize(
    ("file", "old", "new", "words", "effect", "line"),
    [
        (L, "    effective: 2018-01-04", "    effective: 2018-01-05",
         "rule wet-stay: `effective` 2018-01-04 -> 2018-01-05", True, 16),
        (L, "    effective: 2018-01-04\n", "",
         "rule wet-stay: `effective` 2018-01-04 -> nothing", True, 16),
        (L, "title: Walks", "title: Walks\nended: 2020-01-01",
         "law walks: `ended` nothing -> 2020-01-01", True, 2),
        (L, "In the wet, stay.", "Stay in the wet.",
         "rule wet-stay: `text` In the wet, stay. -> Stay in the wet.", False, 16),
        (L, "book}\n    subject", "book, url: there}\n    subject",
         "rule wet-stay: `source.url` nothing -> there", False, 16),
        (L, "{sky: true}]}", "{sky: false}]}",
         ("rule wet-stay: `when` {all: [{weather: wet}, {sky: true}]} -> "
          "{all: [{weather: wet}, {sky: false}]}"), True, 16),
        (L, "default: counts", "default: out", "reading edge: `default` counts -> out", True, 7),
        (L, "It counts.", "Yes.",
         "reading edge: `options.counts.says` It counts. -> Yes.", False, 7),
        (L, "      out: {says: It does not.}\n", "",
         "reading edge: `options.out` {says: It does not.} -> nothing", True, 7),
        (F, "go: go away", "go: go", "action go: `text` go away -> go", False, 2),
        (F, "[go, stay]", "[go]", "several all: `actions` [go, stay] -> [go]", True, 3),
        (F, "wet: it rains, ", "wet: rain, ",
         "fact weather: `words.wet` it rains -> rain", False, 5),
        (F, "dry: it does not", "dry: it does not, fog: fog",
         "fact weather: `words.fog` nothing -> fog", True, 5),
        (F, "{sky: false}, value", "{sky: true}, value",
         "fact weather: `implied.dry.when` {sky: false} -> {sky: true}", True, 5),
        (F, "because: dark is wet", "because: so",
         "never so: `because` dark is wet -> so", False, 15),
        (C, "go: closed", "go: open", "policy home-1: `actions.go` closed -> open", True, 3),
        (C, "{when: {sky: true}, practice: one asks}", "open",
         "", True, 3),
        (C, "      go: closed\n", "",
         "policy home-1: `actions.go` {rule: closed} -> nothing", True, 3),
        (C, "2018-01\n", "2018-01-01\n",
         "policy home-1: `effective` 2018-01 -> 2018-01-01", True, 3),
        (C, "one asks", "all ask",
         "policy home-1: `actions.stay.practice` one asks -> all ask", False, 3),
        (C, "[sheriff, police]", "[police]",
         "policy home-1: `binds` [sheriff, police] -> [police]", True, 3),
        (T, "one,yes", "one,no", "offense PC 1: `serious` yes -> no", True, 2),
        (T, "no,seen", "no,heard", "offense PC 2: `serious_note` seen -> heard", False, 3),
    ],
)  # fmt: skip
def test_one_change(
    tmp_path: Path, file: str, old: str, new: str, words: str, effect: bool, line: int
) -> None:
    a, b = _library(tmp_path / "a"), _library(tmp_path / "b", (file, old, new))
    found = edits(a, b)
    if words:
        (edit,) = found
        assert edit.words == words
        assert edit.effect is effect
    else:  # what is said of an act and how it is done, at once
        assert [(e.field, e.effect) for e in found] == [
            ("actions.stay", True), ("actions.stay.practice", False)
        ]  # fmt: skip
    assert {(e.change, e.file, e.line) for e in found} == {("changed", file, line)}
    (back, *_) = edits(b, a)
    assert (back.before, back.after) == (found[0].after, found[0].before)
    json.dumps([found[0].before, found[0].after])


def test_a_rule_added_and_removed(tmp_path: Path) -> None:
    a = _library(tmp_path / "a")
    b = _library(tmp_path / "b", (L, "id: wet-stay", "id: rain-stay"))
    assert [edit.words for edit in edits(a, b)] == [
        "rule wet-stay: removed", "rule rain-stay: added"
    ]  # fmt: skip
    assert all(edit.effect and edit.cite == "Book 2" for edit in edits(a, b))


def test_a_whole_file_added_and_removed(tmp_path: Path) -> None:
    a, b = _library(tmp_path / "a"), _library(tmp_path / "b")
    (b.root / L).unlink()
    (b.root / T).unlink()
    gone = {"law walks", "reading edge", "rule wet-stay", "offense PC 1", "offense PC 2"}
    assert {edit.words for edit in edits(a, b)} == {f"{one}: removed" for one in gone}
    assert {edit.words for edit in edits(b, a)} == {f"{one}: added" for one in gone}


def test_a_file_renamed_is_no_edit(tmp_path: Path) -> None:
    a, b = _library(tmp_path / "a"), _library(tmp_path / "b")
    (b.root / L).rename(b.root / "laws" / "other.yaml")
    assert edits(a, b) == []


def test_a_rule_moved_to_another_law(tmp_path: Path) -> None:
    a, b = _library(tmp_path / "a"), _library(tmp_path / "b")
    head, rules = LAW.split("rules:\n")
    (b.root / L).write_text(head, encoding="utf-8")
    other = head.partition("readings")[0].replace("walks", "runs")
    (b.root / "laws" / "runs.yaml").write_text(f"{other}rules:\n{rules}", encoding="utf-8")
    found = edits(a, b)
    assert {edit.words for edit in found} == {
        "law runs: added", "rule wet-stay: `law` walks -> runs"
    }  # fmt: skip


def test_the_order_of_what_implies_a_fact(tmp_path: Path) -> None:
    """The first that holds is taken."""
    lines = FACTS.splitlines()
    first, last = (n for n, line in enumerate(lines) if "value:" in line)
    old = "\n".join(lines[first : last + 1])
    new = "\n".join((lines[last], lines[first]))
    a, b = _library(tmp_path / "a"), _library(tmp_path / "b", (F, old, new))
    (edit,) = edits(a, b)
    assert (edit.id, edit.field, edit.effect) == ("weather", "implied", True)


def test_a_row_of_a_table(tmp_path: Path) -> None:
    """Known by its first columns, as few as tell the rows apart."""
    a = _library(tmp_path / "a")
    b = _library(tmp_path / "b", (T, "PC,2,two,no,seen\n", "PC,3,two,no,seen\nHS,2,two,no,\n"))
    assert {edit.words for edit in edits(a, b)} == {
        "offense PC 2: removed", "offense PC 3: added", "offense HS 2: added"
    }  # fmt: skip


def test_rows_alike_are_counted(tmp_path: Path) -> None:
    a = _library(tmp_path / "a")
    b = _library(tmp_path / "b", (T, "PC,1,one,yes,\n", "PC,1,one,yes,\nPC,1,one,yes,\n"))
    (edit,) = edits(a, b)
    assert (edit.change, edit.file, edit.effect) == ("added", T, True)
    assert edit.after == {"code": "PC", "section": "1", "title": "one", "serious": "yes"}


def test_a_table_cut_to_its_end_or_broken(tmp_path: Path) -> None:
    a, b = _library(tmp_path / "a"), _library(tmp_path / "b", (T, TABLE, ""))
    assert {e.words for e in edits(a, b)} == {"offense PC 1: removed", "offense PC 2: removed"}
    assert {e.words for e in edits(b, a)} == {"offense PC 1: added", "offense PC 2: added"}
    broken = _library(tmp_path / "c", (T, "two,no,seen", "two,no"))
    with pytest.raises(LawError, match=r"offenses.csv:3: a cell too many or too few"):
        edits(a, broken)


def test_a_column_added(tmp_path: Path) -> None:
    a = _library(tmp_path / "a")
    wide = TABLE.replace("serious_note", "serious_note,fresh").replace(",yes,", ",yes,,yes")
    b = _library(tmp_path / "b", (T, TABLE, wide.replace("seen", "seen,")))
    (edit,) = edits(a, b)
    assert (edit.words, edit.effect) == ("offense PC 1: `fresh` nothing -> yes", True)


def test_long_texts_are_cut_where_they_part(tmp_path: Path) -> None:
    long = "word " * 100
    a = _library(tmp_path / "a", (L, "In the wet, stay.", f"{long}here"))
    b = _library(tmp_path / "b", (L, "In the wet, stay.", f"{long}there"))
    (edit,) = edits(a, b)
    before, after = edit.words.split(" -> ")
    assert before != after
    assert before.endswith(" here")
    assert after.endswith(" there")
    assert len(edit.words) < 400


def test_fields_of_words_are_fields() -> None:
    for model, names in (*WORDS.items(), *((model, {name}) for model, name in SAID.items())):
        assert names <= model.model_fields.keys()


# ---------------------------------------------------------------- two laws of one copy


def test_between_two_laws(law: Library) -> None:
    """What a law has and another has not, by the rules, bases, routes and readings of each."""
    names = [name for name, one in law.laws.items() if one.kind != "definitions"]
    for first, second in zip(names, (*names[1:], names[0]), strict=True):
        assert edits_between_laws(law, first, first) == []
        found = edits_between_laws(law, first, second)
        for kind, many, key in (
            ("rule", "rules", "id"), ("base", "base", "id"), ("route", "routes", "name"),
            ("reading", "readings", "id"),
        ):  # fmt: skip
            old, new = (
                {getattr(o, key): o for part in law.parts(n) for o in getattr(part, many)}
                for n in (first, second)
            )
            mine = [edit for edit in found if edit.kind == kind]
            told = {
                change: {edit.id for edit in mine if edit.change == change}
                for change in ("added", "removed", "changed")
            }
            assert told["added"] == new.keys() - old.keys()
            assert told["removed"] == old.keys() - new.keys()
            unlike = {i for i in old.keys() & new.keys() if set_of(old[i]) != set_of(new[i])}
            assert told["changed"] == unlike
        for edit in found:
            lines = (law.root / edit.file).read_text("utf-8").splitlines()
            assert edit.line is not None
            assert edit.id in lines[edit.line - 1]


def set_of(model: Model) -> str:
    return model.model_dump_json()
