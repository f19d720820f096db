"""Working days to answer, and the rhythm that is kept."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from meetings.terms import Kept, cadence_kept, last_day_to_answer

DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))
WEEK = relativedelta(weeks=1)


@pytest.mark.parametrize(
    ("published", "days", "last"),
    [
        (date(2026, 11, 23), 3, date(2026, 11, 26)),  # a Monday
        (date(2026, 11, 26), 3, date(2026, 12, 1)),  # a Thursday
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # a Friday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # a Saturday
        (date(2026, 11, 29), 5, date(2026, 12, 4)),  # a Sunday
    ],
)
def test_weekends_do_not_count(published, days, last):
    assert last_day_to_answer(published, days) == last


@given(DAYS, st.integers(1, 30))
def test_between_publication_and_the_last_day_there_are_so_many_working_days(published, days):
    last = last_day_to_answer(published, days)
    between = (published + timedelta(days=number) for number in range(1, (last - published).days + 1))
    assert sum(day.weekday() < 5 for day in between) == days
    assert last.weekday() < 5


AGREED = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("met", "today", "kept"),
    [
        ([], AGREED, Kept(0, 0)),
        ([], AGREED + timedelta(days=7), Kept(0, 0)),
        ([], AGREED + timedelta(days=8), Kept(0, 1)),
        ([7], AGREED + timedelta(days=14), Kept(1, 1)),
        ([8], AGREED + timedelta(days=14), Kept(0, 1)),
        ([7, 14, 28], AGREED + timedelta(days=30), Kept(2, 3)),
        ([7], AGREED + timedelta(days=15), Kept(1, 2)),
        ([-3, 7, 90], AGREED + timedelta(days=8), Kept(1, 1)),
    ],
)
def test_a_meeting_in_time_is_kept(met, today, kept):
    assert cadence_kept(AGREED, [AGREED + timedelta(days=day) for day in met], today, WEEK) == kept


@given(DAYS, st.lists(DAYS, max_size=20), DAYS)
def test_never_more_is_kept_than_was_due(agreed, met, today):
    found = cadence_kept(agreed, met, today, WEEK)
    assert 0 <= found.kept <= found.due <= len(set(met)) + 1


@given(DAYS, st.integers(0, 40))
def test_who_meets_every_week_keeps_every_meeting(agreed, weeks):
    met = [agreed + timedelta(weeks=number) for number in range(1, weeks + 1)]
    assert cadence_kept(agreed, met, agreed + timedelta(weeks=weeks), WEEK) == Kept(weeks, weeks)
