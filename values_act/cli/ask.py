"""`values-act ask`: questions in the terminal, only those that still matter, then the decision."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    write_new,
)
from values_act.cli.decide import EXIT
from values_act.errors import InputError
from values_act.lines import Line

if TYPE_CHECKING:
    from models.law import Outcome
    from values_act.decide import Decider, Settings
    from values_act.interview import Interview
    from values_act.questions import Choice, Question

UNKNOWN, BACK, STOP = {"?", "dk", "don't know"}, {"b", "back"}, {"q", "quit", "stop"}
HELP = """Reply ? (or dk) if it is not known, b to go back, q to stop.
After -> stands what a reply leaves possible."""
HINTS = {
    "yes_no": "y/n",
    "choice": "a number or a word",
    "several": "numbers or words, with commas between, or none",
    "date": "2012-05-01, 2012-05 or 2012",
    "day": "2025-07-17",
    "number": "a whole number",
    "offense": "code and section",
    "county": "a name, or none",
    "text": "a word; the same for all that belong together",
}

OTHERWISE = "numbers, with commas between; 3? says that 3 is not known"


@app.command()
def ask(
    file: Annotated[
        Path | None, typer.Argument(metavar="[CASE]", help="A case file to go on from.")
    ] = None,
    law: LawOption = None,
    county: CountyOption = None,
    as_of: AsOfOption = None,
    reading: ReadingOption = None,
    policy: PolicyOption = None,
    action: ActionOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Save the case here.")
    ] = None,
    rules: RulesOption = None,
) -> int:
    """Ask what still matters to a case, one question at a time; then decide it and save it.

    Each question says what each reply would lead to. Replies may come from a pipe, one a line;
    where they end, the questions end. Exits with the outcome, as `decide`: 0 required, permitted
    or not regulated; 3 prohibited; 4 undetermined.
    """
    from values_act.decide import Decider

    if out is not None and out.exists():
        raise InputError(f"{out}: exists already; nothing was asked")
    decider = Decider(library(rules))
    interview = _begun(decider, file, policy, settings(law, county, as_of, reading, action))
    _converse(interview)
    decision = interview.decision()
    if decision is None:
        raise InputError("no day and no act were given, so nothing is decided")
    from values_act.render import text_lines

    print()
    show(text_lines(decision, decider.library.vocabulary.actions[decision.action]))
    _save(interview, out)
    return EXIT[decision.outcome]


# ---------------------------------------------------------------- the start


def _begun(decider: Decider, file: Path | None, policy: Path | None, chosen: Settings) -> Interview:
    """An interview on a file's case, or on a new one that has only what options say."""
    from values_act.decide import apply
    from values_act.interview import Interview

    if file is not None:
        if str(file) == "-":
            raise InputError("`-`: standard input holds the replies; name a file")
        case = apply(read_case(file, policy), chosen)
        return Interview(decider, case.model_dump(mode="json", exclude_unset=True))
    today = date.today().isoformat()
    raw = _from_options(decider, policy, chosen)
    _check(decider, raw, today)
    return Interview(decider, raw, fresh=True, today=today)


def _from_options(decider: Decider, policy: Path | None, chosen: Settings) -> dict[str, Any]:
    from models.policy import CountyPolicy
    from values_act.yamltext import parse_file

    if policy is not None and chosen.county is not None:
        raise InputError("a policy of its own decides, so leave out the county or the policy")
    raw: dict[str, Any] = {
        "as_of": chosen.as_of.isoformat() if chosen.as_of else None,
        "action": chosen.action,
        "law": chosen.law,
        "readings": dict(chosen.readings or {}) or None,
        "agency": chosen.county and {"county": decider.library.county(chosen.county).county},
        "policy": policy
        and parse_file(CountyPolicy, policy).model_dump(mode="json", exclude_unset=True),
    }
    return {name: value for name, value in raw.items() if value is not None}


def _check(decider: Decider, raw: dict[str, Any], today: str) -> None:
    """Refuse an option that no reply could mend, before anything is asked.

    Raises:
        InputError: with these options no act can be decided.
    """
    from models.case import InmateCase
    from values_act.decide import Decider

    plain = Decider(decider.library, use_engine=False)
    problems: list[InputError] = []
    for act in [raw["action"]] if "action" in raw else decider.library.vocabulary.actions:
        try:
            plain.decide(InmateCase.model_validate({"as_of": today, **raw, "action": act}))
        except InputError as error:
            problems.append(error)
        else:
            return
    raise problems[0]


