"""The stand-ins for TikTok: the Display API (`{"data", "error": {"code": "ok"}}`), and the Business API (`code` 0)."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from json import loads
from typing import Any

from kpis.sandbox.numbers import Life, Seed, chance
from kpis.sandbox.platform import Asked, Platform, Reply, bearer
from kpis.sandbox.posts import Feed, StandInPost

ZONE = "UTC"
BORN = date(2024, 9, 2)
OPEN_ID = "-000obzharka7"
BUSINESS_ID = "-000obzharka7business"
VIDEOS = 47
LIFETIME = 86_400

ERRORS = {
    "429": (429, "rate_limit_exceeded", "The API rate limit was exceeded. Please try again later."),
    "429-bare": (429, "rate_limit_exceeded", "The API rate limit was exceeded. Please try again later."),
    "expired": (401, "access_token_invalid", "The access token is invalid or not found in the request."),
    "forbidden": (401, "scope_not_authorized", "The user did not authorize the scope required."),
    "error200": (200, "internal_error", "Something went wrong. Please try again later."),
    "busy": (500, "internal_error", "Something went wrong. Please try again later."),
}


def respond(asked: Asked) -> Reply:
    """Answer one call as the Display API would."""
    if asked.misbehave in ERRORS:
        return _error(*ERRORS[asked.misbehave], headers={"Retry-After": "7"} if asked.misbehave == "429" else {})
    if asked.path == "/v2/oauth/token/":
        return _fresh(asked)
    if not asked.known:
        return _error(*ERRORS["expired"])
    if asked.path == "/v2/user/info/":
        return _info(asked)
    if asked.path == "/v2/video/query/":
        return _query(asked)
    if asked.path != "/v2/video/list/":
        return _error(404, "invalid_params", "Unsupported path")
    return _recent(asked) if "create_time" in asked.params.get("fields", "") else _list(asked)


def _fresh(asked: Asked) -> Reply:
    """A new access token and a new refresh token for the old one."""
    old = asked.params.get("refresh_token", "")
    if not old.startswith("sandbox-"):
        return Reply({"error": "invalid_grant", "error_description": "Refresh token is invalid or expired."}, 400)
    return Reply({**_tokens(old), "open_id": OPEN_ID, "scope": "user.info.basic,user.info.stats,video.list"})


def _tokens(old: str) -> dict[str, Any]:
    refresh = old if "same" in old else f"{old}-next"
    return {
        "access_token": "sandbox-fresh",
        "expires_in": LIFETIME,
        "refresh_token": refresh,
        "refresh_token_expires_in": 365 * LIFETIME,
        "token_type": "Bearer",
    }


def life(seed: Seed) -> Life:
    """The life of the account."""
    return Life(seed, "tiktok", BORN, 7_400, growth=0.5)


def counts(seed: Seed, today: date) -> dict[str, int]:
    """What the account has in all."""
    days = (today - BORN).days
    return {"follower_count": life(seed).followers(today), "likes_count": 2_100 + 96 * days, "video_count": VIDEOS}


def views(seed: Seed, number: int, today: date) -> int:
    """How often one video has been seen."""
    return round((400 + 30_000 * chance(seed, "tiktok", number)) * (1 + (today - BORN).days / 900))


def _info(asked: Asked) -> Reply:
    names = asked.params.get("fields", "").split(",")
    told = {**counts(asked.seed, asked.today(ZONE)), "open_id": OPEN_ID, "display_name": "Обжарка №7"}
    gone = "likes_count" if asked.misbehave == "retired" else ""
    if wrong := [name for name in names if name not in told or name == gone]:
        return _error(400, "invalid_params", f"Fields is invalid: {wrong[0]}")
    if asked.misbehave == "empty":
        return _data({"user": {}})
    user = {name: _bend(asked, told[name]) if name.endswith("_count") else told[name] for name in names}
    if asked.misbehave == "partial":
        user.pop("video_count", None)
    return _data({"user": user})


def _list(asked: Asked) -> Reply:
    first, count = int(asked.sent.get("cursor", 0)), min(int(asked.sent.get("max_count", 10)), 20)
    today, names = asked.today(ZONE), asked.params.get("fields", "").split(",")
    videos = []
    for number in range(first, min(first + count, VIDEOS)):
        told = {"id": f"70000{number:05}", "view_count": _bend(asked, views(asked.seed, number, today))}
        videos.append({name: told[name] for name in names if name in told})
    if asked.misbehave == "empty":
        return _data({"videos": [], "cursor": 0, "has_more": False})
    if asked.misbehave == "partial":
        videos[0].pop("view_count", None)
    if asked.misbehave == "duplicate" and videos:
        videos.insert(0, {**videos[-1], "view_count": 999_999})
    return _data({"videos": videos, "cursor": first + count, "has_more": first + count < VIDEOS})


def feed(seed: int) -> Feed:
    """The account's videos with their moments."""
    return Feed(seed, "tiktok", BORN, life(seed).audience)


