"""The stand-in for MAX's Bot API: `/me`, `/chats/<number or name>`; the token is the header itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kpis.sandbox.numbers import Life, Seed
from kpis.sandbox.platform import Asked, Platform, Reply

ZONE = "Europe/Moscow"
BORN = date(2025, 9, 1)

CHATS: dict[int, dict[str, Any]] = {
    -73_007_700_000_007: {"title": "Обжарка №7", "type": "channel", "name": "obzharka7", "audience": 410},
    -73_007_700_000_008: {"title": "Бариста на связи", "type": "chat", "name": "", "audience": 37},
    -73_007_700_000_009: {"title": "Старый канал", "type": "channel", "name": "old7", "status": "removed"},
    73_007_700_000_010: {"title": None, "type": "dialog", "name": ""},
}
ERRORS = {
    "429": (429, "too.many.requests", "Too many requests"),
    "429-bare": (429, "too.many.requests", "Too many requests"),
    "expired": (401, "verify.token", "Invalid access_token"),
    "forbidden": (403, "chat.denied", "The bot is not a member of the chat"),
    "busy": (503, "service.unavailable", "Service is temporarily unavailable"),
    "error200": (200, "service.unavailable", "Service is temporarily unavailable"),
    "retired": (405, "method.not.allowed", "Method is not allowed"),
}


def respond(asked: Asked) -> Reply:
    """Answer one call as MAX would."""
    if asked.misbehave in ERRORS:
        return _error(*ERRORS[asked.misbehave], wait=asked.misbehave == "429")
    if not asked.known:
        return _error(401, "verify.token", "Invalid access_token")
    if asked.path == "/me":
        return Reply({"user_id": 77_000_007, "first_name": "Учёт зерна", "username": "zerno_stat_bot", "is_bot": True})
    if asked.path == "/chats":
        return _error(*ERRORS["retired"])
    id = _find(asked.path.removeprefix("/chats/"))
    return Reply(_chat(asked, id)) if id is not None else _error(404, "chat.not.found", "Chat not found")


def life(seed: Seed, id: int) -> Life:
    """The life of a channel."""
    return Life(seed, f"max:{id}", BORN, CHATS[id].get("audience", 90), growth=0.9)


def _find(name: str) -> int | None:
    if name.removeprefix("-").isdigit():
        return int(name) if int(name) in CHATS else None
    return next((id for id, chat in CHATS.items() if chat["name"] == name.removeprefix("@").lower()), None)


def _chat(asked: Asked, id: int) -> dict[str, Any]:
    known = CHATS[id]
    told = {
        "chat_id": id,
        "type": known["type"],
        "status": known.get("status", "active"),
        "title": known["title"],
        "is_public": bool(known["name"]),
        "link": f"https://max.ru/{known['name']}" if known["name"] else None,
        "last_event_time": 1_795_000_000_000,
    }
    if asked.misbehave in {"empty", "partial", "hidden"}:
        return told
    count = 0 if asked.misbehave == "zero" else life(asked.seed, id).followers(asked.today(ZONE))
    return {**told, "participants_count": str(count) if asked.misbehave == "strings" else count}


def _error(status: int, code: str, words: str, *, wait: bool = False) -> Reply:
    return Reply({"code": code, "message": words}, status, {"Retry-After": "7"} if wait else {})


def _token(headers: Mapping[str, str], path: str) -> str:
    return headers.get("Authorization", "")


PLATFORM = Platform("max", "MAX_API_URL", respond, _token, lambda token: (30, 1.0))
