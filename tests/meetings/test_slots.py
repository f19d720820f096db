from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from meetings import slots
from meetings.slots import Diary, Hours, Slot, merge, nearest

MOSCOW = ZoneInfo("Europe/Moscow")
ALL_DAY = {"begins": time(0), "ends": time(0), "weekdays": frozenset(range(7))}


def free_slots(busy, hours: Hours, **window) -> list[Slot]:
    """For people who all keep the same hours."""
    return slots.free_slots([Diary((hours,), busy=each) for each in busy or [[]]], **window)


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def starts(slots: list[Slot], zone=UTC) -> list[str]:
    return [slot.start.astimezone(zone).strftime("%a %H:%M") for slot in slots]


def day_in(zone: ZoneInfo, year: int, month: int, day: int) -> dict:
    return {"first": datetime(year, month, day, tzinfo=zone), "last": datetime(year, month, day + 1, tzinfo=zone)}


def test_a_free_day_is_every_step_from_opening_until_the_last_that_fits():
    found = free_slots([], Hours(MOSCOW), **day_in(MOSCOW, 2026, 12, 1), minutes=120, step=60)
    assert starts(found, MOSCOW) == [f"Tue {hour:02}:00" for hour in range(9, 17)]


def test_a_slot_is_free_only_when_nobody_is_busy():
    busy = [[(utc(1, 7), utc(1, 8))], [(utc(1, 9), utc(1, 10)), (utc(1, 9, 30), utc(1, 14))]]
    found = free_slots(busy, Hours(MOSCOW), first=utc(1, 0), last=utc(2, 0), minutes=60, step=30)
    assert found == [
        Slot(utc(1, 6), utc(1, 7)),
        Slot(utc(1, 8), utc(1, 9)),
        Slot(utc(1, 14), utc(1, 15)),
    ]


def test_back_to_back_is_not_an_overlap():
    busy = [[(utc(1, 6), utc(1, 7)), (utc(1, 8), utc(1, 15))]]
    found = free_slots(busy, Hours(MOSCOW), first=utc(1, 0), last=utc(2, 0), minutes=60)
    assert found == [Slot(utc(1, 7), utc(1, 8))]


def test_weekends_are_not_working_days():
    found = free_slots([], Hours(MOSCOW), first=utc(4, 0), last=utc(8, 0), minutes=540, step=540)
    assert starts(found, MOSCOW) == ["Fri 09:00", "Mon 09:00"]


def test_a_window_that_opens_in_the_middle_of_the_day_begins_on_the_next_grid_point():
    found = free_slots([], Hours(MOSCOW), first=utc(1, 13, 1), last=utc(2, 0), minutes=30)
    assert starts(found, MOSCOW) == ["Tue 16:30", "Tue 17:00", "Tue 17:30"]


def test_a_window_that_closes_early_holds_the_whole_slot():
    found = free_slots([], Hours(MOSCOW), first=utc(1, 6), last=utc(1, 7, 15), minutes=60)
    assert found == [Slot(utc(1, 6), utc(1, 7))]


def test_hours_past_midnight_belong_to_the_day_they_began():
    night = Hours(MOSCOW, begins=time(22), ends=time(2), weekdays=frozenset({4}))
    found = free_slots([], night, first=utc(4, 0), last=utc(7, 0), minutes=60, step=60)
    assert starts(found, MOSCOW) == ["Fri 22:00", "Fri 23:00", "Sat 00:00", "Sat 01:00"]


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Berlin", (2027, 3, 26), (2027, 3, 29)),
        ("America/New_York", (2026, 10, 30), (2026, 11, 2)),
        ("Australia/Lord_Howe", (2026, 10, 2), (2026, 10, 5)),
        ("Asia/Kathmandu", (2026, 11, 6), (2026, 11, 9)),
    ],
)
def test_the_working_day_stays_nine_to_six_on_the_wall_across_a_clock_change(zone, before, after):
    place = ZoneInfo(zone)
    for day in (before, after):
        found = free_slots([], Hours(place), **day_in(place, *day), minutes=60, step=60)
        assert [slot.start.astimezone(place).hour for slot in found] == list(range(9, 18))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", (2027, 3, 28), 23),
        ("Europe/Berlin", (2026, 10, 25), 25),
        ("Australia/Lord_Howe", (2026, 10, 4), 23.5),
        ("Australia/Lord_Howe", (2027, 4, 4), 24.5),
        ("America/Sao_Paulo", (2018, 11, 4), 23),  # midnight itself did not exist
        ("Asia/Kathmandu", (2026, 10, 25), 24),
    ],
)
def test_a_day_of_a_clock_change_has_as_much_time_as_it_really_has(zone, day, hours):
    working = Hours(ZoneInfo(zone), **ALL_DAY).on(date(*day))
    assert (working.end - working.start).total_seconds() / 3600 == hours


