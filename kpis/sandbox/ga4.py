"""The stand-in for the Google Analytics Data API: `POST /v1beta/properties/<number>:runReport`."""

import re
from datetime import date, timedelta
from functools import lru_cache
from itertools import compress
from typing import Any

from kpis.sandbox.filtering import Fits, Unclear, deal, read_filter_expression
from kpis.sandbox.google import misbehaved, refusal
from kpis.sandbox.numbers import Life, Seed
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
FIELDS = ("sessionDefaultChannelGroup", "sessionSource", "sessionMedium", "sessionCampaignName", "landingPage")
#: Kinds of visits: what each field says of them, and how common they are.
KINDS = tuple(
    (dict(zip(FIELDS, said, strict=True)), weight)
    for *said, weight in (
        ("Organic Search", "google", "organic", "(organic)", "/", 34),
        ("Direct", "(direct)", "(none)", "(direct)", "/", 18),
        ("Organic Social", "vk.com", "social", "лето", "/summer", 17),
        ("Organic Social", "t.me", "social", "(referral)", "/", 9),
        ("Paid Social", "vk.com", "cpm", "лето", "/summer", 8),
        ("Organic Video", "youtube.com", "video", 'осень "7" \\ ☕', "/sale", 4),
        ("Referral", "coffee.example", "referral", "(referral)", "/wholesale", 7),
        ("Email", "news", "email", "лето", "/summer", 3),
    )
)
#: How many of each there are for a visit.
EVENTS = {"page_view": 2.4, "generate_lead": 0.017, "purchase": 0.008}


def respond(asked: Asked) -> Reply:
    """Answer one call as Google would."""
    if reply := misbehaved(asked):
        return reply
    found = REPORT.fullmatch(asked.path)
    if not found and asked.path not in LISTS:
        return refusal(404, "NOT_FOUND", "notFound", "Not Found")
    if not asked.known:
        return refusal(401, "UNAUTHENTICATED", "authError", "Request had invalid authentication credentials.")
    if not found:
        return LISTS[asked.path](asked)
    id = int(found[1])
    if id not in PROPERTIES:
        return refusal(403, "PERMISSION_DENIED", "forbidden", "User does not have sufficient permissions.")
    return _report(asked, id)


def _accounts(asked: Asked) -> Reply:
    """Two accounts on two pages, the second without a property."""
    if asked.params.get("pageToken"):
        return Reply({"accounts": [{"name": "accounts/3700008", "displayName": "Roastery No. 7"}]})
    return Reply({"accounts": [{"name": "accounts/3700007", "displayName": "Обжарка №7"}], "nextPageToken": "more"})


def _properties(asked: Asked) -> Reply:
    if asked.params.get("filter") != "parent:accounts/3700007":
        return Reply({})
    rows = [
        {"name": f"properties/{id}", "displayName": f"Обжарка №7: сайт {number}", "timeZone": one["zone"]}
        for number, (id, one) in enumerate(PROPERTIES.items(), 1)
    ]
    return Reply({"properties": rows})


LISTS = {"/v1beta/accounts": _accounts, "/v1beta/properties": _properties}


def life(seed: Seed, id: int) -> Life:
    """The life of a site."""
    return Life(seed, f"ga4:{id}", BORN, PROPERTIES[id]["visits"], growth=0.3)


def _sessions(one: Life, day: date) -> int:
    return one.flow("sessions", day, one.audience)


def _part(one: Life, day: date, name: str, low: float, high: float) -> float:
    """A share of the day's visits, as Google writes it: a part of one; of no visits, zero."""
    sessions = _sessions(one, day)
    return round(sessions * one.share(name, day, low, high)) / sessions if sessions else 0


def _parted(one: Life, day: date, name: str, low: float, high: float) -> int:
    return round(_sessions(one, day) * one.share(name, day, low, high))


def _event(one: Life, day: date, name: str) -> int:
    return round(_sessions(one, day) * one.share(f"event {name}", day, EVENTS[name] * 0.6, EVENTS[name] * 1.4))


NUMBERS = {
    "eventCount": lambda one, day: sum(_event(one, day, name) for name in EVENTS),
    "sessions": _sessions,
    "totalUsers": lambda one, day: round(_sessions(one, day) * one.share("users", day, 0.76, 0.88)),
    "activeUsers": lambda one, day: round(_sessions(one, day) * one.share("active", day, 0.66, 0.75)),
    "screenPageViews": lambda one, day: round(_sessions(one, day) * one.share("pages", day, 2.0, 2.9)),
    "bounceRate": lambda one, day: _part(one, day, "bounces", 0.32, 0.46),
    "sessionKeyEventRate": lambda one, day: _part(one, day, "key events", 0.01, 0.04),
}


