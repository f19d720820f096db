"""What home says of tasks: the same as their own pages."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import actions, queries
from projects.queries.tasks import group_of
from smmportal.people.models import Role, Side
from tests.builders import make_absence, make_dependency, make_task
from tests.projects.test_actions_projects import create


def told(project) -> list[tuple]:
    """Lines about tasks only: the brief of an empty project waits too."""
    lines = queries.waiting([project])
    return [(line.side, line.sentence) for line in lines if line.url.startswith("/tasks/")]


def test_what_waits_for_another_is_nobodys_move(cast, project):
    make_dependency(cast, task=make_task(cast, title="Post", side="agency", assignee=None))
    assert told(project) == [(Side.CLIENT, "Draw it — “Post” waits for it")]


def test_once_the_first_is_done_the_next_one_has_its_line(cast, project, contact):
    row = make_dependency(cast, task=make_task(cast, title="Post", side="agency", assignee=None))
    actions.finish_task(row.first, by=contact)
    assert told(project) == [(Side.AGENCY, "Post")]


def test_on_review_it_is_the_others_move_whoever_of_them_acts(cast, project, contact):
    actions.move_task(make_task(cast, title="Logo"), state="review", by=contact)
    assert told(project) == [(Side.AGENCY, "Look at what is done: Logo")]
    line = queries.waiting([project])[-1]
    assert [line.is_for(0, role) for role in (Role.OWNER, Role.SPECIALIST, Role.VIEWER)] == [True, True, False]


def test_a_line_leads_to_the_task(cast, project):
    task = make_task(cast)
    assert [line.url for line in queries.waiting([project])][-1] == f"/tasks/{task.pk}/"


def test_home_and_list_agree_whose_move_it_is(cast, project, contact, manager):
    make_dependency(cast, task=make_task(cast, title="Post", side="agency", assignee=None))
    actions.move_task(make_task(cast, title="Logo"), state="review", by=contact)
    make_task(cast, title="Film", side="agency", assignee=manager)
    on_home = {(side.value, sentence.split(": ")[-1].split(" —")[0]) for side, sentence in told(project)}
    rows = queries.tasks_of(manager).filter(project=project)
    assert on_home == {(row.waits_on, row.title) for row in rows if not row.is_blocked}


@pytest.mark.parametrize(
    ("day", "group"),
    [
        (None, "undated"),
        (date(2026, 11, 25), "overdue"),
        (date(2026, 11, 26), "today"),
        (date(2026, 11, 27), "week"),
        (date(2026, 11, 29), "week"),
        (date(2026, 11, 30), "later"),
    ],
)
def test_a_week_ends_on_sunday(cast, day, group):
    assert group_of(make_task(cast, due_on=day), date(2026, 11, 26)) == group


def test_thirty_projects_with_chains_and_absences_cost_as_much_as_one(cast):
    projects = [create(cast) for _index in range(30)]
    for project in projects:
        make_dependency(cast, task=make_task(cast, project=project), first=make_task(cast, project=project))
        make_absence(cast)
    with CaptureQueriesContext(connection) as one:
        queries.waiting(projects[:1])
    with CaptureQueriesContext(connection) as thirty:
        queries.waiting(projects)
    assert len(one) == len(thirty)
