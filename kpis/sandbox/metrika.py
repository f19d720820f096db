"""The stand-in for Yandex Metrika: the report by time and the list of counters."""

import re
from datetime import date, timedelta
from functools import lru_cache
from itertools import compress
from typing import Any

from kpis.sandbox.filtering import Fits, Unclear, deal, read_expression
from kpis.sandbox.numbers import Life, Seed
from kpis.sandbox.platform import Asked, Platform, Reply, bearer

MANY = range(90_000_001, 90_000_251)
MOST_METRICS = 20

COUNTERS: dict[int, dict[str, Any]] = {
    77_000_007: {"name": "Обжарка №7 — магазин", "site": "obzharka7.example", "zone": "Europe/Moscow", "visits": 420},
    77_000_008: {"name": "Roastery No. 7", "site": "roastery7.example", "zone": "Asia/Vladivostok", "visits": 130},
    77_000_009: {"name": "Старый сайт", "site": "old.obzharka7.example", "zone": "Europe/Moscow", "status": "Deleted"},
}
BORN = date(2024, 4, 15)
#: Goals of every counter, and which part of the visits reaches them.
GOALS = {5001: ("Заявка", 0.024), 5002: ("Звонок с сайта", 0.011)}
FIELDS = (
    "ym:s:lastsignTrafficSource",
    "ym:s:lastsignUTMSource",
    "ym:s:lastsignUTMMedium",
    "ym:s:lastsignUTMCampaign",
    "ym:s:startURL",
)
#: Kinds of visits: what each field says of them, and how common they are.
KINDS = tuple(
    (dict(zip(FIELDS, said, strict=True)), weight)
    for *said, weight in (
        ("organic", "", "", "", "https://obzharka7.example/", 31),
        ("direct", "", "", "", "https://obzharka7.example/", 14),
        ("social", "vk", "social", "лето", "https://obzharka7.example/summer", 12),
        ("social", "vk", "social", "", "https://obzharka7.example/", 7),
        ("social", "telegram", "social", "лето", "https://obzharka7.example/summer", 5),
        ("messenger", "telegram", "messenger", "осень «7» 'скидка' ☕", "https://obzharka7.example/sale", 4),
        ("ad", "yandex", "cpc", "лето", "https://obzharka7.example/summer", 11),
        ("ad", "yandex", "cpc", r"a\b AND 'c' OR d", "https://obzharka7.example/", 3),
        ("referral", "", "", "", "https://obzharka7.example/wholesale", 6),
        ("email", "news", "email", "лето", "https://obzharka7.example/summer", 4),
        ("recommend", "", "", "", "https://obzharka7.example/", 3),
    )
)
VISITS, BOUNCED = "ym:s:visits", "bounced"
ERRORS = {
    "429": (429, "quota_requests_by_uid", "Превышен лимит запросов. Повторите попытку позже."),
    "429-bare": (420, "quota_parallel_requests", "Too many parallel requests"),
    "expired": (401, "invalid_token", "Invalid oauth_token"),
    "forbidden": (403, "access_denied", "Access is denied"),
    "busy": (503, "backend_error", "Backend error"),
}


def respond(asked: Asked) -> Reply:
    """Answer one call as Metrika would."""
    if asked.misbehave in ERRORS:
        return _error(*ERRORS[asked.misbehave], wait=asked.misbehave == "429")
    if asked.misbehave == "error200":
        return Reply({"errors": [{"error_type": "backend_error", "message": "Query is too slow"}], "code": 503})
    if not asked.known:
        return _error(401, "invalid_token", "Invalid oauth_token")
    if asked.path == "/management/v1/counters":
        return _counters(asked)
    if asked.path == "/stat/v1/data/bytime":
        return _by_time(asked)
    if asked.path == "/stat/v1/data":
        return _by_value(asked)
    if re.fullmatch(r"/management/v1/counter/[0-9]+/goals", asked.path):
        return Reply({"goals": [{"id": id, "name": name, "type": "url"} for id, (name, _share) in GOALS.items()]})
    return _error(404, "not_found", "Requested path was not found")


