"""CSV tables of the law, row by row, each with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from values_act.errors import LawError

Row = Mapping[str, str]


def read_table(path: Path, *needed: str) -> Iterator[tuple[int, Row]]:
    """The rows of a table under their columns, each with the line that it ends on.

    Raises:
        LawError: no such file, no CSV, a column that is needed is missing, a ragged row.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file, strict=True)
            columns = next(lines, [])
            if lost := set(needed) - set(columns):
                raise LawError(f"{path}: no column `{min(lost)}`")
            for cells in lines:
                if len(cells) != len(columns):
                    raise LawError(f"{path}:{lines.line_num}: a cell too many or too few")
                yield lines.line_num, dict(zip(columns, cells, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LawError(f"{path}: {error}") from None


@contextmanager
def told_at(path: Path, line: int) -> Iterator[None]:
    """A fault of a row, with its file and line."""
    try:
        yield
    except LawError as error:
        raise LawError(f"{path}:{line}: {error}") from None
