"""What scenarios exercise of the law, as data; each set of scenarios is told by their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from values_act.readers.painted import Path, Piece

Names = tuple[str, ...]
Mark = Literal["whole", "part", "none", "closed"]
SIGN: dict[Mark, str] = {"whole": "✔", "part": "◐", "none": "✘", "closed": "–"}


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


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the summary: what is counted, and what is counted beside it."""

    what: str
    how: str
    main: Ratio
    also_how: str = ""
    also: Ratio | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What scenarios exercise of a law, or of everything."""

    law: str | None  # the law that alone is looked at
    digest: str
    homes: tuple[tuple[str, str], ...]  # laws and counties by name, each with its title
    read: int
    todo: int
    failed: tuple[tuple[str, str], ...]  # scenarios not as expected, each with why
    rules: tuple[RuleCover, ...]
    bases: tuple[BaseCover, ...]
    terms: tuple[TermCover, ...]
    options: tuple[OptionCover, ...]
    dates: tuple[DateCover, ...]
    lists: tuple[ListCover, ...]

    @property
    def counted(self) -> int:
        return self.read - self.todo - len(self.failed)

    def tests(self) -> Iterator[TestCover]:
        """Every test that a case can tell, of rules and of policies."""
        for owner in (*self.rules, *self.terms):
            yield from (test for test in owner.tests if test.knowable)

    @property
    def tested(self) -> Ratio:
        return ratio(test.both for test in self.tests())

    def counts(self) -> tuple[Count, ...]:
        """The summary: each kind of thing that scenarios can exercise."""
        policies: dict[str, list[TermCover]] = {}
        for term in self.terms:
            policies.setdefault(term.policy, []).append(term)
        of_policies = policies.values()
        closing = [terms for terms in of_policies if any(term.decides for term in terms)]
        entries = [entry.on for entry in self.lists]
        named = Ratio(sum(entry.done for entry in entries), sum(entry.of for entry in entries))
        return (
            Count("rules", "held and failed", ratio(r.exercised for r in self.rules),
                  "decided", ratio(bool(r.decided) for r in self.rules if r.decides)),
            Count("base rules", "decided", ratio(bool(base.decided) for base in self.bases)),
            Count("tests", "true and false", self.tested,
                  "and turned it alone", ratio(t.mark == "whole" for t in self.tests())),
            Count("reading options", "taken", ratio(bool(o.taken) for o in self.options),
                  "named", ratio(bool(o.named) for o in self.options)),
            Count("dates", "the day and the day before", ratio(d.exercised for d in self.dates),
                  "a day on each side", ratio(d.near for d in self.dates)),
            Count("lists", "on and off", ratio(entry.exercised for entry in self.lists),
                  "entries named", named),
            Count("policies", "bound", ratio(any(t.bound for t in terms) for terms in of_policies),
                  "decided", ratio(any(t.decided for t in terms) for terms in closing)),
            Count("policy terms", "bound", ratio(bool(term.bound) for term in self.terms),
                  "decided", ratio(bool(t.decided) for t in self.terms if t.decides)),
        )  # fmt: skip

    def as_json(self) -> dict[str, object]:
        """Everything but the names of scenarios, of which each rule could have all."""
        totals: dict[str, object] = {}
        for count in self.counts():
            said: dict[str, object] = {"is": count.how, **count.main.as_json()}
            if count.also is not None:
                said["also"] = {"is": count.also_how, **count.also.as_json()}
            totals[count.what.replace(" ", "_")] = said
        policies: dict[str, dict[str, object]] = {}
        for term in self.terms:
            head = {"id": term.policy, "county": term.county, "cite": term.cite}
            entry = policies.setdefault(term.policy, {**head, "terms": []})
            entry["terms"] = [*_listed(entry["terms"]), term.as_json()]
        return {
            "law": self.law,
            "law_digest": self.digest,
            "scenarios": {
                "read": self.read, "as_expected": self.counted, "to_do": self.todo,
                "not_as_expected": [{"name": name, "why": why} for name, why in self.failed],
            },
            "totals": totals,
            "rules": [rule.as_json() for rule in self.rules],
            "base_rules": [base.as_json() for base in self.bases],
            "policies": list(policies.values()),
            "reading_options": [option.as_json() for option in self.options],
            "dates": [entry.as_json() for entry in self.dates],
            "lists": [entry.as_json() for entry in self.lists],
        }  # fmt: skip


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _told(names: bool, **sets: Names) -> dict[str, object]:
    """How many scenarios, or which."""
    return {key: list(found) if names else len(found) for key, found in sets.items()}
