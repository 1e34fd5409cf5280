"""Someone who knows a case and is interviewed about it.

Day, act, law, agency, county, readings and policy are given at the start. Everything else is told
when it is asked for: items of a list one after the other, then that there is no other; a fact that
the case does not state, and that nothing stated implies, is not known. A list left out of a case
is taken as empty, as the case's own decision takes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from models.base import UNKNOWN
from models.case import InmateCase
from values_act.answer import Answer
from values_act.casefacts import LISTS, read_facts
from values_act.decide import Decider
from values_act.interview import Interview
from values_act.questions import (
    CASE,
    EQUIVALENT,
    PRESUMED,
    VARIANT,
    Choice,
    Place,
    Question,
    named,
)
from values_act.readers.mdd import Mdd
from values_act.readers.nodes import MAX_NODES
from values_act.records import OFFENSE, Record
from values_act.replies import UncataloguedError
from values_act.vocabulary import is_known

GIVEN = ("as_of", "action", "law", "agency", "readings", "policy")
SECTIONS = ("request", "person", "act", "handover")
TOO_MANY = 300  # questions, after which an interview is taken never to end
ROOM = 100_000  # nodes of a store, after which a new one is begun


def beginning(case: InmateCase) -> dict[str, Any]:
    """What an interview about a case begins with."""
    raw = case.model_dump(mode="json", exclude_unset=True)
    lists = dict.fromkeys(LISTS.values(), UNKNOWN)
    return {name: raw[name] for name in GIVEN if name in raw} | lists


@dataclass(frozen=True)
class Asked:
    """An interview that came to its end."""

    interview: Interview
    questions: int


class Answerer:
    """Replies to questions from what a case states."""

    def __init__(self, case: InmateCase, decider: Decider) -> None:
        library = decider.library
        self.vocabulary = library.vocabulary
        self.raw = case.model_dump(mode="json", exclude_unset=True)
        facts = read_facts(case, self.vocabulary, library.catalogue)
        self.records = {record.name: record for record in facts.records()}

    def reply(self, question: Question) -> Any:
        """The value, or None where it is not known."""
        place = question.place
        if place.of_list:
            items = self.raw.get(place.part, [])
            return None if items == UNKNOWN else len(items) > place.number
        if place.part == PRESUMED:
            return [f"{c.value}{mark}" for c in question.choices for mark in self._otherwise(c)]
        record = self._record(place)
        if question.form == "offense":
            return self._offense(place)
        if question.form == "several":
            names = {name: f"{place.fact}.{name}" for name in question.members}
            known = {name: record.values[fact] for name, fact in names.items()}
            found = [name for name, value in known.items() if value is True]
            return found if found or set(names.values()) <= record.stated else None
        if question.form == "date":
            return self._stated(place)
        value = record.values.get(place.fact)
        return value if value is not None and is_known(value) else None

    def _record(self, place: Place) -> Record:
        if place.part == CASE:
            return self.records[CASE]
        subject = next(subject for subject, name in LISTS.items() if name == place.part)
        return self.records[f"{subject} {place.number}"]

    def _stated(self, place: Place) -> Any:
        if place.part == CASE:
            section, _, name = place.fact.partition(".")
            value = self.raw.get(section, {}).get(name)
        else:
            value = self.raw[place.part][place.number - 1].get(place.fact)
        return None if value == UNKNOWN else value

    def _offense(self, place: Place) -> Any:
        """The section alone or, where the case says what a catalogue would say, that too."""
        if place.fact == VARIANT:
            return None
        if place.fact == EQUIVALENT:
            return self._stated(place)
        item = self.raw[place.part][place.number - 1]
        specs = self.vocabulary.by_subject[self._record(place).subject]
        told = {
            name: value
            for name, value in item.items()
            if name in {OFFENSE, EQUIVALENT, "override"}
            or (name in specs and specs[name].origin == "looked_up")
        }
        if told.keys() <= {OFFENSE}:
            return self._stated(place)
        return told

    def _otherwise(self, choice: Choice) -> list[str]:
        """How a fact is marked: as otherwise, or as not known; no mark where it is so."""
        place = named(str(choice.value), self.vocabulary)
        assert place is not None
        record = self._record(place)
        if place.fact in {supposed.fact for supposed in record.supposed}:
            return []
        spec, value = self.vocabulary.facts[record.subject, place.fact], record.values[place.fact]
        if not is_known(value):
            return ["?"]
        return [] if choice.words.endswith(f"{spec.label}: {spec.say(value)}") else [""]


def interviewed(
    case: InmateCase, decider: Decider, decided: dict[str, Answer] | None = None
) -> Asked:
    """Interview someone who knows a case, to the end."""
    answerer = Answerer(case, decider)
    interview = Interview(decider, beginning(case), decided=decided)
    count = 0
    while (question := interview.question()) is not None:
        count += 1
        assert count < TOO_MANY, question
        reply = answerer.reply(question)
        if reply is None:
            interview.skip()
            continue
        try:
            interview.answer(reply)
        except UncataloguedError:
            interview.answer(reply)
    return Asked(interview, count)


@contextmanager
def one_store() -> Iterator[None]:
    """Diagrams made meanwhile share their nodes: cases that begin alike make much the same ones."""
    store = Mdd(MAX_NODES + ROOM)

    def shared() -> Mdd:
        nonlocal store
        if len(store.level) > ROOM:
            store = Mdd(MAX_NODES + ROOM)
        return store

    with patch("values_act.readers.where.Mdd", shared):
        yield


def facts_stated(case: InmateCase) -> int:
    """How many facts a case states beside what an interview about it begins with.

    Each fact of its own and of an item is one, `unknown` too, and a list of words is one. Each of
    the three lists of items is one, for a list that is left out says that there is nothing on it.
    """
    raw = case.model_dump(mode="json", exclude_unset=True)
    own = sum(len(raw.get(section, {})) for section in SECTIONS)
    items = [item for name in LISTS.values() for item in _items(raw.get(name, []))]
    return own + sum(map(len, items)) + len(LISTS)


def _items(found: Any) -> list[dict[str, Any]]:
    return [] if found == UNKNOWN else found
