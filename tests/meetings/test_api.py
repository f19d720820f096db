"""The meetings' door for programs."""

import pytest

from meetings import actions
from meetings.models import Meeting
from tests.builders import make_meeting
from tests.meetings.moments import AHEAD, BEHIND, HOUR

START, END = "2040-01-03T07:00:00Z", "2040-01-03T08:00:00Z"


def url(project, what: str) -> str:
    return f"/api/v1/projects/{project.pk}/{what}/"


def booking(cast, **fields) -> dict:
    return {"start": START, "end": END, "title": "Call", "people": [cast.manager.pk, cast.decider.pk], **fields}


@pytest.fixture
def held(cast):
    return make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)


def test_slots_are_a_plain_list_of_starts_and_ends(api, cast, settings):
    settings.TIME_ZONE = "Europe/Moscow"
    query = {"from": "2040-01-03", "to": "2040-01-03", "minutes": 480}
    assert api(cast.decider).get(url(cast.project, "slots"), query).json() == [
        {"start": "2040-01-03T09:00:00+03:00", "end": "2040-01-03T17:00:00+03:00"},
        {"start": "2040-01-03T09:30:00+03:00", "end": "2040-01-03T17:30:00+03:00"},
        {"start": "2040-01-03T10:00:00+03:00", "end": "2040-01-03T18:00:00+03:00"},
    ]


def test_slots_ask_only_the_people_named(api, cast):
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    query = {"from": START, "to": END, "minutes": 60}
    busy = f"{cast.manager.pk},{cast.contact.pk}"
    answers = [
        len(api(cast.contact).get(url(cast.project, "slots"), {**query, "people": people}).json())
        for people in (busy, cast.contact.pk, "")
    ]
    assert answers == [0, 1, 0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "yesterday"}, "from"),
        ({"from": "2040-13-45"}, "from"),
        ({"from": "9999-12-31"}, "from"),
        ({"from": "2040-01-03", "to": "2040-01-01"}, "to"),
        ({"from": "2040-01-03", "to": "2040-12-31"}, "to"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "long"}, "minutes"),
        ({"people": "me"}, "people"),
        ({"people": "99999999"}, "people"),
        ({"people": "9" * 40}, "people"),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_by_field(api, cast, query, field):
    answer = api(cast.decider).get(url(cast.project, "slots"), query)
    assert answer.status_code == 400
    assert [name.split(".")[0] for name in answer.json()["errors"]] == [field]


def test_nobody_learns_when_an_outsider_is_free(api, cast):
    for outsider in (cast.stranger, cast.neighbour, cast.colleague):
        answer = api(cast.decider).get(url(cast.project, "slots"), {"people": outsider.pk})
        assert answer.status_code == 400


def test_a_plus_that_was_not_escaped_is_understood(api, cast):
    address = url(cast.project, "slots") + "?from=2040-01-03T10:00:00+03:00&to=2040-01-03T11:00:00+03:00&minutes=60"
    assert len(api(cast.decider).get(address).json()) == 1


def test_booking_answers_201_with_the_meeting(api, cast):
    answer = api(cast.contact).post(
        url(cast.project, "meetings"), booking(cast, place="Room 2", agenda=["KPIs"]), format="json"
    )
    meeting = Meeting.objects.get()
    said = answer.json()
    assert answer.status_code == 201
    assert said.pop("booked_at")
    assert said == {
        "id": meeting.pk,
        "project": cast.project.pk,
        "title": "Call",
        "start": "2040-01-03T10:00:00+03:00",
        "end": "2040-01-03T11:00:00+03:00",
        "place": "Room 2",
        "people": sorted([cast.manager.pk, cast.decider.pk]),
        "answers": [
            {"person": seat.person_id, "answer": "", "answered_at": None} for seat in meeting.attendances.all()
        ],
        "optional": [],
        "booked_by": cast.contact.pk,
        "booked_side": "client",
        "cancelled_at": None,
        "cancelled_by": None,
        "cancel_reason": "",
        "published_at": None,
    }
    assert [item.title for item in meeting.agenda.all()] == ["KPIs"]


def test_a_taken_time_answers_409_with_free_slots(api, cast):
    client = api(cast.contact)
    client.post(url(cast.project, "meetings"), booking(cast), format="json")
    answer = client.post(url(cast.project, "meetings"), booking(cast), format="json")
    said = answer.json()
    assert (answer.status_code, said["type"], said["slots"][0]) == (
        409,
        "urn:portal:taken",
        {"start": "2040-01-03T06:00:00Z", "end": "2040-01-03T07:00:00Z"},
    )
    again = client.post(url(cast.project, "meetings"), booking(cast, **said["slots"][0]), format="json")
    assert again.status_code == 201


