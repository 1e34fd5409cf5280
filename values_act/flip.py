"""The smallest changes of facts that change an outcome, every one of them, by decision diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set

from models.law import Outcome
from values_act.answer import ORDER, Answer
from values_act.errors import InputError
from values_act.flips import Added, Change, FlipSet
from values_act.hypothetical import ITEM, Hypothetical, Loosened, loosen
from values_act.readers.diagram import Item, Signature
from values_act.readers.mdd import TRUE, union
from values_act.readers.nodes import deep
from values_act.readers.openings import Variable
from values_act.records import LIST, OFFENSE
from values_act.vocabulary import Span, Value

NOTHING: frozenset[Outcome] = frozenset()  # where no case may be so


def flips(answer: Answer, only: frozenset[str] = frozenset()) -> list[FlipSet]:
    """Every smallest set of changes after which another outcome is sure; few changes first.

    Facts of the case and of its items change, and for each rule about items one item that meets
    it may be added. Facts that are unknown may become known; as long as they do not, the new
    outcome holds whatever they are. What `facts.yaml` calls fixed stays, as do the readings, and
    the day of a request.

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
        diagram = self.diagram
        now: dict[int, int] = {}
        unknown: dict[int, list[int]] = {}
        hidden: set[int] = set()
        for level, variable in diagram.variables.items():
            if variable.kind == LIST:
                continue
            if variable.record is None or not self.loosened.may_change(variable):
                hidden.add(level)
                continue
            indexes = self.loosened.now(variable)
            now[level] = indexes[0] if len(indexes) == 1 else len(variable.values)
            if len(indexes) > 1:
                unknown[level] = indexes
        lists = {i.variable.level for i in diagram.items if i.record.phantom}
        root = self.mdd.forget(diagram.outcomes, lists, union)
        for item in reversed(diagram.items):
            if not item.record.phantom:
                own = {variable.level for variable in item.own}
                node = self._as_known(item, root, own & hidden, _of(unknown, own))
                root = self.mdd.relabel(node, self._joined(node))
                unknown = _of(unknown, unknown.keys() - own)
        root = self.mdd.forget(root, hidden, union)
        return self.mdd.widen(root, unknown, union), now

    def _as_known(
        self, item: Item, root: int, hidden: set[int], unknown: Mapping[int, list[int]]
    ) -> int:
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
        return mdd.widen(mdd.forget(node, hidden, union), unknown, union)

    def _joined(self, node: int) -> dict[int, int]:
        """For each end of an item's function: all that is left of the case, as one function."""
        mdd = self.mdd
        found: dict[int, int] = {}
        for end in mdd.bottoms(node, self.diagram.shared):
            joined = mdd.leaf(NOTHING)
            for left in mdd.leaves(end):
                where = mdd.map(_is(left), end)
                for rest in sorted(left):
                    joined = mdd.apply(union, joined, mdd.apply(_keep, rest, where, TRUE))
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


def _of(unknown: Mapping[int, list[int]], levels: Set[int]) -> dict[int, list[int]]:
    return {level: indexes for level, indexes in unknown.items() if level in levels}


def _is(leaf: object) -> Callable[[object], bool]:
    return lambda value: value == leaf


def _keep(outcomes: frozenset[Outcome], where: bool) -> frozenset[Outcome]:
    return outcomes if where else NOTHING


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
