"""The view of a case after a change of the law: what the change does not touch is taken over."""

from __future__ import annotations

from models.law import Rule
from values_act.program import Program
from values_act.readers.reference import (
    Choices,
    ItemView,
    View,
    holdings,
    judge,
    view_case,
    view_item,
)
from values_act.records import Facts


def reviewed(
    view: View,
    program: Program,
    before: Facts,
    after: Facts,
    choices: Choices,
    rule: Rule | None,
    *,
    weighs: bool,
) -> View:
    """The view of a case under a changed program, equal to `evaluate` under it.

    Its judgment is that of the view given, itself, where nothing that is judged has changed.

    Args:
        view: the view under the program before the change, and the same readings.
        program: the program after it, which has the rules of that one but for the one changed.
        before: the facts that the view was made of.
        after: the facts now; a record that did not change is the same object.
        choices: the option taken of each reading.
        rule: the rule that changed, if one did.
        weighs: whether rules, policies or the base rule are weighed otherwise.
    """
    if before.case is not after.case and any(s == "case" for s, _ in program.behind):
        rebuilt = [view_item(program, after, record, choices) for record in after.items]
    else:
        rebuilt = [
            _item(program, item, before, after, number, choices, rule)
            for number, item in enumerate(view.items)
        ]
    moved = any(not _alike(program, old, new) for old, new in zip(view.items, rebuilt, strict=True))
    held = holdings(program, rebuilt) if moved or weighs else view.held
    about_case = rule is not None and rule.about_case
    if about_case or before.case is not after.case or moved or weighs:
        own = view_case(program, after.case, held, choices)
    else:
        return View(rebuilt, held, view.case, view.judgment)
    return View(rebuilt, held, own, judge(program, after.case, held, choices, own=own))


def _item(
    program: Program,
    item: ItemView,
    before: Facts,
    after: Facts,
    number: int,
    choices: Choices,
    rule: Rule | None,
) -> ItemView:
    record = after.items[number]
    if record is before.items[number] and (rule is None or record.subject not in rule.subject):
        return item
    return view_item(program, after, record, choices)


def _alike(program: Program, old: ItemView, new: ItemView) -> bool:
    """Whether two views of an item come to the same for the case, and say the same of its bars."""
    if old is new:
        return True
    if old.effective != new.effective:
        return False
    effects = program.effects[new.record.subject]
    return not any(rule.scope == "item" for rule in effects) or old.truths == new.truths
