"""The catalogue of offenses: from a citation, as people write it, to the rows it may mean."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

from values_act.citation import LONGEST, Cite, Point, clean, meet, parse, spelled
from values_act.errors import LawError
from values_act.tables import Row, read_table, told_at

OFFENSES, FEDERAL = "offenses.csv", "federal.csv"  # the tables whose rows are entries
CODES, PREFIXES, ENHANCEMENTS = "codes.csv", "prefixes.csv", "enhancements.csv"
TABLES = frozenset({OFFENSES, FEDERAL, CODES, PREFIXES, ENHANCEMENTS})  # all that is read here
Fact = bool | str | tuple[str, ...]

_CONFIDENCE = {  # column, without `_confidence` -> the facts it is about
    "offense_grade": ("offense_grade", "wobbler"),
    "serious": ("serious", "serious_when"),
    "violent": ("violent", "violent_when"),
    "list_a3": ("listing", "felony_only", "dui"),
    "sex_registrable": ("sex_registrable",),
    "arson_registrable": ("arson_registrable",),
    "prop47": ("prop47", "prop47_when", "prop47_law"),
}
_FACTS = (*(name for names in _CONFIDENCE.values() for name in names), "assault")
_SURE = tuple(f"{column}_confidence" for column in _CONFIDENCE)
_COLUMNS = ("code", "section", "title", "former", "also_cited", *_FACTS, *_SURE)
_FEDERAL = ("section", "description", "letter", "when", "conspiracy", "confidence")
_LISTS = frozenset({"serious_when", "violent_when"})
_YES_NO = frozenset({"wobbler", "dui", "assault"})
_FOLLOWS = "varies"  # the grade of what is punished as its object is
_KEPT = 4096  # answers kept
_NEAR = 5  # suggestions of one kind
_WORD = r"[a-z0-9$.]+"
_GLUED = re.compile(r"(?<![\w.])([0-9]+(?:\.[0-9]+)?)([a-zA-Z])([0-9]{1,2})(?![\w.])")
_JOINT = re.compile(r"\s*(?:[+;]|,(?!\s*\()|&(?=\s*\d)|w/|\b(?:with|and|plus)\b)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row; a fact that the row leaves open is absent from `facts`.

    `confidence` gives the word of the confidence column of a fact; `row` is the row as it stands.
    """

    code: str
    section: str
    title: str
    facts: Mapping[str, Fact]
    confidence: Mapping[str, str]
    row: Row

    @property
    def cite(self) -> str:
        return f"{self.code} {self.section}"

    def without(self, *names: str) -> Entry:
        """The same row with some facts left open."""
        return replace(self, facts={k: v for k, v in self.facts.items() if k not in names})


