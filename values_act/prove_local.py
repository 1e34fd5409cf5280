"""Local policy never widens: with a county's policies an act is never more open than without."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from models.case import InmateCase
from models.decision import Decision
from models.law import Outcome
from models.proof import Counterexample, PropertyView
from values_act.decide import Decider, Settings
from values_act.diff import OPENNESS
from values_act.places import Place, Scope, places
from values_act.proving import counterexample
from values_act.readers.anycase import AnyCase, Ground
from values_act.readers.contrast import Contrast, Pair
from values_act.readers.examples import Examples
from values_act.readers.mdd import FALSE
from values_act.sharing import Grounds, in_time
from values_act.versions import Side
from values_act.witnesses import decided_case, offenses

NEVER_WIDENS = "local-never-widens"
Progress = Callable[[Sequence[Place], str], Iterable[Place]]


class Widening:
    """Compares, for each county, every case with its policies and without.

    Args:
        side: the law, without a county.
        use_engine: whether counterexamples are decided by durable_rules too.
    """

    def __init__(self, side: Side, *, use_engine: bool = True) -> None:
        self.side = side
        self.decider = Decider(side.library, use_engine=use_engine)

    def prove(
        self, actions: Sequence[str], county: str | None, day: date | None, progress: Progress
    ) -> PropertyView:
        """The property for each county with policies, or for the one asked for."""
        library = self.side.library
        counties = [library.county(county)] if county else list(library.counties())
        counties = [one for one in counties if one.policies]
        found: list[Place] = []
        for one in counties:
            named = {action for policy in one.policies for action in policy.actions}
            scope = Scope([action for action in actions if action in named], None, day)
            other = Side(one.county, library, self.side.law, one.county)
            found += places(self.side, other, scope)
        found.sort(key=in_time)
        grounds = Grounds()
        wider: dict[tuple[object, ...], Counterexample] = {}
        for place in progress(found, "comparing counties"):
            self._look(place, grounds.of(place, found), wider)
        return PropertyView(
            id=NEVER_WIDENS, title="Local policy never widens",
            says="with a county's policies no act is more open than under state law alone, where "
            "prohibited is less open than undetermined, and that than any other outcome",
            verdict="DOES NOT HOLD" if wider else "VERIFIED", law=self.side.law, county=county,
            acts=len({place.action for place in found}), spans=len(found),
            counterexamples=tuple(wider.values()),
            notes=(f"counties with policies on the acts: {len({p.counties for p in found})}",),
        )  # fmt: skip

    def _look(
        self, place: Place, ground: Ground, wider: dict[tuple[object, ...], Counterexample]
    ) -> None:
        contrast = Contrast(AnyCase(place.asked, ground))
        if contrast.equal:
            return
        mdd, pairs = contrast.mdd, contrast.pairs
        for pair in sorted(filter(_widens, mdd.leaves(pairs))):
            key = (place.action, place.counties, pair)
            where = mdd.map(lambda found, pair=pair: found == pair, pairs)
            if key not in wider and where != FALSE:
                wider[key] = self._such(place, contrast, where, pair)

    def _such(self, place: Place, contrast: Contrast, where: int, pair: Pair) -> Counterexample:
        """A case that is decided so, without and with the county's policies."""
        law = self.side.law

        def decide(case: InmateCase) -> list[Decision]:
            return [
                self.decider.decide(case, Settings(law=law, county=county, as_of=asked.day))
                for county, asked in zip(place.counties, place.asked, strict=True)
            ]

        decided = decided_case(
            Examples(contrast.everyone, offenses(self.side.library)), [where], place.given,
            {"action": place.action, "as_of": place.asked[0].day.isoformat(), "law": law},
            decide, lambda found: tuple(one.outcome for one in found) == pair,
        )  # fmt: skip
        agency = decided.case.get("agency", {})
        decided.case["agency"] = {**agency, "county": place.counties[1]}
        before, after = (outcome.replace("_", " ") for outcome in pair)
        said = f"{place.action}: {before} under state law alone, {after} in {place.counties[1]}"
        return counterexample(place, said, decided, 1)


def _widens(pair: tuple[Outcome, Outcome] | None) -> bool:
    return pair is not None and OPENNESS[pair[1]] > OPENNESS[pair[0]]
