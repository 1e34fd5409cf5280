"""Where conditions hold: tests of facts and of years as nodes of a decision diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from models.law import (
    AllOf,
    AnyOf,
    Choice,
    Condition,
    Derivation,
    Expect,
    Found,
    Not,
    Rule,
    Test,
)
from models.law import Open as OpenRoute
from values_act.conditions import facts_of
from values_act.kleene import expected
from values_act.program import Program
from values_act.readers.mdd import FALSE, TRUE, Mdd
from values_act.readers.openings import FACT, PUBLISHED, READING, Variable
from values_act.records import OFFENSE, Facts, Record, Variant, chosen_fact, whole_years
from values_act.vocabulary import Open, Span, Value, is_known

Choices = Mapping[str, str | None]
Key = tuple[int, str, str]  # whose (by its place among the records; -1: nobody's), kind, name


@dataclass(slots=True)
class Judged:
    """The case's own rules, and what is left on each route."""

    truths: dict[str, int]
    defined: dict[str, int]
    routes: dict[str, int] = field(default_factory=dict)


class Where:
    """The variables of a case, and where conditions over them hold.

    A record goes with its number: 0 for the case, its place among the items otherwise.

    Attributes:
        variables: by level.
    """

    def __init__(
        self, program: Program, facts: Facts, choices: Choices, store: Mdd | None = None
    ) -> None:
        self.program = program
        self.facts = facts
        self.choices = choices
        self.mdd = store or Mdd()
        self.variables: dict[int, Variable] = {}
        self._level: dict[Key, int] = {}
        self._next = 0

    def count(self, found: Found) -> int:
        """Where a rule holds for so many items."""
        raise NotImplementedError

    # ------------------------------------------------------------ variables
    def _place(self, variables: Iterator[Variable] | Sequence[Variable], number: int = -1) -> None:
        for variable in variables:
            variable.level = self._next
            self.variables[self._next] = variable
            self._level[number, variable.kind, variable.name] = self._next
            self._next += 1

    def variable(self, number: int, kind: str, name: str) -> Variable | None:
        """A variable by whose it is; None where it is not open."""
        level = self._level.get((number, kind, name))
        return None if level is None else self.variables[level]

    def where(self, number: int, kind: str, name: str, wanted: Sequence[bool]) -> int:
        level = self._level[number, kind, name]
        return self.mdd.node(level, tuple([TRUE if yes else FALSE for yes in wanted]))

    def taken(self, reading: str, options: Sequence[str]) -> int:
        """Where one of some options of a reading is taken."""
        taken = self.choices.get(reading)
        if taken is not None:
            return TRUE if taken in options else FALSE
        values = self.variables[self._level[-1, READING, reading]].values
        return self.where(-1, READING, reading, [value in options for value in values])

    def _gate(self, rule: Rule) -> int:
        return self.mdd.all([self.taken(name, list(o)) for name, o in rule.reading.items()])

    # ------------------------------------------------------------ conditions
    def holds(
        self,
        condition: Condition | None,
        record: Record,
        number: int,
        defined: Mapping[str, int],
        judged: Judged | None = None,
    ) -> int:
        """Where a condition holds."""
        mdd = self.mdd
        if condition is None:
            return TRUE
        if isinstance(condition, Test):
            return self._test(condition, record, number, defined)
        if isinstance(condition, Not):
            return mdd.no(self.holds(condition.part, record, number, defined, judged))
        if isinstance(condition, (AllOf, AnyOf)):
            join, stop = (mdd.both, FALSE) if isinstance(condition, AllOf) else (mdd.either, TRUE)
            found = 1 - stop
            for part in condition.parts:
                found = join(found, self.holds(part, record, number, defined, judged))
                if found == stop:
                    break
            return found
        if isinstance(condition, Found):
            return self.count(condition)
        if isinstance(condition, OpenRoute):
            return judged.routes.get(condition.route, FALSE) if judged else FALSE
        return self.where(-1, PUBLISHED, condition.name, (True, False))

    def _test(self, test: Test, record: Record, number: int, defined: Mapping[str, int]) -> int:
        name, expect = test.fact, test.expect
        spec = self.program.vocabulary.facts[record.subject, name]
        if spec.origin == "defined":
            found = defined.get(name, FALSE)
            return found if expected(expect, True) else self.mdd.no(found)
        if spec.derive is not None:
            return self._years(spec.derive, expect, record, number)
        value = record.values.get(name, False)
        level = self._level.get((number, OFFENSE, OFFENSE))
        if level is not None and any(name in v.values for v in record.variants):
            variants: Sequence[Variant] = self.variables[level].values  # type: ignore[assignment]
            rows = [
                self._of(expect, value if is_known(value) else v.values.get(name, value),
                         number, name)
                for v in variants
            ]  # fmt: skip
            return self.mdd.choose(level, rows)
        return self._of(expect, value, number, name)

    def _of(self, expect: Expect, value: Value, number: int, name: str) -> int:
        """Where a fact is as expected: known, or a variable of its own."""
        if is_known(value):
            return TRUE if expected(expect, value) else FALSE
        values = self.variables[self._level[number, FACT, name]].values
        return self.where(number, FACT, name, [bool(expected(expect, v)) for v in values])  # type: ignore[arg-type]

    # ------------------------------------------------------------ years
    def _years(self, derive: Derivation, expect: Expect, record: Record, number: int) -> int:
        """Where whole years between two dates are as expected, as readings count them."""

        def inside(option: str | None) -> int:
            return self._choice(derive.years_from, record, lambda start: self._choice(
                derive.years_to, self.facts.case, lambda end: self._between(
                    expect, record, number, start, end, option == "inside")))  # fmt: skip

        return self._options(derive.anniversary, inside)

    def _choice(self, choice: Choice, record: Record, then: Callable[[str], int]) -> int:
        return self._options(
            choice.reading, lambda option: then(chosen_fact(choice, option, record.stated))
        )

    def _options(self, reading: str, then: Callable[[str | None], int]) -> int:
        taken = self.choices.get(reading)
        if taken is not None or (-1, READING, reading) not in self._level:
            return then(taken)
        level = self._level[-1, READING, reading]
        nodes = [then(str(option)) for option in self.variables[level].values]
        return self.mdd.choose(level, nodes)

    def _between(
        self, expect: Expect, record: Record, number: int, start: str, end: str, inside: bool
    ) -> int:
        day = self.facts.day.toordinal()
        last = self.facts.case.values.get(end, day)
        if is_known(last):
            return self._since(expect, record, number, start, int(str(last)), inside)
        level = self._level[0, FACT, end]
        nodes = [
            self._since(expect, record, number, start, int(str(each)), inside)
            for each in self.variables[level].values
        ]
        return self.mdd.choose(level, nodes)

    def _since(
        self, expect: Expect, record: Record, number: int, name: str, end: int, inside: bool
    ) -> int:
        value = record.values[name]
        if is_known(value):
            return TRUE if expected(expect, whole_years(int(str(value)), end, inside)) else FALSE
        level = self._level[number, FACT, name]
        wanted = []
        stretches: Sequence[Span] = self.variables[level].values  # type: ignore[assignment]
        for low, high in stretches:
            most, least = whole_years(low, end, inside), whole_years(high, end, inside)
            wanted.append(bool(expected(expect, Span(least, most) if least < most else most)))
        return self.where(number, FACT, name, wanted)

    # ------------------------------------------------------------ one item
    def define(self, record: Record, number: int, judged: Judged | None = None) -> dict[str, int]:
        """Where each defined fact of a record holds."""
        defined: dict[str, int] = {}
        for rule in self.program.definitions[record.subject]:
            name = rule.defines or ""
            truth = self.rule(rule, record, number, defined, judged)
            defined[name] = self.mdd.either(defined.get(name, FALSE), truth)
        return defined

    def rule(
        self,
        rule: Rule,
        record: Record,
        number: int,
        defined: Mapping[str, int],
        judged: Judged | None = None,
    ) -> int:
        gate = self._gate(rule)
        if gate == FALSE:
            return FALSE
        return self.mdd.both(gate, self.holds(rule.when, record, number, defined, judged))

    def effects(self, record: Record, number: int, alike: Mapping[str, str]) -> dict[str, int]:
        """Where each rule about an item has effect, item bars applied.

        Args:
            alike: the rules asked for, each with the one that it is to be counted as.
        """
        defined = self.define(record, number)
        effects = self.program.effects[record.subject]
        truths = {rule.id: self.rule(rule, record, number, defined) for rule in effects}
        bars = [rule for rule in effects if rule.scope == "item" and truths[rule.id] != FALSE]
        left: dict[str, int] = {}
        for rule in effects:
            stands_for = alike.get(rule.id)
            if stands_for is None or truths[rule.id] == FALSE:
                continue
            closing = [bar for bar in bars if closes(bar, rule)]
            closed = self.mdd.any([truths[bar.id] for bar in closing])
            truth = self.mdd.both(truths[rule.id], self.mdd.no(closed))
            left[stands_for] = self.mdd.either(left.get(stands_for, FALSE), truth)
        return left

    def _allowed(self, record: Record, number: int) -> int:
        """Where the facts of a record can all be true."""
        nevers = self.program.vocabulary.never.get(record.subject, ())
        found = TRUE
        for never in nevers:
            if self._may_hold(never.when, record, number):
                found = self.mdd.both(
                    found, self.mdd.no(self.holds(never.when, record, number, {}))
                )
        level = self._level.get((number, OFFENSE, OFFENSE))
        if level is not None:
            fits = [self._fits(v, record, number) for v in record.variants]
            found = self.mdd.both(found, self.mdd.choose(level, fits))
        return found

    def _may_hold(self, when: Condition, record: Record, number: int) -> bool:
        """Whether some fact that the combination names is open here."""
        offense = (number, OFFENSE, OFFENSE) in self._level
        told = {name for v in record.variants for name in v.values} if offense else set()
        return any((number, FACT, name) in self._level or name in told for name in facts_of(when))

    def _fits(self, variant: Variant, record: Record, number: int) -> int:
        """Where what a catalogued offense leaves open is within what it allows."""
        found = TRUE
        for name, value in variant.values.items():
            current = record.values.get(name, value)
            if isinstance(value, Open):
                level = self._level.get((number, FACT, name))
                if level is not None:
                    values = self.variables[level].values
                    allowed = [v in value.choices for v in values]
                    found = self.mdd.both(found, self.where(number, FACT, name, allowed))
            elif (isinstance(current, Open) and value not in current.choices) or (
                is_known(current) and current != value
            ):
                return FALSE
        return found


def closes(bar: Rule, rule: Rule) -> bool:
    """Whether a bar on an item removes what another rule says of the same item."""
    return rule.marks is True or bool(rule.requires) or rule.route in bar.bars
