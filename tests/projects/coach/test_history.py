"""Is it within reach? The needed pace against what the number did before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.coach.history import (
    History,
    Judgement,
    Measured,
    Need,
    days_wanted,
    judge,
    pace_of_best_quarter,
    smoothing,
    step_of,
    window_ends,
)

LAST = date(2026, 11, 22)


def history(values, shape="stock", last=LAST) -> History:
    """Daily values that end on `last`; None is a gap."""
    first = last - timedelta(days=len(values) - 1)
    days = ((first + timedelta(days=index), value) for index, value in enumerate(values))
    return History([Measured(day, Decimal(str(value))) for day, value in days if value is not None], shape)


def steady(days: int, start: float = 1000, a_day: float = 2) -> list[float]:
    return [start + a_day * day for day in range(days)]


def burst(days: int, at: int, by: float, *, long: int = 30) -> list[float]:
    """Flat, then `by` more within `long` days that begin on day `at`."""
    return [1000 + by * min(max(day - at, 0), long) / long for day in range(days)]


def weekly(days: int, base: float = 100) -> list[float]:
    """Visits: half as many on two days of seven, and a slow growth underneath."""
    return [round((base + day / 10) * (0.5 if day % 7 > 4 else 1)) for day in range(days)]


def up(kind: str, value, days: int = 90) -> Need:
    return Need(kind, True, Decimal(str(value)), days)


def down(kind: str, value, days: int = 90) -> Need:
    return Need(kind, False, Decimal(str(value)), days)


CASES = {
    # name: (history, need, verdict, good, windows)
    "a steady growth does again what it always did": (history(steady(400)), up("absolute", 180), "enough", 10, 10),
    "and never a little more": (history(steady(400)), up("absolute", 181), "never", 0, 10),
    "percent are of the level at the window's beginning": (
        history(steady(400)),
        up("relative", 14),
        "enough",
        4,
        10,
    ),
    "one burst in a year is not usual": (history(burst(400, 300, 500)), up("absolute", 500), "rare", 2, 10),
    "a burst seen by one window": (history(burst(400, 380, 500, long=10)), up("absolute", 500), "rare", 1, 10),
    "the way down": (history(steady(400, 2000, -2)), down("absolute", 180), "enough", 10, 10),
    "growth is no fall": (history(steady(400)), down("absolute", 10), "never", 0, 10),
    "a flat year": (history([1000] * 400), up("relative", 5), "never", 0, 10),
    "half a year for a quarter": (history(steady(181)), up("absolute", 100), "enough", 4, 4),
    "a day less is too short": (history(steady(180)), up("absolute", 100), "short", 3, 3),
    "nothing at all": (history([]), up("absolute", 100), "short", 0, 0),
    "a week ahead looks at weeks": (history(steady(60)), up("absolute", 14, 7), "enough", 8, 8),
    "a year ahead looks at two years": (history(steady(800)), up("absolute", 730, 365), "enough", 4, 4),
    "visits by four weeks, not by Mondays": (
        history(weekly(400), "flow"),
        up("relative", 5),
        "enough",
        10,
        10,
    ),
    "visits do not double": (history(weekly(400), "flow"), up("relative", 100), "never", 0, 10),
    "a total is summed": (history([10] * 400, "flow"), up("total", 900), "enough", 10, 10),
    "one more was never had": (history([10] * 400, "flow"), up("total", 901), "never", 0, 10),
    "a stock is held on its worst day": (
        history([1000] * 300 + [900] + [1000] * 99),
        up("hold", 1000),
        "enough",
        7,
        10,
    ),
    "a ceiling that was always kept": (history([30] * 400, "rate"), down("hold", 30), "enough", 10, 10),
    "a ceiling that was never kept": (history([31] * 400, "rate"), down("hold", 30), "never", 0, 10),
    "a rate's points": (
        history([3 + day / 400 for day in range(400)], "rate"),
        up("absolute", "0.2"),
        "enough",
        10,
        10,
    ),
}


@pytest.mark.parametrize(("past", "need", "verdict", "good", "windows"), CASES.values(), ids=CASES.keys())
def test_the_past_says_whether_it_is_within_reach(past, need, verdict, good, windows):
    found = judge(past, need)
    assert (found.verdict, found.good, found.windows) == (verdict, good, windows)


@pytest.mark.parametrize(
    ("verdict", "ok"), [("enough", True), ("reached", True), ("never", False), ("rare", None), ("short", None)]
)
def test_only_what_is_clear_is_said_to_be_clear(verdict, ok):
    assert Judgement(verdict, up("absolute", 1)).ok is ok


def test_one_window_in_four_is_enough():
    assert [judge(history(burst(400, at, 500, long=10)), up("absolute", 500)).ok for at in (320, 380)] == [True, None]
    assert [judge(history(burst(400, at, 500, long=10)), up("absolute", 500)).good for at in (320, 380)] == [3, 1]


def test_a_gap_is_no_zero():
    gaps = [None if 100 < day < 110 else value for day, value in enumerate(weekly(400))]
    assert judge(history(gaps, "flow"), up("total", 7000, 90)).verdict == (
        judge(history(weekly(400), "flow"), up("total", 7000, 90)).verdict
    )


def test_a_window_without_its_days_is_left_out():
    holes = [None if 150 < day < 260 else value for day, value in enumerate(steady(400))]
    assert judge(history(holes), up("absolute", 180)).windows < 10


def test_a_stock_of_yesterday_stands_for_today_but_not_that_of_last_week():
    past = History([Measured(LAST - timedelta(days=3), Decimal(5))], "stock")
    assert (past.level(LAST, 28), past.level(LAST + timedelta(days=1), 28)) == (Decimal(5), None)


def test_how_much_history_there_is_and_how_much_it_takes():
    found = judge(history(steady(100)), up("absolute", 100))
    assert (found.history, found.wanted) == (100, 181)
    assert judge(history(steady(found.wanted)), up("absolute", 100)).windows == 4


@pytest.mark.parametrize("shape", ["stock", "flow", "people", "rate"])
@pytest.mark.parametrize("kind", ["relative", "absolute", "total", "hold"])
@pytest.mark.parametrize("days", [3, 7, 20, 28, 90, 200])
def test_what_is_said_to_be_needed_is_enough(shape, kind, days):
    need = up(kind, 10, days)
    assert judge(history(steady(days_wanted(need, shape)), shape), need).windows == 4


def test_windows_overlap_by_two_thirds_and_end_on_the_last_final_day():
    ends = window_ends(history(steady(400)), 90)
    assert (ends[0], ends[0] - ends[1], len(ends)) == (LAST, timedelta(days=30), 10)
    assert [(days, step_of(days), smoothing(days)) for days in (7, 27, 28, 90)] == [
        (7, 7, 7),
        (27, 9, 7),
        (28, 9, 28),
        (90, 30, 28),
    ]


@pytest.mark.parametrize(
    ("past", "days", "upwards", "percent"),
    [
        (history(steady(400)), 90, True, 15),
        (history(steady(400, 3000, -3)), 90, False, 11),
        (history([1000] * 400), 90, True, None),
        (history(steady(400)), 90, False, None),
        (history(steady(100)), 90, True, None),
        (history([0] * 400), 90, True, None),
    ],
)
def test_the_pace_of_the_best_quarter_is_a_whole_percent(past, days, upwards, percent):
    found = pace_of_best_quarter(past, days, up=upwards)
    assert found == (None if percent is None else Decimal(percent))


def test_that_pace_is_itself_within_reach():
    past = history(weekly(400), "flow")
    pace = pace_of_best_quarter(past, 90, up=True)
    assert judge(past, up("relative", pace)).verdict == "enough"


def test_a_share_of_several_days_is_a_ratio_of_sums():
    days = [Measured(LAST - timedelta(days=1), Decimal(100), Decimal(1)), Measured(LAST, Decimal(0), Decimal(99))]
    assert History(days, "rate").mean(LAST, 2) == 1
