"""Facts: the named values that rules may test, and the combinations no case may have."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from models.base import Model, Scalar, Text, Versioned, Word, Words, YesNo
from models.condition import Condition, scalar
from models.terms import Subject


class Presumption(Model):
    value: Scalar
    because: Text

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: Any) -> Any:
        if isinstance(data, dict) and "value" in data:
            return {**data, "value": scalar(data["value"])}
        return data


class Implication(Model):
    """What a stated fact tells of one left out."""

    when: Condition
    value: Scalar
    because: Text

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: Any) -> Any:
        if isinstance(data, dict) and "value" in data:
            return {**data, "value": scalar(data["value"])}
        return data


class Choice(Model):
    """Which of several facts a derivation takes, as a reading decides."""

    reading: Word
    options: dict[str, Word]
    otherwise: Word = Field(description="the fact taken where the chosen one is not stated")


class Derivation(Model):
    """Whole years from one date to another."""

    years_from: Choice
    years_to: Choice
    anniversary: Word = Field(
        description="the reading whose option `inside` counts the anniversary"
    )


Origin = Literal["stated", "looked_up", "derived", "defined"]
FactType = Literal["yes_no", "word", "number", "date", "list"]


def _subjects(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Subjects = Annotated[
    tuple[Subject, ...], BeforeValidator(_subjects, json_schema_input_type=Subject | list[Subject])
]


class Fact(Model):
    """One named value of one subject or of several; a list is one yes/no fact a member."""

    name: Word
    subject: Subjects
    type: FactType
    words: dict[str, Text] = Field(
        default_factory=dict, description="each word the fact may take, and how to say it"
    )
    origin: Origin = "stated"
    label: Text = Field(description="short noun phrase for sentences")
    question: Text | None = None
    presumed: Presumption | None = None
    implied: tuple[Implication, ...] = ()
    derive: Derivation | None = None
    usual: Word | None = Field(default=None, description="a word not worth naming in a title")
    fixed: YesNo = Field(default=False, description="a person cannot change it in a hypothetical")

    @model_validator(mode="after")
    def _words_belong(self) -> Self:
        if bool(self.words) != (self.type in {"word", "list"}) and self.name != "event":
            raise ValueError("words are given for facts of type word or list, and only for them")
        if (self.type == "date" or self.derive) and self.presumed:
            raise ValueError("a date is never presumed")
        return self


class Never(Model):
    """A combination of facts that no case may have."""

    subject: Subjects
    when: Condition
    because: Text


class FactBook(Versioned):
    """Every fact that a rule may name, and the combinations no case may have."""

    facts: tuple[Fact, ...]
    never: tuple[Never, ...] = ()
    actions: dict[str, Text] = Field(description="every action, and what it is")
    several: dict[str, Words] = Field(
        default_factory=dict, description="words that stand for several actions"
    )
