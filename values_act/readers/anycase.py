"""Every case at once: the outcome of an act as a function of all facts and of any number of items.

A case has any number of convictions, charges and warrants, so a function of all their facts has no
bound. But a rule asks of the items of a case only whether some item, or so many items, or items of
so many events, are found; and an item's part in this hangs on its own facts alone. So:

- each item that there can be comes to a *signature*: the set of effects that it has under each
  version of the rules compared, effects that are the same function of its facts counted as one;
- what all items of a case come to, its *vector of findings*, is the sum of their signatures (of
  their events, where those are counted: in an event each effect is found once), each count capped
  at the most that any rule of any version asks for (one, unless it says `at_least`);
- the vectors that cases can have are the sums of any number of signatures. Adding signatures to
  vectors until nothing new comes reaches all of them: counts only grow and are capped, so after as
  many items as all caps together no further item can bring a new one.

Outcomes are then functions of the vector, of the case's own facts, and of what all items share:
dates of the case and readings that are left open. Two versions are equal for every case, under
every option of those readings, exactly where the two functions are one node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from models.law import ITEM_SUBJECTS, Choice, Found, Rule, Subject
from values_act.errors import InputError
from values_act.program import present_options, unpublished_in
from values_act.readers.judging import Judging
from values_act.readers.layout import STATED, Asked, Layout
from values_act.readers.mdd import FALSE, TRUE, Mdd
from values_act.readers.openings import FACT, LIVE, PUBLISHED, READING, Variable
from values_act.readers.where import Judged, Key, Where
from values_act.records import Facts, Record
from values_act.vocabulary import Open

HELD, EVENTS = "held", "events"  # kinds of variables: items, or events, that an effect is found for
VECTOR, SUMMARY, SHARED, READINGS = 1 << 20, 1 << 21, 1 << 22, 1 << 23  # first level of each block
_BLOCK = 1 << 16  # levels for each subject
Signature = frozenset[int]  # effects that an item has, by their places among the subject's
BARRING = "barring "  # before the id of a bar on items: it removes something


@dataclass(slots=True)
class Effect:
    """A function of an item's facts: something that rules say of the item.

    `items` and `events`: up to how many are counted; `level` of its variables in the vector.
    """

    node: int
    items: int = 1
    events: int = 0
    level: int = -1


@dataclass(slots=True)
class Items:
    """All items of one subject: what one can come to, and what any number of them can.

    `node`: over an item's facts and what is shared; its leaves are signatures, None where no item
    may be so. `reached`: over what is shared, the signatures there can be. `family`: over the
    vector and what is shared, where cases can be.
    """

    record: Record
    own: list[Variable]
    effects: list[Effect] = field(default_factory=list)
    node: int = TRUE
    reached: int = TRUE
    family: int = TRUE


class Version(Where):
    """One version of the rules over every case.

    Attributes:
        asked: what is asked of it.
        held_by: for each rule about items, the place of its effect among those of a subject.
        judging: the steps to the outcome, once it is worked out.
        sets: node whose leaves are sets of outcomes, empty where no case may be so: more than one
            where policies differ and nothing says whose decides.
    """

    judging: Judging
    sets: int

    def __init__(self, asked: Asked, facts: Facts, everyone: AnyCase) -> None:
        facts = Facts(asked.day, facts.case, facts.items)
        super().__init__(asked.program, facts, asked.choices, everyone.mdd)
        self.asked = asked
        self.everyone = everyone
        self.variables, self._level = everyone.variables, everyone.levels
        self.held_by: dict[tuple[Subject, str], int] = {}
        taken = tuple(sorted((name, str(option)) for name, option in asked.choices.items()))
        self._manner = (id(asked.program.vocabulary), asked.day, taken)

    # ------------------------------------------------------------ dates that may not be stated
    def _choice(self, choice: Choice, record: Record, then: Callable[[str], int]) -> int:
        number = record.number

        def chosen(option: str | None) -> int:
            name = choice.options.get(option or "", choice.otherwise)
            level = self._level.get((number, STATED, name))
            if name == choice.otherwise or level is None:
                return then(choice.otherwise)
            return self.mdd.choose(level, [then(choice.otherwise), then(name)])

        return self._options(choice.reading, chosen)

    # ------------------------------------------------------------ what items come to
    def found(self, subject: Subject) -> dict[str, int]:
        """Where each rule about an item has effect, and where each bar on an item removes one."""
        record = next(r for r in self.facts.items if r.subject == subject)
        number = record.number
        effects = self.program.effects[subject]
        counted = {found.rule for found in self.program.founds}
        weighed = {rule.id for rule in self.program.weighed if not rule.marks}
        asked = {r.id: r.id for r in effects if r.id in counted or r.id in weighed}
        found = self.effects(record, number, asked)
        defined = self.define(record, number)
        for bar in (rule for rule in effects if rule.scope == "item"):
            removed = [r for r in effects if r.id in asked and r.route in bar.bars]
            nodes = [self.rule(rule, record, number, defined) for rule in removed]
            bars = self.mdd.both(self.rule(bar, record, number, defined), self.mdd.any(nodes))
            if bars != FALSE:
                found[BARRING + bar.id] = bars
        return found

    def held(self, rule: str) -> int:
        """Where a rule holds for some item."""
        return self.mdd.any([part[0] for part in self._parts(rule, HELD, 1)])

    def count(self, found: Found) -> int:
        """Where a rule holds for at least so many items, or for items of so many events."""
        if found.at_least < 1:
            return TRUE
        at_least = [TRUE] + [FALSE] * found.at_least
        for part in self._parts(found.rule, EVENTS if found.distinct else HELD, found.at_least):
            grown = list(at_least)
            for k in range(1, len(at_least)):
                for more, node in enumerate(part[:k], 1):
                    grown[k] = self.mdd.either(grown[k], self.mdd.both(at_least[k - more], node))
            at_least = grown
        return at_least[found.at_least]

    def _parts(self, rule: str, kind: str, most: int) -> Iterator[list[int]]:
        """For each subject: where a rule is found for at least 1, 2, … of it."""
        for subject in ITEM_SUBJECTS:
            place = self.held_by.get((subject, rule))
            if place is not None:
                counted = self.everyone.counted
                yield [counted(subject, place, kind, k) for k in range(1, most + 1)]

    def allowed(self, record: Record) -> int:
        """Where the facts of a record can all be true, and are words that this version knows."""
        found = self._allowed(record, record.number)
        specs = self.program.vocabulary.by_subject[record.subject]
        for (number, kind, name), level in self._level.items():
            spec = specs.get(name)
            if number == record.number and kind == FACT and spec is not None:
                own = spec.unknown(self.asked.day)
                values = self.variables[level].values
                if isinstance(own, Open) and not set(values) <= set(own.choices):
                    known = [value in own.choices for value in values]
                    found = self.mdd.both(found, self.where(number, kind, name, known))
        return found

    # ------------------------------------------------------------ what was worked out before
    def rule(self, rule: Rule, record: Record, number: int, defined: Mapping[str, int],
             judged: Judged | None = None) -> int:  # fmt: skip
        """Where a rule holds, worked out once for rules that are one object in several versions."""
        if judged is not None:
            return super().rule(rule, record, number, defined, judged)
        under = tuple(defined.get(name, FALSE) for name in self.program.tested[rule.id])
        key = (id(rule), number, under, self._manner)
        known = self.everyone.known
        if key not in known:
            known[key] = super().rule(rule, record, number, defined)
        return known[key]


MAX_SHARED = 4_000_000  # nodes of a store that serves several comparisons


@dataclass(slots=True)
class Ground:
    """What comparisons on one day share: the facts of all of them, and the nodes made so far."""

    layout: Layout
    mdd: Mdd = field(default_factory=lambda: Mdd(MAX_SHARED))
    known: dict[tuple[object, ...], int] = field(default_factory=dict)


class AnyCase:
    """Every case under one version of the rules, or under several that are compared.

    Args:
        versions: at least one.
        ground: facts of these and of other versions, with what was worked out for those.

    Attributes:
        variables: by level.
        valid: where a case can be so, under every version.
        unsaid: levels of what no case can say: what is not published of policies, or not certain.
    """

    def __init__(self, versions: Sequence[Asked], ground: Ground | None = None) -> None:
        self.ground = ground or Ground(Layout(versions))
        self.layout, self.mdd, self.known = self.ground.layout, self.ground.mdd, self.ground.known
        self.variables: dict[int, Variable] = {}
        self.levels: dict[Key, int] = {}
        facts = self.layout.facts
        self._place(self.layout.shared(), 0, SHARED)
        self._place(self.layout.variables(facts.case), 0, SUMMARY)
        self._place(self._not_said(versions), -1, SUMMARY + _BLOCK)
        self._place(self._readings(versions), -1, READINGS)
        self.items: dict[Subject, Items] = {}
        for number, record in enumerate(facts.items):
            own = list(self.layout.variables(record))
            self._place(own, record.number, number * _BLOCK)
            self.items[record.subject] = Items(record, own)
        for asked in versions:
            _check_events(asked)
        self.versions = [Version(asked, facts, self) for asked in versions]
        for subject, items in self.items.items():
            self._compare(subject, items)
        nodes = [version.allowed(facts.case) for version in self.versions]
        nodes += [items.family for items in self.items.values()]
        self.valid = self.mdd.all(nodes)
        for version in self.versions:
            version.judging = Judging(version, version.held, version.program.weighed)
            version.sets = version.judging.outcomes(self.valid)
        unsaid = (PUBLISHED, LIVE)
        self.unsaid = frozenset(a for a, v in self.variables.items() if v.kind in unsaid)

    # ------------------------------------------------------------ variables
    def _place(self, variables: Iterable[Variable], number: int, first: int) -> None:
        for level, variable in enumerate(variables, first):
            variable.level = level
            self.variables[level] = variable
            self.levels[number, variable.kind, variable.name] = level

    def _not_said(self, versions: Sequence[Asked]) -> Iterator[Variable]:
        local = [item for asked in versions for item in asked.program.local]
        names = dict.fromkeys(n for item in local for n in unpublished_in(item.term))
        yield from (Variable(None, PUBLISHED, name, (True, False)) for name in names)
        live = dict.fromkeys(item.policy.id for item in local if item.in_force is None)
        yield from (Variable(None, LIVE, name, (True, False)) for name in live)

    def _readings(self, versions: Sequence[Asked]) -> Iterator[Variable]:
        options: dict[str, dict[str, None]] = {}
        for asked in versions:
            for name, reading in asked.program.readings.items():
                if asked.choices.get(name) is None:
                    present = present_options(asked.program, reading)
                    options.setdefault(name, {}).update(dict.fromkeys(present))
        yield from (Variable(None, READING, name, list(own)) for name, own in options.items())

    # ------------------------------------------------------------ items
    def _compare(self, subject: Subject, items: Items) -> None:
        """Find out what items of a subject come to under all versions together."""
        mdd = self.mdd
        places: dict[int, int] = {}
        for version in self.versions:
            for rule, node in version.found(subject).items():
                if node not in places:
                    places[node] = len(items.effects)
                    items.effects.append(Effect(node))
                effect = items.effects[places[node]]
                version.held_by[subject, rule] = places[node]
                for found in version.program.founds:
                    if found.rule == rule and found.distinct:
                        effect.events = max(effect.events, found.at_least)
                    elif found.rule == rule:
                        effect.items = max(effect.items, found.at_least)
        level = VECTOR + ITEM_SUBJECTS.index(subject) * _BLOCK
        number = items.record.number
        for place, effect in enumerate(items.effects):
            effect.level = level
            for kind, most in ((HELD, effect.items), (EVENTS, effect.events)):
                if most:
                    variable = Variable(items.record, kind, str(place), range(most + 1), level)
                    self.variables[level] = variable
                    self.levels[number, kind, str(place)] = level
                level += 1
        allowed = mdd.all([version.allowed(items.record) for version in self.versions])
        node = mdd.leaf(frozenset())
        for place, effect in enumerate(items.effects):
            node = mdd.apply(_with(place), node, effect.node, FALSE)
        items.node = mdd.apply(_if_allowed, node, allowed, TRUE)
        items.reached = mdd.reach(items.node, SHARED)
        items.family = self.family(items, items.reached)

    def family(self, items: Items, reached: int) -> int:
        """Where a case can be, of which each item has one of the signatures that are reached."""
        mdd = self.mdd
        return mdd.any([
            mdd.both(self.sums(items, found), mdd.map(_is(found), reached))
            for found in mdd.leaves(reached)
        ])  # fmt: skip

    def sums(self, items: Items, signatures: frozenset[Signature | None]) -> int:
        """Vectors that any number of items of some signatures come to.

        Where events count, items are gathered into events first: an effect is found once for an
        event, however many of its items have it, and then events are added up.
        """
        mdd = self.mdd
        one = mdd.any([self._vector(items, s) for s in signatures if s])
        if any(effect.events for effect in items.effects):
            one = self._closed(items, one, _Sum(self, one_event=True))
        return self._closed(items, one, _Sum(self, one_event=False))

    def _closed(self, items: Items, one: int, add: _Sum) -> int:
        """What adding any number of vectors of a set to none comes to."""
        family = self._vector(items, frozenset())
        while True:
            more = self.mdd.either(family, add(family, one))
            if more == family:
                return family
            family = more

    def _vector(self, items: Items, signature: Signature) -> int:
        """The vector of one item alone, or of none."""
        node = TRUE
        for place, effect in reversed(list(enumerate(items.effects))):
            has = int(place in signature)
            for level, most in ((effect.level + 1, effect.events), (effect.level, effect.items)):
                if most:
                    kids = [FALSE] * (most + 1)
                    kids[has] = node
                    node = self.mdd.node(level, tuple(kids))
        return node

    def counted(self, subject: Subject, place: int, kind: str, least: int) -> int:
        """Where an effect is found for at least so many items, or events."""
        effect = self.items[subject].effects[place]
        most = effect.items if kind == HELD else effect.events
        level = effect.level if kind == HELD else effect.level + 1
        if least > most:
            return FALSE
        return self.mdd.node(level, tuple([TRUE if n >= least else FALSE for n in range(most + 1)]))


class _Sum:
    """Adds the vectors of one set to those of another, as items of one event or of others."""

    def __init__(self, everyone: AnyCase, *, one_event: bool) -> None:
        self.mdd = everyone.mdd
        self.variables = everyone.variables
        self.one_event = one_event
        self._memo: dict[tuple[int, int], int] = {}

    def __call__(self, vectors: int, others: int) -> int:
        if FALSE in (vectors, others):
            return FALSE
        if vectors == TRUE and others == TRUE:
            return TRUE
        key = (vectors, others)
        if key not in self._memo:
            mdd = self.mdd
            level = min(mdd.level[vectors], mdd.level[others])
            width = len(self.variables[level].values)
            kids = [FALSE] * width
            for x, a in enumerate(self._kids(vectors, level, width)):
                for y, b in enumerate(self._kids(others, level, width)):
                    total = self._total(level, x, y)
                    kids[total] = mdd.either(kids[total], self(a, b))
            self._memo[key] = mdd.node(level, tuple(kids))
        return self._memo[key]

    def _kids(self, node: int, level: int, width: int) -> Sequence[int]:
        return self.mdd.kids[node] if self.mdd.level[node] == level else (node,) * width

    def _total(self, level: int, so_far: int, more: int) -> int:
        variable = self.variables[level]
        if variable.kind == EVENTS and self.one_event:
            return max(so_far, more)
        return min(len(variable.values) - 1, so_far + more)


# ---------------------------------------------------------------- helpers


def _check_events(asked: Asked) -> None:
    """Refuse to count events of items of several subjects: which they share is not looked at.

    Raises:
        InputError: a rule is counted so.
    """
    for found in asked.program.founds:
        rule = asked.program.rules.get(found.rule)
        if found.distinct and rule is not None and len(rule.subject) > 1:
            raise InputError(
                f"events of rule `{rule.id}` are counted over {' and '.join(rule.subject)} items, "
                "which may share one; that cannot be compared"
            )


@lru_cache(maxsize=1024)
def _with(place: int) -> Callable[[Signature, bool], Signature]:
    return lambda found, holds: found | {place} if holds else found


def _if_allowed(found: Signature, allowed: bool) -> Signature | None:
    return found if allowed else None


def _is(leaf: object) -> Callable[[object], bool]:
    return lambda value: value == leaf
