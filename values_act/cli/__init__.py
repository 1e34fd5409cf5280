"""The command line: one command a file, each thin.

Little is imported before `main` can turn Ctrl-C into an exit code.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line; every failure is one line, never a traceback.

    Exit codes: 0 required, permitted or not regulated; 3 prohibited; 4 undetermined; 2 wrong
    usage; 1 anything else. A closed pipe and Ctrl-C end quietly.
    """
    # one short run makes much that lives to its end, so collecting garbage would only cost time
    gc.disable()
    if sys.stdout is None:
        raise _failed("standard output is closed")
    try:
        _leave_scripts()
        from values_act.cli.run import run  # inside, for Ctrl-C may come while this loads

        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        code = 0
    except OSError as error:
        _silence()
        raise _failed(f"cannot write the answer: {error.strerror}") from None
    except KeyboardInterrupt:
        code = 130
    gc.freeze()  # else the interpreter would look through all of it once more as it ends
    sys.exit(code)


def _leave_scripts() -> None:
    """Import nothing that lies beside the command: some packages put modules among the scripts."""
    from pathlib import Path

    scripts, home = Path(sys.argv[0]).resolve().parent, Path(__file__).resolve().parents[2]
    if sys.path and Path(sys.path[0]).resolve() == scripts != home:
        del sys.path[0]


def _silence() -> None:
    """Let nothing more be written, so that the interpreter's last flush cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(message: str) -> SystemExit:
    print(f"values-act: {message}", file=sys.stderr)
    return SystemExit(1)
