"""The command line: one command a file, each thin."""

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
    from values_act.cli.app import run

    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
