"""A difference told on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from models.difference import (
    ActionView,
    Difference,
    DutyChange,
    KindView,
    OffenseChange,
    PeriodView,
    ScenarioChange,
    SideView,
)
from values_act.lines import Line

FEW = 12  # of each thing that are told, unless all are asked for


def diff_lines(difference: Difference, *, every: bool = False) -> Iterator[Line]:
    """The whole difference; of long lists the first few, unless every one is asked for."""
    a, b = difference.sides
    most = None if every else FEW
    yield Line(f"{b.name}, compared with {a.name}", "heading")
    for side in difference.sides:
        yield Line(f"  {side_text(side)}", "faint")
    yield from (Line(f"  {note}", "faint") for note in difference.notes)
    if difference.edits:
        effect = sum(edit.effect for edit in difference.edits)
        yield Line("")
        yield Line(f"What is written otherwise: {effect} that can bear on an answer, "
                   f"{len(difference.edits) - effect} in words only", "heading")  # fmt: skip
        ordered = sorted(difference.edits, key=lambda edit: not edit.effect)
        yield from _some([Line(f"  {edit.words}") for edit in ordered], most)
    if difference.scenarios_compared:
        yield Line("")
        yield from _scenarios(difference, most)
    for act in difference.actions:
        if act.periods:
            yield Line("")
            yield from _action(act, difference, most)
    for offense in difference.offenses:
        yield Line("")
        yield from _offense(offense)
    yield Line("")
    yield from _end(difference)


def side_text(side: SideView) -> str:
    said = [f"{side.name}: law {side.law} ({side.law_title})"]
    said += [f"not law: {side.law_status}"] if side.law_status else []
    said += [f"{side.county} County"] if side.county else []
    said += [f"reading {name} = {option}" for name, option in side.readings.items()]
    return "; ".join([*said, f"rules {side.law_digest}"])


def period_text(period: PeriodView) -> str:
    """Which days, county, agencies and readings a period is about."""
    counties = dict.fromkeys(f"{name} County" for name in period.county if name)
    said = [" / ".join(counties)] if counties else []
    said += [f"agency {' or '.join(period.agencies)}"] if period.agencies else []
    said += [f"reading {name} = {option}" for name, option in period.readings.items()]
    return "; ".join([days_text(period.first, period.last), *said])


def days_text(first: date | None, last: date | None) -> str:
    if first == last and first is not None:
        return f"on {first}"
    if first is None:
        return f"up to {last}" if last else "on every day"
    return f"from {first} to {last}" if last else f"from {first} on"


def joined_periods(periods: Sequence[PeriodView]) -> list[str]:
    """Periods in words, those that touch and are otherwise alike as one."""
    alike: dict[str, list[PeriodView]] = {}
    for period in periods:
        runs = alike.setdefault(f"{period.county} {period.agencies} {period.readings}", [])
        if runs and _touch(runs[-1], period):
            runs[-1] = runs[-1].model_copy(update={"last": period.last})
        else:
            runs.append(period)
    return list(dict.fromkeys(period_text(run) for runs in alike.values() for run in runs))


def _touch(a: PeriodView, b: PeriodView) -> bool:
    return a.last is not None and b.first is not None and (b.first - a.last).days == 1


def percent(part: int, whole: int) -> str:
    """A share as a percentage with three figures; never rounded to none or to all."""
    if part in (0, whole):
        return "0 %" if part == 0 else "100 %"
    share = 100 * part / whole
    text = f"{share:.3g}"
    if float(text) >= 100:
        return "almost 100 %"
    return f"{text} %"


def changes_text(period: PeriodView) -> list[str]:
    """What a period's table says of the combinations that change."""
    return [
        f"{_said(before)} -> {_said(after)}: {number:,} of {period.combinations:,} "
        f"({percent(number, period.combinations)})"
        for before, row in period.matrix.items()
        for after, number in row.items()
        if before != after
    ]


# ---------------------------------------------------------------- parts


def _scenarios(difference: Difference, most: int | None) -> Iterator[Line]:
    changed = difference.scenarios
    yield Line(f"Scenarios: {len(changed)} of {difference.scenarios_compared} asked of both "
               f"sides are answered differently", "heading")  # fmt: skip
    lines = [line for one in changed for line in _scenario(one)]
    yield from _some(lines, None if most is None else 3 * most)


def _scenario(one: ScenarioChange) -> Iterator[Line]:
    yield Line(f"  {one.file}:{one.line}: {one.name}")
    expected = f"; expected {_said(one.expected)}" if one.expected else ""
    yield Line(
        f"    {_said(one.before)} [{one.rule_before}] -> {_said(one.after)} [{one.rule_after}]"
        f"{expected}"
    )


