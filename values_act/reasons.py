"""From an answer to a decision: grounds, bars, assumptions and duties, each with its citation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.case import InmateCase
from models.dates import add_years
from models.decision import (
    Assumed,
    Barred,
    Contested,
    Decision,
    DutyView,
    Ground,
    LocalView,
    Missing,
    Unverified,
)
from models.law import Confidence, Outcome, Rule, Subject, Test
from models.policy import County
from values_act.casefacts import LISTS
from values_act.conditions import leaves
from values_act.explain import Explainer
from values_act.fillings import EVENT, OFFENSE
from values_act.kleene import Truth
from values_act.library import Library
from values_act.program import Program
from values_act.readers import words
from values_act.readers.reference import (
    Choices,
    ItemView,
    View,
    gate,
    holdings,
    judge,
    revise_item,
    yields,
)
from values_act.records import Facts, Record, chosen_fact, derived
from values_act.settle import Settled
from values_act.vocabulary import Open, Span, Value, Values

ORDER: tuple[Outcome, ...] = ("required", "permitted", "not_regulated", "prohibited")
OPEN: frozenset[Outcome] = frozenset({"required", "permitted"})


@dataclass(slots=True)
class Answer:
    """A case, the program it was decided under, and what both engines found."""

    library: Library
    case: InmateCase
    county: County | None
    facts: Facts
    program: Program
    choices: Choices
    view: View
    settled: Settled
    decided_by: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        return single(self.settled.outcomes)

    @property
    def explainer(self) -> Explainer:
        return Explainer(self.program, self.facts, self.choices, self.view)


def single(outcomes: Iterable[Outcome]) -> Outcome:
    found = set(outcomes)
    return found.pop() if len(found) == 1 else "undetermined"


def in_order(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    return tuple(sorted(outcomes, key=ORDER.index))


def write_decision(answer: Answer) -> Decision:
    """Put an answer into words and citations."""
    grounds = tuple(_grounds(answer))
    barred = tuple(_barred(answer))
    outcome = answer.outcome
    deciding = _deciding(answer, grounds, barred)
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
        law_digest=answer.library.digest,
        laws_in_force=answer.program.laws_in_force,
        grounds=grounds,
        barred_by=barred,
        local=tuple(_local(answer)),
        missing=tuple(_missing(answer)),
        possible_outcomes=possible,
        contested=tuple(_contested(answer)),
        duties=tuple(_duties(answer)),
        near_misses=tuple(answer.explainer.near_misses()),
        assumed=tuple(_assumed(answer)),
        unverified=tuple(_unverified(answer, {name for name, _ in deciding})),
        unread=tuple(_unread(answer)),
        warnings=tuple(_warnings(answer)),
        refer=_refer(answer),
        decided_by=answer.decided_by,
        deciding=tuple(name for name, _ in deciding),
        explanation=_explanation(answer, grounds, barred),
        notice=words.NOTICE,
    )


def _permitted(possible: tuple[Outcome, ...]) -> bool | None:
    if all(outcome in OPEN for outcome in possible):
        return True
    return False if possible == ("prohibited",) else None


# ---------------------------------------------------------------- what opens


def _grounds(answer: Answer) -> Iterator[Ground]:
    """Grounds and requirements left after bars and local policy; sure ones, else possible ones."""
    judgment, program = answer.view.judgment, answer.program
    if not answer.settled.outcomes & OPEN:
        return
    held = {**judgment.compelled, **judgment.grounds}
    left = {key: t for key, t in held.items() if t is not False and _survives(answer, key)}
    sure = {key: t for key, t in left.items() if t is True}
    for key in sorted(sure or left, key=lambda k: not program.rules[k].requires):
        yield _ground(answer, program.rules[key], left[key])


def _survives(answer: Answer, key: str) -> bool:
    """Whether some live policy leaves the rule in force."""
    rule, judgment = answer.program.rules[key], answer.view.judgment
    if not judgment.local or judgment.local_off is not False:
        return True
    if rule.permits and not yields(answer.program, rule.route):
        return True
    return any(result.open is not False for result in judgment.local)


def _ground(answer: Answer, rule: Rule, truth: Truth) -> Ground:
    items, because = _rests_on(answer, rule, truth)
    closed = [r.rule.policy.id for r in answer.view.judgment.local if r.open is False]
    stands = rule.requires or not yields(answer.program, rule.route)
    return Ground(
        rule=rule.id,
        cite=rule.cite,
        title=rule.title,
        route=rule.route or "compulsion",
        items=tuple(item.record.name for item in items),
        because=tuple(because),
        until=_until(answer, rule, items) if truth is True else None,
        breached=tuple(closed) if stands else (),
        certain=truth is True,
        confidence=rule.source.confidence,
    )


def _rests_on(answer: Answer, rule: Rule, truth: Truth) -> tuple[list[ItemView], list[str]]:
    view, program = answer.view, answer.program
    if not rule.about_case:
        items = [item for item in view.items if item.effective.get(rule.id) is truth]
        return items, [words.item_title(program, item.record) for item in items]
    named = [leaf for leaf in leaves(rule.when)]
    items = [
        item
        for leaf in named
        if not isinstance(leaf, Test) and hasattr(leaf, "rule")
        for item in view.items
        if item.effective.get(leaf.rule) not in (False, None)
    ]
    specs = program.vocabulary.by_subject["case"]
    because = [words.item_title(program, item.record) for item in items]
    because += words.values_text(
        specs,
        view.judgment.values,
        dict.fromkeys(leaf.fact for leaf in named if isinstance(leaf, Test)),
    )
    return items, because


def _until(answer: Answer, rule: Rule, items: list[ItemView]) -> date | None:
    """Last day the ground holds, all other facts as they are; None if no day ends it."""
    if rule.about_case or not items:
        return rule.ended
    last: date | None = None
    for item in items:
        end = _item_until(answer, rule, item)
        if end is None:
            return rule.ended
        last = end if last is None else max(last, end)
    return min(d for d in (last, rule.ended) if d is not None)


def _item_until(answer: Answer, rule: Rule, item: ItemView) -> date | None:
    for day in sorted(_window_ends(answer, rule, item.record)):
        if day < answer.facts.day:
            continue
        after = Facts(day + timedelta(days=1), answer.facts.case, answer.facts.items)
        later = derived(answer.program.vocabulary, item.record, after, answer.choices)
        view = revise_item(answer.program, after, item, answer.choices, later)
        if view.effective.get(rule.id) is not True:
            return day
    return None


def _window_ends(answer: Answer, rule: Rule, record: Record) -> set[date]:
    """Days on which a window of years that the rule, or a definition under it, counts may close."""
    ends: set[date] = set()
    for name, years in answer.program.windows[rule.id]:
        derive = answer.program.vocabulary.facts[record.subject, name].derive
        if derive is None:
            continue
        choice = derive.years_from
        chosen = chosen_fact(choice, answer.choices.get(choice.reading), record.stated)
        start = record.values[chosen]
        if isinstance(start, int) and not isinstance(start, bool):
            end = add_years(date.fromordinal(start), years)
            ends |= {end, end - timedelta(days=1)}
    return ends


# ---------------------------------------------------------------- what closes


def _barred(answer: Answer) -> Iterator[Barred]:
    judgment, program = answer.view.judgment, answer.program
    if "prohibited" not in answer.settled.outcomes:
        return
    for result in judgment.local:
        policy = result.rule.policy
        if "prohibited" in result.outcomes and judgment.state != {"prohibited"}:
            yield Barred(policy=policy.id, cite=policy.cite, title=policy.title)
    bars = dict.fromkeys(bar for shut in judgment.shut.values() for bar in shut)
    for key in bars:
        rule = program.rules[key]
        if any(
            _would_hold(answer, ground) for ground, shut in judgment.shut.items() if key in shut
        ):
            _, because = _rests_on(answer, rule, True)
            yield Barred(rule=rule.id, cite=rule.cite, title=rule.title, because=tuple(because))
    for rule in _item_bars(answer):
        _, because = _rests_on(answer, rule, True)
        yield Barred(rule=rule.id, cite=rule.cite, title=rule.title, because=tuple(because))
    base = program.base
    if base is not None and base.outcome == "prohibited" and "prohibited" in judgment.state:
        yield Barred(rule=base.id, cite=base.cite, title=base.title)


def _would_hold(answer: Answer, ground: str) -> bool:
    rule = answer.program.rules[ground]
    if rule.about_case:
        return answer.view.judgment.truths.get(ground) is not False
    return answer.view.held.held.get(ground, False) is not False


def _item_bars(answer: Answer) -> Iterator[Rule]:
    for rule in answer.program.rules.values():
        if rule.scope == "item" and any(
            item.truths.get(rule.id) is True
            and any(
                item.truths.get(key) is True and left is False
                for key, left in item.effective.items()
            )
            for item in answer.view.items
        ):
            yield rule


def _deciding(
    answer: Answer, grounds: tuple[Ground, ...], barred: tuple[Barred, ...]
) -> list[tuple[str, str]]:
    """Ids that decide, first the chief one: each outcome that is possible has its own."""
    judgment, program = answer.view.judgment, answer.program
    found: list[tuple[str, str]] = []
    outcomes = answer.settled.outcomes
    if "not_regulated" in outcomes:
        for key, truth in judgment.excluded.items():
            if truth is not False:
                found.append((key, program.rules[key].cite))
        if program.base is not None and program.base.outcome == "not_regulated":
            found.append((program.base.id, program.base.cite))
    found += [(ground.rule, ground.cite) for ground in grounds]
    found += [(bar.policy or bar.rule or "", bar.cite) for bar in barred]
    if not found and program.base is not None and program.base.outcome in outcomes:
        found.append((program.base.id, program.base.cite))
    if not found:
        law = answer.library.law(answer.case.law)
        found.append((law.name, f"{law.title}: nothing in force on the day speaks of this act"))
    if len(outcomes) > 1 and program.base is not None:
        found.append((program.base.id, program.base.cite))
    return list(dict.fromkeys(found))


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
    for result in answer.view.judgment.local:
        if result.open is None and answer.program.unpublished:
            names = ", ".join(sorted(answer.program.unpublished))
            reasons.append(f"part of {result.rule.policy.title} is not published: {names}")
    if not answer.settled.exact:
        reasons.append("too many facts are unknown to try every combination; this is a safe bound")
    found = [reason for reason in dict.fromkeys(reasons) if reason]
    return "; ".join(found) or None


# ---------------------------------------------------------------- what is open


def _missing(answer: Answer) -> Iterator[Missing]:
    for record, name, values in answer.settled.missing:
        item = words.item_title(answer.program, record)
        if record.phantom:
            plural = LISTS[record.subject]
            question = f"Which {plural} are on record, if any?"
            yield Missing(fact=plural, item="case", question=question)
        elif name == OFFENSE:
            titles = tuple(f"{v.cite}: {v.title}" for v in record.variants if v.cite in values)
            yield Missing(
                fact=OFFENSE, item=item, question="Which offense is it, exactly?", choices=titles
            )
        elif name == EVENT:
            question = "From which event did it arise?"
            yield Missing(fact=EVENT, item=item, question=question)
        elif name.startswith(("unpublished ", "policy ")):
            question = "What does the policy say, and since when? It is not published."
            yield Missing(fact=name, item="case", question=question)
        else:
            spec = answer.program.vocabulary.facts[record.subject, name]
            fact = OFFENSE if spec.origin == "looked_up" else name
            question = spec.question or f"What is {spec.label}?"
            if spec.list_name:
                question = f"{question} ({spec.words.get(name, spec.label)})"
            yield Missing(
                fact=fact, item=item, question=question, choices=words.choices(spec, values)
            )


def _contested(answer: Answer) -> Iterator[Contested]:
    for reading, option, outcomes in answer.settled.contested:
        taken = answer.choices.get(reading.id) or "none"
        yield Contested(
            reading=reading.id,
            question=reading.question,
            option=option,
            outcome=single(outcomes),
            taken=taken,
        )


def _duties(answer: Answer) -> Iterator[DutyView]:
    judgment = answer.view.judgment
    doing = bool(answer.settled.outcomes & OPEN)
    for key, truth in judgment.truths.items():
        rule = answer.program.rules[key]
        if rule.duty and truth is not False and (rule.duty == "request" or doing):
            yield DutyView(rule=rule.id, cite=rule.cite, text=rule.text, upon=rule.duty)


# ---------------------------------------------------------------- what is assumed


def _assumed(answer: Answer) -> Iterator[Assumed]:
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
            because="no county is named, so state law alone is applied"
            if answer.county is None
            else f"no policy of {answer.county.county} County on this act was found for the day, "
            "so state law alone is applied",
        )


def _otherwise(answer: Answer, record: Record, name: str) -> tuple[Outcome, ...]:
    """Outcomes that a presumed fact could give if it were otherwise, and that now are not given."""
    unknown = answer.program.vocabulary.facts[record.subject, name].unknown(answer.facts.day)
    return _changed(answer, record, {name: unknown})


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
        values = {**record.values, **changes}
        judgment = judge(program, record, view.held, answer.choices, values)
        return in_order(judgment.outcomes - answer.settled.outcomes)
    before = next(item for item in view.items if item.record is record)
    after = revise_item(program, answer.facts, before, answer.choices, changes)
    if before.effective == after.effective:
        return ()
    return _outcomes_with(answer, [after if item is before else item for item in view.items])


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


def _unverified(answer: Answer, deciding: set[str]) -> Iterator[Unverified]:
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
    for reading in {r.id: r for r, _, _ in answer.settled.contested}.values():
        if not reading.verified:
            yield Unverified(
                what=f"reading {reading.id}", confidence="unverified", note=reading.why
            )


def _unread(answer: Answer) -> Iterator[str]:
    """Stated facts that nothing in the law asked about looks at for this act."""
    program = answer.program
    always = {"agency.kind", "request.by", "request.form"}
    for record in answer.facts.records():
        specs = program.vocabulary.by_subject[record.subject]
        seen: dict[str, bool] = {}
        for name in sorted(record.stated):
            spec = specs[name]
            key = spec.list_name or name
            read = name in program.reads[record.subject] or _behind(program, record.subject, name)
            seen[key] = seen.get(key, False) or read or name in always
        for key, read in seen.items():
            if not read:
                yield key if record.subject == "case" else f"{record.name}: {key}"


def _behind(program: Program, subject: Subject, name: str) -> bool:
    """Whether a derived fact that is read is computed from this one, or an implied one told by it."""
    for other in program.reads[subject]:
        spec = program.vocabulary.facts[subject, other]
        if spec.derive and name in {
            spec.derive.years_from.otherwise, *spec.derive.years_from.options.values(),
            *spec.derive.years_to.options.values(),
        }:  # fmt: skip
            return True
    return False


def _warnings(answer: Answer) -> Iterator[str]:
    if not answer.program.law_governs:
        law = answer.library.law(answer.case.law)
        yield f"nothing of `{law.name}` is in force on {answer.facts.day}"
    for record in answer.facts.items:
        yield from record.warnings


def _explanation(answer: Answer, grounds: tuple[Ground, ...], barred: tuple[Barred, ...]) -> str:
    outcome = answer.outcome
    action = answer.program.vocabulary.actions[answer.case.action]
    parts = [f"{outcome.replace('_', ' ').capitalize()}: {words.MEANING[outcome]} ({action})."]
    if outcome == "undetermined":
        possible = " or ".join(o.replace("_", " ") for o in in_order(answer.settled.outcomes))
        parts.append(f"It may be {possible}, depending on what is still open.")
    sure = [ground for ground in grounds if ground.certain]
    for ground in sure:
        rests = f" ({'; '.join(ground.because)})" if ground.because else ""
        parts.append(f"{ground.title}{rests}: {ground.cite}.")
    if outcome in OPEN and not sure:
        parts.append(f"It is {outcome} whatever the missing facts are, though by different rules.")
    for bar in barred:
        parts.append(f"{bar.title}: {bar.cite}.")
    if outcome == "prohibited" and _has_unknown(answer):
        parts.append("It is prohibited whatever the missing facts are.")
    return " ".join(parts)


def _has_unknown(answer: Answer) -> bool:
    return any(
        _is_open(record.values.get(name))
        for record in answer.facts.records()
        for name in answer.program.reads[record.subject]
    )


def _is_open(value: Value | None) -> bool:
    return isinstance(value, (Open, Span))


def weakest(found: Iterable[Confidence]) -> Confidence:
    rank: tuple[Confidence, ...] = ("unverified", "low", "medium", "high")
    return min(found, key=rank.index, default="high")
