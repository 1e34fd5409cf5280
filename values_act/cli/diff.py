"""`values-act diff`: what two versions of the law answer differently."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from values_act.cli.app import app
from values_act.cli.common import (
    RulesOption,
    given_day,
    progress,
    show,
    show_json,
)
from values_act.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from models.difference import Difference
    from values_act.library import Library
    from values_act.places import Scope
    from values_act.versions import Side


class Form(StrEnum):
    text = "text"
    json = "json"
    markdown = "markdown"


@app.command("diff")
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="What is there.")],
    second: Annotated[str, typer.Argument(metavar="B", help="What may take its place.")],
    law: Annotated[
        str | None, typer.Option("--law", help="The law compared, if A and B name none: state.")
    ] = None,
    county: Annotated[
        str | None, typer.Option("--county", help="Under this county's policies alone.")
    ] = None,
    action: Annotated[
        list[str] | None, typer.Option("--action", help="This act alone; may be repeated.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="On this day alone.")
    ] = None,
    scenarios: Annotated[
        list[Path] | None,
        typer.Option("--scenarios", metavar="PATH", help="Other scenarios than the project's."),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save-witnesses", metavar="DIR", help="Write each witness as a case file."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Tell everything, however long.")] = False,
    rules: RulesOption = None,
    output: Annotated[Form, typer.Option("--format", help="How to print.")] = Form.text,
) -> int:
    """What changes from A to B: scenarios, and every kind of case, by proof.

    A and B are each a folder with rules, a law (see `law list`), a git revision, county:NAME,
    READING=OPTION or a day. Exits with 0 if no case is answered differently, with 3 if one is.
    """
    from values_act.diff import witnesses
    from values_act.diff_markdown import diff_markdown
    from values_act.diff_text import diff_lines

    found = compared(first, second, rules, law, Narrowed(action, county, as_of, scenarios))
    if save is not None:
        save_cases(dict(witnesses(found)), save)
    if output is Form.json:
        show_json(found.as_json())
    elif output is Form.markdown:
        print(diff_markdown(found), end="")
    else:
        show(diff_lines(found, every=every))
    return 0 if found.equivalent else 3


def compared(
    first: str, second: str, rules: Path | None, law: str | None, asked: Narrowed
) -> Difference:
    """Compare what two words name, with their scenarios, offenses and files."""
    from values_act.data import data_folder
    from values_act.difference import difference
    from values_act.scenarios import load_folders
    from values_act.versions import two_sides

    with two_sides(first, second, rules, law) as (a, b):
        scope = _scope(a, asked)
        placed = load_folders(asked.scenarios or [data_folder("scenarios")])
        return difference(a, b, scope, placed, progress)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """To what a comparison is narrowed, as the options say it."""

    actions: list[str] | None = None
    county: str | None = None
    as_of: str | None = None
    scenarios: list[Path] | None = None


def _scope(side: Side, asked: Narrowed) -> Scope:
    from values_act.places import Scope

    day = None if asked.as_of is None else given_day(asked.as_of)
    return Scope(acts_of(side.library, asked.actions), asked.county, day)


def acts_of(library: Library, names: list[str] | None) -> tuple[str, ...]:
    """The acts of some words, each once; every act if there are none.

    Raises:
        InputError: a word is no act.
    """
    vocabulary = library.vocabulary
    acts: list[str] = []
    for name in names or vocabulary.actions:
        if name not in vocabulary.actions and name not in vocabulary.several:
            known = [*vocabulary.actions, *vocabulary.several]
            raise InputError(
                f"unknown action `{name}`; actions: {', '.join(known)}{did_you_mean(name, known)}"
            )
        acts += vocabulary.several.get(name, (name,))
    return tuple(dict.fromkeys(acts))


def save_cases(cases: Mapping[str, dict[str, Any]], folder: Path) -> None:
    """Write each case as a file of its own; a file that is there is not written over."""
    from values_act.casetext import case_yaml

    files = {folder / f"{name}.yaml": raw for name, raw in cases.items()}
    there = next((path for path in files if path.exists()), None)
    if there is not None:
        raise InputError(f"{there}: exists already; nothing was written")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, raw in files.items():
            path.write_text(case_yaml(raw), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {str(error.strerror).lower()}") from None
    print(f"wrote {len(files)} cases to {folder}", file=sys.stderr)
