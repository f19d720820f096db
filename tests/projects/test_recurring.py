"""The days on which something comes again."""

from datetime import date
from itertools import pairwise

import pytest

from projects.recurring import LAST_DAY, Rule, first_day, next_after

MONDAY, THURSDAY, SUNDAY = 0, 3, 6


def weekly(
    *weekdays: int, starts_on: date = date(2026, 11, 23), interval: int = 1, ends_on: date | None = None
) -> Rule:
    return Rule(False, interval, weekdays, None, starts_on, ends_on)


def monthly(day: int | None, starts_on: date, interval: int = 1, ends_on: date | None = None) -> Rule:
    return Rule(True, interval, (), day, starts_on, ends_on)


def days(rule: Rule, count: int) -> list[str]:
    found, day = [], first_day(rule)
    while day and len(found) < count:
        found.append(day.isoformat())
        day = next_after(rule, day)
    return found


def test_every_week_on_two_days():
    assert days(weekly(MONDAY, THURSDAY), 4) == ["2026-11-23", "2026-11-26", "2026-11-30", "2026-12-03"]


def test_it_begins_with_the_first_day_that_fits():
    assert days(weekly(SUNDAY), 2) == ["2026-11-29", "2026-12-06"]


def test_without_weekdays_it_is_the_weekday_of_the_beginning():
    assert days(weekly(), 2) == ["2026-11-23", "2026-11-30"]


def test_every_second_week_is_counted_from_the_beginning():
    rule = weekly(MONDAY, interval=2)
    assert days(rule, 3) == ["2026-11-23", "2026-12-07", "2026-12-21"]
    assert next_after(rule, date(2026, 12, 1)) == date(2026, 12, 7)


def test_a_week_begins_on_monday():
    """Begun on a Thursday, the Monday of the same week is over: the next one is a fortnight after that week."""
    rule = weekly(MONDAY, THURSDAY, starts_on=date(2026, 11, 26), interval=2)
    assert days(rule, 3) == ["2026-11-26", "2026-12-07", "2026-12-10"]


def test_the_31st_is_the_last_day_of_a_shorter_month():
    rule = monthly(31, date(2026, 12, 1))
    assert days(rule, 5) == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_the_30th_is_the_30th_where_there_is_one():
    assert days(monthly(30, date(2027, 1, 1)), 3) == ["2027-01-30", "2027-02-28", "2027-03-30"]


def test_the_29th_of_february_is_there_in_a_leap_year():
    assert days(monthly(29, date(2028, 2, 1)), 2) == ["2028-02-29", "2028-03-29"]
    assert days(monthly(29, date(2027, 2, 1)), 2) == ["2027-02-28", "2027-03-29"]


def test_every_twelfth_month_from_a_leap_day():
    assert days(monthly(29, date(2028, 2, 29), interval=12), 5) == [
        "2028-02-29",
        "2029-02-28",
        "2030-02-28",
        "2031-02-28",
        "2032-02-29",
    ]


def test_the_last_day():
    assert days(monthly(LAST_DAY, date(2028, 1, 15)), 4) == ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]


def test_without_a_day_it_is_the_day_of_the_beginning():
    assert days(monthly(None, date(2026, 10, 31)), 3) == ["2026-10-31", "2026-11-30", "2026-12-31"]


def test_a_day_that_is_over_in_the_first_month_comes_in_the_next():
    assert days(monthly(5, date(2026, 11, 23)), 2) == ["2026-12-05", "2027-01-05"]


def test_it_ends():
    assert days(weekly(MONDAY, ends_on=date(2026, 12, 6)), 9) == ["2026-11-23", "2026-11-30"]
    assert days(weekly(MONDAY, ends_on=date(2026, 11, 30)), 9) == ["2026-11-23", "2026-11-30"]


def test_what_ends_before_it_comes_never_comes():
    assert first_day(weekly(SUNDAY, ends_on=date(2026, 11, 28))) is None


@pytest.mark.parametrize("day", [1, 28, 29, 30, 31, LAST_DAY])
@pytest.mark.parametrize("interval", [1, 3])
def test_no_month_is_left_out_and_none_comes_twice(day, interval):
    found = [date.fromisoformat(text) for text in days(monthly(day, date(2027, 1, 1), interval), 40)]
    months = [each.year * 12 + each.month for each in found]
    assert {later - earlier for earlier, later in pairwise(months)} == {interval}
