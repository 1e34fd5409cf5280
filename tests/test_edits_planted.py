"""Edits of the files of the law: whatever is planted is found, where it is, and nothing else."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import pytest
from pydantic import ValidationError

from models.base import Model
from models.facts import Derivation, Fact, FactBook, Implication, Never, Presumption
from models.law import Base, Law, Option, Reading, Route, Rule, Source
from models.policy import County, CountyPolicy, Term
from values_act.edits import Edit, edits
from values_act.entries import files, key_of, read_table
from values_act.library import Library
from values_act.yamltext import compose

SHARES = 4
MORE = 4  # places of each file beyond one of each kind
TRIED = 12  # words that may take the place of another
Steps = tuple[str | int, ...]
Planted = tuple[Steps, object, object]  # where, what was there, what is there now

MODELS: tuple[type[Model], ...] = (
    Base, County, CountyPolicy, Derivation, Fact, FactBook, Implication, Law, Never, Option,
    Presumption, Reading, Route, Rule, Source, Term,
)  # fmt: skip
FIELDS = {name for model in MODELS for name in model.model_fields}
# What is said and decides nothing, by name, wherever it stands.
WORDS = {
    "title", "text", "cite", "source", "note", "status", "question", "says", "authorities", "why",
    "label", "because", "practice",
}  # fmt: skip
ENTRIES = {
    "rules": ("rule", "id"), "base": ("base", "id"), "routes": ("route", "name"),
    "readings": ("reading", "id"), "policies": ("policy", "id"), "facts": ("fact", "name"),
    "never": ("never", "because"),
}  # fmt: skip


@pytest.fixture(scope="module")
def law() -> Library:
    return Library()


@pytest.fixture
def copy(law: Library, tmp_path: Path) -> Path:
    return Path(shutil.copytree(law.root, tmp_path / "rules"))


# ---------------------------------------------------------------- planting


def _model(name: str) -> type[Model]:
    return {"laws": Law, "counties": County}.get(name.partition("/")[0], FactBook)


def _leaves(node: Any, path: Steps = ()) -> Iterator[tuple[Steps, str]]:
    if isinstance(node, (dict, list)):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _leaves(value, (*path, key))
    elif node is not None:
        yield path, node


def _shape(path: Steps) -> Steps:
    """The fields on the way to a place: what is between them is a name or a number."""
    shape: list[str] = []
    for step in path:
        name = step if isinstance(step, str) and step in FIELDS else "*"
        if name != "*" or shape[-1:] != ["*"]:
            shape.append(name)
    return tuple(shape)


def _others(value: str, like: list[str], random: Random) -> Iterator[str]:
    """What could stand there instead: the next day, number, section or another word."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        yield (date.fromisoformat(value) + timedelta(days=1)).isoformat()
    opposite = {"true": "false", "yes": "no"}
    yield from (y for pair in opposite.items() for x, y in (pair, pair[::-1]) if x == value)
    if number := re.search(r"\d+(?=\D*$)", value):
        yield f"{value[: number.start()]}{int(number[0]) + 1}{value[number.end() :]}"
    words = sorted({*like} - {value})
    yield from random.sample(words, min(TRIED, len(words)))
    yield f"{value}x"


def _put(data: Any, path: Steps, value: object) -> Any:
    changed = deepcopy(data)
    node = changed
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return changed


def _places(leaves: list[Steps], name: str) -> list[Steps]:
    """One place of each shape, at random, and some more."""
    random = Random(crc32(name.encode()))
    mixed = random.sample(leaves, len(leaves))
    one = {_shape(path): path for path in mixed}
    return [*one.values(), *mixed[:MORE]]


