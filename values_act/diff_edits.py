"""The edits between two sides, and which of them the comparison of every case says nothing of."""

from __future__ import annotations

from models.difference import EditView
from values_act.catalogue import TABLES
from values_act.edits import Edit, edits, edits_between_laws
from values_act.versions import Side

# what a case that leaves something out is taken to say, and how what it says is found
LEFT_OUT = ("presumed", "implied")
FINDS = ("section", "former", "also_cited", "code")  # fields by which a row is found


def edits_of(a: Side, b: Side) -> list[Edit]:
    """What is written otherwise on the second side."""
    if a.library is not b.library:
        return edits(a.library, b.library)
    return edits_between_laws(a.library, a.law, b.law) if a.law != b.law else []


def unproved(found: list[Edit]) -> list[Edit]:
    """Edits that can change an answer though every case that says all has the same one.

    A fact may be taken otherwise where a case leaves it out; a citation may mean another offense;
    an act may be new.
    """
    return [edit for edit in found if edit.effect and _beside(edit)]


def _beside(edit: Edit) -> bool:
    first = edit.field.partition(".")[0]
    if edit.file.endswith(".csv"):
        read = edit.file.rpartition("/")[2] in TABLES
        entry = edit.kind in ("offense", "federal")
        return read and (not entry or first in FINDS)
    if edit.kind == "fact":
        return first in LEFT_OUT or edit.change != "changed"
    return edit.kind in ("action", "several")


def view(edit: Edit) -> EditView:
    return EditView(
        kind=edit.kind, id=edit.id, change=edit.change, field=edit.field, before=edit.before,
        after=edit.after, effect=edit.effect, file=edit.file, line=edit.line, cite=edit.cite,
        words=edit.words,
    )  # fmt: skip