def _recent(asked: Asked) -> Reply:
    """The same list with its moments, the newest first; the cursor is a place in it."""
    posts = [] if asked.misbehave == "empty" else list(feed(asked.seed).newest(asked.now))
    first, count = int(asked.sent.get("cursor", 0)), min(int(asked.sent.get("max_count", 10)), 20)
    videos = [_video(asked, post) for post in posts[first : first + count]]
    return _data({"videos": videos, "cursor": first + count, "has_more": first + count < len(posts)})


def _query(asked: Asked) -> Reply:
    ids = asked.sent.get("filters", {}).get("video_ids", [])
    if len(ids) > 20:
        return _error(400, "invalid_params", "The number of video ids exceeds the limit of 20")
    numbers = [int(str(id)[5:]) for id in ids if str(id)[5:].isdecimal()]
    posts = [post for number in numbers if (post := feed(asked.seed).known(number, asked.now))]
    return _data({"videos": [] if asked.misbehave == "empty" else [_video(asked, post) for post in posts]})


def _video(asked: Asked, post: StandInPost) -> dict[str, Any]:
    id, names = f"71000{post.number:05}", asked.params.get("fields", "").split(",")
    ours = {"view_count": "views", "like_count": "likes", "comment_count": "comments", "share_count": "shares"}
    told: dict[str, Any] = {name: _bend(asked, post.count(one, asked.now)) for name, one in ours.items()}
    if asked.misbehave == "hidden":
        told = {}
    elif post.hides_likes:
        told.pop("like_count")
    if asked.misbehave == "partial":
        told.pop("share_count", None)
    told |= {"id": id, "create_time": int(post.published_at.timestamp()), "title": "", "video_description": post.words}
    told["share_url"] = f"https://www.tiktok.com/@obzharka7/video/{id}?utm_source=sandbox"
    return {name: told[name] for name in names if name in told}


def _bend(asked: Asked, value: int) -> Any:
    if asked.misbehave == "hidden":
        return None
    if asked.misbehave == "zero":
        return 0
    return str(value) if asked.misbehave == "strings" else value


def _data(data: dict[str, Any]) -> Reply:
    return Reply({"data": data, "error": {"code": "ok", "message": "", "log_id": "20261123"}})


