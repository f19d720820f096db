"""Minutes on pages, by the link in the letter, on paper, through the API; the log of decisions and the history."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from meetings import actions, freezing, papers, past, queries, settling
from meetings.models import Confirmation, Decision, Meeting, Minutes, MinutesLink, Objection
from meetings.terms import Kept
from smmportal.people.models import Role, Side
from tests.builders import make_meeting
from tests.meetings.moments import AHEAD, BEHIND, HOUR


@pytest.fixture
def minutes(cast) -> Minutes:
    held = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    actions.write_minutes(held, text="We talked about <b>summer</b>.", revision=0, by=cast.manager)
    actions.record_decision(held, text="Post daily.", by=cast.manager)
    actions.assign_action(held, title="Send photos", side=Side.CLIENT, due_on=date(2024, 1, 12), by=cast.manager)
    return actions.publish_minutes(held, by=cast.manager)


@pytest.fixture
def link(minutes, cast) -> str:
    """The address in the decision-maker's letter."""
    minutes.links.filter(person=cast.decider).delete()
    address = freezing.make_link(minutes, cast.decider, by=cast.manager)
    return address.removeprefix("http://portal.example")


def page(name: str, minutes: Minutes) -> str:
    return reverse(f"meetings:{name}", args=[minutes.meeting_id])


def text_of(response) -> str:
    return response.content.decode()


def test_the_page_shows_how_each_side_stands(cast, minutes, browse):
    shown = text_of(browse(cast.decider).get(page("minutes", minutes)))
    assert "Maxim published them" in shown
    assert "can answer until" in shown
    assert "Confirm the minutes" in shown
    assert "&lt;b&gt;summer&lt;/b&gt;" in shown


def test_who_looks_on_and_who_has_answered_get_no_button(cast, minutes, browse):
    assert "Confirm the minutes" not in text_of(browse(cast.viewer).get(page("minutes", minutes)))
    assert "Confirm the minutes" not in text_of(browse(cast.manager).get(page("minutes", minutes)))


def test_a_press_confirms_what_was_read(cast, minutes, browse):
    browser = browse(cast.decider)
    browser.post(page("confirmation", minutes), {"hash": minutes.content_hash})
    shown = text_of(browser.get(page("minutes", minutes)))
    assert "Dmitry confirmed them" in shown
    assert "Final since" in shown


def test_silence_is_told_as_no_objections(cast, minutes, browse):
    Minutes.objects.update(answer_by=datetime(2024, 1, 13, tzinfo=UTC))
    settling.conclude_due()
    shown = text_of(browse(cast.contact).get(page("minutes", minutes)))
    assert "no objections by" in shown
    assert "confirmed them" not in shown


def test_an_objection_and_its_answer_stand_beside_the_point(cast, minutes, browse):
    key = f"decision-{minutes.meeting.decisions.get().pk}"
    browse(cast.decider).post(page("objection", minutes), {"point": key, "text": "Twice a day."})
    answer = reverse("meetings:objection_answer", args=[Objection.objects.get().pk])
    browse(cast.manager).post(answer, {"agrees": "no", "text": "We said daily."})
    shown = text_of(browse(cast.decider).get(page("minutes", minutes)))
    assert shown.index("Post daily.") < shown.index("Twice a day.") < shown.index("We said daily.")


def test_a_refused_objection_loses_nothing(cast, minutes, browse):
    sent = {"point": "passage", "passage": "winter", "text": "Something long"}
    shown = text_of(browse(cast.decider).post(page("objection", minutes), sent))
    assert "These words are not in the minutes" in shown
    assert "Something long" in shown


# --- By the link ----------------------------------------------------------------------------------------------------


def test_looking_at_the_link_changes_nothing(minutes, link, client):
    assert "We talked about" in text_of(client.get(link))
    assert client.head(link).status_code == 200
    assert Confirmation.objects.count() == 1
    assert MinutesLink.objects.get(person__name="Dmitry").finished_at is None


def test_the_link_confirms_in_the_persons_name_without_a_login(cast, minutes, link, client):
    assert "The minutes are confirmed" in text_of(client.post(link))
    said = minutes.confirmations.get(side="client")
    assert (said.by, said.via, said.content_hash) == (cast.decider, "link", minutes.content_hash)
    again = client.post(link)
    assert (again.status_code, Confirmation.objects.count()) == (410, 2)


