"""What scenarios exercise, as one page: every rule's own words, painted. It loads nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from values_act.coverage_style import STYLE
from values_act.coverage_text import (
    COLUMNS,
    HOW,
    SIGNS,
    by,
    last_line,
    scenarios_line,
    some,
    summary_rows,
)
from values_act.coverage_whole import Coverage
from values_act.covered import (
    SIGN,
    BaseCover,
    Names,
    RuleCover,
    TermCover,
    TestCover,
)
from values_act.readers.painted import Piece
from values_act.readers.words import NOTICE

NAMES = 8  # scenarios named for one set of a rule


def page(coverage: Coverage) -> str:
    """The page, as HTML that stands alone."""
    what = f"law {coverage.law}" if coverage.law else "the rules"
    title = escape(f"Coverage of {what} by scenarios")
    told = f"{scenarios_line(coverage)}. {last_line(coverage.tests())}. Rules {coverage.digest}."
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{STYLE}</style></head>",
            '<body><a class="skip" href="#main">Skip to the content</a>',
            f"<header><h1>{title}</h1>",
            f"<p>{escape(told)}</p>",
            f"<p>{escape(NOTICE)}</p></header>",
            '<main id="main" tabindex="-1">',
            *_summary(coverage),
            *_failed(coverage),
            *_how(),
            *_homes(coverage),
            *_options(coverage),
            *_dates(coverage),
            *_lists(coverage),
            "</main></body></html>\n",
        ]
    )


# ---------------------------------------------------------------- the summary


def _summary(coverage: Coverage) -> Iterator[str]:
    yield '<section aria-labelledby="summary"><h2 id="summary">Summary</h2>'
    yield from _table(COLUMNS, summary_rows(coverage), "How much is exercised")
    yield '<h3>Signs</h3><ul class="signs">'
    for mark, said in SIGNS:
        yield f'<li><mark class="{mark}">{SIGN[mark]}</mark> {escape(said)}</li>'
    yield "</ul></section>"


def _failed(coverage: Coverage) -> Iterator[str]:
    if coverage.failed:
        yield "<section><h2>Not as expected, so they exercise nothing</h2><ul>"
        for where, why in coverage.failed:
            yield f"<li>{escape(where)}: {escape(why)}</li>"
        yield "</ul></section>"


def _how() -> Iterator[str]:
    yield "<details><summary><h2>How it is counted</h2></summary><dl>"
    for what, said in HOW:
        yield f"<dt>{escape(what)}</dt><dd>{escape(said)}</dd>"
    yield "</dl></details>"


def _table(columns: Iterable[str], rows: Iterable[Iterable[object]], caption: str) -> Iterator[str]:
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
    yield f"<caption>{escape(caption)}</caption>"
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for first, *rest in rows:
        cells = "".join(f"<td>{escape(str(cell))}</td>" for cell in rest)
        yield f'<tr><th scope="row">{escape(str(first))}</th>{cells}</tr>'
    yield "</tbody></table></div>"


# ---------------------------------------------------------------- laws, counties, rules


def _homes(coverage: Coverage) -> Iterator[str]:
    yield '<section aria-labelledby="rules"><h2 id="rules">Rules</h2>'
    for name, title in coverage.homes:
        rules = [rule for rule in coverage.rules if rule.home == name]
        bases = [base for base in coverage.bases if base.home == name]
        terms = [term for term in coverage.terms if term.county == name]
        tests = [test for rule in rules for test in rule.tests]
        tests += [test for term in terms for test in term.tests]
        if not (rules or bases or terms):
            continue
        told = f"{sum(r.exercised for r in rules)} of {len(rules)} rules; " if rules else ""
        if terms:
            told += f"{sum(t.mark == 'whole' for t in terms)} of {len(terms)} policy terms; "
        yield f"<details><summary><h3>{escape(title)}</h3> "
        yield f"<span>{escape(told + last_line(tests))}</span></summary>"
        for rule in rules:
            yield from _rule(rule)
        for base in bases:
            yield from _base(base)
        for term in terms:
            yield from _term(term)
        yield "</details>"
    yield "</section>"


def _rule(rule: RuleCover) -> Iterator[str]:
    yield f'<article id="rule-{escape(rule.id)}">'
    yield from _head(rule.title, rule.id, rule.cite)
    yield f"<p>{escape(rule.text)}</p>"
    yield _painted(rule.pieces, rule.tests)
    told = f"{rule.by} scenarios exercise it: "
    told += f"held in {len(rule.held)}, failed in {len(rule.failed)}"
    told += f", decided in {len(rule.decided)}" if rule.decides else ""
    yield f'<p><mark class="{rule.mark}">{SIGN[rule.mark]} {rule.said}</mark> {told}</p>'
    yield from _tests(rule.tests)
    sets = [("Held", rule.held), ("Failed", rule.failed)]
    yield from _scenarios([*sets, *([("Decided", rule.decided)] if rule.decides else [])])
    yield "</article>"


def _base(base: BaseCover) -> Iterator[str]:
    yield f'<article id="rule-{escape(base.id)}">'
    yield from _head(base.title, base.id, base.cite)
    mark = "whole" if base.decided else "none"
    yield f"<p>{escape(base.text)}</p>"
    yield f'<p><mark class="{mark}">{SIGN["whole" if base.decided else "none"]} '
    yield f"base rule</mark> decided in {len(base.decided)} scenarios</p>"
    yield from _scenarios([("Decided", base.decided)])
    yield "</article>"


def _term(term: TermCover) -> Iterator[str]:
    yield f'<article id="policy-{escape(f"{term.policy}-{term.act}")}">'
    yield from _head(f"{term.title}: {term.act}", term.policy, term.cite)
    yield _painted(term.pieces, term.tests)
    told = f"bound in {len(term.bound)} scenarios"
    told += f", decided in {len(term.decided)}" if term.decides else ""
    yield f'<p><mark class="{term.mark}">{SIGN[term.mark]} {term.said}</mark> {told}</p>'
    yield from _tests(term.tests)
    yield from _scenarios([("Bound", term.bound), ("Decided", term.decided)])
    yield "</article>"


def _head(title: str, name: str, cite: str) -> Iterator[str]:
    yield f"<h4>{escape(title)}</h4>"
    yield f'<p class="cite"><cite>{escape(cite)}</cite> <code>{escape(name)}</code></p>'


def _painted(cut: Sequence[Piece], tests: Sequence[TestCover]) -> str:
    by_path = {test.path: test for test in tests}
    found = []
    for piece in cut:
        test = None if piece.path is None else by_path.get(piece.path)
        said = escape(piece.text)
        if test is not None:
            note = "" if test.mark == "whole" else f" <small>({escape(test.said)})</small>"
            said = f'<mark class="{test.mark}">{SIGN[test.mark]} {said}{note}</mark>'
        found.append(said)
    return f'<p class="when">{"".join(found)}</p>'


def _tests(tests: Sequence[TestCover]) -> Iterator[str]:
    if not tests:
        return
    yield f"<details><summary>{escape(last_line(tests))}</summary>"
    columns = ["test", "mark", "true in", "false in", "alone decisive in", "for one"]
    rows = (
        (test.words, f"{SIGN[test.mark]} {test.said}", len(test.true), len(test.false),
         len(test.turned), test.turned[0] if test.turned else "")
        for test in tests
    )  # fmt: skip
    yield from _table(columns, rows, "Tests, with the number of scenarios")
    yield "</details>"


def _scenarios(sets: Sequence[tuple[str, Names]]) -> Iterator[str]:
    if not any(names for _, names in sets):
        return
    yield "<details><summary>Scenarios</summary>"
    for what, names in sets:
        if names:
            yield f"<p>{what} in {len(names)}:</p><ul>"
            yield from (f"<li>{escape(name)}</li>" for name in names[:NAMES])
            if len(names) > NAMES:
                yield f"<li>and {len(names) - NAMES} more</li>"
            yield "</ul>"
    yield "</details>"


# ---------------------------------------------------------------- readings, dates, lists


def _options(coverage: Coverage) -> Iterator[str]:
    rows = (
        (o.reading, o.option, f"{SIGN[o.mark]} {o.said}", len(o.taken), len(o.named), o.question)
        for o in coverage.options
    )
    columns = ["reading", "option", "mark", "taken in", "named in", "question"]
    yield from _folded("Reading options", columns, list(rows))


def _dates(coverage: Coverage) -> Iterator[str]:
    rows = (
        (d.day, d.owner, by(d), f"{SIGN[d.mark]} {d.said}", len(d.eve), len(d.on), len(d.before),
         len(d.after), some(d.what, 5, "; "))
        for d in coverage.dates
    )  # fmt: skip
    columns = ["day", "of", "by", "mark", "on the day before", "on the day", "before", "from it on",
               "what is new"]  # fmt: skip
    yield from _folded("Dates", columns, list(rows))


def _lists(coverage: Coverage) -> Iterator[str]:
    rows = (
        (entry.name, f"{SIGN[entry.mark]} {entry.said}", entry.on.done, entry.on.of,
         entry.off.done, entry.off.of, some(entry.unnamed, 30, ", "))
        for entry in coverage.lists
    )  # fmt: skip
    columns = ["list", "mark", "on it, named", "of", "off it, named", "of", "on it, not named"]
    yield from _folded("Lists", columns, list(rows))


def _folded(title: str, columns: list[str], rows: Sequence[Iterable[object]]) -> Iterator[str]:
    if rows:
        yield f"<details><summary><h2>{title}</h2> <span>{len(rows)}</span></summary>"
        yield from _table(columns, rows, f"{title}, with the number of scenarios")
        yield "</details>"
