"""Everything that a decision is written from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.case import InmateCase
from models.law import Outcome
from models.policy import County
from values_act.explain import Explainer
from values_act.library import Library
from values_act.program import Program
from values_act.readers.reference import Choices, View
from values_act.records import Facts
from values_act.settle import Settled

ORDER: tuple[Outcome, ...] = ("required", "permitted", "not_regulated", "prohibited")
OPEN: frozenset[Outcome] = frozenset({"required", "permitted"})


@dataclass(slots=True)
class Answer:
    """A case, the program it was decided under, and what both engines found."""

    library: Library
    case: InmateCase
    county: County | None
    facts: Facts
    program: Program
    choices: Choices
    view: View
    settled: Settled
    decided_by: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        return single(self.settled.outcomes)

    @property
    def explainer(self) -> Explainer:
        return Explainer(self.program, self.facts, self.choices, self.view)


def single(outcomes: Iterable[Outcome]) -> Outcome:
    found = set(outcomes)
    return found.pop() if len(found) == 1 else "undetermined"


def in_order(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    return tuple(sorted(outcomes, key=ORDER.index))