#: What a rate counts, by the rate.
SHARES = {"bounceRate": "bounces", "sessionKeyEventRate": "key events"}
COUNTS = {
    **NUMBERS,
    "bounces": lambda one, day: _parted(one, day, "bounces", 0.32, 0.46),
    "key events": lambda one, day: _parted(one, day, "key events", 0.01, 0.04),
    "event page_view": lambda one, day: _event(one, day, "page_view"),
    "event generate_lead": lambda one, day: _event(one, day, "generate_lead"),
    "event purchase": lambda one, day: _event(one, day, "purchase"),
}


def _report(asked: Asked, id: int) -> Reply:
    names = [str(metric.get("name")) for metric in asked.sent.get("metrics", [])]
    gone = "screenPageViews" if asked.misbehave == "retired" else ""
    wrong = next((name for name in names if name not in NUMBERS or name == gone), "")
    if wrong:
        return refusal(400, "INVALID_ARGUMENT", "badRequest", f"Field {wrong} is not a valid metric.")
    if not names or len(names) > MOST_METRICS:
        return refusal(400, "INVALID_ARGUMENT", "badRequest", "Between 1 and 10 metrics are required.")
    named = [str(one.get("name")) for one in asked.sent.get("dimensions", [])]
    if named != ["date"]:
        return _values(asked, named, names)
    try:
        fits = read_filter_expression(asked.sent.get("dimensionFilter"), (*FIELDS, "eventName"))
    except Unclear as problem:
        return refusal(400, "INVALID_ARGUMENT", "badRequest", str(problem))
    part = fits if asked.sent.get("dimensionFilter") else None
    rows = _rows(asked, life(asked.seed, id), names, _days(asked, PROPERTIES[id]["zone"]), part)
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


def _values(asked: Asked, named: list[str], names: list[str]) -> Reply:
    """The values of one dimension, the most common first."""
    if len(named) != 1 or named[0] not in (*FIELDS, "eventName"):
        return refusal(400, "INVALID_ARGUMENT", "badRequest", f"Field {named} is not a valid dimension.")
    common: dict[str, float] = dict(EVENTS) if named[0] == "eventName" else {}
    for kind, weight in KINDS if named[0] in FIELDS else ():
        common[kind[named[0]]] = common.get(kind[named[0]], 0) + weight
    values = sorted(common, key=lambda value: -common[value])
    rows = [
        {"dimensionValues": [{"value": value}], "metricValues": [{"value": str(round(100 * common[value]))}]}
        for value in values
    ]
    headers = {"dimensionHeaders": [{"name": named[0]}], "metricHeaders": [{"name": names[0], "type": "TYPE_INTEGER"}]}
    return Reply({**headers, "rows": rows, "rowCount": len(rows), "kind": "analyticsData#runReport"})


# --- Parts ---


@lru_cache(maxsize=65536)
def _dealt(one: Life, name: str, day: date) -> tuple[int, ...]:
    """A count of the day by kinds of visits: visits as they are common, everything else as the visits."""
    if name == "sessions":
        return tuple(deal(_sessions(one, day), [weight for _kind, weight in KINDS]))
    return tuple(deal(COUNTS[name](one, day), _dealt(one, "sessions", day)))


def _count(one: Life, day: date, name: str, fits: Fits) -> int:
    return sum(compress(_dealt(one, name, day), [fits({**kind, "eventName": ""}) for kind, _weight in KINDS]))


def _events(one: Life, day: date, fits: Fits) -> int:
    """The events that fit, of the visits that fit."""
    return sum(
        sum(compress(_dealt(one, f"event {name}", day), [fits({**kind, "eventName": name}) for kind, _ in KINDS]))
        for name in EVENTS
    )


def _of_part(one: Life, name: str, day: date, fits: Fits) -> float:
    """One number of the visits that fit. People are counted in each part anew: they come back another way."""
    if name == "eventCount":
        return _events(one, day, fits)
    sessions = _count(one, day, "sessions", fits)
    if name in SHARES:
        return _count(one, day, SHARES[name], fits) / sessions if sessions else 0
    return (
        min(sessions, round(_count(one, day, name, fits) * 1.05))
        if name == "totalUsers"
        else _count(one, day, name, fits)
    )


def _rows(
    asked: Asked, one: Life, names: list[str], days: list[date], fits: Fits | None = None
) -> list[dict[str, Any]]:
    """A row a day, every value a string; without `keepEmptyRows` days on which nothing happened are left out, and of a
    part they are left out all the same."""
    rows = []
    for day in days:
        told = [NUMBERS[name](one, day) if fits is None else _of_part(one, name, day, fits) for name in names]
        values = [0 for _value in told] if asked.misbehave == "zero" else told
        if any(told) or (fits is None and asked.sent.get("keepEmptyRows") is True):
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


PLATFORM = Platform("ga4", "GA4_API_URL", respond, bearer, _allowed, ("GA4_ADMIN_API_URL",))
