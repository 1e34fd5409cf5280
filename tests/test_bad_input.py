"""Bad input: one line that names the fault, exit 1, and never a traceback or a guess."""

from __future__ import annotations

import copy
import json
import random
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.case import InmateCase
from tests import test_cli
from tests.scenes import decider
from tests.test_cli import POLICY, PROGRAM, ROBBERY, ROBBERY_TEXT, ROOT, Ran, edit, program, run

from tests.test_cli import scenario, written  # isort: skip
from values_act.errors import ValuesActError
from values_act.reasons import write_decision
from values_act.yamltext import compose, parse

rules = test_cli.rules  # the fixture
NESTED = 20_000


def refused(ran: Ran, *named: str) -> None:
    """Exit 1, nothing printed, and one line on standard error that names each of these."""
    assert ran.code == 1, ran
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1, ran.err
    assert ran.err.startswith("values-act: ")
    assert "Traceback" not in ran.err
    assert len(ran.err) < 1000
    for name in named:
        assert name in ran.err


# ---------------------------------------------------------------- files
def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    refused(run("decide", tmp_path / "none.yaml"), "none.yaml", "no such file")
    refused(run("decide", tmp_path), str(tmp_path), "directory")
    written(tmp_path, ROBBERY_TEXT, "robbery.yaml")
    refused(run("decide", tmp_path / "robery.yaml"), "did you mean", "robbery.yaml")


def test_a_file_of_50_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    refused(run("decide", path), "big.yaml", "50 MB")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"   \n# nothing\n", "empty"),
        (b"title: a\0b\n", "binary"),
        (bytes(range(256)) * 4, "binary"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "UTF-8"),
        (b"title: caf\xe9\n", "0xe9"),
        (b'title: "a\\0b"\nas_of: 2025-07-17\naction: transfer\n', "U+0000"),
        (ROBBERY_TEXT.encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_holds_no_text_is_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(raw)
    refused(run("decide", path), "case.yaml", said)


def test_an_empty_standard_input_is_refused() -> None:
    refused(run("decide", "-"), "standard input", "empty")


# ---------------------------------------------------------------- YAML
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [a, b\n", "case.yaml:"),
        ("title: a: b\n", "case.yaml:1:"),
        ("a:\n\t- b\n", "tab"),
        ("action: transfer\nas_of: 2025-07-17\naction: hold\n", "action"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "&a"),
        ("title: !!python/object/apply:os.system ['true']\n", "!!python/object"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("<<: {a: 1}\n", "<<"),
        ("? [a]\n: b\n", "key must be text"),
        ("[" * NESTED, "100 levels"),
        ("[" * NESTED + "]" * NESTED, "100 levels"),
        ("{a: " * NESTED, "100 levels"),
        ("- a list\n", "mapping"),
    ],
    ids=lambda text: text[:20],
)
def test_a_file_that_is_no_plain_yaml_is_refused(tmp_path: Path, text: str, said: str) -> None:
    refused(run("decide", written(tmp_path, text)), "case.yaml", said)


# ---------------------------------------------------------------- the case
@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("person:", "persom:", ["persom", "did you mean `person`"]),
        ("grade: felony", "grad: felony", ["grad", "did you mean `grade`"]),
        ("as_of: 2025-07-17\n", "", ["as_of", "missing"]),
        ("2025-07-17", "2012-13-01", ["2012-13-01"]),
        ("2025-07-17", "2025-07", ["as_of", "2025-07", "not one day"]),
        ("2025-07-17", "yesterday", ["yesterday"]),
        ("2012-05-01", "2012-02-30", ["convictions[1].date", "2012-02-30"]),
        ("2012-05-01", "2012-13-01", ["convictions[1].date", "2012-13-01"]),
        ("2012-05-01", "2026-01-01", ["2026-01-01", "after the day of the act", "2025-07-17"]),
        ("2012-05-01", "2026", ["2026-01-01", "after the day of the act"]),
        ("grade: felony", "grade: misdemeanor", ["PC 211", "misdemeanor"]),
        ("offense: PC 211\n    grade: felony", 'serious: "yes"\n    grade: infraction',
         ["convictions[1]", "serious", "yes", "infraction"]),
        ("grade: felony", "grade: felon", ["felon", "did you mean `felony`"]),
        ("kind: sheriff", "kind: sherif", ["sherif", "did you mean `sheriff`"]),
        ("registrant: never", "registrant: neverr", ["neverr", "did you mean `never`"]),
        ("findings: []", "findings: [firearms]", ["firearms", "did you mean `firearm`"]),
        ("date_public: false", "date_public: perhaps", ["release_date_public", "perhaps"]),
        ("findings: []", "age_at_offense: old", ["age_at_offense", "old"]),
        ("action: transfer", "action: transferr", ["transferr", "did you mean `transfer`"]),
        ("action: transfer", "action: [transfer]", ["action"]),
        ("county: Orange", "county: Ornge", ["Ornge"]),
        ("action: transfer", "action: transfer\nlaw: states", ["states", "did you mean `state`"]),
        ("action: transfer", "action: transfer\nreadings: {juvenil: counts}", ["juvenil"]),
        ("action: transfer", "action: transfer\nreadings: {juvenile: maybe}", ["maybe", "counts"]),
        ("findings: []", "evidence: rumour", ["rumour"]),
        ("convictions:", "warrants: [{form: I-200, issuer: federal_judge}]\nconvictions:",
         ["warrants[1]", "I-200"]),
        ("convictions:", "policy: {id: x}\nconvictions:", ["policy"]),
    ],
)  # fmt: skip
def test_a_case_with_a_fault_is_refused_by_name(
    tmp_path: Path, old: str, new: str, named: list[str]
) -> None:
    assert old in ROBBERY_TEXT
    refused(run("decide", written(tmp_path, ROBBERY_TEXT.replace(old, new, 1))), *named)


