"""Verbs about sources. What asks a platform runs outside of any transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import available_timezones

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.access import access_of
from kpis.asking import ask_platform
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Account, ConnectorError, Identity
from kpis.models import PlatformLogin, Source
from kpis.spending import pay
from projects.models import Project
from projects.origins import Place, claim
from smmportal.audit import record
from smmportal.encryption import Undecryptable
from smmportal.formatting import format_moment
from smmportal.jobs import later
from smmportal.people.models import Organisation, User
from smmportal.refusals import Refused, demand

UNUSED_LOGINS_KEPT = timedelta(days=1)
FRESH_FOR = timedelta(minutes=1)
#: What several sources over parts of one account have in common.
ACCOUNT = ("project", "platform", "external_id")


# --- Access ---------------------------------------------------------------------------------------------------------


def grant_access(project: Project, *, platform: str, credentials: Mapping[str, str], by: User) -> PlatformLogin:
    """Check pasted credentials with the platform and keep them, encrypted, for the person's own organisation."""
    demand_to_connect(by, project)
    credentials, identity = checked_access(platform, credentials)
    return keep_login(project, own_organisation(project, by), platform, credentials, identity, by)


def checked_access(platform: str, credentials: Mapping[str, str]) -> tuple[dict[str, str], Identity]:
    """What was pasted, trimmed, and whose it is by the platform's own word."""
    credentials = known_fields(platform, credentials)
    demand_offered(platform)
    with platform_words():
        pay(CONNECTORS[platform], credentials)
        identity = ask_platform(CONNECTORS[platform], credentials, CONNECTORS[platform].check(credentials))
    return credentials, identity


def own_organisation(project: Project, by: User) -> Organisation:
    return project.organisation_of(project.side_of(by))


def known_fields(platform: str, credentials: Mapping[str, str]) -> dict[str, str]:
    """The platform's own fields, trimmed. Refuses an unknown platform and a required field left empty."""
    if platform not in CONNECTORS:
        raise Refused(_("There is no such platform here."), code="unknown-platform")
    fields = CONNECTORS[platform].fields
    values = {field.name: str(credentials.get(field.name, "")).strip() for field in fields}
    for field in fields:
        if field.required and not values[field.name]:
            raise Refused(_("“%(field)s” is empty.") % {"field": field.label}, code="credentials-missing")
    return values


def demand_offered(platform: str) -> None:
    if not CONNECTORS[platform].is_offered:
        sentence = _(
            "%(platform)s is switched off in this portal: it charges for every answer, and no budget is set for it."
        )
        raise Refused(sentence % {"platform": CONNECTORS[platform].name}, code="platform-off")


@contextmanager
def platform_words() -> Iterator[None]:
    """What a platform refuses while a person waits is said to that person."""
    try:
        yield
    except ConnectorError as error:
        raise Refused(str(error.sentence), code=error.kind) from None


@transaction.atomic
def keep_login(
    project: Project,
    organisation: Organisation,
    platform: str,
    credentials: Mapping[str, str],
    identity: Identity,
    by: User,
) -> PlatformLogin:
    """The organisation's login with these credentials: the same one when they were pasted before, or when the same
    person granted the same access again on the platform's page."""
    for login in PlatformLogin.objects.filter(organisation=organisation, platform=platform, revoked_at=None):
        kept = opened(login) or {}
        if {name: kept.get(name, "") for name in credentials} == dict(credentials):
            return login
    if twin := next(iter(twins_of(organisation, platform, identity, credentials)), None):
        put_access(twin, identity, credentials)
        record("access.granted", about=twin, by=by, project=project, platform=platform, name=twin.name)
        wake(twin)
        return twin
    login = PlatformLogin.objects.create(
        organisation=organisation,
        platform=platform,
        granted_by=by,
        **fields_of(identity, credentials),
    )
    record("access.granted", about=login, by=by, project=project, platform=platform, name=login.name)
    return login


def twins_of(
    organisation: Organisation, platform: str, identity: Identity, credentials: Mapping[str, str]
) -> list[PlatformLogin]:
    """The organisation's own logins that the same person granted to the same application, and that this access can
    take the place of: it has every right that they have, or they have come to their end."""
    granted_to = (identity.credentials or credentials).get("granted_to")
    if not identity.person or not granted_to:
        return []
    same = {"organisation": organisation, "platform": platform, "token_kind": identity.token_kind}
    found = PlatformLogin.objects.filter(**same, person_id=identity.person, revoked_at=None).order_by("pk")
    return [
        login
        for login in found
        if (opened(login) or {}).get("granted_to") == granted_to
        and (login.refused_at or set(login.scopes) <= set(identity.scopes))
    ]


