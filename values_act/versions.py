"""The two that are compared: a copy of the law, a law, a revision, a county, a reading or a day."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from models.dates import parse_day
from values_act.data import data_folder
from values_act.errors import InputError, did_you_mean
from values_act.library import Library

STATE = "state"  # the composition that is asked if no law is named
FACTS = "facts.yaml"  # what makes a folder a copy of the law
RULES = "rules"
COUNTY = "county:"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two that are compared; what it does not say is the same for both.

    `name` is what the user wrote, and stands in every sentence about it.
    """

    name: str
    library: Library
    law: str = STATE
    county: str | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    as_of: date | None = None


@contextmanager
def two_sides(
    first: str, second: str, rules: Path | None = None, law: str | None = None
) -> Iterator[tuple[Side, Side]]:
    """Both sides, with revisions laid out in folders that are gone afterwards.

    Args:
        first: a folder, a law, a git revision, `county:NAME`, `READING=OPTION` or a day.
        second: another one.
        rules: the copy of the law that laws, counties, readings and days are of.
        law: the law that is compared where a side names none.

    Raises:
        InputError: one of them is nothing of the kind, or cannot be read.
    """
    with ExitStack() as stack:
        reader = _Reader(rules, stack)
        sides = tuple(reader.side(text) for text in (first, second))
        found = []
        for side in sides:
            chosen = law if law is not None and side.law == STATE else side.law
            found.append(replace(side, law=_has(side, chosen)))
        yield found[0], found[1]


def _has(side: Side, law: str) -> str:
    try:
        side.library.law(law)
    except InputError as error:
        raise InputError(f"{side.name}: {error}") from None
    return law


class _Reader:
    """Reads what sides name; each copy of the law once."""

    def __init__(self, rules: Path | None, stack: ExitStack) -> None:
        self.rules = _within(rules) if rules is not None else data_folder(RULES)
        self.stack = stack
        self._libraries: dict[str, Library] = {}

    def side(self, text: str) -> Side:
        if "/" in text or text.startswith("."):
            return Side(text, self._library(text, _within(Path(text))))
        if text.startswith(COUNTY):
            return Side(text, self._own(), county=self._own().county(text[len(COUNTY) :]).county)
        if "=" in text:
            return self._reading(text)
        try:
            return Side(text, self._own(), as_of=parse_day(text))
        except ValueError:
            pass
        laws = {name for name, law in self._own().laws.items() if law.kind != "definitions"}
        if text in laws:
            return Side(text, self._own(), law=text)
        if Path(text).is_dir():
            return Side(text, self._library(text, _within(Path(text))))
        return Side(text, self._library(text, self._revision(text, laws)))

    def _own(self) -> Library:
        return self._library("", self.rules)

    def _library(self, key: str, root: Path) -> Library:
        place = str(root.resolve()) if key != "" else ""
        if place == str(self.rules.resolve()):
            place = ""
        if place not in self._libraries:
            self._libraries[place] = Library(root)
        return self._libraries[place]

    def _reading(self, text: str) -> Side:
        name, _, option = text.partition("=")
        readings = self._own().readings
        if name not in readings:
            raise InputError(
                f"unknown reading `{name}`; see `readings list`{did_you_mean(name, readings)}"
            )
        options = [*readings[name].options, "none"]
        if option not in options:
            raise InputError(
                f"reading `{name}` has no option `{option}`; options: {', '.join(options)}"
                f"{did_you_mean(option, options)}"
            )
        return Side(text, self._own(), readings={name: option})

    # ------------------------------------------------------------ revisions
    def _revision(self, text: str, laws: set[str]) -> Path:
        """The rules of a git revision, in a folder that is gone when the sides are."""
        unknown = (
            f"`{text}` is no law, no folder and no git revision with rules; laws: "
            f"{', '.join(sorted(laws))}{did_you_mean(text, laws)}"
        )
        if text.startswith("-"):
            raise InputError(unknown)
        top, inside = self._repository(unknown)
        commit = _git(top, "rev-parse", "--verify", "--quiet", f"{text}^{{commit}}")
        if commit is None:
            raise InputError(unknown)
        packed = _git(top, "archive", "--format=tar", commit.decode().strip(), "--", inside)
        if packed is None:
            raise InputError(f"git revision `{text}` has no folder {inside}")
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="values-act-")))
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        return _within(folder / inside)

    def _repository(self, unknown: str) -> tuple[Path, str]:
        """The repository that holds the rules, or else the one we are in; and the rules in it."""
        for place, inside in ((self.rules, None), (Path.cwd(), RULES)):
            top = _git(place, "rev-parse", "--show-toplevel")
            if top is not None:
                root = Path(top.decode().strip())
                return root, inside or str(place.resolve().relative_to(root.resolve()))
        raise InputError(unknown)


def _git(place: Path, *words: str) -> bytes | None:
    """What git prints; None if it fails.

    Raises:
        InputError: there is no git on the machine.
    """
    # a hook's own settings would point git at another repository than the one named
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603  # git, with its arguments as a list
            ["git", "-C", str(place), *words],  # noqa: S607  # where it lies, the path says
            capture_output=True,
            check=False,
            env=env,
        )
    except FileNotFoundError:
        raise InputError("git is not installed, so no revision can be read") from None
    return done.stdout if done.returncode == 0 else None


def _within(folder: Path) -> Path:
    """The copy of the law in a folder: it, or `rules` below it.

    Raises:
        InputError: there is none.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such directory")
    for place in (folder, folder / RULES):
        if (place / FACTS).is_file():
            return place
    raise InputError(f"{folder}: no copy of the law here: neither {FACTS} nor {RULES}/{FACTS}")
