"""A decision: the outcome, the rules that give it, and what would change it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from models.base import Model, Scalar
from models.law import Confidence, Outcome, Upon


class Because(Model):
    """One item or fact that a rule rests on, in words."""

    item: str
    words: str


class Ground(Model):
    rule: str
    cite: str
    title: str
    route: str
    items: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    until: date | None = Field(default=None, description="last day the ground holds")
    breached: tuple[str, ...] = Field(default=(), description="policies it is used in breach of")
    certain: bool = True
    confidence: Confidence = Field(default="high", description="of the rule's source")
    unverified: tuple[str, ...] = Field(
        default=(), description="readings and looked-up facts under it that were not verified"
    )


class Barred(Model):
    """What closes the act: a rule, a base rule or a policy."""

    rule: str | None = None
    policy: str | None = None
    cite: str
    title: str
    because: tuple[str, ...] = ()
    confidence: Confidence = Field(default="high", description="of the source of rule or policy")
    unverified: tuple[str, ...] = ()


class LocalView(Model):
    county: str
    authority: str
    policy: str
    cite: str
    outcome: Outcome
    practice: str | None = None
    refer: str | None = None
    confidence: Confidence = "high"


class Answered(Model):
    """What an answer to a question would leave possible."""

    value: str
    outcomes: tuple[Outcome, ...]


class Missing(Model):
    """An unknown fact that can change the outcome."""

    fact: str
    item: str
    question: str
    choices: tuple[str, ...] = ()
    answers: tuple[Answered, ...] = Field(
        default=(), description="each answer, and the outcomes that it leaves"
    )
    member: str | None = Field(default=None, description="which member of a list, in words")


class Taken(Model):
    """An option of a reading."""

    reading: str
    question: str
    option: str


class Contested(Model):
    """An option that would change the outcome, alone or together with those of other readings."""

    reading: str
    question: str
    option: str
    outcome: Outcome
    taken: str
    verified: bool = Field(
        default=True, description="whether the authorities, of all of them, were read in full"
    )
    together: tuple[Taken, ...] = Field(
        default=(),
        description="what must be taken besides for this outcome; empty where the option alone "
        "changes it",
    )


class DutyView(Model):
    rule: str
    cite: str
    text: str
    upon: Upon
    certain: bool = Field(default=True, description="false: what is still open decides")


class Failed(Model):
    """One test that a rule needed and did not get."""

    fact: str
    needed: str
    actual: str
    words: str


class NearMiss(Model):
    rule: str
    cite: str
    title: str
    item: str
    failed: tuple[Failed, ...]
    barred: str | None = None


class Assumed(Model):
    fact: str
    item: str
    value: Scalar
    because: str
    otherwise: tuple[Outcome, ...] = Field(
        default=(), description="outcomes it could otherwise give, where they differ"
    )


class Unverified(Model):
    what: str
    confidence: str
    note: str


class Decision(Model):
    """The answer for one case, action, day and law."""

    title: str | None = None
    outcome: Outcome
    permitted: bool | None
    rule: str = Field(description="the deciding rule, base rule or policy")
    cite: str
    action: str
    agency: str
    county: str | None
    as_of: date
    law: str
    law_status: str | None = Field(
        default=None, description="of a proposal, which is not law: what became of it"
    )
    law_digest: str
    laws_in_force: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()
    barred_by: tuple[Barred, ...] = ()
    local: tuple[LocalView, ...] = ()
    missing: tuple[Missing, ...] = ()
    possible_outcomes: tuple[Outcome, ...] = ()
    contested: tuple[Contested, ...] = ()
    duties: tuple[DutyView, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    assumed: tuple[Assumed, ...] = ()
    unverified: tuple[Unverified, ...] = ()
    unread: tuple[str, ...] = Field(
        default=(), description="stated facts that no rule of this law reads for this act"
    )
    warnings: tuple[str, ...] = ()
    refer: str | None = None
    decided_by: tuple[str, ...] = ()
    deciding: tuple[str, ...] = Field(default=(), description="every id that decides")
    explanation: str = ""
    notice: str = ""

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")
