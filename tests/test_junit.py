"""`scenarios run --junit`: the report that continuous integration reads."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.test_bad_input import refused
from tests.test_cli import ROOT, Ran, program, run, scenario, written
from values_act.decide import Decider
from values_act.junit import TODO, junit_xml
from values_act.library import Library
from values_act.scenarios import Placed, Result, load_file
from values_act.scenarios import run as decided

# What the schema that Jenkins checks reports against (junit-10.xsd) asks of each element: needed
# attributes, other attributes, elements inside. `file` and `line` of a case are not in it; GitLab,
# CircleCI and the actions that annotate pull requests read them.
COUNTS = {"tests", "failures", "errors"}
SCHEMA: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "time", *COUNTS}, {"testsuite"}),
    "testsuite": (
        {"name", *COUNTS},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name"},
        {"time", "classname", "group", "file", "line"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
}
# a count of all skipped cases on the outermost element is read by many, and is in newer schemas
SCHEMA["testsuites"][1].add("skipped")


def faults(element: ET.Element) -> Iterator[str]:
    """What the schema does not allow, and counts that are not those of the cases inside."""
    needed, others, inside = SCHEMA[element.tag]
    given = set(element.attrib)
    yield from (f"{element.tag} without {name}" for name in sorted(needed - given))
    yield from (f"{element.tag} with {name}" for name in sorted(given - needed - others))
    for child in element:
        if child.tag not in inside:
            yield f"{child.tag} in {element.tag}"
        else:
            yield from faults(child)
    for name, tag in (
        ("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")
    ):  # fmt: skip
        if name in given and element.attrib[name] != str(len(element.findall(f".//{tag}"))):
            yield f"{element.tag} counts {element.attrib[name]} {name}"


def reported(tmp_path: Path, *paths: object) -> tuple[Ran, ET.Element]:
    out = tmp_path / "report.xml"
    ran = run("scenarios", "run", *paths, "--junit", out)
    return ran, ET.fromstring(out.read_bytes())


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A folder of two files: one scenario passes, one fails, one is a to-do, one has no answer."""
    folder = tmp_path / "some"
    folder.mkdir()
    passes = scenario("{outcome: not_regulated}").replace("name: a", "name: passes")
    fails = scenario("{outcome: permitted}").replace("name: a", 'name: "fails <&\\" é"')
    todo = scenario("null").replace("name: a", "name: waits")
    wrong = scenario("{outcome: permitted}").replace("name: a", "name: cannot be")
    written(folder, f"# a comment\n{passes}\n{fails}", "first.yaml")
    written(folder, todo + wrong.replace("state_prison", "state_prisn"), "second.yaml")
    return folder


def test_the_report_keeps_the_schema_and_counts_right(tmp_path: Path, three: Path) -> None:
    ran, root = reported(tmp_path, three)
    assert (ran.code, ran.err) == (1, "")
    assert list(faults(root)) == []
    assert root.attrib.items() >= {"tests": "4", "failures": "2", "skipped": "1"}.items()
    sizes = {Path(suite.attrib["name"]).name: suite.attrib["tests"] for suite in root}
    assert sizes == {"first.yaml": "2", "second.yaml": "2"}


def test_the_check_sees_a_wrong_count_and_a_foreign_attribute() -> None:
    suite = (
        '<testsuite name="x" tests="2" failures="0" errors="0"><testcase wrong="1"/></testsuite>'
    )
    assert list(faults(ET.fromstring(suite))) == [
        "testcase without name", "testcase with wrong", "testsuite counts 2 tests"
    ]  # fmt: skip


def test_each_case_has_its_name_file_line_and_what_became_of_it(
    tmp_path: Path, three: Path
) -> None:
    _, root = reported(tmp_path, three)
    cases = {case.attrib["name"]: case for case in root.iter("testcase")}
    placed = {one.scenario.name: one for f in three.iterdir() for one in load_file(f)}
    assert cases.keys() == placed.keys()
    for name, case in cases.items():
        assert case.attrib["file"] == str(placed[name].file)
        assert case.attrib["line"] == str(placed[name].line)
    assert list(cases["passes"]) == []
    assert cases["waits"].find("skipped") is not None
    assert cases["waits"].find("skipped").attrib == {"message": TODO}  # type: ignore[union-attr]


