"""What is not known and does not matter: "prohibited whatever the date of conviction 1 is"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.law import Condition, Rule, Test
from values_act.answer import Answer
from values_act.casefacts import LISTS
from values_act.kleene import Context, Truth, undecided
from values_act.records import Record
from values_act.vocabulary import FactSpec, Open, Values

NAMED = 4  # facts told by name
EITHER = 2  # values of a fact that is told with them


def whatever(answer: Answer) -> str | None:
    """A sentence on the unknown facts that some rule hangs on though the outcome does not."""
    facts = list(_hanging(answer)) if answer.outcome != "undetermined" else []
    if not facts:
        return None
    said = answer.outcome.replace("_", " ")
    if len(facts) == 1:
        ((record, spec),) = facts
        value = record.values.get(spec.name) if spec else None
        if spec and isinstance(value, Open) and len(value.choices) == EITHER and spec.words:
            both = " or ".join(spec.say(choice) for choice in value.choices)
            name = spec.label.removeprefix("the ")
            return f"It is {said} under either {name}{_of(record)} ({both})."
    named = list(dict.fromkeys(_name(record, spec) for record, spec in facts))
    more = len(named) - NAMED
    shown = [*named[:NAMED], f"{more} more that are unknown"] if more > 0 else named
    listed = f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
    return f"It is {said} whatever {listed} {'are' if len(shown) > 1 else 'is'}."


def _of(record: Record) -> str:
    return "" if record.subject == "case" else f" ({record.name})"


def _name(record: Record, spec: FactSpec | None) -> str:
    if spec is None:
        return f"else is on record of {LISTS[record.subject]}"
    if spec.list_name or spec.type == "yes_no":
        return f'the answer to "{spec.label}"{_of(record)}'
    if spec.origin == "looked_up":
        return f"the offense{_of(record)} exactly"
    return f"{spec.label}{_of(record)}"


def _hanging(answer: Answer) -> Iterator[tuple[Record, FactSpec | None]]:
    """Raw facts, unknown, that keep rules with an effect from being decided."""
    view, program = answer.view, answer.program
    judgment = view.judgment
    for item in view.items:
        record, effects = item.record, program.effects[item.record.subject]
        if record.phantom:
            if any(item.effective.get(rule.id, False) is not False for rule in effects):
                yield record, None
            continue
        wanted = (rule for rule in effects if not rule.duty)
        yield from _under(answer, record, wanted, item.truths, item.values, Context())
    wanted = (rule for rule in (*program.effects["case"], *program.late) if not rule.duty)
    yield from _under(
        answer, answer.facts.case, wanted, judgment.truths, judgment.values, judgment.context
    )


def _under(
    answer: Answer,
    record: Record,
    rules: Iterator[Rule],
    truths: Mapping[str, Truth],
    values: Values,
    context: Context,
) -> Iterator[tuple[Record, FactSpec]]:
    program, seen = answer.program, set[str]()
    queue: list[Condition | None] = [r.when for r in rules if truths.get(r.id, False) is None]
    while queue:
        for leaf in undecided(queue.pop(0), values, context):
            if not isinstance(leaf, Test) or leaf.fact in seen:
                continue
            seen.add(leaf.fact)
            spec = program.vocabulary.facts[record.subject, leaf.fact]
            if spec.origin == "defined":
                definers = program.definers.get((record.subject, leaf.fact), ())
                queue += [rule.when for rule in definers if truths[rule.id] is None]
            elif spec.derive is not None:
                start = spec.derive.years_from.otherwise
                yield record, program.vocabulary.facts[record.subject, start]
            else:
                yield record, spec
