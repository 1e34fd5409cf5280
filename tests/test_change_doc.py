"""docs/change.md, the workflow and the hooks: every command is one, and steps do as they say."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from tests.test_cli import ROOT
from values_act.cli import commands  # noqa: F401  # registers the commands
from values_act.cli.app import app

DOC = (ROOT / "docs" / "change.md").read_text(encoding="utf-8")
WORKFLOW: Any = yaml.safe_load((ROOT / "examples" / "github-actions.yml").read_text("utf-8"))
HOOKS: Any = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = WORKFLOW["jobs"]["change"]["steps"]
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
PROGRAM = "values-act"


# ---------------------------------------------------------------- commands
def calls(script: str) -> Iterator[tuple[str, ...]]:
    """The words after each `values-act` of a shell script, those inside `sh -c` too."""
    for line in script.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, ";"]:
            if word and set(word) <= set("();<>|&"):
                if PROGRAM in words:
                    yield tuple(words[words.index(PROGRAM) + 1 :])
                words = []
            else:
                words.append(word)
                if words[:-1][-2:] == ["sh", "-c"]:
                    yield from calls(word)


def told() -> list[tuple[str, tuple[str, ...]]]:
    """Every command of the three files, and where it stands: whole, or named in a sentence."""
    scripts = [("docs", body) for language, body in BLOCK.findall(DOC) if not language]
    scripts += [("text", text) for text in re.findall(r"`(values-act [^`]+)`", DOC)]
    scripts += [("workflow", step["run"]) for step in STEPS if "run" in step]
    scripts += [("hook", hook["entry"]) for hook in HOOKS]
    found = [(place, call) for place, script in scripts for call in calls(script)]
    return list(dict.fromkeys(found))


def test_commands_are_found_in_pipes_lists_and_quotes() -> None:
    script = """a | xargs values-act check --rules r < f
sh -c 'values-act diff A B || test $? -eq 3' # values-act none
values-act decide "x y" > z || code=$?"""
    assert list(calls(script)) == [
        ("check", "--rules", "r"), ("diff", "A", "B"), ("decide", "x y")
    ]  # fmt: skip


def test_every_file_has_commands() -> None:
    assert {place for place, _ in told()} == {"docs", "text", "workflow", "hook"}


def readable(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " ".join(value)


@pytest.mark.parametrize(("place", "call"), told(), ids=readable)
def test_every_command_and_option_is_one_of_the_program(place: str, call: tuple[str, ...]) -> None:
    command: Any = typer.main.get_command(app)
    name, words = PROGRAM, list(call)
    while hasattr(command, "commands"):
        assert words, f"{place}: `{name}` is a group of commands"
        assert words[0] in command.commands, f"{place}: no command `{words[0]}`"
        name = words.pop(0)
        command = command.commands[name]
    if place == "text":
        return
    try:
        command.make_context(name, [*words, "FILE"] if takes_files(place, call) else words)
    except typer.TyperException as error:
        pytest.fail(f"{place}: {error.format_message()}")


def takes_files(place: str, call: tuple[str, ...]) -> bool:
    """Whether what runs the command adds names of files to it."""
    if place == "hook":
        own = [hook for hook in HOOKS if call in calls(hook["entry"])]
        return all(hook.get("pass_filenames", True) for hook in own)
    scripts = [step["run"] for step in STEPS if "run" in step]
    return place == "workflow" and any("xargs" in run and call in calls(run) for run in scripts)


# ---------------------------------------------------------------- hooks
def test_hooks_have_what_pre_commit_asks_for_and_nothing_it_does_not_know() -> None:
    known = {
        "id", "name", "entry", "language", "files", "description", "pass_filenames",
        "require_serial", "verbose", "fail_fast",
    }  # fmt: skip
    assert [hook["id"] for hook in HOOKS] == [
        "values-act-check", "values-act-scenarios", "values-act-diff"
    ]  # fmt: skip
    for hook in HOOKS:
        assert {"id", "name", "entry", "language"} <= hook.keys() <= known
        assert hook["language"] == "python"


@pytest.mark.parametrize(
    ("file", "hooks"),
    [
        ("rules/laws/proposals/ab-85.yaml", 3), ("rules/offenses/federal.csv", 3),
        ("scenarios/article.yaml", 2), ("docs/rules/x.yaml", 0), ("rules/readme.md", 0),
        ("tests/rules/x.yaml", 0),
    ],
)  # fmt: skip
def test_hooks_run_for_files_of_the_law_and_of_scenarios(file: str, hooks: int) -> None:
    assert sum(bool(re.search(hook["files"], file)) for hook in HOOKS) == hooks


def test_the_document_shows_how_every_hook_is_configured() -> None:
    (config,) = [yaml.safe_load(body) for language, body in BLOCK.findall(DOC) if language]
    shown = [hook["id"] for repo in config["repos"] for hook in repo["hooks"]]
    assert shown == [hook["id"] for hook in HOOKS]
    assert re.findall(r"^\| `(values-act-\w+)` \|", DOC, re.MULTILINE) == shown


# ---------------------------------------------------------------- the workflow
def step(name: str) -> dict[str, Any]:
    (found,) = [step for step in STEPS if step.get("name") == name]
    return found


def done(
    script: str, folder: Path, tools: dict[str, str] | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner does, with stand-ins for some programs."""
    for name, body in (tools or {}).items():
        tool = folder / "bin" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(f"#!/usr/bin/env bash\n{body}\n")
        tool.chmod(0o755)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-c", script],
        cwd=folder, env={**os.environ, "PATH": path, **variables}, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert list(WORKFLOW[True]) == ["pull_request"]  # YAML reads `on` as true
    (checkout,) = [step for step in STEPS if "checkout" in step.get("uses", "")]
    assert checkout["with"]["fetch-depth"] == 0
    assert all(("run" in step) != ("uses" in step) for step in STEPS)


