"""Flips as cases: a set of changes written into the case, and checked by deciding the result.

A set is an edit of the case file, and all that it does not change stays as the file has it. What
the file leaves out follows as in any case: from a fact that implies it, from the catalogue. Only
what the citation of an offense told beside the offense, as that it was an attempt, is written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from math import prod
from typing import Any

from pydantic import ValidationError

from models.base import UNKNOWN
from models.case import InmateCase
from models.decision import Decision
from models.law import Subject
from values_act.casefacts import LISTS, read_facts
from values_act.decide import Decider, Settings, apply
from values_act.errors import EngineError, InputError
from values_act.flips import ITEM, Added, Change, FlipSet
from values_act.library import Library
from values_act.reasons import write_decision
from values_act.records import OFFENSE, Facts, Record
from values_act.vocabulary import (
    EARLIEST,
    FactSpec,
    Open,
    Span,
    Value,
    Values,
    Vocabulary,
    is_known,
)

MAX_TRIED = 8  # values of one change that are tried
MAX_PRODUCT = 16  # combinations of several changes; beyond, each change is varied alone
EQUIVALENT = "california_equivalent"  # looked up in place of the offense, where an item has it
Picks = tuple[Value, ...]  # one value for each change of a set, in its order
Place = tuple[Subject, int]


# ---------------------------------------------------------------- which values to try


def representatives(vocabulary: Vocabulary, change: Change) -> list[Value]:
    """At most eight values of a change: each word, both ends of each span, the telling end first.

    Of a span without a lower bound (any day, any number up to one) the upper end is telling.
    """
    if change.fact == ITEM:
        return [True]
    found: list[Value] = []
    for value in change.values:
        if not isinstance(value, Span):
            found.append(value)
        elif is_floor(vocabulary.get(change.record.subject, change.fact), value.low):
            found += [value.high, value.low]
        else:
            found += [value.low, value.high]
    found = list(dict.fromkeys(found))
    last = len(found) - 1
    if last < MAX_TRIED:
        return found
    return [found[n * last // (MAX_TRIED - 1)] for n in range(MAX_TRIED)]


def is_floor(spec: FactSpec | None, value: int) -> bool:
    """Whether no smaller number, or no earlier day, is told apart from this one."""
    return value <= (EARLIEST if spec is not None and spec.type == "date" else 0)


def combinations(vocabulary: Vocabulary, flipset: FlipSet) -> Iterator[Picks]:
    """Values to try together, those to show first."""
    each = [representatives(vocabulary, change) for change in flipset.changes]
    if prod(len(values) for values in each) <= MAX_PRODUCT:
        yield from product(*each)
        return
    first = tuple(values[0] for values in each)
    yield first
    for index, values in enumerate(each):
        for value in values[1:]:
            yield (*first[:index], value, *first[index + 1 :])
    yield tuple(values[-1] for values in each)


# ---------------------------------------------------------------- the changed case


def changed_case(
    library: Library, case: InmateCase, flipset: FlipSet, values: Picks | None = None
) -> InmateCase:
    """The case with every change of a set made, and all else as it is.

    Args:
        library: the law, for the facts and the catalogue.
        case: the case as decided, settings applied.
        flipset: the changes.
        values: the value that each change takes; without it the first representative.

    Raises:
        EngineError: the changes cannot be written into this case.
    """
    if values is None:
        values = next(combinations(library.vocabulary, flipset))
    try:
        before = read_facts(case, library.vocabulary, library.catalogue)
        writer = _Writer(library.vocabulary, case, before)
        for change, value in zip(flipset.changes, values, strict=True):
            writer.note(change, value)
        writer.write()
        for added in flipset.added:
            writer.add(added)
        after = read_facts(writer.case(), library.vocabulary, library.catalogue)
        if writer.keep(before, after):
            read_facts(writer.case(), library.vocabulary, library.catalogue)
        return writer.case()
    except (InputError, ValidationError) as error:
        text = str(error).split("\n", 1)[0]
        raise EngineError(f"a change that was found makes no case: {text}") from None


class _Writer:
    """Writes changes into a case as its file has it."""

    def __init__(self, vocabulary: Vocabulary, case: InmateCase, before: Facts) -> None:
        self.vocabulary = vocabulary
        self.raw: dict[str, Any] = case.model_dump(mode="json", exclude_unset=True)
        self.values: dict[Place, Values] = {
            (record.subject, record.number): dict(record.values)
            for record in before.records()
            if not record.phantom
        }
        self.stated = {_place(record): record.stated for record in before.records()}
        self.wanted: dict[Place, Values] = {}  # what is changed

    def case(self) -> InmateCase:
        return InmateCase.model_validate(self.raw)

    def note(self, change: Change, value: Value) -> None:
        record = change.record
        own = self.wanted.setdefault((record.subject, record.number), {})
        if change.fact != ITEM:
            own[change.fact] = value
            return
        own |= {name: record.values[name] for name in record.stated}
        if record.title:
            own[OFFENSE] = record.title

    def write(self) -> None:
        for subject, number in sorted(self.wanted):
            for name in self.wanted[subject, number]:
                self._put(subject, number, name)

    def add(self, added: Added) -> None:
        number = len(self._items(added.subject)) + 1
        self.wanted[added.subject, number] = dict(added.example)
        for name in added.example:
            self._put(added.subject, number, name)

    def keep(self, before: Facts, after: Facts) -> bool:
        """Write out what was not to change and has: a citation that is changed told it.

        Returns:
            whether there was anything of the kind.
        """
        any_kept = False
        found = {_place(record): record for record in after.records()}
        for record in before.records():
            changed = self.wanted.get(_place(record), {})
            for name, spec in self.vocabulary.by_subject[record.subject].items():
                value = record.values.get(name)
                if spec.origin != "stated" or name in changed or record.phantom or spec.implied:
                    continue
                if value is None or not is_known(value):
                    continue
                if found[_place(record)].values[name] != value:
                    self._put(record.subject, record.number, name)
                    any_kept = True
        return any_kept

    # ------------------------------------------------------------ one fact
    def _put(self, subject: Subject, number: int, name: str) -> None:
        own = self.wanted.get((subject, number), {})
        values = {**self.values.get((subject, number), {}), **own}
        holder = self._holder(subject, number)
        spec = self.vocabulary.get(subject, name)
        if spec is None:
            key = EQUIVALENT if name == OFFENSE and holder.get(EQUIVALENT) else name
            holder[key] = values[name]
            return
        key = spec.list_name or name
        if subject == "case":
            section, key = key.split(".", 1)
            holder = holder.setdefault(section, {})
        if spec.list_name:
            members = self.vocabulary.lists[subject, spec.list_name]
            told = own.keys() | self.stated.get((subject, number), frozenset())
            names = {member: f"{spec.list_name}.{member}" for member in members}
            holder[key] = [m for m, n in names.items() if n in told and values[n] is True]
        else:
            holder[key] = written(spec, values[name])

    def _items(self, subject: Subject) -> list[dict[str, Any]]:
        items = self.raw.setdefault(LISTS[subject], [])
        if items == UNKNOWN:
            raise InputError(f"{LISTS[subject]} are unknown, so nothing can be added to them")
        return items  # type: ignore[no-any-return]  # a list of items in every other case

    def _holder(self, subject: Subject, number: int) -> dict[str, Any]:
        if subject == "case":
            return self.raw
        items = self._items(subject)
        if number == len(items) + 1:
            items.append({})
        if not 0 < number <= len(items):
            raise InputError(f"there is no {subject} {number}")
        return items[number - 1]


def _place(record: Record) -> Place:
    return record.subject, record.number


def written(spec: FactSpec, value: Value) -> Any:
    """A value as a case file gives it; of a span its lower end."""
    if isinstance(value, Open):
        return UNKNOWN
    if isinstance(value, Span):
        value = value.low
    return date.fromordinal(int(value)).isoformat() if spec.type == "date" else value


# ---------------------------------------------------------------- the check


def check(
    decider: Decider, case: InmateCase, settings: Settings | None, flipset: FlipSet
) -> Decision:
    """Decide the changed case for each combination that is tried; the first one's decision.

    Raises:
        EngineError: one of them cannot be decided, or has another outcome than the set says; the
            set must not be shown.
    """
    case = apply(case, settings)
    decision: Decision | None = None
    for values in combinations(decider.library.vocabulary, flipset):
        changed = changed_case(decider.library, case, flipset, values)
        try:
            answer = decider.answer(changed)
        except InputError as error:
            raise EngineError(f"a change that was found cannot be decided: {error}") from None
        if answer.outcome != flipset.outcome:
            raise EngineError(
                f"a change that was found gives {answer.outcome}, not {flipset.outcome}: "
                f"{_told(decider.library.vocabulary, flipset, values)}; no answer is given"
            )
        decision = decision or write_decision(answer)
    if decision is None:
        raise EngineError("a change that was found has no value")
    return decision


def _told(vocabulary: Vocabulary, flipset: FlipSet, values: Picks) -> str:
    told = []
    for change, value in zip(flipset.changes, values, strict=True):
        spec = vocabulary.get(change.record.subject, change.fact)
        said = spec.say(value) if spec else str(value)
        told.append(f"{change.record.name} {change.fact} {said}")
    return ", ".join([*told, *(f"{one.subject} by {one.rule.id}" for one in flipset.added)])
