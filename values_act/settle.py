"""The exact outcomes of a case: over unknown facts, and over readings that are left open.

The reference's own bound is enough where it leaves one outcome. Else the decision diagram of the
case answers; it is loaded only then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.law import Outcome
from values_act.contested import Contest, UnsettledError, contested_readings
from values_act.lacking import Lack
from values_act.options import Bounds, Outcomes, mattering
from values_act.program import Program
from values_act.readers.reference import Choices, View
from values_act.records import Facts

if TYPE_CHECKING:
    from values_act.exact import Exact
    from values_act.readers.mdd import Mdd


@dataclass(slots=True)
class Settled:
    """What the outcome can be, and what it hangs on."""

    outcomes: frozenset[Outcome]
    missing: list[Lack] = field(default_factory=list)
    contested: list[Contest] = field(default_factory=list)


def settle(
    program: Program, facts: Facts, choices: Choices, view: View, *, contested: bool = True
) -> Settled:
    """Settle a case that was evaluated as it stands.

    A reading left open is a filling like any other; readings that are taken are varied, to tell
    which other options would give another outcome, alone or together, unless it is not asked.
    """
    settled = Settled(view.judgment.outcomes)
    exact: Exact | None = None
    if len(settled.outcomes) > 1:
        exact = _exact(program, facts, choices)
        settled.outcomes = exact.outcomes()
        if len(settled.outcomes) > 1:
            settled.missing = exact.missing()
            settled.contested = [
                Contest(((reading, option),), found)
                for reading, option, found in exact.open_readings()
            ]
    if contested:
        settled.contested += _otherwise(program, facts, choices, view, settled.outcomes, exact)
    return settled


def _otherwise(
    program: Program,
    facts: Facts,
    choices: Choices,
    view: View,
    outcomes: Outcomes,
    exact: Exact | None,
) -> list[Contest]:
    """The smallest sets of other options of readings that change what can come out."""
    try:
        return contested_readings(program, facts, choices, outcomes, view=view)
    except UnsettledError:
        taken = {name: option for name, option in choices.items() if option is not None}
        opened = Bounds(program, facts, choices, view).under(dict.fromkeys(choices))
        compared = {name: set(program.readings[name].options) for name in taken}
        freed = set(mattering(program, opened, compared))
        more = _exact(program, facts, choices, freed, exact.mdd if exact else None)
        return [Contest(changes, found) for changes, found in more.changes(taken)]


def _exact(
    program: Program,
    facts: Facts,
    choices: Choices,
    freed: frozenset[str] | set[str] = frozenset(),
    store: Mdd | None = None,
) -> Exact:
    from values_act.exact import Exact  # most cases need none

    return Exact(program, facts, choices, freed, store)
