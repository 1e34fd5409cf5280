"""One copy of the law: facts, laws, counties and catalogue of a `rules` folder, checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from models.law import FactBook, Law, Reading
from models.policy import County
from values_act import lawcheck, overlay
from values_act.catalogue import Catalogue, Change, changes
from values_act.data import data_folder
from values_act.errors import InputError, LawError, did_you_mean
from values_act.vocabulary import Vocabulary
from values_act.yamltext import compose, parse, read_text

FACTS = "facts.yaml"  # the file that makes a folder a copy of the law


def county_slug(name: str) -> str:
    """A county's file name: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z]+", "-", name.lower()).strip("-")


class Library:
    """A `rules` folder, read on demand; every file is checked when it is first read."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or data_folder("rules")
        if not self.root.is_dir():
            raise InputError(f"{self.root}: no such directory")

    # ------------------------------------------------------------ facts
    @cached_property
    def book(self) -> FactBook:
        """The facts as their file has them."""
        path = self.root / FACTS
        return parse(FactBook, compose(read_text(path), str(path)))

    @cached_property
    def vocabulary(self) -> Vocabulary:
        path = self.root / FACTS
        try:
            vocabulary = Vocabulary(self.book)
        except ValueError as error:
            raise LawError(f"{path}: {error}") from None
        lawcheck.check_facts(vocabulary, str(path))
        return vocabulary

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue.load(self.root / "offenses")

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every dated change of an offense, read without the rest of the catalogue."""
        return tuple(changes(self.root / "offenses"))

    # ------------------------------------------------------------ laws
    @cached_property
    def enacted(self) -> dict[str, Law]:
        """The laws that lie in the folder of laws itself, by name, checked alone and together.

        Folders below it, as that of the proposals, are read only when one of theirs is asked for.
        """
        folder = self.root / "laws"
        if not folder.is_dir():
            raise InputError(f"{folder}: no such directory")
        return self._checked(sorted(folder.glob("*.yaml")), {})

    @cached_property
    def laws(self) -> dict[str, Law]:
        """Every law by name, checked alone and together."""
        own = self.enacted
        below = sorted((self.root / "laws").rglob("*/*.yaml"))
        return self._checked(below, own) if below else own

    @cached_property
    def _places(self) -> dict[str, lawcheck.Place]:
        return {}

    def _checked(self, paths: Iterable[Path], known: Mapping[str, Law]) -> dict[str, Law]:
        found = dict(known)
        for path in paths:
            document = compose(read_text(path), str(path))
            law = parse(Law, document)
            if law.name in found:
                raise LawError(f"{path}: law `{law.name}` is given twice")
            found[law.name] = law
            self._places[law.name] = lawcheck.Place(str(path), document.where)
        lawcheck.check_laws(found, self._places, self.vocabulary)
        return found

    def beside(self, name: str) -> dict[str, Law]:
        """The laws that a law can be made of: without the proposals, unless it is one."""
        return self.enacted if name in self.enacted else self.laws

    def law(self, name: str) -> Law:
        law = self.beside(name).get(name)
        if law is None or law.kind == "definitions":
            names = [key for key, value in self.laws.items() if value.kind != "definitions"]
            raise InputError(
                f"unknown law `{name}`; laws: {', '.join(sorted(names))}{did_you_mean(name, names)}"
            )
        return law

    def parts(self, name: str) -> tuple[Law, ...]:
        """The laws that a law is made of: itself, those it includes, or the law it would change."""
        if name not in self._parts:  # a proposal copies every rule that it keeps
            self._parts[name] = overlay.parts_of(self.law(name), self.beside(name))
        return self._parts[name]

    def encoded(self, name: str) -> frozenset[str] | None:
        """The acts that a law can speak of; None: every one."""
        parts = self.parts(name)
        covered = frozenset(action for part in parts for action in part.covers)
        return covered if covered and all(part.covers for part in parts) else None

    @cached_property
    def _parts(self) -> dict[str, tuple[Law, ...]]:
        return {}

    @cached_property
    def definitions(self) -> tuple[Law, ...]:
        return tuple(law for law in self.enacted.values() if law.kind == "definitions")

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """Every reading by id, those of proposals too."""
        return {reading.id: reading for law in self.laws.values() for reading in law.readings}

    def readings_beside(self, name: str) -> dict[str, Reading]:
        """Readings of the laws that a law can be made of."""
        return self._enacted_readings if name in self.enacted else self.readings

    @cached_property
    def _enacted_readings(self) -> dict[str, Reading]:
        return {reading.id: reading for law in self.enacted.values() for reading in law.readings}

    # ------------------------------------------------------------ counties
    @cached_property
    def county_names(self) -> dict[str, Path]:
        """File of each county by slug."""
        return {path.stem: path for path in sorted((self.root / "counties").glob("*.yaml"))}

    @cached_property
    def _counties(self) -> dict[str, County]:
        return {}

    def county(self, name: str) -> County:
        slug = county_slug(name)
        if slug not in self._counties:
            path = self.county_names.get(slug)
            if path is None:
                titles = [key.replace("-", " ").title() for key in self.county_names]
                raise InputError(
                    f"unknown county `{name}`; California has these {len(titles)}: "
                    f"see `counties list`{did_you_mean(name, titles)}"
                )
            document = compose(read_text(path), str(path))
            county = parse(County, document)
            lawcheck.check_county(
                county, lawcheck.Place(str(path), document.where), self.enacted, self.vocabulary
            )
            self._counties[slug] = county
        return self._counties[slug]

    def find_county(self, name: str) -> County | None:
        """A county already in the folder, or None for a hypothetical one."""
        return self.county(name) if county_slug(name) in self.county_names else None

    def counties(self) -> Iterable[County]:
        return (self.county(slug) for slug in self.county_names)

    # ------------------------------------------------------------ digest
    @cached_property
    def digest(self) -> str:
        """Hash of every file of the folder, in name order: the version of the law."""
        total = hashlib.sha256()
        for path in sorted(self.root.rglob("*")):
            if path.suffix in {".yaml", ".csv"} and path.is_file():
                total.update(path.relative_to(self.root).as_posix().encode())
                total.update(path.read_bytes())
        return total.hexdigest()[:16]
