"""What goes wrong, in one line: lower case, the offending input in backticks, what is allowed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union, get_args, get_origin

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Step: TypeAlias = str | int
Steps: TypeAlias = tuple[Step, ...]
Place: TypeAlias = tuple[int, int]  # line and column, from 1

_MAX_LINE = 1000
_MAX_SHOWN = 60
_MAX_NAMES = 15


class ValuesActError(Exception):
    """An error to show as it is: `str(error)` is one printable line of at most 1,000 characters."""

    exit_code: int = 1

    def __init__(self, message: str) -> None:
        super().__init__(_one_line(message))


class InputError(ValuesActError):
    """A file or a case that cannot be read."""


class LawError(ValuesActError):
    """A rule file that cannot be law."""


class EngineError(ValuesActError):
    """The two engines disagree, or one of them failed."""


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if not line.isprintable():
        line = "".join(
            char if char.isprintable() else char.encode("unicode_escape").decode() for char in line
        )
    return line if len(line) <= _MAX_LINE else line[: _MAX_LINE - 1] + "…"


def near(word: str, choices: Iterable[str]) -> str | None:
    """The one choice near enough to a word to be meant, if there is one."""
    if len(word) > _MAX_SHOWN:
        return None
    by_lower = {choice.lower(): choice for choice in choices if choice != word}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """`; did you mean `x`?`, or nothing where no choice is near."""
    meant = near(word, choices)
    return f"; did you mean `{meant}`?" if meant is not None else ""


def shown(value: object) -> str:
    """A value read from a file, as an error names it."""
    if value is None:
        return "an empty value"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, Mapping):
        return "a mapping"
    text = str(value)
    return f"`{text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + '…'}`"


def spelled(path: Steps) -> str:
    """A path as errors write it: `convictions[1].grade`, counting from 1 as people do."""
    parts = (f"[{s + 1}]" if isinstance(s, int) else f".{shown(s)[1:-1]}" for s in path)
    return "".join(parts).removeprefix(".")


def refusal(name: str, place: Place, message: str, path: Steps = ()) -> InputError:
    """The error `file:line:column: path: message`, to be raised."""
    lead = f"{spelled(path)}: " if path else ""
    return InputError(f"{name}:{place[0]}:{place[1]}: {lead}{message}")


def place_after(text: str) -> Place:
    """Line and column, from 1, of what follows a text."""
    breaks = list(re.finditer(r"\r\n?|\n", text))
    return len(breaks) + 1, len(text) - (breaks[-1].end() if breaks else 0) + 1


def yaml_problem(error: Exception, text: str) -> tuple[Place, str]:
    """A parser's complaint about a text: where, and what, with what to do where that is known."""
    mark, start = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if mark is None:
        return (1, 1), f"not YAML: {error}"
    problem, context = getattr(error, "problem", ""), getattr(error, "context", None) or ""
    if "cannot start any token" in problem:
        char = text[mark.index : mark.index + 1]
        problem = f"{shown(char)} cannot start a value; put the text in quotes"
        if char == "\t":
            problem = "a tab stands here; indent with spaces"
    elif "mapping values are not allowed" in problem:
        problem += "; check the indentation, or put text that holds `: ` in quotes"
    else:
        if context and start is not None and start.line < mark.line:
            context += f" that starts on line {start.line + 1}"
        problem = f"{problem} {context}".rstrip()
    at_end = mark.index >= len(text)  # libyaml counts a line more if the last has no line break
    return place_after(text.rstrip()) if at_end else (mark.line + 1, mark.column + 1), problem


# ---------------------------------------------------------------- pydantic's errors, reworded


@dataclass(slots=True)
class Fault:
    """The first error of a validation, and how many more there are.

    `path` is what the message is about, `about` what it names: the same, or a value or key inside.
    """

    path: Steps
    about: Steps
    about_key: bool
    message: str
    value: object
    more: int


@dataclass(slots=True)
class _Problem:
    details: ErrorDetails
    path: Steps
    forks: list[Steps]  # where pydantic's path leaves the data: branches of a union, absent keys
    wants: list[str]

    @property
    def kind(self) -> str:
        return self.details["type"]

    @property
    def name(self) -> str:
        return str(self.details["loc"][-1])

    @property
    def holder(self) -> Steps:
        """The mapping that an unknown key stands in, as near as it could be found."""
        return self.path[:-1] if self.path[-1:] == (self.name,) else self.path


