"""`values-act law`: the laws, and the rules of one in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from values_act.cli.app import law_app
from values_act.cli.common import (
    Format,
    FormatOption,
    RulesOption,
    given_day,
    library,
    show,
    show_json,
    table,
)
from values_act.lines import Line

if TYPE_CHECKING:
    from models.law import Law, Rule
    from values_act.library import Library


@law_app.command("list")
def list_laws(rules: RulesOption = None, output: FormatOption = Format.text) -> None:
    """Every law by name, with its dates and the number of its rules."""
    laws = library(rules).laws.values()
    if output is Format.json:
        show_json([_head(law) for law in laws])
        return
    rows = (
        (law.name, law.kind, law.effective or "", law.ended or "", len(law.rules), law.title)
        for law in laws
        if law.kind != "proposal"
    )
    table("Laws", ["law", "kind", "from", "to", "rules", "title"], rows)
    proposals = [law for law in laws if law.kind == "proposal"]
    if proposals:
        told = ((law.name, law.extends or "", law.status or "", law.title) for law in proposals)
        table("Proposals, none of them law", ["proposal", "would change", "status", "title"], told)


@law_app.command("show")
def show_law(
    name: Annotated[str, typer.Argument(help="A law, or the id of one rule.")],
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> None:
    """A law's rules in words, or one rule."""
    from values_act.errors import InputError, did_you_mean

    store = library(rules)
    by_id = {rule.id: rule for law in store.laws.values() for rule in law.rules}
    if name in store.laws:
        law = store.laws[name]
        if output is Format.json:
            show_json(law.model_dump(mode="json", exclude_unset=True))
            return
        show(_law_lines(law, store))
    elif name in by_id:
        if output is Format.json:
            show_json(by_id[name].model_dump(mode="json", exclude_unset=True))
            return
        show(_rule_lines(by_id[name], store))
    else:
        known = [*store.laws, *by_id]
        raise InputError(f"unknown law or rule `{name}`; see `law list`{did_you_mean(name, known)}")


@law_app.command("timeline")
def show_timeline(
    name: Annotated[str, typer.Argument(metavar="[LAW]", help="A law; see `law list`.")] = "state",
    county: Annotated[
        str | None, typer.Option("--county", help="A county, whose policies are shown too.")
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day shown.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The last day shown.")
    ] = None,
    rules: RulesOption = None,
    output: FormatOption = Format.text,
) -> None:
    """Everything that changes by date: laws, rules, lists, grades, and a county's policies."""
    from values_act.days import Days
    from values_act.errors import InputError
    from values_act.timeline import timeline, within

    days = Days(
        date.min if start is None else given_day(start, "--from"),
        date.max if end is None else given_day(end, "--to"),
    )
    if days.last < days.first:
        raise InputError(f"--from {days.first} is after --to {days.last}")
    store = library(rules)
    law = store.law(name)
    found = within(timeline(store, name, store.county(county) if county else None), days)
    if output is Format.json:
        show_json([event.body() for event in found])
        return
    title = f"{law.name}: {law.title}{f'; {store.county(county).county} County' if county else ''}"
    rows = (
        (event.when, event.what + ("" if event.id in event.what else f" [{event.id}]"), event.cite)
        for event in found
    )
    table(title, ["date", "what", "citation"], rows)


def _head(law: Law) -> dict[str, object]:
    return {
        "name": law.name,
        "title": law.title,
        "kind": law.kind,
        **({"extends": law.extends, "status": law.status} if law.extends else {}),
        "effective": law.effective and law.effective.isoformat(),
        "ended": law.ended and law.ended.isoformat(),
        "rules": [rule.id for rule in law.rules],
        "readings": [reading.id for reading in law.readings],
        "source": law.source.model_dump(mode="json", exclude_none=True),
    }


def _law_lines(law: Law, store: Library) -> Iterator[Line]:
    yield Line(f"{law.name}: {law.title}", "heading")
    dates = f"from {law.effective}" if law.effective else "no dates of its own"
    yield Line(f"{dates}{f' to {law.ended}' if law.ended else ''}; source: {law.source.title}")
    if law.kind == "proposal":
        yield Line(f"a proposal that is not law: {law.status}")
        yield Line(f"would change {law.extends}; takes out {', '.join(law.drop) or 'nothing'}")
        if law.keep:
            yield Line(f"leaves {', '.join(law.keep)}")
        for old, new in law.replace.items():
            yield Line(f"puts {new} in the place of {old}")
    if law.note:
        yield Line(law.note.strip(), "faint")
    for part in law.includes:
        yield Line(f"includes {part}")
    for base in law.base:
        yield Line("")
        yield Line(f"{base.id}: {base.title} ({base.cite})", "heading")
        yield Line(f"  {base.text}")
        yield Line(f"  otherwise {base.outcome.replace('_', ' ')}: {', '.join(base.actions)}")
    for rule in law.rules:
        yield Line("")
        yield from _rule_lines(rule, store)


def _rule_lines(rule: Rule, store: Library) -> Iterator[Line]:
    from values_act.readers.words import describe

    yield Line(f"{rule.id}: {rule.title} ({rule.cite})", "heading")
    yield Line(f"  {rule.text}")
    yield Line(f"  about: {', '.join(rule.subject)}")
    yield Line(f"  when: {describe(store.vocabulary, rule.subject[0], rule.when)}")
    effect = getattr(rule, rule.effect)
    said = effect if isinstance(effect, str) else ", ".join(effect) if effect is not True else "yes"
    yield Line(f"  {rule.effect}: {said}{f' (route {rule.route})' if rule.route else ''}")
    if rule.reading:
        options = "; ".join(f"{key} = {' or '.join(v)}" for key, v in rule.reading.items())
        yield Line(f"  only under the reading {options}")
    if rule.notwithstanding:
        yield Line(f"  notwithstanding: {', '.join(rule.notwithstanding)}")
    if rule.effective or rule.ended:
        yield Line(f"  in force: {rule.effective or ''} to {rule.ended or ''}")
    yield Line(f"  source: {rule.source.title} (confidence: {rule.source.confidence})", "faint")
