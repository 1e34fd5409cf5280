"""Which rules decide, as functions of every case: a rule, base rule or policy for each outcome."""

from __future__ import annotations

from collections.abc import Iterator

from models.law import Outcome
from values_act.readers.anycase import BARRING, Version
from values_act.readers.mdd import FALSE, TRUE

Deciders = dict[str, int]  # id of a rule, base rule, policy or open point -> where it decides


def deciders(version: Version, outcome: Outcome) -> Deciders:
    """Where each rule decides, in cases of an outcome.

    Several may decide one case: each ground that is left opens it. A base rule decides where
    nothing else does.
    """
    found = {name: node for name, node in _named(version, outcome) if node != FALSE}
    mdd, base = version.mdd, version.program.base
    rest = mdd.no(mdd.any(list(found.values())))
    if rest != FALSE:
        name = base.id if base is not None and base.outcome == outcome else version.program.law
        found[name] = mdd.either(found.get(name, FALSE), rest)
    return found


def _named(version: Version, outcome: Outcome) -> Iterator[tuple[str, int]]:
    if outcome == "undetermined":
        yield from _open_points(version)
        return
    mdd, judging, program = version.mdd, version.judging, version.program
    ladder = judging.ladder
    rules = [*program.weighed, *program.late]
    if outcome == "not_regulated":
        yield from ((r.id, ladder.lifted.force(r)) for r in rules if r.excludes)
    elif outcome == "required":
        yield from ((r.id, ladder.lifted.force(r)) for r in rules if r.requires)
    elif outcome == "permitted":
        free = _free(version)
        for name, node in judging.grounds.items():
            yields = ladder.yields(program.rules[name].route)
            yield name, mdd.both(node, free) if yields else node
    elif outcome == "prohibited":
        yield from _closing(version)


def _free(version: Version) -> int:
    """Where some policy that is in force, or none, leaves an act open."""
    mdd, judging = version.mdd, version.judging
    nobody = mdd.no(mdd.any(judging.live))
    opened = [mdd.both(a, b) for a, b in zip(judging.live, judging.opened, strict=True)]
    return mdd.any([judging.ladder.local_off, nobody, *opened])


def _closing(version: Version) -> Iterator[tuple[str, int]]:
    """Policies that close what state law opens, bars on a ground that would hold, bars on items."""
    mdd, judging, program = version.mdd, version.judging, version.program
    by_state = judging.ladder.outcomes(TRUE).get("prohibited", FALSE)
    for item, live, opened in zip(program.local, judging.live, judging.opened, strict=True):
        closed = mdd.all([live, mdd.no(opened), mdd.no(judging.ladder.local_off)])
        yield item.policy.id, mdd.both(closed, mdd.no(by_state))
    for name, force in judging.bars.items():
        routes = program.rules[name].bars
        grounds = [judging.judged.truths[g] for g in judging.grounds
                   if program.rules[g].route in routes]  # fmt: skip
        yield name, mdd.both(force, mdd.any(grounds))
    for _, rule in version.held_by:
        if rule.startswith(BARRING):
            yield rule.removeprefix(BARRING), version.held(rule)


def _open_points(version: Version) -> Iterator[tuple[str, int]]:
    """What nobody published, where it alone makes a difference; policies that differ."""
    mdd, variables, unsaid = version.mdd, version.variables, version.everyone.unsaid
    for level in sorted(unsaid):
        node = mdd.forget(version.sets, unsaid - {level}, frozenset.union)
        first, *rest = [mdd.given(node, level, i) for i in range(len(variables[level].values))]
        yield variables[level].name, mdd.any([mdd.apply(_other, first, each) for each in rest])
    several = mdd.map(_several, mdd.forget(version.sets, unsaid, frozenset.union))
    for item, live in zip(version.program.local, version.judging.live, strict=True):
        yield item.policy.id, mdd.both(several, live)


def _other(a: frozenset[Outcome], b: frozenset[Outcome]) -> bool:
    return a != b


def _several(outcomes: frozenset[Outcome]) -> bool:
    return len(outcomes) > 1
