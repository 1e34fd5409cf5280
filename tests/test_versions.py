"""What a user names is the version that is meant, or one line says why it is none."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests.scenes import library
from values_act.edits import edits
from values_act.errors import InputError, ValuesActError
from values_act.versions import Side, two_sides

RULES = library().root
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of two commits: `old` is a law with a file less, and a day that was another.

    It is the current directory, and nothing around it counts as a repository.
    """
    place = tmp_path / "checkout"
    shutil.copytree(RULES, place / "rules")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.chdir(place)
    proposal = next((place / "rules/laws/proposals").glob("*.yaml"))
    text = proposal.read_text(encoding="utf-8")
    proposal.unlink()
    git(place, "init", "--initial-branch=trunk")
    git(place, "add", ".")
    git(place, "commit", "-m", "one")
    git(place, "tag", "old")
    proposal.write_text(text, encoding="utf-8")
    git(place, "add", ".")
    git(place, "commit", "-m", "two")
    return place


def named(name: str, rules: Path | None = None, law: str | None = None) -> Side:
    with two_sides(name, name, rules, law) as (first, second):
        assert first.library is second.library
        assert first == second
        return first


def refused(first: str, second: str, rules: Path | None = None, law: str | None = None) -> str:
    with pytest.raises(ValuesActError) as caught, two_sides(first, second, rules, law):
        pass
    line = str(caught.value)
    assert line.isprintable()
    return line


# ---------------------------------------------------------------- one folder of rules


def test_a_law_by_its_name() -> None:
    kinds = {law.kind: law.name for law in library().laws.values()}
    with two_sides(kinds["law"], kinds["proposal"], None, "state") as (one, other):
        assert one == Side(kinds["law"], one.library, kinds["law"])
        assert other == Side(kinds["proposal"], one.library, kinds["proposal"])
    with two_sides(kinds["composition"], "2020-01-01", None, None) as (one, other):
        assert one.law == other.law == kinds["composition"]
    said = refused(kinds["definitions"], "state")
    assert "no law (" in said


def test_a_county_a_reading_and_a_day_are_asked_of_the_law_that_is_named() -> None:
    law = next(law for law in library().enacted.values() if law.readings and law.kind == "law")
    reading = law.readings[0]
    option = next(iter(reading.options))
    county = library().county(next(iter(library().county_names))).county
    side = named(f"county:{county.lower()}", law=law.name)
    assert (side.law, side.county, side.readings, side.as_of) == (law.name, county, {}, None)
    side = named(f"{reading.id}={option}")
    assert (side.law, side.county, side.readings) == ("state", None, {reading.id: option})
    side = named("2020-02-29")
    assert (side.law, side.as_of) == ("state", date(2020, 2, 29))


def test_sides_of_one_folder_share_one_library(tmp_path: Path) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    for first, second, rules, shared in (
        ("state", "2020-01-01", None, True),
        (str(RULES), "state", None, True),
        (str(RULES), f"{RULES.parent}/", None, True),
        (str(tmp_path), f"{tmp_path}/rules", None, True),
        (str(tmp_path), "state", tmp_path / "rules", True),
        (str(tmp_path), "state", None, False),
    ):
        with two_sides(first, second, rules, None) as (one, other):
            assert (one.library is other.library) is shared
            assert edits(one.library, other.library) == []