def first_fault(
    model: type, data: Any, error: ValidationError, where: Callable[[Steps], Place]
) -> Fault:
    """The error that stands first in the file, in the words of the file's author."""
    problems = [_located(data, details) for details in error.errors(include_url=False)]
    problems = sorted(_merged(problems), key=lambda problem: where(problem.path))
    problems = _without_misspelled(model, problems)
    first = problems[0]
    message, value, path = _message(model, first), first.details["input"], first.path
    about, about_key = path, False
    if first.kind == "extra_forbidden":
        path, about_key = first.holder, True
        if path == about:  # below data that a validator of ours rebuilt
            about, about_key = named(at(data, path), f"`{first.name}`", path)
    elif isinstance(value, (dict, list)) and "error" in first.details.get("ctx", {}):
        about, about_key = named(at(data, path), message, path)
    return Fault(path, about, about_key, message, value, len(problems) - 1)


def _located(data: Any, details: ErrorDetails) -> _Problem:
    """An error's path in the data, which pydantic mixes with its names for branches of a union."""
    node: Any = data
    value = details["input"]
    path: Steps = ()
    forks: list[Steps] = []
    for step in details["loc"]:
        if _has(node, step):
            node, path = node[step], (*path, step)
        else:
            forks.append(path)
    if forks and value is not None and node is not value:  # a validator of ours rebuilt the data
        same = [inner for inner, item in _walk(node) if item is value]
        path += same[0] if len(same) == 1 else ()
    want = _wanted(details["type"], details.get("ctx", {}))
    return _Problem(details, path, forks, [want] if want else [])


def _has(node: Any, step: Step) -> bool:
    if isinstance(node, list):
        return isinstance(step, int) and step < len(node)
    return isinstance(node, dict) and step in node


def _merged(problems: list[_Problem]) -> list[_Problem]:
    """One problem for each value: the best branch of a union, or what all its branches want."""
    telling = {
        fork
        for problem in problems
        for fork in problem.forks
        if len(problem.path) > len(fork) or not problem.wants
    }
    kept: dict[object, _Problem] = {}
    for number, problem in enumerate(problems):
        if not problem.wants or problem.path not in problem.forks:
            kept[number] = problem
        elif problem.path in kept:
            kept[problem.path].wants += problem.wants
        elif problem.path not in telling:
            kept[problem.path] = problem
    return list(kept.values())


def _without_misspelled(model: type, problems: list[_Problem]) -> list[_Problem]:
    """A key that is missing because it is misspelled is one error, not two."""
    short = {problem.path for problem in problems if problem.kind == "missing"}
    unknown = (p for p in problems if p.kind == "extra_forbidden" and p.holder in short)
    meant = {(p.holder, near(p.name, _fields(model, p.holder)[0])) for p in islice(unknown, 50)}
    return [p for p in problems if p.kind != "missing" or (p.path, p.name) not in meant]


