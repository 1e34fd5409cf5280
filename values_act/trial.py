"""One mutant before many scenarios: which can see it, and what each then answers.

A scenario decided under the law as it is keeps its facts, its program and its view. Under a
mutant only what the change touches is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from models.law import Base, Fact, FactBook, Law, Never, Reading, Route, Rule
from models.policy import County, CountyPolicy
from models.scenario import Expected
from values_act.answer import Answer
from values_act.casefacts import read_facts
from values_act.conditions import facts_of, found_in, tests_routes
from values_act.decide import REFERENCE
from values_act.errors import ValuesActError
from values_act.library import Library
from values_act.mutants import BOUNDS, NO_OPTION, Mutant
from values_act.options import mattering
from values_act.patched import reached_by, with_bars, with_local, with_rule
from values_act.places import AGENCY
from values_act.program import LocalRule, Program, Programs, local_rules
from values_act.readers.reference import Choices, View, evaluate
from values_act.records import Facts
from values_act.scenarios import Placed
from values_act.settle import settle
from values_act.told import Told, change_seen
from values_act.touched import may_differ, places_of, rule_may_differ, rule_may_hold
from values_act.unlike import unlike
from values_act.variant import Variant


@dataclass(slots=True, eq=False)
class Standing:
    """A scenario that the law as it is answers as expected, and how it comes to the answer."""

    number: int
    placed: Placed
    expect: Expected
    answer: Answer
    wide: View  # with every reading left open

    @property
    def program(self) -> Program:
        return self.answer.program

    @property
    def day(self) -> date:
        return self.answer.facts.day

    @property
    def law(self) -> str:
        return self.answer.case.law

    @property
    def agency(self) -> str | None:
        kind = self.answer.facts.case.values.get(AGENCY)
        return kind if isinstance(kind, str) else None

    @property
    def probe(self) -> tuple[View, Choices]:
        """The view that bounds all that the expectation asks about: other readings, if it does."""
        if self.expect.contested is None:
            return self.answer.view, self.answer.choices
        return self.wide, dict.fromkeys(self.program.readings)

    def signature(self, rule: Rule) -> tuple[object, ...]:
        """All that a rule of the program may be told apart by; alike for scenarios alike to it."""
        view, choices = self.probe
        facts, found = sorted(set(facts_of(rule.when))), list(found_in(rule.when))
        places = {
            (
                *(values.get(name, False) for name in facts),
                *(context.found.get((f.rule, f.distinct is not None)) for f in found),
                *(sorted(context.routes.items()) if tests_routes(rule) else ()),
            )
            for values, context in places_of(view, rule)
        }
        taken = (choices.get(name) for name in rule.reading)
        return (id(rule), self.expect.duties is None, *taken, frozenset(places))

    @property
    def unsettled(self) -> bool:
        return len(self.answer.view.judgment.outcomes) > 1


def standing(number: int, placed: Placed, expect: Expected, answer: Answer) -> Standing:
    """A scenario as it stands under the law as it is."""
    opened = dict.fromkeys(answer.program.readings)
    return Standing(number, placed, expect, answer, evaluate(answer.program, answer.facts, opened))


class Trial:
    """A mutant, and what it makes of programs and facts.

    Raises:
        LawError: the changed facts cannot be read at all.
    """

    def __init__(
        self, library: Library, mutant: Mutant, book: FactBook, wider: dict[int, Program]
    ) -> None:
        """Make the changed law; `wider`: programs with every bar in reach, kept for all trials."""
        self.library = library
        self.wider = wider
        self.mutant = mutant
        self.variant = Variant(library, mutant, book)
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
            return bool(one.program.local) and original.name in one.program.routes
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
        return read_facts(one.answer.case, self.variant.vocabulary, self.library.catalogue)

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
            return unlike(one.expect, self.answer(one))
        except ValuesActError:
            return True

    def answer(self, one: Standing) -> Answer:
        """The answer to a scenario's case under the changed law.

        Raises:
            ValuesActError: it has none.
        """
        old = one.answer
        facts, choices, program = old.facts, dict(old.choices), self.program(one)
        if isinstance(self.mutant.original, (Fact, Never)):
            facts = self._facts(one)
        if isinstance(self.mutant.changed, Reading):
            default = self.mutant.changed.default
            choices[self.mutant.owner] = None if default == NO_OPTION else default
        for name, reading in program.readings.items():
            if name not in choices:
                choices[name] = old.case.readings.get(name, reading.default)
                if choices[name] == NO_OPTION:
                    choices[name] = None
        view = evaluate(program, facts, choices)
        asked = one.expect.contested is not None
        settled = settle(program, facts, choices, view, contested=asked)
        return Answer(
            self.variant, old.case, self._county(one), facts, program, choices, view, settled,
            (REFERENCE,),
        )  # fmt: skip

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
                old, new = program.rules[original.id], self._rule_in(one)
                wide = self._wider(one) if self._brings(one, old, new) else program
                made = with_rule(wide, old, new)
            self._made[id(program)] = known = (program, made)
        return known[1]

    def _wider(self, one: Standing) -> Program:
        """The program of a scenario with the bars of every route in reach."""
        known = self.wider.get(id(one.program))
        if known is None:
            case = one.answer.case
            county = one.answer.county if one.program.local else None
            known = with_bars(self.library, one.program, case.law, one.day, county)
            self.wider[id(one.program)] = known
        return known

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
