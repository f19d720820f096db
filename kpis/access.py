"""The saved access of a source, renewed before it runs out.

Platforms rotate tokens: the second of two workers that renew at once would spend a token that is already dead. One
conditional update says who renews; the other goes on with the access that still serves, or comes again in a moment.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpis.connectors import connector_for
from kpis.connectors.contract import NotReady, Reauthorise
from kpis.models import PlatformLogin, Source
from smmportal.encryption import Undecryptable
from smmportal.http import run

#: So long before its end access is renewed: longer than any pull takes.
AHEAD = timedelta(minutes=10)
RENEWAL_TAKES = timedelta(minutes=2)

_BEING_RENEWED = _("The saved access is being renewed right now. Try again in a minute.")


def access_for(source: Source, now: datetime) -> dict[str, str]:
    """The credentials to pull with. Raises Reauthorise when there are none, or none that our keys open."""
    try:
        login = PlatformLogin.objects.get(pk=source.login_id)
    except (PlatformLogin.DoesNotExist, Undecryptable) as problem:
        raise Reauthorise(type(problem).__name__) from None
    return access_of(login, now)


def access_of(login: PlatformLogin, now: datetime) -> dict[str, str]:
    """The login's credentials, renewed first if they are about to run out. Raises ConnectorError."""
    if login.expires_at is None or login.expires_at > now + AHEAD:
        return login.credentials
    if claim_renewal(login, now):
        return renew(login, now)
    login.refresh_from_db()
    if login.expires_at is None or login.expires_at > now + RENEWAL_TAKES:
        return login.credentials
    raise NotReady("another worker is renewing the access", sentence=_BEING_RENEWED)


def claim_renewal(login: PlatformLogin, now: datetime) -> bool:
    """Whether it is ours to renew: nobody else is at it, and nobody has done it since we looked."""
    free = Q(renewing_at=None) | Q(renewing_at__lt=now - RENEWAL_TAKES)
    waiting = PlatformLogin.objects.filter(free, pk=login.pk, expires_at=login.expires_at)
    return bool(waiting.update(renewing_at=now))


def renew(login: PlatformLogin, now: datetime) -> dict[str, str]:
    """Ask the platform for fresh access and keep it; where there is no such thing, go on with what there is.

    What came is kept only while the claim stands: somebody may have pasted other access meanwhile, and theirs counts.
    """
    ours = PlatformLogin.objects.filter(pk=login.pk, renewing_at=now)
    try:
        fresh = run(connector_for(login.platform).renew(login.credentials))
    except BaseException:
        ours.update(renewing_at=None)
        raise
    kept = {"credentials": dict(fresh.credentials), "expires_at": fresh.expires_at} if fresh else {}
    ours.update(renewing_at=None, **kept)
    login.refresh_from_db()
    return login.credentials
