"""What differs in the files of two copies of the law, entry by entry and field by field.

The parsed models are compared, so that comments, style and the order of lists are no edit. What a
field is taken to be able to do is said here: names of fields of words only, for each model; any
other field, and so a new one, counts as bearing on answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from models.base import Model
from models.condition import AllOf, AnyOf, Found, Not, Open, Test, Unpublished
from models.dates import PartialDate
from models.facts import Derivation, Fact, Implication, Never, Presumption
from models.law import Base, Law, Option, Reading, Route, Rule
from models.policy import County, CountyPolicy, Term
from values_act.entries import (
    Entry,
    entries_of,
    files,
    is_never,
    key_of,
    of_law,
    read_table,
    rows_of,
    whole,
)
from values_act.library import Library

T = TypeVar("T")
Key = Callable[[T], Hashable]  # None: cannot be known by it
Found_ = tuple[str, Any, Any, bool]  # field, before, after, effect

_CONDITIONS = (AllOf, AnyOf, Not, Test, Found, Open, Unpublished)
# Fields that say, and decide nothing. Whoever adds one adds it here, or it counts.
WORDS: dict[type[Model], frozenset[str]] = {
    Rule: frozenset({"cite", "title", "text", "source", "note"}),
    Base: frozenset({"cite", "title", "text", "source"}),
    Route: frozenset({"cite", "title"}),
    Reading: frozenset({"question", "cite", "why"}),
    Option: frozenset({"says", "authorities"}),
    Law: frozenset({"title", "source", "note", "status"}),
    Fact: frozenset({"label", "question"}),
    Presumption: frozenset({"because"}),
    Implication: frozenset({"because"}),
    Never: frozenset({"because"}),
    CountyPolicy: frozenset({"title", "cite", "source", "note"}),
    Term: frozenset({"practice"}),
    County: frozenset({"note"}),
}
SAID = {Fact: "words"}  # each key has an effect, but not what is said of it
PLAIN = frozenset({"title", "text", "description", "cite", "source", "note", "notes", "confidence"})
ENDS = ("_confidence", "_note", "_notes")  # of the names of columns that only say
_SHOWN = 70  # characters of a value


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference; `before` and `after` are plain data, None where there is nothing.

    `field` is a dotted path, empty for a whole entry added or removed. `effect`: whether the field
    can bear on an answer, or is words only. `file` and `line` are of the second copy, or of the
    first for what was removed.
    """

    kind: str
    id: str
    change: Literal["added", "removed", "changed"]
    field: str
    before: object
    after: object
    effect: bool
    file: str
    line: int | None
    cite: str = ""

    @property
    def words(self) -> str:
        """The edit in one line."""
        if not self.field:
            return f"{self.kind} {self.id}: {self.change}"
        before, after = _around(spelled(self.before), spelled(self.after))
        return f"{self.kind} {self.id}: `{self.field}` {before} -> {after}"


def edits(a: Library, b: Library) -> list[Edit]:
    """Every edit by which the second copy of the law differs from the first, file by file.

    Files that are the same to the byte are not read further.

    Raises:
        InputError: a file that differs is not what it should be.
    """
    if a is b:
        return []
    before, after = files(a), files(b)
    same = {n for n in before.keys() & after.keys() if before[n].read_bytes() == after[n].read_bytes()}
    old: list[Entry] = []
    new: list[Entry] = []
    for name in sorted(before.keys() | after.keys()):
        if name in same:
            continue
        sides = ((before.get(name), old), (after.get(name), new))
        if name.endswith(".csv"):
            tables = [(read_table(path), into) for path, into in sides if path]
            key = key_of(*(table for table, _ in tables))
            for table, into in tables:
                into += rows_of(name, table, key)
            continue
        for path, into in sides:
            if path:
                into += entries_of(name, path)
    return _edits(old, new)


def edits_between_laws(library: Library, first: str, second: str) -> list[Edit]:
    """What one law has and another has not, or has otherwise, in the same copy.

    Laws are compared as they are applied: a composition by its parts, a proposal as what it makes
    of the law that it would change. That an entry stands in another law is no edit.

    Raises:
        InputError: there is no such law.
    """
    if first == second:
        return []
    known = _written(library)
    old = [entry for law in library.parts(first) for entry in _as_written(law, known)]
    new = [entry for law in library.parts(second) for entry in _as_written(law, known)]
    return _edits(old, new, homes=False)


def _written(library: Library) -> dict[tuple[str, str], Entry]:
    """Every entry of the files of laws by kind and id."""
    found = (e for name, path in files(library).items() if name.startswith("laws/")
             for e in entries_of(name, path))
    return {(entry.kind, entry.id): entry for entry in found}


def _as_written(law: Law, known: Mapping[tuple[str, str], Entry]) -> Iterator[Entry]:
    """The entries of a part of a law, where they stand in the files."""
    for entry in of_law(law, ""):
        place = known[entry.kind, entry.id]
        yield Entry(entry.kind, entry.id, "", entry.held, place.file, place.line, entry.cite)
