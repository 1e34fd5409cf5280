"""`values-act decide`: may it be done, by which rule, and what is still open."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from values_act.cli.app import app
from values_act.cli.common import (
    ActionOption,
    AsOfOption,
    CountyOption,
    LawOption,
    PolicyOption,
    ReadingOption,
    RulesOption,
    library,
    read_case,
    settings,
    show,
    show_json,
    table,
)
from values_act.errors import ValuesActError

if TYPE_CHECKING:
    from models.case import InmateCase
    from models.decision import Decision
    from values_act.answer import Answer
    from values_act.decide import Decider, Settings

EXIT = {"required": 0, "permitted": 0, "not_regulated": 0, "prohibited": 3, "undetermined": 4}


class Style(StrEnum):
    text = "text"
    json = "json"
    memo = "memo"


@app.command()
def decide(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Case files; `-` reads one.")
    ],
    law: LawOption = None,
    county: CountyOption = None,
    as_of: AsOfOption = None,
    reading: ReadingOption = None,
    policy: PolicyOption = None,
    action: ActionOption = None,
    rules: RulesOption = None,
    style: Annotated[Style, typer.Option("--format", help="How to print.")] = Style.text,
) -> int:
    """Decide one case, or several.

    One file and one act exit with the outcome: 0 required, permitted or not regulated;
    3 prohibited; 4 undetermined. Several files, or several acts (--action all), print JSON Lines
    (with --format json) and exit 0 if all were decided.
    """
    from values_act.decide import Decider
    from values_act.reasons import write_decision

    decider = Decider(library(rules))
    chosen = settings(law, county, as_of, reading, action)
    if len(files) == 1:
        case = read_case(files[0], policy)
        if len(decider.acts(case, chosen)) == 1:
            answer = decider.answer(case, chosen)
            _print(answer, write_decision(answer), style, lines=False)
            return EXIT[answer.outcome]
        return 0 if _several(decider, case, chosen, style) else 1
    failed = False
    for number, path in enumerate(files):
        if number and style is not Style.json:
            print()
        try:
            case = read_case(path, policy)
        except ValuesActError as error:
            print(f"values-act: {error}", file=sys.stderr)
            failed = True
            continue
        failed = not _several(decider, case, chosen, style) or failed
    return 1 if failed else 0


def _several(decider: Decider, case: InmateCase, chosen: Settings, style: Style) -> bool:
    """Print the answer on each act of a case, a table first; whether all were decided."""
    from values_act.reasons import write_decision

    answers: list[Answer] = []
    problems: dict[str, None] = {}
    acts = decider.acts(case, chosen)
    for act in acts:
        try:
            answers.append(decider.answer(case, replace(chosen, action=act)))
        except ValuesActError as error:
            problems[str(error)] = None
    for problem in problems:
        print(f"values-act: {problem}", file=sys.stderr)
    decisions = [write_decision(answer) for answer in answers]
    if len(acts) > 1 and answers and style is not Style.json:
        title = case.title or "The acts asked about"
        table(title, ["act", "outcome", "rule", "citation"], map(_row, decisions))
        print()
    for number, (answer, decision) in enumerate(zip(answers, decisions, strict=True)):
        if number and style is not Style.json:
            print()
        _print(answer, decision, style, lines=True)
    return not problems


def _row(decision: Decision) -> Iterator[str]:
    yield from (decision.action, decision.outcome.replace("_", " "), decision.rule, decision.cite)


def _print(answer: Answer, decision: Decision, style: Style, *, lines: bool) -> None:
    from values_act.render import memo_lines, text_lines
    from values_act.statement import facts_stated

    act = answer.program.vocabulary.actions[decision.action]
    if style is Style.json:
        show_json(decision.as_json(), lines=lines)
    elif style is Style.memo:
        show(memo_lines(decision, act, facts_stated(answer)))
    else:
        show(text_lines(decision, act))
