"""A whole copy of the law checked: every file loads, and the engine carries every program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from models.law import Condition, Subject, Test
from models.policy import County
from values_act.conditions import leaves
from values_act.days import DAY
from values_act.errors import LawError
from values_act.library import Library
from values_act.program import Program, assemble, live, span_starts
from values_act.readers.literals import alternatives
from values_act.readers.rulesets import compile_source, sources


@dataclass(frozen=True, slots=True)
class Span:
    """Days over which the live rules of a law, for an act, do not change."""

    law: str
    action: str
    start: date
    county: County | None = None


def read_everything(library: Library) -> None:
    """Read every file: facts, catalogue, laws and counties.

    Raises:
        ValuesActError: the first fault, with file and line.
    """
    _ = library.vocabulary, library.catalogue, library.laws
    for _county in library.counties():
        pass


def places(library: Library, counties: Iterable[County] | None = None) -> Iterator[Span]:
    """Every law, act and span; and under each composed law, what each county's policies add.

    Of the counties, all are taken if none are given.
    """
    laws = [law for law in library.laws.values() if law.kind != "definitions"]
    for law in laws:
        for start in _starts(span_starts(library, law.name)):
            for action in library.vocabulary.actions:
                yield Span(law.name, action, start)
    composed = [law for law in laws if law.includes] or laws
    for county in library.counties() if counties is None else counties:
        actions = dict.fromkeys(act for policy in county.policies for act in policy.actions)
        for law in composed if actions else ():
            for start in _starts(span_starts(library, law.name, county)):
                for action in actions:
                    yield Span(law.name, action, start, county)


def _starts(found: set[date]) -> list[date]:
    """First days of all spans, one before the first change among them."""
    days = sorted(found) or [date(2018, 1, 1)]
    return [*([days[0] - DAY] if days[0] > date.min else []), *days]


class Checker:
    """Compiles the programs of spans as the engine would load them, what they share once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._done: dict[tuple[object, ...], object] = {}  # keys go by identity, so all is kept

    def check(self, span: Span) -> bool:
        """Compile the program of a span.

        Returns:
            True, so that spans can be counted.

        Raises:
            LawError: the engine cannot carry it safely.
        """
        found = live(self.library, span.law, span.start, span.action, span.county)
        terms = (local.term for local in found.local if local.term.when is not None)
        key = (*found.routes, *(id(part) for part in (*found.rules.values(), *terms)))
        if key in self._done:
            return True
        program = assemble(self.library, span.law, span.action, found)
        for source in sources(program):
            if source.key not in self._done:
                try:
                    compile_source(source, "check", lambda key: key)
                except LawError as error:
                    raise LawError(f"{_culprit(self.library, span, program)}: {error}") from None
                self._done[source.key] = source
        self._done[key] = found
        return True


def _culprit(library: Library, span: Span, program: Program) -> str:
    """Which rule or policy the engine cannot carry, with its file and line; else which span."""
    where = f"law `{span.law}`, action `{span.action}`, from {span.start}"
    if span.county is not None:
        where += f", {span.county.county} County"
    for rule in program.rules.values():
        if not all(_carried(program, subject, rule.when) for subject in rule.subject):
            return f"{_line_of(library, rule.id)}rule `{rule.id}`, {where}"
    for local in program.local:
        if not _carried(program, "case", local.term.when):
            return f"{_line_of(library, local.policy.id)}policy `{local.policy.id}`, {where}"
    return where


def _carried(program: Program, subject: Subject, condition: Condition | None) -> bool:
    tests = [leaf for leaf in leaves(condition) if isinstance(leaf, Test)]
    facts = program.vocabulary.facts
    numeric = {t.fact: facts[subject, t.fact].type in {"number", "date"} for t in tests}
    try:
        for sure in (True, False):
            alternatives(condition, numeric, sure=sure)
    except LawError:
        return False
    return True


def _line_of(library: Library, name: str) -> str:
    """`file:line: ` of the rule or policy with an id."""
    pattern = re.compile(rf"\s*-?\s*\{{?\s*id:\s*[\"']?{re.escape(name)}[\"']?\s*(?:[,#}}].*)?")
    for folder in ("laws", "counties"):
        for path in sorted((library.root / folder).rglob("*.yaml")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if pattern.fullmatch(line):
                    return f"{path}:{number}: "
    return ""
