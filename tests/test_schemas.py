"""Every file that the program reads is valid under the JSON Schema that it publishes for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from models.case import InmateCase
from models.policy import County, CountyPolicy
from tests.test_cli import ROOT, run
from values_act.library import Library
from values_act.schemas import MODELS, schema_of
from values_act.yamltext import compose, parse

LISTS = {"scenarios": "scenario", "typical": "case"}


class _AsEditorsRead(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as an editor with a schema sees it: numbers and true are typed, days are text."""


_AsEditorsRead.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def files() -> list[tuple[str, Path]]:
    return [
        *(("law", path) for path in sorted((ROOT / "rules" / "laws").rglob("*.yaml"))),
        *(("county", path) for path in sorted((ROOT / "rules" / "counties").glob("*.yaml"))),
        ("facts", ROOT / "rules" / "facts.yaml"),
        *(("scenarios", path) for path in sorted((ROOT / "scenarios").rglob("*.yaml"))),
        *(("typical" if path.stem == "typical" else "case", path)
          for path in sorted((ROOT / "examples").rglob("*.yaml"))),
    ]  # fmt: skip


@cache
def validator(name: str) -> Draft202012Validator:
    schema = schema_of(name, Library().vocabulary)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults(name: str, text: str) -> list[str]:
    data: Any = yaml.load(text, _AsEditorsRead)
    items = data if name in LISTS else [data]
    check = validator(LISTS.get(name, name))
    return [f"{fault.json_path}: {fault.message[:200]}" for item in items
            for fault in check.iter_errors(item)]  # fmt: skip


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_schema_is_a_schema(name: str) -> None:
    validator(name)


@pytest.mark.parametrize(("name", "path"), files(), ids=lambda v: getattr(v, "stem", v))
def test_every_file_is_valid_under_its_schema(name: str, path: Path) -> None:
    assert faults(name, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "term",
    ["open", "closed", "{says: closed, practice: a}", "{rule: open}", "{unpublished: x, refer: y}",
     "{when: {request.by: ICE}}", "{when: {all: [{request.by: ICE}, {unpublished: x}]}}"],
)  # fmt: skip
def test_every_short_form_of_a_term_is_in_the_schema(term: str) -> None:
    text = (
        "id: a\ntitle: b\ncite: c\nauthority: board\nbinds: sheriff\neffective: 2018\n"
        f"source: {{title: d}}\nactions: {{transfer: {term}}}\n"
    )
    parse(CountyPolicy, compose(text, "a.yaml"))
    assert faults("policy", text) == []


@pytest.mark.parametrize("term", ["maybe", "{says: maybe}", "{when: never}", "{practice: a}", "[]"])
def test_what_is_no_term_the_schema_refuses(term: str) -> None:
    text = run("new", "policy", "Utopia").out
    assert faults("policy", text.replace("transfer: closed", f"transfer: {term}"))


CASE = "as_of: 2025-07-17\naction: transfer\n"
WRITTEN = [
    "request: {kind: transfer, date: 2025}",
    "request: {kind: [transfer, hold]}",
    "person: {us_citizen: unknown}",
    "person: {us_citizen: null}",
    "convictions: unknown",
    "convictions: [{offense: 311.10, date: 2012, findings: []}]",
    "convictions: [{sentence_months: unknown, value_usd: 950, attempt: true}]",
    "readings: {judicial-warrant: duty}",
]


@pytest.mark.parametrize("line", WRITTEN)
def test_what_a_case_may_write_the_schema_allows(line: str) -> None:
    parse(InmateCase, compose(CASE + line, "a.yaml"))
    assert faults("case", CASE + line) == []


@pytest.mark.parametrize(
    "line",
    ["request: {knid: transfer}", "person: {us_citizen: perhaps}", "convictions: some",
     "convictions: [{sentence_months: -1}]", "person: {registrant: sometimes}"],
)  # fmt: skip
def test_what_a_case_may_not_write_the_schema_refuses(line: str) -> None:
    assert faults("case", CASE + line)


def test_new_files_are_valid_under_their_schemas() -> None:
    assert faults("policy", run("new", "policy", "Utopia").out) == []
    assert faults("county", run("new", "policy", "Utopia", "--county-file").out) == []
    assert faults("case", run("new", "case").out) == []
    text = run("new", "policy", "Utopia", "--county-file").out
    parse(County, compose(text, "a.yaml"))
