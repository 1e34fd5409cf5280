"""Dates at the ends of the calendar, files named twice, policies side by side, the whole check."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from models.dates import parse_day, years_between
from tests import test_cli
from tests.test_bad_input import refused
from tests.test_cli import POLICY, PROGRAM, ROBBERY, ROBBERY_TEXT, ROOT, edit, run, written
from values_act import wholecheck
from values_act.errors import EngineError
from values_act.library import Library

rules = test_cli.rules  # the fixture
BARE = (
    "as_of: 2025-07-17\naction: transfer\nperson: {registrant: never, release_date_public: false}\n"
)


# ---------------------------------------------------------------- days
def test_the_last_day_of_the_calendar_is_a_day_like_any_other(tmp_path: Path) -> None:
    assert years_between(date(2000, 1, 1), date.max) == 8000
    assert years_between(date.max, date.max) == 0
    assert years_between(date.max, date.max, anniversary_inside=False) == 1
    late = ROBBERY_TEXT.replace("2012-05-01", "9999-12-31")
    for day in ("9999-12-31", "9985-01-01", "9998-07-17"):
        case = written(tmp_path, late.replace("9999-12-31", f"{day[:4]}-01-01"))
        ran = run("decide", case, "--as-of", day, "--format", "json")
        assert (ran.code, ran.err) == (0, "")
        asked = late.replace("9999-12-31", f"{day[:4]}-01-01").replace(
            "by: ICE}", f"by: ICE, date: {day}}}"
        )
        ran = run("decide", written(tmp_path, asked), "--as-of", day, "--format", "json")
        assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("ended", ["9999-12-31", "9999"])
def test_a_policy_or_a_law_may_end_with_the_calendar(rules: Path, ended: str) -> None:
    before = run("decide", ROBBERY, "--format", "json").json
    start = "    effective: 2018-01-01\n"
    edit(rules / "counties" / "orange.yaml", start, f"{start}    ended: {ended}\n")
    law = "effective: 2018-01-04\n"
    edit(rules / "laws" / "values-act.yaml", law, f"{law}ended: 9999-12-31\n")
    for day in ("2025-07-17", "9999-12-31"):
        ran = run("decide", ROBBERY, "--rules", rules, "--as-of", day, "--format", "json")
        assert (ran.code, ran.err) == (0, "")
        assert ran.json["outcome"] == before["outcome"]
        assert [policy["policy"] for policy in ran.json["local"]] == ["orange-2018-01-sheriff"]
    ran = run("law", "timeline", "--county", "Orange", "--rules", rules)
    assert (ran.code, ran.err) == (0, "")


def test_what_is_in_force_from_the_first_day_of_the_calendar_is_checked(rules: Path) -> None:
    start = "    effective: 2018-01-01\n"
    edit(rules / "counties" / "orange.yaml", start, "    effective: 0001-01-01\n")
    spans = {span.start for span in wholecheck.places(Library(rules)) if span.county and
             span.county.county == "Orange"}  # fmt: skip
    assert min(spans) == date.min


def test_a_request_after_the_day_of_the_act_is_refused(tmp_path: Path) -> None:
    for day, fits in (("2025-07-17", True), ("2025-07-18", False), ("9999", False)):
        case = written(tmp_path, BARE + f"request: {{date: {day}}}\n")
        ran = run("decide", case, "--format", "json")
        if fits:
            assert ran.json["outcome"]
        else:
            refused(ran, "date of the request", "after the day of the act")


@pytest.mark.parametrize(
    "day",
    [
        "20250717",
        "2025-W29-4",
        "2025-07",
        "17.7.2025",
        "\u0662\u0660\u0662\u0665-\u0660\u0667-\u0661\u0667",
    ],
)
def test_a_day_is_written_one_way(tmp_path: Path, day: str) -> None:
    refused(run("decide", ROBBERY, "--as-of", day), "2025-07-17")
    refused(run("new", "case", "--as-of", day), "2025-07-17")
    refused(run("decide", written(tmp_path, BARE.replace("2025-07-17", day))))
    with pytest.raises(ValueError, match="not a day"):
        parse_day(day)


def test_a_day_in_a_law_file_is_written_one_way(rules: Path) -> None:
    edit(rules / "laws" / "values-act.yaml", "effective: 2018-01-04", "effective: 20180104")
    refused(run("decide", ROBBERY, "--rules", rules), "values-act.yaml:", "20180104")


def test_an_unknown_date_blames_nobody_however_early_the_day(tmp_path: Path) -> None:
    text = BARE.replace("2025-07-17", "1850-09-09") + "convictions: [{offense: PC 211}]\n"
    ran = run("decide", written(tmp_path, text), "--format", "json")
    assert (ran.code, ran.err, ran.json["outcome"]) == (0, "", "not_regulated")


# ---------------------------------------------------------------- the command line
def test_ctrl_c_while_the_program_itself_loads_is_quiet() -> None:
    code = """
