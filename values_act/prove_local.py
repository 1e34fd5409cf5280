"""Local policy never widens: whatever a policy says, an act is never more open for it.

A policy enters a decision only as a condition: whether it leaves the act open. So it widens nothing
for any case if, in every case, a policy that closes the act leaves it no more open than one that
says nothing; of several policies each decides alone. A county's own rules are looked for by its
policies, and touch nothing else as long as each only marks, under a name that the law does not use.
A county of which that is not so, or that is asked for, is compared with the law itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from models.case import InmateCase
from models.decision import Decision
from models.law import Outcome
from models.policy import County
from values_act.altered import rules_of
from values_act.conditions import found_in
from values_act.decide import Settings
from values_act.diff import OPENNESS
from values_act.places import AGENCY, Place, Scope, places
from values_act.proving import Check, Court, Spot, counterexample
from values_act.readers.anycase import AnyCase, Ground
from values_act.readers.contrast import Contrast, Pair
from values_act.readers.examples import Examples
from values_act.readers.mdd import FALSE, TRUE
from values_act.sharing import Grounds, in_time
from values_act.versions import Side
from values_act.witnesses import Decided, decided_case, offenses

Progress = Callable[[Sequence[Place], str], Iterable[Place]]


class NeverWidens(Check):
    """The property for every policy that there could be, then for the counties that need it."""

    id = "local-never-widens"
    title = "Local policy never widens"
    says = (
        "whatever a county's policies say, no act is more open than under state law alone, where "
        "prohibited is less open than undetermined, and that less than any other outcome"
    )

    def look(self, spot: Spot) -> None:
        mdd = spot.mdd
        ladder = spot.version.judging.ladder
        free, closed = ladder.outcomes(TRUE), ladder.outcomes(FALSE)
        for before, without in free.items():
            for after, with_it in closed.items():
                where = mdd.all([spot.valid, without, with_it])
                if where != FALSE and _widens((before, after)):
                    self._tell(spot, where, (before, after))

    def _tell(self, spot: Spot, where: int, pair: Pair) -> None:
        place = spot.place
        before, after = (outcome.replace("_", " ") for outcome in pair)
        said = f"{place.action}: {before} without a policy, {after} under one that closes it"
        if any(one.words == said for one in self.found):
            return
        kinds = list(self.court.side.library.vocabulary.facts["case", AGENCY].words)
        policy = {
            "id": "closed", "title": "closed", "cite": "none", "authority": "any", "binds": kinds,
            "actions": {place.action: "closed"}, "source": {"title": "made for a proof"},
        }  # fmt: skip
        around = [{}, {"policy": policy}]
        decided = _decided(self.court, spot.everyone, place, where, pair, around)
        self.found.append(counterexample(place, said, decided, 1))

    def compare(
        self, county: str | None, scope: Scope, progress: Progress
    ) -> None:  # fmt: skip
        """Compare with the law each county that the proof for any policy does not reach."""
        court = self.court
        library = court.side.library
        counties = [library.county(county)] if county else list(library.counties())
        rest = [one for one in counties if county or _reaches_further(one, court.side)]
        here = Side(court.side.law, library, court.side.law, None, court.side.readings)
        found: list[Place] = []
        for one in rest:
            named = {action for policy in one.policies for action in policy.actions}
            acts = [action for action in scope.actions if action in named]
            there = Side(one.county, library, here.law, one.county, here.readings)
            found += places(here, there, Scope(acts, None, scope.as_of))
        found.sort(key=in_time)
        grounds = Grounds()
        for place in progress(found, "comparing counties") if found else ():
            self._contrast(place, grounds.of(place, found))
        some = [one.county for one in counties if one.policies]
        apart = f"; compared one by one: {', '.join(one.county for one in rest)}" if rest else ""
        self.notes.append(f"counties with policies: {len(some)}{apart}")
        self.spans += len(found)

    def _contrast(self, place: Place, ground: Ground) -> None:
        contrast = Contrast(AnyCase(place.asked, ground, place.given))
        if contrast.equal:
            return
        mdd, pairs = contrast.mdd, contrast.pairs
        for pair in sorted(pair for pair in mdd.leaves(pairs) if _widens(pair)):
            before, after = (outcome.replace("_", " ") for outcome in pair)
            said = f"{place.action}: {before} under the law alone, {after} in {place.counties[1]}"
            if all(one.words != said for one in self.found):
                where = mdd.map(_is(pair), pairs)
                around = [{}, {"agency": {"county": place.counties[1]}}]
                decided = _decided(self.court, contrast.everyone, place, where, pair, around)
                self.found.append(counterexample(place, said, decided, 1))


def _reaches_further(county: County, side: Side) -> bool:
    """Whether a county's own rules could touch more than its policies."""
    law = rules_of(side.library, side.law)
    named = {name for rule in law.values() for name in rule.notwithstanding}
    named |= {found.rule for rule in law.values() for found in found_in(rule.when)}
    return any(not r.marks or r.id in law or r.id in named or r.notwithstanding
               for r in county.rules)  # fmt: skip


def _decided(
    court: Court, everyone: AnyCase, place: Place, where: int, pair: Pair,
    around: Sequence[Mapping[str, Any]],
) -> Decided:  # fmt: skip
    """A case that is decided as a pair says, without and with what goes with it besides.

    Raises:
        EngineError: none is.
    """

    side, decider = court.side, court.decider()

    def decide(case: InmateCase) -> list[Decision]:
        settings = Settings(law=side.law, as_of=place.asked[0].day, readings=dict(side.readings))
        raw = case.model_dump(mode="json", exclude_unset=True)
        return [
            decider.decide(InmateCase.model_validate(_merged(raw, more)), settings)
            for more in around
        ]

    decided = decided_case(
        Examples(everyone, offenses(side.library)), [where], place.given,
        {"action": place.action, "as_of": place.asked[0].day.isoformat(), "law": side.law},
        decide, lambda found: tuple(one.outcome for one in found) == pair,
    )  # fmt: skip
    return Decided(_merged(decided.case, around[1]), decided.facts, decided.decisions)


def _merged(raw: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """A case file with more said, section by section."""
    found = dict(raw)
    for key, value in more.items():
        old = found.get(key)
        found[key] = {**old, **value} if isinstance(old, dict) else value
    return found


def _widens(pair: tuple[Outcome, Outcome] | None) -> bool:
    return pair is not None and OPENNESS[pair[1]] > OPENNESS[pair[0]]


def _is(pair: Pair) -> Callable[[object], bool]:
    return lambda found: found == pair
