"""Telegram, Bot API: how many follow a channel, now. It tells neither views nor reach nor the past.

https://core.telegram.org/bots/api — the token is a part of every address, so every request masks it.

Unconfirmed: which codes a lost channel and a lost bot have; a code that is in no table is taken for passing trouble.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import (
    Account,
    Capabilities,
    Complaint,
    Connector,
    ConnectorError,
    Credentials,
    Exchange,
    Field,
    Identity,
    Limits,
    Meaning,
    MetricAbility,
    MetricRetired,
    Permanent,
    Rate,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Sheet,
    Steps,
    Transient,
    Visit,
    as_seconds,
)
from smmportal.http import Request

TOKEN = re.compile(r"[A-Za-z0-9:_-]{8,200}")
CHANNEL = re.compile(r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me)/(?:s/)?([A-Za-z]\w{3,31})/?(?:\?.*)?")
NAME = re.compile(r"@?([A-Za-z]\w{3,31})", re.ASCII)
NUMBER = re.compile(r"-?[0-9]{5,20}")
READABLE = frozenset({"channel", "supergroup", "group"})

_UNKNOWN_BOT = _("Telegram does not know this bot. Paste a fresh token from @BotFather.")
_REMOVED = _("The bot was removed from the channel. Add it back as a member.")
_NO_CHANNEL = _("Telegram knows no such channel. Check its name; the bot must be a member of a private one.")
_UNCLEAR = _("Telegram did not understand the request. Check the channel's name.")


class Telegram(Connector):
    """Followers of a channel or a group, once a day."""

    code = "telegram"
    name = "Telegram"
    base_setting = "TELEGRAM_API_URL"
    capabilities = Capabilities(
        metrics=(
            MetricAbility("followers", "getChatMemberCount", only_now=True, endpoint="/bot{token}/getChatMemberCount"),
        ),
        token_kinds=("bot",),
    )
    meanings = (
        Meaning(RateLimited, {429}),
        Meaning(MetricRetired, {404}, words="method"),
        Meaning(Reauthorise, {401, 404}, sentence=_UNKNOWN_BOT),
        Meaning(ScopeMissing, {403}, sentence=_REMOVED),
        Meaning(Permanent, {400}, words="not found", sentence=_NO_CHANNEL),
        Meaning(Permanent, {400}, sentence=_UNCLEAR),
        Meaning(Transient),
    )
    limits = Limits(rates=(Rate(30),))
    fields = (
        Field(
            "token",
            _("Bot token"),
            _("Write to @BotFather in Telegram, create a bot, and paste the token that it gives you."),
        ),
        Field(
            "channel",
            _("Channel"),
            _("The channel's public name, such as @coffee, or its address. For a private one, add the bot to it."),
            secret=False,
        ),
    )

    def check(self, credentials: Credentials) -> Steps[Identity]:
        bot = yield from self._call(credentials, "getMe")
        return Identity(login=f"@{bot.get('username', '')}", token_kind="bot")  # noqa: S106 - a kind, not a secret

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        name = channel_name(hint or credentials.get("channel", ""))
        chat = yield from self._call(credentials, "getChat", chat_id=name)
        handle = chat.get("username", "")
        return [
            Account(
                external_id=f"@{handle}" if handle else str(chat.get("id", name)),
                title=chat.get("title") or name,
                url=f"https://t.me/{handle}" if handle else "",
                refused_because="" if str(chat.get("type")) in READABLE else _("This is a person, not a channel."),
            )
        ]

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        try:
            yield from self._call(
                visit.credentials, "getChatMemberCount", visit.exchanges, chat_id=visit.account.external_id
            )
        except MetricRetired as refusal:
            return refusal
        return None

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        if self.expects(sheet, exchange, ["followers"], sheet.window):
            sheet.tell("followers", sheet.today, exchange.json().get("result"))

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        if body.get("ok") is True:
            return None
        parameters = body.get("parameters")
        wait = as_seconds(parameters.get("retry_after")) if isinstance(parameters, dict) else None
        code = body.get("error_code", exchange.status)
        return Complaint((code,), str(body.get("description") or ""), wait, metric="followers")

    def _call(
        self, credentials: Credentials, method: str, exchanges: list[Exchange] | None = None, **params: str
    ) -> Steps[Any]:
        token = credentials.get("token", "").strip()
        if not TOKEN.fullmatch(token):
            raise Reauthorise("not a token", sentence=_("This is not a bot token. Copy it whole from @BotFather."))
        url = f"{self.base_url}/bot{token}/{method}"
        body = yield from self.fetch(Request("GET", url, params=params, secrets=(token,)), exchanges)
        return body.get("result") if exchanges is not None else _told(body)


def channel_name(text: str) -> str:
    """`@name` or a numeric id, from whatever a person pastes. Raises Permanent with a sentence."""
    text = text.strip()
    if NUMBER.fullmatch(text):
        return text
    if found := CHANNEL.fullmatch(text) or NAME.fullmatch(text):
        return f"@{found[1]}"
    raise Permanent(
        "not a channel name",
        sentence=_(
            "This is not a channel's public name. Write it as @name; an invitation link is not enough, "
            "a private channel is named by its number (-100…)."
        ),
    )


def _told(body: dict[str, Any]) -> dict[str, Any]:
    result = body.get("result")
    if not isinstance(result, dict):
        raise Transient("an answer without a result")
    return result
