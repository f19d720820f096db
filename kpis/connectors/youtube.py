"""YouTube: what a channel has now from the Data API v3, and its days from the Analytics API v2.

https://developers.google.com/youtube/v3/docs/channels, https://developers.google.com/youtube/analytics. A plain API key
reads only what everybody sees. Days are California's; the last ones are absent until they are counted. Searching has a
small quota of its own, so nothing is searched for.

Unconfirmed: that followers are rounded to three digits (they are marked as approximate), what a call costs of the daily
quota (too much ends as a wait), and how late a day comes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import (
    Account,
    Capabilities,
    ConnectorError,
    Credentials,
    DailyUnits,
    Exchange,
    Field,
    Identity,
    Limits,
    Meaning,
    MetricAbility,
    MetricRetired,
    Permanent,
    Reauthorise,
    ScopeMissing,
    Sheet,
    Steps,
    Visit,
    Window,
    as_day,
    as_list,
    as_number,
    bearing,
    in_step,
    only_dicts,
    parts,
    pasted_token,
)
from kpis.connectors.filters import Condition, Filter
from kpis.connectors.google import ERRORS, OTHER_ERRORS, Google, google_consent, google_fields
from smmportal.http import Request

TIME_ZONE = "America/Los_Angeles"
CHANNELS_A_PAGE = 50
DAYS_A_REQUEST = 200
#: From so many on, YouTube rounds followers down to three digits.
ROUNDED_FROM = 1000

CHANNEL = re.compile(r"(?:(?:https?://)?(?:www\.|m\.)?youtube\.com/)?(?:channel/)?(@?[\w.·-]{3,60})/?(?:[/?].*)?")
ID = re.compile(r"UC[\w-]{22}", re.ASCII)
API_KEY = re.compile(r"[\w-]{8,200}", re.ASCII)

_NOTHING = _(
    "Paste a refresh token with its client ID and secret to read everything, or an API key with the channel's address "
    "to read only what everybody sees."
)
_NO_CHANNEL = _("YouTube knows no such channel. Check its address.")
_NAME_IT = _("Write the channel's address, such as youtube.com/@coffee.")
_NOT_OWNER = _("YouTube shows a channel's days only to its owner. Connect it with the owner's refresh token.")


def _now(code: str, native_name: str) -> MetricAbility:
    return MetricAbility(code, native_name, only_now=True, endpoint="/youtube/v3/channels")


def _daily(code: str, native_name: str) -> MetricAbility:
    # YouTube says that the last days are absent, not how many, nor for how long it recounts: three days are ours.
    return MetricAbility(code, native_name, lag_days=2, revision_days=3, token_kinds=("oauth",), endpoint="/v2/reports")


class YouTube(Google):
    """Followers, views and videos in all; by day with the owner's access."""

    code = "youtube"
    name = "YouTube"
    base_setting = "YOUTUBE_API_URL"
    meanings = (
        *ERRORS,
        Meaning(MetricRetired, {400}, asked="/v2/reports"),
        Meaning(ScopeMissing, {403}, asked="/v2/reports", sentence=_NOT_OWNER),
        *OTHER_ERRORS,
    )
    capabilities = Capabilities(
        metrics=(
            _now("followers", "subscriberCount"),
            _now("total_views", "viewCount"),
            _now("total_posts", "videoCount"),
            _daily("video_views", "views"),
            _daily("watch_time", "estimatedMinutesWatched"),
            _daily("follows", "subscribersGained"),
            _daily("unfollows", "subscribersLost"),
            _daily("likes", "likes"),
            _daily("comments", "comments"),
            _daily("shares", "shares"),
        ),
        token_kinds=("oauth", "key"),
    )
    #: What is dear is not called; it stands here so that it can't be called unnoticed.
    limits = Limits(daily=(DailyUnits(10_000, "client", TIME_ZONE, {"/search": 100, "/captions": 50}),))
    client_fields = ("client_id", "api_key")
    consent = google_consent("youtube.readonly", "yt-analytics.readonly")
    fields = (
        *google_fields(required=False),
        Field("api_key", _("API key"), _("Instead of the three above, if public numbers are enough."), required=False),
        Field(
            "channel",
            _("Channel"),
            _("Its address, such as youtube.com/@coffee. Needed only with an API key."),
            secret=False,
            required=False,
        ),
    )

    #: The two that Google's own description of `filters` shows; its language has no quoting, so values are codes.
    filters = (
        Filter(
            "country",
            "country",
            _("Country"),
            _("Two letters, such as RU or KZ."),
            pattern="[A-Z]{2}",
        ),
        Filter(
            "video",
            "video",
            _("Video"),
            _("The part of the video's address after v=, such as dMH0bHeiRNg."),
            pattern="[A-Za-z0-9_-]{11}",
        ),
    )

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        if _is_key(credentials):
            (account,) = yield from self._named(credentials, credentials.get("channel", ""))
            return Identity(account.title, "key")
        if not credentials.get("refresh_token"):
            raise Reauthorise("nothing to renew with", sentence=_NOTHING)
        renewed, scopes = yield from self.exchanged(credentials)
        owner = yield from self.whose(renewed.credentials)
        return replace(owner, scopes=scopes, expires_at=renewed.expires_at, credentials=renewed.credentials)

    def whose(self, credentials: Credentials) -> Steps[Identity]:
        page = yield from self._channels(credentials, mine="true", maxResults="1")
        return Identity(_title(next(iter(only_dicts(page.get("items"))), {})), "oauth")

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        if _is_key(credentials):
            return (yield from self._named(credentials, hint or credentials.get("channel", "")))
        accounts: dict[str, Account] = {}
        asked = {"mine": "true", "maxResults": str(CHANNELS_A_PAGE)}
        while True:
            page = yield from self._channels(credentials, None, **asked)
            accounts |= {account.external_id: account for account in map(_account, only_dicts(page.get("items")))}
            following = page.get("nextPageToken")
            if not following or following == asked.get("pageToken"):
                return list(accounts.values())
            asked["pageToken"] = str(following)

    def _named(self, credentials: Credentials, name: str) -> Steps[list[Account]]:
        page = yield from self._channels(credentials, None, **channel_named(name))
        found = [_account(channel) for channel in only_dicts(page.get("items"))]
        if not found:
            raise Permanent("no such channel", sentence=_NO_CHANNEL)
        return found[:1]

    def abilities(self, conditions: Sequence[Condition]) -> Capabilities:
        """Of a part only the days are told, not what the channel has now."""
        if not conditions:
            return self.capabilities
        return replace(self.capabilities, metrics=tuple(one for one in self.capabilities.metrics if not one.only_now))

    # --- Reading ---

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        told = self.abilities(visit.account.conditions)
        abilities = [told[metric] for metric in visit.metrics]
        if any(ability.only_now for ability in abilities):
            yield from self._channels(
                visit.credentials, visit.exchanges, part="statistics", id=visit.account.external_id
            )
        names = [ability.native_name for ability in abilities if not ability.only_now]
        if not names:
            return None
        if _is_key(visit.credentials):
            return ScopeMissing("an API key", sentence=_NOT_OWNER)
        return (yield from self.ask_days(visit, DAYS_A_REQUEST, names, self._ask_part))

    def _ask_part(self, visit: Visit, part: Window, names: Sequence[str]) -> Steps[Any]:
        report = bearing(
            pasted_token(visit.credentials),
            "GET",
            f"{settings.PLATFORMS['YOUTUBE_ANALYTICS_API_URL']}/v2/reports",
            params={
                "ids": f"channel=={visit.account.external_id}",
                "startDate": part.first.isoformat(),
                "endDate": part.last.isoformat(),
                "metrics": ",".join(names),
                "dimensions": "day",
                "sort": "day",
                "maxResults": str(DAYS_A_REQUEST),
                **self._filters(visit.account.conditions),
            },
        )
        yield from self.fetch(report, visit.exchanges)

    def _filters(self, conditions: Sequence[Condition]) -> dict[str, str]:
        parts = [f"{self.filter_of(one).field}=={one.value}" for one in conditions]
        return {"filters": ";".join(parts)} if parts else {}

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        if exchange.path.endswith("/channels"):
            self._note_now(sheet, exchange)
        elif exchange.path.endswith("/reports"):
            self._note_days(sheet, exchange)

    def _note_now(self, sheet: Sheet, exchange: Exchange) -> None:
        if "key" in exchange.asked:
            for metric in sheet.metrics:
                if not self.capabilities[metric].only_now:
                    sheet.expect(metric, sheet.window, "not_permitted")
        wanted = [metric for metric in sheet.metrics if self.capabilities[metric].only_now]
        if not self.expects(sheet, exchange, wanted, sheet.window):
            return
        told = [channel.get("statistics") for channel in only_dicts(exchange.json().get("items"))]
        for counts in only_dicts(told):
            for metric in wanted:
                value = counts.get(self.capabilities[metric].native_name)
                _note_count(sheet, metric, value, hides_followers=counts.get("hiddenSubscriberCount") is True)

    def _note_days(self, sheet: Sheet, exchange: Exchange) -> None:
        asked = exchange.asked.get("metrics", "").split(",")
        named = self.expects_named(sheet, exchange, asked, _asked_days(exchange))
        if not named:
            return
        for day, row in _rows(exchange.json()):
            for name in named.keys() & row.keys():
                sheet.tell(named[name], day, row[name])

    # --- The wire ---

    def _channels(
        self, credentials: Credentials, exchanges: list[Exchange] | None = None, **params: str
    ) -> Steps[dict[str, Any]]:
        return self.ask_data(credentials, "channels", exchanges, **{"part": "snippet", **params})

    def ask_data(
        self, credentials: Credentials, what: str, exchanges: list[Exchange] | None = None, **asked: str
    ) -> Steps[dict[str, Any]]:
        """One request to the Data API, with whatever access there is. Raises ConnectorError."""
        url = f"{self.base_url}/youtube/v3/{what}"
        if not _is_key(credentials):
            return (yield from self.fetch(bearing(pasted_token(credentials), "GET", url, params=asked), exchanges))
        key = credentials["api_key"].strip()
        if not API_KEY.fullmatch(key):
            raise Reauthorise("not a key", sentence=_("This is not an API key. Copy it whole from Google Cloud."))
        return (yield from self.fetch(Request("GET", url, params={**asked, "key": key}, secrets=(key,)), exchanges))


