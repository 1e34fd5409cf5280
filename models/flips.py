"""What would change the outcome of a case: each way as a sentence, and as a case to decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from models.base import Model
from models.law import Outcome, Subject


class ChangeView(Model):
    """One fact that would have to be otherwise."""

    item: str
    fact: str
    was: str
    to: tuple[str, ...] = Field(description="any one of these; `A to B` with both ends")
    words: str


class AddedView(Model):
    """An item that the case does not have and that would have to be there."""

    subject: Subject
    rule: str = Field(description="the rule that the item meets")
    cite: str
    title: str
    words: str


class FlipView(Model):
    """One way to another outcome: every change of it is needed."""

    outcome: Outcome
    changes: tuple[ChangeView, ...] = ()
    added: tuple[AddedView, ...] = ()
    sentence: str
    rule: str = Field(description="the rule, base rule or policy that decides the changed case")
    cite: str
    case: dict[str, Any] = Field(description="one such case, to be saved and decided")


class KeptView(Model):
    """A fact that a hypothetical does not change."""

    item: str
    fact: str
    words: str


class Flips(Model):
    """Every way found to another outcome for one case, smallest first."""

    title: str | None = None
    outcome: Outcome = Field(description="the outcome now")
    action: str
    as_of: date
    law: str
    law_status: str | None = Field(
        default=None, description="of a proposal, which is not law: what became of it"
    )
    law_digest: str
    flips: tuple[FlipView, ...] = ()
    beyond: tuple[Outcome, ...] = Field(
        default=(), description="outcomes to which there are more ways than those told"
    )
    kept: tuple[KeptView, ...] = Field(
        default=(), description="facts that were not changed, for the case is about them"
    )
    notice: str = ""

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")