def test_the_same_idempotency_key_books_once(api, cast):
    client = api(cast.contact)
    answers = [
        client.post(url(cast.project, "meetings"), booking(cast), format="json", HTTP_IDEMPOTENCY_KEY="one")
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert Meeting.objects.count() == 1


def test_without_people_everybody_of_the_project_comes(api, cast):
    body = {"start": START, "end": END, "title": "Call"}
    people = api(cast.contact).post(url(cast.project, "meetings"), body, format="json").json()["people"]
    assert people == sorted(person.pk for person in (cast.manager, cast.specialist, cast.decider, cast.contact))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"start": "soon"}, "start"),
        ({"people": []}, "people"),
        ({"people": ["x"]}, "people"),
        ({"people": "x"}, "people"),
        ({"agenda": ["x" * 301]}, "agenda"),
        ({"agenda": {"a": 1}}, "agenda"),
        ({"place": None}, "place"),
    ],
)
def test_a_body_that_makes_no_sense_is_answered_by_field(api, cast, change, field):
    answer = api(cast.contact).post(url(cast.project, "meetings"), booking(cast, **change), format="json")
    assert answer.status_code == 400
    assert [name.split(".")[0] for name in answer.json()["errors"]] == [field]
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("outsider", ["stranger", "neighbour", "colleague"])
def test_an_outsider_is_as_good_as_nobody(api, cast, outsider):
    body = booking(cast, people=[getattr(cast, outsider).pk])
    answer = api(cast.contact).post(url(cast.project, "meetings"), body, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["people"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": "2024-01-03T07:00:00Z", "end": "2024-01-03T08:00:00Z"}, "past"),
        ({"end": START}, "backwards"),
        ({"end": "2040-01-04T07:01:00Z"}, "too-long"),
    ],
)
def test_a_time_that_makes_no_sense_answers_409_with_a_sentence(api, cast, change, code):
    answer = api(cast.contact).post(url(cast.project, "meetings"), booking(cast, **change), format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, f"urn:portal:{code}")


def test_hostile_text_is_kept_as_text(api, cast):
    title = "<script>alert(1)</script> ‮שלום 🙂"
    answer = api(cast.contact).post(url(cast.project, "meetings"), booking(cast, title=title), format="json")
    assert answer.json()["title"] == title


def test_a_start_alone_moves_the_meeting_and_keeps_its_length(api, cast):
    meeting = make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR / 2)
    said = (
        api(cast.contact)
        .patch(f"/api/v1/meetings/{meeting.pk}/", {"start": "2040-01-03T08:00:00Z", "place": "Room 2"}, format="json")
        .json()
    )
    assert (said["id"], said["start"], said["end"], said["place"]) == (
        meeting.pk,
        "2040-01-03T11:00:00+03:00",
        "2040-01-03T11:30:00+03:00",
        "Room 2",
    )


def test_a_change_that_is_half_refused_changes_nothing(api, cast):
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    meeting = make_meeting(cast, starts_at=AHEAD + 2 * HOUR, ends_at=AHEAD + 3 * HOUR)
    answer = api(cast.contact).patch(f"/api/v1/meetings/{meeting.pk}/", {"start": START, "title": "New"}, format="json")
    meeting.refresh_from_db()
    assert (answer.status_code, meeting.title, meeting.starts_at) == (409, "Weekly call", AHEAD + 2 * HOUR)


def test_calling_off_twice_answers_the_same(api, cast):
    meeting = make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    client = api(cast.contact)
    said = [
        client.post(f"/api/v1/meetings/{meeting.pk}/cancellation/", {"reason": reason}, format="json").json()
        for reason in ("Ill", "Busy")
    ]
    assert said[0] == said[1]
    assert said[0]["cancel_reason"] == "Ill"


def test_minutes_are_written_over_the_revision_that_was_read(api, cast, held):
    client, address = api(cast.contact), f"/api/v1/meetings/{held.pk}/minutes/"
    assert (client.get(address).json()["revision"], client.get(address).json()["text"]) == (0, "")
    assert client.put(address, {"text": " We met.\n", "revision": 0}, format="json").json()["text"] == " We met.\n"
    answer = client.put(address, {"text": "Mine", "revision": 0}, format="json")
    said = answer.json()
    assert (answer.status_code, said["type"], said["current"], said["revision"]) == (
        409,
        "urn:portal:changed-meanwhile",
        " We met.\n",
        1,
    )


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The minutes of this meeting are published and no longer change."),
        ("ru", "Протокол этой встречи опубликован и больше не меняется."),
    ],
)
def test_published_minutes_refuse_a_new_decision_in_a_sentence(api, cast, held, language, sentence):
    client = api(cast.contact)
    address = f"/api/v1/meetings/{held.pk}/decisions/"
    assert client.post(address, {"text": "Post daily."}, format="json").status_code == 201
    assert client.post(f"/api/v1/meetings/{held.pk}/publication/").json()["published_at"]
    answer = client.post(address, {"text": "And weekly."}, format="json", HTTP_ACCEPT_LANGUAGE=language)
    assert (answer.status_code, answer.json()["detail"]) == (409, sentence)
    assert [decision["text"] for decision in client.get(address).json()] == ["Post daily."]


