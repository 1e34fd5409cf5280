"""The smallest changes that an engine finds, held against trying every change of a few facts.

What is tried is made of the vocabulary, both sides of every limit, and rows of the catalogue; each
changed case is decided anew, what is left out of it following from the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import product
from random import Random

import pytest

from models.law import Subject
from tests.flipped import CONVICTION, basic
from tests.scenes import Raw, decider, library, rows
from tests.tried import (
    ROWS,
    WANTED,
    Small,
    decided,
    few,
    judge,
    overridden,
    place_of,
    places_of,
    settled_cases,
    small_cases,
    steady,
    tied_cases,
    tried,
    values_of,
)
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.errors import InputError
from values_act.flip import flips
from values_act.flip_cases import changed_case, check
from values_act.flips import Change, FlipSet
from values_act.records import OFFENSE
from values_act.vocabulary import EARLIEST, Span, Value, is_known

REGION = 40  # combinations of values decided of one set


# ---------------------------------------------------------------- against every combination
@pytest.mark.parametrize("made", [small_cases, tied_cases], ids=["any", "tied"])
def test_smallest_changes_are_all_that_trying_every_change_finds(
    say: Callable[[str], None], made: Callable[[], tuple[Small, ...]]
) -> None:
    seen: Counter[str] = Counter()
    for small in made():
        answer = small.answer
        found = flips(answer, small.only).sets
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
    assert seen["cases"] == WANTED
    assert seen["changes that flip"] > seen["cases"]
    assert seen["sets of 1"]
    assert seen["sets of 2"] or made is tied_cases
    say(f"flips against every change of {made.__name__}: {dict(seen.most_common())}")


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
        found = flips(answer, only).sets
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


def outside(
    answer: Answer, found: Sequence[FlipSet], one: FlipSet, index: int, value: Value
) -> bool:
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


def test_of_very_many_sets_the_smallest_are_told_and_that_there_are_more() -> None:
    """Of four convictions each of which opens a handover, each has to be otherwise."""
    dates = [f"{year}-03-01" for year in range(2012, 2016)]
    answer = judge().answer(basic(convictions=[{**CONVICTION, "date": day} for day in dates]))
    assert answer.outcome == "permitted"
    found = flips(answer, to="prohibited", most=20)
    assert (len(found.sets), found.beyond) == (20, {"prohibited"})
    for one in found.sets:
        touched = {change.record.name for change in one.changes}
        every = {f"conviction {number}" for number in range(1, 5)}
        assert touched == {"case"} or touched >= every
        picks = [Change(c.record, c.fact, (values_of(c)[0],), c.was) for c in one.changes]
        assert decided(answer, tuple(picks)) == "prohibited"
        for left_out in picks:
            fewer = tuple(pick for pick in picks if pick is not left_out)
            assert decided(answer, fewer) != "prohibited"
    assert any(len(one.changes) == 4 for one in found.sets)
    alone = flips(answer, to="not_regulated", most=20)
    assert not alone.beyond
    assert {one.outcome for one in alone.sets} == {"not_regulated"}


@pytest.mark.parametrize("subject", list(LISTS))
def test_only_a_list_may_grow(subject: Subject) -> None:
    """Named alone, a list gets further items, and nothing else is changed."""
    for _, _, answer in settled_cases(12):
        for one in flips(answer, frozenset({LISTS[subject]})).sets:
            assert one.added
            assert {added.subject for added in one.added} == {subject}
            assert not one.changes


def test_unknown_facts_stay_unknown_unless_they_are_changed() -> None:
    """Each fact that is unknown and not in the set may be filled in any way."""
    filled = 0
    for rng, maker, answer in settled_cases(2 * WANTED, most=1):
        unknown = [
            (record, name)
            for record in answer.facts.records()
            for name in maker.needed(record.subject)
            if not is_known(record.values[name]) and not isinstance(record.values[name], Span)
            if library().vocabulary.facts[record.subject, name].origin == "stated"
        ]
        for one in [one for one in few(answer) if not one.added][:6] if unknown else ():
            open_ones = [(r, n) for r, n in unknown if (r.name, n) not in places_of(one)]
            if not open_ones:
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
