"""`docs/law.md` names every reading with the option that is taken, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from tests.scenes import library

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "law.md").read_text(encoding="utf-8")


def test_every_reading_stands_in_a_table_with_the_option_taken() -> None:
    told = re.findall(r"^\| `([\w-]+)` \| `([\w-]+)` \|", TEXT, re.MULTILINE)
    assert len(told) == len(dict(told)), "a reading stands in two tables"
    taken = {name: reading.default for name, reading in library().readings.items()}
    assert dict(told) == taken
