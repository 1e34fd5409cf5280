"""Why and why not, as data: the tree of a rule's tests, and the near-misses among the grounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from models.decision import Failed, NearMiss
from models.law import AllOf, AnyOf, Condition, Expect, Found, Not, Rule, Subject, Test
from values_act.kleene import Context, Truth, holds
from values_act.program import Program
from values_act.readers import words
from values_act.readers.reference import Choices, Judgment, View, gate
from values_act.records import Facts, Record
from values_act.vocabulary import FactSpec, Open, Value, Values

MAX_NEAR = 8
_TOO_FAR = 99


@dataclass(frozen=True, slots=True)
class Lack:
    """One test that is not met: the fact, what is wanted, what is given."""

    spec: FactSpec | None
    expect: Expect | None
    value: Value | None
    positive: bool
    text: str = ""  # what is lacking where it is no fact

    def view(self) -> Failed:
        """In words; made only for what is shown."""
        spec, expect = self.spec, self.expect
        if spec is None or expect is None:
            return Failed(fact="", needed="", actual="", words=self.text)
        return Failed(
            fact=spec.name,
            needed=words.expectation(spec, expect),
            actual=words.actual(spec, self.value),
            words=words.failed_sentence(spec, expect, self.value, self.positive),
        )


@dataclass(frozen=True, slots=True)
class Miss:
    """A rule that does not decide, what it lacks, and about which item."""

    rule: Rule
    record: Record | None
    lacks: list[Lack]
    barred: str | None = None


@dataclass(slots=True)
class Explainer:
    """Explains one evaluated case."""

    program: Program
    facts: Facts
    choices: Choices
    view: View
    _known: dict[tuple[int, Subject, str], list[Lack] | None] = field(default_factory=dict)

    # ------------------------------------------------------------ near-misses
    def near_misses(self) -> list[NearMiss]:
        """Grounds and requirements that do not hold, nearest first: what each lacks."""
        found: list[Miss] = []
        for rule in self.program.rules.values():
            opens = (rule.permits or rule.requires) and rule.concerns(self.program.action)
            if opens and gate(rule, self.choices) is not False:
                found.extend(self._misses(rule))
        found.sort(key=lambda miss: len(miss.lacks) if miss.barred is None else 0)
        return [self._say(miss) for miss in found[:MAX_NEAR]]

    def _misses(self, rule: Rule) -> Iterator[Miss]:
        judgment = self.view.judgment
        if rule.about_case:
            held = judgment.truths.get(rule.id)
            if held is False:
                lacks = self.lacks(rule.when, "case", judgment.values, judgment.context)
                yield Miss(rule, None, lacks)
        else:
            held = self.view.held.held.get(rule.id)
            for item in self.view.items:
                record = item.record
                if record.phantom or item.truths.get(rule.id) is not False:
                    continue
                lacks = self.lacks(rule.when, record.subject, item.values, Context())
                yield Miss(rule, item.record, lacks)
        if held is True:
            for bar in judgment.shut.get(rule.id, ()):
                text = f"closed by {bar}: {self.program.rules[bar].title}"
                yield Miss(rule, None, [Lack(None, None, None, True, text)], bar)

    def _say(self, miss: Miss) -> NearMiss:
        rule, record = miss.rule, miss.record
        return NearMiss(
            rule=rule.id,
            cite=rule.cite,
            title=rule.title,
            item=words.item_title(self.program, record) if record else "case",
            failed=tuple(lack.view() for lack in miss.lacks),
            barred=miss.barred,
        )

    def lacks(
        self,
        condition: Condition | None,
        subject: Subject,
        values: Values,
        context: Context,
        positive: bool = True,
    ) -> list[Lack]:
        """The fewest tests whose change would make a condition hold, through definitions."""
        if condition is None or self._as_wanted(condition, values, context, positive):
            return []
        if isinstance(condition, Not):
            return self.lacks(condition.part, subject, values, context, not positive)
        if isinstance(condition, (AllOf, AnyOf)):
            parts = [
                self.lacks(part, subject, values, context, positive) for part in condition.parts
            ]
            if isinstance(condition, AllOf) is positive:
                return [lack for part in parts for lack in part]
            return min(parts, key=len)
        if isinstance(condition, Test):
            return self._test_lacks(condition, subject, values, context, positive)
        if isinstance(condition, Found):
            rule = self.program.rules.get(condition.rule)
            title = rule.title if rule else condition.rule
            return [Lack(None, None, None, positive, f"nothing on record meets: {title}")]
        return [
            Lack(None, None, None, positive, words.condition_text(self.program, subject, condition))
        ]

    def _as_wanted(
        self, condition: Condition, values: Values, context: Context, positive: bool
    ) -> bool:
        return holds(condition, values, context) is positive

    def _test_lacks(
        self,
        test: Test,
        subject: Subject,
        values: Values,
        context: Context,
        positive: bool,
    ) -> list[Lack]:
        spec = self.program.vocabulary.facts[subject, test.fact]
        wants = positive is bool(test.expect.values and test.expect.values[0] is True)
        if spec.origin == "defined" and wants:
            # values, and the context with them, are those of one subject of the view
            key = (id(values), subject, test.fact)
            if key not in self._known:
                self._known[key] = self._definition_lacks(subject, test.fact, values, context)
            known = self._known[key]
            if known is not None:
                return known
        return [Lack(spec, test.expect, values.get(test.fact), positive)]

    def _definition_lacks(
        self, subject: Subject, fact: str, values: Values, context: Context
    ) -> list[Lack] | None:
        """What a fact with one live definition lacks, where that is a single test."""
        live = [
            rule
            for rule in self.program.definers.get((subject, fact), ())
            if gate(rule, self.choices) is not False
        ]
        if len(live) != 1:
            return None
        inner = self.lacks(live[0].when, subject, values, context)
        return inner if len(inner) == 1 else None


# ---------------------------------------------------------------- the tree


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of the explanation: what it says, whether it holds, what it rests on."""

    words: str
    truth: Truth
    parts: tuple[Branch, ...] = ()
    cite: str = ""

    def as_json(self) -> dict[str, object]:
        mark = {True: "holds", False: "fails", None: "unknown"}[self.truth]
        body: dict[str, object] = {"words": self.words, "truth": mark}
        if self.cite:
            body["cite"] = self.cite
        if self.parts:
            body["parts"] = [part.as_json() for part in self.parts]
        return body


