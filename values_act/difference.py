"""Everything that two sides answer differently: files, scenarios, every kind of case, offenses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from models.difference import Difference
from values_act.diff import Differ
from values_act.diff_edits import edits_of, unproved, view
from values_act.diff_offenses import offense_changes
from values_act.diff_scenarios import changed_scenarios
from values_act.places import Scope
from values_act.scenarios import Placed
from values_act.versions import Side

T = TypeVar("T")


class Progress(Protocol):
    """Hands out tasks one by one, and may show how far it has come."""

    def __call__(self, tasks: Sequence[T], doing: str, /) -> Iterable[T]: ...


def quietly(tasks: Sequence[T], _doing: str, /) -> Iterable[T]:
    return tasks


def difference(
    a: Side, b: Side, scope: Scope, placed: Sequence[Placed] = (), progress: Progress = quietly
) -> Difference:
    """Compare two sides.

    Args:
        a: the side that is there.
        b: the one that may take its place.
        scope: the acts, the county and the day that are looked at.
        placed: scenarios to be asked of both.
        progress: told of each task.

    Raises:
        InputError: there is no such county, or facts of the two cannot be compared.
        EngineError: a witness was found to be none; nothing is told then.
    """
    written = edits_of(a, b)
    beside = unproved(written)
    found = Differ(a, b).compare(scope, lambda tasks, doing: progress(list(tasks), doing))
    asked = [one for one in placed if _in_scope(one, scope)]
    changed, compared = changed_scenarios(
        a, b, asked, lambda tasks, doing: progress(list(tasks), doing)
    )
    offenses = offense_changes(a, b, scope, lambda tasks, doing: progress(list(tasks), doing))
    told = any(offense.kinds for offense in offenses)
    return found.model_copy(
        update={
            "edits": tuple(map(view, written)),
            "unproved": tuple(edit.words for edit in beside),
            "offenses": tuple(offenses),
            "scenarios": tuple(changed),
            "scenarios_compared": compared,
            "equivalent": found.equivalent and not (changed or told or beside),
        }
    )


def _in_scope(placed: Placed, scope: Scope) -> bool:
    case = placed.scenario.case
    return case.action in scope.actions and scope.county in (None, case.agency.county)
