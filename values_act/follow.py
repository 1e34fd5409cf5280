"""What follows from a fact that is changed: facts that a case leaves out, and others imply."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter

from values_act.conditions import facts_of
from values_act.readers.diagram import Diagram
from values_act.readers.openings import FACT, Variable
from values_act.records import Record
from values_act.vocabulary import FactSpec, Vocabulary


def followers(vocabulary: Vocabulary, record: Record) -> list[FactSpec]:
    """Facts of a record that may follow from others, those that imply one of them after it.

    A fact follows if the case leaves it out; that something is not on a list follows even where
    the list is stated.
    """
    specs = {
        spec.name: spec
        for spec in vocabulary.implicable[record.subject]
        if spec.name in record.implicable or spec.list_name
    }
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, spec in specs.items():
        order.add(name)
        for behind in (fact for one in spec.implied for fact in facts_of(one.when)):
            order.add(behind, name)
    return [specs[name] for name in order.static_order() if name in specs]


class Following:
    """Rewrites functions of facts to functions of what a case file states.

    Of a fact that is left out, the value one past the last is that it is left out: it is then what
    others surely imply, else it may be anything.
    """

    def __init__(self, diagram: Diagram, unknown: Mapping[int, Sequence[int]]) -> None:
        self.diagram = diagram
        self.unknown = unknown  # by level, the values that a fact left as it is may have

    def of(
        self,
        node: int,
        specs: Sequence[FactSpec],
        record: Record,
        number: int,
        hidden: Container[int],
    ) -> int:
        """A function of a record's facts, where a fact that is left out is what others say it is.

        Args:
            node: its leaves are sets, its variables are widened by `unknown`.
            specs: facts that may follow, in the order of `followers`.
            record: the record with its facts loosened.
            number: its place among the items, 0 for the case.
            hidden: levels of facts that are not known and not to change.
        """
        mdd = self.diagram.mdd
        for spec in specs:
            variable = self.diagram.variable(number, FACT, spec.name)
            if variable is None:
                continue
            level, values = variable.level, list(variable.values)
            width = len(values) + (level in self.unknown)
            for left in self._left(spec, variable):
                rest = mdd.given(node, level, left)
                for one in reversed(spec.implied):
                    where = self.diagram.holds(one.when, record, number, {})
                    where = mdd.widen(mdd.forget(where, hidden, _both), self.unknown, _both)
                    told = mdd.given(node, level, values.index(one.value))
                    rest = self.diagram.split(where, told, rest)
                node = self.diagram.split(mdd.is_value(level, width, left), rest, node)
        return node

    def _left(self, spec: FactSpec, variable: Variable) -> Iterator[int]:
        """Values of a fact under which it may follow: left out, not on a list."""
        if variable.level in self.unknown:
            yield len(variable.values)
        if spec.list_name:
            yield list(variable.values).index(False)


def _both(a: bool, b: bool) -> bool:
    return a and b
