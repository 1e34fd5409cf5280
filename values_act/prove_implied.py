"""No rule is implied by another of the same effect, so that it could be left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.law import Rule
from models.proof import Counterexample
from values_act.proving import Check, Court, Spot
from values_act.readers.mdd import FALSE

Effect = tuple[object, ...]


class NoImplied(Check):
    """Of two rules of one effect, each holds somewhere where the other does not.

    A pair counts only if it is so on every day and for every act on which the first rule bears and
    can hold at all. Rules that no option taken by default makes hold are not asked.
    """

    id = "no-implied-rule"
    title = "No rule implied by another"
    says = (
        "of two rules of the same effect, neither holds only where the other does, under the "
        "readings taken by default and every option of those left open"
    )

    def __init__(self, court: Court) -> None:
        super().__init__(court)
        self._implied: dict[str, set[str]] = {}  # by rule, those that hold wherever it does
        self._rules: dict[str, Rule] = {}

    def look(self, spot: Spot) -> None:
        mdd = spot.mdd
        for truths in _truths(spot):
            alike: dict[Effect, list[str]] = {}
            for name, node in truths.items():
                if node != FALSE:
                    alike.setdefault(_effect(spot.rules[name]), []).append(name)
            for names in alike.values():
                for name in names:
                    self._rules[name] = spot.rules[name]
                    others = {
                        other for other in names
                        if other != name and mdd.both(truths[name], mdd.no(truths[other])) == FALSE
                    }  # fmt: skip
                    known = self._implied.get(name)
                    self._implied[name] = others if known is None else known & others

    def finish(self) -> None:
        told: set[frozenset[str]] = set()
        for name, others in self._implied.items():
            for other in sorted(others):
                pair = frozenset({name, other})
                if pair in told:
                    continue
                told.add(pair)
                both = name in self._implied[other]
                one, two = (f"{self._rules[key].cite} [{key}]" for key in (name, other))
                said = f"{one} and {two} hold of the same" if both else f"{one} implies {two}"
                self.found.append(Counterexample(words=said))


def _truths(spot: Spot) -> Iterator[Mapping[str, int]]:
    """Where each rule holds, of the items of each subject, then of the case; never: not at all."""
    version, rules = spot.version, spot.rules
    for record in version.facts.items:
        defined = version.define(record, record.number)
        allowed = version.allowed(record)
        mine = [rule for rule in rules.values() if record.subject in rule.subject]
        yield {
            rule.id: spot.mdd.both(allowed, version.rule(rule, record, record.number, defined))
            for rule in mine
        }
    truths = version.judging.judged.truths
    yield {
        name: spot.mdd.both(spot.valid, truths[name])
        for name, rule in rules.items()
        if rule.about_case and name in truths
    }


def _effect(rule: Rule) -> Effect:
    """All that a rule does; two rules are of one effect if this is the same."""
    return (
        rule.effect, rule.defines, rule.permits, rule.route, rule.bars, rule.scope, rule.actions,
        rule.requires, rule.excludes, rule.duty, rule.notwithstanding,
        rule.id if rule.duty or rule.marks else "",  # each duty, each mark is one of its own
    )  # fmt: skip
