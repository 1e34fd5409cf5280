"""The reference evaluator after a change of readings: only what hangs on those changed, anew."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from values_act.kleene import all_of, any_of, holds
from values_act.program import Program
from values_act.readers.reference import (
    UNSETTLED,
    Choices,
    ItemView,
    View,
    after_item_bars,
    gate,
    holdings,
    judge,
    view_case,
)
from values_act.records import Facts, derived
from values_act.vocabulary import Value


def reread(program: Program, facts: Facts, view: View, before: Choices, after: Choices) -> View:
    """The view of a case under other readings, equal to `evaluate` under them.

    It is the view given, itself, where nothing that may hold hangs on a reading that changes.

    Args:
        program: the program the view was made under.
        facts: the facts of the case.
        view: the view under the readings before; it is left as it is.
        before: the readings it was made under.
        after: the readings asked for; None where one is left open.
    """
    changed = {name for name in program.readings if before.get(name) != after.get(name)}
    items = [_reread_item(program, facts, item, after, changed) for item in view.items]
    weighs = _weighs(program, view, changed)
    if not weighs and all(a is b for a, b in zip(items, view.items, strict=True)):
        return view
    held = view.held
    if any(a.effective is not b.effective for a, b in zip(items, view.items, strict=True)):
        held = holdings(program, items)
    if held == view.held and not weighs:
        return replace(view, items=items)
    own = view_case(program, facts.case, held, after)
    return View(items, held, own, judge(program, facts.case, held, after, own=own))


def _weighs(program: Program, view: View, changed: Set[str]) -> bool:
    """Whether a changed reading is asked for by a rule about the case, or says whose policy it is.

    A rule that does not hold but for the reading does not hold under any option of it.
    """
    local = program.local_reading
    if local is not None and local.id in changed and view.judgment.local:
        return True
    return any(
        rule.about_case and view.judgment.bare.get(rule.id, False) is not False
        for name in changed
        for rule in program.gated[name]
    )


def _reread_item(
    program: Program, facts: Facts, view: ItemView, readings: Choices, changed: Set[str]
) -> ItemView:
    record, subject = view.record, view.record.subject
    fresh: dict[str, Value] = {}
    if not changed.isdisjoint(program.timing):
        counted = derived(program.vocabulary, record, facts, readings)
        fresh = {name: value for name, value in counted.items() if value != view.values[name]}
    gated = {
        rule.id
        for name in changed
        for rule in program.gated[name]
        if view.bare.get(rule.id, False) is not False
    }
    if not fresh and not gated:
        return view
    after = ItemView(
        record, view.values | fresh, dict(view.truths), dict(view.bare), view.effective
    )
    touched, moved = set(fresh), False
    for rule in (*program.definitions[subject], *program.effects[subject]):
        if not touched.isdisjoint(program.tested[rule.id]):
            after.bare[rule.id] = holds(rule.when, after.values)
        elif rule.id not in gated:
            continue
        truth = all_of([after.bare[rule.id], gate(rule, readings)])
        if truth == after.truths[rule.id]:
            continue
        after.truths[rule.id] = truth
        if not rule.defines:
            moved = True
            continue
        others = program.definers[subject, rule.defines]
        found = any_of([after.truths[other.id] for other in others])
        value: Value = UNSETTLED if found is None else found
        if value != after.values[rule.defines]:
            after.values[rule.defines] = value
            touched.add(rule.defines)
    if moved:
        left = after_item_bars(program, record, after.truths)
        after.effective = left if left != view.effective else view.effective
    return after
