"""A model of its own for the tests of reading, and what a refusal of it says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from values_act import yamltext
from values_act.errors import InputError
from values_act.yamltext import compose, name_of, parse, read_text


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
