"""The same verbs in JSON."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects import actions
from projects.models import Answer, BriefVersion, Goal, Project, Task
from projects.questionnaire import QUICK, find_question
from tests.builders import make_goal, make_task
from tests.projects.test_pages import NASTY


def address(name: str, *args) -> str:
    return reverse(f"api:{name}", args=args)


def put(client, project, key: str, **body):
    return client.put(address("brief_answer", project.pk, key), {"revision": 0, **body}, format="json")


def test_a_project_is_opened_with_a_new_client(api, cast, manager):
    answer = api(manager).post(address("projects"), {"name": "Tea", "client_name": "Dairy"}, format="json")
    assert answer.status_code == 201
    project = Project.objects.get(pk=answer.json()["id"])
    assert (project.client.name, project.agency, list(project.team.all())) == ("Dairy", cast.agency, [manager])


def test_a_project_without_a_client_is_told_so(api, manager):
    answer = api(manager).post(address("projects"), {"name": "Tea"}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["client"])


def test_a_stranger_s_client_is_unknown(api, cast, stranger):
    answer = api(stranger).post(address("projects"), {"name": "Tea", "client": cast.client.pk}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["client"])


def test_a_wrong_role_gets_a_sentence(api, project, decider):
    english = {"Accept-Language": "en"}
    answer = api(decider).patch(address("project", project.pk), {"name": "Tea"}, format="json", headers=english)
    assert answer.json()["detail"] == "Only the agency's owner or manager changes the project."


def test_the_basics_change(api, project, manager, specialist):
    body = {"name": "Tea", "team": [specialist.pk], "ends_on": None}
    answer = api(manager).patch(address("project", project.pk), body, format="json")
    assert (answer.json()["name"], answer.json()["team"], answer.json()["ends_on"]) == ("Tea", [specialist.pk], None)


def test_the_brief_brings_its_questions_and_what_is_left(api, brief, project, contact):
    actions.save_answer(brief, "A1", value="Coffee", revision=0, by=contact)
    body = api(contact).get(address("brief", project.pk)).json()
    assert (body["answers"][0]["value"], body["unanswered"][:2], body["latest_version"]) == (
        "Coffee",
        ["A4", "B1"],
        None,
    )
    assert len(body["form"]["sections"]) == 10


def test_the_brief_says_what_is_asked_now(api, detailed, project, contact):
    client = api(contact)
    body = client.get(address("brief", project.pk)).json()
    assert ("I3" in body["asked"], body["unanswered"]) == (False, [])
    assert body["progress"] == {"done": 14, "total": 58, "minutes": 86}
    put(client, project, "I2", value={"choice": "both"})
    body = client.get(address("brief", project.pk)).json()
    assert ("I3" in body["asked"], body["progress"]) == (True, {"done": 15, "total": 59, "minutes": 86})


def test_the_brief_is_extended_once(api, brief, project, contact):
    client = api(contact)
    bodies = [client.post(address("brief_extension", project.pk)).json() for _time in (1, 2)]
    assert [(len(body["form"]["sections"]), body["progress"]["total"]) for body in bodies] == [(11, 58), (11, 58)]


def test_versions_are_compared(api, filled, version, project, contact):
    actions.save_answer(filled, "A1", value="We roast fine coffee.", revision=1, by=contact)
    actions.submit_brief(filled, by=contact)
    client = api(contact)
    body = client.get(address("brief_difference", project.pk, 2) + "?from=1").json()
    assert body == {
        "from": 1,
        "to": 2,
        "answers": [
            {
                "key": "A1",
                "section": "A",
                "label": find_question(QUICK, "A1")["label"],
                "change": "changed",
                "pieces": [
                    {"change": "same", "text": "We roast "},
                    {"change": "added", "text": "fine "},
                    {"change": "same", "text": "coffee."},
                ],
            }
        ],
    }
    assert client.get(address("brief_difference", project.pk, 2)).json() == body
    statuses = [
        client.get(address("brief_difference", project.pk, 2) + query).status_code for query in ("?from=x", "?from=7")
    ]
    assert statuses == [400, 404]


def test_an_answer_is_put(api, brief, project, contact):
    answer = put(api(contact), project, "A1", value="Coffee")
    body = {**answer.json(), "answered_at": "…"}
    assert body == {
        "key": "A1",
        "value": "Coffee",
        "unknown": False,
        "revision": 1,
        "by": "Katya",
        "link_from": "",
        "answered_at": "…",
    }


def test_nothing_to_keep_says_so(api, brief, project, contact):
    assert put(api(contact), project, "A1", value="").status_code == 204


def test_of_two_who_write_at_once_the_second_gets_what_is_there(api, brief, project, contact, decider):
    put(api(contact), project, "A1", value="Katya's")
    answer = put(api(decider), project, "A1", value="Dmitry's")
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "urn:portal:changed-meanwhile")
    assert (problem["current"], problem["revision"]) == ("Katya's", 1)


@pytest.mark.parametrize("text", NASTY)
def test_any_text_comes_back_as_it_went(api, brief, project, contact, text):
    assert put(api(contact), project, "A1", value=text).json()["value"] == text


@pytest.mark.parametrize("value", ["a\x00b", "x" * 10_001, 5, ["x"], {"a": 1}])
def test_nonsense_is_refused_in_words(api, brief, project, contact, value):
    answer = put(api(contact), project, "A1", value=value)
    assert (answer.status_code, bool(answer.json()["detail"])) == (409, True)
    assert not Answer.objects.exists()


def test_half_of_a_character_is_refused_in_words(api, brief, project, contact):
    body = rb'{"revision": 0, "value": "\ud800"}'
    answer = api(contact).put(address("brief_answer", project.pk, "A1"), body, content_type="application/json")
    assert answer.status_code == 409
    assert not Answer.objects.exists()


def test_a_question_that_is_not_there(api, brief, project, contact):
    assert put(api(contact), project, "Z9", value="x").status_code == 404


def test_submitting_twice_gives_one_version(api, filled, project, contact):
    client = api(contact)
    numbers = [client.post(address("brief_submission", project.pk)).json()["number"] for _index in range(2)]
    assert numbers == [1, 1]
    assert BriefVersion.objects.count() == 1


def test_what_is_left_comes_as_keys(api, brief, project, contact):
    problem = api(contact).post(address("brief_submission", project.pk)).json()
    assert (problem["type"], len(problem["keys"])) == ("urn:portal:unanswered", 14)


def test_a_version_brings_its_whole_text(api, version, project, viewer):
    body = api(viewer).get(address("brief_version", project.pk, 1)).json()
    assert body["content"] == version.content


def test_the_clients_people_get_the_shared_text_alone(api, shared, project, manager, decider):
    actions.write_understanding(shared.version, texts={"A": "An internal thought"}, by=manager)
    seen = {
        person: api(person).get(address("debrief", project.pk)).json()["sections"][0] for person in (manager, decider)
    }
    assert seen == {
        manager: {
            "section": "A",
            "shared_text": "You roast coffee.",
            "understanding": "An internal thought",
            "revision": 3,
        },
        decider: {"section": "A", "shared_text": "You roast coffee.", "understanding": None, "revision": None},
    }


def test_a_remark_and_a_confirmation(api, shared, project, contact, manager, decider):
    body = {"section": "A", "text": "And tea."}
    assert api(contact).post(address("debrief_remarks", project.pk), body, format="json").status_code == 201
    assert api(manager).post(address("debrief_sharing", project.pk)).json()["shared_count"] == 2
    answer = api(decider).post(address("debrief_confirmation", project.pk), {"shared_count": 1}, format="json")
    assert answer.json()["type"] == "urn:portal:changed-meanwhile"
    answer = api(decider).post(address("debrief_confirmation", project.pk), {"shared_count": 2}, format="json")
    assert (answer.status_code, answer.json()["side_to_move"]) == (201, None)


def test_a_goal_goes_from_draft_to_agreed(api, cast, project, manager, decider):
    words = dict.fromkeys(Goal.CRITERIA, "x")
    body = {"project": project.pk, "statement": "Twelve thousand", "due_on": "2027-03-01", **words}
    goal = api(manager).post(address("goals"), body, format="json").json()
    assert (goal["status"], goal["missing"], goal["revision"]) == ("draft", [], 1)
    goal = api(manager).post(address("goal_proposal", goal["id"])).json()
    assert goal["side_to_agree"] == "client"
    goal = api(decider).post(address("goal_agreement", goal["id"]), {"revision": 1}, format="json").json()
    assert goal["status"] == "agreed"


def test_editing_a_goal_needs_its_revision(api, cast, manager):
    answer = api(manager).patch(address("goal", make_goal(cast).pk), {"statement": "Ten"}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["revision"])


@pytest.mark.parametrize("text", ["", "a\x00b", "x" * 10_001])
def test_a_goal_of_nonsense_is_told_at_its_field(api, project, manager, text):
    answer = api(manager).post(address("goals"), {"project": project.pk, "statement": text}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["statement"])


@pytest.mark.parametrize("name", ["goals", "tasks"])
def test_a_foreign_project_is_not_there(api, project, stranger, name):
    body = {"project": project.pk, "statement": "x", "title": "x", "side": "client"}
    assert api(stranger).post(address(name), body, format="json").status_code == 404


def test_a_task_is_added_finished_and_undone(api, project, manager, contact):
    body = {"project": project.pk, "title": "Send the logo", "side": "client", "assignee": contact.pk}
    task = api(manager).post(address("tasks"), body, format="json").json()
    done = api(contact).post(address("task_completion", task["id"])).json()["done_at"]
    assert api(contact).post(address("task_completion", task["id"])).json()["done_at"] == done
    assert api(contact).delete(address("task_completion", task["id"])).status_code == 204
    assert Task.objects.get().done_at is None


def test_a_goal_of_another_project_is_refused(api, cast, project, manager):
    other = actions.create_project(cast.agency, client=cast.client, name="Tea", by=manager)
    body = {"project": project.pk, "title": "x", "side": "client", "goal": make_goal(cast, project=other).pk}
    assert api(manager).post(address("tasks"), body, format="json").json()["type"] == "urn:portal:foreign-goal"


@pytest.mark.parametrize(
    ("query", "titles"), [("?done=true", ["Done"]), ("?done=false", ["Open"]), ("?side=agency", [])]
)
def test_tasks_are_chosen_by_what_they_are(api, cast, manager, contact, query, titles):
    make_task(cast, title="Open")
    actions.finish_task(make_task(cast, title="Done"), by=contact)
    found = api(manager).get(address("tasks") + query).json()["results"]
    assert [task["title"] for task in found] == titles


@pytest.mark.parametrize("name", ["projects", "goals", "tasks"])
def test_thirty_rows_cost_as_much_as_one(api, cast, manager, name):
    client = api(manager)
    counts = []
    for number in (1, 29):
        for _index in range(number):
            goal = make_goal(cast)
            make_task(cast, goal=goal)
            actions.create_project(cast.agency, client=cast.client, name="Tea", by=manager)
        client.get(address(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(name))
        counts.append(len(queries))
    assert counts[0] == counts[1]