def _walk(node: Any) -> Iterator[tuple[Steps, Any]]:
    """Every value inside a tree, with its path."""
    waiting: list[tuple[Steps, Any]] = [((), node)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        if isinstance(node, dict):
            waiting += [((*path, key), item) for key, item in node.items()]
        elif isinstance(node, list):
            waiting += [((*path, index), item) for index, item in enumerate(node)]


def at(data: Any, path: Steps) -> Any:
    """The value at a path that the data has."""
    for step in path:
        data = data[step]
    return data


def named(node: Any, message: str, path: Steps) -> tuple[Steps, bool]:
    """Where the one value or key stands that a message about a whole mapping names.

    Returns:
        Its path, and whether the key is meant; the path given, where none or several stand.
    """
    inside = list(_walk(node))
    for word in re.findall(r"`([^`]+)`", message)[:3]:
        for hits, about_key in (
            ([inner for inner, item in inside if item == word], False),
            ([inner for inner, _ in inside if inner and inner[-1] == word], True),
        ):
            if len(hits) == 1:
                return (*path, *hits[0]), about_key
    return path, False


def _message(model: type, problem: _Problem) -> str:
    details, value = problem.details, problem.details["input"]
    kind, context = problem.kind, problem.details.get("ctx", {})
    if kind == "missing":
        return f"`{problem.name}` is missing"
    if kind == "extra_forbidden":
        names, exact = _fields(model, problem.holder)
        hint = did_you_mean(problem.name, names)
        if not hint and exact and names:
            more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
            hint = f"; allowed: {', '.join(names[:_MAX_NAMES])}{more}"
        if value is None and " " in problem.name:  # {says: one thing, and another}
            hint = "; put text that holds a comma in quotes"
        return f"unknown key {shown(problem.name)}{hint}"
    if problem.wants:
        want = " or ".join(dict.fromkeys(problem.wants))
        if value is None or isinstance(value, (list, tuple, Mapping)):
            return f"{want} is wanted here, not {shown(value)}"
        return f"{shown(value)} is not {want}{did_you_mean(str(value), _choices(context))}"
    if "error" in context:
        return _own_words(str(context["error"]), value)
    unit = "item" if isinstance(value, (list, tuple, Mapping)) else "character"
    for limit, sentence in _LIMITS.items():
        if limit in context:
            count = context[limit]
            return sentence.format(shown(value), count, unit if count == 1 else f"{unit}s")
    return f"{shown(value)}: {_plain(details['msg'].removeprefix('Input '))}"


_NUMBER, _LIST, _MAPPING, _DAY = "a whole number", "a list", "a mapping", "a day like 2018-01-04"
_WANTED = {
    "string": "text",
    "bool": "true or false",
    "int": _NUMBER,
    "float": "a number",
    "tuple": _LIST,
    "list": _LIST,
    "set": _LIST,
    "frozen_set": _LIST,
    "dict": _MAPPING,
    "model": _MAPPING,
    "model_attributes": _MAPPING,
    "date": _DAY,
    "date_from_datetime": _DAY,
}
_LIMITS = {
    "gt": "{0} is not more than {1}",
    "ge": "{0} is not at least {1}",
    "lt": "{0} is not less than {1}",
    "le": "{0} is not at most {1}",
    "max_length": "{0} is too long; the limit is {1} {2}",
    "min_length": "{0} is too short; the least is {1} {2}",
}


def _wanted(kind: str, context: Mapping[str, Any]) -> str | None:
    """What an error of the kind "wrong type" or "not among these words" asks for."""
    if kind in {"literal_error", "enum"}:
        words = _choices(context)
        return f"`{words[0]}`" if len(words) == 1 else f"one of {', '.join(words)}"
    return _WANTED.get(re.sub(r"_(type|parsing|parsing_size|from_float|inexact)$", "", kind))


def _choices(context: Mapping[str, Any]) -> list[str]:
    return re.findall(r"'([^']*)'", str(context.get("expected", "")))


def _own_words(message: str, value: object) -> str:
    """What a validator of ours says, without Python's spelling of lists and of nothing."""
    text = _plain(message)
    if value is None or isinstance(value, (list, tuple, Mapping)):
        text = text.replace(f"`{value}`", shown(value)).replace("`None`", shown(None))[:_MAX_LINE]
        text = re.sub(r"(?s)`\[.*\]`", _LIST, re.sub(r"(?s)`\{.*\}`", _MAPPING, text))
    else:
        text = text.replace(f"`{value}`", shown(value))
        if "`" not in text:
            text = f"{shown(value)}: {text}"
    return re.sub(r"`([^`]{61,})`", lambda found: shown(found[1]), text)


def _plain(message: str) -> str:
    text = message.removesuffix(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


# ---------------------------------------------------------------- what a model allows at a path


def _fields(model: type, path: Steps) -> tuple[list[str], bool]:
    """Names of the keys allowed at a path of a model, and whether the path could be followed."""
    kinds, exact = [model], True
    for step in path:
        inner = [kind for outer in kinds for kind in _inside(outer, step)]
        if not inner:
            exact = False
            break
        kinds = inner
    items = [get_args(kind)[0] for kind in kinds if get_origin(kind) in {list, tuple}]
    every = [branch for kind in (*kinds, *items) for branch in _branches(kind)]
    fields = [getattr(kind, "model_fields", {}) for kind in every]
    names = [field.alias or name for each in fields for name, field in each.items()]
    return list(dict.fromkeys(names)), exact


def _inside(kind: Any, step: Step) -> Iterator[Any]:
    origin, args = get_origin(kind), get_args(kind)
    if origin is dict and isinstance(step, str):
        yield from _branches(args[1])
    elif origin in {list, tuple} and isinstance(step, int):
        yield from _branches(args[0])
    elif origin in {list, tuple}:  # one item written without its list
        for inner in _branches(args[0]):
            yield from _inside(inner, step)
    elif origin is None and step in getattr(kind, "model_fields", {}):
        yield from _branches(kind.model_fields[step].annotation)


def _branches(kind: Any) -> Iterator[Any]:
    """The alternatives of an annotation, its metadata left out."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _branches(get_args(kind)[0])
    elif origin in {Union, UnionType}:
        for branch in get_args(kind):
            yield from _branches(branch)
    else:
        yield kind
