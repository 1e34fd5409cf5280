"""What two versions of the law answer differently: for every act, every kind of case."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from models.base import Model
from models.law import Outcome

Verdict = Literal["equivalent", "more permissive", "less permissive", "incomparable"]


class SideView(Model):
    """One of the two that are compared."""

    name: str = Field(description="as it was asked for")
    law: str
    law_title: str
    law_status: str | None = Field(default=None, description="of a proposal, which is not law")
    county: str | None = None
    readings: dict[str, str] = Field(default_factory=dict)
    law_digest: str


class EditView(Model):
    """One change of the files."""

    kind: str
    id: str
    change: str
    field: str = ""
    before: Any = None
    after: Any = None
    effect: bool = Field(description="whether it can bear on an answer, or is words only")
    file: str = ""
    line: int | None = None
    cite: str = ""
    words: str


class PeriodView(Model):
    """An act on days over which the answer is the same function of the facts."""

    law: tuple[str, str]
    county: tuple[str | None, str | None] = (None, None)
    agencies: tuple[str, ...] = Field(default=(), description="kinds of agency; none: any")
    readings: dict[str, str] = Field(
        default_factory=dict, description="options taken that are not the default"
    )
    first: date | None = None
    last: date | None = None
    day: date = Field(description="the day that was compared; it stands for all of them")
    verdict: Verdict
    combinations: int = Field(description="combinations of facts that the law tells apart")
    changed: int
    matrix: dict[str, dict[str, int]] = Field(description="from outcome, to outcome, how many")

    @property
    def share(self) -> float:
        return self.changed / self.combinations if self.combinations else 0.0


class KindView(Model):
    """A kind of case that changes: an outcome and a rule that decides it, before and after."""

    action: str
    before: Outcome
    after: Outcome
    rule_before: str
    rule_after: str
    cite_before: str = ""
    cite_after: str = ""
    periods: tuple[int, ...] = Field(description="places among the act's periods")
    combinations: int = Field(description="of the first of them that change so")
    sentence: str
    facts: tuple[str, ...] = Field(description="the witness in words")
    witness: dict[str, Any] = Field(description="one such case with as few facts as will do")


class DutyChange(Model):
    """A duty that is owed in other cases than before, the outcome being the same."""

    action: str
    rule: str
    cite: str
    change: Literal["owed", "no longer owed"]
    periods: tuple[int, ...]
    facts: tuple[str, ...]
    witness: dict[str, Any]


class ActionView(Model):
    """One act under both sides."""

    action: str
    verdict: Verdict
    periods: tuple[PeriodView, ...] = ()
    kinds: tuple[KindView, ...] = ()
    duties: tuple[DutyChange, ...] = ()


class ScenarioChange(Model):
    """A scenario whose answer changes."""

    name: str
    file: str
    line: int
    expected: Outcome | None
    before: str
    after: str
    rule_before: str = ""
    rule_after: str = ""


class OffenseChange(Model):
    """A catalogued offense that is told otherwise, and what follows for a person who has it."""

    offense: str
    subject: str
    facts: tuple[str, ...] = Field(description="what is told otherwise")
    kinds: tuple[KindView, ...] = ()


class Difference(Model):
    """Everything that differs between two sides."""

    sides: tuple[SideView, SideView]
    equivalent: bool = Field(description="proved: every case has the same outcome and duties")
    edits: tuple[EditView, ...] = ()
    scenarios: tuple[ScenarioChange, ...] = ()
    scenarios_compared: int = 0
    actions: tuple[ActionView, ...] = ()
    offenses: tuple[OffenseChange, ...] = ()
    unproved: tuple[str, ...] = Field(
        default=(), description="edits that can bear on an answer, and that no proof is about"
    )
    notes: tuple[str, ...] = ()
    notice: str = ""

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")
