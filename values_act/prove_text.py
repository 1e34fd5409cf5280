"""A proof told on a terminal: one line a property, and below it what it does not hold of."""

from __future__ import annotations

from collections.abc import Iterator

from models.proof import Counterexample, Proof, PropertyView
from values_act.diff_text import days_text
from values_act.lines import Line

FEW = 6  # counterexamples of a property that are told, unless all are asked for


def proof_lines(proof: Proof, *, every: bool = False) -> Iterator[Line]:
    """Every property; of many counterexamples the first few, unless every one is asked for."""
    for view in proof.properties:
        yield from _property(view, None if every else FEW)
    failed = [view for view in proof.properties if view.verdict != "VERIFIED"]
    yield Line("")
    yield Line("For every case with any number of items; readings taken by default, those that "
               "have no default under each option.", "faint")  # fmt: skip
    yield Line(proof.notice, "faint")
    held = len(proof.properties) - len(failed)
    style = "prohibited" if failed else "permitted"
    yield Line(f"{held} verified, {len(failed)} do not hold; rules {proof.law_digest}", style)


def _property(view: PropertyView, most: int | None) -> Iterator[Line]:
    style = "permitted" if view.verdict == "VERIFIED" else "prohibited"
    county = f", {view.county} County" if view.county else ""
    size = f"{_number(view.acts, 'act')}, {_number(view.spans, 'span')}"
    law = f"law {view.law}{county}; {size}"
    yield Line(f"{view.verdict:<13}  {view.id}: {view.title} ({law})", style)
    yield Line(f"  {view.says}", "faint")
    yield from (Line(f"  {note}", "faint") for note in view.notes)
    for number, one in enumerate(view.counterexamples[:most], 1):
        yield from _counterexample(number, one)
    more = len(view.counterexamples) - (most or len(view.counterexamples))
    if more > 0:
        yield Line(f"  … and {more} more; --all shows every one", "faint")


def _counterexample(number: int, one: Counterexample) -> Iterator[Line]:
    yield Line(f"  {number}. {one.words}")
    if one.case is None:
        if one.first or one.last:
            yield Line(f"     {days_text(one.first, one.last)}", "faint")
        return
    county = f"; {one.county} County" if one.county else ""
    yield Line(f"     {days_text(one.first, one.last)}{county}", "faint")
    first, *rest = one.facts or ("nothing needs to be stated",)
    yield Line(f"     such a case: {first}")
    yield from (Line(f"       {fact}") for fact in rest)
    if one.decided:
        yield Line(f"     decided: {one.decided}")


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
