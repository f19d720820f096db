"""MAX, Bot API: how many follow a channel or are in a group chat, now.

https://dev.max.ru/docs-api — the bot's token goes alone into the `Authorization` header; errors are `{"code",
"message"}` with a status of their own. The server's certificate is signed by a root that most systems do not trust:
whoever runs the portal adds it. `participants_count` is in the description of a chat; whether the bot has to be its
administrator for it is not written, so a number that is absent is a gap.
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
    Meaning,
    MetricAbility,
    MetricRetired,
    Permanent,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Sheet,
    Steps,
    Text,
    Transient,
    Visit,
    bearing,
    only_dicts,
    pasted_token,
)

CHATS_A_PAGE = 100

CHAT = re.compile(r"(?:https?://)?(?:www\.)?max\.ru/@?([A-Za-z][\w-]{2,63})/?(?:\?.*)?", re.ASCII)
NAME = re.compile(r"@?([A-Za-z][\w-]{2,63})", re.ASCII)
NUMBER = re.compile(r"-?[0-9]{3,19}", re.ASCII)

_UNKNOWN_BOT = _("MAX does not know this bot. Copy the token again on business.max.ru, in the bot's settings.")
_NO_CHAT = _("MAX knows no such channel, or the bot is not in it. Add the bot, then check the channel's address.")
_REMOVED = _("The bot was removed from the channel. Add it back.")
_NAME_IT = _("Write the channel's address, such as max.ru/coffee, or its number. An invitation link is not enough.")

STATES: dict[str, Text] = {
    "removed": _REMOVED,
    "left": _("The bot has left this channel. Add it back."),
    "closed": _("This channel is closed."),
}


class Max(Connector):
    """Followers of a channel or a group chat, once a day."""

    code = "max"
    name = "MAX"
    base_setting = "MAX_API_URL"
    capabilities = Capabilities(
        metrics=(MetricAbility("followers", "participants_count", only_now=True),),
        token_kinds=("bot",),
    )
    meanings = (
        Meaning(RateLimited, {429, "too.many.requests"}),
        Meaning(Reauthorise, {401, "verify.token", "deprecated.token"}, sentence=_UNKNOWN_BOT),
        Meaning(ScopeMissing, {403}, sentence=_REMOVED),
        Meaning(MetricRetired, {405}),
        Meaning(Permanent, {404, "chat.not.found"}, sentence=_NO_CHAT),
        Meaning(Permanent, {400}, sentence=_NAME_IT),
        Meaning(Transient),
    )
    fields = (
        Field(
            "token", _("Bot token"), _("On business.max.ru, in the settings of your bot. Add the bot to the channel.")
        ),
        Field(
            "channel",
            _("Channel"),
            _("Its address, such as max.ru/coffee, or its number. Leave empty to choose from the bot's chats."),
            secret=False,
            required=False,
        ),
    )

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        bot = yield from self._call(credentials, "/me")
        name = bot.get("username") or bot.get("first_name") or bot.get("name") or bot.get("user_id")
        if not name:
            raise Transient("an answer without a bot")
        return Identity(str(name), "bot")

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        if name := hint or credentials.get("channel", ""):
            return [_account((yield from self._call(credentials, f"/chats/{chat_name(name)}")))]
        accounts: dict[str, Account] = {}
        asked = {"count": str(CHATS_A_PAGE)}
        while True:
            page = yield from self._call(credentials, "/chats", None, **asked)
            found = [_account(chat) for chat in only_dicts(page.get("chats")) if chat.get("type") != "dialog"]
            accounts |= {account.external_id: account for account in found}
            marker = page.get("marker")
            if marker is None or str(marker) == asked.get("marker"):
                return list(accounts.values())
            asked["marker"] = str(marker)

    # --- Reading ---

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        try:
            chat = yield from self._call(visit.credentials, f"/chats/{visit.account.external_id}", visit.exchanges)
        except MetricRetired as refusal:
            return refusal
        shut = STATES.get(str(chat.get("status", "")))
        return ScopeMissing(str(chat["status"]), sentence=shut) if shut else None

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        if not self.expects(sheet, exchange, ["followers"], sheet.window):
            return
        chat = exchange.json()
        if str(chat.get("status", "")) in STATES:
            sheet.miss("followers", sheet.today, "not_permitted")  # what stands there is from before
        else:
            sheet.tell("followers", sheet.today, chat.get("participants_count"))

    # --- The wire ---

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        if exchange.status < 400 and not isinstance(body.get("code"), str) and body.get("success") is not False:
            return None
        status = exchange.status if exchange.status >= 400 else None
        return Complaint((status, body.get("code")), str(body.get("message") or ""), metric="followers")

    def _call(
        self, credentials: Credentials, path: str, exchanges: list[Exchange] | None = None, **params: str
    ) -> Steps[dict[str, Any]]:
        request = bearing(pasted_token(credentials), "GET", f"{self.base_url}{path}", scheme="", params=params)
        return (yield from self.fetch(request, exchanges))


def chat_name(text: str) -> str:
    """A chat's number or public name, from whatever a person pastes. Raises Permanent with a sentence."""
    text = text.strip()
    if NUMBER.fullmatch(text):
        return text
    found = CHAT.fullmatch(text) or NAME.fullmatch(text)
    if not found or found[1] == "join":
        raise Permanent("not a chat", sentence=_NAME_IT)
    return found[1]


def _account(chat: Mapping[str, Any]) -> Account:
    id, link = str(chat.get("chat_id", "")), str(chat.get("link") or "")
    refused = STATES.get(str(chat.get("status", "")), "")
    return Account(
        external_id=id,
        title=str(chat.get("title") or id),
        url=link if link.startswith("https://max.ru/") else "",
        refused_because=_("This is a conversation, not a channel.") if chat.get("type") == "dialog" else refused,
    )
