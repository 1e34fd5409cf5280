"""Laws of a few rules made at random, each with one edit, for comparisons with brute force.

Facts are few, so that every complete case can be tried; the rules use all of the language:
definitions, grounds on two routes, bars on an item and on the case, requirements, exclusions,
exceptions, duties, counts, windows of years, days, readings, policies.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from models.law import FactBook, Law
from models.policy import County
from values_act.catalogue import Catalogue
from values_act.errors import ValuesActError
from values_act.lawcheck import InCase, check_county, check_laws
from values_act.library import Library
from values_act.vocabulary import Vocabulary

Raw = dict[str, Any]
ACTION = "transfer"
LAW = "little"
COUNTY = "Small"

FACTS = """
format: "1"
actions: {transfer: hand a person over, hold: keep a person}
facts:
  - {name: agency.kind, subject: case, type: word, label: the agency,
     words: {sheriff: a sheriff, police: a police department},
     presumed: {value: sheriff, because: jails are run by sheriffs}}
  - {name: person.us_citizen, subject: case, type: yes_no, label: the person is a citizen,
     presumed: {value: false, because: a citizen would be named}}
  - {name: person.in_custody, subject: case, type: yes_no, label: the person is in custody}
  - {name: request.date, subject: case, type: date, label: the date of the request}
  - {name: settled, subject: case, type: yes_no, origin: defined, label: it is settled}
  - {name: grade, subject: [conviction, charge], type: word, label: the grade,
     words: {felony: a felony, misdemeanor: a misdemeanor}}
  - {name: attempt, subject: [conviction, charge], type: yes_no, label: it was an attempt}
  - {name: event, subject: [conviction, charge], type: word, label: the event it arose from}
  - {name: date, subject: conviction, type: date, label: the date of conviction}
  - {name: sentencing_date, subject: conviction, type: date, label: the date of sentencing}
  - {name: heavy, subject: [conviction, charge], type: yes_no, origin: defined, label: it is heavy}
  - {name: felony, subject: warrant, type: yes_no, label: it is for a felony}
  - name: years_since
    subject: conviction
    type: number
    origin: derived
    label: the years since conviction
    derive:
      years_from: {reading: counted-from, options: {sentencing: sentencing_date}, otherwise: date}
      years_to: {reading: counted-to, options: {request: request.date}, otherwise: as_of}
      anniversary: anniversary
never:
  - {subject: charge, when: {all: [{grade: misdemeanor}, {attempt: true}]}, because: none is tried}
"""
READINGS = """
- {id: way, question: "Which way?", cite: T 2, default: narrow, why: it opens less,
   options: {narrow: {says: one}, wide: {says: both}}}
- {id: undecided-way, question: "Whose?", cite: T 3, default: none, why: nobody has said,
   options: {first: {says: one}, second: {says: other}}}
- {id: counted-from, question: "From when?", cite: T 4, default: plea, why: so it says,
   options: {plea: {says: plea}, sentencing: {says: sentencing}}}
- {id: counted-to, question: "To when?", cite: T 5, default: act, why: so it says,
   options: {act: {says: the act}, request: {says: the request}}}
- {id: anniversary, question: "Is it inside?", cite: T 6, default: outside, why: it opens less,
   options: {inside: {says: inside}, outside: {says: outside}}}
- {id: whose, question: "Whose policy?", cite: T 7, default: none, why: nobody has said,
   role: local_authority, options: {board: {says: board}, sheriff: {says: sheriff}}}
"""
ROUTES = """
- {name: alpha, title: alpha, yields_to_local: true, cite: T 1}
- {name: beta, title: beta, yields_to_local: false, cite: T 1}
"""
BASE = """
- {id: t-base, cite: T 0, title: Otherwise closed, text: Nothing is open., outcome: prohibited,
   source: {title: made up}, actions: [transfer]}
