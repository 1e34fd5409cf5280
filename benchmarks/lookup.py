"""How long one look-up of a citation takes, new and repeated, over every row in several spellings.

    python -m benchmarks.lookup [--rounds 5]

The spellings of one row must all find it, or the run stops. A figure is the mean over all texts of
the best of several rounds.
"""

from __future__ import annotations

import argparse
import os
import platform
import time

from values_act.catalogue import Catalogue
from values_act.data import data_folder


def spellings(code: str, section: str) -> list[str]:
    """One citation as people vary it."""
    cite = f"{code} {section}"
    glued = [f"{code}{section}"] if section[0].isdigit() else []
    return [cite, cite.lower(), f"{code} § {section}", f"  {code}   {section} ", *glued]


def texts(catalogue: Catalogue) -> list[str]:
    """Every row in several spellings.

    Raises:
        SystemExit: two spellings of one row find different rows.
    """
    found = []
    for code, section, *_ in catalogue._rows:
        same = spellings(code, section)
        first = catalogue.find(same[0]).entries
        for text in same:
            if catalogue.find(text).entries != first or not first:
                raise SystemExit(f"`{text}` does not find what `{same[0]}` finds")
        found += same
    return found


def seconds(find: object, asked: list[str], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for text in asked:
            find(text)  # type: ignore[operator]
        best = min(best, time.perf_counter() - start)
    return best / len(asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    start = time.perf_counter()
    catalogue = Catalogue.load(data_folder("rules") / "offenses")
    print(f"loaded {len(catalogue._rows)} rows: {(time.perf_counter() - start) * 1e3:.1f} ms")
    asked = texts(catalogue)
    print(f"{len(asked)} citations, every spelling finds its row")
    print(f"new       {seconds(catalogue._find, asked, options.rounds) * 1e6:8.1f} us a look-up")
    own = [f"{code} {section}" for code, section, *_ in catalogue._rows]
    print(f"as printed{seconds(catalogue._find, own, options.rounds) * 1e6:7.1f} us a look-up")
    print(f"repeated  {seconds(catalogue.find, asked, options.rounds) * 1e6:8.1f} us a look-up")


if __name__ == "__main__":
    main()
