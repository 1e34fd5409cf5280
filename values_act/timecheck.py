"""Checks in time: one base rule for an act on a day, and one policy of an authority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations, pairwise
from typing import NamedTuple

from models.law import Base, Law, Rule
from models.policy import County, CountyPolicy
from values_act.days import DAY, Days, days_of, possible_days, sure_days

Path = tuple[str | int, ...]
Fault = tuple[str, Path, str]  # the law that is at fault, where in its file, and how


class _Held(NamedTuple):
    days: Days
    law_ends: date
    base: Base
    part: Law


def law_fault(law: Law) -> Fault | None:
    """The first entry of a law that is in force on no day: its own bounds, or the law's, forbid."""
    entries: list[tuple[Path, str, Law | Rule | Base]] = [((), f"law `{law.name}`", law)]
    entries += [(("rules", n), f"rule `{rule.id}`", rule) for n, rule in enumerate(law.rules)]
    entries += [(("base", n), f"base rule `{base.id}`", base) for n, base in enumerate(law.base)]
    for path, name, entry in entries:
        if entry.effective and entry.ended and entry.ended < entry.effective:
            said = f"{name}: ends on {entry.ended}, before it begins on {entry.effective}"
            return law.name, path, said
        if not days_of(law).meet(days_of(entry)):
            said = f"{name}: is never in force, for law `{law.name}` is {days_of(law)}"
            return law.name, path, said
    return None


def base_fault(law: Law, parts: Sequence[Law], laws: Mapping[str, Law]) -> Fault | None:
    """The first act that has two base rules on a day, or none on a day between two.

    A base rule that ends while its law goes on is followed by another on the next day; one that
    is meant to lapse is followed by one whose outcome is `not_regulated`. A proposal may take
    base rules out, so for it only the first is asked.

    Args:
        law: a law asked for by name.
        parts: the laws it is made of.
        laws: every law as its file has it, for the place of the fault.
    """
    for action, held in _held(law, parts).items():
        for one, other in pairwise(held):
            both = one.days.meet(other.days)
            if both:
                late, early = (one, other) if one.part.name == law.name else (other, one)
                said = f"overlaps `{early.base.id}` for `{action}` {both}"
                return _at(late, laws, f"{said}; an act has one base rule on a day")
            if one.days.last + DAY < other.days.first and law.kind != "proposal":
                gap = Days(one.days.last + DAY, other.days.first - DAY)
                said = f"no base rule for `{action}` {gap}, after `{one.base.id}`"
                return _at(other, laws, f"{said}; move a date, or state `not_regulated` between")
        end = held[-1]
        if end.days.last < end.law_ends and law.kind != "proposal":
            said = f"ends on {end.days.last} while law `{end.part.name}` goes on, and no base rule"
            return _at(end, laws, f"{said} for `{action}` follows; state one, or end the law")
    return None


def _held(law: Law, parts: Sequence[Law]) -> dict[str, list[_Held]]:
    """The base rules of each act with the days on which they govern it, in order of days."""
    found: dict[str, list[_Held]] = {}
    for part in parts:
        for base in part.base:
            span = days_of(law).meet(days_of(part))
            days = span.meet(days_of(base)) if span else None
            if span and days:
                for action in base.actions:
                    found.setdefault(action, []).append(_Held(days, span.last, base, part))
    return {action: sorted(held, key=lambda entry: entry.days) for action, held in found.items()}


def _at(held: _Held, laws: Mapping[str, Law], said: str) -> Fault:
    """A fault of a base rule, with its place in the file that gives it."""
    name = held.part.name
    index = next(n for n, base in enumerate(laws[name].base) if base.id == held.base.id)
    return name, ("base", index), f"base rule `{held.base.id}`: {said}"


def policy_fault(county: County) -> tuple[int, str] | None:
    """The first policy that ends before it begins, or overlaps one of the same authority.

    Two policies overlap where both surely are in force, bind one kind of agency and speak of
    one act. Which of two authorities prevails is a contested point of law, and no fault.

    Returns:
        its number in the file, and the fault.
    """
    for index, policy in enumerate(county.policies):
        days = possible_days(policy)
        if days.last < days.first:
            return index, f"ends in {policy.ended}, before it begins in {policy.effective}"
    for (_, one), (index, other) in combinations(enumerate(county.policies), 2):
        both = _overlap(one, other)
        if both:
            acts = [action for action in other.actions if action in one.actions]
            said = f"overlaps `{one.id}` of the same authority ({one.authority}) for `{acts[0]}`"
            return index, f"{said} {both}; end one before the other begins"
    return None


def _overlap(one: CountyPolicy, other: CountyPolicy) -> Days | None:
    alike = one.authority == other.authority
    if not (alike and set(one.binds) & set(other.binds) and one.actions.keys() & other.actions):
        return None
    mine, theirs = sure_days(one), sure_days(other)
    return mine.meet(theirs) if mine and theirs else None