def _error(status: int, code: str, words: str, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply({"data": {}, "error": {"code": code, "message": words, "log_id": "20261123"}}, status, headers or {})


# --- Business ---

BUSINESS_ERRORS = {
    "429": (40100, "Too many requests"),
    "429-bare": (40100, "Too many requests"),
    "expired": (40105, "Access token is incorrect or has been revoked"),
    "forbidden": (40001, "No permission to operate business"),
    "error200": (50000, "System error"),
    "busy": (50002, "Error processing request"),
}


def respond_to_business(asked: Asked) -> Reply:
    """Answer one call as the Business API would: whatever happens, with HTTP 200."""
    if asked.misbehave in BUSINESS_ERRORS:
        headers = {"Retry-After": "7"} if asked.misbehave == "429" else {}
        return _coded(*BUSINESS_ERRORS[asked.misbehave], headers=headers)
    if asked.path == "/open_api/v1.3/tt_user/oauth2/refresh_token/":
        old = str(asked.sent.get("refresh_token", ""))
        return _coded(0, "OK", _tokens(old)) if old.startswith("sandbox-") else _coded(40110, "Invalid refresh token")
    if not asked.known:
        return _coded(*BUSINESS_ERRORS["expired"])
    if asked.params.get("business_id") != BUSINESS_ID:
        return _coded(40007, "Business does not exist")
    return _business(asked)


DAILY: dict[str, Callable[[Life, date], int]] = {
    "followers_count": Life.followers,
    "daily_new_followers": Life.follows,
    "daily_lost_followers": Life.unfollows,
    "daily_total_followers": lambda one, day: one.follows(day) - one.unfollows(day),
    "unique_video_views": lambda one, day: one.flow("reach", day, one.audience * 0.8),
    "video_views": lambda one, day: round(_seen(one, day) * one.share("views", day, 1.2, 1.9)),
    "likes": lambda one, day: round(_seen(one, day) * one.share("likes", day, 0.03, 0.08)),
    "comments": lambda one, day: round(_seen(one, day) * one.share("comments", day, 0.001, 0.006)),
    "shares": lambda one, day: round(_seen(one, day) * one.share("shares", day, 0.001, 0.008)),
    "bio_link_clicks": lambda one, day: round(_seen(one, day) * one.share("clicks", day, 0.0, 0.004)),
}
NAMES = {"username": "obzharka7", "display_name": "Обжарка №7"}


def _seen(one: Life, day: date) -> int:
    return DAILY["unique_video_views"](one, day)


def business_life(seed: Seed) -> Life:
    """The life of the business account."""
    return Life(seed, "tiktok:business", BORN, 5_200, growth=0.4)


def _business(asked: Asked) -> Reply:
    names, today = loads(asked.params.get("fields", "[]")), asked.today(ZONE)
    one = business_life(asked.seed)
    totals = {
        "followers_count": one.followers(today),
        "total_likes": 900 + 61 * (today - BORN).days,
        "videos_count": 88,
    }
    gone = "shares" if asked.misbehave == "retired" else ""
    if wrong := [name for name in names if name not in {*DAILY, *totals, *NAMES} or name == gone]:
        return _coded(40002, f"fields: {wrong[0]} is not a valid choice")
    told: dict[str, Any] = {name: NAMES[name] for name in names if name in NAMES}
    if asked.misbehave == "empty":
        return _coded(0, "OK", {"metrics": []} if "start_date" in asked.params else told)
    told |= {name: _bend(asked, totals[name]) for name in names if name in totals}
    if "start_date" in asked.params:
        first, last = (date.fromisoformat(asked.params[name]) for name in ("start_date", "end_date"))
        if (today - first).days > 60:
            return _coded(40002, "start_date: only the past 60 days are supported")
        told["metrics"] = _rows(asked, one, names, first, min(last, today - timedelta(days=1)))
    return _coded(0, "OK", told)


def _rows(asked: Asked, one: Life, names: list[str], first: date, last: date) -> list[dict[str, Any]]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if asked.misbehave == "partial":
        days = days[::2]
    rows = [{"date": day.isoformat(), **_numbers(asked, one, names, day)} for day in days]
    if asked.misbehave == "duplicate" and rows:
        wrong = {name: 999_999 for name in rows[-1] if name != "date"}
        rows.insert(0, {"date": rows[-1]["date"], **wrong})
    return rows


def _numbers(asked: Asked, one: Life, names: list[str], day: date) -> dict[str, Any]:
    return {name: _bend(asked, DAILY[name](one, day)) for name in names if name in DAILY}


def _coded(
    code: int, words: str, data: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    return Reply({"code": code, "message": words, "request_id": "20261123", "data": data or {}}, headers=headers or {})


def _access_token(headers: Mapping[str, str], path: str) -> str:
    return headers.get("Access-Token", "")


PLATFORM = Platform("tiktok", "TIKTOK_API_URL", respond, bearer, lambda token: (600, 60.0), ("TIKTOK_LOGIN_URL",))
BUSINESS = Platform(
    "tiktok_business", "TIKTOK_BUSINESS_API_URL", respond_to_business, _access_token, lambda token: (600, 60.0)
)
