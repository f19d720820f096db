"""Who may do what in a project; one question a function."""

from projects.models import Project
from smmportal.people.models import Role, Side, User

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