def put_access(login: PlatformLogin, identity: Identity, credentials: Mapping[str, str]) -> None:
    for name, value in fields_of(identity, credentials).items():
        setattr(login, name, value)
    login.refused_at = login.revoked_at = login.renewing_at = login.warned_days = None
    login.save()


def wake(login: PlatformLogin) -> None:
    """Whatever waited for this access goes on, in every project."""
    for waiting in Source.objects.filter(login=login).exclude(error_kind="", next_pull_at__isnull=False):
        make_due(waiting)


def fields_of(identity: Identity, credentials: Mapping[str, str]) -> dict:
    return {
        "credentials": dict(identity.credentials or credentials),
        "name": identity.login[:160],
        "person_id": identity.person[:100] or None,
        "token_kind": identity.token_kind,
        "scopes": list(identity.scopes),
        "expires_at": identity.expires_at,
    }


def opened(login: PlatformLogin) -> dict[str, str] | None:
    """The login's credentials, for our own use only."""
    try:
        return PlatformLogin.objects.values_list("credentials", flat=True).get(pk=login.pk)
    except Undecryptable:
        return None


def discover_accounts(project: Project, login: PlatformLogin, *, hint: str = "", by: User) -> list[Account]:
    """The accounts that this login can read, and those that it sees and cannot, with the reason."""
    demand_to_use(by, project, login)
    return accounts_of(login, hint)


def accounts_of(login: PlatformLogin, hint: str = "") -> list[Account]:
    with platform_words():
        connector = CONNECTORS[login.platform]
        credentials = access_of(login, timezone.now())
        pay(connector, credentials, hint)
        steps = connector.accounts(credentials, hint)
        return ask_platform(connector, credentials, steps, token_kind=login.token_kind)


# --- Connecting -----------------------------------------------------------------------------------------------------


def connect_source(
    project: Project,
    *,
    platform: str,
    credentials: Mapping[str, str],
    external_id: str,
    by: User,
    origin: Place | None = None,
) -> Source:
    """Keep the access and connect one account; its first pull is queued at once."""
    login = grant_access(project, platform=platform, credentials=credentials, by=by)
    return connect_account(project, login, external_id=external_id, by=by, origin=origin)


def connect_account(
    project: Project,
    login: PlatformLogin,
    *,
    external_id: str,
    hint: str = "",
    by: User,
    origin: Place | None = None,
) -> Source:
    """Connect an account that the login can read. Connecting it twice gives the same source."""
    demand_to_use(by, project, login)
    return add_source(project, login, readable_account(login, external_id, hint), by, origin)


def readable_account(login: PlatformLogin, external_id: str, hint: str = "") -> Account:
    account = find_account(accounts_of(login, hint), external_id)
    if account.refused_because:
        raise Refused(str(account.refused_because), code="account-refused")
    return account


def find_account(accounts: list[Account], external_id: str) -> Account:
    found = next((account for account in accounts if account.external_id == external_id), None)
    if found is None:
        raise Refused(_("This access does not open that account. Choose one from the list."), code="account-unknown")
    return found


@transaction.atomic
def add_source(
    project: Project, login: PlatformLogin, account: Account, by: User, origin: Place | None = None
) -> Source:
    source, is_new = Source.objects.get_or_create(
        project=project,
        platform=login.platform,
        external_id=account.external_id[:200],
        filter="",
        defaults={
            "title": account.title[:200] or account.external_id,
            "url": account.url[:500],
            "timezone": account.timezone if account.timezone in available_timezones() else project.timezone,
            "began_on": account.began_on,
            "login": login,
            "connected_by": by,
            "next_pull_at": timezone.now(),
            **claim("source", origin),
        },
    )
    if is_new:
        record("source.connected", about=source, by=by, project=project, platform=source.platform, title=source.title)
        later("kpis.pull_source", source_id=source.pk)
    return source


def reconnect_source(source: Source, *, credentials: Mapping[str, str], by: User) -> Source:
    """Replace the access. All sources of the same login that waited for it go on."""
    demand_to_tend(by, source)
    credentials = known_fields(source.platform, credentials)
    connector = CONNECTORS[source.platform]
    with platform_words():
        pay(connector, credentials)
        identity = ask_platform(connector, credentials, connector.check(credentials))
    demand_to_open(source, identity.credentials or credentials)
    return replace_access(source, credentials, identity, by)


def demand_to_open(source: Source, credentials: Mapping[str, str]) -> None:
    """Refuse access that does not open the very account of the source."""
    connector = CONNECTORS[source.platform]
    with platform_words():
        pay(connector, credentials, source.external_id)
        accounts = ask_platform(connector, credentials, connector.discover(credentials, source.external_id))
    find_account(accounts, source.external_id)


