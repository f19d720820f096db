"""What can be announced. Each app lists its own events in an `events` module, found when Django starts.

An event's words are in `templates/messages/<code>/`: `subject.txt` (one line, also the in-app sentence) and
`body.txt`, both rendered in the reader's language from the event's facts.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from smmportal.notifications.channels import CHANNELS


@dataclass(frozen=True)
class Event:
    code: str
    name: object
    #: The channels that are on until the reader says otherwise.
    channels: tuple[str, ...] = ("inapp", "email")


EVENTS: dict[str, Event] = {}


def register(*events: Event) -> None:
    for event in events:
        unknown = set(event.channels) - set(CHANNELS)
        assert not unknown, f"{event.code} names unknown channels {unknown}"
        EVENTS[event.code] = event


register(
    Event("person.invited", _("An invitation"), ("email",)),
    Event("person.joined", _("Somebody you invited has joined")),
)
