"""Every small change of the law: of each rule, base rule, route, reading, policy and fact.

A change that the model of the rules refuses is no mutant; it is only counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from pydantic import ValidationError

from models.base import Scalar
from models.dates import PartialDate
from models.law import (
    Base,
    Fact,
    Implication,
    Law,
    Never,
    Reading,
    Route,
    Rule,
    Subject,
    Upon,
)
from models.policy import CountyPolicy, Term
from values_act.library import Library
from values_act.mutant_conditions import changes_of, days_beside, say
from values_act.places import AGENCY

Entry = Rule | Base | Route | Reading | Law | CountyPolicy | Fact | Never
TARGETS = ("permits", "bars", "actions", "requires", "excludes", "notwithstanding")
BOUNDS = ("effective", "ended")
OUTCOMES: tuple[str, ...] = get_args(Base.model_fields["outcome"].annotation)
MOMENTS: tuple[str, ...] = get_args(Upon)
NO_OPTION = "none"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change of the law."""

    id: str
    kind: str
    owner: str  # id of the rule, base rule, reading or policy; name of the route, law or fact
    where: str  # the place in it, as a dotted path
    before: str
    after: str  # empty where something is taken out
    law: str | None  # of which law it is a part
    county: str | None  # or of which county
    original: Entry = field(repr=False, compare=False)
    changed: Entry | None = field(repr=False, compare=False)  # None: it is taken out whole

    @property
    def words(self) -> str:
        """The change in words, without its owner."""
        at = f" (at {self.where})" if self.where else ""
        if not self.after:
            return f"left out: {self.before}{at}"
        return f"{self.before or 'none'} -> {self.after}{at}"


@dataclass(slots=True)
class Mutants:
    """Every mutant of a copy of the law, and how many changes the model refused."""

    found: list[Mutant]
    refused: int


def mutants_of(library: Library) -> Mutants:
    """Every small change of a copy of the law, in the order of its files."""
    maker = _Maker(library)
    found = [*maker.laws(), *maker.counties(), *maker.facts()]
    return Mutants(found, maker.refused)


Draft = tuple[str, str, str, str, Entry | None]  # kind, where, before, after, what is made of it


