"""`values-act ask`: replies from a pipe, how it ends, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
from datetime import date
from pathlib import Path

import pytest

from models.case import InmateCase
from tests.test_cli import POLICY, PROGRAM, ROBBERY, ROOT, WARRANT, Ran, run, written
from values_act.cli import ask as ask_command
from values_act.yamltext import compose, parse

DAY = ("ask", "--as-of", "2025-07-17")
OPEN = """
as_of: 2025-07-17
action: transfer
agency: {kind: sheriff, county: Orange}
person: {registrant: never}
convictions: unknown
charges: []
"""
UNSIGNED = WARRANT.replace("issuer: federal_magistrate_judge", "issuer: unknown")
ROBBER = ("y", "PC 211", "n")  # to whether there is a conviction, which, and another


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    """A case of which only the convictions are open."""
    return written(tmp_path, f"{OPEN}warrants: []\n", "open.yaml")


@pytest.fixture
def unsigned(tmp_path: Path) -> Path:
    """A case of which it is open who signed the warrant."""
    return written(tmp_path, OPEN.replace("unknown", "[]") + UNSIGNED, "unsigned.yaml")


def told(*replies: str) -> str:
    return "\n".join(replies) + "\n"


def saved(ran: Ran) -> InmateCase:
    """The case that a run printed last."""
    return parse(InmateCase, compose(ran.out[ran.out.rindex("# A hypothetical") :], "printed"))


def test_a_pipe_of_replies_is_decided_and_its_case_printed(opened: Path) -> None:
    ran = run("ask", opened, stdin=told(*ROBBER))
    assert (ran.code, ran.err) == (0, "")
    assert "\nPERMITTED: " in ran.out
    assert "not legal advice" in ran.out
    assert [one.offense for one in saved(ran).convictions] == ["PC 211"]  # type: ignore[union-attr]


def test_each_question_says_what_each_reply_leads_to(opened: Path, unsigned: Path) -> None:
    ran = run("ask", opened, stdin=told("n"))
    asked = ran.out[ran.out.index("Is there a conviction") :].splitlines()
    assert asked[1:3] == ["  yes -> permitted or prohibited", "  no -> prohibited"]
    ran = run("ask", unsigned)
    assert "\n  1 federal_judge: a federal judge -> required\n" in ran.out
    assert "immigration officer -> contradicts what is known\n" in ran.out


@pytest.mark.parametrize(
    ("signed", "replies", "outcome", "code"),
    [
        (True, ["federal_judge"], "REQUIRED", 0),
        (False, ROBBER, "PERMITTED", 0),
        (False, ["n"], "PROHIBITED", 3),
        (False, ["?"], "UNDETERMINED", 4),
    ],
)
def test_the_exit_code_is_the_outcome_as_of_decide(
    opened: Path, unsigned: Path, signed: bool, replies: list[str], outcome: str, code: int
) -> None:
    ran = run("ask", unsigned if signed else opened, stdin=told(*replies))
    assert f"\n{outcome}: " in ran.out
    assert (ran.code, ran.err) == (code, "")


def test_the_help_names_the_exit_codes() -> None:
    ran = run("ask", "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "3 prohibited; 4 undetermined" in " ".join(ran.out.split())


def test_a_new_case_begins_with_what_every_case_has() -> None:
    ran = run("ask", stdin=told("2025-07-17", "transfer", "none", "state_prison"))
    assert (ran.code, ran.err) == (0, "")
    assert "\nNOT REGULATED: " in ran.out
    assert saved(ran).warrants == "unknown"


def test_stopping_and_the_end_of_the_replies_show_what_is_known_so_far(opened: Path) -> None:
    ended = run("ask", opened, stdin=told("y", "PC 602"))
    stopped = run("ask", opened, stdin=told("y", "PC 602", "q", "n", "n"))
    assert ended.out == stopped.out.replace(" > q\n", " > \n")
    assert ended.code == stopped.code
    assert [one.offense for one in saved(ended).convictions] == ["PC 602"]  # type: ignore[union-attr]
    assert "it is not known whether there are other convictions" in " ".join(ended.out.split())


def test_a_pipe_may_go_back_and_say_that_it_does_not_know(opened: Path) -> None:
    straight = run("ask", opened, stdin=told("y", "PC 211", "dk"))
    around = run("ask", opened, stdin=told("b", "n", "b", "?", "back", "yes", "PC 602", "b",
                                           "PC 211", "?"))  # fmt: skip
    assert saved(straight) == saved(around)
    assert around.code == straight.code == 0
    assert around.err == "values-act: this is the first question\n"


def test_what_is_no_reply_is_one_line_and_the_question_comes_again(unsigned: Path) -> None:
    ran = run("ask", unsigned, stdin=told("federal_juge", "9", "", "federal_judge"))
    lines = ran.err.splitlines()
    assert [line.startswith("values-act: ") for line in lines] == [True] * 3
    assert lines[0].endswith("did you mean `federal_judge`?")
    assert ran.out.count("Who signed the warrant?") == 4
    assert ran.code == 0


def test_options_override_the_file_that_is_gone_on_from(opened: Path) -> None:
    ran = run("ask", opened, "--county", "Los Angeles", stdin=told(*ROBBER))
    assert ran.code == 3
    assert saved(ran).agency.county == "Los Angeles"
    ran = run("ask", opened, "--action", "hold", stdin=told(*ROBBER))
    assert "record?" not in ran.out


def test_a_file_that_leaves_nothing_open_is_decided_at_once() -> None:
    ran = run("ask", ROBBERY)
    assert (ran.code, ran.err) == (0, "")
    assert "record?" not in ran.out
    assert saved(ran).title == "Robbery conviction, Orange County"


def test_the_case_is_written_to_a_new_file_and_decides_the_same(
    tmp_path: Path, opened: Path
) -> None:
    out = tmp_path / "new.yaml"
    ran = run("ask", opened, "--out", out, stdin=told(*ROBBER))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith(f"wrote {out}\n")
    decided = run("decide", out)
    assert decided.code == 0
    assert decided.out.splitlines()[0] in ran.out


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_no_file_is_ever_overwritten_and_nothing_is_asked_then(tmp_path: Path, kind: str) -> None:
    path = tmp_path if kind == "folder" else written(tmp_path, "mine")
    ran = run("ask", ROBBERY, "--out", path)
    assert (ran.code, ran.out) == (1, "")
    assert "exists already" in ran.err
    assert kind == "folder" or path.read_text(encoding="utf-8") == "mine"


def test_a_case_that_cannot_be_written_is_printed_so_that_no_reply_is_lost(tmp_path: Path) -> None:
    ran = run("ask", ROBBERY, "--out", tmp_path / "none" / "case.yaml")
    assert ran.code == 1
    assert "no directory" in ran.err
    assert saved(ran).convictions


def test_without_day_and_act_nothing_is_decided() -> None:
    ran = run("ask", stdin="")
    assert ran.code == 1
    assert "nothing is decided" in ran.err


def test_the_day_offered_is_today_and_only_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    class Today(date):
        @classmethod
        def today(cls) -> Today:
            return cls(2019, 2, 3)

    monkeypatch.setattr(ask_command, "date", Today)
    ran = run("ask", stdin=told("", "hold", "none"))
    assert "Enter: 2019-02-03" in ran.out
    assert str(saved(ran).as_of) == "2019-02-03"
    other = run("ask", stdin=told("2025-07-17", "hold", "none"))
    assert str(saved(other).as_of) == "2025-07-17"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--action", "tranfer"], "did you mean `transfer`"),
        (["--action", "all"], "ask one at a time"),
        (["--law", "sb"], "unknown law `sb`"),
        (["--county", "Oranje"], "did you mean `Orange`"),
        (["--as-of", "2025"], "2025-07-17"),
        (["--reading", "judicial-warant=duty"], "did you mean `judicial-warrant`"),
        (["--reading", "judicial-warrant"], "ID=OPTION"),
        (["--law", "article", "--action", "interpreter"], "is not encoded"),
        (["-"], "standard input holds the replies"),
        (["none.yaml"], "no such file"),
        (["--policy", "none.yaml"], "no such file"),
    ],
)
def test_a_bad_option_is_one_line_before_anything_is_asked(options: list[str], said: str) -> None:
    ran = run("ask", *options, stdin=told("2025-07-17"))
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert said in ran.err


def test_a_policy_of_a_hypothetical_county_decides_and_is_saved(tmp_path: Path) -> None:
    policy = written(tmp_path, POLICY, "policy.yaml")
    options = (*DAY, "--action", "transfer", "--policy", policy)
    ran = run(*options, stdin=told("sheriff"))
    assert "In which county" not in ran.out
    assert saved(ran).policy is not None
    assert "[test-closed]" in ran.out
    assert run(*options, "--county", "Orange").code == 1


def test_replies_that_are_not_text_are_one_line() -> None:
    done = subprocess.run([*PROGRAM, *DAY], cwd=ROOT, input=b"\xff\xfe\n", check=False,
                          capture_output=True, timeout=120,
                          env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"})  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == b"values-act: standard input is not UTF-8\n"


def test_a_closed_standard_input_is_the_end_of_the_replies() -> None:
    command = f"exec {' '.join(PROGRAM)} ask {ROBBERY} <&-"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True,
                          timeout=120, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_at_a_question_ends_with_130_and_saves_nothing() -> None:
    with subprocess.Popen(
        [*PROGRAM, *DAY], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        seen = b""
        while not seen.endswith(b"> "):
            seen += process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")
    assert b"as_of:" not in out


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
def test_on_a_terminal_the_file_is_asked_for_at_the_end(tmp_path: Path) -> None:
    mine, new = written(tmp_path, "mine"), tmp_path / "new.yaml"
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [*PROGRAM, "ask", ROBBERY], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "200"},
    ) as process:  # fmt: skip
        os.close(theirs)
        seen = until(ours, "Enter: none] > ")
        os.write(ours, b"none\n")
        seen += until(ours, "Enter prints it) > ")
        os.write(ours, f"{mine}\n".encode())
        seen += until(ours, "Enter prints it) > ")
        os.write(ours, f"{new}\n".encode())
        seen += until(ours, f"wrote {new}")
        process.wait(timeout=60)
    os.close(ours)
    assert process.returncode == 0
    assert "exists already" in seen
    assert mine.read_text(encoding="utf-8") == "mine"
    assert run("decide", new).code == 0


def until(terminal: int, wanted: str) -> str:
    """What a terminal shows, up to a text."""
    seen = b""
    while wanted.encode() not in seen:
        seen += os.read(terminal, 1000)
    return seen.decode(errors="replace")
