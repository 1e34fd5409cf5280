"""What scenarios exercise, in lines: what is missing, and one rule painted with its marks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from values_act.coverage_dates import ACT, OFFENSE
from values_act.coverage_whole import Coverage
from values_act.covered import (
    SIGN,
    BaseCover,
    DateCover,
    ListCover,
    Mark,
    Names,
    RuleCover,
    TermCover,
    TestCover,
)
from values_act.lines import Line
from values_act.readers.painted import Piece
from values_act.render import WIDTH

FEW = 5  # of what is missing, unless all is asked for
NAMES = 12  # scenarios of one rule that are named
COLUMNS = ["what", "exercised", "of", "if", "also", "of", "if"]
HOW = (
    ("scenario", ("counts if its answer is the one expected; what is unknown in it, or a reading "
     "that it leaves open, exercises nothing.")),
    ("rule", ("is exercised if, live under the readings taken, it surely held in one scenario and "
     "surely failed in another, for the case or for an item. A rule without tests need only hold. "
     "It decided where it is among the ids that decide.")),
    ("test", ("is exercised if it surely came out true in one scenario and false in another. It is "
     "alone decisive where, all other tests as they were, its rule would come out otherwise.")),
    ("reading option", ("is exercised if it was taken, named or by default, where a rule asks for "
     "the reading.")),
    ("date", ("is exercised if scenarios stand on the day from which something is new and on the "
     "day before: by the day of the act, by the date that a test names, or by a date of an "
     "offense whose grade changed. Days that a proposal shares with the law are counted there.")),
    ("list", ("of the catalogue is exercised if scenarios name an entry on it and one off it, by "
     "citations that can mean no other.")),
    ("policy", ("is exercised if it surely bound in some scenario; so is what it says of each act. "
     "What leaves an act open decides nothing.")),
)  # fmt: skip
SIGNS: tuple[tuple[Mark, str], ...] = (
    ("whole", "exercised; a test: both true and false, and alone decisive"),
    ("part", "in part, as said"),
    ("none", "never"),
    ("closed", "not published, so no scenario can tell"),
)


class Part(NamedTuple):
    """Some of what is missing, one line each."""

    title: str
    lines: list[str]


def summary_rows(coverage: Coverage) -> Iterator[tuple[object, ...]]:
    """The summary, a row for each kind of thing, under `COLUMNS`."""
    for count in coverage.counts():
        also = ("", "", "") if count.also is None else (*count.also, count.also_how)
        yield (count.what, *count.main, count.how, *also)


def scenarios_line(coverage: Coverage) -> str:
    """How many scenarios count."""
    said = f"{coverage.read} scenarios, {coverage.counted} as expected"
    said += f", {len(coverage.failed)} not" if coverage.failed else ""
    return said + (f", {coverage.todo} to do (no answer given yet)" if coverage.todo else "")


def last_line(tests: Iterable[TestCover]) -> str:
    told = [test.both for test in tests if test.knowable]
    return f"{sum(told)} of {len(told)} tests exercised"


# ---------------------------------------------------------------- what is missing


def missing_lines(coverage: Coverage, *, all_of_it: bool) -> Iterator[Line]:
    """What no scenario exercises, the first few of each kind or all."""
    for where, why in coverage.failed:
        yield Line(f"NOT AS EXPECTED, so it exercises nothing: {where}", "heading")
        yield Line(f"    {why}")
    for part in missing_parts(coverage, None if all_of_it else FEW):
        if not part.lines:
            continue
        yield Line("")
        yield Line(f"{part.title} ({len(part.lines)})", "heading")
        shown = part.lines if all_of_it else part.lines[:FEW]
        for said in shown:
            yield from _wrapped(f"  {said}")
        if len(shown) < len(part.lines):
            yield Line(f"  and {len(part.lines) - len(shown)} more (--missing)", "faint")


def missing_parts(coverage: Coverage, few: int | None = None) -> Iterator[Part]:
    """What is missing of each kind, all of it; of one date or list no more than a few names."""
    yield Part("Rules not both held and failed", [
        f"{SIGN[r.mark]} {r.id}: {r.title} ({r.said})" for r in coverage.rules if not r.exercised
    ])  # fmt: skip
    yield Part("Rules that can decide and never did", [
        f"{SIGN['none']} {r.id}: {r.title}" for r in coverage.rules if r.decides and not r.decided
    ])  # fmt: skip
    yield Part("Base rules that never decided", [
        f"{SIGN['none']} {base.id}: {base.title}" for base in coverage.bases if not base.decided
    ])  # fmt: skip
    named = [
        *((rule.id, test) for rule in coverage.rules for test in rule.tests),
        *((f"{t.policy} on {t.act}", test) for t in coverage.terms for test in t.tests),
    ]
    yield Part("Tests not both true and false", [
        _test(owner, test) for owner, test in named if test.knowable and not test.both
    ])  # fmt: skip
    yield Part("Tests that never were alone decisive, though true and false", [
        _test(owner, test) for owner, test in named if test.both and not test.turned
    ])  # fmt: skip
    yield Part("Reading options never named", [
        f"{SIGN[o.mark]} {o.reading}: {o.option} ({o.said})"
        for o in coverage.options if not o.named
    ])  # fmt: skip
    yield Part("Dates without a scenario on the day and one on the day before", [
        date_line(entry, few and 1) for entry in coverage.dates if not entry.exercised
    ])  # fmt: skip
    yield Part("Lists, entries never named", [
        list_line(entry, few) for entry in coverage.lists if entry.unnamed or not entry.exercised
    ])  # fmt: skip
    yield Part("What policies say that never bound, or never decided", [
        f"{SIGN[t.mark]} {t.policy} on {t.act}: {t.title} ({t.said})"
        for t in coverage.terms if t.mark != "whole"
    ])  # fmt: skip


def _test(owner: str, test: TestCover) -> str:
    return f"{SIGN[test.mark]} {owner}: {test.words} ({test.said})"


def date_line(entry: DateCover, few: int | None = None) -> str:
    """A day, whose it is, what is new on it, and what of it is exercised."""
    what = some(entry.what, few, "; ")
    return f"{SIGN[entry.mark]} {entry.owner}, {entry.day}, {by(entry)}: {what} ({entry.said})"


def by(entry: DateCover) -> str:
    """Which day of a scenario has to fall on a date."""
    kinds = {ACT: "day of the act", OFFENSE: "a date of the offense"}
    return kinds.get(entry.of, f"fact `{entry.of}`")


def list_line(entry: ListCover, few: int | None = None) -> str:
    """A list, and how many of its entries are named; then those that are not."""
    lacking = f"; not named: {some(entry.unnamed, few, ', ')}" if entry.unnamed else ""
    return (
        f"{SIGN[entry.mark]} {entry.name}: {entry.on.done} of {entry.on.of} on it named, "
        f"{entry.off.done} of {entry.off.of} off it ({entry.said}){lacking}"
    )


def some(names: Sequence[str], few: int | None, joint: str) -> str:
    """The names joined: the first few, and how many more there are."""
    left = 0 if few is None else len(names) - few
    return joint.join(names) if left <= 0 else f"{joint.join(names[:few])}{joint}and {left} more"


def how_lines() -> Iterator[Line]:
    """How everything is counted."""
    yield Line("")
    yield Line("How it is counted", "heading")
    for what, said in HOW:
        yield from _wrapped(f"  A {what} {said}", "faint")


# ---------------------------------------------------------------- one rule, painted

Painted = list[tuple[str, Mark | None]]  # words, and the mark of a test


def painted(cut: Sequence[Piece], tests: Sequence[TestCover]) -> Painted:
    """The words of a rule; each test in brackets with its sign, and in words where it lacks."""
    by_path = {test.path: test for test in tests}
    found: Painted = []
    for piece in cut:
        test = None if piece.path is None else by_path.get(piece.path)
        if test is None:
            found.append((piece.text, None))
        else:
            lacks = "" if test.mark in {"whole", "none"} else f"{test.said}: "
            found.append((f"[{SIGN[test.mark]} {lacks}{piece.text}]", test.mark))
    return found


def rule_head(rule: RuleCover) -> Iterator[Line]:
    yield Line(f"{rule.id}: {rule.title} ({rule.cite})", "heading")
    yield from _wrapped(f"  {rule.text}")
    yield Line(f"  {SIGN[rule.mark]} {rule.said}")


def rule_tail(rule: RuleCover) -> Iterator[Line]:
    yield from _tests(rule.tests)
    yield from _named("Held", rule.held)
    yield from _named("Failed", rule.failed)
    if rule.decides:
        yield from _named("Decided", rule.decided)


def term_head(term: TermCover) -> Iterator[Line]:
    yield Line(f"{term.policy} on {term.act}: {term.title} ({term.cite})", "heading")
    yield Line(f"  {SIGN[term.mark]} {term.said}")


def term_tail(term: TermCover) -> Iterator[Line]:
    yield from _tests(term.tests)
    yield from _named("Bound", term.bound)
    if term.decides:
        yield from _named("Decided", term.decided)


def base_lines(base: BaseCover) -> Iterator[Line]:
    yield Line(f"{base.id}: {base.title} ({base.cite})", "heading")
    yield from _wrapped(f"  {base.text}")
    yield from _named("Decided", base.decided)


def _tests(tests: Iterable[TestCover]) -> Iterator[Line]:
    for index, test in enumerate(tests):
        if not index:
            yield Line("Tests", "heading")
        numbers = f"true in {len(test.true)}, false in {len(test.false)}"
        said = f"{test.said} ({numbers}, alone decisive in {len(test.turned)})"
        yield from _wrapped(f"  {SIGN[test.mark]} {test.words}: {said}")
        if test.turned:
            yield from _wrapped(f"      decisive in: {test.turned[0]}", "faint")


def _named(what: str, names: Names) -> Iterator[Line]:
    yield Line(f"{what} in {len(names)} scenario{'' if len(names) == 1 else 's'}", "heading")
    for name in names[:NAMES]:
        yield from _wrapped(f"  - {name}")
    if len(names) > NAMES:
        yield Line(f"  and {len(names) - NAMES} more (--format json names all)", "faint")


def _wrapped(text: str, style: str = "text") -> Iterator[Line]:
    lead = len(text) - len(text.lstrip()) + 4
    for line in textwrap.wrap(
        text, WIDTH, subsequent_indent=" " * lead, break_long_words=False, break_on_hyphens=False
    ):
        yield Line(line, style)
