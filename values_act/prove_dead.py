"""No rule is dead: each decides, or changes something, in some case on some day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import get_args

from models.law import Outcome, Rule
from models.proof import Counterexample
from values_act.places import Place, ways
from values_act.prove_touch import touches, without
from values_act.proving import Check, Court, Spot
from values_act.readers.anycase import AnyCase, Ground
from values_act.readers.contrast import Contrast
from values_act.readers.deciders import deciders
from values_act.readers.layout import Layout
from values_act.readers.mdd import FALSE


class NoDead(Check):
    """A rule with an effect of its own decides; a definition, mark or bar on items changes.

    A ground decides where it opens an act, a bar where it closes a ground, a requirement or an
    exclusion where it comes first, a duty where it is owed. A definition, a mark, a bar on items
    changes something if an outcome or a duty is another without it. Readings are taken by default
    or, for a rule that then has no effect, as it or a rule that rests on it asks.
    """

    id = "no-dead-rule"
    title = "No dead rule"
    says = (
        "each rule that bears on an act decides, or changes an outcome or a duty, in some case on "
        "some day, under some reading that it asks for"
    )

    def __init__(self, court: Court) -> None:
        super().__init__(court)
        self._alive: set[str] = set()
        self._places: dict[str, list[Place]] = {}
        self._rules: dict[str, Rule] = {}

    def look(self, spot: Spot) -> None:
        left = {key: rule for key, rule in spot.rules.items() if key not in self._alive}
        for key, rule in left.items():
            self._rules[key] = rule
            self._places.setdefault(key, []).append(spot.place)
        self._alive |= set(_deciding(spot, left))
        for key, rule in left.items():
            if key not in self._alive and _changes(rule) and touches(spot, rule, self.court):
                self._alive.add(key)

    def finish(self) -> None:
        for key, rule in self._rules.items():
            if key not in self._alive:
                reason = self._reason(rule)
                if reason is not None:
                    acts = dict.fromkeys(place.action for place in self._places[key])
                    said = f"{rule.cite} [{key}]: {reason}"
                    self.found.append(Counterexample(words=said, action=", ".join(acts)))

    # ------------------------------------------------------------ what is left
    def _reason(self, rule: Rule) -> str | None:
        """Why a rule is dead; None if it is not."""
        reasons: dict[str, None] = {}
        for place in reversed(self._places[rule.id]):
            asked = place.asked[0]
            for way in ways([asked], {rule.id}):
                taken = replace(asked, choices={**asked.choices, **way})
                spot = Spot(replace(place, asked=(taken, taken)), Ground(Layout([taken])),
                            frozenset())  # fmt: skip
                found = self._lives(spot, rule)
                if found is None:
                    return None
                reasons[found] = None
        return "; or ".join(reasons)

    def _lives(self, spot: Spot, rule: Rule) -> str | None:
        """Why a rule is dead at a spot; None if it is not."""
        if not _changes(rule):
            return None if rule.id in _deciding(spot, {rule.id: rule}) else _why(spot, rule)
        if not _can_hold(spot, rule):
            return "its facts can never be so"
        if touches(spot, rule, self.court):
            return None
        versions = [spot.asked, without(spot, rule, self.court)]
        contrast = Contrast(AnyCase(versions, spot.ground))
        if not contrast.equal or next(contrast.duties(), None) is not None:
            return None
        return _implied_by(spot, rule) or "no outcome and no duty is another without it"


def _changes(rule: Rule) -> bool:
    """Whether a rule has effect through others only."""
    return bool(rule.defines or rule.marks) or rule.scope == "item"


def _deciding(spot: Spot, rules: Mapping[str, Rule]) -> Iterator[str]:
    """Of some rules, those that decide some case of a spot, or that are owed in one."""
    mdd = spot.mdd
    effects = {rule.effect for rule in rules.values() if not _changes(rule)}
    wanted: dict[Outcome, str] = {
        "permitted": "permits", "required": "requires", "not_regulated": "excludes",
        "prohibited": "bars",
    }  # fmt: skip
    for outcome in get_args(Outcome):
        if wanted.get(outcome) in effects:
            there = spot.valid if outcome == "prohibited" else spot.where(outcome)
            for name, node in deciders(spot.version, outcome).items():
                if name in rules and mdd.both(there, node) != FALSE:
                    yield name
    truths = spot.version.judging.judged.truths
    for name, rule in rules.items():
        if rule.duty and mdd.both(spot.valid, truths.get(name, FALSE)) != FALSE:
            yield name


def _can_hold(spot: Spot, rule: Rule) -> bool:
    return any(node != FALSE for node in _truths(spot, rule))


def _truths(spot: Spot, rule: Rule) -> Iterator[int]:
    """Where a rule holds, of an item of each of its subjects, or of the case."""
    version = spot.version
    records = [version.facts.case, *version.facts.items]
    for record in (record for record in records if record.subject in rule.subject):
        number = record.number
        defined = version.define(record, number)
        truth = version.rule(rule, record, number, defined)
        yield spot.mdd.both(version.allowed(record), truth)


def _why(spot: Spot, rule: Rule) -> str:
    """Why a rule that would decide never does."""
    if not _can_hold(spot, rule):
        return "its facts can never be so"
    judging = spot.version.judging
    mdd = spot.mdd
    if rule.permits:
        if mdd.both(spot.valid, judging.grounds.get(rule.id, FALSE)) == FALSE:
            shutting = [
                name for name, force in judging.bars.items()
                if force != FALSE and rule.route in spot.asked.program.rules[name].bars
            ]  # fmt: skip
            if shutting:
                return f"closed wherever it holds, by {', '.join(shutting)}"
        return "another rule comes first wherever it holds"
    if rule.bars:
        return "no ground on its routes can hold where it does"
    return "another rule comes first wherever it holds"


def _implied_by(spot: Spot, rule: Rule) -> str | None:
    """That other definitions of the same fact hold wherever a definition does."""
    others = [
        other for other in spot.rules.values()
        if rule.defines and other.defines == rule.defines and other.id != rule.id
    ]  # fmt: skip
    mdd = spot.mdd
    holding: set[str] = set()
    for subject in rule.subject:
        one = replace_subject(rule, subject)
        mine = mdd.any(list(_truths(spot, one)))
        theirs = {
            other.id: mdd.any(list(_truths(spot, replace_subject(other, subject))))
            for other in others
            if subject in other.subject
        }
        if mdd.both(mine, mdd.no(mdd.any(list(theirs.values())))) != FALSE:
            return None
        holding |= {key for key, node in theirs.items() if mdd.both(mine, node) != FALSE}
    return f"implied by {', '.join(sorted(holding))}" if holding else None


def replace_subject(rule: Rule, subject: str) -> Rule:
    """A rule, of one of its subjects alone."""
    return rule if rule.subject == (subject,) else rule.model_copy(update={"subject": (subject,)})
