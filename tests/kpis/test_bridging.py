from datetime import date, timedelta
from decimal import Decimal

import pytest

from kpis.bridging import Bridge, bridge, carried, rounded

FIRST = date(2026, 11, 1)


def daily(*values: str | int | None, first: date = FIRST) -> dict[date, Decimal]:
    days = ((first + timedelta(days=number), value) for number, value in enumerate(values))
    return {day: Decimal(value) for day, value in days if value is not None}


def span(days: int, first: int = 0) -> dict:
    return {"days": days, "first": FIRST + timedelta(days=first), "last": FIRST + timedelta(days=first + days - 1)}


WEEK = [100, 100, 100, 100, 100, 100, 400]


def test_of_what_is_counted_through_the_day_sums_are_compared():
    new = [50, 50, 50, 50, 50, 50, 400]
    assert bridge(daily(*WEEK), daily(*new), is_level=False) == Bridge(
        **span(7), factor=Decimal("0.7000"), low=Decimal("0.5000"), high=Decimal("1.000"), reason=""
    )


def test_of_a_level_each_day_counts_once():
    new = [50, 50, 50, 50, 50, 50, 400]
    found = bridge(daily(*WEEK), daily(*new), is_level=True)
    assert (found.factor, found.low, found.high) == (Decimal("0.5714"), Decimal("0.5000"), Decimal("1.000"))


def test_six_days_are_no_bridge_and_it_says_how_many_there_were():
    assert bridge(daily(*WEEK[1:]), daily(*WEEK[1:]), is_level=False) == Bridge(**span(6))
    assert bridge(daily(*WEEK), {}, is_level=False) == Bridge()


def test_only_days_on_which_both_are_known_count():
    old, new = daily(*[10] * 9, None, 10), daily(None, *[20] * 10)
    assert bridge(old, new, is_level=False) == Bridge(
        days=9,
        first=FIRST + timedelta(days=1),
        last=FIRST + timedelta(days=10),
        factor=Decimal("2.000"),
        low=Decimal("2.000"),
        high=Decimal("2.000"),
        reason="",
    )


def test_the_last_four_weeks_are_enough():
    old, new = daily(*[10] * 40), daily(*[90] * 12, *[20] * 28)
    found = bridge(old, new, is_level=False)
    assert (found.factor, found.days, found.first) == (Decimal("2.000"), 28, FIRST + timedelta(days=12))


def test_a_day_of_zero_has_no_ratio_of_its_own_but_stays_in_the_sum():
    found = bridge(daily(0, *WEEK), daily(30, *WEEK), is_level=False)
    assert (found.factor, found.low, found.high, found.days) == (
        Decimal("1.030"),
        Decimal("1.000"),
        Decimal("1.000"),
        8,
    )


@pytest.mark.parametrize("is_level", [True, False])
@pytest.mark.parametrize(
    ("old", "new"), [([0] * 7, [5] * 7), ([5] * 7, [0] * 7), ([0] * 7, [0] * 7), ([5] * 7, [-5] * 7)]
)
def test_nothing_leads_from_nothing_or_to_it(old, new, is_level):
    assert bridge(daily(*old), daily(*new), is_level=is_level) == Bridge(**span(7), reason="no_ratio")


@pytest.mark.parametrize(
    ("ratio", "said"),
    [("0.93127", "0.9313"), ("14.2857", "14.29"), ("1", "1.000"), ("123456", "1.235E+5"), ("0", "0")],
)
def test_four_figures_of_a_ratio_are_kept(ratio, said):
    assert rounded(Decimal(ratio)) == Decimal(said)


@pytest.mark.parametrize(
    ("value", "factor", "decimals", "result"),
    [("10000", "0.93", 0, "9300"), ("12001", "0.9313", 0, "11177"), ("3.4", "0.5", 2, "1.70"), ("3", "0.5", 0, "2")],
)
def test_a_number_is_carried_over_and_rounded(value, factor, decimals, result):
    assert carried(Decimal(value), Decimal(factor), decimals) == Decimal(result)
