"""Mutants before scenarios: the quick way to a verdict agrees with deciding every scenario anew."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from models.case import InmateCase
from tests.scenes import library
from tests.test_cli import run as command
from values_act.bench import Bench, bench
from values_act.data import data_folder
from values_act.decide import Decider
from values_act.errors import LawError
from values_act.library import Library
from values_act.mutants import Mutant, mutants_of
from values_act.mutate import Equivalent, Verdict, Witness, judged, mutate
from values_act.mutate_text import percent, tallies, together
from values_act.scenarios import Placed, load_folders, run
from values_act.variant import Variant

SOURCE = {"title": "made for a test"}
KINDS = ("sheriff", "police_department")
FACTS: dict[str, Any] = {
    "facts": [
        {"name": "agency.kind", "subject": "case", "type": "word", "label": "the agency",
         "words": {kind: kind for kind in KINDS},
         "presumed": {"value": "sheriff", "because": "most are"}},
        {"name": "person.us_citizen", "subject": "case", "type": "yes_no", "label": "citizenship",
         "presumed": {"value": False, "because": "most are not"}},
        {"name": "person.in_custody", "subject": "case", "type": "yes_no", "label": "custody"},
        {"name": "grade", "subject": "conviction", "type": "word", "label": "the grade",
         "words": {"felony": "f", "misdemeanor": "m", "infraction": "i"}},
        {"name": "counts", "subject": "conviction", "type": "yes_no", "label": "it counts",
         "origin": "defined"},
    ],
    "actions": {"transfer": "hand over", "hold": "keep"},
}  # fmt: skip


def entry(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "cite": "cite", "title": name, "text": name, "source": SOURCE, **fields}


LAW: dict[str, Any] = {
    "name": "state", "title": "made", "source": SOURCE,
    "routes": [{"name": "open", "title": "o", "cite": "o", "yields_to_local": True},
               {"name": "other", "title": "o", "cite": "o", "yields_to_local": False}],
    "readings": [{"id": "point", "question": "q?", "cite": "c", "default": "strict", "why": "w",
                  "options": {"strict": {"says": "s"}, "wide": {"says": "w"}}}],
    "base": [entry("base", actions=["transfer", "hold"], outcome="prohibited")],
    "rules": [
        entry("counts-1", subject="conviction", defines="counts",
              when={"all": [{"grade": ["felony", "misdemeanor"]},
                            {"not": {"grade": "infraction"}}]}),
        entry("felony", subject="conviction", permits=["transfer"], route="open",
              when={"all": [{"grade": "felony"}, {"counts": True}]}),
        entry("misdemeanor", subject="conviction", permits=["transfer"], route="open",
              when={"grade": "misdemeanor"}, reading={"point": "wide"}),
        entry("citizen", subject="case", bars=["open"], when={"person.us_citizen": True}),
        entry("two", subject="case", requires=["hold"], effective="2020-01-01",
              when={"all": [{"found": {"rule": "felony", "at_least": 2}},
                            {"person.in_custody": True}]}),
    ],
}  # fmt: skip
COUNTY: dict[str, Any] = {
    "county": "Made",
    "policies": [{
        "id": "policy", "title": "p", "cite": "p", "authority": "sheriff", "binds": ["sheriff"],
        "effective": "2019", "actions": {"transfer": "closed"}, "source": SOURCE,
    }],
}  # fmt: skip


def scenario(name: str, outcome: str, grades: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """A scenario of convictions of some grades; `case` and `expect` add to those."""
    case = {"title": name, "as_of": "2025-01-01", "action": "transfer",
            "convictions": [{"grade": grade} for grade in grades]}  # fmt: skip
    expect = {"outcome": outcome, **more.get("expect", {})}
    return {"name": name, "why": "w", "source": "s", "case": case | more.get("case", {}),
            "expect": expect}  # fmt: skip


CITIZEN = scenario("citizen", "prohibited", ["felony"], case={"person": {"us_citizen": True}})
SCENARIOS = [
    scenario("felony", "permitted", ["felony"], expect={"rule": "felony", "contested": []}),
    scenario("misdemeanor", "prohibited", ["misdemeanor"], expect={"contested": ["point"]}),
    scenario("infraction", "prohibited", ["infraction"], expect={"rule": "base"}),
    scenario("unknown", "undetermined", ["unknown"], expect={"missing": ["grade"]}),
    scenario("closed", "prohibited", ["felony"],
             case={"agency": {"kind": "sheriff", "county": "Made"}},
             expect={"policies": ["policy"]}),
    scenario("held", "required", ["felony", "felony"],
             case={"action": "hold", "person": {"in_custody": True}}),
    scenario("first day", "required", ["felony", "felony"],
             case={"action": "hold", "as_of": "2020-01-01", "person": {"in_custody": True}}),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a small law, and scenarios beside it."""
    rules = tmp_path / "rules"
    bodies = {"facts.yaml": FACTS, "laws/state.yaml": LAW, "counties/made.yaml": COUNTY}
    for name, body in bodies.items():
        path = rules / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body), encoding="utf-8")
    shutil.copytree(library().root / "offenses", rules / "offenses")
    written(tmp_path, SCENARIOS)
    return tmp_path


