"""Calendars that people keep elsewhere: subscribed by address, read on the timetable, kept as busy times only."""

from collections.abc import Generator
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import caldav
from meetings.busy import NotACalendar, busy_times, in_pieces
from meetings.caldav import calendars_in
from meetings.models import BusyTime, CalendarAccount, CalendarSubscription
from meetings.slots import Slot, merge
from smmportal.audit import record
from smmportal.http import Answer, Request, TransportError, run_all
from smmportal.limits import is_too_often
from smmportal.people.models import User
from smmportal.refusals import Refused

MOST_OF_A_PERSON = 10
TRIES_AN_HOUR = 20
AT_ONCE = 100
EVERY = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=12)
#: How far ahead free times can be looked for, and a little behind.
BACK, AHEAD = timedelta(days=2), timedelta(days=180)
LARGEST = 4 * 1024 * 1024

Trouble = CalendarSubscription.Trouble
Steps = Generator[Request, Answer, Answer]


def subscribe(person: User, *, name: str, address: str) -> CalendarSubscription:
    """Add a calendar by its address and read it at once; what can't be read is refused with the reason."""
    address = web_address(address)
    refuse_too_many(CalendarSubscription.objects.filter(person=person).count() + 1)
    if any(kept.address == address for kept in CalendarSubscription.objects.filter(person=person)):
        raise Refused(_("This calendar is on your list already."), code="known")
    refuse_too_often(person)
    new = CalendarSubscription(person=person, name=name.strip(), address=address)
    (outcome,) = fetch([new])
    trouble, slots = understood(new, outcome)
    if trouble:
        raise Refused(
            _("The calendar can’t be read: %(why)s. Please check the address.") % {"why": trouble.label}, code=trouble
        )
    with transaction.atomic():
        new.last_read_at, new.next_read_at = timezone.now(), timezone.now() + EVERY
        new.etag = etag_of(outcome)
        new.save()
        keep(new, slots)
        record("calendar.subscribed", about=new, by=person, name=new.name)
    return new


def refuse_too_many(number: int) -> None:
    if number > MOST_OF_A_PERSON:
        raise Refused(_("Ten calendars are as many as the portal reads for one person."), code="too-many")


def refuse_too_often(person: User) -> None:
    if is_too_often("subscribe", str(person.pk), most=TRIES_AN_HOUR, seconds=3600):
        raise Refused(_("That is a lot of tries. Please come back in an hour."), code="too-often")


def web_address(address: str) -> str:
    """What calendar programs call webcal is read over https."""
    scheme, _separator, rest = address.strip().partition("://")
    if scheme.lower() in ("webcal", "webcals"):
        return f"https://{rest}"
    return address.strip()


@transaction.atomic
def unsubscribe(subscription: CalendarSubscription, *, by: User) -> None:
    """Its busy times go with it."""
    record("calendar.unsubscribed", about=subscription, by=by, name=subscription.name)
    subscription.delete()


def read_due(now: datetime | None = None) -> int:
    """Read what is due; how many were."""
    now = now or timezone.now()
    claimed = claim(now)
    for subscription, outcome in zip(claimed, fetch(claimed), strict=True):
        take_in(subscription, outcome, now)
    return len(claimed)


def take_in_now(subscriptions: list[CalendarSubscription]) -> None:
    """Read what was just chosen, without waiting for its turn."""
    now = timezone.now()
    for subscription, outcome in zip(subscriptions, fetch(subscriptions), strict=True):
        note(subscription, next_read_at=now + EVERY)
        take_in(subscription, outcome, now)


def claim(now: datetime) -> list[CalendarSubscription]:
    due = CalendarSubscription.objects.filter(next_read_at__lte=now).order_by("next_read_at", "pk")
    rows = due.select_related("person", "account")[:AT_ONCE]
    return [
        row
        for row in rows
        if CalendarSubscription.objects.filter(pk=row.pk, next_read_at=row.next_read_at).update(
            next_read_at=now + EVERY
        )
    ]


def fetch(subscriptions: list[CalendarSubscription]) -> list[Answer | Exception]:
    return run_all([ask(subscription) for subscription in subscriptions], at_once=20)


