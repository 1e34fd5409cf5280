"""YAML (and JSON, as YAML's flow style) read safely into models, with one clear line per error.

Scalars stay text: `1.10` keeps its zero and `on` is a word until a model types them. Every value
keeps its place in the file.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from values_act.errors import (
    InputError,
    Place,
    Step,
    Steps,
    at,
    first_fault,
    near,
    place_after,
    refusal,
    shown,
    yaml_problem,
)

Spots: TypeAlias = dict[Step, tuple[Place, Place]]  # of one list or mapping: key's, and value's
Help: TypeAlias = Callable[[Steps, object], str]
M = TypeVar("M", bound=BaseModel)

STDIN = "standard input"
LIMIT, MAX_DEPTH, MAX_VALUES = 2_000_000, 100, 300_000  # bytes, levels, keys and values
# libyaml takes U+0085, U+2028 and U+2029 as line breaks, so lines would be counted as no editor
# does; U+202A-202E and U+2066-2069 show a text in another order than the one it is read in.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    "\U00010000-\U0010ffff]"
)
_TAG_DIRECTIVE = re.compile(r"(?<![^\r\n])%TAG")  # libyaml compares each with all before it
_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FAILURES = (yaml.YAMLError, ValueError, OverflowError)  # the last two: escapes, in pure Python
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_text(path: str | Path, limit: int = LIMIT) -> str:
    """The text of a UTF-8 file of at most `limit` bytes; `-` is standard input.

    Raises:
        InputError: there is no such file, or it is a directory, too large, binary or not UTF-8.
    """
    name = name_of(path)
    try:
        if name == STDIN:
            if sys.stdin is None:
                raise InputError(f"{name} is closed")
            raw = sys.stdin.buffer.read(limit + 1)
        else:
            size = Path(path).stat().st_size
            if size > limit:
                unit = _size if size > 1.1 * limit else "{:,} bytes".format
                raise InputError(f"{name}: file is {unit(size)}; the limit is {unit(limit)}")
            with Path(path).open("rb") as stream:
                raw = stream.read(limit + 1)  # a pipe tells no size
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the name
        raise InputError(f"{name}: no such file{_sibling(Path(path))}") from None
    except IsADirectoryError:
        raise InputError(f"{name}: is a directory, not a file") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {str(error.strerror).lower()}") from None
    if len(raw) > limit:
        raise InputError(f"{name}: file is too large; the limit is {_size(limit)}")
    if b"\0" in raw:
        utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        what = "UTF-16; save it as UTF-8" if utf16 else "binary, not text"
        raise InputError(f"{name}: file is {what}")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        place = place_after(raw[: error.start].decode("utf-8").removeprefix("\ufeff"))
        byte = f"byte 0x{raw[error.start]:02x}"
        raise refusal(name, place, f"{byte} is not UTF-8; save the file as UTF-8") from None


def name_of(path: str | Path) -> str:
    """What errors call a file."""
    return STDIN if str(path) == "-" else str(path)


def _size(count: int) -> str:
    return f"{round(count / 1e6, 1):g} MB" if count >= 100_000 else f"{count:,} bytes"


def _sibling(path: Path) -> str:
    try:
        names = [entry.name for entry in islice(path.parent.iterdir(), 1000)]
    except (OSError, ValueError):
        return ""
    meant = near(path.name, names)
    return f"; did you mean `{path.with_name(meant)}`?" if meant else ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's values (`data`: dicts, lists, text and None) and where each stands."""

    name: str
    data: Any
    start: Place
    spots: dict[int, Spots] = field(repr=False)  # by identity of the list or mapping in `data`

    def where(self, path: Steps, *, key: bool = False) -> Place:
        """Line and column of the value at a path, or its key; if absent, of the nearest parent."""
        node, places = self.data, (self.start, self.start)
        for step in path:
            spots = self.spots.get(id(node), {})
            if step not in spots:
                return places[1]
            node, places = node[step], spots[step]
        return places[0 if key else 1]

    def error(self, path: Steps, message: str, *, key: bool = False) -> InputError:
        """An error about the value at a path (or about its key), for the caller to raise."""
        return refusal(self.name, self.where(path, key=key), message, path)


def compose(text: str, name: str) -> Document:
    """Read one YAML or JSON document; nothing is constructed, and nothing recurs.

    Raises:
        InputError: not YAML; or it has a duplicate key, anchor, alias, tag, merge key, second
            document, key that is not text, control character, or over 100 levels of nesting.
    """
    text = text.removeprefix("\ufeff")
    if found := _FORBIDDEN.search(text) or _TAG_DIRECTIVE.search(text):
        what = "%TAG" if len(found[0]) > 1 else f"character U+{ord(found[0]):04X}"
        raise refusal(name, place_after(text[: found.start()]), f"{what} is not allowed")
    for attempt in dict.fromkeys((text, _json_as_yaml(text))):
        try:
            return _Composer(attempt, name).document()
        except _FAILURES as error:
            place, problem = yaml_problem(error, attempt)
    raise refusal(name, place, problem)


@dataclass(slots=True)
class _Level:
    """A list or mapping being read."""

    node: Any
    spots: Spots
    key: str | None = None
    key_at: Place = (1, 1)


