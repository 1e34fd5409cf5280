"""Ten thousand decisions in one process leave nothing behind."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

from tests.scenes import as_case
from values_act.decide import Decider
from values_act.library import Library

DECISIONS = 10_000
ALLOWED = 4_000_000  # bytes of resident memory over all decisions after warming up


def resident() -> int:
    """Resident memory of this process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


def case(number: int) -> dict[str, object]:
    """Small cases that differ: a day, a warrant or none, a public date or none."""
    warrant = {"issuer": "federal_judge", "crime": "federal_criminal_immigration", "felony": True,
               "outstanding": True, "probable_cause": True, "authorizes_arrest": True,
               "names_person": True}  # fmt: skip
    return {
        "as_of": f"2025-{1 + number % 12:02}-{1 + number % 28:02}",
        "action": "transfer" if number % 2 else "notify_release",
        "request": {"kind": "notification", "by": "ICE"},
        "person": {"registrant": "never", "release_date_public": number % 3 == 0},
        "warrants": [warrant] if number % 5 == 0 else [],
    }


def test_ten_thousand_decisions_keep_memory_flat_and_start_no_thread() -> None:
    decider = Decider(Library())
    cases = [as_case(case(number)) for number in range(60)]
    before_threads = set(threading.enumerate())
    first = [decider.decide(one) for one in cases]
    for _ in range(20):
        for one in cases:
            decider.decide(one)
    gc.collect()
    start = resident()
    for number in range(DECISIONS):
        decider.decide(cases[number % len(cases)])
    gc.collect()
    grown = resident() - start
    assert grown < ALLOWED, f"{grown:,} bytes more after {DECISIONS:,} decisions"
    assert set(threading.enumerate()) == before_threads
    assert [decider.decide(one) for one in cases] == first


def test_one_case_leaves_no_trace_in_the_next() -> None:
    decider = Decider(Library())
    plain = as_case(case(1))
    before = decider.decide(plain)
    for number in (0, 5, 10):
        decider.decide(as_case(case(number)))
    assert decider.decide(plain) == before
