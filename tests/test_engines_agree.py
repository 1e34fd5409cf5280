"""The two engines agree: on cases at random, on each rule's own facts, and in any order."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.decision import Decision
from models.law import ITEM_SUBJECTS, Test
from tests.generate import Maker
from tests.scenes import (
    Raw,
    acts,
    as_case,
    decider,
    law_names,
    library,
    scene,
    with_policy,
)
from values_act.conditions import leaves
from values_act.decide import compare
from values_act.program import Program, build
from values_act.readers import durable
from values_act.readers.reference import evaluate
from values_act.records import Facts, Record
from values_act.vocabulary import Open, Span, Value

CASES = 2_000
LISTS = ("convictions", "charges", "warrants")


def made(seed: int) -> Raw:
    """A case of one seed, about one in seven in a hypothetical county."""
    rng = Random(seed)
    place = scene(rng)
    if rng.random() < 0.15:
        place = with_policy(rng, place)
    return Maker(rng, place).case()


def test_both_engines_agree_on_two_thousand_cases(record_property: Any, capsys: Any) -> None:
    counts: Counter[str] = Counter()
    several = unknown = 0
    for seed in range(CASES):
        raw = made(seed)
        decision = decider().decide(as_case(raw))  # raises where the engines differ
        assert len(decision.decided_by) == 2
        counts[decision.outcome] += 1
        several += any(isinstance(raw[name], list) and len(raw[name]) > 1 for name in LISTS)
        unknown += bool(decision.missing)
    shares = {name: count / CASES for name, count in counts.most_common()}
    with capsys.disabled():
        said = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
        print(f"\n{CASES} cases: {said}; two or more items of a kind {several / CASES:.0%}")
    opened = shares.get("permitted", 0) + shares.get("required", 0)
    assert opened >= 0.15, shares
    assert shares.get("undetermined", 0) >= 0.10, shares
    assert shares.get("prohibited", 0) >= 0.15, shares
    assert several >= 0.10 * CASES
    assert unknown >= 0.03 * CASES


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=1_000_000, max_value=2_000_000))
def test_both_engines_agree_on_any_seed(seed: int) -> None:
    decider().decide(as_case(made(seed)))


# ---------------------------------------------------------------- each rule's own facts

PROGRAMS = [(law, action) for law in ("state", "article") for action in acts(law)]


def sides(program: Program, subject: str, test: Test) -> list[Value]:
    """A value on each side of a test, and the unknown."""
    spec = program.vocabulary.facts[subject, test.fact]  # type: ignore[index]
    expect = test.expect
    if spec.type == "yes_no":
        return [True, False, Open((True, False))]
    if spec.type == "word":
        inside = expect.values[0]
        outside = next(word for word in (*spec.words, "?") if word not in expect.values)
        return [inside, outside, Open(tuple(spec.words))]
    if spec.type == "date":
        limit = (expect.since or expect.before or date(2020, 1, 1)).toordinal()
        return [limit - 1, limit, Span(limit - 1, limit)]
    limit = expect.at_most if expect.at_most is not None else (expect.at_least or 0)
    return [max(0, limit - 1), limit, limit + 1, Span(max(0, limit - 1), limit + 1)]


@pytest.mark.parametrize(("law", "action"), PROGRAMS)
def test_both_engines_agree_on_each_rules_own_facts(law: str, action: str) -> None:
    day = date(2025, 7, 17)
    program = build(library(), law, day, action)
    engine = durable.Engine()
    checked = 0
    for rule in program.rules.values():
        for subject in rule.subject:
            tests = [leaf for leaf in leaves(rule.when) if isinstance(leaf, Test)]
            raw = {
                test.fact: sides(program, subject, test)
                for test in tests
                if program.vocabulary.facts[subject, test.fact].origin in {"stated", "looked_up"}
            }
            combinations = itertools.islice(itertools.product(*raw.values()), 81)
            for combination in combinations:
                facts = bare_facts(program, day)
                target = facts.case if subject == "case" else item(program, facts, subject)
                target.values |= dict(zip(raw, combination, strict=True))
                for taken in choices(program, rule.reading):
                    compare(
                        program,
                        evaluate(program, facts, taken),
                        engine.decide(program, facts, taken),
                    )
                    checked += 1
    assert checked >= len(program.rules)


def bare_facts(program: Program, day: date) -> Facts:
    """A case with nothing on record: every fact presumed, or false, or its first word."""
    return Facts(day, Record("case", 0, plain_values(program, "case", day)), [])


def plain_values(program: Program, subject: str, day: date) -> dict[str, Value]:
    specs = program.vocabulary.by_subject[subject]  # type: ignore[index]
    values: dict[str, Value] = {}
    for name, spec in specs.items():
        if spec.origin not in {"stated", "looked_up"}:
            continue
        if spec.presumed:
            values[name] = spec.presumed.value
        elif spec.type == "yes_no":
            values[name] = False
        elif spec.type == "word":
            values[name] = next(iter(spec.words), "?")
        else:
            values[name] = day.toordinal() - 400 if spec.type == "date" else 0
    return values


def item(program: Program, facts: Facts, subject: str) -> Record:
    record = Record(subject, 1, plain_values(program, subject, facts.day))  # type: ignore[arg-type]
    facts.items.append(record)
    return record


def choices(program: Program, asked: Any) -> list[dict[str, str | None]]:
    """Defaults with the rule's own readings taken, and with them left open."""
    base = {
        name: None if r.default == "none" else r.default for name, r in program.readings.items()
    }
    taken = {name: options[0] for name, options in asked.items()}
    return [{**base, **taken}, {**base, **dict.fromkeys(asked)}] if asked else [base]