@dataclass(frozen=True, slots=True)
class Match:
    """What a citation may mean; without entries it is not in the catalogue.

    Where `attempt`, `conspiracy` or `solicitation` is true, entries are of the crime's *object*.
    An attempt that has a row of its own is that row, which speaks for itself: the flag is false.
    `jurisdiction` is the codes' own (`california`, `federal`), None where they differ.
    `enhancements` says of each section that is one, and no offense, how to state it.
    """

    entries: tuple[Entry, ...]
    attempt: bool
    conspiracy: bool
    solicitation: bool
    asked: str
    suggestions: tuple[str, ...] = ()
    jurisdiction: str | None = None
    enhancements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that a row tells from a day on.

    `before` is what it was until then, where the row says so; `cite` is what changed it.
    """

    entry: Entry
    fact: str
    since: date
    before: str | None
    cite: str


class Catalogue:
    """All rows by code and section.

    Look-up is by prefix at each parenthesis, both ways: a shorter citation ranges over the rows
    below it, a longer one falls to the row above it. Parts joined by a slash must fit one row.
    """

    def __init__(self, codes: Iterable[Row]) -> None:
        self._spellings: dict[str, str] = {}
        self._codes: dict[str, str] = {}  # code -> its jurisdiction
        for row in codes:
            self._spellings[spelled(row["spelling"])] = row["code"]
            self._codes[row["code"]] = row["jurisdiction"]
        self._prefixes: dict[str, tuple[str, str]] = {}  # section -> its code, the fact it tells
        self._rows: list[tuple[str, str, str, Row]] = []  # code, section, title
        self._variants: list[set[str]] = []  # words that follow the section, "" where none do
        self._exact: dict[tuple[str, str], int] = {}
        self._printed: dict[str, tuple[int, Point]] = {}  # rows of a plain section, as we print it
        self._at: dict[Point, list[int]] = {}  # rows that stand exactly there
        self._below: dict[Point, list[int]] = {}  # rows that stand there or below
        self._own: list[tuple[int, tuple[Point, ...], tuple[Point, ...]]] = []  # row, head, object
        self._enhancements: list[tuple[Point, str]] = []
        self._entry = cache(lambda number: entry_of(*self._rows[number]))
        self._found = lru_cache(_KEPT)(self._find)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Read the tables of a folder.

        Raises:
            LawError: a table is missing or broken, or holds one offense twice.
        """
        codes = read_table(folder / CODES, "spelling", "code", "jurisdiction")
        made = cls(row for _, row in codes)
        for _, row in read_table(folder / PREFIXES, "section", "code", "fact"):
            made._prefixes[row["section"]] = (row["code"], row["fact"])
        for line, row in read_table(folder / OFFENSES, *_COLUMNS):
            names = (row["section"], row["former"], row["also_cited"])
            with told_at(folder / OFFENSES, line):
                made._add(row["code"], names, row["title"], row)
        for line, row in read_table(folder / FEDERAL, *_FEDERAL):
            title, code, section = (*row["section"].split(" ", 2), "", "")[:3]
            with told_at(folder / FEDERAL, line):
                made._add(f"{title} {code}", (section,), row["description"], row)
        for _, row in read_table(folder / ENHANCEMENTS, "section", "description", "finding"):
            cite = parse(row["section"], made._spellings)
            says = f"{row['section']} ({row['description']}) is an enhancement, not an offense"
            if row["finding"]:
                words = " or ".join(row["finding"].split())
                says += f": name the offense, and put {words} in its findings"
            for points in cite.under("") if cite else ():
                made._enhancements += [(point, says) for point in points]
        return made

    def _add(self, code: str, names: tuple[str, ...], title: str, row: Row) -> None:
        number = len(self._rows)
        self._rows.append((code, names[0], title, row))
        self._variants.append(set())
        for text in (names[0], *filter(None, names[1:])):
            cite = parse(text, {}, of_row=True)
            if cite is None:
                raise LawError(f"the catalogue's `{code} {text}` is not a section")
            if text == names[0] and self._exact.setdefault((code, cite.text), number) != number:
                raise LawError(f"the catalogue holds `{code} {text}` twice")
            self._variants[number].add(cite.words)
            if (
                text == names[0]
                and not cite.words
                and len(cite.parts) == len(cite.parts[0][1]) == 1
            ):
                self._printed[f"{code} {text}"] = (number, (code, *cite.parts[0][1][0]))
            parts = cite.under(code)
            if len(parts) > 1 and self._prefixes.get(parts[0][0][1], ("",))[0] == code:
                self._own.append((number, parts[0], tuple(p for part in parts[1:] for p in part)))
                parts = parts[:1]  # an attempt is no variant of its object
            for point in {point for part in parts for point in part}:
                self._at.setdefault(point, []).append(number)
                for depth in range(2, len(point) + 1):
                    rows = self._below.setdefault(point[:depth], [])
                    if rows[-1:] != [number]:
                        rows.append(number)

    def find(self, text: str) -> Match:
        """Every row that a citation may mean; a section without a code is sought in all codes."""
        return self._found(text)

    def _find(self, text: str) -> Match:
        return self._at_once(text) or self._parsed(text)

    def _at_once(self, text: str) -> Match | None:
        """What a citation as the catalogue prints it means, if it can only mean its own row."""
        number, point = self._printed.get(text, (-1, ()))
        if self._below.get(point) != [number] or point[1] in self._prefixes:
            return None
        home = self._codes.get(point[0])
        return Match((self._entry(number),), False, False, False, text, (), home)

    def _parsed(self, text: str) -> Match:
        cite = parse(self._spread(self._prefixed(text)), self._spellings)
        if cite is None:
            return Match((), False, False, False, text, enhancements=self._joined(text))
        sought = self._sought(cite)
        hits = [self._resolve(cite, code) for code in sought]
        hits = [hit for hit in hits if hit[0]] or hits
        rows = sorted(set[int]().union(*(found for found, _ in hits)))
        told = set[str]().union(*(facts for _, facts in hits))
        flags = ("attempt" in told, "conspiracy" in told, "solicitation" in told)
        more = tuple(dict.fromkeys((*self._joined(text), *self._enhancing(cite, bool(rows)))))
        near = self._suggestions(cite, bool(rows), more)
        homes = {self._codes.get(code) for code in [self._rows[n][0] for n in rows] or sought}
        home = homes.pop() if len(homes) == 1 else None
        return Match(tuple(map(self._entry, rows)), *flags, text, near, home, more)

    def _prefixed(self, text: str) -> str:
        """`attempted PC 211` as the joined citation that says the same."""
        for section, (_, fact) in self._prefixes.items():
            told = re.match(rf"\s*{fact}(?:ed)?(?: to commit| of)?:?\s+(?=.*[0-9])", text, re.I)
            if told:
                return f"{section}/{text[told.end() :]}"
        return text

    def _spread(self, text: str) -> str:
        """`245a1` as `245(a)(1)`, where no section is 245a and some row has the subdivision."""

        def spread(glued: re.Match[str]) -> str:
            number, letter, digits = glued[1], glued[2].lower(), glued[3]
            mine = any((code, number, letter) in self._below for code in self._codes)
            other = any((code, number + letter) in self._below for code in self._codes)
            return f"{number}({letter})({digits})" if mine and not other else glued[0]

        return _GLUED.sub(spread, text)

    def _sought(self, cite: Cite) -> Iterable[str]:
        return (cite.code,) if cite.code else self._codes

    def _resolve(self, cite: Cite, code: str) -> tuple[set[int], set[str]]:
        """Rows of one code, and what the citation tells beside them."""
        exact = self._exact.get((code, cite.text), -1)
        if exact >= 0 and ("" not in self._variants[exact] or self._rows[exact][-1].get("letter")):
            return {exact}, set()  # a letter names the section whole, its conspiracy apart
        heads: list[tuple[tuple[Point, ...], str]] = []
        rest: list[tuple[Point, ...]] = []
        for points in cite.under(code):
            home, fact = self._prefixes.get(points[0][1], ("", ""))
            if fact and (points[0][0] == home or not self._known(points)):
                heads.append((tuple((home, *point[1:]) for point in points), fact))
            elif not rest or self._known(points):  # a later section that no row has says nothing
                rest.append(points)
        if not rest:
            rest.append(heads.pop()[0])
        told = {fact for _, fact in heads}
        objects = self._worded(set.intersection(*map(self._at_or_near, rest)), cite.words)
        if len(heads) != 1:
            return objects, told
        ((points, _),) = heads
        rows = self._at_or_near(points)
        grades = {self._rows[row][-1].get("offense_grade") for row in rows}
        worded = any("" not in self._variants[row] for row in rows)
        if points[0][2:] and grades and _FOLLOWS not in grades and not worded:
            return rows, set()  # with a grade of its own, it is not punished as its object
        own = {
            row
            for row, head, aim in self._own
            if meet(points, head) and all(meet(part, aim) for part in rest)
        }
        whole = {row for row in own if "" in self._variants[row]}
        if whole and (objects or not cite.words):
            return whole, set()
        if cite.words and (variants := self._worded(own, cite.words)):
            return variants, set()
        return objects | (set() if cite.words else own), told

    def _at_or_near(self, points: Iterable[Point]) -> set[int]:
        """Rows at a point or below it; where there are none, those at the nearest point above."""
        found: set[int] = set()
        for point in points:
            above = (self._at.get(point[:depth]) for depth in range(len(point) - 1, 1, -1))
            found.update(self._below.get(point) or next(filter(None, above), ()))
        return found

    def _known(self, points: Iterable[Point]) -> bool:
        return any(point[:2] in self._below for point in points)

    def _worded(self, rows: set[int], words: str) -> set[int]:
        return {row for row in rows if words in self._variants[row]} if words else rows

    def _enhancing(self, cite: Cite, found: bool) -> list[str]:
        """The enhancements that a citation names; a section of an offense found is none."""
        asked = self._asked(cite)
        unknown = [point for point in asked if not (found and self._known([point]))]
        return [says for point in unknown for at, says in self._enhancements if meet([point], [at])]

    def _joined(self, text: str) -> tuple[str, ...]:
        """The enhancements written beside an offense, after a plus, a comma or `with`."""
        pieces = [piece for piece in _JOINT.split(text[:LONGEST]) if re.search(r"\d", piece)]
        cites = [parse(piece, self._spellings) for piece in pieces[1:]]
        return tuple(says for cite in cites if cite for says in self._enhancing(cite, found=False))

    def _asked(self, cite: Cite) -> list[Point]:
        return [p for code in self._sought(cite) for part in cite.under(code) for p in part]

    def _suggestions(self, cite: Cite, found: bool, enhancing: Iterable[str]) -> tuple[str, ...]:
        """Enhancements named and, where nothing was found, what may have been meant."""
        asked = self._asked(cite)
        near = list(enhancing)
        places = [] if found else [point[:2] for point in asked if self._known([point])]
        if not (found or near or places or cite.words):
            bases = sorted({point[1] for point in asked})
            places = [(code, base) for code in self._codes for base in bases]
            if not self._known(places):
                known = sorted({b for code, b, *_ in self._below if code in self._sought(cite)})
                like = [
                    b for base in bases for b in difflib.get_close_matches(base, known, 3, 0.75)
                ]
                places = [(code, base) for code in self._sought(cite) for base in like]
        for place in places:
            near += [self._entry(row).cite for row in self._below.get(place, [])[:_NEAR]]
        return tuple(dict.fromkeys(near))[: 2 * _NEAR]

    def rows(self, jurisdiction: str) -> Iterator[Entry]:
        """Every row of the codes of a jurisdiction, in the order of the catalogue."""
        rows = enumerate(code for code, *_ in self._rows)
        return (self._entry(n) for n, code in rows if self._codes.get(code) == jurisdiction)

    def search(self, words: str, limit: int = 20) -> list[Entry]:
        """At most so many rows of a section, or with words in the title that begin with these."""
        cite = parse(words, self._spellings)
        wanted = re.findall(_WORD, words.lower()[:LONGEST])
        start = cite.parts[0][1][0] if cite else ("",)
        begin = start[0] + "".join(f"({word})" for word in start[1:])

        def wants(code: str, section: str, title: str) -> bool:
            if cite:
                pieces = clean(section).split("/")
                return code in self._sought(cite) and any(p.startswith(begin) for p in pieces)
            has = re.findall(_WORD, title.lower())
            return all(any(word.startswith(want) for word in has) for want in wanted)

        rows = (n for n, (*names, _) in enumerate(self._rows) if wanted and wants(*names))
        return [self._entry(number) for number in islice(rows, limit)]


