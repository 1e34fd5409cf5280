"""Citations as people write them: code, section, and what stands in each parenthesis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

Point = tuple[str, ...]  # code, section, then what stands in each parenthesis

LONGEST = 200  # characters; a longer text is no citation

_NOISE = re.compile(r"§+|\b(?:former|sections?|secs?|subdivisions?|subds?|paragraphs?|pars?)\b\.?")
_LEAD = re.compile(r"([^/(]*?[a-z.])[\s,:-]*(?=[0-9])")
_SECTION = re.compile(
    r"([0-9]+(?:\.[0-9]+)?)([a-z]*)((?:\((?:[a-z0-9]{1,2}|[ivx]{3,4})\))*)"
    r"((?:[,-] ?(?:\([a-z0-9]{1,2}\))+)*)"
)
_PLAIN_ROW = re.compile(r"([0-9]+(?:\.[0-9]+)?[a-z]*)((?:\((?:[a-z0-9]{1,2}|[ivx]{3,4})\))*)")
_DEG = r"\s+deg(?:ree|\b\.?)"
_DEGREE = re.compile(rf"\(?\s*\b(?:(first|second){_DEG}|(1st|2nd)(?:{_DEG}|(?=\s*\)?\s*$)))\s*\)?")
_LEVEL = re.compile(r"(?<=[0-9)a-z])\s?-\s?[fmi]\s*$")  # `-F`, a court's mark of the grade


class Cite(NamedTuple):
    """A citation: the parts between slashes, each the sections and subdivisions it may be."""

    code: str | None
    text: str
    parts: tuple[tuple[str | None, tuple[Point, ...]], ...]
    words: str

    def under(self, code: str) -> list[tuple[Point, ...]]:
        """Parts as points of their own code, or else of the whole citation's, or else of `code`."""
        return [
            tuple((own or self.code or code, *point) for point in points)
            for own, points in self.parts
        ]


def spelled(text: str) -> str:
    """The spelling of a code without what people vary: case, spaces, points, `&` for and."""
    return re.sub(r"[^a-z0-9&]", "", text.lower()).replace("&", "and")


def clean(text: str) -> str:
    """Lower case, without `section` and its like, without spaces before a parenthesis."""
    text = _NOISE.sub(" ", text.lower().replace("\u2013", "-"))
    text = re.sub(r"\b([a-z])/([a-z])\b", r"\1\2", text)
    return " ".join(re.sub(r"(?<=\w)\s*,\s*(?=\()|\s+(?=\()", "", text).split())


def parse(text: str, spellings: Mapping[str, str], *, of_row: bool = False) -> Cite | None:
    """A citation read, or None. Between numbers a hyphen joins, but in a row it spans sections."""
    if len(text) > LONGEST:
        return None
    if of_row and (plain := _PLAIN_ROW.fullmatch(text)):  # most rows: read at once
        point = (plain[1], *re.findall(r"\w+", plain[2]))
        return Cite(None, text, ((None, (point,)),), "")
    code, whole = _code_first(clean(text if of_row else _plain(text)), spellings)
    joined = whole if of_row else re.sub(r"\s*-\s*(?=[0-9])", "/", whole)
    parts: list[tuple[str | None, tuple[Point, ...]]] = []
    words: list[str] = []
    for piece in joined.split("/"):
        own, bare = _code_first(piece.strip(), spellings)
        if bare.startswith("(") and parts:  # a further subdivision of the section before
            bare = parts[-1][1][-1][0] + bare
        points: list[Point] = []
        for each in re.split(r" or (?=[0-9])", bare):
            span = re.fullmatch(r"([0-9]+)-([0-9]+)", each)
            match = _SECTION.match(each)
            if span:
                points += [(str(number),) for number in range(int(span[1]), int(span[2]) + 1)]
            elif match:
                number, letters, first, more = match.groups()
                last, rest = _code_last(each[match.end() :], spellings)
                glued = next((at for at in range(len(letters)) if letters[at:] in spellings), None)
                if glued is not None:  # the code stands right after its section
                    last, letters = spellings[letters[glued:]], letters[:glued]
                own = own or last
                points += [(number + letters, *inside) for inside in _inside(first, more)]
                words += rest
            else:
                return None
        parts.append((own, tuple(points)))
    code = code or next((own for own, _ in parts if own), None)
    return Cite(code, whole, tuple(parts), " ".join(words))


def _plain(text: str) -> str:
    """Lower case, the degree in one spelling and a mark of the grade left out."""

    def degree(match: re.Match[str]) -> str:
        return f" {match[1] or {'1st': 'first', '2nd': 'second'}[match[2]]} degree"

    return _DEGREE.sub(degree, _LEVEL.sub("", text.lower()))


def _code_first(text: str, spellings: Mapping[str, str]) -> tuple[str | None, str]:
    match = _LEAD.match(text)
    code = spellings.get(spelled(match[1])) if match else None
    return (code, text[match.end() :]) if match and code else (None, text)


def _code_last(text: str, spellings: Mapping[str, str]) -> tuple[str | None, list[str]]:
    words = text.split()
    for at in range(len(words)):
        code = spellings.get(spelled(" ".join(words[at:])))
        if code:
            return code, words[:at]
    return None, words


def _inside(first: str, more: str) -> list[Point]:
    """Subdivisions: `(b)(1)` and `,(3)` are (b)(1), (b)(3); `(a)` and `-(c)` are (a), (b), (c)."""
    points: list[Point] = [tuple(re.findall(r"\w+", first))]
    for mark, text in re.findall(r"([,-]) ?((?:\(\w+\))+)", more):
        last, new = points[-1], tuple(re.findall(r"\w+", text))
        like = [at for at, word in enumerate(last) if word.isdigit() == new[0].isdigit()]
        stem: Point = ()
        if like and len(new) == 1:  # in the place of the last mark of its kind
            stem = last[: like[-1]]
            if mark == "-":
                points += [(*stem, word) for word in _between(last[like[-1]], new[0])]
        points.append((*stem, *new))
    return points


def _between(low: str, high: str) -> list[str]:
    if low.isdigit():
        return [str(number) for number in range(int(low) + 1, int(high))]
    if len(low) == len(high) == 1:
        return [chr(number) for number in range(ord(low) + 1, ord(high))]
    return []


def meet(some: Iterable[Point], others: Iterable[Point]) -> bool:
    """Whether two citations can be of one row: one point is the other's, or lies below it."""
    return any(a[: len(b)] == b[: len(a)] for a in some for b in others)
