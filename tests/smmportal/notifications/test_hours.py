"""Quiet hours and the hour of the digest, by the clock on the reader's wall, also on the days when it is changed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from smmportal.notifications.hours import Hours, next_digest, quiet_until

MOSCOW, NEW_YORK = "Europe/Moscow", "America/New_York"
NIGHT = (time(21), time(8))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(zone: str, digest: time = time(9), quiet: tuple[time, time] | None = NIGHT) -> Hours:
    return Hours(ZoneInfo(zone), digest, quiet)


@pytest.mark.parametrize(
    ("zone", "moment", "until"),
    [
        (MOSCOW, "2026-11-23T17:59", None),
        (MOSCOW, "2026-11-23T18:00", "2026-11-24T05:00"),
        (MOSCOW, "2026-11-23T21:30", "2026-11-24T05:00"),
        (MOSCOW, "2026-11-24T04:59", "2026-11-24T05:00"),
        (MOSCOW, "2026-11-24T05:00", None),
        # The clock is put forward in the night of 8 March 2026: at 8 in the morning it is an hour earlier elsewhere.
        (NEW_YORK, "2026-03-07T12:59", "2026-03-07T13:00"),
        (NEW_YORK, "2026-03-08T03:00", "2026-03-08T12:00"),
        (NEW_YORK, "2026-03-08T12:00", None),
        # And back in the night of 1 November 2026.
        (NEW_YORK, "2026-11-01T03:00", "2026-11-01T13:00"),
        (NEW_YORK, "2026-11-01T12:30", "2026-11-01T13:00"),
    ],
)
def test_when_quiet_hours_end(zone, moment, until):
    assert quiet_until(at(moment), hours(zone)) == (at(until) if until else None)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-01T05:10", "2026-11-01T05:30"),  # 1:10, before the clock is put back
        ("2026-11-01T05:40", None),  # 1:40
        ("2026-11-01T06:10", "2026-11-01T06:30"),  # 1:10 once more
        ("2026-11-01T06:30", None),
    ],
)
def test_an_hour_that_comes_twice_ends_at_the_next_of_its_ends(moment, until):
    quiet = (time(0), time(1, 30))
    assert quiet_until(at(moment), hours(NEW_YORK, quiet=quiet)) == (at(until) if until else None)


def test_an_hour_that_is_skipped_ends_when_the_clock_was_put_forward():
    assert quiet_until(at("2026-03-08T06:30"), hours(NEW_YORK, quiet=(time(0), time(2, 30)))) == at("2026-03-08T07:30")


def test_quiet_hours_within_a_day_and_none_at_all():
    siesta = hours(MOSCOW, quiet=(time(13), time(15)))
    assert quiet_until(at("2026-11-23T11:00"), siesta) == at("2026-11-23T12:00")
    assert quiet_until(at("2026-11-23T21:00"), siesta) is None
    assert quiet_until(at("2026-11-23T21:00"), hours(MOSCOW, quiet=None)) is None


@pytest.mark.parametrize(
    ("zone", "clock", "moment", "comes"),
    [
        (MOSCOW, time(9), "2026-11-23T05:59", "2026-11-23T06:00"),
        (MOSCOW, time(9), "2026-11-23T06:00", "2026-11-24T06:00"),
        (NEW_YORK, time(9), "2026-03-07T15:00", "2026-03-08T13:00"),
        (NEW_YORK, time(9), "2026-10-31T15:00", "2026-11-01T14:00"),
        (NEW_YORK, time(2, 30), "2026-03-08T06:00", "2026-03-08T07:30"),  # there is no 2:30 on that day
        (NEW_YORK, time(1, 30), "2026-11-01T05:29", "2026-11-01T05:30"),
        (NEW_YORK, time(1, 30), "2026-11-01T05:30", "2026-11-02T06:30"),  # not the second 1:30
    ],
)
def test_when_the_next_digest_comes(zone, clock, moment, comes):
    assert next_digest(at(moment), hours(zone, clock)) == at(comes)


@pytest.mark.parametrize("zone", [MOSCOW, NEW_YORK, "Europe/Berlin"])
def test_a_year_has_a_digest_on_every_day_and_no_morning_without_an_end(zone):
    moment, mine, days = at("2026-01-01T00:00"), hours(zone), set()
    while moment < at("2027-01-01T00:00"):
        morning = quiet_until(moment, mine)
        assert morning is None or (moment < morning <= moment + timedelta(hours=12))
        assert morning is None or quiet_until(morning, mine) is None
        days.add(next_digest(moment, mine).astimezone(mine.zone).date())
        moment += timedelta(minutes=47)
    assert len(days) in (365, 366)
