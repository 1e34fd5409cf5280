"""From what a user names to a side of a comparison: a version of the law, and how it is asked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from models.dates import parse_day
from values_act.decide import NONE
from values_act.errors import InputError, ValuesActError, did_you_mean, shown
from values_act.library import FACTS, Library
from values_act.revisions import NoRevisionError, Revision, find_revision

DEFAULT = "state"
_COUNTY = "county:"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


@dataclass(frozen=True, slots=True)
class Side:
    """One version of the law, and what of it is asked for.

    `name` is as the user wrote it. `county`, `readings` and `as_of` are given only where the name
    gives them; a case may give others.
    """

    name: str
    library: Library
    law: str
    county: str | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    as_of: date | None = None


@contextmanager
def two_sides(
    first: str, second: str, rules: Path | None, law: str | None
) -> Iterator[tuple[Side, Side]]:
    """The two sides that two names mean; one folder of rules is one library, for both.

    A side is a directory, a law, a git revision, `county:NAME`, `READING=OPTION` or a day. The
    rules of a revision lie in a temporary folder, which is gone afterwards; an error that names
    one of its files, also one raised by the caller meanwhile, names it by the revision.

    Args:
        first: what the user names; so `second`.
        rules: the folder for what names no other; None: the program's own.
        law: the law of what names no other; None: state law.

    Raises:
        InputError: a name means nothing, or the law asked for is not there.
        ValuesActError: the files of a side cannot be law.
    """
    with ExitStack() as kept:
        namer = _Namer(kept, Library(rules), law or DEFAULT)
        try:
            sides = namer.side(first), namer.side(second)
            _need_laws(*sides)
            yield sides
        except ValuesActError as error:
            error.args = (namer.renamed(str(error)),)
            raise


class _Namer:
    def __init__(self, kept: ExitStack, own: Library, law: str) -> None:
        self.kept, self.own, self.law = kept, own, law
        self.libraries = {own.root.resolve(): own}
        self.revisions: dict[Revision, Library] = {}
        self.called: dict[str, str] = {}  # temporary folder -> what it is a copy of

    def side(self, name: str) -> Side:
        """What a name means, in this order: a path, a form, a law, a directory, a revision."""
        if not name.strip():
            raise InputError("a side to compare has no name: name a directory, law or git revision")
        like_path = name.startswith(".") or any(sign in name for sign in _SEPARATORS)
        folder = Path(name)
        if like_path and _is_dir(folder):
            return Side(name, self._library(_rules_in(name)), self.law)
        formed = self._formed(name)
        if formed is not None:
            return formed
        if not like_path and self._is_law(name):
            return Side(name, self.own, name)
        if _is_dir(folder) and _folder_of(folder):
            return Side(name, self._library(_rules_in(name)), self.law)
        try:
            revision = find_revision(name, self.own.root)
        except NoRevisionError as error:
            if _is_dir(folder):
                _rules_in(name)
            raise self._unknown(name, str(error)) from None
        return Side(name, self._extracted(name, revision), self.law)

    def _is_law(self, name: str) -> bool:
        try:
            return _has(self.own, name)
        except ValuesActError:  # the rules here may be broken while two revisions are compared;
            return False  # a name that then means nothing raises it again

    def _formed(self, name: str) -> Side | None:
        """A county, an option of a reading, or a day."""
        if name.startswith(_COUNTY):
            county = self.own.county(name.removeprefix(_COUNTY).strip())
            return Side(name, self.own, self.law, county=county.county)
        if _DAY.fullmatch(name):
            try:
                return Side(name, self.own, self.law, as_of=parse_day(name))
            except ValueError as error:
                raise InputError(str(error)) from None
        reading, sign, option = name.partition("=")
        return self._read(name, reading.strip(), option.strip()) if sign else None

    def _read(self, name: str, reading: str, option: str) -> Side:
        known = self.own.readings_beside(self.law)
        if reading not in known:
            raise InputError(
                f"unknown reading {shown(reading)}; see `readings list`"
                f"{did_you_mean(reading, known)}"
            )
        options = [*known[reading].options, NONE]
        if option not in options:
            raise InputError(
                f"reading `{reading}` has no option {shown(option)}; options: "
                f"{', '.join(options)}{did_you_mean(option, options)}"
            )
        return Side(name, self.own, self.law, readings={reading: option})

    def _library(self, folder: Path) -> Library:
        place = folder.resolve()
        if place not in self.libraries:
            self.libraries[place] = Library(folder)
        return self.libraries[place]

    def _extracted(self, name: str, revision: Revision) -> Library:
        if revision not in self.revisions:
            folder = Path(self.kept.enter_context(TemporaryDirectory(prefix="values-act-")))
            self.called[str(folder)] = f"{name}:{revision.folder}".rstrip(":")
            revision.extract(folder)
            self.revisions[revision] = Library(folder)
        return self.revisions[revision]

    def renamed(self, message: str) -> str:
        """A message in which a temporary folder is called by the revision it is a copy of."""
        for folder, name in self.called.items():
            message = message.replace(folder, name)
        return message

    def _unknown(self, name: str, why: str) -> InputError:
        laws = sorted(key for key, law in self.own.laws.items() if law.kind != "definitions")
        return InputError(
            f"{shown(name)} is no directory, no law ({', '.join(laws)}) and no git revision "
            f"({why}); nor is it a day, `county:NAME` or `READING=OPTION`{did_you_mean(name, laws)}"
        )


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _folder_of(folder: Path) -> Path | None:
    """The folder of rules that a folder is, or that lies in it."""
    places = (folder, folder / "rules")
    return next((place for place in places if (place / FACTS).is_file()), None)


def _rules_in(name: str) -> Path:
    found = _folder_of(Path(name))
    if found is None:
        raise InputError(f"`{name}`: no rules in that directory: no {FACTS} or rules/{FACTS}")
    return found


def _has(library: Library, name: str) -> bool:
    law = library.beside(name).get(name)
    return law is not None and law.kind != "definitions"


def _need_laws(first: Side, second: Side) -> None:
    """Each side has the law that it is asked for.

    Raises:
        InputError: one has not.
    """
    for side, other in ((first, second), (second, first)):
        if not _has(side.library, side.law):
            if _has(other.library, side.law):
                raise InputError(
                    f"law `{side.law}` is not in `{side.name}`, only in `{other.name}`"
                )
            side.library.law(side.law)
