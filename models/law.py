"""The rule language: rules, readings and laws. Data only, no evaluation.

The parts it is made of (conditions, facts, common words) can be had from here too.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from models.base import Model, Text, Versioned, Word, Words, YesNo
from models.condition import (
    AllOf,
    AnyOf,
    Condition,
    Expect,
    Found,
    Not,
    Open,
    Test,
    Unpublished,
)
from models.facts import (
    Choice,
    Derivation,
    Fact,
    FactBook,
    FactType,
    Implication,
    Never,
    Origin,
    Presumption,
    Subjects,
)
from models.terms import ITEM_SUBJECTS, Confidence, Day, Outcome, Source, Subject

__all__ = [
    "ITEM_SUBJECTS", "AllOf", "AnyOf", "Base", "Choice", "Condition", "Confidence", "Day",
    "Derivation", "Expect", "Fact", "FactBook", "FactType", "Found", "Implication", "Law", "Never",
    "Not", "Open", "Option", "Origin", "Outcome", "Presumption", "Reading", "Route", "Rule",
    "Source", "Subject", "Test", "Unpublished", "Upon",
]  # fmt: skip

Upon = Literal["request", "doing"]


class Rule(Model):
    """One rule of law: a condition over facts of one subject, and one effect."""

    id: Word
    cite: Text
    title: Text
    text: Text = Field(description="the rule in our own words")
    source: Source
    subject: Subjects
    when: Condition | None = Field(default=None, description="left out: always")
    defines: Word | None = None
    marks: YesNo | None = None
    permits: Words = Field(default=(), description="actions this is a ground for")
    route: Word | None = Field(default=None, description="the route of a permitting rule")
    bars: Words = Field(default=(), description="routes this closes")
    scope: Literal["item", "case"] = "case"
    actions: Words = Field(
        default=(), description="the actions a bar, exclusion or duty is about; none: all"
    )
    requires: Words = ()
    excludes: Words = ()
    duty: Upon | None = None
    reading: dict[str, Words] = Field(default_factory=dict)
    notwithstanding: Words = ()
    authority: Literal["state", "local", "federal"] = "state"
    effective: Day | None = None
    ended: Day | None = Field(default=None, description="last day in force")
    detail: Literal["high", "low"] = "high"
    note: Text | None = None

    @model_validator(mode="after")
    def _one_effect(self) -> Self:
        effects = [
            name
            for name in ("defines", "marks", "permits", "bars", "requires", "excludes", "duty")
            if getattr(self, name)
        ]
        if len(effects) != 1:
            raise ValueError(
                f"a rule has exactly one effect, this has {', '.join(effects) or 'none'}; "
                "use defines, marks, permits, bars, requires, excludes or duty"
            )
        if self.permits and self.route is None:
            raise ValueError("a permitting rule names its route")
        if "case" in self.subject and len(self.subject) > 1:
            raise ValueError("a rule about the case is about nothing else")
        if self.scope == "item" and (not self.bars or "case" in self.subject):
            raise ValueError("`scope: item` is for a bar about items")
        return self

    @property
    def effect(self) -> str:
        for name in ("defines", "marks", "permits", "bars", "requires", "excludes"):
            if getattr(self, name):
                return name
        return "duty"

    @property
    def about_case(self) -> bool:
        return self.subject == ("case",)

    def concerns(self, action: str) -> bool:
        """Whether the rule's effect can bear on an action."""
        named = self.permits or self.requires or self.excludes or self.actions
        return not named or action in named

    def in_force(self, day: date) -> bool:
        return (self.effective is None or self.effective <= day) and (
            self.ended is None or day <= self.ended
        )


class Base(Model):
    """What holds for an action where no rule opens, compels or excludes it."""

    id: Word
    cite: Text
    title: Text
    text: Text
    source: Source
    actions: Words
    outcome: Literal["permitted", "prohibited", "not_regulated"]
    route: Word | None = None
    effective: Day | None = None
    ended: Day | None = None


class Route(Model):
    """A legal way by which an action is open."""

    name: Word
    title: Text
    yields_to_local: YesNo
    cite: Text


class Option(Model):
    says: Text
    authorities: Words = ()


class Reading(Model):
    """A contested point: the question, its options, and which one is taken if nobody chooses."""

    id: Word
    question: Text
    cite: Text
    options: dict[str, Option]
    default: Word = Field(description="an option, or `none`")
    why: Text = Field(description="why this default")
    role: Literal["rules", "local_authority"] = "rules"
    verified: YesNo = True

    @model_validator(mode="after")
    def _default_is_an_option(self) -> Self:
        if self.default != "none" and self.default not in self.options:
            raise ValueError(
                f"default `{self.default}` is not one of {', '.join(self.options)}, none"
            )
        return self


class Law(Versioned):
    """A set of rules with a name and dates.

    A proposal is written as a change of a copy of another law: what of it goes (`drop`, and
    `keep` for what stays of a law that goes), what takes the place of what (`replace`), and what
    is new (its own rules, base rules, routes and readings).
    """

    name: Word
    title: Text
    kind: Literal["law", "definitions", "composition", "proposal"] = "law"
    includes: Words = Field(default=(), description="a composition: the laws it is made of")
    extends: Word | None = Field(default=None, description="a proposal: the law it would change")
    drop: Words = Field(
        default=(),
        description="a proposal: rules, base rules, routes and whole laws that it takes out; "
        "its own rules are what it adds",
    )
    keep: Words = Field(
        default=(), description="a proposal: rules that stay of a whole law that it drops"
    )
    replace: dict[Word, Word] = Field(
        default_factory=dict,
        description="a proposal: for a rule, base rule, route or reading of the law, the one of "
        "its own that takes its place; whatever names the old one then means the new one",
    )
    status: Text | None = Field(default=None, description="a proposal: what became of it")
    effective: Day | None = None
    ended: Day | None = None
    source: Source
    note: Text | None = None
    covers: Words = Field(
        default=(), description="acts that the file is complete for; left out: every act"
    )
    routes: tuple[Route, ...] = ()
    readings: tuple[Reading, ...] = ()
    base: tuple[Base, ...] = ()
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _proposal_says_what_it_changes(self) -> Self:
        if self.kind == "proposal" and (self.extends is None or self.status is None):
            raise ValueError("a proposal says which law it `extends`, and its `status`")
        changes = self.extends or self.drop or self.keep or self.replace or self.status
        if self.kind != "proposal" and changes:
            raise ValueError(
                "extends, drop, keep, replace and status are for a law of `kind: proposal`"
            )
        return self

    def in_force(self, day: date) -> bool:
        return (self.effective is None or self.effective <= day) and (
            self.ended is None or day <= self.ended
        )
