"""Whether a change of one condition can be seen in a case: a bound that errs towards yes.

Both conditions are asked in three values over all that the case leaves open, so what is sure here
is sure under every reading and every filling of what is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from models.law import AllOf, AnyOf, Condition, Not, Rule, Test
from values_act.conditions import facts_of, found_in
from values_act.kleene import Context, expected, holds
from values_act.program import Program
from values_act.readers.reference import MANY, UNSETTLED, Choices, View, gate
from values_act.vocabulary import Open, Value


def may_differ(
    one: Condition | None, other: Condition | None, values: Mapping[str, Value], context: Context
) -> bool:
    """Whether two conditions may have different truths in a case.

    They share, as the same objects, what they have in common.
    """
    if one is other:
        return False
    truths = holds(one, values, context), holds(other, values, context)
    if None not in truths:
        return truths[0] is not truths[1]
    for kind in (AllOf, AnyOf):
        if isinstance(one, kind) and isinstance(other, kind):
            return _groups_may_differ(one, other, values, context)
    if isinstance(one, Not) and isinstance(other, Not):
        return may_differ(one.part, other.part, values, context)
    if isinstance(one, Test) and isinstance(other, Test) and one.fact == other.fact:
        value = values.get(one.fact, False)
        if isinstance(value, Open):
            return any(
                expected(one.expect, choice) is not expected(other.expect, choice)
                for choice in value.choices
            )
    return True


def _groups_may_differ(
    one: AllOf | AnyOf, other: AllOf | AnyOf, values: Mapping[str, Value], context: Context
) -> bool:
    """The same for two lists of parts of one kind, most of which they share."""
    neutral = isinstance(one, AllOf)  # the truth of a part that leaves it to the others
    shared = {id(part) for part in one.parts} & {id(part) for part in other.parts}
    for part in one.parts:
        if id(part) in shared and holds(part, values, context) is (not neutral):
            return False  # it settles both
    left = [part for part in one.parts if id(part) not in shared]
    right = [part for part in other.parts if id(part) not in shared]
    if len(left) == len(right) == 1:
        return may_differ(left[0], right[0], values, context)
    if not left or not right:
        return any(holds(part, values, context) is not neutral for part in left or right)
    return True


def places_of(view: View, rule: Rule) -> Iterator[tuple[Mapping[str, Value], Context]]:
    """What a rule is asked about in a case: the facts of the case itself, or of each item."""
    if rule.about_case:
        yield view.judgment.values, view.judgment.context
        return
    for item in view.items:
        if item.record.subject in rule.subject:
            yield item.values, Context()


def rule_may_hold(program: Program, view: View, rule: Rule, choices: Choices) -> bool:
    """Whether a rule may hold for the case or for an item of it.

    The rule need not be one of the program: what it names and the program does not is open.
    """
    if gate(rule, choices) is False:
        return False
    strange = rule.id not in program.rules
    for values, context in places_of(view, rule):
        known, counts = values, context
        if strange:
            missing = {name: UNSETTLED for name in facts_of(rule.when) if name not in values}
            known = {**missing, **values}
            counts = _opened(program, rule, context)
        if holds(rule.when, known, counts) is not False:
            return True
    return False


def _opened(program: Program, rule: Rule, context: Context) -> Context:
    """A context in which items of rules that nobody counted may be any number."""
    more = {
        (found.rule, found.distinct is not None): (0, MANY)
        for found in found_in(rule.when)
        if found.rule not in program.counted
    }
    routes = {route.name: None for route in program.routes.values()}
    return replace(context, found={**context.found, **more}, routes={**routes, **context.routes})


def rule_may_differ(
    program: Program, view: View, old: Rule, new: Rule | None, choices: Choices
) -> bool:
    """Whether a rule of the program and what takes its place may differ in effect."""
    if new is None or effect_of(old) != effect_of(new):
        return rule_may_hold(program, view, old, choices) or (
            new is not None and rule_may_hold(program, view, new, choices)
        )
    before, after = gate(old, choices), gate(new, choices)
    if before is False and after is False:
        return False
    same = old.reading == new.reading or (before is not None and before is after)
    for values, context in places_of(view, old):
        if not same:
            truths = (holds(rule.when, values, context) for rule in (old, new))
            if any(truth is not False for truth in truths):
                return True
        elif may_differ(old.when, new.when, values, context):
            return True
    return False


def effect_of(rule: Rule) -> tuple[object, ...]:
    """All of a rule that says what follows where it holds."""
    return (
        rule.subject, rule.defines, rule.marks, rule.permits, rule.route, rule.bars, rule.scope,
        rule.actions, rule.requires, rule.excludes, rule.duty, rule.notwithstanding,
    )  # fmt: skip
