"""`scenarios new`: a case becomes a to-do, and nobody but its author writes the answer."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import InmateCase
from models.scenario import Scenario
from tests.test_bad_input import refused
from tests.test_cli import ROBBERY, ROBBERY_TEXT, ROOT, run, scenario, written
from values_act.casetext import as_read
from values_act.newscenario import UNNAMED
from values_act.scenarios import load_file
from values_act.yamltext import compose, load_many, read_text

PASSES = "# kept\n" + scenario("{outcome: not_regulated}")

KEEPS = """- name: a
  case: {as_of: 2025-07-17, action: transfer}
  source: c
  expect: null
  why: |+
    its last line break belongs to it

"""


def entries(text: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = compose(text, "printed").data
    return data


def raw(path: object) -> Any:
    return compose(read_text(str(path)), "case").data


# ---------------------------------------------------------------- the entry
def test_the_entry_holds_the_case_as_given_and_everything_else_is_to_fill_in() -> None:
    ran = run("scenarios", "new", "--from", ROBBERY)
    assert (ran.code, ran.err) == (0, "")
    (entry,) = entries(ran.out)
    assert list(entry) == ["name", "why", "source", "case", "expect"]
    assert entry["case"] == raw(ROBBERY)
    assert list(entry["case"]) == list(raw(ROBBERY))
    assert entry["expect"] is None
    assert entry["name"] == raw(ROBBERY)["title"]
    assert entry["why"].startswith("to fill in")
    assert entry["source"].startswith("to fill in")


def test_what_comes_out_loads_and_runs_as_a_todo(tmp_path: Path) -> None:
    out = tmp_path / "new.yaml"
    assert run("scenarios", "new", "--from", ROBBERY, "-o", out).out == f"wrote {out}\n"
    ran = run("scenarios", "run", out)
    assert ran.out == (
        f"TODO   {out}:1: Robbery conviction, Orange County\n"
        "1 to do: no outcome and source given yet\n0 passed, 0 failed\n"
    )


def test_a_case_may_be_json_and_come_through_a_pipe() -> None:
    given_case = json.dumps(raw(ROBBERY) | {"title": "null"})
    (entry,) = entries(run("scenarios", "new", "--from", "-", stdin=given_case).out)
    assert entry["case"] == json.loads(given_case)


def test_every_scenario_of_the_project_comes_out_as_the_case_it_is() -> None:
    files = sorted((ROOT / "scenarios").glob("*.yaml"))
    assert files
    for path in files:
        found = compose(read_text(path), path.name).data
        text = as_read([{**one, "expect": None} for one in found])
        again = compose(text, "again")
        assert [one["case"] for one in again.data] == [one["case"] for one in found]
        placed = load_file(path)
        for (new, _), old in zip(load_many(Scenario, again), placed, strict=True):
            assert new.case == old.scenario.case


VALUES = st.recursive(
    st.none() | st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner),
)


@given(st.dictionaries(st.sampled_from(["x", "null", "a b", "2012"]), VALUES, min_size=1))
def test_any_values_come_out_as_they_were_read(data: dict[str, Any]) -> None:
    assert compose(as_read([data]), "again").data == [data]


def test_words_that_yaml_would_take_for_something_else_stay_plain() -> None:
    words = {"a": "yes", "b": "2012-05-01", "c": "1.10", "d": "012", "e": "null", "f": None}
    assert as_read(words) == "a: yes\nb: 2012-05-01\nc: 1.10\nd: 012\ne: 'null'\nf: null\n"


def test_a_case_without_a_title_is_to_be_named() -> None:
    untitled = ROBBERY_TEXT.split("\n", 1)[1]
    (entry,) = entries(run("scenarios", "new", "--from", "-", stdin=untitled).out)
    assert entry["name"] == UNNAMED
    ran = run("scenarios", "new", "--from", "-", "--name", "My: name", stdin=untitled)
    assert entries(ran.out)[0]["name"] == "My: name"


# ---------------------------------------------------------------- refused
@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("grade: felony", "grade: felny", 9, "`felny` is not one of"),
        ("registrant: never", "registrant: nevr", 6, "did you mean `never`"),
        ("registrant: never", "registrnt: never", 6, "did you mean `registrant`"),
        ("action: transfer", "action: transfr", 3, "did you mean `transfer`"),
        ("county: Orange", "county: Ornge", 4, "did you mean `Orange`"),
        ("date: 2012-05-01", "date: 2032-05-01", 10, "is after the day of the act"),
        ("as_of: 2025-07-17", "as_of: soon", 2, "soon"),
        ("title:", "readings: {none-such: a}\ntitle:", 1, "unknown reading `none-such`"),
    ],
)
def test_an_unknown_word_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    path = written(tmp_path, ROBBERY_TEXT.replace(old, new))
    out = tmp_path / "new.yaml"
    refused(run("scenarios", "new", "--from", path, "-o", out), f"{path}:{line}:", said)
    assert not out.exists()


def test_a_decision_is_refused_for_it_holds_no_facts(tmp_path: Path) -> None:
    decision = run("decide", ROBBERY, "--format", "json").out
    refused(run("scenarios", "new", "--from", "-", stdin=decision), "a decision holds no facts")


@pytest.mark.parametrize("name", ["a\x01b", "a\udc80b", "x" * 6000])
def test_a_name_that_no_file_can_hold_is_refused(name: str) -> None:
    refused(run("scenarios", "new", "--from", ROBBERY, "--name", name), "")


def test_a_file_is_never_written_over_and_only_one_place_is_given(tmp_path: Path) -> None:
    there = written(tmp_path, PASSES)
    refused(run("scenarios", "new", "--from", ROBBERY, "-o", there), "exists already")
    both = run("scenarios", "new", "--from", ROBBERY, "-o", tmp_path / "x", "--append", there)
    refused(both, "not both")
    assert there.read_text() == PASSES


# ---------------------------------------------------------------- appending
@pytest.mark.parametrize(
    "text",
    [
        PASSES,
        PASSES.removesuffix("\n"),
        PASSES + "\n\n# and a comment at the end\n",
        PASSES.replace("- {", "  - {"),
        PASSES.replace("\n", "\r\n"),
        "\ufeff" + PASSES,
        "---\n" + PASSES,
        KEEPS,
    ],
)
def test_what_the_file_held_is_kept_to_the_letter(tmp_path: Path, text: str) -> None:
    path = tmp_path / "some.yaml"
    path.write_bytes(text.encode())
    before = [placed.scenario for placed in load_file(path)]
    ran = run("scenarios", "new", "--from", ROBBERY, "--append", path)
    assert (ran.code, ran.out) == (0, f"added to {path}\n"), ran.err
    whole = path.read_bytes().decode()
    assert whole.startswith(text)
    *same, new = [placed.scenario for placed in load_file(path)]
    assert same == before
    assert new.case == InmateCase.model_validate(raw(ROBBERY))
    assert new.expect is None
    if "\r\n" in text:
        assert "\n" not in whole.replace("\r\n", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" + PASSES.splitlines()[1].removeprefix("- ") + "]\n", "written with dashes"),
        (PASSES + "...\n", "closed by `...`"),
        ("[]\n", "written with dashes"),
        ("", "file is empty"),
        (ROBBERY_TEXT, "a list is wanted"),
        (PASSES.replace("why: b", "wy: b"), "did you mean `why`"),
    ],
)
def test_a_file_that_cannot_be_added_to_is_left_as_it_is(
    tmp_path: Path, text: str, said: str
) -> None:
    path = written(tmp_path, text, "some.yaml")
    refused(run("scenarios", "new", "--from", ROBBERY, "--append", path), "some.yaml", said)
    assert path.read_text() == text


def test_a_file_that_is_not_there_is_not_made_by_appending(tmp_path: Path) -> None:
    refused(run("scenarios", "new", "--from", ROBBERY, "--append", tmp_path / "no"), "no such file")
    refused(run("scenarios", "new", "--from", ROBBERY, "--append", tmp_path), "no file that can be")
    assert list(tmp_path.iterdir()) == []


def test_names_stay_unique_in_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, PASSES, "some.yaml")
    for _ in range(3):
        run("scenarios", "new", "--from", ROBBERY, "--append", path)
    names = [placed.scenario.name for placed in load_file(path)]
    title = raw(ROBBERY)["title"]
    assert names == ["a", title, f"{title} (2)", f"{title} (3)"]
    before = path.read_bytes()
    ran = run("scenarios", "new", "--from", ROBBERY, "--append", path, "--name", "a")
    refused(ran, "the name `a` is used already")
    assert path.read_bytes() == before


def test_a_file_whose_folder_takes_no_other_file_is_not_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, PASSES, "some.yaml")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(Path, "replace", full)
    refused(run("scenarios", "new", "--from", ROBBERY, "--append", path), "no space left")
    assert path.read_text() == PASSES
    assert [entry.name for entry in tmp_path.iterdir()] == ["some.yaml"]
