"""A difference as Markdown, to be read as a comment on a change of the rules."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from models.difference import ActionView, Difference, KindView, OffenseChange, PeriodView
from values_act.diff_text import joined_periods, percent, side_text

LONG = 40  # lines of a list; beyond, they are counted


def diff_markdown(difference: Difference) -> str:
    """The whole difference; what is long is folded away."""
    return "\n".join(_lines(difference)).rstrip() + "\n"


def _lines(difference: Difference) -> Iterator[str]:
    a, b = difference.sides
    kinds = sum(len(act.kinds) for act in difference.actions)
    if difference.equivalent:
        yield f"## `{b.name}` answers every case as `{a.name}` does"
    else:
        yield f"## `{b.name}` compared with `{a.name}`: {_count(kinds, 'kind')} of case change"
    yield ""
    yield from _table(difference)
    if difference.scenarios:
        yield ""
        yield (f"**Scenarios answered differently: {len(difference.scenarios)}** "
               f"of {difference.scenarios_compared} asked of both sides.")  # fmt: skip
        yield ""
        yield "| scenario | expected | " + f"{_cell(a.name)} | {_cell(b.name)} |"
        yield "|---|---|---|---|"
        for one in difference.scenarios[:LONG]:
            yield (f"| {_cell(one.name)} (`{one.file}:{one.line}`) | {_said(one.expected or '')} "
                   f"| {_said(one.before)} | {_said(one.after)} |")  # fmt: skip
        yield from _rest(len(difference.scenarios))
    elif difference.scenarios_compared:
        yield ""
        yield f"No scenario is answered differently ({difference.scenarios_compared} compared)."
    for act in difference.actions:
        if act.kinds or act.duties:
            yield ""
            yield from _action(act, difference)
    for offense in difference.offenses:
        yield ""
        yield from _offense(offense)
    if difference.edits:
        yield ""
        yield f"<details><summary>What is written otherwise ({len(difference.edits)})</summary>"
        yield ""
        for edit in difference.edits[:LONG]:
            yield f"- {_escape(edit.words)}{'' if edit.effect else ' (words only)'}"
        yield from _rest(len(difference.edits))
        yield ""
        yield "</details>"
    if difference.unproved:
        yield ""
        yield "No proof is about these edits, which may change answers:"
        yield from (f"- {_escape(edit)}" for edit in difference.unproved)
    yield ""
    yield "<sub>"
    yield "Exact over every case with any number of convictions, charges and warrants."
    yield "Shares are of combinations of facts that the law tells apart, never of people."
    yield from (_escape(note) + "." for note in difference.notes)
    yield from (_escape(side_text(side)) + "." for side in difference.sides)
    yield _escape(difference.notice)
    yield "</sub>"


def _table(difference: Difference) -> Iterator[str]:
    yield "| act | verdict | combinations that change, at most | kinds |"
    yield "|---|---|---|---|"
    for act in difference.actions:
        if act.verdict != "equivalent" or act.duties:
            most = max(act.periods, key=lambda p: p.changed / (p.combinations or 1))
            share = percent(most.changed, most.combinations or 1)
            verdict = act.verdict if act.verdict != "equivalent" else "equivalent, duties differ"
            yield f"| {act.action} | {verdict} | {share} | {len(act.kinds)} |"
    equal = [act.action for act in difference.actions if act.verdict == "equivalent"]
    if equal:
        yield f"| {', '.join(equal)} | equivalent, proved | 0 % | 0 |"


def _action(act: ActionView, difference: Difference) -> Iterator[str]:
    b = difference.sides[1]
    yield f"### {act.action}: `{b.name}` is {act.verdict}"
    yield ""
    changed = [period for period in act.periods if period.changed]
    if changed:
        yield from _matrix(max(changed, key=lambda p: p.changed / p.combinations))
        yield ""
    for number, kind in enumerate(act.kinds[:LONG], 1):
        yield from _kind(number, kind, act)
    yield from _rest(len(act.kinds))
    for duty in act.duties[:LONG]:
        where = "; ".join(joined_periods([act.periods[place] for place in duty.periods]))
        yield f"- Duty {duty.change} under `{b.name}`: {duty.cite} `{duty.rule}` ({where})"


def _matrix(period: PeriodView) -> Iterator[str]:
    """The table of outcomes of the period that changes most."""
    columns = sorted({after for row in period.matrix.values() for after in row})
    yield (
        f"| from \\ to ({joined_periods([period])[0]}) | " + " | ".join(map(_said, columns)) + " |"
    )
    yield "|---|" + "---|" * len(columns)
    for before, row in period.matrix.items():
        cells = [percent(row[a], period.combinations) if a in row else "" for a in columns]
        cells = [
            f"**{c}**" if c and a != before else c for c, a in zip(cells, columns, strict=True)
        ]
        yield f"| {_said(before)} | " + " | ".join(cells) + " |"


def _kind(number: int, kind: KindView, act: ActionView) -> Iterator[str]:
    where = "; ".join(joined_periods([act.periods[place] for place in kind.periods]))
    yield f"{number}. {_escape(kind.sentence)}<br>{_escape(where)}"
    yield from _witness(kind)


def _witness(kind: KindView) -> Iterator[str]:
    facts = "; ".join(kind.facts) or "nothing needs to be stated"
    yield f"   <details><summary>Such a case: {_escape(facts)}</summary>"
    yield ""
    yield "   ```yaml"
    text = yaml.safe_dump(kind.witness, sort_keys=False, allow_unicode=True, width=1000)
    yield from (f"   {line}" for line in text.splitlines())
    yield "   ```"
    yield "   </details>"


def _offense(offense: OffenseChange) -> Iterator[str]:
    yield f"### {offense.offense} ({offense.subject}): {_escape('; '.join(offense.facts))}"
    yield ""
    if not offense.kinds:
        yield "No case with one such item has another outcome for it."
    for number, kind in enumerate(offense.kinds, 1):
        yield f"{number}. {kind.action}: {_escape(kind.sentence)}"
        yield from _witness(kind)


def _rest(number: int) -> Iterator[str]:
    if number > LONG:
        yield ""
        yield f"… and {number - LONG} more; `--format json` has every one."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _said(outcome: str) -> str:
    return outcome.replace("_", " ")


def _escape(text: str) -> str:
    """Text that Markdown shows as it is."""
    for sign in "\\<>|*_[]`":
        text = text.replace(sign, f"\\{sign}")
    return text


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
