"""What the unknown facts leave possible: exact outcomes over every filling of them.

Each item is split alone, and only on unknown facts that still matter to a rule that is not yet
decided; its leaves are the sets of rules it can satisfy. Items are then folded together, keeping
distinct totals only, and the case's own unknown facts are split last. So the work grows with the
number of *different* results, never with the product of all fillings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from models.dates import add_years
from models.law import Condition, Outcome, Rule, Test, Unpublished
from values_act.kleene import undecided
from values_act.narrow import ContradictionError, narrow
from values_act.program import Program
from values_act.readers.reference import (
    Choices,
    Holdings,
    ItemView,
    Judgment,
    Supposition,
    judge,
    view_item,
)
from values_act.readers.revise import revise_item
from values_act.records import Facts, Record, chosen_fact
from values_act.totals import APART, EMPTY, TOGETHER, Assignment, CaseLeaf, ItemLeaf, Total
from values_act.vocabulary import Open, Span, Value, Values, is_known

MAX_LEAVES = 4_000  # of one case, over every combination of open readings
OFFENSE = "offense"
EVENT = "event"


class TooManyError(Exception):
    """More fillings than are worth trying; the caller falls back on the sound bound."""


class Budget:
    """How many more fillings may be tried for one case."""

    def __init__(self, left: int = MAX_LEAVES) -> None:
        self.left = left

    def spend(self, count: int = 1) -> None:
        """Count fillings tried.

        Raises:
            TooManyError: the budget is used up.
        """
        self.left -= count
        if self.left < 0:
            raise TooManyError


class Fillings:
    """Fillings of one case under one program and one choice of readings."""

    def __init__(self, program: Program, facts: Facts, readings: Choices, budget: Budget) -> None:
        self.budget = budget
        self.program = program
        self.facts = facts
        self.readings = readings
        self.cap = max([1, *(f.at_least for f in program.founds)])
        self._leaves: dict[int, list[ItemLeaf]] = {}
        self._cases: dict[Total, list[CaseLeaf]] = {}

    # ------------------------------------------------------------ items
    def item_leaves(self, index: int) -> list[ItemLeaf]:
        """Every way to fill an item, as far as it matters."""
        if index not in self._leaves:
            record = self.facts.items[index]
            start = view_item(self.program, self.facts, record, self.readings)
            self._leaves[index] = list(self._split(start, dict(record.values), {}))
            if not self._leaves[index]:
                raise TooManyError  # an empty set of fillings is never an answer
        return self._leaves[index]

    def _split(
        self, view: ItemView, values: Values, assigned: dict[str, object]
    ) -> Iterator[ItemLeaf]:
        record = view.record
        open_rules = [
            rule for rule in self.program.effects[record.subject] if view.truths[rule.id] is None
        ]
        if not open_rules:
            self.budget.spend()
            satisfied = frozenset(k for k, truth in view.effective.items() if truth is not False)
            start = record.values
            forced = {
                name: value
                for name, value in values.items()
                if value != start[name] and name not in assigned
            }
            yield from self._events(record, assigned, satisfied, forced)
            return
        name = next(self._deciding(view, open_rules))
        choices = list(self._choices(record, values, name))
        if not choices:
            raise TooManyError
        for label, filled in choices:
            try:
                narrow(self.program.vocabulary, record.subject, filled)
            except ContradictionError:
                continue
            changes = {key: value for key, value in filled.items() if value != values.get(key)}
            if not changes:  # what is open hangs on another record, as a partial request date
                raise TooManyError
            revised = revise_item(self.program, self.facts, view, self.readings, changes)
            yield from self._split(revised, filled, {**assigned, name: label})

    def _events(
        self,
        record: Record,
        assigned: Assignment,
        satisfied: frozenset[str],
        forced: Values,
    ) -> Iterator[ItemLeaf]:
        events_matter = any(f.distinct and f.rule in satisfied for f in self.program.founds)
        if not events_matter or record.event is not None:
            # a mark that no label of ours has keeps stated events apart from supposed ones
            event = f"={record.event}" if events_matter else None
            yield ItemLeaf(assigned, satisfied, event, forced)
            return
        for event in (TOGETHER, f"{APART} {record.number}"):
            yield ItemLeaf({**assigned, EVENT: event.split()[0]}, satisfied, event, forced)

    def _deciding(self, view: ItemView, rules: Iterable[Rule]) -> Iterator[str]:
        """Raw facts that keep a rule from being decided, through definitions and derivations."""
        defined = {
            name: self.program.definers.get((view.record.subject, name), ())
            for name, value in view.values.items()
            if isinstance(value, Open)
        }
        seen: set[str] = set()
        queue = [rule.when for rule in rules]
        while queue:
            condition = queue.pop(0)
            for leaf in undecided(condition, view.values):
                if not isinstance(leaf, Test) or leaf.fact in seen:
                    continue
                seen.add(leaf.fact)
                if defined.get(leaf.fact):
                    queue.extend(r.when for r in defined[leaf.fact] if view.truths[r.id] is None)
                else:
                    yield from self._raw(view.record, leaf.fact)

    def _raw(self, record: Record, name: str) -> Iterator[str]:
        """The raw fact behind a name: a derived fact's date, or which offense it is."""
        spec = self.program.vocabulary.facts[record.subject, name]
        if spec.derive is not None:
            choice = spec.derive.years_from
            yield chosen_fact(choice, self.readings.get(choice.reading), record.stated)
        elif any(name in variant.values for variant in record.variants):
            yield OFFENSE
        else:
            yield name

    def _choices(
        self, record: Record, values: Values, name: str
    ) -> Iterator[tuple[object, Values]]:
        if name == OFFENSE:
            for variant in record.variants:
                fits = all(
                    _admits(values.get(key, value), value) for key, value in variant.values.items()
                )
                if fits:
                    yield variant.cite, {**values, **variant.values}
            return
        value = values[name]
        if isinstance(value, Open):
            for choice in value.choices:
                yield choice, {**values, name: choice}
        elif isinstance(value, Span):
            for part in self._parts(record, name, value):
                yield part, {**values, name: part.low if part.low == part.high else part}

    def _parts(self, record: Record, name: str, span: Span) -> Iterator[Span]:
        """A range cut where some test of the program cuts it."""
        cuts = sorted(c for c in self._cuts(record, name, span) if span.low < c <= span.high)
        low = span.low
        for cut in cuts:
            yield Span(low, cut - 1)
            low = cut
        yield Span(low, span.high)

    def _cuts(self, record: Record, name: str, span: Span) -> set[int]:
        cuts: set[int] = set()
        for test in self.program.tests[record.subject]:
            fact = test.fact
            spec = self.program.vocabulary.facts[record.subject, fact]
            expect = test.expect
            if fact == name:
                cuts |= {int(v) for v in expect.values} | {int(v) + 1 for v in expect.values}
                cuts |= {d.toordinal() for d in (expect.since, expect.before) if d}
                cuts |= {n for n in (expect.at_least,) if n is not None}
                cuts |= {n + 1 for n in (expect.at_most,) if n is not None}
            elif spec.derive is not None and name in {
                spec.derive.years_from.otherwise,
                *spec.derive.years_from.options.values(),
            }:
                limits = {n for n in (expect.at_most,) if n is not None}
                limits |= {n - 1 for n in (expect.at_least,) if n}
                for limit in limits:
                    cuts |= self._window_starts(limit, span)
        return cuts

    def _window_starts(self, years: int, span: Span) -> set[int]:
        """Days near the first one that still lies within a window of years, each its own cut."""
        ends = [self.facts.day]
        stated = self.facts.case.values.get("request.date")
        if isinstance(stated, int) and not isinstance(stated, bool):
            ends.append(date.fromordinal(stated))
        found: set[int] = set()
        for end in ends:
            if end.year - years < 1:
                continue
            start = add_years(end, -years).toordinal()
            found |= {start - 1, start, start + 1, start + 2}
        return {day for day in found if span.low < day <= span.high}

    # ------------------------------------------------------------ all items together
    def totals(self, without: int | None = None) -> frozenset[Total]:
        """Every total that the items can come to, leaving one item out if asked."""
        totals: frozenset[Total] = frozenset({EMPTY})
        counted = self.program.counted
        for index, record in enumerate(self.facts.items):
            if index == without:
                continue
            leaves_ = list(
                {(leaf.satisfied, leaf.event): leaf for leaf in self.item_leaves(index)}.values()
            )
            grown = {total.add(leaf, counted, self.cap) for total in totals for leaf in leaves_}
            if record.phantom:  # none, or any number of further items
                grown |= totals
                while True:
                    more = {t.add(leaf, counted, self.cap) for t in grown for leaf in leaves_}
                    if more <= grown:
                        break
                    grown |= more
                    self.budget.spend(len(more))
            self.budget.spend(len(grown))
            totals = frozenset(grown)
        return totals

    # ------------------------------------------------------------ the case
    def case_leaves(self, total: Total) -> list[CaseLeaf]:
        """Every way to fill the case's own unknown facts, for given items."""
        if total not in self._cases:
            start = dict(self.facts.case.values)
            split = self._split_case(total.holdings(), start, Supposition(), {})
            self._cases[total] = list(split)
            if not self._cases[total]:
                raise TooManyError
        return self._cases[total]

    def _split_case(
        self, held: Holdings, values: Values, supposed: Supposition, assigned: dict[str, object]
    ) -> Iterator[CaseLeaf]:
        judgment = judge(self.program, self.facts.case, held, self.readings, values, supposed)
        if len(judgment.outcomes) == 1:
            self.budget.spend()
            yield CaseLeaf(assigned, next(iter(judgment.outcomes)))
            return
        kind, name = next(self._open_points(judgment, supposed), ("", ""))
        if not kind:
            raise TooManyError  # nothing of the case decides it
        if kind == "policy":
            for answer in (True, False):
                live = Supposition(supposed.published, {**supposed.live, name: answer})
                label = {**assigned, f"policy {name}": answer}
                yield from self._split_case(held, values, live, label)
        elif kind == "published":
            for answer in (True, False):
                known = Supposition({**supposed.published, name: answer}, supposed.live)
                label = {**assigned, f"unpublished {name}": answer}
                yield from self._split_case(held, values, known, label)
        else:
            for label_, filled in self._choices(self.facts.case, values, name):
                try:
                    narrow(self.program.vocabulary, "case", filled)
                except ContradictionError:
                    continue
                yield from self._split_case(held, filled, supposed, {**assigned, name: label_})

    def _open_points(self, judgment: Judgment, supposed: Supposition) -> Iterator[tuple[str, str]]:
        """What keeps the outcome open: facts of the case, unpublished parts, uncertain dates."""
        rules = [self.program.rules[key] for key, truth in judgment.truths.items() if truth is None]
        conditions: list[Condition | None] = [rule.when for rule in rules]
        conditions += [result.rule.term.when for result in judgment.local if result.open is None]
        for condition in conditions:
            for leaf in undecided(condition, judgment.values, judgment.context):
                if isinstance(leaf, Test):
                    spec = self.program.vocabulary.facts["case", leaf.fact]
                    if spec.origin != "defined":
                        yield "fact", leaf.fact
                elif isinstance(leaf, Unpublished):
                    yield "published", leaf.name
        for result in judgment.local:
            term, policy = result.rule.term, result.rule.policy
            if term.rule == "unpublished" and term.name and term.name not in supposed.published:
                yield "published", term.name
            if result.rule.in_force is None and policy.id not in supposed.live:
                yield "policy", policy.id

    # ------------------------------------------------------------ answers
    def outcomes(self) -> frozenset[Outcome]:
        """Every outcome that some filling gives."""
        return frozenset(
            leaf.outcome for total in self.totals() for leaf in self.case_leaves(total)
        )


# ---------------------------------------------------------------- helpers


def _admits(current: Value, value: Value) -> bool:
    if isinstance(current, Open):
        return not is_known(value) or value in current.choices
    return isinstance(current, Span) or not is_known(value) or current == value
