"""Properties that any law should have: no conflict, no gap, one base rule on every day."""

from __future__ import annotations

from collections.abc import Iterator

from models.law import Rule
from models.proof import Counterexample
from values_act.altered import Altered
from values_act.places import Place
from values_act.program import Program
from values_act.proving import Check, Court, Spot, counterexample
from values_act.readers.deciders import deciders
from values_act.readers.mdd import FALSE
from values_act.versions import Side


class NoConflict(Check):
    """No act is both excluded and required, with no order between the two rules.

    An exclusion says that the law does not reach the act, a requirement that it must be done. No
    other two effects contradict each other: a requirement comes before grounds, bars and the base
    rule, local policy gives way to it or not as its `notwithstanding` says, and bars only take
    grounds away.
    """

    id = "no-conflict"
    title = "No conflict"
    says = (
        "in no case is an act both excluded and required by rules of which neither gives way to "
        "the other by `notwithstanding`"
    )

    def look(self, spot: Spot) -> None:
        mdd, program = spot.mdd, spot.asked.program
        force = spot.version.judging.ladder.lifted.force
        rules = [*program.weighed, *program.late]
        told = {(one.action, one.words) for one in self.found}
        excluding = [rule for rule in rules if rule.excludes]
        for one in excluding:
            for other in (rule for rule in rules if rule.requires):
                where = mdd.all([spot.valid, force(one), force(other)])
                said = f"{_said(one)} excludes the act, and {_said(other)} requires it"
                if where != FALSE and (spot.place.action, said) not in told:
                    # where no other exclusion holds, that this one does can be seen in the answer
                    rest = mdd.any([force(rule) for rule in excluding if rule is not one])
                    alone = mdd.both(where, mdd.no(rest))
                    self.found.append(
                        _conflict(spot, self.court, (one, other), (alone, where), said)
                    )


def _conflict(
    spot: Spot, court: Court, pair: tuple[Rule, Rule], regions: tuple[int, int], said: str
) -> Counterexample:
    """A case that the law decides by the one rule and, without exclusions, by the other."""
    one, other = pair
    program = spot.asked.program
    dropped = frozenset(rule.id for rule in program.rules.values() if rule.excludes)
    key = f"without {', '.join(sorted(dropped))}"
    known = court.deciders.get(key)
    without = known[0] if known else Altered(court.side.library, drop=dropped)
    decided = court.case(
        spot.place, spot.everyone, [region for region in regions if region != FALSE],
        lambda found: one.id in found[0].deciding and other.id in found[1].deciding
        and found[1].outcome == "required",
        [court.decider(), court.decider(key, without)],
    )  # fmt: skip
    return counterexample(spot.place, said, decided)


def _said(rule: Rule) -> str:
    return f"{rule.cite} [{rule.id}]"


class NoGap(Check):
    """Where the law governs an act, a rule, a base rule or a policy gives every outcome."""

    id = "no-gap"
    title = "No gap"
    says = (
        "where a law in force governs an act, every case has an outcome, and a rule, a base rule "
        "or a policy gives it"
    )

    def __init__(self, court: Court) -> None:
        super().__init__(court)
        self._silent: dict[str, None] = {}

    def look(self, spot: Spot) -> None:
        if not governs(spot.asked.program):
            self._silent[spot.place.action] = None
            return
        program, mdd = spot.asked.program, spot.mdd
        none = mdd.both(spot.valid, mdd.map(_is_empty, spot.version.sets))
        silent = FALSE
        if program.base is None:
            left = deciders(spot.version, "not_regulated").get(program.law, FALSE)
            silent = mdd.both(spot.surely(left), spot.where("not_regulated"))
        where = mdd.either(spot.surely(none), silent)
        if where == FALSE or any(one.action == spot.place.action for one in self.found):
            return
        decided = self.court.case(
            spot.place, spot.everyone, [where],
            lambda found: found[0].outcome == "not_regulated"
            and not set(found[0].deciding) & {*program.rules},
        )  # fmt: skip
        said = f"rules of the law bear on {spot.place.action}, but no base rule says what holds"
        self.found.append(counterexample(spot.place, said, decided))

    def finish(self) -> None:
        if self._silent:
            acts = ", ".join(self._silent)
            self.notes.append(f"on some days no law of {self.court.side.law} governs: {acts}")


def governs(program: Program) -> bool:
    """Whether a base rule, or a rule with more effect than a duty, bears on the act."""
    rules = (*program.weighed, *program.late)
    return program.base is not None or any(not (rule.duty or rule.marks) for rule in rules)


def _is_empty(outcomes: frozenset[str]) -> bool:
    return not outcomes


class OneBase(Check):
    """On every day of the law's dates, every act that it governs has exactly one base rule."""

    id = "one-base-rule"
    title = "Every date covered"
    says = (
        "on every day an act that rules of a law in force open, bar, require or exclude, or that "
        "had a base rule before, has exactly one base rule"
    )

    def __init__(self, court: Court) -> None:
        super().__init__(court)
        self._had: dict[str, str] = {}

    def look(self, spot: Spot) -> None:
        place = spot.place
        found = list(_bases(self.court.side, place))
        if len(found) > 1:
            self._tell(place, f"has {len(found)} base rules: {', '.join(found)}")
        elif not found and place.action in self._had:
            self._tell(place, f"has no base rule, after {self._had[place.action]}")
        elif not found and governs(spot.asked.program):
            self._tell(place, "has no base rule")
        if found:
            self._had[place.action] = found[-1]

    def _tell(self, place: Place, said: str) -> None:
        words = f"{place.action} {said}"
        if all(one.words != words for one in self.found):
            self.found.append(Counterexample(
                words=words, action=place.action, first=place.first, last=place.last))  # fmt: skip


def _bases(side: Side, place: Place) -> Iterator[str]:
    library, law, day = side.library, side.law, place.asked[0].day
    if not library.law(law).in_force(day):
        return
    for part in library.parts(law):
        for base in part.base:
            started = base.effective is None or base.effective <= day
            ended = base.ended is not None and base.ended < day
            if part.in_force(day) and place.action in base.actions and started and not ended:
                yield base.id