def test_ten_thousand_convictions_are_refused(tmp_path: Path) -> None:
    one = {"offense": "PC 211", "grade": "felony", "date": "2012"}
    case = {"as_of": "2025-07-17", "action": "transfer", "convictions": [one] * 10_000}
    path = written(tmp_path, json.dumps(case), "many.json")
    refused(run("decide", path), "many.json", "convictions", "200")


@pytest.mark.parametrize("streams", ["> /dev/full", ">&-", "<&-"])
def test_a_stream_that_cannot_be_used_fails_with_one_line(streams: str) -> None:
    command = f"{shlex.join([*PROGRAM, 'decide', '-'])} {streams}"
    done = subprocess.run(
        ["/bin/bash", "-c", command], cwd=ROOT, input=ROBBERY_TEXT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    refused(Ran(done.returncode, done.stdout, done.stderr))


def test_the_program_itself_fails_with_one_line(tmp_path: Path) -> None:
    for text in ("[" * NESTED, "title: [", ROBBERY_TEXT.replace("2012-05-01", "2012-02-30")):
        done = program("decide", written(tmp_path, text))
        refused(Ran(done.returncode, done.stdout, done.stderr), "case.yaml")


# ---------------------------------------------------------------- what is not known is not guessed
@pytest.mark.parametrize("offense", ["PC 99999", "XX 12", "HS 99999(z)", "18 USC 99999", "theft"])
def test_an_uncatalogued_offense_warns_and_stays_unknown(tmp_path: Path, offense: str) -> None:
    case = written(tmp_path, ROBBERY_TEXT.replace("PC 211", offense))
    ran = run("decide", case, "--format", "json")
    assert (ran.code, ran.json["outcome"], ran.json["permitted"]) == (4, "undetermined", None)
    assert ran.json["missing"]
    assert any(offense in warning for warning in ran.json["warnings"])
    assert offense in run("decide", case).out


# ---------------------------------------------------------------- options
@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--county", "Atlantis"], ["Atlantis"]),
        (["--county", "Ornge"], ["Ornge", "did you mean `Orange`"]),
        (["--law", "articel"], ["articel", "did you mean `article`"]),
        (["--law", "criminal-law"], ["criminal-law"]),
        (["--action", "holdd"], ["holdd", "did you mean `hold`"]),
        (["--reading", "juvenil=counts"], ["juvenil", "did you mean `juvenile`"]),
        (["--reading", "juvenile=count"], ["count", "did you mean `counts`"]),
        (["--reading", "juvenile"], ["juvenile", "ID=OPTION"]),
        (["--reading", "=counts"], ["=counts", "ID=OPTION"]),
        (["--as-of", "2025-02-30"], ["2025-02-30"]),
        (["--as-of", "2025-07"], ["2025-07"]),
        (["--as-of", "today"], ["today"]),
        (["--as-of", "2010-01-01"], ["2010-01-01", "2012-05-01"]),
        (["--rules", "/nowhere/rules"], ["/nowhere/rules"]),
        (["--policy", "/nowhere/policy.yaml"], ["/nowhere/policy.yaml"]),
    ],
)
def test_an_option_with_a_fault_is_refused_by_name(options: list[str], named: list[str]) -> None:
    refused(run("decide", ROBBERY, *options), *named)


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("law show values-akt", "values-akt"),
        ("counties show Atlantis", "Atlantis"),
        ("offenses show PC99999", "PC99999"),
        ("offenses search zebracorn", "zebracorn"),
        ("readings show juvenil", "did you mean `juvenile`"),
        ("scenarios run /nowhere", "/nowhere"),
        pytest.param("new case --as-of 2025-02-30", "2025-02-30"),
        ("new case -o /nowhere/case.yaml", "/nowhere/case.yaml"),
        (f"explain {ROBBERY} --rule va-7282.5-a9", "va-7282.5-a9"),
        ("law list --rules /nowhere", "/nowhere"),
    ],
)
def test_a_look_up_of_what_is_not_there_is_refused_by_name(command: str, named: str) -> None:
    refused(run(*command.split()), named)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("transfer: closed", "transfer: shut", ["closed"]),
        ("transfer: c", "transferr: c", ["transferr"]),
        ("transfer: closed", "transfer: {when: {gradee: felony}}", ["gradee"]),
        ("transfer: closed", "transfer: {rule: when}", ["when"]),
        ("[sheriff]", "[sherif]", ["sherif"]),
        ("effective: 2018-01-01", "effective: 2018-02-30", ["2018-02-30"]),
        ("cite: Test policy 1\n", "", ["cite", "missing"]),
        ("title: A policy", "titel: A policy", ["titel"]),
    ],
)
def test_a_policy_with_a_fault_is_refused_by_name(
    tmp_path: Path, old: str, new: str, named: list[str]
) -> None:
    assert old in POLICY
    policy = written(tmp_path, POLICY.replace(old, new, 1), "policy.yaml")
    refused(run("decide", ROBBERY, "--policy", policy), *named)


