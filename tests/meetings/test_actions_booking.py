"""Booking, moving and calling off."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from meetings import actions, queries
from meetings.letters import invitation
from meetings.models import Meeting
from meetings.rhythm import set_rhythm
from projects.models import Project
from smmportal.audit import AuditEntry
from smmportal.notifications.models import Notification
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_meeting
from tests.meetings.moments import AHEAD, BEHIND, HOUR


def book(cast, *, start=AHEAD, length=HOUR, people=None, by=None, **fields) -> Meeting:
    fields = {"title": "Weekly call", **fields}
    return actions.book_meeting(
        fields.pop("project", cast.project),
        starts_at=start,
        ends_at=start + length,
        people=people or [cast.manager, cast.decider],
        by=by or cast.manager,
        **fields,
    )


def told(event: str) -> list[tuple[str, dict]]:
    rows = Notification.objects.filter(event=event).order_by("to__name")
    return [(str(row.to), row.facts) for row in rows.select_related("to")]


def verbs() -> list[tuple[str, str]]:
    return [(entry.verb, str(entry.by)) for entry in AuditEntry.objects.order_by("id")]


def version_of(meeting: Meeting, sequence: int) -> dict:
    """What calendars are told."""
    return {
        "uid": str(meeting.uid),
        "sequence": sequence,
        "stands_for": None,
        "zone": "Europe/Moscow",
        "changed": meeting.changed_at.isoformat(),
        "is_cancelled": False,
    }


def test_a_booked_meeting_has_its_people_its_agenda_and_its_side(cast):
    meeting = book(cast, by=cast.contact, place="https://call.example/7", agenda=["KPIs", "Next posts"])
    assert (meeting.title, meeting.place, meeting.booked_by, meeting.booked_side) == (
        "Weekly call",
        "https://call.example/7",
        cast.contact,
        Side.CLIENT,
    )
    assert set(meeting.people.all()) == {cast.manager, cast.decider}
    assert list(meeting.agenda.values_list("position", "title")) == [(1, "KPIs"), (2, "Next posts")]


def test_those_who_come_are_told_and_the_author_is_not(cast):
    meeting = book(cast, by=cast.manager, people=[cast.manager, cast.decider, cast.contact])
    facts = {
        "title": "Weekly call",
        "project": "Coffee at home",
        "starts_at": "2040-01-03T07:00:00+00:00",
        "ends_at": "2040-01-03T08:00:00+00:00",
        "place": "",
        "calendar": version_of(meeting, 0),
    }
    assert told("meeting.booked") == [("Dmitry", facts), ("Katya", facts)]
    assert verbs() == [("meeting.booked", "Maxim")]


@pytest.mark.parametrize("role", ["owner", "manager", "specialist", "decider", "contact"])
def test_either_side_books(cast, role):
    assert book(cast, by=getattr(cast, role)).pk


@pytest.mark.parametrize("role", ["viewer", "stranger", "neighbour"])
def test_who_only_looks_on_or_is_outside_does_not(cast, role):
    with pytest.raises(PermissionDenied):
        book(cast, by=getattr(cast, role))
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("shift", "length"),
    [
        (timedelta(0), HOUR),
        (timedelta(minutes=59), HOUR),
        (timedelta(minutes=-59), HOUR),
        (timedelta(minutes=15), timedelta(minutes=15)),
        (-HOUR, 3 * HOUR),
    ],
)
def test_nobody_is_in_two_meetings_at_once(cast, shift, length):
    book(cast)
    with pytest.raises(Refused) as refused:
        book(cast, start=AHEAD + shift, length=length, people=[cast.decider, cast.contact], by=cast.contact)
    assert refused.value.code == "taken"
    assert refused.value.sentence == "This time is already taken (Dmitry). Please choose another one."
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("shift", [HOUR, -HOUR])
def test_one_meeting_may_begin_when_another_ends(cast, shift):
    book(cast)
    assert book(cast, start=AHEAD + shift).pk


def test_others_meet_at_the_same_time(cast):
    book(cast)
    assert book(cast, people=[cast.specialist, cast.contact]).pk


def test_a_meeting_of_another_project_takes_the_time_too(cast):
    other = Project.objects.create(name="Bread", agency=cast.agency, client=cast.other_client, created_by=cast.manager)
    book(cast, project=other, people=[cast.manager, cast.neighbour])
    with pytest.raises(Refused, match="already taken \\(Maxim\\)"):
        book(cast)


def test_a_taken_time_names_the_nearest_free_ones(cast):
    book(cast)
    with pytest.raises(Refused) as refused:
        book(cast, title="Another")
    assert refused.value.extra == {
        "slots": [
            {"start": "2040-01-03T06:00:00Z", "end": "2040-01-03T07:00:00Z"},
            {"start": "2040-01-03T08:00:00Z", "end": "2040-01-03T09:00:00Z"},
            {"start": "2040-01-03T08:30:00Z", "end": "2040-01-03T09:30:00Z"},
            {"start": "2040-01-03T09:00:00Z", "end": "2040-01-03T10:00:00Z"},
            {"start": "2040-01-03T09:30:00Z", "end": "2040-01-03T10:30:00Z"},
        ]
    }


def test_a_cancelled_meeting_frees_its_time(cast):
    actions.cancel_meeting(book(cast), reason="Ill", by=cast.decider)
    assert book(cast, title="Instead").pk


@pytest.mark.parametrize(
    ("start", "length", "code", "sentence"),
    [
        (BEHIND, HOUR, "past", "This time has passed. Please choose a later one."),
        (AHEAD, -HOUR, "backwards", "A meeting ends after it starts. Please correct the times."),
        (AHEAD, timedelta(0), "backwards", "A meeting ends after it starts. Please correct the times."),
        (AHEAD, timedelta(days=1, minutes=1), "too-long", "A meeting lasts at most a day. Please book several."),
    ],
)
def test_a_time_that_makes_no_sense_is_refused_in_words(cast, start, length, code, sentence):
    with pytest.raises(Refused) as refused:
        book(cast, start=start, length=length)
    assert (refused.value.code, refused.value.sentence) == (code, sentence)
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("outsider", ["stranger", "neighbour", "colleague"])
def test_an_outsider_is_not_invited(cast, outsider):
    with pytest.raises(Refused) as refused:
        book(cast, people=[cast.manager, getattr(cast, outsider)])
    assert refused.value.code == "not-in-project"


def test_somebody_has_to_come(cast):
    with pytest.raises(Refused, match="choose who takes part"):
        actions.book_meeting(cast.project, title="x", starts_at=AHEAD, ends_at=AHEAD + HOUR, people=[], by=cast.manager)


def test_the_same_form_sent_twice_books_once(cast):
    fields = {
        "title": "Weekly call",
        "starts_at": AHEAD,
        "ends_at": AHEAD + HOUR,
        "people": [cast.manager, cast.decider],
        "by": cast.manager,
    }
    assert actions.book_once(cast.project, **fields) == actions.book_once(cast.project, **fields)
    assert Meeting.objects.count() == 1


def test_an_agenda_of_more_than_a_hundred_lines_is_refused_whole(cast):
    with pytest.raises(Refused, match="at most 100 lines"):
        book(cast, agenda=["x"] * 101)
    assert not Meeting.objects.exists()


def test_a_move_keeps_the_meeting_and_tells_when_it_was_to_be(cast):
    meeting = book(cast, by=cast.manager, agenda=["KPIs"])
    moved = actions.move_meeting(meeting, starts_at=AHEAD + HOUR, ends_at=AHEAD + 2 * HOUR, by=cast.decider)
    assert (moved.pk, moved.starts_at, moved.agenda.count()) == (meeting.pk, AHEAD + HOUR, 1)
    assert told("meeting.moved") == [
        (
            "Maxim",
            {
                "title": "Weekly call",
                "project": "Coffee at home",
                "starts_at": "2040-01-03T08:00:00+00:00",
                "ends_at": "2040-01-03T09:00:00+00:00",
                "place": "",
                "calendar": version_of(moved, 1),
                "was_at": "2040-01-03T07:00:00+00:00",
            },
        )
    ]
    assert verbs() == [("meeting.booked", "Maxim"), ("meeting.moved", "Dmitry")]


def test_a_meeting_may_move_over_its_own_time(cast):
    meeting = book(cast)
    shift = timedelta(minutes=30)
    assert (
        actions.move_meeting(meeting, starts_at=AHEAD + shift, ends_at=AHEAD + HOUR + shift, by=cast.manager).starts_at
        == AHEAD + shift
    )


def test_a_move_to_where_it_stands_changes_nothing(cast):
    meeting = book(cast)
    actions.move_meeting(meeting, starts_at=AHEAD, ends_at=AHEAD + HOUR, by=cast.decider)
    assert verbs() == [("meeting.booked", "Maxim")]


def test_a_move_onto_taken_time_is_refused(cast):
    book(cast)
    later = book(cast, start=AHEAD + 2 * HOUR)
    with pytest.raises(Refused) as refused:
        actions.move_meeting(later, starts_at=AHEAD, ends_at=AHEAD + HOUR, by=cast.decider)
    assert refused.value.code == "taken"
    later.refresh_from_db()
    assert later.starts_at == AHEAD + 2 * HOUR


def test_what_has_begun_is_not_moved(cast):
    meeting = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    with pytest.raises(Refused, match="begun already"):
        actions.move_meeting(meeting, starts_at=AHEAD, ends_at=AHEAD + HOUR, by=cast.manager)


def test_what_is_called_off_is_not_moved(cast):
    meeting = actions.cancel_meeting(book(cast), reason="Ill", by=cast.decider)
    with pytest.raises(Refused, match="called off"):
        actions.move_meeting(meeting, starts_at=AHEAD + HOUR, ends_at=AHEAD + 2 * HOUR, by=cast.manager)


def test_calling_off_says_who_and_why(cast):
    meeting = actions.cancel_meeting(book(cast, by=cast.manager), reason=" Ill ", by=cast.decider)
    assert (meeting.cancelled_by, meeting.cancel_reason) == (cast.decider, "Ill")
    assert [(name, facts["reason"]) for name, facts in told("meeting.cancelled")] == [("Maxim", "Ill")]


def test_calling_off_twice_has_one_effect(cast):
    meeting = book(cast)
    first = actions.cancel_meeting(meeting, reason="Ill", by=cast.decider)
    second = actions.cancel_meeting(meeting, reason="Busy", by=cast.manager)
    assert (second.cancelled_at, second.cancel_reason) == (first.cancelled_at, "Ill")
    assert verbs() == [("meeting.booked", "Maxim"), ("meeting.cancelled", "Dmitry")]
    assert len(told("meeting.cancelled")) == 1


@pytest.mark.parametrize("by", ["decider", "manager"])
def test_within_the_notice_either_side_calls_off_and_moves_without_a_reason(cast, by):
    person, meeting = getattr(cast, by), book(cast)
    actions.move_meeting(meeting, starts_at=AHEAD + 2 * HOUR, ends_at=AHEAD + 3 * HOUR, by=person)
    assert actions.cancel_meeting(meeting, by=person).cancelled_by == person


def soon(hours: float):
    return timezone.now().replace(second=0, microsecond=0) + timedelta(hours=hours)


@pytest.mark.parametrize("by", ["decider", "manager"])
def test_after_the_notice_a_meeting_moves_only_with_a_reason(cast, by):
    start, person = soon(20), getattr(cast, by)
    meeting = book(cast, start=start)
    times = {"starts_at": start + 24 * HOUR, "ends_at": start + 25 * HOUR}
    with pytest.raises(Refused) as refused:
        actions.move_meeting(meeting, by=person, **times)
    assert refused.value.code == "no-reason"
    actions.move_meeting(meeting, by=person, reason=" The plane is late ", **times)
    entry = AuditEntry.objects.get(verb="meeting.moved")
    assert (entry.by, entry.facts["reason"]) == (person, "The plane is late")
    [newest, *_] = queries.history(meeting)
    assert (newest["by"], newest["sentence"].endswith(": The plane is late")) == (person, True)


def test_after_the_notice_calling_off_needs_a_reason(cast):
    with pytest.raises(Refused, match="say in a line why"):
        actions.cancel_meeting(book(cast, start=soon(20)), reason="  ", by=cast.decider)


def test_the_notice_is_what_the_sides_agreed_on(cast):
    set_rhythm(cast.project, cadence="weekly", notice_hours=4, by=cast.contact)
    meeting = book(cast, start=soon(20))
    assert queries.notice_ends(meeting) == meeting.starts_at - timedelta(hours=4)
    assert actions.cancel_meeting(meeting, by=cast.decider).cancel_reason == ""


# --- Who may come, but need not -------------------------------------------------------------------------------------


def test_a_meeting_does_not_wait_for_who_need_not_come(cast):
    book(cast, people=[cast.contact], by=cast.contact)
    meeting = book(cast, people=[cast.manager, cast.decider], optional=[cast.contact, cast.decider])
    assert list(meeting.attendances.values_list("person__name", "is_required")) == [
        ("Dmitry", True),
        ("Maxim", True),
        ("Katya", False),
    ]
    assert {name: facts["optional"] for name, facts in told("meeting.booked")} == {
        "Dmitry": [cast.contact.pk],
        "Katya": [cast.contact.pk],
    }
    assert book(cast, title="Elsewhere", people=[cast.specialist], optional=[cast.decider]).pk


def test_the_letter_says_who_need_not_come(cast):
    book(cast, optional=[cast.contact])
    roles = {}
    for row in Notification.objects.filter(event="meeting.booked").select_related("to"):
        [attached] = invitation(row)
        roles[str(row.to)] = "OPT-PARTICIPANT" in attached.content
    assert roles == {"Dmitry": False, "Katya": True}


def test_free_times_name_who_of_the_others_is_busy(cast):
    book(cast, people=[cast.contact], by=cast.contact)
    slots = queries.free_times(cast.project, [cast.manager], first=AHEAD, last=AHEAD + 2 * HOUR, minutes=60)
    busy = queries.busy_at(cast.project, [cast.contact, cast.decider], slots)
    assert [(slot.start, ids) for slot, ids in zip(slots, busy, strict=True)] == [
        (AHEAD, [cast.contact.pk]),
        (AHEAD + HOUR / 2, [cast.contact.pk]),
        (AHEAD + HOUR, []),
    ]


@pytest.mark.parametrize("role", ["viewer", "stranger", "neighbour"])
def test_who_looks_on_neither_moves_nor_calls_off(cast, role):
    meeting = book(cast)
    with pytest.raises(PermissionDenied):
        actions.move_meeting(meeting, starts_at=AHEAD, ends_at=AHEAD + 2 * HOUR, by=getattr(cast, role))
    with pytest.raises(PermissionDenied):
        actions.cancel_meeting(meeting, reason="x", by=getattr(cast, role))
    assert verbs() == [("meeting.booked", "Maxim")]


def test_another_title_and_link(cast):
    meeting = actions.describe_meeting(book(cast), title="Review", place="Room 2", by=cast.contact)
    assert (meeting.title, meeting.place) == ("Review", "Room 2")
    assert verbs() == [("meeting.booked", "Maxim"), ("meeting.described", "Katya")]


def test_a_call_that_happened_is_logged_with_its_decision_and_its_action(cast):
    meeting = actions.log_meeting(
        cast.project,
        title="Quick call",
        starts_at=BEHIND,
        ends_at=BEHIND + HOUR,
        people=[cast.specialist, cast.contact],
        by=cast.specialist,
        decision="Post on Tuesdays.",
        action={"title": "Send photos", "side": Side.CLIENT, "assignee": cast.contact},
    )
    assert list(meeting.decisions.values_list("text", flat=True)) == ["Post on Tuesdays."]
    assert [str(item) for item in meeting.action_items.all()] == ["Send photos"]
    assert [name for name, _facts in told("meeting.logged")] == ["Katya"]


def test_what_is_to_come_is_not_logged(cast):
    with pytest.raises(Refused, match="has not come yet"):
        actions.log_meeting(
            cast.project,
            title="x",
            starts_at=AHEAD,
            ends_at=AHEAD + HOUR,
            people=[cast.manager],
            by=cast.manager,
        )
