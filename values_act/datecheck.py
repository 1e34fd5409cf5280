"""Checks on dates: two base rules never speak of one act on one day, nor two policies of one body.

A policy whose first or last day is known to the month or the year only may share those days with
the next one; only what surely overlaps is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations

from models.law import Base, Law
from models.policy import CountyPolicy

Days = tuple[date, date]


def base_overlap(parts: Iterable[Law]) -> str | None:
    """Two base rules, of laws that stand together, that speak of one act on one day: in words."""
    dated = [(base, _days(base, part)) for part in parts for base in part.base]
    for (one, first), (other, second) in combinations(dated, 2):
        acts = [act for act in one.actions if act in other.actions]
        if acts and _meet(first, second):
            day = max(first[0], second[0])
            return f"base rules `{one.id}` and `{other.id}` both speak of `{acts[0]}` on {day}"
    return None


def policy_overlaps(policies: Sequence[CountyPolicy]) -> Iterator[tuple[int, str]]:
    """Policies, by their place in the file, of an authority that has another one in force."""
    for (_, one), (index, other) in combinations(enumerate(policies), 2):
        same = one.authority == other.authority and set(one.binds) & set(other.binds)
        acts = [act for act in one.actions if act in other.actions]
        if same and acts and _meet(_surely(one), _surely(other)):
            yield index, f"`{one.id}` of the same authority is in force too, on `{acts[0]}`"


def _days(base: Base, part: Law) -> Days:
    starts = [day for day in (base.effective, part.effective) if day]
    ends = [day for day in (base.ended, part.ended) if day]
    return max(starts, default=date.min), min(ends, default=date.max)


def _surely(policy: CountyPolicy) -> Days:
    start = policy.effective.last if policy.effective else date.min
    return start, policy.ended.first if policy.ended else date.max


def _meet(one: Days, other: Days) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])
