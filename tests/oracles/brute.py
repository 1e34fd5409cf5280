"""Every filling of the unknown facts of a small case, one by one, through the reference alone.

It shares nothing with the program's own search: each unknown raw fact takes each value that can
make a difference, forbidden combinations are left out, and the whole case is evaluated anew.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod

from models.dates import add_years
from models.law import Outcome, Test
from values_act.conditions import leaves
from values_act.kleene import holds
from values_act.program import Program
from values_act.readers.reference import Choices, evaluate
from values_act.records import Facts, Record, Variant
from values_act.vocabulary import Open, Span, Value, Values

MAX_FILLINGS = 3_000


class TooLargeError(Exception):
    """The case has more fillings than brute force should try."""


@dataclass(frozen=True)
class Axis:
    """One unknown raw fact (or which offense it is) of one record, and its values."""

    record: int
    name: str
    values: tuple[Value | Variant, ...]


def range_key(value: Value | Variant) -> object:
    return value.cite if isinstance(value, Variant) else value


def axes_of(program: Program, facts: Facts) -> list[Axis]:
    axes = []
    for index, record in enumerate(facts.records()):
        assert not record.phantom
        looked = {name for variant in record.variants for name in variant.values}
        if record.variants:
            axes.append(Axis(index, "offense", record.variants))
        for name, value in record.values.items():
            if (
                isinstance(value, (Open, Span))
                and name not in looked
                and matters(program, record, name)
            ):
                axes.append(Axis(index, name, tuple(points(program, facts, record, name, value))))
    return axes


def matters(program: Program, record: Record, name: str) -> bool:
    """Whether any test, presumption aside, or any derived fact that is tested, looks at it."""
    reads = program.reads[record.subject]
    if name in reads:
        return True
    for other in reads:
        derive = program.vocabulary.facts[record.subject, other].derive
        if derive and name in {derive.years_from.otherwise, *derive.years_from.options.values()}:
            return True
    return any(
        name in {leaf.fact for leaf in leaves(never.when) if isinstance(leaf, Test)}
        and any(leaf.fact in reads for leaf in leaves(never.when) if isinstance(leaf, Test))
        for never in program.vocabulary.never.get(record.subject, ())
    )


def points(
    program: Program, facts: Facts, record: Record, name: str, value: Open | Span
) -> Iterator[Value]:
    """Each word, or one number or day of every stretch that no limit cuts."""
    if isinstance(value, Open):
        yield from value.choices
        return
    cuts = {value.low, value.high}
    for rule in program.rules.values():
        for leaf in leaves(rule.when) if record.subject in rule.subject else ():
            if isinstance(leaf, Test):
                cuts |= limits(program, facts, record, name, leaf)
    yield from sorted(c for c in cuts if value.low <= c <= value.high)


def limits(program: Program, facts: Facts, record: Record, name: str, test: Test) -> set[int]:
    expect, spec = test.expect, program.vocabulary.facts[record.subject, test.fact]
    if test.fact == name:
        bounds = [n for n in (expect.at_most, expect.at_least) if n is not None]
        bounds += [d.toordinal() for d in (expect.since, expect.before) if d]
        bounds += [int(v) for v in expect.values if not isinstance(v, str)]
        return {bound + step for bound in bounds for step in (-1, 0, 1)}
    if spec.derive is None or expect.at_most is None:
        return set()
    start = add_years(facts.day, -expect.at_most).toordinal()
    return {start + step for step in range(-3, 4)}


def apply(facts: Facts, axes: list[Axis], combination: tuple[Value | Variant, ...]) -> Facts:
    """The facts under one filling."""
    records = [replace(record, values=dict(record.values)) for record in facts.records()]
    for axis, value in zip(axes, combination, strict=True):
        target: Values = records[axis.record].values
        if isinstance(value, Variant):
            target |= value.values
        else:
            target[axis.name] = value
    return Facts(facts.day, records[0], records[1:])


def allowed(program: Program, facts: Facts) -> bool:
    return not any(
        holds(never.when, record.values) is True
        for record in facts.records()
        for never in program.vocabulary.never.get(record.subject, ())
    )


def outcomes_and_missing(
    program: Program, facts: Facts, choices: Choices
) -> tuple[frozenset[Outcome], set[tuple[str, str]]]:
    """Every outcome, and each fact that, changed alone in some filling, changes the outcome."""
    axes = axes_of(program, facts)
    if prod(len(axis.values) for axis in axes) > MAX_FILLINGS:
        raise TooLargeError
    by_filling: dict[tuple[object, ...], Outcome] = {}
    for combination in itertools.product(*(axis.values for axis in axes)):
        filled = apply(facts, axes, combination)
        if not allowed(program, filled):
            continue
        outcomes = evaluate(program, filled, choices).judgment.outcomes
        assert len(outcomes) == 1, outcomes
        by_filling[tuple(map(range_key, combination))] = next(iter(outcomes))
    missing: set[tuple[str, str]] = set()
    for index, axis in enumerate(axes):
        groups: dict[tuple[object, ...], set[Outcome]] = {}
        for key, outcome in by_filling.items():
            groups.setdefault((*key[:index], *key[index + 1 :]), set()).add(outcome)
        if any(len(found) > 1 for found in groups.values()):
            record = list(facts.records())[axis.record]
            missing.add((record.name, axis.name))
    return frozenset(by_filling.values()), missing
