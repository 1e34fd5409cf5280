"""Mutation testing of the law: every small change of the rules should be seen by some scenario.

A mutant is killed by a scenario that no longer comes to what it expects. One that no scenario
kills survives, unless a judge proves that it answers every case as before.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from typing import Literal

from models.case import InmateCase
from models.law import Base, Reading, Rule
from values_act.bench import EVERY, Bench, Standing
from values_act.conditions import found_in
from values_act.errors import LawError
from values_act.library import county_slug
from values_act.mutants import BOUNDS, Mutant
from values_act.trial import Trial

State = Literal["killed", "survived", "equivalent", "refused"]
CHUNK = 24  # mutants that a process takes at once, at most


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A proof that a mutant answers every case as the law does."""

    why: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A case that a mutant answers otherwise than the law."""

    case: InmateCase
    before: str  # the outcome under the law
    after: str  # the outcome under the mutant


Judge = Callable[[Mutant], Equivalent | Witness | None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    state: State
    by: str | None = None  # the scenario that killed it, or the check that refused it
    proof: Equivalent | Witness | None = None


# ---------------------------------------------------------------- one mutant


def may_see(found: Bench, trial: Trial) -> list[Standing]:
    """Scenarios whose law, county or facts a mutant is about, the most telling first."""
    mutant = trial.mutant
    owner = mutant.owner
    if mutant.county is not None:
        own = found.of("county", county_slug(mutant.county))
        if isinstance(mutant.original, Rule):
            own = [one for one in own if owner in one.program.rules]
    elif isinstance(mutant.original, Reading):
        own = found.of("reading", owner)
    elif isinstance(mutant.original, Rule) and not _may_come(found, mutant):
        own = found.of("rule", owner)
    elif mutant.law is not None and found.library.laws[mutant.law].kind != "definitions":
        laws = [name for name in found.library.laws if trial.variant.concerns(name)]
        own = [one for name in laws for one in found.of("law", name)]
    else:
        own = found.of(EVERY)
    return sorted(own, key=lambda one: owner not in (one.expect.rule, one.expect.barred_by))


def _may_come(found: Bench, mutant: Mutant) -> bool:
    """Whether a rule may come into a program that it is not in."""
    if mutant.kind == "route":
        return bool(found.doomed)
    return mutant.kind in BOUNDS or mutant.kind == "actions-dropped"


def _check(found: Bench, trial: Trial) -> None:
    """Refuse what the check of a whole law would, as far as it may refuse the change.

    Raises:
        LawError: the first fault.
    """
    mutant, variant = trial.mutant, trial.variant
    if mutant.law is not None and _moves_days(mutant):
        variant.check_days()
    if mutant.kind == "route":
        whole = _moves_with_route(found, mutant)
    elif mutant.kind == "removed":
        whole = mutant.law is None or mutant.owner in found.named or mutant.owner in found.sole
    else:
        whole = mutant.kind in BOUNDS and mutant.law is None
    if whole:
        variant.check()


def _moves_days(mutant: Mutant) -> bool:
    """Whether a change may leave a day without a base rule, or with two, or a rule without days."""
    if mutant.kind in BOUNDS:
        return True
    return isinstance(mutant.original, Base) and mutant.kind in ("removed", "actions-dropped")


def _moves_with_route(found: Bench, mutant: Mutant) -> bool:
    """Whether a proposal may lose a rule that others name, or keep one that names what goes."""
    old, new = mutant.original, mutant.changed
    if not isinstance(old, Rule) or not isinstance(new, Rule):
        return not found.doomed.isdisjoint(getattr(one, "route", None) for one in (old, new))
    lost = new.route in found.doomed and old.id in found.named
    names = bool(old.reading) or any(True for _ in found_in(old.when))
    return lost or (old.route in found.doomed and names)


def _killer(found: Bench, trial: Trial) -> Standing | None:
    """The first scenario that kills a mutant; each that is like another to its rule is one."""
    owner = trial.mutant.owner
    alike = isinstance(trial.mutant.original, Rule) and trial.mutant.kind not in BOUNDS
    touched: dict[tuple[object, ...], bool] = {}
    for one in may_see(found, trial):
        rule = one.program.rules.get(owner) if alike else None
        if rule is None:
            seen = trial.touches(one)
        else:
            key = found.signature(one, rule)
            if key not in touched:
                touched[key] = trial.touches(one)
            seen = touched[key]
        if seen and trial.kills(one):
            return one
    return None


def judged(found: Bench, mutant: Mutant, judge: Judge | None = None) -> Verdict:
    """What becomes of a mutant before the scenarios of a bench."""
    try:
        trial = Trial(found, mutant)
        _check(found, trial)
    except LawError as error:
        return Verdict(mutant, "refused", str(error))
    by = _killer(found, trial)
    if by is not None:
        return Verdict(mutant, "killed", by.placed.scenario.name)
    proof = judge(mutant) if judge is not None else None
    state: State = "equivalent" if isinstance(proof, Equivalent) else "survived"
    return Verdict(mutant, state, proof=proof)


# ---------------------------------------------------------------- all of them

_SHARED: list[
    tuple[Bench, Sequence[Mutant], Judge | None]
] = []  # what a forked process starts with


def mutate(
    found: Bench,
    mutants: Sequence[Mutant],
    *,
    processes: int = 1,
    judge: Judge | None = None,
    progress: Progress | None = None,
) -> list[Verdict]:
    """What becomes of each mutant, in the order given, however many processes work.

    Args:
        found: the scenarios under the law as it is.
        mutants: the changes to try.
        processes: how many to share the work among; one where the system cannot fork.
        judge: asked of each mutant that no scenario kills.
        progress: told how many mutants of how many are done.
    """
    chunks = _chunks(mutants)
    done: dict[int, list[Verdict]] = {}
    total = 0
    for index, verdicts in _worked(found, mutants, chunks, processes, judge):
        done[index] = verdicts
        total += len(verdicts)
        if progress is not None:
            progress(total, len(mutants))
    return [verdict for index in range(len(chunks)) for verdict in done[index]]


def _chunks(mutants: Sequence[Mutant]) -> list[range]:
    return [
        range(start, min(start + CHUNK, len(mutants))) for start in range(0, len(mutants), CHUNK)
    ]


def _worked(
    found: Bench,
    mutants: Sequence[Mutant],
    chunks: list[range],
    processes: int,
    judge: Judge | None,
) -> Iterator[tuple[int, list[Verdict]]]:
    """The verdicts of each chunk, as they come."""
    if processes < 2 or len(chunks) < 2 or "fork" not in get_all_start_methods():
        for index, chunk in enumerate(chunks):
            yield index, [judged(found, mutants[at], judge) for at in chunk]
        return
    _SHARED.append((found, mutants, judge))
    gc.freeze()  # so that collecting in a process does not copy what it shares
    try:
        with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
            tasks = {pool.submit(_told, chunk): n for n, chunk in enumerate(chunks)}
            for task in as_completed(tasks):
                verdicts = [
                    Verdict(mutants[at], state, by, proof) for at, state, by, proof in task.result()
                ]
                yield tasks[task], verdicts
    finally:
        gc.unfreeze()
        _SHARED.pop()


Told = tuple[int, State, str | None, Equivalent | Witness | None]


def _told(chunk: range) -> list[Told]:
    """What a forked process finds of a chunk, without the mutants, which are there already."""
    found, mutants, judge = _SHARED[-1]
    verdicts = [(at, judged(found, mutants[at], judge)) for at in chunk]
    return [(at, one.state, one.by, one.proof) for at, one in verdicts]
