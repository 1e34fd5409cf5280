"""`values-act explain`: the tree of every rule that could decide: why, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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
    read_case,
    settings,
    show,
    show_json,
)
from values_act.lines import Line

if TYPE_CHECKING:
    from values_act.answer import Answer
    from values_act.explain import Branch

MARKS = {True: "+", False: "-", None: "?"}
STYLES = {True: "permitted", False: "faint", None: "undetermined"}


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A case file; `-` reads one.")],
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule.")] = None,
    law: LawOption = None,
    county: CountyOption = None,
    as_of: AsOfOption = None,
    reading: ReadingOption = None,
    policy: PolicyOption = None,
    action: ActionOption = None,
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> None:
    """Show every test of every rule for one case: `+` holds, `-` fails, `?` unknown."""
    from values_act.decide import Decider
    from values_act.errors import InputError, did_you_mean

    decider = Decider(library(rules))
    case, chosen = read_case(file, policy), settings(law, county, as_of, reading, action)
    acts = decider.acts(case, chosen)
    answers = [decider.answer(case, replace(chosen, action=act)) for act in acts]
    known = [key for answer in answers for key in answer.program.rules]
    if rule is not None and rule not in known:
        raise InputError(f"no rule `{rule}` bears on this act{did_you_mean(rule, known)}")
    for number, answer in enumerate(answers):
        if number and output is Format.text:
            print()
        _print(answer, rule, output, lines=len(answers) > 1)


def _print(answer: Answer, rule: str | None, output: Format, *, lines: bool) -> None:
    from values_act.explain import rule_tree
    from values_act.reasons import write_decision

    known = answer.program.rules
    picked = [r for r in known.values() if (r.id == rule if rule else not (r.defines or r.marks))]
    trees = {r.id: rule_tree(answer.explainer, r) for r in picked}
    decision = write_decision(answer)
    if output is Format.json:
        body: dict[str, object] = {"action": decision.action} if lines else {}
        body |= {"outcome": decision.outcome, "explanation": decision.explanation}
        told = {key: [branch.as_json() for branch in tree] for key, tree in trees.items()}
        show_json({**body, "rules": told}, lines=lines)
        return
    shown = [Line(decision.explanation, decision.outcome), Line("")]
    for key, tree in trees.items():
        if not tree:
            continue
        shown.append(Line(f"{known[key].title}: {known[key].cite} [{key}]", "heading"))
        shown.extend(line for branch in tree for line in _lines(branch, 1))
    shown.append(Line(""))
    shown.append(Line(decision.notice, "faint"))
    show(shown)


def _lines(branch: Branch, depth: int) -> Iterator[Line]:
    cite = f" ({branch.cite})" if branch.cite and depth > 1 else ""
    yield Line(f"{'  ' * depth}{MARKS[branch.truth]} {branch.words}{cite}", STYLES[branch.truth])
    for part in branch.parts:
        yield from _lines(part, depth + 1)