# --- The list of counters ---


def _counters(asked: Asked) -> Reply:
    ids = list(MANY) if "many" in asked.token else list(COUNTERS)
    if asked.misbehave == "empty":
        ids = []
    first, count = asked.number("offset", 1) - 1, min(asked.number("per_page", 1000), 1000)
    return Reply({"rows": len(ids), "counters": [_counter(id) for id in ids[first : first + count]]})


def _counter(id: int) -> dict[str, Any]:
    known = _known(id)
    return {
        "id": id,
        "status": known.get("status", "Active"),
        "owner_login": "obzharka7",
        "name": known["name"],
        "site": known["site"],
        "site2": {"site": known["site"]},
        "time_zone_name": known["zone"],
        "permission": "own",
        "create_time": f"{BORN.isoformat()}T12:00:00+03:00",
    }


def _known(id: int) -> dict[str, Any]:
    default = {"name": f"Site {id}", "site": f"site{id}.example", "zone": "Europe/Moscow", "visits": 40 + id % 900}
    return COUNTERS.get(id, default)


# --- The report ---


def _by_time(asked: Asked) -> Reply:
    names = [name for name in asked.params.get("metrics", "").split(",") if name]
    id = asked.number("ids", 0)
    if id not in COUNTERS and id not in MANY:
        return _error(404, "not_found", f"Entity not found: counter {id}")
    if not names or len(names) > MOST_METRICS:
        return _error(400, "invalid_parameter", "Wrong number of metrics")
    try:
        fits = read_expression(asked.params["filters"], FIELDS) if "filters" in asked.params else None
    except Unclear as problem:
        return _error(400, "invalid_parameter", str(problem))
    gone = "ym:s:bounceRate" if asked.misbehave == "retired" else ""
    if wrong := [name for name in names if name not in NUMBERS or name == gone]:
        return _error(400, "invalid_parameter", f"Wrong attribute: {wrong[0]}")
    try:
        first, last = (date.fromisoformat(asked.params[name]) for name in ("date1", "date2"))
    except (KeyError, ValueError):
        return _error(400, "invalid_parameter", "Wrong parameter: date1 or date2")
    return Reply(_report(asked, id, names, first, min(last, asked.today(_known(id)["zone"])), fits))


def _by_value(asked: Asked) -> Reply:
    """The values of one dimension, the most common first."""
    field = asked.params.get("dimensions", "")
    if field not in FIELDS:
        return _error(400, "invalid_parameter", f"Wrong attribute: {field}")
    visits: dict[str, int] = {}
    for kind, weight in KINDS:
        visits[kind[field]] = visits.get(kind[field], 0) + weight
    common = sorted(visits, key=lambda value: -visits[value])[: asked.number("limit", 100)]
    rows = [{"dimensions": [{"name": value or None}], "metrics": [visits[value]]} for value in common]
    return Reply({"data": rows, "total_rows": len(rows), "sampled": False})


def life(seed: Seed, id: int) -> Life:
    """The life of a site."""
    return Life(seed, f"metrika:{id}", BORN, _known(id).get("visits", 0), growth=0.35)


def _visits(one: Life, day: date) -> int:
    return one.flow("visits", day, one.audience)


def _bounced(one: Life, day: date) -> int:
    return round(_visits(one, day) * one.share("bounces", day, 0.16, 0.3))


def _bounces(one: Life, day: date) -> float:
    return _rate(_bounced(one, day), _visits(one, day))


NUMBERS = {
    "ym:s:visits": _visits,
    "ym:s:users": lambda one, day: round(_visits(one, day) * one.share("users", day, 0.78, 0.88)),
    "ym:s:pageviews": lambda one, day: round(_visits(one, day) * one.share("pages", day, 2.1, 2.9)),
    "ym:s:bounceRate": _bounces,
}


