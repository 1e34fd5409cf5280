"""Questions put to decision diagrams: values, changes that matter, smallest changes, regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from values_act.readers.nodes import FALSE, LEAF, TRUE, Nodes

__all__ = ["FALSE", "TRUE", "Mdd"]

T = TypeVar("T", int, tuple[int, int])  # a variable, or one of its values


class Mdd(Nodes):
    """A store of diagrams that can be asked about them."""

    def leaves(self, node: int) -> frozenset[Any]:
        """Every value that a function takes."""
        memo: dict[int, frozenset[Any]] = {}

        def down(at: int) -> frozenset[Any]:
            if self.level[at] == LEAF:
                return frozenset({self.values[at]})
            if at not in memo:
                memo[at] = frozenset().union(*map(down, self.kids[at]))
            return memo[at]

        return down(node)

    def bottoms(self, node: int, first: int) -> list[int]:
        """Functions of the variables from a level on that the others leave possible."""
        seen: dict[int, None] = {}
        queue = [node]
        while queue:
            at = queue.pop()
            if at not in seen:
                seen[at] = None
                if self.level[at] < first:
                    queue.extend(self.kids[at])
        return [at for at in seen if self.level[at] >= first]

    def reach(self, node: int, first: int) -> int:
        """For the variables from a level on: the set of all values that the others leave."""
        return self.fold(union, [self.map(_alone, at) for at in self.bottoms(node, first)])

    def fold(self, join: Callable[[Any, Any], Hashable], nodes: Sequence[int]) -> int:
        """All values of some functions, at least one, joined: by pairs, so that few are large."""
        left = list(nodes)
        while len(left) > 1:
            pairs = zip(left[::2], left[1::2], strict=False)
            left = [self.apply(join, a, b) for a, b in pairs] + left[len(left) & ~1 :]
        return left[0]

    def given(self, node: int, level: int, index: int) -> int:
        """The function where a variable has one of its values."""
        memo: dict[int, int] = {}

        def down(at: int) -> int:
            if self.level[at] > level:
                return at
            if self.level[at] == level:
                return self.kids[at][index]
            if at not in memo:
                memo[at] = self.node(self.level[at], tuple([down(kid) for kid in self.kids[at]]))
            return memo[at]

        return down(node)

    def differ(self, a: int, b: int, clash: Callable[[Any, Any], bool]) -> bool:
        """Whether two functions have, somewhere, values that clash; `clash` is symmetric."""
        memo = self._differ.setdefault(clash, {})
        level, kids = self.level, self.kids

        def down(a: int, b: int) -> bool:
            if a == b:
                return False
            key = (a, b) if a < b else (b, a)
            if key not in memo:
                left, right = level[a], level[b]
                if left < right:
                    memo[key] = any(down(kid, b) for kid in kids[a])
                elif right < left:
                    memo[key] = any(down(a, kid) for kid in kids[b])
                elif left == LEAF:
                    memo[key] = clash(self.values[a], self.values[b])
                else:
                    memo[key] = any(map(down, kids[a], kids[b]))
            return memo[key]

        return down(a, b)

    def within(self, a: int, b: int) -> bool:
        """Whether the sets of one function are everywhere part of another's."""
        memo = self._within
        level, kids = self.level, self.kids

        def down(a: int, b: int) -> bool:
            if a == b:
                return True
            if (a, b) not in memo:
                left, right = level[a], level[b]
                if left < right:
                    memo[a, b] = all(down(kid, b) for kid in kids[a])
                elif right < left:
                    memo[a, b] = all(down(a, kid) for kid in kids[b])
                elif left == LEAF:
                    memo[a, b] = self.values[a] <= self.values[b]
                else:
                    memo[a, b] = all(map(down, kids[a], kids[b]))
            return memo[a, b]

        return down(a, b)

    def deepest(self, node: int) -> int:
        """The last level of a variable that a function hangs on; -1 if it hangs on none."""
        if self.level[node] == LEAF:
            return -1
        if node not in self._deepest:
            below = max(self.deepest(kid) for kid in self.kids[node])
            self._deepest[node] = max(self.level[node], below)
        return self._deepest[node]

    def forget(self, node: int, levels: Container[int], join: Callable[[Any, Any], Any]) -> int:
        """The function with some variables left open: what all their values give, joined."""
        memo: dict[int, int] = {}

        def down(at: int) -> int:
            if self.level[at] == LEAF:
                return at
            if at not in memo:
                kids = [down(kid) for kid in self.kids[at]]
                if self.level[at] in levels:
                    memo[at] = self._joined(kids, join)
                else:
                    memo[at] = self.node(self.level[at], tuple(kids))
            return memo[at]

        return down(node)

    def widen(
        self, node: int, unknown: Mapping[int, Sequence[int]], join: Callable[[Any, Any], Any]
    ) -> int:
        """The function with one more value for some variables: that it is any one of several."""
        memo: dict[int, int] = {}

        def down(at: int) -> int:
            level = self.level[at]
            if level == LEAF:
                return at
            if at not in memo:
                kids = [down(kid) for kid in self.kids[at]]
                if level in unknown:
                    kids.append(self._joined([kids[i] for i in unknown[level]], join))
                memo[at] = self.node(level, tuple(kids))
            return memo[at]

        return down(node)

    def _joined(self, nodes: Sequence[int], join: Callable[[Any, Any], Any]) -> int:
        found = nodes[0]
        for node in dict.fromkeys(nodes[1:]):
            found = self.apply(join, found, node)
        return found

    def paths(
        self, node: int, wanted: Callable[[Any], bool]
    ) -> Iterator[dict[int, tuple[int, ...]]]:
        """Disjoint regions where a function has a wanted value: indexes by level."""
        if self.level[node] == LEAF:
            if wanted(self.values[node]):
                yield {}
            return
        level, kids = self.level[node], self.kids[node]
        for kid in dict.fromkeys(kids):
            own = tuple(i for i, other in enumerate(kids) if other == kid)
            for rest in self.paths(kid, wanted):
                yield {level: own, **rest}

    def deciding(self, node: int, clash: Callable[[Any, Any], bool]) -> set[int]:
        """Levels of variables that, changed alone somewhere, give values that clash."""
        found: set[int] = set()
        for at in self.nodes(node):
            if self.level[at] not in found:
                kids = list(dict.fromkeys(self.kids[at]))
                pairs = ((a, b) for i, a in enumerate(kids) for b in kids[i + 1 :])
                if any(self.differ(a, b, clash) for a, b in pairs):
                    found.add(self.level[at])
        return found

    def tables(self, root: int, widths: Mapping[int, int]) -> dict[int, list[Counter[Any]]]:
        """How many fillings give each value, for each value of each variable; exact, in one pass.

        Args:
            root: the function.
            widths: number of values of every variable it may hang on, by level.
        """
        fillings = _Fillings(self, widths)
        every = fillings.of(root)
        up: Counter[int] = Counter({root: fillings.above(root)})  # those that lead there
        found = {level: [Counter[Any]() for _ in range(widths[level])] for level in widths}
        through = {level: Counter[Any]() for level in widths}
        for at in sorted(self.nodes(root), key=self.level.__getitem__):
            level = self.level[at]
            _add(through[level], fillings.down(at), up[at])
            for i, kid in enumerate(self.kids[at]):
                times = up[at] * fillings.skipped(at, kid)
                _add(found[level][i], fillings.down(kid), times)
                up[kid] += times
        for level in widths:
            for value, number in every.items():
                rest = number - through[level][value]  # fillings that it plays no part in
                for table in found[level] if rest else ():
                    table[value] += rest // widths[level]
        return found

    def counts(self, root: int, widths: Mapping[int, int]) -> Counter[Any]:
        """How many fillings of all variables give each value."""
        return _Fillings(self, widths).of(root)

    def relabel(self, node: int, labels: Mapping[int, int]) -> int:
        """The function with other functions in the place of some that it ends in."""
        memo = dict(labels)

        def down(at: int) -> int:
            if at not in memo:
                memo[at] = self.node(self.level[at], tuple([down(kid) for kid in self.kids[at]]))
            return memo[at]

        return down(node)

    def at(self, node: int, values: Mapping[int, int]) -> int:
        """The function where some variables have the values of the given index."""
        memo: dict[int, int] = {}

        def down(at: int) -> int:
            if self.level[at] == LEAF:
                return at
            if at not in memo:
                level, kids = self.level[at], self.kids[at]
                memo[at] = (
                    down(kids[values[level]])
                    if level in values
                    else self.node(level, tuple([down(kid) for kid in kids]))
                )
            return memo[at]

        return down(node)

    def smallest_moves(
        self, node: int, now: Mapping[int, int], wanted: Callable[[Any], bool]
    ) -> list[frozenset[tuple[int, int]]]:
        """The smallest sets of changes of variables that give a wanted value.

        Args:
            now: index of the present value of every variable of the function.

        Returns:
            sets of levels with the index of the value that each is changed to, of which no part
            will do; few variables first.
        """

        def each(level: int, index: int) -> list[frozenset[tuple[int, int]]]:
            return [frozenset() if index == now[level] else frozenset({(level, index)})]

        found = self.ways_to(node, each, wanted)
        return sorted(found, key=lambda one: (len(one), sorted(one)))

    def ways_to(
        self,
        node: int,
        each: Callable[[int, int], list[frozenset[T]]],
        wanted: Callable[[Any], bool],
    ) -> list[frozenset[T]]:
        """The smallest sets of changes that lead to a wanted value; `each` as of `ways`."""
        return self.ways(node, each, lambda value: wanted(value) or None).get(True, [])

    def ways(
        self,
        node: int,
        each: Callable[[int, int], list[frozenset[T]]],
        end: Callable[[Any], Hashable],
    ) -> dict[Hashable, list[frozenset[T]]]:
        """The smallest sets of changes that lead to each end.

        Args:
            each: for a variable, by level, and the index of a value: sets of changes that give it
                that value; an empty one if it has it now.
            end: of a value of the function; None: not asked for.
        """
        memo: dict[int, dict[Hashable, list[frozenset[T]]]] = {}

        def down(at: int) -> dict[Hashable, list[frozenset[T]]]:
            if self.level[at] == LEAF:
                own = end(self.values[at])
                return {} if own is None else {own: [frozenset()]}
            if at not in memo:
                level = self.level[at]
                found: dict[Hashable, list[frozenset[T]]] = {}
                there: dict[int, list[frozenset[T]]] = {}
                for index, kid in enumerate(self.kids[at]):
                    there.setdefault(kid, []).extend(each(level, index))
                for kid, sets in there.items():
                    moves = least(sets)
                    for reached, ways in down(kid).items():
                        more = [move | way for move in moves for way in ways]
                        found.setdefault(reached, []).extend(more)
                memo[at] = {reached: least(ways) for reached, ways in found.items()}
            return memo[at]

        return down(node)

    def nodes(self, node: int) -> list[int]:
        """Every node of a function that is no leaf."""
        seen: dict[int, None] = {}
        queue = [node]
        while queue:
            at = queue.pop()
            if at not in seen and self.level[at] < LEAF:
                seen[at] = None
                queue.extend(self.kids[at])
        return list(seen)


