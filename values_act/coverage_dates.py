"""Days from which something is otherwise, and the scenarios that stand on them and about them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from models.case import Offending
from models.law import Law
from models.policy import County
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.covered import DateCover, Names
from values_act.days import DAY
from values_act.library import Library
from values_act.timeline import Event, timeline
from values_act.vocabulary import Values, Vocabulary

ACT = "act"
OFFENSE = "offense"
Told = Callable[[Iterable[int]], Names]
Dated = tuple[str, date]  # a fact of the case, and the day it states


@dataclass(frozen=True, slots=True)
class Stand:
    """When and where a scenario stands, and the offenses it names."""

    number: int
    law: str
    day: date
    act: str
    agency: str | None
    county: str | None
    dated: tuple[Dated, ...]
    offenses: tuple[tuple[str, tuple[date, ...]], ...]  # each as cited, with its days


def stand_of(answer: Answer, number: int, county: str | None) -> Stand:
    """Where a scenario stands; a day known in part is no day."""
    vocabulary, view = answer.program.vocabulary, answer.view
    dated = list(_days(vocabulary, "case", view.judgment.values))
    offenses = []
    own: dict[tuple[str, int], tuple[Dated, ...]] = {}
    for item in view.items:
        record = item.record
        own[record.subject, record.number] = tuple(_days(vocabulary, record.subject, item.values))
        dated += own[record.subject, record.number]
    for subject, name in LISTS.items():
        items = getattr(answer.case, name)
        for place, item in enumerate(items if isinstance(items, tuple) else (), 1):
            asked = offense_of(item)
            if asked is not None:
                offenses.append((asked, tuple(day for _, day in own.get((subject, place), ()))))
    kind = answer.facts.case.values.get("agency.kind")
    return Stand(
        number, answer.case.law, answer.facts.day, answer.program.action,
        kind if isinstance(kind, str) else None, county, tuple(dated), tuple(offenses),
    )  # fmt: skip


def offense_of(item: object) -> str | None:
    """The offense that an item is looked up by, as the case cites it."""
    return (item.california_equivalent or item.offense) if isinstance(item, Offending) else None


def _days(vocabulary: Vocabulary, subject: str, values: Values) -> Iterator[Dated]:
    for (of, name), spec in vocabulary.facts.items():
        value = values.get(name)
        if of == subject and spec.type == "date" and type(value) is int:
            yield name, date.fromordinal(value)


# ---------------------------------------------------------------- days


Days = dict[tuple[str, date], list[str]]  # what it is a day of, and the day -> what is new on it


def dates_of(
    library: Library, stands: list[Stand], told: Told, law: str | None, counties: Iterable[County]
) -> tuple[DateCover, ...]:
    """Every day on which something of a law, or of a county's policies, is or may be new.

    Laws that others are made of are looked at through those, and a proposal only for the days
    that the law it would change does not have.
    """
    found: list[DateCover] = []
    books = [entry for entry in library.laws.values() if entry.kind != "definitions"]
    included = {part for entry in books for part in entry.includes}
    for entry in books:
        if entry.name == law or (law is None and entry.name not in included):
            mine = [stand for stand in stands if _asks(library, stand, entry)]
            own = _own_days(library, entry)
            found += _covers(entry.name, own, mine, library, told)
    if not books:
        return tuple(found)
    for county in counties:
        for policy in county.policies:
            events = [e for e in timeline(library, books[0].name, county) if e.id == policy.id]
            mine = [
                stand for stand in stands
                if stand.county == county.county and stand.act in policy.actions
                and (stand.agency is None or stand.agency in policy.binds)
            ]  # fmt: skip
            found += _covers(policy.id, _by_day(events), mine, library, told)
    return tuple(found)


def _asks(library: Library, stand: Stand, law: Law) -> bool:
    """Whether a scenario asks a law, or one that is made of it."""
    return law.name in {stand.law, *library.laws[stand.law].includes}


def _own_days(library: Library, law: Law) -> Days:
    days = _by_day(timeline(library, law.name))
    if law.extends is None:
        return days
    kept = _by_day(timeline(library, law.extends))
    return {key: what for key, what in days.items() if key not in kept}


def _by_day(events: Iterable[Event]) -> Days:
    days: Days = {}
    for event in events:
        of = ACT
        if event.kind == "grade":
            of = OFFENSE
        elif event.kind == "limit":
            of = str(event.details["fact"])
        for day in {event.first, event.last} - {None}:
            if day is not None:
                days.setdefault((of, day), []).append(_told_of(event))
    return days


def _told_of(event: Event) -> str:
    return event.id if event.kind == "grade" else f"{event.what} [{event.id}]"


def _covers(
    owner: str, days: Days, stands: list[Stand], library: Library, told: Told
) -> Iterator[DateCover]:
    for of in dict.fromkeys(of for of, _ in days):
        marks = sorted(day for kind, day in days if kind == of)
        for place, day in enumerate(marks):
            what = days[of, day]
            at: dict[date, set[int]] = {}
            for stand in stands:
                for stood in _stood(stand, of, what, library):
                    at.setdefault(stood, set()).add(stand.number)
            first = marks[place - 1] if place else date.min
            end = marks[place + 1] if place + 1 < len(marks) else date.max
            known = sorted(at)
            before = known[bisect_left(known, first) : bisect_left(known, day)]
            after = known[bisect_left(known, day) : _up_to(known, end)]
            yield DateCover(
                owner, day, of, tuple(dict.fromkeys(what)),
                on=told(at.get(day, ())), eve=told(at.get(day - DAY, ())),
                after=told({n for d in after for n in at[d]}),
                before=told({n for d in before for n in at[d]}),
            )  # fmt: skip


def _up_to(days: list[date], end: date) -> int:
    return bisect_right(days, end) if end == date.max else bisect_left(days, end)


def _stood(stand: Stand, of: str, what: list[str], library: Library) -> Iterator[date]:
    """The days on which a scenario stands: of the act, of a fact, of an offense that changed."""
    if of == ACT:
        yield stand.day
    elif of == OFFENSE:
        for asked, days in stand.offenses:
            if any(entry.cite in what for entry in library.catalogue.find(asked).entries):
                yield from days
    else:
        yield from (day for name, day in stand.dated if name == of)
