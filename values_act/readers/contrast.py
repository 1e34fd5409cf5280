"""Two versions of the rules over every case: where they differ, and which kinds of case change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Literal

from models.law import Outcome
from values_act.answer import OPEN
from values_act.readers.anycase import VECTOR, AnyCase, Version
from values_act.readers.deciders import Deciders, deciders
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

    A version that leaves open what the other takes, and that no case can say to both, is given as
    one for each way to take it: its answer is undetermined where those differ.

    Args:
        everyone: every case under all of them.
        first: how many of them are of the version that is there; the others are of the other.

    Attributes:
        equal: whether every case has the same outcome under both: the two functions are one node.
        pairs: node whose leaves are the two outcomes; None where no case may be so.
    """

    def __init__(self, everyone: AnyCase, first: int = 1) -> None:
        self.everyone = everyone
        self.mdd = everyone.mdd
        self.before, self.after = everyone.versions[:first], everyone.versions[first:]
        self.outcomes = outcome_of(self.before), outcome_of(self.after)
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
        before, after = self._owed(self.before), self._owed(self.after)
        for rule in {**before, **after}:
            a, b = before.get(rule, FALSE), after.get(rule, FALSE)
            if a != b:
                more, less = mdd.both(b, mdd.no(a)), mdd.both(a, mdd.no(b))
                for change, differs in ((OWED, more), (NOT_OWED, less)):
                    where = mdd.both(same, differs)
                    if where != FALSE:
                        yield DutyKind(rule, change, where)

    def _owed(self, versions: Sequence[Version]) -> dict[str, int]:
        """Where each duty is shown: one upon doing only where the act may be done.

        Duties about items are never shown, so none is told of.
        """
        mdd = self.mdd
        doing = mdd.map(_may_be_done, sets_of(versions))
        found: dict[str, int] = {}
        for version in versions:
            for name, node in version.judging.judged.truths.items():
                rule = version.program.rules[name]
                if rule.duty and rule.about_case:
                    owed = mdd.forget(node, self.everyone.unsaid, _or)
                    owed = owed if rule.duty == "request" else mdd.both(owed, doing)
                    found[name] = mdd.either(found.get(name, FALSE), owed)
        return found

    def _left(self, versions: Sequence[Version], outcome: Outcome, where: int) -> dict[str, int]:
        """Where each rule decides, of some cases."""
        each = [
            {
                name: self.mdd.both(where, self.mdd.forget(node, self.everyone.unsaid, _or))
                for name, node in deciders(version, outcome).items()
            }
            for version in versions
        ]
        found = each[0] if len(each) == 1 else self._of_several(versions, outcome, each, where)
        return {name: node for name, node in found.items() if node != FALSE}

    def _of_several(
        self, versions: Sequence[Version], outcome: Outcome, each: Sequence[Deciders], where: int
    ) -> Deciders:
        """What decides under every way to take the readings; else under some; or a reading."""
        mdd = self.mdd
        if outcome == "undetermined":
            found = {name: mdd.both(where, node) for name, node in tell_apart(versions).items()}
        else:
            names = dict.fromkeys(name for one in each for name in one)
            found = {n: mdd.all([one.get(n, FALSE) for one in each]) for n in names}
        rest = mdd.both(where, mdd.no(mdd.any(list(found.values()))))
        for one in each:
            for name, node in one.items():
                found[name] = mdd.either(found.get(name, FALSE), mdd.both(rest, node))
        return found


def outcome_of(versions: Sequence[Version]) -> int:
    """Node of the outcome, None where no case may be so; undetermined where several can be."""
    return versions[0].mdd.map(single, sets_of(versions))


def sets_of(versions: Sequence[Version]) -> int:
    """Node of the sets of outcomes that can be, whatever nobody can say."""
    mdd, unsaid = versions[0].mdd, versions[0].everyone.unsaid
    first, *rest = (mdd.forget(version.sets, unsaid, frozenset.union) for version in versions)
    for more in rest:
        first = mdd.apply(frozenset.union, first, more)
    return first


def tell_apart(versions: Sequence[Version]) -> Deciders:
    """Where each reading alone makes a difference, of one version under each way to take them."""
    mdd = versions[0].mdd
    found: Deciders = {}
    for one, two in combinations(versions, 2):
        taken, other = one.asked.choices, two.asked.choices
        names = [name for name in taken if taken[name] != other[name]]
        if len(names) == 1:
            differs = mdd.apply(_differ, sets_of([one]), sets_of([two]))
            found[names[0]] = mdd.either(found.get(names[0], FALSE), differs)
    return found


def single(outcomes: frozenset[Outcome]) -> Outcome | None:
    if not outcomes:
        return None
    return next(iter(outcomes)) if len(outcomes) == 1 else "undetermined"


def _differ(a: frozenset[Outcome], b: frozenset[Outcome]) -> bool:
    return a != b


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
