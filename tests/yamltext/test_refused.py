"""Claims about YAML that is refused: in which words, and where it is said to stand."""

from __future__ import annotations

import time

import pytest

from tests.yamltext.cards import data, refused
from values_act.yamltext import MAX_DEPTH

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
