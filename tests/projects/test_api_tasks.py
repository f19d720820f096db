"""Everything about tasks through the API."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects import actions
from projects.models import Absence, Effort, Goal, Recurrence, Task
from smmportal.demo.clock import moved_to
from tests.builders import make_absence, make_effort, make_goal, make_kpi, make_recurrence, make_step, make_task
from tests.projects.test_actions_projects import create
from tests.projects.test_pages_tasks import busy


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with moved_to(datetime(2026, 11, 23, 9, tzinfo=UTC)):
        yield


def address(name: str, *args: object) -> str:
    return reverse(f"api:{name}", args=args)


def send(client, method: str, where: str, body: object = None):
    return getattr(client, method)(where, body, format="json")


def titles(answer) -> list[str]:
    return sorted(task["title"] for task in answer.json()["results"])


def test_a_task_tells_everything(api, cast, project, manager, contact):
    body = {
        "project": project.pk,
        "title": "Send the logo",
        "description": "In vectors.",
        "side": "client",
        "assignee": contact.pk,
        "priority": "high",
        "due_on": "2026-12-01",
        "estimate": "2.5",
        "goal": make_goal(cast).pk,
    }
    client = api(manager)
    task = send(client, "post", address("tasks"), body).json()
    assert {name: task[name] for name in body} == {**body, "estimate": "2.50"}
    first = send(client, "post", address("tasks"), {"project": project.pk, "title": "Draw it", "side": "agency"}).json()
    send(client, "post", address("dependencies", task["id"]), {"first": first["id"]})
    step = send(client, "post", address("checklist", task["id"]), {"text": "Find it"}).json()
    send(client, "post", address("efforts", task["id"]), {"hours": "1.25"})
    told = client.get(address("task", task["id"])).json()
    assert {name: told[name] for name in ("state", "waits_on", "is_blocked", "waits_for", "spent", "checklist")} == {
        "state": "planned",
        "waits_on": "agency",
        "is_blocked": True,
        "waits_for": [first["id"]],
        "spent": "1.25",
        "checklist": [{"id": step["id"], "text": "Find it", "position": 1, "done_at": None, "done_by": None}],
    }
    assert (told["origin"], told["origin_url"], told["recurrence"]) == ("hand", "", None)


def test_a_task_moves_through_its_states(api, cast, contact):
    task, client = make_task(cast), api(contact)
    told = [
        send(client, "put", address("task_state", task.pk), {"state": state}).json()
        for state in ("doing", "review", "done", "planned")
    ]
    assert [(row["state"], row["waits_on"]) for row in told] == [
        ("doing", "client"),
        ("review", "agency"),
        ("done", None),
        ("planned", "client"),
    ]
    answer = send(client, "put", address("task_state", task.pk), {"state": "elsewhere"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["state"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("estimate", "-1"), ("estimate", "0"), ("priority", "huge"), ("due_on", "soon"), ("title", "x" * 301)],
)
def test_nonsense_is_told_at_its_field(api, cast, contact, field, value):
    answer = send(api(contact), "patch", address("task", make_task(cast).pk), {field: value})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Film", "Late", "Logo", "Post"]),
        ("side=client", ["Logo"]),
        ("waits_on=client", ["Logo", "Post"]),
        ("priority=urgent", ["Late"]),
        ("state=doing", ["Film"]),
        ("overdue=true", ["Late"]),
        ("overdue=false", ["Film", "Logo", "Post"]),
        ("mine=true", ["Late", "Post"]),
        ("assignee={contact}", ["Logo"]),
        ("goal={goal}", ["Logo"]),
        ("project={project}", ["Film", "Logo", "Post"]),
    ],
)
def test_tasks_are_chosen(api, cast, project, manager, contact, specialist, query, found):
    goal = make_goal(cast)
    logo = make_task(cast, title="Logo", goal=goal)
    post = make_task(cast, title="Post", side="agency", assignee=manager)
    actions.wait_for(post, first=logo, by=manager)
    actions.move_task(make_task(cast, title="Film", side="agency", assignee=specialist), state="doing", by=manager)
    late = {"side": "agency", "assignee": None, "priority": "urgent", "due_on": date(2026, 11, 20)}
    make_task(cast, title="Late", project=create(cast), **late)
    query = query.format(contact=contact.pk, goal=goal.pk, project=project.pk)
    assert titles(api(manager).get(f"{address('tasks')}?{query}")) == found


def test_overdue_is_told_by_the_day_of_the_project(api, cast, project, manager):
    """At 21:30 in UTC it is the next day in Moscow already, and not yet in Lisbon."""
    lisbon = create(cast)
    lisbon.timezone = "Europe/Lisbon"
    lisbon.save()
    make_task(cast, title="Moscow", due_on=date(2026, 11, 23))
    make_task(cast, title="Lisbon", due_on=date(2026, 11, 23), project=lisbon)
    client = api(manager)
    with moved_to(datetime(2026, 11, 23, 21, 30, tzinfo=UTC)):
        assert titles(client.get(address("tasks") + "?overdue=true")) == ["Moscow"]


def test_the_checklist(api, cast, contact):
    task, client = make_task(cast), api(contact)
    first, second = (make_step(cast, task=task, text=text) for text in "AB")
    line = send(client, "patch", address("checklist_line", second.pk), {"text": "C", "position": 1}).json()
    assert (line["text"], line["position"]) == ("C", 1)
    assert send(client, "post", address("checklist_tick", first.pk)).json()["done_by"] == contact.pk
    assert client.delete(address("checklist_tick", first.pk)).status_code == 204
    assert client.delete(address("checklist_line", second.pk)).status_code == 204
    assert list(task.checklist.values_list("text", "position", "done_at")) == [("A", 1, None)]


def test_hours(api, cast, contact, manager):
    task, client = make_task(cast), api(contact)
    effort = send(client, "post", address("efforts", task.pk), {"hours": "1.5", "on": "2026-11-20"}).json()
    assert (effort["by"], effort["on"], effort["hours"], effort["note"]) == (contact.pk, "2026-11-20", "1.50", "")
    assert client.get(address("efforts", task.pk)).json()["results"] == [effort]
    answer = api(manager).delete(address("effort", effort["id"]))
    assert (answer.status_code, Effort.objects.count()) == (403, 1)
    assert client.delete(address("effort", effort["id"])).status_code == 204


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"hours": "0"}, "no-hours"),
        ({"hours": "-1"}, "below-zero"),
        ({"hours": "1", "on": "2026-11-24"}, "future-day"),
        ({"hours": "25"}, "invalid"),
        ({}, "invalid"),
    ],
)
def test_hours_that_can_not_be(api, cast, contact, body, code):
    answer = send(api(contact), "post", address("efforts", make_task(cast).pk), body)
    assert answer.json()["type"] == f"urn:portal:{code}"


def test_a_circle_is_a_conflict(api, cast, contact):
    post, logo, client = make_task(cast), make_task(cast), api(contact)
    assert send(client, "post", address("dependencies", post.pk), {"first": logo.pk}).status_code == 201
    answer = send(client, "post", address("dependencies", logo.pk), {"first": post.pk})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:circle")
    assert client.delete(address("dependency", post.pk, logo.pk)).status_code == 204
    assert Task.objects.get(pk=post.pk).dependencies.count() == 0


# --- Several at once ------------------------------------------------------------------------------------------------


def many(client, tasks: list[Task], verb: str, **more: object):
    return send(client, "post", address("many_tasks"), {"tasks": [task.pk for task in tasks], "verb": verb, **more})


def test_several_are_changed_finished_and_reopened(api, cast, manager, decider):
    tasks, client = [make_task(cast), make_task(cast)], api(manager)
    wanted = {"assignee": decider.pk, "due_on": None, "priority": "low", "state": "doing"}
    told = many(client, tasks, "change", change=wanted).json()
    assert [{name: row[name] for name in wanted} for row in told] == [wanted] * 2
    assert [row["state"] for row in many(client, tasks, "finish").json()] == ["done", "done"]
    assert [row["state"] for row in many(client, tasks, "reopen").json()] == ["doing", "doing"]


def test_all_or_none(api, cast, manager, decider):
    tasks = [make_task(cast), make_task(cast, side="agency", assignee=None)]
    answer = many(api(manager), tasks, "change", change={"assignee": decider.pk, "priority": "low"})
    assert (answer.status_code, answer.json()["type"], answer.json()["tasks"]) == (
        409,
        "urn:portal:not-all",
        [tasks[1].pk],
    )
    assert list(Task.objects.values_list("priority", flat=True)) == ["normal", "normal"]


def test_a_foreign_task_among_them_is_unknown(api, cast, manager, stranger):
    task = make_task(cast)
    answer = many(api(stranger), [task], "finish")
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {"tasks": [f"There is no task with the id {task.pk}."]},
    )
    assert Task.objects.open().count() == 1


@pytest.mark.parametrize("tasks", [[], [0], [10**30], "x", [None]])
def test_nonsense_instead_of_tasks(api, manager, tasks):
    answer = send(api(manager), "post", address("many_tasks"), {"tasks": tasks, "verb": "finish"})
    assert answer.status_code == 400


def test_to_change_nothing_is_a_conflict(api, cast, manager):
    assert many(api(manager), [make_task(cast)], "change").status_code == 409


def test_the_same_request_twice_changes_once(api, cast, manager):
    task, client = make_task(cast), api(manager)
    body = {"hours": "1"}
    answers = [
        client.post(address("efforts", task.pk), body, format="json", headers={"Idempotency-Key": "one"})
        for _time in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Effort.objects.count() == 1


# --- Away, over, again ----------------------------------------------------------------------------------------------


def test_away(api, contact, decider, manager):
    body = {"substitute": decider.pk, "starts_on": "2026-12-01", "ends_on": "2026-12-07"}
    absence = send(api(contact), "post", address("absences"), body).json()
    assert absence == {"id": absence["id"], "person": contact.pk, **body}
    assert api(decider).get(address("absences")).json()["results"] == [absence]
    assert api(manager).get(address("absences")).json()["results"] == []
    assert api(contact).delete(address("absence", absence["id"])).status_code == 204
    assert not Absence.objects.exists()


def test_what_is_mine_counts_whom_i_stand_in_for(api, cast, decider):
    make_absence(cast)
    make_task(cast)
    assert titles(api(decider).get(address("tasks") + "?mine=true")) == ["Send the logo"]


def test_everything_of_mine_is_handed_over(api, cast, contact, viewer, decider):
    tasks = [make_task(cast), make_task(cast)]
    make_task(cast, assignee=None)
    left = send(api(contact), "post", address("hand_over"), {"to": viewer.pk})
    assert left.status_code == 400  # viewers are nobody to give tasks to
    told = send(api(contact), "post", address("hand_over"), {"to": decider.pk}).json()
    assert told == {"moved": [task.pk for task in tasks], "left": []}
    assert list(Task.objects.order_by("id").values_list("assignee__name", flat=True)) == ["Dmitry", "Dmitry", None]


def test_what_was_left_says_why(api, cast, manager, colleague_task):
    told = send(
        api(manager), "post", address("hand_over"), {"to": cast.colleague.pk, "tasks": [colleague_task.pk]}
    ).json()
    assert told == {
        "moved": [],
        "left": [{"task": colleague_task.pk, "why": "Colleague does not work on this project"}],
    }


@pytest.fixture
def colleague_task(cast, manager):
    return make_task(cast, side="agency", assignee=manager)


def test_again_and_again(api, project, manager):
    body = {
        "project": project.pk,
        "title": "Report",
        "side": "agency",
        "frequency": "monthly",
        "interval": 1,
        "month_day": 31,
        "starts_on": "2026-11-23",
    }
    client = api(manager)
    begun = send(client, "post", address("recurrences"), body).json()
    assert {name: begun[name] for name in body} == body
    assert client.get(address("tasks")).json()["results"][0]["recurrence"] == begun["id"]
    where = address("recurrence", begun["id"])
    changed = send(client, "patch", where, {"frequency": "weekly", "weekdays": [4, 0, 4]}).json()
    assert (changed["frequency"], changed["weekdays"], changed["title"]) == ("weekly", [0, 4], "Report")
    ended = send(client, "post", address("recurrence_ending", begun["id"])).json()
    assert ended["ended_at"] is not None
    assert client.get(address("recurrences") + "?ended=false").json()["results"] == []


@pytest.mark.parametrize(
    "fields", [{"month_day": 32}, {"month_day": 0}, {"weekdays": [7]}, {"interval": 0}, {"interval": 53}]
)
def test_no_such_day(api, cast, manager, fields):
    answer = send(api(manager), "patch", address("recurrence", make_recurrence(cast).pk), fields)
    assert (answer.status_code, [name.split(".")[0] for name in answer.json()["errors"]]) == (400, list(fields))
    assert Recurrence.objects.values_list("weekdays", "interval", "month_day").get() == ([0], 1, None)


def test_effort_of_the_goals(api, cast, project, manager):
    goal = cast.get(Goal)
    make_effort(cast, task=make_task(cast, goal=goal, estimate=Decimal(4)), hours=Decimal("1.5"))
    make_kpi(cast, goal=goal)
    make_task(cast)
    hours = {"estimate": "4.00", "unestimated": 0, "spent": "1.50"}
    none = {"estimate": None, "unestimated": 1, "spent": "0.00"}
    unknown = {"done": "0.0000", "unknown": "1.0000", "kpis": 1}
    assert api(manager).get(address("project_effort", project.pk)).json() == [
        {"goal": goal.pk, "total": 1, "done": 0, **hours, "progress": unknown},
        {"goal": None, "total": 1, "done": 0, **none, "progress": {"done": None, "unknown": None, "kpis": 0}},
    ]


@pytest.mark.parametrize("name", ["tasks", "recurrences", "tasks?mine=true&overdue=false"])
def test_thirty_cost_as_much_as_one(api, cast, project, manager, name):
    name, _mark, query = name.partition("?")
    client, counts = api(manager), []
    for number in (1, 29):
        for _index in range(number):
            busy(cast, project)
        client.get(f"{address(name)}?{query}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{address(name)}?{query}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
