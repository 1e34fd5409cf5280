"""A proposal is an overlay: the law it would change, without what it drops, and what it adds.

What it replaces is dropped too, and every name of it elsewhere then means what takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.law import AllOf, AnyOf, Base, Condition, Found, Law, Not, Open, Reading, Route, Rule
from values_act.errors import did_you_mean

Laws = Mapping[str, Law]
Names = Mapping[str, str]
Fault = tuple[tuple[str | int, ...], str]
KINDS = {Rule: "rule", Base: "base rule", Route: "route", Reading: "reading"}


def parts_of(law: Law, laws: Laws) -> tuple[Law, ...]:
    """The laws that a law is made of: its own rules last, if it is a proposal.

    The law that a proposal extends is left as it is; what is returned of it are copies. A rule
    that is kept of a dropped law is one of the proposal's own.
    """
    if law.extends is None:
        return tuple(laws[part] for part in law.includes) if law.includes else (law,)
    parts = [_followed(part, law.replace) for part in parts_of(laws[law.extends], laws)]
    left = [part for part in parts if part.name not in law.drop]
    routes = {route.name for part in (*left, law) for route in part.routes}
    gone = frozenset(
        {*law.drop, *law.replace} | {route.name for part in parts for route in part.routes} - routes
    )
    spared = [_trimmed(r, gone) for part in parts for r in part.rules if r.id in law.keep]
    own = law.model_copy(update={"rules": (*law.rules, *spared)}) if spared else law
    return (*(_without(part, gone, law) for part in left), own)


def fault_of(law: Law, laws: Laws) -> Fault | None:
    """The first fault in what a law is made of, as a path and a message."""
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
    faults = (*_drop_faults(law, base, parts), *_replace_faults(law, base, parts))
    return faults[0] if faults else None


# ---------------------------------------------------------------- the changed copy


def followed(condition: Condition, new: Names) -> Condition:
    """A condition in which each name of what was replaced is that of what took its place."""
    if isinstance(condition, (AllOf, AnyOf)):
        parts = tuple(followed(part, new) for part in condition.parts)
        return condition.model_copy(update={"parts": parts})
    if isinstance(condition, Not):
        return Not(part=followed(condition.part, new))
    if isinstance(condition, Found) and condition.rule in new:
        return condition.model_copy(update={"rule": new[condition.rule]})
    if isinstance(condition, Open) and condition.route in new:
        return Open(route=new[condition.route])
    return condition


def _followed(part: Law, new: Names) -> Law:
    """A copy of a law that names what was replaced by its new name, beside what was replaced."""
    if not new:
        return part
    rules = tuple(_rule_followed(rule, new) for rule in part.rules)
    routed = (
        b.model_copy(update={"route": new.get(b.route, b.route)}) if b.route else b
        for b in part.base
    )
    return part.model_copy(update={"rules": rules, "base": tuple(routed)})


def _rule_followed(rule: Rule, new: Names) -> Rule:
    changed: dict[str, object] = {
        "when": followed(rule.when, new) if rule.when is not None else None,
        "route": new.get(rule.route, rule.route) if rule.route else None,
        "bars": tuple(new.get(route, route) for route in rule.bars),
        "notwithstanding": tuple(new.get(name, name) for name in rule.notwithstanding),
        "reading": {new.get(name, name): taken for name, taken in rule.reading.items()},
    }
    return rule.model_copy(update=changed)


def _without(part: Law, gone: frozenset[str], proposal: Law) -> Law:
    """A copy of a law without what a proposal drops; a route that goes takes its grounds along."""
    changed: dict[str, object] = {
        "rules": tuple(_trimmed(rule, gone) for rule in part.rules if not _goes(rule, gone)),
        "base": tuple(b for b in part.base if b.id not in gone and b.route not in gone),
        "routes": tuple(route for route in part.routes if route.name not in gone),
        "readings": tuple(reading for reading in part.readings if reading.id not in gone),
        "covers": proposal.covers or part.covers,
    }
    return part.model_copy(update=changed)


def _trimmed(rule: Rule, gone: frozenset[str]) -> Rule:
    changed = {
        "bars": tuple(route for route in rule.bars if route not in gone),
        "notwithstanding": tuple(name for name in rule.notwithstanding if name not in gone),
    }
    return rule.model_copy(update=changed)


def _goes(rule: Rule, gone: frozenset[str]) -> bool:
    return rule.id in gone or rule.route in gone or bool(rule.bars and gone.issuperset(rule.bars))


# ---------------------------------------------------------------- faults


def _entries(law: Law) -> dict[str, Rule | Base | Route | Reading]:
    """What a law holds, by name."""
    return {
        **{rule.id: rule for rule in law.rules},
        **{base.id: base for base in law.base},
        **{reading.id: reading for reading in law.readings},
        **{route.name: route for route in law.routes},
    }


def _drop_faults(law: Law, base: Law, parts: tuple[Law, ...]) -> Iterator[Fault]:
    """Names in `drop` and `keep` that are none."""
    known = {name for part in parts for name, e in _entries(part).items() if type(e) is not Reading}
    known |= {part.name for part in parts} if base.includes else set()
    for index, name in enumerate(law.drop):
        if name not in known:
            said = f"drops `{name}`, which is nothing of law `{base.name}`"
            yield ("drop", index), f"{said}{did_you_mean(name, known)}"
    able = [rule.id for part in parts if part.name in law.drop for rule in part.rules]
    for index, name in enumerate(law.keep):
        if name not in able:
            said = f"keeps `{name}`, which is no rule of a law that it drops"
            yield ("keep", index), f"{said}{did_you_mean(name, able)}"
        elif name in law.drop:
            yield ("keep", index), f"both keeps and drops `{name}`"


def _replace_faults(law: Law, base: Law, parts: tuple[Law, ...]) -> Iterator[Fault]:
    """Names in `replace` that are none, or of two kinds, or what cannot be replaced."""
    known = {name: entry for part in parts for name, entry in _entries(part).items()}
    own = _entries(law)
    for old, new in law.replace.items():
        entry = known.get(old)
        if entry is None:
            said = f"replaces `{old}`, which is no rule, base rule, route or reading of law"
            yield ("replace", old), f"{said} `{base.name}`{did_you_mean(old, known)}"
            continue
        kind = KINDS[type(entry)]
        able = [name for name, mine in own.items() if type(mine) is type(entry)]
        if new not in able:
            said = f"replaces {kind} `{old}` by `{new}`, which is no {kind} of its own"
            yield ("replace", old), f"{said}{did_you_mean(new, able)}"
        elif old in law.drop:
            yield ("replace", old), f"both drops and replaces `{old}`"
        elif isinstance(entry, Reading) and entry.role != "rules":
            said = f"replaces reading `{old}`, which is asked under every law"
            yield ("replace", old), f"{said}, so it cannot be replaced"