class _Composer:
    """Builds the tree from the parser's events, with a stack of its own."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        self._events = _LOADER(text)
        self._levels: list[_Level] = []
        self._roots: list[tuple[Any, Place]] = []
        self._spots: dict[int, Spots] = {}
        self._values = 0

    def document(self) -> Document:
        while not isinstance(event := self._events.get_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.NodeEvent):
                mark: Any = event.start_mark
                place = (mark.line + 1, mark.column + 1)
                self._values += 1
                self._refuse_marked(event, place)
                self._node(event, place)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._levels.pop()
        if not self._roots or self._roots[0][0] is None:
            raise InputError(f"{self._name}: file is empty")
        return Document(self._name, *self._roots[0], self._spots)

    def _refuse_marked(self, event: Any, place: Place) -> None:
        if event.anchor is not None:
            word = f"{'*' if isinstance(event, yaml.AliasEvent) else '&'}{event.anchor}"
            raise self._refusal(place, f"{shown(word)}: anchors and aliases are not read")
        if event.tag is not None:
            word = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise self._refusal(place, f"{shown(word)}: tags are not read; write the value alone")
        if self._roots and not self._levels:
            raise self._refusal(place, "a second document starts here; a file holds one")
        if self._values > MAX_VALUES:
            raise self._refusal(place, f"more than {MAX_VALUES:,} keys and values")
        if len(self._levels) >= MAX_DEPTH and not isinstance(event, yaml.ScalarEvent):
            raise self._refusal(place, f"nested more than {MAX_DEPTH} levels deep")

    def _node(self, event: Any, place: Place) -> None:
        level = self._levels[-1] if self._levels else None
        if level is not None and isinstance(level.node, dict) and level.key is None:
            level.key, level.key_at = self._key(event, place, level.spots), place
            return
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event, place)
        if level is None:
            self._roots.append((value, place))
        elif level.key is not None:
            level.node[level.key] = value
            level.spots[level.key] = (level.key_at, place)
            level.key = None
        else:
            level.spots[len(level.node)] = (place, place)
            level.node.append(value)
        if isinstance(event, yaml.CollectionStartEvent):
            self._spots[id(value)] = {}
            self._levels.append(_Level(value, self._spots[id(value)]))

    def _key(self, event: Any, place: Place, spots: Spots) -> str:
        key: Any = self._scalar(event, place) if isinstance(event, yaml.ScalarEvent) else []
        if not isinstance(key, str):
            raise self._refusal(place, f"a key must be text, not {shown(key)}")
        if key == "<<" and not event.style:
            raise self._refusal(place, "merge key `<<` is not read; write the keys out")
        if key in spots:
            first = spots[key][0][0]
            raise self._refusal(place, f"key {shown(key)} is given twice, first on line {first}")
        return str(key)

    def _scalar(self, event: Any, place: Place) -> str | None:
        text: str = event.value
        if not event.style:
            return None if text in _NULLS else text
        if event.style == '"' and (found := _FORBIDDEN.search(text)):  # by way of an escape
            raise self._refusal(place, f"character U+{ord(found[0]):04X} is not allowed")
        return text

    def _refusal(self, place: Place, message: str) -> InputError:
        return refusal(self._name, place, message)


def _json_as_yaml(text: str) -> str:
    """JSON that libyaml refuses, spelled so that it is read, line for line: tabs around the whole,
    characters beyond U+FFFF as two escapes, a colon on another line than its key."""
    body = text.lstrip()
    if not body.startswith(("{", "[")):
        return text
    lead = text[: len(text) - len(body)].replace("\t", " ")
    body = _SURROGATES.sub(lambda pair: str(json.loads(f'"{pair[0]}"')), body.rstrip())
    return lead + re.sub(r'"([ \t]*+[\r\n][ \t\r\n]*+):', r'":\1', body)


def parse(
    model: type[M], document: Document, path: Steps = (), *, extra_help: Help | None = None
) -> M:
    """The model that the values at a path make.

    `extra_help` is given the path and the value of an error, and returns text to end it with.

    Raises:
        InputError: they do not make one; the first error in the file, and how many more there are.
    """
    data = at(document.data, path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        fault = first_fault(model, data, error, lambda steps: document.where((*path, *steps)))
    steps, message = (*path, *fault.path), fault.message
    if extra_help is not None:
        message += extra_help(steps, fault.value)
    if fault.more:
        message += f" (and {fault.more} more)"
    place = document.where((*path, *fault.about), key=fault.about_key)
    raise refusal(document.name, place, message, steps)


def load_many(model: type[M], document: Document) -> list[tuple[M, int]]:
    """The models of a file that holds a list of them, each with the line it starts on.

    Raises:
        InputError: the file holds no list, or an item does not make the model.
    """
    if not isinstance(document.data, list):
        raise document.error((), f"a list is wanted here, not {shown(document.data)}")
    paths = [(index,) for index in range(len(document.data))]
    return [(parse(model, document, path), document.where(path)[0]) for path in paths]


def parse_file(model: type[M], path: str | Path, *, extra_help: Help | None = None) -> M:
    """The model in a YAML or JSON file; `-` reads standard input."""
    return parse(model, compose(read_text(path), name_of(path)), extra_help=extra_help)
