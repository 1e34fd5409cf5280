"""What two versions of the law answer differently: scenarios, and every kind of case, by proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from models.case import InmateCase
from models.decision import Decision
from models.difference import (
    ActionView,
    Difference,
    DutyChange,
    KindView,
    PeriodView,
    SideView,
    Verdict,
)
from models.law import Outcome
from values_act.decide import Decider, Settings
from values_act.places import Place, Scope, places, split
from values_act.readers import words
from values_act.readers.anycase import AnyCase, Ground
from values_act.readers.contrast import Contrast, DutyKind, Kind, Pair
from values_act.readers.examples import Examples
from values_act.readers.layout import Asked
from values_act.reasons import Brief, brief
from values_act.sharing import Grounds, in_time
from values_act.versions import Side
from values_act.witnesses import decided_case, offenses

OPENNESS: dict[Outcome, int] = {
    "prohibited": 0, "undetermined": 1, "permitted": 2, "required": 2, "not_regulated": 2,
}  # fmt: skip
Progress = Callable[[Sequence[Place], str], Iterable[Place]]


def verdict_of(matrix: Counter[Pair]) -> Verdict:
    """One of four words: whether what may be done only grows, only shrinks, or neither."""
    changed = [pair for pair in matrix if pair[0] != pair[1]]
    if not changed:
        return "equivalent"
    up = any(OPENNESS[after] > OPENNESS[before] for before, after in changed)
    down = any(OPENNESS[after] < OPENNESS[before] for before, after in changed)
    if up == down:
        return "incomparable"
    return "more permissive" if up else "less permissive"


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on several places at once."""
    found = set(verdicts) - {"equivalent"}
    if len(found) > 1:
        return "incomparable"
    return found.pop() if found else "equivalent"


@dataclass(slots=True)
class _Act:
    """What was found about one act so far."""

    periods: list[PeriodView] = field(default_factory=list)
    kinds: dict[tuple[str, ...], KindView] = field(default_factory=dict)
    duties: dict[tuple[str, str], DutyChange] = field(default_factory=dict)