"""
ITEM, CASE, BOTH = ("conviction",), ("case",), ("conviction", "charge")
# what each rule may be: its subject and its effect; its condition is made at random
TEMPLATES: dict[str, tuple[tuple[str, ...], Raw]] = {
    "d-heavy": (BOTH, {"defines": "heavy"}),
    "d-old": (ITEM, {"defines": "heavy"}),
    "d-settled": (CASE, {"defines": "settled"}),
    "g-alpha": (ITEM, {"permits": [ACTION], "route": "alpha"}),
    "g-beta": (BOTH, {"permits": [ACTION], "route": "beta"}),
    "g-case": (CASE, {"permits": [ACTION], "route": "alpha"}),
    "g-wide": (ITEM, {"permits": [ACTION], "route": "beta", "reading": {"way": ["wide"]}}),
    "m-mark": (ITEM, {"marks": True}),
    "m-first": (BOTH, {"marks": True, "reading": {"undecided-way": ["first"]}}),
    "b-item": (ITEM, {"bars": ["alpha"], "scope": "item"}),
    "b-items": (BOTH, {"bars": ["alpha", "beta"]}),
    "b-case": (CASE, {"bars": ["beta"]}),
    "r-item": (("charge",), {"requires": [ACTION]}),
    "r-case": (CASE, {"requires": [ACTION], "notwithstanding": ["local"]}),
    "x-case": (CASE, {"excludes": [ACTION]}),
    "x-late": (CASE, {"excludes": [ACTION]}),
    "n-alpha": (CASE, {"permits": [ACTION], "route": "beta", "notwithstanding": ["b-items"]}),
    "n-bars": (ITEM, {"permits": [ACTION], "route": "beta", "notwithstanding": ["alpha"]}),
    "u-asked": (CASE, {"duty": "request"}),
    "u-done": (CASE, {"duty": "doing"}),
}
ALWAYS = ("d-heavy", "d-settled", "g-alpha", "m-mark")
SINGLE = ("g-alpha", "m-mark")  # rules about one subject: their events can be counted
DAYS = [date(2012, 2, 29), date(2014, 6, 30)]  # limits of dates
STARTS = [date(2019, 1, 1), date(2020, 2, 29)]  # first days of rules
YEARS = [1, 5]


# ---------------------------------------------------------------- at random


def condition(rng: Random, subject: tuple[str, ...], marks: list[str], depth: int = 0) -> Raw:
    form = rng.choice(["test", "test", "test", *(["all", "any", "not"] if depth < 2 else [])])
    if form == "not":
        return {"not": condition(rng, subject, marks, depth + 1)}
    if form in ("all", "any"):
        parts = [condition(rng, subject, marks, depth + 1) for _ in "12"]
        return {form: parts}
    if subject == CASE:
        return case_test(rng, marks)
    tests: list[Raw] = [
        {"grade": rng.choice(["felony", "misdemeanor"])},
        {"attempt": rng.choice([True, False])},
        {"heavy": True},
    ]
    if subject == ITEM:
        tests += [
            {"date": {rng.choice(["from", "before"]): rng.choice(DAYS)}},
            {"years_since": {rng.choice(["at_most", "at_least"]): rng.choice(YEARS)}},
            {"years_since": {"at_most": rng.choice(YEARS)}},
        ]
    return rng.choice(tests)


def case_test(rng: Random, marks: list[str]) -> Raw:
    found: Raw = {"rule": rng.choice(marks), "at_least": rng.choice([1, 1, 2])}
    if found["rule"] in SINGLE and rng.random() < 0.4:
        found["distinct"] = "event"
    tests: list[Raw] = [
        {"person.us_citizen": True}, {"person.in_custody": rng.choice([True, False])},
        {"settled": True}, {"found": found}, {"found": found}, {"found": marks[0]},
    ]  # fmt: skip
    return rng.choice(tests)


def rule(rng: Random, name: str, marks: list[str]) -> Raw:
    subject, effect = TEMPLATES[name]
    when = condition(rng, subject, marks)
    if name == "x-late":
        when = {"all": [{"open": rng.choice(["alpha", "beta"])}, when]}
    if name.startswith("d-"):
        when = plain(when)
    found: Raw = {
        "id": name, "cite": f"T {name}", "title": name, "text": f"{name}.",
        "source": {"title": "made up"}, "subject": list(subject), **copy.deepcopy(effect),
        "when": when,
    }  # fmt: skip
    if rng.random() < 0.15:
        found[rng.choice(["effective", "ended"])] = rng.choice(STARTS)
    return found


def plain(when: Raw) -> Raw:
    """A condition of a definition, that tests no definition of its own subject."""
    text = yaml.safe_dump(when)
    text = text.replace("heavy: true", "attempt: true")
    return yaml.safe_load(text.replace("settled: true", "person.in_custody: true"))  # type: ignore[no-any-return]


def law(rng: Random) -> Raw:
    names = rng.sample([n for n in TEMPLATES if n not in ALWAYS], rng.choice([4, 5, 6]))
    names = [*ALWAYS, *names]
    marks = [n for n in names if n.startswith(("m-", "g-alpha", "g-beta"))]
    return {
        "format": "1", "name": LAW, "title": "A little law", "effective": "2018-01-04",
        "source": {"title": "made up"}, "routes": yaml.safe_load(ROUTES),
        "readings": yaml.safe_load(READINGS), "base": yaml.safe_load(BASE),
        "rules": [rule(rng, name, marks) for name in names],
    }  # fmt: skip


def county(rng: Random, marks: list[str]) -> Raw:
    def policy(name: str, authority: str, binds: list[str]) -> Raw:
        term: Any = rng.choice(["open", "closed", {"unpublished": "a-part"},
                                {"when": condition(rng, CASE, marks)},
                                {"when": condition(rng, CASE, marks)}])  # fmt: skip
        found = {"id": name, "title": name, "cite": name, "authority": authority, "binds": binds,
                 "source": {"title": "made up"}, "actions": {ACTION: term}}  # fmt: skip
        if rng.random() < 0.3:
            found["effective"] = rng.choice(["2019", "2019-05-05"])
        return found

    policies = [policy("p-sheriff", "sheriff", ["sheriff"])]
    if rng.random() < 0.4:
        policies.append(policy("p-board", "board", ["sheriff", "police"]))
    return {"format": "1", "county": COUNTY, "policies": policies}


# ---------------------------------------------------------------- edits


def paths(when: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where each part of a condition stands."""
    found = [at]
    for word in ("all", "any"):
        if word in when:
            for n, part in enumerate(when[word]):
                found += paths(part, (*at, word, n))
    if "not" in when:
        found += paths(when["not"], (*at, "not"))
    return found


