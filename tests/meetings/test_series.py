"""Series of meetings: begun, gone on with, changed from a day on, ended; never a double booking, never a lost day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import vobject
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from meetings import actions, feeds, queries
from meetings.models import Meeting, Rhythm, Series
from meetings.recurrence import Rule, read_rule
from meetings.rhythm import end_rhythm, set_rhythm
from meetings.series import (
    begin_series,
    change_people,
    change_series,
    continue_all,
    drop_day,
    end_series,
    leave_out,
    settle_day,
)
from projects.actions import close_project
from smmportal.audit import AuditEntry
from smmportal.notifications.actions import deliver_due
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.builders import make_meeting
from tests.meetings.moments import HOUR
from tests.smmportal.notifications.conftest import mailbox  # noqa: F401

MOSCOW = ZoneInfo("Europe/Moscow")
TEN = time(10)
#: Once for all, so that no midnight comes between two questions.
TODAY = timezone.localdate(timezone=MOSCOW)


def tuesday(number: int = 0) -> date:
    """The next Tuesday but `number`, never the day on which the tests began."""
    return TODAY + timedelta(days=(1 - TODAY.weekday()) % 7 or 7) + timedelta(weeks=number)


def at(day: date, clock: time = TEN) -> datetime:
    return datetime.combine(day, clock, tzinfo=MOSCOW).astimezone(UTC)


def weekly(cast, **fields) -> Series:
    usual = {
        "title": "Weekly call",
        "rule": read_rule("FREQ=WEEKLY;BYDAY=TU"),
        "starts_on": tuesday(),
        "time": TEN,
        "people": [cast.manager, cast.decider],
        "by": cast.manager,
    }
    return begin_series(cast.project, **{**usual, **fields})


def held(series: Series) -> list[datetime]:
    return list(series.meetings.held().order_by("starts_at").values_list("starts_at", flat=True))


def take(cast, day: date, clock: time = TEN, **fields) -> Meeting:
    return make_meeting(cast, title="Other", starts_at=at(day, clock), ends_at=at(day, clock) + HOUR, **fields)


def told(person) -> list[str]:
    return list(Notification.objects.filter(to=person).order_by("pk").values_list("event", flat=True))


# --- Beginning ------------------------------------------------------------------------------------------------------


def test_meetings_are_made_twelve_weeks_ahead(cast):
    series = weekly(cast)
    assert held(series) == [at(tuesday(number)) for number in range(12)]
    first = series.meetings.first()
    assert (first.title, set(first.people.all()), first.series_day) == (
        "Weekly call",
        {cast.manager, cast.decider},
        tuesday(),
    )
    assert (told(cast.decider), told(cast.manager)) == (["series.begun"], [])
    assert AuditEntry.objects.filter(verb="series.begun").count() == 1


def test_a_rare_series_is_made_eight_meetings_ahead(cast):
    series = weekly(cast, rule=read_rule("FREQ=MONTHLY;BYDAY=2TU"))
    assert len(held(series)) == 8


def test_a_count_and_a_last_day_end_it(cast):
    counted = weekly(cast, rule=Rule(weekdays=(1,), count=3))
    until = weekly(cast, rule=Rule(weekdays=(1,), until=tuesday(1)), time=time(12))
    assert (len(held(counted)), len(held(until))) == (3, 2)


def test_it_begins_on_the_rules_own_first_day(cast):
    series = weekly(cast, starts_on=tuesday() + timedelta(days=1))
    assert (series.starts_on, held(series)[0]) == (tuesday(1), at(tuesday(1)))


def test_the_same_form_sent_again_makes_no_other(cast):
    assert weekly(cast) == weekly(cast)
    assert Meeting.objects.count() == 12


def test_going_on_makes_nothing_twice(cast):
    series = weekly(cast)
    assert continue_all() == 0
    Meeting.objects.filter(series_day__gt=tuesday(9)).delete()
    Series.objects.update(made_until=tuesday(9))
    assert continue_all() == 2
    assert len(held(series)) == 12


def test_going_on_stops_with_the_project(cast):
    weekly(cast)
    Meeting.objects.filter(series_day__gt=tuesday(9)).delete()
    Series.objects.update(made_until=tuesday(9))
    close_project(cast.project, by=cast.manager)
    assert continue_all() == 0


def test_the_time_of_day_is_the_series_own(cast):
    series = weekly(cast, zone="Asia/Kathmandu", rule=read_rule("FREQ=WEEKLY;BYDAY=TU"))
    assert {moment.astimezone(ZoneInfo("Asia/Kathmandu")).time() for moment in held(series)} == {TEN}


@pytest.mark.parametrize("name", ["viewer", "stranger", "neighbour"])
def test_who_looks_on_begins_nothing(cast, name):
    with pytest.raises(PermissionDenied):
        weekly(cast, by=getattr(cast, name))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"starts_on": date(2024, 1, 2), "rule": Rule(weekdays=(1,), until=date(2024, 2, 1))}, "past"),
        ({"starts_on": date(2199, 1, 1)}, "too-far"),
        ({"rule": Rule(monthly=True, month_day=31, interval=12), "starts_on": date(2026, 2, 1)}, "no-day"),
        ({"people": []}, "nobody"),
    ],
)
def test_what_cannot_be_is_refused(cast, fields, code):
    with pytest.raises(Refused) as refused:
        weekly(cast, **fields)
    assert (refused.value.code, Series.objects.count()) == (code, 0)


# --- A time that is taken -------------------------------------------------------------------------------------------


def test_a_taken_day_is_kept_open_and_waits(cast):
    take(cast, tuesday(2))
    series = weekly(cast)
    assert held(series) == [at(tuesday(number)) for number in range(12) if number != 2]
    [day] = series.open_days.all()
    assert (day.day, day.starts_at, day.names) == (tuesday(2), at(tuesday(2)), "Dmitry, Maxim")
    [line] = [line for line in queries.waiting([cast.project]) if line.button == "Choose another time"]
    assert (line.url, line.sentence.endswith("needs another time: Dmitry, Maxim is taken.")) == (
        day.get_absolute_url(),
        True,
    )


def test_another_time_is_chosen_once(cast):
    take(cast, tuesday(2))
    series = weekly(cast)
    [day] = series.open_days.all()
    with pytest.raises(Refused) as refused:
        settle_day(day, starts_at=at(tuesday(2)), ends_at=at(tuesday(2)) + HOUR, by=cast.decider)
    assert refused.value.code == "taken"
    noon = at(tuesday(2), time(12))
    meeting = settle_day(day, starts_at=noon, ends_at=noon + HOUR, by=cast.decider)
    assert (meeting.series, meeting.series_day, meeting.starts_at) == (series, tuesday(2), noon)
    assert list(queries.open_days([cast.project.pk])) == []
    with pytest.raises(Refused) as refused:
        drop_day(day, by=cast.manager)
    assert refused.value.code == "settled"


def test_a_dropped_day_is_not_made_again(cast):
    take(cast, tuesday(2)).delete()
    other = take(cast, tuesday(2))
    series = weekly(cast)
    drop_day(series.open_days.get(), by=cast.manager)
    other.delete()
    Series.objects.update(made_until=tuesday())
    assert (continue_all(), len(held(series))) == (0, 11)


def test_a_day_found_taken_later_is_told(cast):
    series = weekly(cast)
    Meeting.objects.filter(series_day__gt=tuesday(9)).delete()
    Series.objects.update(made_until=tuesday(9))
    take(cast, tuesday(10))
    assert continue_all() == 1
    assert series.open_days.get().day == tuesday(10)
    assert told(cast.decider) == ["series.begun", "series.needs_time"]


# --- This one -------------------------------------------------------------------------------------------------------


def test_a_moved_one_stays_itself(cast):
    series = weekly(cast)
    second = series.meetings.get(series_day=tuesday(1))
    wednesday = at(tuesday(1) + timedelta(days=1))
    actions.move_meeting(second, starts_at=wednesday, ends_at=wednesday + HOUR, by=cast.decider)
    assert continue_all() == 0
    second.refresh_from_db()
    assert (second.series_day, second.starts_at) == (tuesday(1), wednesday)


def test_a_day_is_left_out_made_or_not(cast):
    series = weekly(cast)
    leave_out(series, day=tuesday(1), by=cast.manager)
    leave_out(series, day=tuesday(12), by=cast.manager)
    Series.objects.update(made_until=tuesday(10))
    with pytest.raises(Refused) as refused:
        leave_out(series, day=tuesday(3) + timedelta(days=1), by=cast.manager)
    assert (refused.value.code, at(tuesday(1)) in held(series), at(tuesday(12)) in held(series)) == (
        "no-such-day",
        False,
        False,
    )


# --- This and following, all ----------------------------------------------------------------------------------------


def test_this_and_following_is_another_series_with_the_same_meetings(cast):
    series = weekly(cast)
    kept = list(series.meetings.filter(series_day__gte=tuesday(4)).values_list("pk", flat=True))
    thursday = tuesday(4) + timedelta(days=2)
    after = change_series(series, from_day=tuesday(4), starts_on=thursday, time=time(15), by=cast.decider)
    series.refresh_from_db()
    assert (after.continues, after.uid == series.uid, after.rule) == (series, False, "FREQ=WEEKLY;BYDAY=TH")
    assert (series.until, series.is_running, len(held(series))) == (tuesday(4) - timedelta(days=1), False, 4)
    assert held(after)[0] == at(thursday, time(15))
    assert set(kept) <= set(after.meetings.values_list("pk", flat=True))
    assert {meeting.series_day.weekday() for meeting in after.meetings.all()} == {3}


def test_a_count_is_shared_by_the_two(cast):
    series = weekly(cast, rule=Rule(weekdays=(1,), count=6))
    after = change_series(series, from_day=tuesday(2), time=time(11), by=cast.manager)
    assert (len(held(series)), len(held(after)), after.count) == (2, 4, 4)


def test_a_week_later_runs_into_nothing_of_its_own(cast):
    series = weekly(cast)
    after = change_series(series, from_day=tuesday(1), starts_on=tuesday(2), by=cast.manager)
    assert held(after) == [at(tuesday(number)) for number in range(2, 13)]
    assert after.open_days.count() == 0


def test_half_an_hour_later_for_all_keeps_the_series(cast):
    series = weekly(cast)
    after = change_series(series, time=time(10, 30), by=cast.manager)
    assert (after, held(after)) == (series, [at(tuesday(number), time(10, 30)) for number in range(12)])


def test_what_was_moved_by_hand_stays_where_it_is(cast):
    series = weekly(cast)
    second, third = series.meetings.get(series_day=tuesday(1)), series.meetings.get(series_day=tuesday(2))
    noon = at(tuesday(1), time(12))
    actions.move_meeting(second, starts_at=noon, ends_at=noon + HOUR, by=cast.decider)
    actions.cancel_meeting(third, reason="Ill", by=cast.manager)
    change_series(series, time=time(15), by=cast.manager)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.starts_at, third.cancelled_at is None) == (noon, False)


def test_one_whose_new_time_is_taken_keeps_the_old_one_and_waits(cast):
    series = weekly(cast)
    take(cast, tuesday(3), time(15))
    after = change_series(series, time=time(15), by=cast.manager)
    fourth = after.meetings.get(series_day=tuesday(3))
    [day] = after.open_days.all()
    assert (fourth.starts_at, day.meeting, day.starts_at) == (at(tuesday(3)), fourth, at(tuesday(3), time(15)))
    later = at(tuesday(3), time(17))
    assert settle_day(day, starts_at=later, ends_at=later + HOUR, by=cast.manager).starts_at == later


def test_words_of_all_change_in_place(cast):
    series = weekly(cast)
    special = series.meetings.get(series_day=tuesday(1))
    actions.describe_meeting(special, title="Yearly plan", place="", by=cast.manager)
    change_series(series, title="Call", place="Room 2", by=cast.manager)
    titles = list(series.meetings.order_by("series_day").values_list("title", "place")[:3])
    assert titles == [("Call", "Room 2"), ("Yearly plan", "Room 2"), ("Call", "Room 2")]


def test_people_join_and_leave_from_a_day(cast):
    series = weekly(cast)
    take(cast, tuesday(5), time(10)).delete()
    busy = actions.seat(
        cast.project,
        [cast.contact],
        by=cast.contact,
        title="x",
        starts_at=at(tuesday(6)),
        ends_at=at(tuesday(6)) + HOUR,
    )
    change_people(series, people=[cast.manager, cast.contact], from_day=tuesday(4), by=cast.manager)
    sits = {m.series_day: {str(person) for person in m.people.all()} for m in series.meetings.all()}
    assert [sits[tuesday(number)] for number in (3, 4, 6)] == [{"Maxim", "Dmitry"}, {"Maxim", "Katya"}, {"Maxim"}]
    [day] = series.open_days.all()
    assert (day.meeting.series_day, day.names) == (tuesday(6), "Katya")
    actions.cancel_meeting(busy, reason="x", by=cast.contact)
    noon = at(tuesday(6), time(12))
    settled = settle_day(day, starts_at=noon, ends_at=noon + HOUR, by=cast.manager)
    assert {str(person) for person in settled.people.all()} == {"Maxim", "Katya"}


def test_the_end_calls_off_what_is_to_come(cast):
    series = end_series(weekly(cast), from_day=tuesday(2), reason="The project is done", by=cast.decider)
    assert (held(series), series.is_running, continue_all()) == ([at(tuesday()), at(tuesday(1))], False, 0)
    with pytest.raises(Refused) as refused:
        change_series(series, title="x", by=cast.manager)
    assert refused.value.code == "ended"


# --- Holidays -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day_off", "expected"), [("skip", []), ("move", [date(2027, 1, 11)]), ("keep", [date(2027, 1, 5)])]
)
def test_public_holidays(cast, monkeypatch, day_off, expected):
    before = datetime(2026, 12, 20, 9, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: before)
    fields = {"starts_on": date(2026, 12, 22), "day_off": day_off, "countries": ["RU"]}
    series = weekly(cast, rule=read_rule("FREQ=WEEKLY;BYDAY=TU"), **fields)
    days = [moment.astimezone(MOSCOW).date() for moment in held(series)]
    assert [day for day in days if date(2026, 12, 30) <= day <= date(2027, 1, 11)] == expected


# --- How often we meet ----------------------------------------------------------------------------------------------


def test_the_series_says_how_often_we_meet(cast):
    agreed = set_rhythm(cast.project, cadence="weekly", by=cast.contact)
    series = weekly(cast)
    rhythm = Rhythm.objects.current().get()
    assert (rhythm, rhythm.series, rhythm.weekday, rhythm.time) == (agreed, series, 1, TEN)
    for verb in (
        lambda: set_rhythm(cast.project, cadence="monthly", by=cast.manager),
        lambda: end_rhythm(cast.project, by=cast.manager),
    ):
        with pytest.raises(Refused) as refused:
            verb()
        assert refused.value.code == "series-says-it"
    end_series(series, reason="Done", by=cast.manager)
    assert Rhythm.objects.current().exists() is False


def test_the_most_frequent_of_two_says_it(cast):
    weekly(cast, rule=read_rule("FREQ=MONTHLY;BYMONTHDAY=-1"))
    often = weekly(cast, rule=read_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"), time=time(16))
    assert [Rhythm.objects.current().get().cadence, Rhythm.objects.current().get().series] == ["biweekly", often]


# --- In calendars ---------------------------------------------------------------------------------------------------


def read_feed(person, project=None) -> tuple[bytes, list[datetime]]:
    """The feed, and the starts of what is not called off, as another library reads them, for ten weeks."""
    text = feeds.written(feeds.renew_feed(person, project))
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(
        at(tuesday(-1)), at(tuesday(9), time(9))
    )
    return text, sorted(each.start.astimezone(UTC) for each in events if each["STATUS"] == "CONFIRMED")


def test_a_feed_carries_the_series_as_one_event(cast):
    take(cast, tuesday(3))
    series = weekly(cast)
    noon = at(tuesday(1), time(12))
    second, fifth = series.meetings.get(series_day=tuesday(1)), series.meetings.get(series_day=tuesday(4))
    actions.move_meeting(second, starts_at=noon, ends_at=noon + HOUR, by=cast.decider)
    actions.cancel_meeting(fifth, reason="Ill", by=cast.manager)
    Meeting.objects.filter(title="Other").delete()
    text, starts = read_feed(cast.decider)
    assert starts == sorted([noon, *(at(tuesday(number)) for number in (0, 2, 5, 6, 7, 8))])
    events = vobject.readOne(text.decode()).vevent_list
    assert {event.uid.value for event in events} == {str(series.uid)}
    rules = [event.rrule.value for event in events if hasattr(event, "rrule")]
    assert rules == ["FREQ=WEEKLY;BYDAY=TU"]
    stands = sorted(event.recurrence_id.value.astimezone(UTC) for event in events if hasattr(event, "recurrence_id"))
    assert stands == [at(tuesday(1)), at(tuesday(4))]


def test_who_joins_or_leaves_reads_their_own_days(cast):
    series = weekly(cast)
    change_people(series, people=[cast.manager, cast.contact], from_day=tuesday(4), by=cast.manager)
    days = [[at(tuesday(number)) for number in numbers] for numbers in (range(4), range(4, 9), range(9))]
    assert [read_feed(person)[1] for person in (cast.decider, cast.contact, cast.manager)] == days
    assert read_feed(cast.viewer, cast.project)[1] == days[2]


def test_a_split_is_two_events_and_no_day_twice(cast):
    series = weekly(cast)
    change_series(series, from_day=tuesday(4), time=time(15), by=cast.decider)
    text, starts = read_feed(cast.decider)
    assert starts == [*(at(tuesday(number)) for number in range(4)), *(at(tuesday(n), time(15)) for n in range(4, 9))]
    assert len({line for line in text.splitlines() if line.startswith(b"UID:")}) == 2


def test_letters_carry_the_series_its_exception_and_its_end(cast, mailbox):  # noqa: F811
    series = weekly(cast)
    noon = at(tuesday(1), time(12))
    second = series.meetings.get(series_day=tuesday(1))
    actions.move_meeting(second, starts_at=noon, ends_at=noon + HOUR, by=cast.manager)
    change_series(series, title="Call", by=cast.manager)
    end_series(series, reason="Done", by=cast.manager)
    deliver_due()
    letters = [invitation_in(letter) for letter in mailbox.letters if letter["To"] == cast.decider.email]
    assert [(method, len(events)) for method, events in letters] == [
        ("REQUEST", 1),
        ("REQUEST", 1),
        ("REQUEST", 2),
        ("CANCEL", 1),
    ]
    assert {str(event["UID"]) for _method, events in letters for event in events} == {str(series.uid)}
    moved = letters[1][1][0]
    assert (moved["RECURRENCE-ID"].dt.astimezone(UTC), moved.start) == (at(tuesday(1)), noon)
    versions = [events[0]["SEQUENCE"] for method, events in letters if "RECURRENCE-ID" not in events[0]]
    assert versions == sorted(set(versions))


def invitation_in(letter) -> tuple[str, list]:
    [part] = [each for each in letter.walk() if each.get_content_type() == "text/calendar" and not each.get_filename()]
    return part.get_param("method"), icalendar.Calendar.from_ical(part.get_content()).events
