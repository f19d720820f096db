from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.conf import settings

from smmportal.notifications.channels import CHANNELS
from smmportal.notifications.events import EVENTS, choices
from smmportal.notifications.hours import Hours
from smmportal.notifications.models import Notification, Preference, Timetable


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


def timetable_of(user) -> Timetable:
    """What the person said of their hours, or the usual ones, not saved."""
    return Timetable.objects.filter(user=user).first() or usual_timetable(user)


def usual_timetable(user) -> Timetable:
    first, last = settings.QUIET_HOURS or (None, None)
    return Timetable(user=user, quiet_from=first, quiet_to=last)


def hours_by(timetable: Timetable) -> Hours:
    quiet = None if timetable.quiet_from is None else (timetable.quiet_from, timetable.quiet_to)
    return Hours(ZoneInfo(timetable.user.timezone), timetable.digest_at, quiet)


def hours_of(users: Iterable) -> dict[int, Hours]:
    """For each person's id their hours: one query for all."""
    users = list(users)
    said = {row.user_id: row for row in Timetable.objects.filter(user__in=users).select_related("user")}
    return {user.pk: hours_by(said.get(user.pk) or usual_timetable(user)) for user in users}
