"""What a proof looks at: every case of an act on days over which the answer is one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from models.case import InmateCase
from models.decision import Decision
from models.law import Outcome, Rule
from models.proof import Counterexample, PropertyView
from values_act.decide import Decider, Settings
from values_act.library import Library
from values_act.places import Place
from values_act.readers import words
from values_act.readers.anycase import AnyCase, Ground, Version
from values_act.readers.contrast import outcome_of
from values_act.readers.examples import Examples
from values_act.readers.judging import Judging
from values_act.readers.mdd import TRUE
from values_act.records import Variant
from values_act.versions import Side
from values_act.witnesses import Decided, decided_case, offenses


class Spot:
    """An act on a span of days, and every case of it.

    Attributes:
        outcome: node of the outcome; None where no case may be so.
        valid: where a case can be so, what nobody published left open.
    """

    def __init__(self, place: Place, ground: Ground, properties: frozenset[str]) -> None:
        self.place, self.ground, self.properties = place, ground, properties
        self.asked = place.asked[0]
        self.everyone = AnyCase([self.asked], ground, place.given)
        self.version: Version = self.everyone.versions[0]
        self.mdd = self.everyone.mdd
        self.valid = self.everyone.valid

    @cached_property
    def outcome(self) -> int:
        return outcome_of([self.version])

    @cached_property
    def free(self) -> int:
        """The sets of outcomes for any findings, those that no items come to too."""
        version = self.version
        return Judging(version, version.held, version.program.weighed).outcomes(TRUE)

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules of the law that bear on the act, those of properties left out."""
        rules = self.asked.program.rules
        return {key: rule for key, rule in rules.items() if key not in self.properties}

    def where(self, *outcomes: Outcome) -> int:
        """Where the outcome is one of some."""
        return self.mdd.map(_among(frozenset(outcomes)), self.outcome)

    def holds(self, rule: str) -> int:
        """Where a rule about the case, or for some item, holds; everywhere if there is none."""
        return self.version.judging.judged.truths.get(rule, TRUE)

    def surely(self, node: int) -> int:
        """Where a condition holds, whatever is not published."""
        return self.mdd.forget(node, self.everyone.unsaid, _and)


class Check:
    """One property, asked of each spot in turn; gathers what it finds.

    Attributes:
        says: what exactly is proved.
        acts, spans: what it was asked of.
    """

    id: str = ""
    title: str = ""
    says: str = ""

    def __init__(self, court: Court) -> None:
        self.court = court
        self.acts: dict[str, None] = {}
        self.spans = 0
        self.found: list[Counterexample] = []
        self.notes: list[str] = []

    def at(self, spot: Spot) -> None:
        """Ask it of a spot."""
        self.acts[spot.place.action] = None
        self.spans += 1
        self.look(spot)

    def look(self, spot: Spot) -> None:
        """Find out whether it holds at a spot."""
        raise NotImplementedError

    def finish(self) -> None:
        """Conclude what only all spots together tell."""

    def view(self) -> PropertyView:
        """What was found."""
        side = self.court.side
        return PropertyView(
            id=self.id, title=self.title, says=self.says,
            verdict="DOES NOT HOLD" if self.found else "VERIFIED",
            law=side.law, county=side.county, acts=len(self.acts), spans=self.spans,
            counterexamples=tuple(self.found), notes=tuple(self.notes),
        )  # fmt: skip


@dataclass(slots=True)
class Court:
    """Decides counterexamples, each before it is shown.

    `libraries`: a copy of the law with what each word stands for; `""` is the law itself.
    """

    side: Side
    use_engine: bool = True
    rows: Mapping[Any, Sequence[Variant]] | None = None
    deciders: dict[str, tuple[Library, Decider]] = field(default_factory=dict)

    def decider(self, key: str = "", library: Library | None = None) -> Decider:
        """The decider of a copy of the law, made once."""
        own = library or self.side.library
        if key not in self.deciders or self.deciders[key][0] is not own:
            self.deciders[key] = own, Decider(own, use_engine=self.use_engine)
        return self.deciders[key][1]

    def case(
        self,
        place: Place,
        everyone: AnyCase,
        regions: Sequence[int],
        fits: Callable[[Sequence[Decision]], bool],
        deciders: Sequence[Decider] = (),
    ) -> Decided:
        """A case of a kind, decided by each decider as it should be.

        Raises:
            EngineError: none is.
        """
        if self.rows is None:
            self.rows = offenses(self.side.library)
        used = deciders or [self.decider()]
        settings = Settings(
            law=self.side.law, county=place.counties[0], as_of=place.asked[0].day,
            readings=dict(self.side.readings),
        )  # fmt: skip

        def decide(case: InmateCase) -> list[Decision]:
            return [each.decide(case, settings) for each in used]

        examples = Examples(everyone, self.rows)
        return decided_case(examples, regions, place.given, self._around(place), decide, fits)

    def _around(self, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {
            "action": place.action,
            "as_of": place.asked[0].day.isoformat(),
            "law": self.side.law,
        }
        if place.counties[0] is not None:
            found["agency"] = {"county": place.counties[0]}
        if self.side.readings:
            found["readings"] = dict(self.side.readings)
        return found


def counterexample(place: Place, said: str, decided: Decided, index: int = 0) -> Counterexample:
    """A counterexample of a decided case.

    Args:
        place: where it is.
        said: what is wrong.
        decided: the case.
        index: which of its decisions is told.
    """
    decision = decided.decisions[index]
    cite = f": {decision.cite}" if decision.cite else ""
    return Counterexample(
        words=said, action=place.action, first=place.first, last=place.last,
        county=place.counties[index if len(decided.decisions) > 1 else 0], facts=decided.facts,
        decided=f"{decision.outcome.replace('_', ' ')} ({decision.rule}{cite})", case=decided.case,
    )  # fmt: skip


NOTICE = words.NOTICE


@lru_cache(maxsize=256)
def _among(outcomes: frozenset[str]) -> Callable[[object], bool]:
    return lambda found: found in outcomes


def _and(a: bool, b: bool) -> bool:
    return a and b
