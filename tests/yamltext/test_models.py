"""Claims about models: what they refuse, in the words of the file, at its place."""

from __future__ import annotations

import pytest

from models.case import InmateCase
from tests.yamltext.cards import Card, one_line, refused
from values_act.errors import InputError, Steps
from values_act.yamltext import compose, load_many, parse


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
        (
            "f.yaml:3:12: items[1].grade: `felny` is not one of felony, misdemeanor, infraction; "
            "did you mean `felony`?"
        ),
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
        (
            "f.yaml:2:22: items[1].grade: `felny` is not one of felony, misdemeanor, infraction; "
            "did you mean `felony`?"
        ),
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
