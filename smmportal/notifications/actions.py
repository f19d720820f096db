"""Tell people what happened. Nothing is sent here: rows are written, and a worker delivers them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from smmportal.jobs import later
from smmportal.notifications.channels import CHANNELS
from smmportal.notifications.events import EVENTS
from smmportal.notifications.hours import day_of, is_quiet_at, next_digest, quiet_until
from smmportal.notifications.models import Delivery, Notification, Preference, Timetable
from smmportal.notifications.queries import hours_by, hours_of, usual_timetable, wanted_channels
from smmportal.notifications.wording import message_for
from smmportal.refusals import Refused


@transaction.atomic
def announce(
    event: str,
    *,
    to: Iterable,
    about: models.Model,
    by=None,
    url: str = "",
    facts: dict | None = None,
    secret_urls: Mapping[int, str] | None = None,
) -> None:
    """Tell each of `to`, once, by the channels they chose. Nobody is told of what they did themselves.

    `facts` are plain values (names, numbers, ISO dates) for the event's templates; `url` is the page to open.
    `secret_urls`, by the person's id, are addresses that open it without a login: only their letters hold them.
    """
    assert event in EVENTS, f"{event} is not a registered event"
    people = list({person.pk: person for person in to if person.is_active and person != by}.values())
    address = url or about.get_absolute_url()
    channels = wanted_channels(people, event)
    notifications = Notification.objects.bulk_create(
        Notification(
            to=person,
            event=event,
            by_name=str(by or ""),
            facts=facts or {},
            url=address,
            secret_url=(secret_urls or {}).get(person.pk),
        )
        for person in people
        if channels[person.pk]
    )
    pairs = [(notification, channel) for notification in notifications for channel in channels[notification.to_id]]
    if EVENTS[event].urgency == "digest":
        gather([pair for pair in pairs if CHANNELS[pair[1]].rings])
        pairs = [pair for pair in pairs if not CHANNELS[pair[1]].rings]
    queue_deliveries(pairs)


def write_to_address(event: str, address: str, *, language: str, facts: dict, secret_url: str) -> None:
    """Write to somebody who may have no account yet."""
    notification = Notification.objects.create(
        address=address, language=language, event=event, facts=facts, secret_url=secret_url
    )
    queue_deliveries([(notification, "email")])


def queue_deliveries(pairs: list[tuple[Notification, str]]) -> None:
    now = timezone.now()
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            notification=notification,
            channel=channel,
            next_attempt_at=now,
            sent_at=None if CHANNELS[channel].send else now,
        )
        for notification, channel in pairs
    )
    if any(delivery.sent_at is None for delivery in deliveries):
        later("notifications.deliver_due")


def gather(pairs: list[tuple[Notification, str]]) -> None:
    """Keep these for their readers' next digests."""
    now, hours = timezone.now(), hours_of(notification.to for notification, _channel in pairs)
    Delivery.objects.bulk_create(
        Delivery(
            notification=notification,
            channel=channel,
            gathers=True,
            next_attempt_at=next_digest(now, hours[notification.to_id]),
        )
        for notification, channel in pairs
    )


def send_digests(*, at_most: int = 200) -> int:
    """One letter to each reader whose hour has come, with all that was gathered for them; how many letters."""
    due = Delivery.objects.gathering().filter(next_attempt_at__lte=timezone.now(), notification__to__is_active=True)
    readers = due.order_by("notification__to", "channel").values_list("notification__to", "channel").distinct()
    return sum(send_digest(reader, channel) for reader, channel in readers[:at_most])


@transaction.atomic
def send_digest(reader_id: int, channel: str) -> bool:
    """Make the reader's letter of the day. Of two workers the row of the letter lets one through; what was gathered
    after it was made waits for the next one. A late hour does not make it a letter of the night."""
    now = timezone.now()
    due = Delivery.objects.gathering().filter(notification__to=reader_id, channel=channel, next_attempt_at__lte=now)
    first = due.select_related("notification__to__timetable").order_by("pk").first()
    if first is None:
        return False
    hours = hours_by(timetable_kept(first.notification.to))
    morning = quiet_until(now, hours)
    if morning and not is_quiet_at(hours.digest, hours):
        due.update(next_attempt_at=morning)
        return False
    digest, _is_new = Notification.objects.get_or_create(
        to_id=reader_id, digest_of=day_of(now, hours), defaults={"event": "digest", "url": "/notifications/"}
    )
    _letter, is_new = Delivery.objects.get_or_create(
        notification=digest, channel=channel, defaults={"next_attempt_at": now}
    )
    if not is_new:
        due.update(next_attempt_at=next_digest(now, hours))
        return False
    due.update(digest=digest)
    later("notifications.deliver_due")
    return True


