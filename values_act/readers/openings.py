"""What a case leaves open, as variables: one a fact, its values cut where a limit cuts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from models.dates import add_years
from models.law import Condition, Derivation, Subject, Test
from values_act.conditions import facts_of, leaves
from values_act.program import Program, unpublished_in
from values_act.records import EVENT, OFFENSE, Facts, Record, chosen_fact, whole_years
from values_act.vocabulary import Open, Span, Value, is_known

FACT = "fact"  # kinds of variables, with those of `records`
READING, PUBLISHED, LIVE = "reading", "unpublished", "policy"
TOGETHER, APART = "together", "apart"
INSIDE = "inside"  # the option of an anniversary that counts it


@dataclass(slots=True, eq=False)
class Variable:
    """One thing left open: a fact of a record, a reading, what no policy publishes.

    `values` are words, answers, whole numbers and `Span`s of them; catalogued offenses
    (`records.Variant`); options; or, for a list left open, what else may stand on it.
    """

    record: Record | None
    kind: str  # fact, offense, event, "" for a list, reading, unpublished or policy
    name: str
    values: Sequence[object]
    level: int = -1

    @property
    def of(self) -> Record:
        """Whose it is.

        Raises:
            ValueError: it is of no record, as a reading.
        """
        if self.record is None:
            raise ValueError(f"{self.kind} {self.name} is of no record")
        return self.record


@lru_cache(maxsize=512)
def fact_order(program: Program, subject: Subject) -> Mapping[str, int]:
    """Places of a subject's facts in a diagram, rule by rule.

    Facts that one rule tests together stand together; any other order makes diagrams many times
    larger.
    """
    conditions: list[Condition | None] = [
        rule.when for rule in (*program.definitions[subject], *program.effects[subject])
    ]
    conditions += [never.when for never in program.vocabulary.never.get(subject, ())]
    found: dict[str, int] = {}
    for name in (name for when in conditions for name in facts_of(when)):
        spec = program.vocabulary.facts[subject, name]
        found.setdefault(spec.derive.years_from.otherwise if spec.derive else name, len(found))
    return found


@lru_cache(maxsize=512)
def own_limits(program: Program, subject: Subject) -> Mapping[str, frozenset[int]]:
    """For each number or date, the values from which on some test of it comes out otherwise."""
    cuts: dict[str, set[int]] = {}
    for test in _tests(program, subject):
        expect, found = test.expect, cuts.setdefault(test.fact, set())
        found |= {int(v) + step for v in expect.values if not isinstance(v, str) for step in (0, 1)}
        found |= {day.toordinal() for day in (expect.since, expect.before) if day}
        found |= {expect.at_least} if expect.at_least is not None else set()
        found |= {expect.at_most + 1} if expect.at_most is not None else set()
    return {name: frozenset(found) for name, found in cuts.items()}


@lru_cache(maxsize=512)
def year_limits(program: Program, subject: Subject) -> tuple[tuple[Derivation, int], ...]:
    """Numbers of years past which some test of years between two dates comes out otherwise."""
    found: dict[tuple[str, int], tuple[Derivation, int]] = {}
    for test in program.tests[subject]:
        derive, expect = program.vocabulary.facts[subject, test.fact].derive, test.expect
        if derive is not None:
            years = [expect.at_most] if expect.at_most is not None else []
            years += [expect.at_least - 1] if expect.at_least else []
            years += [int(value) - step for value in expect.values for step in (0, 1)]
            found |= {(test.fact, n): (derive, n) for n in years}
    return tuple(found.values())


def _tests(program: Program, subject: Subject) -> Iterator[Test]:
    yield from program.tests[subject]
    for never in program.vocabulary.never.get(subject, ()):
        yield from (leaf for leaf in leaves(never.when) if isinstance(leaf, Test))


class Openings:
    """Finds what is open in one case under one program."""

    def __init__(self, program: Program, facts: Facts, *, implied: bool = False) -> None:
        """Look into a case; `implied`: what follows from a fact makes that fact matter too."""
        self.program = program
        self.facts = facts
        self.implied = implied
        self.specs = program.vocabulary.facts
        self._days: dict[str, list[int]] = {}

    # ------------------------------------------------------------ which facts
    def of_record(self, record: Record) -> Iterator[Variable]:
        """Unknown facts of a record that a rule, or a forbidden combination, looks at."""
        looked_up = {name for variant in record.variants for name in variant.values}
        names = self._relevant(record)
        order = fact_order(self.program, record.subject)
        if record.variants and any(name in looked_up for name in names):
            yield Variable(record, OFFENSE, OFFENSE, record.variants)
        for name in sorted(names, key=lambda name: order.get(name, len(order))):
            if is_known(record.values.get(name, True)):
                continue
            if name in looked_up and not any(_leaves_open(v.values, name) for v in record.variants):
                continue
            yield Variable(record, FACT, name, self.cut(record, name))
        if record.subject != "case" and record.event is None and self.events_matter(record):
            yield Variable(record, EVENT, EVENT, (TOGETHER, APART))

    def _relevant(self, record: Record) -> set[str]:
        """Raw facts that tests read, dates behind derived ones, and what they are tied to."""
        subject = record.subject
        found: set[str] = set()
        for name in self.program.reads[subject]:
            derive = self.specs[subject, name].derive
            found |= self._starts(derive, record) if derive else {name}
        if subject == "case":
            found |= {n for s, n in self.program.behind if s == "case" and n in record.stated}
        vocabulary = self.program.vocabulary
        tied = [set(facts_of(never.when)) for never in vocabulary.never.get(subject, ())]
        if self.implied:
            for spec in vocabulary.implicable[subject]:
                tied += [{spec.name, *facts_of(implied.when)} for implied in spec.implied]
        while True:
            more = set[str]().union(*(named for named in tied if named & found)) - found
            if not more:
                return found
            found |= more

    @staticmethod
    def _starts(derive: Derivation, record: Record) -> set[str]:
        choice = derive.years_from
        return {chosen_fact(choice, option, record.stated) for option in (None, *choice.options)}

    def events_matter(self, record: Record) -> bool:
        """Whether it counts for something which items are of one event."""
        rules = self.program.rules
        return any(
            found.distinct and found.rule in rules and record.subject in rules[found.rule].subject
            for found in self.program.founds
        )

    def of_policies(self) -> Iterator[Variable]:
        """Parts that nobody has published, and policies that may or may not be in force."""
        names = dict.fromkeys(n for item in self.program.local for n in unpublished_in(item.term))
        yield from (Variable(None, PUBLISHED, name, (True, False)) for name in names)
        for item in self.program.local:
            if item.in_force is None:
                yield Variable(None, LIVE, item.policy.id, (True, False))

    # ------------------------------------------------------------ which values
    def cut(self, record: Record, name: str) -> Sequence[Value]:
        """The values of an unknown fact, a range cut into stretches that no limit divides."""
        value = record.values[name]
        if isinstance(value, Open):
            return value.choices
        span = _span(value)
        if ("case", name) in self.program.behind and record.subject == "case":
            return self._days_of_case(name)
        cuts = self._own_limits(record, name) | self._windows(record, name)
        return list(stretches(span, cuts))

    def _own_limits(self, record: Record, name: str) -> frozenset[int]:
        return own_limits(self.program, record.subject).get(name, frozenset())

    def _windows(self, record: Record, name: str) -> set[int]:
        """First days from which a whole number of years is no more than a limit."""
        return {
            cut
            for derive, years in self._limits(record, name)
            for end in self._ends(derive)
            for cut in first_days(end, years)
        }

    def _limits(self, record: Record, name: str) -> Iterator[tuple[Derivation, int]]:
        """Limits in years, counted from a date of the record."""
        for derive, years in year_limits(self.program, record.subject):
            if name in self._starts(derive, record):
                yield derive, years

    def _ends(self, derive: Derivation) -> Iterator[int]:
        """Days to which years may be counted: every end of a stretch, where one is not exact."""
        case = self.facts.case
        yield self.facts.day.toordinal()
        for option in derive.years_to.options:
            name = chosen_fact(derive.years_to, option, case.stated)
            value = case.values.get(name, self.facts.day.toordinal())
            yield from self._days_of_case(name) if isinstance(value, Span) else [int(str(value))]

    def _days_of_case(self, name: str) -> list[int]:
        """Days that stand for all of an inexact date of the case: both ends of each stretch.

        Within a stretch nothing changes for any item: each limit in years falls before, inside or
        after the range of the item's own date throughout.
        """
        if name not in self._days:
            value = _span(self.facts.case.values[name])
            cuts = self._own_limits(self.facts.case, name)
            for record in self.facts.items:
                for start, own in record.values.items():
                    if isinstance(own, bool) or not isinstance(own, (int, Span)):
                        continue
                    edges = {own.low, own.high, own.high + 1} if isinstance(own, Span) else {own}
                    edges |= self._own_limits(record, start)
                    for _, years in self._limits(record, start):
                        cuts |= {c for edge in edges for c in last_days(edge, years)}
            parts = stretches(value, cuts)
            days = {d for part in parts for d in (part.low, part.high)}
            self._days[name] = sorted(days)
        return self._days[name]


def _leaves_open(values: Mapping[str, Value], name: str) -> bool:
    return name not in values or not is_known(values[name])


def _span(value: Value) -> Span:
    return value if isinstance(value, Span) else Span(int(str(value)), int(str(value)))


def stretches(span: Span, cuts: Iterable[int]) -> Iterator[Span]:
    """A range in stretches, each new one beginning at a cut."""
    low = span.low
    for cut in sorted(set(cuts)):
        if low < cut <= span.high:
            yield Span(low, cut - 1)
            low = cut
    yield Span(low, span.high)


def first_days(end: int, years: int, ways: Iterable[bool] = (True, False)) -> Iterator[int]:
    """Starts from which no more than so many whole years lie before a day.

    Args:
        ways: whether the anniversary counts as inside; on either convention, if both may be.
    """
    day = date.fromordinal(end)
    if years < 0 or day.year - years < 2:
        return
    near = add_years(day, -years).toordinal()
    for inside in ways:
        for start in range(near - 1, near + 4):
            if _within(start, end, years, inside) and not _within(start - 1, end, years, inside):
                yield start


def last_days(start: int, years: int, ways: Iterable[bool] = (True, False)) -> Iterator[int]:
    """Days from which more than so many whole years lie behind a start; `ways` as above."""
    day = date.fromordinal(start)
    if years < 0 or day.year + years > date.max.year - 1:
        return
    near = add_years(day, years).toordinal()
    for inside in ways:
        for end in range(near - 2, near + 4):
            if _within(start, end - 1, years, inside) and not _within(start, end, years, inside):
                yield end


def _within(start: int, end: int, years: int, inside: bool) -> bool:
    return whole_years(start, end, inside) <= years
