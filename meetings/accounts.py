"""Calendars of a person on a CalDAV server: connected by a login, chosen one by one, read like the others."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.caldav import Found, Login, NotFound, find_calendars
from meetings.models import CalendarAccount, CalendarSubscription
from meetings.subscriptions import refuse_too_many, refuse_too_often, take_in_now
from smmportal.audit import record
from smmportal.http import run
from smmportal.people.models import User
from smmportal.refusals import Refused

MOST_ACCOUNTS = 5


@dataclass(frozen=True)
class Provider:
    """Where people keep their calendars. Without a `server` the person gives its address; `how` says where the app
    password is made."""

    code: str
    name: object
    how: object
    server: str = ""


PROVIDERS = {
    provider.code: provider
    for provider in (
        Provider(
            "yandex",
            gettext_lazy("Yandex Calendar"),
            gettext_lazy("Make an app password of the kind “Calendar” at id.yandex.ru, under “Security”."),
            "https://caldav.yandex.ru/",
        ),
        Provider(
            "mailru",
            gettext_lazy("Mail.ru Calendar"),
            gettext_lazy("Make a password for external apps at id.mail.ru, under “Security”."),
            "https://calendar.mail.ru/",
        ),
        Provider(
            "nextcloud",
            gettext_lazy("Nextcloud"),
            gettext_lazy("Make an app password in the settings of your Nextcloud, under “Security”."),
        ),
        Provider(
            "other",
            gettext_lazy("Another server with CalDAV"),
            gettext_lazy("Make a password for apps in the settings of that calendar, if it has such."),
        ),
    )
}


def connect(person: User, *, provider: str, login: str, password: str, server: str = "") -> CalendarAccount:
    """Find the person's calendars with this login and keep it; what does not work is refused with how to mend it."""
    if CalendarAccount.objects.filter(person=person).count() >= MOST_ACCOUNTS:
        raise Refused(_("Five calendar accounts are as many as the portal keeps for one person."), code="too-many")
    refuse_too_often(person)
    where = server_of(PROVIDERS[provider], server)
    found = look(where, Login(login, password), PROVIDERS[provider])
    return keep_account(
        person,
        provider=provider,
        key={"server": where, "login": login, "password": password},
        found=[{"address": each.address, "name": each.name} for each in found],
    )


@transaction.atomic
def keep_account(person: User, *, provider: str, key: dict[str, str], found: list[dict[str, str]]) -> CalendarAccount:
    """The same login given once more has a new password: the calendars that were chosen stay so."""
    mine = CalendarAccount.objects.filter(person=person, provider=provider)
    same = (each for each in mine if (each.key["server"], each.key["login"]) == (key["server"], key["login"]))
    account = next(same, None) or CalendarAccount(person=person, provider=provider)
    account.key, account.found = key, found
    account.save()
    account.subscriptions.update(next_read_at=timezone.now())
    record("calendar_account.connected", about=account, by=person, provider=provider)
    return account


def server_of(provider: Provider, given: str) -> str:
    if provider.server:
        return provider.server
    address = given.strip()
    if not address:
        raise Refused(_("Please give the address of the server."), code="no-server")
    address = address if "://" in address else f"https://{address}"
    if provider.code == "nextcloud" and urlsplit(address).path in ("", "/"):
        return address.rstrip("/") + "/remote.php/dav/"
    return address


def look(server: str, login: Login, provider: Provider) -> list[Found]:
    try:
        return run(find_calendars(server, login))
    except NotFound as trouble:
        raise Refused(said_of(trouble, provider), code=trouble.why) from None


def said_of(trouble: NotFound, provider: Provider) -> str:
    return {
        "login": _("The login or the app password is not accepted. %(how)s The password of the mail does not fit.")
        % {"how": provider.how},
        "unreachable": _("The calendar server can’t be reached. Check its address, or try again in a few minutes."),
        "untrusted": _("The server’s certificate is not trusted, so the password was not sent. Ask whoever runs it."),
        "not_caldav": _(
            "No calendars answer at this address. Check it in the settings of that calendar, under CalDAV."
        ),
        "no_calendars": _("The login works, but there is no calendar in it yet. Make one there and try again."),
    }[trouble.why]


def choose(account: CalendarAccount, *, addresses: Collection[str], by: User) -> list[CalendarSubscription]:
    """Count exactly these of the account's calendars as busy times, and read the new ones at once."""
    known = {each["address"]: each["name"] for each in account.found}
    wanted = [address for address in known if address in addresses]
    with transaction.atomic():
        CalendarAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        kept = {each.address: each for each in account.subscriptions.all()}
        others = CalendarSubscription.objects.filter(person=by).exclude(account=account).count()
        refuse_too_many(others + len(wanted))
        account.subscriptions.filter(pk__in=[kept[each].pk for each in kept if each not in wanted]).delete()
        new = [
            CalendarSubscription.objects.create(person=by, account=account, name=known[address], address=address)
            for address in wanted
            if address not in kept
        ]
        record("calendar_account.chosen", about=account, by=by, calendars=len(wanted))
    take_in_now(new)
    return new


@transaction.atomic
def disconnect(account: CalendarAccount, *, by: User) -> None:
    """The login, the calendars and their busy times are forgotten."""
    record("calendar_account.disconnected", about=account, by=by, provider=account.provider)
    account.delete()
