"""Whether a rule about items changes the outcome of a case with one item: quick, and often enough.

What a rule does shows in what an item comes to: the effects that it has with the rule, and without.
If some item comes to other effects, and a case with that one item has another outcome for it, the
rule changes something. That no such case is found proves nothing: it may take more items.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from models.law import Outcome, Rule, Subject
from values_act.program import Program, assemble, live
from values_act.proving import Court, Spot
from values_act.readers.anycase import BARRING, SHARED, Items, Signature, Version
from values_act.readers.layout import Asked
from values_act.readers.mdd import FALSE

Pair = tuple[Signature, Signature] | None


def without(spot: Spot, rule: Rule, court: Court) -> Asked:
    """What is asked at a spot, with one rule left out."""
    side, place = court.side, spot.place
    county = side.library.county(place.counties[0]) if place.counties[0] else None
    agency = place.agencies[0] if place.agencies else None
    found = live(side.library, side.law, spot.asked.day, place.action, county, agency)
    kept = {key: one for key, one in found.rules.items() if key != rule.id}
    program: Program = assemble(
        side.library, side.law, place.action, found._replace(rules=kept)
    )  # fmt: skip
    return replace(spot.asked, program=program)


def touches(spot: Spot, rule: Rule, court: Court) -> bool:
    """Whether a case with one item is found whose outcome hangs on a rule about items."""
    if rule.about_case:
        return False
    bare = Version(without(spot, rule, court), spot.version.facts, spot.everyone)
    for subject in rule.subject:
        items = spot.everyone.items[subject]
        node = _pairs(spot, subject, items, bare.found(subject))
        if node is None:
            continue
        for pair in spot.mdd.leaves(node):
            if pair is not None and pair[0] != pair[1] and _matters(spot, items, node, pair):
                return True
    return False


def _pairs(spot: Spot, subject: Subject, items: Items, bare: Mapping[str, int]) -> int | None:
    """What an item comes to with and without the rule; None where no vector can tell."""
    mdd = spot.mdd
    there: dict[int, set[int]] = {}
    for (other, name), place in spot.version.held_by.items():
        if other == subject and not name.startswith(BARRING):
            there.setdefault(place, set()).add(bare.get(name, FALSE))
    known = {name for other, name in spot.version.held_by if other == subject}
    if any(name not in known and not name.startswith(BARRING) for name in bare):
        return None
    if any(len(nodes) > 1 for nodes in there.values()):
        return None
    node = mdd.map(_twice, items.node)
    for place, (after,) in there.items():
        if after != items.effects[place].node:
            node = mdd.apply(_put(place), node, after)
    return node


def _matters(spot: Spot, items: Items, node: int, pair: tuple[Signature, Signature]) -> bool:
    """Whether the outcome of a case with one such item differs between the two."""
    mdd = spot.mdd
    with_it, without_it = (mdd.at(spot.free, _alone(spot, items, one)) for one in pair)
    differ = mdd.apply(_other, with_it, without_it)
    if differ == FALSE:
        return False
    there = mdd.map(_holding(pair), mdd.reach(node, SHARED))
    return mdd.all([differ, there, spot.version.allowed(spot.version.facts.case)]) != FALSE


def _alone(spot: Spot, items: Items, signature: Signature) -> dict[int, int]:
    """The vector of a case with one item: index of the value at each level."""
    found: dict[int, int] = {}
    for each in spot.everyone.items.values():
        for place, effect in enumerate(each.effects):
            has = int(each is items and place in signature)
            found[effect.level] = min(has, effect.items)
            found[effect.level + 1] = min(has, effect.events)
    return found


def _twice(signature: Signature | None) -> Pair:
    return None if signature is None else (signature, signature)


def _put(place: int) -> Callable[[Pair, bool], Pair]:
    def put(pair: Pair, holds: bool) -> Pair:
        if pair is None:
            return None
        return pair[0], pair[1] | {place} if holds else pair[1] - {place}

    return put


def _holding(pair: Pair) -> Callable[[frozenset[Pair]], bool]:
    return lambda pairs: pair in pairs


def _other(a: frozenset[Outcome], b: frozenset[Outcome]) -> bool:
    return a != b