# ---------------------------------------------------------------- scenarios
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a: b\n", ["a list"]),
        ("- {name: a}\n", ["missing"]),
        (scenario("{outcome: allowed}"), ["allowed"]),
        (scenario("{outcom: permitted}"), ["outcom", "did you mean `outcome`"]),
        (scenario("null") + scenario("null"), ["`a`", "already"]),
        (scenario("null").replace("2025-07-17", "2025-02-30"), ["2025-02-30"]),
        ("", ["empty"]),
    ],
)
def test_a_scenario_file_with_a_fault_is_refused(
    tmp_path: Path, text: str, named: list[str]
) -> None:
    refused(run("scenarios", "run", written(tmp_path, text, "some.yaml")), "some.yaml", *named)


# ---------------------------------------------------------------- the law
LAW = "laws/values-act.yaml"
RULE = """
rules:
  - id: {id}
    cite: c
    title: t
    text: t
    source: {{title: t}}
    subject: {subject}
    when: {when}
    {effect}
"""


def rule(when: str, effect: str, subject: str = "case", key: str = "extra") -> str:
    return RULE.format(id=key, when=when, effect=effect, subject=subject)


def rest(rules: str) -> str:
    return rules.removeprefix("\nrules:\n")


OPEN = "permits: [transfer]\n    route: judicial"
SURE = "{agency.kind: sheriff}"


@pytest.mark.parametrize(
    ("new", "named"),
    [
        (rule("{agency.kindd: sheriff}", OPEN), ["agency.kindd", "did you mean `agency.kind`"]),
        (rule("{agency.kind: sherif}", OPEN), ["sherif", "did you mean `sheriff`"]),
        (rule(SURE, f"{OPEN}\n    prohibits: [transfer]"), ["prohibits"]),
        (rule(SURE, f"{OPEN}\n    excludes: [transfer]"), ["one effect"]),
        (rule(SURE, "note: nothing"), ["effect"]),
        (rule(SURE, "permits: [transfer]\n    route: judical"), ["did you mean `judicial`"]),
        (rule(SURE, "permits: [transferr]\n    route: judicial"), ["transferr"]),
        (rule(SURE, OPEN, key="va-7284.6-a4-warrant"), ["va-7284.6-a4-warrant", "already"]),
        (rule(SURE, f"{OPEN}\n    reading: {{juvenil: counts}}"), ["juvenil"]),
        (rule(SURE, f"{OPEN}\n    reading: {{juvenile: maybe}}"), ["maybe", "juvenile"]),
        (rule(SURE, f"{OPEN}\n    notwithstanding: [nothing]"), ["nothing"]),
        (rule("{value_usd: {at_least: many}}", OPEN, "conviction"), ["many"]),
        (rule("{}", OPEN), ["when"]),
        (rule(SURE, f"{OPEN}\n    colour: red"), ["colour"]),
    ],
)
def test_a_rule_with_a_fault_is_refused_by_name(rules: Path, new: str, named: list[str]) -> None:
    edit(rules / LAW, "\nrules:\n", new)
    refused(run("decide", ROBBERY, "--rules", rules), "values-act.yaml:", *named)
    refused(run("law", "list", "--rules", rules), *named)


