"""What durable_rules decides is truly its own, and whatever goes wrong in it is seen.

One test is dropped from one compiled rule at a time; comparing the engines must name the rule.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import pytest

from models.case import InmateCase
from models.law import AllOf, AnyOf, Expect, Rule, Test
from tests.dropped import Bench, Swept, no_bound
from tests.plugin import ROOT
from tests.witness import Search
from values_act.decide import REFERENCE, Decider
from values_act.errors import EngineError, LawError
from values_act.library import Library
from values_act.program import Program, build
from values_act.readers import durable, reference, rulesets
from values_act.readers.literals import field_of
from values_act.records import Facts

DAY = date(2025, 7, 17)
ACTIONS = ("transfer", "notify_release", "hold", "inmate_list")
COUNTIES = ("Los Angeles", "Orange", "San Francisco")

# Tests that the rest of their rule, or of the law, makes true already; the open end of a range,
# which every number is inside, is left out before.
SAME_WORD = "the same alternative wants this fact to be `dismissed_1203_4`, which is another word"
FELONIES = "a serious or violent felony is a felony, and nothing is a felony and a misdemeanor"
NEVER_SURE = "beside a part that nobody published, which is never known, so this never surely holds"
IMPLIED: Mapping[tuple[str, str], str] = {
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'vacated'}}"): SAME_WORD,
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'juvenile'}}"): SAME_WORD,
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'diversion'}}"): SAME_WORD,
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'unknown'}}"): SAME_WORD,
    ("article-lower", "{'serious_felony': 'no'}"): FELONIES,
    ("article-lower", "{'violent_felony': 'no'}"): FELONIES,
    ("sf-2016-06-board on notify_release",
     "{'$gte': {'n__san_francisco_held_to_answer__items_lo': 1}}"): NEVER_SURE,
    ("sf-2016-06-board on notify_release",
     "{'$gte': {'n__san_francisco_serious_5__items_lo': 1}}"): NEVER_SURE,
}  # fmt: skip
IMPLIED_COUNT = 8
# Tests that only facts show which no case may have: what is reduced later was a felony.
IMPOSSIBLE_ONLY = {
    ("pc-667d1-reduced-later", "{'grade': 'felony'}"),
    ("pc-667d1-redesignated", "{'grade': 'felony'}"),
    ("pc-17b-later", "{'grade': 'felony'}"),
    ("pc-1170-18-misdemeanor", "{'grade': 'felony'}"),
}


@lru_cache(maxsize=1)
def library() -> Library:
    return Library(ROOT / "rules")


@lru_cache(maxsize=1)
def decider() -> Decider:
    return Decider(library())


def anew() -> tuple[Decider, durable.Engine]:
    fresh = Decider(library())
    assert fresh._engine is not None
    return fresh, fresh._engine


def program(law: str, action: str, county: str | None = None) -> Program:
    found = library().county(county) if county else None
    return build(library(), law, DAY, action, found, "sheriff" if county else None)


def places() -> list[tuple[str, str, str | None]]:
    return [(law, action, None) for law in ("state", "article") for action in ACTIONS] + [
        ("state", action, county) for county in COUNTIES for action in ACTIONS
    ]


def case(**more: Any) -> InmateCase:
    raw = {
        "as_of": "2025-07-17",
        "action": "transfer",
        "agency": {"kind": "sheriff", "county": "Orange"},
        "convictions": [{"offense": "PC 211", "grade": "felony", "date": "2020-05-01"}],
    }
    return InmateCase.model_validate(raw | more)


@lru_cache(maxsize=1)
def swept() -> Swept:
    patch = pytest.MonkeyPatch()
    result = Swept()
    try:
        for place in places():
            bench = Bench(program(*place), DAY)
            patch.setattr(durable, "compile_program", bench.plant)
            result.add(bench)
    finally:
        patch.undo()
    return result


# ---------------------------------------------------------------- each test counts
def test_dropping_any_test_of_any_rule_makes_the_engines_disagree_on_that_rule() -> None:
    counts, unseen = swept().counts, swept().unseen
    assert {(rule, check) for rule, check, _ in unseen} == set(IMPLIED)
    assert len(unseen) == len(IMPLIED) == IMPLIED_COUNT, unseen
    assert counts["shown"] > 600, counts
    assert counts["always"] == 0, "a rule without a condition must be listed"


def test_tests_that_only_an_impossible_case_shows_are_the_listed_ones() -> None:
    assert set(swept().impossible) == IMPOSSIBLE_ONLY


def test_every_rule_of_every_program_has_a_test_that_was_shown() -> None:
    hidden = {(rule, check) for rule, check, _ in swept().unseen}
    for place in places():
        bench = Bench(program(*place), DAY)
        seen = {
            entry.rule
            for entry in bench.entries
            if entry.sure
            and any(not no_bound(c) and (entry.rule, str(c)) not in hidden for c in entry.checks)
        }
        assert set(bench.program.rules) <= seen


# ---------------------------------------------------------------- errors are seen
def test_an_error_planted_in_an_action_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, engine = anew()

    class Full(list):  # type: ignore[type-arg]
        def append(self, item: object) -> None:
            raise RuntimeError("planted")

    monkeypatch.setattr(engine, "_fired", Full())
    with pytest.raises(EngineError, match="planted"):
        fresh.decide(case())


def test_an_error_the_engine_itself_reports_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, engine = anew()
    monkeypatch.setattr(engine._host, "assert_fact", lambda name, fact: {"exception": "planted"})
    with pytest.raises(EngineError, match="planted"):
        fresh.decide(case())


def test_a_stage_on_which_nothing_fires_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, engine = anew()
    monkeypatch.setattr(engine._host, "assert_fact", lambda name, fact: None)
    with pytest.raises(EngineError, match="fired nothing on stage"):
        fresh.decide(case())


def test_after_an_error_the_same_decider_decides_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, engine = anew()
    before = fresh.decide(case())
    with monkeypatch.context() as patch:
        patch.setattr(engine._host, "assert_fact", lambda name, fact: {"exception": "planted"})
        with pytest.raises(EngineError):
            fresh.decide(case())
    assert fresh.decide(case()) == before


def test_a_reference_that_holds_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "holds", lambda *args: True)
    with pytest.raises(EngineError, match="the engines disagree on rule"):
        decider().decide(case())


def test_a_reference_that_ignores_readings_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "gate", lambda rule, readings: True)
    with pytest.raises(EngineError, match="the engines disagree on rule"):
        decider().decide(case(convictions=[{"disposition": "reduced_later", "grade": "felony"}]))


def test_a_durable_rule_with_one_test_turned_round_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def turned(*args: Any) -> rulesets.Compiled:
        compiled = rulesets.compile_program(*args)
        for body in compiled.definition.values():
            for part in body["all"][0]["m"].get("$and", []):
                if part == {"serious_felony": "yes"}:
                    part["serious_felony"] = "no"
        return compiled

    monkeypatch.setattr(durable, "compile_program", turned)
    with pytest.raises(EngineError, match=r"disagree on rule `.*durable_rules"):
        Decider(library()).decide(case())


def test_without_durable_rules_the_reference_decides_alone_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = decider().decide(case())
    monkeypatch.setattr(durable, "WHY_MISSING", "not built")
    alone = Decider(library()).decide(case())
    assert both.decided_by == (durable.NAME, REFERENCE)
    assert alone.decided_by == (REFERENCE,)
    assert alone.model_copy(update={"decided_by": both.decided_by}).outcome == both.outcome
    with pytest.raises(EngineError, match="not usable here: not built"):
        durable.Engine()


# ---------------------------------------------------------------- nothing is left behind
def test_deciding_starts_no_thread() -> None:
    fresh = Decider(library())
    before = set(threading.enumerate())
    for action in ACTIONS:
        fresh.decide(case(action=action))
    assert set(threading.enumerate()) == before


def test_every_session_that_was_opened_is_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, engine = anew()
    opened: set[tuple[str, str]] = set()
    deleted: list[tuple[str, str]] = []
    submit, forget = engine.submit, engine.forget

    def note(name: str, fact: dict[str, Any]) -> list[str]:
        opened.add((name, fact["sid"]))
        return submit(name, fact)

    def drop(name: str, sid: str) -> None:
        deleted.append((name, sid))
        forget(name, sid)

    monkeypatch.setattr(engine, "submit", note)
    monkeypatch.setattr(engine, "forget", drop)
    for action in ACTIONS:
        fresh.decide(case(action=action))
    assert len(opened) == len(ACTIONS)
    assert sorted(opened) == sorted(deleted)


def test_a_session_is_deleted_even_if_the_case_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, engine = anew()
    deleted: list[str] = []
    submit, forget = engine.submit, engine.forget
    seen: list[str] = []

    def third(name: str, fact: dict[str, Any]) -> list[str]:
        seen.append(name)
        if len(seen) == 3:
            raise EngineError("planted")
        return submit(name, fact)

    def drop(name: str, sid: str) -> None:
        deleted.append(sid)
        forget(name, sid)

    monkeypatch.setattr(engine, "submit", third)
    monkeypatch.setattr(engine, "forget", drop)
    with pytest.raises(EngineError, match="planted"):
        fresh.decide(case())
    assert len(deleted) == 1


def test_the_oldest_ruleset_is_freed_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "MAX_RULESETS", 2)
    fresh, engine = anew()
    first = fresh.decide(case())
    for action in ACTIONS[1:]:
        fresh.decide(case(action=action))
    assert len(engine._compiled) == len(engine._host._ruleset_directory) == 2
    assert fresh.decide(case()) == first


# ---------------------------------------------------------------- limits
def small(*rules: Rule) -> Program:
    base = program("state", "transfer")
    effects = dict.fromkeys(base.effects, ()) | {"conviction": rules}
    return replace(
        base, definitions=dict.fromkeys(base.definitions, ()), effects=effects, late=(),
        rules={rule.id: rule for rule in rules}, weighed=rules,
    )  # fmt: skip


def rule_with(condition: Any, name: str = "planted") -> Rule:
    return next(iter(program("state", "transfer").rules.values())).model_copy(
        update={"id": name, "subject": ("conviction",), "when": condition, "defines": None,
                "marks": True, "reading": {}}
    )  # fmt: skip


def yes(fact: str) -> Test:
    return Test(fact=fact, expect=Expect(values=(True,)))


def test_fields_that_hash_alike_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulesets, "fnv32", len)
    with pytest.raises(LawError, match="hash alike; rename one fact"):
        rulesets.compile_program(program("state", "transfer"), "x", lambda key: None)


def test_the_hash_is_fnv_1a() -> None:
    assert rulesets.fnv32("") == 0x811C9DC5
    assert rulesets.fnv32("a") == 0xE40C292C
    assert rulesets.fnv32("foobar") == 0xBF9CF968


def test_too_many_alternatives_are_refused() -> None:
    pair = AnyOf(parts=(yes("attempt"), yes("conspiracy")))
    six = rule_with(AllOf(parts=(pair,) * 6))
    assert rulesets.compile_program(small(six), "x", lambda key: None)
    with pytest.raises(LawError, match="more than 64 alternatives; split it into rules"):
        rulesets.compile_program(small(rule_with(AllOf(parts=(pair,) * 7))), "x", lambda key: None)


def test_too_many_fields_are_refused() -> None:
    rules = [rule_with(yes("attempt"), f"planted-{index}") for index in range(200)]
    assert rulesets.compile_program(small(*rules[:199]), "x", lambda key: None)
    with pytest.raises(LawError, match="tests more than 200 fields; split the rules"):
        rulesets.compile_program(small(*rules), "x", lambda key: None)


# ---------------------------------------------------------------- two engines apart
def loaded(module: str) -> set[str]:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_engine_loads_nothing_of_the_reference() -> None:
    assert not loaded("values_act.readers.durable") & {
        "values_act.readers.reference", "values_act.kleene", "values_act.decide",
    }  # fmt: skip


def test_the_reference_loads_nothing_of_the_engine() -> None:
    found = loaded("values_act.readers.reference")
    assert not {name for name in found if name.startswith("durable")}
    assert not found & {f"values_act.readers.{n}" for n in ("durable", "rulesets", "literals")}


# ---------------------------------------------------------------- no conclusion before its time
def submitted(law: str, action: str) -> tuple[Program, durable.Engine, list[dict[str, Any]]]:
    found = program(law, action)
    engine = durable.Engine()
    facts: list[dict[str, Any]] = []
    submit = engine.submit

    def note(name: str, fact: dict[str, Any]) -> list[str]:
        facts.append(fact)
        return submit(name, fact)

    engine.submit = note  # type: ignore[method-assign]
    search = Search(found, DAY)
    items = [search.blank(subject, 1) for subject in found.effects if subject != "case"]
    engine.decide(found, Facts(DAY, search.blank("case"), items), search.choices({}))
    return found, engine, facts


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("law", ["state", "article"])
def test_a_defined_fact_is_submitted_only_after_the_level_that_defines_it(
    law: str, action: str
) -> None:
    found, engine, facts = submitted(law, action)
    for subject, levels in engine.compiled(found).levels.items():
        settled: set[str] = set()
        names = {rule.defines or "" for rule in found.definitions[subject]}
        for level in levels:
            stages = {*level.sure, *level.possible}
            mine = [fact for fact in facts if fact["s"] in stages]
            assert mine
            early = {field_of(name) for name in names - settled}
            assert not [early & set(fact) for fact in mine if early & set(fact)]
            settled |= {
                name
                for name in names - settled
                if all(rule.id in level.rules for rule in found.definers[subject, name])
            }
        assert settled == names
