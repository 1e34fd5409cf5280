"""What durable_rules decides is truly its own, and whatever goes wrong in it is seen.

That each test of each rule counts is shown in `test_durable_swept`.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from models.case import InmateCase
from models.law import AllOf, AnyOf, Expect, Rule, Test
from tests.plugin import ROOT
from tests.scenes import decider, library
from tests.witness import Search
from values_act.decide import REFERENCE, Decider
from values_act.errors import EngineError, LawError
from values_act.program import Program, build
from values_act.readers import durable, reference, rulesets
from values_act.readers.literals import field_of
from values_act.records import Facts

DAY = date(2025, 7, 17)
ACTIONS = ("transfer", "notify_release", "hold", "inmate_list")


def anew() -> tuple[Decider, durable.Engine]:
    fresh = Decider(library())
    assert fresh._engine is not None
    return fresh, fresh._engine


@cache
def program(law: str, action: str) -> Program:
    return build(library(), law, DAY, action)


def case(**more: Any) -> InmateCase:
    raw = {
        "as_of": "2025-07-17",
        "action": "transfer",
        "agency": {"kind": "sheriff", "county": "Orange"},
        "convictions": [{"offense": "PC 211", "grade": "felony", "date": "2020-05-01"}],
    }
    return InmateCase.model_validate(raw | more)


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
    def turned(*args: Any) -> rulesets.Ruleset:
        compiled = rulesets.compile_source(*args)
        for body in compiled.definition.values():
            for part in body["all"][0]["m"].get("$and", []):
                if part == {"serious_felony": "yes"}:
                    part["serious_felony"] = "no"
        return compiled

    monkeypatch.setattr(durable, "compile_source", turned)
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
    assert len({sid for _, sid in opened}) == len(ACTIONS)
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
        deleted.append(name)
        forget(name, sid)

    monkeypatch.setattr(engine, "submit", third)
    monkeypatch.setattr(engine, "forget", drop)
    with pytest.raises(EngineError, match="planted"):
        fresh.decide(case())
    assert sorted(deleted) == sorted(set(seen[:2]))


def registered(engine: durable.Engine) -> set[str]:
    """Names of the rulesets of the programs that an engine keeps."""
    kept = [compiled for _, compiled in engine._compiled.values()]
    return {ruleset.name for compiled in kept for ruleset in compiled.rulesets}


def test_the_oldest_rulesets_are_freed_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "MAX_PROGRAMS", 2)
    fresh, engine = anew()
    first = fresh.decide(case())
    for action in ACTIONS[1:]:
        fresh.decide(case(action=action))
    assert len(engine._compiled) == 2
    assert engine._host.names == registered(engine)
    assert fresh.decide(case()) == first


def test_counties_share_what_the_rules_of_state_law_compile_to() -> None:
    fresh, engine = anew()
    places = ("Orange", "Los Angeles", "San Francisco", "Alameda")
    for county in places:
        fresh.decide(case(agency={"kind": "sheriff", "county": county}))
    assert len(engine._compiled) == len(places)
    each = [compiled.rulesets for _, compiled in engine._compiled.values()]
    assert len(engine._host.names) < sum(map(len, each))
    procedures = {compiled.procedure for _, compiled in engine._compiled.values()}
    assert len(procedures) == 1


def test_a_ruleset_is_kept_for_as_long_as_some_program_has_it() -> None:
    fresh, engine = anew()
    for county in ("Orange", "Los Angeles"):
        fresh.decide(case(agency={"kind": "sheriff", "county": county}))
    before = fresh.decide(case())
    engine._compiled.popitem(last=False)
    assert engine._host.names == registered(engine)
    assert fresh.decide(case()) == before
    engine._compiled.clear()
    assert engine._host.names == set()


def test_an_engine_takes_its_rulesets_along_without_waiting_to_be_collected() -> None:
    fresh, engine = anew()
    fresh.decide(case())
    host = engine._host
    assert host.names
    gc.disable()
    try:
        del fresh, engine
        assert host.names == set()
    finally:
        gc.enable()


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
