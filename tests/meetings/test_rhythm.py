"""How often we meet: agreed on, reminded of, ended; and open questions brought up."""

from datetime import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from meetings import queries
from meetings.actions import bring_up_answer
from meetings.models import AgendaItem, Rhythm
from meetings.rhythm import current_rhythm, end_rhythm, rhythm_from, set_rhythm
from projects import actions
from projects.models import Project
from projects.origins import place_named, place_of
from smmportal.audit import AuditEntry
from smmportal.refusals import Refused
from tests.builders import make_meeting, make_rhythm
from tests.meetings.moments import AHEAD, BEHIND, HOUR
from tests.projects.conftest import answered_in_full

GIVEN = {"J2": {"choice": "biweekly", "note": "Дмитрий, Dmitry и Katya."}}


@pytest.fixture
def version(cast):
    return actions.submit_brief(answered_in_full(cast, GIVEN), by=cast.contact)


def booking(project: Project) -> list[str]:
    return [line.sentence for line in queries.waiting([project]) if line.button == "Book a meeting"]


# --- Agreeing -------------------------------------------------------------------------------------------------------


def test_either_side_agrees_on_a_rhythm(cast):
    rhythm = set_rhythm(
        cast.project, cadence="weekly", weekday=1, time=time(10, 30), people=[cast.decider], by=cast.contact
    )
    rhythm.refresh_from_db()
    assert (rhythm.cadence, rhythm.weekday, rhythm.time, list(rhythm.people.all()), rhythm.set_by) == (
        "weekly",
        1,
        time(10, 30),
        [cast.decider],
        cast.contact,
    )
    assert AuditEntry.objects.get(verb="rhythm.set").by == cast.contact


def test_another_rhythm_ends_the_one_before(cast):
    first = set_rhythm(cast.project, cadence="weekly", by=cast.manager)
    second = set_rhythm(cast.project, cadence="monthly", by=cast.decider)
    first.refresh_from_db()
    assert (first.ended_at is None, current_rhythm(cast.project)) == (False, second)


def test_agreeing_on_the_same_again_changes_nothing(cast):
    first = set_rhythm(cast.project, cadence="weekly", people=[cast.decider], by=cast.manager)
    assert set_rhythm(cast.project, cadence="weekly", people=[cast.decider], by=cast.contact) == first
    assert Rhythm.objects.count() == 1


