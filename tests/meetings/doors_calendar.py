"""The doors of calendar addresses: each person has their own."""

from meetings.feeds import renew_feed
from meetings.models import Meeting
from tests.builders import Cast
from tests.doors import Door, everyone, everyone_inside, of_nothing


def secret_of_manager(cast: Cast) -> list:
    return [renew_feed(cast.manager).secret]


def feed_of_manager(cast: Cast) -> list:
    return [renew_feed(cast.manager).pk]


def of_meeting(cast: Cast) -> list:
    return [cast.get(Meeting).pk]


ONLY_THEIRS = {role: 404 for role in (*Cast.INSIDE, *Cast.OUTSIDE) if role != "manager"}
CALENDAR_DOORS = [
    Door("meetings:calendar_feed", args=secret_of_manager, expects=everyone(200), is_public=True),
    Door("meetings:calendar_feed", args=lambda cast: ["unknown"], expects=everyone(404), is_public=True),
    Door("meetings:calendar", args=of_nothing, expects=everyone_inside(200)),
    Door("meetings:meeting_file", args=of_meeting),
    Door("meetings:feed_new", "post", args=of_nothing, expects=everyone_inside(302)),
    Door("meetings:project_feed_new", "post", inside=302),
    Door("meetings:feed_revocation", "post", args=feed_of_manager, inside=302, expects=ONLY_THEIRS),
    Door("api:calendar_feeds", args=of_nothing, expects=everyone_inside(200)),
    Door("api:calendar_feeds", "post", args=of_nothing, data=lambda cast: {"project": cast.project.pk}, inside=201),
    Door("api:calendar_feed", "delete", args=feed_of_manager, inside=204, expects=ONLY_THEIRS),
]