@transaction.atomic
def replace_access(source: Source, credentials: Mapping[str, str], identity: Identity, by: User) -> Source:
    organisation = own_organisation(source.project, by)
    login = source.login
    if login and login.organisation_id == organisation.pk:
        put_access(login, identity, credentials)
        # Logins of the same person from before mean the same access: their sources are read with this one too.
        twins = [twin.pk for twin in twins_of(organisation, source.platform, identity, credentials)]
        Source.objects.filter(login__in=twins).exclude(login=login).update(login=login)
    else:
        login = keep_login(source.project, organisation, source.platform, credentials, identity, by)
    return give_login(source, login, by)


def give_login(source: Source, login: PlatformLogin, by: User) -> Source:
    """From now on the account is read with this login, whole or in segments; whatever waited for it goes on."""
    Source.objects.filter(**{name: getattr(source, name) for name in ACCOUNT}).update(login=login)
    record("access.replaced", about=source, by=by, project=source.project, platform=source.platform)
    wake(login)
    source.refresh_from_db()
    return source


def make_due(source: Source) -> None:
    """Due at once, with a clean sheet; the bell is rung after the commit."""
    clean = {"error_kind": "", "error_detail": "", "error_words": "", "attempts": 0}
    Source.objects.filter(pk=source.pk).update(next_pull_at=timezone.now(), **clean)
    later("kpis.pull_source", source_id=source.pk)


# --- Tending --------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_pull(source: Source, *, by: User) -> Source:
    """Make the source due now. Asked twice, it is pulled once; a platform that asked us to wait is waited for."""
    demand_to_tend(by, source)
    now = timezone.now()
    source = Source.objects.select_for_update().get(pk=source.pk)
    refuse_what_can_not_be_pulled(source)
    if source.is_being_pulled(now) or (source.next_pull_at and source.next_pull_at <= now):
        return source
    if source.error_kind == "rate_limited" and source.next_pull_at:
        sentence = _("The platform asked us to wait until %(moment)s. The portal will come back by itself.")
        raise Refused(sentence % {"moment": format_moment(source.next_pull_at, style="near")}, code="rate-limited")
    if source.last_attempt_at and now - source.last_attempt_at < FRESH_FOR and not source.error_kind:
        return source
    Source.objects.filter(pk=source.pk).update(next_pull_at=now)
    record("source.pull_asked", about=source, by=by, project=source.project)
    later("kpis.pull_source", source_id=source.pk)
    source.refresh_from_db()
    return source


def refuse_what_can_not_be_pulled(source: Source) -> None:
    if source.is_typed:
        raise Refused(_("These numbers are typed by hand: there is nobody to ask."), code="not-pulled")
    if source.platform == Source.FORMULA:
        sentence = _("The portal counts these numbers from those of other sources. Ask those for newer ones.")
        raise Refused(sentence, code="not-pulled")
    if not source.is_pulled:
        raise Refused(_("These numbers come from files. Import a newer file to update them."), code="not-pulled")
    if source.paused_at:
        raise Refused(_("This source is paused. Resume it first."), code="paused")
    if source.error_kind == "reauthorise":
        raise Refused(_("The platform no longer accepts the saved access. Replace it first."), code="reauthorise")


@transaction.atomic
def pause_source(source: Source, *, by: User) -> Source:
    """Take no more numbers until it is resumed. Pausing twice changes nothing."""
    demand_to_tend(by, source)
    if Source.objects.filter(pk=source.pk, paused_at=None).update(paused_at=timezone.now()):
        record("source.paused", about=source, by=by, project=source.project)
    source.refresh_from_db()
    return source


@transaction.atomic
def resume_source(source: Source, *, by: User) -> Source:
    """Go on, and ask at once for what was missed."""
    demand_to_tend(by, source)
    if Source.objects.filter(pk=source.pk, paused_at__isnull=False).update(paused_at=None):
        record("source.resumed", about=source, by=by, project=source.project)
        source.refresh_from_db()
        if source.is_pulled and source.error_kind not in {"reauthorise", "rate_limited"}:
            make_due(source)
    source.refresh_from_db()
    return source


def demand_to_connect(by: User, project: Project) -> None:
    demand(rules.can_connect(by, project), _("Your role in this project is to look on; ask a colleague to connect it."))


def demand_to_use(by: User, project: Project, login: PlatformLogin) -> None:
    demand_to_connect(by, project)
    demand(rules.can_use_login(by, project, login), _("This access belongs to another organisation."))


def demand_to_tend(by: User, source: Source) -> None:
    demand(rules.can_tend(by, source), _("Your role in this project is to look on; ask a colleague to do this."))


def forget_unused_logins() -> int:
    """Access that was granted and never used for a source is not kept."""
    old = PlatformLogin.objects.filter(sources=None, granted_at__lt=timezone.now() - UNUSED_LOGINS_KEPT)
    return old.delete()[0]
