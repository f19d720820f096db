"""The weeks and months that reports tell of, and what they are compared with."""

from datetime import date

import pytest
from django.utils import translation

from kpis.report_words import say_period
from kpis.reporting import before, following, last_over, period_with
from kpis.ritual import Period


def test_weeks_begin_on_monday_and_months_on_the_first():
    assert (period_with(date(2026, 11, 22), "weekly"), period_with(date(2026, 2, 10), "monthly")) == (
        Period(date(2026, 11, 16), date(2026, 11, 22)),
        Period(date(2026, 2, 1), date(2026, 2, 28)),
    )


def test_the_next_and_the_last_that_is_over():
    week = Period(date(2026, 12, 28), date(2027, 1, 3))
    assert (following(week, "weekly").first, last_over(date(2026, 11, 23), "weekly").last) == (
        date(2027, 1, 4),
        date(2026, 11, 22),
    )
    assert last_over(date(2026, 3, 1), "monthly") == Period(date(2026, 2, 1), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("first", "last", "compared"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), Period(date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 11, 16), date(2026, 11, 22), Period(date(2026, 11, 9), date(2026, 11, 15))),
        (date(2026, 11, 1), date(2026, 11, 1), Period(date(2026, 10, 31), date(2026, 10, 31))),
    ],
)
def test_a_month_is_compared_with_a_month_and_days_with_as_many_days(first, last, compared):
    assert before(first, last) == compared


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["November 2026", "3–9 November 2026", "28 September — 4 October 2026", "1 November 2026"]),
        ("ru", ["ноябрь 2026", "3–9 ноября 2026", "28 сентября — 4 октября 2026", "1 ноября 2026"]),
    ],
)
def test_a_period_in_words(language, said):
    spans = [((11, 1), (11, 30)), ((11, 3), (11, 9)), ((9, 28), (10, 4)), ((11, 1), (11, 1))]
    with translation.override(language):
        found = [say_period(date(2026, *first), date(2026, *last)).replace("\u00a0", " ") for first, last in spans]
    assert found == said
