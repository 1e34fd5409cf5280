"""Conditions: all, any and not over tests of facts, and nothing else."""

from __future__ import annotations

from typing import Annotated, Any, Literal

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

from models.base import Model, Scalar, Whole, Word
from models.terms import Day


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
            return {"values": tuple(scalar(item) for item in items)}
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


def scalar(value: Any) -> Scalar:
    if isinstance(value, (bool, int)):
        return value
    if not isinstance(value, str):
        raise ValueError(f"`{value}` is not a single value")
    lowered = value.lower()
    if lowered in {"true", "false"}:
        return lowered == "true"
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else value


def _bound(value: Any) -> int:
    found = scalar(value)
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
        return _group(self)


class AnyOf(Model):
    parts: tuple[Condition, ...] = Field(min_length=1)

    @model_serializer
    def _to_yaml(self) -> Any:
        return _group(self)


class Not(Model):
    part: Condition

    @model_serializer
    def _to_yaml(self) -> Any:
        return {"not": self.part.model_dump()}


def _group(group: AllOf | AnyOf) -> dict[str, Any]:
    """The YAML form; asked of the group itself, for in a union either may dump the other."""
    word = "all" if isinstance(group, AllOf) else "any"
    return {word: [part.model_dump() for part in group.parts]}


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
