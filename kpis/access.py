"""The saved access of a source, renewed before it runs out.

Platforms rotate tokens: the second of two workers that renew at once would spend a token that is already dead. One
conditional update says who renews; the other goes on with the access that still serves, or comes again in a moment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from kpis.connectors.contract import ConnectorError, NotReady, Reauthorise, Renewed
from kpis.models import PlatformLogin
from smmportal.encryption import Undecryptable

#: So long before its end access is renewed: longer than any pull takes.
AHEAD = timedelta(minutes=10)
RENEWAL_TAKES = timedelta(minutes=2)


@dataclass(frozen=True)
class Access:
    """What to ask with. `problem`: why there is nothing; `renew`: it is ours to renew before it is used."""

    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    token_kind: str = ""
    login: PlatformLogin | None = None
    problem: ConnectorError | None = None
    renew: bool = False


def access_of(login_ids: Iterable[int | None], now: datetime) -> dict[int | None, Access]:
    """The access of each login; renewals that are due are claimed, each by one worker."""
    wanted = set(login_ids)
    found = {login.pk: usable(login, now) for login in opened(wanted - {None})}
    return {pk: found.get(pk) or Access(problem=Reauthorise("no access that our keys open")) for pk in wanted}


def opened(ids: Iterable[int]) -> list[PlatformLogin]:
    """The logins that our keys open: all at once, or one by one when one of them does not open."""
    ids = list(ids)
    try:
        return list(PlatformLogin.objects.filter(pk__among=ids))
    except Undecryptable:
        return [login for pk in ids for login in opened([pk])] if len(ids) > 1 else []


def usable(login: PlatformLogin, now: datetime) -> Access:
    renew = False
    if login.expires_at is not None and login.expires_at <= now + AHEAD:
        renew = claim_renewal(login, now)
        if not renew and login.expires_at <= now:
            return Access(problem=NotReady("another worker is renewing the access"))
    return Access(login.credentials, login.token_kind, login, renew=renew)


def claim_renewal(login: PlatformLogin, now: datetime) -> bool:
    """Whether it is ours to renew: nobody else is at it, and nobody has done it since we looked."""
    free = Q(renewing_at=None) | Q(renewing_at__lt=now - RENEWAL_TAKES)
    waiting = PlatformLogin.objects.filter(free, pk=login.pk, expires_at=login.expires_at)
    login.renewing_at = now
    return bool(waiting.update(renewing_at=now))


def keep_renewed(login: PlatformLogin, fresh: Renewed | None) -> None:
    """End the renewal; where the platform has no such thing (None), the access stays as it is."""
    if fresh:
        login.credentials, login.expires_at = dict(fresh.credentials), fresh.expires_at
        login.save(update_fields=["credentials", "expires_at"])
    PlatformLogin.objects.filter(pk=login.pk, renewing_at=login.renewing_at).update(renewing_at=None)
