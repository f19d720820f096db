"""Who may do what with KPIs, agreements and sources; one question a function."""

from kpis.models import PlatformLogin, Source
from projects.models import Project
from projects.rules import acts_for, acts_in, decides_for, decides_in
from smmportal.people.models import Organisation, Role, Side, User
from smmportal.people.rules import role_in

# --- KPIs and agreements --------------------------------------------------------------------------------------------


def can_draft_kpis(user: User, project: Project) -> bool:
    """The agency's people write the terms down; both sides decide about them by signing."""
    return acts_for(user, project, Side.AGENCY)


def can_prepare_agreement(user: User, project: Project) -> bool:
    return decides_for(user, project, Side.AGENCY)


def can_sign(user: User, project: Project) -> bool:
    """Each side's own: the agency's owners and managers, the client's decision-makers."""
    return decides_in(user, project)


def can_withdraw_agreement(user: User, project: Project) -> bool:
    return decides_in(user, project)


def can_settle_amendment(user: User, project: Project) -> bool:
    """Keep signed terms although the brief has changed: whoever may bind their side."""
    return decides_in(user, project)


# --- Sources --------------------------------------------------------------------------------------------------------


def can_connect(user: User, project: Project) -> bool:
    """Whoever acts in an open project, on either side, may bring numbers into it."""
    return project.is_open and acts_in(user, project)


def can_ask_for_either_side(user: User, project: Project) -> bool:
    """The agency asks for accounts for itself or for its client; the client's people only for their own."""
    return acts_for(user, project, Side.AGENCY)


def can_use_login(user: User, project: Project, login: PlatformLogin) -> bool:
    """A login serves only the side that keeps it: nobody connects accounts with the other side's token."""
    side = project.side_of(user)
    return can_connect(user, project) and side is not None and project.organisation_of(side).pk == login.organisation_id


def can_tend(user: User, source: Source) -> bool:
    """Pull, pause, mend: the same people who may connect."""
    return can_connect(user, source.project)


def can_see_jobs(user: User, organisation: Organisation) -> bool:
    """How the numbers come in, and how far the platforms' quotas are used: the agency's owners and managers."""
    return organisation.side is Side.AGENCY and role_in(user, organisation) in {Role.OWNER, Role.MANAGER}
