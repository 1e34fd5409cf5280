"""One case of a kind, with as few facts as will do, from the diagrams of every case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from models.law import Subject
from values_act.errors import EngineError
from values_act.readers.anycase import (
    HELD,
    READINGS,
    SHARED,
    AnyCase,
    Effect,
    Items,
    Signature,
)
from values_act.readers.layout import STATED
from values_act.readers.mdd import TRUE
from values_act.readers.openings import FACT, READING, Variable
from values_act.records import OFFENSE, Record, Variant
from values_act.vocabulary import EARLIEST, FactSpec, Span, Value, Values

Path = dict[int, int]  # level of a variable -> index of its value
_At = tuple[tuple[tuple[int, int], ...], Signature]  # counts, and effects of the last event
_ITEM, _FACT, _LOOKED_UP = 1000, 10, 12  # what each thing that a case states costs it


@dataclass(slots=True)
class Example:
    """A case as facts by name: those that it has to state, all others as they may be.

    `items`: of each, its subject and its facts; `offense` among them is a citation.
    """

    case: Values = field(default_factory=dict)
    items: list[tuple[Subject, dict[str, Value]]] = field(default_factory=list)
    readings: dict[str, str] = field(default_factory=dict)


class Examples:
    """Makes cases of kinds; rows of the catalogue stand for facts that are looked up, if they can.

    Args:
        everyone: every case.
        rows: for each subject that has offenses, what each offense of the catalogue tells.
    """

    def __init__(
        self, everyone: AnyCase, rows: Mapping[Subject, Sequence[Variant]] | None = None
    ) -> None:
        self.everyone = everyone
        self.mdd = everyone.mdd
        self.variables = everyone.variables
        self.rows = rows or {}
        self._families: dict[Subject, int] = {}
        self._can: dict[Subject, int] = {}
        self._made: dict[tuple[int, Signature, bool, bool], dict[str, Value]] = {}
        self._offenses: dict[Subject, list[tuple[Variant, Path, int]]] = {}

    def make(self, where: int, *, real: bool, full: bool = False) -> Example | None:
        """A case for which a condition holds, if there is one.

        Args:
            where: node of the cases, over findings and what is not of an item.
            real: each item that can have an offense has one of the catalogue.
            full: facts that make no difference are stated too: where a rule holds whatever they
                are, a reader that takes one fact at a time cannot tell.
        """
        if real:
            for items in self.everyone.items.values():
                where = self.mdd.both(where, self._real(items))
        path = self._cheapest(where)
        if path is None:
            return None
        case = self.everyone.layout.facts.case
        path = self._full(path, case) if full else self._fewest(where, path)
        found = Example()
        for level in sorted(path):
            variable = self.variables[level]
            if variable.kind == READING:
                found.readings[variable.name] = str(variable.values[path[level]])
        self._facts(found.case, case, path)
        for subject, items in self.everyone.items.items():
            for item in self._items(items, path, real=real, full=full):
                if real and subject in self.rows and OFFENSE not in item:
                    return None
                found.items.append((subject, item))
        return found

    def item(self, subject: Subject, where: int, offense: str) -> Example:
        """A case with one item of an offense for which a condition holds.

        Args:
            where: node over the item's facts that the offense does not tell, and the case's.

        Raises:
            EngineError: there is no such case.
        """
        path = self._cheapest(where)
        if path is None:
            raise EngineError("no case was found of an offense that there is")
        path = self._fewest(where, path)
        found = Example(items=[(subject, {OFFENSE: offense})])
        for level in sorted(path):
            variable = self.variables[level]
            if variable.kind == READING:
                found.readings[variable.name] = str(variable.values[path[level]])
        self._facts(found.case, self.everyone.layout.facts.case, path)
        self._facts(found.items[0][1], self.everyone.items[subject].record, path)
        return found

    # ------------------------------------------------------------ paths
    def _cheapest(self, where: int, free: Collection[int] = ()) -> Path | None:
        """A way to a place where a condition holds that has the least to state.

        Args:
            free: levels of variables that cost nothing.
        """
        memo: dict[int, tuple[int, int] | None] = {}  # node -> cost, index of its value

        def down(at: int) -> int | None:
            if at <= TRUE:
                return 0 if at == TRUE else None
            if at not in memo:
                best: tuple[int, int] | None = None
                variable = self.variables[self.mdd.level[at]]
                for index, kid in enumerate(self.mdd.kids[at]):
                    rest = down(kid)
                    if rest is not None:
                        own = 0 if variable.level in free else self._cost(variable, index)
                        cost = rest + own
                        best = (cost, index) if best is None or cost < best[0] else best
                memo[at] = best
            known = memo[at]
            return known[0] if known else None

        if down(where) is None:
            return None
        path: Path = {}
        at = where
        while at != TRUE:
            step = memo[at]
            assert step is not None  # noqa: S101  # there is a way from each node on the way
            path[self.mdd.level[at]] = step[1]
            at = self.mdd.kids[at][step[1]]
        return path

    def _fewest(self, where: int, path: Path) -> Path:
        """The path without each fact that may as well be otherwise, the dearest first."""
        kept = dict(path)
        for level in sorted(path, key=lambda a: (-self._cost(self.variables[a], path[a]), a)):
            rest = {a: i for a, i in kept.items() if a != level}
            if self.mdd.at(where, rest) == TRUE:
                kept = rest
        return kept

    def _full(self, path: Path, record: Record, given: Collection[int] = ()) -> Path:
        """The path with a value for each other fact of a record; any will do."""
        more = {
            level: 0
            for level, variable in self.everyone.variables.items()
            if variable.kind == FACT and variable.record is record and level not in given
        }
        return {**more, **path}

    def _cost(self, variable: Variable, index: int) -> int:
        value = variable.values[index]
        if variable.kind == HELD:
            return _ITEM * index
        if variable.kind != FACT:
            return _FACT * index
        spec = self._spec(variable)
        if _omitted(spec, value):
            return 0
        return (_LOOKED_UP if spec.origin == "looked_up" else _FACT) + (value != spec.usual)

    def _spec(self, variable: Variable) -> FactSpec:
        return self.everyone.layout.spec(variable.of.subject, variable.name)

    # ------------------------------------------------------------ facts
    def _facts(self, found: Values, record: Record, path: Path) -> None:
        """Write out what a path says of a record."""
        for level, index in path.items():
            variable = self.variables[level]
            if variable.kind != FACT or variable.record is not record:
                continue
            said = self.everyone.levels.get((record.number, STATED, variable.name))
            if said is not None and not path.get(said):
                continue  # the date is not stated, so nothing hangs on it
            value, spec = variable.values[index], self._spec(variable)
            if not _omitted(spec, value):
                found[variable.name] = _telling(spec, value)

    # ------------------------------------------------------------ items
    def _items(
        self, items: Items, path: Path, *, real: bool, full: bool
    ) -> Iterator[dict[str, Value]]:
        shared = {a: i for a, i in path.items() if a >= SHARED}
        where = self.mdd.at(items.node, shared) if shared else items.node
        reached = self._reached(items) if real else items.reached
        leaves = self.mdd.leaves(self.mdd.at(reached, shared))
        can = {found for leaf in leaves for found in leaf if found}
        several = any(effect.events for effect in items.effects)
        events = count(1)
        event = ""
        for signature, further in _parts(items.effects, self._wanted(items, path), can):
            item = self._item(items, where, signature, real=real, full=full)
            if several:
                event = f"event {next(events)}" if further or not event else event
                item["event"] = event
            yield item

    def _wanted(self, items: Items, path: Path) -> tuple[tuple[int, int], ...]:
        return tuple(
            (path.get(e.level, 0), path.get(e.level + 1, 0) if e.events else 0)
            for e in items.effects
        )

    def _item(
        self, items: Items, where: int, signature: Signature, *, real: bool, full: bool
    ) -> dict[str, Value]:
        """An item that comes to a signature, whatever else is shared."""
        key = (where, signature, real, full)
        if key not in self._made:
            self._made[key] = self._new_item(items, where, signature, real=real, full=full)
        return dict(self._made[key])

    def _new_item(
        self, items: Items, where: int, signature: Signature, *, real: bool, full: bool
    ) -> dict[str, Value]:
        mdd = self.mdd
        own = mdd.forget(mdd.map(_is(signature), where), range(READINGS, READINGS << 1), _and)
        found: dict[str, Value] = {}
        given: Path = {}
        chosen = self._offense(items, own) if real else None
        if chosen is not None:
            row, given = chosen
            found[OFFENSE] = row.cite
            own = mdd.at(own, given)
        path = self._cheapest(own)
        if path is None:
            raise EngineError("no item was found of a kind that there is")
        path = self._full(path, items.record, given) if full else self._fewest(own, path)
        self._facts(found, items.record, path)
        return found

    def _offense(self, items: Items, own: int) -> tuple[Variant, Path] | None:
        """An offense that an item can have, if one tells all that offenses can tell of it."""
        told = self._told(items)
        under = {self.mdd.level[at] for at in self.mdd.nodes(own)}
        can_tell = {level for _, given, _ in told for level in given} & under
        full = [one for one in told if can_tell <= one[1].keys()] or told
        path = self._cheapest(
            self.mdd.both(own, self.mdd.any([node for _, _, node in full])), can_tell
        )
        if path is None:
            return None
        return next(
            (row, given)
            for row, given, _ in full
            if all(path.get(level, index) == index for level, index in given.items())
        )

    def _real(self, items: Items) -> int:
        """Vectors that items with offenses of the catalogue come to."""
        subject = items.record.subject
        if subject not in self.rows:
            return TRUE
        if subject not in self._families:
            self._families[subject] = self.everyone.family(items, self._reached(items))
        return self._families[subject]

    def _reached(self, items: Items) -> int:
        """What an item with an offense of the catalogue can come to."""
        mdd, subject = self.mdd, items.record.subject
        if subject not in self.rows:
            return items.reached
        if subject not in self._can:
            offenses = mdd.any([node for _, _, node in self._told(items)])
            self._can[subject] = mdd.reach(mdd.apply(_if_there, items.node, offenses), SHARED)
        return self._can[subject]

    def _told(self, items: Items) -> list[tuple[Variant, Path, int]]:
        """Offenses with the facts that each tells, as values and as a node."""
        subject = items.record.subject
        if subject not in self._offenses:
            found = []
            for row in self.rows.get(subject, ()):
                given = {
                    v.level: list(v.values).index(row.values[v.name])
                    for v in items.own
                    if v.kind == FACT and row.values.get(v.name) in v.values
                }
                each = [self.mdd.is_value(a, len(self.variables[a].values), i)
                        for a, i in sorted(given.items(), reverse=True)]  # fmt: skip
                found.append((row, given, self.mdd.all(each)))
            self._offenses[subject] = found
        return self._offenses[subject]


# ---------------------------------------------------------------- helpers


def _omitted(spec: FactSpec, value: object) -> bool:
    """Whether a fact is left out of a case that has this value: it is presumed then."""
    return spec.presumed is not None and spec.presumed.value == value


def _telling(spec: FactSpec, value: object) -> Value:
    """One value of a stretch: its first, or its last where the first is only the lowest."""
    if isinstance(value, Span):
        return value.high if value.low <= (EARLIEST if spec.type == "date" else 0) else value.low
    return value  # type: ignore[return-value]  # of a fact, so a word, a number or an answer


def _parts(
    effects: Sequence[Effect], wanted: tuple[tuple[int, int], ...], can: Collection[Signature]
) -> list[tuple[Signature, bool]]:
    """The fewest items that come to a vector, each of a further event or of the last one.

    Raises:
        EngineError: none do.
    """
    none: Signature = frozenset()
    start = (tuple((0, 0) for _ in effects), none)  # counts; effects that the last event has
    came: dict[_At, list[tuple[Signature, bool]]] = {start: []}
    queue = [start]
    each = sorted(can, key=lambda s: (len(s), sorted(s)))
    ways = (True, False) if any(effect.events for effect in effects) else (True,)
    for at in queue:
        counts, last = at
        if counts == wanted:
            return came[at]
        for signature in each:
            for further in ways:
                there = none if further else last
                then = tuple(
                    _one_more(effect, counts[place], known=place in there)
                    if place in signature else counts[place]
                    for place, effect in enumerate(effects)
                ), (there | signature if len(ways) > 1 else none)  # fmt: skip
                if then not in came and all(
                    a <= b and c <= d for (a, c), (b, d) in zip(then[0], wanted, strict=True)
                ):
                    came[then] = [*came[at], (signature, further)]
                    queue.append(then)
    raise EngineError("no items were found for findings that there are")


def _one_more(effect: Effect, counts: tuple[int, int], *, known: bool) -> tuple[int, int]:
    """Counts with one more item that has an effect; `known`: its event has the effect already."""
    items, events = counts
    return min(effect.items, items + 1), min(effect.events, events + (not known))


@lru_cache(maxsize=4096)
def _is(signature: Signature) -> Callable[[Signature | None], bool]:
    return lambda found: found == signature


def _if_there(signature: Signature | None, there: bool) -> Signature | None:
    return signature if there else None


def _and(a: bool, b: bool) -> bool:
    return a and b
