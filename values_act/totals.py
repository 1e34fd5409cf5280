"""What filled items come to together: leaves of one item, and totals over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.law import Outcome
from values_act.readers.reference import Holdings
from values_act.vocabulary import Values

APART = "apart"
TOGETHER = "together"
FURTHER = f"{APART} 0"  # of items that a list left open may still hold

Assignment = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ItemLeaf:
    """One way to fill an item: the facts supposed, and the rules it then satisfies."""

    assigned: Assignment
    satisfied: frozenset[str]
    event: str | None
    forced: Values  # facts not supposed themselves that the supposed ones leave less open


@dataclass(frozen=True, slots=True)
class CaseLeaf:
    assigned: Assignment
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Total:
    """What filled items come to together: rules held by some item, and counts where counted."""

    counts: frozenset[tuple[str, int]]
    events: frozenset[tuple[str, str | None, int]]

    def add(self, leaf: ItemLeaf, counted: frozenset[str], cap: int) -> Total:
        counts = dict(self.counts)
        events = {(rule, event): number for rule, event, number in self.events}
        for rule in leaf.satisfied:
            top = cap if rule in counted else 1
            counts[rule] = min(top, counts.get(rule, 0) + 1)
            if rule in counted:
                # a list left open may hold items of ever further events
                again = events.get((rule, leaf.event), 0) if leaf.event == FURTHER else 0
                events[rule, leaf.event] = min(cap, again + 1)
        return Total(
            frozenset(counts.items()),
            frozenset((rule, event, number) for (rule, event), number in events.items()),
        )

    def holdings(self) -> Holdings:
        total = Holdings()
        for rule, number in self.counts:
            total.held[rule] = True
            total.found[rule, False] = (number, number)
        separate: dict[str, int] = {}
        shared: set[str] = set()
        for rule, event, number in self.events:
            if event == TOGETHER:
                shared.add(rule)
            else:
                separate[rule] = separate.get(rule, 0) + number
        for rule in separate.keys() | shared:
            number = separate.get(rule) or 1
            total.found[rule, True] = (number, number)
        return total


EMPTY = Total(frozenset(), frozenset())
