"""Sets of readings that change the outcome, held against every combination of their options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from models.decision import Decision
from models.law import Reading, Rule
from models.scenario import Expected
from tests.generate import Maker
from tests.oracles.combinations import (
    Changes,
    NotKnownError,
    Outcomes,
    TooManyOptionsError,
    smallest_sets,
)
from tests.scenes import (
    DAY,
    Raw,
    Scene,
    acts,
    as_case,
    edited,
    law_names,
    library,
    scene,
    spans,
    with_policy,
)
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.contested import Contest, contested_readings
from values_act.decide import Decider
from values_act.library import Library
from values_act.program import Program, assemble, live
from values_act.readers.reference import evaluate
from values_act.readers.reread import reread
from values_act.render import plain, text_lines
from values_act.scenarios import differences

WANTED = 180  # cases of the law as it is, and as many with rules that hang on more readings
PLANTED = tuple(f"planted-{n}" for n in range(1, 7))
Case = tuple[Raw, Program, Answer, dict[str, str | None]]


# ---------------------------------------------------------------- cases


def reading(name: str, options: Iterable[str], default: str) -> Reading:
    return Reading.model_validate(
        {
            "id": name, "question": f"What of {name}?", "cite": "none", "why": "for this test",
            "options": {option: {"says": option} for option in options}, "default": default,
        }
    )  # fmt: skip


def planted(readings: Iterable[Reading], rules: Iterable[Rule] = ()) -> Library:
    """The library with more readings and rules in the law that governs."""
    laws = dict(library().laws)
    law = laws["values-act"]
    more = {"readings": (*law.readings, *readings), "rules": (*law.rules, *rules)}
    laws["values-act"] = law.model_copy(update=more)
    return edited(laws.values(), library().counties())


@cache
def with_readings() -> Library:
    """The library with readings that no rule asks for yet, some of three options."""
    words = ["one", "two", "three"]
    return planted(reading(name, words[: 2 + (n == 0)], "one") for n, name in enumerate(PLANTED))


@cache
def judge() -> Decider:
    return Decider(with_readings(), use_engine=False)


@cache
def divided() -> tuple[Scene, ...]:
    """Where policies of two authorities speak of one act."""
    found = []
    for county in library().counties():
        voices: dict[str, set[str]] = {}
        for policy in county.policies:
            for act in policy.actions:
                voices.setdefault(act, set()).add(policy.authority)
        acts_of_two = [act for act, authorities in voices.items() if len(authorities) > 1]
        for act, span in product(acts_of_two, spans("state", county.county)):
            found.append(Scene("state", act, *span, county.county))
    return tuple(place for place in found if len(place.program.local) > 1)


def complete_cases() -> Iterator[tuple[Random, Raw, Answer]]:
    """Cases whose facts are all stated, with readings taken by default, by chance, or open."""
    for seed in range(100 * WANTED):
        rng = Random(seed)
        law = rng.choice(["state", "state", *law_names()])
        place = scene(rng, law, rng.choice(acts(law)))
        if rng.random() < 0.15:
            place = with_policy(rng, place)
        elif rng.random() < 0.1:
            place = rng.choice(divided())
        elif rng.random() < 0.3:
            place = replace(place, county=None)
        maker = Maker(rng, place)
        raw = maker.case(most=2, gaps=(0,))
        raw |= {name: [] for name in LISTS.values() if raw[name] == "unknown"}
        left = {name for name in raw["readings"] if rng.random() < 0.2}
        for name, one in place.program.readings.items():
            if one.default == "none" and rng.random() < 0.7:
                raw["readings"].setdefault(name, rng.choice(list(one.options)))
        raw["readings"] |= dict.fromkeys(sorted(left), "none")
        if maker.fits(raw):
            yield rng, raw, judge().answer(as_case(raw))


def hanging(rng: Random, answer: Answer) -> tuple[Program, dict[str, str | None]]:
    """The law with rules that hold, or nearly, made to hang on readings that it does not have.

    Some ask for the option that is taken, some for another, some for several readings at once.
    """
    law, action, facts = answer.case.law, answer.program.action, answer.facts
    kind = facts.case.values.get("agency.kind")
    agency = kind if isinstance(kind, str) else None
    found = live(with_readings(), law, facts.day, action, answer.county, agency)
    truths = [answer.view.judgment.bare, *(item.bare for item in answer.view.items)]
    holding = sorted({name for bare in truths for name, truth in bare.items() if truth})
    effects = [name for name in holding if not found.rules[name].defines]
    rules = dict(found.rules)
    asked: set[str] = set()
    option, several = rng.choice([(["one"], [1]), (["two"], [2, 3]), (["one", "two"], [1, 2, 3])])
    picked = dict.fromkeys([*rng.sample(holding, min(2, len(holding))), *effects[:6]])
    for name in picked:
        gates = rng.sample(PLANTED, rng.choice(several))
        asks = {gate: (rng.choice(option),) for gate in gates}
        asked |= asks.keys()
        old = rules[name]
        rules[name] = old.model_copy(update={"reading": {**old.reading, **asks}})
    program = assemble(with_readings(), law, action, found._replace(rules=rules))
    others = ["two", None] if len(option) > 1 else []
    taken: dict[str, str | None] = {
        name: rng.choice(["one", "one", *others]) for name in sorted(asked)
    }
    return program, {**answer.choices, **taken}


def generated() -> Iterator[Case]:
    for rng, raw, answer in complete_cases():
        yield raw, answer.program, answer, dict(answer.choices)
        program, choices = hanging(rng, answer)
        if len(choices) > len(answer.choices):
            yield raw, program, answer, choices


def as_sets(found: Iterable[Contest]) -> dict[Changes, Outcomes]:
    return {frozenset((r.id, o) for r, o in each.changes): each.outcomes for each in found}


# ---------------------------------------------------------------- against brute force


def test_the_smallest_sets_of_changes_are_those_of_brute_force(say: Callable[[str], None]) -> None:
    sizes: Counter[str] = Counter()
    most: Counter[int] = Counter()
    kinds = {False: "the law", True: "with more readings"}
    for raw, program, answer, choices in generated():
        more = program is not answer.program
        if sizes[kinds[more]] == WANTED:
            if sizes[kinds[not more]] == WANTED:
                break
            continue
        try:
            outcomes, wanted = smallest_sets(program, answer.facts, choices)
        except TooManyOptionsError:
            sizes["too many options"] += 1
            continue
        except NotKnownError:
            sizes["not all known"] += 1
            continue
        found = contested_readings(program, answer.facts, choices, outcomes)
        assert as_sets(found) == wanted, raw
        assert len(found) == len(wanted), raw
        order = list(program.readings)
        for each in found:
            places = [order.index(changed.id) for changed, _ in each.changes]
            assert places == sorted(places)
        sizes[kinds[more]] += 1
        sizes["several outcomes"] += len(outcomes) > 1
        local = program.local_reading
        named = {name for changes in wanted for name, _ in changes}
        sizes["whose policy it is"] += local is not None and local.id in named
        most.update({len(changes) for changes in wanted})
    in_words = ", ".join(f"{count} of {size}" for size, count in sorted(most.items()))
    say(f"readings tried together, {dict(sizes)}: cases with sets {in_words}")
    assert all(sizes[kind] == WANTED for kind in kinds.values())
    assert sizes["several outcomes"] >= 10
    assert sizes["whose policy it is"] >= 3
    assert all(most[size] >= 15 for size in (1, 2, 3))


def test_readings_of_how_years_are_counted_are_tried_together(say: Callable[[str], None]) -> None:
    """A theft with each of its days, and that of the request, about the end of its window."""
    sizes: Counter[int] = Counter()
    for decided, plea, sentence, requested in product((-1, 0, 1), repeat=4):
        start, act = date(2010, 7, 17), date(2025, 7, 17)
        item = {
            "offense": "PC 487(a)", "grade": "felony", "findings": [], "value_usd": 5_000,
            "jurisdiction": "california", "date": (start + decided * DAY).isoformat(),
            "plea_date": (start + plea * DAY).isoformat(),
            "sentencing_date": (start + sentence * DAY).isoformat(),
        }  # fmt: skip
        request = {**BARE["request"], "date": (act + (requested - 1) * DAY).isoformat()}
        answer = judge().answer(as_case({**BARE, "convictions": [item], "request": request}))
        given = (answer.program, answer.facts, answer.choices)
        outcomes, wanted = smallest_sets(*given)
        assert as_sets(contested_readings(*given, outcomes)) == wanted, item
        assert answer.settled.outcomes == outcomes
        sizes.update(len(s) for s in wanted if {name for name, _ in s} <= answer.program.timing)
    say(f"readings of how years are counted, sets by size: {dict(sorted(sizes.items()))}")
    assert sizes[1] >= 10
    assert sizes[2] >= 5


def test_a_view_under_other_readings_is_the_view_evaluated_anew() -> None:
    kept = moved = 0
    for seed, (_, program, answer, choices) in zip(range(250), generated(), strict=False):
        rng = Random(seed)
        view = evaluate(program, answer.facts, choices)
        for _ in range(6):
            other = dict(choices)
            for name in rng.sample(sorted(other), min(len(other), rng.choice([1, 2, 5, 40]))):
                other[name] = rng.choice([*program.readings[name].options, None])
            found = reread(program, answer.facts, view, choices, other)
            wanted = evaluate(program, answer.facts, other)
            assert found.judgment.outcomes == wanted.judgment.outcomes
            assert [item.effective for item in found.items] == [i.effective for i in wanted.items]
            assert [item.truths for item in found.items] == [i.truths for i in wanted.items]
            assert found.judgment.bare == wanted.judgment.bare
            assert found.judgment.grounds == wanted.judgment.grounds
            assert found.held == wanted.held
            kept += found is view
            moved += found.judgment.outcomes != view.judgment.outcomes
    assert kept >= 50
    assert moved >= 50


# ---------------------------------------------------------------- planted


BARE: Raw = {
    "as_of": "2025-07-17", "action": "transfer", "agency": {"kind": "sheriff"},
    "request": {"kind": "transfer", "by": "ICE"}, "convictions": [], "charges": [], "warrants": [],
    "person": {"registrant": "never", "registration_required": False},
}  # fmt: skip


def ground(name: str, **more: Any) -> Rule:
    """A rule about the case that opens a handover wherever its readings allow."""
    return Rule.model_validate(
        {
            "id": name, "cite": "none", "title": name, "text": name, "source": {"title": "ours"},
            "subject": "case", "when": {"agency.kind": "sheriff"}, "permits": ["transfer"],
            "route": "discretion", **more,
        }
    )  # fmt: skip


def decided(rules: Iterable[Rule], **taken: str) -> Decision:
    """The bare case under a law with three more readings, each `no` by default."""
    names = ("planted-a", "planted-b", "planted-c")
    law = planted([reading(name, ["no", "yes"], "no") for name in names], rules)
    readings = {name.replace("_", "-"): option for name, option in taken.items()}
    return Decider(law, use_engine=False).decide(as_case({**BARE, "readings": readings}))


def mine(decision: Decision) -> list[tuple[tuple[str, str], ...]]:
    return [
        ((each.reading, each.option), *((o.reading, o.option) for o in each.together))
        for each in decision.contested
        if each.reading.startswith("planted-")
    ]


BOTH = {"planted-a": ["yes"], "planted-b": ["yes"]}


def test_two_readings_that_open_only_together_are_one_point() -> None:
    decision = decided([ground("opens", reading=BOTH)])
    assert decision.outcome == "prohibited"
    assert mine(decision) == [(("planted-a", "yes"), ("planted-b", "yes"))]
    (point,) = [each for each in decision.contested if each.reading == "planted-a"]
    assert (point.outcome, point.taken) == ("permitted", "no")
    assert point.together[0].question == "What of planted-b?"


def test_two_readings_that_close_only_together_are_one_point() -> None:
    rules = [ground("one", reading={"planted-a": ["no"]}),
             ground("other", reading={"planted-b": ["no"]})]  # fmt: skip
    decision = decided(rules)
    assert decision.outcome == "permitted"
    assert mine(decision) == [(("planted-a", "yes"), ("planted-b", "yes"))]


def test_a_reading_that_changes_the_outcome_alone_stands_in_no_larger_set() -> None:
    rules = [ground("opens", reading=BOTH), ground("alone", reading={"planted-b": ["yes"]})]
    assert mine(decided(rules)) == [(("planted-b", "yes"),)]
    assert mine(decided([ground("opens", reading=BOTH)], planted_a="yes")) == [
        (("planted-b", "yes"),)
    ]


def test_a_change_that_another_takes_back_is_told_apart() -> None:
    """Each alone opens, both together close again, and only single changes are smallest."""
    rules = [ground("one", reading={"planted-a": ["yes"], "planted-b": ["no"]}),
             ground("other", reading={"planted-a": ["no"], "planted-b": ["yes"]})]  # fmt: skip
    assert mine(decided(rules)) == [(("planted-a", "yes"),), (("planted-b", "yes"),)]


def test_several_sets_may_share_a_reading() -> None:
    rules = [ground("opens", reading=BOTH),
             ground("too", reading={"planted-b": ["yes"], "planted-c": ["yes"]})]  # fmt: skip
    assert mine(decided(rules)) == [
        (("planted-a", "yes"), ("planted-b", "yes")),
        (("planted-b", "yes"), ("planted-c", "yes")),
    ]


def test_the_text_names_what_must_be_taken_together() -> None:
    three = {**BOTH, "planted-c": ["yes"]}
    two, all_three = decided([ground("opens", reading=BOTH)]), decided([ground("o", reading=three)])
    texts = [" ".join(plain(text_lines(each, "act")).split()) for each in (two, all_three)]
    assert (
        "Under `yes` together with `planted-b: yes`: permitted (taken: no) [planted-a]"
        in (texts[0])
    )
    assert "Under `yes` together with `planted-b: yes` and `planted-c: yes`: permitted" in texts[1]


@pytest.mark.parametrize(("named", "same"), [((), True), (("planted-a",), False)])
def test_a_scenario_expects_only_readings_that_change_the_outcome_alone(
    named: tuple[str, ...], same: bool
) -> None:
    decision = decided([ground("opens", reading=BOTH)])
    alone = {each.reading for each in decision.contested if not each.together}
    expect = Expected(outcome="prohibited", contested=(*alone, *named))
    assert (not list(differences(expect, decision))) is same


# ---------------------------------------------------------------- unknown facts


UNSTATED = {"act.space_exclusive": True}
HALF_KNOWN = [
    ground("alone", reading={"planted-a": ["yes"]}, when=UNSTATED),
    ground("opens", reading={"planted-b": ["yes"], "planted-c": ["yes"]}, when=UNSTATED),
]


def test_a_case_with_a_fact_unknown_names_both() -> None:
    names = ("planted-a", "planted-b", "planted-c")
    law = planted([reading(name, ["no", "yes"], "no") for name in names], HALF_KNOWN)
    decision = Decider(law, use_engine=False).decide(as_case(BARE))
    assert (decision.outcome, decision.missing) == ("prohibited", ())
    assert mine(decision) == [(("planted-a", "yes"),), (("planted-b", "yes"), ("planted-c", "yes"))]
    assert {each.outcome for each in decision.contested if "planted" in each.reading} == {
        "undetermined"
    }
