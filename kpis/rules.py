"""Who may do what with KPIs, agreements and sources; one question a function."""

from kpis.models import Alert, Annotation, Kpi, PlatformLogin, Report, Source
from projects.models import Project
from projects.rules import DECIDING, acts_for, acts_in, decides_for, decides_in
from smmportal.people.models import Organisation, Role, Side, User
from smmportal.people.rules import role_in

# --- KPIs and agreements --------------------------------------------------------------------------------------------


def can_draft_kpis(user: User, project: Project) -> bool:
    """The agency's people write the terms down; both sides decide about them by signing."""
    return acts_for(user, project, Side.AGENCY)


def can_make_formulas(user: User, project: Project) -> bool:
    """Whoever writes KPIs down says how their numbers are counted."""
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


# --- Reviews and dips -----------------------------------------------------------------------------------------------


def can_review(user: User, project: Project) -> bool:
    """Either side says what happened in a period; viewers look on."""
    return acts_in(user, project)


def answers_for_review(user: User, kpi: Kpi) -> bool:
    """Whose review a finished period waits for: the agency's people's, and the KPI's own owner's on whichever side. The
    other side's words stand beside it and settle nothing."""
    is_owner = kpi.owner_id == user.pk and can_review(user, kpi.project)
    return is_owner or acts_for(user, kpi.project, Side.AGENCY)


def can_explain(user: User, project: Project) -> bool:
    """The agency answers for a number that fell; the client reads the answer."""
    return acts_for(user, project, Side.AGENCY)


# --- Alerts ---------------------------------------------------------------------------------------------------------


def answers_for_alert(user: User, alert: Alert) -> bool:
    """Whoever acts for the side whose move it is."""
    return acts_for(user, alert.project, Side(alert.side))


def can_tend_alert(user: User, alert: Alert) -> bool:
    """Those, and the agency's people: they keep watch for both sides."""
    return answers_for_alert(user, alert) or acts_for(user, alert.project, Side.AGENCY)


def can_set_thresholds(user: User, project: Project) -> bool:
    return acts_for(user, project, Side.AGENCY)


def can_set_quiet_hours(user: User, source: Source) -> bool:
    """The alert is the agency's own housekeeping, and so is when it comes."""
    return source.project.is_open and acts_for(user, source.project, Side.AGENCY)


# --- Notes ----------------------------------------------------------------------------------------------------------


def can_annotate(user: User, project: Project) -> bool:
    """Either side knows what else happened on a day."""
    return acts_in(user, project)


def can_change_annotation(user: User, note: Annotation) -> bool:
    """Its author while they act in the project, and the agency's owners and managers."""
    project = note.project
    return decides_for(user, project, Side.AGENCY) or (note.by_id == user.pk and acts_in(user, project))


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


def can_revoke_login(user: User, login: PlatformLogin) -> bool:
    """Those who decide for the organisation that keeps it, and whoever granted it and still belongs there."""
    role = role_in(user, login.organisation)
    return role in DECIDING or (role is not None and user.pk == login.granted_by_id)


def can_tend(user: User, source: Source) -> bool:
    """Pull, pause, mend: the same people who may connect."""
    return can_connect(user, source.project)


def can_see_jobs(user: User, organisation: Organisation) -> bool:
    """How the numbers come in, and how far the platforms' quotas are used: the agency's owners and managers."""
    return organisation.side is Side.AGENCY and role_in(user, organisation) in {Role.OWNER, Role.MANAGER}


# --- Reports --------------------------------------------------------------------------------------------------------


def can_write_reports(user: User, project: Project) -> bool:
    """The agency tells what it did; the client reads what was issued."""
    return acts_for(user, project, Side.AGENCY)


def can_check_report(user: User, report: Report) -> bool:
    """A colleague of whoever wrote it; where the team has nobody else, the writer."""
    if not acts_for(user, report.project, Side.AGENCY):
        return False
    wrote = {report.sent_by_id, report.written_by_id}
    colleagues = {person.pk for person in report.project.people_of(Side.AGENCY)} - wrote
    return user.pk not in wrote or not colleagues


def can_issue_reports(user: User, project: Project) -> bool:
    """Whoever binds the agency: what is issued stays."""
    return decides_for(user, project, Side.AGENCY)


def can_share_reports(user: User, project: Project) -> bool:
    """Either side shows an issued report to its own; viewers only look on."""
    return acts_in(user, project)


def can_edit_report_templates(user: User, agency: Organisation) -> bool:
    return agency.side is Side.AGENCY and role_in(user, agency) in {Role.OWNER, Role.MANAGER}
