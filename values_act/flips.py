"""What would change an outcome: sets of changes to the facts of a case, as an engine finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.law import Outcome, Rule, Subject
from values_act.records import Record
from values_act.vocabulary import Value

ITEM = ""  # in place of a fact: the item itself is added


@dataclass(frozen=True)
class Change:
    """One fact of one record, and what it may be instead.

    `record` is the case, an item, or a new item, numbered one more than the case has.
    `fact` is a raw fact of `rules/facts.yaml`, `offense`, or empty for a whole added item.
    `values` are words, yes or no, or spans of whole numbers or of days as ordinals; for `offense`
    they are citations. `was` is what it is now, for `offense` the section stated.
    """

    record: Record
    fact: str
    values: tuple[Value, ...]
    was: Value


@dataclass(frozen=True)
class Added:
    """An item that the case does not have, by the rule that it must meet.

    `example` gives the raw facts of one such item, `offense` perhaps among them.
    """

    subject: Subject
    rule: Rule
    example: Mapping[str, Value]


@dataclass(frozen=True)
class FlipSet:
    """Changes that together give another outcome: all are needed, any of their values works."""

    outcome: Outcome
    changes: tuple[Change, ...]
    added: tuple[Added, ...] = ()


@dataclass(frozen=True)
class Found:
    """Sets of changes, few changes first.

    `beyond`: outcomes to which there are more sets than these.
    """

    sets: tuple[FlipSet, ...]
    beyond: frozenset[Outcome] = frozenset()
