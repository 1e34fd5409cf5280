"""Mutation testing of the law: every small change of the rules should be seen by some scenario.

A mutant is killed by a scenario that no longer comes to what it expects. One that no scenario
kills survives, unless a judge proves that it answers every case as before.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context
from typing import Literal

from models.case import InmateCase
from models.law import Base, FactBook, Reading, Rule
from values_act.conditions import found_in
from values_act.decide import Decider
from values_act.errors import LawError, ValuesActError
from values_act.library import Library, county_slug
from values_act.mutants import BOUNDS, Mutant, fact_book
from values_act.program import Program
from values_act.reasons import write_decision
from values_act.scenarios import Placed, Result, differences
from values_act.trial import Standing, Trial, standing
from values_act.unlike import unlike

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


@dataclass(slots=True)
class Bench:
    """The scenarios that the law as it is answers as expected, ready to be asked again."""

    library: Library
    book: FactBook
    standings: list[Standing]
    failing: list[Result]  # they kill nothing
    todo: int = 0
    doomed: frozenset[str] = frozenset()  # routes that some proposal takes out
    named: frozenset[str] = frozenset()  # rules that others name
    wider: dict[int, Program] = field(default_factory=dict)  # see `Trial`
    _by: dict[tuple[str, str], list[Standing]] = field(default_factory=dict)
    _signatures: dict[tuple[int, int], tuple[object, ...]] = field(default_factory=dict)

    def signature(self, one: Standing, rule: Rule) -> tuple[object, ...]:
        """What tells a scenario from others before a rule."""
        key = (one.number, id(rule))
        if key not in self._signatures:
            self._signatures[key] = one.signature(rule)
        return self._signatures[key]


def bench(library: Library, placed: Iterable[Placed]) -> Bench:
    """Decide every scenario under the law as it is, by the reference alone."""
    decider = Decider(library, use_engine=False)
    doomed, named = frozenset(_doomed(library)), frozenset(_named(library))
    found = Bench(library, fact_book(library), [], [], 0, doomed, named)
    for number, one in enumerate(placed):
        if one.scenario.expect is None:
            found.todo += 1
            continue
        asked = one.scenario.expect.contested is not None
        try:
            answer = decider.answer(one.scenario.case, contested=asked)
        except ValuesActError as error:
            found.failing.append(Result(one, "failed", (str(error),)))
            continue
        if unlike(one.scenario.expect, answer):
            problems = tuple(differences(one.scenario.expect, write_decision(answer)))
            found.failing.append(Result(one, "failed", problems))
            continue
        found.standings.append(standing(number, one, one.scenario.expect, answer))
    _index(found)
    return found


def _doomed(library: Library) -> Iterator[str]:
    """Routes of a law that are none of a proposal to change it."""
    for law in library.laws.values():
        if law.extends is not None:
            before, after = library.parts(law.extends), library.parts(law.name)
            left = {route.name for part in after for route in part.routes}
            gone = {route.name for part in before for route in part.routes}
            yield from gone - left


def _named(library: Library) -> Iterator[str]:
    """Names of rules that other rules, policies and proposals give."""
    counties = list(library.counties())
    ruled = [*(law.rules for law in library.laws.values()), *(c.rules for c in counties)]
    for rule in (rule for rules in ruled for rule in rules):
        yield from rule.notwithstanding
        yield from (found.rule for found in found_in(rule.when))
    for policy in (policy for county in counties for policy in county.policies):
        for term in policy.actions.values():
            yield from (found.rule for found in found_in(term.when))
    for law in library.laws.values():
        yield from (*law.drop, *law.keep, *law.replace)


def _index(found: Bench) -> None:
    """Scenarios by what their programs hold, those that are decided soonest first."""
    ordered = sorted(found.standings, key=lambda one: (
        one.unsettled, one.expect.contested is not None, len(one.program.rules), one.number
    ))  # fmt: skip
    for one in ordered:
        keys = [("law", one.law), ("", "")]
        keys += [("rule", name) for name in one.program.rules]
        keys += [("reading", name) for name in one.program.readings]
        if one.answer.county is not None and one.answer.case.policy is None:
            keys.append(("county", county_slug(one.answer.county.county)))
        for key in keys:
            found._by.setdefault(key, []).append(one)


# ---------------------------------------------------------------- one mutant


def may_see(found: Bench, trial: Trial) -> list[Standing]:
    """Scenarios whose law, county or facts a mutant is about, the most telling first."""
    mutant, by = trial.mutant, found._by
    owner = mutant.owner
    if mutant.county is not None:
        own = by.get(("county", county_slug(mutant.county)), [])
        if isinstance(mutant.original, Rule):
            own = [one for one in own if owner in one.program.rules]
    elif isinstance(mutant.original, Reading):
        own = by.get(("reading", owner), [])
    elif isinstance(mutant.original, Rule) and not _may_come(found, mutant):
        own = by.get(("rule", owner), [])
    elif mutant.law is not None and found.library.laws[mutant.law].kind != "definitions":
        laws = [name for name in found.library.laws if trial.variant.concerns(name)]
        own = [one for name in laws for one in by.get(("law", name), [])]
    else:
        own = by.get(("", ""), [])
    return sorted(own, key=lambda one: owner not in (one.expect.rule, one.expect.barred_by))


def _may_come(found: Bench, mutant: Mutant) -> bool:
    """Whether a rule may come into a program that it is not in."""
    if mutant.kind == "route":
        return bool(found.doomed)
    return mutant.kind in BOUNDS or mutant.kind == "actions-dropped"


def _needs_check(found: Bench, mutant: Mutant) -> bool:
    """Whether the check of a whole law may refuse a change; it allows every other one."""
    if mutant.kind == "route":
        routes = {getattr(entry, "route", None) for entry in (mutant.original, mutant.changed)}
        return bool(routes & found.doomed)
    if mutant.kind == "actions-dropped":
        return isinstance(mutant.original, Base)
    if mutant.kind == "removed" and isinstance(mutant.original, Rule):
        return mutant.original.defines is not None or mutant.owner in found.named
    return mutant.kind in BOUNDS or mutant.kind == "removed"


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
        trial = Trial(found.library, mutant, found.book, found.wider)
        if _needs_check(found, mutant):
            trial.variant.check()
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
