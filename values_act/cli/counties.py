"""`values-act counties`: the 58 counties and the policies found for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from values_act.cli.app import counties_app
from values_act.cli.common import Format, FormatOption, RulesOption, library, show, show_json, table
from values_act.lines import Line

if TYPE_CHECKING:
    from models.policy import County
    from values_act.library import Library


@counties_app.command("list")
def list_counties(rules: RulesOption = None, output: FormatOption = Format.text) -> None:
    """Every county, and how many dated policies are encoded for it."""
    counties = list(library(rules).counties())
    if output is Format.json:
        show_json(
            [{"county": c.county, "policies": [p.id for p in c.policies], "note": c.note}
             for c in counties]
        )  # fmt: skip
        return
    rows = ((c.county, len(c.policies), c.note or "") for c in counties)
    table("Counties", ["county", "policies", "note"], rows)


@counties_app.command("show")
def show_county(
    name: Annotated[str, typer.Argument(help="A county.")],
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> None:
    """A county's policies over time, with their sources."""
    store = library(rules)
    county = store.county(name)
    if output is Format.json:
        show_json(county.model_dump(mode="json", exclude_unset=True))
        return
    show(_lines(county, store))


def _lines(county: County, store: Library) -> Iterator[Line]:
    from values_act.readers.words import describe

    yield Line(f"{county.county} County", "heading")
    if county.note:
        yield Line(county.note.strip())
    for policy in county.policies:
        yield Line("")
        yield Line(f"{policy.id}: {policy.title}", "heading")
        yield Line(f"  {policy.cite}; by {policy.authority}; binds {', '.join(policy.binds)}")
        yield Line(f"  from {policy.effective or 'an unknown day'} to {policy.ended or 'now'}")
        for action, term in policy.actions.items():
            said: str = term.rule
            if term.when is not None:
                said = f"open when {describe(store.vocabulary, 'case', term.when)}"
            elif term.name:
                said = f"not published: {term.name}"
            yield Line(f"  {action}: {said}")
            if term.practice:
                yield Line(f"    practice: {term.practice}", "faint")
        source = policy.source
        yield Line(f"  source: {source.title} {source.url or ''} ({source.confidence})", "faint")
        if policy.note:
            yield Line(f"  {policy.note.strip()}", "faint")
