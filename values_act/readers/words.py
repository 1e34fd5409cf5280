"""Sentences from rules, facts and items; neutral, the law's own words where they decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from models.law import AllOf, AnyOf, Condition, Expect, Found, Not, Subject, Test
from models.law import Open as OpenRoute
from values_act.program import Program
from values_act.records import Record
from values_act.vocabulary import (
    EARLIEST,
    LARGEST,
    FactSpec,
    Open,
    Span,
    Value,
    Values,
    Vocabulary,
)

OUTCOME = {
    "required": "REQUIRED",
    "permitted": "PERMITTED",
    "prohibited": "PROHIBITED",
    "not_regulated": "NOT REGULATED",
    "undetermined": "UNDETERMINED",
}
MEANING = {
    "required": "the agency must do it",
    "permitted": "the agency may do it, and need not",
    "prohibited": "the agency may not do it",
    "not_regulated": "the law asked about does not govern it",
    "undetermined": "the facts or the law leave more than one answer",
}
NOTICE = "This is not legal advice. It applies written rules to a hypothetical case."


def item_title(program: Program, record: Record) -> str:
    """`conviction 2: PC 211, felony, 2012-05-01`: an item by what is known of it."""
    specs = program.vocabulary.by_subject[record.subject]
    parts = [record.title] if record.title else []
    for name in ("grade", "issuer", "crime", "date", "stage", "jurisdiction", "disposition"):
        spec = specs.get(name)
        value = record.values.get(name)
        if spec is None or value is None or isinstance(value, Open):
            continue
        if spec.usual is not None and value == spec.usual:
            continue
        text = _plain(spec, value)
        if text:
            parts.append(text)
    return f"{record.name}: {', '.join(parts)}" if parts else record.name


def _plain(spec: FactSpec, value: Value) -> str:
    if isinstance(value, Span):
        low, high = (spec.say(v) for v in value)
        if spec.type == "date" and value.high - value.low > _YEAR:
            return ""
        return low if low == high else f"{low} to {high}"
    said = spec.say(value)
    return said.removeprefix("a ").removeprefix("an ") if spec.name == "grade" else said


_YEAR = 366


def expectation(spec: FactSpec, expect: Expect) -> str:
    """What a test wants of a fact, in words."""
    if expect.values:
        said = [spec.say(value) for value in expect.values]
        return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"
    parts = []
    if expect.at_least is not None:
        parts.append(f"at least {expect.at_least}")
    if expect.at_most is not None:
        parts.append(f"at most {expect.at_most}")
    if expect.since is not None:
        parts.append(f"on or after {expect.since}")
    if expect.before is not None:
        parts.append(f"before {expect.before}")
    return " and ".join(parts)


def actual(spec: FactSpec, value: Value | None) -> str:
    if value is None or isinstance(value, Open):
        return "unknown"
    if isinstance(value, Span):
        return _plain(spec, value) or "unknown"
    return spec.say(value)


def failed_sentence(spec: FactSpec, expect: Expect, value: Value | None, positive: bool) -> str:
    """`the years since conviction: at most 15 needed, 22 given`."""
    wanted = expectation(spec, expect)
    given = actual(spec, value)
    if spec.type == "yes_no":
        truth = bool(expect.values[0]) is positive if expect.values else positive
        if given == "unknown":
            return f"not known whether {spec.label}"
        return f"not met: {spec.label}" if truth else f"stands against it: {spec.label}"
    need = wanted if positive else f"something other than {wanted}"
    return f"{spec.label}: {need} needed, {given} given"


def condition_text(program: Program, subject: Subject, condition: Condition | None) -> str:
    """A condition as one English phrase, with the titles of the rules it looks for."""
    titles = {key: rule.title for key, rule in program.rules.items()}
    return describe(program.vocabulary, subject, condition, titles)


def describe(
    vocabulary: Vocabulary,
    subject: Subject,
    condition: Condition | None,
    titles: Mapping[str, str] | None = None,
) -> str:
    """A condition as one English phrase."""
    if condition is None:
        return "always"
    if isinstance(condition, Test):
        spec = vocabulary.facts[subject, condition.fact]
        if spec.type == "yes_no":
            wanted = bool(condition.expect.values[0])
            return spec.label if wanted else f"not ({spec.label})"
        return f"{spec.label} is {expectation(spec, condition.expect)}"
    if isinstance(condition, AllOf):
        return "; and ".join(
            describe(vocabulary, subject, part, titles) for part in condition.parts
        )
    if isinstance(condition, AnyOf):
        inner = " or ".join(describe(vocabulary, subject, part, titles) for part in condition.parts)
        return f"({inner})"
    if isinstance(condition, Not):
        return f"not ({describe(vocabulary, subject, condition.part, titles)})"
    if isinstance(condition, Found):
        times = "" if condition.at_least == 1 else f" {condition.at_least} times"
        events = " in separate events" if condition.distinct else ""
        return f"on record{times}{events}: {(titles or {}).get(condition.rule, condition.rule)}"
    if isinstance(condition, OpenRoute):
        return f"something opens the route `{condition.route}`"
    return f"the part called `{condition.name}`, which is not published"


def choices(spec: FactSpec, values: Iterable[object], day: date) -> tuple[str, ...]:
    """The values a missing fact could take, for a question about an act of some day."""
    return tuple(
        stretch(spec, value, day) if isinstance(value, Span) else _choice(value) for value in values
    )


def stretch(spec: FactSpec, span: Span, day: date) -> str:
    """Days up to the day of an act, or numbers, in words: `2011-07-17 or later`."""
    return _days(span, day) if spec.type == "date" else _numbers(span)


def _days(span: Span, day: date) -> str:
    low, high = (date.fromordinal(bound).isoformat() for bound in span)
    if span.low == span.high:
        return low
    if span.low <= EARLIEST:
        return f"{high} or earlier" if span.high < day.toordinal() else f"any day up to {high}"
    return f"{low} or later" if span.high >= day.toordinal() else f"from {low} to {high}"


def _numbers(span: Span) -> str:
    if span.low == span.high:
        return str(span.low)
    if span.high >= LARGEST:
        return f"at least {span.low}" if span.low > 0 else "any number"
    return f"from {span.low} to {span.high}" if span.low > 0 else f"at most {span.high}"


def _choice(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def values_text(
    specs: Mapping[str, FactSpec], values: Values, names: Iterable[str]
) -> tuple[str, ...]:
    return tuple(f"{specs[name].label}: {actual(specs[name], values.get(name))}" for name in names)
