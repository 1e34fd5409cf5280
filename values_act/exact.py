"""Exact answers from the decision diagram of a case: outcomes, what still matters, readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from math import log2
from operator import itemgetter

from models.law import Reading
from values_act.lacking import Lack
from values_act.options import Outcomes
from values_act.program import Program
from values_act.readers.diagram import ITEMS, NOTHING, Diagram, Item, interchangeable
from values_act.readers.mdd import Mdd
from values_act.readers.openings import READING, Variable
from values_act.records import LIST, Facts, Record, Variant
from values_act.vocabulary import Span, merged

SOME = "some"
NONE_ON_RECORD = "none"


class Exact:
    """Questions put to the diagram of one case."""

    def __init__(
        self,
        program: Program,
        facts: Facts,
        choices: Mapping[str, str | None],
        freed: Collection[str] = (),
        store: Mdd | None = None,
    ) -> None:
        """Make the diagram, in a store of its own or in one of another diagram of the case."""
        self.diagram = Diagram(program, facts, choices, freed, store)
        self.mdd = self.diagram.mdd
        self._known: dict[int, Counter[Outcomes]] = {}

    def outcomes(self) -> Outcomes:
        """Every outcome that some filling gives; an open reading counts as one more unknown."""
        return self._left(self.diagram.outcomes)

    def _left(self, node: int) -> Outcomes:
        return NOTHING.union(*self.mdd.leaves(node))

    # ------------------------------------------------------------ what still matters
    def missing(self) -> list[Lack]:
        """Facts that matter, those first that can settle most."""
        found = [*self._of_case()]
        told: list[tuple[Record, list[Lack]]] = []
        for item in self.diagram.items:
            if not item.record.phantom:
                own = next((of for one, of in told if interchangeable(one, item.record)), None)
                own = list(self._of_item(item)) if own is None else own
                told.append((item.record, own))
                found += [replace(lack, record=item.record) for lack in own]
        return sorted(found, key=_worth)

    def _of_case(self) -> Iterator[Lack]:
        root, variables = self.diagram.outcomes, self.diagram.variables
        deciding = self.mdd.deciding(root, _clash)
        tables = self.mdd.tables(root, self._widths) if deciding else {}
        for level in sorted(deciding):
            variable = variables[level]
            if variable.kind not in (LIST, READING) and level < self.diagram.shared:
                record = variable.record or self.diagram.facts.case
                name = variable.name if variable.record else f"{variable.kind} {variable.name}"
                yield _lack(record, name, variable, tables[level])
        for item in self.diagram.items:
            if item.record.phantom and item.variable.level in deciding:
                yield _list_lack(item, tables[item.variable.level])
        yield from self._of_dates()

    def _of_dates(self) -> Iterator[Lack]:
        """Dates of the case from which years are counted for items: they change items as well."""
        diagram = self.diagram
        dates = range(diagram.shared, diagram.readings)
        if dates:
            root = diagram.flat(diagram.outcomes)
            deciding = self.mdd.deciding(root, _clash)
            tables = self.mdd.tables(root, {a: len(v.values) for a, v in self._flat_variables()})
            for level in dates:
                if level in deciding:
                    variable = diagram.variables[level]
                    yield _lack(diagram.facts.case, variable.name, variable, tables[level])

    def _flat_variables(self) -> Iterator[tuple[int, Variable]]:
        """Variables of the one function of all facts: those that stand for an item are gone."""
        items = {i.variable.level for i in self.diagram.items if not i.record.phantom}
        return ((a, v) for a, v in self.diagram.variables.items() if a not in items)

    @cached_property
    def _widths(self) -> dict[int, int]:
        """Numbers of values of the variables of the summary, by level."""
        variables = self.diagram.variables
        return {level: len(v.values) for level, v in variables.items() if level >= ITEMS}

    def _of_item(self, item: Item) -> Iterator[Lack]:
        """Facts of an item, by what each way to fill it makes of the rest of the case."""
        mdd = self.mdd
        bottoms = self.diagram.beyond(item, self.diagram.outcomes)
        if len(set(bottoms.values())) < 2:
            return
        node = mdd.relabel(item.node, {b: mdd.leaf(("rest", g)) for b, g in bottoms.items()})

        def clash(a: tuple[str, int], b: tuple[str, int]) -> bool:
            return mdd.differ(a[1], b[1], _clash)

        deciding = mdd.deciding(node, clash)
        tables = mdd.tables(node, {v.level: len(v.values) for v in item.own}) if deciding else {}
        for variable in item.own:
            if variable.level in deciding:
                spread = [self._spread(table) for table in tables[variable.level]]
                yield _lack(item.record, variable.name, variable, spread)

    def _spread(self, table: Counter[tuple[str, int]]) -> Counter[Outcomes]:
        """Fillings of an item and of the rest of the case that give each set of outcomes."""
        found: Counter[Outcomes] = Counter()
        for (_, rest), number in table.items():
            for outcomes, more in self._rest(rest).items():
                found[outcomes] += number * more
        return found

    def _rest(self, root: int) -> Counter[Outcomes]:
        """Fillings of all but one item that give each set of outcomes."""
        if root not in self._known:
            self._known[root] = self.mdd.counts(root, self._widths)
        return self._known[root]

    # ------------------------------------------------------------ readings
    def by_readings(self, first: int) -> int:
        """For the readings from a level on: the set of outcomes that all else leaves possible."""
        return self.mdd.map(_flat, self.mdd.reach(self.diagram.outcomes, first))

    def open_readings(self) -> list[tuple[Reading, str, Outcomes]]:
        """Readings left open that, taken otherwise, leave other outcomes; each with its options."""
        node = self.by_readings(self.diagram.readings)
        levels = {self.mdd.level[at] for at in self.mdd.nodes(node)}
        return [
            (self.diagram.program.readings[variable.name], str(option),
             self._left(self.mdd.given(node, level, i)))
            for level in sorted(levels)
            for variable in [self.diagram.variables[level]]
            for i, option in enumerate(variable.values)
        ]  # fmt: skip

    def changes(
        self, taken: Mapping[str, str]
    ) -> list[tuple[tuple[tuple[Reading, str], ...], Outcomes]]:
        """The smallest sets of other options of the freed readings that change the outcomes."""
        node = self.by_readings(self.diagram.freed)
        readings, variables = self.diagram.program.readings, self.diagram.variables
        now = {
            level: list(variable.values).index(taken[variable.name])
            for level, variable in variables.items()
            if level >= self.diagram.freed and variable.name in taken
        }
        usual = self._left(self.mdd.at(node, now))
        found = []
        for moves in self.mdd.smallest_moves(node, now, lambda outcomes: outcomes != usual):
            changed = [(variables[level], index) for level, index in sorted(moves)]
            pairs = tuple((readings[v.name], str(v.values[index])) for v, index in changed)
            found.append((pairs, self._left(self.mdd.at(node, {**now, **dict(moves)}))))
        return found


# ---------------------------------------------------------------- helpers


def _clash(a: Outcomes, b: Outcomes) -> bool:
    """Whether two fillings, both possible, differ."""
    return bool(a) and bool(b) and a != b


def _flat(found: frozenset[Outcomes]) -> Outcomes:
    return NOTHING.union(*found)


def _joined(variable: Variable, answers: Iterable[Outcomes]) -> Iterator[tuple[object, Outcomes]]:
    """Values with what they leave, if a case may be so; stretches that touch are one."""
    pairs = [(value, left) for value, left in zip(variable.values, answers, strict=True) if left]
    for left, group in groupby(pairs, key=itemgetter(1)):
        values = [value.cite if isinstance(value, Variant) else value for value, _ in group]
        spans = all(isinstance(value, Span) for value in values)
        yield from ((value, left) for value in (merged(values) if spans else values))


def _lack(record: Record, name: str, variable: Variable, tables: list[Counter[Outcomes]]) -> Lack:
    answers = _joined(variable, [NOTHING.union(*+table) for table in tables])
    return Lack(record, name, tuple(answers), bits(tables))


def _list_lack(item: Item, tables: list[Counter[Outcomes]]) -> Lack:
    """Whether anything else stands on a list left open; it may be what counts for nothing."""
    left = [NOTHING.union(*+table) for table in tables]
    none = left[item.values.index(())]
    answers = ((NONE_ON_RECORD, none), (SOME, NOTHING.union(*left)))
    return Lack(item.record, LIST, answers, bits(tables))


def bits(tables: Iterable[Counter[Outcomes]]) -> float:
    """What knowing a fact tells of the outcome, if every filling is as likely as any other."""
    each = [Counter({o: n for o, n in table.items() if o and n}) for table in tables]
    total = sum(each, Counter())
    if not total:
        return 0.0
    after = sum(table.total() / total.total() * _entropy(table) for table in each if table)
    return _entropy(total) - after


def _entropy(table: Counter[Outcomes]) -> float:
    shares = [number / table.total() for number in table.values()]
    return -sum(share * log2(share) for share in shares)


def _worth(lack: Lack) -> tuple[object, ...]:
    """What can settle the case first, lists before single facts; then what tells most."""
    sizes = [len(left) for _, left in lack.answers if left]
    return (min(sizes), lack.name != LIST, -round(lack.bits, 6))