def test_a_directory_is_meant_if_it_is_written_as_a_path_or_no_law_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("state", "mine"):
        shutil.copytree(RULES, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert named("state").library.root == RULES
    assert named("./state").library.root.resolve() == tmp_path / "state"
    assert named("mine").library.root.resolve() == tmp_path / "mine"
    monkeypatch.chdir(tmp_path / "mine")
    assert named(".").library.root.resolve() == tmp_path / "mine"
    assert named("../state").library.root.resolve() == tmp_path / "state"


# ---------------------------------------------------------------- git


@needs_git
def test_a_revision_is_the_law_as_it_was_and_is_gone_afterwards(repository: Path) -> None:
    with two_sides("old", "trunk", Path("rules"), None) as (one, other):
        places = [side.library.root for side in (one, other)]
        found = edits(one.library, other.library)
        assert (one.name, one.law, other.name) == ("old", "state", "trunk")
        assert {edit.change for edit in found} == {"added"}
        assert len({edit.file for edit in found}) == 1
        assert all(place.is_dir() and place != repository / "rules" for place in places)
    assert not [place for place in places if place.exists()]
    with two_sides("HEAD~1", ".", Path("rules"), None) as (one, other):
        assert edits(one.library, other.library) == found
    with two_sides("HEAD", "trunk", Path("rules"), None) as (one, other):
        assert one.library is other.library


@needs_git
def test_the_repository_is_that_of_the_rules_or_else_of_the_current_directory(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apart = tmp_path / "apart"
    shutil.copytree(RULES, apart)
    with two_sides("old", "HEAD", apart, None) as (old, new):
        assert old.library.digest != new.library.digest == library().digest
    monkeypatch.chdir(tmp_path)
    with two_sides("old", "HEAD", repository / "rules", None) as (old, new):
        assert old.library.digest != new.library.digest == library().digest
    said = refused("old", "state", rules=apart)
    assert "lies in a git repository" in said
    assert "not a git repository" in said  # git's own words


@needs_git
def test_a_revision_of_a_folder_of_another_name(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(RULES, tmp_path / "apart")
    (repository / "deep").mkdir()
    git(repository, "mv", "rules", "deep/law")
    git(repository, "commit", "-m", "three")
    monkeypatch.chdir(repository / "deep")
    for name in ("HEAD", "old"):  # the rules lay elsewhere then
        assert named(name, rules=repository / "deep/law").law == "state"
    said = refused("HEAD", "state", tmp_path / "apart")
    assert said.startswith("`HEAD`: no rules at that revision")


@needs_git
def test_rules_that_lie_at_the_top_of_a_repository(repository: Path) -> None:
    git(repository / "rules", "init")
    git(repository / "rules", "add", ".")
    git(repository / "rules", "commit", "-m", "own")
    side = named("HEAD", rules=repository / "rules")
    assert side.law == "state"


@needs_git
def test_only_files_of_the_law_are_laid_out(repository: Path, tmp_path: Path) -> None:
    (repository / "rules/laws/run.sh").write_text("echo", encoding="utf-8")
    (repository / "rules/laws/away.yaml").symlink_to(tmp_path)
    git(repository, "add", ".")
    git(repository, "commit", "-m", "more")
    with two_sides("HEAD", "old", Path("rules"), None) as (side, _):
        names = {path.name for path in side.library.root.rglob("*")}
        assert "facts.yaml" in names
        assert names.isdisjoint({"run.sh", "away.yaml"})


@needs_git
def test_an_error_in_a_revision_names_the_revision_and_the_file(repository: Path) -> None:
    path = next((repository / "rules/laws").glob("*.yaml"))
    text = path.read_text(encoding="utf-8")
    law = next(iter(library().enacted))
    path.write_text(text.replace('format: "1"', 'format: "7"'), encoding="utf-8")
    git(repository, "commit", "-am", "newer")
    line = text.splitlines().index('format: "1"') + 1
    said = refused("HEAD", "old", Path("rules"))
    assert refused(law, "old", Path("rules")).startswith(f"rules/laws/{path.name}:{line}:1: ")
    assert said == (
        f"HEAD:rules/laws/{path.name}:{line}:1: `format` is `7`, and this program reads format `1` "
        "only"
    )


@needs_git
def test_a_law_of_one_side_only_is_said_with_the_side(repository: Path) -> None:
    added = (repository / "rules/laws/proposals").glob("*.yaml")
    names = {law.name for law in library().laws.values() if law.kind == "proposal"}
    with two_sides("old", "HEAD", Path("rules"), None) as (one, _):
        (law,) = names - one.library.laws.keys()
    assert any(law in path.name for path in added)
    said = f"law `{law}` is not in `old`, only in `HEAD`"
    assert (
        refused("old", "HEAD", Path("rules"), law=law)
        == refused("HEAD", "old", Path("rules"), law=law)
        == said
    )
    assert refused("old", "HEAD", Path("rules"), law="no-such-law").startswith(
        "unknown law `no-such-law`"
    )
    with two_sides("old", law, Path("rules"), None) as (one, other):
        assert (one.law, other.law) == ("state", law)


@needs_git
def test_what_begins_like_an_option_is_no_option_of_git(repository: Path) -> None:
    for name in ("--help", "-h", "--all", "--output=x", "HEAD:rules", "a\nb"):
        assert refused(name, "state", Path("rules"))
    assert sorted(path.name for path in repository.iterdir()) == [".git", "rules"]


# ---------------------------------------------------------------- names that mean nothing


@needs_git
def test_an_unknown_name_is_one_line_of_what_was_tried(repository: Path) -> None:
    name = next(iter(library().enacted))
    said = refused(f"{name}x", "state", Path("rules"))
    assert said.startswith(f"`{name}x` is no directory, no law (")
    assert "no git revision (no revision of " in said
    assert "fatal: Needed a single revision" in said  # git's own words
    assert said.endswith(f"did you mean `{name}`?")
    assert "no directory" in refused("./nowhere", "state")


def test_without_git_a_revision_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = refused("state", "HEAD~1")
    assert said.startswith("`HEAD~1` is no directory, no law (")
    assert "git, which may know it as a revision, is not installed" in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "has no name"),
        ("county:Nowhere", "unknown county `Nowhere`"),
        ("2025-02-30", "`2025-02-30` is not a day"),
        ("nothing=x", "unknown reading `nothing`"),
        ("x" * 3000, "no git revision"),
        ("a\0b", "no git revision"),
        ("~", "no git revision"),
    ],
)
def test_a_form_that_means_nothing_is_one_line(name: str, said: str) -> None:
    assert said in refused(name, "state")
    assert said in refused("state", name)


def test_an_option_that_a_reading_has_not() -> None:
    reading = next(iter(library().readings.values()))
    said = refused(f"{reading.id}=nothing", "state", law=None)
    assert f"reading `{reading.id}` has no option `nothing`; options: " in said
    assert all(option in said for option in reading.options)


def test_a_directory_without_rules_says_what_it_lacks(tmp_path: Path) -> None:
    said = refused(str(tmp_path), "state")
    assert said == f"`{tmp_path}`: no rules in that directory: no facts.yaml or rules/facts.yaml"
    assert "no such directory" in refused("state", "state", rules=tmp_path / "none")


@pytest.mark.parametrize("file", ["laws/state.yaml", "facts.yaml", "counties/lake.yaml"])
def test_a_format_that_is_not_read_is_the_one_thing_said(tmp_path: Path, file: str) -> None:
    shutil.copytree(RULES, tmp_path / "rules")
    path = tmp_path / "rules" / file
    lines = path.read_text(encoding="utf-8").splitlines()
    number = lines.index('format: "1"')
    lines[number] = "format: 1.1\nfresh: a key of a later format"
    path.write_text("\n".join(lines), encoding="utf-8")
    with (
        pytest.raises(InputError) as caught,
        two_sides("state", str(tmp_path), None, None) as (one, other),
    ):
        edits(one.library, other.library)
    assert str(caught.value) == (
        f"{path}:{number + 1}:1: `format` is `1.1`, and this program reads format `1` only"
    )
