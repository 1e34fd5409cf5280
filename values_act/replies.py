"""From what is replied to a question to the value that a case states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from models.base import MaybeWhole
from models.dates import PartialDate, parse_day
from values_act.errors import InputError, did_you_mean, shown
from values_act.library import Library
from values_act.questions import DOUBT, PRESUMED, Choice, Question

LONGEST = 200  # characters of a word in a case
NONE = "none"
_TYPES: dict[str, type] = {"yes_no": bool, "number": int, "offense": dict}
_YES_NO = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}


def read_reply(question: Question, reply: object, library: Library) -> Any:
    """The value that a reply stands for.

    Args:
        reply: text as a person types it, or a value already: true or false, a whole number, a list
            of members, or for an offense a mapping of the item's facts.

    Raises:
        InputError: it is no reply to this question; says what is allowed.
    """
    if not isinstance(reply, str):
        return _typed(question, reply)
    text = " ".join(reply.split())
    if not text:
        raise InputError("an empty reply; `?` says that it is not known")
    if not text.isprintable():
        raise InputError(f"{shown(text)} holds a character that cannot be printed")
    if len(text) > LONGEST:
        raise InputError(f"{shown(text)} is too long; the limit is {LONGEST} characters")
    return _READERS[question.form](question, text, library)


def _typed(question: Question, value: object) -> Any:
    """A reply that is a value already, of the type that the question asks for."""
    if question.form == "several" and isinstance(value, (list, tuple)):
        known = {str(choice.value) for choice in question.choices} | {*question.members}
        for member in value:
            if str(member).removesuffix(DOUBT) not in known:
                raise InputError(f"{shown(member)} is not one of {', '.join(sorted(known))}")
        return list(value)
    if type(value) is not _TYPES.get(question.form):
        raise InputError(f"{shown(value)} is no reply to a question for {question.form}")
    return value


def _yes_no(question: Question, text: str, _: Library) -> bool:
    value = _YES_NO.get(text.lower())
    if value is None:
        value = _chosen(question.choices, text, "yes or no", ("yes", "no"))
    return bool(value)


def _choice(question: Question, text: str, _: Library) -> Any:
    values = [str(choice.value) for choice in question.choices]
    return _chosen(question.choices, text, f"one of {', '.join(values)}", values)


def _several(question: Question, text: str, _: Library) -> list[Any]:
    known = [str(choice.value) for choice in question.choices]
    members = [*question.choices, *(Choice(word, word) for word in question.members)]
    if text.lower() == NONE and NONE not in question.members:
        return []
    presumed = question.place.part == PRESUMED
    wanted = f"a number from 1 to {len(known)}" if presumed else f"one of {', '.join(known)}"
    wanted = f"{wanted}, or none"
    found: dict[Any, None] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        doubt = DOUBT if presumed and part.endswith(DOUBT) else ""
        word = part.removesuffix(doubt).strip()
        value = _chosen(members, word, wanted, question.members or known, len(known))
        found[f"{value}{doubt}" if presumed else value] = None
    if not found:
        raise InputError(f"{shown(text)} is not {wanted}")
    return list(found)


def _chosen(
    choices: Iterable[Choice], text: str, wanted: str, near: Iterable[str], limit: int | None = None
) -> Any:
    """The choice that a number, a word or its phrase names."""
    offered = list(choices)
    last = len(offered) if limit is None else limit
    if text.isascii() and text.isdigit() and 1 <= int(text) <= last:
        return offered[int(text) - 1].value
    for choice in offered:
        if text.lower() in (str(choice.value).lower(), choice.words.lower()):
            return choice.value
    raise InputError(f"{shown(text)} is not {wanted}{did_you_mean(text, near)}")


def _date(_question: Question, text: str, _: Library) -> str:
    try:
        return str(PartialDate.parse(text))
    except ValueError as error:
        raise InputError(str(error)) from None


def _day(_question: Question, text: str, _: Library) -> str:
    try:
        return parse_day(text).isoformat()
    except ValueError as error:
        raise InputError(str(error)) from None


def _number(_question: Question, text: str, _: Library) -> Any:
    try:
        return TypeAdapter(MaybeWhole).validate_python(text)
    except ValidationError:
        raise InputError(f"{shown(text)} is not a whole number") from None


def _county(_question: Question, text: str, library: Library) -> str | None:
    return None if text.lower() == NONE else library.county(text).county


def _offense(question: Question, text: str, library: Library) -> str:
    if question.choices and text.isascii() and text.isdigit():
        return str(_choice(question, text, library))
    match = library.catalogue.find(text)
    if not match.entries and not match.enhancements:
        near = f"; near it: {', '.join(match.suggestions)}" if match.suggestions else ""
        raise UncataloguedError(
            f"offense {shown(text)} is not in the catalogue{near}; "
            "reply it once more to keep it, its facts unknown",
            text,
        )
    return text


def _text(_question: Question, text: str, _: Library) -> str:
    return text


class UncataloguedError(InputError):
    """An offense that the catalogue does not hold; replied once more, it is kept."""

    def __init__(self, message: str, text: str) -> None:
        super().__init__(message)
        self.text = text


_READERS: dict[str, Callable[[Question, str, Library], Any]] = {
    "yes_no": _yes_no,
    "choice": _choice,
    "several": _several,
    "date": _date,
    "day": _day,
    "number": _number,
    "county": _county,
    "offense": _offense,
    "text": _text,
}
