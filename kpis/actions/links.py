"""Accounts connected by a link: it is made, opened, used for one platform or several, finished, revoked.

Whoever has the link acts on behalf of the person who made it, and only for the organisation that it was made for.
"""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.actions import sources
from kpis.connectors import CONNECTORS, offered
from kpis.connectors.contract import Account, Connector
from kpis.models import ConnectionLink, PlatformLogin, Source
from projects.actions.projects import facts_of
from projects.models import Project
from smmportal.audit import record
from smmportal.limits import is_too_often
from smmportal.notifications.actions import announce
from smmportal.people import links
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, TooOften

#: How many links may wait at once in a project, and how often one link may ask platforms in an hour.
MOST_OPEN = 20
ASKED_AN_HOUR = 60
#: What an account that is there already may lack, and gets with the visitor's access.
MENDED_BY_ACCESS = {"reauthorise", "scope_missing"}


@transaction.atomic
def make_connection_link(
    project: Project, *, name: str, by: User, platforms: Collection[str] = (), side: str = "", language: str = "ru"
) -> tuple[ConnectionLink, str]:
    """Make a link for whoever holds the accounts. Returns it with its address, which is stored nowhere.

    `side` is whose accounts these are: the agency asks for the client's unless it says otherwise; the client only for
    its own.
    """
    sources.demand_to_connect(by, project)
    for platform in platforms:
        demand_known(platform)
    if project.connection_links.open().count() >= MOST_OPEN:
        raise TooOften(_("Very many links are open here. Revoke those that nobody needs."), code="too-many")
    secret = links.new_secret()
    link = project.connection_links.create(
        organisation=project.organisation_of(side_for(project, by, side)),
        name=name.strip(),
        platforms=[code for code in CONNECTORS if code in platforms],
        language=language,
        token_hash=links.hash_of(secret),
        created_by=by,
        expires_at=timezone.now() + ConnectionLink.LASTS,
    )
    record("connection_link.made", about=link, by=by, project=project, name=link.name, platforms=link.platforms)
    return link, settings.PUBLIC_URL + reverse("kpis:connection", args=[secret])


def side_for(project: Project, by: User, side: str) -> Side:
    if rules.can_ask_for_either_side(by, project):
        return Side(side or Side.CLIENT)
    if side and side != project.side_of(by):
        raise Refused(_("You can ask only for your own side’s accounts."), code="other-side")
    return project.side_of(by)


def demand_known(platform: str) -> None:
    if platform not in CONNECTORS:
        raise Refused(_("There is no such platform here."), code="unknown-platform")
    sources.demand_offered(platform)


@transaction.atomic
def revoke_connection_link(link: ConnectionLink, *, by: User) -> None:
    """The link stops working with the next request; what was connected by it stays."""
    sources.demand_to_connect(by, link.project)
    unfinished = ConnectionLink.objects.filter(pk=link.pk, revoked_at=None, finished_at=None)
    if unfinished.update(revoked_at=timezone.now()):
        record("connection_link.revoked", about=link, by=by, project=link.project, name=link.name)


# --- In the visitor's hands -----------------------------------------------------------------------------------------


def find_connection_link(secret: str) -> ConnectionLink | None:
    found = ConnectionLink.objects.filter(token_hash=links.hash_of(secret))
    return found.select_related("created_by", "organisation", "project__agency", "project__client").first()


def stands(link: ConnectionLink) -> bool:
    """Whether the one who made the link may still connect sources in its project."""
    return rules.can_connect(link.created_by, link.project)


def asked_platforms(link: ConnectionLink) -> list[Connector]:
    return [connector for connector in offered() if not link.platforms or connector.code in link.platforms]


def demand_open_link(link: ConnectionLink) -> None:
    """Asked again when something is written: the link may have been closed since its page was opened."""
    if not (stands(link) and ConnectionLink.objects.open().filter(pk=link.pk).exists()):
        raise Refused(_("This link does not work any more. Ask the person who sent it for a new one."), code="closed")


@transaction.atomic
def begin_connecting(link: ConnectionLink) -> None:
    """The visitor has pressed «Begin»: only looking at the page says nothing of whether a person did."""
    demand_open_link(link)
    if ConnectionLink.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=timezone.now()):
        record("connection_link.opened", about=link, project=link.project, name=link.name)


def grant_by_link(link: ConnectionLink, *, platform: str, credentials: Mapping[str, str]) -> PlatformLogin:
    """Check what was pasted and keep it for the link's organisation."""
    demand_asked(link, platform)
    demand_patience(link)
    credentials, identity = sources.checked_access(platform, credentials)
    return keep_for_link(link, platform, credentials, identity)


def demand_asked(link: ConnectionLink, platform: str) -> None:
    demand_open_link(link)
    if platform not in [connector.code for connector in asked_platforms(link)]:
        raise Refused(_("This platform was not asked for."), code="not-asked")


@transaction.atomic
def keep_for_link(link: ConnectionLink, platform: str, credentials: Mapping[str, str], identity) -> PlatformLogin:
    demand_open_link(link)
    login = sources.keep_login(link.project, link.organisation, platform, credentials, identity, link.created_by)
    link.logins.add(login)
    return login


def demand_patience(link: ConnectionLink) -> None:
    """A link must not become a way to try stolen tokens by the thousand."""
    if is_too_often("connection-asks", str(link.pk), most=ASKED_AN_HOUR, seconds=3600):
        raise TooOften(_("That was very often. Wait an hour and open the link again."), code="too-often")


def accounts_by_link(link: ConnectionLink, login: PlatformLogin, *, hint: str = "") -> list[Account]:
    demand_patience(link)
    return sources.accounts_of(login, hint)


def connect_by_link(link: ConnectionLink, login: PlatformLogin, *, external_id: str, hint: str = "") -> Source:
    """Connect one account; one whose access was lost gets this access and goes on."""
    demand_open_link(link)
    demand_patience(link)
    account = sources.readable_account(login, external_id, hint)
    return add_by_link(link, login, account)


@transaction.atomic
def add_by_link(link: ConnectionLink, login: PlatformLogin, account: Account) -> Source:
    demand_open_link(link)
    source = sources.add_source(link.project, login, account, link.created_by)
    if source.error_kind in MENDED_BY_ACCESS:
        sources.give_login(source, login, link.created_by)
    if not link.sources.filter(pk=source.pk).exists():
        link.sources.add(source)
        record("connection_link.used", about=link, project=link.project, name=link.name, source=source.title)
        tell_maker(link, source)
    return source


def tell_maker(link: ConnectionLink, source: Source) -> None:
    facts = facts_of(link.project, name=link.name, source=source.title, platform=source.place)
    announce("source.connected_by_link", to=[link.created_by], about=source, url=source.get_absolute_url(), facts=facts)


@transaction.atomic
def finish_connecting(link: ConnectionLink) -> None:
    """«Done»: the link closes. Twice is once."""
    demand_open_link(link)
    if ConnectionLink.objects.open().filter(pk=link.pk).update(finished_at=timezone.now()):
        record("connection_link.finished", about=link, project=link.project, name=link.name)
