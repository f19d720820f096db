"""The stand-in for VK: `POST /method/<name>`, errors inside HTTP 200."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kpis.sandbox.numbers import Life, Seed
from kpis.sandbox.platform import Asked, Platform, Reply, bearer
from kpis.sandbox.posts import Feed, StandInPost

ZONE = "Europe/Moscow"
BORN = date(2024, 3, 1)
MANY = range(900_000_001, 900_000_451)

COMMUNITIES: dict[int, dict[str, Any]] = {
    207_700_007: {"name": "Обжарка №7", "screen_name": "obzharka7", "audience": 4_200},
    207_700_008: {"name": "Roastery No. 7 — Coffee School", "screen_name": "roastery7_school", "audience": 860},
    207_700_009: {"name": "Обжарка №7: старый клуб", "screen_name": "obzharka7_old", "deactivated": "deleted"},
    207_700_010: {"name": "Чужая кофейня", "screen_name": "foreign_coffee", "audience": 12_000, "foreign": True},
}
ERRORS = {
    "429": (6, "Too many requests per second"),
    "429-bare": (29, "Rate limit reached"),
    "expired": (5, "User authorization failed: access_token has expired."),
    "forbidden": (15, "Access denied: you should be an admin of this community"),
    "error200": (10, "Internal server error: could not get application"),
    "busy": (1, "Unknown error occurred"),
}


def respond(asked: Asked) -> Reply:
    """Answer one call as VK would."""
    method = asked.path.removeprefix("/method/")
    if asked.misbehave in ERRORS:
        code, words = ERRORS[asked.misbehave]
        return _error(code, words, {"Retry-After": "7"} if asked.misbehave == "429" else {})
    if not asked.known:
        return _error(5, "User authorization failed: invalid access_token (4).")
    if "v" not in asked.params:
        return _error(8, "Invalid request: v (version) is required")
    answer = METHODS.get(method)
    return answer(asked) if answer else _error(3, "Unknown method passed")


def _users(asked: Asked) -> Reply:
    person = {"id": 7_000_007, "first_name": "Вера", "last_name": "Зёрнова", "screen_name": "vera_zernova"}
    return _response([person] if _kind(asked) == "user" else [])


def _permissions(asked: Asked) -> Reply:
    return _response((1 << 13) | (1 << 16) | (1 << 18) | (1 << 20))


def _own_groups(asked: Asked) -> Reply:
    if _kind(asked) != "user":
        return _wrong_kind(asked)
    ids = list(MANY) if "many" in asked.token else [id for id, one in COMMUNITIES.items() if not one.get("foreign")]
    offset, count = asked.number("offset", 0), min(asked.number("count", 1000), 1000)
    page = [] if asked.misbehave == "empty" else ids[offset : offset + count]
    return _response(
        {"count": 0 if asked.misbehave == "empty" else len(ids), "items": [_group(asked, id) for id in page]}
    )


def _groups(asked: Asked) -> Reply:
    name = asked.params.get("group_ids") or asked.params.get("group_id") or ""
    if not name and _kind(asked) == "community":
        name = "207700007"
    if not name:
        return _error(100, "One of the parameters specified was missing or invalid: group_ids is undefined")
    ids = [_find(one) for one in name.split(",")]
    if None in ids:
        return _error(125, "Invalid group id")
    groups = [] if asked.misbehave == "empty" else [_group(asked, id) for id in ids if id is not None]
    return _response({"groups": groups, "profiles": []})


def _stats(asked: Asked) -> Reply:
    if _kind(asked) != "user":
        return _wrong_kind(asked)
    id = _find(asked.params.get("group_id", ""))
    if id is None:
        return _error(125, "Invalid group id")
    if COMMUNITIES.get(id, {}).get("foreign"):
        return _error(15, "Access denied: you should be an admin of this community")
    groups = asked.params.get("stats_groups", "visitors,reach,activity").split(",")
    if asked.misbehave == "retired" and "reach" in groups:
        return _error(100, "One of the parameters specified was missing or invalid: stats_groups should be one of")
    return _response(_days(asked, id, groups))


# --- Posts ---


def feed(seed: int, id: int) -> Feed:
    """The wall of a community."""
    return Feed(seed, f"vk:{id}", BORN, COMMUNITIES.get(id, {}).get("audience", 300 + id % 7_000))


def _wall(asked: Asked) -> Reply:
    if _kind(asked) == "community":
        return _wrong_kind(asked)
    id = _find(asked.params.get("owner_id", "").removeprefix("-"))
    if id is None:
        return _error(125, "Invalid group id")
    posts = [] if asked.misbehave == "empty" else list(feed(asked.seed, id).newest(asked.now))
    offset, count = asked.number("offset", 0), min(asked.number("count", 20), 100)
    # As on many a wall the very first post is pinned.
    posts.sort(key=lambda post: post.number != 0)
    page = [_post(asked, id, post) for post in posts[offset : offset + count]]
    pinned = {0: {"is_pinned": 1}}
    return _response({"count": len(posts), "items": [{**post, **pinned.get(post["id"], {})} for post in page]})


def _posts(asked: Asked) -> Reply:
    if _kind(asked) == "community":
        return _wrong_kind(asked)
    found = []
    for name in asked.params.get("posts", "").split(","):
        wall, _underscore, number = name.removeprefix("-").partition("_")
        id = _find(wall)
        post = feed(asked.seed, id).known(int(number), asked.now) if id and number.isdecimal() else None
        found += [_post(asked, id, post)] if id and post else []
    found = [] if asked.misbehave == "empty" else found
    if asked.misbehave == "partial":
        found = [{name: one for name, one in post.items() if name != "reposts"} for post in found]
    return _response({"items": found, "profiles": [], "groups": []})


def _post(asked: Asked, id: int, post: StandInPost) -> dict[str, Any]:
    names = {"views": "views", "likes": "likes", "comments": "comments", "reposts": "shares"}
    told = {name: {"count": _number(asked, post.count(ours, asked.now))} for name, ours in names.items()}
    if asked.misbehave == "hidden":
        told = {}
    elif post.hides_likes:
        told.pop("likes")
    kind = {"album": ["photo", "photo"], "text": []}.get(post.kind, [post.kind])
    return {
        "id": post.number,
        "owner_id": -id,
        "from_id": -id,
        "date": int(post.published_at.timestamp()),
        "post_type": "post",
        "text": post.words,
        "attachments": [{"type": name} for name in kind],
        **told,
    }


def _post_reach(asked: Asked) -> Reply:
    if _kind(asked) != "user":
        return _wrong_kind(asked)
    id = _find(asked.params.get("owner_id", "").removeprefix("-"))
    if (
        id is None
        or COMMUNITIES.get(id, {}).get("foreign")
        or life(asked.seed, id).followers(asked.today(ZONE)) < 5_000
    ):
        return _error(15, "Access denied: this section is available for communities with 5000 members")
    numbers = asked.params.get("post_ids", "").split(",")
    if len(numbers) > 30:
        return _error(100, "One of the parameters specified was missing or invalid: post_ids too many")
    found = [post for number in numbers if (post := feed(asked.seed, id).known(int(number), asked.now))]
    return _response([] if asked.misbehave == "empty" else [_reached(asked, post) for post in found])


def _reached(asked: Asked, post: StandInPost) -> dict[str, Any]:
    names = {"reach_total": "reach", "reach_subscribers": "reach", "links": "clicks"}
    told = {name: _number(asked, post.count(ours, asked.now)) for name, ours in names.items()}
    return {"post_id": post.number, **({} if asked.misbehave == "hidden" else told)}


METHODS = {
    "stats.getPostReach": _post_reach,
    "wall.get": _wall,
    "wall.getById": _posts,
    "users.get": _users,
    "account.getAppPermissions": _permissions,
    "groups.get": _own_groups,
    "groups.getById": _groups,
    "stats.get": _stats,
}


# --- Numbers ---


def life(seed: Seed, id: int) -> Life:
    """The life of a community."""
    return Life(seed, f"vk:{id}", BORN, COMMUNITIES.get(id, {}).get("audience", 300 + id % 7_000))


def numbers(one: Life, day: date) -> dict[str, dict[str, int]]:
    """What VK tells of a community's day, by group."""
    reach = one.flow("reach", day, one.audience * 0.34)
    visitors = one.flow("visitors", day, one.audience * 0.035)
    return {
        "visitors": {"visitors": visitors, "views": round(visitors * one.share("views", day, 1.4, 2.3))},
        "reach": {
            "reach": reach,
            "reach_subscribers": round(reach * one.share("subscribers", day, 0.55, 0.8)),
            "mobile_reach": round(reach * one.share("mobile", day, 0.78, 0.9)),
        },
        "activity": {
            "likes": round(reach * one.share("likes", day, 0.018, 0.045)),
            "comments": round(reach * one.share("comments", day, 0.001, 0.006)),
            "copies": round(reach * one.share("copies", day, 0.001, 0.005)),
            "hidden": round(reach * one.share("hidden", day, 0.0, 0.001)),
            "subscribed": one.follows(day),
            "unsubscribed": one.unfollows(day),
        },
    }


