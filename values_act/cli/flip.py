"""`values-act flip`: which changes of the facts would give another outcome."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from values_act.cli.app import app
from values_act.cli.common import (
    ActionOption,
    AsOfOption,
    CountyOption,
    Format,
    FormatOption,
    LawOption,
    PolicyOption,
    ReadingOption,
    RulesOption,
    library,
    progress,
    read_case,
    settings,
    show,
    show_json,
    working,
)
from values_act.errors import InputError, ValuesActError
from values_act.lines import Line

if TYPE_CHECKING:
    from models.law import Outcome
    from values_act.answer import Answer
    from values_act.decide import Decider
    from values_act.flips import FlipSet

SHOWN = 12  # ways to one outcome, in text
COUNTED = 60  # ways to one outcome that are found at least


class To(StrEnum):
    required = "required"
    permitted = "permitted"
    prohibited = "prohibited"
    not_regulated = "not_regulated"


@dataclass(frozen=True)
class Asked:
    """What the options of the command ask."""

    only: tuple[str, ...]  # as given
    names: frozenset[str]  # of facts that may change; empty: all
    to: To | None
    limit: int | None
    output: Format


@app.command()
def flip(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A case file; `-` reads one.")],
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="FACT", help="Only this fact may change; may be repeated."),
    ] = None,
    to: Annotated[To | None, typer.Option("--to", help="Only ways to this outcome.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=1,
            help=f"Ways to show to an outcome; if not given {SHOWN}, as JSON {COUNTED}.",
        ),
    ] = None,
    law: LawOption = None,
    county: CountyOption = None,
    as_of: AsOfOption = None,
    reading: ReadingOption = None,
    policy: PolicyOption = None,
    action: ActionOption = None,
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> int:
    """Which changes of the facts would give another outcome, and which outcome.

    Each way is a smallest one: without any one of its changes it would not do. The case must be
    settled: where the outcome is undetermined, `decide` says which facts are missing.
    """
    from values_act.decide import Decider
    from values_act.flip_view import may_change

    decider = Decider(library(rules))
    names = may_change(decider.library.vocabulary, only or ())
    asked = Asked(tuple(only or ()), names, to, limit, output)
    case, chosen = read_case(file, policy), settings(law, county, as_of, reading, action)
    acts = decider.acts(case, chosen)
    if len(acts) == 1:
        _flip(decider, decider.answer(case, chosen), asked, lines=False)
        return 0
    problems: dict[str, None] = {}
    printed = False
    for act in acts:
        try:
            answer = decider.answer(case, replace(chosen, action=act))
            if printed and output is Format.text:
                print()
            _flip(decider, answer, asked, lines=True)
            printed = True
        except ValuesActError as error:
            problems[f"{act}: {error}"] = None
    for problem in problems:
        print(f"values-act: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _flip(decider: Decider, answer: Answer, asked: Asked, *, lines: bool) -> None:
    from values_act.flip import flips
    from values_act.flip_view import flips_view, view

    if asked.to == answer.outcome:
        raise InputError(f"--to `{asked.to}`: that is the outcome now")
    limit = asked.limit or (SHOWN if asked.output is Format.text else COUNTED)
    to: Outcome | None = asked.to.value if asked.to else None
    with working("looking for changes"):
        found = flips(answer, asked.names, to, max(limit, COUNTED))
    picked = _first(found.sets, limit)
    beyond = found.beyond | {one.outcome for one in found.sets if one not in picked}
    views = [view(decider, answer, one) for one in progress(picked, "deciding changed cases")]
    told = flips_view(answer, views, beyond)
    if asked.output is Format.json:
        show_json(told.as_json(), lines=lines)
        return
    from values_act.answer import ORDER
    from values_act.flip_text import foot_lines, head_lines, none_lines, outcome_lines
    from values_act.reasons import write_decision

    def text() -> Iterator[Line]:
        action = answer.program.vocabulary.actions[answer.case.action]
        yield from head_lines(write_decision(answer), action)
        for outcome in (*ORDER, "undetermined"):
            own = [one for one in views if one.outcome == outcome]
            if own:
                total = sum(one.outcome == outcome for one in found.sets)
                yield from outcome_lines(own[0].outcome, own, total, more=outcome in found.beyond)
        if not views:
            yield from none_lines(to, asked.only)
        yield from foot_lines(told, asked.only)

    show(text())


def _first(found: Sequence[FlipSet], limit: int) -> list[FlipSet]:
    """The first ways to each outcome."""
    seen: dict[str, int] = {}
    picked = []
    for one in found:
        seen[one.outcome] = seen.get(one.outcome, 0) + 1
        if seen[one.outcome] <= limit:
            picked.append(one)
    return picked
