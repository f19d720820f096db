"""The doors of the room. Whoever looks on reads it and changes nothing."""

from meetings.models import Meeting
from tests.builders import Cast, make_meeting
from tests.doors import Door
from tests.meetings.moments import BEHIND, HOUR

LOOKS_ON = {"viewer": 403}


def of_held(cast: Cast) -> list:
    return [make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR).pk]


def of_line(cast: Cast) -> list:
    [pk] = of_held(cast)
    return [Meeting.objects.get(pk=pk).agenda.create(position=1, title="KPIs", added_by=cast.manager).pk]


def present(cast: Cast) -> dict:
    return {"person": cast.manager.pk, "state": "present"}


def form(name: str, args=of_held, data=lambda cast: {}, inside: int = 302) -> Door:
    return Door(f"meetings:{name}", "post", args=args, data=data, inside=inside, expects=LOOKS_ON)


def call(name: str, method: str, args=of_held, data=lambda cast: {}, inside: int = 200) -> Door:
    return Door(f"api:{name}", method, args=args, data=data, inside=inside, expects=LOOKS_ON)


ROOM_DOORS = [
    Door("meetings:room", args=of_held),
    Door("meetings:room_notes", args=of_held),
    form("room_opening"),
    form("room_notes", data=lambda cast: {"text": "We met.", "base": ""}),
    form("room_attendance", data=present),
    form("room_decisions", data=lambda cast: {"text": "Post daily."}),
    form("room_actions", data=lambda cast: {"title": "Send photos", "who": "client"}),
    form("agenda_talk", args=of_line),
    form("agenda_tick", args=of_line),
    form("agenda_tick_removal", args=of_line),
    Door("api:meeting_room", args=of_held),
    call("meeting_room", "post"),
    call("meeting_room_notes", "put", data=lambda cast: {"text": "We met.", "base": ""}),
    Door("api:meeting_attendance", args=of_held),
    call("meeting_attendance", "put", data=present),
    call("agenda_talk", "post", args=of_line),
    call("agenda_tick", "post", args=of_line),
    call("agenda_tick", "delete", args=of_line, inside=204),
]
