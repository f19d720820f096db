"""The stand-in for YouTube: `/youtube/v3/channels`, `/v2/reports`, and Google's address for renewing access."""

from datetime import date, timedelta
from typing import Any

from kpis.sandbox.filtering import deal
from kpis.sandbox.google import misbehaved, refusal, renewal
from kpis.sandbox.numbers import Life, Seed
from kpis.sandbox.platform import Asked, Platform, Reply, bearer
from kpis.sandbox.posts import Feed, StandInPost

ZONE = "America/Los_Angeles"
BORN = date(2024, 5, 20)
#: Where the views are from, and how common that is.
COUNTRIES = {"RU": 61, "KZ": 14, "BY": 9, "AM": 5, "DE": 4, "RS": 3, "US": 4}
VIDEOS = {"dMH0bHeiRNg": 40, "obzharka-01": 35, "obzharka-02": 25}
UNCOUNTED = 2
MANY = [f"UC{number:022d}" for number in range(120)]
SCOPES = ("youtube.readonly", "yt-analytics.readonly", "analytics.readonly")

CHANNELS: dict[str, dict[str, Any]] = {
    "UCobzharka7zerno00000007": {"title": "Обжарка №7: обжариваем вслух", "handle": "@obzharka7", "audience": 5_400},
    "UCroastery7school0000008": {"title": "Roastery No. 7 School", "handle": "@roastery7", "audience": 780},
}
FOREIGN: dict[str, dict[str, Any]] = {
    "UCforeigncoffee000000009": {"title": "Чужая кофейня", "handle": "@foreigncoffee", "audience": 48_300},
}


def respond(asked: Asked) -> Reply:
    """Answer one call as Google would."""
    if asked.path == "/oauth2/v4/token":
        return renewal(asked, SCOPES)
    if reply := misbehaved(asked):
        return reply
    if asked.path == "/youtube/v3/channels":
        return _channels(asked)
    if asked.path == "/youtube/v3/playlistItems":
        return _uploads(asked)
    if asked.path == "/youtube/v3/videos":
        return _videos(asked)
    if asked.path == "/v2/reports":
        return _report(asked)
    return refusal(404, "NOT_FOUND", "notFound", "Not Found")


# --- Channels ---


def _channels(asked: Asked) -> Reply:
    by_key = asked.params.get("key", "").startswith("sandbox-")
    if asked.params.get("key") and not by_key:
        return refusal(400, "INVALID_ARGUMENT", "keyInvalid", "API key not valid. Please pass a valid API key.")
    if not asked.known and not by_key:
        return refusal(401, "UNAUTHENTICATED", "authError", "Invalid Credentials")
    if asked.params.get("mine") and by_key:
        return refusal(401, "UNAUTHENTICATED", "authorizationRequired", "This parameter can only be used by an owner.")
    ids = _asked_for(asked)
    first, count = asked.number("pageToken", 0), min(asked.number("maxResults", 5), 50)
    page = {"items": [_channel(asked, id) for id in ids[first : first + count]]} if ids else {}
    more = {"nextPageToken": str(first + count)} if first + count < len(ids) else {}
    return Reply(
        {
            "kind": "youtube#channelListResponse",
            "etag": "sandbox",
            **more,
            "pageInfo": {"totalResults": len(ids), "resultsPerPage": count},
            **page,
        }
    )


def _asked_for(asked: Asked) -> list[str]:
    if asked.misbehave == "empty":
        return []
    if asked.params.get("mine"):
        return MANY if "many" in asked.token else list(CHANNELS)
    known = {**CHANNELS, **FOREIGN}
    handle = asked.params.get("forHandle", "").lower()
    if handle:
        return [id for id, channel in known.items() if channel["handle"] == f"@{handle.removeprefix('@')}"]
    return [id for id in asked.params.get("id", "").split(",") if id in known or id in MANY]


def _channel(asked: Asked, id: str) -> dict[str, Any]:
    parts = asked.params.get("part", "").split(",")
    known = {**CHANNELS, **FOREIGN}.get(id, {"title": f"Channel {id}", "handle": f"@{id.lower()}"})
    told: dict[str, Any] = {"kind": "youtube#channel", "etag": "sandbox", "id": id}
    if "snippet" in parts:
        told["snippet"] = {
            "title": known["title"],
            "customUrl": known["handle"],
            "publishedAt": f"{BORN.isoformat()}T09:30:00Z",
        }
    if "contentDetails" in parts:
        told["contentDetails"] = {"relatedPlaylists": {"likes": "", "uploads": id.replace("UC", "UU", 1)}}
    if "statistics" in parts:
        told["statistics"] = _statistics(asked, life(asked.seed, id))
    return told


