"""The law of one case as propositions: for each outcome, when the case has it.

It reads the rules as they are written and follows the stages of a decision for complete cases:
definitions, item bars, counts, bars, what is left on each route, exclusions, requirements, grounds,
the base rule, local policy. It evaluates nothing in three values and shares no code with a reader:
what is open is an axis, and a filling gives each axis one value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.law import AllOf, AnyOf, Condition, Found, Not, Open, Outcome, Rule, Test, Unpublished
from tests.oracles.brute import LIVE, Axis
from tests.oracles.formula import FALSE, TRUE, Formula, always, at_least, every, negate, some
from tests.oracles.opened import Cases, Opened, UnreadableError, is_open, meets
from values_act.conditions import Leaf, leaves
from values_act.program import LOCAL, LocalRule, Program
from values_act.readers.reference import Choices
from values_act.records import Facts


@dataclass(frozen=True)
class Encoded:
    """When a case has each outcome, and which fillings a case may have at all."""

    axes: tuple[Axis, ...]
    outcomes: Mapping[Outcome, Formula]
    allowed: Formula


def encode(program: Program, facts: Facts, choices: Choices, axes: Sequence[Axis]) -> Encoded:
    """The formulas of one case.

    Raises:
        UnreadableError: a rule asks for what is open and is on no axis.
    """
    opened = Opened(facts, choices, axes)
    items = [Item(program, opened, number) for number in range(1, len(opened.records))]
    law = Law(program, opened, items)
    forbidden = [
        forbids(opened, number, never.when)
        for number, record in enumerate(opened.records)
        for never in program.vocabulary.never.get(record.subject, ())
    ]
    return Encoded(tuple(axes), law.outcomes(), negate(some(forbidden)))


# ---------------------------------------------------------------- conditions

AsFormula = Callable[[Leaf, bool], Formula]


def said(node: Condition | None, leaf: AsFormula, under_not: bool = False) -> Formula:
    """A condition; what is made of a leaf may hang on whether a `not` stands over it."""
    if node is None:
        return TRUE
    if isinstance(node, AllOf):
        return every([said(part, leaf, under_not) for part in node.parts])
    if isinstance(node, AnyOf):
        return some([said(part, leaf, under_not) for part in node.parts])
    if isinstance(node, Not):
        return negate(said(node.part, leaf, not under_not))
    return leaf(node, under_not)


def tested(test: Test, cases: Cases) -> Formula:
    if any(is_open(value) for _, value in cases):
        raise UnreadableError(test.fact)
    return some(when for when, value in cases if meets(test.expect, value))


def forbids(opened: Opened, number: int, when: Condition) -> Formula:
    """Whether a combination that no case may have is surely there; what nobody reads is not."""

    def leaf(test: Leaf, under_not: bool) -> Formula:
        assert isinstance(test, Test)
        cases = opened.raw(number, test.fact)
        if any(is_open(value) for _, value in cases):
            return always(under_not)
        return tested(test, cases)

    return said(when, leaf)


# ---------------------------------------------------------------- one record


class Item:
    """The rules about one record."""

    def __init__(self, program: Program, opened: Opened, number: int) -> None:
        self.program, self.opened, self.number = program, opened, number
        self.subject = opened.records[number].subject
        self.rules = [r for r in program.rules.values() if self.subject in r.subject]
        self.bars = [rule for rule in self.rules if rule.scope == "item"]
        self._held: dict[str, Formula] = {}

    def holds(self, rule: Rule) -> Formula:
        """A rule, under the readings that it asks for, before any bar."""
        if rule.id not in self._held:
            live = [self._reads(name, options) for name, options in rule.reading.items()]
            self._held[rule.id] = every([said(rule.when, self.leaf), *live])
        return self._held[rule.id]

    def _reads(self, reading: str, options: Iterable[str]) -> Formula:
        return some(when for when, option in self.opened.option(reading) if option in options)

    def leaf(self, leaf: Leaf, under_not: bool) -> Formula:
        assert isinstance(leaf, Test), leaf
        return tested(leaf, self.cases(leaf.fact))

    def cases(self, name: str) -> Cases:
        spec = self.program.vocabulary.facts[self.subject, name]
        if spec.derive is not None:
            return self.opened.years(self.number, spec.derive)
        if spec.origin != "defined":
            return self.opened.raw(self.number, name)
        held = some([self.holds(rule) for rule in self.rules if rule.defines == name])
        return (held, True), (negate(held), False)

    def left(self, rule: Rule) -> Formula:
        """What is left of a rule about the item once its own bars are applied."""
        if self.subject not in rule.subject or rule.defines or rule.scope == "item":
            return FALSE
        closed = [
            self.holds(bar)
            for bar in self.bars
            if rule.marks or rule.requires or rule.route in bar.bars
        ]
        return every([self.holds(rule), negate(some(closed))])


# ---------------------------------------------------------------- the case


def looks_at_routes(rule: Rule) -> bool:
    """Whether a rule tests what is left on a route, and so comes after the bars."""
    return any(isinstance(leaf, Open) for leaf in leaves(rule.when))


class Law(Item):
    """The rules about the case, and all rules together."""

    def __init__(self, program: Program, opened: Opened, items: Sequence[Item]) -> None:
        super().__init__(program, opened, 0)
        self.items = items
        self.routes: dict[str, Formula] = {}
        self.late = [rule for rule in program.rules.values() if looks_at_routes(rule)]
        self.early = [
            rule
            for rule in program.rules.values()
            if not looks_at_routes(rule)
            and not rule.defines
            and rule.scope == "case"
            and rule.concerns(program.action)
        ]
        self._forces: dict[tuple[int, str], Formula] = {}

    def leaf(self, leaf: Leaf, under_not: bool) -> Formula:
        if isinstance(leaf, Found):
            return self._found(leaf)
        if isinstance(leaf, Open):
            return self.routes.get(leaf.route, FALSE)
        if isinstance(leaf, Unpublished):
            return self.opened.published(leaf.name)
        return super().leaf(leaf, under_not)

    def _found(self, found: Found) -> Formula:
        rule = self.program.rules.get(found.rule)
        left = [(item, item.left(rule)) for item in self.items] if rule is not None else []
        if not found.distinct:
            return at_least(found.at_least, [formula for _, formula in left])
        events: dict[str, list[Formula]] = {}
        for item, formula in left:
            for when, event in self.opened.event(item.number):
                events.setdefault(event, []).append(every([formula, when]))
        return at_least(found.at_least, [some(parts) for parts in events.values()])

    def for_the_case(self, rule: Rule) -> Formula:
        """A rule about items holds for the case if it is left for at least one of them."""
        if rule.about_case:
            return self.holds(rule)
        return some([item.left(rule) for item in self.items])

    def force(self, rules: Sequence[Rule], rule: Rule) -> Formula:
        """A rule has force where it holds and no exception among the rules lifts it."""
        key = (len(rules), rule.id)  # of the early rules, or of all
        if key not in self._forces:
            lifted = self.lifted(rules, rule.id)
            self._forces[key] = every([self.for_the_case(rule), negate(lifted)])
        return self._forces[key]

    def lifted(self, rules: Sequence[Rule], name: str) -> Formula:
        return some([self.force(rules, rule) for rule in rules if name in rule.notwithstanding])

    def grounds(self) -> list[tuple[str, Formula]]:
        """Each permitting rule with its route, as far as bars and exceptions leave it."""
        found = []
        for rule in self.early:
            if rule.permits:
                route = rule.route or ""
                closed = [self.force(self.early, bar) for bar in self.early if route in bar.bars]
                lifted = [self.lifted(self.early, name) for name in (rule.id, route)]
                ground = [self.for_the_case(rule), *map(negate, (*closed, *lifted))]
                found.append((route, every(ground)))
        return found

    def outcomes(self) -> dict[Outcome, Formula]:
        grounds = self.grounds()
        for route, _ in grounds:
            self.routes[route] = some([ground for name, ground in grounds if name == route])
        rules = [*self.early, *self.late]
        unbound = self.lifted(rules, LOCAL)
        state = self._ladder(rules, grounds, TRUE)
        live = {item.policy.id: self._live(item) for item in self.program.local}
        none_live = negate(some(live.values()))
        found = {outcome: [every([none_live, when])] for outcome, when in state.items()}
        for item in self.program.local:
            decides = every([live[item.policy.id], self._decides(item, live)])
            free = some([self._leaves_open(item), unbound])
            for outcome, when in self._ladder(rules, grounds, free).items():
                found.setdefault(outcome, []).append(every([decides, when]))
        return {outcome: some(parts) for outcome, parts in found.items()}

    def _ladder(
        self, rules: Sequence[Rule], grounds: Sequence[tuple[str, Formula]], free: Formula
    ) -> dict[Outcome, Formula]:
        """The first step that holds gives the outcome; `free` is that no policy closes the act."""
        excluded = [self.force(rules, rule) for rule in rules if rule.excludes]
        required = [
            every([self.force(rules, rule), TRUE if LOCAL in rule.notwithstanding else free])
            for rule in rules
            if rule.requires
        ]
        opened = [every([g, free]) if self._yields(route) else g for route, g in grounds]
        steps: list[tuple[Outcome, Formula]] = [
            ("not_regulated", some(excluded)),
            ("required", some(required)),
            ("permitted", some(opened)),
        ]
        base = self.program.base
        if base is None:
            steps += [("not_regulated", free), ("prohibited", TRUE)]
        elif base.outcome == "permitted" and self._yields(base.route):
            steps += [("permitted", free), ("prohibited", TRUE)]
        else:
            steps.append((base.outcome, TRUE))
        found: dict[Outcome, list[Formula]] = {}
        for number, (outcome, when) in enumerate(steps):
            before = negate(some([earlier for _, earlier in steps[:number]]))
            found.setdefault(outcome, []).append(every([before, when]))
        return {outcome: some(parts) for outcome, parts in found.items()}

    def _yields(self, route: str | None) -> bool:
        known = self.program.routes.get(route or "")
        return known is None or known.yields_to_local

    # ------------------------------------------------------------ local policy
    def _live(self, item: LocalRule) -> Formula:
        return TRUE if item.in_force else self.opened.yes(LIVE, item.policy.id)

    def _leaves_open(self, item: LocalRule) -> Formula:
        if item.term.rule == "when":
            return said(item.term.when, self.leaf)
        if item.term.rule == "unpublished":
            return self.opened.published(item.term.name or "")
        return always(item.term.rule == "open")

    def _decides(self, item: LocalRule, live: Mapping[str, Formula]) -> Formula:
        """Policies of the authority that is taken to decide; all, if none of its own is live."""
        reading = self.program.local_reading
        if reading is None:
            return TRUE
        cases = self.opened.option(reading.id)

        def chosen(authority: str) -> Formula:
            return some(when for when, option in cases if option == authority)

        speaks = [
            every([chosen(other.policy.authority), live[other.policy.id]])
            for other in self.program.local
        ]
        return some([chosen(item.policy.authority), negate(some(speaks))])
