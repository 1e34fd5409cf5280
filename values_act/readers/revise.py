"""The reference evaluator after a change of facts: only what the changed facts lie under, anew."""

from __future__ import annotations

from collections.abc import Iterable

from models.law import Rule, Subject
from values_act.kleene import Context, all_of, any_of, holds
from values_act.program import Program
from values_act.readers.reference import (
    UNSETTLED,
    CaseView,
    Choices,
    ItemView,
    after_item_bars,
    gate,
)
from values_act.records import Facts, derived
from values_act.vocabulary import Value, Values


def revise_item(
    program: Program, facts: Facts, view: ItemView, readings: Choices, changes: Values
) -> ItemView:
    """The view of an item under other raw facts."""
    subject = view.record.subject
    after = ItemView(
        view.record, view.values | changes, dict(view.truths), dict(view.bare), view.effective
    )
    touched = set(changes)
    if any(program.vocabulary.facts[subject, name].type == "date" for name in changes):
        fresh = derived(program.vocabulary, view.record, facts, readings, after.values)
        touched |= {name for name, value in fresh.items() if value != after.values.get(name)}
        after.values |= fresh
    if _revise(program, subject, after, Context(), readings, touched):
        after.effective = after_item_bars(program, view.record, after.truths)
    return after


def revise_case(program: Program, view: CaseView, readings: Choices, changes: Values) -> CaseView:
    """The view of the case's own rules under other raw facts, for the same counts of items."""
    context = Context(view.context.found, {}, view.context.published)
    after = CaseView(view.values | changes, dict(view.truths), dict(view.bare), context)
    _revise(program, "case", after, context, readings, set(changes))
    return after


def _revise(
    program: Program,
    subject: Subject,
    view: ItemView | CaseView,
    context: Context,
    readings: Choices,
    touched: set[str],
) -> bool:
    """Evaluate the rules anew, in their order; whether the truth of any effect has changed."""
    values, truths = view.values, view.truths
    moved = False
    for rule in _under(program, subject, touched):
        if touched.isdisjoint(program.tested[rule.id]):
            continue
        view.bare[rule.id] = holds(rule.when, values, context)
        truth = all_of([view.bare[rule.id], gate(rule, readings)])
        moved = moved or (not rule.defines and truth != truths[rule.id])
        truths[rule.id] = truth
        if rule.defines:
            others = program.definers[subject, rule.defines]
            defined = any_of([truths[other.id] for other in others])
            value: Value = UNSETTLED if defined is None else defined
            if value != values[rule.defines]:
                values[rule.defines] = value
                touched.add(rule.defines)
    return moved


def _under(program: Program, subject: Subject, touched: set[str]) -> Iterable[Rule]:
    """Rules of a subject that some of the facts lie under, definitions first, each in its order."""
    found = [program.dependents[subject, n] for n in touched if (subject, n) in program.dependents]
    if len(found) < 2:
        return found[0] if found else ()
    names = {rule.id for rules in found for rule in rules}
    own = (*program.definitions[subject], *program.effects[subject])
    return [rule for rule in own if rule.id in names]
