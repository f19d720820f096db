"""What else happened on the days of a KPI's line: gathered from whoever knows, written by either side."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions.annotations import annotate
from kpis.calendars import country_of, holidays_between
from kpis.models import Annotation, Kpi, Post, Source
from kpis.queries.notes import MOST_MARKS, Note, notes_of
from smmportal.audit import AuditEntry
from tests.builders import make_annotation, make_dip, make_kpi, make_source

FIRST, LAST = date(2026, 10, 5), date(2026, 10, 31)


@pytest.fixture
def kpi(cast) -> Kpi:
    return cast.get(Kpi)


def told(kpi: Kpi, first: date = FIRST, last: date = LAST) -> list[tuple]:
    return [(note.day, note.until, note.kind, note.text) for note in notes_of(kpi, first, last).shown]


def publish(source: Source, day: date, number: int = 0) -> Post:
    external = f"{day}-{number}"
    return Post.objects.create(
        source=source, external_id=external, published_at=f"{day}T09:00Z", opening=f"Post {number}"
    )


# --- Gathering ------------------------------------------------------------------------------------------------------


def test_a_note_stands_beside_its_own_kpi_and_one_without_a_kpi_beside_all(cast, kpi):
    other = make_kpi(cast, source=make_source(cast))
    make_annotation(cast, day=date(2026, 10, 6), text="Everywhere")
    make_annotation(cast, day=date(2026, 10, 7), kpi=kpi, text="Here")
    make_annotation(cast, day=date(2026, 10, 8), kpi=other, text="There")
    assert [text for *_rest, text in told(kpi)] == ["Everywhere", "Here"]


def test_what_lasts_into_the_days_is_told_and_marked_on_their_first(cast, kpi):
    make_annotation(cast, day=date(2026, 9, 28), until=date(2026, 10, 7), kind="campaign", text="A sale")
    make_annotation(cast, day=date(2026, 9, 20), until=date(2026, 10, 4), text="Over before")
    notes = notes_of(kpi, FIRST, LAST)
    assert told(kpi) == [(date(2026, 9, 28), date(2026, 10, 7), "campaign", "A sale")]
    assert notes.marks == [(FIRST, "28\u00a0September – 7\u00a0October: A sale")]
    assert [len(notes.on(day)) for day in (FIRST, date(2026, 10, 7), date(2026, 10, 8))] == [1, 1, 0]


def test_numbers_follow_the_days(cast, kpi):
    make_annotation(cast, day=date(2026, 10, 20), text="Later")
    make_annotation(cast, day=date(2026, 10, 10), text="Earlier")
    assert [(number, note.text) for number, note in notes_of(kpi, FIRST, LAST).numbered] == [
        (1, "Earlier"),
        (2, "Later"),
    ]


def test_a_drop_is_told_with_its_explanation_or_as_unexplained(cast, kpi):
    make_dip(cast, kpi=kpi, day=date(2026, 10, 9), until=date(2026, 10, 10))
    make_dip(
        cast,
        kpi=kpi,
        day=date(2026, 10, 15),
        until=date(2026, 10, 15),
        explanation="Sick leave",
        explained_at="2026-10-16T09:00Z",
    )
    assert [(kind, text) for _day, _until, kind, text in told(kpi)] == [
        ("dip", "A drop that is not explained yet"),
        ("dip", "Sick leave"),
    ]


def test_few_posts_are_told_one_by_one(cast, kpi):
    publish(kpi.source, date(2026, 10, 6), 1)
    publish(kpi.source, date(2026, 10, 8), 2)
    assert [text for *_rest, text in told(kpi)] == ["Post: “Post 1”", "Post: “Post 2”"]


def test_of_many_posts_five_days_are_told_with_how_many_there_were(cast, kpi):
    for number in range(12):
        publish(kpi.source, FIRST + timedelta(days=number // 2), number)
    notes = told(kpi)
    assert (len(notes) <= 5, notes[-1]) == (
        True,
        (FIRST + timedelta(days=5), None, "posts", "2 posts, among them “Post 10”"),
    )


def test_when_there_is_too_much_the_least_telling_gives_way(cast, kpi):
    for number in range(MOST_MARKS):
        make_annotation(cast, day=FIRST + timedelta(days=number), text=str(number))
    publish(kpi.source, date(2026, 10, 6))
    notes = notes_of(kpi, FIRST, LAST)
    assert (len(notes.shown), notes.left_out, {note.kind for note in notes.shown}) == (MOST_MARKS, 1, {"note"})


def test_holidays_are_those_of_the_projects_country(cast, kpi):
    assert told(kpi, date(2026, 11, 1), date(2026, 11, 10)) == [(date(2026, 11, 4), None, "holiday", "Unity Day")]
    kpi.project.timezone = "UTC"
    assert told(kpi, date(2026, 11, 1), date(2026, 11, 10)) == []


def test_a_holiday_of_many_days_is_one():
    assert holidays_between("Europe/Moscow", date(2026, 1, 3), date(2026, 1, 20), "ru") == [
        (date(2025, 12, 31), date(2026, 1, 9), "Новогодние каникулы, Рождество Христово")
    ]
    assert [country_of(zone) for zone in ("Europe/Moscow", "Asia/Vladivostok", "Europe/Berlin", "UTC")] == [
        "RU",
        "RU",
        "DE",
        "",
    ]


def test_gathering_costs_the_same_however_much_happened(cast, kpi):
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            notes_of(kpi, FIRST, LAST)
        return len(caught)

    for number in range(10):
        publish(kpi.source, FIRST, number)
    first = cost()
    for number in range(20):
        make_annotation(cast, day=FIRST + timedelta(days=number), text=str(number))
        publish(kpi.source, FIRST + timedelta(days=number), 100 + number)
    assert cost() == first


# --- Writing --------------------------------------------------------------------------------------------------------


def test_either_side_writes_a_note_on_the_page(cast, browse, kpi):
    for person in ("specialist", "contact"):
        said = {"day": "2026-10-06", "kind": "campaign", "text": f"By {person}", "until": "2026-10-08"}
        answer = browse(getattr(cast, person)).post(f"/kpis/{kpi.pk}/notes/new/", said)
        assert answer.url == f"/kpis/{kpi.pk}/#notes"
    rows = Annotation.objects.values_list("kpi", "kind", "day", "until", "text", "by")
    days = (date(2026, 10, 6), date(2026, 10, 8))
    assert list(rows) == [
        (kpi.pk, "campaign", *days, "By specialist", cast.specialist.pk),
        (kpi.pk, "campaign", *days, "By contact", cast.contact.pk),
    ]


def test_a_note_may_stand_beside_every_kpi(cast, browse, kpi):
    said = {"day": "2026-10-06", "kind": "note", "text": "Moved", "everywhere": "on"}
    browse(cast.manager).post(f"/kpis/{kpi.pk}/notes/new/", said)
    assert Annotation.objects.get().kpi is None


def test_days_the_wrong_way_round_are_said_at_the_field_and_nothing_typed_is_lost(cast, browse, kpi):
    said = {"day": "2026-10-06", "until": "2026-10-01", "kind": "note", "text": "Typed"}
    answer = browse(cast.manager).post(f"/kpis/{kpi.pk}/notes/new/", said)
    assert answer.context["form"].errors == {"until": ["The last day comes before the first."]}
    assert "Typed" in answer.content.decode()


def test_its_author_changes_a_note_and_so_do_the_heads_of_the_agency(cast, api, kpi):
    note = annotate(cast.project, by=cast.contact, day=FIRST, text="First words", kpi=kpi)
    url = f"/api/v1/annotations/{note.pk}/"
    answers = {
        name: api(getattr(cast, name)).patch(url, {"text": f"By {name}"}, format="json").status_code
        for name in ("specialist", "decider", "viewer", "contact", "manager")
    }
    assert answers == {"specialist": 403, "decider": 403, "viewer": 403, "contact": 200, "manager": 200}
    note.refresh_from_db()
    assert (note.text, note.by) == ("By manager", cast.contact)
    assert AuditEntry.objects.filter(verb="annotation.changed").count() == 2


def test_a_note_goes_by_page_and_by_api(cast, api, browse, kpi):
    first, second = (annotate(cast.project, by=cast.manager, day=FIRST, text="Words", kpi=kpi) for _number in range(2))
    assert browse(cast.manager).post(f"/annotations/{first.pk}/removal/").url == f"/kpis/{kpi.pk}/#notes"
    assert api(cast.manager).delete(f"/api/v1/annotations/{second.pk}/").status_code == 204
    assert Annotation.objects.count() == 0


def test_in_a_closed_project_nothing_is_noted(cast, api, kpi):
    cast.project.closed_at = "2026-11-20T09:00Z"
    cast.project.save()
    said = {"project": cast.project.pk, "day": "2026-10-06", "text": "Late"}
    answer = api(cast.manager).post("/api/v1/annotations/", said, format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:project-closed")


def test_a_note_beside_another_projects_kpi_is_refused(cast, api, kpi):
    other = type(cast.project).objects.create(
        name="Other", agency=cast.agency, client=cast.other_client, created_by=cast.manager
    )
    said = {"project": other.pk, "kpi": kpi.pk, "day": "2026-10-06", "text": "Misplaced"}
    answer = api(cast.manager).post("/api/v1/annotations/", said, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["kpi"])


def test_page_and_api_show_the_same_notes_with_the_same_numbers(cast, api, browse, kpi):
    make_annotation(cast, day=date(2026, 10, 20), kpi=kpi, text="Ours")
    span = "from=2026-10-05&to=2026-10-31"
    card = browse(cast.viewer).get(f"/kpis/{kpi.pk}/?{span}").context["card"]
    told = api(cast.viewer).get(f"/api/v1/kpis/{kpi.pk}/notes/?{span}").json()
    assert [(number, note.text) for number, note in card.notes.numbered] == [
        (row["number"], row["text"]) for row in told
    ]
    assert told == [
        {
            "number": 1,
            "day": "2026-10-20",
            "until": None,
            "kind": "note",
            "text": "Ours",
            "url": "",
            "annotation": Annotation.objects.get().pk,
        }
    ]
    own = Note(date(2026, 10, 20), "note", "Ours", annotation=Annotation.objects.get().pk, by=cast.manager.pk)
    assert card.notes.numbered == [(1, own)]
