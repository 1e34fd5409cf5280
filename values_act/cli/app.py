"""The application: its commands, and how a failure ends."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from values_act.errors import ValuesActError

app = typer.Typer(
    name="values-act",
    help="The California Values Act as executable law. Not legal advice.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 required, permitted or not regulated; 3 prohibited; 4 undetermined; "
    "2 wrong usage; 1 anything else.",
)
law_app = typer.Typer(help="The laws, and the rules of one.", no_args_is_help=True)
counties_app = typer.Typer(help="The 58 counties and their policies.", no_args_is_help=True)
offenses_app = typer.Typer(help="The catalogue of offenses.", no_args_is_help=True)
readings_app = typer.Typer(help="Contested points and their options.", no_args_is_help=True)
scenarios_app = typer.Typer(help="Cases with the answer we stand behind.", no_args_is_help=True)
new_app = typer.Typer(help="Files to start from.", no_args_is_help=True)
for name, sub in (
    ("law", law_app),
    ("counties", counties_app),
    ("offenses", offenses_app),
    ("readings", readings_app),
    ("scenarios", scenarios_app),
    ("new", new_app),
):
    app.add_typer(sub, name=name)


def _version(shown: bool) -> None:
    if shown:
        from values_act import __version__
        from values_act.library import Library

        typer.echo(f"values-act {__version__}, rules {Library().digest}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="The version, and the law's digest."
        ),
    ] = False,
) -> None:
    """The California Values Act as executable law. Not legal advice."""


def run() -> int:
    """Run a command and turn any failure into one line and an exit code."""
    from values_act.cli import commands  # noqa: F401  # registers the commands
    from values_act.data import check_own_models

    try:
        check_own_models()
        code = app(standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return 130
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message(), file=sys.stderr)
        else:
            message = str(ValuesActError(error.format_message()))
            print(f"values-act: {message[:1].lower()}{message[1:]}".rstrip("."), file=sys.stderr)
        return error.exit_code
    except ValuesActError as error:
        print(f"values-act: {error}", file=sys.stderr)
        return error.exit_code
    except RecursionError:
        print("values-act: the input nests too deeply", file=sys.stderr)
        return 1
    except MemoryError:
        print("values-act: out of memory", file=sys.stderr)
        return 1
    return code if isinstance(code, int) else 0
