"""Every small change of a condition: a test left out, turned round, or moved by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from models.base import Scalar
from models.law import AllOf, AnyOf, Condition, Expect, Found, Not, Open, Test

Path = tuple[str | int, ...]
Put = Callable[[Condition | None], Condition | None]  # a node in its place in the whole condition
Words = Callable[[str], tuple[Scalar, ...]]  # every word that a fact may take
LIMITS = ("at_most", "at_least")
DAYS = {"since": "from", "before": "before"}  # field of the model -> key of the file


@dataclass(frozen=True, slots=True)
class Change:
    """One small change of a condition, at a place in it."""

    kind: str
    path: Path
    before: str
    after: str  # empty where a part is left out
    condition: Condition | None  # the whole condition after it; None: always


def changes_of(condition: Condition, words: Words, path: Path = ("when",)) -> Iterator[Change]:
    """Every small change of a condition.

    Args:
        condition: the condition as it is.
        words: the words of a fact; none for a fact that takes other values.
        path: where it stands in its rule or policy.
    """
    if not isinstance(condition, (AllOf, AnyOf)):
        yield Change("dropped", path, say(condition), "", None)
    yield from _changes(condition, words, path, lambda node: node)


def _changes(node: Condition, words: Words, path: Path, put: Put) -> Iterator[Change]:
    if isinstance(node, (AllOf, AnyOf)):
        yield from _of_group(node, words, path, put)
        return
    if isinstance(node, Not):
        yield _change("negated", path, node, node.part, put)
        within = partial(_within_not, put)
        own = _changes(node.part, words, (*path, "not"), within)
        # turning round the one part is the same change
        yield from (c for c in own if c.kind != "negated" or c.path != (*path, "not"))
        return
    yield _change("negated", path, node, _negated(node), put)
    if isinstance(node, Found):
        yield from _of_count(node, path, put)
    elif isinstance(node, Test):
        for kind, expect in _of_test(node, words):
            yield _change(kind, path, node, Test(fact=node.fact, expect=expect), put)


def _change(kind: str, path: Path, before: Condition, after: Condition, put: Put) -> Change:
    return Change(kind, path, say(before), say(after), put(after))


def _of_group(node: AllOf | AnyOf, words: Words, path: Path, put: Put) -> Iterator[Change]:
    key, other = ("all", AnyOf) if isinstance(node, AllOf) else ("any", AllOf)
    parts = node.parts
    if len(parts) > 1:
        yield _change("all-any", path, node, other(parts=parts), put)
    for index, part in enumerate(parts):
        place = (*path, key, index)
        if len(parts) > 1:
            kind = "exception-dropped" if isinstance(part, Not) else "dropped"
            left = type(node)(parts=(*parts[:index], *parts[index + 1 :]))
            yield Change(kind, place, say(part), "", put(left))
        yield from _changes(part, words, place, partial(_within_group, node, index, put))


def _within_group(
    node: AllOf | AnyOf, index: int, put: Put, part: Condition | None
) -> Condition | None:
    parts = [*node.parts[:index], *([] if part is None else [part]), *node.parts[index + 1 :]]
    return put(type(node)(parts=tuple(parts)))


def _within_not(put: Put, part: Condition | None) -> Condition | None:
    return put(None if part is None else Not(part=part))


def _negated(node: Condition) -> Condition:
    if isinstance(node, Test) and len(node.expect.values) == 1:
        value = node.expect.values[0]
        if isinstance(value, bool):
            return Test(fact=node.fact, expect=Expect(values=(not value,)))
    return Not(part=node)


def _of_count(node: Found, path: Path, put: Put) -> Iterator[Change]:
    for least in (node.at_least - 1, node.at_least + 1):
        if least > 0:
            found = Found(rule=node.rule, at_least=least, distinct=node.distinct)
            yield _change("count", path, node, found, put)
    if node.at_least > 1:  # one item and one event are alike
        distinct: Any = None if node.distinct else "event"
        found = Found(rule=node.rule, at_least=node.at_least, distinct=distinct)
        yield _change("distinct", path, node, found, put)


def _of_test(node: Test, words: Words) -> Iterator[tuple[str, Expect]]:
    expect = node.expect
    for name in LIMITS:
        limit = getattr(expect, name)
        if limit is not None:
            for moved in (limit - 1, limit + 1):
                if moved >= 0:
                    yield "limit", expect.model_copy(update={name: moved})
    for name in DAYS:
        day = getattr(expect, name)
        if day is not None:
            for moved_day in days_beside(day):
                yield "day", expect.model_copy(update={name: moved_day})
    yield from _of_values(expect.values, words(node.fact))


def days_beside(day: date) -> Iterator[date]:
    """The days before and after a day."""
    for step in (-1, 1):
        yield day + timedelta(days=step)


def _of_values(
    values: tuple[Scalar, ...], words: tuple[Scalar, ...]
) -> Iterator[tuple[str, Expect]]:
    if len(values) > 1:
        for value in values:
            yield "word-dropped", Expect(values=tuple(v for v in values if v != value))
        for word in words:
            if word not in values:
                yield "word-added", Expect(values=(*values, word))
        return
    for value in values:
        if isinstance(value, int) and not isinstance(value, bool):
            yield from (("limit", Expect(values=(n,))) for n in (value - 1, value + 1) if n >= 0)
    for word in words if values else ():
        if word not in values:
            yield "word-swapped", Expect(values=(word,))


# ---------------------------------------------------------------- in words


def say(node: Condition) -> str:
    """A condition on one line, as the file has it."""
    if isinstance(node, Test):
        return f"{node.fact}: {_say_expect(node.expect)}"
    if isinstance(node, (AllOf, AnyOf)):
        key = "all" if isinstance(node, AllOf) else "any"
        return f"{key} of ({'; '.join(say(part) for part in node.parts)})"
    if isinstance(node, Not):
        return f"not ({say(node.part)})"
    if isinstance(node, Found):
        more = f" {node.at_least} times" if node.at_least > 1 else ""
        return f"found: {node.rule}{more}{' in distinct events' if node.distinct else ''}"
    if isinstance(node, Open):
        return f"open: {node.route}"
    return f"unpublished: {node.name}"


def _say_expect(expect: Expect) -> str:
    if expect.values:
        said = [str(v).lower() if isinstance(v, bool) else str(v) for v in expect.values]
        return said[0] if len(said) == 1 else f"[{', '.join(said)}]"
    named = {"at_least": expect.at_least, "at_most": expect.at_most}
    named |= {key: getattr(expect, name) for name, key in DAYS.items()}
    return ", ".join(f"{key} {value}" for key, value in named.items() if value is not None)
