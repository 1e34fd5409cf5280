"""`check`: the files named, each by what it is; every fault, with file and line."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from tests import test_cli
from tests.test_cli import POLICY, ROBBERY, ROBBERY_TEXT, ROOT, edit, run, scenario, written
from values_act.filekinds import KINDS, copy_of, kind_in_copy, kind_of
from values_act.yamltext import compose

rules = test_cli.rules  # the fixture
FAULT = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): (?P<says>\S.*)")


def told(*files: object, under: Path | None = None) -> list[tuple[str, int, str]]:
    """The faults of some files: file, line, what is said; the exit code is held against them."""
    ran = run("check", *files, *(["--rules", under] if under else []))
    assert ran.err == ""
    lines = ran.out.splitlines()
    if ran.code == 0:
        assert re.fullmatch(r"OK: \d+ files?", ran.out.strip()), ran.out
        return []
    assert ran.code == 1
    found = [FAULT.fullmatch(line) for line in lines]
    assert all(found), lines
    return [(m["file"], int(m["line"]), m["says"]) for m in found if m]


def line_of(path: Path, text: str) -> int:
    """The one line that holds a text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return number


# ---------------------------------------------------------------- what is sound
def test_files_of_every_kind_are_sound_together(tmp_path: Path) -> None:
    files = [
        "rules/facts.yaml", "rules/laws/values-act.yaml", "rules/laws/proposals/sb-554.yaml",
        "rules/counties/orange.yaml", "rules/offenses/offenses.csv", "rules/offenses/federal.csv",
        "rules/offenses/serious.csv", "examples/robbery-orange.yaml", "examples/typical.yaml",
        "scenarios/article.yaml",
    ]  # fmt: skip
    ran = run("check", *(ROOT / file for file in files), written(tmp_path, POLICY))
    assert (ran.code, ran.out, ran.err) == (0, f"OK: {len(files) + 1} files\n", "")


def test_a_file_named_twice_is_one_file() -> None:
    assert run("check", ROBBERY, ROBBERY).out == "OK: 1 file\n"


def test_what_a_pipe_holds_is_checked_too() -> None:
    assert run("check", "-", stdin=ROBBERY_TEXT).out == "OK: 1 file\n"
    ran = run("check", "-", stdin=ROBBERY_TEXT.replace("grade: felony", "grade: felny"))
    assert ran.code == 1
    assert ran.out.startswith("standard input:9: ")


def test_every_file_of_the_project_is_of_the_kind_that_its_place_says() -> None:
    for path in (ROOT / "rules").rglob("*.yaml"):
        root = copy_of(path)
        assert root == ROOT / "rules"
        kind = kind_in_copy(root, path)
        assert kind == kind_of(compose(path.read_text(encoding="utf-8"), "a file").data)
    for path in (ROOT / "scenarios").glob("*.yaml"):
        assert copy_of(path) is None
        assert kind_of(compose(path.read_text(encoding="utf-8"), "a file").data) == "scenarios"


# ---------------------------------------------------------------- files of a copy of the law
def test_a_law_is_checked_by_itself_and_in_its_copy(rules: Path) -> None:
    path = rules / "laws" / "values-act.yaml"
    edit(path, "- is_felony: true", "- is_felny: true")
    ((file, line, says),) = told(path)
    assert file == str(path)
    rule = re.search(r"rule `([^`]+)`: unknown fact `is_felny`", says)
    assert rule is not None
    assert line == line_of(path, f"- id: {rule[1]}")


def test_every_law_with_a_fault_is_told_not_the_first_alone(rules: Path) -> None:
    changed = [rules / "laws" / f"{name}.yaml" for name in ("truth-act", "values-act", "trust-act")]
    for path in changed:
        edit(path, "\nrules:", "\nruels:")
    county = rules / "counties" / "orange.yaml"
    edit(county, "binds:", "bnds:")
    faults = told(*changed, county)
    assert {file for file, _, _ in faults} == {str(path) for path in [*changed, county]}
    assert all("did you mean" in says for _, _, says in faults)


