"""The doors of calendar addresses: each person has their own."""

from meetings.answers import signer
from meetings.feeds import renew_feed
from meetings.models import Meeting
from tests.builders import Cast, make_meeting
from tests.doors import Door, everyone, everyone_inside, of_nothing
from tests.meetings.moments import AHEAD, HOUR


def secret_of_manager(cast: Cast) -> list:
    return [renew_feed(cast.manager).secret]


def feed_of_manager(cast: Cast) -> list:
    return [renew_feed(cast.manager).pk]


def of_meeting(cast: Cast) -> list:
    return [cast.get(Meeting).pk]


ONLY_THEIRS = {role: 404 for role in (*Cast.INSIDE, *Cast.OUTSIDE) if role != "manager"}


def of_coming(cast: Cast) -> list:
    return [make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR).pk]


def link_of_decider(cast: Cast) -> list:
    meeting = make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    return [signer().sign(meeting.attendances.get(person=cast.decider).pk)]


#: The manager and the decider sit in the meeting; nobody else has anything to answer.
NOT_ASKED = dict.fromkeys(("owner", "specialist", "contact", "viewer"), 403)
SOON = {"minutes": [60]}
COMES = {"answer": "accepted"}
CALENDAR_DOORS = [
    Door("meetings:answer", "post", args=of_coming, data=lambda cast: COMES, inside=302, expects=NOT_ASKED),
    Door("api:meeting_answer", "post", args=of_coming, data=lambda cast: COMES, expects=NOT_ASKED),
    Door("meetings:answer_link", args=link_of_decider, expects=everyone(200), is_public=True),
    Door("meetings:answer_link", args=lambda cast: ["unknown"], expects=everyone(404), is_public=True),
    Door(
        "meetings:answer_link",
        "post",
        args=link_of_decider,
        data=lambda cast: COMES,
        expects=everyone(302),
        is_public=True,
    ),
    Door("meetings:calendar_feed", args=secret_of_manager, expects=everyone(200), is_public=True),
    Door("meetings:calendar_feed", args=lambda cast: ["unknown"], expects=everyone(404), is_public=True),
    Door("meetings:calendar", args=of_nothing, expects=everyone_inside(200)),
    Door("meetings:reminder_times", "post", args=of_nothing, data=lambda cast: SOON, expects=everyone_inside(302)),
    Door("api:reminder_times", args=of_nothing, expects=everyone_inside(200)),
    Door("api:reminder_times", "put", args=of_nothing, data=lambda cast: SOON, expects=everyone_inside(200)),
    Door("meetings:call_link", "post", data=lambda cast: {"address": ""}, inside=302, expects={"viewer": 403}),
    Door("meetings:meeting_file", args=of_meeting),
    Door("meetings:feed_new", "post", args=of_nothing, expects=everyone_inside(302)),
    Door("meetings:project_feed_new", "post", inside=302),
    Door("meetings:feed_revocation", "post", args=feed_of_manager, inside=302, expects=ONLY_THEIRS),
    Door("api:calendar_feeds", args=of_nothing, expects=everyone_inside(200)),
    Door("api:calendar_feeds", "post", args=of_nothing, data=lambda cast: {"project": cast.project.pk}, inside=201),
    Door("api:calendar_feed", "delete", args=feed_of_manager, inside=204, expects=ONLY_THEIRS),
]
