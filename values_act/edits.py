"""What differs in the files of two copies of the law, entry by entry and field by field.

The parsed models are compared, so that comments, style and the order of lists are no edit. What a
field is taken to be able to do is said here: names of fields of words only, for each model; any
other field, and so a new one, counts as bearing on answers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

from models.base import Model
from models.condition import AllOf, AnyOf, Found, Not, Open, Test, Unpublished
from models.dates import PartialDate
from models.facts import Fact, Implication, Never, Presumption
from models.law import Base, Law, Option, Reading, Route, Rule
from models.policy import County, CountyPolicy, Term
from values_act.entries import (
    Entry,
    entries_of,
    files,
    key_of,
    of_law,
    read_table,
    rows_of,
    whole,
)
from values_act.library import Library

T = TypeVar("T")
Key = Callable[[T], Hashable]  # None: cannot be known by it
Difference = tuple[str, Any, Any, bool]  # field, before, after, effect

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
SAID: dict[type[Model], str] = {Fact: "words"}  # each key has an effect, but not what is said of it
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
    same = {
        n for n in before.keys() & after.keys() if before[n].read_bytes() == after[n].read_bytes()
    }
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
                into.extend(rows_of(name, table, key))
            continue
        for path, into in sides:
            if path:
                into.extend(entries_of(name, path))
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
    old, new = (_applied(library.parts(name), known) for name in (first, second))
    return _edits(old, new)


def _applied(parts: Iterable[Law], known: Mapping[tuple[str, str, str], Entry]) -> list[Entry]:
    """The entries of a law; of two of one id, as a route that two parts give, the last is taken."""
    found = (entry for part in parts for entry in _as_written(part, known))
    return [*{(entry.kind, entry.id): entry for entry in found}.values()]


def _written(library: Library) -> dict[tuple[str, str, str], Entry]:
    """Every entry of the files of laws by kind, law and id, and by kind and id alone."""
    found: dict[tuple[str, str, str], Entry] = {}
    for name, path in files(library).items():
        for entry in entries_of(name, path) if name.startswith("laws/") else ():
            found[entry.kind, entry.home, entry.id] = entry
            found.setdefault((entry.kind, "", entry.id), entry)
    return found


def _as_written(law: Law, known: Mapping[tuple[str, str, str], Entry]) -> Iterator[Entry]:
    """The entries of a part of a law, with the place where each stands in the files."""
    for entry in of_law(law, ""):
        place = known.get((entry.kind, law.name, entry.id)) or known[entry.kind, "", entry.id]
        yield replace(entry, home="", file=place.file, line=place.line)


# ---------------------------------------------------------------- entries


def _edits(old: Sequence[Entry], new: Sequence[Entry]) -> list[Edit]:
    keys: tuple[Key[Entry], ...] = (
        lambda entry: (entry.kind, entry.home, entry.id),
        lambda entry: (entry.kind, entry.id),
        _by_effect,
    )
    found: list[Edit] = []
    for a, b in paired(*_unlike(old, new), keys):
        if a is None or b is None:
            found += (_entire(entry, a is None) for entry in (a, b) if entry)
        else:
            found += _changed(a, b)
    return sorted(found, key=lambda edit: (edit.file, edit.line or 0))


def _unlike(old: Sequence[Entry], new: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Both without the entries that they have alike."""
    ones = [[(_alike(entry), entry) for entry in entries] for entries in (old, new)]
    shared = Counter(key for key, _ in ones[0]) & Counter(key for key, _ in ones[1])
    left: list[list[Entry]] = []
    for entries in ones:
        spare = shared.copy()
        left.append([])
        for key, entry in entries:
            if spare[key] > 0:
                spare[key] -= 1
            else:
                left[-1].append(entry)
    return left[0], left[1]


def _alike(entry: Entry) -> Hashable:
    held = entry.held
    order = _dumped(_data(held.implied)) if isinstance(held, Fact) and held.type != "list" else ""
    return entry.kind, entry.home, entry.id, _plain(whole(entry)), order


def _by_effect(entry: Entry) -> Hashable:
    """What a combination that no case may have is known by, beside why there is none."""
    held = entry.held
    return _plain([held.subject, _data(held.when)]) if isinstance(held, Never) else None


def _entire(entry: Entry, added: bool) -> Edit:
    held = whole(entry)
    before, after = (None, held) if added else (held, None)
    change: Literal["added", "removed"] = "added" if added else "removed"
    place = (entry.file, entry.line, entry.cite)
    return Edit(entry.kind, entry.id, change, "", before, after, True, *place)


def _changed(a: Entry, b: Entry) -> Iterator[Edit]:
    found = list(differences(a.held, b.held, skip=b.skipped))
    if a.home != b.home:
        found.append((b.home_is, a.home, b.home, True))
    for field, before, after, effect in found:
        yield Edit(b.kind, b.id, "changed", field, before, after, effect, b.file, b.line, b.cite)


def paired(
    old: Iterable[T], new: Iterable[T], keys: Iterable[Key[T]]
) -> Iterator[tuple[T | None, T | None]]:
    """Which is which: those of one key belong together, by each key in turn, then none does."""
    left, right = list(old), list(new)
    for key in keys:
        known: dict[Hashable, list[T]] = {}
        for one in reversed(right):
            known.setdefault(key(one), []).append(one)
        known.pop(None, None)
        unmet: list[T] = []
        met: set[int] = set()
        for one in left:
            if partners := known.get(key(one)):
                met.add(id(partners[-1]))
                yield one, partners.pop()
            else:
                unmet.append(one)
        left, right = unmet, [one for one in right if id(one) not in met]
    yield from ((one, None) for one in left)
    yield from ((None, one) for one in right)


