"""Two versions of the rules over every case: where they differ, and which kinds of case change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from models.law import Outcome
from values_act.answer import OPEN
from values_act.readers.anycase import VECTOR, AnyCase, Version
from values_act.readers.deciders import deciders
from values_act.readers.mdd import FALSE

Pair = tuple[Outcome, Outcome]
DutyWord = Literal["owed", "no longer owed"]
OWED: DutyWord = "owed"
NOT_OWED: DutyWord = "no longer owed"


@dataclass(frozen=True, slots=True)
class Kind:
    """Cases with one outcome before and another after, and a rule that decides each.

    A case that several rules decide is of several kinds; every case that changes is of one.

    Attributes:
        where: node of the cases.
        alone: node of those that no other rule decides, if there are any; else that of all.
    """

    before: Outcome
    after: Outcome
    rules: tuple[str, str]
    where: int
    alone: int


@dataclass(frozen=True, slots=True)
class DutyKind:
    """Cases of one outcome under both versions, in which a duty is owed under one of them."""

    rule: str
    change: DutyWord
    where: int


class Contrast:
    """What differs between the two versions of a case that is any case.

    Attributes:
        equal: whether every case has the same outcome under both: the two functions are one node.
        pairs: node whose leaves are the two outcomes; None where no case may be so.
    """

    def __init__(self, everyone: AnyCase) -> None:
        self.everyone = everyone
        self.mdd = everyone.mdd
        self.before, self.after = everyone.versions
        self.outcomes = tuple(outcome_of(version) for version in everyone.versions)
        self.equal = self.outcomes[0] == self.outcomes[1]

    @property
    def pairs(self) -> int:
        return self.mdd.apply(_pair, *self.outcomes)

    def matrix(self) -> Counter[Pair]:
        """How many combinations of facts have each pair of outcomes.

        A date counts once for each stretch that no limit divides; a vector of findings, once.
        """
        counts = self.mdd.counts(self.pairs, self.widths())
        return Counter({pair: number for pair, number in counts.items() if pair and number})

    def number(self, where: int) -> int:
        """How many combinations of facts a condition holds for."""
        return self.mdd.counts(where, self.widths())[True]

    def widths(self) -> dict[int, int]:
        """Numbers of values of what the two versions look at, by level."""
        everyone = self.everyone
        case = everyone.layout.facts.case
        own = everyone.layout.looked_at([version.asked for version in everyone.versions], "case")
        return {
            level: len(variable.values)
            for level, variable in everyone.variables.items()
            if level >= VECTOR
            and level not in everyone.unsaid
            and (variable.record is not case or variable.name in own)
        }

    def kinds(self) -> Iterator[Kind]:
        """Every kind of case that changes."""
        if self.equal:
            return
        mdd = self.mdd
        pairs = self.pairs
        changed = sorted({p for p in mdd.leaves(pairs) if p and p[0] != p[1]})
        for before, after in changed:
            where = mdd.map(_is((before, after)), pairs)
            first = self._left(self.before, before, where)
            second = self._left(self.after, after, where)
            for a, where_a in first.items():
                for b, where_b in second.items():
                    own = mdd.both(where_a, where_b)
                    if own != FALSE:
                        others = [n for k, n in first.items() if k != a]
                        others += [n for k, n in second.items() if k != b]
                        alone = mdd.both(own, mdd.no(mdd.any(others)))
                        yield Kind(before, after, (a, b), own, own if alone == FALSE else alone)

    def duties(self) -> Iterator[DutyKind]:
        """Duties that are owed in other cases, where the outcome is the same."""
        mdd = self.mdd
        same = mdd.map(_same, self.pairs)
        before, after = (self._owed(version) for version in self.everyone.versions)
        for rule in {**before, **after}:
            a, b = before.get(rule, FALSE), after.get(rule, FALSE)
            if a != b:
                more, less = mdd.both(b, mdd.no(a)), mdd.both(a, mdd.no(b))
                for change, differs in ((OWED, more), (NOT_OWED, less)):
                    where = mdd.both(same, differs)
                    if where != FALSE:
                        yield DutyKind(rule, change, where)

    def _owed(self, version: Version) -> dict[str, int]:
        """Where each duty is shown: one upon doing only where the act may be done."""
        mdd = self.mdd
        rules = version.program.rules
        sets = mdd.forget(version.sets, self.everyone.unsaid, frozenset.union)
        doing = mdd.map(_may_be_done, sets)
        found: dict[str, int] = {}
        for name, node in version.judging.judged.truths.items():
            duty = rules[name].duty
            if duty:
                owed = mdd.forget(node, self.everyone.unsaid, _or)
                found[name] = owed if duty == "request" else mdd.both(owed, doing)
        return found

    def _left(self, version: Version, outcome: Outcome, where: int) -> dict[str, int]:
        """Where each rule decides, of some cases."""
        found = {
            name: self.mdd.both(where, self.mdd.forget(node, self.everyone.unsaid, _or))
            for name, node in deciders(version, outcome).items()
        }
        return {name: node for name, node in found.items() if node != FALSE}


def outcome_of(version: Version) -> int:
    """Node of the outcome, None where no case may be so; undetermined where several can be."""
    mdd = version.mdd
    sets = mdd.forget(version.sets, version.everyone.unsaid, frozenset.union)
    return mdd.map(single, sets)


def single(outcomes: frozenset[Outcome]) -> Outcome | None:
    if not outcomes:
        return None
    return next(iter(outcomes)) if len(outcomes) == 1 else "undetermined"


def _may_be_done(outcomes: frozenset[Outcome]) -> bool:
    return bool(outcomes & OPEN)


def _same(pair: Pair | None) -> bool:
    return pair is not None and pair[0] == pair[1]


def _pair(before: Outcome | None, after: Outcome | None) -> Pair | None:
    return (before, after) if before and after else None


@lru_cache(maxsize=64)
def _is(pair: Pair) -> Callable[[Pair | None], bool]:
    return lambda found: found == pair


def _or(a: bool, b: bool) -> bool:
    return a or b
