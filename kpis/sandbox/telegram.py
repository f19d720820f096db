"""The stand-in for Telegram's Bot API: `/bot<token>/<method>`, `{"ok": …}` with the status repeated inside."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kpis.sandbox.numbers import Life, Seed
from kpis.sandbox.platform import Asked, Platform, Reply

ZONE = "Europe/Moscow"
BORN = date(2024, 6, 1)

CHATS: dict[str, dict[str, Any]] = {
    "@obzharka7": {"id": -1_002_077_000_007, "type": "channel", "title": "Обжарка №7: зерно и люди", "audience": 1_900},
    "@roastery7": {"id": -1_002_077_000_008, "type": "channel", "title": "Roastery No. 7", "audience": 640},
    "@obzharka7_chat": {"id": -1_002_077_000_009, "type": "supergroup", "title": "Болтаем о зерне", "audience": 310},
    "@vera_zernova": {"id": 7_000_007, "type": "private", "first_name": "Вера", "audience": 0},
}
OF_EVERY_CHAT = {
    "accent_color_id": 4,
    "max_reaction_count": 11,
    "accepted_gift_types": dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    ),
}
ERRORS: dict[str, tuple[int, str, dict[str, Any]]] = {
    "429": (429, "Too Many Requests: retry after 7", {"parameters": {"retry_after": 7}}),
    "429-bare": (429, "Too Many Requests", {}),
    "expired": (401, "Unauthorized", {}),
    "forbidden": (403, "Forbidden: bot was kicked from the channel chat", {}),
    "busy": (500, "Internal Server Error", {}),
    "retired": (404, "Not Found: method not found", {}),
}


def respond(asked: Asked) -> Reply:
    """Answer one call as Telegram would."""
    method = asked.path.rpartition("/")[2].lower()
    if asked.misbehave in ERRORS:
        return _error(*ERRORS[asked.misbehave])
    if asked.misbehave == "error200":
        return Reply({"ok": False, "error_code": 500, "description": "Internal Server Error"})
    if not asked.known:
        return _error(401, "Unauthorized")
    answer = METHODS.get(method)
    return answer(asked) if answer else _error(404, "Not Found: method not found")


def _me(asked: Asked) -> Reply:
    return _ok({"id": 77_000_007, "is_bot": True, "first_name": "Учёт зерна", "username": "zerno_stat_bot"})


def _chat(asked: Asked) -> Reply:
    found = _find(asked.params.get("chat_id", ""))
    if not found:
        return _error(400, "Bad Request: chat not found")
    name, chat = found
    told = {key: value for key, value in chat.items() if key != "audience"}
    return _ok({**told, "username": name.removeprefix("@"), **OF_EVERY_CHAT})


def _count(asked: Asked) -> Reply:
    found = _find(asked.params.get("chat_id", ""))
    if not found:
        return _error(400, "Bad Request: chat not found")
    if asked.misbehave in {"empty", "partial", "hidden"}:
        return Reply({"ok": True})
    count = life(asked.seed, found[0]).followers(asked.today(ZONE))
    if asked.misbehave == "zero":
        return _ok(0)
    return _ok(str(count) if asked.misbehave == "strings" else count)


METHODS = {"getme": _me, "getchat": _chat, "getchatmembercount": _count}


def life(seed: Seed, name: str) -> Life:
    """The life of a channel."""
    return Life(seed, f"telegram:{name}", BORN, CHATS[name]["audience"], growth=0.6)


def _find(name: str) -> tuple[str, dict[str, Any]] | None:
    for handle, chat in CHATS.items():
        if name.lower() == handle or name == str(chat["id"]):
            return handle, chat
    return None


def _ok(result: Any) -> Reply:
    return Reply({"ok": True, "result": result})


def _error(code: int, words: str, more: Mapping[str, Any] | None = None) -> Reply:
    return Reply({"ok": False, "error_code": code, "description": words, **(more or {})}, status=code)


def _token(headers: Mapping[str, str], path: str) -> str:
    return path.removeprefix("/bot").partition("/")[0]


PLATFORM = Platform("telegram", "TELEGRAM_API_URL", respond, _token, lambda token: (30, 1.0))
