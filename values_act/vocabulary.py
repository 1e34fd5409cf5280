"""The facts that rules may name, expanded from `rules/facts.yaml`, and values not fully known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.base import Scalar
from models.law import (
    Derivation,
    Fact,
    FactBook,
    FactType,
    Implication,
    Never,
    Origin,
    Presumption,
    Subject,
)

RAW = frozenset({"stated", "looked_up"})
EARLIEST = date(1900, 1, 1).toordinal()
LARGEST = 999_999_999


class Open(NamedTuple):
    """A word or yes/no fact that may still take any of several values."""

    choices: tuple[Scalar, ...]


class Span(NamedTuple):
    """A number, or a day as its ordinal, somewhere from `low` to `high`."""

    low: int
    high: int


Value = Scalar | Open | Span
Values = dict[str, Value]


def merged(values: Iterable[object]) -> list[Span]:
    """Spans and single numbers in order, those that touch as one.

    Raises:
        ValueError: one of them is a word.
    """
    found: list[Span] = []
    for low, high in sorted(v if isinstance(v, Span) else Span(int(str(v)), int(str(v)))
                            for v in values):  # fmt: skip
        if found and low <= found[-1].high + 1:
            found[-1] = Span(found[-1].low, max(found[-1].high, high))
        else:
            found.append(Span(low, high))
    return found


def is_known(value: Value) -> bool:
    return not isinstance(value, (Open, Span))


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact of one subject; a list of `facts.yaml` is one yes/no fact a member."""

    subject: Subject
    name: str
    type: FactType
    words: Mapping[str, str]
    origin: Origin
    label: str
    question: str | None
    presumed: Presumption | None
    implied: tuple[Implication, ...]
    derive: Derivation | None
    fixed: bool
    usual: str | None = None
    list_name: str | None = None
    member: str | None = None
    member_label: str | None = None

    def unknown(self, day: date) -> Value:
        """The widest value: every word, both answers, any number, any day up to `day`."""
        if self.type == "yes_no":
            return Open((True, False))
        if self.type == "word":
            return Open(tuple(self.words)) if self.words else Open(("?",))
        if self.type == "date":
            return Span(min(EARLIEST, day.toordinal()), day.toordinal())
        return Span(0, LARGEST)

    def plain(self, value: Value) -> Value:
        """What an unknown value most often is: the presumed one, no member of a list."""
        if is_known(value):
            return value
        if self.presumed is not None:
            return self.presumed.value
        return False if self.list_name and self.origin == "stated" else value

    def say(self, value: Value) -> str:
        """A value in words, for sentences."""
        if isinstance(value, (Open, Span)):
            return "unknown"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if self.type == "date":
            return date.fromordinal(int(value)).isoformat()
        return self.words.get(str(value), str(value))


class Vocabulary:
    """Every fact by (subject, name), the combinations no case may have, and the actions."""

    def __init__(self, book: FactBook) -> None:
        self.facts: dict[tuple[Subject, str], FactSpec] = {}
        self.lists: dict[tuple[Subject, str], tuple[str, ...]] = {}
        for fact in book.facts:
            for subject in fact.subject:
                self._add(fact, subject)
        self.actions: Mapping[str, str] = book.actions
        self.several: Mapping[str, tuple[str, ...]] = book.several
        for name, acts in book.several.items():
            for act in (name, *acts):
                if (act in book.actions) == (act is name):
                    raise ValueError(f"several `{name}`: `{act}` is no word for it")
        self.never: dict[Subject, tuple[Never, ...]] = {}
        for never in book.never:
            for subject in never.subject:
                self.never[subject] = (*self.never.get(subject, ()), never)
        self.by_subject: dict[Subject, dict[str, FactSpec]] = {}
        for (subject, name), spec in self.facts.items():
            self.by_subject.setdefault(subject, {})[name] = spec
        self.presumable = {
            subject: [spec for spec in specs.values() if spec.presumed]
            for subject, specs in self.by_subject.items()
        }
        self.implicable = {
            subject: [spec for spec in specs.values() if spec.implied]
            for subject, specs in self.by_subject.items()
        }
        self._unknowns: dict[Subject, tuple[date, Values]] = {}

    def _add(self, fact: Fact, subject: Subject) -> None:
        if (subject, fact.name) in self.facts or (subject, fact.name) in self.lists:
            raise ValueError(f"fact `{fact.name}` is given twice for {subject}")
        if fact.type != "list":
            self.facts[subject, fact.name] = FactSpec(
                subject, fact.name, fact.type, fact.words, fact.origin, fact.label, fact.question,
                fact.presumed, fact.implied, fact.derive, fact.fixed, fact.usual,
            )  # fmt: skip
            return
        self.lists[subject, fact.name] = tuple(fact.words)
        for word, label in fact.words.items():
            implied = tuple(
                item.model_copy(update={"value": True})
                for item in fact.implied
                if item.value == word
            )
            name = f"{fact.name}.{word}"
            self.facts[subject, name] = FactSpec(
                subject, name, "yes_no", {}, fact.origin, f"{fact.label}: {label}", fact.question,
                fact.presumed, implied, None, fact.fixed, None, fact.name, word, label,
            )  # fmt: skip

    def may_imply(self, subject: Subject) -> frozenset[str]:
        """Facts that others imply where they are left out; none of them is presumed."""
        return frozenset(spec.name for spec in self.implicable[subject] if not spec.presumed)

    def get(self, subject: Subject, name: str) -> FactSpec | None:
        return self.facts.get((subject, name))

    def unknowns(self, subject: Subject, day: date) -> Mapping[str, Value]:
        """Every raw fact of a subject, wholly unknown on a day."""
        kept = self._unknowns.get(subject)
        if kept is None or kept[0] != day:
            specs = self.by_subject[subject].values()
            kept = (day, {s.name: s.unknown(day) for s in specs if s.origin in RAW})
            self._unknowns[subject] = kept
        return kept[1]

    def names(self, subject: Subject) -> list[str]:
        return list(self.by_subject.get(subject, {}))
