from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from projects import actions
from projects.models import Project, Task
from projects.questionnaire import questions_of
from projects.trail import sentence_of
from smmportal.audit import AuditEntry
from smmportal.notifications.models import Notification
from smmportal.people.models import Organisation
from smmportal.refusals import Refused
from tests.builders import make_task


def told(event: str) -> list[str]:
    return sorted(Notification.objects.filter(event=event).values_list("to__name", flat=True))


def create(cast, **fields) -> Project:
    return actions.create_project(cast.agency, **{"client": cast.client, "name": "Tea", "by": cast.manager, **fields})


def test_a_new_project_has_a_team_and_a_brief_of_its_own(cast):
    project = create(cast, team=[cast.specialist])
    assert set(project.team.all()) == {cast.manager, cast.specialist}
    assert len(list(questions_of(project.brief.form))) == 14
    assert AuditEntry.objects.get(verb="project.created").by == cast.manager


def test_both_sides_are_told_but_for_the_author(cast):
    create(cast, team=[cast.specialist])
    assert told("project.created") == ["Dmitry", "Katya", "Sonya"]


def test_a_new_client_comes_with_its_name(cast):
    assert create(cast, client="Dairy").client == Organisation.objects.get(name="Dairy", agency=cast.agency)


@pytest.mark.parametrize("who", ["specialist", "decider", "contact", "viewer", "stranger", "neighbour"])
def test_only_who_runs_the_agency_opens_projects(cast, who):
    with pytest.raises(PermissionDenied, match="Only an owner or a manager"):
        create(cast, by=getattr(cast, who))


def test_another_agencys_client_is_refused(cast):
    foreign = Organisation.objects.create(
        name="Foreign", kind="client", agency=Organisation.objects.get(name="Other Agency")
    )
    with pytest.raises(Refused, match="not on the agency's list"):
        create(cast, client=foreign)


@pytest.mark.parametrize("who", ["stranger", "decider"])
def test_the_team_is_of_the_agency(cast, who):
    with pytest.raises(Refused, match="does not work at the agency"):
        create(cast, team=[getattr(cast, who)])


def test_a_project_does_not_end_before_it_starts(cast):
    with pytest.raises(Refused, match="would end before it starts"):
        create(cast, starts_on=date(2027, 1, 2), ends_on=date(2027, 1, 1))
    assert not Project.objects.filter(name="Tea").exists()


def test_editing_changes_the_basics(cast, project, owner):
    actions.edit_project(project, by=owner, name="Coffee", ends_on=None, team=[cast.manager])
    project.refresh_from_db()
    assert (project.name, project.ends_on, list(project.team.all())) == ("Coffee", None, [cast.manager])


def test_editing_is_the_agencys(project, decider):
    with pytest.raises(PermissionDenied):
        actions.edit_project(project, by=decider, name="Coffee")


def test_closing_twice_keeps_the_first_moment(project, owner, manager):
    first = actions.close_project(project, by=manager).closed_at
    again = actions.close_project(project, by=owner)
    assert (again.closed_at, again.closed_by) == (first, manager)


def test_reopening(project, manager):
    actions.close_project(project, by=manager)
    assert actions.reopen_project(project, by=manager).is_open
    assert [entry.verb for entry in AuditEntry.objects.filter(project=project)] == [
        "project.reopened",
        "project.closed",
    ]


@pytest.mark.parametrize("verb", [actions.close_project, actions.reopen_project])
def test_the_client_does_not_close_or_reopen(project, decider, verb):
    with pytest.raises(PermissionDenied):
        verb(project, by=decider)


def test_nothing_changes_in_a_closed_project(cast, project, brief, manager, contact):
    actions.close_project(project, by=manager)
    for verb in (
        lambda: actions.save_answer(brief, "A1", value="x", revision=0, by=contact),
        lambda: actions.submit_brief(brief, by=contact),
        lambda: actions.draft_goal(project, by=manager, statement="x"),
        lambda: actions.add_task(project, title="x", side="client", by=manager),
    ):
        with pytest.raises(Refused, match="This project is closed"):
            verb()


def test_the_trail_tells_who_came_onto_the_team(cast, project, owner):
    actions.edit_project(project, by=owner, team=[cast.manager, cast.specialist, cast.colleague])
    actions.edit_project(project, by=owner, team=[cast.colleague, cast.manager, cast.specialist])
    told = list(AuditEntry.objects.filter(verb="project.edited").order_by("id").values_list("facts", flat=True))
    assert told == [{"team": sorted([str(cast.manager), str(cast.specialist), str(cast.colleague)])}, {}]


def test_whoever_leaves_the_team_leaves_their_open_tasks_to_it(cast, project, owner, specialist):
    waiting = make_task(cast, title="Draw", side="agency", assignee=specialist)
    done = make_task(cast, title="Drawn", side="agency", assignee=specialist, done_at=timezone.now())
    actions.edit_project(project, by=owner, team=[cast.manager])
    assert [Task.objects.get(pk=task.pk).assignee for task in (waiting, done)] == [None, specialist]
    entry = AuditEntry.objects.get(verb="task.handed_over")
    assert (entry.facts, sentence_of(entry)) == (
        {"was": "Sonya", "became": ""},
        "Sonya left the project’s team, so anybody of the agency may take it.",
    )
