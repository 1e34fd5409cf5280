"""Claims about YAML that is refused: in which words, and where it is said to stand."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from tests.yamltext.cards import data, refused
from values_act import yamltext
from values_act.yamltext import MAX_DEPTH, MAX_VALUES

# steps, as `at_most` counts them
FOR_A_REFUSAL, PER_LEVEL, PER_VALUE, PER_ERROR = 5_000, 1_000, 20, 60

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


class TooMuchError(BaseException):
    """More was done than the size of the input allows."""


@contextmanager
def at_most(steps: int) -> Iterator[None]:
    """Stop what takes more steps than so many, whatever time they take.

    A step is a call of a function, Python's own too. A pattern that may start anywhere and go on
    to the end takes one for each thousand pairs of characters of its text.
    """
    taken = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal taken
        if event not in ("call", "c_call"):
            return
        taken += 1
        if (
            event == "call"
            and frame.f_code is re.sub.__code__
            and ".*" in frame.f_locals["pattern"]
        ):
            taken += len(frame.f_locals["string"]) ** 2 // 1000
        if taken > steps:
            raise TooMuchError(f"more than {steps:,} steps")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)


def upper(times: int) -> None:
    for _ in range(times):
        "a".upper()


def test_what_takes_too_many_steps_is_stopped() -> None:
    with at_most(100):
        upper(50)
    with pytest.raises(TooMuchError), at_most(100):
        upper(200)
    with pytest.raises(TooMuchError), at_most(100):
        re.sub("a.*b", "", "a" * 1000)


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.usefixtures("each_parser")
def test_of_twenty_thousand_levels_only_those_allowed_are_read(name: str) -> None:
    with at_most(PER_LEVEL * MAX_DEPTH):
        line = refused(DEEP[name])
    assert "nested more than 100 levels deep" in line or "a key must be text" in line


@pytest.mark.usefixtures("each_parser")
def test_a_hundred_levels_are_read_and_the_next_is_refused() -> None:
    node = data("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    for _ in range(MAX_DEPTH - 1):
        (node,) = node
    assert node == []
    assert "nested more" in refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


# texts, and how many values of them may be read
MALICE = [
    ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]", 2),
    ("[" + "x," * 900_000 + "]", MAX_VALUES),
    ("- a\n" * 500_000, MAX_VALUES),
    ("\n".join(f"k{number}: v" for number in range(180_000)), MAX_VALUES),
    ("\n".join(f"%TAG !{number}! x" for number in range(150_000)), 0),
    ("- !x a\n" * 300_000, 2),
    ("%" * 2_000_000, 0),
    ("!" * 2_000_000, 0),
    ("&a " * 600_000, 1),
    ("? \n" * 600_000, 2),
    ("[]" * 1_000_000, 1),
    ('["' + "\n" * 1_900_000 + '"} :', 2),
    ('["' + "\\ud83d\\ude00" * 150_000 + '" x', 150_000),  # each pair is read by itself
    ("{" + '"\n' * 900_000, 2),
    ("x" * 2_000_000 + ": 1", 1),
    ("\n" * 2_000_000, 0),
]
ERRORS = [
    ("action: a\nitems: [" + "1," * 35_000 + "]", 35_000),
    ("action: a\nitems: [" + "{x: 1}," * 17_500 + "]", 52_500),
    ("action: a\n" + "\n".join(f"action{number}: v" for number in range(35_000)), 70_000),
    ("acton: a\n" + "\n".join(f"action{number}: v" for number in range(35_000)), 70_000),
    ("action: [" + '"`{[",' * 35_000 + "]", 35_000),
    ("action: a\nitems: [{proved: [" + '"`{`[",' * 35_000 + "]}]", 35_000),
    ('action: a\nitems: [{grade: "' + "`[" * 900_000 + '"}]', 5),
    ("action: a\nitems: [{proved: " + "x" * 1_900_000 + "}]", 5),
    (f'action: a\nfirst: "{"b`[" * 300_000}"\nsecond: "{"a`[" * 300_000}"', 6),
    ("action: a\nitems: " + "[" * 90 + "]" * 90, 90),
]


@pytest.mark.parametrize(("text", "values"), MALICE, ids=[text[:12] for text, _ in MALICE])
def test_two_megabytes_of_malice_cost_no_more_than_the_values_that_are_read(
    text: str, values: int
) -> None:
    with at_most(FOR_A_REFUSAL + PER_VALUE * values):
        refused(text)


@pytest.mark.parametrize(("text", "values"), ERRORS, ids=[text[:28] for text, _ in ERRORS])
def test_many_or_huge_errors_of_a_model_cost_no_more_than_the_values_that_are_read(
    text: str, values: int
) -> None:
    with at_most(FOR_A_REFUSAL + PER_ERROR * values):
        refused(text)


@pytest.mark.parametrize("text", ["%TAG ! x\n---\na: b", "a: b\0"])
def test_the_parser_never_sees_what_may_cost_it_more_than_its_length(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(yamltext, "_LOADER", seen.append)
    assert "is not allowed" in refused(text)
    assert seen == []
