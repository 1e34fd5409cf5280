"""Which other readings would change the outcome: one alone, or several that do so only together.

Every combination of options is covered. A set of changes is listed if it changes the outcome and
no part of it does. Sets are tried smallest first, and none where the reference, with every reading
still to be tried left open, finds the same outcome: most cases cost one evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.law import Reading
from values_act.options import Bounds, Outcomes, mattering
from values_act.program import Program, present_options
from values_act.readers.reference import Choices, View, evaluate
from values_act.records import Facts

Change = tuple[Reading, str]  # a reading, and the option taken instead
Changes = tuple[Change, ...]


class UnsettledError(Exception):
    """What would come out under some other reading hangs on unknown facts."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Readings that, taken otherwise together, change the outcome, while no part of them does."""

    changes: Changes  # in the order of the program's readings
    outcomes: Outcomes


def contested_readings(
    program: Program,
    facts: Facts,
    choices: Choices,
    outcomes: Outcomes,
    *,
    view: View | None = None,
) -> list[Contest]:
    """Every smallest set of changes of readings that are taken under which other outcomes result.

    Args:
        program: the rules.
        facts: the facts of the case.
        choices: the option taken of each reading; one left open (None) stays open.
        outcomes: the exact outcomes under these choices.
        view: the case evaluated under the choices, if that was done.

    Raises:
        UnsettledError: the outcome under some of them hangs on facts that are not known.
    """
    view = view or evaluate(program, facts, choices)
    return _Search(Bounds(program, facts, choices, view), outcomes).smallest()


class _Search:
    def __init__(self, bounds: Bounds, outcomes: Outcomes) -> None:
        self.bounds, self.outcomes = bounds, outcomes

    def smallest(self) -> list[Contest]:
        """All smallest sets, by size: each set without effect is grown by changes after its own."""
        found: list[Contest] = []
        level: list[tuple[Changes, list[Change]]] = [((), self._changes())]
        while level:
            grown: list[tuple[Changes, list[Change]]] = []
            for changes, more in level:
                alike = self._grow(found, changes, more)
                grown += [((*changes, c), _after(alike, n)) for n, c in enumerate(alike)]
            level = [(changes, more) for changes, more in grown if more]
        return found

    def _changes(self) -> list[Change]:
        program, choices = self.bounds.program, self.bounds.choices
        return [
            (reading, option)
            for reading in program.readings.values()
            if (taken := choices.get(reading.id)) is not None
            for option in present_options(program, reading)
            if option != taken
        ]

    def _grow(self, found: list[Contest], changes: Changes, more: list[Change]) -> list[Change]:
        """Add one change to some: sets with effect are noted, changes without it come back."""
        left = self._telling(changes, _new(found, changes, more))
        alike: list[Change] = []
        for change in left:
            outcomes = self._under((*changes, change))
            if outcomes == self.outcomes:
                alike.append(change)
            else:
                found.append(Contest((*changes, change), outcomes))
        return self._telling(changes, alike) if 1 < len(alike) < len(left) else alike

    def _telling(self, changes: Changes, more: list[Change]) -> list[Change]:
        """Of further changes those that may have an effect; none if surely all have none."""
        if not more or (changes and len(more) == 1):
            return more  # trying the one is as quick
        taken = self._taken(changes)
        opened = {**taken, **{reading.id: None for reading, _ in more}}
        view = self.bounds.under(opened)
        if self.bounds.surely(opened, view) == self.outcomes:
            return []
        compared: dict[str, set[str]] = {r.id: {str(taken[r.id])} for r, _ in more}
        for reading, option in more:
            compared[reading.id].add(option)
        telling = set(mattering(self.bounds.program, view, compared))
        return [change for change in more if change[0].id in telling]

    def _taken(self, changes: Changes) -> dict[str, str | None]:
        return {**self.bounds.choices, **{reading.id: option for reading, option in changes}}

    def _under(self, changes: Changes) -> Outcomes:
        """The exact outcomes under some changes."""
        taken = self._taken(changes)
        view = self.bounds.under(taken)
        if view is self.bounds.view:
            return self.outcomes
        sure = self.bounds.surely(taken, view)
        if sure is None:
            raise UnsettledError
        return sure


def _after(changes: list[Change], index: int) -> list[Change]:
    """Changes after one, of other readings."""
    return [change for change in changes[index + 1 :] if change[0] is not changes[index][0]]


def _new(found: Iterable[Contest], changes: Changes, more: list[Change]) -> list[Change]:
    """The further changes that complete no set found before."""
    have = {(reading.id, option) for reading, option in changes}
    sets = [{(reading.id, option) for reading, option in each.changes} for each in found]
    done = {next(iter(rest)) for each in sets if len(rest := each - have) == 1}
    return [change for change in more if (change[0].id, change[1]) not in done]
