"""Circles in a graph of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def find_cycle(graph: Mapping[str, set[str]]) -> list[str] | None:
    """The first circle, its start given again at its end; None if there is none."""
    done: set[str] = set()
    for start in graph:
        trail: list[str] = []
        on_trail: set[str] = set()
        stack: list[tuple[str, Iterator[str]]] = []
        if start not in done:
            stack.append((start, iter(sorted(graph.get(start, ())))))
            trail.append(start)
            on_trail.add(start)
        while stack:
            node, successors = stack[-1]
            for successor in successors:
                if successor in on_trail:
                    return [*trail[trail.index(successor) :], successor]
                if successor not in done:
                    stack.append((successor, iter(sorted(graph.get(successor, ())))))
                    trail.append(successor)
                    on_trail.add(successor)
                    break
            else:
                stack.pop()
                done.add(node)
                on_trail.discard(trail.pop())
    return None