def _days(asked: Asked, id: int, groups: list[str]) -> list[dict[str, Any]]:
    """Rows of the days asked for, newest first as VK gives them; today is not counted yet."""
    if asked.misbehave == "empty":
        return []
    first, last = _day(asked.number("timestamp_from", 0)), _day(asked.number("timestamp_to", 0))
    last = min(last, asked.today(ZONE) - timedelta(days=1))
    first = max(first, BORN)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    rows = [_row(asked, life(asked.seed, id), day, groups) for day in reversed(days)]
    if asked.misbehave == "partial":
        rows = [row for number, row in enumerate(rows) if number % 3]
        for row in rows:
            row.pop("activity", None)
    if asked.misbehave == "duplicate" and rows:
        wrong = {group: dict.fromkeys(row, 999_999) for group, row in _told(asked, rows[0], groups).items()}
        rows = [{**rows[0], **wrong}, *rows]
    return rows


def _told(asked: Asked, row: dict[str, Any], groups: list[str]) -> dict[str, dict[str, Any]]:
    return {group: row[group] for group in groups if group in row}


def _row(asked: Asked, one: Life, day: date, groups: list[str]) -> dict[str, Any]:
    told = {group: _bend(asked, values) for group, values in numbers(one, day).items() if group in groups}
    return {"period_from": _moment(day), "period_to": _moment(day + timedelta(days=1)) - 1, **told}


