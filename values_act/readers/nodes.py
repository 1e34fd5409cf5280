"""Multi-valued decision diagrams: shared, reduced, ordered; equal functions are the same node.

A node is a number. A leaf holds any hashable value; every other node belongs to a variable, known
by its level, and has one child for each value of it. Levels grow on the way down. A variable that
does not matter on a path has no node there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from values_act.errors import EngineError

LEAF = 1 << 30  # below every variable
FALSE, TRUE = 0, 1
MAX_NODES = 400_000


class Nodes:
    """A store of nodes; makes each function once.

    Args:
        limit: nodes that may be made before the store gives up.
    """

    def __init__(self, limit: int = MAX_NODES) -> None:
        self.limit = limit
        self.level: list[int] = []
        self.kids: list[tuple[int, ...]] = []
        self.values: list[Any] = []
        self._nodes: dict[tuple[int, tuple[int, ...]], int] = {}
        self._leaves: dict[tuple[type, Hashable], int] = {}
        self._memo: dict[object, dict[Any, int]] = {}
        self._differ: dict[object, dict[tuple[int, int], bool]] = {}
        self._within: dict[tuple[int, int], bool] = {}
        self._deepest: dict[int, int] = {}
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
        if b in (a, TRUE):
            return a
        if a == TRUE:
            return b
        if FALSE in (a, b):
            return FALSE
        key = (a, b) if a < b else (b, a)
        found = self._and.get(key)
        if found is None:
            found = self._and[key] = self._down(self.both, a, b)
        return found

    def either(self, a: int, b: int) -> int:
        if b in (a, FALSE):
            return a
        if a == FALSE:
            return b
        if TRUE in (a, b):
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
                    found = self.node(left, tuple(map(down, kids[a], kids[b])))
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


@contextmanager
def deep(levels: int) -> Iterator[None]:
    """Room for recursion as deep as a diagram of so many variables."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 1_000 + 4 * levels))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
