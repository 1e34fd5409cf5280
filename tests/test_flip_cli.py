"""`values-act flip`: what it asks of the engine, and how it tells what was found."""

from __future__ import annotations

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest
from jsonschema import Draft202012Validator

from models.law import Outcome
from tests.flipped import change, one_fact_flips, record_of
from tests.scenes import library
from tests.test_bad_input import refused
from tests.test_cli import POLICY, ROBBERY, ROBBERY_TEXT, run, written
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.cli.run import run as run_app
from values_act.errors import InputError
from values_act.flips import FlipSet, Found
from values_act.readers.words import NOTICE
from values_act.schemas import schema_of

Engine = Callable[[Answer, frozenset[str]], list[FlipSet]]
FEW = frozenset({
    "disposition", "person.us_citizen", "request.immigration_enforcement",
    "request.truth_notice_given", "attempt",
})  # fmt: skip
NUMBERED = re.compile(r"^ +\d+\. (?=[A-Z])", re.MULTILINE)


class Asked:
    """An engine that notes what it is asked."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.answers: list[Answer] = []
        self.only: list[frozenset[str]] = []

    def flips(self, answer: Answer, only: frozenset[str], to: Outcome | None, most: int) -> Found:
        self.answers.append(answer)
        self.only.append(only)
        found = [one for one in self.engine(answer, only) if to in {None, one.outcome}]
        first = tuple(
            one for one in found if [x for x in found if x.outcome == one.outcome].index(one) < most
        )
        return Found(first, frozenset(one.outcome for one in found if one not in first))


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Engine], Asked]:
    """Put an engine in the place of the program's own."""

    def put(engine: Engine) -> Asked:
        asked, module = Asked(engine), ModuleType("values_act.flip")
        module.flips = asked.flips  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "values_act.flip", module)
        return asked

    return put


@pytest.fixture
def tried(use: Callable[[Engine], Asked]) -> Asked:
    """An engine that tries every word and answer of a few facts, one at a time."""
    return use(few)


def few(answer: Answer, only: frozenset[str] = frozenset()) -> list[FlipSet]:
    return one_fact_flips(answer, only or FEW)


def nothing(answer: Answer, only: frozenset[str]) -> list[FlipSet]:
    return []