# ---------------------------------------------------------------- order


def essence(decision: Decision) -> dict[str, Any]:
    """What must not depend on any order; items are told by their own words."""
    return {
        "outcome": decision.outcome,
        "possible": set(decision.possible_outcomes),
        "grounds": {(g.rule, frozenset(w.split(": ", 1)[-1] for w in g.because), g.until)
                    for g in decision.grounds},
        "bars": {bar.rule or bar.policy for bar in decision.barred_by},
        "missing": Counter(m.fact for m in decision.missing),
        "contested": {(c.reading, c.option, c.outcome) for c in decision.contested},
        "duties": {duty.rule for duty in decision.duties},
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_the_order_of_items_changes_nothing(seed: int) -> None:
    rng = Random(seed)
    raw = Maker(rng, scene(rng)).case(most=4)
    before = essence(decider().decide(as_case(raw)))
    for name in LISTS:
        if isinstance(raw[name], list):
            rng.shuffle(raw[name])
    assert essence(decider().decide(as_case(raw))) == before


def test_the_order_of_rules_changes_nothing() -> None:
    rng = Random(7)
    for law, action in PROGRAMS:
        program = build(library(), law, date(2025, 7, 17), action)
        shuffled = replace(
            program,
            effects={s: tuple(rng.sample(r, len(r))) for s, r in program.effects.items()},
            weighed=tuple(rng.sample(program.weighed, len(program.weighed))),
            definers={k: tuple(rng.sample(r, len(r))) for k, r in program.definers.items()},
            local=tuple(rng.sample(program.local, len(program.local))),
        )
        for _ in range(20):
            facts = random_facts(rng, program)
            taken = choices(program, {})[0]
            one, other = evaluate(program, facts, taken), evaluate(shuffled, facts, taken)
            assert one.judgment.outcomes == other.judgment.outcomes
            assert one.judgment.grounds == other.judgment.grounds
            assert [v.effective for v in one.items] == [v.effective for v in other.items]


def random_facts(rng: Random, program: Program) -> Facts:
    facts = bare_facts(program, date(2025, 7, 17))
    for subject in ITEM_SUBJECTS:
        for _ in range(rng.randrange(3)):
            record = item(program, facts, subject)
            for rule in program.rules.values():
                for leaf in leaves(rule.when) if subject in rule.subject else ():
                    if isinstance(leaf, Test) and leaf.fact in record.values:
                        record.values[leaf.fact] = rng.choice(sides(program, subject, leaf))
    return facts


def test_every_law_is_covered() -> None:
    assert {law for law, _ in PROGRAMS} == set(law_names()) - {"values-act"}
