"""What an answer rests on without being stated, and what in it is not confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from models.decision import Assumed, Unverified
from models.law import Outcome, Subject
from values_act.answer import Answer, in_order
from values_act.casefacts import LISTS
from values_act.kleene import Truth
from values_act.program import Program
from values_act.readers.reference import ItemView, gate, holdings, judge
from values_act.readers.revise import revise_case, revise_item
from values_act.records import Record
from values_act.vocabulary import Values

# ---------------------------------------------------------------- what is assumed


def assumed_in(answer: Answer) -> Iterator[Assumed]:
    program, facts = answer.program, answer.facts
    for record in facts.records():
        for supposed in record.supposed:
            if supposed.fact not in program.reads[record.subject]:
                continue
            otherwise = _otherwise(answer, record, supposed.fact) if supposed.presumed else ()
            yield Assumed(
                fact=supposed.fact,
                item=record.name,
                value=supposed.value,
                because=supposed.because,
                otherwise=otherwise,
            )
    for subject in facts.empty_lists:
        yield Assumed(
            fact=LISTS[subject],
            item="case",
            value="none",
            because="none are stated",
            otherwise=_with_any(answer, subject),
        )
    if not answer.program.local and answer.case.policy is None:
        yield Assumed(
            fact="agency.county" if answer.county is None else "policy",
            item="case",
            value="no local policy",
            because=_without_policy(answer),
        )


def _without_policy(answer: Answer) -> str:
    county = answer.county
    if county is None:
        return "no county is named, so state law alone is applied"
    if not county.policies and county.note:
        return county.note.strip()
    said = (
        f"no policy of {county.county} County on this act was found for the day and the agency, "
        "so state law alone is applied"
    )
    return f"{said}. {county.note.strip()}" if county.note else said


def _otherwise(answer: Answer, record: Record, name: str) -> tuple[Outcome, ...]:
    """Outcomes that a presumed fact could give if it were otherwise, and that now are not given."""
    if not _could_matter(answer, (record.subject, name)):
        return ()
    value = record.values[name]
    if isinstance(value, bool):
        return _changed(answer, record, {name: not value})
    unknown = answer.program.vocabulary.facts[record.subject, name].unknown(answer.facts.day)
    return _changed(answer, record, {name: unknown})


def _could_matter(answer: Answer, fact: tuple[Subject, str]) -> bool:
    """Whether a fact lies under anything that the outcome hangs on; most presumed facts do not."""
    program, judgment = answer.program, answer.view.judgment
    if fact in program.local_rests:
        return True
    touched = program.touching.get(fact)
    if not touched:
        return False
    if answer.settled.outcomes != {"permitted"}:
        return True
    opened = {key for key, truth in judgment.grounds.items() if truth is True}
    return not (touched <= judgment.grounds.keys() and opened - touched)


def _with_any(answer: Answer, subject: Subject) -> tuple[Outcome, ...]:
    """Outcomes possible if the list that was left out held something."""
    if not answer.program.reads[subject]:
        return ()
    record = Record(subject, 0, {}, phantom=True)
    effects = answer.program.effects[subject]
    possible: dict[str, Truth] = {
        rule.id: None for rule in effects if gate(rule, answer.choices) is not False
    }
    other = ItemView(record, {}, {}, {}, possible)
    return _outcomes_with(answer, [*answer.view.items, other])


def _changed(answer: Answer, record: Record, changes: Values) -> tuple[Outcome, ...]:
    program, view = answer.program, answer.view
    if record.subject == "case":
        own = revise_case(program, view.case, answer.choices, changes)
        if own.truths == view.case.truths and not _read_later(program, changes):
            return ()
        judgment = judge(program, record, view.held, answer.choices, own=own)
        return in_order(judgment.outcomes - answer.settled.outcomes)
    before = next(item for item in view.items if item.record is record)
    after = revise_item(program, answer.facts, before, answer.choices, changes)
    if before.effective == after.effective:
        return ()
    return _outcomes_with(answer, [after if item is before else item for item in view.items])


def _read_later(program: Program, changes: Values) -> bool:
    """Whether a policy, or a rule about what is left on a route, looks at a fact of the case."""
    facts = {("case", name) for name in changes}
    late = (program.rests[rule.id] for rule in program.late)
    return any(not facts.isdisjoint(rests) for rests in (program.local_rests, *late))


def _outcomes_with(answer: Answer, items: list[ItemView]) -> tuple[Outcome, ...]:
    """Outcomes that other items would make possible, beyond those now given."""
    program, view = answer.program, answer.view
    held = holdings(program, items)
    if held == view.held:
        return ()
    own = view.case if held.found == view.held.found else None
    judgment = judge(program, answer.facts.case, held, answer.choices, own=own)
    return in_order(judgment.outcomes - answer.settled.outcomes)


# ---------------------------------------------------------------- what to trust


def unverified_in(answer: Answer, deciding: set[str]) -> Iterator[Unverified]:
    program = answer.program
    for record in answer.facts.items:
        for name, confidence in record.unsure.items():
            if name not in program.reads[record.subject]:
                continue
            spec = program.vocabulary.facts[record.subject, name]
            if _changed(answer, record, {name: spec.unknown(answer.facts.day)}):
                yield Unverified(
                    what=f"{record.name}: {spec.label}",
                    confidence=confidence,
                    note="the catalogue has this from memory or in part; look it up",
                )
    for key in deciding & program.rules.keys():
        source = program.rules[key].source
        if source.confidence != "high":
            note = source.note or source.title
            yield Unverified(what=f"rule {key}", confidence=source.confidence, note=note)
    for result in answer.view.judgment.local:
        policy = result.rule.policy
        if policy.source.confidence != "high":
            yield Unverified(
                what=f"policy {policy.id}",
                confidence=policy.source.confidence,
                note=policy.source.note or policy.source.title,
            )
    contested = (change for each in answer.settled.contested for change in each.changes)
    for reading in {reading.id: reading for reading, _ in contested}.values():
        if not reading.verified:
            yield Unverified(
                what=f"reading {reading.id}", confidence="unverified", note=reading.why
            )


def unread_in(answer: Answer) -> Iterator[str]:
    """Stated facts that nothing in the law asked about looks at for this act."""
    program = answer.program
    always = {"agency.kind", "request.by", "request.form"}
    for record in answer.facts.records():
        specs = program.vocabulary.by_subject[record.subject]
        seen: dict[str, bool] = {}
        given = _written(answer, record)
        for name in sorted(record.stated):
            spec = specs[name]
            key = spec.list_name or name
            if given is not None and key not in given:
                continue  # told by the citation of the offense
            fact = (record.subject, name)
            read = name in program.reads[record.subject] or fact in program.behind
            seen[key] = seen.get(key, False) or read or name in always
        for key, read in seen.items():
            if not read:
                yield key if record.subject == "case" else f"{record.name}: {key}"


def _written(answer: Answer, record: Record) -> set[str] | None:
    """The keys that the case gives of an item; None for the case itself."""
    items = getattr(answer.case, LISTS[record.subject]) if record.subject in LISTS else ()
    return items[record.number - 1].model_fields_set if isinstance(items, tuple) and items else None
