"""A case with its facts loosened: what each might be instead, and items that might be added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from models.law import ITEM_SUBJECTS, Rule, Subject
from values_act.answer import Answer
from values_act.casefacts import LISTS, variant_of
from values_act.catalogue import Entry
from values_act.conditions import facts_of
from values_act.flips import Added
from values_act.follow import followers
from values_act.program import Program
from values_act.readers.diagram import ITEMS, SUMMARY, Diagram, Item, has
from values_act.readers.mdd import FALSE, TRUE
from values_act.readers.openings import FACT, Openings, Variable
from values_act.records import EVENT, LIST, OFFENSE, Facts, Record, Variant
from values_act.vocabulary import FactSpec, Open, Span, Value, Values, Vocabulary

ITEM = "added"  # the kind of variable that says whether an item is added
JURISDICTION = "jurisdiction"  # of the codes that an offense is of, if nothing else is said
DATES = ("date", "offense_date")  # by which the catalogue tells what an offense was


# ---------------------------------------------------------------- facts that may change


Place = tuple[Subject, int]


@dataclass(slots=True)
class Loosened:
    """The facts of a case, open where they may change, and what they are now."""

    answer: Answer
    only: frozenset[str]
    facts: Facts
    alike: dict[Place, list[list[str]]]  # citations of each variant of an item
    following: dict[Place, list[FactSpec]]  # facts that may follow from others, in order

    def original(self, variable: Variable) -> Record:
        """The record as it is in the case."""
        own = variable.of
        return next(
            r
            for r in self.answer.facts.records()
            if (r.subject, r.number) == (own.subject, own.number) and not r.phantom
        )

    def may_change(self, variable: Variable) -> bool:
        if variable.kind == ITEM:
            return True
        record = variable.record
        if record is None or record.phantom or variable.kind == EVENT:
            return False
        if variable.kind == OFFENSE:
            return not self.only or OFFENSE in self.only
        spec = self.answer.program.vocabulary.facts[record.subject, variable.name]
        return _loose(self.answer, self.original(variable), spec.name, self.only)

    def follows(self, variable: Variable) -> bool:
        """Whether a fact is not changed, perhaps, but may follow from others."""
        record = variable.record
        if record is None or record.phantom or variable.kind != FACT:
            return False
        return any(spec.name == variable.name for spec in self.following[_place(record)])

    def now(self, variable: Variable) -> list[int]:
        """Indexes of the values that a fact may have as the case stands, all if it is left out."""
        if variable.kind == ITEM:
            return [0]
        if variable.kind == FACT and variable.name in self.original(variable).implicable:
            return list(range(len(variable.values)))
        if variable.kind == OFFENSE:
            return list(range(max(1, len(self.original(variable).variants))))
        value = self.original(variable).values[variable.name]
        return [i for i, other in enumerate(variable.values) if _meet(value, other)]

    def cites(self, variable: Variable, index: int) -> list[str]:
        return self.alike[variable.of.subject, variable.of.number][index]


def loosen(answer: Answer, only: frozenset[str]) -> Loosened:
    """Every fact of a case that may change, made unknown."""
    facts = answer.facts
    vocabulary = answer.program.vocabulary
    following = {_place(r): followers(vocabulary, r) for r in facts.records() if not r.phantom}
    loosened = Loosened(answer, only, facts, {}, following)
    items = [_loosened(loosened, record) for record in facts.items]
    case = _loosened(loosened, facts.case)
    loosened.facts = replace(facts, case=case, items=items)
    return loosened


def _loosened(loosened: Loosened, record: Record) -> Record:
    if record.phantom:
        return record
    answer, only = loosened.answer, loosened.only
    specs = answer.program.vocabulary.by_subject[record.subject]
    following = {spec.name for spec in loosened.following[_place(record)]}
    values = {
        name: specs[name].unknown(answer.facts.day)
        if name in following or _loose(answer, record, name, only)
        else value
        for name, value in record.values.items()
    }
    variants = record.variants
    looked_up = [n for n, s in specs.items() if s.origin == "looked_up" and n not in record.stated]
    if looked_up:
        now = answer.library.catalogue.find(record.title) if record.title else None
        for entry in now.entries if now else ():
            _keep_side(entry, record, values)
        if not only or OFFENSE in only:
            wanted = (now and now.jurisdiction) or record.values[JURISDICTION]
            variants = _offenses(loosened, record, looked_up, wanted)
            values |= {name: specs[name].unknown(answer.facts.day) for name in looked_up}
    return replace(record, values=values, variants=variants)


def _keep_side(entry: Entry, record: Record, values: Values) -> None:
    """Leave a date on its side of the day on which what the offense is was changed."""
    changed = entry.row.get("changed_on")
    for name in DATES if changed else ():
        own, limit = record.values.get(name), date.fromisoformat(changed or "").toordinal()
        loose = values.get(name)
        if own is None or not isinstance(loose, Span):
            continue
        low, high = own if isinstance(own, Span) else (int(str(own)), int(str(own)))
        if high < limit:
            values[name] = Span(loose.low, limit - 1)
        elif low >= limit:
            values[name] = Span(limit, loose.high)
        else:
            values[name] = own


def _loose(answer: Answer, record: Record, name: str, only: frozenset[str]) -> bool:
    """Whether a fact of the case may be otherwise in a hypothetical."""
    spec = answer.program.vocabulary.facts[record.subject, name]
    if spec.fixed or (only and name not in only):
        return False
    if (record.subject, name) in answer.program.behind and record.subject == "case":
        return False
    return spec.origin == "stated" or name in record.stated


def _offenses(
    loosened: Loosened, record: Record, looked_up: list[str], jurisdiction: Value
) -> tuple[Variant, ...]:
    """What the offense is now, then every other of the catalogue; those alike stand as one."""
    program = loosened.answer.program
    now = record.variants or (
        Variant(record.title, "", {name: record.values[name] for name in looked_up}),
    )
    cites = [[variant.cite] for variant in now]
    groups: dict[object, int] = {}
    variants = list(now)
    read = [name for name in looked_up if name in read_in(program, record.subject)]
    specs = program.vocabulary.by_subject[record.subject]
    for entry in loosened.answer.library.catalogue.rows(str(jurisdiction)):
        if entry.row.get("changed_on"):
            continue  # what it is hangs on the date, which may change as well
        own = variant_of(entry, specs, loosened.answer.facts.day.toordinal())
        values = {name: own.values[name] for name in looked_up if name in own.values}
        key = tuple(values.get(name) for name in read)
        if key in groups:
            cites[groups[key]].append(entry.cite)
        else:
            groups[key] = len(variants)
            variants.append(Variant(entry.cite, entry.title, values))
            cites.append([entry.cite])
    loosened.alike[record.subject, record.number] = cites
    return tuple(variants)


def read_in(program: Program, subject: Subject) -> set[str]:
    """Facts that a rule, or a combination that no case may have, looks at."""
    nevers = program.vocabulary.never.get(subject, ())
    named = {name for never in nevers for name in facts_of(never.when)}
    return named | set(program.reads[subject])


def _meet(value: Value, other: object) -> bool:
    """Whether what is known of a fact allows a value, or some of a stretch."""
    if isinstance(value, Open):
        return other in value.choices
    low, high = value if isinstance(value, Span) else (value, value)
    if isinstance(other, Span):
        return int(str(low)) <= other.high and other.low <= int(str(high))
    return other == value


# ---------------------------------------------------------------- items that may be added


class Hypothetical(Diagram):
    """The diagram of a case with its facts loosened, and with items that might be added.

    Attributes:
        examples: by level, the item that a variable of kind `ITEM` adds.
    """

    apart = True
    implied = True

    def __init__(self, loosened: Loosened) -> None:
        self.loosened = loosened
        self.examples: dict[int, Added] = {}
        answer = loosened.answer
        super().__init__(answer.program, loosened.facts, answer.choices)

    def _further(self, openings: Openings) -> list[Item]:
        """For each rule about items that bears on the outcome, one item that it holds for."""
        found: list[Item] = []
        answer, only = self.loosened.answer, self.loosened.only
        for number, subject in enumerate(ITEM_SUBJECTS, len(self.facts.items) + 1):
            if subject in self.facts.open_lists or (only and LISTS[subject] not in only):
                continue
            blank = self._blank(subject)
            self._place(openings.of_record(blank), number)
            apart = openings.events_matter(blank)
            each = self.effects(blank, number, {rule_id: rule_id for rule_id in self._alike})
            allowed = self._allowed(blank, number)
            for rule_id in each:
                path = self._pick(self._settled(rule_id, each, blank, allowed))
                if path is not None:
                    rule = answer.program.rules[rule_id]
                    found.append(self._added(rule, blank, path, len(found), apart))
            self.variables = {a: v for a, v in self.variables.items() if v.record is not blank}
        return found

    def _possible(self, item: Item) -> int:
        """What an item that is known can come to, its own function says."""
        return super()._possible(item) if item.record.phantom else TRUE

    def _blank(self, subject: Subject) -> Record:
        vocabulary, day = self.program.vocabulary, self.facts.day
        specs = vocabulary.by_subject[subject]
        values = dict(vocabulary.unknowns(subject, day))
        values |= {s.name: s.presumed.value for s in vocabulary.presumable[subject] if s.presumed}
        looked_up = [name for name, spec in specs.items() if spec.origin == "looked_up"]
        blank = Record(subject, 0, values)
        if not looked_up:
            return blank
        rows = [
            replace(row, values={**row.values, JURISDICTION: word})
            for word in specs[JURISDICTION].words
            for row in _offenses(self.loosened, blank, looked_up, word)[1:]
        ]
        return replace(blank, variants=tuple(rows))

    def _settled(self, rule_id: str, each: Mapping[str, int], blank: Record, allowed: int) -> int:
        """Where a rule holds for an item and all others are settled: none of another kind if it
        can be so."""
        mdd = self.mdd
        where = each[rule_id]
        for other, holds in each.items():
            if self._alike[other] != self._alike[rule_id]:
                for wanted in (mdd.no(holds), holds):
                    narrower = mdd.both(where, wanted)
                    if self._pick(mdd.both(self._surely(narrower, blank), allowed)) is not None:
                        where = narrower
                        break
        return mdd.both(self._surely(where, blank), allowed)

    def _surely(self, where: int, blank: Record) -> int:
        """Where a condition holds whatever the offense does not tell of itself."""
        specs = self.program.vocabulary.by_subject[blank.subject]
        untold = {
            level
            for level, variable in self.variables.items()
            if variable.record is blank
            and variable.kind == FACT
            and specs[variable.name].origin == "looked_up"
        }
        return self.mdd.no(self.mdd.forget(self.mdd.no(where), untold, _or))

    def _pick(self, where: int) -> dict[int, int] | None:
        """The plainest way to a place where a condition holds under every open reading."""
        memo: dict[int, tuple[int, dict[int, int]] | None] = {}

        def down(at: int) -> tuple[int, dict[int, int]] | None:
            if at == TRUE:
                return 0, {}
            level = self.mdd.level[at]
            if at == FALSE or level >= self.shared:
                return None
            if at not in memo:
                best: tuple[int, dict[int, int]] | None = None
                for index, odd in _plainest(self.program.vocabulary, self.variables[level]):
                    rest = down(self.mdd.kids[at][index])
                    if rest is not None and (best is None or rest[0] + odd < best[0]):
                        best = rest[0] + odd, {level: index, **rest[1]}
                memo[at] = best
            return memo[at]

        found = down(where)
        return found[1] if found else None

    def _added(
        self, rule: Rule, blank: Record, path: Mapping[int, int], place: int, apart: bool
    ) -> Item:
        """An item of known facts, there or not, as one more item of the diagram."""
        number = -2 - place  # none of the case has it, so every fact of it is known
        values: Values = dict(blank.values)
        example: Values = {}
        told: Mapping[str, Value] = {}
        for level, variable in self.variables.items():
            if variable.record is not blank:
                continue
            index = path.get(level, _plainest(self.program.vocabulary, variable)[0][0])
            value = variable.values[index]
            spec = self.program.vocabulary.get(blank.subject, variable.name)
            if isinstance(value, Variant):
                told = value.values  # over what other offenses leave to be said
                example[OFFENSE] = value.cite
            elif variable.kind == FACT:
                values[variable.name] = value.high if isinstance(value, Span) else value  # type: ignore[assignment]
                if level in path and spec is not None and spec.origin == "stated":
                    example[variable.name] = values[variable.name]
        values |= told
        event = f"{ITEM} {place + 1}"
        record = replace(blank, values=values, variants=(), event=event)
        if apart:
            example[EVENT] = event
        level = SUMMARY - 1 - place  # after all that items of the case come to
        there = Variable(record, ITEM, rule.id, (False, True), level)
        self.variables[level] = there
        node = self.mdd.node(level, (self.mdd.leaf(()), self._signature(record, number)))
        reached = self.mdd.reach(node, self.shared)
        held = sorted(tuple((r, 1, 1) for r in signature) for signature in self.mdd.leaves(node))
        can = [self.mdd.map(has(tuple(r for r, _, _ in value)), reached) for value in held]
        summary = Variable(record, LIST, LIST, held, ITEMS + len(self.facts.items) + 1 + place)
        self.variables[summary.level] = summary
        self.examples[level] = Added(blank.subject, rule, example)
        return Item(record, number, [there], node, summary, held, can, reached)


def _place(record: Record) -> Place:
    return record.subject, record.number


def _or(a: bool, b: bool) -> bool:
    return a or b


def _plainest(vocabulary: Vocabulary, variable: Variable) -> list[tuple[int, int]]:
    """Indexes of the values of a fact, those first that an example had better have; 1 if odd."""
    order = list(range(len(variable.values)))
    if variable.record is None or variable.kind != FACT:
        return [(i, 0) for i in order]
    spec = vocabulary.facts[variable.record.subject, variable.name]
    if spec.type == "date":
        return [(i, 0) for i in reversed(order)]
    if spec.list_name is None:
        return [(i, 0) for i in order]
    return [(i, int(bool(variable.values[i]))) for i in reversed(order)]
