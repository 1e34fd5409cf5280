"""How long one decision takes: in process, by part, and from the shell; ratios in one run.

    python -m benchmarks.decide [--rounds 5]

The cases are the scenarios of this project. A figure is the median over all of them of each case's
best of several rounds, so that a busy machine disturbs it little; the shell figure is the median
of pairs run in turn.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from models.case import InmateCase
from values_act.casefacts import read_facts
from values_act.data import data_folder
from values_act.decide import Decider
from values_act.library import Library
from values_act.readers.reference import evaluate
from values_act.reasons import write_decision
from values_act.scenarios import load_folder
from values_act.settle import settle

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "robbery-orange.yaml"


def best(work: Callable[[], object], rounds: int) -> float:
    """Shortest of several runs, in seconds, after one that is not counted."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def parts(decider: Decider, case: InmateCase, rounds: int) -> dict[str, float]:
    """Seconds of each part of one decision."""
    library = decider.library
    answer = decider.answer(case)
    engine = decider._engine
    assert engine is not None, "durable_rules is not built here"
    program, facts, choices, view = answer.program, answer.facts, answer.choices, answer.view
    work: dict[str, Callable[[], object]] = {
        "facts of the case": lambda: read_facts(case, library.vocabulary, library.catalogue),
        "reference evaluator": lambda: evaluate(program, facts, choices),
        "durable_rules": lambda: engine.decide(program, facts, choices),
        "exact outcomes, readings": lambda: settle(program, facts, choices, view),
        "reasons": lambda: write_decision(answer),
        "whole decision": lambda: decider.decide(case),
    }
    return {name: best(run, rounds) for name, run in work.items()}


def in_process(rounds: int) -> None:
    start = time.perf_counter()
    library = Library()
    decider = Decider(library)
    cases = [p.scenario.case for p in load_folder(data_folder("scenarios")) if p.scenario.expect]
    decider.decide(cases[0])
    print(f"loaded the law, {len(cases)} scenarios: {time.perf_counter() - start:.2f} s")
    found: dict[str, list[float]] = {}
    known: list[float] = []
    for case in cases:
        timed = parts(decider, case, rounds)
        for name, seconds in timed.items():
            found.setdefault(name, []).append(seconds)
        if not decider.answer(case).settled.missing:
            known.append(timed["whole decision"])
    print(f"\n{'part':<28}{'median':>12}{'p90':>12}")
    for name, times in found.items():
        p90 = statistics.quantiles(times, n=10)[8]
        print(f"{name:<28}{statistics.median(times) * 1e6:>9.0f} us{p90 * 1e6:>9.0f} us")
    print(f"{'whole, nothing missing':<28}{statistics.median(known) * 1e6:>9.0f} us")


def from_shell(pairs: int) -> None:
    """`values-act decide` beside importing pydantic and typer, in turn."""
    ours = [sys.executable, "-m", "values_act", "decide", str(EXAMPLE)]
    bare = [sys.executable, "-c", "import pydantic, typer"]
    ratios, walls = [], []
    for number in range(pairs + 1):
        seconds = []
        for command in (ours, bare):
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
            seconds.append(time.perf_counter() - start)
        if number:  # the first pair warms the disk
            ratios.append(seconds[0] / seconds[1])
            walls.append(seconds[0])
    print(
        f"\nfrom the shell: {statistics.median(walls):.3f} s, "
        f"{statistics.median(ratios):.1f} x `python -c 'import pydantic, typer'` "
        f"(median of {pairs} pairs)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=9)
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    in_process(options.rounds)
    from_shell(options.pairs)


if __name__ == "__main__":
    main()
