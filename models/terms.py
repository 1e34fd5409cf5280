"""Words that every other model uses: subjects, outcomes, confidence, days and sources."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from typing_extensions import TypeAliasType

from models.base import Model, Text
from models.dates import parse_day

Subject = Literal["case", "conviction", "charge", "warrant"]
ITEM_SUBJECTS: tuple[Subject, ...] = ("conviction", "charge", "warrant")
Outcome = Literal["required", "permitted", "prohibited", "not_regulated", "undetermined"]
Confidence = Literal["high", "medium", "low", "unverified"]  # from the most sure to the least


def _day(value: Any) -> Any:
    try:
        return parse_day(value)
    except ValueError:
        raise ValueError(f"`{value}` is not a day; write it as 2018-01-04") from None


Day = TypeAliasType("Day", Annotated[date, BeforeValidator(_day)])


class Source(Model):
    """Where a rule, list or policy was read."""

    title: Text
    url: Text | None = None
    read: Text | None = Field(default=None, description="what was read, and when")
    confidence: Confidence = "high"
    note: Text | None = None
