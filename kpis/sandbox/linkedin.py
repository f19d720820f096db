"""The stand-in for LinkedIn's Community Management API: `/rest/<resource>`, Rest.li's lists and intervals."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kpis.sandbox.numbers import Life, Seed
from kpis.sandbox.platform import Asked, Platform, Reply, bearer

ZONE = "UTC"
BORN = date(2024, 5, 20)
MANY = range(60_000_001, 60_000_231)

PAGES: dict[int, dict[str, Any]] = {
    77_000_007: {"name": "Roastery No. 7", "vanity": "roastery7", "role": "ADMINISTRATOR", "audience": 2_300},
    77_000_008: {"name": "Roastery No. 7: HoReCa", "vanity": "roastery7-horeca", "role": "CONTENT_ADMINISTRATOR"},
}
ERRORS: dict[str, tuple[int, int, str, str]] = {
    "429": (429, 101, "TOO_MANY_REQUESTS", "Resource level throttle limit for calls to this resource is reached."),
    "429-bare": (429, 101, "TOO_MANY_REQUESTS", "Resource level throttle limit is reached."),
    "expired": (401, 65_601, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired"),
    "forbidden": (403, 100, "ACCESS_DENIED", "Not enough permissions to access: organizationalEntityShareStatistics"),
    "busy": (500, 0, "INTERNAL_SERVER_ERROR", "Internal Server Error"),
}
INTERVALS = re.compile(r"\(timeRange:\(start:([0-9]+),end:([0-9]+)\),timeGranularityType:DAY\)")
LISTED = re.compile(r"List\(([0-9,]+)\)")


def respond(asked: Asked) -> Reply:
    """Answer one call as LinkedIn would."""
    if asked.misbehave in ERRORS:
        return _error(*ERRORS[asked.misbehave], headers={"Retry-After": "7"} if asked.misbehave == "429" else {})
    if asked.misbehave == "error200":
        return _error(500, 0, "INTERNAL_SERVER_ERROR", "Internal Server Error", sent=200)
    if not asked.known:
        return _error(401, 65_600, "INVALID_ACCESS_TOKEN", "Invalid access token")
    resource, _slash, rest = asked.path.removeprefix("/rest/").partition("/")
    if resource == "organizationPageStatistics" and asked.misbehave == "retired":
        return _error(404, 0, "RESOURCE_NOT_FOUND", "No virtual resource found")
    answer = RESOURCES.get(resource)
    return answer(asked, rest) if answer else _error(404, 0, "RESOURCE_NOT_FOUND", "No virtual resource found")


# --- Who and what ---


def _roles(asked: Asked, rest: str) -> Reply:
    ids = list(MANY) if "many" in asked.token else list(PAGES)
    if asked.misbehave == "empty" or "nobody" in asked.token:
        ids = []
    first, count = asked.number("start", 0), asked.number("count", 10)
    roles = [
        {
            "role": PAGES.get(id, {}).get("role", "ADMINISTRATOR"),
            "organization": f"urn:li:organization:{id}",
            "roleAssignee": "urn:li:person:vZ7",
            "state": "APPROVED",
        }
        for id in ids[first : first + count]
    ]
    return Reply({"elements": roles, "paging": {"start": first, "count": count, "links": [], "total": len(ids)}})


def _organizations(asked: Asked, rest: str) -> Reply:
    found = LISTED.fullmatch(asked.params.get("ids", ""))
    if not found:
        return _error(400, 0, "ILLEGAL_ARGUMENT", "ids must be a list")
    ids = [int(id) for id in found[1].split(",")]
    return Reply({"results": {str(id): _page(id) for id in ids}, "statuses": {}, "errors": {}})


def _page(id: int) -> dict[str, Any]:
    known = PAGES.get(id, {"name": f"Page {id}", "vanity": f"page-{id}"})
    return {"id": id, "localizedName": known["name"], "vanityName": known["vanity"]}


# --- Numbers ---


def life(seed: Seed, id: int) -> Life:
    """The life of a page."""
    return Life(seed, f"linkedin:{id}", BORN, PAGES.get(id, {}).get("audience", 400), growth=0.3)


def _size(asked: Asked, rest: str) -> Reply:
    id = _number(rest)
    if refusal := _refusal(id):
        return refusal
    if asked.misbehave in {"empty", "hidden"}:
        return Reply({})
    return Reply({"firstDegreeSize": _bend(asked, life(asked.seed, id).followers(asked.today(ZONE)))})


def gains(one: Life, day: date) -> dict[str, Any]:
    """Who began to follow on a day."""
    paid = one.follows(day) // 5
    return {"followerGains": {"organicFollowerGain": one.follows(day) - paid, "paidFollowerGain": paid}}


def shares(one: Life, day: date) -> dict[str, Any]:
    """What the page's posts brought on a day."""
    reach = one.flow("reach", day, one.audience * 0.3)
    told = {
        "uniqueImpressionsCount": reach,
        "impressionCount": round(reach * one.share("impressions", day, 1.3, 1.9)),
        "clickCount": round(reach * one.share("clicks", day, 0.01, 0.04)),
        "likeCount": round(reach * one.share("likes", day, 0.01, 0.03)),
        "commentCount": round(reach * one.share("comments", day, 0.0, 0.004)),
        "shareCount": round(reach * one.share("shares", day, 0.0, 0.004)),
    }
    return {"totalShareStatistics": told}