class Text:
    """A file of the law that is no table, in which one value after another is changed."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.data = compose(path.read_text("utf-8"), name).data
        leaves = dict(_leaves(self.data))
        self.like: dict[Steps, list[str]] = {}
        for at, value in leaves.items():
            self.like.setdefault(_shape(at), []).append(value)
        self.leaves = leaves
        self.places = _places(list(leaves), name)

    def plant(self, number: int) -> tuple[Planted, str] | None:
        """The next edit and the text of the file with it, in another style of YAML."""
        at = self.places[number]
        old = self.leaves[at]
        random = Random(crc32(f"{self.name}{at}".encode()))
        for new in _others(old, self.like[_shape(at)], random):
            changed = _put(self.data, at, new)
            try:
                _model(self.name).model_validate(changed)
            except ValidationError:
                continue
            if _entry(self.name, at, self.data)[1] != _entry(self.name, at, changed)[1]:
                ids = [entry["id"] for entry in self.data.get(str(at[0]), ()) if "id" in entry]
                if new in ids:  # two of one name are refused elsewhere
                    continue
            self.changed = changed
            return (at, old, new), json.dumps(changed, ensure_ascii=False)
        return None

    def check(self, planted: Planted, found: list[Edit]) -> None:
        at = planted[0]
        kind, now = _entry(self.name, at, self.changed)
        before = _entry(self.name, at, self.data)[1]
        what = {(edit.kind, edit.id, edit.change) for edit in found}
        if now != before and kind != "never":
            assert {(kind, before, "removed"), (kind, now, "added")} <= what, planted
            return
        assert what == {(kind, now, "changed")}, planted
        (edit,) = found
        assert edit.effect != _words(self.name, at), (planted, edit)
        assert edit.before != edit.after
        assert edit.words.startswith(f"{kind} {now}: `{edit.field}` ")
        alone = {"text", "actions"}  # what an act and a word for several are given by
        assert edit.field.split(".")[0] in {str(step) for step in at} | alone, planted


def _entry(name: str, at: Steps, data: Any) -> tuple[str, str]:
    """Kind and id of the entry that a place is in."""
    top = str(at[0])
    if name == "facts.yaml" and top in {"actions", "several"}:
        return top.removesuffix("s") if top == "actions" else top, str(at[1])
    if top in ENTRIES:
        kind, key = ENTRIES[top]
        county = name.startswith("counties/") and kind == "rule"
        return "county rule" if county else kind, data[top][at[1]][key]
    return ("county", data["county"]) if "county" in data else ("law", data["name"])


def _words(name: str, at: Steps) -> bool:
    if at[0] == "policies" and at[-1] == "says":  # open or closed
        return False
    return (
        bool(WORDS.intersection(at))
        or (name == "facts.yaml" and at[0] == "actions")
        or (name == "facts.yaml" and at[0] == "facts" and at[2] == "words")
    )


class Rows:
    """A table, in which one cell after another is changed."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        with path.open(encoding="utf-8", newline="") as file:
            self.columns, *self.rows = csv.reader(file)
        table = read_table(path)
        self.key, self.lines = key_of(table), [line for _, line in table[1]]
        cells = [(n, c) for n, row in enumerate(self.rows) for c in range(len(row))]
        random = Random(crc32(name.encode()))
        mixed = random.sample(cells, len(cells))
        told = sorted(mixed, key=lambda cell: not self.rows[cell[0]][cell[1]])
        one = {cell[1]: cell for cell in reversed(told)}  # of each column, one not empty if any
        self.places = [*one.values(), *mixed[: 4 * MORE]]

    def plant(self, number: int) -> tuple[Planted, str] | None:
        row, column = at = self.places[number]
        old = self.rows[row][column]
        random = Random(crc32(f"{self.name}{at}".encode()))
        key = [self.columns.index(name) for name in self.key]
        for new in _others(old, [cells[column] for cells in self.rows], random):
            rows = [[*cells] for cells in self.rows]
            rows[row][column] = new
            if len({tuple(cells[n] for n in key) for cells in rows}) == len(rows):
                break
        else:
            return None
        lines: list[str] = []
        writer = csv.writer(Into(lines), quoting=csv.QUOTE_ALL)
        writer.writerows([self.columns, *rows])
        return (at, old, new), "".join(lines)

    def check(self, planted: Planted, found: list[Edit]) -> None:
        (row, column), old, new = planted
        name = self.columns[int(column)]
        if name in self.key:
            assert {edit.change for edit in found} == {"removed", "added"}, planted
            assert len(found) == 2
        else:
            (edit,) = found
            assert (edit.change, edit.field) == ("changed", name)
            assert (edit.before or "", edit.after or "") == (old, new)
            only = name in {"title", "description", "cite"} or bool(
                re.search(r"(^|_)(notes?|source|confidence)$", name)
            )
            assert edit.effect != only, (planted, name)
        assert {edit.line for edit in found} == {self.lines[int(row)]}


class Into:
    def __init__(self, lines: list[str]) -> None:
        self.write: Callable[[str], None] = lines.append


def _file(name: str, path: Path) -> Text | Rows:
    return Rows(name, path) if name.endswith(".csv") else Text(name, path)


@pytest.mark.parametrize("share", range(SHARES))
def test_a_planted_edit_is_always_found(law: Library, copy: Path, share: int) -> None:
    """In every file, in every kind of place at least once: all files have one edit at a time."""
    known = [_file(name, path) for name, path in files(law).items()]
    assert all(file.places for file in known)
    for number in range(share, max(len(file.places) for file in known), SHARES):
        planted: dict[str, Planted] = {}
        for file in known:
            made = file.plant(number) if number < len(file.places) else None
            if made:
                planted[file.name] = made[0]
                (copy / file.name).write_text(made[1], encoding="utf-8", newline="")
            else:
                shutil.copyfile(law.root / file.name, copy / file.name)
        found = edits(law, Library(copy))
        assert {edit.file for edit in found} == planted.keys()
        for file in known:
            if file.name in planted:
                file.check(planted[file.name], [edit for edit in found if edit.file == file.name])
