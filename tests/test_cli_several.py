"""Several acts at once, several counties at once, and files to start a policy from."""

from __future__ import annotations

import io
import json
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

from models.case import InmateCase
from models.policy import County, CountyPolicy
from tests import test_cli
from tests.test_bad_input import refused
from tests.test_cli import ROBBERY, ROBBERY_TEXT, edit, run, written
from values_act.cli.run import run as run_app
from values_act.decide import Decider
from values_act.library import Library
from values_act.yamltext import parse_file

rules = test_cli.rules  # the fixture
ACTS = ["hold", "notify_release", "transfer"]
FORM = ROBBERY_TEXT.replace("{kind: transfer, by: ICE}", "{form: I-247A, by: ICE}")


# ---------------------------------------------------------------- --action all
def test_all_answers_every_act_of_the_form_as_json_lines(tmp_path: Path) -> None:
    ran = run("decide", written(tmp_path, FORM), "--action", "all", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    bodies = [json.loads(line) for line in ran.out.splitlines()]
    assert [body["action"] for body in bodies] == ACTS
    for body in bodies:
        alone = run("decide", tmp_path / "case.yaml", "--action", body["action"], "--format=json")
        assert alone.json == body


def test_all_begins_with_a_table_of_acts_outcomes_and_rules(tmp_path: Path) -> None:
    ran = run("decide", written(tmp_path, FORM), "--action", "all")
    lines = ran.out.splitlines()
    assert lines[0].split("\t") == ["act", "outcome", "rule", "citation"]
    assert [line.split("\t")[:2] for line in lines[1:4]] == [
        ["hold", "prohibited"], ["notify_release", "permitted"], ["transfer", "permitted"],
    ]  # fmt: skip
    assert lines[4] == ""
    assert ran.out.count("not legal advice") == len(ACTS)


def test_a_case_may_itself_ask_for_all_and_come_from_standard_input() -> None:
    text = FORM.replace("action: transfer", "action: all")
    ran = run("decide", "-", "--format", "json", stdin=text)
    assert ran.code == 0
    assert [json.loads(line)["action"] for line in ran.out.splitlines()] == ACTS
    one = run("decide", "-", "--action", "hold", "--format", "json", stdin=text)
    assert (one.code, one.json["action"]) == (3, "hold")


def test_all_works_for_several_files_and_a_bad_one_is_named_once(tmp_path: Path) -> None:
    case = written(tmp_path, FORM)
    bad = written(tmp_path, FORM.replace("county: Orange", "county: Utopia"), "bad.yaml")
    ran = run("decide", case, bad, case, "--action", "all", "--format", "json")
    assert ran.code == 1
    assert len(ran.out.splitlines()) == 2 * len(ACTS)
    assert len(ran.err.splitlines()) == 1
    assert "Utopia" in ran.err


def test_explain_takes_all_too(tmp_path: Path) -> None:
    case = written(tmp_path, FORM)
    ran = run("explain", case, "--action", "all", "--format", "json")
    bodies = [json.loads(line) for line in ran.out.splitlines()]
    assert [body["action"] for body in bodies] == ACTS
    assert len(run("explain", case, "--action", "all").out) > 100
    refused(run("explain", case, "--action", "all", "--rule", "no-such"), "no-such")


def test_which_acts_all_stands_for_is_data(rules: Path, tmp_path: Path) -> None:
    edit(rules / "facts.yaml", "all: [hold, notify_release, transfer]", "all: [transfer, hold]")
    case = written(tmp_path, FORM)
    ran = run("decide", case, "--action", "all", "--format", "json", "--rules", rules)
    assert [json.loads(line)["action"] for line in ran.out.splitlines()] == ["transfer", "hold"]
    edit(rules / "facts.yaml", "all: [transfer, hold]", "all: [transfer, hodl]")
    refused(run("decide", case, "--rules", rules), "facts.yaml", "hodl")


def test_a_single_answer_on_several_acts_is_refused() -> None:
    library = Library()
    case = parse_file(InmateCase, ROBBERY).model_copy(update={"action": "all"})
    with pytest.raises(Exception, match="one at a time"):
        Decider(library).decide(case)


# ---------------------------------------------------------------- counties compare
def test_compare_gives_every_county_one_row_and_the_same_answer_as_decide() -> None:
    ran = run("counties", "compare", ROBBERY, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    rows = {row["county"]: row for row in ran.json}
    assert len(rows) == len(ran.json) == len(Library().county_names)
    for county in ("Los Angeles", "Orange", "San Francisco", "Alpine"):
        alone = run("decide", ROBBERY, "--county", county, "--format", "json").json
        for key in ("outcome", "rule", "cite", "refer", "possible_outcomes"):
            assert rows[county][key] == alone[key], (county, key)


def test_compare_says_whose_policy_decides_and_where_there_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(test_cli.RULES, folder)
    bare = 'format: "1"\ncounty: Alpine\npolicies: []\n'
    (folder / "counties" / "alpine.yaml").write_text(bare, encoding="utf-8")
    edit(folder / "counties" / "orange.yaml", "confidence: high", "confidence: low")
    named = ["--county", "Orange", "--county", "alpine", "--county", "Alpine"]
    ran = run("counties", "compare", ROBBERY, *named, "--rules", folder)
    lines = [line.split("\t") for line in ran.out.splitlines()]
    assert lines[0][:4] == ["county", "outcome", "policy", "confidence"]
    assert lines[1][:4] == ["Orange", "permitted", "sheriff: orange-2018-01-sheriff", "low"]
    assert lines[2][:4] == ["Alpine", "permitted", "no policy found: state law alone", ""]
    assert lines[3] == [""]


def test_compare_marks_where_counsel_should_be_asked(tmp_path: Path) -> None:
    case = written(tmp_path, FORM.replace("2025-07-17", "2014-01-15"))
    options = ["--county", "San Francisco", "--law", "values-act", "--format", "json"]
    (row,) = run("counties", "compare", case, *options).json
    assert row["policies"][0]["policy"] == "sf-2013-10-board"
    assert "ask counsel" in row["refer"]


def test_compare_leaves_the_county_and_policy_of_the_case_aside(tmp_path: Path) -> None:
    policy = "policy:\n" + "".join(f"  {line}\n" for line in test_cli.POLICY.strip().splitlines())
    ran = run("counties", "compare", written(tmp_path, ROBBERY_TEXT + policy), "--format", "json")
    assert {row["county"]: row for row in ran.json}["Orange"]["outcome"] == "permitted"


def test_compare_takes_the_day_and_the_act() -> None:
    options = ["--county", "Los Angeles", "--format", "json"]
    before = run("counties", "compare", ROBBERY, *options, "--as-of", "2018-06-01").json
    assert before[0]["as_of"] == "2018-06-01"
    acts = run("counties", "compare", ROBBERY, *options, "--action", "all").json
    assert [row["action"] for row in acts] == ACTS


def test_typical_cases_are_columns_and_counties_rows() -> None:
    options = ["--typical", "--county", "Orange", "--county", "Los Angeles"]
    lines = [line.split("\t") for line in run("counties", "compare", *options).out.splitlines()]
    assert lines[0][0] == "county"
    assert "Serious felony" in lines[0]
    assert {line[0] for line in lines[1:3]} == {"Orange", "Los Angeles"}
    column = lines[0].index("Serious felony")
    assert {line[0]: line[column] for line in lines[1:3]} == {
        "Orange": "permitted", "Los Angeles": "prohibited",
    }  # fmt: skip
    body = run("counties", "compare", *options, "--format", "json").json
    assert len(body) == 2
    assert len(body[0]["cases"]) == len(lines[0]) - 2


def test_compare_wants_a_case_or_typical_cases_and_known_counties() -> None:
    refused(run("counties", "compare"), "--typical")
    refused(run("counties", "compare", ROBBERY, "--typical"), "--typical")
    refused(run("counties", "compare", ROBBERY, "--county", "Oragne"), "did you mean `Orange`")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("asked", [[ROBBERY], ["--typical"]], ids=["case", "typical"])
def test_on_a_terminal_counties_that_are_alike_share_a_row(
    monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    screen = _Terminal()
    with redirect_stdout(screen), patch.object(sys, "argv", ["a", "counties", "compare", *asked]):
        assert run_app() == 0
    shown = screen.getvalue()
    assert any("Alpine" in line and "Calaveras" in line for line in shown.splitlines())
    assert "la-2020-09-board" in shown
    if ROBBERY in asked:
        assert "[va-7282.5-a1-serious]" in shown
    for county in Library().counties():
        assert county.county in shown


# ---------------------------------------------------------------- new policy
@pytest.mark.parametrize("county", ["Utopia", "San Benito", 'A: "b" # c'])
def test_a_new_policy_loads_and_decides_beside_a_case(tmp_path: Path, county: str) -> None:
    path = tmp_path / "policy.yaml"
    ran = run("new", "policy", county, "-o", path)
    assert (ran.code, ran.out) == (0, f"wrote {path}\n")
    assert path.read_text(encoding="utf-8") == run("new", "policy", county).out
    policy = parse_file(CountyPolicy, path)
    assert {term.rule for term in policy.actions.values()} == {
        "open", "closed", "when", "unpublished",
    }  # fmt: skip
    written_fields = {*policy.model_fields_set, *policy.source.model_fields_set, "ended"}
    assert written_fields == {*CountyPolicy.model_fields, *type(policy.source).model_fields}
    case = written(tmp_path, ROBBERY_TEXT)
    body = run("decide", case, "--policy", path, "--format", "json").json
    assert [bar["policy"] for bar in body["barred_by"]] == [policy.id]
    inline = "policy:\n" + "".join(f"  {x}\n" for x in path.read_text("utf-8").splitlines())
    body = run("decide", written(tmp_path, ROBBERY_TEXT + inline), "--format", "json").json
    assert [bar["policy"] for bar in body["barred_by"]] == [policy.id]


def test_a_new_county_file_loads_in_a_copy_of_the_law(rules: Path, tmp_path: Path) -> None:
    path = rules / "counties" / "utopia.yaml"
    assert run("new", "policy", "Utopia", "--county-file", "-o", path).code == 0
    assert parse_file(County, path).county == "Utopia"
    case = written(tmp_path, ROBBERY_TEXT)
    body = run("decide", case, "--rules", rules, "--county", "Utopia", "--format", "json").json
    assert [bar["policy"] for bar in body["barred_by"]] == ["utopia-sheriff"]


def test_a_new_file_never_overwrites_and_says_what_is_wrong(tmp_path: Path) -> None:
    there = written(tmp_path, "mine", "mine.yaml")
    for command in (["case"], ["policy", "Utopia"]):
        refused(run("new", *command, "-o", there), "mine.yaml", "exists already")
        refused(run("new", *command, "-o", tmp_path), "is a directory")
        refused(run("new", *command, "-o", tmp_path / "no" / "a.yaml"), "no directory")
    assert there.read_text(encoding="utf-8") == "mine"
    refused(run("new", "policy", "123"), "123")
