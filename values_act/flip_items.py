"""What the items of a case come to together: each is one variable, its values what it can be.

An item is a function of its own facts; a value of its variable is what it comes to for every
reading left open, a set where facts are not known. So the items' facts never stand in one diagram,
which would be many times as large.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from models.law import Outcome
from values_act.readers.diagram import NOTHING, Diagram, Item, Signature, keep
from values_act.readers.mdd import TRUE, least, union
from values_act.readers.openings import Variable

Ways = list[frozenset[int]]  # sets of facts to change, by level
Wanted = Callable[[frozenset[Outcome]], bool]
EVERY = 1_000_000  # changes; more than there are facts
SIZES = (2, 4, 8, EVERY)  # of sets of changes, looked for in turn until there are enough
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
    steps: dict[tuple[int, int], int] = field(default_factory=dict)


class Items:
    """The outcomes over the items of a case, those that might be added, and the case's own facts.

    Args:
        diagram: of the case, its facts loosened.
        whole: its outcomes over what each item comes to.
        added: kind of the variable that says whether an item is added.
        stated: makes a function of a record's facts one of what a case file states; the item, none
            for the case.
        now: the index of the value that each fact has now, by level.
    """

    def __init__(
        self,
        diagram: Diagram,
        whole: int,
        added: str,
        stated: Callable[[int, Item | None], int],
        now: Mapping[int, int],
    ) -> None:
        self.diagram, self.mdd = diagram, diagram.mdd
        self._now, self._stated = now, stated
        for item in diagram.items:
            if _is(item, added):
                whole = self._with_or_without(item, whole)
        self._whole = whole
        items = [i for i in diagram.items if not i.record.phantom and not _is(i, added)]
        self.parts = [self._part(item) for item in items]
        self._classes = self._classify()
        self._shared = {level for level in diagram.variables if level >= diagram.shared}
        self._resolved: dict[tuple[int, int], int] = {}  # by function and class
        self._projected: dict[tuple[int, int], int] = {}
        self._states: list[State] = []  # what items leave, by number
        self._rests: list[frozenset[int]] = []  # all in each, whatever is shared
        self._numbers: dict[State, int] = {}
        self._start = self._number((frozenset({whole}),) * len(self._classes))
        self._cut = False  # whether the last search left something out
        self._ends: dict[frozenset[int], int] = {}

    def ways(self, wanted: Wanted, most: int) -> tuple[Ways, bool]:
        """The smallest sets of facts to change, after which the outcomes are as wanted.

        What changes in one item alone is found first: no larger set need then be looked at.

        Args:
            wanted: whether sets of outcomes are.
            most: sets that are looked for; of more those of fewest changes are found.

        Returns:
            the sets, and whether there may be more.
        """
        self._cut = False
        found = self._ways(wanted, most)
        if self._cut:
            found = least(way for one in found for way in self._within(one, wanted))
        return sorted(found, key=lambda way: (len(way), sorted(way))), self._cut

    def _within(self, way: frozenset[int], wanted: Wanted) -> Ways:
        """The smallest of a set of changes that will do: of very many, some were not looked at."""
        return self.mdd.ways_to(self.left(way), self._each, wanted)

    def _ways(self, wanted: Wanted, most: int) -> Ways:
        now = [{n: w for n, w in part.ways.items() if frozenset() in w} for part in self.parts]
        found = self._search(now, wanted, [], most, EVERY)
        if len(self.parts) > 1:
            for place, part in enumerate(self.parts):
                alone = [*now[:place], part.ways, *now[place + 1 :]]
                more = self._search(_without(alone, found), wanted, found, most, EVERY)
                found = least(found + more)
        every = _without([part.ways for part in self.parts], found)
        for size in SIZES:
            sets = least(found + self._search(every, wanted, found, most, size))
            if len(sets) >= most:
                self._cut |= size != EVERY
                break
        return sets

    def left(self, levels: Set[int]) -> int:
        """The outcomes over a few facts, all others as they are now."""
        kept = {level: index for level, index in self._now.items() if level not in levels}
        return self._flat(0, self._start, kept)

    def _each(self, level: int, index: int) -> Ways:
        """The ways to one value of a fact."""
        return [frozenset() if index == self._now[level] else frozenset({level})]

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
            kept = [
                way
                for way in ways[n]
                if not any(_has(way, ways[m]) and self.mdd.within(ends[m], end) for m in sure - {n})
            ]
            if kept and any(self.mdd.leaves(end)):
                found[n] = kept
        return found

    def _classify(self) -> list[int]:
        """Where what is shared tells ends apart: nodes that hold in one class each, and in all."""
        mdd = self.mdd
        every = list(dict.fromkeys(end for part in self.parts for end in part.ends))
        told = mdd.fold(_listed, [mdd.map(_alone, end) for end in every] or [mdd.leaf(())])
        classes = list(mdd.leaves(told))
        columns = {end: tuple(one[n] for one in classes) for n, end in enumerate(every)}
        for part in self.parts:
            part.columns = [columns[end] for end in part.ends]
        return [mdd.map(_equals(one), told) for one in classes]

    # ------------------------------------------------------------ all together
    def _step(self, part: Part, state: int, end: int) -> int:
        """What is left where an item comes to an end: for each class, functions of the rest."""
        key = state, end
        if key not in part.steps:
            given, level = self.mdd.given, part.variable.level
            pairs = list(zip(self._states[state], part.columns[end], strict=True))
            left = {
                pair: frozenset([given(r, level, value) for r in pair[0] for value in pair[1]])
                for pair in set(pairs)
            }
            part.steps[key] = self._number(tuple([left[pair] for pair in pairs]))
        return part.steps[key]

    def _number(self, state: State) -> int:
        if state not in self._numbers:
            self._numbers[state] = len(self._states)
            self._states.append(state)
            self._rests.append(
                frozenset(
                    self._of_class(rest, place)
                    for place, rests in enumerate(state)
                    for rest in rests
                )
            )
        return self._numbers[state]

    def _search(
        self,
        ways: Sequence[Mapping[int, Ways]],
        wanted: Wanted,
        known: Ways,
        most: int,
        size: int,
    ) -> Ways:
        """The smallest sets of changes, of ways for each item, that lead to what is wanted.

        Nothing is looked for where, whatever the items to come are, no less is needed than was
        `known` before; nor sets of more changes than `size`.
        """
        memo: dict[tuple[int, int, int], Ways] = {}
        ended: dict[int, Ways] = {}
        hopeful: dict[int, bool] = {}
        free = {part.variable.level for part in self.parts}

        def each(level: int, index: int) -> Ways:
            return [frozenset()] if level in free else self._each(level, index)

        def to(end: int) -> Ways:
            return self.mdd.ways_to(end, each, wanted)

        def hopes(rest: int) -> bool:
            if rest not in hopeful:
                found = to(self._stated(rest, None))
                hopeful[rest] = any(not _has(way, known) for way in found)
            return hopeful[rest]

        def down(place: int, state: int, left: int) -> Ways:
            if not all(map(hopes, self._rests[state])):
                return []
            if place == len(self.parts):
                end = self._end(state)
                if end not in ended:
                    ended[end] = to(end)
                return ended[end]
            if (place, state, left) not in memo:
                part = self.parts[place]
                found = [
                    move | rest
                    for n, moves in ways[place].items()
                    if len(moves[0]) <= left
                    for rest in down(place + 1, self._step(part, state, n), left - len(moves[0]))
                    for move in moves
                    if len(move) + len(rest) <= left
                ]
                memo[place, state, left] = least(found, most)
                self._cut |= len(memo[place, state, left]) == most
            return memo[place, state, left]

        return down(0, self._start, size)

    def _flat(self, place: int, state: int, kept: Mapping[int, int]) -> int:
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

    def _end(self, state: int) -> int:
        """The outcomes over the case's own facts, whatever is shared."""
        rests = self._rests[state]
        if rests not in self._ends:
            joined = self.mdd.leaf(NOTHING)
            for rest in sorted(rests):
                joined = self.mdd.apply(union, joined, rest)
            self._ends[rests] = self._stated(joined, None)
        return self._ends[rests]

    def _of_class(self, rest: int, place: int) -> int:
        """A function of the rest, whatever is shared, in one class of readings."""
        first, mdd = self.diagram.shared, self.mdd
        if mdd.deepest(rest) < first:
            return rest
        key = rest, place
        if key not in self._resolved:
            own = {mdd.level[at] for at in mdd.nodes(rest)}
            where = mdd.forget(self._classes[place], self._shared - own, _either)
            pair = rest, where
            if pair not in self._projected:
                kept = mdd.apply(keep, rest, where, TRUE)
                self._projected[pair] = mdd.forget(kept, self._shared, union)
            self._resolved[key] = self._projected[pair]
        return self._resolved[key]


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


def _either(a: bool, b: bool) -> bool:
    return a or b


def _equals(leaf: object) -> Callable[[object], bool]:
    return lambda value: value == leaf
