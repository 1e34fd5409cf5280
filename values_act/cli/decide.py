"""`values-act decide`: may it be done, by which rule, and what is still open."""

from __future__ import annotations

import sys
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
)
from values_act.errors import ValuesActError

if TYPE_CHECKING:
    from values_act.answer import Answer

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

    One file exits with its outcome: 0 required, permitted or not regulated; 3 prohibited;
    4 undetermined. Several print JSON Lines (with --format json) and exit 0 if all were decided.
    """
    from values_act.decide import Decider

    decider = Decider(library(rules))
    chosen = settings(law, county, as_of, reading, action)
    if len(files) == 1:
        answer = decider.answer(read_case(files[0], policy), chosen)
        _print(answer, style, lines=False)
        return EXIT[answer.outcome]
    failed = False
    for number, path in enumerate(files):
        try:
            answer = decider.answer(read_case(path, policy), chosen)
        except ValuesActError as error:
            print(f"values-act: {error}", file=sys.stderr)
            failed = True
            continue
        if number and style is not Style.json:
            print()
        _print(answer, style, lines=True)
    return 1 if failed else 0


def _print(answer: Answer, style: Style, *, lines: bool) -> None:
    from values_act.reasons import write_decision
    from values_act.render import memo_lines, text_lines
    from values_act.statement import facts_stated

    decision = write_decision(answer)
    act = answer.program.vocabulary.actions[decision.action]
    if style is Style.json:
        show_json(decision.as_json(), lines=lines)
    elif style is Style.memo:
        show(memo_lines(decision, act, facts_stated(answer)))
    else:
        show(text_lines(decision, act))
