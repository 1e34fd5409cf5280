"""A whole copy of the law checked: every file loads, and the engine carries every program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.policy import County
from values_act.errors import LawError
from values_act.library import Library
from values_act.program import build, span_starts
from values_act.readers.rulesets import compile_program


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


def places(library: Library) -> Iterator[Span]:
    """Every law, act and span; and under each composed law, what each county's policies add."""
    laws = [law for law in library.laws.values() if law.kind != "definitions"]
    for law in laws:
        for start in _starts(span_starts(library, law.name)):
            for action in library.vocabulary.actions:
                yield Span(law.name, action, start)
    composed = [law for law in laws if law.includes] or laws
    for county in library.counties():
        actions = dict.fromkeys(act for policy in county.policies for act in policy.actions)
        for law in composed if actions else ():
            for start in _starts(span_starts(library, law.name, county)):
                for action in actions:
                    yield Span(law.name, action, start, county)


def _starts(found: set[date]) -> list[date]:
    """First days of all spans, one before the first change among them."""
    days = sorted(found) or [date(2018, 1, 1)]
    return [days[0] - timedelta(days=1), *days]


def check(library: Library, span: Span) -> bool:
    """Compile the program of a span as the engine would load it.

    Returns:
        True, so that spans can be counted.

    Raises:
        LawError: the engine cannot carry it safely.
    """
    program = build(library, span.law, span.start, span.action, span.county)
    try:
        compile_program(program, "check", lambda key: key)
    except LawError as error:
        file = library.root / "laws"
        where = f"law `{span.law}`, action `{span.action}`, from {span.start}"
        if span.county is not None:
            where += f", {span.county.county} County"
        raise LawError(f"{file}: {where}: {error}") from None
    return True
