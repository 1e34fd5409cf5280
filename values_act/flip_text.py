"""Flips as text: the outcome now, then the ways to each other outcome, smallest first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from models.decision import Decision
from models.flips import Flips, FlipView
from models.law import Outcome
from values_act.lines import Line
from values_act.readers.words import MEANING, OUTCOME
from values_act.render import WIDTH, status_lines

KEPT = "the act, the day, the county and its policies, the law and the readings taken"


def head_lines(decision: Decision, action: str) -> Iterator[Line]:
    """What is asked, and the outcome now; `action` is the act in words."""
    yield Line(f"{OUTCOME[decision.outcome]}: {MEANING[decision.outcome]}", decision.outcome)
    yield from status_lines(decision)
    if decision.title:
        yield Line(decision.title)
    yield from wrapped(f"Act: {decision.action} ({action})", "", "    ")
    where = f" of {decision.county} County" if decision.county else ", no county named"
    agency = f"{decision.agency.replace('_', ' ') or 'agency'}{where}"
    yield Line(f"{agency}, {decision.as_of}, law: {decision.law}")


def outcome_lines(
    outcome: Outcome, shown: Sequence[FlipView], found: int, *, more: bool
) -> Iterator[Line]:
    """The ways to one outcome, numbered; `found` counts those not shown, not all if `more`."""
    ways = "1 way" if found == 1 else f"{found} ways"
    ways = f"more than {ways}" if more else ways
    yield Line("")
    yield Line(f"{OUTCOME[outcome]} in {ways} ({MEANING[outcome]})", outcome)
    width = len(str(len(shown)))
    for number, one in enumerate(shown, 1):
        lead = f"  {number:>{width}}. "
        yield from wrapped(one.sentence, lead, " " * len(lead))
        indent = " " * (len(lead) + 2)
        yield from wrapped(f"by {one.cite} [{one.rule}]", indent, f"{indent}  ", "faint")
    rest = found - len(shown)
    if more:
        narrow = "`--limit` shows more, `--only FACT` narrows them"
        yield Line(f"  and more than {rest} more; {narrow}" if rest else f"  {narrow}", "faint")
    elif rest:
        yield Line(f"  and {rest} more; `--limit {found}` shows all, `--format json` too", "faint")


def foot_lines(told: Flips, only: Iterable[str]) -> Iterator[Line]:
    """What was kept as it is, and the notice."""
    names = ", ".join(only)
    yield Line("")
    yield Line("Kept as it is", "heading")
    yield from wrapped(KEPT, "  - ", "    ")
    if names:
        yield from wrapped(f"every fact but {names}", "  - ", "    ")
    for kept in told.kept:
        where = "" if kept.item == "case" else f" ({kept.item})"
        yield from wrapped(f"{kept.words}{where}", "  - ", "    ")
    yield Line("")
    yield from wrapped(f"law {told.law}, rules {told.law_digest}; each changed case was decided",
                       "", "    ", "faint")  # fmt: skip
    yield Line(told.notice, "faint")


def none_lines(to: Outcome | None, only: Iterable[str]) -> Iterator[Line]:
    """That nothing was found."""
    names = ", ".join(only)
    what = f"of {names} alone" if names else "of the facts"
    other = f"the outcome {to.replace('_', ' ')}" if to else "another outcome"
    yield Line("")
    yield from wrapped(f"No change {what} was found that gives {other}.", "", "    ")


def wrapped(text: str, lead: str, indent: str, style: str = "text") -> Iterator[Line]:
    """A text in lines of the screen's width, the first after `lead`."""
    for line in textwrap.wrap(
        text, WIDTH, initial_indent=lead, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    ):  # fmt: skip
        yield Line(line, style)
