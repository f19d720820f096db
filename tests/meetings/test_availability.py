"""Free times follow from what each person says of their hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from meetings import availability, queries
from meetings.availability import Said
from meetings.clock import read_hours
from meetings.models import Availability, OtherHours
from meetings.slots import Diary, Hours, Slot, free_slots
from projects.models import Absence
from smmportal.refusals import Refused
from tests.builders import make_meeting
from tests.meetings.moments import HOUR

MOSCOW = ZoneInfo("Europe/Moscow")
#: A Tuesday; the project is in Moscow.
DAY = date(2040, 1, 3)


def moscow(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2040, 1, day, hour, minute, tzinfo=MOSCOW)


def week(text: str, days=range(7)) -> dict:
    return {day: read_hours(text) for day in days}


def free_on(cast, people, *, day: int = 3, minutes: int = 60, step: int = 60) -> list[str]:
    """The starts in Moscow."""
    window = {"first": moscow(0, day=day), "last": moscow(0, day=day) + timedelta(days=1)}
    slots = queries.free_times(cast.project, people, minutes=minutes, step=step, **window)
    return [slot.start.astimezone(MOSCOW).strftime("%H:%M") for slot in slots]


def test_who_says_nothing_keeps_the_projects_hours(cast):
    assert free_on(cast, [cast.manager]) == [f"{hour:02}:00" for hour in range(9, 18)]


def test_hours_are_the_persons_own_in_their_own_zone(cast):
    cast.manager.timezone = "Asia/Yekaterinburg"  # two hours ahead of Moscow
    cast.manager.save()
    availability.say_hours(cast.manager, Said(hours=week("12-14, 20-22")))
    assert free_on(cast, [cast.manager]) == ["10:00", "11:00", "18:00", "19:00"]
    assert free_on(cast, [cast.manager, cast.decider]) == ["10:00", "11:00"]
    assert free_on(cast, [cast.decider, cast.manager]) == ["10:00", "11:00"]


def test_a_single_day_has_its_own_hours_or_none(cast):
    availability.say_hours(cast.manager, Said(hours=week("9-12")))
    other = availability.say_other_hours(cast.manager, day=DAY, hours=read_hours("15-17"))
    assert free_on(cast, [cast.manager]) == ["15:00", "16:00"]
    availability.say_other_hours(cast.manager, day=DAY, hours=[])
    assert (free_on(cast, [cast.manager]), OtherHours.objects.count()) == ([], 1)
    availability.as_usual(other)
    assert free_on(cast, [cast.manager]) == ["09:00", "10:00", "11:00"]


def test_nobody_is_met_while_they_are_away(cast):
    Absence.objects.create(person=cast.manager, substitute=cast.owner, starts_on=DAY, ends_on=DAY)
    assert free_on(cast, [cast.manager]) == []
    assert free_on(cast, [cast.manager], day=4) == [f"{hour:02}:00" for hour in range(9, 18)]


def test_public_holidays_are_closed_unless_the_person_says_otherwise(cast):
    availability.say_hours(cast.manager, Said(hours=week("9-11"), country="RU"))
    assert free_on(cast, [cast.manager]) == []  # the days after New Year
    assert free_on(cast, [cast.manager], day=17) == ["09:00", "10:00"]
    availability.say_other_hours(cast.manager, day=DAY, hours=read_hours("10-11"))
    assert free_on(cast, [cast.manager]) == ["10:00"]


def test_around_a_meeting_stays_the_time_one_asks_for(cast):
    make_meeting(cast, starts_at=moscow(12), ends_at=moscow(13))
    availability.say_hours(cast.manager, Said(hours=week("10-15"), buffer_minutes=30))
    assert free_on(cast, [cast.manager], step=30) == ["10:00", "10:30", "13:30", "14:00"]


def test_a_full_day_takes_no_more(cast):
    make_meeting(cast, starts_at=moscow(12), ends_at=moscow(13))
    availability.say_hours(cast.manager, Said(hours=week("10-15"), most_a_day=1))
    assert (free_on(cast, [cast.manager]), free_on(cast, [cast.manager], day=4)) == (
        [],
        ["10:00", "11:00", "12:00", "13:00", "14:00"],
    )


def test_notice_keeps_the_nearest_hours_free():
    hours = (Hours(MOSCOW),)
    slots = free_slots(
        [Diary(hours), Diary(hours, not_before=moscow(16))], first=moscow(0), last=moscow(23), minutes=60, step=60
    )
    assert [slot.start for slot in slots] == [moscow(16), moscow(17)]


def test_a_week_without_an_hour_is_refused(cast):
    with pytest.raises(Refused, match="at least one hour"):
        availability.say_hours(cast.manager, Said(hours={0: []}))
    assert Availability.objects.exists() is False


def test_the_number_of_queries_does_not_grow_with_the_people(cast, django_assert_num_queries):
    people = [cast.manager, cast.decider, cast.contact, cast.specialist]
    for person in people:
        availability.say_hours(person, Said(hours=week("9-18"), country="RU"))
    with django_assert_num_queries(6):
        availability.diaries_of(cast.project, people[:1], moscow(0), moscow(23))
    with django_assert_num_queries(6):
        availability.diaries_of(cast.project, people, moscow(0), moscow(23))


# --- Property -------------------------------------------------------------------------------------------------------

#: Made once: reading a zone for each example is slow.
ZONES = ["Europe/Moscow", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]
#: Not the hours that the clocks skip or repeat: what those mean is told by the tests of slots.
CLOCKS = st.sampled_from([*range(2), *range(7, 48)]).map(lambda half: time(half // 2, half % 2 * 30))
EVERY_DAY = frozenset(range(7))
IN_ZONES = st.sampled_from([ZoneInfo(name) for name in ZONES])
HOURS = st.builds(Hours, zone=IN_ZONES, begins=CLOCKS, ends=CLOCKS, weekdays=st.just(EVERY_DAY))
#: Days when clocks change: on Lord Howe by half an hour, in Europe, in America; and when Casablanca's do.
CHANGES = st.sampled_from([date(2026, 10, 3), date(2026, 10, 24), date(2026, 10, 31), date(2027, 2, 6)])
QUARTERS = st.lists(st.integers(0, 3 * 24 * 4), max_size=4)


@given(CHANGES, st.lists(st.tuples(HOURS, QUARTERS), min_size=1, max_size=4), st.sampled_from([15, 30, 60]))
def test_in_every_free_time_everybody_is_open_and_nobody_is_busy(day, people, minutes):
    """Across clock changes, whatever the zones."""
    first = datetime(day.year, day.month, day.day, tzinfo=UTC)
    starts = [[first + timedelta(minutes=15 * quarter) for quarter in quarters] for _hours, quarters in people]
    buffer = timedelta(minutes=15)
    diaries = [
        Diary((hours,), meetings=[(start, start + HOUR) for start in begun], buffer=buffer)
        for (hours, _quarters), begun in zip(people, starts, strict=True)
    ]
    for slot in free_slots(diaries, first=first, last=first + timedelta(days=3), minutes=minutes):
        assert slot.end - slot.start == timedelta(minutes=minutes)
        for diary in diaries:
            assert is_open(diary, slot)
            assert not any(touches(slot, start, end, buffer) for start, end in diary.meetings)


def touches(slot: Slot, start: datetime, end: datetime, buffer: timedelta) -> bool:
    return start - buffer < slot.end and slot.start < end + buffer


def is_open(diary: Diary, slot: Slot) -> bool:
    """Looked up quarter by quarter on the wall clock: another way than the one that is tested."""
    (hours,) = diary.hours
    quarters = int((slot.end - slot.start) / timedelta(minutes=15))
    return all(holds(hours, slot.start + timedelta(minutes=15 * number)) for number in range(quarters))


def holds(hours: Hours, moment: datetime) -> bool:
    clock = moment.astimezone(hours.zone).time()
    if hours.begins == hours.ends:
        return True
    if hours.begins < hours.ends:
        return hours.begins <= clock < hours.ends
    return clock >= hours.begins or clock < hours.ends


# --- The doors ------------------------------------------------------------------------------------------------------


def test_the_page_keeps_what_is_typed_and_says_what_it_does_not_understand(cast, browse):
    page = browse(cast.manager)
    sent = {"day_0": "9-13, 14:30–18", "day_1": "nine to five", "notice_hours": 4, "buffer_minutes": 15}
    answer = page.post(reverse("meetings:availability"), sent)
    shown = answer.content.decode()
    assert (answer.status_code, "nine to five" in shown, Availability.objects.exists()) == (422, True, False)
    assert page.post(reverse("meetings:availability"), {**sent, "day_1": ""}).status_code == 302
    said = Availability.objects.get()
    assert (said.person, said.hours, said.notice_hours, said.buffer_minutes) == (
        cast.manager,
        {"0": [["09:00", "13:00"], ["14:30", "18:00"]]},
        4,
        15,
    )
    assert 'value="09:00–13:00, 14:30–18:00"' in page.get(reverse("meetings:availability")).content.decode()


def test_the_api_says_and_reads_the_same(cast, api):
    program = api(cast.contact)
    said = {
        "week": [{"weekday": 2, "hours": [{"begins": "20:00", "ends": "02:00"}]}],
        "notice_hours": 24,
        "buffer_minutes": 0,
        "most_a_day": 3,
        "country": "RU",
    }
    address = reverse("api:availability")
    assert program.get(address).status_code == 404
    assert program.put(address, said, format="json").json() == said
    assert program.get(address).json() == said
    other = program.post(reverse("api:other_hours"), {"day": "2040-01-03", "hours": []}, format="json").json()
    assert other == {"id": OtherHours.objects.get().pk, "day": "2040-01-03", "hours": []}
    assert program.delete(address).status_code == 204
    assert program.get(address).status_code == 404


@pytest.mark.parametrize(
    "hours, wrong",
    [
        ([{"begins": "25:00", "ends": "26:00"}], ["week.0.hours.0.begins", "week.0.hours.0.ends"]),
        ([{"begins": "09:00"}], ["week.0.hours.0.ends"]),
        ("9-18", ["week.0.hours"]),
    ],
)
def test_the_api_refuses_what_is_no_hours(cast, api, hours, wrong):
    sent = {"week": [{"weekday": 0, "hours": hours}]}
    answer = api(cast.contact).put(reverse("api:availability"), sent, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, wrong)
