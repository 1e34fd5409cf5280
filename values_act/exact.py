"""Exact answers from the decision diagram of a case: outcomes, what still matters, readings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product

from models.law import Outcome, Reading
from values_act.lacking import Lack
from values_act.program import Program
from values_act.readers.diagram import NOTHING, Diagram, Item
from values_act.readers.openings import LIST, READING, Variable
from values_act.records import Facts, Variant
from values_act.vocabulary import Span

Outcomes = frozenset[Outcome]
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
    ) -> None:
        self.diagram = Diagram(program, facts, choices, freed)
        self.mdd = self.diagram.mdd

    def outcomes(self) -> Outcomes:
        """Every outcome that some filling gives; an open reading counts as one more unknown."""
        return self._left(self.diagram.outcomes)

    def _left(self, node: int) -> Outcomes:
        return NOTHING.union(*self.mdd.leaves(node))

    # ------------------------------------------------------------ what still matters
    def missing(self) -> list[Lack]:
        """Facts that matter, those first that can settle most."""
        found = [*self._of_case()]
        for item in self.diagram.items:
            found += self._of_list(item) if item.record.phantom else self._of_item(item)
        return sorted(found, key=_worth)

    def _of_case(self) -> Iterator[Lack]:
        root = self.diagram.outcomes
        for level in sorted(self.mdd.deciding(root, _clash)):
            variable = self.diagram.variables[level]
            if variable.kind not in (LIST, READING):
                answers = [self._left(self.mdd.given(root, level, i)) for i in _indexes(variable)]
                record = variable.record or self.diagram.facts.case
                name = variable.name if variable.record else f"{variable.kind} {variable.name}"
                yield Lack(record, name, tuple(_joined(variable, answers)))

    def _of_list(self, item: Item) -> Iterator[Lack]:
        """Whether what else stands on a list left open changes anything."""
        root, level = self.diagram.outcomes, item.variable.level
        if level in self.mdd.deciding(root, _clash):
            left = {value: self._left(self.mdd.given(root, level, i))
                    for i, value in enumerate(item.variable.values)}  # fmt: skip
            none = left.pop((), NOTHING)
            yield Lack(item.record, LIST, ((NONE_ON_RECORD, none),
                                           (SOME, NOTHING.union(*left.values()))))  # fmt: skip

    def _of_item(self, item: Item) -> Iterator[Lack]:
        """Facts of an item, by what each way to fill it makes of the rest of the case."""
        mdd = self.mdd
        bottoms = self.diagram.beyond(item, self.diagram.outcomes)
        if len(set(bottoms.values())) < 2:
            return
        node = mdd.relabel(item.node, {b: mdd.leaf(("rest", g)) for b, g in bottoms.items()})
        left: dict[object, Outcomes] = {}

        def outcomes(at: int) -> Outcomes:
            for leaf in mdd.leaves(at):
                left.setdefault(leaf, self._left(leaf[1]))
            return NOTHING.union(*(left[leaf] for leaf in mdd.leaves(at)))

        def clash(a: tuple[str, int], b: tuple[str, int]) -> bool:
            return mdd.differ(a[1], b[1], _clash)

        deciding = mdd.deciding(node, clash)
        for level, variable in enumerate(item.own):
            if level in deciding:
                answers = [outcomes(mdd.given(node, level, i)) for i in _indexes(variable)]
                yield Lack(item.record, variable.name, tuple(_joined(variable, answers)))

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
        for levels in self.mdd.smallest(node, now, lambda outcomes: outcomes != usual):
            ordered = sorted(levels)
            others = [[i for i in _indexes(variables[at]) if i != now[at]] for at in ordered]
            for choice in product(*others):
                outcomes = self._left(
                    self.mdd.at(node, {**now, **dict(zip(ordered, choice, strict=True))})
                )
                if outcomes != usual:
                    pairs = [(readings[variables[at].name], str(variables[at].values[i]))
                             for at, i in zip(ordered, choice, strict=True)]  # fmt: skip
                    found.append((tuple(pairs), outcomes))
        return found


# ---------------------------------------------------------------- helpers


def _clash(a: Outcomes, b: Outcomes) -> bool:
    """Whether two fillings, both possible, differ."""
    return bool(a) and bool(b) and a != b


def _flat(found: frozenset[Outcomes]) -> Outcomes:
    return NOTHING.union(*found)


def _indexes(variable: Variable) -> range:
    return range(len(variable.values))


def _joined(variable: Variable, answers: list[Outcomes]) -> Iterator[tuple[object, Outcomes]]:
    """Values with what they leave; neighbouring stretches that leave the same made one."""
    last: tuple[object, Outcomes] | None = None
    for value, left in zip(variable.values, answers, strict=True):
        if not left:
            continue  # no case may be so
        shown = value.cite if isinstance(value, Variant) else value
        if last is not None and last[1] == left and _touch(last[0], shown):
            last = (Span(last[0].low, shown.high), left)  # type: ignore[attr-defined]  # both spans
            continue
        if last is not None:
            yield last
        last = (shown, left)
    if last is not None:
        yield last


def _touch(a: object, b: object) -> bool:
    return isinstance(a, Span) and isinstance(b, Span) and a.high + 1 == b.low


def _worth(lack: Lack) -> tuple[object, ...]:
    """What can settle the case first; then what leaves fewest outcomes on the average."""
    sizes = [len(left) for _, left in lack.answers if left] or [9]
    settles = sum(size == 1 for size in sizes)
    return (min(sizes), sum(sizes) / len(sizes), -settles, lack.name != LIST)
