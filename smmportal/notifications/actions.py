"""Tell people what happened. Nothing is sent here: rows are written, and a worker delivers them."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from smmportal.jobs import later
from smmportal.notifications.channels import CHANNELS
from smmportal.notifications.events import EVENTS
from smmportal.notifications.models import Delivery, Notification, Preference
from smmportal.notifications.queries import wanted_channels
from smmportal.notifications.wording import message_for


@transaction.atomic
def announce(
    event: str, *, to: Iterable, about: models.Model, by=None, url: str = "", facts: dict | None = None
) -> None:
    """Tell each of `to`, once, by the channels they chose. Nobody is told of what they did themselves.

    `facts` are plain values (names, numbers, ISO dates) for the event's templates; `url` is the page to open.
    """
    assert event in EVENTS, f"{event} is not a registered event"
    people = list({person.pk: person for person in to if person.is_active and person != by}.values())
    address = url or about.get_absolute_url()
    channels = wanted_channels(people, event)
    notifications = Notification.objects.bulk_create(
        Notification(to=person, event=event, by_name=str(by or ""), facts=facts or {}, url=address)
        for person in people
        if channels[person.pk]
    )
    queue_deliveries(
        [(notification, channel) for notification in notifications for channel in channels[notification.to_id]]
    )


def write_to_address(event: str, address: str, *, language: str, facts: dict, secret_url: str) -> None:
    """Write to somebody who may have no account yet."""
    notification = Notification.objects.create(
        address=address, language=language, event=event, facts=facts, secret_url=secret_url
    )
    queue_deliveries([(notification, "email")])


def queue_deliveries(pairs: list[tuple[Notification, str]]) -> None:
    now = timezone.now()
    deliveries = Delivery.objects.bulk_create(
        Delivery(notification=notification, channel=channel, sent_at=None if CHANNELS[channel].send else now)
        for notification, channel in pairs
    )
    if any(delivery.sent_at is None for delivery in deliveries):
        later("notifications.deliver_due")


def deliver(delivery: Delivery) -> bool:
    """Send one delivery if it is still due; True when it went out. Safe to call twice, and from two workers."""
    claimed = (
        Delivery.objects.due()
        .filter(pk=delivery.pk)
        .update(next_attempt_at=timezone.now() + Delivery.CLAIMED_FOR, attempts=models.F("attempts") + 1)
    )
    if not claimed:
        return False
    delivery.refresh_from_db()
    try:
        CHANNELS[delivery.channel].send(message_for(delivery))
    except Exception as error:  # whatever the channel met is written on the row and tried again
        postpone(delivery, error)
        return False
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=timezone.now(), error="")
    return True


def postpone(delivery: Delivery, error: Exception) -> None:
    said = f"{type(error).__name__}: {error}".replace("\x00", "")[:300]
    left = Delivery.PAUSES[delivery.attempts - 1 : delivery.attempts]
    change = {"next_attempt_at": timezone.now() + left[0]} if left else {"failed_at": timezone.now()}
    Delivery.objects.filter(pk=delivery.pk).update(error=said, **change)


def deliver_due(*, at_most: int = 200) -> int:
    due = Delivery.objects.due().select_related("notification__to").order_by("next_attempt_at")[:at_most]
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