class _Maker:
    def __init__(self, library: Library) -> None:
        self.library = library
        self.vocabulary = library.vocabulary
        self.refused = 0

    # ------------------------------------------------------------ files
    def laws(self) -> Iterator[Mutant]:
        for law in self.library.laws.values():
            routes = self._routes(law)
            yield from self._mutants(law.name, law, self._of_dates(law), law=law.name)
            for base in law.base:
                yield from self._mutants(base.id, base, self._of_base(base, routes), law=law.name)
            for rule in law.rules:
                yield from self._mutants(rule.id, rule, self._of_rule(rule, routes), law=law.name)
            for route in law.routes:
                yield from self._mutants(route.name, route, self._of_route(route), law=law.name)
            for reading in law.readings:
                drafts = self._of_reading(reading)
                yield from self._mutants(reading.id, reading, drafts, law=law.name)

    def counties(self) -> Iterator[Mutant]:
        for county in self.library.counties():
            name = county.county
            for rule in county.rules:
                yield from self._mutants(rule.id, rule, self._of_rule(rule, ()), county=name)
            for policy in county.policies:
                drafts = self._of_policy(policy)
                yield from self._mutants(policy.id, policy, drafts, county=name)

    def facts(self) -> Iterator[Mutant]:
        for fact in self.library.book.facts:
            yield from self._mutants(fact.name, fact, self._of_fact(fact))
        for index, never in enumerate(self.library.book.never):
            draft = ("removed", f"never.{index}", say(never.when), "", None)
            yield from self._mutants(f"never {index}", never, iter([draft]))

    def _routes(self, law: Law) -> tuple[str, ...]:
        """Routes that a rule of the law may name: its own, and those of laws beside it."""
        whole = [name for name, other in self.library.laws.items() if law.name in other.includes]
        parts = [part for name in (law.name, *whole)
                 if law.kind != "definitions" for part in self.library.parts(name)]  # fmt: skip
        return tuple(dict.fromkeys(route.name for part in parts for route in part.routes))

    # ------------------------------------------------------------ one entry
    def _mutants(
        self,
        owner: str,
        original: Entry,
        drafts: Iterator[Draft],
        law: str | None = None,
        county: str | None = None,
    ) -> Iterator[Mutant]:
        """Drafts as mutants, each model once, under ids of their own."""
        seen = {original.model_dump_json()}
        for kind, where, before, after, changed in drafts:
            key = "" if changed is None else changed.model_dump_json()
            if key in seen:
                continue
            seen.add(key)
            name = ":".join(filter(None, (law or county, owner, where, kind, after)))
            yield Mutant(name, kind, owner, where, before, after, law, county, original, changed)

    def _made(self, model: Entry, changes: dict[str, Any]) -> Iterator[Entry]:
        """A model with other fields, if it may have them."""
        whole = {name: getattr(model, name) for name in model.model_fields_set} | changes
        try:
            yield type(model).model_validate(whole)
        except ValidationError:
            self.refused += 1

    def _drafts(
        self, model: Entry, kind: str, where: str, before: object, after: object, **changes: Any
    ) -> Iterator[Draft]:
        for made in self._made(model, changes):
            yield kind, where, _said(before), _said(after), made

    # ------------------------------------------------------------ rules and base rules
    def _of_rule(self, rule: Rule, routes: tuple[str, ...]) -> Iterator[Draft]:
        yield "removed", "", f"rule {rule.id}", "", None
        if rule.when is not None:
            words = _Words(self, rule.subject)
            for change in changes_of(rule.when, words.of):
                yield from self._drafts(rule, change.kind, _dotted(*change.path), change.before,
                                        change.after, when=change.condition)  # fmt: skip
        for name in TARGETS:
            yield from self._entries(rule, name)
        if rule.route is not None:
            yield from self._others(rule, "route", "route", routes)
        if rule.duty is not None:
            yield from self._others(rule, "duty", "duty", MOMENTS)
        if rule.scope == "item":
            yield from self._others(rule, "scope", "scope", ("case",))
        yield from self._of_gates(rule)
        yield from self._of_dates(rule)

    def _of_base(self, base: Base, routes: tuple[str, ...]) -> Iterator[Draft]:
        yield "removed", "", f"base rule {base.id}", "", None
        yield from self._others(base, "outcome", "outcome", OUTCOMES)
        yield from self._entries(base, "actions")
        if base.route is not None:
            yield from self._others(base, "route", "route", routes)
        yield from self._of_dates(base)

    def _entries(self, model: Entry, name: str) -> Iterator[Draft]:
        """A list without each of its entries."""
        entries = getattr(model, name)
        for entry in entries:
            left = tuple(other for other in entries if other != entry)
            where = _dotted(name, entry)
            yield from self._drafts(model, f"{name}-dropped", where, entry, "", **{name: left})

    def _others(
        self, model: Entry, kind: str, name: str, words: tuple[str, ...]
    ) -> Iterator[Draft]:
        """A word swapped for each other one."""
        now = getattr(model, name)
        for word in words:
            if word != now:
                yield from self._drafts(model, kind, name, now, word, **{name: word})

    def _of_gates(self, rule: Rule) -> Iterator[Draft]:
        """A rule that asks for no reading, or for another option of it."""
        for name, taken in rule.reading.items():
            where = _dotted("reading", name)
            free = {key: value for key, value in rule.reading.items() if key != name}
            yield from self._drafts(rule, "gate-dropped", where, f"{name}: {_said(taken)}", "",
                                    reading=free)  # fmt: skip
            for options in _beside(taken, tuple(self.library.readings[name].options)):
                moved = {**rule.reading, name: options}
                yield from self._drafts(rule, "gate", where, taken, options, reading=moved)

    def _of_dates(self, model: Rule | Base | Law) -> Iterator[Draft]:
        for name in BOUNDS:
            day: date | None = getattr(model, name)
            for moved in days_beside(day) if day else ():
                yield from self._drafts(model, name, name, day, moved, **{name: moved})

    # ------------------------------------------------------------ routes and readings
    def _of_route(self, route: Route) -> Iterator[Draft]:
        name, now = "yields_to_local", route.yields_to_local
        yield from self._drafts(route, "yields", name, now, not now, **{name: not now})

    def _of_reading(self, reading: Reading) -> Iterator[Draft]:
        options = (*reading.options, NO_OPTION)
        yield from self._others(reading, "default", "default", options)

    # ------------------------------------------------------------ policies
    def _of_policy(self, policy: CountyPolicy) -> Iterator[Draft]:
        yield "removed", "", f"policy {policy.id}", "", None
        for action, term in policy.actions.items():
            left = {key: value for key, value in policy.actions.items() if key != action}
            where = _dotted("actions", action)
            yield from self._drafts(policy, "term-dropped", where, f"{action}: {_term(term)}", "",
                                    actions=left)  # fmt: skip
            for kind, place, before, after, changed in self._of_term(term):
                moved = {**policy.actions, action: changed}
                path = _dotted(where, place)
                yield from self._drafts(policy, kind, path, before, after, actions=moved)
        yield from self._entries(policy, "binds")
        for kind in self.vocabulary.facts["case", AGENCY].words:
            if kind not in policy.binds:
                more = (*policy.binds, kind)
                yield from self._drafts(policy, "binds-added", "binds", "", kind, binds=more)
        for name in BOUNDS:
            bound: PartialDate | None = getattr(policy, name)
            for other in _dates_beside(bound) if bound else ():
                yield from self._drafts(policy, name, name, bound, other, **{name: other})

    def _of_term(self, term: Term) -> Iterator[tuple[str, str, str, str, Term]]:
        """Another answer of a policy on an act, or another condition of it."""
        said = {"practice": term.practice, "refer": term.refer}
        for word in ("open", "closed"):
            if word != term.rule:
                other = Term.model_validate({"rule": word, **said})
                yield "term", "", _term(term), word, other
        if term.when is not None:
            for change in changes_of(term.when, _Words(self, ("case",)).of):
                if change.condition is not None:
                    other = Term.model_validate({"rule": "when", "when": change.condition, **said})
                    where = _dotted(*change.path)
                    yield change.kind, where, change.before, change.after, other

    # ------------------------------------------------------------ facts
    def _of_fact(self, fact: Fact) -> Iterator[Draft]:
        """Another value or none where a fact is presumed or told by others."""
        words: tuple[Scalar, ...] = (True, False) if fact.type == "yes_no" else tuple(fact.words)
        if fact.presumed is not None:
            now, where = fact.presumed, "presumed"
            yield from self._drafts(fact, "presumption", where, now.value, "", presumed=None)
            for value in (True, False) if fact.type == "list" else words:
                if value != now.value:
                    other = now.model_copy(update={"value": value})
                    yield from self._drafts(fact, "presumption", where, now.value, value,
                                            presumed=other)  # fmt: skip
        for index, item in enumerate(fact.implied):
            for after, items in _implied_otherwise(fact.implied, index, words):
                where = _dotted("implied", index)
                before = f"{_said(item.value)} if {say(item.when)}"
                yield from self._drafts(fact, "implication", where, before, after, implied=items)


