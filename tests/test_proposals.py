"""The reform bills that are encoded: what they say of themselves, and that scenarios need them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from models.law import Law
from tests.needed import ROOT, taking
from tests.scenes import edited, library, without
from values_act.answer import Answer
from values_act.decide import Decider
from values_act.errors import LawError
from values_act.lawcheck import Place, check_laws
from values_act.library import Library
from values_act.scenarios import Placed, load_file, run

TITLE = re.compile(r"(AB|SB) \d+ \(\d{4}(-\d\d)?\)(, the [A-Z]+ Act)?")  # no name of a person


def proposals() -> list[Law]:
    return [law for law in library().laws.values() if law.kind == "proposal"]


@cache
def decided() -> dict[str, list[tuple[Placed, Answer]]]:
    """The scenarios of the reform bills, each decided by the reference, by law."""
    decider, found = Decider(library(), use_engine=False), {}
    for placed in load_file(ROOT / "scenarios" / "proposals.yaml"):
        answer = decider.answer(placed.scenario.case)
        found.setdefault(placed.scenario.case.law, []).append((placed, answer))
    return found


def some_fails(law: Law, changed: Library) -> bool:
    decider = Decider(changed, use_engine=False)
    return any(run(placed, decider).problems for placed, _ in decided()[law.name])


@pytest.mark.parametrize("law", proposals(), ids=lambda law: law.name)
def test_a_proposal_names_the_bill_and_says_what_became_of_it(law: Law) -> None:
    assert TITLE.fullmatch(law.title)
    assert law.title.lower().startswith(law.name.replace("-", " "))
    assert law.status
    assert law.note
    sources = [law.source, *(rule.source for rule in law.rules), *(b.source for b in law.base)]
    assert all(source.confidence != "high" for source in sources), "no bill was read in full"
    assert not any(reading.verified for reading in law.readings)


@pytest.mark.parametrize("law", proposals(), ids=lambda law: law.name)
def test_every_rule_of_a_proposal_is_needed_and_has_scenarios_on_both_sides(law: Law) -> None:
    for entry in (*law.rules, *law.base):
        assert some_fails(law, without(entry.id)), entry.id
    for rule in law.rules:
        truths: set[bool | None] = set()
        for _, answer in decided()[law.name]:
            view = answer.view
            each = [view.judgment.truths] if rule.about_case else [i.truths for i in view.items]
            truths |= {found[rule.id] for found in each if rule.id in found}
        assert {True, False} <= truths, rule.id


@pytest.mark.parametrize("law", proposals(), ids=lambda law: law.name)
def test_every_change_of_a_proposal_is_needed(law: Law) -> None:
    for name, fewer in changes(law):
        others = [fewer if each is law else each for each in library().laws.values()]
        refused = not loads({each.name: each for each in others})
        assert refused or some_fails(law, edited(others, library().counties())), name


def loads(laws: dict[str, Law]) -> bool:
    places = dict.fromkeys(laws, Place("a file", lambda _: (0, 0)))
    try:
        check_laws(laws, places, library().vocabulary)
    except LawError:
        return False
    return True


def changes(law: Law) -> Iterator[tuple[str, Law]]:
    """The proposal with one name less in `drop`, `keep` or `replace`."""
    for kind, names in (("drop", law.drop), ("keep", law.keep)):
        for name in names:
            left = tuple(other for other in names if other != name)
            yield name, law.model_copy(update={kind: left})
    for name in law.replace:
        rest = {old: new for old, new in law.replace.items() if old != name}
        yield name, law.model_copy(update={"replace": rest})


@pytest.mark.parametrize("law", proposals(), ids=lambda law: law.name)
def test_every_option_of_a_proposals_readings_is_needed(law: Law) -> None:
    decider = Decider(library(), use_engine=False)
    for reading in law.readings:
        for option in reading.options:
            mine = [p for p, a in decided()[law.name] if a.choices.get(reading.id) == option]
            tries = (taking(p, reading.id, o) for p in mine for o in reading.options if o != option)
            assert any(run(placed, decider).problems for placed in tries), f"{reading.id}: {option}"
