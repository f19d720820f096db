"""Links that show one issued report to whoever holds them: made, opened, revoked."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.models import Report, ReportLink, ReportOpening
from projects.models import Project
from smmportal.audit import record
from smmportal.limits import is_too_often
from smmportal.people import links
from smmportal.people.models import User
from smmportal.refusals import Refused, TooOften, demand

MOST_OPEN = 50
SHORTEST_PASSWORD, LONGEST_PASSWORD = 6, 128
#: Passwords tried on one link in an hour.
TRIES = 20


def demand_sharing(project: Project, *, by: User) -> None:
    demand(rules.can_share_reports(by, project), _("Viewers only look on; a colleague makes the link."))


@transaction.atomic
def make_report_link(
    report: Report, *, name: str, by: User, days: int = ReportLink.USUALLY_LASTS, password: str = "", language: str = ""
) -> tuple[ReportLink, str]:
    """A link for one reader. Returns it with its address, which is stored nowhere; neither is the password."""
    demand_sharing(report.project, by=by)
    if not report.is_issued:
        raise Refused(_("Only an issued report can be shown by a link."), code="not-issued")
    if days not in ReportLink.LASTS:
        raise ValidationError({"days": _("A link works for 7, 30 or 90 days.")})
    if password and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ValidationError({"password": _("Choose a password of at least 6 characters.")})
    if report.links.open().count() >= MOST_OPEN:
        raise TooOften(_("Very many links are open here. Revoke those that nobody needs."), code="too-many")
    secret = links.new_secret()
    link = report.links.create(
        name=name.strip(),
        password=make_password(password) if password else "",
        language=language or report.language,
        token_hash=links.hash_of(secret),
        created_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    told = {"name": link.name, "report": report.number, "days": days, "password": bool(password)}
    record("report_link.made", about=link, by=by, project=report.project, **told)
    return link, settings.PUBLIC_URL + reverse("kpis:shared_report", args=[secret])


@transaction.atomic
def revoke_report_link(link: ReportLink, *, by: User) -> None:
    """The link stops working with the next request. Twice is once."""
    demand_sharing(link.project, by=by)
    if ReportLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record("report_link.revoked", about=link, by=by, project=link.project, name=link.name)


# --- In the reader's hands ------------------------------------------------------------------------------------------


def find_report_link(secret: str) -> ReportLink | None:
    found = ReportLink.objects.filter(token_hash=links.hash_of(secret))
    joined = found.select_related("report__project__agency", "report__project__client")
    return joined.select_related("created_by", "report__issue").first()


def stands(link: ReportLink) -> bool:
    """Whether the one who made the link may still show this report."""
    return rules.can_share_reports(link.created_by, link.project)


def open_by_link(link: ReportLink, *, password: str = "") -> None:
    """The reader has pressed «Open»: only looking at the page says nothing of whether a person did."""
    if link.has_password:
        demand_patience(link)
        if not check_password(password, link.password):
            raise ValidationError({"password": _("This is not the password. Ask the person who sent the link.")})
    note_opening(link, ReportOpening.What.PAGE)


def demand_patience(link: ReportLink) -> None:
    if is_too_often("report-password", str(link.pk), most=TRIES, seconds=3600):
        raise TooOften(_("Too many tries. Wait an hour and try again."), code="too-many-tries")


@transaction.atomic
def note_opening(link: ReportLink, what: str) -> None:
    """Whose link was opened, and when; the same within a few minutes is the same opening."""
    now = timezone.now()
    ReportLink.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=now)
    if not link.openings.filter(what=what, at__gt=now - ReportOpening.ONCE_IN).exists():
        ReportOpening.objects.create(link=link, what=what, at=now)