def _action(act: ActionView, difference: Difference, most: int | None) -> Iterator[Line]:
    a, b = difference.sides
    yield Line(f"{act.action}: {b.name} is {act.verdict} {_than(act)} {a.name}", "heading")
    changed = [period for period in act.periods if period.changed]
    shown: dict[tuple[str, ...], list[PeriodView]] = {}
    for period in changed:
        shown.setdefault(tuple(changes_text(period)), []).append(period)
    lines = []
    for texts, periods in shown.items():
        lines += [Line(f"  {where}", "faint") for where in joined_periods(periods)]
        lines += [Line(f"    {text}") for text in texts]
    yield from _some(lines, None if most is None else 2 * most)
    if act.kinds:
        yield Line(f"  Kinds of case that change ({len(act.kinds)}):")
        for number, kind in enumerate(act.kinds[:most], 1):
            yield from _kind(number, kind, act)
        yield from _more(len(act.kinds), most)
    for duty in act.duties[:most]:
        yield from _duty(duty, act, difference)
    yield from _more(len(act.duties), most)


def _than(act: ActionView) -> str:
    return {"equivalent": "to", "incomparable": "with"}.get(act.verdict, "than")


def _kind(number: int, kind: KindView, act: ActionView) -> Iterator[Line]:
    yield Line(f"  {number}. {kind.sentence}")
    where = joined_periods([act.periods[place] for place in kind.periods])
    yield Line(f"     {'; '.join(where)}", "faint")
    yield from _such(kind.facts)


def _duty(duty: DutyChange, act: ActionView, difference: Difference) -> Iterator[Line]:
    yield Line(
        f"  Duty under {difference.sides[1].name} {duty.change}, the outcome being the same: "
        f"{duty.cite} [{duty.rule}]"
    )
    where = joined_periods([act.periods[place] for place in duty.periods])
    yield Line(f"     {'; '.join(where)}", "faint")
    yield from _such(duty.facts)


def _such(facts: Sequence[str]) -> Iterator[Line]:
    """A witness in words."""
    first, *rest = facts or ("nothing needs to be stated",)
    yield Line(f"     such a case: {first}")
    yield from (Line(f"       {fact}") for fact in rest)


def _offense(offense: OffenseChange) -> Iterator[Line]:
    yield Line(f"{offense.offense} ({offense.subject}): {'; '.join(offense.facts)}", "heading")
    if not offense.kinds:
        yield Line("  no case with one such item has another outcome for it")
    for number, kind in enumerate(offense.kinds, 1):
        yield Line(f"  {number}. {kind.action}: {kind.sentence}")
        yield from _such(kind.facts)


def _end(difference: Difference) -> Iterator[Line]:
    a, b = difference.sides
    for edit in difference.unproved:
        yield Line(f"No proof is about this, which may change answers: {edit}")
    equal = [act.action for act in difference.actions if act.verdict == "equivalent"]
    if equal:
        by = " by the rules" if difference.offenses else ""
        yield Line(f"Equivalent{by}, proved for every case: {', '.join(equal)}")
    if any(act.periods for act in difference.actions):
        yield Line("Shares are of the combinations of facts that the law tells apart, with any "
                   "number of items; never of people.", "faint")  # fmt: skip
    yield Line(difference.notice, "faint")
    if difference.equivalent:
        yield Line(f"equivalent: {a.name} and {b.name} answer every case alike "
                   f"({len(difference.actions)} acts)", "outcome")  # fmt: skip
    else:
        yield Line(f"different: {', '.join(counts(difference))}", "outcome")


def counts(difference: Difference) -> list[str]:
    """What differs, counted: what there is none of is left out, kinds of case apart."""
    acts = [act for act in difference.actions if act.verdict != "equivalent"]
    kinds = sum(len(act.kinds) for act in difference.actions)
    kinds += sum(len(offense.kinds) for offense in difference.offenses)
    said = [f"{len(acts)} of {len(difference.actions)} acts"] if acts else []
    said += [_counted(kinds, "kind of case", "kinds of case")]
    duties = sum(len(act.duties) for act in difference.actions)
    for number, one, several in (
        (duties, "duty", "duties"),
        (len(difference.offenses), "offense", "offenses"),
        (len(difference.scenarios), "scenario", "scenarios"),
        (len(difference.unproved), "edit without a proof", "edits without a proof"),
    ):
        said += [_counted(number, one, several)] if number else []
    return said


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _some(lines: Sequence[Line], most: int | None) -> Iterator[Line]:
    yield from lines[:most]
    yield from _more(len(lines), most)


def _more(number: int, most: int | None) -> Iterator[Line]:
    if most is not None and number > most:
        yield Line(f"  … and {number - most} more; --all shows every one", "faint")


def _said(outcome: str) -> str:
    return outcome.replace("_", " ")
