"""Which reading speaks for an age, when a post is asked for next, and what a rank says."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from kpis.ladder import LADDER, STEPS, Aged, at_step, more_than, next_due

PUBLISHED = datetime(2026, 11, 1, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_steps_climb_and_none_reaches_into_the_one_before():
    assert [step.code for step in LADDER] == ["1h", "6h", "1d", "3d", "7d", "28d"]
    assert all(below.age < above.earliest for below, above in pairwise(LADDER))
    assert all(step.holds(step.aim) and step.aim < step.age for step in LADDER)


@pytest.mark.parametrize(
    ("ages", "speaks"),
    [
        ([], None),
        ([timedelta(days=6, hours=11, minutes=59)], None),
        ([timedelta(days=6, hours=12)], timedelta(days=6, hours=12)),
        ([timedelta(days=7)], timedelta(days=7)),
        ([timedelta(days=7, seconds=1)], None),
        ([timedelta(days=6, hours=13), timedelta(days=6, hours=20), timedelta(days=8)], timedelta(days=6, hours=20)),
    ],
)
def test_the_nearest_reading_that_is_not_later_speaks_for_a_step(ages, speaks):
    found = at_step(STEPS["7d"], [Aged(age, str(age)) for age in ages])
    assert (found.age if found else None) == speaks


@pytest.mark.parametrize(
    ("asked_at", "due_at"),
    [
        (timedelta(), timedelta(minutes=52, seconds=30)),
        (timedelta(minutes=52), timedelta(minutes=52, seconds=30)),
        (timedelta(minutes=55), timedelta(hours=5, minutes=45)),
        (2 * HOUR, timedelta(hours=5, minutes=45)),
        (DAY, 3 * DAY - timedelta(hours=1, minutes=30)),
        (7 * DAY, 28 * DAY - timedelta(hours=12)),
        (28 * DAY, None),
        (400 * DAY, None),
    ],
)
def test_a_post_is_asked_for_a_little_before_its_next_step(asked_at, due_at):
    expected = None if due_at is None else PUBLISHED + due_at
    assert next_due(PUBLISHED, PUBLISHED + asked_at) == expected


def test_a_rank_is_among_the_others_and_rounded_down():
    values = [Decimal(number) for number in range(10)]
    assert [more_than(Decimal(value), values) for value in (0, 5, 8, 9)] == [0, 55, 88, 100]


def test_equals_are_not_less():
    assert more_than(Decimal(7), [Decimal(7)] * 12) == 0


def test_among_fewer_than_ten_there_is_no_rank():
    assert more_than(Decimal(9), [Decimal(number) for number in range(9)]) is None
