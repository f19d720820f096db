from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.projects import demand_open, facts_of
from projects.models import BriefVersion, Goal, Project
from projects.origins import Place
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand

EDITABLE = ("statement", *Goal.CRITERIA, "due_on")


@transaction.atomic
def draft_goal(project: Project, *, by: User, origin: Place | None = None, **fields: object) -> Goal:
    """Write a goal down; it rests on the latest version of the brief. Either side drafts. One answer may begin
    several goals."""
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to write the goal."))
    demand_open(project)
    assert set(fields) <= set(EDITABLE), fields
    latest = BriefVersion.objects.filter(brief__project=project).first()
    began = origin.fields if origin else {}
    goal = Goal.objects.create(project=project, brief_version=latest, created_by=by, **fields, **began)
    record("goal.drafted", about=goal, by=by, project=project)
    return goal


@transaction.atomic
def edit_goal(goal: Goal, *, revision: int, by: User, **fields: object) -> Goal:
    """Change the words. A proposed goal becomes a draft again; an agreed one does not change any more."""
    demand(rules.acts_in(by, goal.project), _("Viewers look on. Ask a colleague to change the goal."))
    demand_open(goal.project)
    assert set(fields) <= set(EDITABLE), fields
    goal = reread(goal)
    if goal.status == Goal.Status.AGREED:
        raise Refused(
            _("Both sides have agreed to this goal, so it does not change. Write a new goal instead."), code="agreed"
        )
    if all(getattr(goal, name) == value for name, value in fields.items()):
        return goal
    demand_seen(goal, revision)
    for name, value in fields.items():
        setattr(goal, name, value)
    goal.revision += 1
    goal.status, goal.proposed_side, goal.proposed_by, goal.proposed_at = Goal.Status.DRAFT, "", None, None
    goal.save()
    record("goal.edited", about=goal, by=by, project=goal.project, fields=sorted(fields))
    return goal


def reread(goal: Goal) -> Goal:
    """The row again, locked, so that two who act at once act one after the other."""
    project = goal.project
    goal = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    goal.project = project
    return goal


def demand_seen(goal: Goal, revision: int) -> None:
    if goal.revision != revision:
        raise Refused(
            _("The goal was changed while you were reading it. Please read it again."),
            code="changed-meanwhile",
            revision=goal.revision,
            current={name: getattr(goal, name) for name in EDITABLE},
        )


@transaction.atomic
def propose_goal(goal: Goal, *, by: User) -> Goal:
    """Lay the goal before the other side."""
    demand(rules.decides_in(by, goal.project), _("A goal is proposed by a manager or a decision-maker."))
    demand_open(goal.project)
    goal = reread(goal)
    if goal.status != Goal.Status.DRAFT:
        return goal
    demand_smart(goal)
    side = goal.project.side_of(by)
    goal.status, goal.proposed_side = Goal.Status.PROPOSED, side
    goal.proposed_by, goal.proposed_at = by, timezone.now()
    goal.save()
    record("goal.proposed", about=goal, by=by, project=goal.project, revision=goal.revision)
    tell("goal.proposed", goal, to=goal.project.people_of(side.other), by=by)
    return goal


def demand_smart(goal: Goal) -> None:
    missing = goal.missing_criteria
    if missing:
        names = "; ".join(str(Goal._meta.get_field(name).verbose_name) for name in missing)
        raise Refused(
            _("Before it can be proposed, the goal needs: %(missing)s.") % {"missing": names},
            code="not-smart",
            missing=missing,
        )


@transaction.atomic
def agree_to_goal(goal: Goal, *, revision: int, by: User) -> Goal:
    """The other side says yes to exactly the words it read."""
    goal = reread(goal)
    demand(rules.decides_in(by, goal.project), _("A goal is agreed to by a manager or a decision-maker."))
    if goal.status == Goal.Status.AGREED:
        return goal
    demand_open(goal.project)
    if goal.status != Goal.Status.PROPOSED:
        raise Refused(
            _("This goal is not proposed at the moment, so there is nothing to agree to."), code="not-proposed"
        )
    demand(rules.agrees_to_goal(by, goal), agree_sentence(goal))
    demand_seen(goal, revision)
    goal.status, goal.agreed_by, goal.agreed_at = Goal.Status.AGREED, by, timezone.now()
    goal.save()
    record("goal.agreed", about=goal, by=by, project=goal.project, revision=goal.revision)
    tell("goal.agreed", goal, to=goal.project.people, by=by)
    return goal


def agree_sentence(goal: Goal) -> str:
    if goal.side_to_agree is Side.CLIENT:
        return _("The client's decision-maker agrees to this goal.")
    return _("The agency's owner or manager agrees to this goal.")


@transaction.atomic
def delete_goal(goal: Goal, *, by: User) -> None:
    """Throw a draft away."""
    demand(rules.acts_in(by, goal.project), _("Viewers look on. Ask a colleague to change the goal."))
    demand_open(goal.project)
    goal = reread(goal)
    if goal.status != Goal.Status.DRAFT:
        raise Refused(
            _("Only a draft is thrown away. Edit the goal first: that makes it a draft again."), code="not-draft"
        )
    record("goal.deleted", about=goal, by=by, project=goal.project, statement=goal.statement)
    try:
        goal.delete()
    except ProtectedError as error:
        raise Refused(_("KPIs rest on this goal. Move them to another goal first."), code="in-use") from error


def tell(event: str, goal: Goal, *, to: list[User], by: User) -> None:
    facts = facts_of(goal.project, goal=goal.statement[:500], due_on=goal.due_on.isoformat())
    announce(event, to=to, about=goal, by=by, facts=facts)
