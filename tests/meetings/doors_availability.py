"""The doors of one's own hours."""

from datetime import date

from meetings.availability import Said, say_hours, say_other_hours
from meetings.clock import read_hours
from meetings.models import CalendarAccount, CalendarSubscription
from tests.builders import Cast
from tests.doors import Door, everyone_inside, of_nothing

OPEN = {"day_0": "9-18", "notice_hours": 0, "buffer_minutes": 0}
WEEK = {"week": [{"weekday": 0, "hours": [{"begins": "09:00", "ends": "18:00"}]}]}
DAY = {"day": "2040-01-03", "hours": []}
ONLY_THEIRS = {role: 404 for role in (*Cast.INSIDE, *Cast.OUTSIDE) if role != "manager"}


def other_day_of_manager(cast: Cast) -> list:
    return [say_other_hours(cast.manager, day=date(2040, 1, 3), hours=[]).pk]


def with_hours_of_manager(cast: Cast) -> list:
    say_hours(cast.manager, Said(hours={0: read_hours("9-18")}))
    return []


def subscription_of_manager(cast: Cast) -> list:
    return [CalendarSubscription.objects.create(person=cast.manager, name="Work", address="https://x.example/a.ics").pk]


def account_of_manager(cast: Cast) -> list:
    key = {"server": "https://x.example/", "login": "anna", "password": "secret"}
    return [CalendarAccount.objects.create(person=cast.manager, provider="other", key=key).pk]


#: A login on this machine: it is never asked.
INNER = {"provider": "other", "login": "anna", "password": "secret", "server": "http://127.0.0.1:9/"}
#: An inner address: it is never asked, and the refusal says that it can't be read.
NOWHERE = {"name": "Work", "address": "http://127.0.0.1:9/work.ics"}
AVAILABILITY_DOORS = [
    Door("meetings:availability", args=of_nothing, expects=everyone_inside(200)),
    Door("meetings:availability", "post", args=of_nothing, data=lambda cast: OPEN, expects=everyone_inside(302)),
    Door("meetings:availability_removal", "post", args=of_nothing, expects=everyone_inside(302)),
    Door("meetings:other_day", "post", args=of_nothing, data=lambda cast: DAY, expects=everyone_inside(302)),
    Door("meetings:other_day_removal", "post", args=other_day_of_manager, inside=302, expects=ONLY_THEIRS),
    Door("meetings:subscription_new", "post", args=of_nothing, data=lambda cast: NOWHERE, expects=everyone_inside(422)),
    Door("meetings:subscription_removal", "post", args=subscription_of_manager, inside=302, expects=ONLY_THEIRS),
    Door("api:calendar_subscriptions", args=of_nothing, expects=everyone_inside(200)),
    Door(
        "api:calendar_subscriptions",
        "post",
        args=of_nothing,
        data=lambda cast: NOWHERE,
        expects=everyone_inside(409),
    ),
    Door("api:calendar_subscription", "delete", args=subscription_of_manager, inside=204, expects=ONLY_THEIRS),
    Door("meetings:account_new", "post", args=of_nothing, data=lambda cast: INNER, expects=everyone_inside(422)),
    Door("meetings:account", args=account_of_manager, expects=ONLY_THEIRS),
    Door("meetings:account", "post", args=account_of_manager, inside=302, expects=ONLY_THEIRS),
    Door("meetings:account_removal", "post", args=account_of_manager, inside=302, expects=ONLY_THEIRS),
    Door("api:calendar_accounts", args=of_nothing, expects=everyone_inside(200)),
    Door("api:calendar_accounts", "post", args=of_nothing, data=lambda cast: INNER, expects=everyone_inside(409)),
    Door(
        "api:calendar_account",
        "put",
        args=account_of_manager,
        data=lambda cast: {"busy": []},
        expects=ONLY_THEIRS,
    ),
    Door("api:calendar_account", "delete", args=account_of_manager, inside=204, expects=ONLY_THEIRS),
    Door("api:availability", args=with_hours_of_manager, expects=ONLY_THEIRS),
    Door("api:availability", "put", args=of_nothing, data=lambda cast: WEEK, expects=everyone_inside(200)),
    Door("api:availability", "delete", args=of_nothing, expects=everyone_inside(204)),
    Door("api:other_hours", args=of_nothing, expects=everyone_inside(200)),
    Door("api:other_hours", "post", args=of_nothing, data=lambda cast: DAY, expects=everyone_inside(201)),
    Door("api:other_hours_day", "delete", args=other_day_of_manager, inside=204, expects=ONLY_THEIRS),
]
