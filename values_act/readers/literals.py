"""Conditions as durable_rules matches them: alternatives of constant tests on one flat fact.

The engine is only safe with total facts of short words and whole numbers, so an unknown word is
the word `unknown` and a number or day is a pair of bounds. Each condition is compiled twice:
`sure` (it holds whatever the unknown facts are) and `possible` (some filling makes it hold).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.law import AllOf, AnyOf, Condition, Expect, Found, Not, Open, Rule, Test
from values_act.errors import LawError
from values_act.vocabulary import LARGEST, Span, Value
from values_act.vocabulary import Open as OpenValue

UNKNOWN = "unknown"
MAX_ALTERNATIVES = 64

Literal = tuple[str, str, Any]  # (field, operator, constant)
Alternative = tuple[Literal, ...]


def field_of(name: str) -> str:
    """A field name that durable_rules does not read as a path."""
    return name.replace(".", "__").replace("-", "_")


def count_field(found: Found) -> str:
    return field_of(f"n.{found.rule}.{'events' if found.distinct else 'items'}")


def route_field(route: str) -> str:
    return field_of(f"open.{route}")


def published_field(name: str) -> str:
    return field_of(f"published.{name}")


def reading_field(reading: str) -> str:
    return field_of(f"reading.{reading}")


def word(value: Value | None) -> str:
    """A yes/no or word fact as the engine sees it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return UNKNOWN if value is None or isinstance(value, (OpenValue, Span)) else str(value)


def bounds(value: Value) -> tuple[int, int]:
    """A number or day as the engine sees it."""
    if isinstance(value, Span):
        return value.low, value.high
    return (0, LARGEST) if isinstance(value, OpenValue) else (int(value), int(value))


def alternatives(
    condition: Condition | None, numeric: Mapping[str, bool], *, sure: bool
) -> list[Alternative]:
    """A condition as alternatives, each a conjunction of literals on one fact.

    Args:
        condition: the condition; None always holds.
        numeric: for each fact named, whether it is a number or a day.
        sure: compile what certainly holds, else what possibly holds.

    Raises:
        LawError: more alternatives than the engine can carry.
    """
    return [()] if condition is None else _expand(condition, True, numeric, sure)


def _expand(
    node: Condition, positive: bool, numeric: Mapping[str, bool], sure: bool
) -> list[Alternative]:
    if isinstance(node, Not):
        return _expand(node.part, not positive, numeric, sure)
    if isinstance(node, (AllOf, AnyOf)):
        parts = [_expand(part, positive, numeric, sure) for part in node.parts]
        if isinstance(node, AllOf) is positive:
            return _product(parts)
        return _limited([alternative for part in parts for alternative in part])
    if isinstance(node, Test):
        if numeric[node.fact]:
            return _bounded(field_of(node.fact), node.expect, positive, sure)
        return _worded(field_of(node.fact), [word(v) for v in node.expect.values], positive, sure)
    if isinstance(node, Found):
        return _bounded(count_field(node), Expect(at_least=node.at_least), positive, sure)
    name = route_field(node.route) if isinstance(node, Open) else published_field(node.name)
    return _worded(name, ["yes"], positive, sure)


def _product(parts: Iterable[list[Alternative]]) -> list[Alternative]:
    result: list[Alternative] = [()]
    for part in parts:
        result = _limited([(*left, *right) for left in result for right in part])
    return result


def _limited(found: list[Alternative]) -> list[Alternative]:
    if len(found) > MAX_ALTERNATIVES:
        raise LawError(
            f"a condition has more than {MAX_ALTERNATIVES} alternatives; split it into rules"
        )
    return found


def _worded(name: str, words: list[str], positive: bool, sure: bool) -> list[Alternative]:
    if positive:
        return [((name, "in", tuple(words if sure else [*words, UNKNOWN])),)]
    return [tuple((name, "!=", item) for item in (*words, *([UNKNOWN] if sure else ())))]


def _bounded(name: str, expect: Expect, positive: bool, sure: bool) -> list[Alternative]:
    low, high = f"{name}_lo", f"{name}_hi"
    if expect.values:
        spans = [(int(value), int(value)) for value in expect.values]
    else:
        floor = expect.at_least if expect.since is None else expect.since.toordinal()
        top = expect.at_most if expect.before is None else expect.before.toordinal() - 1
        spans = [(floor if floor is not None else -1, top if top is not None else LARGEST + 1)]
    if positive:
        inner, outer = (low, high) if sure else (high, low)
        return [((inner, ">=", a), (outer, "<=", b)) for a, b in spans]
    inner, outer = (high, low) if sure else (low, high)
    # beyond the open end of a range there is nothing, so only a stated end is an alternative
    ends: list[list[Alternative]] = []
    for a, b in spans:
        below: list[Alternative] = [((inner, "<", a),)] if a != -1 else []
        above: list[Alternative] = [((outer, ">", b),)] if b != LARGEST + 1 else []
        ends.append([*below, *above])
    return _product(ends)


def gates(rule: Rule, *, sure: bool) -> Alternative:
    """The readings under which a rule is live, as literals."""
    return tuple(
        (reading_field(reading), "in", (*options, *(() if sure else (UNKNOWN,))))
        for reading, options in sorted(rule.reading.items())
    )


def engine_test(alternative: Alternative) -> list[dict[str, Any]]:
    """Literals in the engine's own form; words of one field become an `$or` on that field."""
    tests: list[dict[str, Any]] = []
    for name, operator, constant in alternative:
        if operator == "in":
            options = [{name: item} for item in constant]
            tests.append(options[0] if len(options) == 1 else {"$or": options})
        else:
            code = {"!=": "$neq", ">=": "$gte", "<=": "$lte", "<": "$lt", ">": "$gt"}[operator]
            tests.append({code: {name: constant}})
    return tests
