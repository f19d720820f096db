"""Pages and operations of what we know and of what became of the answers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import actions
from projects.models import Competitor, Goal, MaterialRequest, Task
from projects.origins import place_named
from smmportal.people.models import Side
from tests.builders import make_competitor, make_contact, make_forbidden_topic, make_goal, make_material
from tests.projects.conftest import answered_in_full

GIVEN = {
    "F1": {"rows": [{"link": "https://brew.example", "better": "Videos", "worse": ""}], "note": ""},
    "I1": {"rows": [{"platform": "VK", "place": "excluded"}], "note": ""},
}


@pytest.fixture
def version(cast):
    return actions.submit_brief(answered_in_full(cast, GIVEN), by=cast.contact)


def text(answer) -> str:
    return answer.content.decode()


def test_one_click_and_back_at_the_answer(version, project, browse, manager):
    browser = browse(manager)
    page = f"/projects/{project.pk}/brief/versions/1/"
    address = f"/projects/{project.pk}/knowledge/competitors/from-brief/?from=1.F1.0"
    assert f'formaction="{address}"' in text(browser.get(page))
    assert browser.post(address)["Location"] == f"{page}#F1"
    shown = text(browser.get(page))
    assert ("Among the competitors" in shown, address in shown) == (True, False)


def test_several_things_to_make_of_an_answer_are_kept_in_one_menu(cast, project, browse, manager, contact):
    rows = [{"link": link, "better": "", "worse": ""} for link in ("Brew", "Tea house")]
    actions.submit_brief(answered_in_full(cast, {**GIVEN, "F1": {"rows": rows, "note": ""}}), by=contact)
    page = text(browse(manager).get(f"/projects/{project.pk}/brief/versions/1/"))
    answers = {key: page.split(f'<div id="{key}">')[1].split("<div id=")[0] for key in ("A4", "D2", "F1")}
    seen = {key: (words.count("Use this answer"), words.count("button-small")) for key, words in answers.items()}
    assert seen == {"A4": (0, 1), "D2": (1, 2), "F1": (1, 2)}


def test_what_is_not_known_is_found_out_from_the_list_on_top(cast, project, browse, manager, contact):
    brief = answered_in_full(cast, GIVEN)
    actions.submit_brief(brief, by=contact)
    page = text(browse(manager).get(f"/projects/{project.pk}/debrief/"))
    top, section = page.split('id="part-K"')
    assert (top.count("Find it out"), section.count("Find it out"), top.count("Give the client a task")) == (1, 0, 1)


def test_an_empty_list_leads_to_the_brief_once_there_is_one(cast, project, browse, manager, contact):
    address = f"/projects/{project.pk}/knowledge/"
    before = text(browse(manager).get(address))
    version = actions.submit_brief(answered_in_full(cast, GIVEN), by=contact)
    after = text(browse(manager).get(address))
    assert (before.count("Take it from the brief"), after.count(f'<a href="{version.get_absolute_url()}">')) == (0, 3)


def test_a_double_click_is_told_what_it_became(version, project, browse, manager):
    browser, address = browse(manager), f"/projects/{project.pk}/knowledge/competitors/from-brief/?from=1.F1.0"
    browser.post(address)
    again = browser.post(address, follow=True)
    assert "This line of the brief has become “https://brew.example” already." in text(again)
    assert Competitor.objects.count() == 1


def test_an_address_of_no_answer_is_refused_in_words(version, project, browse, manager):
    answer = browse(manager).post(f"/projects/{project.pk}/knowledge/competitors/from-brief/?from=Z9", follow=True)
    assert "There is no such answer in the brief that was submitted." in text(answer)


def test_an_unknown_list_is_nothing(project, browse, manager):
    assert browse(manager).get(f"/projects/{project.pk}/knowledge/secrets/new/").status_code == 404


def test_the_debrief_offers_the_same_to_the_agency_while_it_writes(version, project, browse, manager):
    page = text(browse(manager).get(f"/projects/{project.pk}/debrief/"))
    assert 'form="begin"' in page and f"/projects/{project.pk}/goals/new/?from=1.D2.0" in page


def test_what_we_know_is_on_one_page_with_the_way_back(cast, version, project, browse, contact):
    actions.know_from_answer(Competitor, place_named(project, "F1.0"), by=contact)
    make_contact(cast)
    make_forbidden_topic(cast)
    page = text(browse(contact).get(f"/projects/{project.pk}/knowledge/"))
    said = ("brew.example", "question F1", "Boris the founder", "Makes the final decision", "No jokes about sleep")
    assert [words for words in said if words not in page] == []


def test_who_runs_the_clients_people_may_invite_a_contact(cast, project, browse):
    make_contact(cast)
    invited = "email=boris%40client.example"
    seen = {
        name: invited in text(browse(getattr(cast, name)).get(f"/projects/{project.pk}/knowledge/"))
        for name in cast.INSIDE
    }
    assert seen == {name: name in ("owner", "manager", "decider") for name in cast.INSIDE}


def test_who_is_here_already_is_not_invited_again(cast, project, browse):
    make_contact(cast, name="Dmitry", contact="Decider@Client.example")
    assert "?email=" not in text(browse(cast.manager).get(f"/projects/{project.pk}/knowledge/"))


def test_the_invitation_begins_with_the_address_and_says_for_whom(cast, browse):
    page = browse(cast.manager).get(f"/organisations/{cast.client.pk}/?email=boris@client.example&name=Boris")
    assert page.context["invitation_form"]["email"].value() == "boris@client.example"
    assert "For Boris, named in the brief." in text(page)


def test_thirty_lines_cost_what_one_does(cast, version, project, browse, manager):
    browser, address = browse(manager), f"/projects/{project.pk}/knowledge/"
    place = place_named(project, "F1.0")
    make_competitor(cast, **place.fields)
    make_contact(cast)
    make_forbidden_topic(cast)
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    for _index in range(30):
        make_competitor(cast, **place.fields)
        make_contact(cast, **place.fields)
        make_forbidden_topic(cast)
    with CaptureQueriesContext(connection) as thirty:
        browser.get(address)
    assert len(thirty) == len(one)


def test_a_material_is_asked_for_delivered_and_awaited_again(version, project, browse, specialist, contact):
    browse(specialist).post(
        f"/projects/{project.pk}/materials/new/?from=1.H1.0",
        {"what": "Photos of the roaster", "side": "client", "person": contact.pk, "due_on": "2026-12-01"},
    )
    material = MaterialRequest.objects.get()
    page = text(browse(contact).get(f"/projects/{project.pk}/materials/"))
    assert (material.from_key, "Awaited from us" in page, "question H1" in page) == ("H1", True, True)
    browse(contact).post(f"/materials/{material.pk}/delivery/")
    assert "1 has come" in text(browse(specialist).get(f"/projects/{project.pk}/materials/"))
    browse(contact).post(f"/materials/{material.pk}/undelivery/")
    material.refresh_from_db()
    assert material.delivered_at is None


def test_a_request_to_somebody_of_the_other_side_keeps_what_was_typed(project, browse, specialist):
    words = {"what": "Photos", "side": Side.CLIENT, "person": specialist.pk}
    answer = browse(specialist).post(f"/projects/{project.pk}/materials/new/", words)
    assert (answer.status_code, answer.context["form"]["what"].value()) == (422, "Photos")


def test_a_goal_remembers_the_answer_through_the_form(version, project, browse, manager):
    browser = browse(manager)
    form = browser.get(f"/projects/{project.pk}/goals/new/?from=1.D2.0").context["form"]
    assert form["origin"].value() == "1.D2.0"
    browser.post(f"/projects/{project.pk}/goals/new/", {"statement": "More", "revision": 1, "origin": "1.D2.0"})
    goal = Goal.objects.get()
    assert (goal.from_key, goal.from_row) == ("D2", 0)
    assert "from the brief, version 1, question D2" in text(browser.get(goal.get_absolute_url()))


def test_a_question_becomes_a_task_on_the_page(version, project, browse, manager):
    browse(manager).post(f"/projects/{project.pk}/brief/tasks/?from=1.K1")
    assert (Task.objects.get().side, Task.objects.get().from_key) == ("client", "K1")


# --- Hints on pages ---------------------------------------------------------------------------------------------------

HINT = "VK is excluded in the brief, and there is a goal on it."


def test_a_hint_stands_on_the_brief_the_debrief_and_the_goal(cast, version, project, browse, contact):
    goal = make_goal(cast, statement="12,000 followers on VK by 1 March")
    other = make_goal(cast, statement="500 leads a month")
    browser = browse(contact)
    pages = [f"/projects/{project.pk}/brief/", f"/projects/{project.pk}/debrief/", goal.get_absolute_url()]
    assert [HINT in text(browser.get(page)) for page in pages] == [True, True, True]
    assert HINT not in text(browser.get(other.get_absolute_url()))


def test_hints_speak_russian(cast, version, project, browse, contact):
    make_goal(cast, statement="12 000 подписчиков во ВКонтакте")
    contact.language = "ru"
    contact.save()
    page = text(browse(contact).get(f"/projects/{project.pk}/brief/", headers={"accept-language": "ru"}))
    assert "«ВКонтакте» в\u00a0брифе исключена, а\u00a0цель на\u00a0ней есть." in page


def test_a_program_reads_the_hints(cast, version, project, api, contact):
    goal = make_goal(cast, statement="12,000 followers on VK by 1 March")
    hints = api(contact).get(f"/api/v1/projects/{project.pk}/brief/").json()["hints"]
    assert {"code": "excluded_in_goal", "keys": ["I1"], "goals": [goal.pk], "soft": False, "text": HINT} in hints


# --- The API ----------------------------------------------------------------------------------------------------------


def test_a_program_makes_a_competitor_of_a_line(version, project, api, manager):
    body = {"project": project.pk, "name": "Brew", "from_key": "F1"}
    made = api(manager).post("/api/v1/competitors/", body, format="json")
    found = made.json()
    assert (made.status_code, found) == (
        201,
        {
            "id": found["id"],
            "project": project.pk,
            "name": "Brew",
            "better": "",
            "worse": "",
            "from_version": 1,
            "from_key": "F1",
            "from_row": 0,
            "created_at": found["created_at"],
        },
    )
    assert api(manager).get(f"/api/v1/competitors/?project={project.pk}").json()["results"] == [found]


@pytest.mark.parametrize(
    ("began", "kind"),
    [
        ({"from_key": "Z9"}, "urn:portal:no-such-answer"),
        ({"from_key": "F1", "from_row": 5}, "urn:portal:no-such-line"),
        ({"from_key": "F1", "from_version": 5}, "urn:portal:no-such-answer"),
    ],
)
def test_an_origin_that_is_not_there_is_refused(version, project, api, manager, began, kind):
    body = {"project": project.pk, "name": "Brew", **began}
    answer = api(manager).post("/api/v1/competitors/", body, format="json")
    assert (answer.status_code, answer.json()["type"], Competitor.objects.count()) == (409, kind, 0)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("goals", {"statement": "More", "from_key": "D1"}),
        ("tasks", {"title": "Find out", "side": "client", "from_key": "K1"}),
        ("materials", {"what": "Photos", "from_key": "H1", "from_row": 1}),
        ("contacts", {"name": "Boris", "from_key": "A4"}),
        ("forbidden-topics", {"text": "Politics", "from_key": "G3"}),
    ],
)
def test_every_object_says_where_it_began(version, project, api, manager, address, words):
    client = api(manager)
    made = client.post(f"/api/v1/{address}/", {"project": project.pk, **words}, format="json").json()
    read = client.get(f"/api/v1/{address}/{made['id']}/").json()
    assert (read["from_version"], read["from_key"], read["from_row"]) == (1, words["from_key"], made["from_row"])
    by_hand = {name: value for name, value in words.items() if not name.startswith("from_")}
    plain = client.post(f"/api/v1/{address}/", {"project": project.pk, **by_hand}, format="json").json()
    assert (plain["from_version"], plain["from_key"], plain["from_row"]) == (None, "", None)


@pytest.mark.parametrize(("address", "make"), [("competitors", make_competitor), ("materials", make_material)])
def test_a_list_costs_the_same_with_one_and_with_thirty(cast, version, api, address, make):
    place = place_named(cast.project, "F1.0")
    client = api(cast.manager)
    make(cast, **place.fields)
    client.get(f"/api/v1/{address}/")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/api/v1/{address}/")
    for _index in range(29):
        make(cast, **place.fields)
    with CaptureQueriesContext(connection) as thirty:
        assert len(client.get(f"/api/v1/{address}/").json()["results"]) == 30
    assert len(thirty) == len(one)


def test_a_program_delivers_a_material_once_for_a_key(cast, api):
    material = make_material(cast)
    client, address = api(cast.contact), f"/api/v1/materials/{material.pk}/delivery/"
    answers = [client.post(address, {}, format="json", headers={"Idempotency-Key": "one"}) for _index in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert client.get("/api/v1/materials/?delivered=false").json()["results"] == []
