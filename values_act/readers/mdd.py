"""Multi-valued decision diagrams: shared, reduced, ordered; equal functions are the same node.

A node is a number. A leaf holds any hashable value; every other node belongs to a variable, known
by its level, and has one child for each value of it. Levels grow on the way down. A variable that
does not matter on a path has no node there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from values_act.errors import EngineError

LEAF = 1 << 30  # below every variable
FALSE, TRUE = 0, 1
MAX_NODES = 400_000


class Mdd:
    """A store of nodes; makes each function once.

    Args:
        limit: nodes that may be made before the store gives up.
    """

    def __init__(self, limit: int = MAX_NODES) -> None:
        self.limit = limit
        self.level: list[int] = []
        self.kids: list[tuple[int, ...]] = []
        self.values: list[Hashable] = []
        self._nodes: dict[tuple[int, tuple[int, ...]], int] = {}
        self._leaves: dict[tuple[type, Hashable], int] = {}
        self._memo: dict[object, dict[Any, int]] = {}
        self._differ: dict[object, dict[tuple[int, int], bool]] = {}
        self._and: dict[tuple[int, int], int] = {}
        self._or: dict[tuple[int, int], int] = {}
        self._not: dict[int, int] = {}
        self.leaf(False)
        self.leaf(True)

    # ------------------------------------------------------------ making nodes
    def leaf(self, value: Hashable) -> int:
        key = (type(value), value)
        if key not in self._leaves:
            self._leaves[key] = self._new(LEAF, (), value)
        return self._leaves[key]

    def node(self, level: int, kids: tuple[int, ...]) -> int:
        """The function that is a child of `kids` for each value of a variable.

        Raises:
            EngineError: the store has outgrown its limit.
        """
        first = kids[0]
        if kids.count(first) == len(kids):
            return first
        key = (level, kids)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = self._new(level, kids, None)
        return found

    def _new(self, level: int, kids: tuple[int, ...], value: Hashable) -> int:
        if len(self.level) >= self.limit:
            raise EngineError(
                f"the decision diagram of this case outgrew its limit of {self.limit:,} nodes; "
                "no answer is given"
            )
        self.level.append(level)
        self.kids.append(kids)
        self.values.append(value)
        return len(self.level) - 1

    # ------------------------------------------------------------ and, or, not
    def both(self, a: int, b: int) -> int:
        if a == b or b == TRUE:
            return a
        if a == TRUE:
            return b
        if a == FALSE or b == FALSE:
            return FALSE
        key = (a, b) if a < b else (b, a)
        found = self._and.get(key)
        if found is None:
            found = self._and[key] = self._down(self.both, a, b)
        return found

    def either(self, a: int, b: int) -> int:
        if a == b or b == FALSE:
            return a
        if a == FALSE:
            return b
        if a == TRUE or b == TRUE:
            return TRUE
        key = (a, b) if a < b else (b, a)
        found = self._or.get(key)
        if found is None:
            found = self._or[key] = self._down(self.either, a, b)
        return found

    def no(self, a: int) -> int:
        if a <= TRUE:
            return 1 - a
        found = self._not.get(a)
        if found is None:
            found = self.node(self.level[a], tuple(map(self.no, self.kids[a])))
            self._not[a], self._not[found] = found, a
        return found

    def _down(self, op: Callable[[int, int], int], a: int, b: int) -> int:
        """The node of an operation, from its children at the higher of two variables."""
        left, right = self.level[a], self.level[b]
        if left < right:
            return self.node(left, tuple([op(kid, b) for kid in self.kids[a]]))
        if right < left:
            return self.node(right, tuple([op(a, kid) for kid in self.kids[b]]))
        pairs = zip(self.kids[a], self.kids[b], strict=True)
        return self.node(left, tuple([op(x, y) for x, y in pairs]))

    def all(self, nodes: Iterator[int] | Sequence[int]) -> int:
        found = TRUE
        for node in nodes:
            if found == FALSE:
                break
            found = self.both(found, node)
        return found

    def any(self, nodes: Iterator[int] | Sequence[int]) -> int:
        found = FALSE
        for node in nodes:
            if found == TRUE:
                break
            found = self.either(found, node)
        return found

    # ------------------------------------------------------------ any operation
    def map(self, op: Callable[[Any], Hashable], node: int) -> int:
        """A function of the values of a function; `op` is known by its identity."""
        memo = self._memo.setdefault(op, {})

        def down(at: int) -> int:
            found = memo.get(at)
            if found is None:
                if self.level[at] == LEAF:
                    found = self.leaf(op(self.values[at]))
                else:
                    found = self.node(self.level[at], tuple([down(kid) for kid in self.kids[at]]))
                memo[at] = found
            return found

        return down(node)

    def apply(
        self, op: Callable[[Any, Any], Hashable], a: int, b: int, neutral: int | None = None
    ) -> int:
        """A function of the values of two functions; `op` is known by its identity.

        Args:
            neutral: leaf that, as the second, leaves the first as it is.
        """
        memo = self._memo.setdefault(op, {})
        levels, kids = self.level, self.kids

        def down(a: int, b: int) -> int:
            if b == neutral:
                return a
            found = memo.get((a, b))
            if found is None:
                left, right = levels[a], levels[b]
                if left < right:
                    found = self.node(left, tuple([down(kid, b) for kid in kids[a]]))
                elif right < left:
                    found = self.node(right, tuple([down(a, kid) for kid in kids[b]]))
                elif left == LEAF:
                    found = self.leaf(op(self.values[a], self.values[b]))
                else:
                    found = self.node(left, tuple([*map(down, kids[a], kids[b])]))
                memo[a, b] = found
            return found

        return down(a, b)

    def choose(self, level: int, nodes: Sequence[int]) -> int:
        """One function for each value of a variable, whatever variables they hang on."""
        if all(self.level[n] > level for n in nodes):
            return self.node(level, tuple(nodes))
        count = len(nodes)
        return self.any(
            [self.both(self.is_value(level, count, i), node) for i, node in enumerate(nodes)]
        )

    def is_value(self, level: int, count: int, index: int) -> int:
        return self.node(level, tuple([TRUE if i == index else FALSE for i in range(count)]))

    # ------------------------------------------------------------ looking at a function
    def leaves(self, node: int) -> frozenset[Hashable]:
        """Every value that a function takes."""
        memo: dict[int, frozenset[Hashable]] = {}

        def down(at: int) -> frozenset[Hashable]:
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
        left = [self.map(_alone, at) for at in self.bottoms(node, first)]
        while len(left) > 1:
            pairs = zip(left[::2], left[1::2], strict=False)
            left = [self.apply(_union, a, b) for a, b in pairs] + left[len(left) & ~1 :]
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

    def smallest(
        self, node: int, now: Mapping[int, int], wanted: Callable[[Any], bool]
    ) -> list[frozenset[int]]:
        """The smallest sets of variables that, changed from what they are, give a wanted value.

        Args:
            now: index of the present value of every variable of the function.

        Returns:
            levels of the variables of each set, of which no part will do; few variables first.
        """
        memo: dict[int, list[frozenset[int]]] = {}

        def down(at: int) -> list[frozenset[int]]:
            if self.level[at] == LEAF:
                return [frozenset()] if wanted(self.values[at]) else []
            if at not in memo:
                level, kids = self.level[at], self.kids[at]
                kept = kids[now[level]]
                found = list(down(kept))
                for kid in set(kids) - {kept}:
                    found += [ways | {level} for ways in down(kid)]
                memo[at] = _least(found)
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


def _least(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """Those of which no other is a part, small ones first."""
    kept: list[frozenset[int]] = []
    for one in sorted(set(sets), key=lambda s: (len(s), sorted(s))):
        if not any(other <= one for other in kept):
            kept.append(one)
    return kept


def _alone(value: Hashable) -> frozenset[Hashable]:
    return frozenset({value})


def _union(a: frozenset[Hashable], b: frozenset[Hashable]) -> frozenset[Hashable]:
    return a | b


@contextmanager
def deep(levels: int) -> Iterator[None]:
    """Room for recursion as deep as a diagram of so many variables."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 1_000 + 4 * levels))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