def _bend(asked: Asked, values: Mapping[str, int]) -> dict[str, Any]:
    if asked.misbehave == "hidden":
        return dict.fromkeys(values)
    return {name: _number(asked, value) for name, value in values.items()}


def _number(asked: Asked, value: int) -> Any:
    if asked.misbehave == "zero":
        return 0
    return str(value) if asked.misbehave == "strings" else value


# --- The wire ---


def _group(asked: Asked, id: int) -> dict[str, Any]:
    known = COMMUNITIES.get(id, {"name": f"Community {id}", "screen_name": f"club{id}"})
    group = {key: value for key, value in known.items() if key in {"name", "screen_name", "deactivated"}}
    group |= {"id": id, "is_closed": 0, "type": "group"}
    wanted = "members_count" in asked.params.get("fields", "")
    if wanted and asked.misbehave != "hidden" and "deactivated" not in known:
        group["members_count"] = _number(asked, life(asked.seed, id).followers(asked.today(ZONE)))
    return group


def _find(name: str) -> int | None:
    name = name.removeprefix("club")
    if name.isascii() and name.isdigit():
        return int(name) if int(name) in COMMUNITIES or int(name) in MANY else None
    return next((id for id, community in COMMUNITIES.items() if community["screen_name"] == name), None)


def _kind(asked: Asked) -> str:
    return next((kind for kind in ("community", "service") if kind in asked.token), "user")


def _wrong_kind(asked: Asked) -> Reply:
    if _kind(asked) == "community":
        return _error(27, "Group authorization failed: method is unavailable with group auth.")
    return _error(28, "Application authorization failed: method is unavailable with service token")


def _moment(day: date) -> int:
    return int(datetime.combine(day, time(), ZoneInfo(ZONE)).timestamp())


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(ZONE)).date()


def _response(response: Any) -> Reply:
    return Reply({"response": response})


def _error(code: int, words: str, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply({"error": {"error_code": code, "error_msg": words, "request_params": []}}, headers=headers or {})


def _allowed(token: str) -> tuple[int, float]:
    return (20, 1.0) if "community" in token else (3, 1.0)


PLATFORM = Platform("vk", "VK_API_URL", respond, bearer, _allowed, ("VK_ID_URL",))