def visits(one: Life, day: date) -> dict[str, Any]:
    """How often the page itself was opened on a day."""
    views = one.flow("page views", day, one.audience * 0.02)
    return {"totalPageStatistics": {"views": {"allPageViews": {"pageViews": views}}, "clicks": {}}}


def _statistics(whose: str, count: Callable[[Life, date], dict[str, Any]]) -> Callable[[Asked, str], Reply]:
    def answer(asked: Asked, rest: str) -> Reply:
        id = _number(asked.params.get(whose, ""))
        found = INTERVALS.fullmatch(asked.params.get("timeIntervals", ""))
        if refusal := _refusal(id):
            return refusal
        if asked.params.get("q") != whose or not found:
            return _error(400, 0, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
        first, end = (datetime.fromtimestamp(int(found[place]) / 1000, UTC) for place in (1, 2))
        if end.date() > asked.today(ZONE):
            return _error(400, 0, "ILLEGAL_ARGUMENT", "The end of the time range is in the future")
        rows = _rows(asked, life(asked.seed, id), first.date(), end.date(), count)
        return Reply({"elements": rows, "paging": {"start": 0, "count": 10, "links": []}})

    return answer


def _rows(
    asked: Asked, one: Life, first: date, end: date, count: Callable[[Life, date], dict[str, Any]]
) -> list[dict[str, Any]]:
    days = [first + timedelta(days=number) for number in range((end - first).days)]
    if asked.misbehave == "empty":
        return []
    if asked.misbehave == "partial":
        days = days[::2]
    rows = [{"timeRange": _range(day), **_bent(asked, count(one, day))} for day in days]
    if asked.misbehave == "duplicate" and rows:
        rows.insert(0, {"timeRange": rows[-1]["timeRange"], **_wrong(count(one, days[-1]))})
    return rows


def _bent(asked: Asked, told: dict[str, Any]) -> dict[str, Any]:
    bend = {
        name: _bent(asked, value) if isinstance(value, dict) else _bend(asked, value) for name, value in told.items()
    }
    return {name: value for name, value in bend.items() if value is not None}


def _wrong(told: dict[str, Any]) -> dict[str, Any]:
    return {name: _wrong(value) if isinstance(value, dict) else 999_999 for name, value in told.items()}


def _bend(asked: Asked, value: int) -> Any:
    if asked.misbehave == "hidden":
        return None
    if asked.misbehave == "zero":
        return 0
    return str(value) if asked.misbehave == "strings" else value


def _refusal(id: int) -> Reply | None:
    if id not in PAGES and id not in MANY:
        return _error(404, 0, "NOT_FOUND", "Could not find entity")
    return None if PAGES.get(id, {}).get("role") != "CONTENT_ADMINISTRATOR" else _error(*ERRORS["forbidden"])


def _number(urn: str) -> int:
    id = urn.removeprefix("urn:li:organization:")
    return int(id) if id.isdecimal() else 0


def _range(day: date) -> dict[str, int]:
    start, end = (datetime.combine(one, time(), UTC) for one in (day, day + timedelta(days=1)))
    return {"start": int(start.timestamp()) * 1000, "end": int(end.timestamp()) * 1000}


RESOURCES: dict[str, Callable[[Asked, str], Reply]] = {
    "organizationAcls": _roles,
    "organizations": _organizations,
    "networkSizes": _size,
    "organizationalEntityFollowerStatistics": _statistics("organizationalEntity", gains),
    "organizationalEntityShareStatistics": _statistics("organizationalEntity", shares),
    "organizationPageStatistics": _statistics("organization", visits),
}


def _error(
    status: int, service: int, code: str, words: str, *, sent: int = 0, headers: Mapping[str, str] | None = None
) -> Reply:
    body = {"status": status, "serviceErrorCode": service, "code": code, "message": words}
    return Reply(body, sent or status, headers or {})


def _allowed(token: str) -> tuple[int, float]:
    return 100, 60.0


PLATFORM = Platform("linkedin", "LINKEDIN_API_URL", respond, bearer, _allowed, ("LINKEDIN_LOGIN_URL",))
