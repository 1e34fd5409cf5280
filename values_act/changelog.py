"""The entry of a change log that a change of the law calls for: sections, days, acts, cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.difference import ActionView, Difference, PeriodView
from values_act.days import Days, united
from values_act.diff_text import counts, side_text

MANY = 12  # names of one list; beyond, they are counted


@dataclass(frozen=True, slots=True)
class Entry:
    """What a change of the law touches."""

    sections: tuple[str, ...]
    files: tuple[str, ...]
    days: tuple[str, ...]
    acts: tuple[str, ...]
    kinds: tuple[str, ...]
    duties: tuple[str, ...]
    offenses: tuple[str, ...]
    scenarios: tuple[str, ...]
    edits: tuple[str, ...]
    words_only: int

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def entry_of(difference: Difference) -> Entry:
    """What a difference touches, each thing once."""
    telling = [edit for edit in difference.edits if edit.effect]
    kinds = [(act, kind) for act in difference.actions for kind in act.kinds]
    cites = [edit.cite for edit in telling]
    cites += [cite for _, kind in kinds for cite in (kind.cite_before, kind.cite_after)]
    cites += [duty.cite for act in difference.actions for duty in act.duties]
    changed = [period for act in difference.actions for period in _touched(act)]
    return Entry(
        sections=_once(cites),
        files=_once(edit.file for edit in difference.edits),
        days=tuple(_days(changed)),
        acts=tuple(f"{act.action}: {act.verdict}" for act in difference.actions if _touched(act)),
        kinds=tuple(f"{act.action}: {kind.sentence}" for act, kind in kinds),
        duties=_once(
            f"{act.action}: {duty.cite} [{duty.rule}] {duty.change}"
            for act in difference.actions
            for duty in act.duties
        ),
        offenses=tuple(f"{o.offense} ({o.subject}): {'; '.join(o.facts)}"
                       for o in difference.offenses),
        scenarios=tuple(f"{s.name}: {s.before} -> {s.after}" for s in difference.scenarios),
        edits=tuple(edit.words for edit in telling),
        words_only=len(difference.edits) - len(telling),
    )  # fmt: skip


def _touched(act: ActionView) -> list[PeriodView]:
    """The periods of an act on which something changes."""
    owed = {place for duty in act.duties for place in duty.periods}
    return [p for place, p in enumerate(act.periods) if p.changed or place in owed]


def _days(periods: Sequence[PeriodView]) -> Iterator[str]:
    """All days of some periods, county by county, those that meet or touch as one span."""
    by_county: dict[tuple[str | None, str | None], list[Days]] = {}
    for period in periods:
        days = Days(period.first or date.min, period.last or date.max)
        by_county.setdefault(period.county, []).append(days)
    for counties, found in by_county.items():
        names = " / ".join(dict.fromkeys(f"{name} County" for name in counties if name))
        for days in united(found):
            yield f"{days}{f' ({names})' if names else ''}"


def changelog(difference: Difference) -> str:
    """A draft of the entry, as Markdown: what cannot be known from the rules is left to write."""
    return "\n".join(_lines(difference, entry_of(difference))) + "\n"


def _lines(difference: Difference, entry: Entry) -> Iterator[str]:
    a, b = difference.sides
    yield f"## {b.name}, compared with {a.name}"
    yield ""
    yield "<!-- Why the law was changed, and by what authority: to be written. -->"
    yield ""
    if difference.equivalent:
        yield "No case is answered differently (proved for every case)."
    else:
        yield f"Changes: {', '.join(counts(difference))}."
    yield ""
    yield from _list("Sections", entry.sections)
    yield from _list("Days", entry.days or ("none",) if not difference.equivalent else ())
    yield from _list("Acts", entry.acts)
    yield from _list("Kinds of case", entry.kinds)
    yield from _list("Duties", entry.duties)
    yield from _list("Offenses", entry.offenses)
    yield from _list("Scenarios answered differently", entry.scenarios)
    yield from _list("What is written otherwise", entry.edits)
    if entry.words_only:
        yield f"- Changes in words only: {entry.words_only}"
    yield from _list("Files", entry.files)
    yield ""
    for side in (a, b):
        yield f"<!-- {side_text(side)} -->"
    yield f"<!-- {difference.notice} -->"


def _list(title: str, said: tuple[str, ...]) -> Iterator[str]:
    if not said:
        return
    yield f"- {title}:"
    yield from (f"  - {text}" for text in said[:MANY])
    if len(said) > MANY:
        yield f"  - … and {len(said) - MANY} more"


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