def rounded(count: int) -> int:
    """As YouTube tells followers: three digits, rounded down."""
    unit = 10 ** max(0, len(str(count)) - 3)
    return count // unit * unit


def _statistics(asked: Asked, one: Life) -> dict[str, Any]:
    today = asked.today(ZONE)
    counts = {
        "viewCount": total_views(one, today),
        "subscriberCount": rounded(one.followers(today)),
        "videoCount": 12 + (today - BORN).days // 6,
    }
    if asked.misbehave == "hidden":
        return {"hiddenSubscriberCount": True}
    if asked.misbehave == "partial":
        counts.pop("viewCount")
    zero = asked.misbehave == "zero"
    return {**{name: "0" if zero else str(count) for name, count in counts.items()}, "hiddenSubscriberCount": False}


def total_views(one: Life, today: date) -> int:
    """Views since the beginning: never fewer tomorrow than today."""
    return one.audience * 40 + (today - one.born).days * one.audience


# --- Videos ---


def feed(seed: int, id: str) -> Feed:
    """The uploads of a channel."""
    return Feed(seed, f"youtube:{id}", BORN, {**CHANNELS, **FOREIGN}.get(id, {"audience": 320})["audience"])


def video_id(id: str, number: int) -> str:
    """Eleven characters, as YouTube's are: the channel's mark and the video's number."""
    return f"{id[-4:]}{number:07d}"


def _uploads(asked: Asked) -> Reply:
    id = asked.params.get("playlistId", "").replace("UU", "UC", 1)
    if id not in CHANNELS and id not in FOREIGN:
        return refusal(
            404, "NOT_FOUND", "playlistNotFound", "The playlist identified with the request cannot be found."
        )
    posts = [] if asked.misbehave == "empty" else list(feed(asked.seed, id).newest(asked.now))
    first, count = asked.number("pageToken", 0), min(asked.number("maxResults", 5), 50)
    more = {"nextPageToken": str(first + count)} if first + count < len(posts) else {}
    items = [_upload(id, post, asked) for post in posts[first : first + count]]
    page = {"totalResults": len(posts), "resultsPerPage": count}
    return Reply(
        {"kind": "youtube#playlistItemListResponse", "etag": "sandbox", **more, "pageInfo": page, "items": items}
    )


def _upload(id: str, post: StandInPost, asked: Asked) -> dict[str, Any]:
    video, moment = video_id(id, post.number), post.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    parts = {
        "snippet": {"title": post.words, "publishedAt": moment, "channelId": id, "description": post.words},
        "contentDetails": {"videoId": video, "videoPublishedAt": moment},
    }
    wanted = {name: part for name, part in parts.items() if name in asked.params.get("part", "").split(",")}
    return {"kind": "youtube#playlistItem", "etag": "sandbox", "id": f"item-{video}", **wanted}


def _videos(asked: Asked) -> Reply:
    marks = {id[-4:]: id for id in (*CHANNELS, *FOREIGN)}
    items = []
    for name in asked.params.get("id", "").split(","):
        id, number = marks.get(name[:4]), name[4:]
        post = feed(asked.seed, id).known(int(number), asked.now) if id and number.isdecimal() else None
        if post and asked.misbehave != "empty":
            told = {"kind": "youtube#video", "etag": "sandbox", "id": name, "statistics": _counts(asked, post)}
            items.append(told)
    page = {"totalResults": len(items), "resultsPerPage": len(items)}
    return Reply({"kind": "youtube#videoListResponse", "etag": "sandbox", "pageInfo": page, "items": items})


def _counts(asked: Asked, post: StandInPost) -> dict[str, str]:
    """As strings, which is how YouTube writes counts; what the owner hides is left out."""
    names = {"viewCount": "views", "likeCount": "likes", "commentCount": "comments"}
    zero = asked.misbehave == "zero"
    told = {name: "0" if zero else str(post.count(ours, asked.now)) for name, ours in names.items()}
    if asked.misbehave == "hidden":
        return {}
    if post.hides_likes:
        told.pop("likeCount")
    if asked.misbehave == "partial":
        told.pop("viewCount")
    return {**told, "favoriteCount": "0"}


# --- The report ---


def life(seed: Seed, id: str) -> Life:
    """The life of a channel."""
    known = {**CHANNELS, **FOREIGN}.get(id, {"audience": 320})
    return Life(seed, f"youtube:{id}", BORN, known["audience"], growth=0.45)


