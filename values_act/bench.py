"""Scenarios made ready: each decided once under the law as it is, to be asked again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from models.law import Rule
from models.scenario import Expected
from values_act.answer import Answer
from values_act.conditions import facts_of, found_in, tests_routes
from values_act.decide import Decider
from values_act.errors import ValuesActError
from values_act.library import Library, county_slug
from values_act.patched import with_bars
from values_act.places import AGENCY
from values_act.program import Program
from values_act.readers.reference import Choices, View, evaluate
from values_act.reasons import write_decision
from values_act.scenarios import Placed, Result, differences
from values_act.touched import places_of
from values_act.unlike import unlike

EVERY = "every"


@dataclass(slots=True, eq=False)
class Standing:
    """A scenario that the law as it is answers as expected, and how it comes to the answer."""

    number: int
    placed: Placed
    expect: Expected
    answer: Answer
    wide: View  # with every reading left open

    @property
    def program(self) -> Program:
        return self.answer.program

    @property
    def day(self) -> date:
        return self.answer.facts.day

    @property
    def law(self) -> str:
        return self.answer.case.law

    @property
    def agency(self) -> str | None:
        kind = self.answer.facts.case.values.get(AGENCY)
        return kind if isinstance(kind, str) else None

    @property
    def probe(self) -> tuple[View, Choices]:
        """The view that bounds all that the expectation asks about: other readings, if it does."""
        if self.expect.contested is None:
            return self.answer.view, self.answer.choices
        return self.wide, dict.fromkeys(self.program.readings)

    def signature(self, rule: Rule) -> tuple[object, ...]:
        """All that a rule of the program may be told apart by; alike for scenarios alike to it."""
        view, choices = self.probe
        facts, found = sorted(set(facts_of(rule.when))), list(found_in(rule.when))
        places = {
            (
                *(values.get(name, False) for name in facts),
                *(context.found.get((f.rule, f.distinct is not None)) for f in found),
                *(sorted(context.routes.items()) if tests_routes(rule) else ()),
            )
            for values, context in places_of(view, rule)
        }
        taken = (choices.get(name) for name in rule.reading)
        return (id(rule), self.expect.duties is None, *taken, frozenset(places))

    @property
    def unsettled(self) -> bool:
        return len(self.answer.view.judgment.outcomes) > 1


@dataclass(slots=True)
class Bench:
    """The scenarios that the law as it is answers as expected, ready to be asked again."""

    library: Library
    standings: list[Standing]
    failing: list[Result]  # they kill nothing
    todo: int = 0
    doomed: frozenset[str] = frozenset()  # routes that some proposal takes out
    named: frozenset[str] = frozenset()  # rules that others name
    sole: frozenset[str] = frozenset()  # rules that may alone define a fact
    _wider: dict[int, Program] = field(default_factory=dict)
    _views: dict[int, View] = field(default_factory=dict)
    _by: dict[tuple[str, str], list[Standing]] = field(default_factory=dict)
    _signatures: dict[tuple[int, int], tuple[object, ...]] = field(default_factory=dict)

    def signature(self, one: Standing, rule: Rule) -> tuple[object, ...]:
        """What tells a scenario from others before a rule."""
        key = (one.number, id(rule))
        if key not in self._signatures:
            self._signatures[key] = one.signature(rule)
        return self._signatures[key]

    def wider(self, one: Standing) -> Program:
        """The program of a scenario with the bars of every route in reach."""
        known = self._wider.get(id(one.program))
        if known is None:
            county = one.answer.county if one.program.local else None
            known = with_bars(self.library, one.program, one.law, one.day, county)
            self._wider[id(one.program)] = known
        return known

    def view_under(self, one: Standing, program: Program, choices: Choices) -> View:
        """The view of a scenario under its own program or the wider one."""
        if program is one.program:
            return one.answer.view
        if one.number not in self._views:
            self._views[one.number] = evaluate(program, one.answer.facts, choices)
        return self._views[one.number]

    def of(self, kind: str, name: str = "") -> list[Standing]:
        """Scenarios of a law, a county, or whose program has a rule or reading; or all."""
        return self._by.get((kind, name), [])


def bench(library: Library, placed: Iterable[Placed]) -> Bench:
    """Decide every scenario under the law as it is, by the reference alone."""
    decider = Decider(library, use_engine=False)
    found = Bench(library, [], [], 0, frozenset(_doomed(library)), frozenset(_named(library)),
                  frozenset(_sole(library)))  # fmt: skip
    for number, one in enumerate(placed):
        if one.scenario.expect is None:
            found.todo += 1
            continue
        asked = one.scenario.expect.contested is not None
        try:
            answer = decider.answer(one.scenario.case, contested=asked)
        except ValuesActError as error:
            found.failing.append(Result(one, "failed", (str(error),)))
            continue
        if unlike(one.scenario.expect, answer):
            problems = tuple(differences(one.scenario.expect, write_decision(answer)))
            found.failing.append(Result(one, "failed", problems))
            continue
        wide = evaluate(answer.program, answer.facts, dict.fromkeys(answer.program.readings))
        found.standings.append(Standing(number, one, one.scenario.expect, answer, wide))
    _index(found)
    return found


def _doomed(library: Library) -> Iterator[str]:
    """Routes of a law that are none of a proposal to change it."""
    for law in library.laws.values():
        if law.extends is not None:
            before, after = library.parts(law.extends), library.parts(law.name)
            left = {route.name for part in after for route in part.routes}
            gone = {route.name for part in before for route in part.routes}
            yield from gone - left


def _named(library: Library) -> Iterator[str]:
    """Names of rules that other rules, policies and proposals give."""
    counties = list(library.counties())
    ruled = [*(law.rules for law in library.laws.values()), *(c.rules for c in counties)]
    for rule in (rule for rules in ruled for rule in rules):
        yield from rule.notwithstanding
        yield from (found.rule for found in found_in(rule.when))
    for policy in (policy for county in counties for policy in county.policies):
        for term in policy.actions.values():
            yield from (found.rule for found in found_in(term.when))
    for law in library.laws.values():
        yield from (*law.drop, *law.keep, *law.replace, *law.replace.values())


def _sole(library: Library) -> Iterator[str]:
    """Rules that define a fact which no other rule of the definitions, that all laws have, does."""
    always = [rule for law in library.definitions for rule in law.rules if rule.defines]
    for law in library.laws.values():
        for rule in law.rules:
            others = {s for other in always if other is not rule and other.defines == rule.defines
                      for s in other.subject}  # fmt: skip
            if rule.defines and not others.issuperset(rule.subject):
                yield rule.id


def _index(found: Bench) -> None:
    """Scenarios by what their programs hold, those that are decided soonest first."""
    ordered = sorted(found.standings, key=lambda one: (
        one.unsettled, one.expect.contested is not None, len(one.program.rules), one.number
    ))  # fmt: skip
    for one in ordered:
        keys = [("law", one.law), (EVERY, "")]
        keys += [("rule", name) for name in one.program.rules]
        keys += [("reading", name) for name in one.program.readings]
        if one.answer.county is not None and one.answer.case.policy is None:
            keys.append(("county", county_slug(one.answer.county.county)))
        for key in keys:
            found._by.setdefault(key, []).append(one)
