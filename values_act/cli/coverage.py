"""`values-act scenarios coverage`: which words of the law the scenarios exercise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from values_act.cli.app import scenarios_app
from values_act.cli.common import (
    Format,
    FormatOption,
    RulesOption,
    library,
    progress,
    show,
    show_json,
    table,
    write_new,
)
from values_act.lines import Line

if TYPE_CHECKING:
    from values_act.coverage_text import Painted
    from values_act.coverage_whole import Coverage
    from values_act.covered import BaseCover, RuleCover, TermCover

_STYLES = {"whole": "green", "part": "bold yellow", "none": "bold red", "closed": "dim"}


@scenarios_app.command("coverage")
def show_coverage(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH…")] = None,
    rules: RulesOption = None,
    law: Annotated[
        str | None,
        typer.Option("--law", help="Look at the rules, readings and days of one law alone."),
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option("--rule", metavar="ID", help="Paint one rule, base rule or policy."),
    ] = None,
    output: FormatOption = Format.text,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page with every rule painted."),
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="Name all that is missing, not the first few.")
    ] = False,
) -> None:
    """Which rules, tests, reading options, days, lists and policies the scenarios exercise.

    Decides by the reference alone; what is not as expected exercises nothing. Exits with 0.
    """
    from values_act.coverage import laws_asked, measure
    from values_act.data import data_folder
    from values_act.errors import InputError
    from values_act.scenarios import load_folders

    if rule and html:
        raise InputError("--rule paints one rule and --html every rule: give one of them")
    if html is not None and html.exists():
        raise InputError(f"{html}: exists already; nothing was written")
    store = library(rules)
    laws_asked(store, law)
    placed = load_folders(paths or [data_folder("scenarios")])
    if rule:
        _check_id(rule, measure(store, (), law))
    found = measure(store, progress(placed, "deciding"), law)
    if html is not None:
        from values_act.coverage_page import page

        # what is printed as data stays data
        with redirect_stdout(sys.stderr if output is Format.json else sys.stdout):
            write_new(page(found), html)
    if rule:
        _show_one(rule, found, output)
    elif output is Format.json:
        show_json(found.as_json())
    else:
        _show_all(found, missing)


def _show_all(found: Coverage, missing: bool) -> None:
    from values_act import coverage_text as text
    from values_act.covered import SIGN

    what = f"of law {found.law}" if found.law else "of the rules"
    table(f"Coverage {what}", text.COLUMNS, text.summary_rows(found))
    show([
        Line(""),
        Line(text.scenarios_line(found)),
        *(Line(f"{SIGN[mark]} {said}", "faint") for mark, said in text.SIGNS),
        *text.missing_lines(found, all_of_it=missing),
        *text.how_lines(),
        Line(""),
        Line(text.last_line(found.tests())),
    ])  # fmt: skip


# ---------------------------------------------------------------- one rule


def _entries(found: Coverage) -> dict[str, list[RuleCover | BaseCover | TermCover]]:
    """Rules and base rules by id, and what a policy says by the policy's id."""
    entries: dict[str, list[RuleCover | BaseCover | TermCover]] = {}
    entries |= {rule.id: [rule] for rule in found.rules}
    entries |= {base.id: [base] for base in found.bases}
    for term in found.terms:
        entries.setdefault(term.policy, []).append(term)
    return entries


def _check_id(name: str, found: Coverage) -> None:
    from values_act.errors import InputError, did_you_mean

    known = _entries(found)
    if name not in known:
        what = f"rule `{name}` of law `{found.law}`" if found.law else f"rule or policy `{name}`"
        raise InputError(
            f"unknown {what}; see `law show` and `counties show`{did_you_mean(name, known)}"
        )


def _show_one(name: str, found: Coverage, output: Format) -> None:
    from values_act.coverage_text import last_line, scenarios_line
    from values_act.covered import BaseCover

    entries = _entries(found)[name]
    if output is Format.json:
        shown = [one.as_json(names=True) for one in entries]
        show_json(shown[0] if len(shown) == 1 else shown)
        return
    for one in entries:
        _show_entry(one)
    tests = [test for one in entries if not isinstance(one, BaseCover) for test in one.tests]
    show([Line(""), Line(scenarios_line(found), "faint"), Line(last_line(tests))])


def _show_entry(one: RuleCover | BaseCover | TermCover) -> None:
    from values_act import coverage_text as text
    from values_act.covered import BaseCover, RuleCover

    if isinstance(one, BaseCover):
        show(text.base_lines(one))
        return
    show(text.rule_head(one) if isinstance(one, RuleCover) else text.term_head(one))
    show([Line("When" if isinstance(one, RuleCover) else "What it says", "heading")])
    _show_painted(text.painted(one.pieces, one.tests))
    show(text.rule_tail(one) if isinstance(one, RuleCover) else text.term_tail(one))


def _show_painted(words: Painted) -> None:
    """Words in their marks' colors on a terminal; the signs say the same without color."""
    if not sys.stdout.isatty():
        show(_plain(words))
        return
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    styled = ((said, _STYLES[mark] if mark else "") for said, mark in words)
    Console(highlight=False).print(Padding(Text.assemble(*styled), (0, 0, 0, 2)))


def _plain(words: Painted) -> Iterator[Line]:
    import textwrap

    from values_act.render import WIDTH

    joined = "".join(said for said, _ in words)
    for line in textwrap.wrap(
        joined, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False,
        break_on_hyphens=False,
    ):  # fmt: skip
        yield Line(line)
