"""The doors of published minutes, of what was left for later, and of how a project meets."""

from datetime import timedelta

from django.utils import timezone

from meetings import actions
from meetings.models import Minutes, Objection
from smmportal.people import links
from smmportal.people.models import Side
from tests.builders import Cast, make_meeting
from tests.doors import Door, everyone
from tests.meetings.moments import AHEAD, BEHIND, HOUR

LOOKS_ON = {"viewer": 403}
ANSWER = {"agrees": "no", "text": "We said daily."}
OBJECTED = LOOKS_ON | dict.fromkeys(("decider", "contact"), 403)


def published(cast: Cast) -> Minutes:
    if Minutes not in cast.made:
        meeting = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
        actions.record_decision(meeting, text="Post daily.", by=cast.manager)
        cast.made[Minutes] = actions.publish_minutes(meeting, by=cast.manager)
    return cast.made[Minutes]


def of_minutes(cast: Cast) -> list:
    return [published(cast).meeting_id]


def seen(cast: Cast) -> dict:
    return {"content_hash": published(cast).content_hash, "hash": published(cast).content_hash}


def point(cast: Cast) -> dict:
    key = published(cast).meeting.decisions.get().pk
    return {"point": f"decision-{key}", "text": "Twice a day."}


def api_point(cast: Cast) -> dict:
    return {"decision": published(cast).meeting.decisions.get().pk, "text": "Twice a day."}


def of_objection(cast: Cast) -> list:
    minutes = published(cast)
    row = {"decision": minutes.meeting.decisions.get(), "side": Side.CLIENT, "by": cast.decider, "text": "Twice."}
    return [Objection.objects.create(minutes=minutes, **row).pk]


def of_line(cast: Cast) -> list:
    meeting = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    return [meeting.agenda.create(position=1, title="Summer", added_by=cast.manager).pk]


def of_parked_line(cast: Cast) -> list:
    make_meeting(cast, starts_at=AHEAD, ends_at=AHEAD + HOUR)
    meeting = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    return [meeting.agenda.create(position=1, title="Winter", added_by=cast.manager, outcome="parked").pk]


def of_link(cast: Cast) -> list:
    minutes = published(cast)
    minutes.links.filter(person=cast.decider).delete()
    minutes.links.create(
        person=cast.decider,
        content_hash=minutes.content_hash,
        token_hash=links.hash_of("a-secret"),
        created_by=cast.manager,
        expires_at=timezone.now() + timedelta(days=3),
    )
    return ["a-secret"]


def door(name: str, method: str = "get", args=of_minutes, data=lambda cast: {}, **fields) -> Door:
    if method == "post":
        fields = {"expects": LOOKS_ON, "inside": 200 if name.startswith("api:") else 302, **fields}
    return Door(name, method, args=args, data=data, **fields)


MINUTES_DOORS = [
    door("meetings:confirmation", "post", data=seen),
    door("meetings:objection", expects=LOOKS_ON),
    door("meetings:objection", "post", data=point),
    door("meetings:correction", expects=LOOKS_ON),
    door("meetings:correction", "post", data=lambda cast: {"text": "On workdays."}),
    door("meetings:objection_answer", args=of_objection, expects=OBJECTED),
    door("meetings:objection_answer", "post", of_objection, lambda cast: ANSWER, expects=OBJECTED),
    door("meetings:minutes_pdf"),
    door("meetings:minutes_markdown"),
    door("meetings:agenda_outcome", "post", of_line, lambda cast: {"outcome": "parked"}),
    Door("meetings:parking"),
    door("meetings:agenda_return", "post", of_parked_line),
    door("meetings:agenda_dropping", "post", of_parked_line),
    Door("meetings:history"),
    door("meetings:minutes_by_link", args=of_link, expects=everyone(200)),
    door("meetings:minutes_by_link", "post", of_link, expects=everyone(200)),
    door("meetings:objection_by_link", "post", of_link, point, expects=everyone(200)),
    door("api:minutes_answers"),
    door("api:minutes_confirmation", "post", data=seen),
    door("api:minutes_objections"),
    door("api:minutes_objections", "post", data=api_point, inside=201),
    door("api:minutes_corrections"),
    door("api:minutes_corrections", "post", data=lambda cast: {"text": "On workdays."}, inside=201),
    door("api:objection_answer", "post", of_objection, lambda cast: {**ANSWER, "agrees": False}, expects=OBJECTED),
    door("api:minutes_pdf"),
    door("api:minutes_markdown"),
    door("api:agenda_outcome", "post", of_line, lambda cast: {"outcome": "parked"}),
    door("api:agenda_return", "post", of_parked_line),
    door("api:agenda_dropping", "post", of_parked_line, inside=204),
    Door("api:meetings_parked"),
    Door("api:meetings_history"),
]
