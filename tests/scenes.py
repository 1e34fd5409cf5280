"""What cases are made from: the loaded law, the limits that its rules test, the catalogue, scenes.

A scene is a law, an action, a county and a span of days over which nothing of them changes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from random import Random
from typing import Any

from models.case import InmateCase
from models.law import AllOf, AnyOf, Condition, Law, Not, Rule, Subject, Test
from models.policy import County, CountyPolicy
from values_act.conditions import leaves
from values_act.decide import Decider
from values_act.library import Library, county_slug
from values_act.program import Program, build, is_weighed, live, local_rules, span_starts
from values_act.readers import durable
from values_act.vocabulary import Value, Values

DAY = timedelta(days=1)
FIRST, LAST = date(2012, 1, 1), date(2033, 1, 1)  # days of acts
COUNTIES = ("Orange", "Los Angeles", "San Francisco")
Raw = dict[str, Any]


@cache
def library() -> Library:
    return Library()


@cache
def decider() -> Decider:
    return Decider(library())


def as_case(raw: Raw) -> InmateCase:
    return InmateCase.model_validate(raw)


def free(engine: durable.Engine) -> None:
    """Drop the rulesets of an engine, up to ten megabytes each, before it is dropped itself."""
    engine._compiled.clear()
    engine._host.free_all()


# ---------------------------------------------------------------- what the library holds


def rules_of(loaded: Library) -> Iterator[Rule]:
    for law in loaded.laws.values():
        yield from law.rules
    for county in loaded.counties():
        yield from county.rules


@dataclass(frozen=True)
class Limits:
    """Numbers, days and windows of years that some rule or policy tests, by subject and fact."""

    numbers: dict[tuple[Subject, str], set[int]]
    days: dict[tuple[Subject, str], set[date]]


@cache
def limits() -> Limits:
    found = Limits({}, {})
    conditions: list[tuple[tuple[Subject, ...], Condition | None]] = [
        (rule.subject, rule.when) for rule in rules_of(library())
    ]
    for county in library().counties():
        for policy in county.policies:
            conditions += [(("case",), term.when) for term in policy.actions.values()]
    for subjects, condition in conditions:
        for leaf in leaves(condition):
            if not isinstance(leaf, Test):
                continue
            numbers = {n for n in (leaf.expect.at_most, leaf.expect.at_least) if n is not None}
            days = {day for day in (leaf.expect.since, leaf.expect.before) if day}
            for subject in subjects:
                found.numbers.setdefault((subject, leaf.fact), set()).update(numbers)
                found.days.setdefault((subject, leaf.fact), set()).update(days)
    return found


@cache
def rows() -> tuple[tuple[str, Values], ...]:
    """Every row of the catalogue: its citation, and the facts it gives."""
    folder = library().root / "offenses"
    cites = []
    for name in ("offenses", "federal"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            cites += [f"{r.get('code', '')} {r['section']}".strip() for r in csv.DictReader(file)]
    lists = library().vocabulary.lists
    found = []
    for cite in cites:
        match = library().catalogue.find(cite)
        values: Values = {"jurisdiction": match.jurisdiction} if match.jurisdiction else {}
        for name, value in match.entries[0].facts.items():
            if isinstance(value, tuple):
                members = lists["conviction", name]
                values |= {f"{name}.{member}": member in value for member in members}
            else:
                values[name] = value
        found.append((cite, values))
    return tuple(found)


@cache
def rows_of(subject: Subject) -> tuple[tuple[str, Values], ...]:
    """The rows, each with those of its facts that a subject has; none, if it looks none up."""
    specs = library().vocabulary.by_subject[subject]
    if not any(spec.origin == "looked_up" for spec in specs.values()):
        return ()
    return tuple((c, {n: v for n, v in values.items() if n in specs}) for c, values in rows())


@cache
def bound(subject: Subject) -> frozenset[str]:
    """Facts that some forbidden combination names; learning another narrows nothing."""
    nevers = library().vocabulary.never.get(subject, ())
    tests = (leaf for never in nevers for leaf in leaves(never.when))
    return frozenset(leaf.fact for leaf in tests if isinstance(leaf, Test))


def rows_with(subject: Subject, facts: Mapping[str, Value]) -> list[tuple[str, Values]]:
    """Rows that give these facts."""
    wanted = facts.items()
    return [row for row in rows_of(subject) if wanted <= row[1].items()]


# ---------------------------------------------------------------- scenes


@dataclass(frozen=True)
class Scene:
    """What many cases share, so that their program is built once."""

    law: str
    action: str
    first: date  # the span of days over which nothing changes
    last: date
    county: str | None = None
    policy: CountyPolicy | None = None
    agency: str | None = "sheriff"

    @cached_property
    def program(self) -> Program:
        if self.policy is not None:
            place = County(county=self.county or "Hypothetical", policies=(self.policy,))
            return build(library(), self.law, self.first, self.action, place, self.agency)
        place = library().county(self.county) if self.county else None
        programs = decider().programs
        return programs.get(self.law, self.first, self.action, place, self.agency)

    def day(self, rng: Random) -> date:
        """A day of the span, often its first or last or one about a leap day."""
        leap = [
            date(year, 2, 28) + n * DAY
            for year in range(self.first.year, self.last.year + 1)
            for n in range(2)
        ]
        edges = [self.first, self.first + DAY, self.last - DAY, self.last, *leap]
        inside = [day for day in edges if self.first <= day <= self.last]
        if rng.random() < 0.5:
            return rng.choice(inside)
        return self.first + rng.randrange((self.last - self.first).days + 1) * DAY


def spans(law: str, county: str | None) -> list[tuple[date, date]]:
    place = library().county(county) if county else None
    starts = [day for day in sorted(span_starts(library(), law, place)) if FIRST < day < LAST]
    ends = [*starts, LAST]
    return [(start, end - DAY) for start, end in zip([FIRST, *starts], ends, strict=True)]


@cache
def governs(law: str, action: str, day: date, county: str | None, agency: str | None) -> bool:
    """Whether anything is weighed, or stands where nothing is, for an act on a day."""
    place = library().county(county) if county else None
    if county and not local_rules(place, agency, day, action):
        return governs(law, action, day, None, None)
    found = live(library(), law, day, action, place, agency)
    return bool(found.base) or any(is_weighed(rule, action) for rule in found.rules.values())


def law_names() -> list[str]:
    """Laws that open something; proposals have tests of their own."""
    kinds = {"law", "composition"}
    return [name for name, law in library().laws.items() if law.kind in kinds and acts(name)]


def encoded(law: str) -> list[str]:
    """Actions that the files of a law are complete for; others are refused."""
    parts = library().parts(law)
    named = list(dict.fromkeys(action for part in parts for action in part.covers))
    return named if all(part.covers for part in parts) else list(library().vocabulary.actions)


def acts(law: str) -> list[str]:
    """Actions that a law speaks of."""
    parts = library().parts(law)
    named = [a for part in parts for rule in part.rules for a in (*rule.permits, *rule.requires)]
    named += [action for part in parts for base in part.base for action in base.actions]
    return [action for action in dict.fromkeys(named) if action in encoded(law)]


def places(rng: Random) -> str | None:
    """No county, one of those with policies of their own, or now and then any other."""
    if rng.random() < 0.1:
        return rng.choice([county.county for county in library().counties()])
    return rng.choice([None, *COUNTIES, *COUNTIES])


def scene(rng: Random, law: str | None = None, action: str | None = None) -> Scene:
    law = law or ("state" if rng.random() < 0.6 else rng.choice(law_names()))
    county = places(rng)
    if action is None:
        known = acts(law)
        few = known if rng.random() < 0.92 else encoded(law)
        action = rng.choice([*few, *known[:2], *known[:2]])
    kinds = list(library().vocabulary.facts["case", "agency.kind"].words)
    agency = "sheriff" if rng.random() < 0.75 else rng.choice([*kinds, None])
    made = [Scene(law, action, *span, county, None, agency) for span in spans(law, county)]
    whom = agency if county else None
    governed = [place for place in made if governs(law, action, place.first, county, whom)]
    if governed and rng.random() < 0.95:
        made = governed
    return made[-1] if rng.random() < 0.5 else rng.choice(made)


def marks(program: Program) -> list[str]:
    """Rules about items that the condition of a policy may look for."""
    rules = [rule for rule in program.rules.values() if not rule.about_case]
    return [rule.id for rule in rules if rule.marks or rule.permits or rule.requires]


def with_policy(rng: Random, scene: Scene, term: Any = None) -> Scene:
    """The scene in a hypothetical county whose policy has a term of its own on the action."""
    bare = replace(scene, county=None, policy=None)
    term = term if term is not None else rng.choice(
        ["open", "closed", {"unpublished": "a part"},
         *({"when": when(rng, marks(bare.program), list(bare.program.routes))} for _ in "1234")]
    )  # fmt: skip
    raw: Raw = {
        "id": "hypothetical", "title": "A policy", "cite": "none", "source": {"title": "ours"},
        "authority": rng.choice(["board", "sheriff"]),
        "binds": list(library().vocabulary.facts["case", "agency.kind"].words),
        "actions": {scene.action: term},
    }  # fmt: skip
    if rng.random() < 0.1:
        raw["effective"] = str(scene.last.year)
    return replace(bare, policy=CountyPolicy.model_validate(raw))


def when(rng: Random, found: list[str], routes: list[str], depth: int = 0) -> Raw:
    """A condition of a policy, of every form that the language has."""
    forms = [
        "fact",
        "unpublished",
        *(["found"] * 4 if found else []),
        *["any", "all", "not"][depth:],
    ]
    form = rng.choice([*forms, *(["open"] if routes else [])])
    if form == "found":
        rule = {"rule": rng.choice(found), "at_least": rng.choice([1, 1, 2, 3])}
        if rng.random() < 0.4:
            rule["distinct"] = "event"
        return {"found": rule}
    if form in ("any", "all"):
        return {form: [when(rng, found, routes, depth + 1) for _ in range(rng.choice([2, 3]))]}
    if form == "not":
        return {"not": when(rng, found, routes, 3)}
    if form == "open":
        return {"open": rng.choice(routes)}
    if form == "unpublished":
        return {"unpublished": rng.choice(["a part", "another part"])}
    specs = library().vocabulary.by_subject["case"].values()
    spec = rng.choice([s for s in specs if s.type in ("yes_no", "word") and s.origin == "stated"])
    words = list(spec.words) or [True, False]
    return {spec.name: rng.choice(words)}


# ---------------------------------------------------------------- order


def turned(rng: Random, node: Condition | None) -> Condition | None:
    """A condition with the parts of each `all` and `any` in another order."""
    if isinstance(node, (AllOf, AnyOf)):
        parts = [turned(rng, part) for part in node.parts]
        return node.model_copy(update={"parts": tuple(rng.sample(parts, len(parts)))})
    return Not(part=turned(rng, node.part)) if isinstance(node, Not) else node


def shuffled(rng: Random) -> Library:
    """The library with laws, rules, base rules, readings, conditions and policies out of order."""

    def mixed(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        turns = [rule.model_copy(update={"when": turned(rng, rule.when)}) for rule in rules]
        return tuple(rng.sample(turns, len(turns)))

    def law(old: Law) -> Law:
        parts = {key: getattr(old, key) for key in ("base", "readings", "includes", "routes")}
        turns = {key: tuple(rng.sample(value, len(value))) for key, value in parts.items()}
        return old.model_copy(update={"rules": mixed(old.rules), **turns})

    def county(old: County) -> County:
        policies = tuple(rng.sample(old.policies, len(old.policies)))
        return old.model_copy(update={"rules": mixed(old.rules), "policies": policies})

    laws = rng.sample(list(library().laws.values()), len(library().laws))
    return edited(map(law, laws), map(county, library().counties()))


def without(name: str) -> Library:
    """The library with one rule or base rule taken out."""
    laws = [
        law.model_copy(
            update={
                "rules": tuple(rule for rule in law.rules if rule.id != name),
                "base": tuple(base for base in law.base if base.id != name),
            }
        )
        for law in library().laws.values()
    ]
    return edited(laws, library().counties())


def edited(laws: Iterable[Law], counties: Iterable[County]) -> Library:
    """A library with other laws and counties, and the same facts and catalogue."""
    copy = Library(library().root)
    named = {law.name: law for law in laws}
    copy.__dict__ |= {
        "vocabulary": library().vocabulary,
        "catalogue": library().catalogue,
        "digest": "edited",
        "laws": named,
        "enacted": {name: named[name] for name in library().enacted},
        "_counties": {county_slug(county.county): county for county in counties},
    }
    return copy
