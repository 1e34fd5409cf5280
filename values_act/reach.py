"""What hangs on what among rules: which are reached, in what order, and on which facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from models.law import Base, Condition, Rule, Subject, Test
from values_act.conditions import facts_of, found_in, leaves
from values_act.vocabulary import Vocabulary

T = TypeVar("T")


def reachable(
    pool: Mapping[str, Rule], action: str, conditions: Iterable[Condition | None], base: Base | None
) -> dict[str, Rule]:
    """Rules whose effect bears on the action, and all that they name, transitively."""
    permits = [r for r in pool.values() if r.permits and action in r.permits]
    open_routes = {rule.route for rule in permits} | ({base.route} if base else set())
    start = [
        rule
        for rule in pool.values()
        if rule.concerns(action)
        and (
            rule.permits
            or rule.requires
            or rule.excludes
            or rule.duty
            or (rule.bars and open_routes & set(rule.bars))
        )
    ]
    return reached(pool, start, conditions)


def reached(
    pool: Mapping[str, Rule], start: Iterable[Rule], conditions: Iterable[Condition | None]
) -> dict[str, Rule]:
    """Some rules and all that they name, or that conditions about the case name, transitively."""
    by_fact: dict[tuple[Subject, str], list[Rule]] = {}
    for rule in pool.values():
        for subject in rule.subject if rule.defines else ():
            by_fact.setdefault((subject, rule.defines or ""), []).append(rule)
    kept: dict[str, Rule] = {}
    todo: list[tuple[tuple[Subject, ...], Condition | None]] = [
        (("case",), condition) for condition in conditions
    ]
    queue = list(start)
    while queue or todo:
        while queue:
            rule = queue.pop()
            if rule.id not in kept:
                kept[rule.id] = rule
                todo.append((rule.subject, rule.when))
        while todo:
            subjects, condition = todo.pop()
            queue.extend(pool[f.rule] for f in found_in(condition) if f.rule in pool)
            for fact in facts_of(condition):
                for subject in subjects:
                    queue.extend(by_fact.get((subject, fact), ()))
    return {rule_id: kept[rule_id] for rule_id in pool if rule_id in kept}


def derivation_readings(
    vocabulary: Vocabulary, reads: Mapping[Subject, frozenset[str]]
) -> set[str]:
    used: set[str] = set()
    for subject, names in reads.items():
        for name in names:
            derive = vocabulary.facts[subject, name].derive
            if derive is not None:
                used |= {derive.years_from.reading, derive.years_to.reading, derive.anniversary}
    return used


def behind(
    vocabulary: Vocabulary, reads: Mapping[Subject, frozenset[str]]
) -> frozenset[tuple[Subject, str]]:
    """Raw facts that the derived facts which are read are computed from."""
    found: set[tuple[Subject, str]] = set()
    for subject, names in reads.items():
        for name in names:
            derive = vocabulary.facts[subject, name].derive
            if derive is not None:
                starts = {derive.years_from.otherwise, *derive.years_from.options.values()}
                found |= {(subject, start) for start in starts}
                found |= {("case", end) for end in derive.years_to.options.values()}
    return frozenset(found)


def under(
    condition: Condition | None,
    subjects: Iterable[Subject],
    rests: Mapping[str, Iterable[tuple[Subject, str]]],
) -> set[tuple[Subject, str]]:
    """Facts a condition names, and those under the rules whose items it counts."""
    found = {(subject, fact) for subject in subjects for fact in facts_of(condition)}
    for counted in found_in(condition):
        found |= set(rests.get(counted.rule, ()))
    return found


def rests(rules: Mapping[str, Rule]) -> dict[str, frozenset[tuple[Subject, str]]]:
    """For each rule, every fact under it, through definitions and counted items."""
    own = {key: under(rule.when, rule.subject, {}) for key, rule in rules.items()}
    upon = _definitions(rules)
    for key, rule in rules.items():
        upon[key] |= {found.rule for found in found_in(rule.when) if found.rule in rules}
    return _with_all(own, upon)


def windows(
    vocabulary: Vocabulary, rules: Mapping[str, Rule]
) -> dict[str, frozenset[tuple[str, int]]]:
    """For each rule about items, the (derived fact, years) limits it or its definitions test."""
    own = {
        rule.id: {
            (leaf.fact, leaf.expect.at_most)
            for leaf in leaves(rule.when)
            if isinstance(leaf, Test)
            and leaf.expect.at_most is not None
            and vocabulary.facts[rule.subject[0], leaf.fact].derive is not None
        }
        for rule in rules.values()
    }
    return _with_all(own, _definitions(rules))


def _definitions(rules: Mapping[str, Rule]) -> dict[str, set[str]]:
    """For each rule, those that define a fact that it tests, of a subject of its own."""
    definers: dict[tuple[Subject, str], set[str]] = {}
    for rule in rules.values():
        for subject in rule.subject if rule.defines else ():
            definers.setdefault((subject, rule.defines or ""), set()).add(rule.id)
    return {
        key: {
            definer
            for fact in facts_of(rule.when)
            for subject in rule.subject
            for definer in definers.get((subject, fact), ())
        }
        for key, rule in rules.items()
    }


def _with_all(
    own: Mapping[str, set[T]], upon: Mapping[str, Iterable[str]]
) -> dict[str, frozenset[T]]:
    """What each rule has of its own, and all that those have which it hangs upon."""
    changed = True
    while changed:
        changed = False
        for key, found in own.items():
            before = len(found)
            found.update(*(own[other] for other in upon[key]))
            changed = changed or len(found) > before
    return {key: frozenset(found) for key, found in own.items()}


def in_order(rules: list[Rule]) -> tuple[Rule, ...]:
    """Definitions so that each comes after those it tests; that there is no cycle was checked."""
    by_fact: dict[str, list[Rule]] = {}
    for rule in rules:
        by_fact.setdefault(rule.defines or "", []).append(rule)
    placed: dict[str, Rule] = {}

    def place(fact: str, trail: frozenset[str]) -> None:
        for rule in by_fact.get(fact, ()):
            if rule.id not in placed:
                for used in facts_of(rule.when):
                    if used in by_fact and used not in trail:
                        place(used, trail | {used})
                placed[rule.id] = rule

    for fact in by_fact:
        place(fact, frozenset({fact}))
    return tuple(placed.values())
