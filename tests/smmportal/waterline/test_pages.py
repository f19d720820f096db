"""The page and the API: the same gauge for both sides, buttons for whose move it is, and mending that shows at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from kpis.models import Kpi
from projects.models import Brief, Debrief, MaterialRequest, Project
from smmportal.waterline.actions import take_readings
from smmportal.waterline.models import Reading
from smmportal.waterline.queries import gauge_of
from smmportal.waterline.wording import PART_WORDS
from tests.builders import Cast, make_material, make_reading, make_task
from tests.smmportal.waterline.conftest import promise, today_of


def page_of(browse, person, project: Project, query: str = "") -> str:
    return browse(person).get(f"/projects/{project.pk}/waterline/{query}").content.decode()


def answer_of(api, person, project: Project) -> dict:
    return api(person).get(f"/api/v1/projects/{project.pk}/waterline/").json()


@pytest.fixture
def leaking(cast, sound) -> Project:
    """A task of each side is overdue, and the client has not confirmed."""
    yesterday = today_of(sound) - timedelta(days=1)
    make_task(cast, title="Send the logo", due_on=yesterday)
    make_task(cast, title="Draft the posts", side="agency", assignee=cast.specialist, due_on=yesterday)
    Debrief.objects.update(confirmed_at=None)
    return sound


def test_both_sides_see_the_same_number_by_every_door(cast, leaking, browse, api):
    take_readings()
    seen = set()
    for who in Cast.INSIDE:
        person = getattr(cast, who)
        context = browse(person).get(f"/projects/{leaking.pk}/waterline/").context
        seen |= {
            str(context["gauge"].score),
            str(answer_of(api, person, leaking)["score"]),
            str(browse(person).get(f"/projects/{leaking.pk}/").context["reading"].score),
        }
    assert seen | {str(Reading.objects.get().score), str(gauge_of(leaking).score)} == {"95.2"}


def test_the_api_names_every_cause(cast, leaking, api):
    answer = answer_of(api, cast.decider, leaking)
    task, other = leaking.tasks.order_by("pk")
    assert (answer["score"], answer["level"], answer["had"], answer["lost"], answer["unknown"]) == (
        95.2,
        "afloat",
        95.2,
        4.8,
        0,
    )
    assert answer["losses"] == [
        {
            "rule": "clarity",
            "code": "debrief_unconfirmed",
            "points": 2.4,
            "side": "client",
            "subject": "debrief",
            "sentence": "The client has not confirmed how the brief was understood.",
            "button": "Read and confirm",
            "url": f"/projects/{leaking.pk}/debrief/",
        },
        *(
            {
                "rule": "rhythm",
                "code": "task_overdue",
                "points": 1.2,
                "side": row.side,
                "subject": f"task:{row.pk}",
                "sentence": f"The task “{row.title}” is 1 day overdue.",
                "button": "Open the task",
                "url": f"/tasks/{row.pk}/",
            }
            for row in (task, other)
        ),
    ]
    assert answer["weights"] == {"clarity": 30, "kpis": 40, "rhythm": 30}
    assert sum(part["had"] + part["lost"] + part["unknown"] for part in answer["parts"]) == pytest.approx(100)


def test_the_reader_has_the_buttons_of_their_own_moves(cast, leaking, browse):
    shown = {
        who: sorted(
            url
            for url in (f"/projects/{leaking.pk}/debrief/", *(f"/tasks/{task.pk}/" for task in leaking.tasks.all()))
            if f'class="button button-small" href="{url}"' in page_of(browse, getattr(cast, who), leaking)
        )
        for who in ("manager", "contact", "viewer")
    }
    clients, agencys = (f"/tasks/{task.pk}/" for task in leaking.tasks.order_by("pk"))
    assert shown == {"manager": [agencys], "contact": [f"/projects/{leaking.pk}/debrief/", clients], "viewer": []}


def test_mending_by_the_button_raises_the_gauge_at_once(cast, leaking, browse, api):
    client, address = browse(cast.decider), f"/projects/{leaking.pk}/waterline/"
    assert "95.2" in client.get(address).content.decode()
    debrief = Debrief.objects.get()
    confirmed = client.post(f"/projects/{leaking.pk}/debrief/confirmation/", {"seen": debrief.shared_count})
    assert confirmed.status_code == 302
    assert answer_of(api, cast.manager, leaking)["score"] == 97.6


def test_a_material_that_is_given_gives_its_points_back(cast, sound, browse):
    material = make_material(cast, due_on=today_of(sound) - timedelta(days=1), person=cast.contact)
    client, address = browse(cast.contact), f"/projects/{sound.pk}/waterline/"
    before = client.get(address)
    assert f"/projects/{sound.pk}/materials/#material-{material.pk}" in before.content.decode()
    client.post(f"/materials/{material.pk}/delivery/")
    assert MaterialRequest.objects.get().delivered_at is not None
    assert [str(page.context["gauge"].score) for page in (before, client.get(address))] == ["98.6", "100"]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_stands_in_both_languages_whatever_is_lost(cast, leaking, browse, language):
    type(cast.manager).objects.update(language=language)
    page = page_of(browse, cast.manager, leaking)
    sentence = {"ru": "Клиент не подтвердил, что бриф понят верно.", "en": "The client has not confirmed"}[language]
    assert sentence.replace(" ", "\u00a0") in page.replace(" ", "\u00a0")


def test_every_rule_is_on_the_page_for_the_client_too(cast, sound, browse):
    page = page_of(browse, cast.contact, sound)
    assert [str(name) for name, _words in PART_WORDS.values() if escape(str(name)) not in page] == []


def test_a_new_project_says_what_would_make_it_known(cast, browse):
    cast.get(Brief)
    page = page_of(browse, cast.contact, cast.project)
    assert "Not known yet: 89 points of 100 are unknown" in page or "points of 100 are unknown" in page
    assert "How fresh the brief is shows once it is submitted." in page.replace("\u00a0", " ")


def test_the_history_is_a_line_with_its_table(cast, sound, browse):
    make_reading(cast, day=today_of(sound) - timedelta(days=5), score=72, losses=[])
    page = page_of(browse, cast.manager, sound)
    assert ("The same in a table" in page, 'class="chart"' in page, ">72<" in page) == (True, True, True)


def test_what_was_regained_is_named_in_the_readers_language(cast, sound, browse):
    promise(cast.get(Kpi), 0.2)
    take_readings()
    Reading.objects.update(day=today_of(sound) - timedelta(days=1))
    promise(cast.get(Kpi), 0.9)
    told = {}
    for language in ("ru", "en"):
        type(cast.manager).objects.update(language=language)
        since = browse(cast.manager).get(f"/projects/{sound.pk}/waterline/").context["since"]
        told[language] = [(str(change.points), change.sentence) for change in since["regained"]]
    assert told == {
        "ru": [("12", "«Подписчики, ВКонтакте» успеет дойти до цели с вероятностью около 20\u00a0%.")],
        "en": [("12", "“Followers, VK” hits its target with a chance of about 20%.")],
    }


@pytest.mark.parametrize(("query", "days"), [("", "90"), ("?range=30", "30"), ("?range=7", "90"), ("?range=x", "90")])
def test_the_span_lives_in_the_address(cast, sound, browse, query, days):
    assert browse(cast.manager).get(f"/projects/{sound.pk}/waterline/{query}").context["range"] == days


def test_a_closed_project_has_no_buttons(cast, leaking, browse):
    Project.objects.update(closed_at=timezone.now())
    assert "button button-small" not in page_of(browse, cast.manager, leaking)


def test_the_page_costs_the_same_with_thirty_causes(cast, sound, browse):
    client, address = browse(cast.manager), f"/projects/{sound.pk}/waterline/"
    make_task(cast, due_on=today_of(sound) - timedelta(days=1))
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(29):
        make_task(cast, title=f"Task {number}", due_on=today_of(sound) - timedelta(days=number + 1))
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)


# --- History and weights by the API -----------------------------------------------------------------------------------


def test_the_history_is_cut_by_its_days(cast, sound, api):
    for back in (1, 2, 3, 4):
        make_reading(cast, day=today_of(sound) - timedelta(days=back), score=60 + back)
    first, last = (today_of(sound) - timedelta(days=back) for back in (3, 2))
    answer = api(cast.viewer).get(f"/api/v1/projects/{sound.pk}/waterline/history/?from={first}&to={last}").json()
    assert [(row["day"], row["score"]) for row in answer] == [(str(first), 63), (str(last), 62)]


def test_a_day_that_is_none_is_refused(cast, sound, api):
    answer = api(cast.viewer).get(f"/api/v1/projects/{sound.pk}/waterline/history/?from=soon")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["from"])


def test_the_weights_are_read_by_the_client_and_set_by_the_owner(cast, api):
    address = f"/api/v1/organisations/{cast.agency.pk}/waterline/"
    usual = api(cast.viewer).get(address).json()
    assert usual == {"clarity": 30, "kpis": 40, "rhythm": 30}
    answer = api(cast.owner).patch(address, {"clarity": 40, "kpis": 30}, format="json")
    assert (answer.status_code, answer.json()) == (200, {"clarity": 40, "kpis": 30, "rhythm": 30})
    refused = api(cast.owner).patch(address, {"clarity": 50}, format="json")
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "The three rules make 100 points together; these make 110.",
    )


def test_the_form_keeps_what_was_typed_when_it_is_refused(cast, browse):
    client, address = browse(cast.owner), f"/organisations/{cast.agency.pk}/waterline/"
    refused = client.post(address, {"clarity": 20, "kpis": 20, "rhythm": 20})
    page = refused.content.decode()
    assert (refused.status_code, "these make 60" in page, 'value="20"' in page) == (422, True, True)
    assert client.post(address, {"clarity": 20, "kpis": 45, "rhythm": 35}).status_code == 302
    assert 'value="45"' in client.get(address).content.decode()


def test_others_read_the_weights_without_a_form(cast, browse):
    page = browse(cast.decider).get(f"/organisations/{cast.agency.pk}/waterline/").content.decode()
    assert ('name="clarity"' in page, "can change them" in page) == (False, True)
