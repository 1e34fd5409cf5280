"""Cases made to order: facts under which conditions hold or fail, found by working backwards.

Each way to meet a demand is tried in turn, so a search that ends without a case is a proof that
there is none, as far as single facts cut at the limits that the rules name can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from models.dates import add_years, years_between
from models.law import AllOf, AnyOf, Condition, Found, Not, Rule, Subject, Test
from models.law import Open as OpenRoute
from values_act.conditions import leaves
from values_act.kleene import expected
from values_act.narrow import ContradictionError, narrow
from values_act.program import Program
from values_act.records import Facts, Record
from values_act.vocabulary import Open, Value, Values

Given = Mapping[tuple[str, str], object]  # (subject or `reading` or `found`, name) -> value
RAW = frozenset({"stated", "looked_up"})
MAX_STEPS = 10_000  # demands taken up for one way before it is given up


class Search:
    """Makes cases under one program; `real` keeps to combinations that a case may have."""

    def __init__(self, program: Program, day: date, *, real: bool = True) -> None:
        self.program = program
        self.day = day
        self.real = real
        self.steps = 0  # of the way now tried
        self.gave_up = False  # then no case found proves nothing

    # ------------------------------------------------------------ demands
    def make(
        self, subject: Subject, condition: Condition | None, want: bool, given: Given
    ) -> Iterator[Given]:
        """Every way to make a condition true, or false, keeping what is given."""
        self.steps += 1
        if self.steps >= MAX_STEPS:
            self.gave_up = True
            return
        if condition is None:
            if want:
                yield given
        elif isinstance(condition, Not):
            yield from self.make(subject, condition.part, not want, given)
        elif isinstance(condition, (AllOf, AnyOf)):
            if isinstance(condition, AllOf) is want:
                yield from self.every(subject, [(part, want) for part in condition.parts], given)
            else:
                for part in condition.parts:
                    yield from self.make(subject, part, want, given)
        elif isinstance(condition, Found):
            known = given.get(("found", condition.rule))
            number = condition.at_least if want else 0
            if known in (None, number):
                yield {**given, ("found", condition.rule): number}
        elif isinstance(condition, Test):
            yield from self._test(subject, condition, want, given)
        elif isinstance(condition, OpenRoute):
            yield from self._route(condition.route, want, given)
        # what is not published is never known, so nothing makes it hold or fail

    def _route(self, route: str, want: bool, given: Given) -> Iterator[Given]:
        """A ground about an item on the route and no bar on it; or no ground at all."""
        rules = self.program.rules.values()
        grounds = [r for r in rules if r.route == route and not r.about_case]
        others = tuple(r for r in rules if r.route == route and r.about_case)
        bars = [r for r in rules if route in r.bars and r.scope == "case"]
        if not want:
            if not any(given.get(("found", ground.id)) for ground in grounds):
                yield from self._none("case", others, given)
            return
        for ground in grounds:
            if given.get(("found", ground.id)) not in (None, 1):
                continue
            for free in self._none("case", tuple(r for r in bars if r.about_case), given):
                shut = {("reading", name): o for r in bars if not r.about_case
                        for found in self.shut(r, free) for (_, name), o in found.items()
                        if name in r.reading}  # fmt: skip
                yield {**free, **shut, ("found", ground.id): 1}

    def every(
        self, subject: Subject, demands: Iterable[tuple[Condition | None, bool]], given: Given
    ) -> Iterator[Given]:
        """Every way to meet several demands at once."""
        first, *rest = [*demands] or [(None, True)]
        for found in self.make(subject, *first, given):
            if rest:
                yield from self.every(subject, rest, found)
            else:
                yield found

    def _test(self, subject: Subject, test: Test, want: bool, given: Given) -> Iterator[Given]:
        spec = self.program.vocabulary.facts[subject, test.fact]
        if spec.origin == "defined":
            if bool(test.expect.values[0]) is want:
                for rule in self.program.definers.get((subject, test.fact), ()):
                    yield from self.hold(subject, rule, given)
            else:
                yield from self._none(
                    subject, self.program.definers.get((subject, test.fact), ()), given
                )
            return
        name = spec.derive.years_from.otherwise if spec.derive else test.fact
        for value in self._values(subject, name, given):
            shown = value
            if spec.derive and isinstance(value, int):
                shown = years_between(date.fromordinal(value), self.day)
            if expected(test.expect, shown) is want:
                yield {**given, (subject, name): value}

    def hold(self, subject: Subject, rule: Rule, given: Given) -> Iterator[Given]:
        """Every way to make a rule hold, under a reading that lets it."""
        for opened in self.live(rule, given):
            yield from self.make(subject, rule.when, True, opened)

    def live(self, rule: Rule, given: Given) -> Iterator[Given]:
        chosen = dict(given)
        for reading, options in rule.reading.items():
            if chosen.setdefault(("reading", reading), options[0]) not in options:
                return
        yield chosen

    def shut(self, rule: Rule, given: Given) -> Iterator[Given]:
        """Every way to take the reading that a rule asks for from it."""
        for reading, options in rule.reading.items():
            taken = given.get(("reading", reading))
            others = [o for o in self.program.readings[reading].options if o not in options]
            yield from ({**given, ("reading", reading): o} for o in others if taken in (None, o))

    def _none(self, subject: Subject, rules: tuple[Rule, ...], given: Given) -> Iterator[Given]:
        """Every way to make all of several rules fail."""
        if not rules:
            yield given
            return
        for ways in (
            self.shut(rules[0], given),
            self.make(subject, rules[0].when, False, given),
        ):
            for found in ways:
                yield from self._none(subject, rules[1:], found)

    def _values(self, subject: Subject, name: str, given: Given) -> Iterable[Value]:
        if (subject, name) in given:
            return [given[subject, name]]  # type: ignore[list-item]  # put there as a value
        unknown = self.program.vocabulary.facts[subject, name].unknown(self.day)
        if isinstance(unknown, Open):
            return unknown.choices
        cuts = {self.day.toordinal()} if name == "date" else {0}
        for leaf in self._leaves(subject):
            expect = leaf.expect
            if leaf.fact == name:
                points = [*expect.values, expect.at_most, expect.at_least]
                points += [d.toordinal() for d in (expect.since, expect.before) if d]
                cuts |= {int(p) + step for p in points if p is not None for step in (-1, 0, 1)}
            elif self.program.vocabulary.facts[subject, leaf.fact].derive and expect.at_most:
                start = add_years(self.day, -expect.at_most).toordinal()
                cuts |= {start - 1, start}
        return sorted((cut for cut in cuts if unknown.low <= cut <= unknown.high), reverse=True)

    def _leaves(self, subject: Subject) -> Iterator[Test]:
        for rule in self.program.rules.values():
            if subject in rule.subject:
                yield from (leaf for leaf in leaves(rule.when) if isinstance(leaf, Test))

    # ------------------------------------------------------------ cases
    def blank(self, subject: Subject, number: int = 1) -> Record:
        """A record of which nothing is known."""
        return self._record(subject, {}, number)

    def _record(self, subject: Subject, given: Given, number: int = 1) -> Record:
        specs = self.program.vocabulary.by_subject[subject]
        values: Values = {n: s.unknown(self.day) for n, s in specs.items() if s.origin in RAW}
        values |= {name: value for (about, name), value in given.items() if about == subject}  # type: ignore[misc]
        if self.real:
            narrow(self.program.vocabulary, subject, values)
        return Record(subject, 0 if subject == "case" else number, values)

    def item(self, rule: Rule, given: Given) -> tuple[Record, Given] | None:
        """An item for which a rule holds and no item bar does, and the readings it needs."""
        subject = rule.subject[0]
        bars = tuple(r for r in self.program.effects[subject] if r.scope == "item")
        readings = {key: value for key, value in given.items() if key[0] == "reading"}
        for held in self.hold(subject, rule, readings):
            for found in self._none(subject, bars, held):
                try:
                    return self._record(subject, found), found
                except ContradictionError:
                    continue
        return None

    def case(
        self, subject: Subject, given: Given, more: tuple[Record, ...] = ()
    ) -> tuple[Facts, dict[str, str | None]] | None:
        """The facts and readings that are given, all else unknown; None if no case can be so."""
        try:
            if subject != "case":
                items = [self._record(subject, given)]
                return Facts(self.day, self.blank("case"), items), self.choices(given)
            record = self._record("case", given)
        except ContradictionError:
            return None
        items = list(more)
        for (about, name), number in list(given.items()):
            for event in range(int(str(number)) if about == "found" else 0):
                made = self.item(self.program.rules[name], given)
                if made is None:
                    return None
                items.append(replace(made[0], number=len(items) + 1, event=f"event {event}"))
                given = {**made[1], **given}
        return Facts(self.day, record, items), self.choices(given)

    def choices(self, given: Given) -> dict[str, str | None]:
        """Readings as given; those of timing by default, others left open."""
        taken: dict[str, str | None] = {}
        for name, reading in self.program.readings.items():
            default = reading.default if name in self.program.timing else None
            taken[name] = given.get(("reading", name), default)  # type: ignore[assignment]
        return taken