def test_the_link_objects_too(cast, minutes, link, client):
    sent = {"point": f"decision-{minutes.meeting.decisions.get().pk}", "text": "Twice a day."}
    assert "The objection is recorded" in text_of(client.post(f"{link}objection/", sent))
    assert Objection.objects.get().by == cast.decider


def test_the_link_dies_with_the_persons_place_in_the_project(cast, minutes, link, client):
    cast.decider.memberships.update(role=Role.VIEWER)
    assert (client.post(link).status_code, Confirmation.objects.count()) == (410, 1)


def test_the_link_is_of_one_version(minutes, link, client):
    MinutesLink.objects.update(content_hash="0" * 64)
    assert (client.post(link).status_code, Confirmation.objects.count()) == (410, 1)


def test_the_link_ends_with_the_term(minutes, link, client):
    MinutesLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.get(link)
    assert (answer.status_code, "The time to answer is over" in text_of(answer)) == (410, True)


def test_a_made_up_link_opens_nothing(minutes, client):
    assert client.get("/minutes/guess/").status_code == 404


def test_the_link_speaks_the_readers_language(cast, minutes, client):
    cast.decider.language = "ru"
    minutes.links.filter(person=cast.decider).delete()
    address = freezing.make_link(minutes, cast.decider, by=cast.manager).removeprefix("http://portal.example")
    assert "Подтвердить протокол" in text_of(client.get(address))


# --- To take away ---------------------------------------------------------------------------------------------------


def test_markdown_is_in_the_readers_language_around_the_words_as_typed(minutes):
    with translation.override("ru"):
        words = papers.as_markdown(minutes.meeting)
    assert "## Решения\n\n1. Post daily." in words
    assert "- Send photos (клиент, к 12 января)" in words.replace("\xa0", " ")
    assert "We talked about <b>summer</b>." in words
    assert "Fairway. 9 января 2024, 10:00\n" in words.replace("\xa0", " ")


def test_a_draft_says_that_it_is_one(cast):
    draft = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    assert "A draft: these minutes are not published yet." in papers.as_markdown(draft)


def test_pdf_is_one(cast, minutes, browse):
    answer = browse(cast.viewer).get(page("minutes_pdf", minutes))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


# --- The log of decisions -------------------------------------------------------------------------------------------


def test_the_log_names_who_agreed_and_filters_by_state(cast, minutes, browse):
    settling.confirm_minutes(minutes, by=cast.decider, seen_hash=minutes.content_hash)
    address, browser = reverse("meetings:decisions", args=[cast.project.pk]), browse(cast.contact)
    shown = text_of(browser.get(f"{address}?state=agreed"))
    assert "Post daily." in shown
    assert "Dmitry confirmed them" in shown
    assert "Post daily." not in text_of(browser.get(f"{address}?state=disputed"))


@pytest.mark.parametrize("count", [1, 25])
def test_the_log_costs_the_same_queries(cast, minutes, browse, django_assert_max_num_queries, count):
    Decision.objects.bulk_create(
        Decision(meeting=minutes.meeting, text=f"{number}", by=cast.manager) for number in range(count)
    )
    browser = browse(cast.contact)
    address = reverse("meetings:decisions", args=[cast.project.pk])
    browser.get(address)
    with django_assert_max_num_queries(30):
        browser.get(address)


# --- What waits -----------------------------------------------------------------------------------------------------


def waits(cast) -> list[tuple]:
    found = queries.waiting([cast.project])
    return [(one.side, one.kind, one.button) for one in found if one.kind in ("approve", "answer")]


def test_minutes_wait_for_the_other_side_and_an_objection_for_its_answer(cast, minutes):
    assert waits(cast) == [("client", "approve", "Read the minutes")]
    objection = settling.object_to_minutes(minutes, text="x", by=cast.decider, decision=Decision.objects.get())
    assert waits(cast) == [("agency", "answer", "Answer the objection")]
    settling.answer_objection(objection, agrees=True, text="y", by=cast.manager)
    assert waits(cast) == []


