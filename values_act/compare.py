"""One person before many counties: what each would answer, and by which rule or policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from models.case import InmateCase
from models.decision import Decision
from models.law import Confidence, Outcome
from values_act.answer import ORDER
from values_act.decide import Decider, Settings
from values_act.yamltext import compose, load_many, read_text

ALONE = "no policy found: state law alone"
NOT_ENCODED = "no policy encoded: state law alone"
NOT_NOW = "no policy on this act and day: state law alone"
_RANK: dict[Outcome, int] = {name: n for n, name in enumerate((*ORDER, "undetermined"))}


@dataclass(frozen=True, slots=True)
class Standing:
    """What one county answers."""

    county: str
    decision: Decision
    local: str  # the policies that bear on it, or why there is none
    confidence: str  # the weakest of the policies; empty where there is none
    bound: bool  # whether some policy bears on it

    @property
    def outcome(self) -> str:
        return self.decision.outcome.replace("_", " ")

    @property
    def order(self) -> tuple[object, ...]:
        """Rows alike in outcome and rule stand together, those under a policy first."""
        return (_RANK[self.decision.outcome], not self.bound, self.decision.rule, self.local,
                self.county)  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        told = self.decision
        return {
            "county": self.county,
            "action": told.action,
            "as_of": told.as_of.isoformat(),
            "law": told.law,
            "law_status": told.law_status,
            "outcome": told.outcome,
            "possible_outcomes": list(told.possible_outcomes),
            "rule": told.rule,
            "cite": told.cite,
            "policies": [view.model_dump(mode="json") for view in told.local],
            "local": self.local,
            "confidence": self.confidence or None,
            "refer": told.refer,
        }


def before(
    decider: Decider, case: InmateCase, county: str, settings: Settings | None = None
) -> Standing:
    """A case as if it arose in a county; a policy of its own is left out.

    Raises:
        ValuesActError: the case cannot be decided.
    """
    own = case.model_copy(update={"policy": None})
    decision = decider.decide(own, replace(settings or Settings(), county=county))
    found = decider.library.county(county)
    said = "; ".join(f"{view.authority}: {view.policy}" for view in decision.local)
    if not said:
        said = NOT_NOW if found.policies else NOT_ENCODED if found.note else ALONE
    weakest = max(
        (view.confidence for view in decision.local),
        key=get_args(Confidence).index,
        default="",
    )
    return Standing(found.county, decision, said, weakest, bool(decision.local))


def grouped(standings: Iterable[Standing]) -> Iterator[list[Standing]]:
    """Standings in order, those that differ in nothing but the county's name together."""
    group: list[Standing] = []
    for standing in sorted(standings, key=lambda one: one.order):
        if group and _same(group[-1]) != _same(standing):
            yield group
            group = []
        group.append(standing)
    if group:
        yield group


def _same(standing: Standing) -> tuple[object, ...]:
    return (*standing.order[:-1], standing.confidence, standing.decision.refer)


def typical_cases(path: Path) -> list[InmateCase]:
    """The cases of a file that holds a list of them.

    Raises:
        InputError: the file holds no such list.
    """
    return [case for case, _ in load_many(InmateCase, compose(read_text(path), str(path)))]
