"""The outlook of a daily number: what it promises of itself, whatever the numbers are."""

import math
import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpis.forecast import FEWEST, Lookout, Outlook, Unforeseen, weekday_effects

FIRST = date(2026, 9, 7)  # a Monday
KINDS = st.sampled_from(["stock", "flow", "rate"])


def walk(days: int, *, seed: int, step: float = 10.0, noise: float = 6.0, start: float = 5000.0) -> list[float]:
    chance = random.Random(seed)
    values = [start]
    for _day in range(days - 1):
        values.append(values[-1] + chance.gauss(step, noise))
    return values


def weeks(days: int, *, seed: int, level: float = 400.0, noise: float = 0.15) -> list[float]:
    """Visits: half as many at the weekend."""
    chance = random.Random(seed)
    return [round(level * (0.5 if day % 7 >= 5 else 1.0) * math.exp(chance.gauss(0, noise))) for day in range(days)]


def ahead(values, kind: str, days: int) -> Outlook:
    lookout = Lookout(FIRST, values, kind)
    outlook = lookout.on(lookout.last + timedelta(days=days))
    assert isinstance(outlook, Outlook)
    return outlook


numbers = st.lists(
    st.one_of(st.none(), st.floats(min_value=0, max_value=1e9, allow_nan=False)), min_size=FEWEST, max_size=60
)


@settings(max_examples=150, deadline=None)
@given(numbers, KINDS, st.integers(min_value=1, max_value=120))
def test_whatever_the_numbers_are(values, kind, days):
    lookout = Lookout(FIRST, values, kind)
    outlook = lookout.on(lookout.last + timedelta(days=days))
    if isinstance(outlook, Unforeseen):
        known = sum(value is not None for value in values)
        assert known < FEWEST or (outlook.reason == "too_many_gaps" and outlook.usable < 0.7 * outlook.days)
        return
    assert outlook.low80 <= outlook.median <= outlook.high80
    assert all(math.isfinite(value) for value in (outlook.low80, outlook.high80))
    assert 0.01 <= outlook.chance(outlook.median) <= 0.99


@settings(max_examples=100, deadline=None)
@given(numbers, KINDS, st.lists(st.floats(min_value=0, max_value=2e9), min_size=2, max_size=8))
def test_a_harder_target_is_never_likelier(values, kind, targets):
    lookout = Lookout(FIRST, values, kind)
    outlook = lookout.on(lookout.last + timedelta(days=14))
    if isinstance(outlook, Unforeseen):
        return
    targets.sort()
    upwards = [outlook.chance(target) for target in targets]
    downwards = [outlook.chance(target, above=False) for target in targets]
    assert upwards == sorted(upwards, reverse=True)
    assert downwards == sorted(downwards)


@pytest.mark.parametrize("kind", ["stock", "flow"])
def test_the_same_numbers_say_the_same(kind):
    values = walk(60, seed=1)
    first, second = ahead(values, kind, 14), ahead(values, kind, 14)
    assert (first.low80, first.median, first.high80, first.chance(5800)) == (
        second.low80,
        second.median,
        second.high80,
        second.chance(5800),
    )


def test_a_steady_stock_goes_on():
    outlook = ahead([1000 + 5 * day for day in range(40)], "stock", 20)
    assert [round(value) for value in (outlook.low80, outlook.median, outlook.high80)] == [1295, 1295, 1295]
    assert (outlook.chance(1290), outlook.chance(1300)) == (0.99, 0.01)


def test_more_of_everything_scales_the_outlook_of_a_stock():
    values = walk(50, seed=2)
    one, ten = ahead(values, "stock", 14), ahead([value * 10 for value in values], "stock", 14)
    assert [ten.low80, ten.median, ten.high80] == pytest.approx([one.low80 * 10, one.median * 10, one.high80 * 10])


