"""The exact outcomes of a case: over unknown facts, and over readings that are left open."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from models.law import Reading
from values_act.contested import Contest, contested_readings
from values_act.fillings import Budget, Fillings, TooManyError
from values_act.missing import Lack, missing_facts, possibly_missing
from values_act.options import Outcomes, gating, options_of
from values_act.program import Program
from values_act.readers.reference import Choices, View, evaluate
from values_act.records import Facts, Record


@dataclass(slots=True)
class Settled:
    """What the outcome can be, and what it hangs on."""

    outcomes: Outcomes
    missing: list[Lack] = field(default_factory=list)
    contested: list[Contest] = field(default_factory=list)
    exact: bool = True  # false: too many fillings were possible, so this is the sound bound


def settle(program: Program, facts: Facts, choices: Choices, view: View) -> Settled:
    """Settle a case that was evaluated as it stands.

    A reading left open is a filling like any other; readings that are taken are varied, to tell
    which other options would give another outcome, alone or together. Where unknown facts decide,
    they are varied one at a time.
    """
    settled = Settled(view.judgment.outcomes)
    budget = Budget()
    if len(settled.outcomes) > 1:
        try:
            _fill(program, facts, choices, view, settled, budget)
        except TooManyError:
            settled = Settled(view.judgment.outcomes, exact=False)
            settled.missing = possibly_missing(program, facts, view)
    known = settled.exact and not settled.missing
    settled.contested += contested_readings(
        program,
        facts,
        choices,
        settled.outcomes,
        lambda taken: _exact(program, facts, taken, budget),
        view=view,
        most=None if known else 1,
    )
    return settled


def open_readings(program: Program, choices: Choices, view: View) -> list[Reading]:
    """Readings left open that some rule, otherwise possibly satisfied, depends on."""
    return [
        reading
        for reading in program.readings.values()
        if choices.get(reading.id) is None
        and (
            gating(program, view, reading.id, set(reading.options))
            or (reading.role == "local_authority" and len(view.judgment.local) > 1)
            or reading.id in program.timing
        )
    ]


def _fill(
    program: Program,
    facts: Facts,
    choices: Choices,
    view: View,
    settled: Settled,
    budget: Budget,
) -> None:
    active = open_readings(program, choices, view)
    by_combination: dict[tuple[str, ...], Outcomes] = {}
    missing: dict[tuple[str, str], tuple[Record, str, dict[object, None]]] = {}
    for combination in product(*(options_of(program, reading) for reading in active)):
        taken = {**choices, **{r.id: o for r, o in zip(active, combination, strict=True)}}
        fillings = Fillings(program, facts, taken, budget)
        budget.spend()
        by_combination[combination] = _quick(program, facts, taken) or fillings.outcomes()
        if len(by_combination[combination]) > 1:
            for record, name, values in missing_facts(fillings):
                entry = missing.setdefault((record.name, name), (record, name, {}))
                entry[2].update(dict.fromkeys(values))
    settled.outcomes = frozenset().union(*by_combination.values())
    if len(settled.outcomes) == 1:
        return
    settled.missing = [(record, name, tuple(v)) for record, name, v in missing.values()]
    for index, reading in enumerate(active):
        by_option = {
            option: frozenset().union(
                *(found for key, found in by_combination.items() if key[index] == option)
            )
            for option in options_of(program, reading)
        }
        if _matters(by_combination, index):
            settled.contested += [Contest(((reading, o),), by_option[o]) for o in by_option]


def _matters(by_combination: dict[tuple[str, ...], Outcomes], index: int) -> bool:
    """Whether changing one reading alone changes what can come out."""
    seen: dict[tuple[str, ...], Outcomes] = {}
    for key, found in by_combination.items():
        rest = key[:index] + key[index + 1 :]
        if seen.setdefault(rest, found) != found:
            return True
    return False


def _quick(program: Program, facts: Facts, choices: Choices) -> Outcomes | None:
    found = evaluate(program, facts, choices).judgment.outcomes
    return found if len(found) == 1 else None


def _exact(program: Program, facts: Facts, choices: Choices, budget: Budget) -> Outcomes:
    """The outcomes under other choices.

    Raises:
        TooManyError: too many fillings would have to be tried.
    """
    view = evaluate(program, facts, choices)
    settled = Settled(view.judgment.outcomes)
    if len(settled.outcomes) > 1:
        if budget.left <= 0:
            raise TooManyError
        _fill(program, facts, choices, view, settled, budget)
    return settled.outcomes
