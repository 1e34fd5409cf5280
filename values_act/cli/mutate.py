"""`values-act scenarios mutate`: does every small change of the rules fail some scenario."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from values_act.cli.app import scenarios_app
from values_act.cli.common import (
    CountyOption,
    Format,
    FormatOption,
    RulesOption,
    library,
    show,
    show_json,
    table,
    working,
)
from values_act.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from values_act.bench import Bench
    from values_act.library import Library
    from values_act.mutants import Mutant
    from values_act.mutate import Progress, Verdict


@scenarios_app.command("mutate")
def mutate_law(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH…")] = None,
    law: Annotated[str | None, typer.Option("--law", help="Changes of this law alone.")] = None,
    county: CountyOption = None,
    rule: Annotated[
        str | None,
        typer.Option("--rule", metavar="ID", help="Changes of this rule, policy or reading alone."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Processes to share the work among.")
    ] = None,
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> int:
    """Change the rules in every small way, and ask whether some scenario then fails.

    Exits with 0 if every change is killed by a scenario, with 3 if one survives, and with 1 if a
    scenario fails on the rules as they are, for it can kill nothing.
    """
    from values_act.bench import bench
    from values_act.data import data_folder
    from values_act.mutants import mutants_of
    from values_act.mutate import mutate
    from values_act.scenarios import load_folders

    loaded = library(rules)
    every = mutants_of(loaded)
    chosen = _chosen(loaded, every.found, law, county, rule)
    with working("deciding every scenario"):
        ready = bench(loaded, load_folders(paths or [data_folder("scenarios")]))
    _tell_failing(ready)
    with _bar() as told:
        verdicts = mutate(ready, chosen, processes=jobs or _cores(), progress=told)
    checked = sum(verdict.state == "refused" for verdict in verdicts)
    if output is Format.json:
        from values_act.mutate_text import as_json

        show_json(as_json(verdicts, checked))
    else:
        _report(verdicts, checked)
    if ready.failing:
        return 1
    return 3 if any(verdict.state == "survived" for verdict in verdicts) else 0


def _chosen(
    loaded: Library, found: list[Mutant], law: str | None, county: str | None, rule: str | None
) -> list[Mutant]:
    """The changes of one law, county, rule, or of what several of these name."""
    if law is not None and law not in loaded.laws:
        names = list(loaded.laws)
        raise InputError(f"unknown law `{law}`; laws: {', '.join(names)}{did_you_mean(law, names)}")
    name = None if county is None else loaded.county(county).county
    found = [one for one in found if law in (None, one.law) and name in (None, one.county)]
    if rule is None:
        return found
    own = [one for one in found if one.owner == rule]
    if not own:
        owners = dict.fromkeys(one.owner for one in found)
        raise InputError(f"no change of `{rule}` to try{did_you_mean(rule, owners)}")
    return own


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tell_failing(ready: Bench) -> None:
    """Say first which scenarios fail on the rules as they are."""
    for result in ready.failing:
        placed = result.placed
        where = f"{placed.file}:{placed.line}: {placed.scenario.name}"
        problem = result.problems[0] if result.problems else "fails"
        print(f"values-act: {where}: {problem}; it kills nothing", file=sys.stderr)


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """A bar on a terminal. It starts once work is done, for processes fork before it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = Bar(console=Console(stderr=True), transient=True)
    tasks: list[int] = []

    def told(done: int, total: int) -> None:
        if not tasks:
            bar.start()
            tasks.append(bar.add_task("mutating", total=total))
        bar.update(bar.task_ids[0], completed=done)

    try:
        yield told
    finally:
        if tasks:
            bar.stop()


def _report(verdicts: list[Verdict], refused: int) -> None:
    from values_act.mutate_text import rows, survivor_lines, tallies

    counts = tallies(verdicts)
    columns = ["law or county", "mutants", "killed", "equivalent", "survived", "score"]
    table("Mutants", columns, rows(counts))
    if refused:
        print(f"\n{refused} more changes are refused by the check of the rules")
    if any(verdict.state == "survived" for verdict in verdicts):
        print("\nSurvived: no scenario fails")
        show(survivor_lines(verdicts))
