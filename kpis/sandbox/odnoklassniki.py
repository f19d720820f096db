"""The stand-in for Odnoklassniki: `POST /fb.do`, every call signed, errors inside HTTP 200."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

from kpis.sandbox.numbers import Life, Seed
from kpis.sandbox.platform import Asked, Platform, Reply
from kpis.sandbox.posts import Feed, StandInPost

ZONE = "Europe/Moscow"
BORN = date(2024, 7, 1)
PUBLIC_KEY, SECRET_KEY = "SANDBOXPUBLICKEY", "sandbox-application-secret"
MANY = range(70_000_000_000_001, 70_000_000_000_231)

GROUPS: dict[int, dict[str, Any]] = {
    70_007_700_000_007: {"name": "Обжарка №7", "shortname": "obzharka7", "audience": 2_600},
    70_007_700_000_008: {"name": "Кофейная школа Обжарки №7", "shortname": "", "audience": 540},
    70_007_700_000_009: {
        "name": "Обжарка №7: старый клуб",
        "shortname": "obzharka7old",
        "audience": 0,
        "blocked": True,
    },
}
FOREIGN: dict[int, dict[str, Any]] = {
    70_007_700_000_010: {"name": "Чужая кофейня", "shortname": "foreign.coffee", "audience": 9_100},
}
ERRORS = {
    "429": (11, "LIMIT_REACHED : Method call limit reached"),
    "429-bare": (8, "FLOOD_BLOCKED : Flood blocked"),
    "expired": (102, "PARAM_SESSION_EXPIRED : Session expired"),
    "forbidden": (10, "PERMISSION_DENIED : User must grant an access to permission 'GROUP_CONTENT'"),
    "error200": (2, "SERVICE : Service is temporary unavailable"),
    "busy": (1, "UNKNOWN : Unknown error"),
}


def respond(asked: Asked) -> Reply:
    """Answer one call as Odnoklassniki would."""
    if asked.misbehave in ERRORS:
        return _error(*ERRORS[asked.misbehave], headers={"Retry-After": "7"} if asked.misbehave == "429" else {})
    if not asked.known:
        return _error(103, "PARAM_SESSION_KEY : Invalid session key")
    if asked.params.get("application_key") != PUBLIC_KEY:
        return _error(101, "PARAM_API_KEY : Application not found")
    if asked.params.get("sig") != signed(asked.params, asked.token):
        return _error(104, "PARAM_SIGNATURE : Invalid signature")
    answer = METHODS.get(asked.params.get("method", ""))
    return answer(asked) if answer else _error(3, "METHOD : Method does not exist.")


def signed(params: Mapping[str, str], token: str) -> str:
    """The signature that these parameters ought to have."""
    parts = [f"{name}={value}" for name, value in sorted(params.items()) if name not in {"sig", "access_token"}]
    session = md5((token + SECRET_KEY).encode(), usedforsecurity=False).hexdigest()
    return md5(("".join(parts) + session).encode(), usedforsecurity=False).hexdigest()


# --- People and groups ---


def _person(asked: Asked) -> Reply:
    return Reply({"uid": "577000000007", "name": "Вера Зёрнова"})


def _own_groups(asked: Asked) -> Reply:
    ids = list(MANY) if "many" in asked.token else list(GROUPS)
    if asked.misbehave == "empty":
        ids = []
    first, count = asked.number("anchor", 0), min(asked.number("count", 10), 100)
    page = [{"groupId": str(id), "userId": "577000000007", "status": "ADMIN"} for id in ids[first : first + count]]
    more = {"anchor": str(first + count)} if first + count < len(ids) else {}
    return Reply({"groups": page, **more})


def _info(asked: Asked) -> Reply:
    ids = [int(id) for id in asked.params.get("uids", "").split(",") if id.isdigit()]
    return Reply([_group(id) for id in ids if _known(id)])


def _url(asked: Asked) -> Reply:
    name = asked.params.get("url", "").rpartition("/")[2]
    for id, group in {**GROUPS, **FOREIGN}.items():
        if group["shortname"] == name:
            return Reply({"type": "GROUP", "objectId": id, "objectIdStr": str(id)})
    return Reply({"type": "UNKNOWN"})


def _known(id: int) -> dict[str, Any]:
    known = {**GROUPS, **FOREIGN}
    return known.get(id) or ({"name": f"Группа {id}", "shortname": "", "audience": 300} if id in MANY else {})


def _group(id: int) -> dict[str, Any]:
    known = _known(id)
    told = {"uid": str(id), "name": known["name"], "blocked": known.get("blocked", False)}
    return {**told, "shortname": known["shortname"]} if known["shortname"] else told


def _counters(asked: Asked) -> Reply:
    id = asked.number("group_id", 0)
    if not _known(id):
        return _error(160, "PARAM_GROUP_ID : Invalid group_id")
    if asked.misbehave in {"empty", "hidden"}:
        return Reply({"counters": {}})
    return Reply({"counters": {"members": _bend(asked, life(asked.seed, id).followers(asked.today(ZONE)))}})


# --- Statistics ---


def life(seed: Seed, id: int) -> Life:
    """The life of a group."""
    return Life(seed, f"ok:{id}", BORN, _known(id).get("audience", 0), growth=0.18)


def _of_reach(name: str, low: float, high: float) -> Any:
    return lambda one, day: round(_reach(one, day) * one.share(name, day, low, high))


def _reach(one: Life, day: date) -> int:
    return one.flow("reach", day, one.audience * 0.41)


NUMBERS = {
    "members_count": Life.followers,
    "new_members": Life.follows,
    "left_members": Life.unfollows,
    "reach": _reach,
    "renderings": _of_reach("renderings", 1.5, 2.4),
    "page_visits": _of_reach("page_visits", 0.05, 0.11),
    "video_plays": _of_reach("video_plays", 0.02, 0.08),
    "likes": _of_reach("likes", 0.02, 0.06),
    "comments": _of_reach("comments", 0.001, 0.007),
    "reshares": _of_reach("reshares", 0.002, 0.009),
    "link_clicks": _of_reach("link_clicks", 0.004, 0.012),
}


def _trends(asked: Asked) -> Reply:
    id = asked.number("gid", 0)
    if id in FOREIGN:
        return _error(50, "NOT_ADMIN : User is not an administrator of the group")
    if not _known(id):
        return _error(160, "PARAM_GROUP_ID : Invalid gid")
    names = [name for name in asked.params.get("fields", "").split(",") if name]
    gone = "renderings" if asked.misbehave == "retired" else ""
    wrong = next((name for name in names if name not in NUMBERS or name == gone), "")
    if wrong or not names:
        return _error(100, f"PARAM : Invalid parameter fields value: [{wrong}]")
    days = _days(asked)
    one = life(asked.seed, id)
    return Reply(
        {name: _history(asked, one, name, days) for name in names[:: 2 if asked.misbehave == "partial" else 1]}
    )


def _days(asked: Asked) -> list[date]:
    """The days asked for, as far as they are counted: the history ends with yesterday."""
    if asked.misbehave in {"empty", "hidden"}:
        return []
    first, last = _day(asked.number("start_time", 0)), _day(asked.number("end_time", 0))
    first, last = max(first, BORN), min(last, asked.today(ZONE) - timedelta(days=1))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _history(asked: Asked, one: Life, name: str, days: list[date]) -> list[dict[str, Any]]:
    points = [{"time": _moment(day), "value": _bend(asked, NUMBERS[name](one, day))} for day in days]
    if asked.misbehave == "duplicate" and points:
        points = [{**points[0], "value": 999_999}, *points]
    return points


# --- Topics ---


def feed(seed: int, id: int) -> Feed:
    """The topics of a group."""
    return Feed(seed, f"ok:{id}", BORN, _known(id).get("audience", 0))


def _topic_id(id: int, number: int) -> str:
    return f"15{id % 1_000:03}{number:09}"


def _topic_named(asked: Asked, name: str) -> tuple[int, StandInPost] | None:
    for id in (*GROUPS, *FOREIGN):
        if name.startswith(f"15{id % 1_000:03}") and (post := feed(asked.seed, id).known(int(name[5:]), asked.now)):
            return id, post
    return None


def _topics(asked: Asked) -> Reply:
    id = asked.number("gid", 0)
    if id in FOREIGN:
        return _error(50, "NOT_ADMIN : User is not an administrator of the group")
    if not _known(id):
        return _error(160, "PARAM_GROUP_ID : Invalid gid")
    since, until = (asked.number(name, 0) / 1000 for name in ("start_time", "end_time"))
    posts = [post for post in feed(asked.seed, id).newest(asked.now) if since <= post.published_at.timestamp() <= until]
    posts = [] if asked.misbehave == "empty" else posts
    first, count = asked.number("anchor", 0), min(asked.number("count", 10), 100)
    more = {"anchor": str(first + count)} if first + count < len(posts) else {}
    page = [{"id": _topic_id(id, one.number), "created_ms": _created(one)} for one in posts[first : first + count]]
    return Reply({"topics": page, **more})


def _created(post: StandInPost) -> int:
    return int(post.published_at.timestamp() * 1000)


def _words(asked: Asked) -> Reply:
    found = [(name, _topic_named(asked, name)) for name in asked.params.get("topic_ids", "").split(",")]
    kinds = {"text": [], "video": ["movie"], "album": ["photo"]}
    topics = []
    for name, there in found:
        if there:
            media = [{"type": kind} for kind in kinds.get(there[1].kind, [there[1].kind])]
            topics.append({"id": name, "media": [{"type": "text", "text": there[1].words}, *media]})
    return Reply({"media_topics": topics, "entities": {}})


TOPIC_NUMBERS = {
    "reach": "reach",
    "renderings": "views",
    "likes": "likes",
    "comments": "comments",
    "reshares": "shares",
    "link_clicks": "clicks",
}


def _topic(asked: Asked) -> Reply:
    names = [name for name in asked.params.get("fields", "").split(",") if name]
    gone = "renderings" if asked.misbehave == "retired" else ""
    if wrong := [name for name in names if name not in TOPIC_NUMBERS or name == gone]:
        return _error(100, f"PARAM : Invalid parameter fields value: [{wrong[0]}]")
    there = _topic_named(asked, asked.params.get("topic_id", ""))
    if there is None:
        return _error(300, "NOT_FOUND : Object not found")
    told = {name: _bend(asked, there[1].count(TOPIC_NUMBERS[name], asked.now)) for name in names}
    if asked.misbehave in {"empty", "hidden"}:
        told = dict.fromkeys(names) if asked.misbehave == "hidden" else {}
    elif there[1].hides_likes and "likes" in told:
        told["likes"] = None
    if asked.misbehave == "partial":
        told.pop("reshares", None)
    return Reply({"topic": told})


METHODS = {
    "group.getStatTopics": _topics,
    "group.getStatTopic": _topic,
    "mediatopic.getByIds": _words,
    "users.getCurrentUser": _person,
    "group.getUserGroupsV2": _own_groups,
    "group.getInfo": _info,
    "url.getInfo": _url,
    "group.getCounters": _counters,
    "group.getStatTrends": _trends,
}


# --- The wire ---


def _bend(asked: Asked, value: int) -> Any:
    if asked.misbehave == "zero":
        return 0
    return str(value) if asked.misbehave == "strings" else value


def _moment(day: date) -> int:
    return int(datetime.combine(day, time(), ZoneInfo(ZONE)).timestamp()) * 1000


def _day(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).astimezone(ZoneInfo(ZONE)).date()


def _no_token(headers: Mapping[str, str], path: str) -> str:
    """The token is among the parameters."""
    return ""


def _error(code: int, words: str, *, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply({"error_code": code, "error_msg": words, "error_data": None}, headers=headers or {})


PLATFORM = Platform("ok", "OK_API_URL", respond, _no_token, lambda token: (20, 1.0), ("OK_LOGIN_URL",))
