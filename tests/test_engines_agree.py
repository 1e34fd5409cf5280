"""The two engines agree: on cases at random, on both sides of every limit, and in any order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.decision import Decision
from models.law import Condition, Test
from tests.generate import Maker
from tests.scenes import (
    Raw,
    as_case,
    decider,
    law_names,
    scene,
    shuffled,
    with_policy,
)
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.conditions import leaves
from values_act.decide import Decider
from values_act.errors import EngineError
from values_act.kleene import expected
from values_act.readers import durable
from values_act.reasons import write_decision

SCENES, EACH = 96, 21
CASES = SCENES * EACH
HYPOTHETICAL = 1 / 16  # of the scenes; their programs are built for each case anew


def cases(scenes: int = SCENES, each: int = EACH) -> Iterator[Raw]:
    for seed in range(scenes):
        rng = Random(seed)
        place = scene(rng)
        if rng.random() < HYPOTHETICAL:
            place = with_policy(rng, place)
        for _ in range(each):
            yield Maker(rng, place).case()


def limits_met(answer: Answer) -> Iterator[tuple[tuple[str, str, int], bool | None]]:
    """Each limit that the program tests, and what the test says of a subject of the case."""
    program, view = answer.program, answer.view
    subjects = [(item.record.subject, item.values) for item in view.items]
    subjects.append(("case", view.case.values))
    for subject, values in subjects:
        rules = (*program.definitions[subject], *program.effects[subject])
        conditions: list[Condition | None] = [rule.when for rule in rules]
        if subject == "case":
            conditions += [local.term.when for local in program.local]
        for condition in conditions:
            for leaf in leaves(condition):
                if isinstance(leaf, Test) and leaf.fact in values:
                    for bound in bounds(leaf):
                        truth = expected(leaf.expect, values[leaf.fact])
                        yield (subject, leaf.fact, bound), truth


def bounds(test: Test) -> list[int]:
    expect = test.expect
    found = [n for n in (expect.at_most, expect.at_least) if n is not None]
    return found + [d.toordinal() for d in (expect.since, expect.before) if d]


def test_both_engines_agree_on_two_thousand_cases(say: Callable[[str], None]) -> None:
    """At random, with a fair share of each outcome, and every limit met from both sides."""
    counts: Counter[str] = Counter()
    laws: Counter[str] = Counter()
    several = unknown = open_lists = partial = locally = 0
    sides: dict[tuple[str, str, int], set[bool | None]] = {}
    for raw in cases():
        answer = decider().answer(as_case(raw))  # raises where the engines differ
        decision = write_decision(answer)
        assert len(decision.decided_by) == 2
        counts[decision.outcome] += 1
        laws[raw["law"]] += 1
        several += any(isinstance(raw[n], list) and len(raw[n]) > 1 for n in LISTS.values())
        open_lists += any(raw[name] == "unknown" for name in LISTS.values())
        partial += bool(re.search(r"'(\d{4}|\d{4}-\d\d)'", str(raw)))
        unknown += bool(decision.missing)
        locally += bool(decision.local)
        for limit, truth in limits_met(answer):
            sides.setdefault(limit, set()).add(truth)
    shares = {name: count / CASES for name, count in counts.most_common()}
    said = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    say(
        f"{CASES} cases: {said}; facts missing {unknown / CASES:.0%}, two or more items of a kind "
        f"{several / CASES:.0%}, a list unknown {open_lists / CASES:.0%}, a partial date "
        f"{partial / CASES:.0%}, under a policy {locally / CASES:.0%}, limits {len(sides)}"
    )
    assert CASES >= 2_000
    assert set(laws) == set(law_names())
    assert shares.get("permitted", 0) + shares.get("required", 0) >= 0.15, shares
    assert shares.get("required", 0) >= 0.005, shares
    assert shares.get("undetermined", 0) >= 0.10, shares
    assert shares.get("prohibited", 0) >= 0.15, shares
    assert min(several, unknown) >= 0.10 * CASES
    assert min(open_lists, partial) >= 0.02 * CASES
    assert locally >= 0.2 * CASES
    one_sided = {limit for limit, truths in sides.items() if not {True, False} <= truths}
    assert not one_sided


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False))
def test_both_engines_agree_on_whatever_is_drawn(rng: Random) -> None:
    place = scene(rng)
    if rng.random() < HYPOTHETICAL:
        place = with_policy(rng, place)
    decider().decide(as_case(Maker(rng, place).case()))


@pytest.mark.parametrize("stage", ["items", "effective", "case", "grounds", "state", "outcomes"])
def test_a_disagreement_is_an_error_and_no_answer(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part of the findings is compared: a planted difference in it is never passed over."""
    honest = durable.Engine.decide

    def planted(*arguments: Any) -> durable.Findings:
        found = honest(*arguments)
        value = getattr(found, stage)
        if isinstance(value, frozenset):
            setattr(found, stage, value ^ {"permitted"})
        else:
            truths = value[0] if isinstance(value, list) else value
            truths[next(iter(truths))] = "planted"
        return found

    raw = {
        "as_of": "2025-07-17",
        "action": "transfer",
        "convictions": [{"offense": "PC 211", "grade": "felony", "date": "2020-01-01"}],
    }
    mine = Decider(decider().library)
    assert mine.decide(as_case(raw)).outcome == "permitted"
    monkeypatch.setattr(durable.Engine, "decide", planted)
    with pytest.raises(EngineError, match="disagree"):
        mine.decide(as_case(raw))


