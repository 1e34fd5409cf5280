"""Properties that a law should have, as a file states them."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from models.base import Model, Text, Word, Words
from models.condition import Condition
from models.terms import Day, Outcome

ItemSubject = Literal["conviction", "charge", "warrant"]


class Such(Model):
    """Cases, by their facts: all that is said holds of them."""

    when: Condition | None = Field(default=None, description="over the facts of the case")
    some: dict[ItemSubject, Condition] = Field(
        default_factory=dict, description="of each subject named, some item for which this holds"
    )
    found: Word | None = Field(default=None, description="a rule that holds for some item")

    @property
    def says(self) -> bool:
        """Whether anything is said; else every case is such a case."""
        return bool(self.when or self.some or self.found)


class Claimed(Such):
    """What is claimed of a case: its outcome, its facts, or both."""

    outcome: Words = Field(default=(), description="one of these outcomes")

    @model_validator(mode="after")
    def _claims_something(self) -> Self:
        if not (self.outcome or self.says):
            raise ValueError("say outcome, when, some or found")
        return self


class SameAs(Model):
    """The other side of a comparison; what it does not say is as the property has it."""

    law: Word | None = None
    county: Word | None = None
    readings: dict[Word, Word] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_another_side(self) -> Self:
        if self.law is None and self.county is None and not self.readings:
            raise ValueError("say law, county or readings")
        return self


class Property(Such):
    """A claim about every case, with any number of items, on every day that it speaks of."""

    id: Word
    title: Text
    why: Text | None = Field(default=None, description="why the law should have it, or its cite")
    law: Word = "state"
    county: Word | None = Field(default=None, description="whose policies count; left out: none")
    action: Words = Field(default=("all",), description="one act, several, or `all`")
    first: Day | None = Field(default=None, alias="from", description="first day of the act")
    last: Day | None = Field(default=None, alias="to", description="last day of the act")
    as_of: Day | None = Field(default=None, description="this one day of the act")
    readings: dict[Word, Word] = Field(default_factory=dict, description="options not by default")
    never: Claimed | None = None
    always: Claimed | None = None
    same_as: SameAs | None = Field(default=None, alias="same as")

    @model_validator(mode="after")
    def _one_claim(self) -> Self:
        claims = {"never": self.never, "always": self.always, "same as": self.same_as}
        stated = [name for name, claim in claims.items() if claim is not None]
        if len(stated) != 1:
            raise ValueError(
                f"a property has one claim, this has {', '.join(stated) or 'none'}; "
                "use never, always or same as"
            )
        if self.same_as is not None and self.says:
            raise ValueError("`same as` is about every case, so when, some and found go without it")
        if self.as_of is not None and (self.first or self.last):
            raise ValueError("say as_of, or from and to, not both")
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"ends on {self.last}, before it begins on {self.first}")
        return self

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day that it speaks of."""
        return self.as_of or self.first or date.min, self.as_of or self.last or date.max


OUTCOMES: tuple[Outcome, ...] = (
    "required", "permitted", "prohibited", "not_regulated", "undetermined",
)  # fmt: skip
