"""The saved access of a source, renewed before it runs out.

Platforms rotate tokens: the second of two workers that renew at once would spend a token that is already dead. One
conditional update says who renews; the other goes on with the access that still serves, or comes again in a moment.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from kpis.connectors import connector_for
from kpis.connectors.contract import NotReady, Reauthorise
from kpis.models import PlatformLogin, Source
from smmportal.encryption import Undecryptable
from smmportal.http import run

#: So long before its end access is renewed: longer than any pull takes.
AHEAD = timedelta(minutes=10)
RENEWAL_TAKES = timedelta(minutes=2)


def access_for(source: Source, now: datetime) -> dict[str, str]:
    """The credentials to pull with. Raises Reauthorise when there are none, or none that our keys open."""
    try:
        login = PlatformLogin.objects.get(pk=source.login_id)
    except (PlatformLogin.DoesNotExist, Undecryptable) as problem:
        raise Reauthorise(type(problem).__name__) from None
    if login.expires_at is None or login.expires_at > now + AHEAD:
        return login.credentials
    if claim_renewal(login, now):
        return renew(login, now)
    if login.expires_at > now:
        return login.credentials
    raise NotReady("another worker is renewing the access")


def claim_renewal(login: PlatformLogin, now: datetime) -> bool:
    """Whether it is ours to renew: nobody else is at it, and nobody has done it since we looked."""
    free = Q(renewing_at=None) | Q(renewing_at__lt=now - RENEWAL_TAKES)
    waiting = PlatformLogin.objects.filter(free, pk=login.pk, expires_at=login.expires_at)
    return bool(waiting.update(renewing_at=now))


def renew(login: PlatformLogin, now: datetime) -> dict[str, str]:
    """Ask the platform for fresh access and keep it; where there is no such thing, go on with what there is."""
    try:
        fresh = run(connector_for(login.platform).renew(login.credentials))
        if fresh:
            login.credentials, login.expires_at = dict(fresh.credentials), fresh.expires_at
            login.save(update_fields=["credentials", "expires_at"])
    finally:
        PlatformLogin.objects.filter(pk=login.pk, renewing_at=now).update(renewing_at=None)
    return login.credentials
