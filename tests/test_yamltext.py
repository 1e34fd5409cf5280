"""Claims about reading: what is refused, in which words, and where it is said to stand."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from models.base import Model
from models.case import InmateCase
from models.law import FactBook, Law
from models.policy import County
from models.scenario import Scenario
from values_act import yamltext
from values_act.errors import (
    EngineError,
    InputError,
    LawError,
    Steps,
    ValuesActError,
    did_you_mean,
    shown,
    spelled,
)
from values_act.yamltext import (
    MAX_DEPTH,
    Document,
    compose,
    load_many,
    name_of,
    parse,
    parse_file,
    read_text,
)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_or_more(value: Any) -> Any:
    return [value] if isinstance(value, (str, dict)) else value


def _yes_no(value: Any) -> bool:
    if value in ("true", "false"):
        return bool(value == "true")
    raise ValueError(f"`{value}` is neither true nor false")


def _tree(value: Any) -> Any:
    if isinstance(value, dict) and "leaf" in value:
        return Leaf.model_validate(value["leaf"])
    if isinstance(value, dict) and isinstance(value.get("all"), list):
        return Branch(parts=tuple(_tree(part) for part in value["all"]))
    if isinstance(value, (Leaf, Branch)):
        return value
    raise ValueError("a tree is all or leaf")


class Leaf(Strict):
    name: str
    at_least: int = 1


class Branch(Strict):
    parts: tuple[Any, ...]


class Item(Strict):
    offense: str | None = None
    grade: Literal["felony", "misdemeanor", "infraction"] | None = None
    years: int | None = Field(default=None, ge=0, le=99)
    proved: Annotated[bool, BeforeValidator(_yes_no)] | None = None
    note: Annotated[str, Field(max_length=20)] | None = None


class Card(Strict):
    action: str
    items: tuple[Item, ...] | Literal["unknown"] = ()
    kinds: Annotated[tuple[Literal["hold", "transfer"], ...], BeforeValidator(_one_or_more)] = ()
    parts: Annotated[tuple[Item, ...], BeforeValidator(_one_or_more)] = ()
    named: dict[str, Item] = {}
    few: tuple[str, ...] = Field(default=(), max_length=2)
    some: tuple[str, ...] | None = Field(default=None, min_length=1)
    choice: bool | int | None = None
    version: Literal["1"] = "1"
    first: str | None = None
    second: str | None = None
    tree: Annotated[Leaf | Branch, BeforeValidator(_tree)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Card:
        if self.first and self.second and self.first > self.second:
            raise ValueError(f"first `{self.first}` comes after second `{self.second}`")
        return self


def one_line(error: InputError) -> str:
    line = str(error)
    assert line.isprintable(), line  # a newline is not printable
    assert len(line) <= 1000
    assert not line.endswith(".")
    for word in ("Value error", "pydantic", "Input should", "tuple[", "literal[", "<unicode"):
        assert word not in line
    return line


def refused(text: str, model: type[BaseModel] = Card) -> str:
    with pytest.raises(InputError) as caught:
        parse(model, compose(text, "f.yaml"))
    return one_line(caught.value)


def refused_file(path: str | Path, limit: int = yamltext.LIMIT) -> str:
    with pytest.raises(InputError) as caught:
        compose(read_text(path, limit), name_of(path))
    return one_line(caught.value)


def data(text: str) -> Any:
    return compose(text, "f.yaml").data


@pytest.fixture(params=["libyaml", "pure Python"])
def each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    loader = yaml.CSafeLoader if request.param == "libyaml" else yaml.SafeLoader
    monkeypatch.setattr(yamltext, "_LOADER", loader)
    return str(request.param)


# ---------------------------------------------------------------- errors


def test_every_error_of_ours_is_one_printable_line_and_exits_with_1() -> None:
    for kind in (ValuesActError, InputError, LawError, EngineError):
        error = kind("a\nb\t\x1b[31mc\u202ed\ud800" + "e" * 2000)
        assert issubclass(kind, ValuesActError)
        assert error.exit_code == 1
        assert str(error).startswith("a b \\x1b[31mc\\u202ed\\ud800ee")
        assert str(error).isprintable()
        assert len(str(error)) == 1000


def test_a_near_word_is_suggested_whatever_its_case_and_a_far_one_is_not() -> None:
    words = ["felony", "misdemeanor", "San Francisco"]
    assert did_you_mean("felny", words) == "; did you mean `felony`?"
    assert did_you_mean("FELONY", words) == "; did you mean `felony`?"
    assert did_you_mean("san fransisco", words) == "; did you mean `San Francisco`?"
    assert did_you_mean("zzz", words) == ""
    assert did_you_mean("felony", ["felony"]) == ""
    assert did_you_mean("", words) == ""
    assert did_you_mean("felony", []) == ""
    assert did_you_mean("f" * 1_000_000, words) == ""


def test_a_path_is_spelled_as_people_count() -> None:
    assert spelled(("convictions", 0, "grade")) == "convictions[1].grade"
    assert spelled((2, "case", "as_of")) == "[3].case.as_of"
    assert spelled(()) == ""
    assert len(spelled(("x" * 5000,))) == 60


def test_a_value_is_shown_short_and_a_container_by_its_kind() -> None:
    assert shown("a") == "`a`"
    assert shown(None) == "an empty value"
    assert (shown([]), shown({})) == ("a list", "a mapping")
    assert len(shown("x" * 5000)) == 62


# ---------------------------------------------------------------- scalars stay text


@pytest.mark.parametrize(
    "text",
    ["311.10", "on", "yes", "true", "2012-05-01", "0x1F", "1_000", "012", "1e3", "1:30", ".inf"],
)
@pytest.mark.usefixtures("each_parser")
def test_a_plain_scalar_stays_the_text_it_is(text: str) -> None:
    assert data(f"a: {text}") == {"a": text}
    assert data(f"{text}: a") == {text: "a"}


@pytest.mark.parametrize("text", ["null", "Null", "NULL", "~", ""])
@pytest.mark.usefixtures("each_parser")
def test_a_plain_null_is_nothing_and_a_quoted_one_is_text(text: str) -> None:
    assert data(f"a: {text}\nb: c") == {"a": None, "b": "c"}
    assert data(f"a: '{text}'") == {"a": text}
    assert data(f'a: "{text}"') == {"a": text}


@pytest.mark.usefixtures("each_parser")
def test_every_style_of_yaml_is_read() -> None:
    text = (
        "# note\na: |\n  x\n  y\nb: >\n  x\n  y\nc: [1, {d: e}]\n'f': \"g\\th\\u00e9\"\nh:\n- i\n"
    )
    want = {"a": "x\ny\n", "b": "x y\n", "c": ["1", {"d": "e"}], "f": "g\thé", "h": ["i"]}
    assert data(text) == want
    assert data("---\n- PC 459/460(a)\n...\n") == ["PC 459/460(a)"]
    assert data("\ufeffa: é\r\nb: ñ\r\n") == {"a": "é", "b": "ñ"}


def test_a_long_scalar_is_read() -> None:
    assert data("a: " + "x" * 1_500_000) == {"a": "x" * 1_500_000}
    assert data('a: "' + "x" * 1_500_000 + '"') == {"a": "x" * 1_500_000}


# ---------------------------------------------------------------- refused YAML

BAD = {
    "duplicate key": ("a: 1\nb: 2\na: 3", "3:1: key `a` is given twice, first on line 1"),
    "duplicate in a flow mapping": ("{a: 1, a: 2}", "1:8: key `a` is given twice"),
    "duplicate inside": (
        "x:\n  - a: 1\n    'a': 2",
        "3:5: key `a` is given twice, first on line 2",
    ),
    "anchor on a value": ("a: &x 1", "1:4: `&x`: anchors and aliases are not read"),
    "anchor on a key": ("&x a: 1", "1:1: `&x`: anchors"),
    "anchor on a list": ("a: &x [1]", "1:4: `&x`: anchors"),
    "anchor on a mapping": ("a: &x {b: 1}", "1:4: `&x`: anchors"),
    "alias": ("a: 1\nb: *x", "2:4: `*x`: anchors and aliases"),
    "alias as a key": ("*x : 1", "1:1: `*x`: anchors and aliases"),
    "python tag": ("!!python/object:os.system {a: b}", "1:1: `!!python/object:os.system`: tags"),
    "tag on a value": ("a: !foo b", "1:4: `!foo`: tags are not read"),
    "tag of YAML's own": ("a: !!str 1", "1:4: `!!str`: tags are not read"),
    "tag on a key": ("!foo a: b", "1:1: `!foo`: tags are not read"),
    "tag that says nothing": ("a: ! b", "1:4: `!`: tags are not read"),
    "verbatim tag": ("a: !<x:y> b", "1:4: `x:y`: tags are not read"),
    "tag directive": ("%TAG ! tag:x,2000:\n---\na: b", "1:1: %TAG is not allowed"),
    "merge key": ("a: 1\n<<: {b: 2}", "2:1: merge key `<<` is not read"),
    "second document": ("a: 1\n---\nb: 2", "3:1: a second document starts here"),
    "second document, empty": ("a: 1\n---\n", ": a second document starts here"),
    "list as a key": ("? [a]\n: b", "1:3: a key must be text, not a list"),
    "mapping as a key": ("a: {{ x }}", "1:5: a key must be text, not a "),
    "null as a key": ("~: a", "1:1: a key must be text, not an empty value"),
    "nothing as a key": ("?\n: a", ": a key must be text, not an empty value"),
    "deep list": ("[" * 101 + "]" * 101, "1:101: nested more than 100 levels deep"),
    "NUL": ("a: b\0", "1:5: character U+0000 is not allowed"),
    "escape": ("a: b\nc: \x1b[31m", "2:4: character U+001B is not allowed"),
    "delete": ("a: \x7f", "1:4: character U+007F is not allowed"),
    "escaped NUL": ('a: 1\nb: "\\0"', "2:4: character U+0000 is not allowed"),
    "escaped escape": ('"\\e": 1', "1:1: character U+001B is not allowed"),
    "line separator": ("a: b\u2028c", "1:5: character U+2028 is not allowed"),
    "next line": ("a: b\u0085c", "1:5: character U+0085 is not allowed"),
    "right-to-left override": ("a: \u202eb", "1:4: character U+202E is not allowed"),
    "byte order mark inside": ("a: \ufeffb", "1:4: character U+FEFF is not allowed"),
    "lone surrogate": ("a: \ud800", "1:4: character U+D800 is not allowed"),
    "tab": ("a:\n\t- b", "2:1: a tab stands here; indent with spaces"),
    "at sign": ("a: @x", "1:4: `@` cannot start a value; put the text in quotes"),
    "backtick": ("a: `x`", "1:4: ``` cannot start a value"),
    "colon in text": ("title: Foo: bar", "1:11: mapping values are not allowed"),
    "open list": ("a: 1\nb: [1,\n 2\n\n", "3:3: "),
    "open quote": (
        'a: 1\nb: "x',
        ":2:6: found unexpected end of stream while scanning a quoted scalar",
    ),
    "wrong indentation": ("a:\n  b: 1\n c: 2", "3:2: "),
    "not a list item": ("- a\nb: c", "2:1: "),
    "unknown directive": ("%YAML 3.0\n---\na: 1", "1:1: found incompatible YAML document"),
    "bad escape": ('a: "\\q"', "1:"),
    "escape beyond Unicode": ('a: "\\UFFFFFFFF"', ":"),
    "empty": ("", "f.yaml: file is empty"),
    "blank": (" \n\n", "f.yaml: file is empty"),
    "only a comment": ("# a\n", "f.yaml: file is empty"),
    "only a start": ("---\n", "f.yaml: file is empty"),
    "only null": ("null", "f.yaml: file is empty"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.usefixtures("each_parser")
def test_bad_yaml_gets_one_line_with_its_place(name: str) -> None:
    text, want = BAD[name]
    line = refused(text)
    assert want in line
    assert line.startswith("f.yaml:")


def test_an_unclosed_bracket_is_said_with_the_line_it_opens_on() -> None:
    line = refused("a: 1\nb: [1,\n 2\nc: 3")
    assert line == (
        "f.yaml:4:2: did not find expected ',' or ']' "
        "while parsing a flow sequence that starts on line 2"
    )


def test_quoted_merge_sign_is_an_ordinary_key() -> None:
    assert data('"<<": a') == {"<<": "a"}


def test_a_forbidden_character_is_counted_from_its_own_line() -> None:
    assert refused("a: 1\r\nb: 2\rc: \x00").startswith("f.yaml:3:4: ")


DEEP = {
    "brackets": "[" * 20_000,
    "closed brackets": "[" * 20_000 + "]" * 20_000,
    "braces": "{a: " * 20_000,
    "brackets and braces": "[{" * 20_000,
    "json": '{"a":' * 20_000 + "1" + "}" * 20_000,
    "lists in lists": "- " * 20_000 + "a",
    "explicit keys": "? " * 20_000 + "a",
    "lists of explicit keys": "- ? " * 20_000,
    "block mappings": "".join(" " * depth + "a:\n" for depth in range(2000)),
    "block lists": "".join(" " * depth + "-\n" for depth in range(2000)),
}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.usefixtures("each_parser")
def test_twenty_thousand_levels_get_one_line_at_once(name: str) -> None:
    start = time.perf_counter()
    line = refused(DEEP[name])
    assert time.perf_counter() - start < 5
    assert "nested more than 100 levels deep" in line or "a key must be text" in line


@pytest.mark.usefixtures("each_parser")
def test_a_hundred_levels_are_read_and_the_next_is_refused() -> None:
    node = data("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    for _ in range(MAX_DEPTH - 1):
        (node,) = node
    assert node == []
    assert "nested more" in refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]",
        "[" + "x," * 900_000 + "]",
        "- a\n" * 500_000,
        "\n".join(f"k{number}: v" for number in range(180_000)),
        "\n".join(f"%TAG !{number}! x" for number in range(150_000)),
        "- !x a\n" * 300_000,
        "%" * 2_000_000,
        "!" * 2_000_000,
        "&a " * 600_000,
        "? \n" * 600_000,
        "[]" * 1_000_000,
        '["' + "\n" * 1_900_000 + '"} :',
        '["' + "\\ud83d\\ude00" * 150_000 + '" x',
        "{" + '"\n' * 900_000,
        "x" * 2_000_000 + ": 1",
        "\n" * 2_000_000,
    ],
    ids=lambda text: text[:12],
)
def test_two_megabytes_of_malice_get_one_line_in_seconds(text: str) -> None:
    start = time.perf_counter()
    refused(text)
    assert time.perf_counter() - start < 8


@pytest.mark.parametrize(
    "text",
    [
        "action: a\nitems: [" + "1," * 140_000 + "]",
        "action: a\nitems: [" + "{x: 1}," * 70_000 + "]",
        "action: a\n" + "\n".join(f"action{number}: v" for number in range(140_000)),
        "action: [" + '"`{[",' * 140_000 + "]",
        "action: a\nitems: [{proved: [" + '"`{`[",' * 140_000 + "]}]",
        'action: a\nitems: [{grade: "' + "`[" * 900_000 + '"}]',
        "action: a\nitems: [{proved: " + "x" * 1_900_000 + "}]",
        "action: a\nitems: " + "[" * 90 + "]" * 90,
    ],
    ids=lambda text: text[10:30],
)
def test_many_or_huge_errors_of_a_model_get_one_line_in_seconds(text: str) -> None:
    start = time.perf_counter()
    refused(text)
    assert time.perf_counter() - start < 8


# ---------------------------------------------------------------- files


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for raw in (b"action: \xc3\xa9", b"\xef\xbb\xbfaction: \xc3\xa9"):
        path.write_bytes(raw)
        assert parse_file(Card, path).action == "é"
        assert parse_file(Card, str(path)).action == "é"


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        (b"a: 1\nb: caf\xe9\n", ":2:7: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        ("a: é\nb: ñ".encode("latin-1"), ":1:4: byte 0xe9 is not UTF-8"),
        (b"a: \xc3\xa9\xff", ":1:5: byte 0xff is not UTF-8"),
        (b"\xef\xbb\xbfa: \xff", ":1:4: byte 0xff is not UTF-8"),
        (b"a: \xed\xa0\x80", ":1:4: byte 0xed is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ": file is binary, not text"),
        (b"a: b\0", ": file is binary, not text"),
        ("a: b".encode("utf-16"), ": file is UTF-16; save it as UTF-8"),
        (b"", ": file is empty"),
        (b"\xef\xbb\xbf", ": file is empty"),
        (b"a: \x07", ":1:4: character U+0007 is not allowed"),
    ],
)
def test_bytes_that_are_no_text_get_one_line(tmp_path: Path, raw: bytes, want: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    assert refused_file(path).startswith(f"{path}{want}")


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    assert refused_file(path) == f"{path}: file is 52.4 MB; the limit is 2 MB"
    path.write_text("a" * 2_000_001)
    assert refused_file(path) == f"{path}: file is 2,000,001 bytes; the limit is 2,000,000 bytes"
    path.write_text("a: 1")
    assert read_text(path, 4) == "a: 1"
    assert refused_file(path, 3) == f"{path}: file is 4 bytes; the limit is 3 bytes"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless file here")
def test_an_endless_file_is_refused() -> None:
    assert refused_file("/dev/zero") == "/dev/zero: file is too large; the limit is 2 MB"


def test_a_missing_file_is_named_with_its_likely_sibling(tmp_path: Path) -> None:
    (tmp_path / "robbery.yaml").write_text("a: 1")
    path = tmp_path / "robery.yaml"
    want = f"{path}: no such file; did you mean `{tmp_path / 'robbery.yaml'}`?"
    assert refused_file(path) == want
    assert refused_file(tmp_path / "zzz") == f"{tmp_path / 'zzz'}: no such file"
    assert refused_file(tmp_path / "no" / "zzz").endswith(": no such file")
    assert refused_file(tmp_path / "robbery.yaml" / "zzz").endswith(": no such file")


def test_a_sibling_in_the_working_directory_is_named_as_it_would_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "robbery.yaml").write_text("a: 1")
    monkeypatch.chdir(tmp_path)
    assert refused_file("robery.yaml") == (
        "robery.yaml: no such file; did you mean `robbery.yaml`?"
    )


@pytest.mark.parametrize("name", ["a\0b", "a\nb", "x" * 5000, "\0/x", "", " "])
def test_an_impossible_name_is_no_crash(name: str, tmp_path: Path) -> None:
    refused_file(str(tmp_path / "sub" / name) if name else name)


def test_a_directory_is_said_to_be_one(tmp_path: Path) -> None:
    assert refused_file(tmp_path) == f"{tmp_path}: is a directory, not a file"


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1")

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    assert refused_file(path) == f"{path}: cannot be read: permission denied"


def test_a_loop_of_links_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.symlink_to(path)
    assert ": cannot be read: too many levels" in refused_file(path)


def give_stdin(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_a_dash_reads_standard_input_as_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, "action: é".encode())
    assert parse_file(Card, "-").action == "é"


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        (b"a" * 2_000_001, "standard input: file is too large; the limit is 2 MB"),
        (b"a: \xe9", "standard input:1:4: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"", "standard input: file is empty"),
        (b"a: [", "standard input:1:5: "),
    ],
)
def test_bad_standard_input_gets_one_line(
    raw: bytes, want: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_stdin(monkeypatch, raw)
    assert refused_file("-").startswith(want)


# ---------------------------------------------------------------- JSON


def test_json_words_and_numbers_keep_their_text() -> None:
    text = '{"a": true, "b": false, "c": null, "d": 15, "e": 311.10, "f": -1.5E+3, "g": []}'
    assert data(text) == {
        "a": "true",
        "b": "false",
        "c": None,
        "d": "15",
        "e": "311.10",
        "f": "-1.5E+3",
        "g": [],
    }


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ('{\n\t"a":\t1,\n\t"b":\t[\n\t\t2\n\t]\n}\n', {"a": "1", "b": ["2"]}),
        ('\t{"a":1}\n\t\n', {"a": "1"}),
        ('{"a":1,"b":"x:y"}', {"a": "1", "b": "x:y"}),
        ('["\\/ \\u00e9 \\u00f1 \\" \\\\ \\n\\t"]', ['/ é ñ " \\ \n\t']),
        ('["\\ud83d\\ude00"]', ["😀"]),
        ('["\\\\ud83d", "\\uD83D\\uDE00"]', ["\\ud83d", "😀"]),
        ('{"a"\n\t:\n1,\n"b"\r\n  :2}', {"a": "1", "b": "2"}),
        (
            '["a # b", "- c", "{d}", "*e", "&f", "!g", "%h"]',
            ["a # b", "- c", "{d}", "*e", "&f", "!g", "%h"],
        ),
        ('["null", "", "~"]', ["null", "", "~"]),
    ],
)
def test_json_is_read_as_its_authors_wrote_it(text: str, want: Any) -> None:
    assert data(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ('{"a": 1,\n "a": 2}', "2:2: key `a` is given twice, first on line 1"),
        ('{\n\t"a": 1,\n\t"a": 2\n}', "3:2: key `a` is given twice, first on line 2"),
        ('{"a"\n:1,\n"a":2}', "3:1: key `a` is given twice, first on line 1"),
        ('{"a": 1}\n{"b": 2}', "2:1: "),
        ('{"a": 1', ":"),
        ('{"a" 1}', "1:6: "),
        ('["\\ud83d"]', "1:"),
        ('["\\ud83d\\ude00",\n "\\x"]', "2:"),
        ('["\\u0000"]', "1:2: character U+0000 is not allowed"),
    ],
)
def test_bad_json_gets_one_line_with_its_place(text: str, want: str) -> None:
    assert want in refused(text)


# ---------------------------------------------------------------- places


def test_a_place_is_that_of_the_value_or_of_its_key() -> None:
    text = "a: 1\nitems:\n  - grade: felony\n    offense:\n      PC 211\n  - {x: y}\n"
    document = compose(text, "f.yaml")
    assert document.where(()) == (1, 1)
    assert document.where(("a",)) == (1, 4)
    assert document.where(("a",), key=True) == (1, 1)
    assert document.where(("items",)) == (3, 3)
    assert document.where(("items",), key=True) == (2, 1)
    assert document.where(("items", 0)) == (3, 5)
    assert document.where(("items", 0, "offense")) == (5, 7)
    assert document.where(("items", 0, "offense"), key=True) == (4, 5)
    assert document.where(("items", 1, "x")) == (6, 9)


def test_the_place_of_what_is_absent_is_its_nearest_parent() -> None:
    document = compose("a: 1\nitems:\n  - grade: felony\n", "f.yaml")
    assert document.where(("items", 0, "offense")) == (3, 5)
    assert document.where(("items", 0, "offense"), key=True) == (3, 5)
    assert document.where(("items", 7, "offense")) == (3, 3)
    assert document.where(("zzz",)) == (1, 1)
    assert document.where(("a", "b", 0)) == (1, 4)


def test_a_caller_can_make_an_error_of_its_own_at_a_place() -> None:
    document = compose("a: 1\nitems:\n  - grade: felony\n", "f.yaml")
    error = document.error(("items", 0, "grade"), "`felony` is not its grade")
    assert str(error) == "f.yaml:3:12: items[1].grade: `felony` is not its grade"
    assert str(document.error((), "no date", key=True)) == "f.yaml:1:1: no date"


# ---------------------------------------------------------------- models

WRONG = {
    "unknown key": (
        "action: a\nitems:\n  - grad: x",
        "f.yaml:3:5: items[1]: unknown key `grad`; did you mean `grade`?",
    ),
    "unknown key far from any": (
        "action: a\nitems: [{}, {zzz: x}]",
        "f.yaml:2:14: items[2]: unknown key `zzz`; allowed: offense, grade, years, proved, note",
    ),
    "unknown key at the top": (
        "action: a\nvershun: 1",
        "f.yaml:2:1: unknown key `vershun`; did you mean `version`?",
    ),
    "unknown key in a dictionary": (
        "action: a\nnamed: {x: {gade: y}}",
        "f.yaml:2:13: named.x: unknown key `gade`; did you mean `grade`?",
    ),
    "unknown key in one item written without its list": (
        "action: a\nparts:\n  gade: y",
        "f.yaml:3:3: parts: unknown key `gade`; did you mean `grade`?",
    ),
    "unknown key that is the rest of a text": (
        "action: a\nitems: [{offense: robbery, of a bank}]",
        "f.yaml:2:28: items[1]: unknown key `of a bank`; put text that holds a comma in quotes",
    ),
    "missing key": ("version: 1", "f.yaml:1:1: `action` is missing"),
    "misspelled needed key": (
        "version: 1\nactoin: a",
        "f.yaml:2:1: unknown key `actoin`; did you mean `action`?",
    ),
    "wrong word": (
        "action: a\nitems:\n  - grade: felny",
        "f.yaml:3:12: items[1].grade: `felny` is not one of felony, misdemeanor, infraction; "
        "did you mean `felony`?",
    ),
    "wrong word far from any": (
        "action: a\nitems: [{grade: x}]",
        "f.yaml:2:17: items[1].grade: `x` is not one of felony, misdemeanor, infraction",
    ),
    "the one word allowed": ("action: a\nversion: 2", "f.yaml:2:10: version: `2` is not `1`"),
    "wrong word in a list": (
        "action: a\nkinds:\n- hold\n- tranfer",
        "f.yaml:4:3: kinds[2]: `tranfer` is not one of hold, transfer; did you mean `transfer`?",
    ),
    "wrong word without its list": (
        "action: a\nkinds: tranfer",
        "f.yaml:2:8: kinds: `tranfer` is not one of hold, transfer; did you mean `transfer`?",
    ),
    "text for a list or a word": (
        "action: a\nitems: none",
        "f.yaml:2:8: items: `none` is not a list or `unknown`",
    ),
    "mapping for a list or a word": (
        "action: a\nitems: {a: b}",
        "f.yaml:2:8: items: a list or `unknown` is wanted here, not a mapping",
    ),
    "text for a mapping": (
        "action: a\nitems: [felony]",
        "f.yaml:2:9: items[1]: `felony` is not a mapping",
    ),
    "nothing for a mapping": (
        "action: a\nitems:\n  -\n",
        "f.yaml:3:4: items[1]: a mapping is wanted here, not an empty value",
    ),
    "list for text": (
        "action: [a]",
        "f.yaml:1:9: action: text is wanted here, not a list",
    ),
    "nothing for text": (
        "version: '1'\naction:\n",
        "f.yaml:2:8: action: text is wanted here, not an empty value",
    ),
    "text for a number": (
        "action: a\nitems: [{years: many}]",
        "f.yaml:2:17: items[1].years: `many` is not a whole number",
    ),
    "fraction for a number": (
        "action: a\nitems: [{years: 1.5}]",
        "f.yaml:2:17: items[1].years: `1.5` is not a whole number",
    ),
    "number over its limit": (
        "action: a\nitems: [{years: 100}]",
        "f.yaml:2:17: items[1].years: `100` is not at most 99",
    ),
    "number under its limit": (
        "action: a\nitems: [{years: -1}]",
        "f.yaml:2:17: items[1].years: `-1` is not at least 0",
    ),
    "several types": (
        "action: a\nchoice: maybe",
        "f.yaml:2:9: choice: `maybe` is not true or false or a whole number",
    ),
    "long text": (
        "action: a\nitems: [{note: " + "x" * 100 + "}]",
        "f.yaml:2:16: items[1].note: `" + "x" * 59 + "…` is too long; the limit is 20 characters",
    ),
    "long list": (
        "action: a\nfew: [a, b, c]",
        "f.yaml:2:6: few: a list is too long; the limit is 2 items",
    ),
    "short list": (
        "action: a\nsome: []",
        "f.yaml:2:7: some: a list is too short; the least is 1 item",
    ),
    "a validator's own words": (
        "action: a\nitems: [{proved: maybe}]",
        "f.yaml:2:18: items[1].proved: `maybe` is neither true nor false",
    ),
    "a validator's own words on a list": (
        "action: a\nitems: [{proved: [a, 'b']}]",
        "f.yaml:2:18: items[1].proved: a list is neither true nor false",
    ),
    "a validator's own words on long text": (
        "action: a\nitems: [{proved: " + "x" * 5000 + "}]",
        "f.yaml:2:18: items[1].proved: `" + "x" * 59 + "…` is neither true nor false",
    ),
    "a validator's own words that leave out the value": (
        "action: a\ntree: oak",
        "f.yaml:2:7: tree: `oak`: a tree is all or leaf",
    ),
    "a validator of the whole points at what it names": (
        "action: a\nsecond: b\nfirst: c",
        "f.yaml:3:8: first `c` comes after second `b`",
    ),
    "unknown key below data that a validator rebuilt": (
        "action: a\ntree:\n  all:\n    - leaf: {name: x}\n    - leaf: {name: y, atleast: 22}",
        "f.yaml:5:23: tree.all[2].leaf: unknown key `atleast`; did you mean `at_least`?",
    ),
    "unknown empty key below data that a validator rebuilt": (
        "action: a\ntree:\n  leaf:\n    name: y\n    atleast:\n",
        "f.yaml:5:5: tree: unknown key `atleast`; did you mean `at_least`?",
    ),
    "wrong value below data that a validator rebuilt": (
        "action: a\ntree:\n  all:\n    - leaf: {name: x}\n    - leaf: {name: y, at_least: one}",
        "f.yaml:5:33: tree.all[2].leaf.at_least: `one` is not a whole number",
    ),
    "missing key below data that a validator rebuilt": (
        "action: a\ntree:\n  all:\n    - leaf: {name: x}\n    - leaf: {at_least: 2}",
        "f.yaml:5:13: tree.all[2].leaf: `name` is missing",
    ),
    "first in the file, not in the model": (
        "version: 2\nitems: [{years: x, grade: y}]\nzzz: 1\naction: a",
        "f.yaml:1:10: version: `2` is not `1` (and 3 more)",
    ),
    "a list for the whole": ("- a", "f.yaml:1:1: a mapping is wanted here, not a list"),
    "text for the whole": ("hello", "f.yaml:1:1: `hello` is not a mapping"),
    "json": (
        '{"action": "a",\n\t"items": [{"grade": "felny"}]}',
        "f.yaml:2:22: items[1].grade: `felny` is not one of felony, misdemeanor, infraction; "
        "did you mean `felony`?",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_model_refuses_is_said_in_the_words_of_the_file(name: str) -> None:
    text, want = WRONG[name]
    assert refused(text) == want


def test_a_long_list_of_allowed_keys_is_cut() -> None:
    line = refused("as_of: 2025-07-17\naction: transfer\nconvictions: [{zzz: 1}]", InmateCase)
    assert line.startswith("f.yaml:3:16: convictions[1]: unknown key `zzz`; allowed: offense, ")
    assert line.endswith(" more")
    assert line.count(",") == 14


def test_control_characters_in_a_value_never_reach_the_terminal() -> None:
    line = refused("action: a\nitems: [{grade: 'fel\u200bony\u00a0x\n\n y'}]")
    assert "`fel\\u200bony x y`" in line


def test_extra_help_ends_the_message_and_is_given_path_and_value() -> None:
    seen: list[tuple[Steps, object]] = []

    def helper(path: Steps, value: object) -> str:
        seen.append((path, value))
        return "; see `values-act law show`"

    document = compose("- action: a\n  version: 2\n  few: 7", "f.yaml")
    with pytest.raises(InputError) as caught:
        parse(Card, document, (0,), extra_help=helper)
    assert one_line(caught.value) == (
        "f.yaml:2:12: [1].version: `2` is not `1`; see `values-act law show` (and 1 more)"
    )
    assert seen == [((0, "version"), "2")]


def test_a_part_of_a_document_is_parsed_at_its_path() -> None:
    document = compose("cards:\n  - action: a\n  - action: b\n    items: [{grade: x}]", "f.yaml")
    assert parse(Card, document, ("cards", 0)).action == "a"
    with pytest.raises(InputError, match=r"^f.yaml:4:21: cards\[2\]\.items\[1\]\.grade: `x` is"):
        parse(Card, document, ("cards", 1))


def test_a_file_of_many_gives_each_with_its_line() -> None:
    document = compose("# cards\n- action: a\n\n- action: b\n  version: 1\n- {action: c}\n", "f")
    found = load_many(Card, document)
    assert [(card.action, line) for card, line in found] == [("a", 2), ("b", 4), ("c", 6)]
    assert load_many(Card, compose("[]", "f")) == []


def test_a_file_of_many_says_which_one_is_wrong() -> None:
    with pytest.raises(InputError, match=r"^f:3:5: \[2\]: unknown key `acton`; did you mean"):
        load_many(Card, compose("- action: a\n-\n    acton: b\n", "f"))
    with pytest.raises(InputError, match=r"^f:1:1: a list is wanted here, not a mapping$"):
        load_many(Card, compose("a: b", "f"))


def test_an_error_of_the_case_model_names_the_conviction() -> None:
    text = "as_of: 2025-07-17\naction: transfer\nconvictions:\n  - offense: PC 211\n    dat: 2012\n"
    assert refused(text, InmateCase) == (
        "f.yaml:5:5: convictions[1]: unknown key `dat`; did you mean `date`?"
    )


# ---------------------------------------------------------------- properties

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
        assert str(error).isprintable()


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
