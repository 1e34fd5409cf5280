"""A county's own rules: dated, sourced, with the authority that issued them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from models.base import Model, Text, Versioned, Word, Words
from models.dates import PartialDate
from models.law import Condition, Rule, Source


class Term(Model):
    """What a policy says on one action; it removes grounds, and never adds one."""

    rule: Literal["open", "closed", "when", "unpublished"]
    when: Condition | None = None
    name: Word | None = Field(default=None, description="what part is not published")
    practice: Text | None = None
    refer: Text | None = Field(default=None, description="why counsel should be asked")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.rule == "when") != (self.when is not None):
            raise ValueError("`when` takes a condition, and nothing else does")
        if (self.rule == "unpublished") != (self.name is not None):
            raise ValueError("`unpublished` takes a name, and nothing else does")
        return self


def _term(value: Any) -> Any:
    if isinstance(value, str) and value in ("open", "closed"):
        return {"rule": value}
    if isinstance(value, dict) and "rule" not in value:
        body = dict(value)
        if "when" in body:
            return {**body, "rule": "when"}
        if "unpublished" in body:
            name = body.pop("unpublished")
            return {**body, "rule": "unpublished", "name": name}
        if body.get("says") in ("open", "closed"):
            return {**{k: v for k, v in body.items() if k != "says"}, "rule": body["says"]}
    if isinstance(value, Model) or (isinstance(value, dict) and "rule" in value):
        return value
    raise ValueError("say open, closed, when: CONDITION or unpublished: NAME")


class _Said(Model):
    practice: Text | None = None
    refer: Text | None = Field(default=None, description="why counsel should be asked")


class _Says(_Said):
    """The act is open or closed; more is said of it."""

    says: Literal["open", "closed"]


class _When(_Said):
    """The act is open where a condition holds, and closed elsewhere."""

    when: Condition


class _NotPublished(_Said):
    """What the policy says of the act is not published."""

    unpublished: Word


_TERM_FORMS = Literal["open", "closed"] | _Says | _When | _NotPublished | Term


class CountyPolicy(Model):
    """One policy of one authority over one span of time."""

    id: Word
    title: Text
    cite: Text
    authority: Word = Field(description="board, sheriff, voters, court …")
    binds: Words = Field(description="kinds of agency it binds")
    effective: PartialDate | None = None
    ended: PartialDate | None = Field(default=None, description="last day in force")
    actions: dict[str, Annotated[Term, BeforeValidator(_term, json_schema_input_type=_TERM_FORMS)]]
    source: Source
    note: Text | None = None


class County(Versioned):
    """A county, and every policy found for it; none found is said, never filled in."""

    county: Word
    policies: tuple[CountyPolicy, ...] = ()
    rules: tuple[Rule, ...] = Field(default=(), description="marks that its conditions look for")
    note: Text | None = None
