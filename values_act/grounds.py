"""What opens an act and what closes it: grounds, bars, and the ids that decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from models.dates import LAST_YEAR, add_years
from models.decision import Barred, Ground
from models.law import Rule, Test
from values_act.answer import OPEN, Answer
from values_act.conditions import leaves
from values_act.kleene import Truth
from values_act.program import LOCAL
from values_act.readers import words
from values_act.readers.reference import ItemView, yields
from values_act.readers.revise import revise_item
from values_act.records import Facts, Record, chosen_fact, derived

# ---------------------------------------------------------------- what opens


def grounds_of(answer: Answer) -> Iterator[Ground]:
    """Grounds and requirements left after bars and local policy; sure ones, else possible ones."""
    for rule, truth in opening(answer):
        yield _ground(answer, rule, truth)


def opening(answer: Answer) -> list[tuple[Rule, Truth]]:
    """Rules that open the act, those that require it first: sure ones, else possible ones."""
    judgment, program = answer.view.judgment, answer.program
    if not answer.settled.outcomes & OPEN:
        return []
    held = {**judgment.compelled, **judgment.grounds}
    left = {key: t for key, t in held.items() if t is not False and _survives(answer, key)}
    sure = {key: t for key, t in left.items() if t is True}
    found = [(program.rules[key], truth) for key, truth in (sure or left).items()]
    return sorted(found, key=lambda pair: not pair[0].requires)


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
    overrides = LOCAL in rule.notwithstanding
    stands = overrides if rule.requires else not yields(answer.program, rule.route)
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
        unverified=tuple(_unverified(answer, rule, items)),
    )


def _unverified(answer: Answer, rule: Rule, items: list[ItemView]) -> Iterator[str]:
    """Readings that the rule asks for, and looked-up facts under it, that nobody verified."""
    program = answer.program
    for name in rule.reading:
        reading = program.readings.get(name)
        if reading is not None and not reading.verified:
            yield f"reading {name}"
    for item in items:
        record = item.record
        for name, confidence in record.unsure.items():
            if (record.subject, name) in program.rests[rule.id]:
                label = program.vocabulary.facts[record.subject, name].label
                yield f"{record.name}: {label} ({confidence.replace('_', ' ')})"


def _barred(answer: Answer, rule: Rule) -> Barred:
    items, because = _rests_on(answer, rule, True)
    return Barred(
        rule=rule.id,
        cite=rule.cite,
        title=rule.title,
        because=tuple(because),
        confidence=rule.source.confidence,
        unverified=tuple(_unverified(answer, rule, items)),
    )


def _rests_on(answer: Answer, rule: Rule, truth: Truth) -> tuple[list[ItemView], list[str]]:
    view, program = answer.view, answer.program
    if not rule.about_case:
        items = [i for i in view.items if i.effective.get(rule.id, False) is truth]
        return items, [words.item_title(program, item.record) for item in items]
    named = list(leaves(rule.when))
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
        if day < answer.facts.day or day == date.max:
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
            first = date.fromordinal(start)
            if first.year + years <= LAST_YEAR:
                end = add_years(first, years)
                ends |= {end, end - timedelta(days=1)}
    return ends


# ---------------------------------------------------------------- what closes


def bars_on(answer: Answer) -> Iterator[Barred]:
    judgment, program = answer.view.judgment, answer.program
    if "prohibited" not in answer.settled.outcomes:
        return
    for result in judgment.local:
        policy = result.rule.policy
        closes = result.open is not True and judgment.local_off is not True
        if closes and "prohibited" in result.outcomes and judgment.state != {"prohibited"}:
            yield Barred(
                policy=policy.id,
                cite=policy.cite,
                title=policy.title,
                confidence=policy.source.confidence,
            )
    bars = dict.fromkeys(bar for shut in judgment.shut.values() for bar in shut)
    for key in bars:
        rule = program.rules[key]
        if any(
            _would_hold(answer, ground) for ground, shut in judgment.shut.items() if key in shut
        ):
            yield _barred(answer, rule)
    for rule in _item_bars(answer):
        yield _barred(answer, rule)
    base = program.base
    if base is not None and base.outcome == "prohibited" and "prohibited" in judgment.state:
        sure = base.source.confidence
        yield Barred(rule=base.id, cite=base.cite, title=base.title, confidence=sure)


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


def deciding_ids(
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
