"""The saved access of a source, renewed before it runs out.

Platforms rotate tokens: the second of two workers that renew at once would spend a token that is already dead. One
conditional update says who renews; the other goes on with the access that still serves, or comes again in a moment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpis.asking import ask_platform
from kpis.connectors import connector_for
from kpis.connectors.contract import ConnectorError, NotReady, Reauthorise, Renewed
from kpis.models import PlatformLogin
from smmportal.encryption import Undecryptable

#: So long before its end access is renewed: longer than any pull takes.
AHEAD = timedelta(minutes=10)
RENEWAL_TAKES = timedelta(minutes=2)

#: What is read of a login whenever its sources are due; the rest is fetched if somebody asks.
READ = ("platform", "credentials", "token_kind", "expires_at", "renewing_at", "revoked_at")
REVOKED = _("The access was revoked in the portal. Connect the source again, and its numbers go on.")
_BEING_RENEWED = _("The saved access is being renewed right now. Try again in a minute.")


@dataclass(frozen=True)
class Access:
    """What to ask with. `problem`: why there is nothing; `renew`: it is ours to renew before it is used."""

    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    token_kind: str = ""
    login: PlatformLogin | None = None
    problem: ConnectorError | None = None
    renew: bool = False


def accesses_of(login_ids: Iterable[int | None], now: datetime) -> dict[int | None, Access]:
    """The access of each login; renewals that are due are claimed, each by one worker."""
    wanted = set(login_ids)
    found = {login.pk: usable(login, now) for login in opened(wanted - {None})}
    return {pk: found.get(pk) or Access(problem=Reauthorise("no access that our keys open")) for pk in wanted}


def access_of(login: PlatformLogin, now: datetime) -> dict[str, str]:
    """One login's credentials while a person waits, renewed if they are about to run out. Raises ConnectorError."""
    access = usable(login, now)
    if access.problem:
        raise access.problem
    return renew(login) if access.renew else login.credentials


def renew(login: PlatformLogin) -> dict[str, str]:
    connector, fresh = connector_for(login.platform), None
    try:
        steps = connector.renew(login.credentials)
        fresh = ask_platform(connector, login.credentials, steps, token_kind=login.token_kind)
    finally:
        keep_renewed(login, fresh)
    return login.credentials


def opened(ids: Iterable[int]) -> list[PlatformLogin]:
    """The logins that our keys open: all at once, or one by one when one of them does not open."""
    ids = list(ids)
    try:
        return list(PlatformLogin.objects.filter(pk__among=ids).only(*READ))
    except Undecryptable:
        return [login for pk in ids for login in opened([pk])] if len(ids) > 1 else []


def usable(login: PlatformLogin, now: datetime) -> Access:
    if login.revoked_at:
        return Access(problem=Reauthorise("the access was revoked", sentence=REVOKED))
    if login.expires_at is None or login.expires_at > now + AHEAD:
        return Access(login.credentials, login.token_kind, login)
    if claim_renewal(login, now):
        return Access(login.credentials, login.token_kind, login, renew=True)
    login.refresh_from_db()
    if login.expires_at is None or login.expires_at > now + RENEWAL_TAKES:
        return Access(login.credentials, login.token_kind, login)
    return Access(problem=NotReady("another worker is renewing the access", sentence=_BEING_RENEWED))


def claim_renewal(login: PlatformLogin, now: datetime) -> bool:
    """Whether it is ours to renew: nobody else is at it, and nobody has done it since we looked."""
    free = Q(renewing_at=None) | Q(renewing_at__lt=now - RENEWAL_TAKES)
    waiting = PlatformLogin.objects.filter(free, pk=login.pk, expires_at=login.expires_at)
    login.renewing_at = now
    return bool(waiting.update(renewing_at=now))


def keep_renewed(login: PlatformLogin, fresh: Renewed | None) -> None:
    """End the renewal; where the platform has no such thing (None), the access stays as it is.

    What came is kept only while the claim stands: somebody may have pasted other access meanwhile, and theirs counts.
    """
    kept = (
        {"credentials": dict(fresh.credentials), "expires_at": fresh.expires_at, "warned_days": None} if fresh else {}
    )
    PlatformLogin.objects.filter(pk=login.pk, renewing_at=login.renewing_at).update(renewing_at=None, **kept)
    login.refresh_from_db()
