from smmportal.notifications.events import EVENTS
from smmportal.notifications.models import Notification, Preference


def unread_count(user) -> int:
    return Notification.objects.visible_to(user).unread().count()


def wanted_channels(users: list, event: str) -> dict[int, list[str]]:
    """For each person's id, the channels by which they want to hear of this event."""
    said = {
        (user_id, channel): wanted
        for user_id, channel, wanted in Preference.objects.filter(user__in=users, event=event).values_list(
            "user_id", "channel", "wanted"
        )
    }
    return {
        user.pk: [channel for channel in EVENTS[event].channels if said.get((user.pk, channel), True)] for user in users
    }
