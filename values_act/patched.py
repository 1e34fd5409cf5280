"""A program after one rule or policy of it changed, made of what it was: no law is read anew.

What lies under other rules is kept as it was, which is too much at most: a rule that is no longer
reached has no effect, and a fact that is no longer read changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from models.law import Condition, Rule, Source, Subject, Test
from models.policy import County
from values_act.conditions import found_in, leaves, tests_routes
from values_act.library import Library
from values_act.program import (
    Live,
    LocalRule,
    Program,
    assemble,
    is_weighed,
    live,
    unpublished_in,
)
from values_act.reach import reachable

K = TypeVar("K")
Rules = tuple[Rule, ...]


def with_rule(program: Program, old: Rule, new: Rule | None) -> Program | None:
    """The program with one of its rules changed or taken out; None if it has to be built anew.

    It has to be where the rule moves to another stage. That no other rule comes into reach by a
    new route of it is for the caller to know (`reached_by`).
    """
    if new is not None:
        if tests_routes(old) != tests_routes(new) or new.subject != old.subject:
            return None
        counted = old.id in program.counted
        if not (new.concerns(program.action) or new.defines or counted):
            new = None
    if new is None:
        rules = {key: rule for key, rule in program.rules.items() if key != old.id}
    else:
        rules = {**program.rules, old.id: new}
    return replace(
        program,
        rules=rules,
        definitions=_swapped(program.definitions, old, new),
        effects=_swapped(program.effects, old, new),
        late=_with(program.late, old, new),
        definers=_swapped(program.definers, old, new),
        gated=_gated(program, old, new),
        dependents=_swapped(program.dependents, old, new),
        weighed=_weighed(program, old, new),
        lifted=frozenset(name for rule in rules.values() for name in rule.notwithstanding),
        **_tests(program, [(new.subject, new.when)] if new else []),
    )


def with_bars(
    library: Library, program: Program, law: str, day: date, county: County | None
) -> Program:
    """The program with every rule that bars a route; a route with no ground on it is open to none.

    Args:
        library: the law that the program is of.
        program: a program of it.
        law: the law asked for.
        day: a day of its span.
        county: the county whose policies are in it, if any.
    """
    found = live(library, law, day, program.action, county)
    pool = {
        rule.id: rule
        for part in (*library.definitions, *found.parts)
        for rule in part.rules
        if rule.in_force(day)
    }
    pool |= {rule.id: rule for rule in (county.rules if county else ())}
    grounds = {f"ground on {name}": _ground(name, program.action) for name in program.routes}
    terms = [item.term.when for item in program.local]
    kept = reachable({**pool, **grounds}, program.action, terms, program.base)
    rules = {key: rule for key, rule in kept.items() if key not in grounds}
    whole = Live(found.parts, rules, program.routes, program.base, program.local)
    return assemble(library, law, program.action, whole)


def _ground(route: str, action: str) -> Rule:
    """A ground on a route that always holds, so that the bars of the route are in reach."""
    return Rule.model_construct(
        id=f"ground on {route}", cite="", title="", text="", source=Source(title="none"),
        subject=("case",), permits=(action,), route=route,
    )  # fmt: skip


def with_local(program: Program, local: tuple[LocalRule, ...]) -> Program | None:
    """The program with other policies; None if it has to be built anew.

    It has to be where a policy is new to it, or whose policy it is can no longer be asked.
    """
    if not {item.policy.id for item in local} <= {item.policy.id for item in program.local}:
        return None
    if (len(local) > 1) != (len(program.local) > 1):
        return None
    return replace(
        program,
        local=local,
        unpublished=frozenset(name for item in local for name in unpublished_in(item.term)),
        **_tests(program, [(("case",), item.term.when) for item in local]),
    )


def reached_by(program: Program, route: str | None, pool: Iterable[Rule]) -> bool:
    """Whether some rule that is not in the program bars a route, and so comes into reach by it."""
    return any(
        route in rule.bars and rule.id not in program.rules and rule.concerns(program.action)
        for rule in pool
    )


def _with(rules: Rules, old: Rule, new: Rule | None) -> Rules:
    found = (new if rule is old else rule for rule in rules)
    return tuple(rule for rule in found if rule is not None)


def _swapped(groups: Mapping[K, Rules], old: Rule, new: Rule | None) -> dict[K, Rules]:
    return {
        key: _with(rules, old, new) if any(rule is old for rule in rules) else rules
        for key, rules in groups.items()
    }


def _weighed(program: Program, old: Rule, new: Rule | None) -> Rules:
    if new is not None and not is_weighed(new, program.action):
        new = None
    if new is None or any(rule is old for rule in program.weighed):
        return _with(program.weighed, old, new)
    return (*program.weighed, new)


def _gated(program: Program, old: Rule, new: Rule | None) -> Mapping[str, Rules]:
    if new is not None and new.reading == old.reading:
        return _swapped(program.gated, old, new)
    return {
        name: tuple(
            rule
            for rule in (new if own is old else own for own in rules)
            if rule is not None and name in rule.reading
        )
        for name, rules in program.gated.items()
    }


def _tests(
    program: Program, changed: Iterable[tuple[tuple[Subject, ...], Condition | None]]
) -> dict[str, Any]:
    """Every count and test, from which unknowns are cut up: those there were, and the new ones."""
    founds, tests = list(program.founds), dict(program.tests)
    for subjects, condition in changed:
        founds += found_in(condition)
        named = tuple(leaf for leaf in leaves(condition) if isinstance(leaf, Test))
        for subject in subjects:
            tests[subject] = (*tests[subject], *named)
    return {"founds": tuple(founds), "tests": tests}
