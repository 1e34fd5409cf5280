"""The rule language: facts, conditions, rules, readings and laws. Data only, no evaluation."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from models.base import Model, Scalar, Text, Whole, Word, Words, YesNo

Subject = Literal["case", "conviction", "charge", "warrant"]
ITEM_SUBJECTS: tuple[Subject, ...] = ("conviction", "charge", "warrant")
Outcome = Literal["required", "permitted", "prohibited", "not_regulated", "undetermined"]
Confidence = Literal["high", "medium", "low", "unverified"]


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"`{value}` is not a day; write it as 2018-01-04") from None


Day = Annotated[date, BeforeValidator(_day)]


class Source(Model):
    """Where a rule, list or policy was read."""

    title: Text
    url: Text | None = None
    read: Text | None = Field(default=None, description="what was read, and when")
    confidence: Confidence = "high"
    note: Text | None = None


# ---------------------------------------------------------------- conditions


class Expect(Model):
    """What one fact must be: a value, one of several, within a limit, or in a range of days."""

    values: tuple[Scalar, ...] = ()
    at_most: int | None = None
    at_least: int | None = None
    since: Day | None = None
    before: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, data: Any) -> Any:
        if isinstance(data, Expect):
            return data
        if not isinstance(data, dict):
            items = data if isinstance(data, (list, tuple)) else [data]
            if not items:
                raise ValueError("an empty list of values can never hold")
            return {"values": tuple(_scalar(item) for item in items)}
        if set(data) <= {"at_most", "at_least"} and data:
            return {key: _bound(value) for key, value in data.items()}
        if set(data) <= {"from", "before"} and data:
            return {("since" if key == "from" else key): value for key, value in data.items()}
        if "values" in data or "since" in data:
            return data
        raise ValueError(
            f"`{', '.join(map(str, data))}` is not a test; use a value, a list of values, "
            "at_most, at_least, from or before"
        )

    @model_serializer
    def _to_yaml(self) -> Any:
        if self.values:
            return self.values[0] if len(self.values) == 1 else list(self.values)
        named = {
            "at_most": self.at_most,
            "at_least": self.at_least,
            "from": self.since and self.since.isoformat(),
            "before": self.before and self.before.isoformat(),
        }
        return {key: value for key, value in named.items() if value is not None}


def _scalar(value: Any) -> Scalar:
    if isinstance(value, (bool, int)):
        return value
    if not isinstance(value, str):
        raise ValueError(f"`{value}` is not a single value")
    lowered = value.lower()
    if lowered in {"true", "false"}:
        return lowered == "true"
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else value


def _bound(value: Any) -> int:
    found = _scalar(value)
    if isinstance(found, bool) or not isinstance(found, int):
        raise ValueError(f"`{value}` is not a whole number")
    return found


class Test(Model):
    """One fact and what it must be; in YAML `{grade: felony}`."""

    __test__ = False  # not a test case, whatever its name says to pytest

    fact: str
    expect: Expect

    @model_serializer
    def _to_yaml(self) -> Any:
        return {self.fact: self.expect.model_dump()}


class Found(Model):
    """Items for which a rule holds, after item bars; in YAML `{found: RULE}`."""

    rule: Word
    at_least: Whole = 1
    distinct: Literal["event"] | None = None

    @model_serializer
    def _to_yaml(self) -> Any:
        if self.at_least == 1 and self.distinct is None:
            return {"found": self.rule}
        body: dict[str, Any] = {"rule": self.rule, "at_least": self.at_least}
        if self.distinct:
            body["distinct"] = self.distinct
        return {"found": body}


class Open(Model):
    """A ground is left on a route once bars are applied; in YAML `{open: ROUTE}`."""

    route: Word

    @model_serializer
    def _to_yaml(self) -> Any:
        return {"open": self.route}


class Unpublished(Model):
    """A part of a policy that nobody has published; in YAML `{unpublished: NAME}`."""

    name: Word

    @model_serializer
    def _to_yaml(self) -> Any:
        return {"unpublished": self.name}


class AllOf(Model):
    parts: tuple[Condition, ...] = Field(min_length=1)

    @model_serializer
    def _to_yaml(self) -> Any:
        return {"all": [part.model_dump() for part in self.parts]}


class AnyOf(Model):
    parts: tuple[Condition, ...] = Field(min_length=1)

    @model_serializer
    def _to_yaml(self) -> Any:
        return {"any": [part.model_dump() for part in self.parts]}


class Not(Model):
    part: Condition

    @model_serializer
    def _to_yaml(self) -> Any:
        return {"not": self.part.model_dump()}


Leaf = Test | Found | Open | Unpublished
Node = AllOf | AnyOf | Not | Leaf

_MAX_DEPTH = 20


def _condition(data: Any, depth: int = 0) -> Any:
    if isinstance(data, Model):
        return data
    if depth > _MAX_DEPTH:
        raise ValueError(f"a condition may nest at most {_MAX_DEPTH} levels")
    if not isinstance(data, dict) or len(data) != 1:
        raise ValueError(
            "a condition is one of all, any, not, found, open, or one fact and its value"
        )
    ((key, body),) = data.items()
    if key in {"all", "any"}:
        if not isinstance(body, (list, tuple)):
            raise ValueError(f"`{key}` takes a list of conditions")
        parts = tuple(_condition(part, depth + 1) for part in body)
        return AllOf(parts=parts) if key == "all" else AnyOf(parts=parts)
    if key == "not":
        return Not(part=_condition(body, depth + 1))
    if key == "found":
        return Found.model_validate(body if isinstance(body, dict) else {"rule": body})
    if key == "open":
        return Open(route=body)
    if key == "unpublished":
        return Unpublished(name=body)
    return Test(fact=str(key), expect=Expect.model_validate(body))


class _ConditionSchema:
    """The YAML form of a condition, for the JSON Schema that editors complete from."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        scalar = {"type": ["boolean", "integer", "string"]}
        bound = {
            "type": "object",
            "properties": {
                "at_most": {"type": "integer"},
                "at_least": {"type": "integer"},
                "from": {"type": "string", "format": "date"},
                "before": {"type": "string", "format": "date"},
            },
            "additionalProperties": False,
            "minProperties": 1,
        }
        return {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "description": "all, any, not, found, open, unpublished, or one fact and its value",
            "properties": {
                "all": {"type": "array", "items": {"type": "object"}, "minItems": 1},
                "any": {"type": "array", "items": {"type": "object"}, "minItems": 1},
                "not": {"type": "object"},
                "found": {"type": ["string", "object"]},
                "open": {"type": "string"},
                "unpublished": {"type": "string"},
            },
            "additionalProperties": {"anyOf": [scalar, {"type": "array", "items": scalar}, bound]},
        }

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return handler(source)


