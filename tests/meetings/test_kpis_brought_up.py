"""KPIs that need talking about come on the next agenda by themselves, and the room says what changed since the last."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions.reviews import hold_review
from kpis.queries.standings import standings
from kpis.wording import headline
from meetings import actions, tasks
from meetings.board import changes_since_last
from meetings.models import AgendaItem
from projects.actions import close_project
from smmportal.celery import app
from smmportal.demo.clock import moved_to
from tests.builders import make_dip, make_kpi, make_meeting
from tests.kpis.conftest import begun
from tests.kpis.reviewing import DAYS, LAST_WEEK, NOON, STARTS_ON, TODAY, growing, make_watched

HOUR = timedelta(hours=1)
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def on_monday(cast):
    begun(cast)
    with moved_to(NOON):
        yield


@pytest.fixture
def slow(cast):
    """Off its course; its review is held."""
    kpi = make_watched(cast, target=Decimal(40000), name="Slow", owner=cast.specialist)
    hold_review(kpi, by=cast.manager, happened="Slow.", why="No videos.")
    return kpi


@pytest.fixture
def well(cast):
    kpi = make_watched(cast, name="Well")
    hold_review(kpi, by=cast.manager, happened="As planned.")
    return kpi


def meeting_at(cast, start, **fields):
    return make_meeting(cast, starts_at=start, ends_at=start + HOUR, **fields)


def lines() -> list[tuple]:
    return list(AgendaItem.objects.order_by("meeting", "position").values_list("meeting", "title", "kpi"))


def test_what_is_off_its_course_comes_on_the_next_agenda(cast, slow, well):
    later, sooner = meeting_at(cast, TOMORROW + timedelta(days=7)), meeting_at(cast, TOMORROW)
    tasks.refresh_agendas()
    assert lines() == [(sooner.pk, "Slow", slow.pk)]
    assert (AgendaItem.objects.get().added_by, later.agenda.count()) == (cast.specialist, 0)


def test_a_drop_without_a_word_and_a_review_that_is_owed_come_too(cast, well):
    meeting = meeting_at(cast, TOMORROW)
    owed = make_watched(cast, name="Owed")
    make_dip(cast, kpi=well, day=LAST_WEEK, until=LAST_WEEK)
    tasks.refresh_agendas()
    assert lines() == [(meeting.pk, "Well", well.pk), (meeting.pk, "Owed", owed.pk)]


def test_drafts_and_closed_projects_bring_nothing_up(cast, slow):
    make_kpi(cast, starts_on=STARTS_ON)
    meeting_at(cast, TOMORROW)
    close_project(cast.project, by=cast.manager)
    tasks.refresh_agendas()
    assert lines() == []


def test_it_comes_once_a_meeting_and_what_is_taken_off_stays_off(cast, slow, manager):
    first = meeting_at(cast, TOMORROW)
    for _time in range(2):
        tasks.refresh_agendas()
    [item] = AgendaItem.objects.all()
    actions.remove_agenda_item(item, by=manager)
    tasks.refresh_agendas()
    assert lines() == []
    second = meeting_at(cast, TOMORROW + timedelta(days=7))
    with moved_to(first.ends_at + HOUR):
        tasks.refresh_agendas()
    assert lines() == [(second.pk, "Slow", slow.pk)]


def test_booking_brings_it_up_at_once(cast, slow, manager):
    booked = actions.book_meeting(
        cast.project, title="Call", starts_at=TOMORROW, ends_at=TOMORROW + HOUR, people=[manager], by=manager
    )
    assert lines() == [(booked.pk, "Slow", slow.pk)]


def test_a_full_agenda_is_passed_over_and_never_overfilled(cast, slow):
    full, next_one = meeting_at(cast, TOMORROW), meeting_at(cast, TOMORROW + timedelta(days=7))
    actions.add_lines(full, [str(number) for number in range(100)], by=cast.manager)
    actions.add_lines(next_one, [str(number) for number in range(99)], by=cast.manager)
    make_watched(cast, name="Owed")
    tasks.refresh_agendas()
    assert (full.agenda.count(), next_one.agenda.count()) == (100, 100)


def test_the_line_says_the_words_of_the_board_on_page_and_api(cast, slow, browse, api):
    make_dip(cast, kpi=slow, day=LAST_WEEK, until=LAST_WEEK)
    meeting = meeting_at(cast, TOMORROW)
    tasks.refresh_agendas()
    words = headline(standings([slow])[0])
    page = browse(cast.viewer).get(meeting.get_absolute_url()).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert f'<a href="/kpis/{slow.pk}/">Slow</a>' in page
    assert [text in page for text in (words.replace("\N{NO-BREAK SPACE}", " "), "1 unexplained drop")] == [True, True]
    [item] = api(cast.viewer).get(f"/api/v1/meetings/{meeting.pk}/agenda/").json()
    assert (item["kpi"], item["standing"]) == (
        slow.pk,
        {"status": "off_track", "headline": words, "guardrail": None, "review_owed": False, "unexplained_dips": 1},
    )


def test_any_number_of_lines_costs_the_same(cast, slow, api, django_assert_num_queries):
    meeting, client = meeting_at(cast, TOMORROW), api(cast.viewer)
    tasks.refresh_agendas()
    address = f"/api/v1/meetings/{meeting.pk}/agenda/"
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    for_one = len(caught)
    for _number in range(5):
        make_watched(cast)
    tasks.refresh_agendas()
    assert len(client.get(address).json()) == 6
    with django_assert_num_queries(for_one):
        client.get(address)


# --- Since the last meeting -----------------------------------------------------------------------------------------


def test_the_room_says_where_the_kpis_stood_and_where_they_stand(cast, well, slow, browse, api):
    previous = meeting_at(cast, NOON - timedelta(days=13))
    coming = meeting_at(cast, TOMORROW)
    since = changes_since_last(coming)
    assert (since.previous, since.then, since.now) == (previous, date(2026, 11, 10), TODAY)
    assert [(change.kpi, change.was.status, change.now.status, change.by) for change in since.changes] == [
        (slow, "at_risk", "off_track", Decimal(242)),
        (well, "on_track", "on_track", Decimal(242)),
    ]
    page = browse(cast.viewer).get(coming.get_absolute_url()).content.decode()
    assert "On the board since the last meeting" in page
    said = api(cast.viewer).get(f"/api/v1/meetings/{coming.pk}/board/").json()
    assert (said["previous"], said["then"], said["kpis"][0]["was"]["value"], said["kpis"][0]["change"]) == (
        *(previous.pk, "2026-11-10"),
        *(str(growing()[DAYS - 13]), "242"),
    )


def test_a_meeting_of_the_past_keeps_the_numbers_of_its_day(cast, well):
    meeting_at(cast, NOON - timedelta(days=20))
    held = meeting_at(cast, NOON - timedelta(days=6))
    [change] = changes_since_last(held).changes
    assert (change.was.value_on, change.now.value_on) == (date(2026, 11, 3), date(2026, 11, 17))


def test_a_kpi_that_had_not_begun_stood_nowhere(cast):
    kpi = make_watched(cast, starts_on=TODAY - timedelta(days=5), baseline_on=TODAY - timedelta(days=5))
    meeting_at(cast, NOON - timedelta(days=13))
    [change] = changes_since_last(meeting_at(cast, TOMORROW)).changes
    assert (change.kpi, change.was, change.by, change.is_turned) == (kpi, None, None, True)


def test_a_gap_then_is_no_number(cast):
    gone = [None if 80 <= place < 97 else value for place, value in enumerate(growing())]
    make_watched(cast, line=gone)
    meeting_at(cast, NOON - timedelta(days=5))
    [change] = changes_since_last(meeting_at(cast, TOMORROW)).changes
    assert (change.was.status, change.was.value, change.by) == ("no_data", None, None)


def test_before_the_second_meeting_and_without_kpis_there_is_nothing_to_compare(cast, api):
    first = meeting_at(cast, NOON - timedelta(days=13))
    coming = meeting_at(cast, TOMORROW)
    assert (changes_since_last(first), changes_since_last(coming)) == (None, None)
    assert api(cast.viewer).get(f"/api/v1/meetings/{coming.pk}/board/").status_code == 204


def test_the_timetable_brings_them_up():
    assert app.conf.beat_schedule["keep agendas up to date"]["task"] == "meetings.refresh_agendas"
