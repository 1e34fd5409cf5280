"""What the items of a case come to together: each is one variable, its values what it can be.

An item is a function of its own facts; a value of its variable is what it comes to for every
reading left open, a set where facts are not known. So the items' facts never stand in one diagram,
which would be many times as large.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from models.law import Outcome
from values_act.readers.diagram import ITEMS, Diagram, Item, Signature, keep
from values_act.readers.mdd import TRUE, union
from values_act.readers.openings import Variable

NOTHING: frozenset[Outcome] = frozenset()  # where no case may be so
Ways = list[frozenset[int]]  # sets of facts to change, by level
Each = Callable[[int, int], Ways]  # those that give a variable a value


@dataclass(frozen=True, slots=True)
class Part:
    """An item as one variable.

    `ends`: what it can come to, functions of what is shared, of sets of values of its summary.
    `node`: over the item's facts, the place of an end. `ways`: for each end that is worth it, the
    smallest sets of facts to change.
    """

    level: int
    item: Item
    ends: Sequence[int]
    node: int
    ways: Mapping[int, Ways]
    step: Callable[[frozenset[int], frozenset[int]], frozenset[int]]


class Items:
    """The outcomes over the items of a case, those that might be added, and the case's own facts.

    Args:
        diagram: of the case, its facts loosened.
        whole: its outcomes over what each item comes to.
        added: kind of the variable that says whether an item is added.
        stated: makes a function of a record's facts one of what a case file states; the item, none
            for the case.
        each: the ways to each value of a fact.
    """

    def __init__(
        self,
        diagram: Diagram,
        whole: int,
        added: str,
        stated: Callable[[int, Item | None], int],
        each: Each,
    ) -> None:
        self.diagram, self.mdd = diagram, diagram.mdd
        self._each, self._stated = each, stated
        for item in diagram.items:
            if _is(item, added):
                whole = self._with_or_without(item, whole)
        items = [i for i in diagram.items if not i.record.phantom and not _is(i, added)]
        first = ITEMS - len(items)
        self._whole = whole
        self.parts = [self._part(item, first + n) for n, item in enumerate(items)]
        self._of_level = {part.level: part for part in self.parts}
        self._start = self.mdd.leaf(frozenset({whole}))
        self._roots: dict[tuple[int, int], int] = {}
        self._ends: dict[frozenset[int], int] = {}

    def ways(self, end: Callable[[frozenset[Outcome]], Hashable]) -> Ways:
        """The smallest sets of facts to change, after which the outcomes are as wanted."""
        return self.mdd.ways(self._root(0, self._start), self.ways_of, end).get(True, [])

    def ways_of(self, level: int, index: int) -> Ways:
        """The ways to one value of an item, or of a fact."""
        part = self._of_level.get(level)
        return self._each(level, index) if part is None else part.ways.get(index, [])

    def left(self, kept: Mapping[int, int]) -> int:
        """The outcomes over a few facts, all others having the values of the given index."""
        return self._flat(0, self._start, kept)

    # ------------------------------------------------------------ one item
    def _with_or_without(self, item: Item, whole: int) -> int:
        """The whole as a function of whether an item is added, in place of what it comes to."""
        left = self.diagram.beyond(item, whole)
        if item.node in left:
            return left[item.node]  # what it comes to plays no part
        without, there = [left[kid] for kid in self.mdd.kids[item.node]]
        return self.diagram.split(self.mdd.is_value(item.own[0].level, 2, 1), there, without)

    def _part(self, item: Item, level: int) -> Part:
        mdd = self.mdd
        first: dict[int, int] = {}
        stands_for: dict[Signature | None, frozenset[int]] = {None: frozenset()}
        for index, value in enumerate(item.values):
            rest = mdd.given(self._whole, item.variable.level, index)
            signature = tuple(rule for rule, _, _ in value)
            stands_for[signature] = frozenset({first.setdefault(rest, index)})
        node = self._stated(mdd.map(stands_for.__getitem__, item.node), item)
        ends = mdd.bottoms(node, self.diagram.shared)
        node = mdd.relabel(node, {end: mdd.leaf(n) for n, end in enumerate(ends)})
        ways = self._worth(ends, mdd.ways(node, self._each, lambda index: index))
        return Part(level, item, ends, node, ways, self._given(item.variable))

    def _worth(self, ends: Sequence[int], ways: Mapping[Hashable, Ways]) -> dict[int, Ways]:
        """Ways without those that only lead to less being known than fewer changes do."""
        possible = {n for n, end in enumerate(ends) if all(self.mdd.leaves(end))}
        found: dict[int, Ways] = {}
        for n in sorted(possible):
            better = [m for m in possible if m != n and self._within(ends[m], ends[n])]
            kept = [w for w in ways[n] if not any(v <= w for m in better for v in ways[m])]
            if kept:
                found[n] = kept
        return found

    def _within(self, a: int, b: int) -> bool:
        """Whether a function of sets has, everywhere, part of another's."""
        return False not in self.mdd.leaves(self.mdd.apply(_part_of, a, b))

    def _given(
        self, variable: Variable
    ) -> Callable[[frozenset[int], frozenset[int]], frozenset[int]]:
        """What functions of the rest are left of some where an item comes to one of some values."""
        given, level = self.mdd.given, variable.level
        return lambda rests, values: frozenset(given(r, level, v) for r in rests for v in values)

    # ------------------------------------------------------------ all together
    def _root(self, place: int, state: int) -> int:
        """The outcomes over items from a place on and the case's own facts.

        Args:
            state: what the items before leave: over what is shared, sets of functions of the rest.
        """
        if place == len(self.parts):
            return self._end(state)
        if (place, state) not in self._roots:
            part = self.parts[place]
            kids = [self.mdd.leaf(NOTHING)] * len(part.ends)
            for n in part.ways:
                kids[n] = self._root(place + 1, self.mdd.apply(part.step, state, part.ends[n]))
            self._roots[place, state] = self.mdd.node(part.level, tuple(kids))
        return self._roots[place, state]

    def _flat(self, place: int, state: int, kept: Mapping[int, int]) -> int:
        if place == len(self.parts):
            return self.mdd.at(self._end(state), kept)
        mdd, part = self.mdd, self.parts[place]
        node = mdd.at(part.node, kept)
        rests = {
            mdd.leaf(n): self._flat(place + 1, mdd.apply(part.step, state, part.ends[n]), kept)
            for n in mdd.leaves(node)
        }
        return mdd.relabel(node, rests)

    def _end(self, state: int) -> int:
        """The outcomes over the case's own facts, whatever is shared."""
        mdd = self.mdd
        whole: set[int] = set()
        for left in mdd.leaves(state):
            where = mdd.map(_equals(left), state)
            for rest in left:
                alone = max(mdd.level[at] for at in mdd.nodes(rest) or [rest]) < self.diagram.shared
                whole.add(rest if alone else mdd.apply(keep, rest, where, TRUE))
        key = frozenset(whole)
        if key not in self._ends:
            joined = mdd.leaf(NOTHING)
            for rest in sorted(whole):
                joined = mdd.apply(union, joined, rest)
            self._ends[key] = self._stated(joined, None)
        return self._ends[key]


def _is(item: Item, kind: str) -> bool:
    return any(variable.kind == kind for variable in item.own)


def _part_of(a: frozenset[int], b: frozenset[int]) -> bool:
    return a <= b


def _equals(leaf: object) -> Callable[[object], bool]:
    return lambda value: value == leaf
