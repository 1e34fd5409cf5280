"""One mutant before many scenarios: which can see it, and what each then answers.

A scenario decided under the law as it is keeps its facts, its program and its view. Under a
mutant only what the change touches is made anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from models.law import Base, Fact, Law, Never, Reading, Route, Rule
from models.policy import County, CountyPolicy
from values_act.answer import Answer
from values_act.bench import Bench, Standing
from values_act.casefacts import read_facts
from values_act.decide import REFERENCE
from values_act.errors import ValuesActError
from values_act.mutants import BOUNDS, NO_OPTION, Mutant
from values_act.options import mattering
from values_act.patched import reached_by, with_local, with_rule
from values_act.program import LocalRule, Program, Programs, local_rules
from values_act.readers.reference import Choices, View, evaluate
from values_act.readers.reread import reread
from values_act.records import Facts, Record
from values_act.reviewed import reviewed
from values_act.settle import settle
from values_act.told import Told, change_seen
from values_act.touched import effect_of, may_differ, rule_may_differ, rule_may_hold
from values_act.unlike import unlike
from values_act.variant import Variant


class Trial:
    """A mutant, and what it makes of programs and facts.

    Raises:
        LawError: the changed facts cannot be read at all.
    """

    def __init__(self, bench: Bench, mutant: Mutant) -> None:
        self.bench = bench
        self.library = library = bench.library
        self.mutant = mutant
        self.variant = Variant(library, mutant)
        self.programs = Programs(self.variant)
        self._made: dict[int, tuple[Program, Program | None]] = {}  # by id; what has it is kept
        self._rules: dict[str, Rule | None] = {}
        self._told = Told(mutant, library.vocabulary)

    # ------------------------------------------------------------ can it be seen
    def touches(self, one: Standing) -> bool:
        """Whether the change may alter what a scenario expects; a bound that errs towards yes."""
        original, changed = self.mutant.original, self.mutant.changed
        if isinstance(original, Rule):
            return self._rule_touches(one, original)
        if isinstance(original, Base):
            return self._base_touches(one, original)
        if isinstance(original, Law):
            return _in_force(original, one.day) != _in_force(changed, one.day)
        if isinstance(original, Route):
            return self._route_touches(one, original.name)
        if isinstance(original, Reading):
            return isinstance(changed, Reading) and self._default_touches(one, original, changed)
        if isinstance(original, CountyPolicy):
            return self._policy_touches(one)
        return self._facts_touch(one)

    def _facts_touch(self, one: Standing) -> bool:
        facts, view = one.answer.facts, one.probe[0]
        touched = [record for record in facts.records() if self._told.touches(record)]
        for record in touched:
            now = self._told.presumed_otherwise(record, one.day)
            if now is None:
                return self._facts_seen(one)
            if change_seen(one.program, view, record, now):
                return True
        return False

    def _facts_seen(self, one: Standing) -> bool:
        """The same, from all facts read anew."""
        try:
            after = self._facts(one)
        except ValuesActError:
            return True
        bounded = one.unsettled or one.expect.contested is not None
        return any(
            old.variants != new.variants
            or change_seen(one.program, one.probe[0], old, new.values)
            or (bounded and self._told.bounds(one.program, old, new))
            for old, new in zip(one.answer.facts.records(), after.records(), strict=True)
        )

    def _facts(self, one: Standing) -> Facts:
        """The facts of a case under the changed law; a record that is as it was is the same one."""
        before = one.answer.facts
        told = [self._told_of(record, one.day) for record in before.records()]
        if None in told:
            after = read_facts(one.answer.case, self.variant.vocabulary, self.library.catalogue)
            pairs = zip(before.records(), after.records(), strict=True)
            told = [old if _same(old, new) else new for old, new in pairs]
        case, *items = (record for record in told if record is not None)
        return replace(before, case=case, items=items)

    def _told_of(self, record: Record, day: date) -> Record | None:
        """What a record is after the change; None if its case has to be read anew."""
        if not self._told.touches(record):
            return record
        values = self._told.presumed_otherwise(record, day)
        return None if values is None else replace(record, values=values)

    def _route_touches(self, one: Standing, name: str) -> bool:
        """Whether something may stand on a route while some policy may close it."""
        judgment, base = one.probe[0].judgment, one.program.base
        if name not in one.program.routes or all(r.open is True for r in judgment.local):
            return False
        return (base is not None and base.route == name) or any(
            one.program.rules[key].route == name
            for key, truth in judgment.grounds.items()
            if truth is not False
        )

    def _base_touches(self, one: Standing, original: Base) -> bool:
        changed, action = self.mutant.changed, one.program.action
        if self.mutant.kind in BOUNDS:
            moved = _in_force(original, one.day) != _in_force(changed, one.day)
            return moved and action in original.actions
        if isinstance(changed, Base) and self.mutant.kind == "actions-dropped":
            return action in original.actions and action not in changed.actions
        return one.program.base is not None and one.program.base.id == original.id

    def _rule_touches(self, one: Standing, original: Rule) -> bool:
        old, new = one.program.rules.get(original.id), self._rule_in(one)
        if old is None and (new is None or not self._may_come(one, original, new)):
            return False
        if one.expect.duties is None and not any(r and not r.duty for r in (old, new)):
            return False
        view, choices = one.probe
        if old is None:
            return new is not None and rule_may_hold(one.program, view, new, choices)
        return rule_may_differ(one.program, view, old, new, choices)

    def _may_come(self, one: Standing, original: Rule, new: Rule) -> bool:
        """Whether a rule that a program has not may be in it after the change."""
        came = self.mutant.kind in BOUNDS and not original.in_force(one.day)
        action = one.program.action
        wider = new.concerns(action) and not original.concerns(action)
        # a proposal that takes a route out takes along what is on it, and nothing else
        moved = new.route != original.route and self.library.law(one.law).extends is not None
        return came or wider or moved

    def _rule_in(self, one: Standing) -> Rule | None:
        """The changed rule as the law that a scenario asks for has it on its day, if it does."""
        changed = self.mutant.changed
        if self.mutant.law is None:  # the rules of a county have no dates
            return changed if isinstance(changed, Rule) else None
        if self.variant.laws[one.law].extends is None or self._is_definition:
            found = changed if isinstance(changed, Rule) else None
        else:
            if one.law not in self._rules:
                parts = self.variant.parts(one.law)
                owner = self.mutant.owner
                own = (rule for part in parts for rule in part.rules if rule.id == owner)
                self._rules[one.law] = next(own, None)
            found = self._rules[one.law]
        return found if found is not None and found.in_force(one.day) else None

    @property
    def _is_definition(self) -> bool:
        return self.variant.laws[self.mutant.law or ""].kind == "definitions"

    def _default_touches(self, one: Standing, original: Reading, changed: Reading) -> bool:
        name = original.id
        if name in one.answer.case.readings or name not in one.program.readings:
            return False
        defaults = {original.default, changed.default}
        compared = set(original.options) if NO_OPTION in defaults else defaults
        return name in set(mattering(one.program, one.wide, {name: compared}))

    def _policy_touches(self, one: Standing) -> bool:
        before, after = one.program.local, self._local(one)
        was = {item.policy.id: item for item in before}
        now = {item.policy.id: item for item in after}
        if was.keys() != now.keys():
            return True
        for name, item in now.items():
            old = was[name]
            if old.in_force is not item.in_force or self._term_differs(one, old, item):
                return True
        return False

    def _term_differs(self, one: Standing, old: LocalRule, new: LocalRule) -> bool:
        if old.term is new.term:
            return False
        if old.term.when is None or new.term.when is None:
            return old.term != new.term
        if self.library.law(one.law).replace:
            return True  # one of the two follows what takes the place of what is replaced
        judgment = one.probe[0].judgment
        return may_differ(old.term.when, new.term.when, judgment.values, judgment.context)

    def _local(self, one: Standing) -> tuple[LocalRule, ...]:
        return local_rules(self._county(one), one.agency, one.day, one.program.action)

    def _county(self, one: Standing) -> County | None:
        county = one.answer.county
        if county is None or one.answer.case.policy is not None or self.mutant.county is None:
            return county
        return self.variant.county(county.county)

    # ------------------------------------------------------------ what it answers
    def kills(self, one: Standing) -> bool:
        """Whether a scenario no longer comes to what it expects."""
        try:
            answer = self.answer(one)
        except ValuesActError:
            return True
        return answer is not one.answer and unlike(one.expect, answer)

    def answer(self, one: Standing) -> Answer:
        """The answer to a scenario's case under the changed law.

        It is the answer under the law as it is, itself, where that is sure to be the same in all
        that can be expected.

        Raises:
            ValuesActError: it has none.
        """
        old = one.answer
        program, choices, facts = self.program(one), self._choices(one), old.facts
        if isinstance(self.mutant.original, (Fact, Never)):
            facts = self._facts(one)
        view = self._view(one, program, facts, choices)
        asked = one.expect.contested is not None
        if view.judgment is old.view.judgment and not one.unsettled and not asked:
            return old
        settled = settle(program, facts, choices, view, contested=asked)
        return Answer(
            self.variant, old.case, self._county(one), facts, program, choices, view, settled,
            (REFERENCE,),
        )  # fmt: skip

    def _choices(self, one: Standing) -> dict[str, str | None]:
        choices = dict(one.answer.choices)
        if isinstance(self.mutant.changed, Reading):
            choices[self.mutant.owner] = _option(self.mutant.changed.default)
        for name, reading in self.program(one).readings.items():
            if name not in choices:
                choices[name] = _option(one.answer.case.readings.get(name, reading.default))
        return choices

    def _view(self, one: Standing, program: Program, facts: Facts, choices: Choices) -> View:
        """The case evaluated, from what stands of it before the change."""
        old, original = one.answer, self.mutant.original
        if isinstance(original, Reading):
            return reread(program, facts, old.view, old.choices, choices)
        if isinstance(original, (Fact, Never)):
            return reviewed(old.view, program, old.facts, facts, choices, None, weighs=False)
        if self._patched(one) is not program:
            return evaluate(program, facts, choices)
        if isinstance(original, CountyPolicy):
            return reviewed(old.view, program, facts, facts, choices, None, weighs=True)
        before, new = self._before(one), program.rules.get(self.mutant.owner)
        rule = before.rules[self.mutant.owner]
        weighs = before is not one.program or new is None or effect_of(new) != effect_of(rule)
        view = self.bench.view_under(one, before, choices)
        return reviewed(view, program, facts, facts, choices, rule, weighs=weighs)

    def program(self, one: Standing) -> Program:
        """The program of a scenario's case under the changed law."""
        original, program = self.mutant.original, one.program
        if isinstance(original, (Fact, Never)):
            return replace(program, vocabulary=self.variant.vocabulary)
        if isinstance(original, Reading):
            return program
        return self._patched(one) or self._built(one)

    def _patched(self, one: Standing) -> Program | None:
        original, program = self.mutant.original, one.program
        if not isinstance(original, (Rule, CountyPolicy)) or self.mutant.kind in BOUNDS:
            return None  # a program holds for days that a moved bound may lie between
        known = self._made.get(id(program))
        if known is None:
            made = None
            if isinstance(original, CountyPolicy):
                if not self.library.law(one.law).replace:
                    made = with_local(program, self._local(one))
            elif original.id in program.rules:
                before = self._before(one)
                made = with_rule(before, before.rules[original.id], self._rule_in(one))
            self._made[id(program)] = known = (program, made)
        return known[1]

    def _before(self, one: Standing) -> Program:
        """The program that a changed rule takes its place in: with more bars, if it brings them."""
        old = one.program.rules[self.mutant.owner]
        if not self._brings(one, old, self._rule_in(one)):
            return one.program
        return self.bench.wider(one)

    def _brings(self, one: Standing, old: Rule, new: Rule | None) -> bool:
        """Whether a rule on another route brings bars of that route along."""
        if new is None or new.route == old.route:
            return False
        parts = (*self.library.definitions, *self.library.parts(one.law))
        pool = (rule for part in parts for rule in part.rules)
        return reached_by(one.program, new.route, pool)

    def _built(self, one: Standing) -> Program:
        case, county = one.answer.case, self._county(one)
        return self.programs.get(case.law, one.day, case.action, county, one.agency)


# ---------------------------------------------------------------- helpers


def _in_force(entry: object, day: date) -> bool:
    if not isinstance(entry, (Rule, Base, Law)):
        return False
    return (entry.effective or date.min) <= day <= (entry.ended or date.max)


def _option(name: str) -> str | None:
    return None if name == NO_OPTION else name


def _same(one: Record, other: Record) -> bool:
    """Whether two records of an item or a case say the same of it."""
    return (one.values, one.variants, one.stated, one.implicable) == (
        other.values, other.variants, other.stated, other.implicable
    )  # fmt: skip