def test_a_project_has_one_current_rhythm(cast):
    make_rhythm(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_rhythm(cast, cadence="monthly")


def test_ending_twice_is_ending_once(cast):
    make_rhythm(cast)
    end_rhythm(cast.project, by=cast.manager)
    end_rhythm(cast.project, by=cast.manager)
    assert (current_rhythm(cast.project), AuditEntry.objects.filter(verb="rhythm.ended").count()) == (None, 1)


@pytest.mark.parametrize("name", ["viewer", "stranger", "neighbour"])
def test_who_looks_on_agrees_on_nothing(cast, name):
    person = getattr(cast, name)
    for act in (
        lambda: set_rhythm(cast.project, cadence="weekly", by=person),
        lambda: end_rhythm(cast.project, by=person),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_who_must_be_there_is_of_the_project(cast):
    with pytest.raises(Refused) as refused:
        set_rhythm(cast.project, cadence="weekly", people=[cast.stranger], by=cast.manager)
    assert (refused.value.code, Rhythm.objects.count()) == ("not-in-project", 0)


def test_a_closed_project_agrees_on_nothing(cast):
    actions.close_project(cast.project, by=cast.manager)
    with pytest.raises(Refused) as refused:
        set_rhythm(cast.project, cadence="weekly", by=cast.manager)
    assert refused.value.code == "project-closed"


# --- What waits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cadence", "sentence"),
    [
        (None, "No next meeting is booked."),
        ("weekly", "No next meeting is booked, and you agreed to meet once a week."),
        ("biweekly", "No next meeting is booked, and you agreed to meet once in two weeks."),
        ("monthly", "No next meeting is booked, and you agreed to meet once a month."),
    ],
)
def test_a_missing_meeting_is_told_by_the_rhythm(cast, cadence, sentence):
    if cadence:
        make_rhythm(cast, cadence=cadence)
    assert booking(cast.project) == [sentence]


def test_a_rhythm_that_ended_reminds_of_nothing(cast):
    make_rhythm(cast)
    end_rhythm(cast.project, by=cast.manager)
    assert booking(cast.project) == ["No next meeting is booked."]


def test_with_a_meeting_booked_nobody_is_reminded(cast):
    make_rhythm(cast)
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    assert booking(cast.project) == []


def test_rhythms_of_thirty_projects_cost_what_one_does(cast):
    many = [cast.project, *(copy_of(cast, number) for number in range(29))]
    for project in many:
        make_rhythm(cast, project=project)
    with CaptureQueriesContext(connection) as one:
        queries.waiting(many[:1])
    with CaptureQueriesContext(connection) as thirty:
        queries.waiting(many)
    assert len(thirty) == len(one)


def copy_of(cast, number: int) -> Project:
    fields = {"agency": cast.agency, "client": cast.client, "created_by": cast.manager}
    return Project.objects.create(name=f"Project {number}", **fields)


# --- From the brief -------------------------------------------------------------------------------------------------


def test_the_form_begins_with_what_the_brief_says(cast, version):
    people = [cast.manager, cast.decider, cast.contact]
    found = rhythm_from(place_named(cast.project, "J2"), people)
    assert found == {"cadence": "biweekly", "people": [cast.decider, cast.contact]}
    assert rhythm_from(place_named(cast.project, "A4"), people) == {}


def test_the_rhythm_links_back_to_the_answer(cast, version, browse):
    browser = browse(cast.contact)
    form = browser.get(f"/projects/{cast.project.pk}/meetings/rhythm/?from=1.J2").context["form"]
    assert (form["cadence"].value(), form["people"].value()) == ("biweekly", [cast.decider.pk, cast.contact.pk])
    words = {"cadence": "biweekly", "weekday": "2", "time": "10:30", "people": [cast.decider.pk]}
    page = browser.post(f"/projects/{cast.project.pk}/meetings/rhythm/?from=1.J2", words, follow=True).content.decode()
    assert place_of(current_rhythm(cast.project)) == place_named(cast.project, "J2")
    said = ("We meet once in two weeks, Wednesday, 10:30.", "from the brief, version 1, question J2", "Dmitry")
    assert [words for words in said if words not in page] == []


def test_the_page_refuses_nonsense_and_keeps_what_was_typed(cast, browse):
    answer = browse(cast.contact).post(f"/projects/{cast.project.pk}/meetings/rhythm/", {"cadence": "hourly"})
    assert (answer.status_code, Rhythm.objects.count()) == (200, 0)


def test_an_open_question_goes_on_the_next_agenda(cast, version):
    make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    make_meeting(cast, title="Later", starts_at=AHEAD + 24 * HOUR, ends_at=AHEAD + 25 * HOUR)
    soon = make_meeting(cast, title="Soon", starts_at=AHEAD, ends_at=AHEAD + HOUR)
    item = bring_up_answer(place_named(cast.project, "K1"), by=cast.contact)
    assert (item.meeting, item.title, item.from_key) == (soon, "What monthly budget do you plan?", "K1")


def test_it_is_brought_up_once(cast, version):
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    place = place_named(cast.project, "K1")
    bring_up_answer(place, by=cast.contact)
    with pytest.raises(Refused) as refused:
        bring_up_answer(place, by=cast.manager)
    assert (refused.value.code, AgendaItem.objects.count()) == ("already-made", 1)


@pytest.mark.parametrize(("name", "code"), [("K1", "no-meeting"), ("A4", "answered")])
def test_without_a_meeting_or_with_an_answer_nothing_is_brought_up(cast, version, name, code):
    with pytest.raises(Refused) as refused:
        bring_up_answer(place_named(cast.project, name), by=cast.contact)
    assert refused.value.code == code


# --- The API --------------------------------------------------------------------------------------------------------


def test_a_program_agrees_reads_and_ends(cast, version, api):
    client, address = api(cast.contact), f"/api/v1/projects/{cast.project.pk}/rhythm/"
    assert client.get(address).status_code == 404
    body = {"cadence": "monthly", "weekday": 4, "time": "09:00:00", "people": [cast.decider.pk], "from_key": "J2"}
    put = client.put(address, body, format="json").json()
    assert put == {**body, "notice_hours": 24, "from_version": 1, "from_row": None, "set_at": put["set_at"]}
    assert (client.get(address).json(), client.delete(address).status_code) == (put, 204)
    assert client.get(address).status_code == 404


def test_a_program_brings_a_question_up(cast, version, api):
    meeting = make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    address = f"/api/v1/projects/{cast.project.pk}/meetings/topics/"
    line = api(cast.manager).post(address, {"from_key": "K1"}, format="json").json()
    assert line == {
        "id": line["id"],
        "meeting": meeting.pk,
        "title": "What monthly budget do you plan?",
        "position": 1,
        "from_version": 1,
        "from_key": "K1",
        "from_row": None,
    }