def changes(folder: Path) -> Iterator[Change]:
    """Every dated change that the rows of a folder's offenses tell, in the order of the rows.

    Raises:
        LawError: the table is missing or broken.
    """
    path = folder / OFFENSES
    for number, row in read_table(path, *_COLUMNS):
        told = {fact: row.get(f"listed_since_{fact}") for fact in _FACTS}
        told["offense_grade"] = row.get("changed_on")
        for fact, since in told.items():
            if since:
                grade = fact == "offense_grade"
                before = row["grade_before"] if grade else None
                cite = row["changed_by"] if grade else row[f"{fact}_note"]
                try:
                    day = date.fromisoformat(since)
                except ValueError:
                    raise LawError(f"{path}:{number}: `{since}` is not a day") from None
                entry = entry_of(row["code"], row["section"], row["title"], row)
                yield Change(entry, fact, day, before, cite)


def entry_of(code: str, section: str, title: str, row: Row) -> Entry:
    """What a row of the offenses, or of the federal sections, says."""
    if "letter" in row:
        named = {"aggravated_felony": row["letter"], "aggravated_when": row["when"]}
        told: dict[str, Fact] = {name: word for name, word in named.items() if word}
        if row["conspiracy"]:
            told["own_conspiracy"] = row["conspiracy"] == "yes"
        return Entry(code, section, title, told, dict.fromkeys(told, row["confidence"]), row)
    left_open = {"offense_grade", "wobbler"} if row["offense_grade"] == _FOLLOWS else set()
    left_open |= set() if row["listing"] else {"listing"}
    facts = {name: _fact(name, row[name]) for name in _FACTS if name not in left_open}
    confidence = {
        name: row[f"{column}_confidence"]
        for column, names in _CONFIDENCE.items()
        for name in names
        if name in facts
    }
    return Entry(code, section, title, facts, confidence, row)


def _fact(name: str, cell: str) -> Fact:
    if name in _LISTS:
        return tuple(cell.split())
    return cell == "yes" if name in _YES_NO else cell or "none"
