"""Private calendar addresses, the file of one meeting, and the invitations in letters."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from meetings import actions, feeds
from meetings.models import CalendarFeed, Meeting
from smmportal.audit import AuditEntry
from smmportal.notifications.actions import deliver_due
from tests.builders import make_meeting
from tests.meetings.moments import AHEAD, HOUR
from tests.smmportal.notifications.conftest import mailbox  # noqa: F401


def path_of(feed: CalendarFeed) -> str:
    return reverse("meetings:calendar_feed", args=[feed.secret])


def events_in(answer) -> dict[str, icalendar.Event]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return {str(event["SUMMARY"]): event for event in icalendar.Calendar.from_ical(answer.content).events}


@pytest.fixture
def coming(cast) -> Meeting:
    """The manager and the decider sit in it."""
    return make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)


def test_an_address_brings_ones_own_meetings(cast, browse, coming):
    own, others = feeds.renew_feed(cast.manager), feeds.renew_feed(cast.contact)
    assert list(events_in(browse().get(path_of(own)))) == ["Weekly call"]
    assert list(events_in(browse().get(path_of(others)))) == []


def test_a_projects_address_brings_all_its_meetings(cast, browse, coming):
    feed = feeds.renew_feed(cast.contact, cast.project)
    found = events_in(browse().get(path_of(feed)))["Weekly call"]
    assert (str(found["UID"]), found.start, str(found["URL"])) == (
        str(coming.uid),
        AHEAD,
        f"http://portal.example/meetings/{coming.pk}/",
    )


def test_what_ended_long_ago_is_left_out(cast, browse, coming):
    long_ago = timezone.now() - timedelta(days=181)
    make_meeting(cast, title="Old", starts_at=long_ago, ends_at=long_ago + HOUR)
    assert list(events_in(browse().get(path_of(feeds.renew_feed(cast.manager))))) == ["Weekly call"]


def test_a_move_and_a_cancellation_reach_the_calendar_as_the_same_event(cast, browse, coming):
    path = path_of(feeds.renew_feed(cast.manager))
    actions.move_meeting(coming, starts_at=AHEAD + HOUR, ends_at=AHEAD + 2 * HOUR, by=cast.decider)
    moved = events_in(browse().get(path))["Weekly call"]
    actions.cancel_meeting(coming, reason="Ill", by=cast.manager)
    cancelled = events_in(browse().get(path))["Weekly call"]
    assert [(str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])) for event in (moved, cancelled)] == [
        (str(coming.uid), 1, "CONFIRMED"),
        (str(coming.uid), 2, "CANCELLED"),
    ]
    assert moved.start == AHEAD + HOUR


def test_a_new_address_ends_the_one_before(cast, browse):
    first = feeds.renew_feed(cast.manager)
    second = feeds.renew_feed(cast.manager)
    assert [browse().get(path_of(feed)).status_code for feed in (first, second)] == [404, 200]
    assert CalendarFeed.objects.count() == 1


def test_who_leaves_reads_nothing_more(cast, browse, coming):
    feed = feeds.renew_feed(cast.specialist, cast.project)
    cast.project.team.remove(cast.specialist)
    assert browse().get(path_of(feed)).status_code == 404
    own = feeds.renew_feed(cast.manager)
    cast.manager.is_active = False
    cast.manager.save()
    assert browse().get(path_of(own)).status_code == 404


def test_a_calendar_that_knows_it_already_is_told_so(cast, browse, coming):
    path = path_of(feeds.renew_feed(cast.manager))
    etag = browse().get(path)["ETag"]
    again = browse().get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    actions.describe_meeting(coming, title="Another", place="", by=cast.manager)
    assert browse().get(path, headers={"If-None-Match": etag}).status_code == 200


def test_an_address_stays_out_of_caches_referrers_and_the_trail(cast, browse):
    feed = feeds.renew_feed(cast.manager)
    answer = browse().get(path_of(feed))
    assert [answer[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")] == [
        "private, max-age=300",
        "no-referrer",
        "noindex, nofollow",
    ]
    trail = AuditEntry.objects.get(verb="feed.made")
    assert (trail.by, trail.project, trail.facts) == (cast.manager, None, {})


def test_an_address_is_read_so_many_times_an_hour(cast, browse, monkeypatch):
    monkeypatch.setattr("meetings.calendar_pages.AN_HOUR", 1)
    path = path_of(feeds.renew_feed(cast.manager))
    answers = [browse().get(path) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1]["Retry-After"] == "3600"


def test_the_number_of_queries_does_not_grow_with_the_meetings(cast, browse, coming, django_assert_num_queries):
    for number in range(5):
        make_meeting(cast, title=f"{number}", starts_at=AHEAD + number * HOUR, ends_at=AHEAD + (number + 1) * HOUR)
    feed = feeds.find_feed(feeds.renew_feed(cast.manager).secret)
    with django_assert_num_queries(1):
        feeds.written(feed)


def test_the_page_shows_an_address_and_takes_it_back(cast, browse):
    page = browse(cast.contact)
    page.post(reverse("meetings:feed_new"))
    page.post(reverse("meetings:project_feed_new", args=[cast.project.pk]))
    own, of_project = CalendarFeed.objects.order_by("pk")
    shown = page.get(reverse("meetings:calendar")).content.decode()
    assert [feeds.address_of(feed) in shown for feed in (own, of_project)] == [True, True]
    page.post(reverse("meetings:feed_revocation", args=[own.pk]))
    assert list(CalendarFeed.objects.all()) == [of_project]


def test_the_api_makes_lists_and_revokes(cast, api):
    program = api(cast.contact)
    made = program.post(reverse("api:calendar_feeds"), {"project": cast.project.pk}, format="json").json()
    feed = CalendarFeed.objects.get()
    assert made["address"] == feeds.address_of(feed)
    assert program.get(reverse("api:calendar_feeds")).json()["results"] == [made]
    assert program.delete(reverse("api:calendar_feed", args=[feed.pk])).status_code == 204
    assert CalendarFeed.objects.exists() is False


def test_one_meeting_as_a_file(cast, browse, coming):
    answer = browse(cast.contact).get(reverse("meetings:meeting_file", args=[coming.pk]))
    assert list(events_in(answer)) == ["Weekly call"]
    assert answer["Content-Disposition"] == 'attachment; filename="meeting-2040-01-03.ics"'


# --- Letters --------------------------------------------------------------------------------------------------------


def invitation_in(letter) -> tuple[str, icalendar.Event]:
    """The part by which mail programs offer it to the calendar; the file beside it says the same."""
    (readable,) = [
        part for part in letter.walk() if part.get_content_type() == "text/calendar" and not part.get_filename()
    ]
    (file,) = [part for part in letter.walk() if part.get_filename() == "invite.ics"]
    assert file.get_content().split() == readable.get_content().split()
    return readable.get_param("method"), icalendar.Calendar.from_ical(readable.get_content()).events[0]


def test_letters_invite_move_and_call_off_the_same_event(cast, mailbox):  # noqa: F811
    with translation.override("en"):
        meeting = actions.book_meeting(
            cast.project,
            title="Weekly call",
            starts_at=AHEAD,
            ends_at=AHEAD + HOUR,
            people=[cast.manager, cast.decider],
            by=cast.manager,
        )
        actions.move_meeting(meeting, starts_at=AHEAD + HOUR, ends_at=AHEAD + 2 * HOUR, by=cast.manager)
        actions.describe_meeting(meeting, title="Weekly call", place="Room 2", by=cast.manager)
        actions.cancel_meeting(meeting, reason="Ill", by=cast.manager)
    deliver_due()
    told = [invitation_in(letter) for letter in mailbox.letters if letter["To"] == cast.decider.email]
    assert [(method, event["SEQUENCE"], event.start) for method, event in told] == [
        ("REQUEST", 0, AHEAD),
        ("REQUEST", 1, AHEAD + HOUR),
        ("REQUEST", 2, AHEAD + HOUR),
        ("CANCEL", 3, AHEAD + HOUR),
    ]
    assert {str(event["UID"]) for _method, event in told} == {str(meeting.uid)}
    assert {str(event["ATTENDEE"]) for _method, event in told} == {f"mailto:{cast.decider.email}"}
    assert {(str(event["ORGANIZER"]), event["ORGANIZER"].params["CN"]) for _method, event in told} == {
        ("mailto:portal@portal.example", str(cast.manager))
    }
