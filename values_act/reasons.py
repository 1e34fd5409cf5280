"""From an answer to a decision: its reasons in words, each with its citation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from models.decision import (
    Answered,
    Barred,
    Contested,
    Decision,
    DutyView,
    Ground,
    LocalView,
    Missing,
    Taken,
)
from models.law import Law, Outcome
from values_act.answer import OPEN, Answer, in_order, single
from values_act.assumptions import assumed_in, unread_in, unverified_in
from values_act.casefacts import LISTS
from values_act.grounds import bars_on, deciding_ids, grounds_of
from values_act.lacking import Lack
from values_act.program import unpublished_in
from values_act.readers import words
from values_act.records import EVENT, LIST, OFFENSE
from values_act.whatever import whatever


def write_decision(answer: Answer) -> Decision:
    """Put an answer into words and citations."""
    grounds = tuple(grounds_of(answer))
    barred = tuple(bars_on(answer))
    outcome = answer.outcome
    deciding = deciding_ids(answer, grounds, barred)
    possible = in_order(answer.settled.outcomes)
    return Decision(
        title=answer.case.title,
        outcome=outcome,
        permitted=_permitted(possible),
        rule=deciding[0][0],
        cite=deciding[0][1],
        action=answer.case.action,
        agency=str(answer.facts.case.values.get("agency.kind", "")),
        county=answer.county.county if answer.county else None,
        as_of=answer.facts.day,
        law=answer.case.law,
        law_status=answer.library.law(answer.case.law).status,
        law_digest=answer.library.digest,
        laws_in_force=answer.program.laws_in_force,
        grounds=grounds,
        barred_by=barred,
        local=tuple(_local(answer)),
        missing=missing_in(answer),
        possible_outcomes=possible,
        contested=tuple(_contested(answer)),
        duties=tuple(duties_of(answer)),
        near_misses=tuple(answer.explainer.near_misses()),
        assumed=tuple(assumed_in(answer)),
        unverified=tuple(unverified_in(answer, {name for name, _ in deciding})),
        unread=tuple(unread_in(answer)),
        warnings=tuple(_warnings(answer)),
        refer=_refer(answer),
        decided_by=answer.decided_by,
        deciding=tuple(name for name, _ in deciding),
        explanation=_explanation(answer, grounds, barred),
        notice=words.NOTICE,
    )


class Brief(NamedTuple):
    """What an answer comes to, without its words; of each duty, whether it is sure."""

    outcome: Outcome
    deciding: frozenset[str]
    duties: Mapping[str, bool]
    missing: frozenset[tuple[str, str]]


def brief(answer: Answer) -> Brief:
    """The outcome, the ids that decide and the duties, as the whole decision has them."""
    deciding = deciding_ids(answer, tuple(grounds_of(answer)), tuple(bars_on(answer)))
    duties = {duty.rule: duty.certain for duty in duties_of(answer)}
    missing = frozenset((lack.record.name, lack.name) for lack in answer.settled.missing)
    return Brief(answer.outcome, frozenset(name for name, _ in deciding), duties, missing)


def _permitted(possible: tuple[Outcome, ...]) -> bool | None:
    if all(outcome in OPEN for outcome in possible):
        return True
    return False if possible == ("prohibited",) else None


# ---------------------------------------------------------------- local policy


def _local(answer: Answer) -> Iterator[LocalView]:
    for result in answer.view.judgment.local:
        policy, term = result.rule.policy, result.rule.term
        yield LocalView(
            county=result.rule.county,
            authority=policy.authority,
            policy=policy.id,
            cite=policy.cite,
            outcome=single(result.outcomes),
            practice=term.practice,
            refer=term.refer,
            confidence=policy.source.confidence,
        )


def _refer(answer: Answer) -> str | None:
    """Why counsel should be asked: a part of a policy is not published, or does not fit."""
    reasons = [result.rule.term.refer for result in answer.view.judgment.local]
    asked = {lack.name for lack in answer.settled.missing}
    for result in answer.view.judgment.local:
        policy, own = result.rule.policy, unpublished_in(result.rule.term)
        names = [name for name in own if f"unpublished {name}" in asked]
        if result.open is None and names:
            reasons.append(f"part of {policy.title} is not published: {', '.join(names)}")
        if f"policy {policy.id}" in asked:
            reasons.append(f"it is not known whether {policy.title} is in force on the day")
    found = [reason for reason in dict.fromkeys(reasons) if reason]
    return "; ".join(found) or None


# ---------------------------------------------------------------- what is open


def missing_in(answer: Answer) -> tuple[Missing, ...]:
    """Unknown facts that can change the outcome, those first that can settle most."""
    found = [_lack(answer, lack) for lack in answer.settled.missing]
    return tuple({(each.fact, each.item): each for each in found}.values())


def _lack(answer: Answer, lack: Lack) -> Missing:
    record, name = lack.record, lack.name
    item = words.item_title(answer.program, record)
    spec = answer.program.vocabulary.get(record.subject, name)
    if name == LIST:
        plural = LISTS[record.subject]
        question = f"Which {plural} are on record, if any?"
        said = [str(value) for value, _ in lack.answers]
        return Missing(fact=plural, item="case", question=question, answers=_answers(lack, said))
    if name == OFFENSE:
        titles = {v.cite: f"{v.cite}: {v.title}" for v in record.variants}
        said = [titles[str(value)] for value, _ in lack.answers]
        question = "Which offense is it, exactly?"
        return Missing(fact=OFFENSE, item=item, question=question, choices=tuple(said),
                       answers=_answers(lack, said))  # fmt: skip
    if name == EVENT:
        question = "From which event did it arise?"
        said = ["the same event as another item", "an event of its own"]
        return Missing(fact=EVENT, item=item, question=question, answers=_answers(lack, said))
    if spec is None:
        question = "What does the policy say, and since when? It is not published."
        return Missing(fact=name, item="case", question=question,
                       answers=_answers(lack, ["yes", "no"]))  # fmt: skip
    question = spec.question or f"What is {spec.label}?"
    if spec.origin == "looked_up":  # asked for as the offense, so its values are no answers
        return Missing(fact=OFFENSE, item=item, question=question, member=spec.member_label)
    said = list(words.choices(spec, [value for value, _ in lack.answers], answer.facts.day))
    return Missing(fact=name, item=item, question=question, choices=tuple(said),
                   answers=_answers(lack, said), member=spec.member_label)  # fmt: skip


def _answers(lack: Lack, said: list[str]) -> tuple[Answered, ...]:
    return tuple(
        Answered(value=text, outcomes=in_order(outcomes))
        for text, (_, outcomes) in zip(said, lack.answers, strict=True)
    )


def _contested(answer: Answer) -> Iterator[Contested]:
    for contest in answer.settled.contested:
        (reading, option), *others = contest.changes
        yield Contested(
            reading=reading.id,
            question=reading.question,
            option=option,
            outcome=single(contest.outcomes),
            taken=answer.choices.get(reading.id) or "none",
            verified=all(changed.verified for changed, _ in contest.changes),
            together=tuple(
                Taken(reading=other.id, question=other.question, option=option)
                for other, option in others
            ),
        )


def duties_of(answer: Answer) -> Iterator[DutyView]:
    """Duties that a request brings, and those that come with doing what may be done."""
    judgment = answer.view.judgment
    doing = bool(answer.settled.outcomes & OPEN)
    for key, truth in judgment.truths.items():
        rule = answer.program.rules[key]
        if rule.duty and truth is not False and (rule.duty == "request" or doing):
            yield DutyView(
                rule=rule.id,
                cite=rule.cite,
                text=rule.text,
                upon=rule.duty,
                certain=truth is True,
            )


def _warnings(answer: Answer) -> Iterator[str]:
    if not answer.program.law_governs:
        yield _outside(answer.library.law(answer.case.law), answer.facts.day)
    for record in answer.facts.items:
        yield from record.warnings


def _outside(law: Law, day: date) -> str:
    """Why a law says nothing of a day: it is not in force, or not applied, on it."""
    if law.extends is None:
        return f"nothing of `{law.name}` is in force on {day}"
    dates = [f"from {law.effective} on"] if law.effective else []
    dates += [f"to {law.ended}"] if law.ended else []
    applied = f"the proposal `{law.name}` is applied {' '.join(dates)}"
    return f"{applied}, and says nothing of {day}; ask law `{law.extends}` what governed then"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _explanation(answer: Answer, grounds: tuple[Ground, ...], barred: tuple[Barred, ...]) -> str:
    outcome = answer.outcome
    law = answer.library.law(answer.case.law)
    action = answer.program.vocabulary.actions[answer.case.action]
    parts = [f"If {law.title} were law (it is not: {law.status}):"] if law.status else []
    if not answer.program.law_governs:
        parts.append(_sentence(_outside(law, answer.facts.day)))
    parts += [f"{outcome.replace('_', ' ').capitalize()}: {words.MEANING[outcome]} ({action})."]
    if outcome == "undetermined":
        possible = " or ".join(o.replace("_", " ") for o in in_order(answer.settled.outcomes))
        parts.append(f"It may be {possible}, depending on what is still open.")
    sure = [ground for ground in grounds if ground.certain]
    for ground in sure:
        rests = f" ({'; '.join(ground.because)})" if ground.because else ""
        parts.append(f"{ground.title}{rests}: {ground.cite}.")
    parts.extend(f"{bar.title}: {bar.cite}." for bar in barred)
    if outcome in OPEN and not sure:
        parts.append("Different rules open it, as what is unknown turns out.")
    unknown = whatever(answer)
    if unknown:
        parts.append(unknown)
    return " ".join(parts)
