"""Propositions about a filling, as data: `and`, `or`, `not` over "this axis has this value".

A formula is never changed once made, and its parts may be shared, so a reader of formulas should
keep what it made of each (they compare and hash by identity). `every(())` is true, `some(())` is
false; the constructors drop what is plainly true or false, and do nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """An axis, by its number, has a value, by its number on the axis."""

    axis: int
    value: int


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    part: Formula


@dataclass(frozen=True, slots=True, eq=False)
class And:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Or:
    parts: tuple[Formula, ...]


Formula = Atom | Not | And | Or
TRUE: Formula = And(())
FALSE: Formula = Or(())


def always(truth: bool) -> Formula:
    return TRUE if truth else FALSE


def negate(part: Formula) -> Formula:
    if part is TRUE or part is FALSE:
        return always(part is FALSE)
    return part.part if isinstance(part, Not) else Not(part)


def every(parts: Iterable[Formula]) -> Formula:
    kept = [part for part in parts if part is not TRUE]
    if any(part is FALSE for part in kept):
        return FALSE
    if not kept:
        return TRUE
    return kept[0] if len(kept) == 1 else And(tuple(kept))


def some(parts: Iterable[Formula]) -> Formula:
    kept = [part for part in parts if part is not FALSE]
    if any(part is TRUE for part in kept):
        return TRUE
    if not kept:
        return FALSE
    return kept[0] if len(kept) == 1 else Or(tuple(kept))


def at_least(wanted: int, parts: Sequence[Formula]) -> Formula:
    """As many of the parts as wanted are true, or more."""
    reached = [TRUE, *[FALSE] * wanted]  # so many of the parts so far, or more
    for part in parts:
        for n in range(wanted, 0, -1):
            reached[n] = some([reached[n], every([reached[n - 1], part])])
    return reached[wanted]


def is_true(formula: Formula, filling: Sequence[int]) -> bool:
    """The truth of a formula where each axis has the value of that number."""
    if isinstance(formula, Atom):
        return filling[formula.axis] == formula.value
    if isinstance(formula, Not):
        return not is_true(formula.part, filling)
    truths = (is_true(part, filling) for part in formula.parts)
    return all(truths) if isinstance(formula, And) else any(truths)
