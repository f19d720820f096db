"""Who may do what in a project; one question a function."""

from projects.models import Effort, Goal, Project
from smmportal.people.models import Organisation, Role, Side, User
from smmportal.people.rules import role_in

ACTING = {Role.OWNER, Role.MANAGER, Role.SPECIALIST, Role.DECIDER, Role.CONTACT}
DECIDING = {Role.OWNER, Role.MANAGER, Role.DECIDER}


def acts_in(user: User, project: Project) -> bool:
    """Everyone in the project but viewers, who only look on."""
    return project.role_of(user) in ACTING


def decides_in(user: User, project: Project) -> bool:
    """May bind their side: the agency's owners and managers, the client's decision-makers."""
    return project.role_of(user) in DECIDING


def acts_for(user: User, project: Project, side: Side) -> bool:
    return acts_in(user, project) and project.side_of(user) is side


def decides_for(user: User, project: Project, side: Side) -> bool:
    return decides_in(user, project) and project.side_of(user) is side


def runs(user: User, project: Project) -> bool:
    """Change the project itself: its name, team, dates; close and reopen it."""
    return decides_for(user, project, Side.AGENCY)


def fills_brief(user: User, project: Project) -> bool:
    """The client's people answer; the agency's owner or manager may write down what the client told them."""
    return acts_for(user, project, Side.CLIENT) or decides_for(user, project, Side.AGENCY)


def edits_templates(user: User, agency: Organisation) -> bool:
    return role_in(user, agency) in (Role.OWNER, Role.MANAGER)


def submits_brief(user: User, project: Project) -> bool:
    return acts_for(user, project, Side.CLIENT)


def writes_debrief(user: User, project: Project) -> bool:
    return acts_for(user, project, Side.AGENCY)


def shares_debrief(user: User, project: Project) -> bool:
    return decides_for(user, project, Side.AGENCY)


def remarks_on_debrief(user: User, project: Project) -> bool:
    return acts_for(user, project, Side.CLIENT)


def confirms_debrief(user: User, project: Project) -> bool:
    return decides_for(user, project, Side.CLIENT)


def agrees_to_goal(user: User, goal: Goal) -> bool:
    """Only the side that did not propose it agrees."""
    return goal.side_to_agree is not None and decides_for(user, goal.project, goal.side_to_agree)


def wrote_effort(user: User, effort: Effort) -> bool:
    return effort.by_id == user.pk


def works_for(person: User, project: Project, side: Side) -> bool:
    """Whom a task, a material or a goal may be given to: they act for that side and see the project; a specialist
    does so only on its team."""
    return acts_for(person, project, side) and Project.objects.visible_to(person).filter(pk=project.pk).exists()


def begins_goal(user: User, project: Project) -> bool:
    """Either side: both have agreed already."""
    return decides_in(user, project)


def concludes_goal(user: User, project: Project) -> bool:
    """Either side says how it ended, or that it goes on; the other is told."""
    return decides_in(user, project)
