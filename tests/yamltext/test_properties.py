"""Claims about any text whatever: it is read, or refused in one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from models.base import Model
from models.case import InmateCase
from models.law import FactBook, Law
from models.policy import County
from models.scenario import Scenario
from tests.yamltext.cards import Card, data
from values_act import yamltext
from values_act.errors import InputError, Steps
from values_act.yamltext import Document, compose, load_many, parse, parse_file

CHARACTERS = st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff\u2028\u2029"
).filter(lambda char: yamltext._FORBIDDEN.search(char) is None)
TEXTS = st.text(CHARACTERS, max_size=12)
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
ROOTS = st.lists(TREES, max_size=4) | st.dictionaries(TEXTS, TREES, max_size=4)
FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
MODELS = st.sampled_from([InmateCase, Law, FactBook, County, Scenario, Card])


def as_text(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: as_text(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_text(value) for value in node]
    return node if node is None or isinstance(node, str) else json.dumps(node)


@FUZZ
@given(
    tree=ROOTS,
    indent=st.sampled_from([None, 0, 2, "\t"]),
    separators=st.sampled_from([(",", ":"), (", ", ": "), ("\t,\n", "\n:\t")]),
    ascii_only=st.booleans(),
)
def test_any_json_is_read_as_json_reads_it_with_scalars_as_text(
    tree: Any, indent: int | str | None, separators: tuple[str, str], ascii_only: bool
) -> None:
    text = json.dumps(tree, indent=indent, separators=separators, ensure_ascii=ascii_only)
    assert data(text) == as_text(tree)


def scalars(node: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    if isinstance(node, (dict, list)):
        for step, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from scalars(value, (*path, step))
    else:
        yield path, node


@FUZZ
@given(tree=ROOTS, indent=st.sampled_from([None, 1, 4]))
def test_every_value_stands_where_it_is_said_to(tree: Any, indent: int | None) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=False)
    document = compose(text, "f.yaml")
    lines = text.split("\n")
    for path, value in scalars(tree):
        line, column = document.where(path)
        assert lines[line - 1][column - 1 :].startswith(json.dumps(value, ensure_ascii=False))


def read_or_refuse(text: str, model: type[BaseModel]) -> None:
    try:
        document = compose(text, "f.yaml")
        assert isinstance(document, Document)
        parse(model, document)
        load_many(model, document)
    except InputError as error:
        line = str(error)
        assert line.isprintable()
        assert line.startswith("f.yaml:")


@FUZZ
@given(text=st.text(max_size=80), model=MODELS)
def test_any_text_is_read_or_refused_in_one_line(text: str, model: type[BaseModel]) -> None:
    read_or_refuse(text, model)


SHARDS = st.sampled_from(
    [
        *"abc:-[]{}#&*!|>'\"%@`?,~<\\ \n\t\r",
        *["\n  ", "\n- ", ": ", "? ", "<<: ", "&a ", "*a ", "!t ", "--- ", "...\n", "null", "|\n "],
        *["%YAML 1.1\n", "\\u0000", "\\ud83d\\ude00", "action", "as_of: 2025-07-17\n", "{}", "[]"],
    ]
)


@settings(FUZZ, max_examples=1000)
@given(shards=st.lists(SHARDS, max_size=30), model=MODELS, pure=st.booleans())
def test_any_heap_of_yaml_signs_is_read_or_refused_in_one_line(
    shards: list[str], model: type[BaseModel], pure: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if pure:
            patch.setattr(yamltext, "_LOADER", yaml.SafeLoader)
        read_or_refuse("".join(shards), model)


@FUZZ
@given(raw=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_in_one_line(
    raw: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(raw)
    try:
        parse_file(InmateCase, path)
    except InputError as error:
        line = str(error)
        assert line.isprintable()


def field_names(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields).union(*(field_names(kind) for kind in model.__subclasses__()))


WORDS = sorted(
    field_names(Model)
    | {"all", "any", "not", "found", "open", "unpublished", "at_most", "from", "transfer", "x"}
)
VALUES = st.sampled_from(
    ["true", "unknown", "2012-05-01", "2012", "felony", "case", "1", "-1", "1.5", "x", "", "open"]
)
FORMS = st.recursive(
    VALUES | st.none() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=10,
)
SOURCE = {"title": "SB 54", "confidence": "high"}
WHEN = {"all": [{"grade": "felony"}, {"not": {"years_since": {"at_most": "15"}}}, {"found": "r"}]}
RULE = {
    "id": "r",
    "cite": "c",
    "title": "t",
    "text": "t",
    "source": SOURCE,
    "subject": "case",
    "when": WHEN,
    "permits": ["transfer"],
    "route": "discretion",
    "effective": "2018-01-04",
}
POLICY = {
    "id": "p",
    "title": "t",
    "cite": "c",
    "authority": "board",
    "binds": ["sheriff"],
    "actions": {"transfer": {"when": WHEN}, "hold": "closed"},
    "source": SOURCE,
}
CASE = {
    "as_of": "2025-07-17",
    "action": "transfer",
    "agency": {"kind": "sheriff"},
    "request": {"kind": ["transfer", "hold"], "date": "2025-07"},
    "convictions": [{"offense": "PC 211", "date": "2012", "findings": [], "dui": "false"}],
    "charges": "unknown",
    "warrants": [{"felony": "true"}],
    "policy": POLICY,
}
GOOD: list[tuple[type[BaseModel], dict[str, Any]]] = [
    (InmateCase, CASE),
    (Law, {"name": "n", "title": "t", "source": SOURCE, "rules": [RULE]}),
    (County, {"county": "c", "policies": [POLICY], "rules": [RULE]}),
    (Scenario, {"name": "n", "why": "w", "source": "s", "case": CASE, "expect": None}),
]


@pytest.mark.parametrize(("model", "form"), GOOD)
def test_the_forms_that_are_spoiled_below_are_good(
    model: type[BaseModel], form: dict[str, Any]
) -> None:
    parse(model, compose(json.dumps(form), "f.yaml"))


def inner_nodes(node: Any) -> Iterator[tuple[Any, Any]]:
    for step, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield node, step
        if isinstance(value, (dict, list)):
            yield from inner_nodes(value)


@settings(FUZZ, max_examples=1000)
@given(good=st.sampled_from(GOOD), spoil=st.data())
def test_a_good_form_spoiled_anywhere_is_read_or_refused_in_one_line(
    good: tuple[type[BaseModel], dict[str, Any]], spoil: st.DataObject
) -> None:
    model, form = good[0], json.loads(json.dumps(good[1]))
    for _ in range(spoil.draw(st.integers(1, 3))):
        node, step = spoil.draw(st.sampled_from(list(inner_nodes(form))))
        how = spoil.draw(st.sampled_from(["replace", "remove", "rename"]))
        if how == "replace":
            node[step] = spoil.draw(FORMS)
        elif isinstance(node, dict) and how == "rename":
            node[spoil.draw(st.sampled_from(WORDS))] = node.pop(step)
        elif len(form) > 1:
            del node[step]
    read_or_refuse(json.dumps(form), model)
