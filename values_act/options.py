"""Options of readings: which can differ in a case, which may matter, what they leave possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from itertools import product

from models.law import Outcome
from values_act.kleene import holds
from values_act.program import Program, present_options
from values_act.readers.reference import Choices, View
from values_act.readers.reread import reread
from values_act.records import Facts
from values_act.vocabulary import Span

Outcomes = frozenset[Outcome]


def gating(program: Program, view: View, name: str, options: Set[str]) -> bool:
    """Whether a rule that asks for one of the options holds, or may, but for the reading."""
    for rule in program.gated[name]:
        if options.isdisjoint(rule.reading[name]):
            continue
        if rule.about_case:
            if view.judgment.bare.get(rule.id, False) is not False:
                return True
        elif any(item.bare.get(rule.id, False) is not False for item in view.items):
            return True
    return False


def mattering(program: Program, view: View, options: Mapping[str, Set[str]]) -> Iterable[str]:
    """Readings that may change something about a case, of those that the view leaves open.

    Args:
        program: the rules.
        view: the case evaluated with these readings left open.
        options: the options of each that are compared.
    """
    counted = _counted_otherwise(program, view)
    for name, compared in options.items():
        policies = program.readings[name].role == "local_authority"
        if (
            gating(program, view, name, compared)
            or (counted and name in program.timing)
            or (policies and len(view.judgment.local) > 1)
        ):
            yield name


def _counted_otherwise(program: Program, view: View) -> bool:
    """Whether a test of the years between two dates is open: a date is, or how they are counted."""
    return any(
        isinstance(value := item.values.get(test.fact), Span)
        and holds(test, {test.fact: value}) is None
        and program.vocabulary.facts[item.record.subject, test.fact].derive is not None
        for item in view.items
        for test in program.tests[item.record.subject]
    )


class Bounds:
    """What a case leaves possible under other options than those it was evaluated under."""

    def __init__(self, program: Program, facts: Facts, choices: Choices, view: View) -> None:
        self.program, self.facts, self.choices, self.view = program, facts, choices, view
        self.open = [
            reading for reading in program.readings.values() if choices.get(reading.id) is None
        ]

    def under(self, choices: Choices) -> View:
        """The view under other options; as far as they are left open, its outcomes are a bound."""
        return reread(self.program, self.facts, self.view, self.choices, choices)

    def surely(self, choices: Choices, view: View) -> Outcomes | None:
        """The outcomes whatever is taken of what was opened; None if that is not sure.

        What the case itself leaves open is tried option by option; it is sure where each
        combination of these leaves one outcome.
        """
        if len(view.judgment.outcomes) == 1:
            return view.judgment.outcomes
        every = {reading.id: set(reading.options) for reading in self.open}
        telling = list(mattering(self.program, view, every))
        if not telling:
            return None
        seen: set[Outcome] = set()
        lists = [present_options(self.program, self.program.readings[name]) for name in telling]
        for options in product(*lists):
            taken = {**choices, **dict(zip(telling, options, strict=True))}
            outcomes = self.under(taken).judgment.outcomes
            if len(outcomes) > 1:
                return None
            seen |= outcomes
        return frozenset(seen)
