"""A rule's words cut into pieces, so that each test can be marked where it stands.

Joined, the pieces are what `words.describe` says. A piece that is a test has its path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from models.law import AllOf, AnyOf, Condition, Not, Subject
from values_act.conditions import Leaf
from values_act.kleene import Truth, all_of, any_of, negate
from values_act.readers.words import describe
from values_act.vocabulary import Vocabulary

Path = tuple[str | int, ...]  # as in the rule's file: `all`, 2, `not`


class Piece(NamedTuple):
    """Some words of a condition; without a path they only join tests."""

    text: str
    path: Path | None = None


def placed_leaves(condition: Condition | None, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """Every leaf of a condition with its path, left to right."""
    if condition is None:
        return
    if isinstance(condition, (AllOf, AnyOf)):
        word = "all" if isinstance(condition, AllOf) else "any"
        for number, part in enumerate(condition.parts):
            yield from placed_leaves(part, (*path, word, number))
    elif isinstance(condition, Not):
        yield from placed_leaves(condition.part, (*path, "not"))
    else:
        yield path, condition


def truth_under(condition: Condition | None, truths: Sequence[Truth]) -> Truth:
    """What a condition comes to when its leaves, left to right, come to these."""
    return _under(condition, iter(truths))


def _under(condition: Condition | None, truths: Iterator[Truth]) -> Truth:
    if condition is None:
        return True
    if isinstance(condition, (AllOf, AnyOf)):
        parts = [_under(part, truths) for part in condition.parts]
        return all_of(parts) if isinstance(condition, AllOf) else any_of(parts)
    if isinstance(condition, Not):
        return negate(_under(condition.part, truths))
    return next(truths)


def turning(condition: Condition | None, truths: Sequence[Truth]) -> tuple[int, ...]:
    """Which leaves turn a condition alone: were one otherwise, the condition surely would be.

    An unknown leaf stays unknown when it is turned, so it turns nothing.
    """
    now = truth_under(condition, truths)
    if now is None:
        return ()
    found = []
    for number, truth in enumerate(truths):
        other = [*truths[:number], negate(truth), *truths[number + 1 :]]
        if truth_under(condition, other) is (not now):
            found.append(number)
    return tuple(found)


def pieces(
    vocabulary: Vocabulary,
    subject: Subject,
    condition: Condition | None,
    titles: Mapping[str, str] | None = None,
) -> list[Piece]:
    """The words of a condition, each test a piece with its path."""
    return list(_cut(vocabulary, subject, condition, titles, ()))


def _cut(
    vocabulary: Vocabulary,
    subject: Subject,
    condition: Condition | None,
    titles: Mapping[str, str] | None,
    path: Path,
) -> Iterator[Piece]:
    if isinstance(condition, (AllOf, AnyOf)):
        every = isinstance(condition, AllOf)
        word, joint = ("all", "; and ") if every else ("any", " or ")
        if not every:
            yield Piece("(")
        for number, part in enumerate(condition.parts):
            if number:
                yield Piece(joint)
            yield from _cut(vocabulary, subject, part, titles, (*path, word, number))
        if not every:
            yield Piece(")")
    elif isinstance(condition, Not):
        yield Piece("not (")
        yield from _cut(vocabulary, subject, condition.part, titles, (*path, "not"))
        yield Piece(")")
    else:
        said = describe(vocabulary, subject, condition, titles)
        yield Piece(said, None if condition is None else path)