def test_an_opening_that_the_clocks_skip_is_the_moment_of_the_jump():
    berlin = Hours(ZoneInfo("Europe/Berlin"), begins=time(2, 30), ends=time(6), weekdays=frozenset(range(7)))
    assert berlin.on(date(2027, 3, 28)).start == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_offered_twice_and_each_time_once():
    place = ZoneInfo("Europe/Berlin")
    found = free_slots([], Hours(place, **ALL_DAY), **day_in(place, 2026, 10, 25), minutes=60, step=60)
    assert [slot.start.astimezone(place).hour for slot in found] == [0, 1, 2, 2, *range(3, 24)]


def test_a_midnight_that_comes_twice_gives_no_slot_twice():
    havana = ZoneInfo("America/Havana")
    found = free_slots(
        [],
        Hours(havana, **ALL_DAY),
        first=datetime(2026, 10, 31, tzinfo=havana),
        last=datetime(2026, 11, 3, tzinfo=havana),
        minutes=60,
        step=60,
    )
    assert len(found) == 24 + 25 + 24
    assert [slot.start for slot in found] == sorted({slot.start for slot in found})


def test_a_day_that_an_island_skipped_has_no_slots():
    apia = Hours(ZoneInfo("Pacific/Apia"), weekdays=frozenset(range(7)))
    assert apia.on(date(2011, 12, 30)) is None
    assert apia.on(date(2011, 12, 31)) == Slot(
        datetime(2011, 12, 30, 19, tzinfo=UTC), datetime(2011, 12, 31, 4, tzinfo=UTC)
    )


def test_slots_never_overlap_what_is_taken_nor_leave_a_free_grid_point_out():
    """Against the slowest possible answer: look at every grid point one by one."""
    place = ZoneInfo("Australia/Lord_Howe")
    first, last = datetime(2026, 9, 28, tzinfo=place), datetime(2026, 10, 12, tzinfo=place)
    busy = [
        [
            (first + timedelta(minutes=index * 37 % 20160), first + timedelta(minutes=index * 37 % 20160 + 20))
            for index in range(40 * person)
        ]
        for person in range(5)
    ]
    hours = Hours(place)
    found = free_slots(busy, hours, first=first, last=last, minutes=45, step=15)
    slowly = []
    for number in range(14):
        working = hours.on(date(2026, 9, 28) + timedelta(days=number))
        start = working.start if working else last
        while working and start + timedelta(minutes=45) <= working.end:
            end = start + timedelta(minutes=45)
            if all(end <= taken or start >= freed for person in busy for taken, freed in person):
                slowly.append(Slot(start, end))
            start += timedelta(minutes=15)
    assert found == slowly
    assert len(found) > 10


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="at least a minute"):
        free_slots([], Hours(MOSCOW), first=utc(1, 0), last=utc(2, 0), minutes=0)


def test_a_window_that_ends_before_it_begins_is_empty():
    assert free_slots([], Hours(MOSCOW), first=utc(2, 0), last=utc(1, 0), minutes=30) == []


def test_merge_sorts_joins_and_drops():
    intervals = [(utc(1, 5), utc(1, 6)), (utc(1, 1), utc(1, 3)), (utc(1, 2), utc(1, 4)), (utc(1, 6), utc(1, 7))]
    assert merge([*intervals, (utc(1, 9), utc(1, 8))]) == [Slot(utc(1, 1), utc(1, 4)), Slot(utc(1, 5), utc(1, 7))]


def test_nearest_are_the_closest_in_the_order_of_time():
    slots = [Slot(utc(1, hour), utc(1, hour + 1)) for hour in range(6, 12)]
    assert [slot.start.hour for slot in nearest(slots, utc(1, 9, 10), count=3)] == [8, 9, 10]
