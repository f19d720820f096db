from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone as time
from django.utils.translation import gettext as _

from projects import rules
from projects.blueprint import taken
from projects.models import Brief, BriefTemplate, Project
from projects.queries import inactive_sentence
from projects.questionnaire import SHIPPED, new_form
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.actions import add_client
from smmportal.people.models import Organisation, Role, Side, User
from smmportal.people.rules import role_in
from smmportal.refusals import Refused, demand

EDITABLE = ("name", "timezone", "starts_on", "ends_on", "minutes_days")


@transaction.atomic
def create_project(
    agency: Organisation,
    *,
    client: Organisation | str,
    name: str,
    by: User,
    timezone: str = "Europe/Moscow",
    starts_on: date | None = None,
    ends_on: date | None = None,
    team: Iterable[User] = (),
    template: BriefTemplate | str = "quick",
) -> Project:
    """Open a project with an empty brief. `client` is one of the agency's clients, or the name of a new one;
    whoever opens the project is on its team. The brief is a copy of the template: one of the agency's, «quick» or
    «full»."""
    allowed = role_in(by, agency) in (Role.OWNER, Role.MANAGER)
    demand(allowed, _("Only an owner or a manager of the agency opens projects."))
    if isinstance(client, str):
        client = add_client(agency, name=client, by=by)
    if client.agency_id != agency.pk:
        raise Refused(_("This client is not on the agency's list."), code="foreign-client")
    check_dates(starts_on, ends_on)
    form = form_of(template, agency)
    project = Project.objects.create(
        name=name,
        agency=agency,
        client=client,
        timezone=timezone,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=by,
    )
    set_team(project, [by, *team])
    Brief.objects.create(project=project, form=form)
    record("project.created", about=project, by=by, project=project, name=name, client=client.name)
    announce("project.created", to=project.people, about=project, by=by, facts=facts_of(project))
    return project


def form_of(template: BriefTemplate | str, agency: Organisation) -> dict:
    """The project's own copy of the questions."""
    if isinstance(template, str):
        return new_form(SHIPPED[template])
    if template.agency_id != agency.pk or template.archived_at:
        raise Refused(_("This brief template is not among the agency's. Choose another one."), code="foreign-template")
    return taken(template.form)


@transaction.atomic
def edit_project(project: Project, *, by: User, team: Iterable[User] | None = None, **fields: object) -> Project:
    demand(rules.runs(by, project), _("Only the agency's owner or manager changes the project."))
    assert set(fields) <= set(EDITABLE), fields
    changed = {name: value for name, value in fields.items() if getattr(project, name) != value}
    for name, value in changed.items():
        setattr(project, name, value)
    check_dates(project.starts_on, project.ends_on)
    project.save(update_fields=[*changed])
    before = set(project.team.all())
    if team is not None and set_team(project, team):
        release_tasks(project, before - set(project.team.all()), by=by)
        changed["team"] = [str(person) for person in project.team.order_by("name", "id")]
    record("project.edited", about=project, by=by, project=project, **changed)
    return project


@transaction.atomic
def close_project(project: Project, *, by: User) -> Project:
    """Put the project to rest: it stays readable and nothing more can be changed in it."""
    demand(rules.runs(by, project), _("Only the agency's owner or manager closes the project."))
    if Project.objects.open().filter(pk=project.pk).update(closed_at=time.now(), closed_by=by):
        record("project.closed", about=project, by=by, project=project)
    project.refresh_from_db(fields=["closed_at", "closed_by"])
    return project


@transaction.atomic
def reopen_project(project: Project, *, by: User) -> Project:
    demand(rules.runs(by, project), _("Only the agency's owner or manager reopens the project."))
    if Project.objects.exclude(closed_at=None).filter(pk=project.pk).update(closed_at=None, closed_by=None):
        record("project.reopened", about=project, by=by, project=project)
    project.refresh_from_db(fields=["closed_at", "closed_by"])
    return project


@transaction.atomic
def activate_project(project: Project, *, reason: str, by: User) -> Project:
    """Begin without the client's confirmation of the brief. The reason is kept and told to everybody; the client may
    still confirm later. A project that is active already stays as it is."""
    demand(rules.runs(by, project), _("Only the agency's owner or manager begins without the client's confirmation."))
    demand_open(project)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the project begins without the client's confirmation."), code="no-reason")
    begun = {"activated_at": time.now(), "activated_by": by, "activation_reason": reason}
    if Project.objects.filter(pk=project.pk, activated_at=None).update(**begun):
        record("project.activated", about=project, by=by, project=project, reason=reason)
        announce("project.activated", to=project.people, about=project, by=by, facts=facts_of(project, reason=reason))
    project.refresh_from_db(fields=list(begun))
    return project


def demand_active(project: Project) -> None:
    """What is promised rests on a brief that both sides understand alike."""
    if project.activated_at is None:
        raise Refused(inactive_sentence(project), code="project-inactive")


def demand_open(project: Project) -> None:
    """Nothing changes in a closed project."""
    if not project.is_open:
        raise Refused(_("This project is closed. Reopen it to change anything in it."), code="project-closed")


def check_dates(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused(_("The project would end before it starts. Please check the dates."), code="dates-reversed")


def check_person(project: Project, side: Side, person: User | None) -> None:
    """Nobody is given what they can't do or don't see."""
    if person and not rules.works_for(person, project, side):
        sentence = _("%(person)s does not work on that side of the project. Choose somebody who does.")
        raise Refused(sentence % {"person": person}, code="not-of-this-side")


def set_team(project: Project, people: Iterable[User]) -> bool:
    """Let these people of the agency work on it. Whether that changes anything."""
    people = list(people)
    members = {user_id for user_id, side in project.sides_by_person.items() if side is Side.AGENCY}
    for person in people:
        if person.pk not in members:
            raise Refused(_("%(person)s does not work at the agency.") % {"person": person}, code="not-of-this-side")
    before = set(project.team.all())
    project.team.set(people)
    return before != set(people)


def release_tasks(project: Project, people: Iterable[User], *, by: User) -> None:
    """What was theirs to do here is anybody's of the agency now: a task never waits for who can't see it."""
    for person in people:
        if rules.works_for(person, project, Side.AGENCY):
            continue
        for task in project.tasks.open().filter(assignee=person):
            task.assignee = None
            task.save(update_fields=["assignee"])
            record("task.handed_over", about=task, by=by, project=project, was=str(person), became="")


def facts_of(project: Project, **more: object) -> dict:
    """What every message about a project says."""
    dressed = {"accent": project.agency.accent} if project.agency.accent else {}
    return {"project": project.name, "client": project.client.name, "agency": project.agency.name, **dressed, **more}
