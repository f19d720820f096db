from smmportal.notifications.channels import CHANNELS
from smmportal.notifications.events import EVENTS, choices
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
    usual = EVENTS[event].channels
    return {
        user.pk: [channel for channel in CHANNELS if said.get((user.pk, channel), channel in usual)] for user in users
    }


def preferences_of(user) -> dict[str, dict[str, bool]]:
    """For every event that is a matter of choice: the channels, and whether the person hears of it by them."""
    said = {(each.event, each.channel): each.wanted for each in Preference.objects.filter(user=user)}
    return {
        event.code: {channel: said.get((event.code, channel), channel in event.channels) for channel in CHANNELS}
        for event in choices()
    }
