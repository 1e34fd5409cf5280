"""What changes on which day: laws, rules, dated tests, grades of offenses, policies of a county."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.law import Base, Condition, Law, Rule, Test
from models.policy import County, CountyPolicy
from values_act.conditions import leaves
from values_act.library import Library
from values_act.program import policy_in_force

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is otherwise from a day on.

    `latest` is the last day that it can be, where a source gives no more than a month or a year.
    """

    day: date
    latest: date
    what: str
    id: str
    title: str
    cite: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days over which the same names are in force; without a bound, open on that side."""

    first: date | None
    last: date | None
    names: tuple[str, ...]


def changes(library: Library, law: str, county: County | None = None) -> list[Change]:
    """Everything that changes under a law, and in a county's policies, in order of time."""
    parts = (*library.parts(law), *library.definitions)
    found = [change for part in parts for change in _of_law(part)]
    found += [change for part in parts for rule in part.rules for change in _dated_tests(rule)]
    found += _grades(library)
    for rule in county.rules if county else ():
        found += _dated_tests(rule)
    for policy in county.policies if county else ():
        found += _of_policy(policy)
    return sorted(set(found), key=lambda c: (c.day, c.latest, c.what, c.id))


def laws_in_force(library: Library, law: str) -> list[Span]:
    """The laws that a law is made of, over time; a proposal begins with the law it would change."""
    parts = library.parts(law)
    days = {part.effective for part in parts if part.effective}
    days |= {part.ended + DAY for part in parts if part.ended}
    return _spans(days, lambda day: (part.name for part in parts if part.in_force(day)))


def policies_in_force(county: County) -> list[Span]:
    """A county's policies over time; `?` marks one that may not be in force on each of the days."""
    days: set[date] = set()
    for policy in county.policies:
        if policy.effective:
            days |= {policy.effective.first, policy.effective.last}
        if policy.ended:
            days |= {policy.ended.first + DAY, policy.ended.last + DAY}

    def live(day: date) -> Iterator[str]:
        for policy in county.policies:
            state = policy_in_force(policy, day)
            if state is not False:
                yield policy.id if state else f"{policy.id}?"

    return _spans(days, live)


def _spans(days: Iterable[date], names: Callable[[date], Iterable[str]]) -> list[Span]:
    """The spans that some days begin, and the one before the first; like neighbors are joined."""
    found = [Span(None, None, tuple(names(date.min)))]
    for day in sorted(days):
        here, before = tuple(names(day)), found[-1]
        if here != before.names:
            found[-1:] = [Span(before.first, day - DAY, before.names), Span(day, None, here)]
    return found


def _of_law(law: Law) -> Iterator[Change]:
    sure = law.source.confidence
    if law.effective:
        yield _change(law.effective, "law begins", law.name, law.title, law.source.title, sure)
    if law.ended:
        yield _change(law.ended + DAY, "law ends", law.name, law.title, law.source.title, sure)
    entries: list[tuple[str, Rule | Base]] = [("base rule", base) for base in law.base]
    entries += [("rule", rule) for rule in law.rules]
    for kind, entry in entries:
        about = (entry.id, entry.title, entry.cite, entry.source.confidence)
        if entry.effective and entry.effective != law.effective:
            yield _change(entry.effective, f"{kind} begins", *about)
        if entry.ended and entry.ended != law.ended:
            yield _change(entry.ended + DAY, f"{kind} ends", *about)


def _dated_tests(rule: Rule) -> Iterator[Change]:
    """Days that the rule's own words name, as the day from which a conviction is judged anew."""
    for day, fact in _limits(rule.when):
        what = f"limit of {fact.replace('_', ' ')}"
        yield _change(day, what, rule.id, rule.title, rule.cite, rule.source.confidence)


def _limits(condition: Condition | None) -> Iterator[tuple[date, str]]:
    for leaf in leaves(condition):
        if isinstance(leaf, Test):
            for day in (leaf.expect.since, leaf.expect.before):
                if day is not None:
                    yield day, leaf.fact


def _grades(library: Library) -> Iterator[Change]:
    """Offenses whose grade has changed: a conviction before the day has the grade of its time."""
    for entry in library.catalogue.entries():
        day, row = entry.row.get("changed_on"), entry.row
        if day:
            title = f"{entry.title}: {row['grade_before']}, then {row['offense_grade']}"
            sure = row["offense_grade_confidence"]
            yield _change(date.fromisoformat(day), "grade changes", entry.cite, title,
                          row["changed_by"], sure)  # fmt: skip


def _of_policy(policy: CountyPolicy) -> Iterator[Change]:
    about = (policy.id, policy.title, policy.cite, policy.source.confidence)
    if policy.effective:
        yield Change(policy.effective.first, policy.effective.last, "policy begins", *about)
    if policy.ended:
        first, last = policy.ended.first + DAY, policy.ended.last + DAY
        yield Change(first, last, "policy ends", *about)


def _change(day: date, what: str, name: str, title: str, cite: str, confidence: str) -> Change:
    return Change(day, day, what, name, title, cite, confidence)
