"""The catalogue's lists, and the entries on and off them that scenarios name."""

from __future__ import annotations

from collections.abc import Iterable

from values_act.catalogue import Entry
from values_act.coverage_dates import Stand
from values_act.covered import ListCover, Ratio
from values_act.library import Library

OFF = frozenset({"", "no", "none"})
SURE = "_confidence"


def lists_of(library: Library, stands: Iterable[Stand]) -> tuple[ListCover, ...]:
    """Every list of the catalogue, and how many of the entries on it and off it are named.

    A citation names an entry if it can mean no other. A list is a column that has a confidence of
    its own, or what a table of the catalogue's folder is called; it leaves some entries out.
    """
    catalogue = library.catalogue
    cited = {asked for stand in stands for asked, _ in stand.offenses}
    matches = [catalogue.find(asked).entries for asked in sorted(cited)]
    named = {entries[0].cite for entries in matches if len(entries) == 1}
    tables = sorted(path.stem for path in (library.root / "offenses").glob("*.csv"))
    found = []
    for group in _groups(library):
        columns = [name for name in group[0].row if f"{name}{SURE}" in group[0].row]
        for name in dict.fromkeys([*columns, *tables]):
            on = [entry for entry in group if _cell(entry, name) not in OFF]
            if on and len(on) < len(group):
                off = [entry for entry in group if _cell(entry, name) in OFF]
                unnamed = tuple(entry.cite for entry in on if entry.cite not in named)
                found.append(ListCover(name, _named(on, named), _named(off, named), unnamed))
    return tuple(found)


def _groups(library: Library) -> list[list[Entry]]:
    """The rows of each jurisdiction that has some."""
    words = dict.fromkeys(
        word
        for (_, name), spec in library.vocabulary.facts.items()
        if name == "jurisdiction"
        for word in spec.words
    )
    groups = [list(library.catalogue.rows(word)) for word in words]
    return [group for group in groups if group]


def _cell(entry: Entry, name: str) -> str:
    """What a row says of a list: nothing, where it does not speak of it."""
    if name in entry.row:
        return entry.row[name]
    return str(entry.facts.get(name, ""))


def _named(entries: Iterable[Entry], named: set[str]) -> Ratio:
    cites = [entry.cite for entry in entries]
    return Ratio(sum(cite in named for cite in cites), len(cites))