# ---------------------------------------------------------------- text
def test_text_tells_the_outcome_now_each_way_its_rule_and_what_was_kept(tried: Asked) -> None:
    ran = run("flip", ROBBERY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("PERMITTED: ")
    assert ran.out.splitlines()[-1] == NOTICE
    found = few(tried.answers[0])
    assert len(NUMBERED.findall(ran.out)) == len(found) > 2
    told = run("flip", ROBBERY, "--format", "json").json
    for one in told["flips"]:
        assert one["sentence"] in " ".join(ran.out.split())
        assert f"by {one['cite']} [{one['rule']}]" in " ".join(ran.out.split())
    kept = ran.out[ran.out.index("Kept as it is") :]
    for fact in told["kept"]:
        assert fact["words"] in kept
    assert {fact["fact"] for fact in told["kept"]} == {
        name for (_, name), spec in library().vocabulary.facts.items() if spec.fixed
    }


def test_ways_stand_under_the_outcome_they_give_in_the_order_found(tried: Asked) -> None:
    ran = run("flip", ROBBERY)
    found = few(tried.answers[0])
    outcomes = {one.outcome for one in found}
    assert len(outcomes) > 1
    parts = re.split(r"^(\w[A-Z ]+) in \d+ ways? ", ran.out, flags=re.MULTILINE)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert {name.replace(" ", "_").lower() for name in told} == outcomes
    for name, text in told.items():
        own = [one for one in found if one.outcome == name.replace(" ", "_").lower()]
        assert len(NUMBERED.findall(text)) == len(own)


def test_text_shows_some_ways_to_each_outcome_and_says_how_many_more(tried: Asked) -> None:
    whole = run("flip", ROBBERY).out
    found = few(tried.answers[0])
    cut = run("flip", ROBBERY, "--limit", "2").out
    totals = Counter(one.outcome for one in found)
    assert len(NUMBERED.findall(cut)) == sum(min(2, total) for total in totals.values())
    assert {total > 2 for total in totals.values()} == {True, False}
    for total in totals.values():
        said = f"and {total - 2} more; `--limit {total}` shows all"
        assert (said in cut) == (total > 2)
    assert "more; `--limit" not in whole
    most = run("flip", ROBBERY, "--limit", len(found)).out
    assert most == whole


def test_unless_asked_for_more_text_shows_twelve(use: Callable[[Engine], Asked]) -> None:
    use(lambda answer, only: few(answer)[:1] * 15)
    assert len(NUMBERED.findall(run("flip", ROBBERY).out)) == 12
    assert len(run("flip", ROBBERY, "--format", "json").json["flips"]) == 15
    assert len(run("flip", ROBBERY, "--format", "json", "--limit", "3").json["flips"]) == 3
    assert run("flip", ROBBERY, "--limit", "0").code == 2


def test_where_nothing_is_found_the_text_says_so(use: Callable[[Engine], Asked]) -> None:
    use(nothing)
    ran = run("flip", ROBBERY)
    assert ran.code == 0
    assert "No change of the facts was found that gives another outcome." in ran.out
    narrow = run("flip", ROBBERY, "--only", "grade", "--to", "not_regulated").out
    assert "No change of grade alone was found that gives the outcome not regulated." in narrow
    assert "every fact but grade" in narrow
    assert run("flip", ROBBERY, "--format", "json").json["flips"] == []


# ---------------------------------------------------------------- JSON
def test_json_is_valid_under_its_schema_and_each_case_decides_as_it_says(
    tried: Asked, tmp_path: Path
) -> None:
    told = run("flip", ROBBERY, "--format", "json").json
    schema = schema_of("flip", library().vocabulary)
    assert not list(Draft202012Validator(schema).iter_errors(told))
    assert told["outcome"] == "permitted"
    for one in told["flips"]:
        assert one["outcome"] != "permitted"
        path = written(tmp_path, json.dumps(one["case"]), "changed.yaml")
        decided = run("decide", path, "--format", "json").json
        assert (decided["outcome"], decided["rule"]) == (one["outcome"], one["rule"])
        (only,) = one["changes"]
        assert only["words"] in one["sentence"]
        assert only["was"] not in only["to"]


# ---------------------------------------------------------------- what may change
def test_only_facts_named_are_asked_for_and_a_list_stands_for_its_members(tried: Asked) -> None:
    run("flip", ROBBERY, "--only", "grade", "--only", "findings", "--only", "convictions")
    findings = {
        f"findings.{member}" for member in library().vocabulary.lists["conviction", "findings"]
    }
    assert tried.only == [frozenset({"grade", "convictions", *findings})]
    run("flip", ROBBERY)
    assert tried.only[-1] == frozenset()
    told = run("flip", ROBBERY, "--only", "disposition", "--format", "json").json
    assert {change["fact"] for one in told["flips"] for change in one["changes"]} == {"disposition"}


@pytest.mark.parametrize("name", ["offense", "findings.gang", "request.kind", *LISTS.values()])
def test_what_a_case_states_may_be_named(name: str, tried: Asked) -> None:
    assert run("flip", ROBBERY, "--only", name).code == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dispositon", "did you mean `disposition`?"),
        ("nonsense", "`schema case` names the facts"),
        ("agency.kind", "the agency is not changed"),
        ("serious", "it is looked up; name `offense`"),
        ("serious_when.force", "it is looked up; name `offense`"),
        ("counts", "it is worked out from other facts"),
        ("years_since", "it is worked out from other facts"),
    ],
)
def test_what_may_not_change_is_refused_in_one_line(name: str, said: str, tried: Asked) -> None:
    refused(run("flip", ROBBERY, "--only", name), name, said)
    assert tried.answers == []


# ---------------------------------------------------------------- options
def test_one_outcome_can_be_asked_for_and_not_the_one_that_is(tried: Asked) -> None:
    told = run("flip", ROBBERY, "--to", "prohibited", "--format", "json").json
    assert {one["outcome"] for one in told["flips"]} == {"prohibited"}
    refused(run("flip", ROBBERY, "--to", "permitted"), "the outcome now")
    ran = run("flip", ROBBERY, "--to", "allowed")
    assert ran.code == 2
    assert "prohibited" in ran.err


