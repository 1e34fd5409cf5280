"""A proposal is an overlay: the law it would change, without what it drops, and what it adds."""

from __future__ import annotations

from collections.abc import Mapping

from models.law import Law, Rule
from values_act.errors import did_you_mean

Laws = Mapping[str, Law]
Fault = tuple[tuple[str | int, ...], str]


def parts_of(law: Law, laws: Laws) -> tuple[Law, ...]:
    """The laws that a law is made of: its own rules last, if it is a proposal.

    The law that a proposal extends is left as it is; what is returned of it are copies.
    """
    if law.extends is None:
        return tuple(laws[part] for part in law.includes) if law.includes else (law,)
    named = frozenset(law.drop)
    parts = parts_of(laws[law.extends], laws)
    kept = [part for part in parts if part.name not in named]
    left = {route.name for part in (*kept, law) for route in part.routes}
    gone = named | {route.name for part in parts for route in part.routes} - left
    return (*(_without(part, gone, law) for part in kept), law)


def fault_of(law: Law, laws: Laws) -> Fault | None:
    """The first name in `includes`, `extends` or `drop` that is none, as a path and a message."""
    for name in law.includes:
        if name not in laws:
            return ("includes",), f"unknown law `{name}`{did_you_mean(name, laws)}"
    if law.extends is None:
        return None
    able = [name for name, other in laws.items() if other.kind in {"law", "composition"}]
    if law.extends not in able:
        said = f"extends unknown law `{law.extends}`{did_you_mean(law.extends, able)}"
        return ("extends",), said
    base = laws[law.extends]
    unknown = [name for name in base.includes if name not in laws]
    if unknown:
        return ("extends",), f"law `{base.name}` includes unknown law `{unknown[0]}`"
    parts = parts_of(base, laws)
    known = {part.name for part in parts} if base.includes else set()
    for part in parts:
        known |= {rule.id for rule in part.rules} | {base.id for base in part.base}
        known |= {route.name for route in part.routes}
    for index, name in enumerate(law.drop):
        if name not in known:
            said = f"drops `{name}`, which is nothing of law `{base.name}`"
            return ("drop", index), f"{said}{did_you_mean(name, known)}"
    return None


def _without(part: Law, gone: frozenset[str], proposal: Law) -> Law:
    """A copy of a law without what a proposal drops; a route that goes takes its grounds along."""
    rules = [
        rule.model_copy(
            update={
                "bars": tuple(route for route in rule.bars if route not in gone),
                "notwithstanding": tuple(n for n in rule.notwithstanding if n not in gone),
            }
        )
        for rule in part.rules
        if not _goes(rule, gone)
    ]
    changed: dict[str, object] = {
        "rules": tuple(rules),
        "base": tuple(b for b in part.base if b.id not in gone and b.route not in gone),
        "routes": tuple(route for route in part.routes if route.name not in gone),
        "covers": proposal.covers or part.covers,
    }
    return part.model_copy(update=changed)


def _goes(rule: Rule, gone: frozenset[str]) -> bool:
    return rule.id in gone or rule.route in gone or bool(rule.bars and gone.issuperset(rule.bars))
