"""Unknown facts on which an outcome hangs."""

from __future__ import annotations

from dataclasses import dataclass

from values_act.options import Outcomes
from values_act.records import Record

Answers = tuple[tuple[object, Outcomes], ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """An unknown fact that, changed alone in some filling, changes the outcome.

    `answers`: each thing it may be, stretches of a range joined where they lead to the same, with
    the outcomes that are then left. `bits`: how much knowing it tells of the outcome, if every
    filling were as likely as any other.
    """

    record: Record
    name: str  # "" for a whole list
    answers: Answers
    bits: float = 0.0
