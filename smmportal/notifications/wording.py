"""An event put in words, in the reader's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from smmportal.encryption import decrypt
from smmportal.notifications.channels.contract import Message
from smmportal.notifications.events import EVENTS
from smmportal.notifications.models import Delivery, Notification


def sentence(notification: Notification) -> str:
    """The event in one line, in the language that is active now."""
    text = render_to_string(f"messages/{notification.event}/subject.txt", context(notification))
    return " ".join(text.split())


def message_for(delivery: Delivery) -> Message:
    notification = delivery.notification
    event, reader = EVENTS[notification.event], notification.to
    language = reader.language if reader else notification.language
    zone = ZoneInfo(reader.timezone if reader else settings.TIME_ZONE)
    with translation.override(language), timezone.override(zone):
        words = {**context(notification), **event.adds(notification)}
        lines = lines_of(delivery) if notification.digest_of else ()
        return Message(
            id=f"notification-{notification.pk}-{delivery.channel}",
            address=reader.email if reader else notification.address,
            subject=sentence(notification),
            body=render_to_string(f"messages/{notification.event}/body.txt", words).strip(),
            url=notification.secret_url or settings.PUBLIC_URL + notification.url,
            language=language,
            is_choice=event.is_choice or bool(lines),
            attachments=tuple(event.attaches(notification)),
            accent=notification.facts.get("accent", ""),
            lines=lines,
        )


def lines_of(delivery: Delivery) -> tuple[tuple[str, str], ...]:
    """What a digest gathered, in the order in which it happened: each in one line, with the page it is about."""
    gathered = Notification.objects.filter(
        deliveries__digest=delivery.notification_id, deliveries__channel=delivery.channel
    ).order_by("pk")
    return tuple((sentence(each), settings.PUBLIC_URL + each.url) for each in gathered)


def context(notification: Notification) -> dict:
    """The facts as the templates see them; what is named `…_at` or `…_on` is a date again, and what is
    named `…_sealed` (it was kept encrypted) is open."""
    facts = read_facts(notification.facts)
    return {"by": notification.by_name, "of": notification.digest_of, **facts}


def read_facts(facts: dict) -> dict:
    return {name: read_fact(name, value) for name, value in facts.items()}


def read_fact(name: str, value: object) -> object:
    """Rows of a list are read like the facts themselves; a dictionary of its own kind stays as it was told."""
    if isinstance(value, list):
        return [read_facts(each) if isinstance(each, dict) else read_fact(name, each) for each in value]
    if isinstance(value, str) and value and name.endswith("_sealed"):
        return decrypt(value)
    if isinstance(value, str) and value and name.endswith(("_at", "_on")):
        moment = datetime.fromisoformat(value)
        return moment if name.endswith("_at") else moment.date()
    return value