import sys, values_act.cli as cli
class Interrupting:
    def find_spec(self, name, *_):
        if name == "values_act.cli.run":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
cli.main()
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_a_scenario_file_named_twice_counts_once(tmp_path: Path) -> None:
    case = {"as_of": "2025-07-17", "action": "transfer", "agency": {"kind": "state_prison"}}
    one = {"name": "a", "why": "b", "source": "c", "case": case,
           "expect": {"outcome": "not_regulated"}}  # fmt: skip
    path = written(tmp_path, json.dumps([one]), "a.yaml")
    again = tmp_path / "." / "a.yaml"
    ran = run("scenarios", "run", path, again, tmp_path)
    assert ran.out.splitlines()[-1] == "1 passed, 0 failed"
    other = written(tmp_path, json.dumps([one]), "b.yaml")
    refused(run("scenarios", "run", path, other), "used already")


def test_a_county_beside_a_policy_of_the_case_is_refused(tmp_path: Path) -> None:
    inline = "policy:\n" + "".join(f"  {line}\n" for line in POLICY.strip().splitlines())
    case = written(tmp_path, ROBBERY_TEXT + inline)
    refused(run("decide", case, "--county", "Orange"), "Orange", "policy of its own")
    policy = written(tmp_path, POLICY, "policy.yaml")
    refused(run("decide", ROBBERY, "--policy", policy, "--county", "Orange"), "Orange")
    assert run("decide", case).code == 3


def test_closed_standard_input_is_said_once() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *PROGRAM, "decide", "-"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == "values-act: standard input is closed\n"
    assert done.returncode == 1


# ---------------------------------------------------------------- policies
TWO = """
format: "1"
county: Alpine
note: Ask the county of Alpine.
policies:
  - id: alpine-sheriff
    title: The sheriff's order
    cite: Order 1
    authority: sheriff
    binds: [sheriff]
    effective: 2020
    actions: {transfer: open}
    source: {title: made up for a test}
  - id: alpine-board
    title: The board's resolution
    cite: Resolution 2
    authority: board
    binds: [sheriff]
    effective: 2021-01-01
    actions:
      transfer: {any: x}
    source: {title: made up for a test, confidence: medium}
"""


def test_counsel_is_asked_only_about_what_decides_this_case(rules: Path, tmp_path: Path) -> None:
    county = rules / "counties" / "alpine.yaml"
    hidden = TWO.replace("{any: x}", "{unpublished: alpine-part}").replace(
        "effective: 2020", "effective: 2020-01-01"
    )
    county.write_text(hidden, encoding="utf-8")
    at = ["--rules", rules, "--county", "Alpine", "--format", "json"]
    refer = run("decide", ROBBERY, *at).json["refer"]
    assert "The board's resolution is not published: alpine-part" in refer
    assert "sheriff's order" not in refer
    # the part matters to nobody whom state law already protects
    body = run("decide", written(tmp_path, BARE + "convictions: []\n"), *at).json
    assert (body["outcome"], body["refer"]) == ("prohibited", None)


def test_an_uncertain_start_is_not_taken_for_an_unpublished_part(rules: Path) -> None:
    county = rules / "counties" / "alpine.yaml"
    text = TWO.replace("transfer: open", "transfer: closed")
    text = text.replace(
        "{any: x}", "{when: {any: [{unpublished: alpine-part}, {agency.kind: sheriff}]}}"
    )
    county.write_text(text, encoding="utf-8")
    at = ["--rules", rules, "--county", "Alpine", "--format", "json", "--law", "values-act"]
    body = run("decide", ROBBERY, *at, "--as-of", "2020-06-01").json
    assert body["outcome"] == "undetermined"
    assert body["refer"] == "it is not known whether The sheriff's order is in force on the day"