def _is_key(credentials: Credentials) -> bool:
    """Whether all we have is a plain API key."""
    return bool(credentials.get("api_key")) and not (credentials.get("token") or credentials.get("refresh_token"))


def channel_named(text: str) -> dict[str, str]:
    """The parameter that names a channel, from whatever a person pastes. Raises Permanent with a sentence."""
    found = CHANNEL.fullmatch(text.strip())
    if not found:
        raise Permanent("not a channel", sentence=_NAME_IT)
    return {"id": found[1]} if ID.fullmatch(found[1]) else {"forHandle": found[1]}


def _note_count(sheet: Sheet, metric: str, value: Any, *, hides_followers: bool) -> None:
    number = as_number(value)
    if metric == "followers" and hides_followers:
        sheet.miss(metric, sheet.today, "hidden")
    else:
        rounded = metric == "followers" and number is not None and number >= ROUNDED_FROM
        sheet.tell(metric, sheet.today, value, approximate=rounded)


def _rows(body: Mapping[str, Any]) -> list[tuple[date, dict[str, Any]]]:
    """Each row of the table with its day, its cells by the names of their columns."""
    names = [str(name or "") for name in parts(body.get("columnHeaders"), "name")]
    rows = [dict(in_step(names, row)) for row in as_list(body.get("rows"))]
    return [(day, row) for row in rows if (day := as_day(row.get("day")))]


def _asked_days(exchange: Exchange) -> Window:
    return Window(date.fromisoformat(exchange.asked["startDate"]), date.fromisoformat(exchange.asked["endDate"]))


def _title(channel: Mapping[str, Any]) -> str:
    snippet = channel.get("snippet")
    return str(snippet.get("title") or "") if isinstance(snippet, dict) else ""


def _account(channel: Mapping[str, Any]) -> Account:
    snippet = channel.get("snippet")
    id = str(channel.get("id", ""))
    return Account(
        external_id=id,
        title=_title(channel) or id,
        url=f"https://www.youtube.com/channel/{id}",
        timezone=TIME_ZONE,
        began_on=as_day(snippet.get("publishedAt")) if isinstance(snippet, dict) else None,
    )
