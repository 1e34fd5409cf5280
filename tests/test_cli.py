"""The command line: what each command prints, and how it ends."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml

from values_act import __version__
from values_act.cli.run import run as run_app
from values_act.library import Library
from values_act.schemas import MODELS

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"
ROBBERY = str(ROOT / "examples" / "robbery-orange.yaml")
ROBBERY_TEXT = Path(ROBBERY).read_text(encoding="utf-8")
PROGRAM = [sys.executable, "-m", "values_act"]
WARRANT = """
warrants:
  - {issuer: federal_magistrate_judge, crime: federal_criminal_immigration, felony: true,
     outstanding: true, probable_cause: true, authorizes_arrest: true, names_person: true}
"""
POLICY = """
id: test-closed
title: A policy for a test
cite: Test policy 1
authority: sheriff
binds: [sheriff]
effective: 2018-01-01
actions: {transfer: closed}
source: {title: made up for a test}
"""


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: object, stdin: str = "") -> Ran:
    """Run the command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    argv = ["values-act", *map(str, arguments)]
    with (
        patch.object(sys, "argv", argv),
        patch.object(sys, "stdin", given),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = run_app()
    return Ran(code, out.getvalue(), err.getvalue())


def program(*arguments: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program as its users do."""
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=ROOT, input=stdin, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def written(folder: Path, text: str, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the law, to be changed."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def edit(path: Path, old: str, new: str) -> None:
    """Change one place of a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ---------------------------------------------------------------- decide
def test_decide_prints_the_outcome_the_rule_and_the_notice_in_words() -> None:
    ran = run("decide", ROBBERY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("PERMITTED")
    assert "va-7282.5-a1-serious" in ran.out
    assert "Gov. Code § 7282.5(a)(1)" in ran.out
    assert "not legal advice" in ran.out


def test_decide_prints_a_memo_with_facts_and_signature_lines() -> None:
    ran = run("decide", ROBBERY, "--format", "memo")
    assert ran.code == 0
    for said in ("OUTCOME: PERMITTED", "PC 211", "Determination made by:", "not legal advice"):
        assert said in ran.out


def test_a_json_decision_has_the_keys_that_the_design_promises(tmp_path: Path) -> None:
    permitted = run("decide", ROBBERY, "--format", "json").json
    promised = (
        "outcome permitted action as_of law law_digest grounds barred_by local missing "
        "possible_outcomes contested duties near_misses assumed unverified refer decided_by "
        "explanation"
    )
    assert set(promised.split()) <= set(permitted)
    closed = run("decide", ROBBERY, "--county", "Los Angeles", "--format", "json").json
    unknown = ROBBERY_TEXT.replace("grade: felony", "grade: unknown").replace("211", "245(a)(1)")
    opened = run("decide", written(tmp_path, unknown), "--format", "json").json
    for body, part, keys in (
        (permitted, "grounds", "rule cite route items because until breached"),
        (closed, "barred_by", "policy cite because"),
        (permitted, "local", "county authority policy cite outcome practice"),
        (opened, "missing", "fact item question"),
        (permitted, "duties", "rule cite text upon"),
        (permitted, "near_misses", "rule cite item failed"),
    ):
        assert body[part], f"{part} is empty"
        for entry in body[part]:
            assert set(keys.split()) <= set(entry), part
    assert permitted["permitted"] is True
    assert closed["permitted"] is False
    assert opened["permitted"] is None
    assert permitted["law_digest"] == Library().digest


def test_contested_points_are_named_with_option_and_outcome(tmp_path: Path) -> None:
    reduced = ROBBERY_TEXT.replace("PC 211", "PC 245(a)(1)").replace("stands", "reduced_later")
    reduced = reduced.replace("2012-05-01", "2001-05-01")
    body = run("decide", written(tmp_path, reduced), "--format", "json").json
    assert body["contested"]
    assert all({"reading", "option", "outcome"} <= set(entry) for entry in body["contested"])


@pytest.mark.parametrize(
    ("change", "options", "outcome", "code"),
    [
        (("", ""), [], "permitted", 0),
        (("convictions:", WARRANT.strip() + "\nconvictions:"), [], "required", 0),
        (("kind: sheriff", "kind: state_prison"), [], "not_regulated", 0),
        (("", ""), ["--county", "Los Angeles"], "prohibited", 3),
        (("  - offense: PC 211", "  - offense: unknown"), [], "undetermined", 4),
    ],
)
def test_the_exit_code_tells_the_outcome(
    tmp_path: Path, change: tuple[str, str], options: list[str], outcome: str, code: int
) -> None:
    case = written(tmp_path, ROBBERY_TEXT.replace(*change, 1))
    ran = run("decide", case, "--format", "json", *options)
    assert (ran.json["outcome"], ran.code) == (outcome, code)


@pytest.mark.parametrize(
    "arguments",
    [["decide"], ["decide", ROBBERY, "--contry", "Orange"], ["nonsense"], ["schema", "poem"],
     ["law", "sing"], ["decide", ROBBERY, "--format", "xml"], ["counties", "show"]],
)  # fmt: skip
def test_wrong_usage_exits_with_2_and_one_line(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("values-act: ")


def test_several_files_print_json_lines_and_exit_with_0(tmp_path: Path) -> None:
    closed = written(tmp_path, ROBBERY_TEXT.replace("Orange}", "Los Angeles}"))
    ran = run("decide", ROBBERY, closed, ROBBERY, "--format", "json")
    bodies = [json.loads(line) for line in ran.out.splitlines()]
    assert [body["outcome"] for body in bodies] == ["permitted", "prohibited", "permitted"]
    assert ran.code == 0


def test_one_bad_file_of_several_is_reported_and_the_others_are_decided(tmp_path: Path) -> None:
    ran = run("decide", ROBBERY, tmp_path / "none.yaml", ROBBERY, "--format", "json")
    assert (ran.code, len(ran.out.splitlines()), len(ran.err.splitlines())) == (1, 2, 1)
    assert "none.yaml" in ran.err


def test_a_dash_reads_standard_input() -> None:
    ran = run("decide", "-", "--format", "json", stdin=ROBBERY_TEXT)
    assert ran.json == run("decide", ROBBERY, "--format", "json").json
    assert program("decide", "-", stdin=ROBBERY_TEXT).returncode == 0


def test_a_case_may_be_written_as_json(tmp_path: Path) -> None:
    case = json.dumps(yaml.load(ROBBERY_TEXT, yaml.BaseLoader))
    assert run("decide", written(tmp_path, case, "a.json")).out == run("decide", ROBBERY).out


# ---------------------------------------------------------------- options that override the case
@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        (["--law", "article"], "law", "article"),
        (["--county", "San Diego"], "county", "San Diego"),
        (["--as-of", "2030-01-01"], "as_of", "2030-01-01"),
        (["--action", "hold"], "action", "hold"),
    ],
)
def test_an_option_overrides_the_case(options: list[str], key: str, value: str) -> None:
    assert run("decide", ROBBERY, "--format", "json", *options).json[key] == value


def test_a_later_day_ends_a_ground_that_has_a_last_day() -> None:
    grounds = run("decide", ROBBERY, "--as-of", "2027-05-02", "--format", "json").json["grounds"]
    assert "va-7282.5-a3-felony" not in {ground["rule"] for ground in grounds}


def test_a_reading_changes_the_answer(tmp_path: Path) -> None:
    case = written(tmp_path, ROBBERY_TEXT.replace("convictions:", WARRANT + "convictions:"))
    assert run("decide", case).out.startswith("REQUIRED")
    taken = run("decide", case, "--reading", "judicial-warrant=permission", "--format", "json")
    assert taken.json["outcome"] == "permitted"


def test_a_policy_file_binds_a_hypothetical_county(tmp_path: Path) -> None:
    policy = written(tmp_path, POLICY, "policy.yaml")
    case = written(tmp_path, ROBBERY_TEXT.replace("county: Orange", "county: Utopia"))
    ran = run("decide", case, "--policy", policy, "--format", "json")
    assert ran.code == 3
    assert [bar["policy"] for bar in ran.json["barred_by"]] == ["test-closed"]


def test_another_copy_of_the_law_is_read(rules: Path) -> None:
    edit(rules / "counties" / "orange.yaml", "transfer: {says: open", "transfer: {says: closed")
    ran = run("decide", ROBBERY, "--rules", rules, "--format", "json")
    assert ran.code == 3
    assert ran.json["law_digest"] != Library().digest
    assert run("decide", ROBBERY).code == 0


# ---------------------------------------------------------------- explain
def test_explain_shows_every_rule_that_could_decide() -> None:
    ran = run("explain", ROBBERY)
    assert ran.code == 0
    assert "[va-7282.5-a1-serious]" in ran.out
    assert "[va-7282.5-a4]" in ran.out
    assert "    + " in ran.out
    assert "  - " in ran.out


def test_explain_shows_one_rule_on_request_and_prints_json() -> None:
    text = run("explain", ROBBERY, "--rule", "va-7282.5-a4").out
    assert "[va-7282.5-a4]" in text
    assert "[va-7282.5-a1-serious]" not in text
    ran = run("explain", ROBBERY, "--rule", "va-7282.5-a4", "--format", "json")
    assert (ran.code, ran.json["outcome"]) == (0, "permitted")
    assert list(ran.json["rules"]) == ["va-7282.5-a4"]


# ---------------------------------------------------------------- looking things up
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("law list", "values-act"),
        ("law show values-act", "va-7282.5-a1-serious"),
        ("law show va-7282.5-a4", "registrant"),
        ("counties list", "Orange"),
        ("counties show Orange", "orange-2018-01-sheriff"),
        ("offenses show|PC 211", "robbery"),
        ("offenses search robbery", "PC 211"),
        ("readings list", "judicial-warrant"),
        ("readings show judicial-warrant", "permission"),
    ],
)
def test_a_look_up_answers_in_words_and_in_json(arguments: str, said: str) -> None:
    words, _, last = arguments.partition("|")
    command = [*words.split(), *([last] if last else [])]
    text, data = run(*command), run(*command, "--format", "json")
    assert (text.code, data.code, text.err, data.err) == (0, 0, "", "")
    assert said in text.out
    assert said in data.out
    assert data.json