def at(node: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        node = node[step]
    return node


def limits(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where each number and day of a rule stands."""
    if isinstance(node, dict):
        return [p for key, value in node.items() for p in limits(value, (*path, key))]
    if isinstance(node, list):
        return [p for n, value in enumerate(node) for p in limits(value, (*path, n))]
    number = isinstance(node, (int, date)) and not isinstance(node, bool)
    return [path] if number else []


def put(node: Any, path: tuple[Any, ...], value: Any) -> None:
    at(node, path[:-1])[path[-1]] = value


def drop_test(rng: Random, one: Raw) -> None:
    places = [p for p in paths(one["when"]) if p and isinstance(p[-1], int)]
    if not places:
        one.pop("when")
        return
    path = rng.choice(places)
    parts = at(one["when"], path[:-1])
    del parts[path[-1]]


def negate(rng: Random, one: Raw) -> None:
    path = ("when", *rng.choice(paths(one["when"])))
    put(one, path, {"not": at(one, path)})


def limit(rng: Random, one: Raw) -> None:
    places = limits(one)
    if not places:
        negate(rng, one)
        return
    path = rng.choice(places)
    step = rng.choice([-1, 1])
    old = at(one, path)
    put(one, path, old + timedelta(days=step) if isinstance(old, date) else max(0, old + step))


def effect(rng: Random, one: Raw) -> None:
    for key in ("defines", "marks", "permits", "route", "bars", "scope", "requires", "excludes",
                "duty", "reading", "notwithstanding"):  # fmt: skip
        one.pop(key, None)
    kinds: list[Raw] = [{"permits": [ACTION], "route": "alpha"}, {"requires": [ACTION]},
                        {"excludes": [ACTION]}, {"bars": ["beta"]}, {"marks": True},
                        {"duty": "request"}]  # fmt: skip
    one |= rng.choice(kinds)


def route(rng: Random, one: Raw) -> None:
    other = {"alpha": "beta", "beta": "alpha"}
    if "route" in one:
        one["route"] = other[one["route"]]
    elif "bars" in one:
        one["bars"] = [other[one["bars"][0]]]
    else:
        one.setdefault("notwithstanding", []).append(rng.choice(["alpha", "local", "b-items"]))


def dates(rng: Random, one: Raw) -> None:
    key = rng.choice(["effective", "ended"])
    one[key] = rng.choice(STARTS)


def gate(rng: Random, one: Raw) -> None:
    if "reading" in one and rng.random() < 0.5:
        del one["reading"]
        return
    one["reading"] = rng.choice([{"way": ["wide"]}, {"way": ["narrow"]},
                                 {"undecided-way": ["second"]}])  # fmt: skip


OF_RULES: tuple[Callable[[Random, Raw], None], ...] = (
    drop_test, negate, limit, limit, effect, route, dates, gate,
)  # fmt: skip


def edited(rng: Random, raw: Raw, place: Raw) -> tuple[str, Raw, Raw]:
    """Copies of a law and a county with one edit, and what it is."""
    raw, place = copy.deepcopy(raw), copy.deepcopy(place)
    rules = raw["rules"]
    marks = [r["id"] for r in rules if r["id"].startswith(("m-", "g-alpha", "g-beta"))]
    kind = rng.choice([*OF_RULES, *OF_RULES, "remove", "add", "default", "default", "policy",
                       "policy", "base", "yields"])  # fmt: skip
    if kind == "remove":
        gone = rng.choice([r["id"] for r in rules if not used(raw, place, r["id"])] or [None])
        raw["rules"] = [r for r in rules if r["id"] != gone]
    elif kind == "add":
        name = rng.choice([n for n in TEMPLATES if n not in [r["id"] for r in rules]])
        rules.insert(rng.randrange(len(rules) + 1), rule(rng, name, marks))
    elif kind == "default":
        reading = rng.choice(raw["readings"])
        options = [*reading["options"], "none"]
        reading["default"] = rng.choice([o for o in options if o != reading["default"]])
    elif kind == "policy":
        place = county(rng, marks)
    elif kind == "base":
        raw["base"][0]["outcome"] = rng.choice(["permitted", "not_regulated"])
        raw["base"][0]["route"] = rng.choice(["alpha", "beta"])
    elif kind == "yields":
        one = rng.choice(raw["routes"])
        one["yields_to_local"] = not one["yields_to_local"]
    else:
        one = rng.choice([r for r in rules if "when" in r])
        kind(rng, one)
        return f"{kind.__name__} {one['id']}", raw, place
    return kind, raw, place


def used(raw: Raw, place: Raw, name: str) -> bool:
    others = [r for r in raw["rules"] if r["id"] != name]
    return name in yaml.safe_dump([others, place])


# ---------------------------------------------------------------- libraries


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(FactBook.model_validate(yaml.safe_load(FACTS)))


class Bare(Library):
    """A library of one law and one county that lie in no folder."""

    def __init__(self, raw: Raw, place: Raw | None) -> None:
        self.root = Path("nowhere")
        laws = {LAW: Law.model_validate(raw)}
        spot = InCase(LAW, lambda _: (0, 0))
        check_laws(laws, {LAW: spot}, vocabulary())  # type: ignore[dict-item]
        own = County.model_validate(place) if place else None
        if own:
            check_county(own, spot, laws, vocabulary())
        self.__dict__ |= {
            "vocabulary": vocabulary(), "laws": laws, "enacted": laws,
            "catalogue": Catalogue([]), "changes": (), "digest": f"{id(self)}",
            "county_names": {"small": Path("small.yaml")} if own else {},
            "_counties": {"small": own} if own else {},
        }  # fmt: skip


def bare(raw: Raw, place: Raw | None) -> Library | None:
    """The library, if the edit leaves the law sound."""
    try:
        return Bare(raw, place)
    except (ValuesActError, ValueError):
        return None


def first_law(rng: Random) -> tuple[Raw, Raw]:
    """A law and a county at random."""
    raw = law(rng)
    marks = [r["id"] for r in raw["rules"] if r["id"].startswith(("m-", "g-alpha", "g-beta"))]
    return raw, county(rng, marks)


def pairs(seeds: Iterable[int], edits: int = 4) -> Iterator[tuple[str, Library, Library, Random]]:
    """Laws at random, each with a few edits, and what the edit is."""
    for seed in seeds:
        raw, place = first_law(Random(seed))
        first = bare(raw, place)
        for number in range(edits if first else 0):
            rng = Random(f"{seed} {number}")
            what, other, there = edited(rng, raw, place)
            second = bare(other, there)
            if first is not None and second is not None:
                yield f"{seed}.{number} {what}", first, second, rng
