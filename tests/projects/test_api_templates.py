"""Brief templates through the API: the same verbs, the same answers."""

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import actions
from projects.models import BriefTemplate, Project
from projects.questionnaire import FULL, QUICK
from tests.builders import make_template

LIST = "/api/v1/brief-templates/"


@pytest.fixture
def template(cast) -> BriefTemplate:
    return actions.copy_template(cast.agency, source="quick", name="Coffee shops", by=cast.manager)


def test_a_copy_is_made_once_however_often_it_is_asked_for(api, cast, manager):
    client = api(manager)
    for _ in range(2):
        answer = client.post(LIST, {"name": "Clinics", "source": "full"}, format="json", HTTP_IDEMPOTENCY_KEY="k1")
    made = BriefTemplate.objects.get()
    body = {**answer.json(), "edited_at": "…"}
    assert body == {
        "id": made.pk,
        "agency": cast.agency.pk,
        "name": "Clinics",
        "revision": 1,
        "edited_by": "Maxim",
        "edited_at": "…",
        "archived_at": None,
        "form": {"tier": "own", "sections": FULL["sections"]},
    }


def test_the_list_shows_the_agencys_own_at_a_constant_cost(api, cast, template, specialist, stranger, contact):
    make_template(cast, name="Their secret", agency=stranger.memberships.get().organisation)
    client, counts = api(specialist), []
    client.get(LIST)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            names = [entry["name"] for entry in client.get(LIST).json()["results"]]
        counts.append(len(queries))
        for number in range(4):
            make_template(cast, name=f"More {number}")
    assert "Coffee shops" in names
    assert "Their secret" not in names
    assert counts[0] == counts[1]
    assert api(contact).get(LIST).json()["results"] == []


def test_a_whole_form_is_sent_and_its_keys_are_made(api, template, manager):
    form = copy.deepcopy(template.form)
    form["sections"].append({"title": {"en": "Tea"}, "questions": [{"type": "text", "label": {"en": "Which tea?"}}]})
    answer = api(manager).patch(f"{LIST}{template.pk}/", {"form": form, "revision": 1}, format="json")
    added = answer.json()["form"]["sections"][-1]
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    assert (added["key"], [question["key"] for question in added["questions"]]) == ("H", ["H1"])
    assert answer.json()["form"]["sections"][:-1] == QUICK["sections"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"form": {"sections": []}, "revision": 1}, 409, "urn:portal:unclear-form"),
        ({"form": "nothing", "revision": 1}, 409, "urn:portal:unclear-form"),
        ({"form": None, "revision": 1}, 400, "urn:portal:invalid"),
        ({"name": "Tea shops", "revision": 0}, 409, "urn:portal:changed-meanwhile"),
        ({"name": "Tea shops"}, 400, "urn:portal:invalid"),
        ({"name": "see https://x.example", "revision": 1}, 400, "urn:portal:invalid"),
    ],
)
def test_what_can_not_be_kept_is_refused_in_words(api, template, manager, body, status, code):
    answer = api(manager).patch(f"{LIST}{template.pk}/", body, format="json")
    assert (answer.status_code, answer.json()["type"]) == (status, code)
    assert BriefTemplate.objects.get().revision == 1


def test_it_is_put_away_and_taken_back(api, template, manager):
    client = api(manager)
    assert client.delete(f"{LIST}{template.pk}/").status_code == 204
    assert BriefTemplate.objects.get().archived_at
    assert client.post(f"{LIST}{template.pk}/restoration/").json()["archived_at"] is None


def test_the_portals_own_forms_are_there_to_read(api, contact):
    forms = api(contact).get(f"{LIST}shipped/").json()
    assert [(entry["tier"], entry["form"]) for entry in forms] == [("quick", QUICK), ("full", FULL)]


def new_project(cast, **fields) -> dict:
    return {"name": "Tea", "client": cast.client.pk, **fields}


def test_a_project_takes_a_template(api, cast, template, manager):
    for chosen, form in ((template.pk, template.form), ("full", FULL), (None, QUICK)):
        fields = {"template": chosen} if chosen else {}
        made = api(manager).post("/api/v1/projects/", new_project(cast, **fields), format="json").json()
        assert "template" not in made
        assert Project.objects.get(pk=made["id"]).brief.form == form


@pytest.mark.parametrize("chosen", ["nothing", 10**25, -1, True, ["quick"], "archived", "foreign"])
def test_a_template_that_is_not_on_offer_opens_no_project(api, cast, template, manager, stranger, chosen):
    if chosen == "archived":
        chosen = actions.archive_template(template, by=manager).pk
    if chosen == "foreign":
        chosen = make_template(cast, agency=stranger.memberships.get().organisation).pk
    answer = api(manager).post("/api/v1/projects/", new_project(cast, template=chosen), format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["template"])
