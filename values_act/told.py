"""Whether a change of what is presumed, implied or ruled out can be seen in the facts of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from models.base import Scalar
from models.law import Condition, Fact, Never, Subject, Test
from values_act.conditions import leaves
from values_act.kleene import expected, holds
from values_act.mutants import Mutant
from values_act.program import Program
from values_act.records import Record
from values_act.vocabulary import Vocabulary

_LAST = date.max  # whatever the day, a date may lie before it


class Told:
    """A change of the facts' own rules, before the records of cases; it errs towards yes.

    Args:
        mutant: the change; one of another kind touches nothing here.
        vocabulary: the facts as they are.
    """

    def __init__(self, mutant: Mutant, vocabulary: Vocabulary) -> None:
        self.mutant = mutant
        self.vocabulary = vocabulary

    def touches(self, program: Program, record: Record) -> bool:
        """Whether a record, or what a program makes of it, may be otherwise."""
        original = self.mutant.original
        if isinstance(original, Never):
            return record.subject in original.subject and self._may_hold(original.when, record)
        if not isinstance(original, Fact) or record.subject not in original.subject:
            return False
        if self.mutant.kind == "presumption":
            return any(self._presumes(program, record, name) for name in self._names(original))
        open_names = [
            name
            for name in self._names(original)
            if name not in record.stated or original.type == "list"
        ]
        whens = [
            each.when
            for each in original.implied
            if not isinstance(self.mutant.changed, Fact) or each not in self.mutant.changed.implied
        ]
        return bool(open_names) and any(self._may_hold(when, record) for when in whens)

    def _names(self, fact: Fact) -> list[str]:
        """A fact, or each member of a list."""
        return (
            [f"{fact.name}.{word}" for word in fact.words] if fact.type == "list" else [fact.name]
        )

    def _presumes(self, program: Program, record: Record, name: str) -> bool:
        """Whether a fact is presumed of a record, and some test or other rule of facts asks it."""
        if not any(each.fact == name and each.presumed for each in record.supposed):
            return False
        if (record.subject, name) in self._linked or (record.subject, name) in program.behind:
            return True
        changed = self.mutant.changed
        presumed = changed.presumed if isinstance(changed, Fact) else None
        tests = [test for test in program.tests[record.subject] if test.fact == name]
        if presumed is None:
            return bool(tests)
        return any(_asks(test, record.values[name], presumed.value) for test in tests)

    @cached_property
    def _linked(self) -> frozenset[tuple[Subject, str]]:
        """Facts from which others follow, or that cannot be together with others."""
        found: set[tuple[Subject, str]] = set()
        for subject, nevers in self.vocabulary.never.items():
            found |= _tested(subject, (never.when for never in nevers))
        for subject, specs in self.vocabulary.implicable.items():
            for spec in specs:
                found |= _tested(subject, (implied.when for implied in spec.implied))
        return frozenset(found)

    def _may_hold(self, when: Condition, record: Record) -> bool:
        """Whether a condition may hold, given only what nothing else settles about a record."""
        # what the catalogue gave may have been the one variant that could be
        fixed = record.stated | {each.fact for each in record.supposed if each.presumed}
        unknown = self.vocabulary.unknowns(record.subject, _LAST)
        given = {name: value for name, value in record.values.items() if name in fixed}
        return holds(when, {**unknown, **given}) is not False


def _tested(subject: Subject, whens: Iterable[Condition]) -> set[tuple[Subject, str]]:
    return {(subject, leaf.fact) for when in whens for leaf in leaves(when)
            if isinstance(leaf, Test)}  # fmt: skip


def _asks(test: Test, before: object, after: Scalar) -> bool:
    """Whether a test tells one value from another."""
    return not isinstance(before, (bool, int, str)) or expected(
        test.expect, before
    ) is not expected(test.expect, after)
