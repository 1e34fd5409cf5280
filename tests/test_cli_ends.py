"""How commands end: Ctrl-C, empty folders, repeated options, and that no end is a traceback."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_cli import PROGRAM, ROBBERY, ROBBERY_TEXT, ROOT, run, written
from values_act.cli import main
from values_act.cli import run as cli_run

COMMANDS = [
    [], ["decide"], ["ask"], ["explain"], ["law"], ["law", "list"], ["law", "show"], ["counties"],
    ["counties", "list"], ["counties", "show"], ["counties", "compare"], ["law", "check"],
    ["offenses"], ["offenses", "show"],
    ["offenses", "search"], ["readings"], ["readings", "list"], ["readings", "show"],
    ["scenarios"], ["scenarios", "run"], ["scenarios", "new"], ["check"],
    ["schema"], ["new"], ["new", "case"], ["new", "policy"],
]  # fmt: skip


@pytest.fixture
def collecting() -> Iterator[None]:
    """The program turns garbage collection off for its one short run; the test run is longer."""
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_ctrl_c_while_a_file_is_read_ends_with_130_and_quietly(tmp_path: Path) -> None:
    pipe = tmp_path / "case.yaml"
    os.mkfifo(pipe)
    with (
        subprocess.Popen(
            [*PROGRAM, "decide", str(pipe)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process,
        pipe.open("wb") as writer,
    ):  # opens once the program reads, which then waits
        writer.write(b"title: a\n")
        writer.flush()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")


INTERRUPTED = """
import os, runpy, signal, sys

wanted = sys.argv.pop(1)

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
runpy.run_module("values_act", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize(
    "module",
    ["values_act.cli", "values_act.cli.run", "typer", "pydantic", "values_act.readers.durable"],
)
def test_ctrl_c_while_a_module_loads_ends_with_130_and_quietly(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, module, "decide", ROBBERY],
        cwd=ROOT, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.usefixtures("collecting")
def test_ctrl_c_in_the_middle_of_a_command_is_130_and_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli_run, "run", interrupted)
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: list[str]) -> None:
    ran = run(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    usage = ran.out.splitlines()[0]
    assert usage.startswith("Usage: ")
    assert f"values-act {' '.join(command)}".rstrip() in usage
    assert "\x1b" not in ran.out


def test_the_help_of_the_program_and_of_decide_names_every_exit_code() -> None:
    for command in ([], ["decide"]):
        said = " ".join(run(*command, "--help").out.split())
        for code in ("0 required, permitted or not regulated", "3 prohibited", "4 undetermined"):
            assert code in said
    assert "2 wrong usage; 1 anything else" in " ".join(run("--help").out.split())


def test_no_scenario_at_all_is_a_failure(tmp_path: Path) -> None:
    ran = run("scenarios", "run", tmp_path)
    assert (ran.code, ran.out, ran.err) == (1, "0 passed, 0 failed\n", "")
    assert run("scenarios", "run", tmp_path, "--format", "json").json == []


def test_a_failing_scenario_is_shown_with_its_place_and_source(tmp_path: Path) -> None:
    case = {"as_of": "2025-07-17", "action": "transfer", "agency": {"kind": "state_prison"}}
    one = {"name": "a", "why": "b", "source": "the source", "case": case,
           "expect": {"outcome": "permitted", "rule": "no-such-rule"}}  # fmt: skip
    path = written(tmp_path, json.dumps([one]), "some.yaml")
    lines = run("scenarios", "run", path).out.splitlines()
    assert lines[0] == f"FAILED {path}:1: a"
    assert any("outcome: expected permitted" in line for line in lines)
    assert any("rule: expected no-such-rule" in line for line in lines)
    assert any("source: the source" in line for line in lines)
    assert lines[-1] == "0 passed, 1 failed"


@pytest.mark.parametrize(
    ("as_of", "policies", "said"),
    [
        ("2025-02-18", ["amador-2025-02-sheriff"], None),
        ("2025-02-17", [], None),
        ("2025-02-18", [], "policies: expected none, decided amador-2025-02-sheriff"),
        ("2025-02-17", ["amador-2025-02-sheriff"],
         "policies: expected amador-2025-02-sheriff, decided none"),
    ],
)  # fmt: skip
def test_a_scenario_names_the_policies_shown_even_where_they_change_nothing(
    tmp_path: Path, as_of: str, policies: list[str], said: str | None
) -> None:
    case = {"as_of": as_of, "action": "transfer", "agency": {"kind": "sheriff", "county": "Amador"},
            "person": {"registrant": "never"}}  # fmt: skip
    one = {"name": "a", "why": "b", "source": "c", "case": case,
           "expect": {"outcome": "prohibited", "policies": policies}}  # fmt: skip
    ran = run("scenarios", "run", written(tmp_path, json.dumps([one]), "some.yaml"))
    assert (ran.code == 0) is (said is None)
    assert said is None or said in ran.out


def test_an_option_wins_over_the_reading_of_the_case(tmp_path: Path) -> None:
    warrant = (
        "readings: {judicial-warrant: permission}\nwarrants: [{issuer: federal_judge, crime: "
        "federal_criminal_immigration, probable_cause: true, authorizes_arrest: true, "
        "names_person: true, outstanding: true}]\n"
    )
    path = written(tmp_path, ROBBERY_TEXT + warrant)
    assert run("decide", path, "--format", "json").json["outcome"] == "permitted"
    ran = run("decide", path, "--reading", "judicial-warrant=duty", "--format", "json")
    assert ran.json["outcome"] == "required"


def test_several_readings_may_be_taken_at_once() -> None:
    chosen = ["--reading", "juvenile=counts", "--reading", "elsewhere=equivalents"]
    body = run("decide", ROBBERY, *chosen, "--format", "json").json
    assert body["outcome"] == "permitted"


@pytest.mark.parametrize("style", ["text", "json", "memo"])
def test_every_style_says_that_it_is_no_legal_advice(style: str) -> None:
    assert "not legal advice" in run("decide", ROBBERY, "--format", style).out


def test_the_same_case_gives_the_same_words_twice() -> None:
    for style in ("text", "json", "memo"):
        first = run("decide", ROBBERY, "--format", style).out
        assert first == run("decide", ROBBERY, "--format", style).out


@pytest.mark.usefixtures("collecting")
def test_the_entry_point_ends_with_the_exit_code_of_the_outcome(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["values-act", "decide", ROBBERY, "--county", "Los Angeles"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 3
    assert capsys.readouterr().out.startswith("PROHIBITED")


def test_a_module_beside_the_command_is_not_taken_for_one_of_the_program(tmp_path: Path) -> None:
    """As the scripts of another package may hold one, where both are installed."""
    (tmp_path / "models.py").write_text("raise RuntimeError('not this one')\n", encoding="utf-8")
    command = tmp_path / "values-act"
    command.write_text("from values_act.cli import main\nmain()\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, command, "decide", ROBBERY],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == run("decide", ROBBERY).out
