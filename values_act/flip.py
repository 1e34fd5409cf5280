"""The smallest changes of facts that change an outcome, every one of them, by decision diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from models.law import Outcome
from values_act.answer import ORDER, Answer
from values_act.errors import InputError
from values_act.flips import OFFENSE, Added, Change, FlipSet
from values_act.hypothetical import ITEM, Hypothetical, Loosened, loosen
from values_act.readers.diagram import ITEMS, SHARED, Item, Signature, union
from values_act.readers.mdd import least
from values_act.readers.nodes import FALSE, TRUE, deep
from values_act.readers.openings import LIST, Variable
from values_act.vocabulary import Span, Value

NOTHING: frozenset[Outcome] = frozenset()  # where no case may be so
Items = Sequence[tuple[Item, int]]  # with the function of the facts of each
Ways = list[frozenset[int]]  # sets of levels
Wanted = Callable[[frozenset[Outcome]], bool]


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
    """Looks for sets of changes item by item.

    One function of the facts of all items would be far too large. So each item is a function of
    its own facts, whose ends say what it may come to; given that, the rest of the case is left.
    """

    def __init__(self, answer: Answer, only: frozenset[str]) -> None:
        self.answer = answer
        self.loosened: Loosened = loosen(answer, only)
        self.diagram = Hypothetical(self.loosened)
        self.mdd = self.diagram.mdd
        self.now: dict[int, int] = {}  # by level: the value that a fact has; one more: not known
        self.unknown: dict[int, list[int]] = {}  # by level: the values that it may have
        self.hidden: set[int] = set()  # levels of what is open and stays so
        for level, variable in self.diagram.variables.items():
            if variable.kind == LIST:
                continue
            if variable.record is None or not self.loosened.may_change(variable):
                self.hidden.add(level)
                continue
            indexes = self.loosened.now(variable)
            self.now[level] = indexes[0] if len(indexes) == 1 else len(variable.values)
            if len(indexes) > 1:
                self.unknown[level] = indexes

    def all(self) -> list[FlipSet]:
        with deep(len(self.diagram.variables)):
            lists = {i.variable.level for i in self.diagram.items if i.record.phantom}
            root = self.mdd.forget(self.diagram.outcomes, lists, union)
            own = [item for item in self.diagram.items if not item.record.phantom]
            items = [(item, self._as_known(item, root)) for item in own]
            found = [
                flip
                for outcome in ORDER
                if outcome != self.answer.outcome
                for flip in self._to(outcome, root, items)
            ]
        return sorted(found, key=lambda flip: len(flip.changes) + len(flip.added))

    # ------------------------------------------------------------ one item
    def _as_known(self, item: Item, root: int) -> int:
        """An item as a function of its facts: places of the values of its variable.

        A set of places, as far as facts are not known; of values with the same effect the first.
        """
        first: dict[int, int] = {}
        places: dict[Signature | None, frozenset[int]] = {None: frozenset()}
        for place, value in enumerate(item.values):
            rest = self.mdd.given(root, item.variable.level, place)
            same = first.setdefault(rest, place)
            places[tuple(rule for rule, _, _ in value)] = frozenset({same})
        own = {level for level in self.hidden if level < ITEMS}  # readings all items share
        return self._open(self.mdd.map(places.__getitem__, item.node), own)

    def _open(self, node: int, hidden: set[int]) -> int:
        """A function with what stays open left open, and unknown facts one value more."""
        return self.mdd.widen(self.mdd.forget(node, hidden, union), self.unknown, union)

    def _left(self, item: Item, node: int, root: int) -> dict[int, int]:
        """For each end of an item's function: what is left of the case."""
        mdd = self.mdd
        found: dict[int, int] = {}
        for end in mdd.bottoms(node, SHARED):
            left = mdd.leaf(NOTHING)
            for places in mdd.leaves(end):
                where = mdd.map(_is(places), end)
                for place in sorted(places):
                    rest = mdd.given(root, item.variable.level, place)
                    left = mdd.apply(union, left, mdd.apply(_keep, rest, where, TRUE))
            found[end] = left
        return found

    # ------------------------------------------------------------ one outcome
    def _to(self, outcome: Outcome, root: int, items: Items) -> Iterator[FlipSet]:
        wanted = _exactly(outcome)
        for levels in self._smallest(root, items, wanted, {}):
            kept = {level: index for level, index in self.now.items() if level not in levels}
            for region in self.mdd.paths(self._flat(root, items, kept), wanted):
                yield self._flip(outcome, region)

    def _smallest(
        self, root: int, items: Items, wanted: Wanted, memo: dict[tuple[int, int], Ways]
    ) -> Ways:
        """The smallest sets of levels, of these items and of the case, that do."""
        if not items:
            return self.mdd.smallest(self._open(root, self.hidden), self.now, wanted)
        key = root, len(items)
        if key not in memo:
            (item, node), *further = items
            ends: dict[int, set[int]] = {}
            for end, left in self._left(item, node, root).items():
                ends.setdefault(left, set()).add(end)
            found: Ways = []
            for left, mine in ends.items():
                rest = self._smallest(left, further, wanted, memo)
                if rest:
                    marks = {
                        end: TRUE if end in mine else FALSE for e in ends.values() for end in e
                    }
                    marked = self.mdd.relabel(node, marks)
                    own = self.mdd.smallest(marked, self.now, bool)
                    found += [a | b for a in own for b in rest]
            memo[key] = least(found)
        return memo[key]

    def _flat(self, root: int, items: Items, kept: Mapping[int, int]) -> int:
        """The outcomes as one function of the few facts that are not kept."""
        if not items:
            return self.mdd.at(self._open(root, self.hidden), kept)
        (item, node), *further = items
        node = self.mdd.at(node, kept)
        left = self._left(item, node, root)
        return self.mdd.relabel(node, {e: self._flat(r, further, kept) for e, r in left.items()})

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
