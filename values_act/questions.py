"""A question of an interview: what it asks about, and what may be replied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from models.base import UNKNOWN, Scalar
from models.decision import Assumed
from models.law import Outcome, Subject
from values_act.casefacts import LISTS
from values_act.records import OFFENSE
from values_act.vocabulary import FactSpec, Vocabulary

CASE, PRESUMED = "case", "presumed"
DOUBT = "?"  # after the name of a fact: nobody knows it
VARIANT, EQUIVALENT = "variant", "california_equivalent"
ITEM = re.compile(rf"({'|'.join(LISTS)}) (\d+)\b")
SUBJECTS: Mapping[str, Subject] = {name: subject for subject, name in LISTS.items()}

Form = Literal["yes_no", "choice", "several", "date", "day", "number", "offense", "county", "text"]
Raw = dict[str, Any]  # a case as a file gives it


class Place(NamedTuple):
    """What a question is about.

    A fact of the case (`case`, 0, its name), a fact of an item (the list, the item's number from 1,
    its name), whether a list holds more than `number` items (the list, `number`, ""), or what was
    presumed so far (`presumed`, how many rounds before, "").
    """

    part: str
    number: int
    fact: str

    @property
    def of_list(self) -> bool:
        """Whether it asks for one more item of a list."""
        return self.part in SUBJECTS and not self.fact


class Choice(NamedTuple):
    """One of the values that may be replied, and how to say it."""

    value: Scalar
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `item` names the item in words, and is `case` for the case's own facts."""

    place: Place
    text: str
    form: Form
    item: str = CASE
    choices: tuple[Choice, ...] = ()
    leads: tuple[tuple[Outcome, ...] | None, ...] = ()  # what each choice leaves, where known
    default: str | None = None  # taken where the reply is empty
    needed: bool = False  # nothing can be decided without it, so it cannot be skipped
    members: tuple[str, ...] = ()  # of a list: every word that may be replied


YES_NO = (Choice(True, "yes"), Choice(False, "no"))


def put(raw: Raw, place: Place, value: Any) -> None:
    """Write a reply into a case, in place.

    The value of an offense may be a mapping: several facts of the item at once, as what the
    catalogue would say of an offense that it does not hold.
    """
    if place.part == CASE:
        *section, name = place.fact.split(".")
        part = raw
        for step in section:
            part = part.setdefault(step, {})
        part[name] = value
    elif place.of_list:
        if raw.get(place.part, UNKNOWN) == UNKNOWN:
            raw[place.part] = []
        if value:
            raw[place.part].append({})
    else:
        item = raw[place.part][place.number - 1]
        told = value if isinstance(value, dict) else {place.fact: value}
        item.update({OFFENSE if name == VARIANT else name: v for name, v in told.items()})


def make_unknown(raw: Raw, place: Place) -> None:
    """Write a fact, or a whole list, as unknown into a case, in place."""
    if place.of_list:
        raw[place.part] = UNKNOWN
    else:
        put(raw, place, UNKNOWN)


def stated(raw: Raw, place: Place) -> Any:
    """The value that a case states for a fact; None where it states nothing or `unknown`."""
    if place.part == CASE:
        found: Any = raw
        for step in place.fact.split("."):
            found = found.get(step) if isinstance(found, dict) else None
    else:
        found = raw[place.part][place.number - 1].get(place.fact)
    return None if found == UNKNOWN else found


def place_of(item: str, fact: str, vocabulary: Vocabulary) -> Place | None:
    """Where a fact stands that a decision names; None where no case can state it.

    Args:
        item: `case`, or an item by its name or title, as `conviction 2: robbery`.
        fact: its name; a member of a list stands for the whole list.
    """
    if item == CASE and fact in SUBJECTS:
        return Place(fact, 0, "")
    found = ITEM.match(item)
    subject: Subject = found[1] if found else "case"  # type: ignore[assignment]  # by the pattern
    spec = vocabulary.get(subject, fact)
    if spec is None and (found is None or fact != OFFENSE):
        return None  # an unpublished part of a policy, or a policy's own date
    name = (spec.list_name if spec else None) or fact
    return Place(LISTS[subject], int(found[2]), name) if found else Place(CASE, 0, name)


def about_fact(vocabulary: Vocabulary, place: Place, item: str, members: set[str]) -> Question:
    """The question for a fact; of a list, the members that matter are its choices."""
    subject = SUBJECTS.get(place.part, "case")
    words = vocabulary.lists.get((subject, place.fact))
    if words is not None:
        specs = [vocabulary.facts[subject, f"{place.fact}.{word}"] for word in words]
        choices = tuple(
            Choice(spec.member or "", spec.member_label or "")
            for spec in specs
            if spec.member in members
        )
        return Question(place, _text(specs[0]), "several", item, choices, members=words)
    spec = vocabulary.facts[subject, place.fact]
    if spec.type == "yes_no":
        return Question(place, _text(spec), "yes_no", item, YES_NO)
    if spec.type == "word":
        choices = tuple(Choice(word, said) for word, said in spec.words.items())
        return Question(place, _text(spec), "choice" if choices else "text", item, choices)
    return Question(place, _text(spec), "date" if spec.type == "date" else "number", item)


def about_list(place: Place) -> Question:
    """Whether there is an item, or one more."""
    other = "any other" if place.number else "a"
    text = f"Is there {other} {SUBJECTS[place.part]} on record?"
    return Question(place, text, "yes_no", CASE, YES_NO)


def about_presumed(vocabulary: Vocabulary, rounds: int, taken: Mapping[Place, Assumed]) -> Question:
    """Which of several facts that were taken without being told are otherwise."""
    choices = tuple(_as_choice(vocabulary, place, one) for place, one in taken.items())
    leads = tuple(one.otherwise for one in taken.values())
    place, text = Place(PRESUMED, rounds, ""), "This is assumed. Is any of it otherwise?"
    return Question(place, text, "several", CASE, choices, leads, default="none")


def _as_choice(vocabulary: Vocabulary, place: Place, assumed: Assumed) -> Choice:
    """`conviction 1 disposition`, and `conviction 1, what became of it: it stands`."""
    item = item_name(place)
    lead, begin = ("", "") if item == CASE else (f"{item}, ", f"{item} ")
    spec = vocabulary.get(SUBJECTS.get(place.part, "case"), place.fact)
    said = f"{spec.label}: {spec.say(assumed.value)}" if spec else f"{place.part}: {assumed.value}"
    return Choice(f"{begin}{place.fact or place.part}", f"{lead}{said}")


def item_name(place: Place) -> str:
    """`conviction 2`, or `case` for the case's own facts and for its lists."""
    if place.part == CASE or place.of_list:
        return CASE
    return f"{SUBJECTS[place.part]} {place.number}"


def named(name: str, vocabulary: Vocabulary) -> Place | None:
    """The place of a fact so named: `conviction 2 disposition`, `person.registrant`, `charges`."""
    found = ITEM.match(name)
    return place_of(found[0] if found else CASE, name[found.end() :].strip() if found else name,
                    vocabulary)  # fmt: skip


def _text(spec: FactSpec) -> str:
    return spec.question or f"What is {spec.label}?"
