"""Dates as records give them: a day, a month or a year, and the legal sum of years."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
LAST_YEAR = date.max.year


def add_years(start: date, years: int) -> date:
    """The same calendar day `years` later; 29 February falls on 28 February in a common year.

    Gov. Code 6803 takes 29 February and the day before it as one day.

    Raises:
        ValueError: the sum leaves the calendar (year 9999).
    """
    year = start.year + years
    if start.month == 2 and start.day == 29 and not calendar.isleap(year):
        return date(year, 2, 28)
    return start.replace(year=year)


def years_between(start: date, end: date, *, anniversary_inside: bool = True) -> int:
    """Smallest whole n for which `end` lies within n years of `start` (0 on the day itself).

    Gov. Code 6800 leaves out the first day and counts the last, so the anniversary is inside
    unless the caller asks for the other reading.
    """
    years = max(0, end.year - start.year - 1)
    while start.year + years <= LAST_YEAR:  # no day lies beyond the calendar's end
        last = add_years(start, years)
        if end < last or (anniversary_inside and end == last):
            return years
        years += 1
    return years


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the day, the month or the year: every day from `first` to `last`."""

    first: date
    last: date
    text: str

    @classmethod
    def parse(cls, value: object) -> PartialDate:
        """Read `2012-05-01`, `2012-05` or `2012`.

        Raises:
            ValueError: anything else, or a day that no calendar has.
        """
        if isinstance(value, PartialDate):
            return value
        if isinstance(value, date):
            return cls(value, value, value.isoformat())
        text = str(value)
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"`{text}` is not a date; write 2012-05-01, 2012-05 or 2012")
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            if year is None or month is None:
                return cls(date(year or 0, 1, 1), date(year or 0, 12, 31), text)
            if day is None:
                end = calendar.monthrange(year, month)[1]
                return cls(date(year, month, 1), date(year, month, end), text)
            whole = date(year, month, day)
        except (ValueError, calendar.IllegalMonthError):
            raise ValueError(f"`{text}` is not a day in the calendar") from None
        return cls(whole, whole, text)

    @property
    def exact(self) -> bool:
        return self.first == self.last

    def __str__(self) -> str:
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        written = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
        return {"anyOf": [written, {"type": "integer", "minimum": 1000, "maximum": 9999}]}


def parse_day(value: object) -> date:
    """One day, written `2025-07-17` and in no other form.

    Raises:
        ValueError: anything else, or a day that no calendar has.
    """
    if isinstance(value, date):
        return value
    try:
        found = PartialDate.parse(value)
    except ValueError:
        found = None
    if found is None or not found.exact:
        raise ValueError(f"`{value}` is not a day; write it as 2025-07-17")
    return found.first


def first_day_where(holds: Callable[[date], bool], low: date, high: date) -> date | None:
    """First day in [low, high] where a condition that stays true once true holds (bisection)."""
    if not holds(high):
        return None
    while low < high:
        middle = low + timedelta(days=(high - low).days // 2)
        if holds(middle):
            high = middle
        else:
            low = middle + timedelta(days=1)
    return low
