"""`values-act law changelog`: the entry of a change log for a change of the law."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from values_act.cli.app import law_app
from values_act.cli.common import Format, FormatOption, RulesOption, show_json
from values_act.cli.diff import Narrowed, compared


@law_app.command("changelog")
def write_changelog(
    first: Annotated[str, typer.Argument(metavar="A", help="What was there.")],
    second: Annotated[str, typer.Argument(metavar="B", help="What takes its place.")],
    law: Annotated[
        str | None, typer.Option("--law", help="The law compared, if A and B name none: state.")
    ] = None,
    county: Annotated[
        str | None, typer.Option("--county", help="Under this county's policies alone.")
    ] = None,
    action: Annotated[
        list[str] | None, typer.Option("--action", help="This act alone; may be repeated.")
    ] = None,
    scenarios: Annotated[
        list[Path] | None,
        typer.Option("--scenarios", metavar="PATH", help="Other scenarios than the project's."),
    ] = None,
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> None:
    """Draft the entry of a change log, as Markdown: sections, days, scenarios, kinds of case.

    A and B are named as for `diff`.
    """
    from values_act.changelog import changelog, entry_of

    found = compared(first, second, rules, law, Narrowed(action, county, None, scenarios))
    if output is Format.json:
        show_json(entry_of(found).as_json())
    else:
        print(changelog(found), end="")
