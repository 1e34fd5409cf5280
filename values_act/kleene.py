"""Three-valued truth of conditions over facts that may be unknown: True, False, or None."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from models.law import AllOf, AnyOf, Condition, Expect, Found, Not, Test
from models.law import Open as OpenRoute
from values_act.vocabulary import Open, Span, Value

Truth = bool | None


@dataclass(slots=True)
class Context:
    """What a condition about the case may look at besides facts.

    `found` gives, for a counted rule, the least and greatest number of items (or of distinct
    events) it holds for; `routes` whether a ground is left on a route; `published` what a
    supposed filling says of an unpublished part of a policy.
    """

    found: Mapping[tuple[str, bool], tuple[int, int]] = field(default_factory=dict)
    routes: Mapping[str, Truth] = field(default_factory=dict)
    published: Mapping[str, bool] = field(default_factory=dict)


_EMPTY = Context()


def expected(expect: Expect, value: Value) -> Truth:
    """Whether a value is what a test wants; an unknown word is wholly unknown."""
    if expect.values:
        if isinstance(value, Open):
            return None
        if isinstance(value, Span):
            inside = [v for v in expect.values if value.low <= int(v) <= value.high]
            return None if inside else False
        return value in expect.values
    low, high = value if isinstance(value, Span) else (int(str(value)), int(str(value)))
    floor = expect.at_least if expect.since is None else expect.since.toordinal()
    ceiling = expect.at_most if expect.before is None else expect.before.toordinal() - 1
    if (floor is None or low >= floor) and (ceiling is None or high <= ceiling):
        return True
    if (floor is not None and high < floor) or (ceiling is not None and low > ceiling):
        return False
    return None


def count_at_least(count: tuple[int, int], wanted: int) -> Truth:
    if count[0] >= wanted:
        return True
    return None if count[1] >= wanted else False


def holds(
    condition: Condition | None, values: Mapping[str, Value], context: Context = _EMPTY
) -> Truth:
    """Truth of a condition; None where the unknown facts it names could settle it either way.

    The answer is a bound: True and False are certain, None may still be settled by facts that
    hang together. A fact not in `values` counts as a definition that does not hold.
    """
    if condition is None:
        return True
    if isinstance(condition, Test):
        return expected(condition.expect, values.get(condition.fact, False))
    if isinstance(condition, AllOf):
        result: Truth = True
        for part in condition.parts:
            truth = holds(part, values, context)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result
    if isinstance(condition, AnyOf):
        result = False
        for part in condition.parts:
            truth = holds(part, values, context)
            if truth is True:
                return True
            if truth is None:
                result = None
        return result
    if isinstance(condition, Not):
        truth = holds(condition.part, values, context)
        return None if truth is None else not truth
    if isinstance(condition, Found):
        count = context.found.get((condition.rule, condition.distinct is not None), (0, 0))
        return count_at_least(count, condition.at_least)
    if isinstance(condition, OpenRoute):
        return context.routes.get(condition.route, False)
    return context.published.get(condition.name)


def undecided(
    condition: Condition | None, values: Mapping[str, Value], context: Context = _EMPTY
) -> Iterator[Condition]:
    """Leaves of a condition that keep it from being decided, left to right."""
    if condition is None or holds(condition, values, context) is not None:
        return
    if isinstance(condition, (AllOf, AnyOf)):
        for part in condition.parts:
            yield from undecided(part, values, context)
    elif isinstance(condition, Not):
        yield from undecided(condition.part, values, context)
    else:
        yield condition


def all_of(truths: Iterator[Truth] | list[Truth]) -> Truth:
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterator[Truth] | list[Truth]) -> Truth:
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def negate(truth: Truth) -> Truth:
    return None if truth is None else not truth
