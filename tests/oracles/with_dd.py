"""The formulas of a case as binary decision diagrams, by `dd` in pure Python.

The number of an axis's value is written in bits; codes that stand for no value are left out by a
constraint, so that the models of a diagram are exactly the fillings.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from dd.autoref import BDD, Function

from models.law import Outcome
from tests.oracles.boolean import Encoded
from tests.oracles.brute import READING
from tests.oracles.formula import And, Atom, Formula, Not


def order(case: Encoded) -> Iterable[int]:
    """Axes as the formulas name them, so that those that are weighed together stand together."""
    found: dict[int, None] = {}
    seen: set[int] = set()

    def walk(formula: Formula) -> None:
        if isinstance(formula, Atom):
            found.setdefault(formula.axis)
        elif id(formula) not in seen:
            seen.add(id(formula))
            for part in (formula.part,) if isinstance(formula, Not) else formula.parts:
                walk(part)

    for formula in (*case.outcomes.values(), case.allowed):
        walk(formula)
    return [*found, *(axis for axis in range(len(case.axes)) if axis not in found)]


class Diagram:
    """Answers about one case, from diagrams that are made once."""

    def __init__(self, case: Encoded) -> None:
        self.axes = case.axes
        self.bdd = BDD()
        self.bits = [
            [f"{number}.{bit}" for bit in range((len(axis.values) - 1).bit_length())]
            for number, axis in enumerate(case.axes)
        ]
        self.bdd.declare(*(bit for axis in order(case) for bit in self.bits[axis]))
        self._made: dict[int, Function] = {}  # by identity: `case` keeps its formulas alive
        self._case = case
        fillings = self._each(axis for axis in range(len(self.axes))) & self._make(case.allowed)
        self.by_outcome: dict[Outcome, Function] = {
            outcome: fillings & self._make(formula) for outcome, formula in case.outcomes.items()
        }

    # ------------------------------------------------------------ formulas as diagrams
    def _is(self, axis: int, value: int) -> Function:
        code = {bit: bool(value >> place & 1) for place, bit in enumerate(self.bits[axis])}
        return self.bdd.cube(code)

    def _each(self, axes: Iterable[int]) -> Function:
        """Each of these axes has one of its values."""
        found = self.bdd.true
        for axis in axes:
            values = (self._is(axis, value) for value in range(len(self.axes[axis].values)))
            found &= reduce(Function.__or__, values)
        return found

    def _make(self, formula: Formula) -> Function:
        if id(formula) not in self._made:
            self._made[id(formula)] = self._fresh(formula)
        return self._made[id(formula)]

    def _fresh(self, formula: Formula) -> Function:
        if isinstance(formula, Atom):
            return self._is(formula.axis, formula.value)
        if isinstance(formula, Not):
            return ~self._make(formula.part)
        parts = map(self._make, formula.parts)
        if isinstance(formula, And):
            return reduce(Function.__and__, parts, self.bdd.true)
        return reduce(Function.__or__, parts, self.bdd.false)

    # ------------------------------------------------------------ answers
    def counts(self) -> dict[Outcome, int]:
        """How many fillings give each outcome that is possible."""
        bits = sum(map(len, self.bits))
        found = {o: self.bdd.count(each, bits) for o, each in self.by_outcome.items()}
        return {outcome: count for outcome, count in found.items() if count}

    def missing(self) -> set[int]:
        """Axes that, changed alone in some filling, change the outcome."""
        return {axis for axis in range(len(self.axes)) if self._changes(axis)}

    def _changes(self, axis: int) -> bool:
        left = [self.bdd.exist(self.bits[axis], each) for each in self.by_outcome.values()]
        return any(
            one & other != self.bdd.false for n, one in enumerate(left) for other in left[n + 1 :]
        )

    def contested(self) -> set[int]:
        """Open readings of which, the others as they may be, not all options leave the same."""
        readings = [n for n, axis in enumerate(self.axes) if axis.kind == READING]
        facts = [bit for n, bits in enumerate(self.bits) if n not in readings for bit in bits]
        taken = self._each(readings)
        found = set()
        for outcome in self.by_outcome.values():
            can_be = self.bdd.exist(facts, outcome)
            for axis in readings:
                some_can = self.bdd.exist(self.bits[axis], taken & can_be)
                some_cannot = self.bdd.exist(self.bits[axis], taken & ~can_be)
                if some_can & some_cannot != self.bdd.false:
                    found.add(axis)
        return found