def test_laws_that_do_not_go_together_are_each_told(rules: Path) -> None:
    changed = [rules / "laws" / f"{name}.yaml" for name in ("truth-act", "values-act")]
    for path in changed:
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\bpermits: \[\w+", "permits: [nonsense", text), encoding="utf-8")
    faults = told(*changed)
    assert {file for file, _, _ in faults} == {str(path) for path in changed}
    assert all("unknown action `nonsense`" in says for _, _, says in faults)


def test_a_fact_that_goes_is_told_where_a_law_names_it(rules: Path) -> None:
    path = rules / "facts.yaml"
    edit(path, "  - name: is_felony\n", "  - name: is_a_felony\n")
    faults = told(path)
    assert faults
    assert all("is_felony" in says for _, _, says in faults)
    assert all("/laws/" in file for file, _, _ in faults)


def test_a_fault_of_the_facts_themselves_is_told_alone(rules: Path) -> None:
    path = rules / "facts.yaml"
    edit(path, "presumed: {value: false", "presumed: {value: flase")
    law = rules / "laws" / "values-act.yaml"
    edit(law, "\nrules:", "\nruels:")
    facts, other = told(path, law)
    assert facts[0] == str(path)
    assert "flase" in facts[2]
    assert other[0] == str(law)


def test_a_mark_that_goes_is_told_where_a_county_looks_for_it(rules: Path) -> None:
    path = rules / "counties" / "san-francisco.yaml"
    edit(path, "- id: san-francisco-judge", "- id: san-francisco-jdge")
    ((file, line, says),) = told(path)
    assert file == str(path)
    assert "unknown item rule `san-francisco-judge`; did you mean `san-francisco-jdge`" in says
    assert line > 1


def test_a_county_is_not_told_for_another_county(rules: Path) -> None:
    edit(rules / "counties" / "marin.yaml", "binds:", "bnds:")
    assert told(rules / "counties" / "orange.yaml") == []
    law = rules / "laws" / "values-act.yaml"
    ((file, _, _),) = told(law)  # but a change of a law may be what broke it
    assert file.endswith("marin.yaml")


def test_two_laws_of_one_name_are_told_at_the_second(rules: Path) -> None:
    path = rules / "laws" / "zz.yaml"
    path.write_bytes((rules / "laws" / "truth-act.yaml").read_bytes())
    ((file, _, says),) = told(path)
    assert file == str(path)
    assert "is given already in" in says


def test_what_the_engine_cannot_carry_is_told_at_its_rule(rules: Path) -> None:
    path = rules / "laws" / "values-act.yaml"
    many = ", ".join(
        f"{{any: [{{years_since: {{at_most: {n}}}}}, {{counts: true}}, {{is_felony: true}}]}}"
        for n in range(1, 12)
    )
    edit(path, "    when:\n      all:\n        - counts: true\n", (
        f"    when:\n      all:\n        - all: [{many}]\n        - counts: true\n"
    ))  # fmt: skip
    faults = told(path)
    assert faults
    for file, line, says in faults:
        assert file == str(path)
        rule = re.match(r"rule `([^`]+)`", says)
        assert rule is not None
        assert line == line_of(path, f"- id: {rule[1]}")


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("offenses.csv", "1170h,", "1170hh,", "did you mean `wobbler_1170h`"),
        ("offenses.csv", ",yes,", ",yse,", "`yse` is not one of yes, no"),
        ("federal.csv", "\n", "\n1,", "a cell too many or too few"),
        ("offenses.csv", "code,", "cod,", "no column `code`"),
    ],
)
def test_a_table_of_offenses_is_checked_row_by_row(
    rules: Path, table: str, old: str, new: str, said: str
) -> None:
    path = rules / "offenses" / table
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if old.strip() in line)
    edit(path, old, new)
    ((file, line, says),) = told(path)
    assert (file, line) == (str(path), 2 if old == "\n" else number)
    assert said in says


def test_an_offense_that_the_catalogue_holds_twice_is_told_at_its_line(rules: Path) -> None:
    path = rules / "offenses" / "offenses.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    ((file, line, says),) = told(path)
    assert (file, line) == (str(path), len(text.splitlines()) + 1)
    assert "twice" in says


def test_what_a_copy_of_the_law_is_not_read_from_is_told(rules: Path) -> None:
    for name in ("laws/x.yml", "counties/deep/x.yaml", "notes.yaml", "offenses/x.txt"):
        path = rules / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("a: b\n")
        assert told(path) == [(str(path), 1, "is no file that a copy of the law is read from")]


# ---------------------------------------------------------------- other files
def test_all_faults_of_all_files_are_told(tmp_path: Path, rules: Path) -> None:
    law = rules / "laws" / "truth-act.yaml"
    edit(law, "\nrules:", "\nruels:")
    case = written(tmp_path, ROBBERY_TEXT.replace("never", "nevr"), "case.yaml")
    policy = written(tmp_path, POLICY.replace("transfer: closed", "transfr: closed"), "p.yaml")
    some = written(
        tmp_path,
        scenario("{outcome: permitted}")
        + scenario("{outcome: not_regulated}").replace("name: a", "name: b")
        + scenario("null").replace("name: a", "name: c").replace("state_prison", "state_prisn"),
        "some.yaml",
    )
    other = written(tmp_path, "a: b\nc: d\n", "other.yaml")
    gone = tmp_path / "gone.yaml"
    faults = told(case, law, policy, some, other, gone)
    assert {(file, line) for file, line, _ in faults} == {
        (str(case), 6), (str(law), line_of(law, "ruels:")), (str(policy), 2), (str(some), 1),
        (str(some), 3), (str(other), 1), (str(gone), 1),
    }  # fmt: skip
    says = {(file, line): what for file, line, what in faults}
    assert says[str(some), 1] == (
        "a: outcome: expected permitted, decided not_regulated (source: c)"
    )
    assert "did you mean `state_prison`" in says[str(some), 3]
    assert "did you mean `transfer`" in says[str(policy), 2]
    assert KINDS in says[str(other), 1]


