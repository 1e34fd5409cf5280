"""The rules as decision diagrams: the outcome of a case as a function of all that it leaves open.

One more reader of the same rules, with no search in it: a test of a fact is a node of the fact's
variable, and everything else follows by and, or and not. A derived or defined fact is never a
variable, so an unknown date is one unknown, however many limits it straddles. Readings and dates
of the case stand above the items, each item's facts stand together, the case's own come last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from models.dates import years_between
from models.law import (
    ITEM_SUBJECTS,
    AllOf,
    AnyOf,
    Choice,
    Condition,
    Derivation,
    Expect,
    Found,
    Not,
    Outcome,
    Rule,
    Subject,
    Test,
)
from models.law import Open as OpenRoute
from values_act.conditions import facts_of
from values_act.kleene import expected
from values_act.program import LOCAL, LocalRule, Program, present_options
from values_act.readers.mdd import FALSE, TRUE, Mdd
from values_act.readers.openings import (
    APART,
    EVENT,
    FACT,
    LIST,
    LIVE,
    OFFENSE,
    PUBLISHED,
    READING,
    Openings,
    Variable,
)
from values_act.records import Facts, Record, Variant, chosen_fact
from values_act.vocabulary import Open, Span, Value, is_known

Choices = Mapping[str, str | None]
Key = tuple[int, str, str]  # whose (by its place among the records; -1: nobody's), kind, name
Signature = tuple[str, ...]  # rules that an item satisfies
Held = tuple[tuple[str, int, int], ...]  # rule, number of items, number of events


NOTHING: frozenset[Outcome] = frozenset()  # where no case may be so
ITEMS, SUMMARY, SHARED = 1 << 20, 1 << 21, 1 << 22  # first levels of each block of variables


@dataclass(slots=True)
class Item:
    """An item, or a list left open, as its own diagram and as one variable of the summary.

    `node`: over the item's facts and what is shared; its leaves say which rules it satisfies, None
    where it cannot be so. `possible`: for each value of the variable, where it can come to that.
    """

    record: Record
    number: int
    own: list[Variable]
    node: int
    variable: Variable
    possible: list[int]
    reached: int  # over what is shared: the set of all that its diagram can come to


@dataclass(slots=True)
class Judged:
    """The case's own rules, and what is left on each route."""

    truths: dict[str, int]
    defined: dict[str, int]
    routes: dict[str, int] = field(default_factory=dict)


