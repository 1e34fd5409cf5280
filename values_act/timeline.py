"""Everything that changes by date in a law: nothing is decided here, and no clock is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, get_args

from models.law import Base, Condition, Law, Rule, Subject, Test
from models.policy import County, CountyPolicy
from values_act.casefacts import EITHER
from values_act.catalogue import Change
from values_act.conditions import facts_of, found_in, leaves
from values_act.days import ALWAYS, DAY, Days, days_after, days_of, left_out, possible_days
from values_act.library import Library, county_slug
from values_act.vocabulary import Vocabulary

Kind = Literal[
    "no_law", "law", "proposal", "base", "rule", "duty", "limit", "listing", "grade",
    "no_policy", "policy",
]  # fmt: skip
Conditions = list[tuple[tuple[Subject, ...], Condition | None]]
_ORDER = get_args(Kind)
_FEW = 4  # acts that are listed by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change, and the day from which it is so.

    Of a bound known to the month or year, `first` and `last` are the earliest and the latest day,
    and `known` is the bound as written. `first` is None where no beginning is known. What ended
    is out of force on `first`. `until` is the last day in force, or of a state that lasts.
    """

    kind: Kind
    id: str
    change: Literal["begins", "ends", "changes", "lasts"]
    first: date | None
    last: date | None
    title: str
    cite: str
    what: str
    known: str | None = None
    until: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def when(self) -> str:
        """The day, month or year as a reader is told it."""
        if self.known:
            return self.known
        if self.first:
            return self.first.isoformat()
        if self.change == "lasts":
            return f"to {self.until}" if self.until else "always"
        return "unknown"

    @property
    def reach(self) -> Days:
        """The days on which it happens or may happen; for a state, those over which it lasts."""
        first = self.first or date.min
        if self.change == "lasts":
            return Days(first, date.fromisoformat(self.until) if self.until else date.max)
        return Days(first, self.last or first)

    def body(self) -> dict[str, object]:
        """The event as plain data; what does not apply is left out."""
        told: dict[str, object] = {
            "date": self.first and self.first.isoformat(),
            "kind": self.kind,
            "change": self.change,
            "id": self.id,
            "title": self.title,
            "cite": self.cite,
            "what": self.what,
        }
        if self.known and self.last:
            told |= {"known": self.known, "latest": self.last.isoformat()}
        if self.until:
            told["until"] = self.until
        return told | {key: value for key, value in self.details.items() if value}


def change_dates(library: Library, law: str, county: County | None = None) -> list[date]:
    """Every day on which something of a law, or of a county's policies, is or may be new.

    Between two neighbors nothing changes, so these days, each with the day before it, are the
    ones to look at. Days that tests of dates name, and days from which an offense has another
    grade or stands on a list, are among them. A bound known to the month or year gives its
    earliest and its latest day.

    Raises:
        InputError: there is no such law.
    """
    found = timeline(library, law, county)
    return sorted({day for event in found for day in (event.first, event.last) if day})


def timeline(library: Library, law: str, county: County | None = None) -> list[Event]:
    """Every change of a law, and of a county's policies, in order of days.

    A law made of others tells of all of them, within its own days; a proposal, of what it keeps
    and what it adds. What begins and ends with the law around it is not told apart.

    Raises:
        InputError: there is no such law.
    """
    asked = library.law(law)
    spans = [
        (part, days)
        for part in library.parts(law)
        if (days := days_of(asked).meet(days_of(part))) is not None
    ]
    whole = Days(
        min((days.first for _, days in spans), default=date.max),
        max((days.last for _, days in spans), default=date.min),
    )
    # what comes after the last day asked about can bear on no act, and no item is dated there
    horizon = date.max if county else whole.last
    found = [_no_law(asked, gap) for gap in left_out(days for _, days in spans)]
    home: dict[str, tuple[str, Days]] = {}
    for part, days in spans:
        home |= {rule.id: (part.name, days) for rule in part.rules}
        found += _law(part, days)
        found += [event for base in part.base for event in _base(base, part, days)]
    rules, facts = _read(library, [part for part, _ in spans], county)
    for rule in rules:
        name, days = home.get(rule.id, ("", whole))
        if days.meet(days_of(rule)):
            found += _rule(rule, name, days)
            limits = _limits(library.vocabulary, rule, rule.subject[0], rule.when)
            found += [event for event in limits if event.reach.first <= horizon]
    changes = [c for c in library.changes if c.fact in facts and c.since <= horizon]
    found += [_offense(library.vocabulary, change) for change in changes]
    found += _county(library.vocabulary, county) if county else ()
    return sorted(found, key=_place)