def written(folder: Path, scenarios: list[dict[str, Any]]) -> Path:
    path = folder / "scenarios.yaml"
    path.write_text(json.dumps(scenarios), encoding="utf-8")
    return path


def made(folder: Path) -> tuple[Library, list[Placed]]:
    return Library(folder / "rules"), load_folders([folder / "scenarios.yaml"])


def killer_anew(loaded: Library, mutant: Mutant, placed: Iterable[Placed]) -> str | None:
    """The first scenario that fails when each is decided under the whole changed law."""
    decider = Decider(Variant(loaded, mutant), use_engine=False)
    return next((one.scenario.name for one in placed if run(one, decider).state == "failed"), None)


def agrees(ready: Bench, placed: list[Placed], verdict: Verdict) -> bool:
    """Whether a verdict is that of deciding every scenario anew."""
    mutant = verdict.mutant
    if verdict.state == "refused":
        with pytest.raises(LawError):
            Variant(ready.library, mutant).check()
        return True
    if verdict.state == "killed":
        own = [one for one in placed if one.scenario.name == verdict.by]
        return killer_anew(ready.library, mutant, own) is not None
    return killer_anew(ready.library, mutant, placed) is None


def test_every_mutant_of_a_small_law_is_judged_as_if_all_were_decided_anew(folder: Path) -> None:
    loaded, placed = made(folder)
    ready = bench(loaded, placed)
    assert not ready.failing
    assert len(ready.standings) == len(SCENARIOS)
    verdicts = [judged(ready, mutant) for mutant in mutants_of(loaded).found]
    assert [v.mutant.id for v in verdicts if not agrees(ready, placed, v)] == []
    assert {"killed", "survived", "refused"} <= {verdict.state for verdict in verdicts}


def test_a_sample_of_mutants_of_the_law_is_judged_as_if_all_were_decided_anew() -> None:
    """Of each kind of change one, before a few scenarios that their rules have a part in."""
    rng = random.Random(1)
    placed = rng.sample(load_folders([data_folder("scenarios")]), 6)
    ready = bench(library(), placed)
    kinds: dict[str, list[Mutant]] = {}
    for mutant in mutants_of(library()).found:
        kinds.setdefault(mutant.kind, []).append(mutant)
    read = {name for one in ready.standings for name in (*one.program.rules, *one.program.readings)}
    read |= {item.policy.id for one in ready.standings for item in one.program.local}
    for found in kinds.values():
        found.sort(key=lambda mutant: (mutant.owner not in read, rng.random()))
    verdicts = [judged(ready, mutant) for found in kinds.values() for mutant in found[:1]]
    assert [v.mutant.id for v in verdicts if not agrees(ready, placed, v)] == []
    assert {"killed", "survived"} <= {verdict.state for verdict in verdicts}


def test_a_rule_that_no_scenario_tries_survives_until_one_does(folder: Path) -> None:
    loaded, placed = made(folder)
    gone = next(m for m in mutants_of(loaded).found if m.owner == "citizen" and not m.changed)
    assert judged(bench(loaded, placed), gone).state == "survived"
    more = load_folders([written(folder, [*SCENARIOS, CITIZEN])])
    verdict = judged(bench(loaded, more), gone)
    assert (verdict.state, verdict.by) == ("killed", "citizen")


def test_one_that_fails_already_and_one_to_do_kill_nothing(folder: Path) -> None:
    wrong = CITIZEN | {"expect": {"outcome": "permitted"}}
    todo = CITIZEN | {"name": "to do", "expect": None}
    loaded, placed = made(folder)[0], load_folders([written(folder, [*SCENARIOS, wrong, todo])])
    ready = bench(loaded, placed)
    assert [result.placed.scenario.name for result in ready.failing] == ["citizen"]
    assert ready.todo == 1
    gone = next(m for m in mutants_of(loaded).found if m.owner == "citizen" and not m.changed)
    assert judged(ready, gone).state == "survived"


