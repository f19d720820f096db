"""The stand-in for X's API v2: one user at a time, and what is left of the limit in headers."""

from datetime import date
from typing import Any

from kpis.sandbox.numbers import Life, Seed
from kpis.sandbox.platform import Asked, Platform, Reply, bearer

ZONE = "UTC"
BORN = date(2024, 8, 12)
USERS: dict[str, dict[str, Any]] = {
    "7700000007": {"username": "obzharka7", "name": "Обжарка №7", "audience": 1_150},
    "7700000008": {"username": "roastery7", "name": "Roastery No. 7", "audience": 380},
}
ERRORS = {
    "429": (429, "Too Many Requests"),
    "429-bare": (429, "Too Many Requests"),
    "expired": (401, "Unauthorized"),
    "forbidden": (403, "Forbidden"),
    "busy": (503, "Service Unavailable"),
}
LIMIT = 900


def respond(asked: Asked) -> Reply:
    """Answer one call as X would."""
    if asked.misbehave in ERRORS:
        return _error(*ERRORS[asked.misbehave], headers={"Retry-After": "7"} if asked.misbehave == "429" else {})
    if asked.misbehave == "error200":
        return Reply({"errors": [{"title": "Service Unavailable", "detail": "Over capacity", "status": 503}]})
    if not asked.known:
        return _error(*ERRORS["expired"])
    if asked.misbehave == "retired":
        return _wrong_fields(asked)
    key = asked.path.rpartition("/")[2]
    if asked.path == "/2/users/me" and "granted" in asked.token:
        return _user(asked, next(iter(USERS)))
    by_name = "/by/username/" in asked.path
    id = next((id for id, user in USERS.items() if key == (user["username"] if by_name else id)), "")
    return _user(asked, id) if id else _not_found(key)


def life(seed: Seed, id: str) -> Life:
    """The life of an account."""
    return Life(seed, f"x:{id}", BORN, USERS[id]["audience"], growth=0.1)


def _user(asked: Asked, id: str) -> Reply:
    today = asked.today(ZONE)
    user = {"id": id, "name": USERS[id]["name"], "username": USERS[id]["username"]}
    fields = asked.params.get("user.fields", "")
    if "created_at" in fields:
        user["created_at"] = f"{BORN.isoformat()}T09:30:00.000Z"
    counts = {
        "followers_count": life(asked.seed, id).followers(today),
        "following_count": 118,
        "listed_count": 9,
        "post_count": 300 + (today - BORN).days,
    }
    if asked.misbehave == "partial":
        counts.pop("post_count")
    if "public_metrics" in fields and asked.misbehave not in {"empty", "hidden"}:
        user["public_metrics"] = {name: _bend(asked, count) for name, count in counts.items()}
    headers = {"x-rate-limit-limit": str(LIMIT), "x-rate-limit-remaining": str(LIMIT - 1)}
    return Reply({"data": user}, headers={**headers, "x-rate-limit-reset": "1795435200"})


def _bend(asked: Asked, value: int) -> Any:
    if asked.misbehave == "zero":
        return 0
    return str(value) if asked.misbehave == "strings" else value


def _wrong_fields(asked: Asked) -> Reply:
    words = f"The `user.fields` query parameter value [{asked.params.get('user.fields', '')}] is not one of [id,name]"
    kind = "https://api.x.com/2/problems/invalid-request"
    return Reply({"errors": [{"message": words}], "title": "Invalid Request", "type": kind}, 400)


def _not_found(key: str) -> Reply:
    kind = "https://api.x.com/2/problems/resource-not-found"
    words = {"detail": f"Could not find user: [{key}].", "title": "Not Found Error", "type": kind}
    return Reply({"errors": [{**words, "resource_type": "user", "resource_id": key, "value": key}]})


def _error(status: int, title: str, headers: dict[str, str] | None = None) -> Reply:
    return Reply({"title": title, "detail": title, "type": "about:blank", "status": status}, status, headers or {})


PLATFORM = Platform("x", "X_API_URL", respond, bearer, lambda token: (300, 900.0), ("X_LOGIN_URL",))