def timetable_kept(user) -> Timetable:
    return getattr(user, "timetable", None) or usual_timetable(user)


def waits_until(delivery: Delivery, now: datetime) -> datetime | None:
    """The end of the reader's quiet hours, when the letter is not one to wake anybody for."""
    event, reader = EVENTS[delivery.notification.event], delivery.notification.to
    if reader is None or not event.keeps_hours or not CHANNELS[delivery.channel].rings:
        return None
    return quiet_until(now, hours_by(timetable_kept(reader)))


def deliver(delivery: Delivery) -> bool:
    """Send one delivery if it is still due; True when it went out. Safe to call twice, and from two workers."""
    morning = waits_until(delivery, timezone.now())
    if morning:
        Delivery.objects.due().filter(pk=delivery.pk).update(next_attempt_at=morning)
        return False
    claimed = (
        Delivery.objects.due()
        .filter(pk=delivery.pk)
        .update(next_attempt_at=timezone.now() + Delivery.CLAIMED_FOR, attempts=models.F("attempts") + 1)
    )
    if not claimed:
        return False
    delivery.refresh_from_db()
    if not EVENTS[delivery.notification.event].holds(delivery.notification):
        Delivery.objects.filter(pk=delivery.pk).update(failed_at=timezone.now(), error="no longer true")
        return False
    try:
        CHANNELS[delivery.channel].send(message_for(delivery))
    except Exception as error:  # whatever the channel met is written on the row and tried again
        postpone(delivery, error)
        return False
    went = Q(pk=delivery.pk)
    if delivery.notification.digest_of:
        went |= Q(digest=delivery.notification, channel=delivery.channel)
    Delivery.objects.filter(went).update(sent_at=timezone.now(), error="")
    return True


def postpone(delivery: Delivery, error: Exception) -> None:
    said = f"{type(error).__name__}: {error}".replace("\x00", "")[:300]
    left = Delivery.PAUSES[delivery.attempts - 1 : delivery.attempts]
    change = {"next_attempt_at": timezone.now() + left[0]} if left else {"failed_at": timezone.now()}
    Delivery.objects.filter(pk=delivery.pk).update(error=said, **change)


def deliver_due(*, at_most: int = 200) -> int:
    due = Delivery.objects.due().select_related("notification__to__timetable").order_by("next_attempt_at")[:at_most]
    return sum(deliver(delivery) for delivery in due)


def mark_read(user, *, ids: Iterable[int] | None = None) -> int:
    """Mark these notifications, or all of them, as read."""
    unread = Notification.objects.visible_to(user).unread()
    chosen = unread if ids is None else unread.filter(pk__in=ids)
    return Notification.objects.filter(pk__in=list(chosen.values_list("pk", flat=True))).update(read_at=timezone.now())


def forget_delivered_secrets(*, older_than: timedelta = timedelta(days=7)) -> int:
    """A link that is itself a key is dropped from the row once its letter is long gone."""
    old = Notification.objects.filter(secret_url__isnull=False, created_at__lt=timezone.now() - older_than)
    return old.update(secret_url=None)


@transaction.atomic
def choose_channels(user, wanted: dict[str, dict[str, bool]]) -> None:
    """Keep what the person said: for each event, by which channels they want to hear of it."""
    Preference.objects.bulk_create(
        [
            Preference(user=user, event=event, channel=channel, wanted=answer)
            for event, answers in wanted.items()
            for channel, answer in answers.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "event", "channel"],
        update_fields=["wanted"],
    )


@transaction.atomic
def choose_hours(user, *, digest_at: time, quiet_from: time | None, quiet_to: time | None) -> Timetable:
    """When the person wants to be told. What is gathered already moves to the hour they chose."""
    if (quiet_from is None) != (quiet_to is None):
        raise Refused(_("Quiet hours need both a beginning and an end."), code="half-quiet")
    if quiet_from is not None and quiet_from == quiet_to:
        raise Refused(_("Quiet hours can’t end when they begin."), code="endless-quiet")
    said = {"digest_at": digest_at, "quiet_from": quiet_from, "quiet_to": quiet_to}
    timetable, _is_new = Timetable.objects.update_or_create(user=user, defaults=said)
    coming = next_digest(timezone.now(), hours_by(timetable))
    Delivery.objects.gathering().filter(notification__to=user).update(next_attempt_at=coming)
    return timetable
