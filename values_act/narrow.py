"""Combinations of facts that no case may have, applied to facts not fully known."""

from __future__ import annotations

from models.law import Condition, Subject, Test
from values_act.conditions import leaves
from values_act.kleene import holds, undecided
from values_act.vocabulary import Open, Values, Vocabulary


class ContradictionError(ValueError):
    """The facts stated together cannot all be true; the message names them."""


def narrow(vocabulary: Vocabulary, subject: Subject, values: Values) -> None:
    """Drop, in place, each value that a forbidden combination rules out given the other facts.

    Raises:
        ContradictionError: nothing is left for some fact.
    """
    nevers = vocabulary.never.get(subject, ())
    changed = True
    while changed:
        changed = False
        for never in nevers:
            state = holds(never.when, values)
            if state is True:
                raise ContradictionError(f"{_say(never.when, values)}: {never.because}")
            if state is None and _prune(never.when, values):
                changed = True


def _prune(when: Condition, values: Values) -> bool:
    changed = False
    for leaf in list(undecided(when, values)):
        if not isinstance(leaf, Test):
            continue
        value = values.get(leaf.fact)
        if not isinstance(value, Open):
            continue
        left = tuple(
            choice
            for choice in value.choices
            if holds(when, {**values, leaf.fact: choice}) is not True
        )
        if 0 < len(left) < len(value.choices):
            values[leaf.fact] = left[0] if len(left) == 1 else Open(left)
            changed = True
    return changed


def _say(when: Condition, values: Values) -> str:
    named = dict.fromkeys(leaf.fact for leaf in leaves(when) if isinstance(leaf, Test))
    shown = [f"{name} `{_plain(values[name])}`" for name in named if holds_known(values.get(name))]
    return " with ".join(shown)


def holds_known(value: object) -> bool:
    return value is not None and not isinstance(value, tuple)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