class Diagram:
    """The outcome of one case over what is open.

    Args:
        program: the rules that bear on the act.
        facts: of the case.
        choices: option taken of each reading; one that is left open (None) is a variable.
        freed: readings that are taken, made variables all the same; they stand last.

    Attributes:
        variables: in order of their levels.
        outcomes: node whose leaves are sets of outcomes; an empty set where no case may be so.
            Two outcomes in one leaf: policies differ, and no reading says whose decides.
    """

    apart = False  # whether each item has levels of its own

    def __init__(
        self, program: Program, facts: Facts, choices: Choices, freed: Collection[str] = ()
    ) -> None:
        self.program = program
        self.facts = facts
        self.choices = {**choices, **dict.fromkeys(freed)}
        self.mdd = Mdd()
        self.variables: dict[int, Variable] = {}
        self._level: dict[Key, int] = {}
        self._alike = _alike(program)
        openings = Openings(program, facts)
        case = list(openings.of_record(facts.case))
        shared = [v for v in case if ("case", v.name) in program.behind]
        self._next = self.shared = SHARED
        self._place(shared, 0)
        self.readings = self._next
        self._place(self._readings([name for name in program.readings if name not in freed]))
        self.freed = self._next
        self._place(self._readings([name for name in program.readings if name in freed]))
        self._next = SUMMARY
        self._place([v for v in case if v not in shared], 0)
        self._place(openings.of_policies())
        self.items: list[Item] = []
        self._next = 0
        for number, record in enumerate(facts.items, 1):
            self.items.append(self._item(record, number, openings))
        self.items += self._further(openings)
        valid = self._allowed(facts.case, 0)
        for item in self.items:
            valid = self.mdd.both(valid, self._possible(item))
        self.outcomes = self._outcomes(valid)

    # ------------------------------------------------------------ variables
    def _place(self, variables: Iterator[Variable] | Sequence[Variable], number: int = -1) -> None:
        for variable in variables:
            variable.level = self._next
            self.variables[self._next] = variable
            self._level[number, variable.kind, variable.name] = self._next
            self._next += 1

    def _readings(self, names: Sequence[str]) -> Iterator[Variable]:
        for name in names:
            if self.choices.get(name) is None:
                options = present_options(self.program, self.program.readings[name])
                yield Variable(None, READING, name, options)

    def _where(self, number: int, kind: str, name: str, wanted: Sequence[bool]) -> int:
        level = self._level[number, kind, name]
        return self.mdd.node(level, tuple([TRUE if yes else FALSE for yes in wanted]))

    def _taken(self, reading: str, options: Sequence[str]) -> int:
        """Where one of some options of a reading is taken."""
        taken = self.choices.get(reading)
        if taken is not None:
            return TRUE if taken in options else FALSE
        values = self.variables[self._level[-1, READING, reading]].values
        return self._where(-1, READING, reading, [value in options for value in values])

    def _gate(self, rule: Rule) -> int:
        return self.mdd.all([self._taken(name, list(o)) for name, o in rule.reading.items()])

    # ------------------------------------------------------------ conditions
    def _holds(
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
            return mdd.no(self._holds(condition.part, record, number, defined, judged))
        if isinstance(condition, (AllOf, AnyOf)):
            join, stop = (
                (mdd.both, FALSE) if isinstance(condition, AllOf) else (mdd.either, TRUE)
            )
            found = 1 - stop
            for part in condition.parts:
                found = join(found, self._holds(part, record, number, defined, judged))
                if found == stop:
                    break
            return found
        if isinstance(condition, Found):
            return self._count(condition)
        if isinstance(condition, OpenRoute):
            return judged.routes.get(condition.route, FALSE) if judged else FALSE
        return self._where(-1, PUBLISHED, condition.name, (True, False))

    def _test(
        self, test: Test, record: Record, number: int, defined: Mapping[str, int]
    ) -> int:
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
        return self._where(number, FACT, name, [bool(expected(expect, v)) for v in values])  # type: ignore[arg-type]

    # ------------------------------------------------------------ years
    def _years(self, derive: Derivation, expect: Expect, record: Record, number: int) -> int:
        """Where whole years between two dates are as expected, as readings count them."""

        def inside(option: str) -> int:
            return self._choice(derive.years_from, record, lambda start: self._choice(
                derive.years_to, self.facts.case, lambda end: self._between(
                    expect, record, number, start, end, option == "inside")))  # fmt: skip

        return self._options(derive.anniversary, inside)

    def _choice(self, choice: Choice, record: Record, then: object) -> int:
        return self._options(
            choice.reading,
            lambda option: then(chosen_fact(choice, option, record.stated)),  # type: ignore[operator]
        )

    def _options(self, reading: str, then: object) -> int:
        taken = self.choices.get(reading)
        if taken is not None or (-1, READING, reading) not in self._level:
            return then(taken)  # type: ignore[operator, no-any-return]
        level = self._level[-1, READING, reading]
        nodes = [then(option) for option in self.variables[level].values]  # type: ignore[operator]
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
            return TRUE if expected(expect, _years(int(str(value)), end, inside)) else FALSE
        level = self._level[number, FACT, name]
        wanted = []
        for stretch in self.variables[level].values:
            assert isinstance(stretch, Span)
            most = _years(stretch.low, end, inside)
            least = _years(stretch.high, end, inside)
            wanted.append(bool(expected(expect, Span(least, most) if least < most else most)))
        return self._where(number, FACT, name, wanted)

    # ------------------------------------------------------------ one item
    def _define(
        self, record: Record, number: int, judged: Judged | None = None
    ) -> dict[str, int]:
        """Where each defined fact of a record holds."""
        defined: dict[str, int] = {}
        for rule in self.program.definitions[record.subject]:
            name = rule.defines or ""
            truth = self._rule(rule, record, number, defined, judged)
            defined[name] = self.mdd.either(defined.get(name, FALSE), truth)
        return defined

    def _rule(
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
        return self.mdd.both(gate, self._holds(rule.when, record, number, defined, judged))

    def _allowed(self, record: Record, number: int) -> int:
        """Where the facts of a record can all be true."""
        nevers = self.program.vocabulary.never.get(record.subject, ())
        found = TRUE
        for never in nevers:
            if self._may_hold(never.when, record, number):
                found = self.mdd.both(
                    found, self.mdd.no(self._holds(never.when, record, number, {}))
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
                    found = self.mdd.both(found, self._where(number, FACT, name, allowed))
            elif isinstance(current, Open) and value not in current.choices:
                return FALSE
            elif is_known(current) and current != value:
                return FALSE
        return found

    def _item(self, record: Record, number: int, openings: Openings) -> Item:
        """An item as a function of its facts: what it comes to, None where it cannot be so."""
        alike = None if self.apart else self._like(record)
        mdd = self.mdd
        if not self.apart:
            self._next = 0  # items meet in the summary only, so their own levels may be the same
        own = list(openings.of_record(record))
        self._place(own, number)
        if alike:
            node, reached = alike.node, alike.reached
        elif record.phantom:
            node, reached = self._anything(record, number)
        else:
            node = self._signature(record, number)
            reached = mdd.reach(node, self.shared)
        stock = self._stocks if record.phantom else _each_alone
        values = list(dict.fromkeys(v for found in mdd.leaves(reached) for v in stock(found)))
        variable = Variable(record, LIST, LIST, values, ITEMS + number)
        self.variables[variable.level] = variable
        can = [mdd.map(lambda found, v=v: v in stock(found), reached) for v in values]
        return Item(record, number, own, node, variable, can, reached)

    def _like(self, record: Record) -> Item | None:
        return next((item for item in self.items if _same(item.record, record)), None)

    def _further(self, openings: Openings) -> list[Item]:
        """Items that the case does not have."""
        return []

    def _anything(self, record: Record, number: int) -> tuple[int, int]:
        """What any number of items of which nothing is known come to.

        If plain items, one for each rule that is live, can satisfy that rule and no other, then
        together they come to all there is, and the odd ones need not be looked at.
        """
        mdd = self.mdd
        live: dict[str, int] = {}
        for rule in self.program.effects[record.subject]:
            if rule.id in self._alike:
                first = self._alike[rule.id]
                live[first] = mdd.either(live.get(first, FALSE), self._gate(rule))
        specs = self.program.vocabulary.by_subject[record.subject]
        plain = {name: specs[name].plain(value) for name, value in record.values.items()}
        node = self._signature(replace(record, values=plain), number)
        reached = mdd.reach(node, self.shared)
        for rule_id, where in live.items():
            alone = mdd.map(lambda found, s=(rule_id,): s in found, reached)
            if mdd.both(where, mdd.no(alone)) != FALSE:
                node = self._signature(record, number)
                return node, mdd.reach(node, self.shared)
        return node, reached

    def _signature(self, record: Record, number: int) -> int:
        """Which rules an item satisfies, None where it cannot be so."""
        mdd = self.mdd
        node = mdd.leaf(())
        for rule, where in self._effects(record, number).items():
            node = mdd.apply(_adding(rule), node, where, FALSE)
        apart = self._level.get((number, EVENT, EVENT))
        if apart is not None:
            node = mdd.apply(_adding(APART), node, mdd.node(apart, (FALSE, TRUE)), FALSE)
        return mdd.apply(_if_allowed, node, self._allowed(record, number), TRUE)

    def _possible(self, item: Item) -> int:
        """Where an item, or a list, can come to what its variable says."""
        return self.mdd.node(item.variable.level, tuple(item.possible))

    def _effects(self, record: Record, number: int) -> dict[str, int]:
        """Where each rule about an item has effect, item bars applied."""
        defined = self._define(record, number)
        effects = self.program.effects[record.subject]
        truths = {rule.id: self._rule(rule, record, number, defined) for rule in effects}
        bars = [rule for rule in effects if rule.scope == "item" and truths[rule.id] != FALSE]
        left: dict[str, int] = {}
        for rule in effects:
            stands_for = self._alike.get(rule.id)
            if stands_for is None or truths[rule.id] == FALSE:
                continue
            closing = [b for b in bars if rule.marks or rule.requires or rule.route in b.bars]
            closed = self.mdd.any([truths[bar.id] for bar in closing])
            truth = self.mdd.both(truths[rule.id], self.mdd.no(closed))
            left[stands_for] = self.mdd.either(left.get(stands_for, FALSE), truth)
        return left

    def _stocks(self, signatures: frozenset[tuple[str, ...] | None]) -> list[Held]:
        """What any number of further items can come to, counts as far as they are looked at."""
        cap = max([1, *(found.at_least for found in self.program.founds)])
        separate = any(found.distinct for found in self.program.founds)
        counted = self.program.counted
        found: dict[Held, None] = {(): None}
        queue: list[Held] = [()]
        while queue:
            held = queue.pop()
            for signature in signatures:
                for further in (0, 1) if separate else (1,):
                    counts = {rule: (n, e) for rule, n, e in held}
                    for rule in signature or ():
                        top = cap if rule in counted else 1
                        n, e = counts.get(rule, (0, 0))
                        counts[rule] = min(top, n + 1), min(top, max(1, e + further))
                    counts.pop(APART, None)
                    grown = tuple(sorted((r, n, e) for r, (n, e) in counts.items()))
                    if grown not in found:
                        found[grown] = None
                        queue.append(grown)
        return list(found)

    def beyond(self, item: Item, root: int) -> dict[int, int]:
        """What is left of the case for each thing that an item's facts make of it.

        Args:
            item: one of the items.
            root: sets of outcomes, over the summary.

        Returns:
            for each function of what is shared that the item's diagram ends in, the sets of
            outcomes without the item's variable.
        """
        mdd = self.mdd
        rest = {
            tuple(rule for rule, _, _ in value): mdd.given(root, item.variable.level, i)
            for i, value in enumerate(item.variable.values)
        }
        found: dict[int, int] = {}
        for bottom in mdd.bottoms(item.node, self.shared):
            node = mdd.leaf(NOTHING)
            for leaf in mdd.leaves(bottom):
                if leaf is not None:
                    where = mdd.map(_is(leaf), bottom)
                    kept = mdd.apply(_keep, rest[leaf], where, TRUE)  # type: ignore[index]
                    node = mdd.apply(union, node, kept)
            found[bottom] = node
        return found

    # ------------------------------------------------------------ counts
    def _held(self, rule: str) -> int:
        """Where a rule holds for some item."""
        return self.mdd.any([self._counted(item, rule, 1) for item in self.items])

    def _counted(self, item: Item, rule: str, least: int, which: int = 1) -> int:
        """Where an item, or what stands on an open list, counts for at least so many."""
        wanted = [
            any(entry[0] == rule and entry[which] >= least for entry in value)
            for value in item.variable.values
        ]  # fmt: skip
        return self.mdd.node(item.variable.level, tuple([TRUE if w else FALSE for w in wanted]))

    def _count(self, found: Found) -> int:
        """Where a rule holds for at least so many items, or for items of so many events."""
        if found.at_least <= 1:
            return self._held(found.rule) if found.at_least else TRUE
        at_least = [TRUE] + [FALSE] * found.at_least  # of what was counted so far
        for part in self._parts(found):
            grown = list(at_least)
            for k in range(1, len(at_least)):
                for more, node in enumerate(part[:k], 1):
                    both = self.mdd.both(at_least[k - more], node)
                    grown[k] = self.mdd.either(grown[k], both)
            at_least = grown
        return at_least[found.at_least]

    def _parts(self, found: Found) -> Iterator[list[int]]:
        """What is counted apart: items, or events with all their items; at least 1, 2, … of it."""
        named: dict[str, int] = {}
        for item in self.items:
            if item.record.phantom:
                most = range(1, found.at_least + 1)
                which = 2 if found.distinct else 1
                yield [self._counted(item, found.rule, k, which) for k in most]
                continue
            node = self._counted(item, found.rule, 1)
            event = item.record.event
            if not found.distinct:
                yield [node]
            elif event is not None:
                named[event] = self.mdd.either(named.get(event, FALSE), node)
            else:
                yield [self.mdd.both(node, self._counted(item, APART, 1))]
        yield from ([node] for node in named.values())

    # ------------------------------------------------------------ the case
    def _outcomes(self, valid: int) -> int:
        """The sets of outcomes, from state law and each policy."""
        mdd, case = self.mdd, self.facts.case
        judged = Judged({}, {})
        judged.defined = self._define(case, 0, judged)
        for rule in self.program.effects["case"]:
            judged.truths[rule.id] = self._rule(rule, case, 0, judged.defined, judged)
        weighed = [rule for rule in self.program.weighed if self._stands(rule)]
        for rule in weighed:
            if rule.id not in judged.truths:
                judged.truths[rule.id] = self._held(rule.id)
        self._routes(weighed, judged)
        for rule in self.program.late:
            judged.truths[rule.id] = self._rule(rule, case, 0, judged.defined, judged)
        ladder = _Ladder(self, [*weighed, *self.program.late], judged)
        found = self._with_local(ladder, judged)
        node = mdd.leaf(frozenset())
        for outcome, where in found.items():
            node = mdd.apply(_adding_outcome(outcome), node, mdd.both(valid, where), FALSE)
        return node

    def _stands(self, rule: Rule) -> bool:
        """Whether a rule stands for itself, or for others like it."""
        return rule.about_case or self._alike.get(rule.id) == rule.id

    def _routes(self, weighed: Sequence[Rule], judged: Judged) -> None:
        """What is left on each route after bars and exceptions."""
        mdd = self.mdd
        lifted = _Lifted(self, weighed, judged)
        bars = [(rule, lifted.force(rule)) for rule in weighed if rule.bars]
        grounds: dict[str, list[int]] = {}
        for rule in weighed:
            if rule.permits:
                left = mdd.both(judged.truths[rule.id], mdd.no(lifted(rule.id)))
                grounds.setdefault(rule.route or "", []).append(left)
        for route, nodes in grounds.items():
            closed = mdd.any([force for rule, force in bars if route in rule.bars])
            shut = mdd.either(closed, lifted(route))
            judged.routes[route] = mdd.both(mdd.any(nodes), mdd.no(shut))

    def _with_local(self, ladder: _Ladder, judged: Judged) -> dict[Outcome, int]:
        mdd, local = self.mdd, self.program.local
        live = [self._in_force(item) for item in local]
        results = [ladder.outcomes(self._opened(item, judged)) for item in local]
        nobody = mdd.no(mdd.any(live))
        found = {o: mdd.both(nobody, node) for o, node in ladder.outcomes(TRUE).items()}

        def add(items: Sequence[int], where: int) -> None:
            for i in items:
                for outcome, node in results[i].items():
                    counted = mdd.all([where, live[i], node])
                    found[outcome] = mdd.either(found.get(outcome, FALSE), counted)

        everyone = range(len(local))
        reading = self.program.local_reading
        if reading is None:
            add(everyone, TRUE)
            return found
        taken = self.choices.get(reading.id)
        options = [taken] if taken is not None else present_options(self.program, reading)
        for option in options:
            own = [i for i in everyone if local[i].policy.authority == option]
            speaks = mdd.any([live[i] for i in own])
            chosen = self._taken(reading.id, [option])
            add(own, mdd.both(chosen, speaks))
            add(everyone, mdd.both(chosen, mdd.no(speaks)))
        return found

    def _in_force(self, item: LocalRule) -> int:
        if item.in_force is None:
            return self._where(-1, LIVE, item.policy.id, (True, False))
        return TRUE if item.in_force else FALSE

    def _opened(self, item: LocalRule, judged: Judged) -> int:
        term = item.term
        if term.rule == "when":
            return self._holds(term.when, self.facts.case, 0, judged.defined, judged)
        if term.rule == "unpublished":
            return self._where(-1, PUBLISHED, term.name or "", (True, False))
        return TRUE if term.rule == "open" else FALSE


class _Lifted:
    """Where an exception takes the force of a rule, a route or local policy."""

    def __init__(self, diagram: Diagram, rules: Sequence[Rule], judged: Judged) -> None:
        self.mdd = diagram.mdd
        self.names = diagram.program.lifted
        self.rules = [rule for rule in rules if rule.notwithstanding]
        self.truths = judged.truths

    def __call__(self, name: str) -> int:
        if name not in self.names:
            return FALSE
        return self.mdd.any([self.force(r) for r in self.rules if name in r.notwithstanding])

    def force(self, rule: Rule) -> int:
        held = self.truths[rule.id]
        return held if held == FALSE else self.mdd.both(held, self.mdd.no(self(rule.id)))


class _Ladder:
    """Exclusion, requirement, ground, base rule: which comes first decides."""

    def __init__(self, diagram: Diagram, rules: Sequence[Rule], judged: Judged) -> None:
        self.mdd = diagram.mdd
        self.program = diagram.program
        self.routes = judged.routes
        lifted = _Lifted(diagram, rules, judged)
        self.local_off = lifted(LOCAL)
        self.excluded = self.mdd.any([lifted.force(rule) for rule in rules if rule.excludes])
        self.compelled = [
            (LOCAL in rule.notwithstanding, lifted.force(rule)) for rule in rules if rule.requires
        ]

    def outcomes(self, opened: int) -> dict[Outcome, int]:
        """Where each outcome comes out, if local policy leaves the act open where it says so."""
        mdd = self.mdd
        free = mdd.either(opened, self.local_off)
        compelled = [node if over else mdd.both(node, free) for over, node in self.compelled]
        grounds = [
            mdd.both(node, free) if self._yields(route) else node
            for route, node in self.routes.items()
        ]
        found: dict[Outcome, int] = {}
        rest = TRUE
        steps: tuple[tuple[int, Outcome], ...] = (
            (self.excluded, "not_regulated"),
            (mdd.any(compelled), "required"),
            (mdd.any(grounds), "permitted"),
        )
        for node, outcome in steps:
            self._add(found, outcome, mdd.both(rest, node))
            rest = mdd.both(rest, mdd.no(node))
        base = self.program.base
        if base is None or (base.outcome == "permitted" and self._yields(base.route)):
            self._add(found, base.outcome if base else "not_regulated", mdd.both(rest, free))
            self._add(found, "prohibited", mdd.both(rest, mdd.no(free)))
        else:
            self._add(found, base.outcome, rest)
        return found

    def _add(self, found: dict[Outcome, int], outcome: Outcome, node: int) -> None:
        found[outcome] = self.mdd.either(found.get(outcome, FALSE), node)

    def _yields(self, route: str | None) -> bool:
        known = self.program.routes.get(route or "")
        return known is None or known.yields_to_local


def _alike(program: Program) -> dict[str, str]:
    """For each rule about items that can bear on the outcome, one that stands for all like it."""
    counts = {found.rule for found in program.founds}
    first: dict[object, str] = {}
    found: dict[str, str] = {}
    concerned = {rule.id for rule in program.weighed}
    for subject in ITEM_SUBJECTS:
        for rule in program.effects[subject]:
            if rule.id in counts:
                found[rule.id] = rule.id
            elif rule.id in concerned and not (rule.marks or rule.duty):
                named = rule.id if rule.id in program.lifted else ""
                key = (rule.effect, rule.route, rule.bars, frozenset(rule.notwithstanding), named)
                found[rule.id] = first.setdefault(key, rule.id)
    return found


def _same(a: Record, b: Record) -> bool:
    """Whether two items are open in the same way."""
    return (
        a.subject == b.subject
        and a.phantom == b.phantom
        and (a.event is None) == (b.event is None)
        and a.values == b.values
        and a.stated == b.stated
        and a.variants == b.variants
    )


def union(a: frozenset[Outcome], b: frozenset[Outcome]) -> frozenset[Outcome]:
    return a | b


def _is(leaf: object) -> Callable[[object], bool]:
    return lambda value: value == leaf


def _keep(outcomes: frozenset[Outcome], where: bool) -> frozenset[Outcome]:
    return outcomes if where else NOTHING


def _adding(rule: str) -> Callable[[Signature, bool], Signature]:
    return lambda found, holds: (*found, rule) if holds else found


def _if_allowed(found: Signature, allowed: bool) -> Signature | None:
    return found if allowed else None


def _each_alone(signatures: frozenset[Signature | None]) -> list[Held]:
    """What one item can come to."""
    return [tuple((rule, 1, 1) for rule in s) for s in signatures if s is not None]


def _adding_outcome(outcome: Outcome) -> Callable[[frozenset[Outcome], bool], frozenset[Outcome]]:
    return lambda found, holds: found | {outcome} if holds else found


def _years(start: int, end: int, inside: bool) -> int:
    if end < start:
        return 0
    return years_between(date.fromordinal(start), date.fromordinal(end), anniversary_inside=inside)
