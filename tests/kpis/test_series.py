from datetime import date, timedelta
from decimal import Decimal

import pytest

from kpis.series import Day, Path, change_over, daily, latest

FIRST = date(2026, 11, 1)


def day(number: int, value=None, **fields) -> Day:
    return Day(date(2026, 11, number), None if value is None else Decimal(value), **fields)


def test_every_day_is_there_once_and_in_order():
    line = daily([day(4, 40), day(2, 20)], first=FIRST, last=date(2026, 11, 5))
    assert [(each.day.day, each.value, each.reason) for each in line] == [
        (1, None, "before_first"),
        (2, Decimal(20), ""),
        (3, None, "not_taken"),
        (4, Decimal(40), ""),
        (5, None, "not_yet"),
    ]


def test_a_stored_gap_keeps_its_own_reason_and_zero_is_a_value():
    line = daily([day(1, 0), day(2, reason="hidden", final=False)], first=FIRST, last=date(2026, 11, 2))
    assert [(each.value, each.reason) for each in line] == [(Decimal(0), ""), (None, "hidden")]


def test_a_line_of_nothing_waits_for_its_first_number():
    assert [each.reason for each in daily([], first=FIRST, last=date(2026, 11, 3))] == ["not_yet"] * 3


def test_what_is_provisional_stays_marked():
    [only] = daily([day(1, 10, final=False, provenance="measured")], first=FIRST, last=FIRST)
    assert only == Day(FIRST, Decimal(10), False, "measured", "")


def test_the_latest_is_the_last_known_value_and_not_a_gap():
    line = daily([day(1, 10), day(2, 12)], first=FIRST, last=date(2026, 11, 4))
    assert (latest(line), latest([])) == (day(2, 12), None)


def test_a_change_needs_both_of_its_days():
    line = daily([day(1, 10), day(2, 11), day(8, 17), day(9, 21)], first=FIRST, last=date(2026, 11, 9))
    assert (change_over(line, 7), change_over(line, 5), change_over([], 7)) == (Decimal(10), None, None)


# --- The path -------------------------------------------------------------------------------------------------------

UP = Path(FIRST, Decimal(10000), FIRST + timedelta(days=100), Decimal(12000))
DOWN = Path(FIRST, Decimal(40), FIRST + timedelta(days=100), Decimal(30))


@pytest.mark.parametrize(
    ("path", "days", "expected"),
    [(UP, -5, 10000), (UP, 0, 10000), (UP, 50, 11000), (UP, 100, 12000), (UP, 200, 12000), (DOWN, 25, "37.5")],
)
def test_the_path_asks_for_a_value_on_every_day(path, days, expected):
    assert path.expected(FIRST + timedelta(days=days)) == Decimal(expected)


@pytest.mark.parametrize(
    ("path", "value", "share"),
    [(UP, 10000, 0), (UP, 10500, "0.25"), (UP, 9800, "-0.1"), (DOWN, 30, 1), (DOWN, 45, "-0.5")],
)
def test_the_share_of_the_way_that_is_behind(path, value, share):
    assert path.share_done(Decimal(value)) == Decimal(share)


@pytest.mark.parametrize(
    ("path", "value", "days", "needed"),
    [
        (UP, 10000, 0, 20),
        (UP, 11000, 50, 20),
        (UP, 11000, 75, 40),
        (UP, 9000, -10, 30),
        (UP, 12000, 99, 0),
        (UP, 13000, 150, 0),
        (UP, 11999, 100, None),
        (DOWN, 38, 60, "-0.2"),
        (DOWN, 29, 60, 0),
    ],
)
def test_the_pace_that_still_leads_there(path, value, days, needed):
    assert path.needed_per_day(Decimal(value), FIRST + timedelta(days=days)) == (
        None if needed is None else Decimal(needed)
    )
