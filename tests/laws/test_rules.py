"""What each single rule of state law may do: bars only close, grounds only open."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from models.law import Rule
from tests.generate import Maker
from tests.laws import no_more_open, outcomes
from tests.scenes import DAY, LAST, Raw, Scene, as_case, library, spans, without
from values_act.casefacts import LISTS
from values_act.decide import Decider

RULES = [rule for part in library().parts("state") for rule in part.rules]
BARS = [rule for rule in RULES if rule.bars]
GROUNDS = [rule for rule in RULES if rule.permits or rule.requires]
EACH = 7  # cases for one rule


def cases(rule: Rule) -> list[Raw]:
    """Cases that a rule is about, under readings that let it live, with other things on record."""
    rng = Random(rule.id)
    acts = rule.permits or rule.requires or rule.actions or ("transfer", "notify_release")
    found = []
    for _ in range(EACH):
        action = rng.choice(acts)
        scenes = [Scene("state", action, *span) for span in spans("state", None)]
        place = rng.choice([scene for scene in scenes if rule.id in scene.program.rules])
        maker = Maker(rng, place, max(place.first, min(place.last, LAST - 2_000 * DAY)))
        raw = maker.case(most=1, gaps=(0, 0, 1))
        if rule.about_case:
            own = maker.frame(maker.own_facts(rule))
            raw |= {
                name: own[name] for name in ("request", "person", "act", "handover") if name in own
            }
        else:
            subject = rng.choice(rule.subject)
            others = raw[LISTS[subject]] if isinstance(raw[LISTS[subject]], list) else []
            raw[LISTS[subject]] = [*others, maker.item(subject, rule)]
        maker.choose(rule)
        found.append({**raw, "readings": {**raw["readings"], **maker.readings}})
    return found


@cache
def with_and_without(rule_id: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    rule = next(rule for rule in RULES if rule.id == rule_id)
    judge = Decider(without(rule_id), use_engine=False)
    return [(outcomes(raw), judge.answer(as_case(raw)).settled.outcomes) for raw in cases(rule)]


@pytest.mark.parametrize("bar", [rule.id for rule in BARS])
def test_a_bar_only_closes(bar: str) -> None:
    for there, gone in with_and_without(bar):
        assert no_more_open(there, gone)


@pytest.mark.parametrize("ground", [rule.id for rule in GROUNDS])
def test_a_ground_only_opens(ground: str) -> None:
    for there, gone in with_and_without(ground):
        assert no_more_open(gone, there)


@pytest.mark.parametrize("rules", [BARS, GROUNDS], ids=["bars", "grounds"])
def test_most_of_these_rules_do_change_an_answer(rules: list[Rule]) -> None:
    """Others overlap: a warrant that requires a transfer permits it, too."""
    idle = [r.id for r in rules if all(a == b for a, b in with_and_without(r.id))]
    assert len(idle) <= len(rules) / 2, idle
