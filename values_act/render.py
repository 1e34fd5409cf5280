"""A decision as text: a short memo for the screen, and a one-page record to sign."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from models.decision import Barred, Decision, DutyView, Ground, Missing, NearMiss
from models.law import Outcome
from values_act.lines import Line
from values_act.readers.words import MEANING, OUTCOME

WIDTH = 88
MAX_ASSUMED = 8
NEAR = {"required": 2, "permitted": 3}


def text_lines(decision: Decision, action: str) -> Iterator[Line]:
    """The decision as a short memo: outcome first, then why, and what is not settled.

    Args:
        decision: the decision.
        action: what the action is, in words.
    """
    yield Line(f"{OUTCOME[decision.outcome]}: {MEANING[decision.outcome]}", decision.outcome)
    yield from status_lines(decision)
    if decision.title:
        yield Line(decision.title)
    yield from _wrapped(f"Act: {decision.action} ({action})", "text")
    yield Line(_place(decision))
    yield from _section("Warnings", (_bullets(w) for w in decision.warnings))
    open_ended = decision.outcome == "undetermined"
    opened = "What could open it" if open_ended else "Opened by"
    closed = "What closes it otherwise" if open_ended else "Closed by"
    yield from _section(opened, (_ground(g) for g in decision.grounds))
    yield from _section(closed, (_closed(bar) for bar in decision.barred_by))
    yield from _section("Local policy", (_bullets(text) for text in _local(decision)))
    if decision.refer:
        yield from _section("Ask counsel", [_bullets(decision.refer)])
    if decision.outcome == "undetermined":
        possible = " or ".join(_plain(o) for o in decision.possible_outcomes)
        yield from _section("It may be", [_bullets(possible)])
    yield from _section("Still unknown", _missing(decision))
    yield from _section("Contested", (_bullets(text) for text in _contested(decision)))
    near = decision.near_misses[: NEAR.get(decision.outcome)]
    yield from _section("Not met, nearest first", (_near(m) for m in near))
    yield from _section("Assumed", (_bullets(text) for text in _assumed(decision)))
    yield from _section("Not read by this law", [_bullets(", ".join(decision.unread))]
                        if decision.unread else [])  # fmt: skip
    yield from _section("Not confirmed", (_bullets(f"{u.what} ({u.confidence}): {u.note}")
                                          for u in decision.unverified))  # fmt: skip
    yield from _section("Duties", (_bullets(f"{_upon(d)}: {d.text} {d.cite} [{d.rule}]")
                                   for d in decision.duties))  # fmt: skip
    yield Line("")
    yield Line(
        f"law {decision.law}, rules {decision.law_digest}; decided by "
        f"{' and '.join(decision.decided_by)}",
        "faint",
    )
    yield Line(decision.notice, "faint")


def memo_lines(decision: Decision, action: str, facts: Iterable[str]) -> Iterator[Line]:
    """A record of one page: facts, law, reasons for and against, and room to sign."""
    yield Line("RECORD OF A DETERMINATION ON A HYPOTHETICAL CASE", "heading")
    yield Line("=" * WIDTH, "faint")
    yield Line(f"Case:       {decision.title or 'untitled'}")
    yield from _wrapped(f"Act:        {decision.action}: {action}", "text", "            ")
    yield Line(f"Agency:     {_agency(decision)}")
    yield Line(f"Law:        {decision.law} as of {decision.as_of} ({_made_of(decision)})")
    yield from status_lines(decision, "            ")
    yield Line(f"Rules:      {decision.law_digest}; {' and '.join(decision.decided_by)}")
    yield from _section("Facts", (_bullets(fact) for fact in facts))
    yield Line("")
    yield Line(f"OUTCOME: {OUTCOME[decision.outcome]} ({MEANING[decision.outcome]})",
               decision.outcome)  # fmt: skip
    yield from _section("For", (_ground(g) for g in decision.grounds))
    yield from _section("Against", (_closed(bar) for bar in decision.barred_by))
    if not decision.barred_by:
        yield from _section("Not met", (_near(m) for m in decision.near_misses[:3]))
    yield from _section("Local policy", (_bullets(text) for text in _local(decision)))
    if decision.refer:
        yield from _section("Counsel", [_bullets(decision.refer)])
    yield from _section("Unknown", _missing(decision))
    yield from _section("Contested", (_bullets(text) for text in _contested(decision)))
    yield from _section("Assumed", (_bullets(text) for text in _assumed(decision)))
    yield from _section("Not confirmed", (_bullets(f"{u.what} ({u.confidence}): {u.note}")
                                          for u in decision.unverified))  # fmt: skip
    yield from _section("Duties", (_bullets(f"{_upon(d)}: {d.text} {d.cite}")
                                   for d in decision.duties))  # fmt: skip
    yield Line("")
    yield Line("Facts checked against the court record by: ____________________   date: __________")
    yield Line("Determination made by:                     ____________________   date: __________")
    yield Line("Second check by:                           ____________________   date: __________")
    yield Line(decision.notice, "faint")


def plain(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines)


# ---------------------------------------------------------------- pieces


def _section(title: str, entries: Iterable[Iterable[Line]]) -> Iterator[Line]:
    first = True
    for entry in entries:
        if first:
            yield Line("")
            yield Line(title, "heading")
            first = False
        yield from entry


def _wrapped(text: str, style: str, indent: str = "    ") -> Iterator[Line]:
    for line in textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False):
        yield Line(line, style)


def _bullets(text: str) -> Iterator[Line]:
    return _wrapped(f"  - {text}", "text")


def _sub(text: str) -> Iterator[Line]:
    for line in textwrap.wrap(
        text, WIDTH, initial_indent="      ", subsequent_indent="        ", break_long_words=False
    ):
        yield Line(line, "faint")


def _place(decision: Decision) -> str:
    return f"{_agency(decision)}, {decision.as_of}, law: {decision.law} ({_made_of(decision)})"


def _made_of(decision: Decision) -> str:
    return ", ".join(decision.laws_in_force) or "nothing in force"


def status_lines(decision: Decision, indent: str = "") -> Iterator[Line]:
    """That a proposal is not law, and what became of it; nothing of a law."""
    if decision.law_status:
        text = f"{indent}Not law: {decision.law} is a proposal ({decision.law_status})"
        yield from _wrapped(text, "heading", f"{indent}    ")


def _agency(decision: Decision) -> str:
    where = f" of {decision.county} County" if decision.county else ", no county named"
    return f"{decision.agency.replace('_', ' ') or 'agency'}{where}"


def _plain(outcome: Outcome) -> str:
    return outcome.replace("_", " ")


def _upon(duty: DutyView) -> str:
    when = "On the request" if duty.upon == "request" else "When doing it"
    return when if duty.certain else f"{when}, possibly"


def _ground(ground: Ground) -> Iterator[Line]:
    mark = "" if ground.certain else "possibly: "
    yield from _bullets(f"{mark}{ground.title}: {ground.cite} [{ground.rule}]")
    for text in ground.because:
        yield from _sub(text)
    if ground.until:
        yield from _sub(f"last day it holds: {ground.until}")
    elif ground.certain:
        yield from _sub("no last day")
    if ground.breached:
        yield from _sub(f"in breach of local policy {', '.join(ground.breached)}")
    yield from _doubts(ground)


def _closed(bar: Barred) -> Iterator[Line]:
    yield from _bullets(f"{bar.title}: {bar.cite} [{bar.rule or bar.policy}]")
    for text in bar.because:
        yield from _sub(text)
    yield from _doubts(bar)


def _doubts(reason: Ground | Barred) -> Iterator[Line]:
    """What of a reason was not confirmed; nothing where all of it was."""
    if reason.confidence != "high":
        yield from _sub(f"confidence: {reason.confidence}")
    for what in reason.unverified:
        yield from _sub(f"not verified: {what}")


def _near(miss: NearMiss) -> Iterator[Line]:
    item = "" if miss.item == "case" else f" ({miss.item})"
    yield from _bullets(f"{miss.title}{item}: {miss.cite} [{miss.rule}]")
    for failed in miss.failed[:4]:
        yield from _sub(failed.words)
    if len(miss.failed) > 4:
        yield from _sub(f"and {len(miss.failed) - 4} more")


def _missing(decision: Decision) -> Iterator[Iterator[Line]]:
    """One entry a question: members of a list are asked for together."""
    by_question: dict[tuple[str, str], list[Missing]] = {}
    for missing in decision.missing:
        by_question.setdefault((missing.item, missing.question), []).append(missing)
    for (item, question), found in by_question.items():
        members = tuple(missing.member for missing in found if missing.member)
        yield _ask(item, question, members or found[0].choices)


def _ask(item: str, question: str, choices: tuple[str, ...]) -> Iterator[Line]:
    where = "" if item == "case" else f" ({item})"
    yield from _bullets(f"{question}{where}")
    if choices:
        yield from _sub("; ".join(choices[:16]) + ("; …" if len(choices) > 16 else ""))


def _local(decision: Decision) -> Iterator[str]:
    for view in decision.local:
        practice = f" Practice: {view.practice}" if view.practice else ""
        sure = "" if view.confidence == "high" else f" (confidence: {view.confidence})"
        yield (
            f"{view.county} County, {view.authority}: {_plain(view.outcome)} under {view.cite} "
            f"[{view.policy}]{sure}.{practice}"
        )


def _contested(decision: Decision) -> Iterator[str]:
    for point in decision.contested:
        taken = f"taken: {point.taken}" if point.taken != "none" else "none taken"
        others = "".join(f" and `{o.reading}: {o.option}`" for o in point.together)
        besides = others.replace(" and", " together with", 1)
        yield (
            f"{point.question} Under `{point.option}`{besides}: {_plain(point.outcome)} "
            f"({taken}{'' if point.verified else '; not verified'}) [{point.reading}]"
        )


def _assumed(decision: Decision) -> Iterator[str]:
    telling = [a for a in decision.assumed if a.otherwise or isinstance(a.value, str)]
    telling.sort(key=lambda a: not a.otherwise)
    for assumed in telling[:MAX_ASSUMED]:
        value = {True: "yes", False: "no"}.get(assumed.value, assumed.value)  # type: ignore[call-overload]
        where = "" if assumed.item == "case" else f"{assumed.item}, "
        other = ", ".join(_plain(o) for o in assumed.otherwise)
        then = f"; otherwise it could be {other}" if other else ""
        yield f"{where}{assumed.fact}: {value} ({assumed.because}{then})"
    more = len(decision.assumed) - min(len(telling), MAX_ASSUMED)
    if more:
        yield f"and {more} more, each without effect or named in --format json"