@pytest.mark.parametrize(("code", "ends"), [(0, 0), (3, 0), (1, 1), (2, 2)])
def test_a_difference_is_no_failure_and_an_error_is(tmp_path: Path, code: int, ends: int) -> None:
    tools = {"values-act": f'echo "$@"; exit {code}'}
    ran = done(
        step("Compare the answers")["run"], tmp_path, tools,
        BASE="b", HEAD="h", GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
    )  # fmt: skip
    assert ran.returncode == ends, ran.stderr
    assert (tmp_path / "diff.md").read_text() == "diff b h --format markdown\n"
    assert (tmp_path / "summary").exists() == (ends == 0)


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_comment_is_never_longer_than_it_may_be_and_is_whole_text(
    tmp_path: Path, size: int
) -> None:
    line = "xé" * 50 + "\n"
    (tmp_path / "diff.md").write_text(line * (size // len(line) + 1), encoding="utf-8")
    ran = done(
        step("Comment")["run"], tmp_path, {"gh": 'echo "$@"'}, NUMBER="7", RUN="https://run"
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [
        "pr", "comment", "7", "--edit-last", "--create-if-none", "--body-file", "comment.md"
    ]  # fmt: skip
    comment = (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert len(comment) < 65_536
    body, cut, _ = comment.partition("\nCut short")
    assert bool(cut) == (size > 10)
    assert set(filter(None, body.split("\n"))) == {line.strip()}


def test_the_two_sides_are_the_base_and_the_merge_and_changed_files_are_checked(
    tmp_path: Path,
) -> None:
    made = done(
        """
        git init -q -b main . && git config user.email a@b && git config user.name a
        mkdir rules && touch rules/old.yaml 'rules/gone.yaml' && git add . && git commit -qm one
        git switch -qc change && echo x > 'rules/a new.yaml' && git rm -q rules/gone.yaml
        echo y > other && git add . && git commit -qm two
        git switch -q main && echo z > rules/old.yaml && git commit -qam three
        git rev-parse HEAD && git merge -q --no-edit change && git rev-parse HEAD
        """,
        tmp_path,
    )
    assert made.returncode == 0, made.stderr
    base, head = made.stdout.split()
    env = tmp_path / "env"
    assert done(step("Find the two sides")["run"], tmp_path, GITHUB_ENV=str(env)).returncode == 0
    sides = dict(line.split("=") for line in env.read_text().splitlines())
    assert sides == {"BASE": base, "HEAD": head}
    tools = {"values-act": 'printf "[%s]" "$@"'}
    ran = done(step("Check the files that changed")["run"], tmp_path, tools, **sides)
    assert ran.stdout == "[check][--rules][rules][rules/a new.yaml]", ran.stderr
