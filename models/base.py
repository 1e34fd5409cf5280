"""What every model of the vocabulary shares: immutable, and unknown keys are refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from typing_extensions import TypeAliasType

UNKNOWN: Literal["unknown"] = "unknown"

Scalar = bool | int | str


class Model(BaseModel):
    """Immutable; a key that is not a field is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Versioned(Model):
    """A file that says in which version of the format it is written; left out: the first.

    Of a version that is not read nothing else is looked at, so that this is the one error.
    """

    format: Literal["1"] = "1"

    @model_validator(mode="before")
    @classmethod
    def _is_read(cls, data: Any) -> Any:
        found = data.get("format", "1") if isinstance(data, dict) else "1"
        if isinstance(found, (str, int)) and str(found) != "1":
            raise ValueError(f"`format` is `{found}`, and this program reads format `1` only")
        return data


def _yes_no(value: Any) -> Any:
    """YAML scalars arrive as text, so `true` and `yes` are typed here and nowhere else."""
    if isinstance(value, str):
        word = value.strip().lower()
        if word in {"true", "yes"}:
            return True
        if word in {"false", "no"}:
            return False
    if isinstance(value, bool):
        return value
    raise ValueError(f"`{value}` is neither true nor false")


def _yes_no_unknown(value: Any) -> Any:
    if value is None or (isinstance(value, str) and value.strip().lower() == UNKNOWN):
        return UNKNOWN
    try:
        return _yes_no(value)
    except ValueError:
        raise ValueError(f"`{value}` is not one of true, false, unknown") from None


def _whole_number(value: Any) -> Any:
    """A whole number of at most nine digits; booleans are not numbers."""
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(f"`{value}` is not a whole number")
    return int(text)


def _whole_number_unknown(value: Any) -> Any:
    if value is None or value == UNKNOWN:
        return UNKNOWN
    return _whole_number(value)


def _word(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return UNKNOWN
    if isinstance(value, (list, dict)):
        raise ValueError("one word is wanted here, not a list or a mapping")
    return str(value)


def _words(value: Any) -> Any:
    if isinstance(value, (str, bool, int)):
        return (_word(value),)
    return value


# What a file may write for each type, for the JSON Schemas: a YAML word is read by an editor as
# text, a number, true or nothing, whatever we then take it for.
_Plain = str | bool | int | float
_Number = Annotated[int, Field(ge=0, le=999_999_999)]
_YES_NO = bool | Literal["true", "false", "yes", "no"]
_MAYBE_YES_NO = _YES_NO | Literal["unknown"] | None
_MAYBE_WHOLE = _Number | Literal["unknown"] | None

# Named aliases: pydantic then makes the schema of each once, not once a field, which is a good
# part of the time that a short run takes.
YesNo = TypeAliasType(
    "YesNo", Annotated[bool, BeforeValidator(_yes_no, json_schema_input_type=_YES_NO)]
)
MaybeYesNo = TypeAliasType(
    "MaybeYesNo",
    Annotated[
        bool | Literal["unknown"],
        BeforeValidator(_yes_no_unknown, json_schema_input_type=_MAYBE_YES_NO),
    ],
)
Whole = TypeAliasType(
    "Whole", Annotated[int, BeforeValidator(_whole_number, json_schema_input_type=_Number)]
)
MaybeWhole = TypeAliasType(
    "MaybeWhole",
    Annotated[
        int | Literal["unknown"],
        BeforeValidator(_whole_number_unknown, json_schema_input_type=_MAYBE_WHOLE),
    ],
)
Word = TypeAliasType(
    "Word",
    Annotated[
        str, BeforeValidator(_word, json_schema_input_type=_Plain | None), Field(max_length=200)
    ],
)
Text = TypeAliasType(
    "Text",
    Annotated[
        str, BeforeValidator(_word, json_schema_input_type=_Plain | None), Field(max_length=5000)
    ],
)
Words = TypeAliasType(
    "Words",
    Annotated[
        tuple[Word, ...],
        BeforeValidator(_words, json_schema_input_type=_Plain | list[_Plain | None]),
    ],
)
