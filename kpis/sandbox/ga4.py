"""The stand-in for the Google Analytics Data API: `POST /v1beta/properties/<number>:runReport`."""

import re
from datetime import date, timedelta
from typing import Any

from kpis.sandbox.google import misbehaved, refusal
from kpis.sandbox.numbers import Life
from kpis.sandbox.platform import Asked, Platform, Reply, bearer

BORN = date(2024, 8, 12)
MOST_METRICS = 10
DAILY_TOKENS = 200_000
REPORT = re.compile(r"/v1beta/properties/([0-9]+):runReport")

PROPERTIES: dict[int, dict[str, Any]] = {
    377_000_007: {"zone": "Europe/Moscow", "visits": 380},
    377_000_008: {"zone": "Asia/Vladivostok", "visits": 120},
}
FOREIGN = 377_000_010


def respond(asked: Asked) -> Reply:
    """Answer one call as Google would."""
    if reply := misbehaved(asked):
        return reply
    found = REPORT.fullmatch(asked.path)
    if not found:
        return refusal(404, "NOT_FOUND", "notFound", "Not Found")
    if not asked.known:
        return refusal(401, "UNAUTHENTICATED", "authError", "Request had invalid authentication credentials.")
    id = int(found[1])
    if id not in PROPERTIES:
        return refusal(403, "PERMISSION_DENIED", "forbidden", "User does not have sufficient permissions.")
    return _report(asked, id)


def life(seed: int, id: int) -> Life:
    """The life of a site."""
    return Life(seed, f"ga4:{id}", BORN, PROPERTIES[id]["visits"], growth=0.3)


def _sessions(one: Life, day: date) -> int:
    return one.flow("sessions", day, one.audience)


def _part(one: Life, day: date, name: str, low: float, high: float) -> float:
    """A share of the day's visits, as Google writes it: a part of one; of no visits, zero."""
    sessions = _sessions(one, day)
    return round(sessions * one.share(name, day, low, high)) / sessions if sessions else 0


NUMBERS = {
    "sessions": _sessions,
    "totalUsers": lambda one, day: round(_sessions(one, day) * one.share("users", day, 0.76, 0.88)),
    "activeUsers": lambda one, day: round(_sessions(one, day) * one.share("active", day, 0.66, 0.75)),
    "screenPageViews": lambda one, day: round(_sessions(one, day) * one.share("pages", day, 2.0, 2.9)),
    "bounceRate": lambda one, day: _part(one, day, "bounces", 0.32, 0.46),
    "sessionKeyEventRate": lambda one, day: _part(one, day, "key events", 0.01, 0.04),
}


def _report(asked: Asked, id: int) -> Reply:
    names = [str(metric.get("name")) for metric in asked.sent.get("metrics", [])]
    gone = "screenPageViews" if asked.misbehave == "retired" else ""
    wrong = next((name for name in names if name not in NUMBERS or name == gone), "")
    if wrong:
        return refusal(400, "INVALID_ARGUMENT", "badRequest", f"Field {wrong} is not a valid metric.")
    if not names or len(names) > MOST_METRICS:
        return refusal(400, "INVALID_ARGUMENT", "badRequest", "Between 1 and 10 metrics are required.")
    rows = _rows(asked, life(asked.seed, id), names, _days(asked, PROPERTIES[id]["zone"]))
    first, count = int(asked.sent.get("offset", 0)), int(asked.sent.get("limit", 10_000))
    table = {"rows": rows[first : first + count], "rowCount": len(rows)} if rows else {}
    return Reply(
        {
            "dimensionHeaders": [{"name": "date"}],
            "metricHeaders": [{"name": name, "type": _type(name)} for name in names],
            **table,
            "metadata": {"currencyCode": "RUB", "timeZone": PROPERTIES[id]["zone"], **_remarks(asked)},
            "propertyQuota": {"tokensPerDay": {"consumed": 4, "remaining": DAILY_TOKENS - 4}},
            "kind": "analyticsData#runReport",
        }
    )


def _type(name: str) -> str:
    return "TYPE_FLOAT" if name.endswith("Rate") else "TYPE_INTEGER"


def _remarks(asked: Asked) -> dict[str, Any]:
    if asked.misbehave == "sampled":
        return {"samplingMetadatas": [{"samplesReadCount": "1000", "samplingSpaceSize": "10000"}]}
    return {"subjectToThresholding": True} if asked.misbehave == "hidden" else {}


def _days(asked: Asked, zone: str) -> list[date]:
    """The days asked for, as far as they have begun; what the property never recorded has no rows."""
    if asked.misbehave in {"empty", "hidden"}:
        return []
    today = asked.today(zone)
    (asked_range,) = asked.sent.get("dateRanges", [{}])
    first, last = (_day(asked_range.get(name, ""), today) for name in ("startDate", "endDate"))
    first, last = max(first, BORN), min(last, today)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return days[::2] if asked.misbehave == "partial" else days


def _day(told: str, today: date) -> date:
    return today if told == "today" else date.fromisoformat(told)


def _rows(asked: Asked, one: Life, names: list[str], days: list[date]) -> list[dict[str, Any]]:
    """A row a day, every value a string; without `keepEmptyRows` days on which nothing happened are left out."""
    rows = []
    for day in days:
        values = [0 if asked.misbehave == "zero" else NUMBERS[name](one, day) for name in names]
        if any(values) or asked.sent.get("keepEmptyRows") is True:
            rows.append(_row(day, [str(value) for value in values]))
    if asked.misbehave == "duplicate" and rows:
        rows = [_row(days[0], ["999999"] * len(names)), *rows]
    return rows


def _row(day: date, values: list[str]) -> dict[str, Any]:
    return {
        "dimensionValues": [{"value": day.strftime("%Y%m%d")}],
        "metricValues": [{"value": value} for value in values],
    }


def _allowed(token: str) -> tuple[int, float]:
    return 120, 60.0


PLATFORM = Platform("ga4", "GA4_API_URL", respond, bearer, _allowed)
