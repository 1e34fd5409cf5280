"""The exact outcomes of a case: over unknown facts, and over readings that are left open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from models.law import Outcome, Reading
from values_act.fillings import Budget, Fillings, TooManyError
from values_act.missing import Lack, missing_facts, possibly_missing
from values_act.program import Program
from values_act.readers.reference import Choices, View, evaluate
from values_act.records import Facts, Record, derived

Outcomes = frozenset[Outcome]


@dataclass(slots=True)
class Settled:
    """What the outcome can be, and what it hangs on."""

    outcomes: Outcomes
    missing: list[Lack] = field(default_factory=list)
    contested: list[tuple[Reading, str, Outcomes]] = field(default_factory=list)
    exact: bool = True  # false: too many fillings were possible, so this is the sound bound


def settle(program: Program, facts: Facts, choices: Choices, view: View) -> Settled:
    """Settle a case that was evaluated as it stands.

    A reading left open is a filling like any other; a reading that is taken is varied one at a
    time, to tell what its other options would give.
    """
    settled = Settled(view.judgment.outcomes)
    budget = Budget()
    if len(settled.outcomes) > 1:
        try:
            _fill(program, facts, choices, view, settled, budget)
        except TooManyError:
            settled = Settled(view.judgment.outcomes, exact=False)
            settled.missing = possibly_missing(program, facts, view)
    for reading, option in _other_options(program, facts, choices, view):
        found = _exact(program, facts, {**choices, reading.id: option}, budget)
        if found != settled.outcomes:
            settled.contested.append((reading, option, found))
    return settled


def open_readings(program: Program, choices: Choices, view: View) -> list[Reading]:
    """Readings left open that some rule, otherwise possibly satisfied, depends on."""
    return [
        reading
        for reading in program.readings.values()
        if choices.get(reading.id) is None
        and (
            _gates(program, reading, set(reading.options), view)
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
    for combination in product(*(_options(program, reading) for reading in active)):
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
            for option in _options(program, reading)
        }
        if _matters(by_combination, index):
            settled.contested += [(reading, option, o) for option, o in by_option.items()]


def _matters(by_combination: dict[tuple[str, ...], Outcomes], index: int) -> bool:
    """Whether changing one reading alone changes what can come out."""
    seen: dict[tuple[str, ...], Outcomes] = {}
    for key, found in by_combination.items():
        rest = key[:index] + key[index + 1 :]
        if seen.setdefault(rest, found) != found:
            return True
    return False


def _options(program: Program, reading: Reading) -> list[str]:
    if reading.role != "local_authority":
        return list(reading.options)
    present = {item.policy.authority for item in program.local}
    return [option for option in reading.options if option in present] or list(reading.options)


def _quick(program: Program, facts: Facts, choices: Choices) -> Outcomes | None:
    found = evaluate(program, facts, choices).judgment.outcomes
    return found if len(found) == 1 else None


def _exact(program: Program, facts: Facts, choices: Choices, budget: Budget) -> Outcomes:
    """The outcomes under other choices; their sound bound where the budget is used up."""
    view = evaluate(program, facts, choices)
    settled = Settled(view.judgment.outcomes)
    if len(settled.outcomes) > 1 and budget.left > 0:
        try:
            _fill(program, facts, choices, view, settled, budget)
        except TooManyError:
            return view.judgment.outcomes
    return settled.outcomes


def _other_options(
    program: Program, facts: Facts, choices: Choices, view: View
) -> Iterator[tuple[Reading, str]]:
    for reading in program.readings.values():
        taken = choices.get(reading.id)
        if taken is None:
            continue
        for option in _options(program, reading):
            if option != taken and (
                _gates(program, reading, {taken, option}, view)
                or (reading.role == "local_authority" and len(view.judgment.local) > 1)
                or _derives_otherwise(program, facts, choices, reading, option)
            ):
                yield reading, option


def _gates(program: Program, reading: Reading, options: set[str], view: View) -> bool:
    """Whether a rule that asks for one of the options holds, or may, but for the reading."""
    for rule in program.gated[reading.id]:
        if options.isdisjoint(rule.reading[reading.id]):
            continue
        if rule.about_case:
            if view.judgment.bare.get(rule.id, False) is not False:
                return True
        elif any(item.bare.get(rule.id, False) is not False for item in view.items):
            return True
    return False


def _derives_otherwise(
    program: Program, facts: Facts, choices: Choices, reading: Reading, option: str
) -> bool:
    if reading.id not in program.timing:
        return False
    other = {**choices, reading.id: option}
    return any(
        derived(program.vocabulary, record, facts, choices)
        != derived(program.vocabulary, record, facts, other)
        for record in facts.items
    )
