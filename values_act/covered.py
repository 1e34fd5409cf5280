"""What scenarios exercise of the law, as data; each set of scenarios is told by their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from values_act.readers.painted import Path, Piece

Names = tuple[str, ...]
Mark = Literal["whole", "part", "none", "closed"]
SIGN: dict[Mark, str] = {"whole": "✔", "part": "◐", "none": "✘", "closed": "?"}


class Ratio(NamedTuple):
    """How many, of how many."""

    done: int
    of: int

    def as_json(self) -> dict[str, int]:
        return {"exercised": self.done, "of": self.of}


def ratio(marks: Iterable[bool]) -> Ratio:
    found = list(marks)
    return Ratio(sum(found), len(found))


@dataclass(frozen=True, slots=True)
class TestCover:
    """One test of a condition: where it surely came out true, false, and turned the condition."""

    __test__ = False  # not a test case, whatever its name says to pytest

    path: Path
    words: str
    true: Names
    false: Names
    turned: Names
    knowable: bool = True  # False: nobody has published it, so no case can tell

    @property
    def both(self) -> bool:
        return bool(self.true and self.false)

    @property
    def mark(self) -> Mark:
        if not self.knowable:
            return "closed"
        if self.both and self.turned:
            return "whole"
        return "part" if self.true or self.false else "none"

    @property
    def said(self) -> str:
        """The mark in words."""
        if not self.knowable:
            return "not published"
        if self.both:
            return "both ways, and alone decisive" if self.turned else "both ways, never decisive"
        return "only true" if self.true else "only false" if self.false else "never"

    def as_json(self, *, names: bool = False) -> dict[str, object]:
        return {
            "path": ".".join(map(str, self.path)),
            "words": self.words,
            "mark": self.said,
            "knowable": self.knowable,
            **_told(names, true=self.true, false=self.false, turned=self.turned),
        }


@dataclass(frozen=True, slots=True)
class RuleCover:
    """One rule: where it surely held, surely failed, and was among what decided."""

    id: str
    home: str  # the law, or the county, whose rule it is
    cite: str
    title: str
    text: str
    pieces: tuple[Piece, ...]
    tests: tuple[TestCover, ...]
    held: Names
    failed: Names
    decided: Names
    decides: bool  # whether a rule of its effect can decide at all

    @property
    def exercised(self) -> bool:
        """A rule without tests cannot fail, so that it held is enough."""
        return bool(self.held and (self.failed or not self.tests))

    @property
    def mark(self) -> Mark:
        return "whole" if self.exercised else "part" if self.held or self.failed else "none"

    @property
    def said(self) -> str:
        if self.exercised:
            return "held and failed" if self.failed else "held, and has no test to fail"
        return "only held" if self.held else "only failed" if self.failed else "never"

    @property
    def by(self) -> int:
        """How many scenarios it surely held or failed in."""
        return len({*self.held, *self.failed})

    def as_json(self, *, names: bool = False) -> dict[str, object]:
        return {
            "id": self.id,
            "home": self.home,
            "cite": self.cite,
            "title": self.title,
            "mark": self.said,
            "exercised": self.exercised,
            "can_decide": self.decides,
            **_told(names, held=self.held, failed=self.failed, decided=self.decided),
            "tests": [test.as_json(names=names) for test in self.tests],
        }


@dataclass(frozen=True, slots=True)
class BaseCover:
    """One base rule, which stands where nothing else does: where it was among what decided."""

    id: str
    home: str
    cite: str
    title: str
    text: str
    decided: Names

    def as_json(self, *, names: bool = False) -> dict[str, object]:
        head = {"id": self.id, "home": self.home, "cite": self.cite, "title": self.title}
        return {**head, **_told(names, decided=self.decided)}


@dataclass(frozen=True, slots=True)
class TermCover:
    """What a county policy says of one act: where it surely bound, and where it decided."""

    policy: str
    county: str
    cite: str
    title: str
    act: str
    pieces: tuple[Piece, ...]
    tests: tuple[TestCover, ...]
    bound: Names
    decided: Names
    decides: bool  # what leaves the act open decides nothing

    @property
    def mark(self) -> Mark:
        whole = self.bound and (self.decided or not self.decides)
        return "whole" if whole else "part" if self.bound or self.decided else "none"

    @property
    def said(self) -> str:
        if self.bound and self.decided:
            return "bound and decided"
        if self.bound:
            return "bound, never decided" if self.decides else "bound, and leaves the act open"
        return "decided, never surely bound" if self.decided else "never"

    def as_json(self, *, names: bool = False) -> dict[str, object]:
        return {
            "act": self.act,
            "words": "".join(piece.text for piece in self.pieces),
            "mark": self.said,
            "can_decide": self.decides,
            **_told(names, bound=self.bound, decided=self.decided),
            "tests": [test.as_json(names=names) for test in self.tests],
        }


@dataclass(frozen=True, slots=True)
class OptionCover:
    """One option of a reading: where it was taken, named or by default, and asked by a rule."""

    reading: str
    question: str
    option: str
    taken: Names
    named: Names

    @property
    def mark(self) -> Mark:
        return "whole" if self.named else "part" if self.taken else "none"

    @property
    def said(self) -> str:
        return "named" if self.named else "only by default" if self.taken else "never"

    def as_json(self) -> dict[str, object]:
        head: dict[str, object] = {"reading": self.reading, "option": self.option}
        return {**head, "mark": self.said, **_told(False, taken=self.taken, named=self.named)}


@dataclass(frozen=True, slots=True)
class DateCover:
    """A day from which something is otherwise, and the scenarios on it and about it."""

    owner: str
    day: date
    of: str  # whose day it is: of the act, of a fact that the case states, of a changed offense
    what: tuple[str, ...]
    on: Names
    eve: Names
    after: Names  # on the day or later, before anything else changes
    before: Names  # before the day, after all else has changed

    @property
    def exercised(self) -> bool:
        return bool(self.on and self.eve)

    @property
    def near(self) -> bool:
        return bool(self.after and self.before)

    @property
    def mark(self) -> Mark:
        if self.exercised:
            return "whole"
        return "part" if self.after or self.before else "none"

    @property
    def said(self) -> str:
        if self.exercised:
            return "on the day and the day before"
        if self.near:
            return "on both sides, not on the day and the day before"
        return "only after" if self.after else "only before" if self.before else "never"

    def as_json(self) -> dict[str, object]:
        return {
            "of": self.of,
            "owner": self.owner,
            "day": self.day.isoformat(),
            "what": list(self.what),
            "mark": self.said,
            "on": len(self.on),
            "day_before": len(self.eve),
            "after": len(self.after),
            "before": len(self.before),
        }


@dataclass(frozen=True, slots=True)
class ListCover:
    """A list of the catalogue: the entries on it and off it that scenarios name."""

    name: str
    on: Ratio
    off: Ratio
    unnamed: Names  # entries of the list that no scenario names

    @property
    def exercised(self) -> bool:
        return self.on.done > 0 and self.off.done > 0

    @property
    def mark(self) -> Mark:
        return "whole" if self.exercised else "part" if self.on.done or self.off.done else "none"

    @property
    def said(self) -> str:
        if self.exercised:
            return "on and off the list"
        return "only on it" if self.on.done else "only off it" if self.off.done else "never"

    def as_json(self) -> dict[str, object]:
        return {
            "list": self.name, "mark": self.said, "on_the_list": self.on.as_json(),
            "off_the_list": self.off.as_json(), "not_named": list(self.unnamed),
        }  # fmt: skip


def _told(names: bool, **sets: Names) -> dict[str, object]:
    """How many scenarios, or which."""
    return {key: list(found) if names else len(found) for key, found in sets.items()}
