"""Ten thousand decisions in one process leave nothing behind."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

from tests.scenes import as_case
from values_act.decide import Decider
from values_act.library import Library

DECISIONS = 10_000
ACTIONS = ("transfer", "inmate_list", "notify_release", "hold", "inmate_list")
PAGE = 4096
ALLOWED = 4_000_000  # bytes of resident memory over all decisions after warming up


def resident() -> int:
    """Resident memory of this process, in bytes; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text(encoding="ascii").split()[1]) * PAGE


def case(number: int) -> dict[str, object]:
    """Small cases that differ: a day, a warrant, a public date, a conviction or none."""
    warrant = {"issuer": "federal_judge", "crime": "federal_criminal_immigration", "felony": True,
               "outstanding": True, "probable_cause": True, "authorizes_arrest": True,
               "names_person": True}  # fmt: skip
    conviction = {"offense": "PC 487", "grade": "felony", "date": "2010-07"}
    return {
        "as_of": f"2025-{1 + number % 12:02}-{1 + number % 28:02}",
        "action": ACTIONS[number % len(ACTIONS)],
        "request": {"kind": "notification", "by": "ICE"},
        "person": {"registrant": "never", "release_date_public": number % 3 == 0},
        "warrants": [warrant] if number % 5 == 0 else [],
        "convictions": [conviction] if number % 30 == 0 else [],
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


def test_hypothetical_counties_are_forgotten() -> None:
    """Each comes with rules of its own, which the engine drops again."""
    decider = Decider(Library())

    def decide(number: int) -> None:
        policy = {
            "id": f"p{number}", "title": "t", "cite": "c", "source": {"title": "ours"},
            "authority": "board", "binds": ["sheriff"],
            "actions": {"inmate_list": {"when": {"request.information_public": True}}},
        }  # fmt: skip
        raw = {**case(1), "action": "inmate_list", "policy": policy}
        assert decider.decide(as_case(raw)).local[0].policy == f"p{number}"

    for number in range(200):
        decide(number)
    gc.collect()
    start = resident()
    for number in range(200, 500):
        decide(number)
    gc.collect()
    grown = resident() - start
    assert grown < ALLOWED, f"{grown:,} bytes more after 300 counties"