def test_counties_laws_and_readings_that_are_listed_can_be_shown() -> None:
    counties = run("counties", "list", "--format", "json").json
    assert len(counties) == 58
    assert run("counties", "show", counties[-1]["county"]).code == 0
    for law in run("law", "list", "--format", "json").json:
        assert run("law", "show", law["name"]).code == 0
    reading = run("readings", "list", "--format", "json").json[-1]
    assert run("readings", "show", reading["id"]).code == 0


@pytest.mark.parametrize("name", list(MODELS))
def test_every_schema_is_json_with_properties(name: str) -> None:
    schema = run("schema", name)
    assert schema.code == 0
    assert schema.json["properties"]


# ---------------------------------------------------------------- scenarios
def scenario(expect: str) -> str:
    case = json.dumps({"as_of": "2025-07-17", "action": "transfer",
                       "agency": {"kind": "state_prison"}})  # fmt: skip
    return f"- {{name: a, why: b, source: c, case: {case}, expect: {expect}}}\n"


@pytest.mark.parametrize(
    ("expect", "code", "said", "state"),
    [
        ("{outcome: not_regulated}", 0, "1 passed, 0 failed", "passed"),
        ("{outcome: permitted}", 1, "outcome: expected permitted, decided not_regulated", "failed"),
        ("null", 1, "1 to do", "todo"),
    ],
)
def test_scenarios_run_tells_what_passed(
    tmp_path: Path, expect: str, code: int, said: str, state: str
) -> None:
    path = written(tmp_path, scenario(expect), "some.yaml")
    ran = run("scenarios", "run", path)
    assert (ran.code, ran.err) == (code, "")
    assert said in ran.out
    data = run("scenarios", "run", tmp_path, "--format", "json")
    assert data.code == code
    assert [result["state"] for result in data.json] == [state]


