"""`values-act new`: files to start from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from values_act.cli.app import new_app
from values_act.cli.common import RulesOption, library
from values_act.errors import InputError


@new_app.command("case")
def new_case(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write here, not to the screen."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day of the act.")
    ] = None,
    rules: RulesOption = None,
) -> None:
    """A case to fill in, with every word a fact may take."""
    from values_act.template import case_template

    try:
        day = date.fromisoformat(as_of).isoformat() if as_of else date.today().isoformat()
    except ValueError:
        raise InputError(f"--as-of `{as_of}` is not a day; write it as 2025-07-17") from None
    text = case_template(library(rules).vocabulary, day)
    if out is None:
        print(text, end="")
        return
    if out.exists():
        raise InputError(f"{out}: exists already; nothing was written")
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}") from None
    print(f"wrote {out}")
