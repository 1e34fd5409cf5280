"""A copy of the law in memory with one entry changed; it shares all else with the copy on disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from models.law import Base, Fact, FactBook, Law, Never, Reading, Route, Rule
from models.policy import County, CountyPolicy
from values_act import lawcheck, timecheck
from values_act.errors import LawError
from values_act.library import Library, county_slug
from values_act.mutants import Entry, Mutant
from values_act.vocabulary import Vocabulary

T = TypeVar("T")
_FIELDS: dict[type, str] = {Base: "base", Rule: "rules", Route: "routes", Reading: "readings"}


class Variant(Library):
    """A library with one entry changed or taken out; nothing is read or written on disk.

    Every object that the change does not touch is that of the library it varies. A proposal that
    copies what is changed sees the change.

    Args:
        varied: the library it varies.
        mutant: the change.
    """

    def __init__(self, varied: Library, mutant: Mutant) -> None:
        super().__init__(varied.root)
        self.varied = varied
        self.mutant = mutant
        book, vocabulary, laws = varied.book, varied.vocabulary, varied.laws
        counties = {slug: varied.county(slug) for slug in varied.county_names}
        if isinstance(mutant.original, (Fact, Never)):
            book = _book(book, mutant.original, mutant.changed)
            vocabulary = _vocabulary(book)
        elif mutant.law is not None:
            changed = law_with(laws[mutant.law], mutant.original, mutant.changed)
            laws = {**laws, mutant.law: changed}
        else:
            slug = county_slug(mutant.county or "")
            counties[slug] = county_with(counties[slug], mutant.original, mutant.changed)
        self.__dict__ |= {
            "book": book,
            "vocabulary": vocabulary,
            "catalogue": varied.catalogue,
            "laws": laws,
            "enacted": {name: laws[name] for name in varied.enacted},
            "county_names": varied.county_names,
            "_counties": counties,
            "_places": varied._places,
            "digest": varied.digest,
        }

    def parts(self, name: str) -> tuple[Law, ...]:
        """The laws that a law is made of, those of the varied library where none is changed."""
        return super().parts(name) if self.concerns(name) else self.varied.parts(name)

    def concerns(self, name: str) -> bool:
        """Whether a law asked for by name is made of the law that is changed."""
        law = self.laws.get(name)
        if law is None or self.mutant.law in (name, *law.includes):
            return True
        return law.extends is not None and self.concerns(law.extends)

    def check(self) -> None:
        """Refuse what the check of a whole copy of the law would refuse.

        Raises:
            LawError: the first fault, as it would be told of the files.
        """
        mutant = self.mutant
        if isinstance(mutant.original, (Fact, Never)):
            lawcheck.check_facts(self.vocabulary, str(self.root / "facts.yaml"))
            return
        counties: Iterable[County] = self._counties.values()
        if mutant.law is None:
            counties = [self.county(mutant.county or "")]
        else:
            lawcheck.check_laws(self.laws, self._places, self.vocabulary)
        for county in counties:
            place = lawcheck.InCase(county.county, lambda _: (0, 0))
            lawcheck.check_county(county, place, self.enacted, self.vocabulary)

    def check_days(self) -> None:
        """The part of the check that is about days, for a change of nothing else.

        Raises:
            LawError: the first fault.
        """
        composed = {part for law in self.laws.values() for part in law.includes}
        for name, law in self.laws.items():
            if not self.concerns(name):
                continue
            late = timecheck.law_fault(law)
            if not late and law.kind != "definitions" and name not in composed:
                late = timecheck.base_fault(law, self.parts(name), self.laws)
            if late:
                raise self._places[late[0]].fail(*late[1:])


def law_with(law: Law, original: Entry, changed: Entry | None) -> Law:
    """A law with one of its entries, or its own dates, changed."""
    if isinstance(original, Law):
        return changed if isinstance(changed, Law) else law
    name = _FIELDS[type(original)]
    return law.model_copy(update={name: _with(getattr(law, name), original, changed)})


def county_with(county: County, original: Entry, changed: Entry | None) -> County:
    """A county with one of its policies or rules changed."""
    name = "policies" if isinstance(original, CountyPolicy) else "rules"
    return county.model_copy(update={name: _with(getattr(county, name), original, changed)})


def _with(entries: Sequence[T], original: Entry, changed: Entry | None) -> tuple[T | Entry, ...]:
    if not any(entry is original for entry in entries):
        raise ValueError("the change is of another library")
    found = (changed if entry is original else entry for entry in entries)
    return tuple(entry for entry in found if entry is not None)


def _book(book: FactBook, original: Fact | Never, changed: Entry | None) -> FactBook:
    name = "facts" if isinstance(original, Fact) else "never"
    return book.model_copy(update={name: _with(getattr(book, name), original, changed)})


def _vocabulary(book: FactBook) -> Vocabulary:
    try:
        return Vocabulary(book)
    except ValueError as error:
        raise LawError(str(error)) from None
