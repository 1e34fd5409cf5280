"""The application and its groups of commands."""

from __future__ import annotations

from typing import Annotated

import typer

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
