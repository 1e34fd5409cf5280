"""How long exact answers take where facts are unknown, and `flip`; shares of one run.

    python -m benchmarks.exact [--rounds 5]

A figure is the best of several rounds of one whole decision by the reference evaluator and the
decision diagram: outcomes, missing facts with what each answer leaves, contested readings, without
durable_rules and the reasons in words. The last column compares it with a case that is settled.
Unknown facts are those that a rule looks at, of a list not looked into one item's.
"""

from __future__ import annotations

import argparse
from typing import Any

from benchmarks.decide import best
from models.case import InmateCase
from values_act.decide import Decider
from values_act.flip import flips
from values_act.library import Library
from values_act.readers.diagram import Diagram

BASIC: dict[str, Any] = {
    "as_of": "2025-07-17", "action": "transfer", "agency": {"kind": "sheriff", "county": "Orange"},
    "request": {"kind": ["transfer"], "by": "ICE"}, "person": {"registrant": "never"},
    "convictions": [], "charges": [], "warrants": [],
}  # fmt: skip
ROBBERY = {
    "offense": "PC 211", "grade": "felony", "date": "2019-03-01", "jurisdiction": "california",
    "findings": [],
}  # fmt: skip
OPEN = {"convictions": "unknown", "charges": "unknown", "warrants": "unknown"}
CASES: dict[str, dict[str, Any]] = {
    "a robbery conviction, settled": {"convictions": [ROBBERY]},
    "a burglary without grade and date": {"convictions": [{"offense": "PC 459", "findings": []}]},
    "a burglary without grade, date, findings": {"convictions": [{"offense": "PC 459"}]},
    "three lists that nobody looked into": OPEN,
    "one conviction of which nothing is known": {"convictions": [{}]},
    "two such convictions": {"convictions": [{}] * 2},
    "ten such convictions": {"convictions": [{}] * 10},
    "two convictions, charges and warrants, nothing known": {
        "convictions": [{}] * 2, "charges": [{}] * 2, "warrants": [{}] * 2,
    },
    "five offenses without grade or date": {
        "convictions": [
            {"offense": cite}
            for cite in ("PC 459", "PC 487(a)", "HS 11378", "PC 245(a)(1)", "PC 242")
        ]
    },
}  # fmt: skip


def case_of(more: dict[str, Any]) -> InmateCase:
    return InmateCase.model_validate({**BASIC, **more})


def unknown(decider: Decider, case: InmateCase) -> int:
    """Facts of a case and of its items that are unknown and that a rule looks at."""
    answer = decider.answer(case)
    diagram = Diagram(answer.program, answer.facts, answer.choices)
    of_case = sum(v.record is answer.facts.case for v in diagram.variables.values())
    return of_case + sum(len(item.own) for item in diagram.items)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    decider = Decider(Library(), use_engine=False)
    first = 0.0
    print(f"{'case':<56}{'unknown':>8}{'best':>12}{'times':>8}")
    for name, more in CASES.items():
        case = case_of(more)
        seconds = best(lambda case=case: decider.answer(case), rounds)  # type: ignore[misc]
        first = first or seconds
        count = unknown(decider, case)
        print(f"{name:<56}{count:>8}{seconds * 1e3:>9.1f} ms{seconds / first:>8.0f}")
    for count in (1, 2, 3):
        answer = decider.answer(case_of({"convictions": [ROBBERY] * count}))
        seconds = best(lambda answer=answer: flips(answer, most=60), 1)  # type: ignore[misc]
        name = f"flip, {count} robbery conviction{'s' if count > 1 else ''}"
        print(f"{name:<64}{seconds * 1e3:>9.0f} ms{seconds / first:>8.0f}")


if __name__ == "__main__":
    main()
