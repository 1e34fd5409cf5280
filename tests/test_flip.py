"""The smallest changes that an engine finds, held against trying every change of a few facts.

What is tried is made of the vocabulary, both sides of every limit, and rows of the catalogue; each
changed case is decided anew. Facts that imply another one are not tried: what followed from them
is not a fact that stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice, product
from math import prod
from random import Random

import pytest

from models.law import Outcome, Subject
from tests.flipped import CONVICTION, basic
from tests.generate import Maker
from tests.scenes import Raw, acts, as_case, decider, law_names, library, rows, scene, with_policy
from values_act.answer import Answer
from values_act.casefacts import LISTS, read_facts
from values_act.conditions import facts_of
from values_act.decide import Decider
from values_act.errors import EngineError, InputError
from values_act.flip import flips
from values_act.flip_cases import changed_case, check
from values_act.flips import OFFENSE, Change, FlipSet
from values_act.records import Record
from values_act.vocabulary import EARLIEST, Span, Value, is_known

WANTED = 60  # cases
MANY = 3  # facts that may change
MOST = 300  # combinations tried of one case
REGION = 40  # combinations of values decided of one set
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
def antecedents() -> frozenset[tuple[Subject, str]]:
    """Facts from which another one follows."""
    return frozenset(
        (subject, name)
        for subject, specs in library().vocabulary.implicable.items()
        for spec in specs
        for implied in spec.implied
        for name in facts_of(implied.when)
    )


@cache
def steady(cite: str) -> bool:
    """Whether what an offense is was never changed."""
    entries = library().catalogue.find(cite).entries
    return len(entries) == 1 and not entries[0].row.get("changed_on")


def settled_cases(count: int) -> Iterator[tuple[Random, Maker, Answer]]:
    made = 0
    for seed in range(40 * count):
        rng = Random(seed)
        law = rng.choice(["state", "state", *law_names()])
        place = scene(rng, law, rng.choice(acts(law)))
        if rng.random() < 0.2:
            place = with_policy(rng, place)
        maker = Maker(rng, place)
        raw = maker.case(most=1, gaps=(0, 0, 1, 1, 2))
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
        kept = antecedents() | (program.behind if subject == "case" else set())
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
    """The flips of a case, none where it is too large for the diagram."""
    try:
        return flips(answer)
    except EngineError:
        return []


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


# ---------------------------------------------------------------- against every combination
def test_smallest_changes_are_all_that_trying_every_change_finds(
    say: Callable[[str], None],
) -> None:
    seen: Counter[str] = Counter()
    for small in small_cases():
        answer = small.answer
        found = flips(answer, small.only)
        trials = tried(small)
        sets = {(one.outcome, places_of(one)) for one in found}
        for places, outcomes in trials.items():
            for outcome in outcomes:
                seen["changes tried"] += outcomes[outcome]
                if outcome in {answer.outcome, "undetermined"}:
                    continue
                seen["changes that flip"] += outcomes[outcome]
                assert any(o == outcome and own <= places for o, own in sets), (
                    answer.case, outcome, places)  # fmt: skip
        for outcome, own in sets:
            smaller = [outcomes for places, outcomes in trials.items() if places < own]
            assert not any(outcome in outcomes for outcomes in smaller), (answer.case, own)
            seen["sets"] += 1
            seen[f"sets of {len(own)}"] += 1
        for one in found:
            assert not one.added
            assert {change.fact for change in one.changes} <= small.only
            seen["values decided"] += region(answer, one)
        seen["cases"] += 1
    assert seen["changes that flip"] > 5 * seen["cases"]
    assert seen["sets of 1"]
    assert seen["sets of 2"]
    say(f"flips against every change of a few facts: {dict(seen.most_common())}")


def region(answer: Answer, one: FlipSet) -> int:
    """Decide a set with every value that its changes may take, or with many of them."""
    rng = Random(len(one.changes))
    combined = list(product(*map(values_of, one.changes)))
    picked = combined if len(combined) <= REGION else rng.sample(combined, REGION)
    for values in picked:
        changed = changed_case(library(), answer.case, one, values)
        assert judge().answer(changed).outcome == one.outcome, (answer.case, one.outcome, values)
    return len(picked)


# ---------------------------------------------------------------- exact bounds
def dated_cases(count: int) -> Iterator[tuple[Answer, frozenset[str]]]:
    """A conviction of some offense on some day, of which days and numbers may change."""
    rng = Random(count)
    specs = library().vocabulary.by_subject["conviction"]
    ranges = frozenset(name for name, spec in specs.items() if spec.type in {"date", "number"})
    cites = [cite for cite, facts in rows() if facts.get("jurisdiction") == "california"]
    while count:
        day = date(rng.randrange(2018, 2027), *rng.choice([(2, 28), (3, 1), (7, 17)]))
        conviction: Raw = {
            **CONVICTION,
            "offense": rng.choice([cite for cite in rng.sample(cites, ROWS) if steady(cite)]),
            "grade": rng.choice(list(specs["grade"].words)),
            "date": date.fromordinal(day.toordinal() - rng.randrange(9_000)).isoformat(),
            "value_usd": rng.randrange(2_000),
        }
        try:
            answer = judge().answer(basic(as_of=day.isoformat(), convictions=[conviction]))
        except InputError:
            continue  # a grade that the offense cannot have
        if answer.outcome != "undetermined" and not overridden(answer):
            count -= 1
            yield answer, ranges | {"disposition"}


def test_days_and_numbers_are_exact(say: Callable[[str], None]) -> None:
    """One day, or one number, beyond a bound another change is needed, or none does."""
    seen: Counter[str] = Counter()
    for answer, only in dated_cases(2 * WANTED):
        found = flips(answer, only)
        for one in found:
            region(answer, one)
            for index, change in enumerate(one.changes):
                spec = library().vocabulary.get(change.record.subject, change.fact)
                for span in change.values:
                    if not isinstance(span, Span) or spec is None:
                        continue
                    last = answer.facts.day.toordinal() if spec.type == "date" else None
                    first = EARLIEST if spec.type == "date" else 0
                    beyond = [span.low - 1] if span.low > first else []
                    beyond += [span.high + 1] if last is None or span.high < last else []
                    for value in beyond:
                        seen[spec.type] += outside(answer, found, one, index, value)
    assert seen["date"] > WANTED / 4
    say(f"bounds of flips that are exact: {dict(seen)}")


def outside(answer: Answer, found: list[FlipSet], one: FlipSet, index: int, value: Value) -> bool:
    """Whether a value beyond a bound is in no other set; then it must not do."""
    picks = [values_of(change)[0] for change in one.changes]
    picks[index] = value
    if any(other.outcome == one.outcome and covers(other, one, picks) for other in found):
        return False
    changes = tuple(
        Change(change.record, change.fact, (pick,), change.was)
        for change, pick in zip(one.changes, picks, strict=True)
    )
    assert decided(answer, changes) != one.outcome, (answer.case, one.outcome, picks)
    return True


def covers(other: FlipSet, one: FlipSet, picks: list[Value]) -> bool:
    """Whether a set of changes of the same facts has these values."""
    wanted = dict(zip(map(place_of, one.changes), picks, strict=True))
    if places_of(other) != wanted.keys():
        return False
    return all(
        any(
            value.low <= int(str(pick)) <= value.high if isinstance(value, Span) else value == pick
            for value in change.values
        )
        for change in other.changes
        for pick in [wanted[place_of(change)]]
    )


# ---------------------------------------------------------------- whatever may change
def test_what_is_fixed_stays_and_items_that_are_added_decide(say: Callable[[str], None]) -> None:
    seen: Counter[str] = Counter()
    facts = library().vocabulary.facts
    for rng, _, answer in settled_cases(WANTED // 2):
        found = few(answer)
        for one in found:
            for change in one.changes:
                assert change.fact == OFFENSE or not facts[change.record.subject, change.fact].fixed
                assert not change.record.phantom
            assert one.changes or one.added
        for one in rng.sample(found, min(8, len(found))):
            check(judge(), answer.case, None, one)
            seen["checked"] += 1
            if one.added:
                seen["with an item added"] += 1
                values = tuple(values_of(change)[0] for change in one.changes)
                bare = FlipSet(one.outcome, one.changes)
                changed = changed_case(library(), answer.case, bare, values)
                assert judge().answer(changed).outcome != one.outcome
    assert seen["with an item added"]
    say(f"flips of any facts: {dict(seen)}")


@pytest.mark.parametrize("subject", list(LISTS))
def test_only_a_list_may_grow(subject: Subject) -> None:
    """Named alone, a list gets further items, and nothing else is changed."""
    for _, _, answer in settled_cases(12):
        for one in flips(answer, frozenset({LISTS[subject]})):
            assert one.added
            assert {added.subject for added in one.added} == {subject}
            assert not one.changes


def test_unknown_facts_stay_unknown_unless_they_are_changed() -> None:
    """Each fact that is unknown and not in the set may be filled in any way."""
    filled = 0
    for rng, maker, answer in settled_cases(WANTED // 2):
        unknown = [
            (record, name)
            for record in answer.facts.records()
            for name in maker.needed(record.subject)
            if not is_known(record.values[name]) and not isinstance(record.values[name], Span)
            if library().vocabulary.facts[record.subject, name].origin == "stated"
        ]
        for one in few(answer)[:6]:
            open_ones = [(r, n) for r, n in unknown if (r.name, n) not in places_of(one)]
            if not open_ones or one.added:
                continue
            record, name = rng.choice(open_ones)
            for value in record.values[name].choices:  # type: ignore[union-attr]
                picks = [Change(c.record, c.fact, (values_of(c)[0],), c.was) for c in one.changes]
                more = Change(record, name, (value,), record.values[name])
                assert decided(answer, (*picks, more)) in {one.outcome, None}, answer.case
                filled += 1
    assert filled > 20


def test_an_undetermined_case_is_refused_in_one_line() -> None:
    conviction = {"offense": "PC 211", "jurisdiction": "california"}
    answer = decider().answer(basic(convictions=[conviction], charges="unknown"))
    assert answer.outcome == "undetermined"
    with pytest.raises(InputError, match="undetermined") as refused:
        flips(answer)
    assert "\n" not in str(refused.value)


def test_the_file_of_a_case_is_read_as_it_was_changed() -> None:
    """A change is read back from the changed case as the value that it was changed to."""
    for small in small_cases()[:8]:
        for one in flips(small.answer, small.only):
            changed = changed_case(library(), small.answer.case, one)
            facts = read_facts(changed, library().vocabulary, library().catalogue)
            records = {(r.subject, r.number): r for r in facts.records()}
            for change in one.changes:
                record = records[change.record.subject, change.record.number]
                value = now(record, change.fact)
                assert any(
                    v.low <= int(str(value)) <= v.high if isinstance(v, Span) else v == value
                    for v in change.values
                )
