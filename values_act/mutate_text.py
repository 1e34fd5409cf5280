"""What became of mutants: a table by law or county, and those that survived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from values_act.lines import Line
from values_act.mutate import Equivalent, Verdict, Witness

FACTS = "facts"


@dataclass(slots=True)
class Tally:
    """How many mutants there were, and what became of them."""

    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    survived: int = 0

    def add(self, verdict: Verdict) -> None:
        self.mutants += 1
        self.killed += verdict.state == "killed"
        self.equivalent += verdict.state == "equivalent"
        self.survived += verdict.state == "survived"

    @property
    def score(self) -> Fraction | None:
        """Killed, of those that are not equivalent; None where there are none of these."""
        told = self.mutants - self.equivalent
        return Fraction(self.killed, told) if told else None


def tallies(verdicts: Iterable[Verdict]) -> dict[str, Tally]:
    """Counts by law or county, in the order they come; refused changes are no mutants."""
    found: dict[str, Tally] = {}
    for verdict in verdicts:
        if verdict.state != "refused":
            found.setdefault(place_of(verdict), Tally()).add(verdict)
    return found


def together(counts: Iterable[Tally]) -> Tally:
    """The sum of some counts."""
    total = Tally()
    for each in counts:
        total.mutants += each.mutants
        total.killed += each.killed
        total.equivalent += each.equivalent
        total.survived += each.survived
    return total


def place_of(verdict: Verdict) -> str:
    """The law, or the county, that a mutant is of."""
    return verdict.mutant.law or verdict.mutant.county or FACTS


def percent(score: Fraction | None) -> str:
    """A score in percent with one digit, never rounded up to all or down to none."""
    if score is None:
        return "-"
    tenths = score * 1000
    whole = round(tenths)
    if whole == 1000 and score < 1:
        whole = 999
    if whole == 0 and score > 0:
        whole = 1
    return f"{whole // 10}.{whole % 10}%"


def rows(counts: Mapping[str, Tally]) -> Iterator[tuple[object, ...]]:
    """The table, its sum last."""
    for name, tally in (*counts.items(), ("all", together(counts.values()))):
        yield (name, tally.mutants, tally.killed, tally.equivalent, tally.survived,
               percent(tally.score))  # fmt: skip


def survivor_lines(verdicts: Iterable[Verdict]) -> Iterator[Line]:
    """Each mutant that no scenario kills, under the rule or policy it is of."""
    owner = ""
    for verdict in verdicts:
        if verdict.state != "survived":
            continue
        mutant = verdict.mutant
        name = f"{mutant.owner} ({place_of(verdict)})"
        if name != owner:
            yield Line(name, "heading")
            owner = name
        yield Line(f"  {mutant.kind}: {mutant.words}")
        if isinstance(verdict.proof, Witness):
            yield Line(f"    such a case: {verdict.proof.before} becomes {verdict.proof.after}")


def as_json(verdicts: Iterable[Verdict], refused: int) -> dict[str, Any]:
    """Counts by place, all that survived, and what each killed mutant was killed by."""
    found = list(verdicts)
    counts = tallies(found)
    return {
        "refused": refused,
        "places": [_tally(name, tally) for name, tally in counts.items()],
        "all": _tally("all", together(counts.values())),
        "mutants": [_body(verdict) for verdict in found],
    }


def _tally(name: str, tally: Tally) -> dict[str, Any]:
    score = tally.score
    return {
        "name": name,
        "mutants": tally.mutants,
        "killed": tally.killed,
        "equivalent": tally.equivalent,
        "survived": tally.survived,
        "score": None if score is None else [score.numerator, score.denominator],
    }


def _body(verdict: Verdict) -> dict[str, Any]:
    mutant, proof = verdict.mutant, verdict.proof
    return {
        "id": mutant.id,
        "kind": mutant.kind,
        "owner": mutant.owner,
        "law": mutant.law,
        "county": mutant.county,
        "where": mutant.where,
        "before": mutant.before,
        "after": mutant.after,
        "state": verdict.state,
        "by": verdict.by,
        "why": proof.why if isinstance(proof, Equivalent) else None,
        "witness": None
        if not isinstance(proof, Witness)
        else {
            "case": proof.case.model_dump(mode="json", exclude_unset=True),
            "before": proof.before,
            "after": proof.after,
        },
    }
