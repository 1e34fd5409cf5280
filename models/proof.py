"""What `values-act prove` found: for each property whether it holds, and if not, such a case."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from models.base import Model

Verdict = Literal["VERIFIED", "DOES NOT HOLD"]


class Counterexample(Model):
    """A case, or a rule, of which a property does not hold."""

    words: str = Field(description="what is wrong, in one sentence")
    action: str = ""
    first: date | None = Field(default=None, description="first day of the act; none: no bound")
    last: date | None = None
    county: str | None = None
    facts: tuple[str, ...] = Field(default=(), description="the case in words, one line a record")
    decided: str = Field(default="", description="the outcome, and what decides it")
    case: dict[str, Any] | None = Field(
        default=None, description="the case file, decided by every engine; none: of no one case"
    )


class PropertyView(Model):
    """One property and whether it holds."""

    id: str
    title: str
    says: str = Field(description="what exactly was proved, or refuted")
    verdict: Verdict
    law: str
    county: str | None = None
    acts: int = Field(description="acts that it was asked of")
    spans: int = Field(description="acts and spans of days over which the answer is one function")
    counterexamples: tuple[Counterexample, ...] = ()
    notes: tuple[str, ...] = ()


class Proof(Model):
    """Every property asked for."""

    law_digest: str
    properties: tuple[PropertyView, ...]
    notice: str

    @property
    def verified(self) -> bool:
        return all(view.verdict == "VERIFIED" for view in self.properties)

    def as_json(self) -> dict[str, Any]:
        return {**self.model_dump(mode="json"), "verified": self.verified}