# ---------------------------------------------------------------- order


def essence(decision: Decision, places: dict[str, str] | None = None) -> dict[str, Any]:
    """What must not depend on any order; `places` says where each item stood before."""

    def named(text: str) -> str:
        head = re.match(r"\w+ \d+", text)
        return (places or {}).get(head[0], head[0]) if head else text

    return {
        "outcome": decision.outcome,
        "permitted": decision.permitted,
        "possible": decision.possible_outcomes,
        "grounds": {
            (g.rule, g.route, frozenset(map(named, g.items)), g.until, frozenset(g.breached),
             g.certain)
            for g in decision.grounds
        },
        "bars": {(bar.rule, bar.policy) for bar in decision.barred_by},
        "missing": {(m.fact, named(m.item), frozenset(m.choices)) for m in decision.missing},
        "contested": {
            (frozenset((each.reading, each.option) for each in (c, *c.together)), c.outcome)
            for c in decision.contested
        },
        "local": {(view.policy, view.outcome) for view in decision.local},
        "duties": {duty.rule for duty in decision.duties},
        "deciding": set(decision.deciding),
        "assumed": {(a.fact, named(a.item), a.value, a.otherwise) for a in decision.assumed},
    }  # fmt: skip


def reordered(rng: Random, raw: Raw) -> tuple[Raw, dict[str, str]]:
    """The case with its items in another order, and where each item stood."""
    other, places = dict(raw), {}
    for subject, name in LISTS.items():
        if isinstance(raw[name], list):
            order = rng.sample(range(len(raw[name])), len(raw[name]))
            other[name] = [raw[name][old] for old in order]
            places |= {f"{subject} {new + 1}": f"{subject} {old + 1}"
                       for new, old in enumerate(order)}  # fmt: skip
    return other, places


def test_the_order_of_rules_and_of_items_changes_nothing() -> None:
    """Laws, rules, parts of conditions, readings, policies and items, all shuffled at once."""
    rng = Random(7)
    turned = [Decider(shuffled(Random(seed))) for seed in range(2)]
    moved = 0
    for raw in cases(36, 5):
        other, places = reordered(rng, raw)
        moved += other != raw
        before = essence(decider().decide(as_case(raw)))
        after = essence(rng.choice(turned).decide(as_case(other)), places)
        assert after == before, raw
    assert moved >= 18


def test_shuffling_does_shuffle() -> None:
    plain, mixed = decider().library, shuffled(Random(0))
    for name, law in plain.laws.items():
        if len(law.rules) > 10:
            assert [r.id for r in law.rules] != [r.id for r in mixed.laws[name].rules]
            assert {r.id for r in law.rules} == {r.id for r in mixed.laws[name].rules}
