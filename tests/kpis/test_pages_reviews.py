"""Reviews and drops on their pages, and the same through the API."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis.actions.reviews import hold_review
from kpis.models import Dip, Review
from kpis.queries import waiting
from kpis.ritual import Period
from projects.models import Task
from smmportal.demo.clock import moved_to
from tests.builders import make_dip
from tests.kpis.reviewing import LAST_WEEK, NOON, TODAY, WEEK_BEFORE, make_watched


@pytest.fixture(autouse=True)
def on_monday():
    with moved_to(NOON):
        yield


@pytest.fixture
def kpi(cast):
    return make_watched(cast)


def text(answer) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def new(kpi) -> str:
    return f"/kpis/{kpi.pk}/reviews/new/"


# --- Holding one ----------------------------------------------------------------------------------------------------


def test_the_form_comes_with_the_numbers_of_the_period(cast, kpi, browse):
    make_dip(cast, kpi=kpi, day=LAST_WEEK, until=LAST_WEEK, value=10860, low=10870, high=10900)
    answer = browse(cast.manager).get(new(kpi))
    assert answer.context["form"].initial["happened"] == f"{kpi}: 10,999 after 10,859, +140."
    page = text(answer)
    assert "Review, 16–22 November" in page
    assert "10,860, and 10,870 to 10,900 was expected" in page
    assert "Both sides read this: the KPI is off its course, or it fell." in page


def test_what_was_decided_last_time_is_beside_it(cast, kpi, browse):
    before = Period(WEEK_BEFORE, WEEK_BEFORE + timedelta(days=6))
    said = {"happened": "Up.", "measure": "Two videos", "assignee": cast.specialist, "due_on": TODAY}
    hold_review(kpi, before, by=cast.manager, **said)
    page = text(browse(cast.manager).get(new(kpi)))
    assert ("Two videos" in page, "The task of Sonya, due 23 November" in page) == (True, True)


def test_a_review_is_held_on_the_page_and_makes_its_task(cast, kpi, browse):
    words = {"happened": "Up.", "why": "", "measure": "Two videos", "assignee": cast.specialist.pk, "due_on": TODAY}
    answer = browse(cast.manager).post(new(kpi), words, follow=True)
    assert answer.redirect_chain == [(f"/kpis/{kpi.pk}/#reviews", 302)]
    task = Task.objects.get()
    assert (Review.objects.get().task, task.assignee) == (task, cast.specialist)
    assert ("Two videos" in text(answer), "no review for" in text(answer)) == (True, False)
    assert f'href="{task.origin_url}"' in text(browse(cast.specialist).get(task.get_absolute_url()))


def test_what_was_typed_stays_when_something_is_missing(cast, kpi, browse):
    answer = browse(cast.manager).post(new(kpi), {"happened": "Up.", "measure": "Two videos"})
    assert (answer.status_code, Review.objects.count()) == (422, 0)
    assert answer.context["form"].errors == {"assignee": ["Who does it?"], "due_on": ["By when?"]}
    assert "Two videos" in text(answer)


def test_another_period_can_be_asked_for(cast, kpi, browse):
    client = browse(cast.manager)
    assert "9–15 November" in text(client.get(new(kpi) + "?period=2026-11-09"))
    for nonsense in ("2026-11-10", "x", "2026-13-45"):
        assert "16–22 November" in text(client.get(f"{new(kpi)}?period={nonsense}"))


def test_a_correction_is_told_on_what_it_corrects(cast, kpi, browse):
    first = hold_review(kpi, by=cast.manager, happened="Up.")
    second = hold_review(kpi, by=cast.specialist, happened="Up, but by a purchase.")
    page = text(browse(cast.viewer).get(first.get_absolute_url()))
    assert f'<a href="{second.get_absolute_url()}">Sonya said something else of this period on 23 November</a>' in page
    assert "said something else" not in text(browse(cast.viewer).get(second.get_absolute_url()))


# --- Where it is seen that none was held ----------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["manager", "decider"])
def test_both_sides_see_that_it_is_owed(cast, kpi, browse, api, person):
    reader = getattr(cast, person)
    make_dip(cast, kpi=kpi, day=LAST_WEEK, until=LAST_WEEK)
    board = text(browse(reader).get(f"/projects/{cast.project.pk}/board/"))
    page = text(browse(reader).get(f"/kpis/{kpi.pk}/"))
    assert [words in board for words in ("no review for 16–22 November", "1 unexplained drop")] == [True, True]
    assert "no review for 16–22 November" in page
    assert api(reader).get(f"/api/v1/kpis/{kpi.pk}/").json()["review"] == {
        "owed": {"first": "2026-11-16", "last": "2026-11-22", "review_by": "2026-11-25"},
        "reviewed_through": None,
        "unexplained_dips": 1,
    }


def test_the_card_on_the_board_forgets_it_at_once(cast, kpi, browse):
    board = f"/projects/{cast.project.pk}/board/"
    assert "no review for" in text(browse(cast.decider).get(board))
    hold_review(kpi, by=cast.manager, happened="As planned.")
    assert "no review for" not in text(browse(cast.decider).get(board))


def lines(cast) -> list[tuple[str, str, str]]:
    return [
        (line.sentence.replace("\N{NO-BREAK SPACE}", " "), line.button, line.url) for line in waiting([cast.project])
    ]


def test_what_waits_names_the_one_or_counts_the_many(cast, kpi):
    dip = make_dip(cast, kpi=kpi, day=LAST_WEEK, until=LAST_WEEK)
    assert lines(cast) == [
        (
            f"“{kpi}” is not reviewed for 16–22 November: say what happened and what you do about it",
            "Hold the review",
            f"/kpis/{kpi.pk}/reviews/new/",
        ),
        (
            f"“{kpi}” fell out of what was expected on 16 November: say what it was",
            "Explain it",
            f"/kpis/{kpi.pk}/#dip-{dip.pk}",
        ),
    ]
    make_dip(cast, kpi=make_watched(cast), day=LAST_WEEK, until=LAST_WEEK)
    assert lines(cast) == [
        (
            "2 KPIs are not reviewed: say what happened and what you do about it",
            "Hold the review",
            f"/projects/{cast.project.pk}/reviews/",
        ),
        ("2 drops are not explained: say what they were", "Explain it", f"/projects/{cast.project.pk}/dips/"),
    ]


# --- Many at once ---------------------------------------------------------------------------------------------------


def test_what_went_as_planned_is_reviewed_together(cast, kpi, browse):
    slow = make_watched(cast, target=Decimal(40000))
    other = make_watched(cast)
    page = browse(cast.manager).get(f"/projects/{cast.project.pk}/reviews/")
    assert [[one.kpi for one in page.context[name]] for name in ("owed", "even")] == [[slow, kpi, other], [kpi, other]]
    sent = {"kpi": [kpi.pk, other.pk], "happened": "As planned.", "next": "/projects/"}
    answer = browse(cast.manager).post("/reviews/bulk/", sent)
    assert (answer.status_code, answer.url) == (302, "/projects/")
    assert list(Review.objects.values_list("kpi", "happened").order_by("kpi")) == [
        (kpi.pk, "As planned."),
        (other.pk, "As planned."),
    ]


def page_of_owed(cast, browse, person) -> str:
    return text(browse(person).get(f"/projects/{cast.project.pk}/reviews/"))


def test_a_review_is_the_agencys_move_and_the_client_is_told_so(cast, kpi, browse):
    button = f'href="/kpis/{kpi.pk}/reviews/new/"'
    said = {
        person: (button in page, "the agency’s move" in page, "Review them together" in page)
        for person in ("manager", "specialist", "decider", "contact")
        for page in [page_of_owed(cast, browse, getattr(cast, person))]
    }
    assert said == {
        "manager": (True, False, True),
        "specialist": (True, False, True),
        "decider": (False, True, False),
        "contact": (False, True, False),
    }
    page = text(browse(cast.decider).get(f"/kpis/{kpi.pk}/"))
    assert [words in page for words in ("the agency’s move", "Hold the review", "Say your own view")] == [
        *(True, False, True)
    ]


def test_a_client_who_owns_the_kpi_may_settle_its_review(cast, kpi, browse):
    kpi.owner = cast.contact
    kpi.save()
    button = f'href="/kpis/{kpi.pk}/reviews/new/"'
    assert button in page_of_owed(cast, browse, cast.contact)
    theirs = page_of_owed(cast, browse, cast.decider)
    assert (button in theirs, f"the move is the agency’s or {cast.contact}’s" in theirs) == (False, True)


def test_whose_move_a_review_is_is_told_through_the_api(cast, kpi, api):
    address = f"/api/v1/projects/{cast.project.pk}/reviews/owed/"
    told = {person: api(getattr(cast, person)).get(address).json() for person in ("manager", "decider")}
    assert [(one["kpi"], one["is_yours"]) for one in told["manager"]] == [(kpi.pk, True)]
    assert [(one["kpi"], one["is_yours"]) for one in told["decider"]] == [(kpi.pk, False)]


@pytest.mark.parametrize("next_page", ["", "https://elsewhere.example/", "//elsewhere.example"])
def test_it_never_leads_elsewhere(cast, kpi, browse, next_page):
    sent = {"kpi": kpi.pk, "happened": "As planned.", "next": next_page}
    assert browse(cast.manager).post("/reviews/bulk/", sent).url == f"/projects/{cast.project.pk}/reviews/"


def test_refusals_of_many_are_said_where_the_person_was(cast, kpi, browse):
    slow = make_watched(cast, target=Decimal(40000), name="Slow")
    client, came_from = browse(cast.manager), {"HTTP_REFERER": f"http://testserver/projects/{cast.project.pk}/reviews/"}
    for kpis, sentence in (
        ([], "Tick the KPIs that went as planned."),
        ([slow.pk], "each needs words of its own: “Slow”"),
    ):
        sent = {"kpi": kpis, "happened": "As planned."}
        answer = client.post("/reviews/bulk/", sent, follow=True, **came_from)
        assert sentence in text(answer)
    assert Review.objects.count() == 0


# --- Drops ----------------------------------------------------------------------------------------------------------


def test_the_client_reads_the_explanation_beside_the_drop(cast, kpi, browse):
    dip = make_dip(cast, kpi=kpi, day=LAST_WEEK, until=LAST_WEEK)
    answer = browse(cast.manager).post(f"/dips/{dip.pk}/explanation/", {"explanation": "VK removed bots."})
    assert (answer.status_code, answer.url) == (302, f"/kpis/{kpi.pk}/#dip-{dip.pk}")
    page = text(browse(cast.decider).get(f"/kpis/{kpi.pk}/"))
    assert [words in page for words in ("VK removed bots.", "Explained after 1 minute: Maxim", "Put it better")] == [
        *(True, True, False)
    ]


def test_an_empty_explanation_is_asked_for_again(cast, kpi, browse):
    dip = make_dip(cast, kpi=kpi)
    answer = browse(cast.manager).post(f"/dips/{dip.pk}/explanation/", {"explanation": " "})
    assert (answer.status_code, Dip.objects.get().explained_at) == (422, None)


@pytest.mark.parametrize("name", ["reviews", "dips"])
def test_lists_cost_the_same_with_one_row_and_with_thirty(cast, kpi, browse, django_assert_num_queries, name):
    client, address = browse(cast.decider), f"/projects/{cast.project.pk}/{name}/"
    fill(cast, kpi, 0)
    client.get(address)
    with CaptureQueriesContext(connection) as for_one:
        client.get(address)
    for number in range(1, 29):
        fill(cast, kpi, number)
    with django_assert_num_queries(len(for_one)):
        client.get(address)


def fill(cast, kpi, number: int) -> None:
    day = LAST_WEEK - timedelta(days=number)
    make_dip(cast, kpi=kpi, day=day, until=day)
    hold_review(
        kpi, by=cast.manager, happened=f"{number}", why="Yes.", measure="Do", assignee=cast.contact, due_on=TODAY
    )


# --- Through the API ------------------------------------------------------------------------------------------------


def test_the_api_holds_a_review_and_lists_it(cast, kpi, api):
    client = api(cast.manager)
    sent = {"happened": "Up.", "measure": "Videos", "assignee": cast.contact.pk, "due_on": "2026-11-30"}
    made = client.post(f"/api/v1/kpis/{kpi.pk}/reviews/", {**sent, "first": "2026-11-09"}, format="json")
    review = Review.objects.get()
    assert (made.status_code, made.json()) == (
        201,
        {
            "id": review.pk,
            "project": cast.project.pk,
            "kpi": kpi.pk,
            "first": "2026-11-09",
            "last": "2026-11-15",
            "happened": "Up.",
            "why": "",
            "measure": "Videos",
            "task": review.task_id,
            "value": "10999",
            "value_on": "2026-11-22",
            "status": "on_track",
            "by": cast.manager.pk,
            "side": "agency",
            "at": made.json()["at"],
            "counts": True,
        },
    )
    for address in (f"kpis/{kpi.pk}/reviews", f"projects/{cast.project.pk}/reviews"):
        assert api(cast.viewer).get(f"/api/v1/{address}/").json()["results"] == [made.json()]
    assert api(cast.viewer).get(f"/api/v1/reviews/{review.pk}/").json() == made.json()


def test_the_api_says_what_is_missing_by_field(cast, kpi, api):
    answer = api(cast.manager).post(
        f"/api/v1/kpis/{kpi.pk}/reviews/", {"happened": "Up.", "measure": "Videos"}, format="json"
    )
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"assignee": ["Who does it?"], "due_on": ["By when?"]},
    )


def test_the_api_tells_what_is_owed_and_takes_many(cast, kpi, api):
    client, owed = api(cast.manager), f"/api/v1/projects/{cast.project.pk}/reviews/owed/"
    [line] = client.get(owed).json()
    assert {name: line[name] for name in ("kpi", "first", "review_by", "status", "unexplained_dips", "as_planned")} == {
        "kpi": kpi.pk,
        "first": "2026-11-16",
        "review_by": "2026-11-25",
        "status": "on_track",
        "unexplained_dips": 0,
        "as_planned": True,
    }
    sent = {"kpis": [kpi.pk], "happened": "As planned."}
    answers = [client.post("/api/v1/reviews/bulk/", sent, format="json") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert client.get(owed).json() == []


def test_the_api_tells_the_clocks_of_a_drop(cast, kpi, api):
    dip = make_dip(cast, kpi=kpi, day=LAST_WEEK, until=LAST_WEEK)
    client = api(cast.manager)
    client.get(f"/api/v1/kpis/{kpi.pk}/dips/")
    assert Dip.objects.get().noticed_at is None
    with moved_to(NOON + timedelta(hours=1)):
        client.post(f"/api/v1/dips/{dip.pk}/noticing/")
    with moved_to(NOON + timedelta(hours=2)):
        client.post(f"/api/v1/dips/{dip.pk}/explanation/", {"explanation": "Bots."}, format="json")
    [said] = api(cast.decider).get(f"/api/v1/projects/{cast.project.pk}/dips/").json()["results"]
    assert [said[name] for name in ("day", "value", "low", "high", "explanation", "noticed_by", "explained_by")] == [
        *("2026-11-16", "10", "20", "30", "Bots."),
        *(cast.manager.pk, cast.manager.pk),
    ]
    assert (said["seconds_to_notice"], said["seconds_to_explain"]) == (3600, 7200)