# ---------------------------------------------------------------- questions and replies


def _converse(interview: Interview) -> None:
    """Ask until the outcome is settled, nothing is left to ask, or the replies end."""
    begun = False
    while (question := interview.question()) is not None:
        if not begun:
            show(Line(text, "faint") for text in HELP.splitlines())
            begun = True
        for line in _asked(interview, question):
            show([line])
            sys.stdout.flush()
        if not _replied(interview, question):
            return


def _replied(interview: Interview, question: Question) -> bool:
    """Take one reply, asking again until it is one; False where the replies end."""
    while (reply := _read(question)) is not None:
        word = reply.lower()
        if word in STOP:
            return False
        try:
            if word in BACK:
                interview.back()
            elif word in UNKNOWN:
                interview.skip()
            else:
                interview.answer(reply or question.default or "")
        except InputError as error:
            sys.stdout.flush()
            print(f"values-act: {error}", file=sys.stderr)
            print(question.text)
        else:
            return True
    return False


def _read(question: Question) -> str | None:
    """One line of standard input; None at its end.

    A prompt of typer or rich would take Ctrl-C for the end of the input, or repeat the question in
    its own words; here a pipe's replies are shown too, so that a transcript can be read.
    """
    from values_act.questions import PRESUMED

    default = f"; Enter: {question.default}" if question.default else ""
    hint = OTHERWISE if question.place.part == PRESUMED else HINTS[question.form]
    prompt = f"[{hint}{default}] > "
    if sys.stdin is None:
        return None
    try:
        reply = input(prompt).strip()
    except EOFError:
        print()
        return None
    except UnicodeDecodeError:
        raise InputError("standard input is not UTF-8") from None
    if not sys.stdin.isatty():
        print(reply)
    return reply


# ---------------------------------------------------------------- in words


def _asked(interview: Interview, question: Question) -> Iterator[Line]:
    """The question and its choices, each with what it would lead to."""
    from values_act.questions import CASE, PRESUMED

    where = "" if question.item == CASE else f" ({question.item})"
    yield Line("")
    yield Line(f"{question.text}{where}", "heading")
    presumed = question.place.part == PRESUMED
    for number, (choice, outcomes) in enumerate(interview.leads_to(question), 1):
        mark = "" if question.form == "yes_no" else f"{number} "
        said = choice.words if presumed or not mark else _in_words(choice)
        yield Line(f"  {mark}{said}{_leads(outcomes, presumed=presumed)}")
    if not question.choices and (so_far := interview.so_far()):
        yield Line(f"  as it stands: {_either(so_far)}")


def _in_words(choice: Choice) -> str:
    """The word to reply, with what it says where that is more than the word."""
    plain = choice.words.removeprefix("a ").removeprefix("an ")
    return plain if plain == choice.value else f"{choice.value}: {choice.words}"


def _leads(outcomes: tuple[Outcome, ...] | None, *, presumed: bool) -> str:
    """What a choice leads to; of what is presumed, what it could lead to otherwise."""
    if outcomes is None or (presumed and not outcomes):
        return ""
    if presumed:
        return f" (otherwise it could be {_either(outcomes)})"
    return f" -> {_either(outcomes)}" if outcomes else " -> contradicts what is known"


def _either(outcomes: tuple[Outcome, ...]) -> str:
    said = [outcome.replace("_", " ") for outcome in outcomes]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"


# ---------------------------------------------------------------- the end


def _save(interview: Interview, out: Path | None) -> None:
    """Write the case to a new file; without one, print it, after asking on a terminal."""
    text = interview.yaml()
    if out is None and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        while name := _file_name():
            try:
                write_new(text, Path(name))
            except InputError as error:
                print(f"values-act: {error}", file=sys.stderr)
            else:
                return
    if out is None:
        print(f"\n{text}", end="")
        return
    try:
        print()
        write_new(text, out)
    except InputError:
        print(text, end="")  # so that no reply is lost
        raise


def _file_name() -> str:
    try:
        return input("\nSave the case in (a new file; Enter prints it) > ").strip()
    except EOFError:
        return ""
