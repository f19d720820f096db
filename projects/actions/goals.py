from collections.abc import Iterable

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.projects import check_person, demand_active, demand_open, facts_of
from projects.models import BriefVersion, Goal, Project
from projects.origins import Place
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand

#: What both sides agree to, word for word.
WORDS = ("statement", *Goal.CRITERIA, "due_on")
#: Whose it is and what it stands under: nobody signs that, so it changes as long as the goal has not ended.
PLACE = ("business_goal", "client_owner", "agency_owner")
EDITABLE = (*WORDS, *PLACE)


@transaction.atomic
def draft_goal(project: Project, *, by: User, origin: Place | None = None, **fields: object) -> Goal:
    """Write a goal down; it rests on the latest version of the brief. Either side drafts. One answer may begin
    several goals."""
    demand(rules.acts_in(by, project), _("Viewers look on. Ask a colleague to write the goal."))
    demand_open(project)
    assert set(fields) <= set(EDITABLE), fields
    check_place(project, fields)
    latest = BriefVersion.objects.filter(brief__project=project).first()
    began = origin.fields if origin else {}
    goal = Goal.objects.create(project=project, brief_version=latest, created_by=by, **fields, **began)
    record("goal.drafted", about=goal, by=by, project=project)
    tell_new_owners(goal, fields, by=by)
    return goal


@transaction.atomic
def edit_goal(goal: Goal, *, by: User, revision: int | None = None, **fields: object) -> Goal:
    """Change the words that were read as of `revision`, or whose goal it is. With new words a proposed goal becomes
    a draft again; those of an agreed one do not change any more."""
    demand(rules.acts_in(by, goal.project), _("Viewers look on. Ask a colleague to change the goal."))
    demand_open(goal.project)
    assert set(fields) <= set(EDITABLE), fields
    goal = reread(goal)
    changed = {name: value for name, value in fields.items() if getattr(goal, name) != value}
    if not changed:
        return goal
    demand_unconcluded(goal)
    check_place(goal.project, changed)
    if set(changed) & set(WORDS):
        demand_words_open(goal)
        demand_seen(goal, revision)
        goal.revision += 1
        goal.status, goal.proposed_side, goal.proposed_by, goal.proposed_at = Goal.Status.DRAFT, "", None, None
    for name, value in changed.items():
        setattr(goal, name, value)
    goal.save()
    record("goal.edited", about=goal, by=by, project=goal.project, fields=sorted(changed))
    tell_new_owners(goal, changed, by=by)
    return goal


def demand_unconcluded(goal: Goal) -> None:
    if goal.is_concluded:
        raise Refused(
            _("This goal has ended. Reopen it to change anything in it, or write a new one."), code="concluded"
        )


def demand_words_open(goal: Goal) -> None:
    if goal.has_fixed_words:
        raise Refused(
            _("Both sides have agreed to this goal, so it does not change. Write a new goal instead."), code="agreed"
        )


def check_place(project: Project, fields: dict) -> None:
    """The owners act for their sides, and the business goal is this project's own."""
    for side in Side:
        check_person(project, side, fields.get(f"{side}_owner"))
    above = fields.get("business_goal")
    if above and above.project_id != project.pk:
        raise Refused(_("This business goal belongs to another project."), code="foreign-business-goal")


def tell_new_owners(goal: Goal, changed: dict, *, by: User) -> None:
    people = [changed[name] for name in ("client_owner", "agency_owner") if changed.get(name)]
    if people:
        facts = facts_of(goal.project, goal=goal.statement[:500])
        announce("goal.entrusted", to=people, about=goal, by=by, facts=facts)


def reread(goal: Goal) -> Goal:
    """The row again, locked, so that two who act at once act one after the other."""
    project = goal.project
    goal = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    goal.project = project
    return goal


def demand_seen(goal: Goal, revision: int | None) -> None:
    if goal.revision != revision:
        raise Refused(
            _("The goal was changed while you were reading it. Please read it again."),
            code="changed-meanwhile",
            revision=goal.revision,
            current={name: getattr(goal, name) for name in WORDS},
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
    if goal.agreed_at:
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
def begin_goal(goal: Goal, *, by: User) -> Goal:
    """From now on the goal is worked towards. Both sides have agreed, so either begins it."""
    demand(rules.begins_goal(by, goal.project), _("A goal is begun by a manager or a decision-maker."))
    goal = reread(goal)
    if goal.status == Goal.Status.ACTIVE:
        return goal
    demand_open(goal.project)
    demand_unconcluded(goal)
    if goal.status != Goal.Status.AGREED:
        raise Refused(_("Before it is begun, both sides agree to the goal. Propose it first."), code="not-agreed")
    demand_active(goal.project)
    goal.status, goal.begun_by, goal.begun_at = Goal.Status.ACTIVE, by, timezone.now()
    goal.save(update_fields=["status", "begun_by", "begun_at"])
    record("goal.begun", about=goal, by=by, project=goal.project)
    tell("goal.begun", goal, to=goal.project.people, by=by)
    return goal


@transaction.atomic
def begin_goals(project: Project, goal_ids: Iterable[int], *, by: User) -> list[Goal]:
    """Begin those of them that only wait for it: what the second signature under their KPIs does. Others stay."""
    if not (project.is_open and project.activated_at):
        return []
    waiting = project.goals.filter(pk__in=list(goal_ids), status=Goal.Status.AGREED)
    return [begin_goal(goal, by=by) for goal in waiting.select_related("project__agency", "project__client")]


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


def tell(event: str, goal: Goal, *, to: list[User], by: User, **more: object) -> None:
    due_on = goal.due_on.isoformat() if goal.due_on else ""
    facts = facts_of(goal.project, goal=goal.statement[:500], due_on=due_on, **more)
    announce(event, to=to, about=goal, by=by, facts=facts)
