"""Whether a change of what is presumed, implied or ruled out can be seen in the facts of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property

from models.law import Condition, Fact, Never, Subject
from values_act.conditions import facts_of
from values_act.kleene import Context, holds
from values_act.mutants import Mutant
from values_act.program import Program
from values_act.readers.reference import View
from values_act.records import Record
from values_act.vocabulary import FactSpec, Values, Vocabulary

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

    def touches(self, record: Record) -> bool:
        """Whether the values of a record may be otherwise."""
        original = self.mutant.original
        if isinstance(original, Never):
            return record.subject in original.subject and self._may_hold(original.when, record)
        if not isinstance(original, Fact) or record.subject not in original.subject:
            return False
        names = names_of(original)
        if self.mutant.kind == "presumption":
            return any(each.presumed and each.fact in names for each in record.supposed)
        # a member of a list that is stated not to be one may be told to be
        if original.type != "list" and original.name in record.stated:
            return False
        left = self.mutant.changed.implied if isinstance(self.mutant.changed, Fact) else ()
        # what held when the facts were completed holds of them still
        return any(holds(each.when, record.values) is True for each in original.implied
                   if each not in left)  # fmt: skip

    def presumed_otherwise(self, record: Record, day: date) -> Values | None:
        """The values of a record once a presumption is changed; None if others may follow from it.

        They do not where no implication and no forbidden combination that names the fact has
        anything to say, before and after.
        """
        fact, changed = self.mutant.original, self.mutant.changed
        if self.mutant.kind != "presumption" or not isinstance(fact, Fact):
            return None
        names = names_of(fact)
        supposed = [each.fact for each in record.supposed if each.presumed and each.fact in names]
        now = dict(record.values)
        for name in supposed:
            presumed = changed.presumed if isinstance(changed, Fact) else None
            unknown = self.vocabulary.facts[record.subject, name].unknown(day)
            now[name] = unknown if presumed is None else presumed.value
        told = [
            implied.when
            for spec in self.vocabulary.implicable[record.subject]
            for implied in spec.implied
        ]
        if changed and any(spec.implied for spec in self._specs(record, supposed)):
            return None
        nevers = [never.when for never in self.vocabulary.never.get(record.subject, ())]
        for when in (*told, *nevers):
            named = not set(supposed).isdisjoint(facts_of(when))
            if named and any(holds(when, v) is not False for v in (record.values, now)):
                return None
        return now

    def _specs(self, record: Record, names: list[str]) -> Iterator[FactSpec]:
        return (self.vocabulary.facts[record.subject, name] for name in names)

    def bounds(self, program: Program, before: Record, after: Record) -> bool:
        """Whether what is unknown of a record may be bounded otherwise, by what cannot be."""
        never = self.mutant.original
        if isinstance(never, Never):
            names = set(facts_of(never.when))
            open_now = holds(never.when, before.values) is None
            return (
                before.subject in never.subject
                and open_now
                and bool(names & self._relevant(program, before.subject))
            )
        return not self._linked.isdisjoint(
            (before.subject, n) for n in changes(before.values, after.values)
        )

    def _relevant(self, program: Program, subject: Subject) -> set[str]:
        """Facts that a program reads, and those that cannot be whatever these are."""
        found = set(program.reads[subject]) | {n for s, n in program.behind if s == subject}
        tied = [set(facts_of(never.when)) for never in self.vocabulary.never.get(subject, ())]
        while more := set[str]().union(*(names for names in tied if names & found)) - found:
            found |= more
        return found

    @cached_property
    def _linked(self) -> frozenset[tuple[Subject, str]]:
        """Facts that cannot be together with others."""
        return frozenset(
            (subject, name)
            for subject, nevers in self.vocabulary.never.items()
            for never in nevers
            for name in facts_of(never.when)
        )

    def _may_hold(self, when: Condition, record: Record) -> bool:
        """Whether a condition may hold, given only what nothing else settles about a record."""
        # what the catalogue gave may have been the one variant that could be
        fixed = record.stated | {each.fact for each in record.supposed if each.presumed}
        unknown = self.vocabulary.unknowns(record.subject, _LAST)
        given = {name: value for name, value in record.values.items() if name in fixed}
        return holds(when, {**unknown, **given}) is not False


def names_of(fact: Fact) -> list[str]:
    """A fact, or each member of a list."""
    return [f"{fact.name}.{word}" for word in fact.words] if fact.type == "list" else [fact.name]


def changes(before: Values, after: Values) -> set[str]:
    """Facts that have become otherwise."""
    if before == after:
        return set()
    names = before.keys() | after.keys()
    return {name for name in names if before.get(name) != after.get(name)}


def change_seen(program: Program, view: View, before: Record, after: Values) -> bool:
    """Whether a rule or policy may tell the values of a record from what becomes of them."""
    changed = changes(before.values, after)
    if any((before.subject, name) in program.behind for name in changed):
        return True
    if not changed:
        return False
    if before.subject == "case":
        values, context = view.judgment.values, view.judgment.context
    else:
        values = next(item.values for item in view.items if item.record is before)
        context = Context()
    now = {**values, **{name: after[name] for name in changed if name in after}}
    for condition in _conditions(program, before.subject, changed):
        truth = holds(condition, values, context)
        if truth is None or truth is not holds(condition, now, context):
            return True
    return False


def _conditions(program: Program, subject: Subject, names: set[str]) -> Iterator[Condition | None]:
    """Conditions of rules and policies that name some facts of a subject."""
    for rule in program.rules.values():
        if subject in rule.subject and not names.isdisjoint(program.tested[rule.id]):
            yield rule.when
    for item in program.local if subject == "case" else ():
        if not names.isdisjoint(facts_of(item.term.when)):
            yield item.term.when
