"""The meetings' pages, without a script."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models import Meeting, Minutes
from projects.models import Task
from smmportal.notifications.models import Notification
from smmportal.notifications.wording import sentence
from tests.builders import make_meeting
from tests.meetings.moments import AHEAD, BEHIND, HOUR

HOSTILE = "<script>alert(1)</script> ‮שלום 🙂"


def text_of(answer) -> str:
    """What a reader sees of a page, in one line."""
    words = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<head>.*?</head>", "", answer.content.decode()))
    return re.sub(r"\s+", " ", unescape(words).replace("\u00a0", " "))


@pytest.fixture
def held(cast):
    return make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)


def page(name: str, row) -> str:
    return reverse(f"meetings:{name}", args=[row.pk])


def booking(cast, **fields) -> dict:
    people = [cast.manager.pk, cast.decider.pk]
    return {"title": "Call", "start": "2040-01-03T10:00", "minutes": 60, "people": people, **fields}


def test_a_time_is_chosen_from_the_free_ones_in_two_steps(browse, cast):
    browser = browse(cast.contact)
    first = browser.get(page("book", cast.project), {"day": "2040-01-03", "minutes": 60, "people": cast.manager.pk})
    links = re.findall(r'href="(\?[^"]*start=[^"]+)"', unescape(first.content.decode()))
    assert len([link for link in links if not link.endswith("start=")]) == 17
    second = browser.get(page("book", cast.project) + next(link for link in links if "10%3A00" in link))
    form = second.context["form"]
    assert (form["start"].value().isoformat(), form["minutes"].value(), form["people"].value()) == (
        "2040-01-03T10:00:00",
        "60",
        [str(cast.manager.pk)],
    )


def test_the_projects_people_are_chosen_at_first(browse, cast):
    form = browse(cast.contact).get(page("book", cast.project)).context["form"]
    chosen = {person.name for person in form.cleaned_data["people"]}
    assert chosen == {"Maxim", "Sonya", "Dmitry", "Katya"}


def test_the_zone_of_the_reader_is_named(browse, cast):
    cast.contact.timezone = "Asia/Yekaterinburg"
    cast.contact.save()
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    meeting = Meeting.objects.get()
    said = text_of(browse(cast.contact).get(meeting.get_absolute_url()))
    assert "Tuesday, 3 January 2040, 12:00 – 13:00 (Asia/Yekaterinburg, UTC+05:00)" in said


def test_a_booked_meeting_opens_with_its_agenda(browse, cast):
    body = booking(cast, agenda="KPIs\r\n\r\n  Posts ", place="https://call.example/7")
    answer = browse(cast.contact).post(page("book", cast.project), body)
    meeting = Meeting.objects.get()
    assert (answer.status_code, answer.url) == (302, meeting.get_absolute_url())
    assert (meeting.starts_at, [item.title for item in meeting.agenda.all()]) == (AHEAD, ["KPIs", "Posts"])


def test_a_double_click_books_once(browse, cast):
    browser = browse(cast.contact)
    answers = [browser.post(page("book", cast.project), booking(cast)) for _ in range(2)]
    assert [answer.url for answer in answers] == [Meeting.objects.get().get_absolute_url()] * 2


def test_a_taken_time_keeps_what_was_typed_and_offers_free_ones(browse, cast):
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    browser = browse(cast.contact)
    answer = browser.post(page("book", cast.project), booking(cast, agenda=HOSTILE))
    said = text_of(answer)
    assert "This time is already taken (Dmitry, Maxim). Please choose another one." in said
    assert answer.context["form"]["agenda"].value() == HOSTILE
    free = re.findall(r'name="free" value="([^"]+)"', answer.content.decode())
    assert free[0] == "2040-01-03T09:00:00+03:00"
    assert browser.post(page("book", cast.project), booking(cast, free=free[0])).status_code == 302
    assert Meeting.objects.filter(starts_at=AHEAD - HOUR).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"start": "soon"}, "start"),
        ({"start": "9999-12-31T23:59"}, "start"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"people": []}, "people"),
        ({"people": "x"}, "people"),
        ({"agenda": "x" * 301}, "agenda"),
        ({"agenda": "x\n" * 101}, "agenda"),
    ],
)
def test_a_form_that_makes_no_sense_says_where(browse, cast, change, field):
    answer = browse(cast.contact).post(page("book", cast.project), booking(cast, **change))
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    "query", ["?start=x", "?start=9999-99-99T00:00", "?start=0001-01-01T00:00Z&people=x&minutes=x", "?day=0001-01-01"]
)
def test_a_broken_address_is_a_page_all_the_same(browse, cast, query):
    assert browse(cast.contact).get(page("book", cast.project) + query).status_code == 200


@pytest.mark.parametrize("outsider", ["stranger", "neighbour", "colleague"])
def test_an_outsider_is_not_invited(browse, cast, outsider):
    body = booking(cast, people=[getattr(cast, outsider).pk])
    answer = browse(cast.contact).post(page("book", cast.project), body)
    assert list(answer.context["form"].errors) == ["people"]


def test_a_wall_clock_time_that_does_not_exist_is_refused_in_words(browse, cast):
    cast.contact.timezone = "Europe/Berlin"
    cast.contact.save()
    answer = browse(cast.contact).post(page("book", cast.project), booking(cast, start="2040-03-25T02:30"))
    assert list(answer.context["form"].errors) == ["start"]


def test_a_meeting_is_moved(browse, cast):
    meeting = make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    answer = browse(cast.contact).post(page("move", meeting), {"start": "2040-01-03T12:00", "minutes": 30})
    meeting.refresh_from_db()
    assert (answer.url, meeting.starts_at, meeting.length) == (
        meeting.get_absolute_url(),
        AHEAD + 2 * HOUR,
        HOUR / 2,
    )


def test_calling_off_short_before_without_a_reason_asks_for_it(browse, cast):
    soon = timezone.now() + 2 * HOUR
    meeting = make_meeting(cast, starts_at=soon, ends_at=soon + HOUR)
    browser = browse(cast.contact)
    answer = browser.post(page("cancel", meeting), {"reason": " "})
    assert answer.context["form"].non_field_errors() == ["Please say in a line why the meeting is called off."]
    assert browser.post(page("cancel", meeting), {"reason": HOSTILE}).status_code == 302
    assert HOSTILE in text_of(browser.get(meeting.get_absolute_url())).replace("&lt;", "<")


def test_hostile_text_is_shown_as_text_everywhere(browse, cast, held):
    actions.add_agenda_item(held, title=HOSTILE, by=cast.manager)
    actions.write_minutes(held, text=HOSTILE * 100, revision=0, by=cast.manager)
    actions.record_decision(held, text=HOSTILE, by=cast.manager)
    actions.describe_meeting(held, title=HOSTILE, place=f"javascript:{HOSTILE}", by=cast.manager)
    for address in (
        held.get_absolute_url(),
        page("minutes", held),
        page("list", cast.project),
        page("decisions", cast.project),
    ):
        html = browse(cast.viewer).get(address).content.decode()
        assert "<script>alert" not in html
        assert 'href="javascript' not in html
        assert "&lt;script&gt;alert(1)" in html


def test_the_room_takes_agenda_decisions_and_actions(browse, cast, held):
    browser = browse(cast.contact)
    browser.post(page("agenda", held), {"title": "KPIs", "minutes": 10})
    browser.post(page("meeting_decisions", held), {"text": "Post daily."})
    browser.post(page("actions", held), {"title": "Send photos", "who": cast.contact.pk, "due_on": "2026-12-04"})
    said = text_of(browser.get(held.get_absolute_url()))
    assert "KPIs 10 minutes" in said
    assert "Post daily. Katya" in said
    assert "Send photos client Katya by 4 December" in said
    assert (Task.objects.get().side, Task.objects.get().assignee) == ("client", cast.contact)


def test_who_looks_on_is_offered_nothing_to_press(browse, cast, held):
    html = browse(cast.viewer).get(held.get_absolute_url()).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert "<form" not in main


def test_notes_save_themselves(browse, cast, held):
    def save(text: str, revision: int):
        body = {"field": "text", "text": text, "revision": revision}
        answer = browse(cast.contact).post(page("minutes", held), body, HTTP_ACCEPT="application/json")
        return answer.status_code, json.loads(answer.content)

    assert save("We met", 0) == (200, {"revision": 1})
    assert save("We met.", 1) == (200, {"revision": 2})
    assert save("Mine", 1) == (
        409,
        {"sentence": "Katya changed these notes while you were writing.", "current": "We met.", "revision": 2},
    )
    assert save("x" * 10_001, 2)[0] == 422
    actions.publish_minutes(held, by=cast.manager)
    assert save("More", 2) == (
        422,
        {"sentence": "The minutes of this meeting are published and no longer change."},
    )


def test_notes_saved_by_two_at_once_show_both_and_lose_nothing(browse, cast, held):
    actions.write_minutes(held, text="Theirs", revision=0, by=cast.manager)
    browser = browse(cast.contact)
    answer = browser.post(page("minutes", held), {"text": "Mine", "revision": 0})
    said = text_of(answer)
    form = answer.context["minutes_form"]
    assert "Maxim changed these notes while you were writing." in said
    assert "Theirs" in said
    assert (form["text"].value(), form["revision"].value()) == ("Mine", "1")
    browser.post(page("minutes", held), {"text": "Theirs and mine", "revision": form["revision"].value()})
    assert Minutes.objects.get().text == "Theirs and mine"


def test_notes_typed_while_somebody_published_are_given_back(browse, cast, held):
    actions.record_decision(held, text="x", by=cast.manager)
    actions.publish_minutes(held, by=cast.manager)
    said = text_of(browse(cast.contact).post(page("minutes", held), {"text": "Mine", "revision": 0}))
    assert "The minutes of this meeting are published and no longer change." in said
    assert "Mine" in said


def test_notes_are_saved_on_the_way_to_publication(browse, cast, held):
    browser = browse(cast.contact)
    answer = browser.post(page("minutes", held), {"text": "We met.", "revision": 0, "then": "publication"})
    assert answer.url == page("publish", held)
    assert "We met." in text_of(browser.get(answer.url))
    assert browser.post(answer.url).url == held.get_absolute_url()
    assert browser.post(answer.url).url == held.get_absolute_url()
    assert "Katya published the minutes on" in text_of(browser.get(held.get_absolute_url()))


def test_a_refusal_without_a_form_becomes_a_message_on_the_page_before(browse, cast, held):
    browser = browse(cast.contact)
    here = held.get_absolute_url()
    answer = browser.post(page("publish", held), HTTP_REFERER=f"http://testserver{here}")
    assert answer.url == here
    assert "There is nothing to publish yet" in text_of(browser.get(here))


def test_a_call_that_happened_is_logged_in_one_form(browse, cast):
    body = booking(
        cast,
        ended="2024-01-10T11:00",
        decision="Post daily.",
        action_title="Send photos",
        who="client",
        due_on="2026-12-04",
    )
    browser = browse(cast.contact)
    answers = [browser.post(page("log", cast.project), body) for _ in range(2)]
    meeting = Meeting.objects.get()
    assert [answer.url for answer in answers] == [meeting.get_absolute_url()] * 2
    assert [str(item) for item in (*meeting.decisions.all(), *meeting.action_items.all())] == [
        "Post daily.",
        "Send photos",
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Meetings", "Coming", "Past", "Book a meeting", "not published"]),
        ("ru", ["Встречи", "Впереди", "Прошедшие", "Назначить встречу", "не опубликован"]),
    ],
)
def test_the_list_speaks_the_readers_language(browse, cast, held, language, words):
    cast.contact.language = language
    cast.contact.save()
    said = text_of(browse(cast.contact).get(page("list", cast.project)))
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Maxim booked a meeting: “Call”, 3 January, 10:00"),
        ("ru", "Maxim назначает встречу «Call»: 3 января, 10:00"),
    ],
)
def test_the_message_speaks_the_readers_language(cast, language, words):
    from django.utils import timezone, translation

    actions.book_meeting(
        cast.project,
        title="Call",
        starts_at=AHEAD,
        ends_at=AHEAD + HOUR,
        people=[cast.decider],
        by=cast.manager,
    )
    with translation.override(language), timezone.override("Europe/Moscow"):
        assert sentence(Notification.objects.get(event="meeting.booked")) == words


@pytest.mark.parametrize("name", ["list", "decisions"])
def test_thirty_rows_cost_what_one_does(browse, cast, name, django_assert_num_queries, django_assert_max_num_queries):
    browser = browse(cast.decider)

    def make(count: int) -> None:
        for number in range(count):
            start = BEHIND + 2 * number * HOUR
            meeting = make_meeting(cast, starts_at=start, ends_at=start + HOUR)
            actions.write_minutes(meeting, text="x", revision=0, by=cast.manager)
            actions.record_decision(meeting, text=f"{number}", by=cast.manager)
            make_meeting(cast, starts_at=AHEAD + 2 * number * HOUR, ends_at=AHEAD + (2 * number + 1) * HOUR)

    make(1)
    browser.get(page(name, cast.project))
    with django_assert_max_num_queries(45) as for_one:
        browser.get(page(name, cast.project))
    make(29)
    with django_assert_num_queries(len(for_one)):
        browser.get(page(name, cast.project))


def test_the_room_costs_the_same_however_much_is_in_it(
    browse, cast, held, django_assert_num_queries, django_assert_max_num_queries
):
    browser = browse(cast.decider)

    def fill(numbers: range) -> None:
        for number in numbers:
            actions.add_agenda_item(held, title=f"{number}", by=cast.manager)
            actions.record_decision(held, text=f"{number}", by=cast.manager)
            actions.assign_action(held, title=f"{number}", side="client", assignee=cast.contact, by=cast.manager)

    fill(range(1))
    browser.get(held.get_absolute_url())
    with django_assert_max_num_queries(45) as for_one:
        browser.get(held.get_absolute_url())
    fill(range(1, 30))
    with django_assert_num_queries(len(for_one)):
        browser.get(held.get_absolute_url())
