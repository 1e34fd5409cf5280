"""`values-act schema`: JSON Schemas, for editors and for programs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from values_act.cli.app import app
from values_act.cli.common import RulesOption, library, show_json


class Name(StrEnum):
    case = "case"
    law = "law"
    policy = "policy"
    county = "county"
    facts = "facts"
    scenario = "scenario"
    decision = "decision"
    flip = "flip"
    property = "property"
    proof = "proof"


@app.command()
def schema(
    name: Annotated[Name, typer.Argument(help="Which file or answer.")],
    rules: RulesOption = None,
) -> None:
    """The JSON Schema of a case, law, policy, county, scenario or property, or of an answer."""
    from values_act.schemas import schema_of

    show_json(schema_of(name.value, library(rules).vocabulary))
