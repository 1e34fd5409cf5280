"""Files checked, each by what it is: every fault is told, with file and line."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from models.policy import County, CountyPolicy
from models.scenario import Scenario
from values_act.casecheck import check_case
from values_act.copycheck import CopyCheck
from values_act.decide import Decider
from values_act.errors import ValuesActError
from values_act.faults import Fault, Faults, fault_of
from values_act.filekinds import KINDS, TEXTS, Kind, copy_of, kind_in_copy, kind_of
from values_act.lawcheck import Place, check_county
from values_act.library import Library
from values_act.scenarios import Placed, run
from values_act.yamltext import Document, compose, load_many, name_of, parse, read_text

STDIN, HYPOTHETICAL = Path("-"), "Hypothetical"
_UNKNOWN = f"is none of the files that can be checked: {KINDS}"
_NO_COPY = "is checked as part of a copy of the law, a folder with facts.yaml and laws"


class FileCheck:
    """Checks files: those of a copy of the law within it, others under one copy."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.faults = Faults()
        self._names: dict[str, Placed] = {}

    def check(self, paths: Iterable[Path]) -> None:
        """Check files, each once; what is wrong is added to `faults`."""
        copies: dict[Path, dict[Path, Kind]] = {}
        others: dict[Path, str] = {}
        for path in {path.resolve() if path != STDIN else path: path for path in paths}.values():
            with self.faults.told(path):
                text = read_text(path)
                root = None if path == STDIN else copy_of(path)
                kind = kind_in_copy(root, path) if root else None
                if root is None:
                    others[path] = text
                elif kind is None:
                    self._fault(path, "is no file that a copy of the law is read from")
                else:
                    copies.setdefault(root, {})[path] = kind
        for root, named in copies.items():
            CopyCheck(root, named, self.faults).run()
        for path, text in others.items():
            with self.faults.told(path):
                self._outside(path, text)

    def _fault(self, path: Path, says: str, line: int = 1) -> None:
        self.faults.add(Fault(name_of(path), line, says))

    # ------------------------------------------------------------ outside of a copy of the law
    @cached_property
    def _sound(self) -> bool:
        """Whether the law that other files are checked under can be read itself."""
        try:
            _ = self.library.vocabulary, self.library.laws, self.library.catalogue
        except ValuesActError as error:
            self.faults.add(fault_of(error, self.library.root))
            return False
        return True

    @cached_property
    def _reference(self) -> Decider:
        return Decider(self.library, use_engine=False)

    @cached_property
    def _decider(self) -> Decider:
        return Decider(self.library)

    def _outside(self, path: Path, text: str) -> None:
        if path != STDIN and path.suffix not in TEXTS:
            self._fault(path, _UNKNOWN)
            return
        document = compose(text, name_of(path))
        kind = kind_of(document.data)
        if kind is None:
            self._fault(path, _UNKNOWN)
        elif kind in {"law", "facts", "county"}:
            self._fault(path, _NO_COPY)
        elif self._sound:
            if kind == "policy":
                self._policy(document)
            elif kind == "scenarios":
                self._scenarios(path, document)
            elif kind == "case":
                check_case(document, (), self._reference)
            else:
                for index in range(len(document.data)):
                    with self.faults.told(path):
                        check_case(document, (index,), self._reference)

    def _policy(self, document: Document) -> None:
        policy = parse(CountyPolicy, document)
        county = County(county=HYPOTHETICAL, policies=(policy,))
        place = Place(document.name, lambda path: document.where(path[2:]))
        check_county(county, place, self.library.enacted, self.library.vocabulary)

    # ------------------------------------------------------------ scenarios
    def _scenarios(self, path: Path, document: Document) -> None:
        for index, (scenario, line) in enumerate(load_many(Scenario, document)):
            placed = Placed(scenario, path, line)
            other = self._names.setdefault(scenario.name, placed)
            if other is not placed:
                where = f"{name_of(other.file)}:{other.line}"
                self._fault(path, f"the name `{scenario.name}` is used already at {where}", line)
            with self.faults.told(path):
                self._decide(placed, document, index)

    def _decide(self, placed: Placed, document: Document, index: int) -> None:
        result = run(placed, self._decider)
        if result.decision is None:  # a to-do, or a case that cannot be decided
            check_case(document, (index, "case"), self._reference)
        if result.state == "failed":
            scenario, problems = placed.scenario, "; ".join(result.problems)
            says = f"{scenario.name}: {problems} (source: {scenario.source})"
            self._fault(placed.file, says, placed.line)
