"""The doors of the rhythm of meetings, and of open questions brought up."""

from tests.builders import Cast, make_meeting, make_rhythm
from tests.doors import Door
from tests.meetings.moments import AHEAD, HOUR
from tests.projects.doors_knowledge import of_full_version

LOOKS_ON = {"viewer": 403}


def with_rhythm(cast: Cast) -> list:
    return [make_rhythm(cast).project_id]


def with_meeting_and_question(cast: Cast) -> list:
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    return of_full_version(cast)


WEEKLY = {"cadence": "weekly"}
RHYTHM_DOORS = [
    Door("meetings:rhythm", args=of_full_version, query="?from=J2", expects=LOOKS_ON),
    Door("meetings:rhythm", "post", data=lambda cast: WEEKLY, inside=302, expects=LOOKS_ON),
    Door("meetings:rhythm_removal", "post", args=with_rhythm, inside=302, expects=LOOKS_ON),
    Door("meetings:topic", "post", args=with_meeting_and_question, query="?from=K1", inside=302, expects=LOOKS_ON),
    Door("api:rhythm", args=with_rhythm),
    Door("api:rhythm", "put", data=lambda cast: WEEKLY, expects=LOOKS_ON),
    Door("api:rhythm", "delete", args=with_rhythm, inside=204, expects=LOOKS_ON),
    Door(
        "api:meeting_topics",
        "post",
        args=with_meeting_and_question,
        data=lambda cast: {"from_key": "K1"},
        inside=201,
        expects=LOOKS_ON,
    ),
]
