"""`values-act readings`: contested points, their options, and who says which."""

from __future__ import annotations

from typing import Annotated

import typer

from values_act.cli.app import readings_app
from values_act.cli.common import Format, FormatOption, RulesOption, library, show, show_json, table
from values_act.errors import InputError, did_you_mean
from values_act.lines import Line


@readings_app.command("list")
def list_readings(rules: RulesOption = None, output: FormatOption = Format.text) -> None:
    """Every contested point, its options and its default."""
    readings = library(rules).readings.values()
    if output is Format.json:
        show_json([reading.model_dump(mode="json") for reading in readings])
        return
    rows = ((r.id, r.default, ", ".join(r.options), r.question) for r in readings)
    table("Readings", ["reading", "default", "options", "question"], rows)


@readings_app.command("show")
def show_reading(
    name: Annotated[str, typer.Argument(help="A reading.")],
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> None:
    """One contested point: the question, the options, the authorities for each."""
    store = library(rules)
    reading = store.readings.get(name)
    if reading is None:
        raise InputError(
            f"unknown reading `{name}`; see `readings list`{did_you_mean(name, store.readings)}"
        )
    users = [rule.id for law in store.laws.values() for rule in law.rules if name in rule.reading]
    if output is Format.json:
        show_json({**reading.model_dump(mode="json"), "rules": users})
        return
    lines = [Line(f"{reading.id}: {reading.question}", "heading"), Line(reading.cite)]
    for key, option in reading.options.items():
        lines.append(Line(f"  {key}: {option.says}"))
        lines += [Line(f"    {authority}", "faint") for authority in option.authorities]
    lines.append(Line(f"default: {reading.default} ({reading.why})"))
    if not reading.verified:
        lines.append(Line("not verified in full", "faint"))
    if users:
        lines.append(Line(f"rules: {', '.join(users)}", "faint"))
    show(lines)
