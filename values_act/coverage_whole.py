"""The whole of what scenarios exercise: rules, policies, readings, days, lists, and the totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from values_act.covered import (
    BaseCover,
    DateCover,
    ListCover,
    OptionCover,
    Ratio,
    RuleCover,
    TermCover,
    TestCover,
    ratio,
)


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the summary: what is counted, and what is counted beside it."""

    what: str
    how: str
    main: Ratio
    also_how: str = ""
    also: Ratio | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What scenarios exercise of a law, or of everything."""

    law: str | None  # the law that alone is looked at
    digest: str
    homes: tuple[tuple[str, str], ...]  # laws and counties by name, each with its title
    read: int
    todo: int
    failed: tuple[tuple[str, str], ...]  # scenarios not as expected, each with why
    rules: tuple[RuleCover, ...]
    bases: tuple[BaseCover, ...]
    terms: tuple[TermCover, ...]
    options: tuple[OptionCover, ...]
    dates: tuple[DateCover, ...]
    lists: tuple[ListCover, ...]

    @property
    def counted(self) -> int:
        return self.read - self.todo - len(self.failed)

    def tests(self) -> Iterator[TestCover]:
        """Every test that a case can tell, of rules and of policies."""
        owners = [rule.tests for rule in self.rules] + [term.tests for term in self.terms]
        yield from (test for tests in owners for test in tests if test.knowable)

    @property
    def tested(self) -> Ratio:
        return ratio(test.both for test in self.tests())

    def counts(self) -> tuple[Count, ...]:
        """The summary: each kind of thing that scenarios can exercise."""
        policies: dict[str, list[TermCover]] = {}
        for term in self.terms:
            policies.setdefault(term.policy, []).append(term)
        of_policies = policies.values()
        closing = [terms for terms in of_policies if any(term.decides for term in terms)]
        entries = [entry.on for entry in self.lists]
        named = Ratio(sum(entry.done for entry in entries), sum(entry.of for entry in entries))
        return (
            Count("rules", "held and failed", ratio(r.exercised for r in self.rules),
                  "decided", ratio(bool(r.decided) for r in self.rules if r.decides)),
            Count("base rules", "decided", ratio(bool(base.decided) for base in self.bases)),
            Count("tests", "true and false", self.tested,
                  "and turned it alone", ratio(t.mark == "whole" for t in self.tests())),
            Count("reading options", "taken", ratio(bool(o.taken) for o in self.options),
                  "named", ratio(bool(o.named) for o in self.options)),
            Count("dates", "the day and the day before", ratio(d.exercised for d in self.dates),
                  "a day on each side", ratio(d.near for d in self.dates)),
            Count("lists", "on and off", ratio(entry.exercised for entry in self.lists),
                  "entries named", named),
            Count("policies", "bound", ratio(any(t.bound for t in terms) for terms in of_policies),
                  "decided", ratio(any(t.decided for t in terms) for terms in closing)),
            Count("policy terms", "bound", ratio(bool(term.bound) for term in self.terms),
                  "decided", ratio(bool(t.decided) for t in self.terms if t.decides)),
        )  # fmt: skip

    def as_json(self) -> dict[str, object]:
        """Everything but the names of scenarios, of which each rule could have all."""
        totals: dict[str, object] = {}
        for count in self.counts():
            said: dict[str, object] = {"is": count.how, **count.main.as_json()}
            if count.also is not None:
                said["also"] = {"is": count.also_how, **count.also.as_json()}
            totals[count.what.replace(" ", "_")] = said
        policies: dict[str, dict[str, object]] = {}
        for term in self.terms:
            head = {"id": term.policy, "county": term.county, "cite": term.cite}
            entry = policies.setdefault(term.policy, {**head, "terms": []})
            entry["terms"] = [*_listed(entry["terms"]), term.as_json()]
        return {
            "law": self.law,
            "law_digest": self.digest,
            "scenarios": {
                "read": self.read, "as_expected": self.counted, "to_do": self.todo,
                "not_as_expected": [{"name": name, "why": why} for name, why in self.failed],
            },
            "totals": totals,
            "rules": [rule.as_json() for rule in self.rules],
            "base_rules": [base.as_json() for base in self.bases],
            "policies": list(policies.values()),
            "reading_options": [option.as_json() for option in self.options],
            "dates": [entry.as_json() for entry in self.dates],
            "lists": [entry.as_json() for entry in self.lists],
        }  # fmt: skip


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