def test_the_note_of_a_county_is_shown_where_none_of_its_policies_is_live(rules: Path) -> None:
    county = rules / "counties" / "alpine.yaml"
    county.write_text(TWO.replace("{any: x}", "closed"), encoding="utf-8")
    at = ["--rules", rules, "--county", "Alpine", "--as-of", "2019-01-01", "--format", "json"]
    (said,) = [a for a in run("decide", ROBBERY, *at).json["assumed"] if a["fact"] == "policy"]
    assert "state law alone is applied" in said["because"]
    assert said["because"].endswith("Ask the county of Alpine.")


def test_a_disagreement_on_a_policy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from models.case import InmateCase
    from values_act.decide import Decider
    from values_act.library import Library
    from values_act.readers import durable
    from values_act.yamltext import parse_file

    if durable.WHY_MISSING is not None:
        pytest.skip("durable_rules is not built here")
    monkeypatch.setattr(durable._Session, "policy", lambda *_: False)
    with pytest.raises(EngineError, match=r"rule `orange-2018-01-sheriff` for whether the policy"):
        Decider(Library()).decide(parse_file(InmateCase, ROBBERY))


# ---------------------------------------------------------------- confidence on the reason itself
def test_confidence_stands_on_grounds_bars_and_policies(rules: Path) -> None:
    edit(rules / "counties" / "orange.yaml", "transfer: {says: open", "transfer: {says: closed")
    edit(rules / "counties" / "orange.yaml", "confidence: high", "confidence: medium")
    ran = run("decide", ROBBERY, "--rules", rules, "--format", "json").json
    assert ran["barred_by"][0]["confidence"] == "medium"
    assert ran["local"][0]["confidence"] == "medium"
    text = run("decide", ROBBERY, "--rules", rules).out
    assert "[orange-2018-01-sheriff]\n      confidence: medium" in text


def test_a_fact_from_memory_and_an_unverified_reading_stand_on_their_ground(
    rules: Path, tmp_path: Path
) -> None:
    law = rules / "laws" / "values-act.yaml"
    text = law.read_text(encoding="utf-8")
    marked = text.replace(
        "  - id: judicial-warrant\n", "  - id: judicial-warrant\n    verified: false\n"
    )
    assert marked != text
    law.write_text(marked, encoding="utf-8")
    case = written(tmp_path, ROBBERY_TEXT + test_cli.WARRANT)
    body = run("decide", case, "--rules", rules, "--format", "json").json
    told = {ground["rule"]: ground["unverified"] for ground in body["grounds"]}
    assert ["reading judicial-warrant"] in told.values()
    assert "not verified: reading judicial-warrant" in run("decide", case, "--rules", rules).out
    (point, *_) = [c for c in body["contested"] if c["reading"] == "judicial-warrant"]
    assert point["verified"] is False


# ---------------------------------------------------------------- law check
def test_law_check_says_ok_in_one_line_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run("law", "check")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("OK: ")
    assert len(ran.out.splitlines()) == 1
    monkeypatch.setattr(wholecheck.Checker, "check", lambda *_: True)  # all was compiled just now
    assert run("law", "check", "--format", "json").json["ok"] is True


def test_law_check_finds_a_fault_in_a_county_that_nobody_asked_about(rules: Path) -> None:
    edit(rules / "counties" / "orange.yaml", "says: open", "says: opne")
    assert run("decide", ROBBERY, "--county", "Alpine", "--rules", rules).code == 0
    refused(run("law", "check", "--rules", rules), "orange.yaml:")


def test_law_check_finds_what_the_engine_could_not_carry(rules: Path) -> None:
    county = rules / "counties" / "alpine.yaml"
    facts = ("request.by: ICE", "person.us_citizen: true", "person.victim_or_witness: true",
             "request.specific_person: true", "person.release_date_public: true",
             "request.information_public: true", "handover.agent_present: true",
             "handover.deputy_escorts: true")  # fmt: skip
    many = ", ".join(
        f"{{any: [{{{one}}}, {{request.form: letter}}, {{agency.kind: police}}]}}" for one in facts
    )
    text = TWO.replace("{any: x}", f"{{when: {{all: [{many}]}}}}")
    county.write_text(text, encoding="utf-8")
    assert run("decide", ROBBERY, "--county", "Orange", "--rules", rules).code == 0
    line = next(n for n, x in enumerate(text.splitlines(), 1) if x.endswith("- id: alpine-board"))
    ran = run("law", "check", "--rules", rules)
    refused(ran, f"alpine.yaml:{line}: policy `alpine-board`", "alternatives", "transfer")
