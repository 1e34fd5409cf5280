"""What cases are made from: the loaded law, the limits that its rules test, the catalogue, scenes.

A scene is a law, an action, a county and a span of days over which nothing of them changes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from random import Random
from typing import Any

from models.case import InmateCase
from models.law import Condition, Rule, Subject, Test
from models.policy import County, CountyPolicy
from values_act.conditions import leaves
from values_act.decide import Decider
from values_act.library import Library
from values_act.program import Program, build, span_starts
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


def rows_with(subject: Subject, facts: Mapping[str, Value]) -> list[tuple[str, Values]]:
    """Rows that give these facts, each with those of its facts that the subject has."""
    specs = library().vocabulary.by_subject[subject]
    if not any(spec.origin == "looked_up" for spec in specs.values()):
        return []
    return [
        (cite, {name: value for name, value in values.items() if name in specs})
        for cite, values in rows()
        if all(values.get(name) == value for name, value in facts.items())
    ]


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


def law_names() -> list[str]:
    return [name for name, law in library().laws.items() if law.kind != "definitions"]


def acts(law: str) -> list[str]:
    """Actions that a law speaks of."""
    parts = library().parts(law)
    named = [a for part in parts for rule in part.rules for a in (*rule.permits, *rule.requires)]
    return list(
        dict.fromkeys([*named, *(a for part in parts for b in part.base for a in b.actions)])
    )


def scene(rng: Random, law: str | None = None, action: str | None = None) -> Scene:
    law = law or ("state" if rng.random() < 0.6 else rng.choice(law_names()))
    county = rng.choice([None, *COUNTIES, *COUNTIES])
    if rng.random() < 0.1:
        county = rng.choice([county.county for county in library().counties()])
    if action is None:
        known = acts(law)
        few = known if rng.random() < 0.92 else list(library().vocabulary.actions)
        action = rng.choice([*few, *known[:2], *known[:2]])
    late = spans(law, county)
    span = late[-1] if rng.random() < 0.5 else rng.choice(late)
    kinds = list(library().vocabulary.facts["case", "agency.kind"].words)
    agency = "sheriff" if rng.random() < 0.75 else rng.choice([*kinds, None])
    return Scene(law, action, *span, county, None, agency)


def with_policy(rng: Random, scene: Scene, term: Any = None) -> Scene:
    """The scene in a hypothetical county whose policy has a term of its own on the action."""
    bare = replace(scene, county=None, policy=None)
    marks = [r.id for r in bare.program.rules.values() if not r.about_case and r.permits]
    marks += [rule.id for rule in bare.program.rules.values() if rule.marks]
    term = term if term is not None else rng.choice(
        ["open", "closed", {"unpublished": "a part"}, *({"when": when(rng, marks)} for _ in "1234")]
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


def when(rng: Random, marks: list[str], depth: int = 0) -> Raw:
    """A condition of a policy, of every form that the language has."""
    forms = [
        "fact",
        "unpublished",
        *(["found"] * 4 if marks else []),
        *["any", "all", "not"][depth:],
    ]
    form = rng.choice(forms)
    if form == "found":
        rule = {"rule": rng.choice(marks), "at_least": rng.choice([1, 1, 2, 3])}
        if rng.random() < 0.4:
            rule["distinct"] = "event"
        return {"found": rule}
    if form in ("any", "all"):
        return {form: [when(rng, marks, depth + 1) for _ in range(rng.choice([2, 3]))]}
    if form == "not":
        return {"not": when(rng, marks, 3)}
    if form == "unpublished":
        return {"unpublished": rng.choice(["a part", "another part"])}
    specs = library().vocabulary.by_subject["case"].values()
    spec = rng.choice([s for s in specs if s.type in ("yes_no", "word") and s.origin == "stated"])
    words = list(spec.words) or [True, False]
    return {spec.name: rng.choice(words)}