def test_a_failure_gives_the_place_every_problem_and_the_source(
    tmp_path: Path, three: Path
) -> None:
    text = (three / "first.yaml").read_text().replace(
        "{outcome: permitted}", "{outcome: permitted, rule: nothing}"
    )  # fmt: skip
    (three / "first.yaml").write_text(text)
    _, root = reported(tmp_path, three)
    wrong, not_decided = root.iter("failure")
    assert wrong.attrib["message"] == "outcome: expected permitted, decided not_regulated"
    lines = (wrong.text or "").splitlines()
    assert lines[0] == f"{three / 'first.yaml'}:4"
    assert lines[1] == wrong.attrib["message"]
    assert lines[2].startswith("rule: expected nothing, decided by ")
    assert lines[3:] == ["source: c"]
    assert (wrong.attrib["type"], not_decided.attrib["type"]) == ("not as expected", "not decided")
    assert "did you mean `state_prison`" in not_decided.attrib["message"]


def test_the_usual_output_is_as_it_is_without_a_report(tmp_path: Path, three: Path) -> None:
    for form in ("text", "json"):
        ran = run("scenarios", "run", three, "--format", form, "--junit", tmp_path / "r.xml")
        assert ran == run("scenarios", "run", three, "--format", form)


def test_files_below_the_folder_that_ci_runs_in_are_named_from_there() -> None:
    (placed, *_) = load_file(ROOT / "scenarios" / "article.yaml")
    report = junit_xml([Result(placed, "passed")], ROOT)
    root = ET.fromstring(report)
    assert root[0].attrib["file"] == "scenarios/article.yaml"
    assert root[0][0].attrib["classname"] == "scenarios/article"


def test_scenarios_of_the_project_are_reported_by_name_in_their_order() -> None:
    decider = Decider(Library(), use_engine=False)
    placed = load_file(ROOT / "scenarios" / "worked-cases.yaml")
    results = [decided(one, decider) for one in placed]
    assert all(result.state == "passed" for result in results)
    root = ET.fromstring(junit_xml(results, ROOT))
    assert list(faults(root)) == []
    assert [case.attrib["name"] for case in root.iter("testcase")] == [
        one.scenario.name for one in placed
    ]


def test_what_xml_cannot_hold_is_spelled_out() -> None:
    (placed, *_) = load_file(ROOT / "scenarios" / "article.yaml")
    odd = Placed(placed.scenario, Path("a\x01b\udc80\ufffe.yaml"), 3)
    report = junit_xml([Result(odd, "failed", ("one\x00two",))], ROOT)
    root = ET.fromstring(report)
    assert root[0].attrib["file"] == r"a\x01b\udc80\ufffe.yaml"
    assert root[0][0][0].attrib["message"] == r"one\x00two"


# ---------------------------------------------------------------- the file
def test_a_report_takes_the_place_of_the_one_before_and_leaves_nothing_else(
    tmp_path: Path, three: Path
) -> None:
    out = written(tmp_path, "the one before", "report.xml")
    out.chmod(0o640)
    reported(tmp_path, three)
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert {path.name for path in tmp_path.iterdir()} == {"report.xml", "some"}


def test_a_new_report_may_be_read_by_whom_the_umask_allows(tmp_path: Path, three: Path) -> None:
    before = os.umask(0o027)
    try:
        reported(tmp_path, three)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report.xml").stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path, three: Path) -> None:
    (tmp_path / "there.xml").touch()
    (tmp_path / "report.xml").symlink_to("there.xml")
    reported(tmp_path, three)
    assert (tmp_path / "report.xml").is_symlink()
    assert (tmp_path / "there.xml").read_bytes().startswith(b"<?xml")


def test_a_place_that_cannot_be_is_refused_before_anything_is_decided(tmp_path: Path) -> None:
    missing = tmp_path / "none" / "r.xml"
    refused(run("scenarios", "run", tmp_path, "--junit", missing), f"no directory `{tmp_path}/none")
    refused(run("scenarios", "run", tmp_path, "--junit", tmp_path), "is a directory")


def test_a_report_may_go_to_what_is_no_plain_file(three: Path) -> None:
    """`/dev/stdout` is written into, never taken out."""
    ran = program("scenarios", "run", three, "--format", "json", "--junit", "/dev/stderr")
    assert ET.fromstring(ran.stderr.encode()).tag == "testsuites"
    assert len(json.loads(ran.stdout)) == 4
    assert Path("/dev/stderr").exists()


def test_a_file_that_cannot_be_loaded_leaves_the_report_as_it_was(
    tmp_path: Path, three: Path
) -> None:
    out = written(tmp_path, "the one before", "report.xml")
    written(three, "- {name: x}", "broken.yaml")
    refused(run("scenarios", "run", three, "--junit", out), "broken.yaml:1")
    assert out.read_text() == "the one before"
