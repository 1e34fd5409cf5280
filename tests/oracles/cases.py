"""Cases for the outside suites: small ones, ones beyond brute force, and ones that a rule bears on.

They are made in the last span of a law, whose programs are few and soon made, and so also of laws
that were only proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import count
from math import prod
from random import Random
from typing import NamedTuple

from models.case import InmateCase
from models.dates import PartialDate, add_years
from models.law import Not, Rule
from tests.generate import Maker
from tests.oracles.boolean import looks_at_routes
from tests.oracles.brute import MAX_FILLINGS, Axis, axes_of
from tests.scenes import (
    Raw,
    Scene,
    acts,
    as_case,
    decider,
    library,
    marks,
    places,
    spans,
    with_policy,
)
from tests.test_fillings import (
    Made,
    dates_about_a_window,
    events,
    items_of_a_ground,
    linked_facts,
    on_record,
    small_readings,
)
from values_act.answer import Answer
from values_act.casefacts import LISTS, read_facts
from values_act.conditions import found_in
from values_act.decide import Decider
from values_act.program import Program
from values_act.readers.reference import Choices
from values_act.records import Facts

FEW = 300  # fillings that brute force tries here


@cache
def judge() -> Decider:
    """The reference alone, with the programs that scenes are made of."""
    made = Decider(library(), use_engine=False)
    made.programs = decider().programs
    return made


class Asked(NamedTuple):
    """What is asked in a case, without the answer."""

    program: Program
    facts: Facts
    choices: Choices


def asked(case: InmateCase) -> Asked:
    made = judge()
    facts = read_facts(case, library().vocabulary, library().catalogue)
    kind = facts.case.values.get("agency.kind")
    agency = kind if isinstance(kind, str) else None
    program = made.programs.get(case.law, facts.day, case.action, made._county(case), agency)
    return Asked(program, facts, made._choices(program, case))


def laws() -> list[str]:
    """Laws that open something, those that were only proposed too."""
    known = library().laws.values()
    return [law.name for law in known if law.kind != "definitions" and acts(law.name)]


def lately(law: str, action: str, county: str | None = None) -> Scene:
    """A scene in the last span of a law, which is soon made."""
    return Scene(law, action, *spans(law, county)[-1], county)


def small_and_late() -> Iterator[tuple[Raw, Asked]]:
    """More of what chance rarely makes: items of which something is open, events, policies."""
    kinds = (
        items_of_a_ground, a_bare_section, dates_about_a_window, counted_to_a_date, events,
        linked_facts,
    )  # fmt: skip
    for seed in count():
        rng = Random(seed)
        law = rng.choice(["state"] * 8 + laws())
        place = lately(law, rng.choice(acts(law)), rng.choice([None, places(rng)]))
        kind = kinds[seed % len(kinds)]
        enacted = law in library().enacted  # a policy names no rule that is not
        if enacted and rng.random() < 0.4:
            place = with_policy(rng, place)
            if rng.random() < 0.5:
                place = begun_some_day(rng, place)
        made = kind(rng, place) if enacted or kind is not events else None
        if made is not None:
            maker, raw = made
            raw["readings"] = small_readings(rng, maker.program, maker.readings)
            if maker.fits(raw):
                yield raw, asked(as_case(raw))


def begun_some_day(rng: Random, place: Scene) -> Scene:
    """The scene in a year on some day of which its policy begins."""
    year = rng.randrange(place.first.year + 1, place.last.year)
    assert place.policy is not None
    policy = place.policy.model_copy(update={"effective": PartialDate.parse(str(year))})
    span = {"first": date(year, 1, 2), "last": date(year, 12, 30)}
    return replace(place, policy=policy, **span)


def a_bare_section(rng: Random, place: Scene) -> Made:
    """An item whose section is known, and not which of its offenses it is."""
    made = on_record(rng, place, lambda rule: bool(rule.permits))
    for name in LISTS.values() if made is not None else ():
        for item in made[1][name]:
            if "offense" in item:
                item["offense"] = item["offense"].partition("(")[0]
    return made


def counted_to_a_date(rng: Random, place: Scene) -> Made:
    """A window of years that may end on a date which the case gives, whole or in part."""
    made = dates_about_a_window(rng, place)
    if made is None:
        return None
    maker, raw = made
    derive = next(spec.derive for spec in maker.vocabulary.facts.values() if spec.derive)
    option, name = rng.choice(list(derive.years_to.options.items()))
    section, _, key = name.partition(".")
    day = maker.day.isoformat()
    raw.setdefault(section, {})[key] = rng.choice([day, day[:7], day[:4]])
    for item in raw["convictions"]:
        start = add_years(maker.day, -rng.choice(range(1, 20))).isoformat()
        item["date"] = rng.choice([item["date"], start, start[:7]])
    if derive.years_to.reading in maker.program.readings:
        maker.readings[derive.years_to.reading] = option
    return made


def large_cases() -> Iterator[tuple[Raw, Answer]]:
    """Cases with several items and many facts unknown, too many fillings for brute force.

    The first is of a conviction of which nothing is known.
    """
    bare = {"as_of": "2025-07-17", "action": "transfer", "convictions": [{}]}
    yield bare, judge().answer(as_case(bare))
    for seed in count():
        rng = Random(seed)
        law = rng.choice(["state"] * 8 + laws())
        place = lately(law, rng.choice(acts(law)), places(rng))
        if law in library().enacted and rng.random() < 0.3:
            place = with_policy(rng, place)
        maker = Maker(rng, place)
        raw = maker.case(most=5, gaps=(8, 16, 24))
        raw |= {name: [] for name in LISTS.values() if raw[name] == "unknown"}
        if maker.fits(raw) and size(axes_of(*asked(as_case(raw)))) > MAX_FILLINGS:
            yield raw, judge().answer(as_case(raw))


def size(axes: Iterable[Axis]) -> int:
    return prod(len(axis.values) for axis in axes)


# ---------------------------------------------------------------- a planted error

Aim = tuple[Scene, Rule | None]  # None: the policy of the scene


def rules_by_kind() -> dict[str, list[Aim]]:
    """Rules of every law, by what they are, each with a scene that it bears on."""
    found: dict[str, list[Aim]] = {}
    for place in (lately(law, action) for law in laws() for action in acts(law)):
        for rule in place.program.rules.values():
            if rule.effect != "duty" and rule.when is not None:
                about = "the case" if rule.about_case else "items"
                late = ", late" if looks_at_routes(rule) else ""
                kind = f"{rule.effect} about {about}, scope {rule.scope}{late}"
                found.setdefault(kind, []).append((place, rule))
        if place.law in library().enacted:
            found.setdefault("policy", []).append((place, None))
    return found


def planted(aims: list[Aim]) -> Iterator[tuple[Asked, Program]]:
    """Small cases about one of the rules each, and their program with that rule turned round."""
    for seed in count():
        rng = Random(seed)
        place, rule = rng.choice(aims)
        if rule is None:
            looked_for = rng.choice([*marks(place.program), None])
            term = {"found": looked_for} if looked_for else {"unpublished": "a part"}
            place = with_policy(rng, place, {"when": term})
        maker = Maker(rng, place)
        raw = maker.case(most=1, gaps=(0, 1))
        raw |= {name: [] for name in LISTS.values()}
        for aim in bearing_on(rng, maker.program, rule):
            if aim.about_case:
                raw |= maker.frame(maker.own_facts(aim))
            else:
                subject = rng.choice(aim.subject)
                raw[LISTS[subject]].append(maker.item(subject, aim))
        raw["readings"] = small_readings(rng, maker.program, maker.readings)
        if not maker.fits(raw):
            continue
        case = asked(as_case(raw))
        if size(axes_of(*case)) <= FEW:
            yield case, turned_round(case.program, rule)


def bearing_on(rng: Random, program: Program, rule: Rule | None) -> list[Rule]:
    """Rules to aim at: for a mark, one that looks for it too; for a policy, what it may close."""
    rules = program.rules.values()
    if rule is None:
        grounds = [r for r in rules if r.permits]
        return [rng.choice(grounds)] if grounds else []
    seekers = [r for r in rules if any(f.rule == rule.id for f in found_in(r.when))]
    return [rule, rng.choice(seekers)] if rule.marks and seekers else [rule]


def turned_round(program: Program, rule: Rule | None) -> Program:
    if rule is not None:
        other = rule.model_copy(update={"when": Not(part=rule.when)})
        return replace(program, rules={**program.rules, rule.id: other})
    local = [
        replace(item, term=item.term.model_copy(update={"when": Not(part=item.term.when)}))
        for item in program.local
    ]
    return replace(program, local=tuple(local))
