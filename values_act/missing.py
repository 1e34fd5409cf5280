"""Which unknown facts could change the outcome: those that, changed alone, change it somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from models.law import Test
from values_act.conditions import leaves
from values_act.fillings import OFFENSE, Fillings, TooManyError
from values_act.program import Program
from values_act.readers.reference import View
from values_act.records import Facts, Record
from values_act.totals import Assignment, CaseLeaf, ItemLeaf, Total
from values_act.vocabulary import Open, Span, is_known

MAX_COMPARED = 300  # leaves of one item compared pair by pair

Lack = tuple[Record, str, tuple[object, ...]]  # whose fact, which ("" a whole list), its values


def missing_facts(fillings: Fillings) -> list[Lack]:
    """Facts that, changed alone in some filling, change the outcome; with the values that do.

    Raises:
        TooManyError: an item has too many leaves to compare them pair by pair.
    """
    found: list[Lack] = []
    totals = fillings.totals()
    names: dict[str, dict[object, None]] = {}
    for total in totals:
        for name, a, b in _changes(fillings.case_leaves(total)):
            names.setdefault(name, {}).update({a: None, b: None})
    found += [(fillings.facts.case, name, tuple(values)) for name, values in names.items()]
    for index, record in enumerate(fillings.facts.items):
        others = fillings.totals(without=index)
        if record.phantom:
            if _list_matters(fillings, index, others):
                found.append((record, "", ()))
            continue
        if len(fillings.item_leaves(index)) > MAX_COMPARED:
            raise TooManyError
        looked_up = {fact for variant in record.variants for fact in variant.values}
        for name, values, pairs in _single_changes(fillings.item_leaves(index), looked_up):
            if any(_differ(fillings, others, a, b) for a, b in pairs):
                found.append((record, name, values))
    return found


def possibly_missing(program: Program, facts: Facts, view: View) -> list[Lack]:
    """Unknown facts that undecided rules name: all that could matter, and perhaps more."""
    found: list[Lack] = []
    for record, truths in (
        (facts.case, view.judgment.truths),
        *((item.record, item.truths) for item in view.items),
    ):
        if record.phantom:
            if any(truth is not False for truth in truths.values()):
                found.append((record, "", ()))
            continue
        undecided = [key for key, truth in truths.items() if truth is None]
        named = dict.fromkeys(
            leaf.fact
            for key in undecided
            for leaf in leaves(program.rules[key].when)
            if isinstance(leaf, Test)
        )
        found += [
            (record, name, _values(record, name))
            for name in dict.fromkeys(_raw(program, record, name) for name in named)
            if name == OFFENSE or (name in record.values and not is_known(record.values[name]))
        ]
    return found


def _raw(program: Program, record: Record, name: str) -> str:
    derive = program.vocabulary.facts[record.subject, name].derive
    return derive.years_from.otherwise if derive else name


def _values(record: Record, name: str) -> tuple[object, ...]:
    value = record.values.get(name)
    if isinstance(value, Open):
        return value.choices
    return (value,) if isinstance(value, Span) else ()


def _differ(fillings: Fillings, others: Iterable[Total], a: ItemLeaf, b: ItemLeaf) -> bool:
    counted, cap = fillings.program.counted, fillings.cap
    return any(
        _outcomes_differ(
            fillings.case_leaves(total.add(a, counted, cap)),
            fillings.case_leaves(total.add(b, counted, cap)),
        )
        for total in others
    )


def _list_matters(fillings: Fillings, index: int, others: Iterable[Total]) -> bool:
    counted, cap = fillings.program.counted, fillings.cap
    return any(
        _outcomes_differ(
            fillings.case_leaves(total), fillings.case_leaves(total.add(leaf, counted, cap))
        )
        for total in others
        for leaf in fillings.item_leaves(index)
    )


def _outcomes_differ(left: list[CaseLeaf], right: list[CaseLeaf]) -> bool:
    return left is not right and any(
        x.outcome != y.outcome and _compatible(x.assigned, y.assigned) for x in left for y in right
    )


def _compatible(a: Assignment, b: Assignment) -> bool:
    return all(a[name] == b[name] for name in a.keys() & b.keys())


def _changes(found: list[CaseLeaf]) -> Iterator[tuple[str, object, object]]:
    """Pairs of leaves that differ in one fact only, and in outcome."""
    for i, a in enumerate(found):
        for b in found[i + 1 :]:
            if a.outcome != b.outcome:
                name = _only_difference(a.assigned, b.assigned)
                if name is not None:
                    yield name, a.assigned[name], b.assigned[name]


def _only_difference(a: Assignment, b: Assignment) -> str | None:
    """The one fact two leaves of a tree differ in; facts that only one was split on agree."""
    different = [name for name in a.keys() & b.keys() if a[name] != b[name]]
    return different[0] if len(different) == 1 else None


def _meet(a: ItemLeaf, b: ItemLeaf, changed: str, free: set[str]) -> bool:
    """Whether two leaves can agree in all but one fact: what one forces, the other must allow."""
    for one, other in ((a, b), (b, a)):
        for name, value in one.forced.items():
            if name == changed or name in free:
                continue
            also = other.forced.get(name, other.assigned.get(name))
            if also is not None and not _overlap(value, also):
                return False
    return True


def _overlap(a: object, b: object) -> bool:
    if isinstance(a, Span) or isinstance(b, Span):
        low, high = a if isinstance(a, Span) else (a, a)
        floor, top = b if isinstance(b, Span) else (b, b)
        return bool(low <= top and floor <= high)  # type: ignore[operator]  # both are numbers
    left = set(a.choices) if isinstance(a, Open) else {a}
    right = set(b.choices) if isinstance(b, Open) else {b}
    return not left.isdisjoint(right)


def _single_changes(
    found: list[ItemLeaf], looked_up: set[str]
) -> Iterator[tuple[str, tuple[object, ...], list[tuple[ItemLeaf, ItemLeaf]]]]:
    """For each fact, pairs of leaves that differ in it alone and satisfy different rules."""
    values: dict[str, dict[object, None]] = {}
    pairs: dict[str, dict[tuple[object, ...], tuple[ItemLeaf, ItemLeaf]]] = {}
    for i, a in enumerate(found):
        for b in found[i + 1 :]:
            if (a.satisfied, a.event) == (b.satisfied, b.event):
                continue
            name = _only_difference(a.assigned, b.assigned)
            if name is not None and _meet(a, b, name, looked_up if name == OFFENSE else set()):
                values.setdefault(name, {}).update({a.assigned[name]: None, b.assigned[name]: None})
                key = (a.satisfied, a.event, b.satisfied, b.event)
                pairs.setdefault(name, {})[key] = (a, b)
    for name, different in pairs.items():
        yield name, tuple(values[name]), list(different.values())
