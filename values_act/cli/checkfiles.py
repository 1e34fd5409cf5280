"""`values-act check`: some files, each checked by what it is; for editors and commit hooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from values_act.cli.app import app
from values_act.cli.common import Format, FormatOption, RulesOption, library, show_json, working


@app.command("check")
def check_files(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Laws, counties, tables, policies, cases, scenarios."),
    ],
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> int:
    """Check the files named, each by what it is, and tell every fault as FILE:LINE.

    A file of a copy of the law is checked as part of it. Cases and policies are checked under the
    law (--rules), scenarios decided. Exits with 1 if there is a fault.
    """
    from values_act.filecheck import FileCheck

    found = FileCheck(library(rules))
    with working("checking"):
        found.check(files)
    faults = list(found.faults.found)
    count = len({path.resolve() for path in files})
    if output is Format.json:
        told = [{"file": fault.file, "line": fault.line, "says": fault.says} for fault in faults]
        show_json({"ok": not faults, "files": count, "faults": told})
    elif faults:
        print(*faults, sep="\n")
    else:
        print(f"OK: {count} file{'s' if count != 1 else ''}")
    return 1 if faults else 0
