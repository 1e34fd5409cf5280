"""Links between the engine's stages: findings counted and carried into the next flat facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from values_act.program import Program
from values_act.records import Record
from values_act.vocabulary import Open, Span, Value, Values

Truth = bool | None
MANY = 1_000  # items that a list left open may hold, for counts


def either(old: Value, new: Truth) -> Value:
    if old is True or new is True:
        return True
    return Open((True, False)) if new is None or isinstance(old, Open) else False


def any_of(truths: Iterable[Truth]) -> Truth:
    """Link of several findings: one that surely holds is enough."""
    found = set(truths)
    return True if True in found else (None if None in found else False)


def value_of(truth: Truth) -> Value:
    return Open((True, False)) if truth is None else truth


def counts(
    program: Program, items: Sequence[Record], effective: Sequence[Mapping[str, Truth]]
) -> Values:
    """Least and greatest number of items, and of events, that each counted rule holds for."""
    values: Values = {}
    for rule_id in program.counted:
        low = high = unnamed = unnamed_sure = 0
        sure_events: set[str] = set()
        events: set[str] = set()
        for record, truths in zip(items, effective, strict=True):
            truth = truths.get(rule_id, False)
            if truth is False:
                continue
            size = MANY if record.phantom else 1
            low += truth is True
            high += size
            if record.event is None:
                unnamed += size
                unnamed_sure += truth is True
            else:
                events.add(record.event)
                if truth is True:
                    sure_events.add(record.event)
        least = len(sure_events) or min(1, unnamed_sure)
        values[f"n.{rule_id}.items"] = Span(low, high)
        values[f"n.{rule_id}.events"] = Span(least, len(events) + unnamed)
    return values
