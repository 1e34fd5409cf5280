"""Faults of files, gathered: a check goes on after the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from values_act.errors import ValuesActError, named
from values_act.yamltext import Document, name_of

_TOLD = re.compile(r"(?P<file>.+?)(?::(?P<line>\d+)(?::\d+)?)?: (?P<says>.*)")
_SUFFIXES = (".yaml", ".csv", ".json")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file, and on which line."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.says}"


@dataclass(slots=True)
class Faults:
    """Every fault found, each once, in the order in which they were found."""

    found: dict[Fault, None] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        self.found[fault] = None

    @contextmanager
    def told(self, path: Path, document: Document | None = None) -> Iterator[None]:
        """Gather what is raised inside, as a fault of a file unless it names another."""
        try:
            yield
        except ValuesActError as error:
            self.add(fault_of(error, path, document))

    def __len__(self) -> int:
        return len(self.found)


def fault_of(error: ValuesActError, path: Path, document: Document | None = None) -> Fault:
    """An error as a fault of the file that it names, else of the one given.

    Without a line it is told at what it names in the document, else at the start of the file.
    """
    file, says, line = str(path), str(error), None
    told = _TOLD.fullmatch(says)
    if told and (told["file"] == name_of(path) or told["file"].endswith(_SUFFIXES)):
        file, says = told["file"], told["says"]
        line = told["line"] and int(told["line"])
    if not line and document is not None and file == document.name:
        where, key = named(document.data, says, ())
        line = document.where(where, key=key)[0]
    return Fault(file, line or 1, says)
