"""Claims about errors: one line each, with a near word where one is near."""

from __future__ import annotations

from values_act.errors import (
    EngineError,
    InputError,
    LawError,
    ValuesActError,
    did_you_mean,
    shown,
    spelled,
)


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