def within(events: Iterable[Event], days: Days) -> list[Event]:
    """The events that fall, or may fall, on some of the days; a state, if it lasts on one."""
    return [event for event in events if days.meet(event.reach)]


def _place(event: Event) -> tuple[date, bool, int, str]:
    begun = event.change != "ends"
    return event.first or date.min, begun, _ORDER.index(event.kind), event.id


def _read(
    library: Library, parts: Iterable[Law], county: County | None
) -> tuple[list[Rule], frozenset[str]]:
    """Every rule that a law or a county's policies use, and the names of the facts they test."""
    shared = {rule.id: rule for book in library.definitions for rule in book.rules}
    definers: dict[tuple[Subject, str], list[Rule]] = {}
    for rule in shared.values():
        for subject in rule.subject if rule.defines else ():
            definers.setdefault((subject, rule.defines or ""), []).append(rule)
    terms = [t for policy in (county.policies if county else ()) for t in policy.actions.values()]
    todo: Conditions = [(("case",), term.when) for term in terms]
    queue = [rule for part in parts for rule in part.rules] + list(county.rules if county else ())
    used: dict[str, Rule] = {}
    facts: set[str] = set()
    while queue or todo:
        for rule in queue:
            if rule.id not in used:
                used[rule.id] = rule
                todo.append((rule.subject, rule.when))
        queue = []
        for subjects, condition in todo:
            queue += [shared[found.rule] for found in found_in(condition) if found.rule in shared]
            named = set(facts_of(condition))
            facts |= named
            queue += [r for s in subjects for fact in named for r in definers.get((s, fact), ())]
        todo = []
    return list(used.values()), frozenset(facts)


# ---------------------------------------------------------------- laws, base rules, rules


def _no_law(law: Law, gap: Days) -> Event:
    first = None if gap.first == date.min else gap.first
    until = _iso(gap.last)
    return Event(
        kind="no_law", id=law.name, change="lasts", first=first, last=first, title=law.title,
        cite="", what="no law in force: no act is governed", until=until,
    )  # fmt: skip


def _law(part: Law, days: Days) -> Iterator[Event]:
    acts = [
        action
        for base in part.base
        if (own := days.meet(days_of(base))) and own.first == days.first
        for action in base.actions
    ]
    said = f"base rules for {_listed(acts)}" if acts else ""
    if part.status:
        said = f"a proposal that is not law: {part.status}; would change {part.extends}"
        said += f" and take out {', '.join(part.drop)}" if part.drop else ""
    yield from _bounds(
        Event(
            kind="proposal" if part.kind == "proposal" else "law", id=part.name, change="begins",
            first=None, last=None, title=part.title, cite=part.source.title, what=said,
            details={"actions": acts, "status": part.status, "extends": part.extends,
                     "rules": [rule.id for rule in part.rules] if part.status else (),
                     "drop": part.drop, "confidence": part.source.confidence},
        ),
        days,
        ALWAYS,
    )  # fmt: skip


def _base(base: Base, part: Law, days: Days) -> Iterator[Event]:
    yield from _bounds(
        Event(
            kind="base", id=base.id, change="begins", first=None, last=None, title=base.title,
            cite=base.cite, what=f"otherwise {base.outcome}: {_listed(base.actions)}",
            details={"law": part.name, "outcome": base.outcome, "actions": base.actions,
                     "confidence": base.source.confidence},
        ),
        days.meet(days_of(base)),
        days,
    )  # fmt: skip


def _rule(rule: Rule, law: str, days: Days) -> Iterator[Event]:
    under = [f"{reading}: {' or '.join(options)}" for reading, options in rule.reading.items()]
    yield from _bounds(
        Event(
            kind="duty" if rule.duty else "rule", id=rule.id, change="begins", first=None,
            last=None, title=rule.title, cite=rule.cite,
            what=f"under {', '.join(under)}" if under else "",
            details={"law": law, "effect": rule.effect, "reading": rule.reading,
                     "confidence": rule.source.confidence},
        ),
        days.meet(days_of(rule)),
        days,
    )  # fmt: skip


