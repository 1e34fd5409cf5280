"""The replies of an interview, filled into its case one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from models.base import UNKNOWN
from values_act.questions import DOUBT, PRESUMED, SUBJECTS, Place, Raw, make_unknown, named, put
from values_act.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Given:
    """One reply; `skipped` if it was that nobody knows."""

    place: Place
    value: Any = None
    skipped: bool = False
    offered: tuple[Place, ...] = ()  # what was presumed, where that is what the question was


@dataclass(slots=True)
class State:
    """What the replies so far make of the case."""

    raw: Raw
    asked: set[Place] = field(default_factory=set)
    open: list[str] = field(default_factory=list)  # lists with items, perhaps with more
    doubted: list[str] = field(default_factory=list)  # lists of which nobody knows that
    owed: list[Place] = field(default_factory=list)  # presumed wrongly, so to be asked
    confirmed: set[Place] = field(default_factory=set)  # presumed, and shown
    rounds: int = 0  # how often it was shown what is presumed


def replay(start: Raw, replies: Iterable[Given], vocabulary: Vocabulary) -> State:
    """The case that an interview began with, with every reply filled in."""
    state = State(deepcopy(start))
    for given in replies:
        place = given.place
        state.asked.add(place)
        if place.part == PRESUMED:
            state.rounds += 1
            state.confirmed.update(given.offered)
            for wrong in given.value or ():
                _correct(state, str(wrong), vocabulary)
        elif place.of_list:
            _count(state, given)
        elif not given.skipped and given.value is not None:
            put(state.raw, place, given.value)
        elif given.skipped and place in state.owed:
            put(state.raw, place, UNKNOWN)
        if place in state.owed:
            state.owed.remove(place)
    return state


def _count(state: State, given: Given) -> None:
    """One more item of a list, or none, or nobody knows."""
    place = given.place
    if place.part in state.open:
        state.open.remove(place.part)
    if not given.skipped:
        put(state.raw, place, given.value)
        state.open += [place.part] if given.value else []
    elif place.number:
        state.doubted.append(place.part)


def _correct(state: State, name: str, vocabulary: Vocabulary) -> None:
    """What was taken is not so: the other answer, an item, or a question more; or nobody knows."""
    place = named(name.removesuffix(DOUBT), vocabulary)
    if place is None:
        return
    if name.endswith(DOUBT):
        state.asked.add(place)
        make_unknown(state.raw, place)
        return
    if place.of_list:
        put(state.raw, place, True)
        state.open.append(place.part)
        return
    spec = vocabulary.facts[SUBJECTS.get(place.part, "case"), place.fact]
    taken = [spec.presumed.value] if spec.presumed else [one.value for one in spec.implied]
    if spec.type == "yes_no" and taken:
        put(state.raw, place, not taken[0])
    else:
        state.owed.append(place)
