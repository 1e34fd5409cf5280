"""Spans of days over which a law, a rule or a policy is in force: no rule is evaluated here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from models.law import Base, Law, Rule
from models.policy import CountyPolicy

DAY = timedelta(days=1)


class Days(NamedTuple):
    """Every day from `first` to `last`; `date.min` and `date.max` where no bound is known."""

    first: date
    last: date

    def meet(self, other: Days) -> Days | None:
        """The days in both, if any."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None

    def __str__(self) -> str:
        if self.first == self.last:
            return f"on {self.first}"
        if self.last == date.max:
            return f"from {self.first} on"
        if self.first == date.min:
            return f"up to {self.last}"
        return f"from {self.first} to {self.last}"


ALWAYS = Days(date.min, date.max)


def united(spans: Iterable[Days]) -> list[Days]:
    """Spans in order, those that overlap or touch as one."""
    found: list[Days] = []
    for days in sorted(spans):
        last = found[-1] if found else None
        if last is not None and (last.last == date.max or days.first <= last.last + DAY):
            found[-1] = Days(last.first, max(last.last, days.last))
        else:
            found.append(days)
    return found


def days_after(*days: date) -> list[date]:
    """The day after each, where the calendar has one."""
    return [day + DAY for day in days if day < date.max]


def days_of(entry: Law | Rule | Base) -> Days:
    """The days between an entry's own bounds."""
    return Days(entry.effective or date.min, entry.ended or date.max)


def possible_days(policy: CountyPolicy) -> Days:
    """Every day on which a policy may be in force, a bound known in part taken widest."""
    start, end = policy.effective, policy.ended
    return Days(start.first if start else date.min, end.last if end else date.max)


def sure_days(policy: CountyPolicy) -> Days | None:
    """The days on which a policy surely is in force; None if no day is sure."""
    start, end = policy.effective, policy.ended
    found = Days(start.last if start else date.min, end.first if end else date.max)
    return found if found.first <= found.last else None


def left_out(spans: Iterable[Days], within: Days = ALWAYS) -> list[Days]:
    """The days that no span holds, in order."""
    found: list[Days] = []
    first = within.first
    for span in sorted(spans):
        if span.first > first:
            found.append(Days(first, min(span.first - DAY, within.last)))
        if span.last >= within.last:
            return found
        first = max(first, span.last + DAY)
    return [*found, Days(first, within.last)]
