"""The smallest changes of facts that change an outcome, every one of them, by decision diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from models.law import Outcome
from values_act.answer import ORDER, Answer
from values_act.errors import InputError
from values_act.flip_items import Items, Ways
from values_act.flips import Added, Change, FlipSet, Found
from values_act.follow import Following
from values_act.hypothetical import ITEM, Hypothetical, Loosened, loosen
from values_act.readers.diagram import Item
from values_act.readers.mdd import union
from values_act.readers.nodes import deep
from values_act.readers.openings import Variable
from values_act.records import LIST, OFFENSE
from values_act.vocabulary import Span, Value, merged

MOST = 1_000  # sets of changes to one outcome


def flips(
    answer: Answer, only: frozenset[str] = frozenset(), to: Outcome | None = None, most: int = MOST
) -> Found:
    """Every smallest set of changes after which another outcome is sure; few changes first.

    Facts of the case and of its items change, and for each rule about items one item that meets
    it may be added. Facts that are unknown may become known; as long as they do not, the new
    outcome holds whatever they are. A fact that the case leaves out follows from those that imply
    it, before and after. What `facts.yaml` calls fixed stays, as do the readings, and the day of a
    request.

    Args:
        answer: a case that was decided.
        only: names of the facts that may change; none: all.
        to: the one outcome to look for; none: every other one.
        most: sets to each outcome; of more the smallest come back.

    Raises:
        InputError: the outcome is undetermined.
        EngineError: the diagram outgrew its limit.
    """
    if answer.outcome == "undetermined":
        raise InputError(
            "the outcome is undetermined, so there is no one outcome to change; "
            "`decide` says which facts are missing"
        )
    return _Flips(answer, only).all([to] if to else ORDER, most)


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
        self.of_case = self.diagram.variables.keys() - {
            variable.level for item in self.diagram.items for variable in item.own
        }
        self._sort()

    def all(self, outcomes: Sequence[Outcome], most: int) -> Found:
        sets: list[FlipSet] = []
        beyond: set[Outcome] = set()
        with deep(len(self.diagram.variables)):
            lists = {i.variable.level for i in self.diagram.items if i.record.phantom}
            whole = self.mdd.forget(self.diagram.outcomes, lists, union)
            items = Items(self.diagram, whole, ITEM, self._stated, self.now)
            for outcome in outcomes:
                if outcome != self.answer.outcome:
                    ways, more = items.ways(_exactly(outcome), most + 1)
                    found = list(islice(self._to(outcome, items, ways), most + 1))
                    sets += found[:most]
                    beyond |= {outcome} if more or len(found) > most else set()
        sets.sort(key=lambda flip: len(flip.changes) + len(flip.added))
        return Found(tuple(sets), frozenset(beyond))

    # ------------------------------------------------------------ facts
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

    def _stated(self, node: int, item: Item | None) -> int:
        """A function of the facts of an item, or of the case, as one of what a file states of it.

        What is not known of an item is left open here, before items meet.
        """
        mdd, record = self.mdd, item.record if item else self.loosened.facts.case
        own = {variable.level for variable in item.own} if item else self.of_case
        hidden = self.hidden & own
        unknown = {level: of for level, of in self.unknown.items() if level in own}
        node = mdd.widen(mdd.forget(node, hidden, union), unknown, union)
        specs = self.loosened.following[record.subject, record.number]
        number = item.number if item else 0
        node = Following(self.diagram, unknown).of(node, specs, record, number, hidden)
        return mdd.at(node, {level: index for level, index in self.kept.items() if level in own})

    # ------------------------------------------------------------ one outcome
    def _to(self, outcome: Outcome, items: Items, ways: Ways) -> Iterator[FlipSet]:
        wanted = _exactly(outcome)
        for levels in ways:
            for region in self.mdd.paths(items.left(levels), wanted):
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
        if all(isinstance(value, Span) for value in values):
            values = [*merged(values)]
        return Change(record, variable.name, tuple(values), record.values[variable.name])


def _exactly(outcome: Outcome) -> Callable[[frozenset[Outcome]], bool]:
    return lambda outcomes: outcomes == {outcome}
