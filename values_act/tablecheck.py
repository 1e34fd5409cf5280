"""A table of the offenses checked: read whole, with no word that its fact does not take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from models.law import Subject
from values_act.catalogue import FEDERAL, OFFENSES, Catalogue, Entry, changes, entry_of
from values_act.errors import LawError, did_you_mean
from values_act.tables import read_table
from values_act.vocabulary import Vocabulary

SUBJECT: Subject = "conviction"
YES_NO = ("yes", "no", "")


def check_table(path: Path, vocabulary: Vocabulary) -> None:
    """Read a table, and the catalogue that it is part of.

    Raises:
        LawError: the first fault, with file and line.
    """
    rows = list(read_table(path))
    Catalogue.load(path.parent)
    if path.name == OFFENSES:
        for _change in changes(path.parent):
            pass
    if path.name in {OFFENSES, FEDERAL}:
        for line, row in rows:
            for fault in _faults(entry_of("", "", "", row), vocabulary):
                raise LawError(f"{path}:{line}: {fault}")


def _faults(entry: Entry, vocabulary: Vocabulary) -> Iterator[str]:
    for name, value in entry.facts.items():
        words, said = _words(name, vocabulary), value
        if isinstance(value, bool):  # what is not `yes` was taken for no
            words, said = YES_NO, entry.row.get(name, "")
        for word in said if isinstance(said, tuple) else (str(said),):
            if words and word not in words:
                allowed = ", ".join(filter(None, words))
                yield f"{name}: `{word}` is not one of {allowed}{did_you_mean(word, words)}"


def _words(name: str, vocabulary: Vocabulary) -> Sequence[str]:
    """The words that a fact may be; of a list, those of any list, for one may name another's."""
    specs = vocabulary.by_subject[SUBJECT]
    if any(spec.list_name == name for spec in specs.values()):
        return [spec.member for spec in specs.values() if spec.member]
    return list(specs[name].words) if name in specs else []
