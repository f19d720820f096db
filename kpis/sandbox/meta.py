"""The stand-in for Meta's Graph API: Facebook Pages and the Instagram accounts tied to them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kpis.sandbox import meta_posts
from kpis.sandbox.numbers import Life, Seed
from kpis.sandbox.platform import Asked, Platform, Reply, bearer
from kpis.sandbox.posts import Feed

ZONE = "America/Los_Angeles"
BORN = date(2024, 2, 5)
MANY = range(880_000_001, 880_000_231)
FEWEST = 100
PAGE_TOKEN = "sandbox-page-own"  # noqa: S105  the stand-in's

PAGES: dict[int, dict[str, Any]] = {
    107_000_007: {"name": "Обжарка №7", "audience": 3_100, "instagram": 17_841_400_000_007},
    107_000_008: {"name": "Roastery No. 7 — Coffee School", "audience": 45, "instagram": 17_841_400_000_008},
    107_000_009: {"name": "Обжарка №7: опт", "audience": 520, "tasks": ["MODERATE"]},
}
INSTAGRAM: dict[int, dict[str, Any]] = {
    17_841_400_000_007: {"name": "Обжарка №7", "username": "obzharka7", "audience": 5_600},
    17_841_400_000_008: {"name": "Roastery No. 7", "username": "roastery7.school", "audience": 60},
}
#: Numbers so few that Meta refuses in words instead of an empty set.
FEW_VIEWERS = 17_841_400_000_008

ERRORS: dict[str, tuple[int, int, int, str]] = {
    "429": (403, 4, 0, "(#4) Application request limit reached"),
    "429-bare": (400, 17, 2_446_079, "(#17) User request limit reached"),
    "expired": (400, 190, 463, "Error validating access token: Session has expired"),
    "forbidden": (403, 200, 0, "(#200) Provide valid app ID"),
    "error200": (200, 2, 0, "Service temporarily unavailable"),
    "busy": (500, 1, 0, "An unknown error occurred"),
}


def respond(asked: Asked) -> Reply:
    """Answer one call as the Graph would."""
    if asked.misbehave in ERRORS:
        return _error(*ERRORS[asked.misbehave], headers={"Retry-After": "7"} if asked.misbehave == "429" else {})
    if not asked.known:
        return _error(400, 190, 0, "Invalid OAuth access token - Cannot parse access token")
    _version, _slash, path = asked.path.removeprefix("/").partition("/")
    if answer := PATHS.get(path):
        return answer(asked)
    name, _slash, edge = path.partition("/")
    if found := meta_posts.named(name):
        return _post(asked, *found, edge)
    id = int(name) if name.isdecimal() else 0
    if id not in PAGES and id not in INSTAGRAM and id not in MANY:
        return _error(400, 100, 33, f"Unsupported get request. Object with ID '{name}' does not exist")
    if edge in {"media", "posts"}:
        return _with_usage(asked, meta_posts.listed(asked, id, feed(asked.seed, id)))
    return _insights(asked, id) if edge == "insights" else _node(asked, id)


# --- Who and what ---


def _me(asked: Asked) -> Reply:
    if "page" in asked.token:
        return Reply({**_page(107_000_007, asked), "metadata": {"type": "page"}})
    return Reply({"id": "7000007", "name": "Вера Зёрнова", "metadata": {"type": "user"}})


def _permissions(asked: Asked) -> Reply:
    given = ["pages_show_list", "pages_read_engagement", "read_insights", "instagram_basic"]
    given += [] if "narrow" in asked.token else ["instagram_manage_insights"]
    refused = {"permission": "email", "status": "declined"}
    return Reply({"data": [{"permission": name, "status": "granted"} for name in given] + [refused]})


def _debug(asked: Asked) -> Reply:
    end = datetime.combine(asked.today(ZONE) + timedelta(days=55), time(), UTC)
    expires_at = 0 if "page" in asked.token else int(end.timestamp())
    return Reply({"data": {"is_valid": True, "type": "USER", "expires_at": expires_at}})


def _accounts(asked: Asked) -> Reply:
    ids = list(MANY) if "many" in asked.token else list(PAGES)
    if asked.misbehave == "empty":
        ids = []
    first, count = asked.number("after", 0), asked.number("limit", 25)
    page = ids[first : first + count]
    paging: dict[str, Any] = {"cursors": {"before": str(first), "after": str(first + len(page))}} if page else {}
    if first + count < len(ids):
        paging["next"] = "https://graph.facebook.com/next"
    return Reply({"data": [_page(id, asked) for id in page], "paging": paging})


PATHS: dict[str, Callable[[Asked], Reply]] = {
    "me": _me,
    "me/permissions": _permissions,
    "me/accounts": _accounts,
    "debug_token": _debug,
}


def _page(id: int, asked: Asked) -> dict[str, Any]:
    known = PAGES.get(id, {"name": f"Page {id}", "audience": 300})
    fields = asked.params.get("fields", "")
    page: dict[str, Any] = {"id": str(id), "name": known["name"], "link": f"https://www.facebook.com/{id}"}
    if "tasks" in fields:
        page["tasks"] = known.get("tasks", ["ANALYZE", "CREATE_CONTENT", "MODERATE"])
    if "instagram_business_account" in fields and (own := known.get("instagram")):
        page["instagram_business_account"] = {
            "id": str(own),
            "username": INSTAGRAM[own]["username"],
            "name": INSTAGRAM[own]["name"],
        }
    return page


def _node(asked: Asked, id: int) -> Reply:
    """The account itself, with the fields that were asked for."""
    one, today = life(asked.seed, id), asked.today(ZONE)
    told: dict[str, Any] = {"followers_count": one.followers(today)}
    if id in INSTAGRAM:
        told["media_count"] = 400 + (today - BORN).days // 2
    if asked.misbehave in {"empty", "hidden"}:
        told = {}
    node: dict[str, Any] = {name: _bend(asked, value) for name, value in told.items()}
    if id not in INSTAGRAM:
        node["access_token"] = PAGE_TOKEN
    wanted = asked.params.get("fields", "id").split(",")
    return _with_usage(asked, {**{name: node[name] for name in wanted if name in node}, "id": str(id)})


# --- Posts ---


def feed(seed: int, id: int) -> Feed:
    """The posts of a Page or of an Instagram account."""
    return Feed(seed, f"meta:{id}", BORN, {**PAGES, **INSTAGRAM}.get(id, {"audience": 300})["audience"])


def _post(asked: Asked, id: int, number: int, edge: str) -> Reply:
    if id not in INSTAGRAM and "page" not in asked.token:
        return _error(400, 190, 0, "This method must be called with a Page Access Token")
    post = feed(asked.seed, id).known(number, asked.now)
    if post is None:
        return _error(400, 100, 33, "Unsupported get request. Object does not exist, or cannot be loaded")
    if edge != "insights":
        return _with_usage(asked, meta_posts.counted(asked, post))
    if id == FEW_VIEWERS:
        return _error(400, 10, 0, "(#10) Not enough viewers for the media to show insights")
    known = meta_posts.OF_INSTAGRAM if id in INSTAGRAM else meta_posts.OF_PAGES
    names, gone = asked.params.get("metric", "").split(","), {"saved", "post_clicks"}
    if wrong := [name for name in names if name not in known or (asked.misbehave == "retired" and name in gone)]:
        return _error(400, 100, 0, f"(#100) metric[{names.index(wrong[0])}] must be one of: {', '.join(known)}")
    return _with_usage(asked, meta_posts.insights(asked, post, names, known))


# --- Insights ---


def life(seed: Seed, id: int) -> Life:
    """The life of a Page or of an Instagram account."""
    known = {**PAGES, **INSTAGRAM}.get(id, {"audience": 300 + id % 700})
    return Life(seed, f"meta:{id}", BORN, known["audience"], growth=0.2)


def _reach(one: Life, day: date) -> int:
    return one.flow("reach", day, one.audience * 0.4)


def _of_reach(name: str, low: float, high: float) -> Callable[[Life, date], int]:
    return lambda one, day: round(_reach(one, day) * one.share(name, day, low, high))


REACTIONS = {
    "likes": _of_reach("likes", 0.03, 0.07),
    "comments": _of_reach("comments", 0.002, 0.008),
    "shares": _of_reach("shares", 0.002, 0.01),
    "saves": _of_reach("saves", 0.004, 0.012),
}


def _interactions(one: Life, day: date) -> int:
    return sum(count(one, day) for count in REACTIONS.values())


OF_INSTAGRAM: dict[str, Callable[[Life, date], int]] = {
    **REACTIONS,
    "reach": _reach,
    "views": _of_reach("views", 1.5, 2.4),
    "total_interactions": _interactions,
    "follows_and_unfollows": Life.follows,
}
OF_PAGES: dict[str, Callable[[Life, date], int]] = {
    "page_follows": Life.followers,
    "page_daily_follows_unique": Life.follows,
    "page_daily_unfollows_unique": Life.unfollows,
    "page_total_media_view_unique": _reach,
    "page_media_view": _of_reach("views", 1.3, 2.1),
    "page_post_engagements": _interactions,
}


def _insights(asked: Asked, id: int) -> Reply:
    known = OF_INSTAGRAM if id in INSTAGRAM else OF_PAGES
    names = [name for name in asked.params.get("metric", "").split(",") if name]
    if not names:
        return _error(400, 3001, 1_504_028, "(#100) No metric was specified to be fetched")
    if id not in INSTAGRAM and "page" not in asked.token:
        return _error(400, 190, 0, "This method must be called with a Page Access Token")
    gone = {"saves", "page_media_view"} if asked.misbehave == "retired" else set()
    if wrong := [name for name in names if name not in known or name in gone]:
        place = names.index(wrong[0])
        return _error(400, 100, 0, f"(#100) metric[{place}] must be one of the following values: {', '.join(known)}")
    since, until = (asked.number(name, 0) for name in ("since", "until"))
    if until - since > 86_400 * (30 if id in INSTAGRAM else 90) + 3_600:
        return _error(400, 100, 0, "(#100) There cannot be more than 30 days (2592000 s) between since and until")
    if id == FEW_VIEWERS and "views" in names:
        return _error(400, 10, 0, "(#10) Not enough viewers for the media to show insights")
    rows = _totals if asked.params.get("metric_type") == "total_value" else _series
    told = [] if asked.misbehave == "empty" else rows(asked, id, names, known)
    paging = {"previous": "https://graph.facebook.com/previous", "next": "https://graph.facebook.com/next"}
    return _with_usage(asked, {"data": told, "paging": paging})


def _series(asked: Asked, id: int, names: list[str], known: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each metric with a value for each finished day, named by the midnight that ends it."""
    one = life(asked.seed, id)
    if one.audience < FEWEST and id not in INSTAGRAM:
        return []
    first, last = _day(asked.number("since", 0)), _day(asked.number("until", 0) - 1)
    last = min(last, asked.today(ZONE) - timedelta(days=1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if asked.misbehave == "partial":
        days = days[::2]
    rows = []
    for name in names:
        values = [{"value": _bend(asked, known[name](one, day)), "end_time": _end(day)} for day in days]
        if asked.misbehave == "duplicate" and values:
            values.insert(0, {**values[-1], "value": 999_999})
        rows.append({"name": name, "period": "day", "values": values, "id": f"{id}/insights/{name}/day"})
    return rows


def _totals(asked: Asked, id: int, names: list[str], known: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each metric with one number for the time asked for; nothing of a day that is not over."""
    one, day = life(asked.seed, id), _day((asked.number("since", 0) + asked.number("until", 0)) // 2)
    if day >= asked.today(ZONE):
        return []
    if asked.misbehave == "partial":
        names = names[1:]
    rows = [{"name": name, "period": "day", "total_value": _total(asked, one, name, day, known)} for name in names]
    rows = [row for row in rows if row["name"] != "follows_and_unfollows" or one.audience >= FEWEST]
    if asked.misbehave == "duplicate" and rows:
        rows.insert(0, {**rows[-1], "total_value": {"value": 999_999}})
    return rows


def _total(asked: Asked, one: Life, name: str, day: date, known: dict[str, Any]) -> dict[str, Any]:
    if name != "follows_and_unfollows":
        return {"value": _bend(asked, known[name](one, day))}
    counts = {"FOLLOWER": one.follows(day), "NON_FOLLOWER": one.unfollows(day)}
    results = [{"dimension_values": [kind], "value": _bend(asked, count)} for kind, count in counts.items()]
    return {"breakdowns": [{"dimension_keys": ["follow_type"], "results": results}]}


def _bend(asked: Asked, value: int) -> Any:
    if asked.misbehave == "hidden":
        return None
    if asked.misbehave == "zero":
        return 0
    return str(value) if asked.misbehave == "strings" else value


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(ZONE)).date()


def _end(day: date) -> str:
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(ZONE)).astimezone(UTC)
    return midnight.strftime("%Y-%m-%dT%H:%M:%S+0000")


# --- The wire ---


def _with_usage(asked: Asked, body: dict[str, Any]) -> Reply:
    """The answer with how much of the allowance is spent, in per cent."""
    spent = 84 if "spent" in asked.token else 12
    usage = '{"call_count": 3, "total_time": 2, "total_cputime": 1}'
    row = f'{{"type": "pages", "call_count": {spent}, "total_cputime": 5, "total_time": 9'
    more = f'{{"107000007": [{row}, "estimated_time_to_regain_access": {5 if spent > 80 else 0}}}]}}'
    return Reply(body, headers={"X-App-Usage": usage, "X-Business-Use-Case-Usage": more})


def _error(status: int, code: int, subcode: int, words: str, headers: dict[str, str] | None = None) -> Reply:
    error = {"message": words, "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEf7"}
    return Reply({"error": {**error, **({"error_subcode": subcode} if subcode else {})}}, status, headers or {})


def _allowed(token: str) -> tuple[int, float]:
    return 200, 3_600.0


PLATFORM = Platform("meta", "META_API_URL", respond, bearer, _allowed, ("META_LOGIN_URL",))