def test_the_options_of_decide_override_the_case(tried: Asked, tmp_path: Path) -> None:
    told = run("flip", ROBBERY, "--county", "Los Angeles", "--as-of", "2024-02-29",
               "--format", "json").json  # fmt: skip
    assert (told["outcome"], told["as_of"]) == ("prohibited", "2024-02-29")
    assert {one["case"]["as_of"] for one in told["flips"]} == {"2024-02-29"}
    assert {one["case"]["agency"]["county"] for one in told["flips"]} == {"Los Angeles"}
    policy = written(tmp_path, POLICY, "policy.yaml")
    told = run("flip", ROBBERY, "--policy", policy, "--format", "json").json
    assert told["outcome"] == "prohibited"
    for one in told["flips"]:
        path = written(tmp_path, json.dumps(one["case"]))
        assert run("decide", path, "--format", "json").json["outcome"] == one["outcome"]


def test_a_case_is_read_from_standard_input(tried: Asked) -> None:
    assert run("flip", "-", stdin=ROBBERY_TEXT).out == run("flip", ROBBERY).out


def test_a_proposal_is_said_to_be_no_law(tried: Asked) -> None:
    proposal = next(law for law in library().laws.values() if law.status)
    options = ("--law", proposal.name, "--as-of", "2025-07-17")
    assert f"Not law: {proposal.name} is a proposal" in run("flip", ROBBERY, *options).out
    told = run("flip", ROBBERY, *options, "--format", "json").json
    assert told["law_status"] == proposal.status


def test_several_acts_are_told_one_after_the_other(tried: Asked) -> None:
    acts = library().vocabulary.several["all"]
    ran = run("flip", ROBBERY, "--action", "all", "--format", "json")
    assert ran.code == 0
    assert [json.loads(line)["action"] for line in ran.out.splitlines()] == list(acts)
    text = run("flip", ROBBERY, "--action", "all").out
    assert text.count(NOTICE) == len(acts)
    for act in acts:
        assert f"Act: {act} (" in text


# ---------------------------------------------------------------- what goes wrong
def test_what_the_engine_refuses_is_one_line(use: Callable[[Engine], Asked]) -> None:
    def refuse(answer: Answer, only: frozenset[str]) -> list[FlipSet]:
        if answer.case.action == "hold":
            raise InputError("the outcome is not settled")
        return []

    use(refuse)
    refused(run("flip", ROBBERY, "--action", "hold"), "the outcome is not settled")
    ran = run("flip", ROBBERY, "--action", "all", "--format", "json")
    assert ran.code == 1
    assert ran.err == "values-act: hold: the outcome is not settled\n"
    told = [json.loads(line)["action"] for line in ran.out.splitlines()]
    assert told == [act for act in library().vocabulary.several["all"] if act != "hold"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_set_that_does_not_do_what_it_says_is_never_shown(
    form: str, use: Callable[[Engine], Asked]
) -> None:
    def wrong(answer: Answer, only: frozenset[str]) -> list[FlipSet]:
        stays = change(record_of(answer), "disposition", "stands")
        return [*few(answer)[:1], FlipSet("prohibited", (stays,))]

    use(wrong)
    ran = run("flip", ROBBERY, "--format", form)
    refused(
        ran, "gives permitted, not prohibited", "conviction 1 disposition", "no answer is given"
    )


def test_a_file_that_is_no_case_is_refused(tried: Asked, tmp_path: Path) -> None:
    refused(run("flip", tmp_path / "none.yaml"), "none.yaml")
    refused(run("flip", written(tmp_path, "title: a")), "as_of")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_it_is_said_that_changes_are_looked_for(
    tried: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen, out = _Terminal(), io.StringIO()
    arguments = ["values-act", "flip", str(ROBBERY)]
    with redirect_stderr(screen), redirect_stdout(out), patch.object(sys, "argv", arguments):
        assert run_app() == 0
    assert "looking for changes" in screen.getvalue()
    assert out.getvalue() == run("flip", ROBBERY).out