# ---------------------------------------------------------------- parts


class _Words:
    """The words that a fact may take, of each of some subjects."""

    def __init__(self, maker: _Maker, subjects: tuple[Subject, ...]) -> None:
        self.maker = maker
        self.subjects = subjects

    def of(self, name: str) -> tuple[Scalar, ...]:
        each = [self.maker.vocabulary.facts[subject, name].words for subject in self.subjects]
        return tuple(word for word in each[0] if all(word in words for words in each))


def _implied_otherwise(
    implied: tuple[Implication, ...], index: int, words: tuple[Scalar, ...]
) -> Iterator[tuple[str, tuple[Implication, ...]]]:
    """The implications without one, or with another value of it."""
    yield "", (*implied[:index], *implied[index + 1 :])
    for value in words:
        if value != implied[index].value:
            other = implied[index].model_copy(update={"value": value})
            yield _said(value), (*implied[:index], other, *implied[index + 1 :])


def _beside(taken: tuple[str, ...], options: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Other options than one, or one fewer or one more than several."""
    others = [option for option in options if option not in taken]
    if len(taken) == 1:
        yield from ((option,) for option in others)
        return
    yield from (tuple(other for other in taken if other != option) for option in taken)
    yield from ((*taken, option) for option in others)


def _dates_beside(bound: PartialDate) -> Iterator[PartialDate]:
    """The date before and after, by its own unit: a day, a month or a year."""
    pieces = [int(piece) for piece in bound.text.split("-")]
    if len(pieces) == 3:
        yield from (PartialDate.parse(day) for day in days_beside(bound.first))
        return
    for step in (-1, 1):
        if len(pieces) == 1:
            yield PartialDate.parse(f"{pieces[0] + step:04}")
            continue
        year, month = divmod(pieces[0] * 12 + pieces[1] - 1 + step, 12)
        yield PartialDate.parse(f"{year:04}-{month + 1:02}")


def _dotted(*path: str | int) -> str:
    return ".".join(str(step) for step in path if step != "")


def _said(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return "" if value is None else str(value)


def _term(term: Term) -> str:
    if term.when is not None:
        return f"when {say(term.when)}"
    return f"unpublished {term.name}" if term.name else term.rule
