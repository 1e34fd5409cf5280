"""Running a command: any failure becomes one line and an exit code."""

from __future__ import annotations

import sys

import typer

from values_act.cli import commands  # noqa: F401  # registers the commands
from values_act.cli.app import app
from values_act.data import check_own_models
from values_act.errors import ValuesActError


def run() -> int:
    """Run a command and turn any failure into one line and an exit code."""
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
    except SystemExit:
        return 0  # how typer ends where nobody reads the pipe any more
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
