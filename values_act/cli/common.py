"""What commands share: options, loading, and printing on a terminal or into a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from values_act.errors import InputError
from values_act.lines import Line

if TYPE_CHECKING:
    from models.case import InmateCase
    from values_act.decide import Settings
    from values_act.library import Library


T = TypeVar("T")


class Format(StrEnum):
    text = "text"
    json = "json"


RulesOption = Annotated[
    Path | None, typer.Option("--rules", metavar="DIR", help="Another copy of the law.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]
LawOption = Annotated[str | None, typer.Option("--law", help="The law to ask; see `law list`.")]
CountyOption = Annotated[str | None, typer.Option("--county", help="The county to decide for.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The day of the act, 2025-07-17.")
]
ReadingOption = Annotated[
    list[str] | None,
    typer.Option("--reading", metavar="ID=OPTION", help="Take an option of a contested point."),
]
PolicyOption = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="A policy of a hypothetical county, as YAML."),
]
ActionOption = Annotated[
    str | None,
    typer.Option(
        "--action", help="Another act than the case's; `all`: each that the usual form asks."
    ),
]

_STYLES = {
    "required": "bold",
    "permitted": "bold green",
    "prohibited": "bold red",
    "not_regulated": "bold cyan",
    "undetermined": "bold yellow",
    "heading": "bold",
    "faint": "dim",
}


def library(rules: Path | None) -> Library:
    from values_act.library import Library

    return Library(rules)


def settings(
    law: str | None,
    county: str | None,
    as_of: str | None,
    reading: list[str] | None,
    action: str | None = None,
) -> Settings:
    """Options that override a case.

    Raises:
        InputError: a date that is no day, or a reading not written ID=OPTION.
    """
    from values_act.decide import Settings

    chosen: dict[str, str] = {}
    for entry in reading or ():
        name, sign, option = entry.partition("=")
        if not sign or not name or not option:
            raise InputError(f"--reading `{entry}`: write it as ID=OPTION")
        chosen[name] = option
    day = None if as_of is None else given_day(as_of)
    return Settings(law=law, county=county, as_of=day, readings=chosen, action=action)


def given_day(text: str, option: str = "--as-of") -> date:
    """The day that an option names.

    Raises:
        InputError: it is no day, or not written as 2025-07-17.
    """
    from models.dates import parse_day

    try:
        return parse_day(text)
    except ValueError as error:
        raise InputError(f"{option} {error}") from None


def read_case(path: Path, policy: Path | None = None) -> InmateCase:
    """A case from a file, or from standard input for `-`, with a policy file put in."""
    from models.case import InmateCase
    from models.policy import CountyPolicy
    from values_act.yamltext import parse_file

    case = parse_file(InmateCase, path)
    if policy is not None:
        return case.model_copy(update={"policy": parse_file(CountyPolicy, policy)})
    return case


def write_new(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file that does not exist yet.

    Raises:
        InputError: the file exists, or cannot be written.
    """
    if out is None:
        print(text, end="")
        return
    if out.is_dir():
        raise InputError(f"{out}: is a directory; name a file in it")
    try:
        with out.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError(f"{out}: exists already; nothing was written") from None
    except FileNotFoundError:
        raise InputError(f"{out}: no directory `{out.parent}`") from None
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {str(error.strerror).lower()}") from None
    print(f"wrote {out}")


def write_whole(text: bytes, path: Path) -> None:
    """Write a file, in the place of one that is there, whole or not at all.

    Raises:
        InputError: it cannot be written; then what was there is there still.
    """
    import os
    import shutil
    import tempfile

    refuse_unwritable(path)
    new: Path | None = None
    try:
        if path.exists() and not path.is_file():  # a pipe, or a device
            path.write_bytes(text)
            return
        path = path.resolve()  # what a link points to is written, and the link stays
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as stream:
            new = Path(stream.name)
            stream.write(text)
        if path.exists():
            shutil.copymode(path, new)
        else:
            os.umask(mask := os.umask(0))
            new.chmod(0o666 & ~mask)
        new.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {str(error.strerror).lower()}") from None
    finally:
        if new is not None:
            new.unlink(missing_ok=True)


def refuse_unwritable(path: Path) -> None:
    """Refuse what is no place for a file, before any work is done for it.

    Raises:
        InputError: it is a directory, or would lie in none.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a directory; name a file in it")
    if not path.parent.is_dir():
        raise InputError(f"{path}: no directory `{path.parent}`")


def progress(tasks: Sequence[T], doing: str) -> Iterable[T]:
    """The tasks one by one, with a bar on a terminal."""
    if not sys.stderr.isatty():
        return tasks
    from rich.console import Console
    from rich.progress import track

    return track(tasks, doing, console=Console(stderr=True), transient=True)


@contextmanager
def working(doing: str) -> Iterator[None]:
    """Say on a terminal that something goes on, for as long as it does."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


def show_json(data: Any, *, lines: bool = False) -> None:
    indent = None if lines else 2
    print(json.dumps(data, ensure_ascii=False, indent=indent))


def show(lines: Iterable[Line]) -> None:
    """Print lines, styled on a terminal and plain in a pipe."""
    if not sys.stdout.isatty():
        for line in lines:
            print(line.text)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        console.print(Text(line.text, style=_STYLES.get(line.style, "")))


def table(title: str, columns: list[str], rows: Iterable[Iterable[object]]) -> None:
    """A table: rich on a terminal, tab-separated in a pipe."""
    found = [[str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        print("\t".join(columns))
        for row in found:
            print("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # as text, for rich would take `[an id]` for its own markup and drop it
    shown = Table(title=Text(title), title_justify="left", show_edge=False)
    for column in columns:
        shown.add_column(Text(column), overflow="fold")
    for row in found:
        shown.add_row(*map(Text, row))
    Console(highlight=False).print(shown)
