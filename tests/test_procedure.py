"""The order of a decision is matched by the engine itself: each test of each of its stages counts.

A law of nothing but effects, one fact each, is decided over its facts by both engines, with one
test of the procedure dropped at a time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.dropped import definition
from tests.plugin import ROOT
from values_act.decide import compare
from values_act.errors import EngineError, LawError
from values_act.library import Library
from values_act.program import Program, build
from values_act.readers import durable
from values_act.readers.reference import View, evaluate
from values_act.readers.rulesets import (
    CONDITION,
    Ruleset,
    Source,
    compile_program,
    compile_source,
    fnv32,
)
from values_act.records import Facts, Record
from values_act.vocabulary import Open

DAY = date(2025, 7, 17)
CASES = 100  # for each law
STAGES = ("keep", "ground", "free", "local", "ladder")
EFFECTS: Mapping[str, dict[str, Any]] = {  # a fact of the case, and what it brings about
    "excluded": {"excludes": ["transfer"]},
    "compelled": {"requires": ["transfer"]},
    "ordered": {"requires": ["transfer"], "notwithstanding": ["local"]},
    "opened": {"permits": ["transfer"], "route": "yielding"},
    "public": {"permits": ["transfer"], "route": "firm"},
    "closed": {"bars": ["yielding", "firm"]},
    "spared": {"duty": "request", "notwithstanding": ["r-closed"]},
    "lifted": {"duty": "request", "notwithstanding": ["yielding", "r-compelled"]},
}
ITEM_EFFECTS: Mapping[str, dict[str, Any]] = {  # a fact of a warrant, likewise
    "named": {"permits": ["transfer"], "route": "yielding"},
    "void": {"bars": ["yielding"], "scope": "item"},
}
SOURCE = {"title": "made for a test"}


def entry(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "cite": key, "title": key, "text": key, "source": SOURCE, **more}


def yes_no(name: str, subject: str) -> dict[str, Any]:
    return {"name": name, "subject": subject, "type": "yes_no", "label": name}


def rule(fact: str, subject: str, effect: Mapping[str, Any]) -> dict[str, Any]:
    return entry(f"r-{fact}", subject=subject, when={fact: True}, **effect)


def write(folder: Path, base: dict[str, Any] | None, term: Any) -> Library:
    """A rules folder of these effects, with one base rule and one policy."""
    facts = [yes_no(name, "case") for name in (*EFFECTS, "suits")]
    facts += [yes_no(name, "warrant") for name in ITEM_EFFECTS]
    kinds = {"name": "agency.kind", "subject": "case", "type": "word", "label": "the agency",
             "words": {"sheriff": "a sheriff"}}  # fmt: skip
    files: dict[str, Any] = {
        "facts.yaml": {"facts": [kinds, *facts], "actions": {"transfer": "hand over"}},
        "laws/made.yaml": {
            "name": "made", "title": "made for a test", "source": SOURCE,
            "routes": [
                {"name": "yielding", "title": "y", "cite": "y", "yields_to_local": True},
                {"name": "firm", "title": "f", "cite": "f", "yields_to_local": False},
            ],
            "base": [entry("base", actions=["transfer"], **base)] if base else [],
            "rules": [rule(name, "case", effect) for name, effect in EFFECTS.items()]
            + [rule(name, "warrant", effect) for name, effect in ITEM_EFFECTS.items()],
        },
        "counties/made.yaml": {
            "county": "Made",
            "policies": [{
                "id": "policy", "title": "p", "cite": "p", "authority": "sheriff",
                "binds": ["sheriff"], "actions": {"transfer": term}, "source": SOURCE,
            }],
        },
    }  # fmt: skip
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), encoding="utf-8")
    return Library(folder)


BASES: tuple[dict[str, Any] | None, ...] = (
    {"outcome": "prohibited"},
    {"outcome": "permitted", "route": "yielding"},
    {"outcome": "permitted", "route": "firm"},
    {"outcome": "not_regulated"},
    None,
)
ASKED = "the stage is submitted only for what holds or may hold"
DOUBTED = "the stage is submitted only where something is in doubt, so nothing surely holds there"
SAME = "the outcome is the same whether this test admits the case or the rule above it fires"
ALWAYS = "a base rule that prohibits stands whatever local policy is, so `fixed` is always yes"
# Tests of the procedure that the rest of it makes true already: (rule, place of the test) -> why.
IMPLIED: Mapping[tuple[str, int], str] = {
    ("keep.sure", 1): DOUBTED,
    ("ground.sure", 1): DOUBTED,
    ("local.sure", 1): DOUBTED,
    ("keep.possible", 1): ASKED,
    ("ground.possible", 1): ASKED,
    ("local.possible", 1): ASKED,
    ("keep.possible", 3): "an item may hold whether it is on record or only possible",
    ("ladder.fixed.permitted", 3): SAME,
    ("ladder.free.permitted", 3): SAME,
    ("ladder.free.permitted", 5): SAME,
    ("ladder.fixed.not_regulated", 1): SAME,
    ("ladder.free.not_regulated", 1): SAME,
    ("ladder.free.not_regulated", 5): SAME,
    ("ladder.closed", 2): "what is surely required takes local policy away, so it closes nothing",
    ("ladder.fixed.prohibited", 5): ALWAYS,
    **{("ladder.free.prohibited", place): ALWAYS for place in (1, 2, 3, 5, 6)},
}
TERMS: tuple[Any, ...] = ({"when": {"suits": True}}, "closed", {"unpublished": "part"})


@dataclass(frozen=True, slots=True)
class Scene:
    program: Program
    facts: Facts
    view: View


def value(rng: random.Random, unknown: float) -> bool | Open:
    return Open((True, False)) if rng.random() < unknown else rng.random() < 0.4


def scenes(program: Program, seed: int) -> Iterator[Scene]:
    """Cases at random, half of them known in full."""
    rng = random.Random(seed)
    for number in range(CASES):
        unknown = 0.0 if number % 2 else 0.35
        case = Record("case", 0, {n: value(rng, unknown) for n in (*EFFECTS, "suits")})
        items = [
            Record("warrant", index, {n: value(rng, unknown) for n in ITEM_EFFECTS},
                   phantom=rng.random() < 0.3)
            for index in range(rng.choice((0, 0, 1, 2)))
        ]  # fmt: skip
        facts = Facts(DAY, case, items)
        yield Scene(program, facts, evaluate(program, facts, {}))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Scene]:
    """Cases at random under each base rule and each policy."""
    every: list[Scene] = []
    for number, (base, term) in enumerate((b, t) for t in TERMS for b in BASES):
        library = write(tmp_path_factory.mktemp("rules"), base, term)
        program = build(library, "made", DAY, "transfer", library.county("Made"), "sheriff")
        every += scenes(program, number)
    return every


class Spoiled:
    """Stands in for `compile_source`: one test of one rule of the procedure is dropped."""

    def __init__(self, name: str, index: int) -> None:
        self.name = name
        self.index = index

    def __call__(self, source: Source, name: str, action: Any) -> Ruleset:
        compiled = compile_source(source, name, action)
        if self.name not in compiled.definition:
            return compiled
        body = compiled.definition[self.name]
        parts = body["all"][0]["m"]["$and"]
        left = [part for index, part in enumerate(parts) if index != self.index]
        body["all"] = [{"m": {"$and": left} if len(left) > 1 else left[0]}]
        return compiled


def procedure() -> list[tuple[str, int, str]]:
    """Every test of the stages that are the same for every law."""
    program = build(Library(ROOT / "rules"), "state", DAY, "hold")
    every = []
    for name, body in definition(compile_program(program, "x", lambda key: key)).items():
        parts = body["all"][0]["m"].get("$and", [])
        if parts and parts[0]["s"] in STAGES and body["run"] != CONDITION:
            every += [(name, index, str(parts[index])) for index in range(1, len(parts))]
    return every


def disagreement(engine: durable.Engine, scene: Scene) -> str | None:
    try:
        compare(scene.program, scene.view, engine.decide(scene.program, scene.facts, {}))
    except EngineError as error:
        return str(error)
    return None


def test_the_engines_agree_on_a_law_of_nothing_but_effects(found: list[Scene]) -> None:
    engine = durable.Engine()
    outcomes = set()
    for scene in found:
        assert disagreement(engine, scene) is None
        outcomes.add(tuple(sorted(scene.view.judgment.outcomes)))
    assert {("permitted",), ("prohibited",), ("required",), ("not_regulated",)} <= outcomes
    assert ("not_regulated", "permitted", "prohibited", "required") in outcomes


@pytest.mark.parametrize(("name", "index", "check"), procedure())
def test_dropping_any_test_of_the_procedure_makes_the_engines_disagree(
    found: list[Scene], name: str, index: int, check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "compile_source", Spoiled(name, index))
    engine = durable.Engine()
    shown = any(disagreement(engine, scene) for scene in found)
    assert shown is ((name, index) not in IMPLIED), f"{check} of {name}"


def test_two_facts_whose_names_truly_hash_alike_are_refused(tmp_path: Path) -> None:
    one, other = "listed_sealed_listed_tried", "closed_public_open_moved"
    assert fnv32(one) == fnv32(other)
    write(tmp_path, {"outcome": "prohibited"}, "open")
    for path in (tmp_path / "facts.yaml", tmp_path / "laws" / "made.yaml"):
        text = path.read_text(encoding="utf-8")
        text = text.replace('"excluded"', f'"{one}"').replace('"compelled"', f'"{other}"')
        path.write_text(text, encoding="utf-8")
    program = build(Library(tmp_path), "made", DAY, "transfer")
    with pytest.raises(LawError, match="hash alike; rename one fact") as refused:
        compile_program(program, "x", lambda key: key)
    assert {f"`{one}`", f"`{other}`"} <= set(str(refused.value).split())
