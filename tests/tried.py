"""Small cases, and every change of a few of their facts, each decided anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice, product
from math import prod
from random import Random

from models.base import UNKNOWN
from models.law import Outcome, Subject
from tests.generate import Maker
from tests.scenes import Raw, acts, as_case, law_names, library, rows, scene, with_policy
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.conditions import facts_of
from values_act.data import data_folder
from values_act.decide import Decider
from values_act.errors import EngineError, InputError
from values_act.flip import flips
from values_act.flip_cases import changed_case
from values_act.flips import Change, FlipSet
from values_act.records import OFFENSE, Record
from values_act.scenarios import load_folders
from values_act.vocabulary import Open, Span, Value

WANTED = 60  # cases
FEW = 40  # flips to one outcome that a case is chosen by
RARELY = 0.01  # of cases of which no change is found
MANY = 3  # facts that may change
MOST = 300  # combinations tried of one case
ROWS, VALUES = 10, 12  # offenses, and values of another fact, that are tried
Place = tuple[str, str]  # record, fact
Tried = dict[frozenset[Place], dict[Outcome, int]]  # facts changed -> outcomes of sure cases


@dataclass(frozen=True)
class Small:
    """A settled case of which a few facts may change, and the values to try."""

    answer: Answer
    only: frozenset[str]
    domains: Mapping[tuple[Subject, int, str], list[Value]]

    @property
    def records(self) -> dict[tuple[Subject, int], Record]:
        return {(r.subject, r.number): r for r in self.answer.facts.records() if not r.phantom}


# ---------------------------------------------------------------- small cases
@cache
def judge() -> Decider:
    return Decider(library(), use_engine=False)


@cache
def steady(cite: str) -> bool:
    """Whether what an offense is was never changed."""
    entries = library().catalogue.find(cite).entries
    return len(entries) == 1 and not entries[0].row.get("changed_on")


def settled_cases(count: int, most: int = 2) -> Iterator[tuple[Random, Maker, Answer]]:
    """Cases whose outcome is sure, at random, of at most so many items on each list."""
    made = 0
    for seed in range(40 * count):
        rng = Random(seed)
        law = rng.choice(["state", "state", *law_names()])
        place = scene(rng, law, rng.choice(acts(law)))
        if rng.random() < 0.2:
            place = with_policy(rng, place)
        maker = Maker(rng, place)
        raw = maker.case(most=rng.randint(1, most), gaps=(0, 0, 1, 1, 2))
        raw |= {name: [] for name in LISTS.values() if raw[name] == "unknown"}
        if not maker.fits(raw):
            continue
        answer = judge().answer(as_case(raw))
        if answer.outcome != "undetermined":
            made += 1
            yield rng, maker, answer
        if made == count:
            return


@cache
def small_cases() -> tuple[Small, ...]:
    made = (_small(*each) for each in settled_cases(20 * WANTED))
    return tuple(islice((small for small in made if small is not None), WANTED))


@cache
def tied_cases() -> tuple[Small, ...]:
    """Cases of which facts may change that imply others, and those others."""
    names = {
        (subject, spec.name): {spec.name, *facts_of(implied.when)}
        for subject, specs in library().vocabulary.implicable.items()
        for spec in specs
        for implied in spec.implied
    }
    rng, found = Random(WANTED), list[Small]()
    placed = load_folders([data_folder("scenarios")])
    for one in rng.sample(placed, len(placed)):
        raw = one.scenario.case.model_dump(mode="json", exclude_unset=True)
        _leave_out(raw, names)
        answer = judge().answer(as_case(raw))
        facts = [(r, name) for r in answer.facts.items for name in sorted(r.implicable)]
        if answer.outcome == "undetermined" or not facts:
            continue
        record, name = rng.choice(facts)
        only = frozenset(names[record.subject, name])
        places = [(r, n) for r in answer.facts.items for n in only if r.subject == record.subject]
        domains = {(r.subject, r.number, n): _every(r, n) for r, n in places if not r.phantom}
        flipped = prod(map(len, domains.values())) <= MOST and flips(answer, only).sets
        if flipped or rng.random() < RARELY:
            found.append(Small(answer, only, domains))
        if len(found) == WANTED:
            break
    return tuple(found)


def _every(record: Record, name: str) -> list[Value]:
    value = library().vocabulary.facts[record.subject, name].unknown(date.max)
    return list(value.choices) if isinstance(value, Open) else []


def _leave_out(raw: Raw, names: Iterable[tuple[Subject, str]]) -> None:
    """Take facts that others may imply out of the items of a case."""
    for subject, name in names:
        items = raw.get(LISTS[subject], []) if subject in LISTS else []
        for item in items if items != UNKNOWN else ():
            item.pop(name, None)


def _small(rng: Random, maker: Maker, answer: Answer) -> Small | None:
    """A case of which two or three facts may change, often such as flip it."""
    program, specs = answer.program, library().vocabulary.facts
    places: list[tuple[Subject, int, str]] = []
    for record in answer.facts.records():
        subject = record.subject
        titled = bool(record.title)
        if titled and not steady(record.title):
            return None
        names = {n for n in maker.needed(subject) if specs[subject, n].origin == "stated"}
        names |= (
            {OFFENSE} if titled and record.values.get("jurisdiction") == "california" else set()
        )
        kept = program.behind if subject == "case" else set()
        places += [
            (subject, record.number, name)
            for name in sorted(names)
            if name == OFFENSE or not (specs[subject, name].fixed or (subject, name) in kept)
        ]
    rng.shuffle(places)
    if rng.random() < 0.8:  # else nothing may flip, and that has to be found too
        found = [one for one in few(answer) if not one.added and len(one.changes) <= MANY]
        if not found:
            return None
        one = rng.choices(found, [telling_more(each) for each in found])[0]
        telling = {change.fact for change in one.changes}
        places.sort(key=lambda place: place[2] not in telling)
    only: set[str] = set()
    domains: dict[tuple[Subject, int, str], list[Value]] = {}
    for _, _, name in places:
        named = {place: _domain(rng, maker, place) for place in places if place[2] == name}
        if prod(map(len, (domains | named).values())) <= MOST and len(domains | named) <= MANY:
            only.add(name)
            domains |= named
        if len(domains) == MANY:
            break
    return Small(answer, frozenset(only), domains) if len(domains) > 1 else None


def telling_more(one: FlipSet) -> int:
    """How much rather than others a set is looked at: bounds, and several changes, are rare."""
    bounded = any(isinstance(value, Span) for change in one.changes for value in change.values)
    return len(one.changes) ** 2 * (9 if bounded else 1)


def few(answer: Answer) -> list[FlipSet]:
    """The flips of a case, those of fewest changes."""
    return list(flips(answer, most=FEW).sets)


def _domain(rng: Random, maker: Maker, place: tuple[Subject, int, str]) -> list[Value]:
    subject, _, name = place
    if name == OFFENSE:
        known = [cite for cite, facts in rows() if facts.get("jurisdiction") == "california"]
        return [cite for cite in rng.sample(known, ROWS) if steady(cite)]
    known = maker.domain(library().vocabulary.facts[subject, name])
    return rng.sample(known, min(len(known), VALUES))


# ---------------------------------------------------------------- trying
def decided(answer: Answer, changes: tuple[Change, ...]) -> Outcome | None:
    """The outcome with some changes made; None where no case may be so."""
    try:
        changed = changed_case(library(), answer.case, FlipSet("undetermined", changes))
        found = judge().answer(changed)
    except (InputError, EngineError):
        return None
    return None if overridden(found) else found.outcome


def overridden(answer: Answer) -> bool:
    """Whether a stated grade is one that the catalogue says the offense never has."""
    for record in answer.facts.items:
        for entry in library().catalogue.find(record.title).entries if record.title else ():
            told = entry.facts.get("offense_grade")
            if told is not None and record.values["offense_grade"] != told:
                return True
    return False


def now(record: Record, name: str) -> Value:
    return record.title if name == OFFENSE else record.values[name]


def tried(small: Small) -> Tried:
    """Every combination of values, by which facts it changes."""
    found: Tried = {}
    own = [(small.records[s, n], name) for s, n, name in small.domains]
    kept = [[now(record, name)] for record, name in own]
    options = [dict.fromkeys((*k, *d)) for k, d in zip(kept, small.domains.values(), strict=True)]
    for values in product(*options):
        changes = tuple(
            Change(record, name, (value,), now(record, name))
            for (record, name), value in zip(own, values, strict=True)
            if value != now(record, name)
        )
        if not changes:
            continue
        outcome = decided(small.answer, changes)
        if outcome is not None:
            places = frozenset(map(place_of, changes))
            counts = found.setdefault(places, {})
            counts[outcome] = counts.get(outcome, 0) + 1
    return found


def place_of(change: Change) -> Place:
    return change.record.name, change.fact


def places_of(flipset: FlipSet) -> frozenset[Place]:
    return frozenset(map(place_of, flipset.changes))


def values_of(change: Change) -> list[Value]:
    """Every word, both ends and the middle of each span."""
    found: list[Value] = []
    for value in change.values:
        span = isinstance(value, Span)
        found += [value.low, value.high, (value.low + value.high) // 2] if span else [value]  # type: ignore[union-attr]
    return list(dict.fromkeys(found))