class _Fillings:
    """Counts fillings of some variables, those that a function does not hang on too."""

    def __init__(self, mdd: Mdd, widths: Mapping[int, int]) -> None:
        self.mdd = mdd
        levels = sorted(widths)
        self.place = {level: i for i, level in enumerate(levels)} | {LEAF: len(levels)}
        self.below = [1] * (len(levels) + 1)  # fillings of all variables from a place on
        for i in reversed(range(len(levels))):
            self.below[i] = self.below[i + 1] * widths[levels[i]]
        self._down: dict[int, Counter[Any]] = {}

    def of(self, root: int) -> Counter[Any]:
        """How many fillings of all variables give each value."""
        found: Counter[Any] = Counter()
        _add(found, self.down(root), self.above(root))
        return found

    def above(self, at: int) -> int:
        """Fillings of the variables above a node."""
        return self.below[0] // self.below[self.place[self.mdd.level[at]]]

    def down(self, at: int) -> Counter[Any]:
        """How many fillings of the variables from a node's own on give each value."""
        if at not in self._down:
            found = self._down[at] = Counter()
            if self.mdd.level[at] == LEAF:
                found[self.mdd.values[at]] = 1
            for kid, times in Counter(self.mdd.kids[at]).items():
                _add(found, self.down(kid), times * self.skipped(at, kid))
        return self._down[at]

    def skipped(self, at: int, kid: int) -> int:
        """Fillings of the variables between a node's own and its child's."""
        next_place = self.place[self.mdd.level[at]] + 1
        return self.below[next_place] // self.below[self.place[self.mdd.level[kid]]]


def _add(total: Counter[Any], more: Counter[Any], times: int) -> None:
    for value, number in more.items():
        total[value] += number * times


def least(sets: Iterable[frozenset[T]], most: int | None = None) -> list[frozenset[T]]:
    """Those of which no other is a part, small ones first; of more than `most` the first."""
    kept: list[frozenset[T]] = []
    for one in sorted(dict.fromkeys(sets), key=len):
        if not any(other <= one for other in kept):
            kept.append(one)
            if len(kept) == most:
                break
    return kept


def _alone(value: Any) -> frozenset[Any]:
    return frozenset({value})


def union(a: frozenset[Any], b: frozenset[Any]) -> frozenset[Any]:
    return a | b