# ---------------------------------------------------------------- fields


def differences(a: Any, b: Any, path: str = "", skip: Iterable[str] = ()) -> Iterator[Difference]:
    """The fields in which two values differ: models by field, mappings by key, all else whole."""
    if isinstance(a, Model) and type(a) is type(b) and not isinstance(a, _CONDITIONS):
        yield from _of_models(a, b, path, frozenset(skip))
    elif isinstance(a, Mapping) and isinstance(b, Mapping):
        yield from _of_mappings(a, b, path)
    elif _implications(a) and _implications(b):
        yield from _of_implications(a, b, path)
    elif _plain(a := _data(a)) != _plain(b := _data(b)):
        yield path, a, b, True


def _of_models(a: Model, b: Model, path: str, skip: frozenset[str]) -> Iterator[Difference]:
    fields = set(type(a).model_fields) - skip
    if isinstance(a, Term) and isinstance(b, Term):  # what it says is one thing, and so one edit
        if _plain(_said(a)) != _plain(_said(b)):
            yield path, _said(a), _said(b), True
        fields -= {"rule", "when", "name"}
    said = WORDS.get(type(a), frozenset())
    for name in (name for name in type(a).model_fields if name in fields):
        for found in differences(getattr(a, name), getattr(b, name), _below(path, name)):
            field, before, after, effect = found
            effect = effect and name not in said
            if SAID.get(type(a)) == name and before is not None and after is not None:
                effect = False
            yield field, before, after, effect
    if isinstance(a, Fact) and isinstance(b, Fact) and _in_new_order(a, b):
        yield _below(path, "implied"), _data(a.implied), _data(b.implied), True


def _of_mappings(a: Mapping[str, Any], b: Mapping[str, Any], path: str) -> Iterator[Difference]:
    for name in dict.fromkeys((*a, *b)):
        found = differences(a.get(name), b.get(name), _below(path, name))
        if path or not says_only(name):
            yield from found
        else:
            yield from ((field, x, y, False) for field, x, y, _ in found)


def _of_implications(
    a: Sequence[Implication], b: Sequence[Implication], path: str
) -> Iterator[Difference]:
    for x, y in paired(a, b, _SAME_IMPLICATION):
        yield from differences(x, y, _below(path, str(y.value if y else x.value if x else "")))


def _in_new_order(a: Fact, b: Fact) -> bool:
    """Whether what implies a fact stands in another order: the first that holds is taken."""
    if "list" in {a.type, b.type}:  # each member is a fact of its own
        return False
    places = {id(one): number for number, one in enumerate((*a.implied, *b.implied))}
    met = [(x, y) for x, y in paired(a.implied, b.implied, _SAME_IMPLICATION) if x and y]
    order = [places[id(y)] for _, y in sorted(met, key=lambda pair: places[id(pair[0])])]
    return order != sorted(order)


def _implications(values: object) -> bool:
    return isinstance(values, tuple) and all(isinstance(one, Implication) for one in values)


def _said(term: Term) -> Any:
    """What a policy says of an act, as its file does."""
    if term.when is not None:
        return {"when": _data(term.when)}
    return {"unpublished": term.name} if term.name else term.rule


def says_only(column: str) -> bool:
    """Whether a column of a table, or the text of an entry without a model, is words only."""
    return column in PLAIN or column.endswith(ENDS)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


_SAME_IMPLICATION: tuple[Key[Implication], ...] = (
    lambda one: _plain(_data(one)),
    lambda one: _plain([_data(one.when), one.value]),
    lambda one: _plain([_data(one.when)]),
    lambda one: _plain([one.value]),
)


# ---------------------------------------------------------------- plain data


def _data(value: Any) -> Any:
    """A value as plain data, in the order of its file."""
    if isinstance(value, Model):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, Mapping):
        return {name: _data(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_data(one) for one in value]
    return str(value) if isinstance(value, (date, PartialDate)) else value


def _plain(value: Any) -> str:
    """Plain data as text that is alike where only the order of a list or mapping differs."""
    return json.dumps(_sorted(value), sort_keys=True, ensure_ascii=False)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return sorted((_sorted(one) for one in value), key=_dumped)
    return value


def _dumped(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def spelled(value: object) -> str:
    """Plain data in one line, as its file could say it; `nothing` where there is none."""
    if value is None or value == []:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {spelled(one)}" for name, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(spelled(one) for one in value) + "]"
    return " ".join(str(value).split())


def _around(before: str, after: str) -> tuple[str, str]:
    """Both texts, or of long ones what is around the place where they part."""
    same = next((n for n, (x, y) in enumerate(zip(before, after, strict=False)) if x != y), None)
    start = max(0, (min(len(before), len(after)) if same is None else same) - _SHOWN // 2)
    if max(len(before), len(after)) <= 2 * _SHOWN:
        start = 0
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    most = 2 * _SHOWN
    shown = text[start : start + most]
    return f"{'…' if start else ''}{shown}{'…' if len(text) > start + most else ''}"
