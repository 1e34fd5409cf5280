"""`values-act new`: files to start from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from values_act.cli.app import new_app
from values_act.cli.common import RulesOption, given_day, library, write_new

OutOption = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FILE", help="Write here, not to the screen."),
]


@new_app.command("case")
def new_case(
    out: OutOption = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day of the act.")
    ] = None,
    rules: RulesOption = None,
) -> None:
    """A case to fill in, with every word a fact may take."""
    from values_act.template import case_template

    day = given_day(as_of) if as_of is not None else date.today()
    write_new(case_template(library(rules).vocabulary, day.isoformat()), out)


@new_app.command("policy")
def new_policy(
    county: Annotated[str, typer.Argument(metavar="COUNTY", help="A county, real or not.")],
    whole: Annotated[
        bool, typer.Option("--county-file", help="The county's whole file, for `--rules`.")
    ] = False,
    out: OutOption = None,
    rules: RulesOption = None,
) -> None:
    """A county's policy to fill in: every field, and every way to say what an act is."""
    from values_act.template import county_template, policy_template

    template = county_template if whole else policy_template
    write_new(template(library(rules).vocabulary, county), out)
