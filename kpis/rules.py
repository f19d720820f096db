"""Who may do what with sources, KPIs and agreements; one question a function."""

from kpis.models import PlatformLogin, Source
from projects import rules
from projects.models import Project
from smmportal.people.models import User

# --- Sources --------------------------------------------------------------------------------------------------------


def can_connect(user: User, project: Project) -> bool:
    """Whoever acts in the project, on either side, may bring numbers into it."""
    return project.is_open and rules.acts_in(user, project)


def can_use_login(user: User, project: Project, login: PlatformLogin) -> bool:
    """A login serves only the side that keeps it: nobody connects accounts with the other side's token."""
    side = project.side_of(user)
    return can_connect(user, project) and side is not None and project.organisation_of(side).pk == login.organisation_id


def can_tend(user: User, source: Source) -> bool:
    """Pull, pause, mend: the same people who may connect."""
    return can_connect(user, source.project)
