"""`values-act counties compare`: one person, or typical ones, before every county."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from values_act.cli.app import counties_app
from values_act.cli.common import (
    ActionOption,
    AsOfOption,
    Format,
    FormatOption,
    LawOption,
    ReadingOption,
    RulesOption,
    library,
    progress,
    read_case,
    settings,
    show,
    show_json,
    table,
)
from values_act.errors import InputError
from values_act.lines import Line

if TYPE_CHECKING:
    from models.case import InmateCase
    from models.decision import Decision
    from values_act.compare import Standing
    from values_act.decide import Decider, Settings

COLUMNS = ["county", "outcome", "policy", "confidence", "rule", "citation", "ask counsel"]
TERMINAL = ["county", "outcome", "policy", "decided by", "ask counsel"]
MANY = 4  # counties named in a row of a table; more are named below it
HINT = "`counties show NAME` says what is known of a county's policies."


@counties_app.command("compare")
def compare(
    file: Annotated[
        Path | None, typer.Argument(metavar="[CASE]", help="A case file; `-` reads one.")
    ] = None,
    county: Annotated[
        list[str] | None, typer.Option("--county", help="Only this county; may be repeated.")
    ] = None,
    typical: Annotated[
        bool, typer.Option("--typical", help="Typical cases instead: one column each.")
    ] = False,
    action: ActionOption = None,
    as_of: AsOfOption = None,
    law: LawOption = None,
    reading: ReadingOption = None,
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> None:
    """Decide one person's case in every county: what differs is the county's own policy.

    The county, and a policy, that the case itself names are left aside.
    """
    from values_act.decide import Decider

    if typical == (file is not None):
        raise InputError("name a case file, or ask for --typical cases")
    store = library(rules)
    decider = Decider(store)
    chosen = settings(law, None, as_of, reading, action)
    names = list(dict.fromkeys(store.county(one).county for one in county or store.county_names))
    if file is None:
        _typical(decider, names, chosen, output)
        return
    case = read_case(file)
    acts = decider.acts(case, chosen)
    found = _decided(decider, [case], names, [replace(chosen, action=act) for act in acts])
    if output is Format.json:
        show_json([one.as_json() for _, one in found])
        return
    for act in acts:
        own = [one for _, one in found if one.decision.action == act]
        _show(case, own, store.vocabulary.actions[act])
    show(_foot(found[0][1].decision))


def _decided(
    decider: Decider, cases: list[InmateCase], names: list[str], chosen: list[Settings]
) -> list[tuple[InmateCase, Standing]]:
    from values_act.compare import before

    asked = list(product(names, cases, chosen))
    return [
        (case, before(decider, case, name, one))
        for name, case, one in progress(asked, "asking the counties")
    ]


def _show(case: InmateCase, found: list[Standing], act: str) -> None:
    """A row a county in a pipe; on a terminal, a row for all that differ in name only."""
    from values_act.compare import grouped

    title = f"{case.title or 'The case'}, {found[0].decision.as_of}: may a county {act}?"
    alike = [([one.county for one in group], group[0]) for group in grouped(found)]
    if not sys.stdout.isatty():
        rows = ([name, *_whole(one)] for names, one in alike for name in names)
        table(title, COLUMNS, rows)
        return
    _together(title, TERMINAL, [(names, _short(one)) for names, one in alike])


def _whole(one: Standing) -> list[str]:
    told = one.decision
    return [one.outcome, one.local, one.confidence, told.rule, told.cite, told.refer or ""]


def _short(one: Standing) -> list[str]:
    sure = f" ({one.confidence} confidence)" if one.confidence else ""
    told = one.decision
    return [one.outcome, f"{one.local}{sure}", f"{told.cite} [{told.rule}]", told.refer or ""]


def _together(title: str, columns: list[str], alike: list[tuple[list[str], list[str]]]) -> None:
    """A table with a row for counties that are alike; many names stand in full below it."""
    rows: list[list[str]] = []
    below: list[str] = []
    for names, cells in alike:
        label = _counted(names)
        if len(names) > MANY:
            label = f"{label} ({len(below) + 1})"
            below.append(f"({len(below) + 1}) {', '.join(names)}")
        rows.append([label, *cells])
    table(title, columns, rows)
    show(Line(text) for text in below)


def _counted(names: list[str]) -> str:
    return f"{len(names)} counties" if len(names) > MANY else ", ".join(names)


def _typical(decider: Decider, names: list[str], chosen: Settings, output: Format) -> None:
    from values_act.compare import typical_cases
    from values_act.data import data_folder

    cases = typical_cases(data_folder("examples") / "typical.yaml")
    several = next((c for c in cases if len(decider.acts(c, chosen)) > 1), None)
    if several is not None:
        raise InputError("--typical cases are decided for one act; name one with --action")
    found = _decided(decider, cases, names, [chosen])
    by_county: dict[str, list[tuple[InmateCase, Standing]]] = {}
    for case, one in found:
        by_county.setdefault(one.county, []).append((case, one))
    if output is Format.json:
        show_json(
            [
                {"county": name, "cases": [{"title": c.title, **one.as_json()} for c, one in row]}
                for name, row in by_county.items()
            ]
        )
        return
    days = dict.fromkeys(str(one.decision.as_of) for _, one in found)
    title = f"Typical cases, {', '.join(days)} (* ask counsel)"
    rows = sorted(([name, *_cells(row)] for name, row in by_county.items()), key=lambda r: r[1:])
    columns = ["county", *(str(case.title) for case in cases), "policy"]
    if sys.stdout.isatty():
        same = [(cells, [row[0] for row in group])
                for cells, group in groupby(rows, key=lambda row: row[1:])]  # fmt: skip
        _together(title, columns[:-1], [(names, cells[:-1]) for cells, names in same])
        told = [f"{_counted(names)}: {cells[-1]}" for cells, names in same]
        show([Line(""), *(Line(text) for text in told)])
    else:
        table(title, columns, rows)
    show(_foot(found[0][1].decision))


def _foot(decision: Decision) -> Iterator[Line]:
    from values_act.render import status_lines

    yield Line("")
    yield from status_lines(decision)
    yield Line(HINT, "faint")
    yield Line(decision.notice, "faint")


def _cells(row: list[tuple[InmateCase, Standing]]) -> Iterator[str]:
    yield from (f"{one.outcome}{'*' if one.decision.refer else ''}" for _, one in row)
    under = dict.fromkeys(one.local for _, one in row if one.bound)
    yield "; ".join(under) or row[0][1].local
