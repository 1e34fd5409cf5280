"""Every entry of the files of a `rules` folder: rules, facts, policies, rows of tables and so on.

An entry is what one copy of the law can have and another not, or have otherwise.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.base import Model
from models.law import Base, FactBook, Law, Reading, Route, Rule
from models.policy import County
from values_act.errors import LawError
from values_act.library import Library
from values_act.yamltext import Document, compose, parse, read_text

Steps = tuple[str | int, ...]
Held = Model | Mapping[str, Any]  # a model, or a row or word of plain text
Table = tuple[tuple[str, ...], list[tuple[dict[str, str], int]]]  # columns; rows, with their lines

LISTS = ("routes", "readings", "base", "rules", "policies")  # of a file, with entries of their own
ONE_OF = {"offenses": "offense"}  # what a row of a table is called, where not as the table


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file.

    `home` is the law, county or table that it stands in; `file` is relative to the rules folder.
    """

    kind: str
    id: str
    home: str
    held: Held
    file: str
    line: int | None
    cite: str = ""

    @property
    def skipped(self) -> tuple[str, ...]:
        """Fields that hold entries of their own, or say what is the entry's home anyway."""
        return (*LISTS, "name", "county") if isinstance(self.held, (Law, County)) else ()

    @property
    def home_is(self) -> str:
        return "county" if self.kind in {"policy", "county rule"} else "law"


# ---------------------------------------------------------------- files


def files(library: Library) -> dict[str, Path]:
    """Every file of the law by its place in the folder, tables last."""
    root = library.root
    found = [
        *(path for path in (root / "facts.yaml",) if path.is_file()),
        *sorted((root / "laws").rglob("*.yaml")),
        *sorted((root / "counties").glob("*.yaml")),
        *sorted((root / "offenses").rglob("*.csv")),
    ]
    return {path.relative_to(root).as_posix(): path for path in found}


def entries_of(name: str, path: Path) -> Iterator[Entry]:
    """The entries of a file that is no table.

    Raises:
        InputError: the file is not what such a file holds.
    """
    document = compose(read_text(path), str(path))
    folder = name.partition("/")[0]
    if folder == "laws":
        return of_law(parse(Law, document), name, document)
    if folder == "counties":
        return _of_county(parse(County, document), name, document)
    return _of_facts(parse(FactBook, document), name, document)


def of_law(law: Law, file: str, document: Document | None = None) -> Iterator[Entry]:
    """A law, and what it holds."""
    line = _lines(document)
    yield Entry("law", law.name, law.name, law, file, line(("name",)))
    kinds: tuple[tuple[str, str, Iterable[Rule | Base | Route | Reading]], ...] = (
        ("route", "routes", law.routes),
        ("reading", "readings", law.readings),
        ("base", "base", law.base),
        ("rule", "rules", law.rules),
    )
    for kind, where, held in kinds:
        for index, one in enumerate(held):
            key = "name" if isinstance(one, Route) else "id"
            at = line((where, index, key))
            yield Entry(kind, getattr(one, key), law.name, one, file, at, one.cite)


def _of_county(county: County, file: str, document: Document) -> Iterator[Entry]:
    line, home = _lines(document), county.county
    yield Entry("county", home, home, county, file, line(("county",)))
    for index, policy in enumerate(county.policies):
        at = line(("policies", index, "id"))
        yield Entry("policy", policy.id, home, policy, file, at, policy.cite)
    for index, rule in enumerate(county.rules):
        yield Entry(
            "county rule", rule.id, home, rule, file, line(("rules", index, "id")), rule.cite
        )


def _of_facts(book: FactBook, file: str, document: Document) -> Iterator[Entry]:
    line = _lines(document)
    for index, fact in enumerate(book.facts):
        yield Entry("fact", fact.name, "", fact, file, line(("facts", index, "name")))
    for index, never in enumerate(book.never):
        yield Entry("never", never.because, "", never, file, line(("never", index)))
    for name, text in book.actions.items():
        yield Entry("action", name, "", {"text": text}, file, line(("actions", name)))
    for name, words in book.several.items():
        yield Entry("several", name, "", {"actions": words}, file, line(("several", name)))


def _lines(document: Document | None) -> Callable[[Steps], int | None]:
    return lambda path: document.where(path, key=True)[0] if document else None


# ---------------------------------------------------------------- tables


def read_table(path: Path) -> Table:
    """The columns of a table, and its rows with the line that each starts on.

    Raises:
        LawError: the file cannot be read, has a column twice, or a row with a cell too many or few.
    """
    rows: list[tuple[dict[str, str], int]] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file, strict=True)
            columns = tuple(next(lines, []))
            if len(set(columns)) < len(columns):
                raise LawError(f"{path}: a column is given twice")
            start = lines.line_num + 1
            for cells in lines:
                if cells and len(cells) != len(columns):
                    raise LawError(f"{path}:{start}: a cell too many or too few")
                if cells:
                    rows.append((dict(zip(columns, cells, strict=True)), start))
                start = lines.line_num + 1
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LawError(f"{path}: {error}") from None
    return columns, rows


def key_of(*tables: Table) -> tuple[str, ...]:
    """The first columns, as few as will do, by which no two rows of a table are alike.

    Where no columns do, all of them: some rows are then alike altogether.
    """
    columns = tuple(dict.fromkeys(name for names, _ in tables for name in names))
    for many in range(1, len(columns) + 1):
        key = columns[:many]
        if all(_apart(rows, key) for _, rows in tables):
            return key
    return columns


def _apart(rows: list[tuple[dict[str, str], int]], key: tuple[str, ...]) -> bool:
    seen: set[Hashable] = {tuple(row.get(name, "") for name in key) for row, _ in rows}
    return len(seen) == len(rows)


def rows_of(name: str, table: Table, key: tuple[str, ...]) -> Iterator[Entry]:
    """The rows of a table; an empty cell says nothing, so it is as none."""
    stem = Path(name).stem
    kind = ONE_OF.get(stem, stem)
    for row, line in table[1]:
        id_ = " ".join(filter(None, (row.get(column, "") for column in key)))
        held = {column: cell for column, cell in row.items() if cell}
        yield Entry(kind, id_, name, held, name, line, row.get("cite", ""))


def whole(entry: Entry) -> dict[str, Any]:
    """An entry as plain data, without what is its default and without entries of their own."""
    if not isinstance(entry.held, Model):
        return dict(entry.held)
    return entry.held.model_dump(mode="json", exclude_defaults=True, exclude=set(entry.skipped))
