"""The formulas of a case as clauses, by a solver of PySAT.

Two copies of the case stand side by side. One alone says which outcomes are possible; two that
agree on every axis but one, and not on the outcome, say that the one is missing.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from pysat.card import CardEnc, EncType
from pysat.formula import IDPool
from pysat.solvers import Solver

from models.law import Outcome
from tests.oracles.boolean import Encoded
from tests.oracles.formula import And, Atom, Formula, Not


class Copy:
    """One filling of the case: a variable for each value of each axis, and for each formula."""

    def __init__(self, case: Encoded, solver: Solver, pool: IDPool) -> None:
        self.solver, self.pool = solver, pool
        self.axes = [[pool.id() for _ in axis.values] for axis in case.axes]
        for values in self.axes:
            one = CardEnc.equals(values, 1, vpool=pool, encoding=EncType.seqcounter)
            solver.append_formula(one.clauses)
        self._made: dict[int, int] = {}
        solver.add_clause([self._literal(case.allowed)])
        self.outcomes: dict[Outcome, int] = {
            outcome: self._literal(formula) for outcome, formula in case.outcomes.items()
        }

    def _literal(self, formula: Formula) -> int:
        """A literal that is true exactly where the formula is (Tseitin)."""
        if isinstance(formula, Atom):
            return self.axes[formula.axis][formula.value]
        if isinstance(formula, Not):
            return -self._literal(formula.part)
        if id(formula) not in self._made:
            parts = [self._literal(part) for part in formula.parts]
            both = isinstance(formula, And)
            self._made[id(formula)] = conjunction(self.solver, self.pool, parts) if both else (
                -conjunction(self.solver, self.pool, [-part for part in parts])
            )  # fmt: skip
        return self._made[id(formula)]


def conjunction(solver: Solver, pool: IDPool, parts: list[int]) -> int:
    """A literal that is true exactly where all parts are."""
    name: int = pool.id()
    for part in parts:
        solver.add_clause([-name, part])
    solver.add_clause([name, *(-part for part in parts)])
    return name


class Clauses:
    """Answers about one case; the solver is freed at the end of a `with`."""

    def __init__(self, case: Encoded) -> None:
        self.case = case
        self.pool = IDPool()
        self.solver = Solver("cadical153")
        self.one, self.other = (Copy(case, self.solver, self.pool) for _ in "12")
        self.same = [self._same(a, b) for a, b in zip(self.one.axes, self.other.axes, strict=True)]
        self.differ = self._differ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self.solver.delete()

    def _same(self, one: list[int], other: list[int]) -> int:
        """Assumed, the copies have the same value on an axis."""
        name: int = self.pool.id()
        for a, b in zip(one, other, strict=True):
            self.solver.add_clause([-name, -a, b])
        return name

    def _differ(self) -> int:
        """Assumed, the copies have two outcomes that are not the same."""
        ways = [
            conjunction(self.solver, self.pool, [mine, theirs])
            for outcome, mine in self.one.outcomes.items()
            for other, theirs in self.other.outcomes.items()
            if outcome != other
        ]
        name: int = self.pool.id()
        self.solver.add_clause([-name, *ways])
        return name

    def outcomes(self) -> set[Outcome]:
        literals = self.one.outcomes.items()
        return {outcome for outcome, name in literals if self.solver.solve(assumptions=[name])}

    def missing(self) -> set[int]:
        """Axes that, changed alone in some filling, change the outcome."""
        found = set()
        for axis in range(len(self.same)):
            others = [name for n, name in enumerate(self.same) if n != axis]
            if self.solver.solve(assumptions=[self.differ, *others]):
                found.add(axis)
        return found
