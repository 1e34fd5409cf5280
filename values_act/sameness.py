"""Whether two sides have the same rules: all of a rule or a policy counts but its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.base import Model
from models.case import InmateCase
from models.law import Rule
from values_act.decide import NONE
from values_act.program import LocalRule, Program, Programs
from values_act.readers.layout import Asked
from values_act.versions import Side

WORDS = frozenset({"title", "text", "source", "cite", "note", "detail", "authority"})


def choices_of(side: Side, program: Program) -> dict[str, str | None]:
    """The option that a side takes of each reading of a program; None: left open."""
    taken = {
        name: side.readings.get(name, reading.default) for name, reading in program.readings.items()
    }
    return {name: None if option == NONE else option for name, option in taken.items()}


_KEPT: dict[int, tuple[Model, dict[str, Any]]] = {}


def bearing(entry: Model) -> dict[str, Any]:
    """All of a rule or a policy but its words."""
    kept = _KEPT.get(id(entry))
    if kept is None or kept[0] is not entry:
        body = entry.model_dump(exclude=set(WORDS))
        kept = _KEPT[id(entry)] = entry, body
    return kept[1]


def _same_rules(a: Mapping[str, Rule], b: Mapping[str, Rule]) -> bool:
    return a.keys() == b.keys() and all(
        rule is b[key] or bearing(rule) == bearing(b[key]) for key, rule in a.items()
    )


def _local(item: LocalRule) -> tuple[object, ...]:
    return item.policy.id, item.policy.authority, item.in_force, bearing(item.term)


def equal(first: Asked, second: Asked) -> bool:
    """Whether two sides have the same rules, readings and facts for an act on one day."""
    a, b = first.program, second.program
    return first.day == second.day and (
        a is b
        or (
            _same_rules(a.rules, b.rules)
            and _routes(a) == _routes(b)
            and (a.base and (a.base.outcome, a.base.route))
            == (b.base and (b.base.outcome, b.base.route))
            and [_local(item) for item in a.local] == [_local(item) for item in b.local]
            and (a.vocabulary is b.vocabulary or facts_equal(first, second))
        )
    ) and first.choices == second.choices  # fmt: skip


def _routes(program: Program) -> dict[str, bool]:
    return {name: route.yields_to_local for name, route in program.routes.items()}


class Sameness:
    """Tells of cases whether both sides have the same rules for them."""

    def __init__(self, a: Side, b: Side) -> None:
        self.sides = a, b
        self._programs = Programs(a.library), Programs(b.library)
        self._known: dict[tuple[int, int], tuple[tuple[Program, Program], bool]] = {}

    def __call__(self, case: InmateCase) -> bool:
        """Whether the act, day, law and county of a case have the same rules.

        Raises:
            InputError: there is no such law or county on one side.
        """
        name, day, kind = case.agency.county, case.as_of.first, case.agency.kind
        one, two = (
            programs.get(case.law, day, case.action, side.library.county(name) if name else None,
                         kind if kind != "unknown" else None)
            for side, programs in zip(self.sides, self._programs, strict=True)
        )  # fmt: skip
        key = (id(one), id(two))
        if key not in self._known:
            asked = [
                Asked(p, day, choices_of(s, p)) for p, s in zip((one, two), self.sides, strict=True)
            ]
            self._known[key] = (one, two), equal(asked[0], asked[1])
        return self._known[key][1]


def facts_equal(a: Asked, b: Asked) -> bool:
    """Whether the facts that the rules of two sides look at are the same facts."""
    one, two = a.program.vocabulary, b.program.vocabulary
    for subject, names in a.program.reads.items():
        for name in names:
            first, second = one.facts[subject, name], two.facts.get((subject, name))
            if second is None or (first.type, list(first.words), first.derive, first.origin) != (
                second.type, list(second.words), second.derive, second.origin
            ):  # fmt: skip
                return False
        nevers = [[never.when for never in book.never.get(subject, ())] for book in (one, two)]
        if nevers[0] != nevers[1]:
            return False
    return True
