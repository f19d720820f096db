"""What can be announced. Each app lists its own events in an `events` module, found when Django starts.

An event's words are in `templates/messages/<code>/`: `subject.txt` (one line, also the in-app sentence) and
`body.txt`, both rendered in the reader's language from the event's facts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _

from smmportal.notifications.channels import CHANNELS
from smmportal.notifications.channels.contract import Attachment

if TYPE_CHECKING:
    from smmportal.notifications.models import Notification

#: `urgent` goes out at any hour; `usual` waits for the end of the reader's quiet hours; `digest` for their digest.
Urgency = Literal["urgent", "usual", "digest"]


@dataclass(frozen=True)
class Event:
    code: str
    name: object
    #: The channels that are on until the reader says otherwise.
    channels: tuple[str, ...] = ("inapp", "email")
    #: Letters that were asked for, or that come before there is an account, are nobody's choice.
    is_choice: bool = True
    #: What its letter to this reader brings along, from the notification's facts.
    attaches: Callable[["Notification"], Sequence[Attachment]] = lambda _notification: ()
    urgency: Urgency = "usual"
    #: More facts for the letter to this reader, worked out when it is sent and kept nowhere.
    adds: Callable[["Notification"], dict[str, object]] = lambda _notification: {}
    #: Whether it is still true when its letter is to be sent; what is not, is not sent.
    holds: Callable[["Notification"], bool] = lambda _notification: True

    @property
    def keeps_hours(self) -> bool:
        """Whether a letter about it waits until morning. A code or a new password was asked for: it does not."""
        return self.is_choice and self.urgency == "usual"


EVENTS: dict[str, Event] = {}


def register(*events: Event) -> None:
    for event in events:
        unknown = set(event.channels) - set(CHANNELS)
        assert not unknown, f"{event.code} names unknown channels {unknown}"
        EVENTS[event.code] = event


def choices() -> list[Event]:
    """The events of which a person decides how to hear."""
    return [event for event in EVENTS.values() if event.is_choice]


register(
    Event("person.invited", _("An invitation"), ("email",), is_choice=False),
    Event("account.password_reset", _("A new password"), ("email",), is_choice=False),
    Event("account.address_given", _("A new e-mail address"), ("email",), is_choice=False),
    Event("person.joined", _("Somebody has joined your organisation")),
    Event("digest", _("The digest"), ("email",), is_choice=False, urgency="urgent"),
    Event("role.changed", _("Somebody's role has changed, yours for one")),
)
