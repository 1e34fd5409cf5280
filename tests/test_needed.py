"""Every rule, base rule, policy, mark and option of a reading is needed: a scenario fails without.

A scenario fails if its outcome, or what it expects besides, is decided otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from models.policy import County
from tests.needed import fails, left, takers, taking, users, without_in_county
from tests.scenes import library
from values_act.decide import Decider
from values_act.scenarios import Placed, run

LAWS = list(library().laws.values())
ENTRIES = [entry.id for law in LAWS for entry in (*law.rules, *law.base)]
LOCAL = [
    pytest.param(county, entry.id, id=entry.id)
    for county in library().counties()
    for entry in (*county.policies, *county.rules)
]
OPTIONS = [(name, o) for name, reading in library().readings.items() for o in reading.options]


def advice(what: str, found: Iterable[Placed]) -> str:
    """What is idle, the scenarios closest to needing it, and what to write."""
    near = [f"  {p.file.name}:{p.line}: {p.scenario.name}" for p in found]
    bears = "it bears on these, which pass without it:" if near else "it bears on no scenario;"
    write = "write one whose outcome, rule, missing facts, contested readings or duties change"
    more = [f"  and {len(near) - 8} more"] if len(near) > 8 else []
    return "\n".join([f"no scenario fails without {what}", bears, *near[:8], *more, write])


@pytest.mark.parametrize("name", ENTRIES)
def test_every_rule_of_every_law_is_needed(name: str) -> None:
    assert fails(name, left(name)), advice(f"`{name}`", users().get(name, ()))


@pytest.mark.parametrize(("county", "name"), LOCAL)
def test_every_county_policy_and_every_mark_of_its_conditions_is_needed(
    county: County, name: str
) -> None:
    changed = without_in_county(county, name)
    what = f"`{name}` of {county.county}"
    assert fails(name, changed), advice(what, users().get(name, ()))


@pytest.mark.parametrize(("reading", "option"), OPTIONS)
def test_every_option_of_every_reading_is_needed(reading: str, option: str) -> None:
    """Some scenario takes it, by its words or by default, and fails under another option."""
    judge = Decider(library(), use_engine=False)
    others = [other for other in library().readings[reading].options if other != option]
    tries = ((placed, other) for placed in takers(reading, option) for other in others)
    assert any(run(taking(p, reading, other), judge).problems for p, other in tries), advice(
        f"option `{option}` of reading `{reading}`", takers(reading, option)
    )
