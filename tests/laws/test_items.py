"""What more, older, doubled or better known items may and may not do to an answer."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from itertools import pairwise
from random import Random

import pytest

from tests.generate import Maker
from tests.laws import (
    ITEMS,
    Answer,
    answer,
    dated_exactly,
    judge,
    made,
    no_more_open,
    outcomes,
    setting,
    settled,
)
from tests.scenes import (
    DAY,
    LAST,
    Raw,
    Scene,
    acts,
    as_case,
    library,
    marks,
    rows_with,
    spans,
    with_policy,
)
from values_act.casefacts import LISTS
from values_act.conditions import found_in
from values_act.program import Program
from values_act.vocabulary import Values

SEEDS = range(60)
HARMLESS: Values = {  # rows of the catalogue that stand in no list and in no bar
    "serious": "no", "violent": "no", "listing": "no", "felony_only": "no", "prop47": "no",
    "offense_grade": "misdemeanor",
}  # fmt: skip


def lesser(rng: Random, raw: Raw) -> Raw:
    """A conviction of the day itself for an offense in no list, every fact of it stated."""
    row, _ = rng.choice(rows_with("conviction", HARMLESS))
    return {
        "offense": row, "grade": "misdemeanor", "date": raw["as_of"], "disposition": "stands",
        "findings": [], "value_usd": rng.choice([0, 950, 951]), "event": "Z", "sentence_months": 0,
        "loss_usd": 0, "aggravated_felony": "none", "aggravated_when": "none", "wobbler": False,
        "age_at_offense": 30, "offense_707b": False, "found_fit": False, "adjudged_ward": False,
        "prop47_when": "none", "prop47_law": "none",
    }  # fmt: skip


def counted_locally(found: Answer) -> bool:
    """Whether a condition of a local policy looks for a rule that the last conviction meets."""
    item = [view for view in found.view.items if view.record.subject == "conviction"][-1]
    named = {f.rule for local in found.program.local for f in found_in(local.term.when)}
    return any(item.effective.get(rule) is not False for rule in named & item.effective.keys())


@pytest.mark.parametrize("seed", range(80))
def test_an_irrelevant_conviction_changes_nothing(seed: int) -> None:
    """Unless the county itself counts such convictions (Los Angeles did, for misdemeanors)."""
    raw = settled(made(seed))
    more = {**raw, "convictions": [*raw["convictions"], lesser(Random(seed), raw)]}
    after = answer(more)
    if not counted_locally(after):
        assert after.settled.outcomes == outcomes(raw)


@pytest.mark.parametrize("seed", range(80))
def test_ageing_never_turns_a_no_into_a_yes(seed: int) -> None:
    """The same case a day, a year, ten years later, while the law stays the same."""
    rng, place = setting(seed)
    raw = settled(Maker(rng, place).case(most=2, gaps=(0, 0, 0, 1)))
    if not dated_exactly(raw):
        return  # what is unknown of a date grows with the day of the act
    day = date.fromisoformat(raw["as_of"])
    last = next(end for start, end in spans("state", place.county) if start <= day <= end)
    before = outcomes(raw)
    for days in (1, 2, 366, 1_827, 5_480):
        if day + days * DAY <= last:
            after = outcomes({**raw, "as_of": (day + days * DAY).isoformat()})
            assert no_more_open(after, before), (before, after, days)
            before = after


def test_ageing_does_close_windows() -> None:
    """The law above says something: what rests on a window of years does close."""
    closed = 0
    for seed in range(60):
        rng = Random(seed)
        place = Scene("state", rng.choice(acts("state")), *spans("state", None)[-1])
        windowed = [r for r in place.program.rules.values() if place.program.windows[r.id]]
        if windowed:
            maker = Maker(rng, place, LAST - 8_000 * DAY)
            items = [maker.item("conviction", rng.choice([r for r in windowed if r.permits]))]
            raw = {**maker.frame({"convictions": items}), "readings": maker.readings}
            later = outcomes({**raw, "as_of": LAST.isoformat()})
            closed += later != outcomes(raw)
    assert closed >= 5


def counts_items(program: Program) -> bool:
    """Whether some rule or policy asks for two or more items."""
    conditions = [rule.when for rule in program.rules.values()]
    conditions += [local.term.when for local in program.local]
    return any(found.at_least > 1 for condition in conditions for found in found_in(condition))


@pytest.mark.parametrize("seed", SEEDS)
def test_doubling_an_item_changes_nothing(seed: int) -> None:
    """Where nothing counts items; San Francisco counts felonies of separate events."""
    raw = made(seed, gaps=(0,))
    found = answer(raw)
    if counts_items(found.program):
        return
    for name in ITEMS:
        for number, item in enumerate(raw[name] if isinstance(raw[name], list) else ()):
            items = list(raw[name])
            items.insert(number, copy.deepcopy(item))
            after = answer({**raw, name: items})
            assert after.settled.outcomes == found.settled.outcomes
            assert after.view.judgment.grounds == found.view.judgment.grounds


@pytest.mark.parametrize("seed", SEEDS)
def test_learning_a_fact_never_adds_an_outcome(seed: int) -> None:
    """Unknown facts filled in one by one: what is possible shrinks, so a definite answer stays."""
    rng, place = setting(seed)
    maker = Maker(rng, place)
    steps = [settled(maker.case(most=1, gaps=(0,)))]
    for _ in range(3):
        steps.append(copy.deepcopy(steps[-1]))
        maker.leave_open(steps[-1])
    found = [answer(raw) for raw in steps if maker.fits(raw)]
    for known, less in pairwise(found):
        assert known.settled.outcomes <= less.settled.outcomes, less.case


@pytest.mark.parametrize("seed", range(40))
def test_unknown_written_out_is_a_fact_left_out(seed: int) -> None:
    """For a fact that is not presumed, `unknown` says what silence says; so for an event."""
    rng, place = setting(seed)
    items = marks(replace(place, county=None).program)
    if seed % 2 and items:
        found = {"rule": rng.choice(items), "at_least": 2, "distinct": "event"}
        place = with_policy(rng, place, {"when": {"found": found}})
    maker = Maker(rng, place)
    raw = maker.case(gaps=(1, 2))
    if place.policy is not None:  # two items that count, of events that nobody named
        rule = place.program.rules[found["rule"]]
        raw[LISTS[rule.subject[0]]] = [maker.item(rule.subject[0], rule) for _ in "12"]
        raw["readings"] |= maker.readings
        for item in raw[LISTS[rule.subject[0]]]:
            item.pop("event", None)
    facts = library().vocabulary.facts
    written, left_out = copy.deepcopy(raw), copy.deepcopy(raw)
    for subject, name in LISTS.items():
        for said, silent in zip(written[name], left_out[name], strict=True):
            if raw[name] == "unknown":
                continue
            open_facts = [key for key, value in said.items() if value == "unknown"]
            for key in [k for k in open_facts if not facts[subject, k].presumed]:
                del silent[key]
            if (subject, "event") in facts:
                said.setdefault("event", "unknown")
    one, other = answer(written), answer(left_out)
    assert one.settled.outcomes == other.settled.outcomes
    missing = [[(lack.record.name, lack.name) for lack in f.settled.missing] for f in (one, other)]
    assert missing[0] == missing[1]


@pytest.mark.parametrize("seed", range(60))
def test_a_reading_left_open_is_never_settled(seed: int) -> None:
    """What it leaves possible is what its options give, together; so for two open at once."""
    raw = made(seed, gaps=(0, 0, 1))
    found = answer(raw)
    names = sorted(found.program.readings)
    rng = Random(seed)
    taken = dict(raw["readings"])
    for name in rng.sample(names, min(2, len(names))):
        options = found.program.readings[name].options
        ways = [answer({**raw, "readings": {**taken, name: option}}) for option in options]
        left = answer({**raw, "readings": {**taken, name: "none"}})
        assert left.settled.outcomes == frozenset().union(*(w.settled.outcomes for w in ways))
        taken[name] = "none"


@pytest.mark.parametrize("seed", range(40))
def test_every_option_that_would_change_the_outcome_is_contested(seed: int) -> None:
    """Each reading taken is tried the other way, one at a time, and the decision says so.

    Those that only together would change it are tested elsewhere.
    """
    raw = settled(made(seed, gaps=(0,)))
    found = answer(raw)
    decision = judge().decide(as_case(raw))
    said = {(c.reading, c.option) for c in decision.contested if not c.together}
    for name, reading in found.program.readings.items():
        taken = found.choices[name]
        if taken is None or reading.role != "rules":
            continue
        for option in reading.options:
            other = outcomes({**raw, "readings": {**raw["readings"], name: option}})
            assert ((name, option) in said) is (other != found.settled.outcomes), (name, option)