class Differ:
    """Compares two sides.

    Args:
        a: the side that is there.
        b: the one that may take its place.
        use_engine: whether witnesses are decided by durable_rules too.
    """

    def __init__(self, a: Side, b: Side, *, use_engine: bool = True) -> None:
        self.sides = a, b
        first = Decider(a.library, use_engine=use_engine)
        same = a.library is b.library
        self.deciders = first, first if same else Decider(b.library, use_engine=use_engine)
        self._quick = tuple(Decider(side.library, use_engine=False) for side in self.sides)
        self._rows = offenses(a.library)

    def compare(self, scope: Scope, progress: Progress = lambda found, _: found) -> Difference:
        """Every act, each with what changes; without scenarios and edits.

        Raises:
            InputError: there is no such county or act.
            EngineError: a witness was found to be none; nothing is told then.
        """
        scope, notes = self._encoded(scope)
        acts = {action: _Act() for action in scope.actions}
        grounds = Grounds()
        found = sorted(places(*self.sides, scope), key=in_time)
        for place in progress(found, "comparing"):
            self._place(place, acts[place.action], grounds.of(place, found))
        views = tuple(
            ActionView(
                action=action,
                verdict=together(period.verdict for period in act.periods),
                periods=tuple(act.periods),
                kinds=tuple(act.kinds.values()),
                duties=tuple(act.duties.values()),
            )
            for action, act in acts.items()
        )
        return Difference(
            sides=(self._side(0), self._side(1)),
            equivalent=all(v.verdict == "equivalent" and not v.duties for v in views),
            actions=views,
            notes=tuple(notes),
            notice=words.NOTICE,
        )

    def _side(self, index: int) -> SideView:
        side = self.sides[index]
        law = side.library.law(side.law)
        return SideView(
            name=side.name, law=law.name, law_title=law.title, law_status=law.status,
            county=side.county, readings=dict(side.readings), law_digest=side.library.digest,
        )  # fmt: skip

    def _encoded(self, scope: Scope) -> tuple[Scope, list[str]]:
        """The acts that both sides can speak of, and a note on those that one cannot."""
        acts, notes = list(scope.actions), []
        for side in self.sides:
            covered = side.library.encoded(side.law)
            silent = [action for action in acts if covered is not None and action not in covered]
            acts = [action for action in acts if action not in silent]
            if silent:
                notes.append(f"{side.name} does not encode, so not compared: {', '.join(silent)}")
        return replace(scope, actions=acts), notes

    # ------------------------------------------------------------ one place
    def _place(self, place: Place, act: _Act, ground: Ground) -> None:
        one, two = split(place, self.sides)
        contrast = Contrast(AnyCase([*one, *two], ground, place.given), len(one))
        duties = list(contrast.duties())
        if contrast.equal and not duties and place.readings:
            return  # under options that are not the default only what changes is told
        matrix = contrast.matrix()
        number = len(act.periods)
        act.periods.append(self._period(place, matrix))
        examples = Examples(contrast.everyone, self._rows)
        for kind in contrast.kinds():
            key = (kind.before, kind.after, *kind.rules)
            known = act.kinds.get(key)
            if known is None:
                act.kinds[key] = self._kind(place, number, contrast, examples, kind)
            else:
                act.kinds[key] = known.model_copy(update={"periods": (*known.periods, number)})
        for duty in duties:
            other = act.duties.get((duty.rule, duty.change))
            if other is None:
                act.duties[duty.rule, duty.change] = self._duty(place, number, examples, duty)
            else:
                more = other.model_copy(update={"periods": (*other.periods, number)})
                act.duties[duty.rule, duty.change] = more

    def _period(self, place: Place, matrix: Counter[Pair]) -> PeriodView:
        table: dict[str, dict[str, int]] = {}
        for (before, after), n in sorted(matrix.items()):
            table.setdefault(before, {})[after] = n
        return PeriodView(
            law=(self.sides[0].law, self.sides[1].law),
            county=place.counties, agencies=place.agencies, readings=dict(place.readings),
            first=place.first, last=place.last, day=place.asked[0].day,
            verdict=verdict_of(matrix), combinations=matrix.total(),
            changed=sum(n for (before, after), n in matrix.items() if before != after),
            matrix=table,
        )  # fmt: skip

    def _kind(
        self, place: Place, number: int, contrast: Contrast, examples: Examples, kind: Kind
    ) -> KindView:
        def fits(decided: Sequence[Brief]) -> bool:
            pairs = zip(decided, (kind.before, kind.after), kind.rules, strict=True)
            return all(
                one.outcome == outcome and (outcome == "undetermined" or rule in one.deciding)
                for one, outcome, rule in pairs
            )

        raw, facts = self._witness(place, examples, (kind.alone, kind.where), fits)
        cites = [_cite(asked, rule) for asked, rule in zip(place.asked, kind.rules, strict=True)]
        return KindView(
            action=place.action, before=kind.before, after=kind.after,
            rule_before=kind.rules[0], rule_after=kind.rules[1],
            cite_before=cites[0], cite_after=cites[1], periods=(number,),
            combinations=contrast.number(kind.where), facts=facts, witness=raw,
            sentence=self._sentence(kind, cites),
        )  # fmt: skip

    def _sentence(self, kind: Kind, cites: list[str]) -> str:
        a, b = self.sides
        one, two = kind.rules
        before, after = (outcome.replace("_", " ") for outcome in (kind.before, kind.after))
        return (
            f"Under {a.name} {before} ({_named(one, cites[0])}); "
            f"under {b.name} {after} ({_named(two, cites[1])})."
        )

    def _duty(self, place: Place, number: int, examples: Examples, duty: DutyKind) -> DutyChange:
        def fits(decided: Sequence[Brief]) -> bool:
            owed = [one.duties.get(duty.rule) for one in decided]  # None: not owed; else if surely
            return owed == ([None, True] if duty.change == "owed" else [True, None])

        raw, facts = self._witness(place, examples, (duty.where,), fits)
        cite = _cite(place.asked[0], duty.rule) or _cite(place.asked[1], duty.rule)
        return DutyChange(action=place.action, rule=duty.rule, cite=cite, change=duty.change,
                          periods=(number,), facts=facts, witness=raw)  # fmt: skip

    # ------------------------------------------------------------ witnesses
    def _witness(
        self,
        place: Place,
        examples: Examples,
        regions: Sequence[int],
        fits: Callable[[Sequence[Brief]], bool],
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """A case file that both sides decide as they should, and its facts in words.

        Raises:
            EngineError: none does, so what was found is not so.
        """

        def decide(case: InmateCase) -> list[Brief]:
            return [self._decide(self.deciders[i], i, place, case) for i in (0, 1)]

        def quick(case: InmateCase) -> list[Brief]:
            return [self._decide(self._quick[i], i, place, case) for i in (0, 1)]

        around = self._around(place)
        found = decided_case(examples, regions, place.given, around, decide, fits, quick)
        return found.case, found.facts

    def _around(self, place: Place) -> dict[str, Any]:
        """What a case file of a place says beside the facts, where it is the same on both sides."""
        a, b = self.sides
        found: dict[str, Any] = {"action": place.action}
        if place.asked[0].day == place.asked[1].day:
            found["as_of"] = place.asked[0].day.isoformat()
        else:
            found["as_of"] = min(asked.day for asked in place.asked).isoformat()
        if a.law == b.law:
            found["law"] = a.law
        if place.counties[0] is not None and place.counties[0] == place.counties[1]:
            found["agency"] = {"county": place.counties[0]}
        if place.readings:
            found["readings"] = dict(place.readings)
        return found

    def _decide(self, decider: Decider, index: int, place: Place, case: InmateCase) -> Brief:
        side, county = self.sides[index], place.counties[index]
        settings = Settings(
            law=side.law, county=county, as_of=place.asked[index].day, readings=dict(side.readings)
        )
        return brief(decider.answer(case, settings, contested=False))


def _gist(decision: Decision) -> tuple[object, ...]:
    """What a witness has to keep of a decision: the outcome, what decides, what is unknown."""
    duties = frozenset((duty.rule, duty.certain) for duty in decision.duties)
    missing = frozenset((lack.fact, lack.item) for lack in decision.missing)
    return decision.outcome, frozenset(decision.deciding), duties, missing


def _cite(asked: Asked, rule: str) -> str:
    """The citation of a rule, a base rule or a policy; empty where it has none."""
    program = asked.program
    if rule in program.rules:
        return program.rules[rule].cite
    if program.base is not None and program.base.id == rule:
        return program.base.cite
    return next((item.policy.cite for item in program.local if item.policy.id == rule), "")


def _named(rule: str, cite: str) -> str:
    return f"{cite} [{rule}]" if cite else rule


def witnesses(difference: Difference) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every witness with a name for its file."""
    for act in difference.actions:
        for number, kind in enumerate(act.kinds, 1):
            yield f"{act.action}-{number:02d}-{kind.before}-{kind.after}", kind.witness
        for number, duty in enumerate(act.duties, 1):
            yield f"{act.action}-duty-{number:02d}-{duty.rule}", duty.witness