# ---------------------------------------------------------------- new case
def test_a_new_case_parses_and_decides(tmp_path: Path) -> None:
    out = tmp_path / "new.yaml"
    assert run("new", "case", "-o", out, "--as-of", "2025-07-17").code == 0
    assert out.read_text(encoding="utf-8") == run("new", "case", "--as-of", "2025-07-17").out
    ran = run("decide", out, "--format", "json")
    assert (ran.json["as_of"], ran.err) == ("2025-07-17", "")


def test_a_new_case_never_overwrites_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, "mine")
    ran = run("new", "case", "-o", path)
    assert (ran.code, path.read_text(encoding="utf-8")) == (1, "mine")
    assert "exists already" in ran.err


# ---------------------------------------------------------------- the program as a whole
def test_the_version_names_the_program_and_the_law() -> None:
    ran = run("--version")
    assert ran.code == 0
    assert ran.out.strip() == f"values-act {__version__}, rules {Library().digest}"


def test_the_help_of_decide_names_the_exit_codes() -> None:
    ran = run("decide", "--help")
    assert ran.code == 0
    for said in ("0 required, permitted or not regulated", "3 prohibited", "4 undetermined"):
        assert said in " ".join(ran.out.split())


def test_a_pipe_that_is_closed_midway_ends_quietly() -> None:
    command = f"{sys.executable} -m values_act schema law | head -1"
    shell = ["/bin/bash", "-c", command]
    done = subprocess.run(shell, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("{\n", "")


@pytest.mark.parametrize("arguments", [["schema", "law"], ["--version"], ["decide", ROBBERY]])
def test_a_pipe_that_nobody_reads_ends_with_0_and_quietly(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as out, subprocess.Popen(
        [*PROGRAM, *arguments], cwd=ROOT, stdout=out, stderr=subprocess.PIPE
    ) as process:  # fmt: skip
        assert (process.communicate()[1], process.returncode) == (b"", 0)


@pytest.mark.parametrize(
    "arguments", [("decide", ROBBERY), ("explain", ROBBERY), ("law", "list"), ("counties", "list")]
)
def test_text_in_a_pipe_has_no_escape_codes(arguments: tuple[str, ...]) -> None:
    done = program(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout


def test_the_program_ends_with_the_exit_code_of_the_outcome() -> None:
    assert program("decide", ROBBERY, "--county", "Los Angeles").returncode == 3
    assert program("decide").returncode == 2
    assert program("decide", "none.yaml").returncode == 1
