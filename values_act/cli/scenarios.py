"""`values-act scenarios`: do the cases still get the answers we stand behind; a new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from values_act.cli.app import scenarios_app
from values_act.cli.common import (
    Format,
    FormatOption,
    RulesOption,
    library,
    progress,
    refuse_unwritable,
    show_json,
    write_new,
    write_whole,
)
from values_act.errors import InputError

if TYPE_CHECKING:
    from values_act.scenarios import Result


@scenarios_app.command("run")
def run_scenarios(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH…")] = None,
    rules: RulesOption = None,
    output: FormatOption = Format.text,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML here as well.")
    ] = None,
) -> int:
    """Decide every scenario and compare it with what its source says.

    Exits with 1 if one fails, or if there is none.
    """
    from values_act.data import data_folder
    from values_act.decide import Decider
    from values_act.scenarios import load_folders, run

    if junit is not None:
        refuse_unwritable(junit)
    decider = Decider(library(rules))
    folders = paths or [data_folder("scenarios")]
    placed = load_folders(folders)
    results = [run(one, decider) for one in progress(placed, "deciding")]
    if output is Format.json:
        show_json([_body(result) for result in results])
    else:
        _report(results)
    if junit is not None:
        from values_act.junit import junit_xml

        write_whole(junit_xml(results, Path.cwd()), junit)
    failed = sum(result.state == "failed" for result in results)
    return 1 if failed or not any(result.state == "passed" for result in results) else 0


@scenarios_app.command("new")
def new_scenario(
    case: Annotated[
        Path, typer.Option("--from", metavar="CASE", help="A case file; `-`: standard input.")
    ],
    name: Annotated[
        str | None, typer.Option("--name", help="Its name; left out: the case's title.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write here, not to the screen."),
    ] = None,
    append: Annotated[
        Path | None,
        typer.Option("--append", metavar="FILE", help="Add it to this file of scenarios."),
    ] = None,
    rules: RulesOption = None,
) -> None:
    """A scenario from a case: reason and source to fill in, and no expectation, so a to-do."""
    from values_act.decide import Decider
    from values_act.newscenario import appended, entry_of
    from values_act.yamltext import compose, name_of, read_text

    if out is not None and append is not None:
        raise InputError("write a new file with --out, or add to one with --append, not both")
    document = compose(read_text(case), name_of(case))
    decider = Decider(library(rules), use_engine=False)
    if append is None:
        write_new(entry_of(document, decider, name), out)
        return
    if not append.is_file() and append.exists():
        raise InputError(f"{append}: is no file that can be added to")
    text = appended(read_text(append), str(append), document, decider, name)
    write_whole(text.encode(), append)
    print(f"added to {append}")


def _report(results: list[Result]) -> None:
    counts = {"passed": 0, "failed": 0, "todo": 0}
    for result in results:
        counts[result.state] += 1
        placed = result.placed
        if result.state == "failed":
            print(f"FAILED {placed.file}:{placed.line}: {placed.scenario.name}")
            for problem in result.problems:
                print(f"       {problem}")
            print(f"       source: {placed.scenario.source}")
        elif result.state == "todo":
            print(f"TODO   {placed.file}:{placed.line}: {placed.scenario.name}")
    if counts["todo"]:
        print(f"{counts['todo']} to do: no outcome and source given yet")
    print(f"{counts['passed']} passed, {counts['failed']} failed")


def _body(result: Result) -> dict[str, object]:
    placed = result.placed
    return {
        "name": placed.scenario.name,
        "file": str(placed.file),
        "line": placed.line,
        "state": result.state,
        "problems": list(result.problems),
        "source": placed.scenario.source,
        "outcome": result.decision.outcome if result.decision else None,
    }
