"""Offenses that two copies of the catalogue tell otherwise, and what follows for who has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from models.case import InmateCase
from models.difference import KindView, OffenseChange
from models.law import Outcome, Subject
from values_act.casefacts import variant_of
from values_act.catalogue import Entry
from values_act.decide import Decider, Settings
from values_act.errors import EngineError
from values_act.library import Library
from values_act.places import Scope, asked_of, days_of_law
from values_act.readers.anycase import SHARED, VECTOR, AnyCase, Ground, Signature
from values_act.readers.contrast import outcome_of, single
from values_act.readers.examples import Examples
from values_act.readers.layout import Asked, Cuts, Layout
from values_act.readers.mdd import TRUE
from values_act.readers.openings import FACT
from values_act.versions import Side
from values_act.vocabulary import FactSpec, Open, Span, Values, is_known
from values_act.witnesses import JURISDICTION, case_of, told

DATES = ("date", "offense_date")  # by which the catalogue tells what an offense was
Progress = Callable[[Iterable[date], str], Iterable[date]]


@dataclass(frozen=True, slots=True)
class _Changed:
    """An offense of both copies that they tell otherwise, for one list of items."""

    subject: Subject
    jurisdiction: str
    before: Entry
    after: Entry


def offense_changes(
    a: Side, b: Side, scope: Scope, progress: Progress = lambda found, _: found
) -> list[OffenseChange]:
    """Every offense told otherwise; with the kinds of case of one such item that change.

    The rules are those of the second side, so that what a rule changes is not told twice.

    Raises:
        EngineError: a witness was found to be none.
    """
    if a.library is b.library:
        return []
    changed = list(_changed(a.library, b.library))
    found = _Finder(a, b, changed)
    days = days_of_law(b, scope) if changed else []
    for day in progress(days, "comparing offenses"):
        found.on(day, scope)
    return [*found.changes(), *_one_sided(a.library, b.library)]


def _entries(library: Library) -> dict[tuple[str, str], Entry]:
    words = library.vocabulary.facts["conviction", JURISDICTION].words
    return {(word, e.cite): e for word in words for e in library.catalogue.rows(word)}


def _changed(a: Library, b: Library) -> Iterator[_Changed]:
    first, second = _entries(a), _entries(b)
    for key in first.keys() & second.keys():
        if _tells(first[key]) != _tells(second[key]):
            for subject, specs in b.vocabulary.by_subject.items():
                if any(spec.origin == "looked_up" for spec in specs.values()):
                    yield _Changed(subject, key[0], first[key], second[key])


def _tells(entry: Entry) -> tuple[object, ...]:
    return dict(entry.facts), entry.row.get("changed_on"), entry.row.get("grade_before")


def _one_sided(a: Library, b: Library) -> Iterator[OffenseChange]:
    first, second = _entries(a), _entries(b)
    for key in sorted(first.keys() ^ second.keys()):
        said = "is new in the catalogue" if key in second else "is no longer in the catalogue"
        yield OffenseChange(offense=key[1], subject="any", facts=(said,))


class _Finder:
    """Looks for kinds of case day by day."""

    def __init__(self, a: Side, b: Side, changed: list[_Changed]) -> None:
        self.sides = a, b
        self.vocabulary = b.library.vocabulary
        self.changed = sorted(changed, key=lambda one: (one.after.cite, one.subject))
        self.deciders = Decider(a.library), Decider(b.library)
        self.kinds: dict[int, dict[tuple[str, Outcome, Outcome], KindView]] = {}

    def changes(self) -> Iterator[OffenseChange]:
        for place, one in enumerate(self.changed):
            facts = tuple(_facts(self.vocabulary.by_subject[one.subject], one))
            kinds = tuple(self.kinds.get(place, {}).values())
            yield OffenseChange(
                offense=one.after.cite, subject=one.subject, facts=facts, kinds=kinds
            )

    def on(self, day: date, scope: Scope) -> None:
        asked = [asked_of(self.sides[1], day, action, scope) for action in scope.actions]
        subjects = {one.subject for one in self.changed}
        reading = [one for one in asked if any(_looks_up(one, s) for s in subjects)]
        if reading:
            ground = Ground(Layout(reading, cuts=self._cuts()))
            for one in reading:
                everyone = AnyCase([one], ground)
                for place, changed in enumerate(self.changed):
                    self._compare(place, changed, everyone, one)

    def _cuts(self) -> Cuts:
        """Days from which an offense is told otherwise than before."""
        days = {
            date.fromisoformat(str(entry.row["changed_on"])).toordinal()
            for one in self.changed
            for entry in (one.before, one.after)
            if entry.row.get("changed_on")
        }
        return {(one.subject, name): frozenset(days) for one in self.changed for name in DATES}

    # ------------------------------------------------------------ one offense
    def _compare(self, place: int, one: _Changed, everyone: AnyCase, asked: Asked) -> None:
        limits = [entry.row.get("changed_on") for entry in (one.before, one.after)]
        days = {date.fromisoformat(limit).toordinal() for limit in limits if limit}
        around: list[int | None] = [d for limit in sorted(days) for d in (limit - 1, limit)]
        for day in around or [None]:
            on = asked.day.toordinal() if day is None else day
            specs = self.vocabulary.by_subject[one.subject]
            tell = [variant_of(e, specs, on).values for e in (one.before, one.after)]
            if tell[0] != tell[1]:
                self._differing(place, one, everyone, asked, (tell[0], tell[1]), day)

    def _differing(
        self, place: int, one: _Changed, everyone: AnyCase, asked: Asked,
        tell: tuple[Mapping[str, Any], Mapping[str, Any]], day: int | None,
    ) -> None:  # fmt: skip
        mdd = everyone.mdd
        outcomes = [
            _with_item(everyone, one.subject, {**values, JURISDICTION: one.jurisdiction}, day)
            for values in tell
        ]
        pairs = mdd.apply(_pair, *outcomes)
        known = self.kinds.setdefault(place, {})
        for pair in mdd.leaves(pairs):
            if pair is None or pair[0] == pair[1]:
                continue
            key = (asked.program.action, *pair)
            if key not in known:
                where = mdd.map(_is(pair), pairs)
                known[key] = self._kind(one, everyone, asked, pair, where)

    def _kind(
        self, one: _Changed, everyone: AnyCase, asked: Asked, pair: tuple[Outcome, Outcome],
        where: int,
    ) -> KindView:  # fmt: skip
        a, b = self.sides
        example = Examples(everyone).item(one.subject, where, one.after.cite)
        raw = case_of(self.vocabulary, example, self._around(asked))
        case = InmateCase.model_validate(raw)
        decided = [d.decide(case, Settings(readings=dict(s.readings)))
                   for d, s in zip(self.deciders, self.sides, strict=True)]  # fmt: skip
        if tuple(d.outcome for d in decided) != pair:
            found = " and ".join(d.outcome for d in decided)
            raise EngineError(
                f"{one.after.cite}: a case that was found to be {pair[0]} and {pair[1]} is {found}"
                "; nothing is told"
            )
        before, after = decided
        sentence = (
            f"Under {a.name} {pair[0].replace('_', ' ')} ({before.cite} [{before.rule}]); "
            f"under {b.name} {pair[1].replace('_', ' ')} ({after.cite} [{after.rule}])."
        )
        return KindView(
            action=asked.program.action, before=pair[0], after=pair[1],
            rule_before=before.rule, rule_after=after.rule,
            cite_before=before.cite, cite_after=after.cite, periods=(), combinations=0,
            sentence=sentence, facts=tuple(told(self.vocabulary, example)), witness=raw,
        )  # fmt: skip

    def _around(self, asked: Asked) -> dict[str, Any]:
        return {
            "action": asked.program.action,
            "as_of": asked.day.isoformat(),
            "law": asked.program.law,
        }


def _looks_up(asked: Asked, subject: Subject) -> bool:
    specs = asked.program.vocabulary.by_subject[subject]
    return any(specs[name].origin == "looked_up" for name in asked.program.reads[subject])


def _facts(specs: Mapping[str, FactSpec], one: _Changed) -> Iterator[str]:
    """What is told otherwise, in words."""
    before, after = one.before, one.after
    for name in dict.fromkeys((*before.facts, *after.facts)):
        old, new = before.facts.get(name), after.facts.get(name)
        if old != new and name in specs:
            said = [specs[name].say(v) if isinstance(v, (str, bool)) else "not told"
                    for v in (old, new)]  # fmt: skip
            yield f"{specs[name].label}: {said[0]} -> {said[1]}"
        elif old != new:
            yield f"{name}: {old} -> {new}"
    for name in ("changed_on", "grade_before"):
        if before.row.get(name) != after.row.get(name):
            yield f"{name}: {before.row.get(name) or 'none'} -> {after.row.get(name) or 'none'}"


# ---------------------------------------------------------------- the diagram


def _with_item(everyone: AnyCase, subject: Subject, told: Values, day: int | None) -> int:
    """The outcome of a case with one item of which some facts are told, and no other item."""
    mdd, items = everyone.mdd, everyone.items[subject]
    given = {
        v.level: list(v.values).index(told[v.name])
        for v in items.own
        if v.kind == FACT and v.name in told and is_known(told[v.name]) and told[v.name] in v.values
    }
    where = TRUE
    for variable in items.own:
        if day is not None and variable.kind == FACT and variable.name == DATES[0]:
            on = [isinstance(v, Span) and v.low <= day <= v.high for v in variable.values]
            where = mdd.both(where, mdd.node(variable.level, tuple([int(yes) for yes in on])))
        value = told.get(variable.name)
        if variable.kind == FACT and isinstance(value, Open):
            can = tuple([int(v in value.choices) for v in variable.values])
            where = mdd.both(where, mdd.node(variable.level, can))
    node = mdd.at(mdd.apply(_if_so, items.node, where), given)
    outcome = outcome_of(everyone.versions)
    vector = [a for a in everyone.variables if VECTOR <= a < VECTOR << 1]

    def alone(signature: Signature) -> int:
        levels = dict.fromkeys(vector, 0)
        for place in signature:
            effect = items.effects[place]
            levels[effect.level] = 1
            if effect.events:
                levels[effect.level + 1] = 1
        return mdd.at(outcome, levels)

    ends: dict[int, int] = {}
    for bottom in mdd.bottoms(node, SHARED):
        found = mdd.leaf(None)
        for signature in mdd.leaves(bottom):
            if signature is not None:
                own = mdd.apply(_if_so, alone(signature), mdd.map(_is(signature), bottom))
                found = mdd.apply(_either, found, own)
        ends[bottom] = found
    specs = everyone.layout
    untold = {
        v.level
        for v in items.own
        if v.kind == FACT and v.level not in given
        and specs.spec(subject, v.name).origin == "looked_up"
    }  # fmt: skip
    # nobody states what the catalogue leaves open, so it stays unknown
    sets = mdd.forget(mdd.map(_alone, mdd.relabel(node, ends)), untold, frozenset.union)
    return mdd.map(single, sets)


def _alone(outcome: Outcome | None) -> frozenset[Outcome]:
    return frozenset({outcome} if outcome else ())


def _if_so(value: object, so: bool) -> object:
    return value if so else None


def _either(a: object, b: object) -> object:
    return a if b is None else b


def _pair(a: Outcome | None, b: Outcome | None) -> tuple[Outcome, Outcome] | None:
    return (a, b) if a and b else None


@lru_cache(maxsize=4096)
def _is(value: object) -> Callable[[object], bool]:
    return lambda found: found == value