def test_an_action_item_is_assigned(api, cast, held):
    client, address = api(cast.manager), f"/api/v1/meetings/{held.pk}/actions/"
    body = {"title": "Send photos", "side": "client", "assignee": cast.contact.pk, "due_on": "2026-12-04"}
    said = client.post(address, body, format="json").json()
    task = held.action_items.get().task_id
    assert said == {"id": held.action_items.get().pk, "meeting": held.pk, "task": task, "done_at": None, **body}
    assert client.get(address).json() == [said]


@pytest.mark.parametrize(
    ("change", "status"), [({"side": "both"}, 400), ({"due_on": "soon"}, 400), ({"side": "agency"}, 409)]
)
def test_an_action_that_fits_nobody_is_refused(api, cast, held, change, status):
    body = {"title": "Send photos", "side": "client", "assignee": cast.contact.pk, **change}
    answer = api(cast.manager).post(f"/api/v1/meetings/{held.pk}/actions/", body, format="json")
    assert (answer.status_code, held.action_items.count()) == (status, 0)


def test_the_agenda_is_put_in_another_order(api, cast, held):
    client, address = api(cast.contact), f"/api/v1/meetings/{held.pk}/agenda/"
    ids = [client.post(address, {"title": title}, format="json").json()["id"] for title in ("a", "b", "c")]
    said = client.patch(f"/api/v1/agenda/{ids[2]}/", {"position": 1}, format="json").json()
    assert [(item["position"], item["title"]) for item in said] == [(1, "c"), (2, "a"), (3, "b")]


@pytest.mark.parametrize("what", ["agenda", "minutes", "decisions", "actions", "cancellation", "publication"])
def test_a_foreign_meeting_is_not_there(api, cast, held, what):
    for verb in ("get", "post"):
        answer = getattr(api(cast.stranger), verb)(f"/api/v1/meetings/{held.pk}/{what}/")
        assert answer.status_code in (404, 405)
    assert api(cast.stranger).get("/api/v1/meetings/99999/").status_code == 404


def test_lists_hold_only_what_one_sees(api, cast, held):
    actions.record_decision(held, text="Post daily.", by=cast.manager)
    for path in ("meetings", "decisions"):
        counts = [
            len(api(person).get(f"/api/v1/{path}/").json()["results"])
            for person in (cast.viewer, cast.stranger, cast.neighbour, cast.colleague)
        ]
        assert counts == [1, 0, 0, 0]


def test_decisions_are_filtered_by_project_and_words(api, cast, held):
    actions.record_decision(held, text="Post daily.", by=cast.manager)
    actions.record_decision(held, text="No contests.", by=cast.manager)
    client = api(cast.viewer)
    answers = [
        [decision["text"] for decision in client.get(f"/api/v1/decisions/?{query}").json()["results"]]
        for query in (f"project={cast.project.pk}&text=daily", f"project={cast.project.pk + 1}", "text=contests")
    ]
    assert answers == [["Post daily."], [], ["No contests."]]


@pytest.mark.parametrize("path", ["/api/v1/meetings/", "/api/v1/projects/{project}/meetings/", "/api/v1/decisions/"])
def test_thirty_rows_cost_what_one_does(api, cast, path, django_assert_num_queries, django_assert_max_num_queries):
    client = api(cast.decider)
    address = path.format(project=cast.project.pk)

    def make(count: int) -> None:
        for number in range(count):
            start = AHEAD + 2 * number * HOUR
            meeting = make_meeting(cast, starts_at=start, ends_at=start + HOUR)
            actions.write_minutes(meeting, text="x", revision=0, by=cast.manager)
            actions.record_decision(meeting, text=f"{number}", by=cast.manager)

    make(1)
    client.get(address)
    with django_assert_max_num_queries(12) as for_one:
        client.get(address)
    make(29)
    with django_assert_num_queries(len(for_one)):
        assert len(client.get(address).json()["results"]) == 30