def _bounds(entry: Event, own: Days | None, around: Days) -> Iterator[Event]:
    """The first day of an entry, and the first after its last, inside the days around it."""
    if own is None:
        return
    more = f" ({entry.what})" if entry.what else ""
    entry = replace(entry, until=_iso(own.last))
    if own.first > around.first:
        what = f"begins: {entry.title}{more}"
        yield replace(entry, first=own.first, last=own.first, what=what)
    if own.last < around.last:
        after, what = own.last + DAY, f"ended: {entry.title} (last day {own.last})"
        yield replace(entry, change="ends", first=after, last=after, what=what)


def _limits(
    vocabulary: Vocabulary, entry: Rule | CountyPolicy, subject: Subject, when: Condition | None
) -> Iterator[Event]:
    """The days that tests of a rule, or of a policy, name."""
    for test in (leaf for leaf in leaves(when) if isinstance(leaf, Test)):
        for day, words in ((test.expect.since, "from {} on"), (test.expect.before, "before {}")):
            if day:
                label = vocabulary.facts[subject, test.fact].label
                yield Event(
                    kind="limit", id=entry.id, change="changes", first=day, last=day,
                    title=entry.title, cite=entry.cite,
                    what=f"limit: {label} {words.format(day)}: {entry.title}",
                    details={"fact": test.fact, "confidence": entry.source.confidence},
                )  # fmt: skip


# ---------------------------------------------------------------- offenses, policies


def _offense(vocabulary: Vocabulary, change: Change) -> Event:
    """A catalogued offense that has another grade, or stands on a list, from a day on."""
    spec = next(spec for (_, name), spec in vocabulary.facts.items() if name == change.fact)
    entry, now = change.entry, str(change.entry.facts[change.fact])
    details: dict[str, object] = {"fact": change.fact, "now": now, "before": change.before}
    said = f"list: {entry.cite}, {entry.title}: {spec.say(now)}"
    if change.before:
        before = EITHER.join(spec.say(grade) for grade in change.before.split(EITHER))
        grades = f"{spec.say(now)}; before: {before}"
        said = f"grade: {entry.cite}, {entry.title}: {grades}"
    return Event(
        kind="grade" if change.before else "listing", id=entry.cite, change="changes",
        first=change.since, last=change.since, title=entry.title, cite=change.cite,
        what=said, details=details | {"confidence": entry.confidence[change.fact]},
    )  # fmt: skip


def _county(vocabulary: Vocabulary, county: County) -> Iterator[Event]:
    """The bounds of a county's policies, and the days for which none was found."""
    for gap in left_out(possible_days(policy) for policy in county.policies):
        first, until = None if gap.first == date.min else gap.first, _iso(gap.last)
        yield Event(
            kind="no_policy", id=county_slug(county.county), change="lasts", first=first,
            last=first, title=f"{county.county} County", cite="", until=until,
            what="no policy found" + (f" (to {until})" if first and until else ""),
        )  # fmt: skip
    for policy in county.policies:
        yield from _policy(policy, county)
        for term in policy.actions.values():
            yield from _limits(vocabulary, policy, "case", term.when)


def _policy(policy: CountyPolicy, county: County) -> Iterator[Event]:
    start, end = policy.effective, policy.ended
    entry = Event(
        kind="policy", id=policy.id, change="begins", first=start.first if start else None,
        last=start.last if start else None, title=policy.title, cite=policy.cite,
        what=f"begins: {policy.title}", until=str(end) if end else None,
        details={"county": county.county, "authority": policy.authority, "binds": policy.binds,
                 "actions": tuple(policy.actions), "confidence": policy.source.confidence},
    )  # fmt: skip
    if start is None:
        yield replace(entry, what=f"in force from a day that was not found: {policy.title}")
    elif start.exact:
        yield entry
    else:
        said = f"begins on some day of {start}: {policy.title}"
        yield replace(entry, known=str(start), what=said)
    if end is not None:
        said = f"ended: {policy.title} (last day {end})"
        known = None if end.exact else str(end)
        if known:
            said = f"ended on some day of {end}: {policy.title}"
        for first in days_after(end.first):  # none, where the calendar ends with it
            last = max([first, *days_after(end.last)])
            yield replace(entry, change="ends", first=first, last=last, known=known, what=said)


def _listed(acts: Iterable[str]) -> str:
    named = list(acts)
    return ", ".join(named) if len(named) <= _FEW else f"{len(named)} acts"


def _iso(day: date) -> str | None:
    return None if day in (date.min, date.max) else day.isoformat()