NUMBERS = {
    "views": lambda one, day: one.flow("views", day, one.audience * 0.22),
    "estimatedMinutesWatched": lambda one, day: round(
        one.flow("views", day, one.audience * 0.22) * one.share("watched", day, 2.6, 4.4)
    ),
    "averageViewDuration": lambda one, day: round(60 * one.share("watched", day, 2.6, 4.4)),
    "subscribersGained": Life.follows,
    "subscribersLost": Life.unfollows,
    "likes": lambda one, day: one.flow("likes", day, one.audience * 0.011),
    "comments": lambda one, day: one.flow("comments", day, one.audience * 0.0019),
    "shares": lambda one, day: one.flow("shares", day, one.audience * 0.0014),
}


def _report(asked: Asked) -> Reply:
    if not asked.known:
        return refusal(401, "UNAUTHENTICATED", "authError", "Invalid Credentials")
    id = asked.params.get("ids", "").removeprefix("channel==")
    if id not in CHANNELS and id not in MANY:
        return refusal(403, "PERMISSION_DENIED", "forbidden", "Forbidden")
    names = [name for name in asked.params.get("metrics", "").split(",") if name]
    gone = "shares" if asked.misbehave == "retired" else ""
    wrong = next((name for name in names if name not in NUMBERS or name == gone), "")
    if wrong or not names:
        words = f"Unknown identifier ({wrong}) given in field parameters.metrics."
        return refusal(400, "INVALID_ARGUMENT", "badRequest", words)
    try:
        first, last = (date.fromisoformat(asked.params[name]) for name in ("startDate", "endDate"))
    except (KeyError, ValueError):
        return refusal(400, "INVALID_ARGUMENT", "badRequest", "Invalid value for startDate or endDate")
    shares = _shares(asked.params.get("filters", ""))
    if shares is None:
        return refusal(400, "INVALID_ARGUMENT", "badRequest", "Invalid value for filters.")
    rows = _rows(asked, life(asked.seed, id), names, first, last, shares)
    first_row, most = asked.number("startIndex", 1) - 1, asked.number("maxResults", 10_000)
    return Reply(_table(names, rows[first_row : first_row + most]))


Shares = list[tuple[dict[str, int], str]]


def _shares(filters: str) -> Shares | None:
    """`country==RU;video==…` as the tables that a number is dealt by, each with the value that is wanted."""
    parts = [part.partition("==") for part in filters.split(";") if part]
    tables = {"country": COUNTRIES, "video": VIDEOS}
    if any(name not in tables or not sign or not value for name, sign, value in parts):
        return None
    return [(tables[name], value) for name, _sign, value in parts]


def _of_part(number: int, shares: Shares) -> int:
    for table, wanted in shares:
        number = dict(zip(table, deal(number, list(table.values())), strict=True)).get(wanted, 0)
    return number


def _rows(asked: Asked, one: Life, names: list[str], first: date, last: date, shares: Shares) -> list[list[Any]]:
    """A row a day; the last days are not counted yet, and before the channel's birth there is nothing."""
    last = min(last, asked.today(ZONE) - timedelta(days=UNCOUNTED))
    first = max(first, BORN)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if asked.misbehave in {"empty", "hidden"}:
        return []
    if asked.misbehave == "partial":
        days = days[::2]
    rows = [[day.isoformat(), *(_bend(asked, told) for told in _told(one, day, names, shares))] for day in days]
    if asked.misbehave == "duplicate" and rows:
        rows = [[rows[0][0], *(999_999 for _name in names)], *rows]
    return rows


def _told(one: Life, day: date, names: list[str], shares: Shares) -> list[int]:
    """Counts are dealt out to the parts; how long a view lasts is the same in each."""
    told = {name: NUMBERS[name](one, day) for name in names}
    return [number if name.startswith("average") else _of_part(number, shares) for name, number in told.items()]


def _bend(asked: Asked, value: int) -> Any:
    if asked.misbehave == "zero":
        return 0
    return str(value) if asked.misbehave == "strings" else value


def _table(names: list[str], rows: list[list[Any]]) -> dict[str, Any]:
    headers = [{"name": "day", "columnType": "DIMENSION", "dataType": "STRING"}]
    headers += [{"name": name, "columnType": "METRIC", "dataType": "INTEGER"} for name in names]
    table = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": headers}
    return {**table, "rows": rows} if rows else table


def _allowed(token: str) -> tuple[int, float]:
    return 720, 60.0


PLATFORM = Platform(
    "youtube",
    "YOUTUBE_API_URL",
    respond,
    bearer,
    _allowed,
    also=("YOUTUBE_ANALYTICS_API_URL", "GOOGLE_LOGIN_URL", "GOOGLE_OAUTH_URL"),
)
