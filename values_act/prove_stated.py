"""A property that a file states, asked of every case: what never is, and what always is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from models.decision import Decision
from models.law import Outcome
from models.property import Claimed
from values_act.proving import Check, Court, Spot, counterexample
from values_act.readers.mdd import FALSE
from values_act.stated import CLAIM, FACTS, Stated


class StatedCheck(Check):
    """`never` or `always` of one property."""

    def __init__(self, court: Court, one: Stated) -> None:
        super().__init__(court)
        self.one = one
        self.id, self.title = one.stated.id, one.stated.title
        self.says = one.stated.why or one.stated.title

    def asks(self, spot: Spot) -> bool:
        """Whether the property speaks of a spot."""
        first, last = self.one.stated.days
        place = spot.place
        return place.action in self.one.actions and not (
            (place.last is not None and place.last < first)
            or (place.first is not None and place.first > last)
        )

    def at(self, spot: Spot) -> None:
        if self.asks(spot):
            super().at(spot)

    def look(self, spot: Spot) -> None:
        mdd, one = spot.mdd, self.one
        facts = spot.holds(one.rule(FACTS))
        claim = spot.holds(one.rule(CLAIM))
        for outcome in get_args(Outcome):
            where = mdd.both(facts, spot.where(outcome))
            if where == FALSE or not self._may_break(outcome):
                continue
            if one.stated.never is not None:
                where = mdd.both(where, claim)
            elif self._meets(outcome):
                where = mdd.both(where, mdd.no(claim))
            if where != FALSE:
                self._tell(spot, outcome, where)

    def _claimed(self) -> Claimed:
        claim = self.one.stated.never or self.one.stated.always
        assert claim is not None  # noqa: S101  # the model says so
        return claim

    def _meets(self, outcome: Outcome) -> bool:
        """Whether an outcome is as claimed; any is, where none is named."""
        outcomes = self._claimed().outcome
        return not outcomes or outcome in outcomes

    def _may_break(self, outcome: Outcome) -> bool:
        """Whether a case of an outcome can be other than claimed."""
        if self.one.stated.never is not None:
            return self._meets(outcome)
        return not self._meets(outcome) or self._claimed().says

    def _tell(self, spot: Spot, outcome: Outcome, where: int) -> None:
        """One counterexample for each act and outcome."""
        place = spot.place
        said = f"{place.action} {outcome.replace('_', ' ')}"
        if any(other.words == said for other in self.found):
            return
        decided = self.court.case(
            place, spot.everyone, [where], lambda found: self._fits(found, outcome)
        )
        self.found.append(counterexample(place, said, decided))

    def _fits(self, decisions: Sequence[Decision], outcome: Outcome) -> bool:
        """Whether a case is decided so, with what the property says of it as found."""
        decision = decisions[0]
        owed = {duty.rule: duty.certain for duty in decision.duties}
        facts = owed.get(self.one.rule(FACTS)) is True or not self.one.stated.says
        claim = owed.get(self.one.rule(CLAIM))
        if self.one.stated.never is not None:
            as_found = claim is True or not self._claimed().says
        else:
            as_found = not self._meets(outcome) or claim is None
        return decision.outcome == outcome and facts and as_found
