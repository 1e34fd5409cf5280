"""Every combination of options of the readings that are taken, one by one, for a complete case.

It shares nothing with the program's own search: each combination is evaluated anew, with the
readings that the case leaves open at each of their options, and the changing ones are sifted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from math import prod

from models.law import Outcome
from tests.oracles.brute import options
from values_act.program import Program
from values_act.readers.reference import Choices, View, evaluate
from values_act.records import Facts

MAX_COMBINATIONS = 600
Changes = frozenset[tuple[str, str]]  # reading, and the option taken instead
Outcomes = frozenset[Outcome]


class TooManyOptionsError(Exception):
    """There are more combinations than brute force should try."""


class NotKnownError(Exception):
    """Some combination leaves several outcomes, so not all facts of the case are known."""


def combinations(
    program: Program, choices: Choices, names: list[str]
) -> Iterator[dict[str, str | None]]:
    """The choices with each combination of options of some readings."""
    lists = []
    for name in names:
        own = options(program, name, program.readings[name].role)
        taken = choices[name]
        lists.append(own if taken is None or taken in own else [taken, *own])
    if prod(map(len, lists)) > MAX_COMBINATIONS:
        raise TooManyOptionsError
    for combination in itertools.product(*lists):
        yield {**choices, **dict(zip(names, combination, strict=True))}


def asked_for(program: Program, view: View) -> set[str]:
    """Readings of the rules that hold but for their readings."""
    truths = [view.judgment.bare, *(item.bare for item in view.items)]
    holding = {name for bare in truths for name, truth in bare.items() if truth is not False}
    return {reading for name in holding for reading in program.rules[name].reading}


def every_view(program: Program, facts: Facts, choices: Choices) -> dict[Changes, list[View]]:
    """The views under each set of changes of readings that some rule ever asks for.

    A reading comes in once a rule that hangs on it holds under some combination of the others;
    those that never do cannot matter. Those of dates and of policies always come in.

    Raises:
        TooManyOptionsError: there are too many.
    """
    names = sorted(program.timing) if facts.items else []
    local = program.local_reading
    if local is not None and len(program.local) > 1:
        names.append(local.id)
    while True:
        found: dict[Changes, list[View]] = {}
        more: set[str] = set()
        for taken in combinations(program, choices, names):
            view = evaluate(program, facts, taken)
            more |= asked_for(program, view)
            changed = frozenset(
                (name, str(taken[name]))
                for name in names
                if choices[name] is not None and taken[name] != choices[name]
            )
            found.setdefault(changed, []).append(view)
        if more <= set(names):
            return found
        names += sorted(more - set(names))


def smallest_sets(
    program: Program, facts: Facts, choices: Choices
) -> tuple[Outcomes, dict[Changes, Outcomes]]:
    """The outcomes as chosen, and the outcomes under each smallest set of changes that alters them.

    Raises:
        TooManyOptionsError: there are too many combinations.
        NotKnownError: not all facts of the case are known.
    """
    views = every_view(program, facts, choices)
    if any(len(view.judgment.outcomes) > 1 for each in views.values() for view in each):
        raise NotKnownError
    outcomes = {
        changed: frozenset(outcome for view in each for outcome in view.judgment.outcomes)
        for changed, each in views.items()
    }
    as_chosen = outcomes[frozenset()]
    smallest: dict[Changes, Outcomes] = {}
    for changed in sorted(outcomes, key=len):
        if outcomes[changed] != as_chosen and not any(part < changed for part in smallest):
            smallest[changed] = outcomes[changed]
    return as_chosen, smallest
