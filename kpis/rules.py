"""Who may do what with KPIs, agreements and sources; one question a function."""

from projects.models import Project
from projects.rules import acts_for, decides_for, decides_in
from smmportal.people.models import Side, User

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