def test_a_name_used_by_two_scenarios_is_told_across_files(tmp_path: Path) -> None:
    sound = scenario("{outcome: not_regulated}")
    one, two = written(tmp_path, sound, "one.yaml"), written(tmp_path, sound, "two.yaml")
    assert told(one) == []
    assert told(one, two) == [(str(two), 1, f"the name `a` is used already at {one}:1")]


def test_each_case_of_a_list_is_checked(tmp_path: Path) -> None:
    text = (ROOT / "examples" / "typical.yaml").read_text(encoding="utf-8")
    path = written(tmp_path, text.replace("registrant: never", "registrant: nevr"), "list.yaml")
    faults = told(path)
    assert [line for _, line, _ in faults] == [
        number for number, line in enumerate(path.read_text().splitlines(), 1) if "nevr" in line
    ]


def test_cases_and_scenarios_are_checked_under_the_law_that_is_named(
    tmp_path: Path, rules: Path
) -> None:
    case = written(tmp_path, ROBBERY_TEXT.replace("county: Orange", "county: Mine"))
    assert told(case)
    orange = (rules / "counties" / "orange.yaml").read_text(encoding="utf-8")
    mine = orange.replace("orange-", "mine-").replace("county: Orange", "county: Mine")
    (rules / "counties" / "mine.yaml").write_text(mine, encoding="utf-8")
    assert told(case, under=rules) == []


def test_a_law_that_cannot_be_read_is_told_once_not_for_each_case(
    tmp_path: Path, rules: Path
) -> None:
    edit(rules / "facts.yaml", "facts:", "fatcs:")
    one = written(tmp_path, ROBBERY_TEXT, "one.yaml")
    two = written(tmp_path, ROBBERY_TEXT, "two.yaml")
    ((file, line, _),) = told(one, two, rules / "facts.yaml", under=rules)
    assert (file, line) == (str(rules / "facts.yaml"), line_of(rules / "facts.yaml", "fatcs:"))


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.py", "print()\n"), ("a.yaml", "[]\n"), ("a.yaml", "word\n"), ("a.json", '{"a": 1}'),
     ("a.yaml", "title: x\n"), ("a.yaml", "name: x\non: push\njobs: {}\n"), ("a.csv", "a,b\n")],
)  # fmt: skip
def test_a_file_of_no_kind_that_is_known_is_told_in_one_line(
    tmp_path: Path, name: str, text: str
) -> None:
    path = written(tmp_path, text, name)
    assert told(path) == [(str(path), 1, f"is none of the files that can be checked: {KINDS}")]


def test_a_law_or_a_county_outside_of_any_copy_says_where_it_belongs(tmp_path: Path) -> None:
    for name in ("laws/truth-act.yaml", "counties/orange.yaml", "facts.yaml"):
        path = written(tmp_path, (ROOT / "rules" / name).read_text(encoding="utf-8"), "alone.yaml")
        ((_, line, says),) = told(path)
        assert line == 1
        assert says.startswith("is checked as part of a copy of the law")


def test_faults_can_be_had_as_data(tmp_path: Path) -> None:
    case = written(tmp_path, ROBBERY_TEXT.replace("never", "nevr"))
    ran = run("check", case, ROBBERY, "--format", "json")
    assert (ran.code, ran.json["ok"], ran.json["files"]) == (1, False, 2)
    assert [(fault["file"], fault["line"]) for fault in ran.json["faults"]] == [(str(case), 6)]
    assert run("check", ROBBERY, "--format", "json").json == {"ok": True, "files": 1, "faults": []}


# ---------------------------------------------------------------- whatever is in them
@pytest.mark.parametrize("seed", range(12))
def test_a_line_taken_out_of_a_file_is_a_fault_with_a_line_or_none(seed: int, rules: Path) -> None:
    """Never a traceback, and a law that `law check` refuses is refused here as well."""
    rng = Random(seed)
    files = [*sorted((rules / "laws").glob("*.yaml")), rules / "facts.yaml"]
    files += [rules / "counties" / "marin.yaml", rules / "offenses" / "offenses.csv"]
    path = rng.choice(files)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = rng.choice([n for n, line in enumerate(lines) if not line.lstrip().startswith("#")])
    path.write_text("".join(lines[:gone] + lines[gone + 1 :]), encoding="utf-8")
    faults = told(path)
    assert bool(faults) >= (run("law", "check", "--rules", rules).code != 0)
