"""The doors of the meetings: pages and API. Whoever looks on (the client's viewer) reads everything, writes nothing."""

from meetings.models import AgendaItem, Decision, Meeting, Minutes
from tests.builders import Cast, make_meeting
from tests.doors import Door
from tests.meetings.doors_availability import AVAILABILITY_DOORS
from tests.meetings.doors_calendar import CALENDAR_DOORS
from tests.meetings.doors_minutes import MINUTES_DOORS
from tests.meetings.doors_proposals import PROPOSAL_DOORS
from tests.meetings.doors_rhythm import RHYTHM_DOORS
from tests.meetings.doors_room import ROOM_DOORS
from tests.meetings.doors_series import SERIES_DOORS
from tests.meetings.moments import AHEAD, BEHIND, HOUR

LOOKS_ON = {"viewer": 403}
TIME = {"start": "2040-01-03T10:00", "minutes": 60}
API_TIME = {"start": "2040-01-03T07:00:00Z", "end": "2040-01-03T08:00:00Z"}


def of_meeting(cast: Cast) -> list:
    return [cast.get(Meeting).pk]


def of_coming_meeting(cast: Cast) -> list:
    return [make_meeting(cast, starts_at=AHEAD + 24 * HOUR, ends_at=AHEAD + 25 * HOUR).pk]


def of_past_meeting(cast: Cast) -> list:
    meeting = make_meeting(cast, starts_at=BEHIND, ends_at=BEHIND + HOUR)
    Minutes.objects.create(meeting=meeting, text="We met.", written_by=cast.manager)
    return [meeting.pk]


def of_agenda_item(cast: Cast) -> list:
    return [cast.get(AgendaItem).pk]


def of_decision(cast: Cast) -> list:
    return [cast.get(Decision).pk]


def new_agenda_item(cast: Cast) -> list:
    return [cast.get(Meeting).agenda.create(position=9, title="To be removed", added_by=cast.manager).pk]


def new_decision(cast: Cast) -> list:
    return [cast.get(Meeting).decisions.create(text="To be taken back.", by=cast.manager).pk]


def booking(cast: Cast) -> dict:
    return {"title": "Call", "people": [cast.manager.pk], **TIME}


def logged(cast: Cast) -> dict:
    return {"title": "Call", "ended": "2024-01-10T10:30", "minutes": 30, "people": [cast.manager.pk]}


def page(name: str, **fields) -> Door:
    return Door(f"meetings:{name}", **fields)


def form(name: str, args, data: dict | None = None, **fields) -> Door:
    fields = {"inside": 302, "expects": LOOKS_ON, **fields}
    return Door(f"meetings:{name}", "post", args=args, data=lambda cast: data or {}, **fields)


def call(name: str, method: str, args, data: dict | None = None, **fields) -> Door:
    fields = {"expects": LOOKS_ON, **fields}
    return Door(f"api:{name}", method, args=args, data=lambda cast: data or {}, **fields)


DOORS = [
    page("list"),
    page("decisions"),
    page("decisions", query="?text=daily"),
    page("book", expects=LOOKS_ON),
    page("book", query="?start=2040-01-03T10:00:00%2B03:00", expects=LOOKS_ON),
    Door("meetings:book", "post", data=booking, inside=302, expects=LOOKS_ON),
    page("log", expects=LOOKS_ON),
    Door("meetings:log", "post", data=logged, inside=302, expects=LOOKS_ON),
    page("meeting", args=of_meeting),
    page("details", args=of_meeting, expects=LOOKS_ON),
    form("details", of_meeting, {"title": "Review", "place": "Room 2"}),
    page("move", args=of_coming_meeting, expects=LOOKS_ON),
    form("move", of_coming_meeting, TIME),
    page("cancel", args=of_meeting, expects=LOOKS_ON),
    form("cancel", of_coming_meeting, {"reason": "Ill"}),
    form("agenda", of_meeting, {"title": "KPIs"}),
    form("agenda_position", of_agenda_item, {"position": 1}),
    form("agenda_removal", new_agenda_item),
    form("agenda_arrangement", of_agenda_item, {"minutes": 15}),
    page("minutes", args=of_meeting),
    form("minutes", of_coming_meeting, {"text": "We met.", "revision": 0}),
    form("meeting_decisions", of_meeting, {"text": "Post daily."}),
    form("decision_removal", new_decision),
    form("actions", of_meeting, {"title": "Send photos", "who": "client"}),
    page("publish", args=of_past_meeting, expects=LOOKS_ON),
    form("publish", of_past_meeting),
    Door("api:slots"),
    Door("api:slots", query="?from=2040-01-02&to=2040-01-06&minutes=30"),
    Door("api:project_meetings"),
    Door(
        "api:project_meetings",
        "post",
        data=lambda cast: {"title": "Call", "people": [cast.manager.pk], **API_TIME},
        inside=201,
        expects=LOOKS_ON,
    ),
    Door("api:meetings", args=lambda cast: [], outside=200),
    Door("api:meeting", args=of_meeting),
    call("meeting", "patch", of_coming_meeting, API_TIME),
    call("meeting_cancellation", "post", of_coming_meeting, {"reason": "Ill"}),
    Door("api:meeting_agenda", args=of_meeting),
    call("meeting_agenda", "post", of_meeting, {"title": "KPIs"}, inside=201),
    call("agenda_item", "patch", of_agenda_item, {"position": 1}),
    call("agenda_item", "delete", new_agenda_item, inside=204),
    Door("api:meeting_minutes", args=of_meeting),
    Door("api:meeting_board", args=of_meeting, inside=204),
    call("meeting_minutes", "put", of_coming_meeting, {"text": "We met.", "revision": 0}),
    call("meeting_publication", "post", of_past_meeting),
    Door("api:meeting_decisions", args=of_meeting),
    call("meeting_decisions", "post", of_meeting, {"text": "Post daily."}, inside=201),
    Door("api:decisions", args=lambda cast: [], outside=200),
    call("decision", "delete", new_decision, inside=204),
    Door("api:meeting_actions", args=of_meeting),
    call("meeting_actions", "post", of_meeting, {"title": "Send photos", "side": "client"}, inside=201),
    *AVAILABILITY_DOORS,
    *ROOM_DOORS,
    *CALENDAR_DOORS,
    *PROPOSAL_DOORS,
    *RHYTHM_DOORS,
    *MINUTES_DOORS,
    *SERIES_DOORS,
]
