"""The rules that fire alerts, as tables."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis import alerts
from kpis.alerts import KINDS

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def test_every_kind_rests_when_it_was_closed_by_hand():
    assert {code for code, kind in KINDS.items() if kind.rests < timedelta(days=1)} == set()
    assert set(alerts.INTERNAL) == {"silent", "access_ending"}


@pytest.mark.parametrize(
    ("value", "level", "is_above", "weight"),
    [
        ("101", "100", True, "cliff"),
        ("100", "100", True, None),
        ("99", "100", True, None),
        ("99", "100", False, "cliff"),
        ("100", "100", False, None),
        ("0", "0", False, None),
        ("-1", "0", False, "cliff"),
        (None, "100", True, None),
    ],
)
def test_a_level(value, level, is_above, weight):
    number = None if value is None else Decimal(value)
    assert alerts.beyond(number, Decimal(level), is_above=is_above) == weight


@pytest.mark.parametrize(
    ("status", "weight"),
    [("ahead", None), ("on_track", None), ("at_risk", "drift"), ("off_track", "cliff"), ("no_data", None)],
)
def test_pace(status, weight):
    assert alerts.off_pace(status) == weight


@pytest.mark.parametrize(
    ("chance", "was", "weight"),
    [
        (None, "cliff", None),
        (0.5, None, None),
        (0.49, None, "drift"),
        (0.2, None, "drift"),
        (0.19, None, "cliff"),
        (0.54, "drift", "drift"),
        (0.55, "drift", None),
        (0.19, "drift", "cliff"),
        (0.24, "cliff", "cliff"),
        (0.25, "cliff", "drift"),
        (0.54, "cliff", "drift"),
        (0.55, "cliff", None),
    ],
)
def test_a_chance_is_taken_back_only_well_above_its_level(chance, was, weight):
    assert alerts.unlikely(chance, was) == weight


def test_a_chance_that_trembles_is_told_of_once():
    told, was = [], None
    for chance in (0.52, 0.49, 0.51, 0.48, 0.53, 0.5, 0.56, 0.51):
        now = alerts.unlikely(chance, was)
        told += [now] if now != was else []
        was = now
    assert told == ["drift", None]


@pytest.mark.parametrize(
    ("days", "fell"),
    [
        ([], None),
        ([(0, 0.64)], None),
        ([(3, 0.71), (0, 0.64)], (3, 0.71)),
        ([(6, 0.7), (3, 0.71), (1, 0.66)], (3, 0.71)),
        ([(6, 0.71), (2, 0.71)], (2, 0.71)),
        ([(3, 0.6)], None),
        ([(3, None), (2, 0.7)], (2, 0.7)),
        ([(20, 0.9), (12, 0.71)], (12, 0.71)),
        ([(12, 0.9), (6, 0.6)], None),
    ],
)
def test_from_where_a_chance_fell(days, fell):
    told = [(TODAY - timedelta(days=ago), chance) for ago, chance in days]
    assert alerts.fall(told, 0.64, TODAY) == (fell and (TODAY - timedelta(days=fell[0]), fell[1]))


@pytest.mark.parametrize(
    ("hours", "lag", "weight"),
    [(47, 0, None), (48, 0, "drift"), (95, 2, None), (96, 2, "drift"), (168, 0, "cliff"), (168, 1, "drift")],
)
def test_silence_is_measured_beyond_the_platforms_own_lag(hours, lag, weight):
    assert alerts.silent(NOW - timedelta(hours=hours), lag, NOW) == weight


@pytest.mark.parametrize(
    ("hours", "lag", "quiet", "weight"),
    [
        (5, 0, 6, None),
        (6, 0, 6, "drift"),
        (21, 0, 6, "cliff"),
        (29, 1, 6, None),
        (30, 1, 6, "drift"),
        (95, 0, 96, None),
    ],
)
def test_a_source_may_have_hours_of_its_own(hours, lag, quiet, weight):
    assert alerts.silent(NOW - timedelta(hours=hours), lag, NOW, quiet) == weight


def growing(first: int, last: int, days: int = 28) -> dict[date, Decimal]:
    step = Decimal(last - first) / (days - 1)
    return {TODAY - timedelta(days=days - 1 - number): first + step * number for number in range(days)}


def level(value: int, *, but: tuple[int, ...] = ()) -> dict[date, Decimal]:
    return {TODAY - timedelta(days=ago): Decimal(value) for ago in range(28) if ago not in but}


@pytest.mark.parametrize(
    ("followers", "reach", "is_found"),
    [
        (growing(1000, 1100), level(500), True),
        (growing(1000, 1100), growing(500, 400), True),
        (growing(1000, 1100), growing(500, 560), False),
        (growing(1000, 1020), level(500), False),
        (growing(1000, 900), level(500), False),
        (growing(1000, 1100), level(500, but=(0, 1, 2)), True),
        (growing(1000, 1100), level(500, but=(0, 1, 2, 3)), False),
        (growing(1000, 1100), {}, False),
        (growing(1000, 1100), level(0), False),
    ],
)
def test_followers_up_with_reach_flat(followers, reach, is_found):
    assert (alerts.reach_flat(followers, reach, TODAY) is not None) is is_found


def test_what_followers_and_reach_rest_on():
    assert alerts.reach_flat({**level(1000), TODAY: Decimal(1100)}, level(500), TODAY) == {
        "first_on": "2026-10-27",
        "last_on": "2026-11-23",
        "followers": ["1000", "1100"],
        "reach": ["500", "500"],
    }


@pytest.mark.parametrize(("days", "weight"), [(4, None), (5, "drift"), (13, "drift"), (14, "cliff")])
def test_an_answer_that_is_long_in_coming(days, weight):
    assert alerts.stalled(days) == weight


@pytest.mark.parametrize(
    ("days", "cadence", "is_booked", "weight"),
    [
        (10, "weekly", False, None),
        (11, "weekly", False, "drift"),
        (11, "weekly", True, None),
        (17, "weekly", False, "cliff"),
        (18, "biweekly", False, None),
        (19, "biweekly", False, "drift"),
        (38, "monthly", False, None),
        (39, "monthly", False, "drift"),
        (69, "monthly", False, "cliff"),
    ],
)
def test_a_meeting_against_the_rhythm(days, cadence, is_booked, weight):
    assert alerts.meeting_overdue(days, cadence, is_booked=is_booked) == weight


@pytest.mark.parametrize(("days", "weight"), [(0, None), (1, "drift"), (6, "drift"), (7, "cliff")])
def test_an_action_past_its_day(days, weight):
    assert alerts.action_overdue(days) == weight


@pytest.mark.parametrize(("days", "weight"), [(0, "cliff"), (1, "cliff"), (2, "drift"), (14, "drift")])
def test_access_that_ends(days, weight):
    assert alerts.ending(days) == weight


@pytest.mark.parametrize(
    ("hours", "was", "weight", "rests"),
    [
        (71, "drift", "drift", True),
        (72, "drift", "drift", False),
        (1, "drift", "cliff", False),
        (1, "cliff", "drift", True),
    ],
)
def test_what_was_closed_by_hand_rests_unless_it_gets_worse(hours, was, weight, rests):
    assert alerts.rests_still("chance", weight, NOW - timedelta(hours=hours), was, NOW) is rests