def test_a_judge_is_asked_of_survivors_alone_and_what_it_proves_is_kept(folder: Path) -> None:
    loaded, placed = made(folder)
    ready, mutants = bench(loaded, placed), mutants_of(loaded).found
    plain = mutate(ready, mutants)
    survivors = [v.mutant.id for v in plain if v.state == "survived"]
    asked: list[str] = []
    case = InmateCase.model_validate(CITIZEN["case"])

    def judge(mutant: Mutant) -> Equivalent | Witness:
        asked.append(mutant.id)
        if len(asked) % 2:
            return Equivalent("every case is answered alike")
        return Witness(case, "prohibited", "permitted")

    told = mutate(ready, mutants, judge=judge)
    assert asked == survivors
    proved = {v.mutant.id: v.state for v in told if v.mutant.id in survivors}
    assert [proved[name] for name in survivors[:2]] == ["equivalent", "survived"]
    assert all(v.proof is None for v in told if v.state in ("killed", "refused"))
    total, before = (together(tallies(v).values()) for v in (told, plain))
    assert total.killed == before.killed
    assert total.equivalent == (len(survivors) + 1) // 2
    assert total.equivalent + total.survived == before.survived


def test_two_processes_come_to_what_one_does_in_the_same_order(folder: Path) -> None:
    loaded, placed = made(folder)
    ready, mutants = bench(loaded, placed), mutants_of(loaded).found
    done: list[tuple[int, int]] = []
    two = mutate(ready, mutants, processes=2, progress=lambda n, of: done.append((n, of)))
    assert two == mutate(ready, mutants)
    assert [verdict.mutant.id for verdict in two] == [mutant.id for mutant in mutants]
    assert done[-1] == (len(mutants), len(mutants))
    assert done == sorted(done)


# ---------------------------------------------------------------- the command


def asked(folder: Path, *options: str) -> Any:
    return command("scenarios", "mutate", folder / "scenarios.yaml", "--rules", folder / "rules",
                   "--jobs", "1", *options)  # fmt: skip


def test_the_command_counts_by_law_and_county_and_names_each_survivor(folder: Path) -> None:
    ran = asked(folder)
    assert ran.code == 3
    lines = [line.split("\t") for line in ran.out.splitlines() if "\t" in line]
    assert lines[0] == ["law or county", "mutants", "killed", "equivalent", "survived", "score"]
    assert [line[0] for line in lines[1:]] == ["state", "Made", "facts", "all"]
    for column in range(1, 5):
        numbers = [int(line[column]) for line in lines[1:]]
        assert sum(numbers[:-1]) == numbers[-1]
    body = asked(folder, "--format", "json").json
    survivors = [one for one in body["mutants"] if one["state"] == "survived"]
    assert len(survivors) == int(lines[-1][4]) == body["all"]["survived"]
    for one in survivors:
        assert f"\n{one['owner']} (" in ran.out
        assert one["before"] in ran.out


def test_the_command_exits_with_0_where_none_survives_and_1_where_a_scenario_fails(
    folder: Path,
) -> None:
    written(folder, [*SCENARIOS, CITIZEN])
    assert asked(folder, "--rule", "citizen").code == 0
    written(folder, [*SCENARIOS, CITIZEN | {"expect": {"outcome": "permitted"}}])
    ran = asked(folder, "--rule", "citizen")
    assert ran.code == 1
    assert "citizen" in ran.err


def test_the_command_tries_the_changes_that_are_asked_for(folder: Path) -> None:
    for options, law, county in (
        (("--county", "made"), None, "Made"),
        (("--law", "state"), "state", None),
    ):
        found = asked(folder, *options, "--format", "json").json["mutants"]
        assert {(one["law"], one["county"]) for one in found} == {(law, county)}
    found = asked(folder, "--rule", "two", "--format", "json").json["mutants"]
    assert {one["owner"] for one in found} == {"two"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--law", "stat"), "did you mean `state`"),
        (("--county", "Mad"), "unknown county `Mad`"),
        (("--rule", "felon"), "did you mean `felony`"),
    ],
)
def test_the_command_refuses_what_is_not_there_in_one_line(
    folder: Path, options: tuple[str, str], said: str
) -> None:
    ran = asked(folder, *options)
    assert ran.code == 1
    assert ran.err.startswith("values-act: ")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_score_is_never_rounded_to_all_or_none() -> None:
    assert percent(Fraction(99999, 100000)) == "99.9%"
    assert percent(Fraction(1, 100000)) == "0.1%"
    assert percent(Fraction(1)) == "100.0%"
    assert percent(Fraction(0)) == "0.0%"
    assert percent(Fraction(2, 3)) == "66.7%"
    assert percent(None) == "-"
