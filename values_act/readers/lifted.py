"""Exceptions for the reference: what a `notwithstanding` that holds takes the force of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.law import Rule
from values_act.kleene import Truth, all_of, any_of, negate
from values_act.program import Program


class Lifted:
    """Whether an exception that holds takes the force of a rule, a route or local policy."""

    def __init__(self, program: Program, rules: Sequence[Rule], truth: Mapping[str, Truth]) -> None:
        self.names = program.lifted
        self.rules = [rule for rule in rules if rule.notwithstanding] if self.names else []
        self.truth = truth

    def __call__(self, name: str) -> Truth:
        if name not in self.names:
            return False
        naming = [rule for rule in self.rules if name in rule.notwithstanding]
        return any_of([self.force(rule) for rule in naming])

    def force(self, rule: Rule) -> Truth:
        """A rule has force where it holds and no exception lifts it."""
        held = self.truth[rule.id]
        return held if held is False else all_of([held, negate(self(rule.id))])
