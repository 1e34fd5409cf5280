"""A case file checked: it can be decided, and where it cannot, the line that stands in the way."""

from __future__ import annotations

import re

from models.case import InmateCase
from values_act.decide import Decider, Settings
from values_act.errors import InputError, Steps, ValuesActError, at, named, refusal
from values_act.yamltext import Document, parse

_ITEM = re.compile(r"(\w+)\[(\d+)\]: ")  # how the fact layer names an item, counting from 1


def check_case(document: Document, path: Steps, decider: Decider) -> InmateCase:
    """The case that the values at a path make, every word of it known.

    Raises:
        InputError: they make none, or one that cannot be decided, with file and line.
    """
    case = parse(InmateCase, document, path)
    try:
        for act in decider.acts(case):
            decider.answer(case, Settings(action=act), contested=False)
    except ValuesActError as error:
        raise _placed(document, path, str(error)) from None
    return case


def _placed(document: Document, path: Steps, message: str) -> InputError:
    """The fault, at the one value or key that it names."""
    item = _ITEM.match(message)
    where: Steps = (*path, item[1], int(item[2]) - 1) if item else path
    found, key = named(at(document.data, where), message, where)
    return refusal(document.name, document.where(found, key=key), message)
