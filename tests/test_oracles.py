"""Two suites from outside answer as brute force and the program do: diagrams and a SAT solver.

Both are given the law of a case as propositions, made without a reader of ours. What they are held
against is brute force on small cases; on cases beyond it, each other and the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain, islice, product
from random import Random
from types import SimpleNamespace

from models.law import Outcome
from tests.oracles import formula as f
from tests.oracles.boolean import Encoded, encode
from tests.oracles.brute import READING, Axis, Found, axes_of, brute, outcome_of, said
from tests.oracles.cases import (
    FEW,
    Asked,
    asked,
    large_cases,
    planted,
    rules_by_kind,
    size,
    small_and_late,
)
from tests.oracles.with_dd import Diagram
from tests.oracles.with_sat import Clauses
from tests.test_fillings import lacking, small_cases
from values_act.answer import Answer
from values_act.program import Program

SMALL, LATE, LARGE = 40, 160, 26
TRIES = 150  # cases in which one planted error may show
READER = SimpleNamespace(answer=asked)  # a decider that settles nothing
Names = set[tuple[str, str]]


# ---------------------------------------------------------------- what the suites say


def encoded(answer: Asked | Answer, program: Program | None = None) -> Encoded:
    axes = axes_of(answer.program, answer.facts, answer.choices)
    return encode(program or answer.program, answer.facts, answer.choices, axes)


def named(answer: Asked | Answer, axes: tuple[Axis, ...], numbers: Iterable[int]) -> Names:
    """Axes of facts, each by its record and the name by which a person is asked for it."""
    records = list(answer.facts.records())
    return {
        (records[axis.record].name, said(answer.program, records[axis.record], axis))
        for axis in (axes[number] for number in numbers)
        if axis.kind != READING
    }


def by_dd(answer: Asked | Answer, case: Encoded) -> tuple[dict[Outcome, int], Names, set[str]]:
    """Fillings by outcome, missing facts, contested readings."""
    diagram = Diagram(case)
    contested = {case.axes[number].name for number in diagram.contested()}
    return diagram.counts(), named(answer, case.axes, diagram.missing()), contested


def by_sat(answer: Asked | Answer, case: Encoded) -> tuple[set[Outcome], Names]:
    """Outcomes that are possible, missing facts."""
    with Clauses(case) as clauses:
        return clauses.outcomes(), named(answer, case.axes, clauses.missing())


def seen_by(answer: Asked | Answer, wanted: Found, case: Encoded) -> set[str]:
    """The suites that do not answer as brute force does."""
    dd = (dict(wanted.counts), set(wanted.missing), set(wanted.contested))
    found = {"dd"} if by_dd(answer, case) != dd else set()
    sat = (set(wanted.outcomes), set(wanted.missing))
    return found | ({"sat"} if by_sat(answer, case) != sat else set())


# ---------------------------------------------------------------- claims


def test_both_suites_answer_as_the_formulas_say() -> None:
    """Formulas at random over three axes, each filling tried."""
    rng = Random(0)
    axes = tuple(
        Axis(0, "fact", name, tuple(range(n))) for name, n in zip("abc", (1, 3, 5), strict=True)
    )

    def some_formula(depth: int) -> f.Formula:
        if depth == 0 or rng.random() < 0.2:
            axis = rng.randrange(len(axes))
            return f.Atom(axis, rng.randrange(len(axes[axis].values)))
        parts = [some_formula(depth - 1) for _ in range(rng.choice([2, 3]))]
        kind = rng.choice(["every", "some", "not", "count"])
        if kind == "count":
            return f.at_least(2, parts)
        return f.negate(parts[0]) if kind == "not" else getattr(f, kind)(parts)

    changes: Counter[int] = Counter()
    for _ in range(200):
        what, allowed = some_formula(4), some_formula(2)
        case = Encoded(axes, {"permitted": what, "prohibited": f.negate(what)}, allowed)
        fillings = list(product(*(range(len(axis.values)) for axis in axes)))
        outcomes = {
            filling: "permitted" if f.is_true(what, filling) else "prohibited"
            for filling in fillings
            if f.is_true(allowed, filling)
        }
        missing = {
            n
            for n in range(len(axes))
            for one, other in product(outcomes, outcomes)
            if one[:n] + one[n + 1 :] == other[:n] + other[n + 1 :]
            and outcomes[one] != outcomes[other]
        }
        diagram = Diagram(case)
        assert diagram.counts() == Counter(outcomes.values())
        assert diagram.missing() == missing
        with Clauses(case) as clauses:
            assert clauses.outcomes() == set(outcomes.values())
            assert clauses.missing() == missing
        changes.update(missing or [-1])
    assert set(changes) == {-1, 1, 2}


def test_both_suites_agree_with_brute_force_on_small_cases(say: Callable[[str], None]) -> None:
    rng = Random(1)
    seen: Counter[str] = Counter()
    cases = chain(islice(small_cases(READER), SMALL), islice(small_and_late(), LATE))
    for raw, answer in cases:
        case = encoded(answer)
        if size(case.axes) > FEW:
            continue
        wanted = brute(answer.program, answer.facts, answer.choices)
        assert not seen_by(answer, wanted, case), raw
        assert as_each_filling_is_decided(rng, answer, case), raw
        seen["all"] += 1
        seen["undetermined"] += len(wanted.outcomes) > 1
        seen["contested"] += bool(wanted.contested)
        seen["several policies"] += len(answer.program.local) > 1
        seen.update({f"open {axis.kind}" for axis in case.axes})
        seen.update(f"missing {name.split()[0]}" for _, name in wanted.missing)
    say(f"outside suites and brute force agree on {dict(seen.most_common(24))}")
    assert seen["all"] > 0.6 * (SMALL + LATE)
    assert seen["undetermined"] > 0.2 * seen["all"]
    assert min(seen["contested"], seen["several policies"]) >= 3
    for kind in ("fact", "reading", "offense", "event", "unpublished", "policy"):
        assert seen[f"open {kind}"] >= 3, kind


def as_each_filling_is_decided(rng: Random, answer: Asked | Answer, case: Encoded) -> bool:
    """Whether the formulas say of some fillings what the reference does, each alone."""
    for _ in range(10):
        filling = tuple(rng.randrange(len(axis.values)) for axis in case.axes)
        values = tuple(axis.values[n] for axis, n in zip(case.axes, filling, strict=True))
        outcome = outcome_of(answer.program, answer.facts, answer.choices, list(case.axes), values)
        if f.is_true(case.allowed, filling) is not (outcome is not None):
            return False
        found = {o for o, when in case.outcomes.items() if f.is_true(when, filling)}
        if outcome is not None and found != {outcome}:
            return False
    return True


def test_both_suites_agree_with_each_other_and_the_program_beyond_brute_force(
    say: Callable[[str], None],
) -> None:
    seen: Counter[str] = Counter()
    largest = 0
    for raw, answer in islice(large_cases(), LARGE):
        case = encoded(answer)
        counts, missing, contested = by_dd(answer, case)
        assert by_sat(answer, case) == (counts.keys(), missing), raw
        assert counts.keys() <= answer.settled.outcomes, raw
        seen["undetermined"] += len(counts) > 1
        largest = max(largest, sum(counts.values()))
        assert counts.keys() == answer.settled.outcomes, raw
        if len(counts) > 1:
            assert lacking(answer) == missing, raw
            readings = {each.changes[0][0].id for each in answer.settled.contested}
            assert contested == {r for r in readings if answer.choices[r] is None}, raw
    say(f"beyond brute force, up to {largest:.0e} fillings: {dict(seen)} of {LARGE}")
    assert seen["undetermined"] > 0.3 * LARGE


def test_a_planted_error_is_seen_by_both_suites(say: Callable[[str], None]) -> None:
    """They are given one rule with its test turned round: a rule of every kind, and a policy."""
    aims = rules_by_kind()
    seen: Counter[str] = Counter()
    for kind, rules in aims.items():
        left = {"dd", "sat"}
        for number, (answer, program) in enumerate(islice(planted(rules), TRIES), 1):
            wanted = brute(answer.program, answer.facts, answer.choices)
            left -= seen_by(answer, wanted, encoded(answer, program))
            if not left:
                seen[kind] = number
                break
        assert not left, kind
    say(f"a rule turned round is seen at once or after some cases: {dict(seen)}")
    assert len(seen) >= 10
