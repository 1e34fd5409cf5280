"""A case with the answer we stand behind."""

from __future__ import annotations

from pydantic import Field

from models.base import Model, Text, Word, Words
from models.case import InmateCase
from models.law import Outcome


class Expected(Model):
    outcome: Outcome
    rule: Word | None = Field(default=None, description="one of the ids that decide")
    missing: Words | None = Field(default=None, description="names of all missing facts")
    contested: Words | None = Field(
        default=None,
        description="all readings of which one option alone would change the outcome; "
        "those that would only together are not compared",
    )
    barred_by: Word | None = None
    possible_outcomes: Words | None = None
    duties: Words | None = Field(default=None, description="ids of all duties shown")
    policies: Words | None = Field(
        default=None, description="ids of all county policies shown, an open one too"
    )


class Scenario(Model):
    name: Text
    why: Text
    source: Text
    case: InmateCase
    expect: Expected | None