for _id, (_name, _share) in GOALS.items():
    NUMBERS[f"ym:s:goal{_id}visits"] = lambda one, day, id=_id: _reached(one, day, id)
    NUMBERS[f"ym:s:goal{_id}conversionRate"] = lambda one, day, id=_id: _rate(_reached(one, day, id), _visits(one, day))


def _reached(one: Life, day: date, id: int) -> int:
    share = GOALS[id][1]
    return round(_visits(one, day) * one.share(f"goal {id}", day, share * 0.6, share * 1.5))


def _rate(part: int, whole: int) -> float:
    return round(100 * part / whole, 8) if whole else 0.0


# --- Parts ---


@lru_cache(maxsize=65536)
def _dealt(one: Life, name: str, day: date) -> tuple[int, ...]:
    """A count of the day by kinds of visits: visits as they are common, everything else as the visits."""
    if name == VISITS:
        return tuple(deal(_visits(one, day), [weight for _kind, weight in KINDS]))
    whole = _bounced(one, day) if name == BOUNCED else NUMBERS[name](one, day)
    return tuple(deal(int(whole), _dealt(one, VISITS, day)))


def _of_part(one: Life, name: str, day: date, fits: Fits) -> float:
    """One number of the visits that fit. People are counted in each part anew: they come back another way."""
    chosen = [fits(kind) for kind, _weight in KINDS]

    def count(name: str) -> int:
        return sum(compress(_dealt(one, name, day), chosen))

    if name == "ym:s:bounceRate":
        return _rate(count(BOUNCED), count(VISITS))
    if name.endswith("conversionRate"):
        return _rate(count(name.replace("conversionRate", "visits")), count(VISITS))
    if name == "ym:s:users":
        return min(count(VISITS), round(count(name) * 1.06))
    return count(name)


def numbers(one: Life, day: date) -> dict[str, float]:
    """What Metrika tells of a site's day, by its own names."""
    return {name: count(one, day) for name, count in NUMBERS.items()}


def _report(asked: Asked, id: int, names: list[str], first: date, last: date, fits: Fits | None) -> dict[str, Any]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if asked.misbehave == "partial":
        days = days[::2]
    if asked.misbehave == "duplicate" and days:
        days = [days[-1], *days]
    table = [_column(asked, life(asked.seed, id), name, days, fits) for name in names]
    empty = asked.misbehave == "empty"
    return {
        "query": {"ids": [id], "metrics": names, "dimensions": [], "group": "day", **_told_filters(asked)},
        "data": [] if empty else [{"dimensions": [], "metrics": table}],
        "total_rows": 0 if empty else 1,
        "sampled": asked.misbehave == "sampled",
        "sample_share": 0.1 if asked.misbehave == "sampled" else 1.0,
        "contains_sensitive_data": asked.misbehave == "hidden",
        "totals": [] if empty else table,
        "time_intervals": [[day.isoformat(), day.isoformat()] for day in days],
    }


def _told_filters(asked: Asked) -> dict[str, str]:
    """Metrika repeats the filter that it applied."""
    return {"filters": asked.params["filters"]} if asked.params.get("filters") else {}


def _column(asked: Asked, one: Life, name: str, days: list[date], fits: Fits | None) -> list[Any]:
    whole = NUMBERS[name]
    values = [_bend(asked, whole(one, day) if fits is None else _of_part(one, name, day, fits)) for day in days]
    if asked.misbehave == "duplicate" and values:
        values[0] = 999_999
    return values


def _bend(asked: Asked, value: float) -> Any:
    if asked.misbehave == "hidden":
        return None
    if asked.misbehave == "zero":
        return 0
    return str(value) if asked.misbehave == "strings" else value


def _error(status: int, kind: str, words: str, *, wait: bool = False) -> Reply:
    body = {"errors": [{"error_type": kind, "message": words}], "code": status, "message": words}
    return Reply(body, status, {"Retry-After": "7"} if wait else {})


def _allowed(token: str) -> tuple[int, float]:
    return 200, 300.0


PLATFORM = Platform("metrika", "METRIKA_API_URL", respond, bearer, _allowed, ("YANDEX_OAUTH_URL",))