def test_a_definition_by_itself_is_refused(rules: Path) -> None:
    circular = rule("{is_felony: true}", "defines: counts", "conviction")
    circular += rest(rule("{counts: true}", "defines: is_felony", "conviction", "other"))
    edit(rules / "laws" / "criminal-law.yaml", "\nrules:\n", circular)
    refused(run("decide", ROBBERY, "--rules", rules), "circular definition", "counts", "is_felony")


def test_rules_that_yield_to_each_other_are_refused(rules: Path) -> None:
    pair = rule(SURE, f"{OPEN}\n    notwithstanding: [other]")
    pair += rest(rule(SURE, f"{OPEN}\n    notwithstanding: [extra]", key="other"))
    edit(rules / LAW, "\nrules:\n", pair)
    refused(run("decide", ROBBERY, "--rules", rules), "circular", "extra", "other")


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("facts.yaml", "subject: case", "subject: cases", ["facts.yaml:", "cases"]),
        ("facts.yaml", "type: word", "type: wurd", ["facts.yaml:", "wurd"]),
        ("facts.yaml", "value: sheriff", "value: sherif", ["facts.yaml", "sherif"]),
        ("facts.yaml", "name: request.form", "name: request.kind", ["facts.yaml", "request.kind"]),
        ("facts.yaml", "[I-247A, I-247D]", "[I-247B]", ["facts.yaml", "I-247B"]),
        (LAW, 'format: "1"', 'format: "9"', ["values-act.yaml:", "9"]),
        (LAW, "name: values-act", "name: article", ["article", "twice"]),
        ("counties/orange.yaml", "binds: [sheriff]", "binds: [sherif]", ["orange.yaml:", "sherif"]),
        ("counties/orange.yaml", "hold: {says: closed", "hold: {says: no", ["orange.yaml:"]),
    ],
)
def test_a_fault_of_the_law_is_refused_with_its_file(
    rules: Path, file: str, old: str, new: str, named: list[str]
) -> None:
    edit(rules / file, old, new)
    refused(run("decide", ROBBERY, "--rules", rules), *named)


# ---------------------------------------------------------------- anything at all
TREE = yaml.load(ROBBERY_TEXT, yaml.BaseLoader)
TREE["warrants"] = [{"issuer": "federal_judge", "felony": "true"}]
TREE["charges"] = [{"offense": "PC 459/460(a)", "stage": "held_to_answer"}]
WORDS = st.sampled_from(
    ["", "unknown", "true", "felony", "PC 245(a)(1)", "664/211", "2012", "2025-07-18", "-1", "none",
     "9" * 400, "()", "\u202e", "I-200", "transfer", "hold", "case", "Los Angeles", "1e9"]
) | st.text(max_size=12)  # fmt: skip
VALUES = st.sampled_from([None, "unknown", "true", "2010"]) | st.recursive(
    st.none() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [p for step in steps for p in [(*path, step), *places(node[step], (*path, step))]]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.randoms(use_true_random=False), VALUES), min_size=1, max_size=2))
def test_a_mutated_case_is_decided_or_refused(changes: list[tuple[random.Random, Any]]) -> None:
    tree = copy.deepcopy(TREE)
    for chance, value in changes:
        if found := places(tree):
            *above, last = chance.choice(found)
            node = tree
            for step in above:
                node = node[step]
            node[last] = value
    try:
        case = parse(InmateCase, compose(json.dumps(tree), "case"))
        decision = write_decision(decider().answer(case))
    except ValuesActError as error:
        said = str(error)
    else:
        said = decision.outcome
        assert said in {*decision.possible_outcomes, "undetermined"}
    assert len(said.splitlines()) == 1