def test_a_flow_knows_its_weekends():
    values = weeks(84, seed=3)
    lookout = Lookout(FIRST, values, "flow")
    medians = {(lookout.last + timedelta(days=day)).weekday(): None for day in range(1, 8)}
    for day in range(1, 8):
        on = lookout.last + timedelta(days=day)
        medians[on.weekday()] = lookout.on(on).median
    workdays, weekend = [medians[day] for day in range(5)], [medians[day] for day in (5, 6)]
    assert max(weekend) < 0.7 * min(workdays)
    assert max(workdays) < 1.2 * min(workdays)


def test_weekdays_add_up_to_nothing():
    effects = weekday_effects(weeks(70, seed=4), 0)
    assert sum(effects) == pytest.approx(0)
    assert [effect < 0 for effect in effects] == [False] * 5 + [True] * 2


@pytest.mark.parametrize(("make", "kind"), [(walk, "stock"), (weeks, "flow")])
@pytest.mark.parametrize("days", [7, 14, 28])
def test_four_of_five_come_into_the_band(make, kind, days):
    """Over two hundred series that nobody has seen; the bounds are those of the promise, wider by three deviations."""
    held = 0
    for seed in range(200):
        values = make(60 + days, seed=1000 + seed)
        outlook = ahead(values[:60], kind, days)
        held += outlook.low80 <= values[-1] <= outlook.high80
    assert 0.70 <= held / 200 <= 0.90


def test_the_further_the_wider():
    values = walk(90, seed=5)
    widths = [ahead(values, "stock", days).high80 - ahead(values, "stock", days).low80 for days in (3, 14, 60, 180)]
    assert widths == sorted(widths)


# --- When nothing is said -------------------------------------------------------------------------------------------


def test_thirteen_numbers_are_too_few():
    lookout = Lookout(FIRST, walk(FEWEST - 1, seed=6), "stock")
    assert lookout.on(date(2027, 1, 1)) == Unforeseen("too_few", 13, 13)
    assert lookout.band(date(2027, 1, 1)) == []


def test_too_many_gaps():
    values = [value if day % 3 else None for day, value in enumerate(walk(60, seed=7))]
    assert Lookout(FIRST, values, "stock").on(date(2027, 1, 1)) == Unforeseen("too_many_gaps", 40, 59)


def test_nothing_at_all():
    assert Lookout(FIRST, [], "flow").on(date(2027, 1, 1)) == Unforeseen("too_few", 0, 0)
    assert Lookout(FIRST, [None] * 30, "flow").on(date(2027, 1, 1)) == Unforeseen("too_few", 0, 0)


def test_the_last_known_day_is_no_future():
    lookout = Lookout(FIRST, [*walk(30, seed=8), None, None], "stock")
    assert lookout.last == FIRST + timedelta(days=29)
    assert lookout.on(lookout.last) == Unforeseen("no_days_left", 30, 30)
    assert isinstance(lookout.on(lookout.last + timedelta(days=1)), Outlook)


# --- How it did -----------------------------------------------------------------------------------------------------


def test_the_track_record_counts_what_was_known_then():
    values = walk(120, seed=9)
    record = Lookout(FIRST, values, "stock").track_record(14)
    assert record.made == 12
    assert 7 <= record.held <= 12


def test_a_break_shows_in_the_track_record():
    values = walk(60, seed=10) + [value * 3 for value in walk(14, seed=11)]
    record = Lookout(FIRST, values, "stock").track_record(7)
    assert record.held < record.made


def test_a_short_series_has_no_track_record():
    assert Lookout(FIRST, walk(20, seed=12), "stock").track_record(14).made == 0


def test_the_band_begins_tomorrow_and_ends_on_the_day():
    lookout = Lookout(FIRST, walk(60, seed=13), "stock")
    until = lookout.last + timedelta(days=40)
    band = lookout.band(until)
    assert (band[0].on, band[-1].on, len(band)) == (lookout.last + timedelta(days=1), until, 9)
