"""`scenarios coverage`: each number against a recomputation that shares nothing with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from models.case import InmateCase
from models.law import AllOf, AnyOf, Condition, Not
from models.scenario import Expected, Scenario
from tests.scenes import library, rules_of, when
from tests.tinylaw import tiny
from values_act.answer import Answer
from values_act.conditions import leaves
from values_act.coverage import assemble, laws_asked, measure
from values_act.coverage_watch import Watch
from values_act.coverage_whole import Coverage
from values_act.covered import Names, RuleCover, TermCover, TestCover
from values_act.data import data_folder
from values_act.decide import Decider
from values_act.errors import InputError
from values_act.kleene import Context, holds
from values_act.library import Library
from values_act.readers.painted import Path as Steps
from values_act.readers.painted import pieces, placed_leaves, truth_under, turning
from values_act.readers.reference import evaluate, gate
from values_act.readers.words import describe
from values_act.scenarios import Placed, load_file, load_folders
from values_act.timeline import change_dates
from values_act.vocabulary import Values

Raw = dict[str, Any]
HEAVY: Raw = {"offense": "PC 206", "grade": "felony", "date": "2016-05-01",
              "jurisdiction": "california"}  # fmt: skip
LIGHT: Raw = {"offense": "PC 67", "grade": "misdemeanor", "date": "2016-05-01",
              "jurisdiction": "california"}  # fmt: skip


def placed(
    name: str, outcome: str | None, convictions: list[Raw] | None = None, **more: Any
) -> Placed:
    """A scenario about a handover under the tiny law."""
    raw = {"law": "tiny", "as_of": "2019-05-01", "action": "transfer", **more}
    raw["convictions"] = convictions or []
    case = InmateCase.model_validate(raw)
    expect = Expected.model_validate({"outcome": outcome}) if outcome else None
    scenario = Scenario(name=name, why="a test", source="ours", case=case, expect=expect)
    return Placed(scenario, Path("tiny.yaml"), 1)


def rule(coverage: Coverage, name: str) -> RuleCover:
    return next(rule for rule in coverage.rules if rule.id == name)


def term(coverage: Coverage, policy: str, act: str = "transfer") -> TermCover:
    return next(t for t in coverage.terms if (t.policy, t.act) == (policy, act))


def test_of(owner: RuleCover | TermCover, *path: str | int) -> TestCover:
    return next(test for test in owner.tests if test.path == path)


test_of.__test__ = False  # type: ignore[attr-defined]  # a function, which pytest would collect


# ---------------------------------------------------------------- a tiny law


def test_a_rule_is_exercised_where_it_held_in_one_scenario_and_failed_in_another(
    tmp_path: Path,
) -> None:
    law = tiny(tmp_path)
    held = placed("heavy", "permitted", [HEAVY])
    failed = placed("light", "prohibited", [LIGHT])
    one = rule(measure(law, [held]), "t-ground")
    assert (one.held, one.failed, one.said) == (("heavy",), (), "only held")
    assert one.decided == ("heavy",)
    two = rule(measure(law, [failed]), "t-ground")
    assert (two.held, two.failed, two.decided, two.said) == ((), ("light",), (), "only failed")
    both = rule(measure(law, [held, failed]), "t-ground")
    assert both.exercised
    assert both.said == "held and failed"
    assert not rule(measure(law, []), "t-ground").exercised


def test_a_test_needs_both_values_and_is_decisive_only_where_it_alone_turns_the_rule(
    tmp_path: Path,
) -> None:
    law = tiny(tmp_path)
    light = placed("light", "prohibited", [LIGHT])
    ground = rule(measure(law, [placed("heavy", "permitted", [HEAVY]), light]), "t-ground")
    heavy, grade, elsewhere = ground.tests
    assert (heavy.true, heavy.false, heavy.turned) == (("heavy",), ("light",), ("heavy",))
    assert (grade.true, grade.false) == (("heavy",), ("light",))
    assert (elsewhere.true, elsewhere.false) == ((), ("heavy", "light"))
    assert elsewhere.said == "only false"
    # neither the list nor the grade turns the rule for a light misdemeanor: both stand against it
    alone = rule(measure(law, [light]), "t-ground")
    assert [test.turned for test in alone.tests] == [(), (), ()]
    defined = rule(measure(law, [light]), "t-heavy")
    assert [test.turned for test in defined.tests] == [("light",), ("light",)]


def test_what_is_unknown_exercises_nothing(tmp_path: Path) -> None:
    law = tiny(tmp_path)
    no_grade = {key: value for key, value in HEAVY.items() if key != "grade"}
    found = measure(law, [placed("no grade", "undetermined", [no_grade])])
    ground = rule(found, "t-ground")
    assert (ground.held, ground.failed) == ((), ())
    heavy, grade, _ = ground.tests
    assert heavy.true == ("no grade",)
    assert (grade.true, grade.false, grade.turned) == ((), (), ())
    assert heavy.turned == ()  # nothing is sure beside an unknown grade
    open_list = placed("nobody looked", "undetermined")
    raw = {**open_list.scenario.case.model_dump(mode="json", exclude_unset=True),
           "convictions": "unknown"}  # fmt: skip
    case = InmateCase.model_validate(raw)
    scenario = open_list.scenario.model_copy(update={"case": case})
    found = measure(law, [Placed(scenario, Path("x"), 1)])
    assert found.counted == 1
    # not even the rule that holds for any conviction: there may be none
    assert [r.id for r in found.rules if r.held or r.failed] == ["t-citizen"]


def test_a_rule_without_tests_need_only_hold(tmp_path: Path) -> None:
    law = tiny(tmp_path)
    assert not rule(measure(law, [placed("none", "prohibited")]), "t-any").exercised
    one = rule(measure(law, [placed("heavy", "permitted", [HEAVY])]), "t-any")
    assert one.exercised
    assert one.tests == ()


def test_a_rule_that_a_bill_reads_otherwise_is_not_exercised_by_a_case_of_the_bill(
    tmp_path: Path,
) -> None:
    law = tiny(tmp_path)
    bill = placed("bill", "prohibited", [LIGHT], law="tiny-bill", as_of="2021-01-01")
    found = measure(law, [bill])
    assert rule(found, "t-ground").failed == ("bill",)  # kept as it is
    assert rule(found, "b-first").held == ("bill",)
    assert rule(found, "t-citizen").said == "never"  # it looks for another rule there
    days = [(d.owner, d.day) for d in found.dates if d.owner in law.laws]
    assert days.count(("tiny-bill", date(2020, 1, 1))) == 1
    assert ("tiny-bill", date(2010, 1, 1)) not in days  # a day of the law that it would change
    assert ("tiny", date(2010, 1, 1)) in days


def test_a_rule_is_looked_at_only_under_the_readings_that_make_it_live(tmp_path: Path) -> None:
    law = tiny(tmp_path)
    narrow = placed("narrow", "prohibited", [LIGHT])
    wide = placed("wide", "permitted", [LIGHT], readings={"way": "wide"})
    found = measure(law, [narrow])
    assert rule(found, "t-wide").said == "never"
    found = measure(law, [narrow, wide])
    assert rule(found, "t-wide").held == ("wide",)
    options = {(o.reading, o.option): (o.taken, o.named, o.said) for o in found.options}
    assert options == {
        ("way", "narrow"): (("narrow",), (), "only by default"),
        ("way", "wide"): (("wide",), ("wide",), "named"),
        ("undecided-way", "first"): ((), (), "never"),  # left open, for it has no default
        ("undecided-way", "second"): ((), (), "never"),
    }
    first = placed("first", "prohibited", [LIGHT], readings={"undecided-way": "first"})
    assert rule(measure(law, [narrow]), "t-first").failed == ()
    assert rule(measure(law, [first]), "t-first").failed == ("first",)


def test_a_scenario_that_is_a_todo_or_not_as_expected_exercises_nothing(tmp_path: Path) -> None:
    law = tiny(tmp_path)
    rest = [placed("to do", None, [HEAVY]), placed("wrong", "prohibited", [HEAVY]),
            placed("broken", "permitted", [{**HEAVY, "grade": "grave"}])]  # fmt: skip
    found = measure(law, rest)
    assert (found.read, found.todo, found.counted) == (3, 1, 0)
    assert [where.split(": ")[-1] for where, _ in found.failed] == ["wrong", "broken"]
    assert "expected prohibited, decided permitted" in found.failed[0][1]
    assert "grave" in found.failed[1][1]
    assert all(count.main.done == 0 for count in found.counts())
    assert not [test for test in found.tests() if test.true or test.false]


def test_a_base_rule_is_exercised_where_it_decides(tmp_path: Path) -> None:
    law = tiny(tmp_path)
    (base,) = measure(law, [placed("nothing", "prohibited")]).bases
    assert (base.id, base.decided) == ("t-base", ("nothing",))
    (base,) = measure(law, [placed("heavy", "permitted", [HEAVY])]).bases
    assert base.decided == ()


def test_a_policy_is_exercised_for_each_act_where_it_binds_and_where_it_decides(
    tmp_path: Path,
) -> None:
    law = tiny(tmp_path)
    county = {"county": "Smallest"}
    closed = placed("closed", "prohibited", [HEAVY], agency=county, as_of="2020-05-01")
    police = placed("police", "permitted", [HEAVY], agency={**county, "kind": "police"},
                    as_of="2020-05-01")  # fmt: skip
    found = measure(law, [closed, police])
    shut = term(found, "small-closed")
    assert (shut.bound, shut.decided, shut.said) == (("closed",), ("closed",), "bound and decided")
    assert term(found, "small-closed", "hold").said == "never"
    assert term(found, "small-when").bound == ()
    held = placed("meets it", "permitted", [HEAVY], agency=county, as_of="2021-05-01")
    found = measure(law, [held])
    perhaps = term(found, "small-when")
    assert perhaps.bound == ("meets it",)
    ground, unpublished = perhaps.tests
    assert (ground.true, ground.turned) == (("meets it",), ())  # the other part is not known
    assert (unpublished.knowable, unpublished.mark) == (False, "closed")
    assert unpublished not in list(found.tests())
    totals = {count.what: (count.main, count.also) for count in found.counts()}
    assert totals["policies"] == ((1, 3), (0, 3))
    assert totals["policy terms"] == ((1, 4), (0, 3))  # one of four only opens
    vague = placed("some day", "undetermined", [HEAVY], agency=county, as_of="2023-05-01")
    found = measure(law, [vague])
    assert found.counted == 1
    assert term(found, "small-vague").said == "decided, never surely bound"


def test_a_day_of_a_policy_is_met_by_whom_it_binds_and_in_what_it_speaks_of(
    tmp_path: Path,
) -> None:
    law = tiny(tmp_path)

    def on(name: str, day: str, outcome: str, **more: Any) -> Placed:
        agency = {"county": "Smallest", **more}
        return placed(name, outcome, [HEAVY], agency=agency, as_of=day)

    eve = on("eve", "2019-12-31", "permitted")
    police = on("police", "2020-01-01", "permitted", kind="police")
    sheriff = on("sheriff", "2020-01-01", "prohibited")

    def begins(*cases: Placed) -> tuple[Names, Names]:
        found = measure(law, cases).dates
        (day,) = (d for d in found if (d.owner, d.day) == ("small-closed", date(2020, 1, 1)))
        return day.eve, day.on

    assert begins(eve, police) == (("eve",), ())
    assert begins(eve, police, sheriff) == (("eve",), ("sheriff",))
    elsewhere = placed("elsewhere", "permitted", [HEAVY], as_of="2020-01-01")
    assert begins(elsewhere) == ((), ())


def test_a_policy_of_a_hypothetical_county_exercises_no_file(tmp_path: Path) -> None:
    policy = {"id": "small-closed", "title": "Mine", "cite": "none", "authority": "sheriff",
              "binds": ["sheriff"], "actions": {"transfer": "closed"},
              "source": {"title": "made up"}}  # fmt: skip
    found = measure(tiny(tmp_path), [placed("mine", "prohibited", [HEAVY], policy=policy)])
    assert found.counted == 1
    assert not [t for t in found.terms if t.bound or t.decided]


def test_a_date_needs_a_scenario_on_the_day_and_one_on_the_day_before(tmp_path: Path) -> None:
    law = tiny(tmp_path)
    days = {
        "before": ("2017-06-01", "not_regulated"), "eve": ("2018-01-03", "not_regulated"),
        "first": ("2018-01-04", "prohibited"), "later": ("2019-01-01", "prohibited"),
    }  # fmt: skip
    of = {name: placed(name, outcome, as_of=day) for name, (day, outcome) in days.items()}

    def said(*names: str) -> str:
        found = measure(law, [of[name] for name in names])
        return next(d.said for d in found.dates if d.owner == "tiny" and d.of == "act")

    assert said() == "never"
    assert said("eve", "first") == "on the day and the day before"
    assert said("before", "later") == "on both sides, not on the day and the day before"
    assert said("eve", "later") == "on both sides, not on the day and the day before"
    assert said("later") == "only after"
    assert said("before", "eve") == "only before"


def test_a_day_that_a_test_names_is_met_by_the_date_that_the_case_states(tmp_path: Path) -> None:
    law = tiny(tmp_path)

    def on(day: str) -> Placed:
        outcome = "permitted" if day < "2010" else "prohibited"
        return placed(day, outcome, [{**LIGHT, "date": day, "grade": "felony"}])

    days = [on("2009-12-31"), on("2010-01-01"), on("2016-01-01")]
    limits = {d.day: d for d in measure(law, days).dates if d.of == "date"}
    assert set(limits) == {date(2010, 1, 1), date(2015, 1, 1)}
    first, second = limits[date(2010, 1, 1)], limits[date(2015, 1, 1)]
    assert first.exercised
    assert (first.eve, first.on) == (("2009-12-31",), ("2010-01-01",))
    assert first.after == ("2010-01-01",)  # 2016 lies past the next day that a test names
    assert (second.before, second.after) == (("2010-01-01",), ("2016-01-01",))
    assert not second.exercised


def test_the_entries_of_a_list_are_counted_on_it_and_off_it(tmp_path: Path) -> None:
    law = tiny(tmp_path)

    def serious(*entries: Placed) -> tuple[object, ...]:
        entry = next(e for e in measure(law, entries).lists if e.name == "serious")
        return (*entry.on, *entry.off, entry.exercised, entry.unnamed)

    heavy, light = placed("h", "permitted", [HEAVY]), placed("l", "prohibited", [LIGHT])
    murder = ("PC 187(a) first degree", "PC 187(a) second degree")
    assert serious() == (0, 3, 0, 1, False, (*murder, "PC 206"))
    assert serious(heavy) == (1, 3, 0, 1, False, murder)
    assert serious(heavy, light) == (1, 3, 1, 1, True, murder)
    either = placed("e", "permitted", [{**HEAVY, "offense": "PC 187(a)"}])
    assert serious(either) == serious()  # it may be either of two, and so names none
    second = placed("s", "permitted", [{**HEAVY, "offense": murder[1]}])
    assert serious(second) == (1, 3, 0, 1, False, (murder[0], "PC 206"))


# ---------------------------------------------------------------- against brute force


def brute(
    loaded: Library, scenarios: Iterable[Placed]
) -> dict[tuple[str, str], dict[str, set[str]]]:
    """Names of scenarios by rule or test: each test turned by writing `not` before it."""
    decider = Decider(loaded, use_engine=False)
    own = {r.id: r for r in rules_of(loaded)}
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for one in scenarios:
        answer = decider.answer(one.scenario.case)
        for name, condition, values, context in sides(answer):
            rule = own[name]
            if rule.when != condition or gate(rule, answer.choices) is not True:
                continue
            now = holds(condition, values, context)
            note(found, (name, ""), now, one.scenario.name)
            for path, leaf in placed_leaves(condition):
                key = (name, ".".join(map(str, path)))
                note(found, key, holds(leaf, values, context), one.scenario.name)
                assert condition is not None
                if holds(leaf, values, context) is not None:
                    turned = holds(denied(condition, path), values, context)
                    if None not in (now, turned) and now is not turned:
                        found.setdefault(key, {}).setdefault("turned", set()).add(one.scenario.name)
    return found


def sides(answer: Answer) -> Iterator[tuple[str, Condition | None, Values, Context]]:
    view = evaluate(answer.program, answer.facts, answer.choices)
    judgment = view.judgment
    for rule in answer.program.rules.values():
        if rule.about_case:
            assert judgment.bare[rule.id] is holds(rule.when, judgment.values, judgment.context)
            yield rule.id, rule.when, judgment.values, judgment.context
        for item in view.items:
            if item.record.subject in rule.subject and not item.record.phantom:
                # what the view itself holds of the rule is what its condition comes to
                assert item.bare[rule.id] is holds(rule.when, item.values)
                yield rule.id, rule.when, item.values, Context()


def note(
    found: dict[tuple[str, str], dict[str, set[str]]],
    key: tuple[str, str], truth: bool | None, name: str,
) -> None:  # fmt: skip
    kind = {True: "true", False: "false"}.get(truth) if truth is not None else None
    if kind:
        found.setdefault(key, {}).setdefault(kind, set()).add(name)


def denied(condition: Condition, path: Steps) -> Condition:
    """The condition with `not` before the part at a path."""
    if not path:
        return Not(part=condition)
    if isinstance(condition, Not):
        return Not(part=denied(condition.part, path[1:]))
    assert isinstance(condition, (AllOf, AnyOf))
    parts = list(condition.parts)
    parts[int(path[1])] = denied(parts[int(path[1])], path[2:])
    return condition.model_copy(update={"parts": tuple(parts)})


def agree(coverage: Coverage, wanted: Mapping[tuple[str, str], Mapping[str, set[str]]]) -> int:
    """Hold what was measured against brute force; how many sets were not empty."""
    seen = 0
    for one in coverage.rules:
        expected = wanted.get((one.id, ""), {})
        assert set(one.held) == expected.get("true", set()), one.id
        assert set(one.failed) == expected.get("false", set()), one.id
        for test in one.tests:
            expected = wanted.get((one.id, ".".join(map(str, test.path))), {})
            for kind in ("true", "false", "turned"):
                assert set(getattr(test, kind)) == expected.get(kind, set()), (one.id, test.path)
                seen += bool(getattr(test, kind))
    return seen


def some_of_the_tiny_law(rng: Random) -> Placed:
    """A case of the tiny law at random, with the answer that it gets."""
    convictions = []
    for _ in range(rng.randrange(3)):
        item: Raw = {"offense": rng.choice(["PC 206", "PC 67", "PC 999"])}
        item |= {"jurisdiction": rng.choice(["california", "federal"])}
        if rng.random() < 0.8:
            item["grade"] = "felony" if item["offense"] == "PC 206" else rng.choice(
                ["felony", "misdemeanor"])  # fmt: skip
        if rng.random() < 0.8:
            item["date"] = rng.choice(["2009-12-31", "2010-01-01", "2014", "2016-01-01"])
        convictions.append(item)
    readings = {"way": rng.choice(["narrow", "wide"])}
    if rng.random() < 0.5:
        readings["undecided-way"] = rng.choice(["first", "second"])
    name = f"case {rng.random()}"
    day = rng.choice(["2017-01-01", "2019-01-01", "2020-02-01", "2022-01-01"])
    more = {"person": {"us_citizen": rng.random() < 0.3}, "readings": readings, "as_of": day}
    if rng.random() < 0.5:
        more["agency"] = {"county": "Smallest", "kind": rng.choice(["sheriff", "police"])}
    return placed(name, "permitted", convictions, **more)


def test_the_tiny_law_is_covered_as_brute_force_says(tmp_path: Path) -> None:
    rng, law = Random(7), tiny(tmp_path)
    decider = Decider(law, use_engine=False)
    cases = []
    for _ in range(200):
        one = some_of_the_tiny_law(rng)
        outcome = decider.answer(one.scenario.case).outcome
        expect = Expected.model_validate({"outcome": outcome})
        scenario = one.scenario.model_copy(update={"expect": expect})
        cases.append(Placed(scenario, one.file, one.line))
    found = measure(law, cases)
    assert not found.failed
    assert agree(found, brute(law, cases)) >= 25  # of 33 sets; the tests of its rules are eleven


def test_the_rules_are_covered_as_brute_force_says() -> None:
    cases = load_folders([data_folder("scenarios")])[::9]
    assert agree(measure(library(), cases), brute(library(), cases)) > 500


# ---------------------------------------------------------------- words


def test_the_pieces_of_a_rule_joined_are_the_words_of_the_rule() -> None:
    vocabulary = library().vocabulary
    for one in rules_of(library()):
        titles = {one.id: "T"}
        cut = pieces(vocabulary, one.subject[0], one.when, titles)
        assert "".join(p.text for p in cut) == describe(
            vocabulary, one.subject[0], one.when, titles
        )
        paths = [piece.path for piece in cut if piece.path is not None]
        assert paths == [path for path, _ in placed_leaves(one.when)]
        assert len(set(paths)) == len(paths)
        assert [leaf for _, leaf in placed_leaves(one.when)] == list(leaves(one.when))


def test_the_pieces_are_right_for_conditions_of_every_form() -> None:
    from models.policy import Term

    rng = Random(11)
    for _ in range(300):
        raw = when(rng, ["a-rule", "another"], ["a-route"])
        condition = Term.model_validate({"rule": "when", "when": raw}).when
        cut = pieces(library().vocabulary, "case", condition)
        assert "".join(p.text for p in cut) == describe(library().vocabulary, "case", condition)
        for path, leaf in placed_leaves(condition):
            node: Any = raw
            for step in path:
                node = node[step]
            assert leaf == Term.model_validate({"rule": "when", "when": node}).when


def test_a_condition_over_the_truths_of_its_leaves_is_the_condition_over_facts() -> None:
    from models.policy import Term

    rng, seen = Random(12), set[bool]()
    for _ in range(200):
        raw = {"any": [{"all": [{"found": n} for n in "ab"]}, {"not": {"found": "c"}}]}
        condition = Term.model_validate({"rule": "when", "when": raw}).when
        counts = {(n, False): rng.choice([(0, 0), (1, 1), (0, 1)]) for n in "abc"}
        context = Context(counts)
        truths = [holds(leaf, {}, context) for leaf in leaves(condition)]
        assert truth_under(condition, truths) is holds(condition, {}, context)
        seen.add(bool(turning(condition, truths)))
    assert seen == {True, False}


# ---------------------------------------------------------------- the law as it is


@cache
def watched() -> Watch:
    watch = Watch(library())
    for one in load_folders([data_folder("scenarios")]):
        watch.look(one)
    return watch


@cache
def covered(law: str | None = None) -> Coverage:
    seen = watched().seen
    read = len(seen.names) + seen.todo + len(seen.failed)
    return assemble(library(), seen, laws_asked(library(), law), law, read)


def test_every_rule_and_test_of_the_law_is_counted_once() -> None:
    found = covered()
    assert [r.id for r in found.rules] == [r.id for r in rules_of(library())]
    assert len({r.id for r in found.rules}) == len(found.rules)
    assert sum(len(r.tests) for r in found.rules) == sum(
        len(list(leaves(r.when))) for r in rules_of(library())
    )
    assert sum(len(t.tests) for t in found.terms) == sum(
        len(list(leaves(term.when)))
        for county in library().counties()
        for policy in county.policies
        for term in policy.actions.values()
    )


def test_the_totals_are_the_sums_of_the_laws_and_of_the_counties() -> None:
    whole = {count.what: count for count in covered().counts()}
    parts = [covered(law.name) for law in library().laws.values() if not law.includes]
    local = [r for r in covered().rules if r.home not in library().laws]
    for what in ("rules", "base rules", "reading options"):
        counts = [next(c for c in part.counts() if c.what == what).main for part in parts]
        done, of = (sum(numbers) for numbers in zip(*counts, strict=True))
        if what == "rules":
            done, of = done + sum(r.exercised for r in local), of + len(local)
        assert whole[what].main == (done, of)
    tests = [t for part in parts for t in part.tests()]
    tests += [t for r in local for t in r.tests] + [t for r in covered().terms for t in r.tests]
    tests = [test for test in tests if test.knowable]
    assert whole["tests"].main == (sum(t.both for t in tests), len(tests))
    state = next(law for law in library().laws.values() if law.includes)
    together = {r.id for name in state.includes for r in covered(name).rules}
    assert {r.id for r in covered(state.name).rules} == together


def test_the_days_looked_at_are_those_on_which_the_law_changes() -> None:
    included = {part for law in library().laws.values() for part in law.includes}
    for law in library().laws.values():
        days = {d.day for d in covered().dates if d.owner == law.name}
        if law.kind == "definitions" or law.name in included:
            assert not days
        elif law.extends is None:
            assert days == set(change_dates(library(), law.name))
        else:
            assert days <= set(change_dates(library(), law.name))
    for entry in covered().dates:
        assert set(entry.on) <= set(entry.after)
        assert set(entry.eve) <= set(entry.before)


def test_a_rule_decides_only_in_scenarios_that_it_was_seen_in_and_a_mark_never() -> None:
    for one in covered().rules:
        assert not one.decided or one.decides, one.id
    assert {r.id for r in covered().rules if r.decided}


def test_without_the_scenarios_of_a_rule_it_is_not_exercised_and_nothing_is_more() -> None:
    """Scenarios are taken out, and the numbers go down where they must and nowhere up."""
    cases = load_file(data_folder("scenarios") / "statute-registry.yaml")
    whole = measure(library(), cases)
    chosen = max((r for r in whole.rules if r.exercised), key=lambda r: (-len(r.held), r.id))
    left = [one for one in cases if one.scenario.name not in chosen.held]
    assert len(left) == len(cases) - len(chosen.held) < len(cases)
    less = measure(library(), left)
    assert not rule(less, chosen.id).exercised
    for before, after in zip(whole.counts(), less.counts(), strict=True):
        assert after.main.of == before.main.of
        assert after.main.done <= before.main.done
    assert less.counts()[0].main.done < whole.counts()[0].main.done


def test_a_law_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match=r"unknown law `stat`.*did you mean"):
        measure(library(), [], "stat")