Condition = Annotated[Node, BeforeValidator(_condition), _ConditionSchema]


# ---------------------------------------------------------------- facts


class Presumption(Model):
    value: Scalar
    because: Text

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: Any) -> Any:
        if isinstance(data, dict) and "value" in data:
            return {**data, "value": _scalar(data["value"])}
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
            return {**data, "value": _scalar(data["value"])}
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


Subjects = Annotated[tuple[Subject, ...], BeforeValidator(_subjects)]


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


# ---------------------------------------------------------------- rules

Upon = Literal["request", "doing"]


class Rule(Model):
    """One rule of law: a condition over facts of one subject, and one effect."""

    id: Word
    cite: Text
    title: Text
    text: Text = Field(description="the rule in our own words")
    source: Source
    subject: Subjects
    when: Condition | None = Field(default=None, description="left out: always")
    defines: Word | None = None
    marks: YesNo | None = None
    permits: Words = Field(default=(), description="actions this is a ground for")
    route: Word | None = Field(default=None, description="the route of a permitting rule")
    bars: Words = Field(default=(), description="routes this closes")
    scope: Literal["item", "case"] = "case"
    actions: Words = Field(
        default=(), description="the actions a bar, exclusion or duty is about; none: all"
    )
    requires: Words = ()
    excludes: Words = ()
    duty: Upon | None = None
    reading: dict[str, Words] = Field(default_factory=dict)
    notwithstanding: Words = ()
    authority: Literal["state", "local", "federal"] = "state"
    effective: Day | None = None
    ended: Day | None = Field(default=None, description="last day in force")
    detail: Literal["high", "low"] = "high"
    note: Text | None = None

    @model_validator(mode="after")
    def _one_effect(self) -> Self:
        effects = [
            name
            for name in ("defines", "marks", "permits", "bars", "requires", "excludes", "duty")
            if getattr(self, name)
        ]
        if len(effects) != 1:
            raise ValueError(
                f"a rule has exactly one effect, this has {', '.join(effects) or 'none'}; "
                "use defines, marks, permits, bars, requires, excludes or duty"
            )
        if self.permits and self.route is None:
            raise ValueError("a permitting rule names its route")
        if "case" in self.subject and len(self.subject) > 1:
            raise ValueError("a rule about the case is about nothing else")
        if self.scope == "item" and (not self.bars or "case" in self.subject):
            raise ValueError("`scope: item` is for a bar about items")
        return self

    @property
    def effect(self) -> str:
        for name in ("defines", "marks", "permits", "bars", "requires", "excludes"):
            if getattr(self, name):
                return name
        return "duty"

    @property
    def about_case(self) -> bool:
        return self.subject == ("case",)

    def concerns(self, action: str) -> bool:
        """Whether the rule's effect can bear on an action."""
        named = self.permits or self.requires or self.excludes or self.actions
        return not named or action in named

    def in_force(self, day: date) -> bool:
        return (self.effective is None or self.effective <= day) and (
            self.ended is None or day <= self.ended
        )


