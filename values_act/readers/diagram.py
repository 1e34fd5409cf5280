"""The rules as decision diagrams: the outcome of a case as a function of all that it leaves open.

One more reader of the same rules, with no search in it: a test of a fact is a node of the fact's
variable, and everything else follows by and, or and not. A derived or defined fact is never a
variable, so an unknown date is one unknown, however many limits it straddles. Each item is a
function of its own facts, which stand first; what it comes to is one variable of the summary, where
items meet; the case's own facts follow, and last what both share: dates of the case that years are
counted to, and readings.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from models.law import ITEM_SUBJECTS, Found, Outcome, Rule
from values_act.program import Program, present_options
from values_act.readers.judging import Judging
from values_act.readers.mdd import FALSE, TRUE, Mdd, union
from values_act.readers.openings import APART, READING, Openings, Variable
from values_act.readers.where import Choices, Where
from values_act.records import EVENT, LIST, Facts, Record

Signature = tuple[str, ...]  # rules that an item satisfies
Signatures = frozenset[Signature | None]
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
    values: list[Held]  # of the variable
    possible: list[int]
    reached: int  # over what is shared: the set of all that its diagram can come to


class Diagram(Where):
    """The outcome of one case over what is open.

    Args:
        program: the rules that bear on the act.
        facts: of the case.
        choices: option taken of each reading; one that is left open (None) is a variable.
        freed: readings that are taken, made variables all the same; they stand last.
        store: of another diagram of the case, of which this one may have many nodes too.

    Attributes:
        variables: in order of their levels.
        outcomes: node whose leaves are sets of outcomes; an empty set where no case may be so.
            Two outcomes in one leaf: policies differ, and no reading says whose decides.
    """

    apart = False  # whether each item has levels of its own
    implied = False  # whether facts that only imply others are variables too

    def __init__(
        self,
        program: Program,
        facts: Facts,
        choices: Choices,
        freed: Collection[str] = (),
        store: Mdd | None = None,
    ) -> None:
        super().__init__(program, facts, {**choices, **dict.fromkeys(freed)}, store)
        self._alike = _alike(program)
        openings = Openings(program, facts, implied=self.implied)
        case = list(openings.of_record(facts.case))
        shared = [v for v in case if ("case", v.name) in program.behind]
        self.apart = self.apart or bool(shared)  # then one function of all may be asked for
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
        weighed = [rule for rule in program.weighed if self._stands(rule)]
        self.outcomes = Judging(self, self.held, weighed).outcomes(valid)

    def _stands(self, rule: Rule) -> bool:
        """Whether a rule stands for itself, or for others like it."""
        return rule.about_case or self._alike.get(rule.id) == rule.id

    def _readings(self, names: Sequence[str]) -> Iterator[Variable]:
        for name in names:
            if self.choices.get(name) is None:
                options = present_options(self.program, self.program.readings[name])
                yield Variable(None, READING, name, options)

    # ------------------------------------------------------------ items
    def _item(self, record: Record, number: int, openings: Openings) -> Item:
        """An item as a function of its facts: what it comes to, None where it cannot be so."""
        alike = None if self.apart else self._like(record)
        mdd = self.mdd
        if not self.apart:
            self._next = 0  # items meet in the summary only, so their own levels may be the same
        if alike:
            own = [Variable(record, v.kind, v.name, v.values) for v in alike.own]
        else:
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
        stocks = {found: frozenset(stock(found)) for found in mdd.leaves(reached)}
        values = sorted(set[Held]().union(*stocks.values()))
        variable = Variable(record, LIST, LIST, values, ITEMS + number)
        self.variables[variable.level] = variable
        can = [mdd.map(_can(value, stocks), reached) for value in values]
        return Item(record, number, own, node, variable, values, can, reached)

    def _like(self, record: Record) -> Item | None:
        return next((item for item in self.items if _same(item.record, record)), None)

    def _further(self, _openings: Openings) -> list[Item]:
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
            alone = mdd.map(has((rule_id,)), reached)
            if mdd.both(where, mdd.no(alone)) != FALSE:
                node = self._signature(record, number)
                return node, mdd.reach(node, self.shared)
        return node, reached

    def _signature(self, record: Record, number: int) -> int:
        """Which rules an item satisfies, None where it cannot be so."""
        mdd = self.mdd
        node = mdd.leaf(())
        for rule, where in self.effects(record, number, self._alike).items():
            node = mdd.apply(_adding(rule), node, where, FALSE)
        apart = self._level.get((number, EVENT, EVENT))
        if apart is not None:
            node = mdd.apply(_adding(APART), node, mdd.node(apart, (FALSE, TRUE)), FALSE)
        return mdd.apply(_if_allowed, node, self._allowed(record, number), TRUE)

    def _possible(self, item: Item) -> int:
        """Where an item, or a list, can come to what its variable says."""
        return self.mdd.node(item.variable.level, tuple(item.possible))

    def _stocks(self, signatures: Signatures) -> list[Held]:
        """What any number of further items can come to, counts as far as they are looked at."""
        caps = {rule: (1, 1) for signature in signatures for rule in signature or ()}
        for count in self.program.founds:
            if count.rule in caps:
                items, events = caps[count.rule]
                if count.distinct:
                    events = max(events, count.at_least)
                else:
                    items = max(items, count.at_least)
                caps[count.rule] = items, events
        found: set[frozenset[tuple[str, int, int]]] = {frozenset()}
        for signature in _needed(signatures):
            newest = found
            while newest:
                newest = {
                    _with(held, signature, caps, f) for held in newest for f in (0, 1)
                } - found
                found |= newest
        return [tuple(sorted(held)) for held in found]

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
            for i, value in enumerate(item.values)
        }
        found: dict[int, int] = {}
        for bottom in mdd.bottoms(item.node, self.shared):
            node = mdd.leaf(NOTHING)
            for leaf in mdd.leaves(bottom):
                if leaf is not None:
                    where = mdd.map(_is(leaf), bottom)
                    kept = mdd.apply(keep, rest[leaf], where, TRUE)
                    node = mdd.apply(union, node, kept)
            found[bottom] = node
        return found

    def split(self, where: int, then: int, otherwise: int) -> int:
        """One function of sets where a condition holds, another elsewhere."""
        mdd = self.mdd
        kept = mdd.apply(keep, otherwise, mdd.no(where), TRUE)
        return mdd.apply(union, mdd.apply(keep, then, where, TRUE), kept)

    def flat(self, root: int) -> int:
        """The outcomes as one function of the facts of every item; levels must be apart."""
        for item in reversed(self.items):
            if not item.record.phantom:
                root = self.mdd.relabel(item.node, self.beyond(item, root))
        return root

    # ------------------------------------------------------------ counts
    def held(self, rule: str) -> int:
        """Where a rule holds for some item."""
        return self.mdd.any([self._counted(item, rule, 1) for item in self.items])

    def _counted(self, item: Item, rule: str, least: int, which: int = 1) -> int:
        """Where an item, or what stands on an open list, counts for at least so many."""
        wanted = [
            any(entry[0] == rule and int(entry[which]) >= least for entry in value)
            for value in item.values
        ]  # fmt: skip
        return self.mdd.node(item.variable.level, tuple([TRUE if w else FALSE for w in wanted]))

    def count(self, found: Found) -> int:
        """Where a rule holds for at least so many items, or for items of so many events."""
        if found.at_least <= 1:
            return self.held(found.rule) if found.at_least else TRUE
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


def interchangeable(a: Record, b: Record) -> bool:
    """Whether two items may change places in a case."""
    return a.event is None and _same(a, b)


def _is(leaf: object) -> Callable[[object], bool]:
    return lambda value: value == leaf


def keep(outcomes: frozenset[Outcome], where: bool) -> frozenset[Outcome]:
    return outcomes if where else NOTHING


def _needed(signatures: Signatures) -> list[frozenset[str]]:
    """Signatures that are not what items of lesser ones come to together."""
    each = sorted(
        {frozenset(s) - {APART} for s in signatures if s}, key=lambda s: (len(s), sorted(s))
    )
    return [s for s in each if frozenset[str]().union(*(o for o in each if o < s)) != s]


def _with(
    held: frozenset[tuple[str, int, int]],
    signature: frozenset[str],
    caps: Mapping[str, tuple[int, int]],
    further: int,
) -> frozenset[tuple[str, int, int]]:
    """What is held with one more item, of an event of its own or not, up to what matters."""
    kept = {entry for entry in held if entry[0] not in signature}
    numbers = {rule: (n, e) for rule, n, e in held}
    for rule in signature:
        n, e = numbers.get(rule, (0, 0))
        items, events = caps[rule]
        kept.add((rule, min(items, n + 1), min(events, max(1, e + further))))
    return frozenset(kept)


@lru_cache(maxsize=1024)  # so that diagrams with one store share what was worked out
def _adding(rule: str) -> Callable[[Signature, bool], Signature]:
    return lambda found, holds: (*found, rule) if holds else found


def _can(value: Held, stocks: Mapping[Signatures, frozenset[Held]]) -> Callable[[Signatures], bool]:
    return lambda found: value in stocks[found]


def has(signature: Signature) -> Callable[[Signatures], bool]:
    return lambda found: signature in found


def _if_allowed(found: Signature, allowed: bool) -> Signature | None:
    return found if allowed else None


def _each_alone(signatures: Signatures) -> list[Held]:
    """What one item can come to."""
    return [tuple((rule, 1, 1) for rule in s) for s in signatures if s is not None]
