"""Claims about values: scalars stay the text they are, in YAML and in JSON."""

from __future__ import annotations

from typing import Any

import pytest

from tests.yamltext.cards import data, refused


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
