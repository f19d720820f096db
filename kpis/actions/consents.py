"""Access by consent: a person is sent to the platform's page, says yes there, and comes back with a code.

What only this turn knows (`ConsentAttempt`) is made when it begins and is used up by coming back, whatever came of it.
Whoever comes back must be who began: the same person's login or, by a connection link, the same browser.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpis.actions import links, sources
from kpis.asking import ask_platform
from kpis.connectors import CONNECTORS
from kpis.connectors.consent import App, ByConsent, Turn, new_secret
from kpis.connectors.contract import Identity
from kpis.models import ConnectionLink, ConsentAttempt, PlatformLogin, Source
from kpis.spending import pay
from projects.models import Project
from smmportal.limits import is_too_often
from smmportal.people.links import hash_of
from smmportal.people.models import User
from smmportal.refusals import Refused, TooOften

#: How often one person may begin in ten minutes.
MOST_BEGUN = 20
KEPT_AFTER = timedelta(days=1)


# --- There ----------------------------------------------------------------------------------------------------------


def begin_consent(project: Project, *, platform: str, by: User, origin: str = "") -> str:
    """The address of the platform's page on which access for new accounts is granted."""
    sources.demand_to_connect(by, project)
    demand_unhurried(by)
    return begin(demand_door(platform), project=project, by=by, origin=origin[:100])


def begin_reauthorisation(source: Source, *, by: User) -> str:
    """The same, to replace the access of a source."""
    sources.demand_to_tend(by, source)
    demand_unhurried(by)
    return begin(demand_door(source.platform), project=source.project, by=by, source=source)


def begin_by_link(link: ConnectionLink, *, platform: str, secret: str) -> tuple[str, str]:
    """The same, for the visitor of a connection link; and what their browser is to be known by."""
    links.demand_asked(link, platform)
    links.demand_patience(link)
    browser = new_secret()
    kept = {"link": secret, "language": get_language()}
    begun = {"project": link.project, "by": link.created_by, "link": link, "browser_hash": hash_of(browser)}
    return begin(demand_door(platform), kept=kept, **begun), browser


def begin(door: tuple[ByConsent, App], *, kept: Mapping[str, str] | None = None, **fields: object) -> str:
    connector, app = door
    turn = Turn(address_for(connector.code), new_secret(), new_secret())
    ConsentAttempt.objects.create(
        platform=connector.code,
        state_hash=hash_of(turn.state),
        kept={**(kept or {}), "verifier": turn.verifier},
        expires_at=timezone.now() + ConsentAttempt.LASTS,
        **fields,
    )
    return connector.begin(app, turn)


def demand_door(platform: str) -> tuple[ByConsent, App]:
    """The platform with the portal's application there. Refuses where there is none."""
    connector = CONNECTORS.get(platform)
    if connector is None:
        raise Refused(_("There is no such platform here."), code="unknown-platform")
    sources.demand_offered(platform)
    if not isinstance(connector, ByConsent) or connector.app is None:
        sentence = _("This portal has no application at %(platform)s. Paste the access by hand.")
        raise Refused(sentence % {"platform": connector.name}, code="no-application")
    return connector, connector.app


def demand_unhurried(by: User) -> None:
    if is_too_often("consent", str(by.pk), most=MOST_BEGUN, seconds=600):
        raise TooOften(_("That was very often. Wait ten minutes and begin again."), code="too-often")


def address_for(platform: str) -> str:
    """Where the platform sends people back to: one address each, registered there letter by letter."""
    return settings.PUBLIC_URL + reverse("kpis:consent_callback", args=[platform])


# --- And back -------------------------------------------------------------------------------------------------------


def find_attempt(platform: str, state: str) -> ConsentAttempt | None:
    found = ConsentAttempt.objects.filter(platform=platform, state_hash=hash_of(state))
    return found.select_related("by", "link", "source__project", "project__agency", "project__client").first()


def why_not(attempt: ConsentAttempt | None, person: User | AnonymousUser, browser: str) -> str:
    """Why this coming back leads to nothing: unknown, foreign, used or expired; empty when it may go on.

    `browser` is what the visitor's browser is known by.
    """
    if attempt is None:
        return "unknown"
    if not is_by_whoever_began(attempt, person, browser):
        return "foreign"
    if attempt.used_at:
        return "used"
    return "expired" if attempt.expires_at <= timezone.now() else ""


def is_by_whoever_began(attempt: ConsentAttempt, person: User | AnonymousUser, browser: str) -> bool:
    if not attempt.link_id:
        return person.pk == attempt.by_id
    return bool(attempt.browser_hash) and constant_time_compare(hash_of(browser), attempt.browser_hash)


def give_up(attempt: ConsentAttempt) -> None:
    """The person or the platform said no: the state is used up, and nothing else is changed."""
    take(attempt)


def accept(attempt: ConsentAttempt, *, code: str, device_id: str = "") -> PlatformLogin:
    """Exchange the code for access and keep it: for new accounts, or in place of what a source had.

    Of two that come back with the same state one goes on.
    """
    demand_standing(attempt)
    connector, app = demand_door(attempt.platform)
    turn = Turn(address_for(attempt.platform), "", take(attempt)["verifier"])
    with sources.platform_words():
        pay(connector, {"granted_to": app.id})
        identity = ask_platform(connector, {}, connector.exchange(app, turn, code, device_id))
    if attempt.source:
        sources.demand_to_open(attempt.source, identity.credentials or {})
    return keep(attempt, identity)


def demand_standing(attempt: ConsentAttempt) -> None:
    """Asked again: whoever began may have lost the right to meanwhile, or the link may be closed."""
    if attempt.link:
        links.demand_asked(attempt.link, attempt.platform)
    elif attempt.source:
        sources.demand_to_tend(attempt.by, attempt.source)
    else:
        sources.demand_to_connect(attempt.by, attempt.project)


def take(attempt: ConsentAttempt) -> dict[str, str]:
    """Use the attempt up. Returns what was kept for it; refuses when somebody was quicker."""
    kept = attempt.kept
    if not ConsentAttempt.objects.open().filter(pk=attempt.pk).update(used_at=timezone.now(), kept=None):
        raise Refused(_("This consent has been used already. Begin again if anything is missing."), code="used")
    return kept


@transaction.atomic
def keep(attempt: ConsentAttempt, identity: Identity) -> PlatformLogin:
    credentials = identity.credentials or {}
    if attempt.source:
        login = sources.replace_access(attempt.source, credentials, identity, attempt.by).login
        assert login is not None
        return login
    if attempt.link:
        return links.keep_for_link(attempt.link, attempt.platform, credentials, identity)
    project, by = attempt.project, attempt.by
    return sources.keep_login(
        project, sources.own_organisation(project, by), attempt.platform, credentials, identity, by
    )


def forget_attempts() -> int:
    return ConsentAttempt.objects.filter(expires_at__lt=timezone.now() - KEPT_AFTER).delete()[0]
