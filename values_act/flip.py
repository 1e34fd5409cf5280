"""The smallest changes of facts that change an outcome, every one of them, by decision diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set

from models.law import Outcome
from values_act.answer import ORDER, Answer
from values_act.errors import InputError
from values_act.flips import Added, Change, FlipSet
from values_act.follow import Following
from values_act.hypothetical import ITEM, Hypothetical, Loosened, loosen
from values_act.readers.diagram import Item, Signature, keep
from values_act.readers.mdd import TRUE, union
from values_act.readers.nodes import deep
from values_act.readers.openings import Variable
from values_act.records import LIST, OFFENSE, Record
from values_act.vocabulary import Span, Value

NOTHING: frozenset[Outcome] = frozenset()  # where no case may be so


def flips(answer: Answer, only: frozenset[str] = frozenset()) -> list[FlipSet]:
    """Every smallest set of changes after which another outcome is sure; few changes first.

    Facts of the case and of its items change, and for each rule about items one item that meets
    it may be added. Facts that are unknown may become known; as long as they do not, the new
    outcome holds whatever they are. A fact that the case leaves out follows from those that imply
    it, before and after. What `facts.yaml` calls fixed stays, as do the readings, and the day of a
    request.

    Args:
        answer: a case that was decided.
        only: names of the facts that may change; none: all.

    Raises:
        InputError: the outcome is undetermined.
        EngineError: the diagram outgrew its limit.
    """
    if answer.outcome == "undetermined":
        raise InputError(
            "the outcome is undetermined, so there is no one outcome to change; "
            "`decide` says which facts are missing"
        )
    return _Flips(answer, only).all()


class _Flips:
    def __init__(self, answer: Answer, only: frozenset[str]) -> None:
        self.answer = answer
        self.loosened: Loosened = loosen(answer, only)
        self.diagram = Hypothetical(self.loosened)
        self.mdd = self.diagram.mdd
        self.now: dict[int, int] = {}  # by level, the value that a fact has now
        self.kept: dict[int, int] = {}  # the same of facts that only follow from others
        self.unknown: dict[int, list[int]] = {}  # the values it may have, if more than one
        self.hidden: set[int] = set()  # what is not known and not to change

    def all(self) -> list[FlipSet]:
        with deep(len(self.diagram.variables)):
            root, now = self._root()
            found = [
                flip
                for outcome in ORDER
                if outcome != self.answer.outcome
                for flip in self._to(outcome, root, now)
            ]
        return sorted(found, key=lambda flip: len(flip.changes) + len(flip.added))

    # ------------------------------------------------------------ one function of all facts
    def _root(self) -> tuple[int, dict[int, int]]:
        """Sets of outcomes over every fact that may change, and where each is now."""
        diagram, mdd = self.diagram, self.mdd
        self._sort()
        lists = {i.variable.level for i in diagram.items if i.record.phantom}
        root = mdd.forget(diagram.outcomes, lists, union)
        for item in reversed(diagram.items):
            if not item.record.phantom:
                node = self._as_known(item, root)
                root = mdd.relabel(node, self._joined(node))
        case = self.loosened.facts.case
        return self._stated(root, case, 0, diagram.variables.keys() - self._of_items()), self.now

    def _sort(self) -> None:
        """Which facts may change, from what; which are only unknown; which only follow."""
        for level, variable in self.diagram.variables.items():
            if variable.kind == LIST:
                continue
            changes = self.loosened.may_change(variable)
            if not (changes or self.loosened.follows(variable)):
                self.hidden.add(level)
                continue
            indexes = self.loosened.now(variable)
            if len(indexes) > 1:
                self.unknown[level] = indexes
            now = indexes[0] if len(indexes) == 1 else len(variable.values)
            (self.now if changes else self.kept)[level] = now

    def _of_items(self) -> set[int]:
        items = (item for item in self.diagram.items if not item.record.phantom)
        return {variable.level for item in items for variable in item.own}

    def _as_known(self, item: Item, root: int) -> int:
        """An item as a function of its facts: what is left of the case, a set of functions.

        What is not known of the item is left open here, before items meet: together they would
        be a function many times as large.
        """
        mdd = self.mdd
        left: dict[Signature | None, frozenset[int]] = {None: frozenset()}
        for index, value in enumerate(item.values):
            rest = mdd.given(root, item.variable.level, index)
            left[tuple(rule for rule, _, _ in value)] = frozenset({rest})
        node = mdd.map(left.__getitem__, item.node)
        own = {variable.level for variable in item.own}
        return self._stated(node, item.record, item.number, own)

    def _stated(self, node: int, record: Record, number: int, own: Set[int]) -> int:
        """A function of a record's own facts as one of what a case file states of it."""
        mdd = self.mdd
        hidden = self.hidden & own
        unknown = {level: of for level, of in self.unknown.items() if level in own}
        node = mdd.widen(mdd.forget(node, hidden, union), unknown, union)
        specs = self.loosened.following.get((record.subject, record.number), [])
        node = Following(self.diagram, unknown).of(node, specs, record, number, hidden)
        return mdd.at(node, {level: index for level, index in self.kept.items() if level in own})

    def _joined(self, node: int) -> dict[int, int]:
        """For each end of an item's function: all that is left of the case, as one function."""
        mdd = self.mdd
        found: dict[int, int] = {}
        for end in mdd.bottoms(node, self.diagram.shared):
            joined = mdd.leaf(NOTHING)
            for left in mdd.leaves(end):
                where = mdd.map(_is(left), end)
                for rest in sorted(left):
                    joined = mdd.apply(union, joined, mdd.apply(keep, rest, where, TRUE))
            found[end] = joined
        return found

    # ------------------------------------------------------------ one outcome
    def _to(self, outcome: Outcome, root: int, now: Mapping[int, int]) -> Iterator[FlipSet]:
        wanted = _exactly(outcome)
        for levels in self.mdd.smallest(root, now, wanted):
            kept = {level: index for level, index in now.items() if level not in levels}
            for region in self.mdd.paths(self.mdd.at(root, kept), wanted):
                yield self._flip(outcome, region)

    def _flip(self, outcome: Outcome, region: Mapping[int, tuple[int, ...]]) -> FlipSet:
        changes: list[Change] = []
        added: list[Added] = []
        for level, indexes in sorted(region.items()):
            variable = self.diagram.variables[level]
            if variable.kind == ITEM:
                added.append(self.diagram.examples[level])
            else:
                changes.append(self._change(variable, indexes))
        changes.sort(key=lambda change: change.record.subject == "case")
        return FlipSet(outcome, tuple(changes), tuple(added))

    def _change(self, variable: Variable, indexes: tuple[int, ...]) -> Change:
        record = self.loosened.original(variable)
        if variable.kind == OFFENSE:
            cites = [c for i in indexes for c in self.loosened.cites(variable, i)]
            return Change(record, OFFENSE, tuple(cites), record.title)
        values: list[Value] = [variable.values[i] for i in indexes]  # type: ignore[misc]
        return Change(record, variable.name, tuple(_merged(values)), record.values[variable.name])


def _is(leaf: object) -> Callable[[object], bool]:
    return lambda value: value == leaf


def _exactly(outcome: Outcome) -> Callable[[frozenset[Outcome]], bool]:
    return lambda outcomes: outcomes == {outcome}


def _merged(values: list[Value]) -> Iterator[Value]:
    """Stretches that touch, as one."""
    last: Span | None = None
    for value in values:
        if not isinstance(value, Span):
            yield value
        elif last is not None and last.high + 1 == value.low:
            last = Span(last.low, value.high)
        else:
            if last is not None:
                yield last
            last = value
    if last is not None:
        yield last
