"""Giving access up: the platform is told, the credentials are deleted, what was read by it stays."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from kpis import rules
from kpis.access import RENEWAL_TAKES, REVOKED
from kpis.actions.sources import opened
from kpis.asking import ask_platform
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Connector, ConnectorError, NotReady, RateLimited, Reauthorise, Transient
from kpis.models import PlatformLogin, Source
from projects.actions.projects import facts_of
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand


def revoke_access(login: PlatformLogin, *, by: User, anyway: bool = False) -> bool:
    """Tell the platform that the access is given up, and delete it here. Returns whether the platform knows.

    When the platform does not answer, nothing is changed, unless it is to be forgotten here `anyway`.
    """
    demand_to_revoke(by, login)
    if login.revoked_at:
        return True
    claim(login)
    try:
        knows = tell_platform(login, anyway=anyway)
    except Refused:
        PlatformLogin.objects.filter(pk=login.pk, renewing_at=login.renewing_at).update(renewing_at=None)
        raise
    forget(login, by, knows)
    return knows


def demand_to_revoke(by: User, login: PlatformLogin) -> None:
    sentence = _("Only those who decide for %(organisation)s, or whoever granted this access, may give it up.")
    demand(rules.can_revoke_login(by, login), sentence % {"organisation": login.organisation.name})


def claim(login: PlatformLogin) -> None:
    """Nobody renews meanwhile: what a renewal brings after the end would live on at the platform."""
    now = timezone.now()
    free = Q(renewing_at=None) | Q(renewing_at__lt=now - RENEWAL_TAKES)
    if not PlatformLogin.objects.filter(free, pk=login.pk, revoked_at=None).update(renewing_at=now):
        raise Refused(_("This access is being renewed or revoked right now. Try again in a minute."), code="busy")
    login.renewing_at = now


def tell_platform(login: PlatformLogin, *, anyway: bool) -> bool:
    """Whether the platform knows afterwards; access that it no longer accepts needs no telling."""
    connector, credentials = CONNECTORS.get(login.platform), opened(login)
    if connector is None or not credentials:
        return False
    try:
        return ask_to_revoke(connector, login, credentials)
    except Reauthorise:
        return True
    except (Transient, RateLimited, NotReady) as error:
        if anyway:
            return False
        sentence = _("%(platform)s does not answer, so it does not know yet, and nothing is changed. Try again later.")
        raise Refused(sentence % {"platform": connector.name}, code=error.kind) from None
    except ConnectorError:
        return False


def ask_to_revoke(connector: Connector, login: PlatformLogin, credentials: dict[str, str]) -> bool:
    """Access that has run out is renewed once more: it is by living access that it is given up."""
    if login.expires_at and login.expires_at <= timezone.now():
        fresh = ask_platform(connector, credentials, connector.renew(credentials), token_kind=login.token_kind)
        credentials = dict(fresh.credentials) if fresh else credentials
    return ask_platform(connector, credentials, connector.revoke(credentials), token_kind=login.token_kind)


@transaction.atomic
def forget(login: PlatformLogin, by: User, knows: bool) -> None:
    gone = {"credentials": {}, "scopes": [], "expires_at": None, "renewing_at": None}
    if not PlatformLogin.objects.filter(pk=login.pk, revoked_at=None).update(revoked_at=timezone.now(), **gone):
        return
    sources = Source.objects.filter(login=login).select_related("project")
    for project in {source.project for source in sources} or {None}:
        record("access.revoked", about=login, by=by, project=project, platform=login.platform, platform_knows=knows)
    for source in sources:
        stop(source, by)
    login.refresh_from_db()


def stop(source: Source, by: User) -> None:
    """The source waits for fresh access, and says so. A pull that is running would end well and hide it, so that one is
    to come again at once."""
    now = timezone.now()
    with override(None):  # it is translated for whoever reads it
        said = {"error_kind": "reauthorise", "error_detail": "", "error_words": str(REVOKED)}
    again = now if source.is_being_pulled(now) else None
    Source.objects.filter(pk=source.pk).update(next_pull_at=again, **said)
    project = source.project
    facts = facts_of(project, source=source.title, platform=source.place)
    announce("source.access_revoked", to=project.people_of(Side.AGENCY), about=source, by=by, facts=facts)