def rule_tree(explainer: Explainer, rule: Rule) -> list[Branch]:
    """One branch for each subject of a rule: every test, with the definitions under it."""
    view = explainer.view
    if rule.about_case:
        source: list[tuple[str, Subject, Values, dict[str, Truth], Judgment | None]] = [
            ("case", "case", view.judgment.values, view.judgment.truths, view.judgment)
        ]
    else:
        source = [
            (
                words.item_title(explainer.program, i.record),
                i.record.subject,
                i.values,
                i.truths,
                None,
            )
            for i in view.items
            if i.record.subject in rule.subject
        ]
    branches = []
    for title, subject, values, truths, judgment in source:
        context = judgment.context if judgment else Context()
        inner = _branch(explainer, rule.when, subject, values, context, frozenset())
        branches.append(Branch(f"{rule.title} ({title})", truths.get(rule.id), (inner,), rule.cite))
    return branches


def _branch(
    explainer: Explainer,
    condition: Condition | None,
    subject: Subject,
    values: Values,
    context: Context,
    seen: frozenset[str],
) -> Branch:
    program = explainer.program
    if condition is None:
        return Branch("always", True)
    truth = holds(condition, values, context)
    if isinstance(condition, (AllOf, AnyOf)):
        parts = tuple(
            _branch(explainer, part, subject, values, context, seen) for part in condition.parts
        )
        return Branch("all of" if isinstance(condition, AllOf) else "any of", truth, parts)
    if isinstance(condition, Not):
        inner = _branch(explainer, condition.part, subject, values, context, seen)
        return Branch("not", truth, (inner,))
    text = words.condition_text(program, subject, condition)
    if not isinstance(condition, Test):
        return Branch(text, truth)
    spec = program.vocabulary.facts[subject, condition.fact]
    if spec.origin != "defined":
        given = words.actual(spec, values.get(condition.fact))
        return Branch(f"{text} (given: {given})", truth)
    if condition.fact in seen:
        return Branch(text, truth)
    rules = [r for r in program.definitions[subject] if r.defines == condition.fact]
    live = [r for r in rules if gate(r, explainer.choices) is not False]
    wanted = [r for r in live if holds(r.when, values, context) is not False] or live
    parts = tuple(
        Branch(
            rule.title,
            holds(rule.when, values, context),
            (_branch(explainer, rule.when, subject, values, context, seen | {condition.fact}),),
            rule.cite,
        )
        for rule in wanted
    )
    return Branch(text, truth, parts)


def is_open(value: Value | None) -> bool:
    return isinstance(value, Open)