class Base(Model):
    """What holds for an action where no rule opens, compels or excludes it."""

    id: Word
    cite: Text
    title: Text
    text: Text
    source: Source
    actions: Words
    outcome: Literal["permitted", "prohibited", "not_regulated"]
    route: Word | None = None
    effective: Day | None = None
    ended: Day | None = None


class Route(Model):
    """A legal way by which an action is open."""

    name: Word
    title: Text
    yields_to_local: YesNo
    cite: Text


class Option(Model):
    says: Text
    authorities: Words = ()


class Reading(Model):
    """A contested point: the question, its options, and which one is taken if nobody chooses."""

    id: Word
    question: Text
    cite: Text
    options: dict[str, Option]
    default: Word = Field(description="an option, or `none`")
    why: Text = Field(description="why this default")
    role: Literal["rules", "local_authority"] = "rules"
    verified: YesNo = True

    @model_validator(mode="after")
    def _default_is_an_option(self) -> Self:
        if self.default != "none" and self.default not in self.options:
            raise ValueError(
                f"default `{self.default}` is not one of {', '.join(self.options)}, none"
            )
        return self


class Law(Model):
    """A set of rules with a name and dates."""

    format: Literal["1"] = "1"
    name: Word
    title: Text
    kind: Literal["law", "definitions", "composition"] = "law"
    includes: Words = Field(default=(), description="a composition: the laws it is made of")
    effective: Day | None = None
    ended: Day | None = None
    source: Source
    note: Text | None = None
    routes: tuple[Route, ...] = ()
    readings: tuple[Reading, ...] = ()
    base: tuple[Base, ...] = ()
    rules: tuple[Rule, ...] = ()

    def in_force(self, day: date) -> bool:
        return (self.effective is None or self.effective <= day) and (
            self.ended is None or day <= self.ended
        )


class FactBook(Model):
    """Every fact that a rule may name, and the combinations no case may have."""

    format: Literal["1"] = "1"
    facts: tuple[Fact, ...]
    never: tuple[Never, ...] = ()
    actions: dict[str, Text] = Field(description="every action, and what it is")
