"""What counts as a dip: pure arithmetic on made-up weeks."""

from datetime import date, timedelta

import pytest

from kpis.dips import REACH, Fall, falls

MONDAY = date(2026, 6, 1)
WEEK = [100, 110, 120, 115, 105, 60, 50]


def visits(weeks: int) -> list[float | None]:
    """Weeks with a habit and a small ripple that never repeats in step with them."""
    return [WEEK[day % 7] * (1 + (day * 3 % 11 - 5) / 100) for day in range(7 * weeks)]


def followers(days: int) -> list[float | None]:
    total, line = 5000, []
    for day in range(days):
        total += 10 + day * 5 % 7 - 3
        line.append(total)
    return line


def days_of(found: list[Fall]) -> list[tuple[int, int]]:
    return [((fall.day - MONDAY).days, (fall.until - MONDAY).days) for fall in found]


def test_quiet_weeks_have_no_dips():
    assert falls(MONDAY, visits(20), kind="flow") == []
    assert falls(MONDAY, followers(140), kind="stock") == []


def test_a_quiet_sunday_is_no_dip_and_a_quiet_wednesday_is():
    line = visits(12)
    line[72] = 52  # a Wednesday, as low as any Sunday
    [fall] = falls(MONDAY, line, kind="flow")
    assert (fall.day, fall.until, fall.value) == (MONDAY + timedelta(days=72), MONDAY + timedelta(days=72), 52)
    assert 52 < fall.low < 115 < fall.high


def test_days_in_a_row_are_one_dip_even_across_a_gap():
    line = visits(12)
    line[70:74] = [20, 25, None, 30]
    line[78] = 20
    assert days_of(falls(MONDAY, line, kind="flow")) == [(70, 73), (78, 78)]


def test_only_the_wrong_side_counts():
    line = visits(12)
    line[72] = 400
    assert falls(MONDAY, line, kind="flow") == []
    assert days_of(falls(MONDAY, line, kind="flow", down=False)) == [(72, 72)]


def test_a_loss_of_followers_is_a_dip_on_its_own_day_only():
    line = followers(60)
    line[45:] = [value - 200 for value in line[45:]]
    [fall] = falls(MONDAY, line, kind="stock")
    assert days_of([fall]) == [(45, 45)]
    assert fall.value == line[45] < fall.low < line[44] + 10 < fall.high


def test_a_loss_during_a_gap_is_seen_on_the_day_after_it():
    line = followers(60)
    line[45:] = [value - 600 for value in line[45:]]
    line[43:45] = [None, None]
    assert days_of(falls(MONDAY, line, kind="stock")) == [(45, 45)]


def test_what_was_not_seen_for_weeks_is_not_held_against_what_it_was():
    line = followers(60)
    line[45:] = [value - 2000 for value in line[45:]]
    line[30:45] = [None] * 15
    assert falls(MONDAY, line, kind="stock") == []


@pytest.mark.parametrize(("kind", "days"), [("flow", 28), ("stock", 14)])
def test_the_first_weeks_say_nothing(kind, days):
    line = visits(4) if kind == "flow" else followers(28)
    line[days - 1] = 0
    assert falls(MONDAY, line[:days], kind=kind) == []


def test_a_number_that_stands_still_and_takes_round_steps_is_not_troubled_by_one_of_them():
    line = [115_000.0] * 20 + [116_000.0] * 20 + [115_000.0] * 5
    assert falls(MONDAY, line, kind="stock") == []
    assert days_of(falls(MONDAY, [*line, 112_000.0], kind="stock")) == [(45, 45)]


def test_zero_is_a_number():
    line = visits(12)
    line[72] = 0
    assert days_of(falls(MONDAY, line, kind="flow")) == [(72, 72)]


def test_numbers_below_zero_are_judged_too():
    line = [value - 90 for value in visits(12)]
    line[72] = -200
    assert days_of(falls(MONDAY, line, kind="flow")) == [(72, 72)]


def test_only_what_reaches_into_the_days_asked_for_is_told():
    line = visits(12)
    line[60], line[72] = 10, 10
    assert days_of(falls(MONDAY, line, kind="flow", since=MONDAY + timedelta(days=61))) == [(72, 72)]


@pytest.mark.parametrize("kind", ["flow", "stock"])
def test_a_day_is_judged_alike_whatever_came_later_and_long_before(kind):
    line = visits(40) if kind == "flow" else followers(280)
    line[200] = line[200] - 80 if kind == "flow" else line[200] - 300
    whole = [fall for fall in falls(MONDAY, line, kind=kind) if fall.day == MONDAY + timedelta(days=200)]
    start = 200 - REACH
    assert whole == falls(MONDAY + timedelta(days=start), line[start:201], kind=kind)
    assert len(whole) == 1
