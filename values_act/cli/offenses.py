"""`values-act offenses`: what the catalogue says of an offense, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from values_act.cli.app import offenses_app
from values_act.cli.common import Format, FormatOption, RulesOption, library, show, show_json, table
from values_act.errors import InputError
from values_act.lines import Line

if TYPE_CHECKING:
    from values_act.catalogue import Entry


@offenses_app.command("show")
def show_offense(
    section: Annotated[str, typer.Argument(help='A section, as "PC 245(a)(1)".')],
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> None:
    """Every catalogued variant of a section, with the confidence of each field."""
    match = library(rules).catalogue.find(section)
    if not match.entries:
        near = f"; near it: {', '.join(match.suggestions)}" if match.suggestions else ""
        raise InputError(f"`{section}` is not in the catalogue{near}")
    if output is Format.json:
        show_json([_body(entry) for entry in match.entries])
        return
    kinds = [name for name in ("attempt", "conspiracy", "solicitation") if getattr(match, name)]
    lines = [Line(f"read as: {', '.join(kinds)} of")] if kinds else []
    show([*lines, *(line for entry in match.entries for line in _lines(entry))])


@offenses_app.command("search")
def search_offenses(
    words: Annotated[str, typer.Argument(help="Words of a title, or the start of a section.")],
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> None:
    """Offenses by words of their title or by the start of their section."""
    found = library(rules).catalogue.search(words)
    if output is Format.json:
        show_json([_body(entry) for entry in found])
        return
    if not found:
        raise InputError(f"nothing in the catalogue matches `{words}`")
    rows = ((e.cite, e.title, e.facts.get("offense_grade", "varies")) for e in found)
    table("Offenses", ["section", "title", "grade"], rows)


def _body(entry: Entry) -> dict[str, Any]:
    return {
        "offense": entry.cite,
        "title": entry.title,
        "facts": dict(entry.facts),
        "confidence": dict(entry.confidence),
        "notes": entry.row.get("notes", ""),
        "source": entry.row.get("source", ""),
    }


def _lines(entry: Entry) -> Iterator[Line]:
    yield Line(f"{entry.cite}: {entry.title}", "heading")
    for name, value in entry.facts.items():
        if value in ((), "none"):
            continue
        said = ", ".join(value) if isinstance(value, tuple) else str(value).lower()
        sure = entry.confidence.get(name)
        yield Line(f"  {name}: {said}{f'  ({sure})' if sure else ''}")
    for name in ("notes", "source"):
        if entry.row.get(name):
            yield Line(f"  {name}: {entry.row[name]}", "faint")
