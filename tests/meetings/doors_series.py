"""The doors of series of meetings."""

from datetime import timedelta

from django.utils import timezone

from meetings.models import OpenDay, Series
from tests.builders import Cast
from tests.doors import Door

LOOKS_ON = {"viewer": 403}
SETTLED = {"start": "2040-01-18T07:00:00Z", "end": "2040-01-18T08:00:00Z"}


def of_series(cast: Cast) -> list:
    return [cast.project.pk, cast.get(Series).pk]


def own(cast: Cast) -> list:
    return [cast.get(Series).pk]


def of_day(cast: Cast) -> list:
    day = cast.get(OpenDay)
    return [cast.project.pk, day.series_id, day.pk]


def own_day(cast: Cast) -> list:
    return [cast.get(OpenDay).pk]


def soon(days: int = 3) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def begun(cast: Cast) -> dict:
    who = {"people": [cast.manager.pk]}
    return {
        "title": "Call",
        "often": "weekly",
        "starts_on": soon(),
        "time": "10:00",
        "minutes": 30,
        "day_off": "skip",
        **who,
    }


def begun_by_program(cast: Cast) -> dict:
    return {"title": "Call", "rule": "FREQ=WEEKLY;BYDAY=TU", "starts_on": soon(), "time": "10:00"}


def changed(cast: Cast) -> dict:
    return {"title": "Another", "place": "", "time": "10:00", "minutes": 60, "from_day": ""}


def page(name: str, args=of_series, **fields) -> Door:
    return Door(f"meetings:{name}", args=args, **fields)


def form(name: str, data, args=of_series) -> Door:
    return Door(f"meetings:{name}", "post", args=args, data=data, inside=302, expects=LOOKS_ON)


SERIES_DOORS = [
    Door("meetings:series_new", expects=LOOKS_ON),
    Door("meetings:series_new", "post", data=begun, inside=302, expects=LOOKS_ON),
    page("series"),
    page("series_change", query="?from=2040-01-10", expects=LOOKS_ON),
    form("series_change", changed),
    page("series_people", expects=LOOKS_ON),
    form("series_people", lambda cast: {"people": [cast.manager.pk, cast.contact.pk]}),
    page("series_end", expects=LOOKS_ON),
    form("series_end", lambda cast: {"reason": "Done"}),
    form("series_exception", lambda cast: {"day": "2040-01-10"}),
    page("series_day", of_day, expects=LOOKS_ON),
    form("series_day", lambda cast: {"start": "2040-01-18T10:00", "minutes": 60}, of_day),
    form("series_day_removal", lambda cast: {}, of_day),
    Door("api:project_series"),
    Door("api:project_series", "post", data=begun_by_program, inside=201, expects=LOOKS_ON),
    Door("api:series", args=own),
    Door("api:series", "patch", args=own, data=lambda cast: {"title": "Another"}, expects=LOOKS_ON),
    Door("api:series_end", "post", args=own, data=lambda cast: {"reason": "Done"}, expects=LOOKS_ON),
    Door("api:series_exceptions", "post", args=own, data=lambda cast: {"day": "2040-01-10"}, expects=LOOKS_ON),
    Door("api:series_day", "put", args=own_day, data=lambda cast: SETTLED, expects=LOOKS_ON),
    Door("api:series_day", "delete", args=own_day, inside=204, expects=LOOKS_ON),
]
