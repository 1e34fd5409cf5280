"""The outcome from what is left after bars, exceptions and local policy, as decision diagrams."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.law import Outcome, Rule
from values_act.program import LOCAL, LocalRule, present_options
from values_act.readers.mdd import FALSE, TRUE
from values_act.readers.openings import LIVE, PUBLISHED
from values_act.readers.where import Judged, Where


class Judging:
    """Decides one case from its own facts and what its items come to.

    Args:
        where: the variables of the case; its `count` says what the items come to.
        held: where a rule holds for some item.
        weighed: rules that are weighed against each other, of those alike one each.

    Attributes, once the outcomes are worked out:
        judged: where the rules hold, and what is left on each route.
        ladder: which of them comes first.
        grounds: of each permitting rule, where it is left after bars and exceptions.
        bars: of each bar, where it has force.
        live: of each policy, where it is in force.
        opened: of each policy, where it leaves the act open.
    """

    judged: Judged
    ladder: Ladder

    def __init__(self, where: Where, held: Callable[[str], int], weighed: Sequence[Rule]) -> None:
        self.where = where
        self.mdd = where.mdd
        self.program = where.program
        self.held = held
        self.weighed = weighed
        self.grounds: dict[str, int] = {}
        self.bars: dict[str, int] = {}
        self.live: list[int] = []
        self.opened: list[int] = []

    def outcomes(self, valid: int) -> int:
        """The sets of outcomes, from state law and each policy."""
        mdd, where, case = self.mdd, self.where, self.where.facts.case
        self.judged = judged = Judged({}, {})
        judged.defined = where.define(case, 0, judged)
        for rule in self.program.effects["case"]:
            judged.truths[rule.id] = where.rule(rule, case, 0, judged.defined, judged)
        weighed = self.weighed
        for rule in weighed:
            if rule.id not in judged.truths:
                judged.truths[rule.id] = self.held(rule.id)
        self._routes(weighed, judged)
        for rule in self.program.late:
            judged.truths[rule.id] = where.rule(rule, case, 0, judged.defined, judged)
        self.ladder = Ladder(where, [*weighed, *self.program.late], judged)
        found = self._with_local(judged)
        node = mdd.leaf(frozenset())
        for outcome, node_of in found.items():
            node = mdd.apply(_adding_outcome(outcome), node, mdd.both(valid, node_of), FALSE)
        return node

    def _routes(self, weighed: Sequence[Rule], judged: Judged) -> None:
        """What is left on each route after bars and exceptions."""
        mdd = self.mdd
        lifted = Lifted(self.where, weighed, judged)
        bars = [(rule, lifted.force(rule)) for rule in weighed if rule.bars]
        self.bars = {rule.id: force for rule, force in bars}
        shut: dict[str, int] = {}
        for rule in weighed:
            if rule.permits:
                route = rule.route or ""
                if route not in shut:
                    closed = mdd.any([force for bar, force in bars if route in bar.bars])
                    shut[route] = mdd.either(closed, lifted(route))
                off = mdd.either(lifted(rule.id), shut[route])
                left = mdd.both(judged.truths[rule.id], mdd.no(off))
                self.grounds[rule.id] = left
                judged.routes[route] = mdd.either(judged.routes.get(route, FALSE), left)

    def _with_local(self, judged: Judged) -> dict[Outcome, int]:
        mdd, local, ladder = self.mdd, self.program.local, self.ladder
        self.live = live = [self._in_force(item) for item in local]
        self.opened = [self._open(item, judged) for item in local]
        results = [ladder.outcomes(opened) for opened in self.opened]
        nobody = mdd.no(mdd.any(live))
        found = {o: mdd.both(nobody, node) for o, node in ladder.outcomes(TRUE).items()}

        def add(items: Sequence[int], where: int) -> None:
            for i in items:
                for outcome, node in results[i].items():
                    counted = mdd.all([where, live[i], node])
                    found[outcome] = mdd.either(found.get(outcome, FALSE), counted)

        everyone = range(len(local))
        reading = self.program.local_reading
        if reading is None:
            add(everyone, TRUE)
            return found
        taken = self.where.choices.get(reading.id)
        options = [taken] if taken is not None else present_options(self.program, reading)
        for option in options:
            own = [i for i in everyone if local[i].policy.authority == option]
            speaks = mdd.any([live[i] for i in own])
            chosen = self.where.taken(reading.id, [option])
            add(own, mdd.both(chosen, speaks))
            add(everyone, mdd.both(chosen, mdd.no(speaks)))
        return found

    def _in_force(self, item: LocalRule) -> int:
        if item.in_force is None:
            return self.where.where(-1, LIVE, item.policy.id, (True, False))
        return TRUE if item.in_force else FALSE

    def _open(self, item: LocalRule, judged: Judged) -> int:
        term = item.term
        if term.rule == "when":
            return self.where.holds(term.when, self.where.facts.case, 0, judged.defined, judged)
        if term.rule == "unpublished":
            return self.where.where(-1, PUBLISHED, term.name or "", (True, False))
        return TRUE if term.rule == "open" else FALSE


class Lifted:
    """Where an exception takes the force of a rule, a route or local policy."""

    def __init__(self, where: Where, rules: Sequence[Rule], judged: Judged) -> None:
        self.mdd = where.mdd
        self.names = where.program.lifted
        self.rules = [rule for rule in rules if rule.notwithstanding]
        self.truths = judged.truths

    def __call__(self, name: str) -> int:
        if name not in self.names:
            return FALSE
        return self.mdd.any([self.force(r) for r in self.rules if name in r.notwithstanding])

    def force(self, rule: Rule) -> int:
        held = self.truths[rule.id]
        return held if held == FALSE else self.mdd.both(held, self.mdd.no(self(rule.id)))


class Ladder:
    """Exclusion, requirement, ground, base rule: which comes first decides."""

    def __init__(self, where: Where, rules: Sequence[Rule], judged: Judged) -> None:
        self.mdd = where.mdd
        self.program = where.program
        self.routes = judged.routes
        self.lifted = lifted = Lifted(where, rules, judged)
        self.local_off = lifted(LOCAL)
        self.excluded = self.mdd.any([lifted.force(rule) for rule in rules if rule.excludes])
        self.compelled = [
            (LOCAL in rule.notwithstanding, lifted.force(rule)) for rule in rules if rule.requires
        ]

    def outcomes(self, opened: int) -> dict[Outcome, int]:
        """Where each outcome comes out, if local policy leaves the act open where it says so."""
        mdd = self.mdd
        free = mdd.either(opened, self.local_off)
        compelled = [node if over else mdd.both(node, free) for over, node in self.compelled]
        grounds = [
            mdd.both(node, free) if self.yields(route) else node
            for route, node in self.routes.items()
        ]
        found: dict[Outcome, int] = {}
        rest = TRUE
        steps: tuple[tuple[int, Outcome], ...] = (
            (self.excluded, "not_regulated"),
            (mdd.any(compelled), "required"),
            (mdd.any(grounds), "permitted"),
        )
        for node, outcome in steps:
            self._add(found, outcome, mdd.both(rest, node))
            rest = mdd.both(rest, mdd.no(node))
        base = self.program.base
        if base is None or (base.outcome == "permitted" and self.yields(base.route)):
            self._add(found, base.outcome if base else "not_regulated", mdd.both(rest, free))
            self._add(found, "prohibited", mdd.both(rest, mdd.no(free)))
        else:
            self._add(found, base.outcome, rest)
        return found

    def _add(self, found: dict[Outcome, int], outcome: Outcome, node: int) -> None:
        found[outcome] = self.mdd.either(found.get(outcome, FALSE), node)

    def yields(self, route: str | None) -> bool:
        known = self.program.routes.get(route or "")
        return known is None or known.yields_to_local


def _adding_outcome(outcome: Outcome) -> Callable[[frozenset[Outcome], bool], frozenset[Outcome]]:
    return lambda found, holds: found | {outcome} if holds else found
