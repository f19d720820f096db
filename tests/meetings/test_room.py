"""The room: a clock that survives a reload, lines ticked off, notes of several hands, who came."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings import actions, room
from meetings.models import Attendance, Meeting, Minutes, Room
from smmportal.demo.clock import moved_to
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_meeting
from tests.kpis.reviewing import NOON

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_noon():
    with moved_to(NOON):
        yield


@pytest.fixture
def meeting(cast) -> Meeting:
    """It begins now."""
    meeting = make_meeting(cast, starts_at=NOON, ends_at=NOON + HOUR)
    actions.add_lines(meeting, ["KPIs", "Budget"], by=cast.manager)
    return meeting


def line(meeting: Meeting, title: str):
    return meeting.agenda.get(title=title)


def address(meeting: Meeting, rest: str = "") -> str:
    return f"/api/v1/meetings/{meeting.pk}/{rest}"


# --- The clock and the lines ----------------------------------------------------------------------------------------


def test_the_clock_starts_once_with_the_first_line(cast, meeting, manager, decider):
    room.open_room(meeting, by=manager)
    with moved_to(NOON + timedelta(minutes=5)):
        again = room.open_room(meeting, by=decider)
    assert (again.opened_at, again.opened_by, again.item, again.item_since) == (
        NOON,
        manager,
        line(meeting, "KPIs"),
        NOON,
    )


def test_ticking_the_present_line_off_goes_on_to_the_next(cast, meeting, manager, decider):
    room.open_room(meeting, by=manager)
    later = NOON + timedelta(minutes=10)
    with moved_to(later):
        ticked = room.tick_off(line(meeting, "KPIs"), by=decider)
    assert (ticked.ticked_at, ticked.ticked_by) == (later, decider)
    now = Room.objects.get()
    assert (now.item, now.item_since) == (line(meeting, "Budget"), later)
    room.tick_off(now.item, by=decider)
    assert Room.objects.get().item is None


def test_another_line_may_be_talked_about_first_and_a_tick_taken_back(cast, meeting, manager):
    room.talk_about(line(meeting, "Budget"), by=manager)
    assert Room.objects.get().item == line(meeting, "Budget")
    room.tick_off(line(meeting, "KPIs"), by=manager)
    room.untick(line(meeting, "KPIs"), by=manager)
    assert (line(meeting, "KPIs").ticked_at, Room.objects.get().item) == (None, line(meeting, "Budget"))


def test_what_one_side_keeps_to_itself_is_never_the_others_present_line(cast, meeting, manager, api):
    own = actions.add_agenda_item(meeting, title="Ask about the fee", is_private=True, by=manager)
    room.talk_about(own, by=manager)
    said = {name: api(getattr(cast, name)).get(address(meeting, "room/")) for name in ("specialist", "contact")}
    assert {name: answer.json()["item"] for name, answer in said.items()} == {"specialist": own.pk, "contact": None}
    assert "Ask about the fee" not in said["contact"].content.decode()


def test_the_room_opens_an_hour_before(cast, meeting, manager):
    with moved_to(NOON - timedelta(minutes=61)), pytest.raises(Refused) as refusal:
        room.open_room(meeting, by=manager)
    assert refusal.value.code == "early"


def test_the_clock_is_the_servers_on_page_and_api(cast, meeting, manager, browse, api):
    room.open_room(meeting, by=manager)
    with moved_to(NOON + timedelta(minutes=7)):
        page = browse(cast.contact).get(f"/meetings/{meeting.pk}/room/").content.decode()
        said = api(cast.contact).get(address(meeting, "room/")).json()
    begun, now = int(NOON.timestamp()), int(NOON.timestamp()) + 420
    assert [text in page for text in (f'data-now="{now}"', f'data-clock-since="{begun}"')] == [True, True]
    assert (said["now"], said["opened_at"]) == ("2026-11-23T12:07:00+03:00", "2026-11-23T12:00:00+03:00")


# --- Notes ----------------------------------------------------------------------------------------------------------


def test_what_two_people_write_over_one_text_is_put_together(cast, meeting, manager, decider):
    room.write_together(meeting, text="We met.", base="", by=manager)
    room.write_together(meeting, text="We met.\nThe budget grows.", base="We met.", by=manager)
    room.write_together(meeting, text="We met.\nNew photographs.", base="We met.", by=decider)
    notes = Minutes.objects.get()
    assert (notes.text, notes.written_by) == ("We met.\nThe budget grows.\nNew photographs.", decider)


def test_the_same_line_changed_by_both_shows_both(cast, meeting, api):
    notes = address(meeting, "room/notes/")
    api(cast.manager).put(notes, {"text": "We met.", "base": ""}, format="json")
    api(cast.manager).put(notes, {"text": "We met at ten.", "base": "We met."}, format="json")
    answer = api(cast.decider).put(notes, {"text": "We met at noon.", "base": "We met."}, format="json")
    said = answer.json()
    assert (answer.status_code, said["current"], said["revision"]) == (409, "We met at ten.", 2)


def test_the_form_without_a_script_keeps_both_texts(cast, meeting, browse):
    notes = f"/meetings/{meeting.pk}/room/notes/"
    browse(cast.manager).post(notes, {"text": "We met at ten.", "base": ""})
    client = browse(cast.decider)
    room.write_together(meeting, text="We met at eleven.", base="We met at ten.", by=cast.manager)
    page = client.post(notes, {"text": "We met at noon.", "base": "We met at ten."}).content.decode()
    assert [text in page for text in ("We met at eleven.", "We met at noon.", "Maxim changed the same lines")] == [
        True
    ] * 3
    client.post(notes, {"text": "We met at noon.", "base": "We met at eleven."})
    assert Minutes.objects.get().text == "We met at noon."


def test_the_script_is_answered_with_what_others_wrote(cast, meeting, browse):
    notes = f"/meetings/{meeting.pk}/room/notes/"
    room.write_together(meeting, text="One", base="", by=cast.manager)
    said = browse(cast.decider).post(notes, {"text": "Two", "base": ""}, headers={"Accept": "application/json"}).json()
    assert said == {"text": "One\nTwo", "revision": 2}
    assert browse(cast.viewer).get(notes).json() == said


def test_published_notes_take_no_more(cast, meeting, manager):
    room.write_together(meeting, text="We met.", base="", by=manager)
    actions.publish_minutes(meeting, by=manager)
    with pytest.raises(Refused) as refusal:
        room.write_together(meeting, text="We met again.", base="We met.", by=manager)
    assert refusal.value.code == "published"


# --- Decisions, actions, who came -----------------------------------------------------------------------------------


def test_decisions_and_actions_are_added_by_forms_and_stay_in_the_room(cast, meeting, browse):
    client, page = browse(cast.decider), f"/meetings/{meeting.pk}/room/"
    answers = [
        client.post(f"{page}decisions/", {"text": "Post daily."}),
        client.post(f"{page}actions/", {"title": "Send photographs", "who": Side.CLIENT.value}),
    ]
    assert [answer["Location"] for answer in answers] == [f"{page}#room-outcome"] * 2
    assert meeting.decisions.get().text == "Post daily."
    assert meeting.action_items.get().task.title == "Send photographs"


def test_who_came_is_said_of_each(cast, meeting, api):
    mark = address(meeting, "attendance/")
    api(cast.manager).put(mark, {"person": cast.manager.pk, "state": "present"}, format="json")
    api(cast.manager).put(mark, {"person": cast.decider.pk, "state": "no_show"}, format="json")
    assert {seat["person"]: seat["state"] for seat in api(cast.viewer).get(mark).json()} == {
        cast.manager.pk: "present",
        cast.decider.pk: "no_show",
    }
    assert Attendance.objects.get(person=cast.decider).marked_at == timezone.now()


def test_nobody_is_late_before_it_begins_and_only_those_asked_are_marked(cast, meeting, manager, decider):
    with moved_to(NOON - timedelta(minutes=5)), pytest.raises(Refused) as early:
        room.mark_attendance(meeting, person=decider, state="late", by=manager)
    with pytest.raises(Refused) as unasked:
        room.mark_attendance(meeting, person=cast.contact, state="present", by=manager)
    assert (early.value.code, unasked.value.code) == ("not-begun", "not-asked")
