"""Files of one copy of the law checked: each by itself, with what it names, and what names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from models.base import Model
from models.law import Law
from models.policy import County
from values_act.errors import LawError
from values_act.faults import Faults, fault_of
from values_act.filekinds import COUNTIES, FACTS, LAWS, Kind
from values_act.lawcheck import Place, check_county, law_faults
from values_act.library import Library
from values_act.tablecheck import check_table
from values_act.tables import read_table
from values_act.vocabulary import Vocabulary
from values_act.wholecheck import Checker, Span, places
from values_act.yamltext import compose, parse, read_text

M = TypeVar("M", bound=Model)


class CopyCheck:
    """The check of some files of a copy; faults go where all faults are gathered.

    Where a file by itself is broken, others that name what it holds are checked by themselves
    only, so that one fault is not told as many.
    """

    def __init__(self, root: Path, named: Mapping[Path, Kind], faults: Faults) -> None:
        self.root, self.named, self.faults = root, named, faults
        self._laws: dict[str, Law] = {}
        self._enacted: dict[str, Law] = {}
        self._places: dict[str, Place] = {}
        self._counties: dict[Path, County] = {}

    def run(self) -> None:
        before = len(self.faults)
        vocabulary = self._vocabulary()
        for path in self._of_kind("table"):
            with self.faults.told(path):
                if vocabulary is None:
                    list(read_table(path))
                else:
                    check_table(path, vocabulary)
        if set(self.named.values()) == {"table"}:
            return
        self._read_laws()
        together = vocabulary if len(self.faults) == before else None
        if together is not None:
            self._check_laws(together)
        self._check_counties(together if len(self.faults) == before else None)
        if len(self.faults) == before:
            self._compile()

    def _of_kind(self, kind: Kind) -> list[Path]:
        return [path for path, is_a in self.named.items() if is_a == kind]

    def _vocabulary(self) -> Vocabulary | None:
        path = self.root / FACTS
        with self.faults.told(path):
            document = compose(read_text(path), str(path))
            with self.faults.told(path, document):
                return Library(self.root).vocabulary
        return None

    # ------------------------------------------------------------ laws
    def _read_laws(self) -> None:
        folder = self.root / LAWS
        for path in [*sorted(folder.glob("*.yaml")), *sorted(folder.rglob("*/*.yaml"))]:
            with self.faults.told(path):
                law, place = _read(Law, path)
                if law.name in self._laws:
                    other = self._places[law.name].file
                    raise place.fail(("name",), f"law `{law.name}` is given already in {other}")
                self._laws[law.name], self._places[law.name] = law, place
                if path.parent == folder:
                    self._enacted[law.name] = law

    def _check_laws(self, vocabulary: Vocabulary) -> None:
        """Enacted laws without the others, as they are read; all others once those are sound."""
        found = list(law_faults(self._enacted, self._places, vocabulary))
        for fault in found or law_faults(self._laws, self._places, vocabulary):
            with self.faults.told(self.root):
                raise fault

    # ------------------------------------------------------------ counties
    def _check_counties(self, vocabulary: Vocabulary | None) -> None:
        """Those named; every county, where what they name may have changed."""
        changed = self._of_kind("facts") or self._of_kind("law")
        every = sorted((self.root / COUNTIES).glob("*.yaml")) if changed and vocabulary else []
        for path in every or self._of_kind("county"):
            with self.faults.told(path):
                county, place = _read(County, path)
                if vocabulary is not None:
                    check_county(county, place, self._enacted, vocabulary)
                self._counties[path] = county

    # ------------------------------------------------------------ programs
    def _compile(self) -> None:
        """Compile what the named files are part of; of each rule or policy, one fault is told."""
        library = Library(self.root)
        checker, told = Checker(library), set[tuple[str, int]]()
        for span in self._spans(library):
            try:
                checker.check(span)
            except LawError as error:
                fault = fault_of(error, self.root)
                if (fault.file, fault.line) not in told:
                    told.add((fault.file, fault.line))
                    self.faults.add(fault)

    def _spans(self, library: Library) -> Iterator[Span]:
        """Spans of days under a law or a county that a named file is part of."""
        files = {path.resolve() for path in self.named}
        mine = {
            law.name
            for law in self._laws.values()
            if self._of_kind("facts") or Path(self._places[law.name].file).resolve() in files
        }
        every = any(self._laws[name].kind == "definitions" for name in mine)
        counties = {c.county for path, c in self._counties.items() if path.resolve() in files}
        for span in places(library, self._counties.values()):
            here = span.county is not None and span.county.county in counties
            if every or here or mine & {part.name for part in library.parts(span.law)}:
                yield span


def _read(model: type[M], path: Path) -> tuple[M, Place]:
    document = compose(read_text(path), str(path))
    return parse(model, document), Place(str(path), document.where)
