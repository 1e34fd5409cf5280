"""Two suites from outside answer as brute force and the program do: diagrams and a SAT solver.

Both are given the law of a case as propositions, made without a reader of ours. What they are held
against is brute force on small cases; on cases beyond it, each other and the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice, product
from math import prod
from random import Random

from models.law import Outcome
from tests.generate import Maker
from tests.oracles import formula as f
from tests.oracles.boolean import Encoded, encode
from tests.oracles.brute import (
    MAX_FILLINGS,
    READING,
    Axis,
    Found,
    TooLargeError,
    axes_of,
    brute,
    outcome_of,
    said,
)
from tests.oracles.with_dd import Diagram
from tests.oracles.with_sat import Clauses
from tests.scenes import Raw, Scene, acts, as_case, law_names, library, places, spans, with_policy
from tests.test_fillings import dates_about_a_window, lacking, small_cases
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.decide import Decider
from values_act.program import Program

SMALL, COUNTED_TO, LARGE = 190, 40, 70
TRIES = 60  # cases in which an error may show
Names = set[tuple[str, str]]


# ---------------------------------------------------------------- what the suites say


def encoded(answer: Answer, program: Program | None = None) -> Encoded:
    axes = axes_of(answer.program, answer.facts, answer.choices)
    return encode(program or answer.program, answer.facts, answer.choices, axes)


def named(answer: Answer, axes: tuple[Axis, ...], numbers: Iterable[int]) -> Names:
    """Axes of facts, each by its record and the name by which a person is asked for it."""
    records = list(answer.facts.records())
    return {
        (records[axis.record].name, said(answer.program, records[axis.record], axis))
        for axis in (axes[number] for number in numbers)
        if axis.kind != READING
    }


def by_dd(answer: Answer, case: Encoded) -> tuple[dict[Outcome, int], Names, set[str]]:
    """Fillings by outcome, missing facts, contested readings."""
    diagram = Diagram(case)
    contested = {case.axes[number].name for number in diagram.contested()}
    return diagram.counts(), named(answer, case.axes, diagram.missing()), contested


def by_sat(answer: Answer, case: Encoded) -> tuple[set[Outcome], Names]:
    """Outcomes that are possible, missing facts."""
    with Clauses(case) as clauses:
        return clauses.outcomes(), named(answer, case.axes, clauses.missing())


def seen_by(answer: Answer, wanted: Found, case: Encoded) -> set[str]:
    """The suites that do not answer as brute force does."""
    dd = (dict(wanted.counts), set(wanted.missing), set(wanted.contested))
    found = {"dd"} if by_dd(answer, case) != dd else set()
    sat = (set(wanted.outcomes), set(wanted.missing))
    return found | ({"sat"} if by_sat(answer, case) != sat else set())


# ---------------------------------------------------------------- cases


def judge() -> Decider:
    return Decider(library(), use_engine=False)


def counted_to_a_date_of_the_case() -> Iterator[tuple[Raw, Answer]]:
    """Windows of years that end on a date which the case gives in part."""
    decider = judge()
    for seed in count():
        rng = Random(seed)
        place = Scene("state", "transfer", *rng.choice(spans("state", None)[-3:]))
        made = dates_about_a_window(rng, place)
        if made is None:
            continue
        maker, raw = made
        derive = next(spec.derive for spec in maker.vocabulary.facts.values() if spec.derive)
        option, name = rng.choice(list(derive.years_to.options.items()))
        section, _, key = name.partition(".")
        day = maker.day.isoformat()
        raw.setdefault(section, {})[key] = rng.choice([day, day[:7], day[:4]])
        taken = {name: r.default for name, r in maker.program.readings.items()}
        for name, reading in maker.program.readings.items():
            taken[name] = rng.choice(list(reading.options)) if taken[name] == "none" else "none"
            if reading.default != "none" and rng.random() < 0.8:
                taken[name] = reading.default
        raw["readings"] = {**taken, derive.years_to.reading: rng.choice([option, option, "none"])}
        if maker.fits(raw):
            yield raw, decider.answer(as_case(raw))


def large_cases() -> Iterator[tuple[Raw, Answer]]:
    """Cases with several items and many facts unknown, too many fillings for brute force."""
    decider = judge()
    for seed in count():
        rng = Random(seed)
        law = rng.choice(["state", "state", *law_names()])
        county = places(rng)
        place = Scene(law, rng.choice(acts(law)), *spans(law, county)[-1], county)
        if rng.random() < 0.3:
            place = with_policy(rng, place)
        maker = Maker(rng, place)
        raw = maker.case(most=5, gaps=(8, 16, 24))
        raw |= {name: [] for name in LISTS.values() if raw[name] == "unknown"}
        if maker.fits(raw):
            answer = decider.answer(as_case(raw))
            axes = axes_of(answer.program, answer.facts, answer.choices)
            if prod(len(axis.values) for axis in axes) > MAX_FILLINGS:
                yield raw, answer


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
    cases = [
        islice(small_cases(judge()), SMALL),
        islice(counted_to_a_date_of_the_case(), COUNTED_TO),
    ]
    for raw, answer in (case for kind in cases for case in kind):
        try:
            wanted = brute(answer.program, answer.facts, answer.choices)
        except TooLargeError:
            continue
        case = encoded(answer)
        assert not seen_by(answer, wanted, case), raw
        assert as_each_filling_is_decided(rng, answer, case), raw
        seen["all"] += 1
        seen["undetermined"] += len(wanted.outcomes) > 1
        seen["contested"] += bool(wanted.contested)
        seen["several policies"] += len(answer.program.local) > 1
        seen.update({f"open {axis.kind}" for axis in case.axes})
        seen.update(f"missing {name.split()[0]}" for _, name in wanted.missing)
    say(f"outside suites and brute force agree on {dict(seen.most_common(20))}")
    assert seen["all"] > 0.7 * (SMALL + COUNTED_TO)
    assert seen["undetermined"] > 0.2 * seen["all"]
    for name in ("contested", "several policies", "open event", "open offense", "open unpublished"):
        assert seen[name] >= 3, name


def as_each_filling_is_decided(rng: Random, answer: Answer, case: Encoded) -> bool:
    """Whether the formulas say of some fillings what the reference does, each alone."""
    for _ in range(10):
        filling = tuple(rng.randrange(len(axis.values)) for axis in case.axes)
        values = tuple(axis.values[n] for axis, n in zip(case.axes, filling, strict=True))
        outcome = outcome_of(answer.program, answer.facts, answer.choices, list(case.axes), values)
        found = {o for o, when in case.outcomes.items() if f.is_true(when, filling)}
        if found != ({outcome} if outcome else found) or f.is_true(case.allowed, filling) != bool(
            outcome
        ):
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