def ask(subscription: CalendarSubscription) -> Steps:
    return ask_account(subscription) if subscription.account else ask_address(subscription)


def ask_account(subscription: CalendarSubscription) -> Steps:
    first, last = window()
    login = login_of(subscription.account)
    return caldav.read_calendar(subscription.address, login, known=subscription.etag, first=first, last=last)


def login_of(account: CalendarAccount) -> caldav.Login:
    return caldav.Login(account.key["login"], account.key["password"])


def window() -> tuple[datetime, datetime]:
    now = timezone.now()
    return now - BACK, now + AHEAD


def ask_address(subscription: CalendarSubscription) -> Steps:
    known = {"If-None-Match": subscription.etag} if subscription.etag else {}
    address = subscription.address
    secrets = (address, urlsplit(address).path)
    headers = {"Accept": "text/calendar", **known}
    return (yield Request("GET", address, headers=headers, secrets=secrets, largest_answer=LARGEST, follow_redirects=3))


def understood(subscription: CalendarSubscription, outcome: Answer | Exception) -> tuple[Trouble | str, list]:
    """Why it can't be read, or its busy times."""
    if isinstance(outcome, TransportError):
        return Trouble.UNREACHABLE, []
    if isinstance(outcome, Exception):
        raise outcome
    if outcome.status == 401 and subscription.account:
        return Trouble.LOGIN, []
    if outcome.status in (401, 403, 404, 410):
        return Trouble.REFUSED, []
    if outcome.status != (207 if subscription.account else 200):
        return Trouble.UNREACHABLE, []
    try:
        return "", busy_in(subscription, outcome.body)
    except (NotACalendar, caldav.NotFound):
        return Trouble.NO_CALENDAR, []


def busy_in(subscription: CalendarSubscription, body: bytes) -> list[Slot]:
    """Raises `NotACalendar`; of a server's many calendars, each of one event, one that can't be read is passed by."""
    first, last = window()
    zone = ZoneInfo(subscription.person.timezone)
    if not subscription.account:
        return busy_times(body, first=first, last=last, zone=zone)
    found: list[Slot] = []
    for text in calendars_in(body):
        with suppress(NotACalendar):
            found += busy_times(text, first=first, last=last, zone=zone)
    return merge(found)


def etag_of(answer: Answer) -> str:
    etag = answer.headers.get("etag", "")
    return etag if len(etag) <= 200 else ""


def take_in(subscription: CalendarSubscription, outcome: Answer | Exception, now: datetime) -> None:
    """What was known stays while the calendar can't be read: somebody busy must not look free."""
    if isinstance(outcome, Answer) and outcome.status == 304:
        note(subscription, last_read_at=now, trouble="", failures=0)
        return
    trouble, slots = understood(subscription, outcome)
    if trouble:
        pause = min(EVERY * 2**subscription.failures, LONGEST_PAUSE)
        note(subscription, trouble=trouble, failures=min(subscription.failures + 1, 10), next_read_at=now + pause)
        return
    with transaction.atomic():
        keep(subscription, slots)
        note(subscription, last_read_at=now, trouble="", failures=0, etag=daily(etag_of(outcome), subscription, now))


def daily(etag: str, subscription: CalendarSubscription, now: datetime) -> str:
    """What recurs reaches further each day, though the calendar stays the same: once a day it is read in full."""
    read = subscription.last_read_at
    return etag if read and timezone.localdate(read) == timezone.localdate(now) else ""


def note(subscription: CalendarSubscription, **fields: object) -> None:
    CalendarSubscription.objects.filter(pk=subscription.pk).update(**fields)


def keep(subscription: CalendarSubscription, slots: list) -> None:
    BusyTime.objects.filter(subscription=subscription).delete()
    if not CalendarSubscription.objects.filter(pk=subscription.pk).exists():
        return  # it was taken off the list while we read it
    BusyTime.objects.bulk_create(
        BusyTime(subscription=subscription, starts_at=start, ends_at=end) for start, end in in_pieces(slots)
    )
