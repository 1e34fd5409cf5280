"""One pass over scenarios by the reference alone: what each test of each rule came to in them.

A scenario counts only if its answer is the one expected. What is not sure in it (a fact that is
unknown, a list left open, a reading left open) exercises nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models.law import Condition, Rule, Subject
from models.policy import County, CountyPolicy, Term
from models.scenario import Expected
from values_act.answer import Answer
from values_act.conditions import leaves
from values_act.coverage_dates import Stand, stand_of
from values_act.covered import Names
from values_act.decide import Decider
from values_act.errors import ValuesActError
from values_act.kleene import Context, Truth, holds
from values_act.library import Library
from values_act.program import Program
from values_act.readers.reference import View, evaluate, gate
from values_act.reasons import write_decision
from values_act.scenarios import Placed, differences
from values_act.vocabulary import Values

Owner = tuple[str, str]  # a rule's id and "", or a policy's id and the act its term is about
Row = tuple[Truth, ...]  # what the leaves of a condition came to, left to right


@dataclass(slots=True)
class Seen:
    """What the scenarios came to: each set holds the numbers of scenarios, in order."""

    names: list[str] = field(default_factory=list)
    rows: dict[Owner, dict[Row, set[int]]] = field(default_factory=dict)
    bound: dict[Owner, set[int]] = field(default_factory=dict)
    decided: dict[Owner, set[int]] = field(default_factory=dict)
    taken: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    named: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    stands: list[Stand] = field(default_factory=list)
    todo: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def told(self, numbers: Iterable[int]) -> Names:
        return tuple(self.names[number] for number in sorted(numbers))

    def of_row(self, owner: Owner, row: Row, number: int) -> None:
        self.rows.setdefault(owner, {}).setdefault(row, set()).add(number)


class Watch:
    """Watches scenarios being decided, one by one."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.decider = Decider(library, use_engine=False)
        self.seen = Seen()
        self._own = {rule.id: rule for _, rule in rules_of(library)}
        self._terms = {
            (policy.id, act): term for _, policy, act, term in terms_of(library.counties())
        }
        self._plans: dict[Program, dict[Subject, list[Rule]]] = {}

    def look(self, placed: Placed) -> None:
        """Decide a scenario and keep what it exercises, if the answer is the one expected."""
        scenario, seen = placed.scenario, self.seen
        if scenario.expect is None:
            seen.todo += 1
            return
        where = f"{placed.file}:{placed.line}: {scenario.name}"
        try:
            problems, answer, deciding = self._answer(placed, scenario.expect)
        except ValuesActError as error:
            seen.failed.append((where, str(error)))
            return
        if problems:
            seen.failed.append((where, "; ".join(problems)))
            return
        number = len(seen.names)
        seen.names.append(scenario.name)
        seen.stands.append(stand_of(answer, number, self._place(answer)))
        # writing reasons supposes other facts in the answer's own view, so it is made once more
        view = evaluate(answer.program, answer.facts, answer.choices)
        self._rules(answer, view, number)
        self._policies(answer, view, number)
        self._readings(answer, number)
        self._deciding(answer, deciding, number)

    def _answer(
        self, placed: Placed, expect: Expected
    ) -> tuple[list[str], Answer, tuple[str, ...]]:
        contested = expect.contested is not None  # else nobody compares them
        answer = self.decider.answer(placed.scenario.case, contested=contested)
        decision = write_decision(answer)
        return list(differences(expect, decision)), answer, decision.deciding

    def _place(self, answer: Answer) -> str | None:
        """The county whose own policies count; a hypothetical county exercises no file."""
        county = answer.county
        return county.county if county is not None and answer.case.policy is None else None

    def _plan(self, program: Program) -> dict[Subject, list[Rule]]:
        """The rules of a program by subject, without those that a proposal reads otherwise."""
        if program not in self._plans:
            plan: dict[Subject, list[Rule]] = {}
            for rule in program.rules.values():
                own = self._own.get(rule.id)
                if own is not None and own.when == rule.when:
                    for subject in rule.subject:
                        plan.setdefault(subject, []).append(rule)
            self._plans[program] = plan
        return self._plans[program]

    def _rules(self, answer: Answer, view: View, number: int) -> None:
        plan = self._plan(answer.program)
        live = {
            rule.id for rules in plan.values() for rule in rules
            if gate(rule, answer.choices) is True
        }  # fmt: skip
        judgment, blank = view.judgment, Context()
        sides: list[tuple[Subject, Values, Context]] = [("case", judgment.values, judgment.context)]
        sides += [
            (item.record.subject, item.values, blank)
            for item in view.items
            if not item.record.phantom
        ]
        for subject, values, context in sides:
            for rule in plan.get(subject, ()):
                if rule.id in live:
                    row = row_of(rule.when, values, context)
                    self.seen.of_row((rule.id, ""), row, number)

    def _policies(self, answer: Answer, view: View, number: int) -> None:
        if self._place(answer) is None:
            return
        judgment, act = view.judgment, answer.program.action
        for item in answer.program.local:
            owner, term = (item.policy.id, act), item.term
            own = self._terms.get(owner)
            if item.in_force is True and own is not None and own.when == term.when:
                self.seen.bound.setdefault(owner, set()).add(number)
                row = row_of(term.when, judgment.values, judgment.context)
                self.seen.of_row(owner, row, number)

    def _readings(self, answer: Answer, number: int) -> None:
        for name in answer.program.readings:
            option = answer.choices[name]
            if option is not None:
                self.seen.taken.setdefault((name, option), set()).add(number)
                if answer.case.readings.get(name) == option:
                    self.seen.named.setdefault((name, option), set()).add(number)

    def _deciding(self, answer: Answer, deciding: Iterable[str], number: int) -> None:
        hypothetical = answer.case.policy.id if answer.case.policy else None
        local = {item.policy.id for item in answer.program.local}
        for name in deciding:
            if name != hypothetical:
                owner = (name, answer.program.action if name in local else "")
                self.seen.decided.setdefault(owner, set()).add(number)


def row_of(condition: Condition | None, values: Values, context: Context) -> Row:
    """What each leaf of a condition comes to."""
    return tuple(holds(leaf, values, context) for leaf in leaves(condition))


# ---------------------------------------------------------------- what there is to exercise


def rules_of(library: Library) -> Iterator[tuple[str, Rule]]:
    """Every rule with the law or the county whose rule it is."""
    for law in library.laws.values():
        yield from ((law.name, rule) for rule in law.rules)
    for county in library.counties():
        yield from ((county.county, rule) for rule in county.rules)


def terms_of(counties: Iterable[County]) -> Iterator[tuple[County, CountyPolicy, str, Term]]:
    """What each policy says of each act."""
    for county in counties:
        for policy in county.policies:
            yield from ((county, policy, act, term) for act, term in policy.actions.items())
