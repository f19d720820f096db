"""The pages about tasks as a browser without JavaScript meets them, and as the board's script does."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projects import actions
from projects.models import Absence, BriefVersion, ChecklistItem, Dependency, Effort, Recurrence, Task
from smmportal.demo.clock import moved_to
from smmportal.people.models import Role
from tests.builders import (
    join,
    make_absence,
    make_brief_version,
    make_dependency,
    make_effort,
    make_goal,
    make_kpi,
    make_recurrence,
    make_step,
    make_task,
)
from tests.projects.test_actions_projects import create

NASTY = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """A Monday at noon in Moscow: the week is still ahead."""
    with moved_to(datetime(2026, 11, 23, 9, tzinfo=UTC)):
        yield


def page_of(name: str, *args: object) -> str:
    return reverse(f"projects:{name}", args=args)


def lines(page: str) -> list[tuple]:
    """What the list shows: each group with its tasks."""
    groups = re.findall(r'id="group-(\w+)"(.*?)</ul>', page, re.DOTALL)
    return [(name, re.findall(r'class="task-title"><a [^>]*>([^<]+)<', body)) for name, body in groups]


def shown(page: str) -> list[str]:
    return [title for _group, titles in lines(page) for title in titles]


# --- The list of a project ------------------------------------------------------------------------------------------


def test_what_is_late_is_on_top(cast, browse, manager, project):
    for title, due_on in (
        ("undated", None),
        ("later", date(2026, 11, 30)),
        ("sunday", date(2026, 11, 29)),
        ("today", date(2026, 11, 23)),
        ("late", date(2026, 11, 20)),
    ):
        make_task(cast, title=title, due_on=due_on)
    make_task(cast, title="not of this project", project=create(cast))
    assert lines(browse(manager).get(page_of("tasks", project.pk)).text) == [
        ("overdue", ["late"]),
        ("today", ["today"]),
        ("week", ["sunday"]),
        ("later", ["later"]),
        ("undated", ["undated"]),
    ]


def test_on_one_day_the_more_pressing_comes_first(cast, browse, manager, project):
    for priority in ("low", "urgent", "normal", "high"):
        make_task(cast, title=priority, priority=priority)
    assert shown(browse(manager).get(page_of("tasks", project.pk)).text) == ["urgent", "high", "normal", "low"]


@pytest.fixture
def plan(cast, manager):
    """Four tasks that differ in everything."""
    goal = make_goal(cast)
    logo = make_task(cast, title="Logo", priority="high", goal=goal)
    post = make_task(cast, title="Post", side="agency", assignee=manager)
    actions.wait_for(post, first=logo, by=manager)
    actions.move_task(make_task(cast, title="Text", side="agency", assignee=manager), state="review", by=manager)
    actions.move_task(make_task(cast, title="Film", side="agency", assignee=None), state="doing", by=manager)
    return {"goal": goal.pk, "manager": manager.pk, "contact": cast.contact.pk}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Film", "Logo", "Post", "Text"]),
        ("side=client", ["Logo", "Post", "Text"]),
        ("side=agency", ["Film"]),
        ("person={manager}", ["Post", "Text"]),
        ("priority=high", ["Logo"]),
        ("state=review", ["Text"]),
        ("state=planned&side=client", ["Logo", "Post"]),
        ("goal={goal}", ["Logo"]),
        ("goal=99999&side=nonsense&sort=nonsense&state=\x00", ["Film", "Logo", "Post", "Text"]),
        ("person={contact}&state=done", []),
    ],
)
def test_the_address_chooses(browse, manager, project, plan, query, titles):
    page = browse(manager).get(f"{page_of('tasks', project.pk)}?{query.format(**plan)}")
    assert (page.status_code, sorted(shown(page.text))) == (200, titles)


@pytest.mark.parametrize(
    ("sort", "titles"), [("newest", ["Film", "Text", "Post", "Logo"]), ("priority", ["Logo", "Post", "Text", "Film"])]
)
def test_the_address_sorts(browse, manager, project, plan, sort, titles):
    Task.objects.update(due_on=None)
    assert shown(browse(manager).get(f"{page_of('tasks', project.pk)}?sort={sort}").text) == titles


def test_it_is_said_whose_move_it_is_and_why(browse, manager, project, plan):
    page = browse(manager).get(f"{page_of('tasks', project.pk)}?side=client&person={manager.pk}").text
    assert page.count("side-client") >= 2
    assert "waits for another task" in page
    assert "For review" in page


def test_viewers_see_the_tasks_of_their_projects_and_no_buttons(browse, viewer, cast):
    make_task(cast)
    page = browse(viewer).get(page_of("my_tasks") + "?whose=all").text
    assert "Send the logo" in page
    assert [where for where in ("/completion/", "/tasks/bulk/", "/tasks/away/") if where in page] == []


def test_a_narrowed_list_says_by_what_and_leads_back_to_all(browse, manager, contact, project, plan):
    address = page_of("tasks", project.pk)
    page = browse(manager).get(f"{address}?priority=high&person={contact.pk}&sort=newest").text
    assert f"Person: {contact} · Priority: High" in page
    assert ('href="?">Show all' in page, 'href="?">Show all' in browse(manager).get(address).text) == (True, False)


def test_viewers_see_the_list_and_no_buttons(browse, viewer, project, plan):
    page = browse(viewer).get(page_of("tasks", project.pk)).text
    assert len(shown(page)) == 4
    assert 'name="task"' not in page
    assert "completion" not in page


def test_any_words_are_shown_as_text(browse, cast, manager, project):
    task = make_task(cast, title=NASTY, description=NASTY)
    make_step(cast, task=task, text=NASTY)
    make_effort(cast, task=task, note=NASTY)
    actions.edit_task(task, by=manager, title=NASTY + "!")
    for address in (task.get_absolute_url(), page_of("tasks", project.pk), page_of("task_board", project.pk)):
        assert "<script>alert" not in browse(manager).get(address).text


def test_one_press_undoes_what_was_just_finished(browse, cast, contact, project):
    task, browser = make_task(cast), browse(contact)
    plan = page_of("tasks", project.pk)
    done = browser.post(page_of("task_completion", task.pk), headers={"Referer": f"http://testserver{plan}?sort=due"})
    assert done.url == f"{plan}?sort=due"
    page = browser.get(plan).text
    assert "Done: “Send the logo”" in page
    assert f'name="task" value="{task.pk}"' in page
    browser.post(page_of("many_tasks"), {"task": [task.pk], "verb": "reopen"})
    assert Task.objects.get().done_at is None
    assert "Done: “" not in browser.get(plan).text


# --- A task's own page ----------------------------------------------------------------------------------------------


def test_everything_about_a_task_is_on_its_page(browse, cast, manager, contact, project):
    task = make_task(cast, description="In vectors.", estimate=Decimal(4), goal=make_goal(cast), priority="high")
    actions.tick_step(make_step(cast, task=task, text="Find the file"), by=contact)
    actions.spend(task, hours=Decimal("1.5"), note="Searched", by=contact)
    actions.wait_for(task, first=make_task(cast, title="Draw it", side="agency", assignee=None), by=manager)
    actions.edit_task(task, by=manager, due_on=date(2026, 12, 5), priority="urgent")
    page = browse(manager).get(task.get_absolute_url()).text
    for words in (
        "In vectors.",
        '<s class="soft">Find the file</s>',
        "1.5 h spent of 4 h estimated.",
        "Searched",
        "Draw it",
        "Twelve thousand followers by 1 March",
        "By when: 1\u00a0December 2026 → 5\u00a0December 2026",
        "Priority: High → Urgent",
        "Ticked off: Find the file",
        "Now waits for: Draw it",
        "1.5 h written down for 23\u00a0November 2026.",
    ):
        assert words in page, words


def test_the_task_links_to_what_it_came_from(browse, cast, manager):
    task = make_task(cast, origin="brief")
    assert task.origin_url == f"/projects/{cast.project.pk}/brief/"
    assert make_task(cast, origin="meeting", origin_id=7).origin_url == "/meetings/7/"
    assert [make_task(cast, origin=origin).origin_url for origin in ("hand", "meeting", "idea")] == ["", "", ""]
    assert f'href="{task.origin_url}">The brief' in browse(manager).get(task.get_absolute_url()).text


def test_the_task_links_to_the_answer_it_began_as(browse, cast, manager):
    task = make_task(cast, origin="brief", from_version=make_brief_version(cast), from_key="A1")
    assert task.origin_url == f"/projects/{cast.project.pk}/brief/versions/1/#A1"
    page = browse(manager).get(task.get_absolute_url()).text
    assert f'href="{task.origin_url}">from the brief, version 1, question A1<' in page


def test_the_checklist_by_page(browse, cast, contact):
    task, browser = make_task(cast), browse(contact)
    for text in ("A", "B"):
        answer = browser.post(page_of("add_step", task.pk), {"text": text})
    assert answer.url == f"/tasks/{task.pk}/#checklist"
    first, second = ChecklistItem.objects.all()
    browser.post(page_of("tick_step", first.pk))
    browser.post(page_of("place_step", second.pk), {"position": "1"})
    browser.post(page_of("edit_step", second.pk), {"text": "B, first"})
    rows = list(ChecklistItem.objects.values_list("text", "position", "done_by__name"))
    assert rows == [("B, first", 1, None), ("A", 2, "Katya")]
    browser.post(page_of("untick_step", first.pk))
    browser.post(page_of("remove_step", second.pk))
    assert list(ChecklistItem.objects.values_list("text", "position", "done_by")) == [("A", 1, None)]


def test_an_empty_step_is_told_at_its_field(browse, cast, contact):
    answer = browse(contact).post(page_of("add_step", make_task(cast).pk), {"text": " "})
    assert (answer.status_code, "This field is required" in answer.text) == (422, True)


def test_hours_by_page_as_people_write_them(browse, cast, contact):
    task, browser = make_task(cast), browse(contact, headers={"Accept-Language": "ru"})
    browser.post(page_of("add_effort", task.pk), {"hours": "1,5", "on": "2026-11-20", "note": "Искала"})
    effort = Effort.objects.get()
    assert (effort.hours, effort.on, effort.note, effort.by) == (Decimal("1.5"), date(2026, 11, 20), "Искала", contact)
    browser.post(page_of("take_back_effort", effort.pk))
    assert not Effort.objects.exists()


@pytest.mark.parametrize(
    ("hours", "why"), [("0", "how many hours"), ("-1", "more hours than"), ("25", "24"), ("much", "number")]
)
def test_hours_that_can_not_be_keep_what_was_typed(browse, cast, contact, hours, why):
    sent = {"hours": hours, "on": "2026-11-20", "note": "Searched"}
    answer = browse(contact).post(page_of("add_effort", make_task(cast).pk), sent)
    assert (answer.status_code, why in answer.text, 'value="Searched"' in answer.text) == (422, True, True)


def test_what_has_to_be_first_by_page(browse, cast, contact):
    post, logo, browser = make_task(cast, title="Post"), make_task(cast, title="Logo"), browse(contact)
    browser.post(page_of("add_dependency", post.pk), {"first": logo.pk})
    answer = browser.post(page_of("add_dependency", logo.pk), {"first": post.pk}, follow=True)
    assert "“Post” itself waits for this task" in answer.text
    assert Dependency.objects.values_list("task", "first").get() == (post.pk, logo.pk)
    browser.post(page_of("remove_dependency", post.pk, logo.pk))
    assert not Dependency.objects.exists()


@pytest.mark.parametrize("first", ["", "x", "0", "9" * 30])
def test_a_first_that_is_not_there(browse, cast, contact, first):
    assert browse(contact).post(page_of("add_dependency", make_task(cast).pk), {"first": first}).status_code == 404


def test_a_strangers_task_is_no_first(browse, cast, contact):
    task = make_task(cast)
    elsewhere = create(cast)
    elsewhere.client = cast.other_client
    elsewhere.save()
    hidden = make_task(cast, title="Secret", project=elsewhere, assignee=None)
    browser = browse(contact)
    assert browser.post(page_of("add_dependency", task.pk), {"first": hidden.pk}).status_code == 404
    assert "Secret" not in browser.get(task.get_absolute_url()).text


# --- The board ------------------------------------------------------------------------------------------------------


def columns(page: str) -> dict[str, list[str]]:
    parts = re.findall(r'data-state="(\w+)"(.*?)</section>', page, re.DOTALL)
    return {state: re.findall(r'class="task-title"><a [^>]*>([^<]+)<', body) for state, body in parts}


def test_the_board_has_four_columns(browse, manager, project, plan, cast):
    actions.finish_task(make_task(cast, title="Old"), by=manager)
    assert columns(browse(manager).get(page_of("task_board", project.pk)).text) == {
        "planned": ["Logo", "Post"],
        "doing": ["Film"],
        "review": ["Text"],
        "done": ["Old"],
    }


def test_a_card_is_moved_by_its_form(browse, cast, contact, project):
    task = make_task(cast)
    board = page_of("task_board", project.pk)
    answer = browse(contact).post(
        page_of("task_state", task.pk), {"state": "doing"}, headers={"Referer": f"http://testserver{board}"}
    )
    assert answer.url == board
    assert Task.objects.get().state == "doing"


def test_a_script_is_answered_in_json(browse, cast, contact, project, manager):
    task, browser = make_task(cast), browse(contact)
    json = {"Accept": "application/json"}
    assert browser.post(page_of("task_state", task.pk), {"state": "review"}, headers=json).status_code == 200
    answer = browser.post(page_of("task_state", task.pk), {"state": "elsewhere"}, headers=json)
    assert (answer.status_code, answer.json()["sentence"]) == (
        422,
        "There is no such column. Reload the page and try again.",
    )
    actions.close_project(project, by=manager)
    answer = browser.post(page_of("task_state", task.pk), {"state": "planned"}, headers=json)
    assert answer.json()["sentence"].startswith("This project is closed.")
    assert Task.objects.get().state == "review"


# --- My tasks across projects ---------------------------------------------------------------------------------------


@pytest.fixture
def second(cast):
    """Another project of the same two sides, where the manager works and the specialist does not."""
    return create(cast)


@pytest.fixture
def everywhere(cast, second, manager, specialist, contact):
    """Tasks of two projects. The decision-maker and the manager have different ones."""
    make_task(cast, title="contact’s")
    make_task(cast, title="nobody’s of the client", assignee=None)
    make_task(cast, title="manager’s there", project=second, side="agency", assignee=manager)
    make_task(cast, title="nobody’s of the agency there", project=second, side="agency", assignee=None)
    make_task(cast, title="specialist’s", side="agency", assignee=specialist)
    actions.move_task(
        make_task(cast, title="to look at", side="agency", assignee=specialist), state="review", by=specialist
    )
    actions.finish_task(make_task(cast, title="done", assignee=contact), by=contact)


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("contact", ["contact’s", "nobody’s of the client", "to look at"]),
        ("decider", ["nobody’s of the client", "to look at"]),
        ("manager", ["manager’s there", "nobody’s of the agency there"]),
        ("specialist", ["specialist’s", "to look at"]),
        ("viewer", []),
        ("stranger", []),
        ("colleague", []),
        ("neighbour", []),
    ],
)
def test_my_tasks_are_mine(browse, cast, everywhere, who, titles):
    page = browse(getattr(cast, who)).get(page_of("my_tasks"))
    assert sorted(shown(page.text)) == titles


def test_a_closed_project_has_no_work(browse, cast, everywhere, second, manager):
    actions.close_project(second, by=manager)
    assert shown(browse(manager).get(page_of("my_tasks")).text) == []


def test_everybodys_are_those_of_my_projects(browse, cast, everywhere, specialist, stranger):
    address = page_of("my_tasks") + "?whose=all"
    assert sorted(shown(browse(specialist).get(address).text)) == [
        "contact’s",
        "nobody’s of the client",
        "specialist’s",
        "to look at",
    ]
    assert shown(browse(stranger).get(address).text) == []


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("project={second}", ["manager’s there", "nobody’s of the agency there"]),
        ("whose=all&person={contact}", ["contact’s"]),
        ("whose=all&side=client", ["contact’s", "nobody’s of the client", "to look at"]),
        ("priority=urgent", []),
    ],
)
def test_my_tasks_are_chosen_by_the_address(browse, cast, everywhere, second, manager, contact, query, titles):
    query = query.format(second=second.pk, contact=contact.pk)
    assert sorted(shown(browse(manager).get(f"{page_of('my_tasks')}?{query}").text)) == titles


def test_who_stands_in_sees_it_and_why(browse, cast, decider):
    make_absence(cast)
    make_task(cast)
    page = browse(decider).get(page_of("my_tasks")).text
    assert (shown(page), "you stand in" in page) == (["Send the logo"], True)


# --- Several at once ------------------------------------------------------------------------------------------------


def change(browser, tasks: list[Task], **sent: object):
    return browser.post(page_of("many_tasks"), {"task": [task.pk for task in tasks], **sent}, follow=True)


def test_several_get_a_person_a_date_and_a_goal(browse, cast, manager, decider):
    goal, tasks = make_goal(cast), [make_task(cast) for _index in range(2)]
    answer = change(
        browse(manager), tasks, verb="change", assignee=decider.pk, due_on="2027-01-01", goal=goal.pk, priority=""
    )
    assert "2 tasks are changed." in answer.text
    rows = Task.objects.values_list("assignee", "due_on", "goal", "priority")
    assert list(rows) == [(decider.pk, date(2027, 1, 1), goal.pk, "normal")] * 2


def test_several_are_given_to_nobody(browse, cast, manager):
    change(browse(manager), [make_task(cast)], verb="change", assignee="none", goal="none")
    assert Task.objects.values_list("assignee", "goal").get() == (None, None)


def test_of_two_projects_the_people_are_not_mixed_up(browse, cast, second, manager, decider):
    """A form that names people for tasks of two projects changes nothing of it."""
    tasks = [make_task(cast), make_task(cast, project=second)]
    change(browse(manager), tasks, verb="change", assignee=decider.pk, priority="low")
    assert list(Task.objects.values_list("assignee__name", "priority")) == [("Katya", "low")] * 2


def test_none_or_all(browse, cast, manager, decider):
    tasks = [make_task(cast), make_task(cast, title="Draw it", side="agency", assignee=None)]
    answer = change(browse(manager), tasks, verb="change", assignee=decider.pk)
    assert "Nothing was changed. “Draw it”: Dmitry does not work on that side of the project." in answer.text
    assert list(Task.objects.values_list("assignee__name", flat=True)) == ["Katya", None]


def test_several_are_finished_and_undone(browse, cast, manager, project):
    tasks, browser = [make_task(cast) for _index in range(3)], browse(manager)
    change(browser, tasks, verb="finish")
    assert Task.objects.open().count() == 0
    assert "3 tasks are done." in browser.get(page_of("tasks", project.pk)).text
    assert "Undone" in change(browser, tasks, verb="reopen").text
    assert Task.objects.open().count() == 3


def test_what_one_does_not_see_one_does_not_change(browse, cast, stranger):
    answer = change(browse(stranger), [make_task(cast)], verb="finish")
    assert "Choose at least one task." in answer.text
    assert Task.objects.open().count() == 1


@pytest.mark.parametrize("sent", [{"due_on": "soon"}, {"priority": "huge"}, {"assignee": "99999"}])
def test_nonsense_for_several_is_said(browse, cast, manager, sent):
    answer = change(browse(manager), [make_task(cast)], verb="change", **sent)
    assert "notice-error" in answer.text
    assert Task.objects.values_list("due_on", "priority").get() == (date(2026, 12, 1), "normal")


# --- Away and handing over ------------------------------------------------------------------------------------------


def test_away_and_here_after_all(browse, contact, decider):
    browser = browse(contact)
    sent = {"starts_on": "2026-12-01", "ends_on": "2026-12-07", "substitute": decider.pk}
    assert "Your colleague is told" in browser.post(page_of("away"), sent, follow=True).text
    page = browser.get(page_of("my_tasks")).text
    assert "You are away from 1\u00a0December to 7\u00a0December. Dmitry stands in." in page
    browser.post(page_of("call_off_absence", Absence.objects.get().pk))
    assert not Absence.objects.exists()


def test_away_the_wrong_way_round_keeps_what_was_typed(browse, contact, decider):
    sent = {"starts_on": "2026-12-07", "ends_on": "2026-12-01", "substitute": decider.pk}
    answer = browse(contact).post(page_of("away"), sent)
    assert (answer.status_code, "back before you leave" in answer.text) == (422, True)
    assert 'value="2026-12-07"' in answer.text


def test_only_colleagues_are_to_choose_from(browse, contact):
    page = browse(contact).get(page_of("away")).text
    assert re.findall(r'<option value="\d+">(\w+)', page) == ["Dmitry", "Vera"]


def test_some_of_ones_tasks_are_handed_over(browse, cast, contact, decider):
    stays, goes = make_task(cast, title="Stays"), make_task(cast, title="Goes")
    browser = browse(contact)
    page = browser.get(page_of("hand_over")).text
    assert page.count("checked") == 2
    answer = browser.post(page_of("hand_over"), {"to": decider.pk, "tasks": [goes.pk]}, follow=True)
    assert "Dmitry has 1 more task." in answer.text
    assert [task.assignee for task in Task.objects.order_by("id")] == [contact, decider]
    assert stays.title in answer.text


def test_what_can_not_be_taken_is_named_on_the_page(browse, cast, contact, viewer):
    answer = browse(contact).post(page_of("hand_over"), {"to": viewer.pk, "tasks": [make_task(cast).pk]}, follow=True)
    assert "Not handed over: “Send the logo” — Vera does not work on this project." in answer.text


def test_a_colleagues_tasks_are_handed_over_for_them(browse, cast, manager, specialist, contact):
    task = make_task(cast, side="agency", assignee=specialist)
    address = f"{page_of('hand_over')}?person={specialist.pk}"
    assert "Hand over: Sonya" in browse(manager).get(address).text
    browse(manager).post(address, {"to": manager.pk, "tasks": [task.pk]})
    assert Task.objects.get().assignee == manager
    assert browse(cast.stranger).get(address).status_code == 404


def test_whose_tasks_one_may_hand_over_is_offered(browse, cast, manager, specialist, contact):
    make_task(cast, assignee=contact)
    make_task(cast, side="agency", assignee=specialist)
    page = browse(manager).get(page_of("hand_over")).text
    assert re.findall(r'href="\?person=\d+">([^<]+)', page) == ["Sonya"]


def test_colleagues_in_an_organisation_one_does_not_know_are_not_named(browse, cast, manager, specialist, stranger):
    join(specialist, stranger.memberships.get().organisation, Role.SPECIALIST)
    make_task(cast, side="agency", assignee=specialist)
    page = browse(manager).get(f"{page_of('hand_over')}?person={specialist.pk}").text
    assert (str(manager) in page, str(stranger) in page) == (True, False)


# --- What comes again -----------------------------------------------------------------------------------------------


def test_a_task_is_made_to_come_again(browse, cast, manager, project):
    task = make_task(cast, title="Report", side="agency", assignee=manager, due_on=date(2026, 11, 30))
    browser = browse(manager)
    page = browser.get(f"{page_of('new_recurrence', project.pk)}?from={task.pk}").text
    assert 'value="Report"' in page
    assert 'value="2026-11-30"' in page
    sent = {
        "title": "Report",
        "side": "agency",
        "priority": "normal",
        "frequency": "monthly",
        "interval": "1",
        "month_day": "-1",
        "starts_on": "2026-11-23",
    }
    answer = browser.post(page_of("new_recurrence", project.pk), sent, follow=True)
    assert "Every month on the last day" in answer.text
    recurrence = Recurrence.objects.get()
    assert recurrence.tasks.get().due_on == date(2026, 11, 30)
    sent |= {"frequency": "weekly", "interval": "2", "weekdays": ["4", "0"], "ends_on": "2027-03-01"}
    answer = browser.post(recurrence.get_absolute_url(), sent, follow=True)
    assert "Every 2 weeks: Mon, Fri; until 1\u00a0March 2027" in answer.text
    answer = browser.post(page_of("recurrence_ending", recurrence.pk), follow=True)
    assert "ended on 23" in answer.text


def test_a_foreign_task_begins_nothing(browse, cast, manager, project, second):
    task = make_task(cast, title="Elsewhere", project=second)
    page = browse(manager).get(f"{page_of('new_recurrence', project.pk)}?from={task.pk}").text
    assert "Elsewhere" not in page


def test_the_form_shows_what_is_there(browse, cast, manager):
    page = browse(manager).get(make_recurrence(cast, weekdays=[2]).get_absolute_url()).text
    assert re.findall(r'name="weekdays" value="(\d)"[^>]*checked', page) == ["2"]


# --- Effort ---------------------------------------------------------------------------------------------------------


HEAD = ["Goal", "Status", "Progress, %", "Unknown, %"]


@pytest.fixture
def costly(cast, manager, contact):
    goal = make_goal(cast, statement="=HYPERLINK(“evil”)")
    done = make_task(cast, goal=goal, estimate=Decimal(2))
    make_effort(cast, task=done, hours=Decimal("1.25"))
    make_effort(cast, task=done, hours=Decimal("0.25"), by=manager)
    actions.finish_task(done, by=contact)
    make_task(cast, goal=goal)
    make_effort(cast, task=make_task(cast), hours=Decimal(3))
    make_effort(cast, task=make_task(cast, project=create(cast)), hours=Decimal(9))
    return goal


def test_what_each_goal_costs(browse, manager, project, costly):
    page = " ".join(re.sub(r"<[^>]+>", " ", browse(manager).get(page_of("effort", project.pk)).text).split())
    assert "1 of 2 2 1 task not estimated 1.5" in page
    assert "No goal in particular 0 of 1 — 3" in page


def test_the_table_for_a_spreadsheet(browse, manager, project, costly):
    answer = browse(manager).get(page_of("effort_csv", project.pk))
    assert answer["Content-Disposition"] == f'attachment; filename="effort-{project.pk}.csv"'
    assert list(csv.reader(answer.content.decode("utf-8-sig").splitlines())) == [
        [*HEAD, "Tasks done", "Tasks in all", "Hours estimated", "Hours spent"],
        ["'=HYPERLINK(“evil”)", "Draft", "", "", "1", "2", "2.00", "1.50"],
        ["No goal in particular", "", "", "", "0", "1", "", "3.00"],
    ]


def test_how_far_the_goal_is_stands_beside_what_it_costs(browse, cast, manager, project):
    goal = make_goal(cast)
    make_kpi(cast, goal=goal, weight=3)
    make_effort(cast, task=make_task(cast, goal=goal), hours=Decimal("1.5"))
    page = browse(manager).get(page_of("effort", project.pk)).text
    assert "0% of the way, 100% unknown" in re.sub(r"<[^>]+>", "", page)
    table = csv.reader(browse(manager).get(page_of("effort_csv", project.pk)).text.lstrip("\ufeff").splitlines())
    assert list(table)[1] == [goal.statement, "Draft", "0.00", "100.00", "0", "1", "", "1.50"]


def test_without_goals_and_tasks_there_is_nothing_to_count(browse, manager, project):
    assert "hours have nowhere to stand" in browse(manager).get(page_of("effort", project.pk)).text


# --- What it costs --------------------------------------------------------------------------------------------------


def busy(cast, project) -> None:
    """One of everything that a line may show, in this project and in a new one."""
    for where in (project, create(cast)):
        goal = make_goal(cast, project=where)
        make_kpi(cast, project=where, goal=goal)
        brought = {"origin": "brief", "from_version": cast.get(BriefVersion), "from_key": "A1"}
        task = make_task(cast, project=where, goal=goal, side="agency", assignee=cast.manager, **brought)
        make_step(cast, task=task)
        make_effort(cast, task=task)
        make_dependency(cast, task=task, first=make_task(cast, project=where, due_on=timezone.localdate()))
        make_recurrence(cast, project=where, assignee=cast.manager)
        actions.finish_task(make_task(cast, project=where), by=cast.manager)


@pytest.mark.parametrize(
    "name", ["tasks", "task_board", "my_tasks", "my_tasks?whose=all", "effort", "recurrences", "hand_over"]
)
def test_thirty_cost_as_much_as_one(browse, cast, project, manager, name):
    name, _mark, query = name.partition("?")
    address = page_of(name, *([] if name in ("my_tasks", "hand_over") else [project.pk])) + f"?{query}"
    browser, counts = browse(manager), []
    make_absence(cast, person=cast.specialist, substitute=manager, ends_on=date(2026, 12, 1) + timedelta(days=9))
    for number in (1, 29):
        for _index in range(number):
            busy(cast, project)
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            browser.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
