"""Walking conditions: which facts, rules and routes they name. No evaluation here."""

from __future__ import annotations

from collections.abc import Iterator

from models.law import AllOf, AnyOf, Condition, Found, Not, Open, Rule, Test, Unpublished

Leaf = Test | Found | Open | Unpublished


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """Every leaf of a condition, left to right."""
    if condition is None:
        return
    stack: list[Condition] = [condition]
    while stack:
        node = stack.pop()
        if isinstance(node, Test):  # most are, and this is asked often
            yield node
        elif isinstance(node, (AllOf, AnyOf)):
            stack.extend(reversed(node.parts))
        elif isinstance(node, Not):
            stack.append(node.part)
        else:
            yield node


def facts_of(condition: Condition | None) -> Iterator[str]:
    return (leaf.fact for leaf in leaves(condition) if isinstance(leaf, Test))


def found_in(condition: Condition | None) -> Iterator[Found]:
    return (leaf for leaf in leaves(condition) if isinstance(leaf, Found))


def tests_routes(rule: Rule) -> bool:
    """Whether the rule looks at what is left after bars, and so is decided last."""
    return any(isinstance(leaf, Open) for leaf in leaves(rule.when))
