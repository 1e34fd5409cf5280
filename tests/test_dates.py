"""Sums of years at their edges, and dates known in part."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.dates import PartialDate, add_years, first_day_where, years_between

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
YEARS = st.integers(0, 60)
DAY = timedelta(days=1)


# ---------------------------------------------------------------- add_years
@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        (date(2012, 5, 1), 5, date(2017, 5, 1)),
        (date(2012, 2, 29), 1, date(2013, 2, 28)),
        (date(2012, 2, 29), 4, date(2016, 2, 29)),
        (date(2012, 2, 29), 15, date(2027, 2, 28)),
        (date(1896, 2, 29), 4, date(1900, 2, 28)),  # 1900 is a common year
        (date(1996, 2, 29), 4, date(2000, 2, 29)),  # 2000 is a leap year
        (date(2011, 2, 28), 1, date(2012, 2, 28)),
        (date(2020, 12, 31), -15, date(2005, 12, 31)),
        (date(2020, 2, 29), -1, date(2019, 2, 28)),
        (date(2020, 6, 1), 0, date(2020, 6, 1)),
    ],
)
def test_the_sum_of_years_is_the_same_day_of_the_calendar(
    start: date, years: int, end: date
) -> None:
    assert add_years(start, years) == end


@pytest.mark.parametrize(("start", "years"), [(date(9999, 1, 1), 1), (date(1, 1, 1), -1)])
def test_a_sum_outside_the_calendar_is_an_error(start: date, years: int) -> None:
    with pytest.raises(ValueError, match="year"):
        add_years(start, years)


def test_a_leap_day_sum_past_the_last_year_is_an_error() -> None:
    with pytest.raises(ValueError, match="year"):
        add_years(date(9996, 2, 29), 5)


@given(DAYS, YEARS, YEARS)
def test_sums_grow_with_the_years(start: date, one: int, other: int) -> None:
    assert (one < other) == (add_years(start, one) < add_years(start, other))


@given(DAYS, DAYS, YEARS)
def test_sums_keep_the_order_of_days(one: date, other: date, years: int) -> None:
    assume(one <= other)
    assert add_years(one, years) <= add_years(other, years)


@given(DAYS, YEARS)
def test_only_a_leap_day_changes_its_day_of_the_month(start: date, years: int) -> None:
    end = add_years(start, years)
    assert end.month == start.month
    assert end.year == start.year + years
    assert end.day == start.day or (start.month, start.day, end.day) == (2, 29, 28)


# ---------------------------------------------------------------- years_between
@pytest.mark.parametrize(
    ("start", "end", "inside", "outside"),
    [
        (date(2010, 7, 17), date(2025, 7, 16), 15, 15),
        (date(2010, 7, 17), date(2025, 7, 17), 15, 16),
        (date(2010, 7, 17), date(2025, 7, 18), 16, 16),
        (date(2020, 7, 17), date(2020, 7, 17), 0, 1),
        (date(2020, 7, 17), date(2020, 7, 18), 1, 1),
        (date(2020, 2, 29), date(2025, 2, 27), 5, 5),
        (date(2020, 2, 29), date(2025, 2, 28), 5, 6),  # the anniversary in a common year
        (date(2020, 2, 29), date(2025, 3, 1), 6, 6),
        (date(2020, 2, 29), date(2024, 2, 28), 4, 4),
        (date(2020, 2, 29), date(2024, 2, 29), 4, 5),
        (date(2020, 2, 29), date(2024, 3, 1), 5, 5),
        (date(2020, 2, 28), date(2024, 2, 29), 5, 5),
        (date(2019, 12, 31), date(2020, 1, 1), 1, 1),
        (date(2020, 1, 1), date(2020, 12, 31), 1, 1),
    ],
)
def test_years_between_at_its_edges(start: date, end: date, inside: int, outside: int) -> None:
    assert years_between(start, end) == inside
    assert years_between(start, end, anniversary_inside=False) == outside


@given(DAYS, DAYS)
def test_years_between_is_the_least_number_of_years(start: date, end: date) -> None:
    assume(start <= end)
    years = years_between(start, end)
    assert end <= add_years(start, years)
    assert years == 0 or add_years(start, years - 1) < end


@given(DAYS, DAYS)
def test_the_anniversary_outside_is_one_more_on_that_day_only(start: date, end: date) -> None:
    assume(start <= end)
    inside = years_between(start, end)
    on_the_day = add_years(start, inside) == end
    assert years_between(start, end, anniversary_inside=False) == inside + on_the_day


@given(DAYS, YEARS)
def test_years_between_undoes_add_years(start: date, years: int) -> None:
    end = add_years(start, years)
    assert years_between(start, end) == years
    assert years_between(start, end + DAY) == years + 1


@given(DAYS, DAYS, DAYS)
def test_a_later_end_is_never_fewer_years(start: date, one: date, other: date) -> None:
    one, other = sorted((one, other))
    assume(start <= one)
    for inside in (True, False):
        first = years_between(start, one, anniversary_inside=inside)
        assert first <= years_between(start, other, anniversary_inside=inside)


# ---------------------------------------------------------------- dates known in part
@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2012-05-01", date(2012, 5, 1), date(2012, 5, 1)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2013-02", date(2013, 2, 1), date(2013, 2, 28)),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28)),
        ("2012-12", date(2012, 12, 1), date(2012, 12, 31)),
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
    ],
)
def test_a_partial_date_is_all_its_days(text: str, first: date, last: date) -> None:
    found = PartialDate.parse(text)
    assert (found.first, found.last, str(found)) == (first, last, text)
    assert found.exact == (first == last)


def test_a_year_written_as_a_number_is_read() -> None:
    assert PartialDate.parse(2012) == PartialDate.parse("2012")


@pytest.mark.parametrize(
    "text",
    [
        "", "12", "2012-5", "2012-05-1", "2012/05/01", "05-01-2012", "2012-05-01T00:00", " 2012",
        "2012-", "2012-05-01\n", "20120501", "May 2012", "unknown", "-2012", "12012",
    ],
)  # fmt: skip
def test_another_form_is_refused_with_the_forms_wanted(text: str) -> None:
    with pytest.raises(ValueError, match="write 2012-05-01, 2012-05 or 2012"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    "text", ["2013-02-29", "1900-02-29", "2012-13", "2012-00", "2012-04-31", "2012-01-00", "0000"]
)
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day in the calendar"):
        PartialDate.parse(text)


@given(DAYS)
def test_a_day_a_month_and_a_year_contain_the_day(day: date) -> None:
    text = day.isoformat()
    for part in (text, text[:7], text[:4]):
        found = PartialDate.parse(part)
        assert found.first <= day <= found.last
        assert PartialDate.parse(found) is found
    assert PartialDate.parse(day) == PartialDate.parse(text)


@given(DAYS)
def test_a_partial_date_ends_where_the_next_begins(day: date) -> None:
    for form in ("%Y-%m", "%Y"):
        found = PartialDate.parse(day.strftime(form))
        following = PartialDate.parse((found.last + DAY).strftime(form))
        assert following.first == found.last + DAY


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    try:
        found = PartialDate.parse(text)
    except ValueError:
        return
    assert found.text == text
    assert found.first <= found.last


# ---------------------------------------------------------------- the first day
@given(DAYS, st.integers(0, 4000), st.integers(0, 4000))
def test_the_first_day_is_found_by_halving(low: date, before: int, after: int) -> None:
    turn = low + timedelta(days=before)
    high = turn + timedelta(days=after)
    assert first_day_where(lambda day: day >= turn, low, high) == turn


@given(DAYS, st.integers(0, 4000))
def test_no_first_day_is_none(low: date, length: int) -> None:
    assert first_day_where(lambda day: False, low, low + timedelta(days=length)) is None
