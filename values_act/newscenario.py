"""A case file as an entry of a scenario file: a to-do, for no program writes an expectation."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from models.decision import Decision
from models.scenario import Scenario
from values_act.casecheck import check_case
from values_act.casetext import as_read
from values_act.decide import Decider
from values_act.errors import InputError, shown
from values_act.yamltext import Document, compose, load_many

UNNAMED = "a case to name"
WHY = "to fill in, which point this case tests"
SOURCE = "to fill in, the authority that says what the answer is"
TITLE = "title"


def entry_of(
    document: Document, decider: Decider, name: str | None = None, taken: Collection[str] = ()
) -> str:
    """The entry of a case, with reason, source and expectation to fill in.

    Without a name it is called by the case's title; a number is added where that name is taken.

    Raises:
        InputError: the file holds no case, its words are not all known, or the name is taken.
    """
    _refuse_decision(document)
    check_case(document, (), decider)
    if name in taken:
        raise InputError(f"the name {shown(name)} is used already; give another")
    title = name or document.data.get(TITLE) or UNNAMED
    fields = {
        "name": name or _free(title, taken),
        "why": WHY,
        "source": SOURCE,
        "case": document.data,
        "expect": None,
    }
    entry = as_read([fields])
    load_many(Scenario, compose(entry, "the scenario"))  # a name may hold what no file can
    return entry


def appended(text: str, file: str, document: Document, decider: Decider, name: str | None) -> str:
    """The text of a scenario file with a case's entry at its end, all else as it was.

    Raises:
        InputError: the text is no list of scenarios, or none that can be added to at its end.
    """
    before = compose(text, file)
    names = [scenario.name for scenario, _ in load_many(Scenario, before)]
    indent = _indent(text, before)
    entry = entry_of(document, decider, name, names)
    wanted = [*before.data, *compose(entry, file).data]
    end = "\r\n" if "\r\n" in text else "\n"
    lines = end.join(indent + line for line in entry.splitlines()) + end
    whole = text if text.endswith("\n") else text + end
    for gap in (end, ""):  # an empty line may belong to the text before it
        if _reads_as(whole + gap + lines, wanted):
            return whole + gap + lines
    raise InputError(f"{file}: nothing can be added at its end; is it closed by `...`?")


def _refuse_decision(document: Document) -> None:
    """A decision looks like a case to who has saved one, and does not hold the facts."""
    data = document.data
    known = Decision.model_fields.keys()
    if isinstance(data, Mapping) and "outcome" in data and data.keys() <= known:
        raise InputError(f"{document.name}: a decision holds no facts; give the case's file")


def _free(title: str, taken: Collection[str]) -> str:
    number, name = 1, title
    while name in taken:
        number += 1
        name = f"{title} ({number})"
    return name


def _indent(text: str, document: Document) -> str:
    """What stands before the dash of each entry.

    Raises:
        InputError: the entries are not written one below the other.
    """
    line, column = document.where((0,))
    lead = text.removeprefix("\ufeff").splitlines()[line - 1][: column - 1]
    if not document.data or lead.strip() != "-":
        raise InputError(
            f"{document.name}: entries are added only to a list that is written with dashes"
        )
    return lead[: lead.index("-")]


def _reads_as(text: str, wanted: list[object]) -> bool:
    try:
        return bool(compose(text, "").data == wanted)
    except InputError:
        return False
