"""Offenses whose grade the law has changed: what they were on the day they were done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.catalogue.common import OFFENSES
from tests.scenes import as_case, library
from values_act.casefacts import read_facts
from values_act.vocabulary import Open, Value

CHANGED = [row for row in OFFENSES if row["grade_before"]]
PARTLY = "where"  # said of a change that reached some forms of an offense, told by no date alone


def grade(row: dict[str, str], **told: str) -> Value:
    """The grade of a conviction on a day well after every change."""
    item = {"offense": f"{row['code']} {row['section']}", "jurisdiction": "california", **told}
    case = as_case({"as_of": "2026-06-01", "action": "transfer", "convictions": [item]})
    (record,) = read_facts(case, library().vocabulary, library().catalogue).items
    return record.values["offense_grade"]


@pytest.mark.parametrize("row", CHANGED, ids=lambda row: f"{row['code']} {row['section']}")
def test_a_grade_that_was_changed_is_told_by_the_date_and_open_without_one(
    row: dict[str, str],
) -> None:
    changed = date.fromisoformat(row["changed_on"])
    before, since = row["grade_before"], row["offense_grade"]
    assert grade(row, date=str(changed)) == since
    earlier = grade(row, date=str(changed - timedelta(days=1)))
    left_out, unknown = grade(row), grade(row, date="unknown")
    assert left_out == unknown
    assert isinstance(left_out, Open)
    assert set(left_out.choices) == {*before.split(" or "), since}
    if PARTLY in row["changed_by"]:
        assert earlier == Open((before.split(" or ")[0], since))
    else:
        assert earlier == before
