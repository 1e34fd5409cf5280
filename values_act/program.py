"""The rules that can bear on one action under one law over a span of days: no evaluation here."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from models.law import (
    ITEM_SUBJECTS,
    Base,
    Found,
    Law,
    Reading,
    Route,
    Rule,
    Subject,
    Test,
    Unpublished,
)
from models.policy import County, CountyPolicy, Term
from values_act.conditions import facts_of, found_in, leaves, tests_routes
from values_act.days import days_after
from values_act.library import Library
from values_act.overlay import followed
from values_act.reach import behind, derivation_readings, in_order, reachable, rests, under, windows
from values_act.vocabulary import Vocabulary

LOCAL = "local"
MAX_PROGRAMS = 256


@dataclass(frozen=True, slots=True)
class LocalRule:
    """One policy of a county as it bears on the action."""

    policy: CountyPolicy
    county: str
    term: Term
    in_force: bool | None  # None: the day falls in an uncertain bound of its dates


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """What both engines read: the live rules that the action reaches, sorted by subject."""

    vocabulary: Vocabulary
    law: str
    action: str
    laws_in_force: tuple[str, ...]
    definitions: Mapping[Subject, tuple[Rule, ...]]  # each after the definitions it tests
    effects: Mapping[Subject, tuple[Rule, ...]]  # marks, grounds, bars, requirements, exclusions
    late: tuple[Rule, ...]  # case rules that look at what is left on a route
    routes: Mapping[str, Route]
    base: Base | None
    local: tuple[LocalRule, ...]
    readings: Mapping[str, Reading]
    reads: Mapping[Subject, frozenset[str]]  # raw, looked-up and derived facts that tests name
    counted: frozenset[str]  # item rules whose items are counted by `found`
    rules: Mapping[str, Rule]
    law_governs: bool  # some law asked for is in force
    unpublished: frozenset[str]  # parts of the policies that nobody has published
    weighed: tuple[Rule, ...]  # effects that are weighed against each other, item bars apart
    tested: Mapping[str, frozenset[str]]  # rule -> facts its condition names
    lifted: frozenset[str]  # rules, routes or `local` that some exception names
    timing: frozenset[str]  # readings that say how derived facts are computed
    windows: Mapping[str, frozenset[tuple[str, int]]]  # rule -> windows of years under it
    rests: Mapping[str, frozenset[tuple[Subject, str]]]  # rule -> raw facts under it
    local_rests: frozenset[tuple[Subject, str]]  # raw facts under the conditions of policies
    definers: Mapping[tuple[Subject, str], tuple[Rule, ...]]  # rules that define a fact
    gated: Mapping[str, tuple[Rule, ...]]  # reading -> rules that ask for one of its options
    founds: tuple[Found, ...]  # every count that a rule or a policy looks at
    tests: Mapping[Subject, tuple[Test, ...]]  # every test of a fact of the subject
    touching: Mapping[tuple[Subject, str], frozenset[str]]  # raw fact -> what it may change
    dependents: Mapping[
        tuple[Subject, str], tuple[Rule, ...]
    ]  # fact -> rules of its subject over it
    behind: frozenset[tuple[Subject, str]]  # raw facts that derived facts that are read come from

    @property
    def local_reading(self) -> Reading | None:
        return next((r for r in self.readings.values() if r.role == "local_authority"), None)


def present_options(program: Program, reading: Reading) -> list[str]:
    """Options that can differ: of whose policy it is, those that some policy speaks for."""
    if reading.role != "local_authority":
        return list(reading.options)
    present = {item.policy.authority for item in program.local}
    return [option for option in reading.options if option in present] or list(reading.options)


def policy_in_force(policy: CountyPolicy, day: date) -> bool | None:
    """Whether a policy is live on a day; None where the day falls inside a partial bound."""
    started: bool | None = True
    if policy.effective is not None:
        started = True if policy.effective.last <= day else None
        if day < policy.effective.first:
            return False
    if policy.ended is not None:
        if policy.ended.last < day:
            return False
        if policy.ended.first < day:
            return None  # it ended on some day of its last month or year
    return started


def unpublished_in(term: Term) -> list[str]:
    """Names of the parts of a term that nobody has published, in order."""
    named = [term.name] if term.name else []
    named += [leaf.name for leaf in leaves(term.when) if isinstance(leaf, Unpublished)]
    return list(dict.fromkeys(named))


def local_rules(
    county: County | None, agency: str | None, day: date, action: str
) -> tuple[LocalRule, ...]:
    """Policies of a county that bind the kind of agency and speak of the action on the day."""
    if county is None:
        return ()
    found = []
    for policy in county.policies:
        live = policy_in_force(policy, day)
        term = policy.actions.get(action)
        if live is not False and term is not None and (agency is None or agency in policy.binds):
            found.append(LocalRule(policy, county.county, term, live))
    return tuple(found)


class Live(NamedTuple):
    """What is in force for an action on a day, before it is sorted for the engines."""

    parts: tuple[Law, ...]
    rules: Mapping[str, Rule]
    routes: Mapping[str, Route]
    base: Base | None
    local: tuple[LocalRule, ...]


def build(
    library: Library,
    law: str,
    day: date,
    action: str,
    county: County | None = None,
    agency: str | None = None,
) -> Program:
    """Select every rule that can change the answer for an action on a day.

    Args:
        library: the loaded law.
        law: name of a law or composition.
        day: the day of the act.
        action: what is asked.
        county: the county whose policies count, if any.
        agency: kind of agency, for policies that bind some kinds only.
    """
    return assemble(library, law, action, live(library, law, day, action, county, agency))


def live(
    library: Library,
    law: str,
    day: date,
    action: str,
    county: County | None = None,
    agency: str | None = None,
) -> Live:
    """The rules that `build` selects."""
    parts = tuple(part for part in library.parts(law) if part.in_force(day))
    if not library.law(law).in_force(day):
        parts = ()
    local = tuple(
        _following(item, library.law(law).replace)
        for item in local_rules(county, agency, day, action)
    )
    pool = {
        rule.id: rule
        for part in (*library.definitions, *parts)
        for rule in part.rules
        if rule.in_force(day)
    }
    pool |= {rule.id: rule for rule in (county.rules if county else ())}
    routes = {route.name: route for part in parts for route in part.routes}
    base = next(
        (
            base
            for part in parts
            for base in part.base
            if action in base.actions and _base_in_force(base, day)
        ),
        None,
    )
    kept = reachable(pool, action, [item.term.when for item in local], base)
    return Live(parts, kept, routes, base, local)


def _following(item: LocalRule, new: Mapping[str, str]) -> LocalRule:
    """A policy that names what a proposal replaces, read as naming what takes its place."""
    if not new or item.term.when is None:
        return item
    when = followed(item.term.when, new)
    return replace(item, term=item.term.model_copy(update={"when": when}))


def _base_in_force(base: Base, day: date) -> bool:
    return (base.effective is None or base.effective <= day) and (
        base.ended is None or day <= base.ended
    )


def assemble(library: Library, law: str, action: str, found: Live) -> Program:
    """A program of the rules selected, with all that the engines ask of them."""
    parts, kept, routes, base, local = found
    conditions = [*(rule.when for rule in kept.values()), *(item.term.when for item in local)]
    founds = tuple(each for condition in conditions for each in found_in(condition))
    definitions: dict[Subject, tuple[Rule, ...]] = {}
    effects: dict[Subject, tuple[Rule, ...]] = {}
    reads: dict[Subject, frozenset[str]] = {}
    under_rules = rests(kept)
    tests: dict[Subject, tuple[Test, ...]] = {}
    subjects: tuple[Subject, ...] = (*ITEM_SUBJECTS, "case")
    for subject in subjects:
        mine = [rule for rule in kept.values() if subject in rule.subject]
        definitions[subject] = in_order([r for r in mine if r.defines])
        effects[subject] = tuple(r for r in mine if not r.defines and not tests_routes(r))
        conditions = [rule.when for rule in mine]
        if subject == "case":
            conditions += [item.term.when for item in local]
        tests[subject] = tuple(
            leaf for when in conditions for leaf in leaves(when) if isinstance(leaf, Test)
        )
        named = {test.fact for test in tests[subject]}
        reads[subject] = frozenset(
            name for name in named if library.vocabulary.facts[subject, name].origin != "defined"
        )
    used = {reading for rule in kept.values() for reading in rule.reading}
    timing = derivation_readings(library.vocabulary, reads)
    used |= timing
    known = library.readings_beside(law)
    readings = {key: value for key, value in known.items() if key in used}
    if len(local) > 1:  # whose policy it is, is asked under any law
        roles = {k: r for k, r in known.items() if r.role == "local_authority"}
        readings |= roles
    late = tuple(rule for rule in kept.values() if tests_routes(rule))
    weighed = tuple(rule for rule in kept.values() if is_weighed(rule, action))
    return Program(
        vocabulary=library.vocabulary,
        law=law,
        action=action,
        laws_in_force=tuple(part.name for part in parts),
        definitions=definitions,
        effects=effects,
        late=late,
        routes=routes,
        base=base,
        local=local,
        readings=readings,
        reads=reads,
        counted=frozenset(found.rule for found in founds if found.rule in kept),
        rules=kept,
        weighed=weighed,
        tested={rule.id: frozenset(facts_of(rule.when)) for rule in kept.values()},
        lifted=frozenset(name for rule in kept.values() for name in rule.notwithstanding),
        timing=frozenset(timing),
        rests=under_rules,
        local_rests=frozenset(
            fact for item in local for fact in under(item.term.when, ("case",), under_rules)
        ),
        windows=windows(library.vocabulary, kept),
        definers={
            (subject, name): tuple(r for r in rules if r.defines == name)
            for subject, rules in definitions.items()
            for name in {r.defines or "" for r in rules}
        },
        gated={
            name: tuple(rule for rule in kept.values() if name in rule.reading) for name in readings
        },
        founds=founds,
        tests=tests,
        # a bar about items closes grounds without being weighed itself
        touching=_touching([*weighed, *late, *(r for r in kept.values() if r.bars)], under_rules),
        dependents=_dependents(definitions, effects, under_rules),
        behind=behind(library.vocabulary, reads),
        law_governs=bool(parts),
        unpublished=frozenset(name for item in local for name in unpublished_in(item.term)),
    )


def is_weighed(rule: Rule, action: str) -> bool:
    """Whether a rule that is kept is an effect to be weighed against others."""
    return (
        not rule.defines
        and rule.scope != "item"
        and not tests_routes(rule)
        and rule.concerns(action)  # one kept only to be counted opens nothing here
    )


def _touching(
    rules: Iterable[Rule], rests_on: Mapping[str, frozenset[tuple[Subject, str]]]
) -> dict[tuple[Subject, str], frozenset[str]]:
    """For each fact, the rules it lies under."""
    found: dict[tuple[Subject, str], set[str]] = {}
    for rule in rules:
        for fact in rests_on[rule.id]:
            found.setdefault(fact, set()).add(rule.id)
    return {fact: frozenset(names) for fact, names in found.items()}


def _dependents(
    definitions: Mapping[Subject, Iterable[Rule]],
    effects: Mapping[Subject, Iterable[Rule]],
    rests_on: Mapping[str, frozenset[tuple[Subject, str]]],
) -> dict[tuple[Subject, str], tuple[Rule, ...]]:
    """For each fact, the rules of its own subject that it lies under, in order of evaluation."""
    found: dict[tuple[Subject, str], list[Rule]] = {}
    for subject in definitions:
        for rule in (*definitions[subject], *effects[subject]):
            for fact in rests_on[rule.id]:
                if fact[0] == subject:
                    found.setdefault(fact, []).append(rule)
    return {fact: tuple(rules) for fact, rules in found.items()}


class Programs:
    """Programs of a library, one for each span of days over which nothing they read changes."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._built: dict[tuple[str, int, str, str | None, str | None], Program] = {}
        self._bounds: dict[tuple[str, str | None], list[date]] = {}

    def get(
        self, law: str, day: date, action: str, county: County | None, agency: str | None
    ) -> Program:
        """The program for a day; a county given inline (not of the library) is never remembered."""
        if county is not None and not local_rules(county, agency, day, action):
            county = None  # nothing of it bears on the act, so its program is that of any other
        if county is None:
            agency = None  # only policies ask whom they bind
        if county is not None and self.library.find_county(county.county) is not county:
            return build(self.library, law, day, action, county, agency)
        name = county.county if county else None
        key = (law, bisect_right(self._span_starts(law, county), day), action, name, agency)
        if key not in self._built:
            if len(self._built) >= MAX_PROGRAMS:
                self._built.pop(next(iter(self._built)))
            self._built[key] = build(self.library, law, day, action, county, agency)
        return self._built[key]

    def _span_starts(self, law: str, county: County | None) -> list[date]:
        """Every day from which some rule or policy is, or is no longer, in force."""
        key = (law, county.county if county else None)
        if key not in self._bounds:
            self._bounds[key] = sorted(span_starts(self.library, law, county))
        return self._bounds[key]


def span_starts(library: Library, law: str, county: County | None = None) -> set[date]:
    """Days on which the live rules of a law, or the policies of a county, change."""
    laws = [library.law(law), *library.parts(law), *library.definitions]
    dated: list[Law | Rule | Base] = []
    for part in laws:
        dated += [part, *part.rules, *part.base]
    dated += county.rules if county else ()
    starts = {entry.effective for entry in dated if entry.effective}
    starts |= {day for entry in dated if entry.ended for day in days_after(entry.ended)}
    for policy in county.policies if county else ():
        if policy.effective:
            starts |= {policy.effective.first, policy.effective.last}
        if policy.ended:
            starts |= {*days_after(policy.ended.first, policy.ended.last)}
    return starts