# --- How the project meets ------------------------------------------------------------------------------------------


def test_the_history_counts_rows(cast, minutes, api):
    called_off = make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    actions.cancel_meeting(called_off, reason="Ill", by=cast.decider)
    rows = [
        ("On time", Side.AGENCY, date(2024, 1, 12), datetime(2024, 1, 12, 20, tzinfo=UTC)),
        ("Late, it is the 13th in Moscow", Side.AGENCY, date(2024, 1, 12), datetime(2024, 1, 12, 22, tzinfo=UTC)),
        ("No day", Side.CLIENT, None, None),
        ("To come", Side.CLIENT, date(2040, 1, 1), None),
    ]
    for title, side, due_on, done_at in rows:
        item = minutes.meeting.action_items.create(
            task=cast.project.tasks.create(title=title, side=side, due_on=due_on, created_by=cast.manager)
        )
        item.task.done_at = done_at
        item.task.save()
    answer = api(cast.viewer).get(reverse("api:meetings_history", args=[cast.project.pk])).json()
    assert answer == {
        "last_met": "2024-01-09T10:00:00+03:00",
        "next_booked": None,
        "next_due": None,
        "cadence_kept": None,
        "held": 1,
        "called_off": 1,
        "actions": [
            {"side": "client", "on_time": 0, "late": 0, "overdue": 1, "coming": 1, "undated": 1},
            {"side": "agency", "on_time": 1, "late": 1, "overdue": 0, "coming": 0, "undated": 0},
        ],
    }


def test_a_kept_rhythm_is_counted_from_the_day_it_was_agreed_on(cast):
    now = timezone.now()
    cast.project.rhythms.create(cadence="weekly", set_by=cast.manager)
    cast.project.rhythms.update(set_at=now - timedelta(days=20))
    for days in (14, 13, 1):
        start = now - timedelta(days=days)
        make_meeting(cast, starts_at=start, ends_at=start + HOUR)
    assert past.record_of(cast.project).kept == Kept(2, 3)


# --- A call that just happened --------------------------------------------------------------------------------------


def test_a_call_is_logged_with_only_the_decision_typed(cast, minutes, browse):
    browser, address = browse(cast.manager), reverse("meetings:log", args=[cast.project.pk])
    form = browser.get(address).context["form"]
    assert (form["title"].value(), set(form["people"].value())) == (
        "Weekly call",
        {cast.manager.pk, cast.decider.pk},
    )
    sent = {"title": form["title"].value(), "minutes": 30, "decision": "Post weekly.", "action_title": ""}
    ended = form["ended"].value().strftime("%Y-%m-%dT%H:%M")
    sent |= {"people": form["people"].value(), "ended": ended}
    browser.post(address, sent)
    logged = Meeting.objects.latest("pk")
    assert (logged.title, logged.length, logged.decisions.get().text) == (
        "Weekly call",
        timedelta(minutes=30),
        "Post weekly.",
    )


# --- The API --------------------------------------------------------------------------------------------------------


def test_minutes_are_answered_through_the_api(cast, minutes, api):
    def address(name):
        return reverse(f"api:{name}", args=[minutes.meeting_id])

    client, agency = api(cast.decider), api(cast.manager)
    decision = minutes.meeting.decisions.get().pk
    sent = {"decision": decision, "text": "Twice a day."}
    objection = client.post(address("minutes_objections"), sent, format="json").json()
    assert (objection["side"], objection["decision"], objection["answer"]) == ("client", decision, None)
    answer = reverse("api:objection_answer", args=[objection["id"]])
    agency.post(answer, {"agrees": True, "text": "Twice."}, format="json")
    assert [row["text"] for row in client.get(address("minutes_corrections")).json()] == ["Twice."]
    client.post(address("minutes_confirmation"), {"content_hash": minutes.content_hash}, format="json")
    stands = agency.get(address("minutes_answers")).json()
    assert [(side["side"], side["state"]) for side in stands["sides"]] == [
        ("client", "confirmed"),
        ("agency", "confirmed"),
    ]
    assert stands["final_at"] is not None
    [row] = agency.get(reverse("api:decisions") + "?state=agreed").json()["results"]
    assert (row["text"], row["state"]) == ("Post daily.", "agreed")
