"""Two suites from outside answer as brute force and the program do: diagrams and a SAT solver.

Both are given the law of a case as propositions, made without a reader of ours. What they are held
against is brute force on small cases; on cases beyond it, each other and the program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, count, islice, product
from math import prod
from random import Random

from models.dates import add_years
from models.law import Not, Outcome, Rule
from tests.generate import Maker
from tests.oracles import formula as f
from tests.oracles.boolean import Encoded, encode, looks_at_routes
from tests.oracles.brute import (
    MAX_FILLINGS,
    READING,
    Axis,
    Found,
    axes_of,
    brute,
    outcome_of,
    said,
)
from tests.oracles.with_dd import Diagram
from tests.oracles.with_sat import Clauses
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
    lacking,
    linked_facts,
    on_record,
    small_cases,
    small_readings,
)
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.conditions import found_in
from values_act.decide import Decider
from values_act.program import Program

SMALL, LATE, LARGE = 60, 150, 45
FEW = 300  # fillings that brute force tries here
TRIES = 40  # cases in which one planted error may show
Names = set[tuple[str, str]]


# ---------------------------------------------------------------- what the suites say


def encoded(answer: Answer, program: Program | None = None) -> Encoded:
    axes = axes_of(answer.program, answer.facts, answer.choices)
    return encode(program or answer.program, answer.facts, answer.choices, axes)


def size(axes: Iterable[Axis]) -> int:
    return prod(len(axis.values) for axis in axes)


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


@cache
def judge() -> Decider:
    """The reference alone, with the programs that scenes are made of."""
    made = Decider(library(), use_engine=False)
    made.programs = decider().programs
    return made


def laws() -> list[str]:
    """Laws that open something, those that were only proposed too."""
    known = library().laws.values()
    return [law.name for law in known if law.kind != "definitions" and acts(law.name)]


def lately(law: str, action: str, county: str | None = None) -> Scene:
    """A scene in the last span of a law, which is soon made."""
    return Scene(law, action, *spans(law, county)[-1], county)


def small_and_late() -> Iterator[tuple[Raw, Answer]]:
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
        if enacted and rng.random() < 0.3:
            place = with_policy(rng, place)
        made = kind(rng, place) if enacted or kind is not events else None
        if made is not None:
            maker, raw = made
            raw["readings"] = small_readings(rng, maker.program, maker.readings)
            if maker.fits(raw):
                yield raw, judge().answer(as_case(raw))


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
    """Cases with several items and many facts unknown, too many fillings for brute force."""
    for seed in count():
        rng = Random(seed)
        law = rng.choice(["state"] * 8 + laws())
        place = lately(law, rng.choice(acts(law)), places(rng))
        if law in library().enacted and rng.random() < 0.3:
            place = with_policy(rng, place)
        maker = Maker(rng, place)
        raw = maker.case(most=5, gaps=(8, 16, 24))
        raw |= {name: [] for name in LISTS.values() if raw[name] == "unknown"}
        if maker.fits(raw):
            answer = judge().answer(as_case(raw))
            if size(axes_of(answer.program, answer.facts, answer.choices)) > MAX_FILLINGS:
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
    cases = chain(islice(small_cases(judge()), SMALL), islice(small_and_late(), LATE))
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
    for name in ("contested", "several policies", "open event", "open offense", "open unpublished"):
        assert seen[name] >= 3, name


def as_each_filling_is_decided(rng: Random, answer: Answer, case: Encoded) -> bool:
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


def planted(aims: list[Aim]) -> Iterator[tuple[Answer, Program]]:
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
        answer = judge().answer(as_case(raw))
        if size(axes_of(answer.program, answer.facts, answer.choices)) <= FEW:
            yield answer, turned_round(answer.program, rule)


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
