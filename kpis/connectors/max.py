"""MAX, Bot API: how many follow a channel or are in a group chat, now.

https://dev.max.ru/docs-api — the bot's token goes alone into the `Authorization` header; errors are `{"code",
"message"}` with a status of their own. The server's certificate is signed by a root that most systems do not trust:
whoever runs the portal adds it. Since June 2026 no method lists the chats that a bot is in, and a chat is described to
who knows its number; its public name is no longer in the description of the API, so that it may be refused.
Unconfirmed: whether the bot has to be the channel's administrator for `participants_count`, so a number that is absent
is a gap.
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
    Text,
    Transient,
    Visit,
    bearing,
    pasted_token,
)

CHAT = re.compile(r"(?:https?://)?(?:www\.|web\.)?max\.ru/@?([A-Za-z][\w-]{2,63}|-[0-9]{3,19})/?(?:[?#].*)?", re.ASCII)
NAME = re.compile(r"@?([A-Za-z][\w-]{2,63})", re.ASCII)
NUMBER = re.compile(r"-?[0-9]{3,19}", re.ASCII)

_UNKNOWN_BOT = _("MAX does not know this bot. Copy the token again on business.max.ru, in the bot's settings.")
_NO_CHAT = _(
    "MAX knows no such channel, or the bot is not in it. Add the bot, then write the channel's number: its address on "
    "web.max.ru ends with it."
)
_REMOVED = _("The bot was removed from the channel. Add it back.")
_NAME_IT = _(
    "Write the channel's number, such as -71234567890123: its address on web.max.ru ends with it. "
    "An invitation link is not enough."
)

STATES: dict[str, Text] = {
    "removed": _REMOVED,
    "left": _("The bot has left this channel. Add it back."),
    "closed": _("This channel is closed."),
    "suspended": _("The bot is stopped in this channel. Start it again."),
}


class Max(Connector):
    """Followers of a channel or a group chat, once a day."""

    code = "max"
    name = "MAX"
    base_setting = "MAX_API_URL"
    capabilities = Capabilities(
        metrics=(MetricAbility("followers", "participants_count", only_now=True, endpoint="/chats/{id}"),),
        token_kinds=("bot",),
    )
    limits = Limits(rates=(Rate(30),))
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
            _("Its number, such as -71234567890123, or its address on web.max.ru, which ends with the number."),
            secret=False,
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
        name = chat_name(hint or credentials.get("channel", ""))
        return [_account((yield from self._call(credentials, f"/chats/{name}")))]

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
        self, credentials: Credentials, path: str, exchanges: list[Exchange] | None = None
    ) -> Steps[dict[str, Any]]:
        request = bearing(pasted_token(credentials), "GET", f"{self.base_url}{path}", scheme="")
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
