"""What the items of a case come to together: each is one variable, its values what it can be.

An item is a function of its own facts; a value of its variable is what it comes to for every
reading left open, a set where facts are not known. So the items' facts never stand in one diagram,
which would be many times as large.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from models.law import Outcome
from values_act.readers.diagram import Diagram, Item, Signature, keep
from values_act.readers.mdd import TRUE, least, union
from values_act.readers.openings import Variable

NOTHING: frozenset[Outcome] = frozenset()  # where no case may be so
Ways = list[frozenset[int]]  # sets of facts to change, by level
Each = Callable[[int, int], Ways]  # those that give a variable a value
Wanted = Callable[[frozenset[Outcome]], bool]
State = tuple[frozenset[int], ...]  # for each class of readings: functions of the rest of the case


@dataclass(slots=True)
class Part:
    """An item as one variable.

    `node`: over the item's facts, which of `ends` it comes to. `ways`: for each end that is worth
    it, by its place, the smallest sets of facts to change. `columns`: each end as the sets of
    values of its summary that each class of readings leaves.
    """

    variable: Variable
    node: int
    ends: Sequence[int]  # functions of what is shared
    ways: dict[int, Ways]
    columns: list[tuple[frozenset[int], ...]] = field(default_factory=list)
    steps: dict[tuple[State, int], State] = field(default_factory=dict)


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
        self._whole = whole
        items = [i for i in diagram.items if not i.record.phantom and not _is(i, added)]
        self.parts = [self._part(item) for item in items]
        self._classes = self._classify()
        self._start: State = (frozenset({whole}),) * len(self._classes)
        self._ends: dict[frozenset[tuple[int, int]], int] = {}

    def ways(self, wanted: Wanted) -> Ways:
        """The smallest sets of facts to change, after which the outcomes are as wanted.

        What changes in one item alone is found first: no larger set need then be looked at.
        """
        now = [{n: w for n, w in part.ways.items() if frozenset() in w} for part in self.parts]
        found = self._search(now, wanted, [])
        if len(self.parts) > 1:
            for place, part in enumerate(self.parts):
                alone = [*now[:place], part.ways, *now[place + 1 :]]
                found = least(found + self._search(_without(alone, found), wanted, found))
        every = [part.ways for part in self.parts]
        return least(found + self._search(_without(every, found), wanted, found))

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

    def _part(self, item: Item) -> Part:
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
        return Part(item.variable, node, ends, ways)

    def _worth(self, ends: Sequence[int], ways: Mapping[Hashable, Ways]) -> dict[int, Ways]:
        """Ways without those that only lead to less being known than fewer changes do."""
        sure = {n for n, end in enumerate(ends) if all(self.mdd.leaves(end))}
        found: dict[int, Ways] = {}
        for n, end in enumerate(ends):
            better = [m for m in sure if m != n and self.mdd.within(ends[m], end)]
            kept = [w for w in ways[n] if not any(v <= w for m in better for v in ways[m])]
            if kept and any(self.mdd.leaves(end)):
                found[n] = kept
        return found

    def _classify(self) -> list[int]:
        """Where what is shared tells ends apart: nodes that hold in one class each, and in all."""
        mdd = self.mdd
        every = list(dict.fromkeys(end for part in self.parts for end in part.ends))
        lists = [mdd.map(_alone, end) for end in every] or [mdd.leaf(())]
        while len(lists) > 1:
            pairs = zip(lists[::2], lists[1::2], strict=False)
            lists = [mdd.apply(_listed, a, b) for a, b in pairs] + lists[len(lists) & ~1 :]
        classes = list(mdd.leaves(lists[0]))
        columns = {end: tuple(one[n] for one in classes) for n, end in enumerate(every)}
        for part in self.parts:
            part.columns = [columns[end] for end in part.ends]
        return [mdd.map(_equals(one), lists[0]) for one in classes]

    # ------------------------------------------------------------ all together
    def _step(self, part: Part, state: State, end: int) -> State:
        """What is left where an item comes to an end: for each class, functions of the rest."""
        key = state, end
        if key not in part.steps:
            given, level = self.mdd.given, part.variable.level
            pairs = list(zip(state, part.columns[end], strict=True))
            left = {
                pair: frozenset([given(r, level, value) for r in pair[0] for value in pair[1]])
                for pair in set(pairs)
            }
            part.steps[key] = tuple([left[pair] for pair in pairs])
        return part.steps[key]

    def _search(self, ways: Sequence[Mapping[int, Ways]], wanted: Wanted, found: Ways) -> Ways:
        """The smallest sets of changes, of ways for each item, that lead to what is wanted.

        Nothing is looked for where, whatever the items to come are, no less is needed than was
        found.
        """
        memo: dict[tuple[int, State], Ways] = {}
        ended: dict[int, Ways] = {}
        hopeful: dict[int, bool] = {}
        free = {part.variable.level for part in self.parts}

        def each(level: int, index: int) -> Ways:
            return [frozenset()] if level in free else self._each(level, index)

        def to(end: int) -> Ways:
            return self.mdd.ways(end, each, lambda leaf: wanted(leaf) or None).get(True, [])

        def hopes(rest: int) -> bool:
            if rest not in hopeful:
                hopeful[rest] = self.mdd.deepest(rest) >= self.diagram.shared or any(
                    not _has(way, found) for way in to(self._stated(rest, None))
                )
            return hopeful[rest]

        def down(place: int, state: State) -> Ways:
            if not all(hopes(rest) for rests in set(state) for rest in rests):
                return []
            if place == len(self.parts):
                end = self._end(state)
                if end not in ended:
                    ended[end] = to(end)
                return ended[end]
            if (place, state) not in memo:
                part = self.parts[place]
                memo[place, state] = least(
                    move | rest
                    for n, moves in ways[place].items()
                    for rest in down(place + 1, self._step(part, state, n))
                    for move in moves
                )
            return memo[place, state]

        return down(0, self._start)

    def _flat(self, place: int, state: State, kept: Mapping[int, int]) -> int:
        mdd = self.mdd
        if place == len(self.parts):
            return mdd.at(self._end(state), kept)
        part = self.parts[place]
        node = mdd.at(part.node, kept)
        rests = {
            mdd.leaf(n): self._flat(place + 1, self._step(part, state, n), kept)
            for n in mdd.leaves(node)
        }
        return mdd.relabel(node, rests)

    def _end(self, state: State) -> int:
        """The outcomes over the case's own facts, whatever is shared."""
        rests = self._rests(state)
        if rests not in self._ends:
            mdd = self.mdd
            joined = mdd.leaf(NOTHING)
            for rest, where in sorted(rests):
                joined = mdd.apply(union, joined, mdd.apply(keep, rest, where, TRUE))
            self._ends[rests] = self._stated(joined, None)
        return self._ends[rests]

    def _rests(self, state: State) -> frozenset[tuple[int, int]]:
        """Functions of the case's own facts, and where they are what is left."""
        return frozenset(
            (rest, where if self.mdd.deepest(rest) >= self.diagram.shared else TRUE)
            for rests, where in zip(state, self._classes, strict=True)
            for rest in rests
        )


def _without(parts: Sequence[Mapping[int, Ways]], found: Ways) -> list[dict[int, Ways]]:
    """Ways that have no set in them that was found."""
    return [
        {n: kept for n, ways in part.items() if (kept := [w for w in ways if not _has(w, found)])}
        for part in parts
    ]


def _has(way: frozenset[int], found: Ways) -> bool:
    return any(one <= way for one in found)


def _is(item: Item, kind: str) -> bool:
    return any(variable.kind == kind for variable in item.own)


def _alone(values: frozenset[int]) -> tuple[frozenset[int], ...]:
    return (values,)


def _listed(some: State, more: State) -> State:
    return some + more


def _equals(leaf: object) -> Callable[[object], bool]:
    return lambda value: value == leaf
