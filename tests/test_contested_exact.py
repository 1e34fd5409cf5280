"""Readings that would change what is possible, where facts are unknown, against brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from random import Random

from models.terms import Outcome
from tests.generate import Maker
from tests.oracles.brute import TooLargeError, brute
from tests.scenes import Raw, acts, as_case, library, scene
from tests.test_exact_brute import cases
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.decide import Decider
from values_act.program import present_options

WANTED = 60
MOST = 24  # fillings of one case
VARIED = 4  # readings taken otherwise, at most
COMBINATIONS = 48

Outcomes = frozenset[Outcome]
Change = tuple[str, str]
Changes = frozenset[Change]


def varied(rng: Random, answer: Answer) -> list[str]:
    """Readings that are taken: those named as telling first, then others that rules ask for."""
    named = [reading.id for each in answer.settled.contested for reading, _ in each.changes]
    asked = sorted(name for name in answer.program.readings if answer.program.gated[name])
    rng.shuffle(asked)
    taken = [name for name in dict.fromkeys([*named, *asked]) if answer.choices[name] is not None]
    return taken[:VARIED]


def by_brute_force(answer: Answer, names: list[str]) -> dict[Changes, Outcomes]:
    """The outcomes under every combination of options of some readings."""
    program, choices = answer.program, answer.choices
    lists = [present_options(program, program.readings[name]) for name in names]
    found = {}
    for options in product(*lists):
        other = dict(zip(names, options, strict=True))
        changes = frozenset((n, str(o)) for n, o in other.items() if o != choices[n])
        found[changes] = brute(program, answer.facts, {**choices, **other}, MOST).outcomes
    return found


def smallest(tried: dict[Changes, Outcomes]) -> dict[Changes, Outcomes]:
    """Changes under which another set of outcomes is possible, while no part of them does that."""
    found: dict[Changes, Outcomes] = {}
    for changes in sorted(tried, key=len):
        other = tried[changes] != tried[frozenset()]
        if other and not any(part < changes for part in found):
            found[changes] = tried[changes]
    return found


def told(answer: Answer, names: list[str]) -> Iterator[tuple[Changes, Outcomes]]:
    for each in answer.settled.contested:
        changes = frozenset((reading.id, option) for reading, option in each.changes)
        readings = {name for name, _ in changes}
        if readings <= set(names):
            yield changes, each.outcomes


def open_cases() -> Iterator[tuple[Raw, Answer]]:
    for raw, answer in cases(Decider(library(), use_engine=False), 1000):
        if answer.facts.open_lists or not any(raw[name] for name in LISTS.values()):
            continue
        yield raw, answer


def test_sets_of_readings_that_change_what_is_possible_are_the_smallest_there_are(
    say: Callable[[str], None],
) -> None:
    rng = Random(11)
    seen: Counter[str] = Counter()
    for raw, answer in open_cases():
        names = varied(rng, answer)
        sizes = [len(present_options(answer.program, answer.program.readings[n])) for n in names]
        while sizes and prod(sizes) > COMBINATIONS:
            sizes.pop()
            names.pop()
        try:
            base = brute(answer.program, answer.facts, answer.choices, MOST)
            if base.fillings < 2:
                continue
            tried = by_brute_force(answer, names)
        except TooLargeError:
            continue
        wanted = smallest(tried)
        assert dict(told(answer, names)) == wanted, raw
        seen["all"] += 1
        seen["contested"] += bool(wanted)
        seen["undetermined"] += len(base.outcomes) > 1
        seen["undetermined and contested"] += len(base.outcomes) > 1 and bool(wanted)
        seen["together"] += any(len(changes) > 1 for changes in wanted)
        if seen["all"] == WANTED:
            break
    say(f"readings taken otherwise: {dict(seen)}")
    assert seen["all"] == WANTED
    assert seen["contested"] >= 5
    assert seen["undetermined"] >= 5


def test_whatever_is_unknown_every_option_that_alone_changes_what_is_possible_is_told() -> None:
    """Each option of each reading that is taken, decided by itself."""
    judge = Decider(library(), use_engine=False)
    told = tried = 0
    for seed in range(300):
        rng = Random(seed)
        raw = Maker(rng, scene(rng, "state", rng.choice(acts("state")))).case(most=1, gaps=(2, 3))
        raw |= {name: [] for name in LISTS.values() if raw[name] == "unknown"}
        found = judge.answer(as_case(raw))
        if len(found.view.judgment.outcomes) == 1:
            continue
        said = {
            (reading.id, option)
            for each in found.settled.contested
            if len(each.changes) == 1
            for reading, option in each.changes
        }
        for name, one in found.program.readings.items():
            taken = found.choices[name]
            for option in one.options if taken is not None and one.role == "rules" else ():
                other = {**raw, "readings": {**raw["readings"], name: option}}
                decided = judge.answer(as_case(other)).settled
                differs = decided.outcomes != found.settled.outcomes
                assert ((name, option) in said) is differs, (raw, name, option)
                told += differs
                tried += 1
        if tried > 250:
            break
    assert told >= 5
