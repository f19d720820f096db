"""TikTok, by its two doors.

The Display API tells what there is in all, now, to any creator: https://developers.tiktok.com/doc/tiktok-api-v2-overview.
The Business (Accounts) API tells days, to a business account, and hides its errors in HTTP 200 as a `code` that is not
zero. Access of either serves for a day, and is renewed where the application's key and secret are known.

Unconfirmed: how the list of videos is paged (an odd page leaves no sum), the Business API's fields by day (a wrong one
ends as retired) and how late a day comes, and the numbers of its errors (one in no table ends as a refusal).
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from json import dumps, loads
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from kpis.connectors.consent import ByConsent, Consent, Place
from kpis.connectors.contract import (
    Account,
    Capabilities,
    Complaint,
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
    Renewed,
    ScopeMissing,
    Sheet,
    Steps,
    Text,
    Transient,
    Visit,
    Window,
    as_day,
    as_list,
    as_number,
    bearing,
    only_dicts,
    pasted_token,
    renewed,
)
from smmportal.http import Request

VIDEOS_A_PAGE = 20
MOST_PAGES = 150
#: The Business API keeps sixty days.
DAYS_KEPT = 60
INFO, VIDEOS, TOKEN = "/v2/user/info/", "/v2/video/list/", "/v2/oauth/token/"
BUSINESS, BUSINESS_OAUTH = "/open_api/v1.3/business/get/", "/open_api/v1.3/tt_user/oauth2"
BUSINESS_TOKEN = f"{BUSINESS_OAUTH}/refresh_token/"

_REFRESH_REFUSED = _("TikTok no longer accepts the refresh token. Connect the source again with fresh ones.")
_LACKING = _(
    "TikTok was not asked for the right to tell these numbers. "
    "Give the access again with the permissions user.info.basic, user.info.stats and video.list."
)

#: https://developers.tiktok.com/doc/tiktok-api-v2-error-handling
ERRORS = (
    Meaning(RateLimited, {"rate_limit_exceeded"}),
    Meaning(Reauthorise, {"access_token_invalid"}),
    Meaning(ScopeMissing, {"scope_not_authorized", "scope_permission_missed"}, sentence=_LACKING),
    Meaning(MetricRetired, {"invalid_params"}, asked=INFO),
    Meaning(MetricRetired, {"invalid_params"}, words="field", asked=VIDEOS),
    Meaning(Transient, {"internal_error", "server_error", "temporarily_unavailable"}),
    Meaning(Reauthorise, asked=TOKEN, sentence=_REFRESH_REFUSED),
)

#: https://business-api.tiktok.com/portal/docs — return codes.
BUSINESS_ERRORS = (
    Meaning(RateLimited, {40016, 40100, 40133}),
    Meaning(Reauthorise, {40102, 40103, 40104, 40105, 40107}),
    Meaning(Reauthorise, {40001, 40002, 40110}, asked=BUSINESS_TOKEN, sentence=_REFRESH_REFUSED),
    Meaning(Reauthorise, {40110}, asked=f"{BUSINESS_OAUTH}/token/"),
    Meaning(
        ScopeMissing,
        {40001, 40118},
        sentence=_(
            "TikTok does not open this business account to the access. "
            "Check the business ID, or let the owner of the account give the access again."
        ),
    ),
    Meaning(MetricRetired, {40002}, words="fields", asked=BUSINESS),
    Meaning(Permanent, {40007}, sentence=_("TikTok knows no such business account. Check its ID.")),
    Meaning(Transient, {50000, 50002}),
)


def _pasted(token_help: Text, *more: Field) -> tuple[Field, ...]:
    """What a person pastes: the access, and what it is renewed with."""
    return (
        Field("token", _("Access token"), token_help),
        *more,
        Field(
            "refresh_token",
            _("Refresh token"),
            _("TikTok's access serves for a day. With these three fields filled in the portal renews it by itself."),
            required=False,
        ),
        Field("client_key", _("Client key"), _("Of your application at TikTok."), secret=False, required=False),
        Field("client_secret", _("Client secret"), _("Of the same application."), required=False),
    )


class OfTikTok(ByConsent):
    """What both doors have in common: access that is renewed, and one account an access."""

    token_kind: ClassVar[str]
    # 600 a minute for each address, in a sliding window; all addresses together are held to it.
    limits = Limits(rates=(Rate(600, 60, per="client", at_once=60),))
    client_fields = ("client_key",)

    def check(self, credentials: Credentials) -> Steps[Identity]:
        pasted_token(credentials)
        fresh = yield from self.renew(credentials)
        owner = yield from self.whose(fresh.credentials if fresh else credentials)
        return replace(owner, expires_at=fresh.expires_at, credentials=fresh.credentials) if fresh else owner

    def whose(self, credentials: Credentials) -> Steps[Identity]:
        account = yield from self.own_account(credentials)
        return Identity(account.title or account.external_id, self.token_kind, person=account.external_id)

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        account = yield from self.own_account(credentials)
        return [account] if account.matches(hint) else []

    @abstractmethod
    def own_account(self, credentials: Credentials) -> Steps[Account]:
        """The one account that the access opens."""

    def renew_pasted(self, credentials: Credentials) -> Steps[Renewed | None]:
        asked = [credentials.get(name, "").strip() for name in ("refresh_token", "client_key", "client_secret")]
        if not all(asked):
            return None
        body = yield from self.fetch(self.renewal(*asked))
        return renewed(credentials, _data(body) or body)

    @abstractmethod
    def renewal(self, refresh_token: str, key: str, secret: str) -> Request:
        """The request for fresh access."""


def _daily(code: str, native_name: str) -> MetricAbility:
    return MetricAbility(code, native_name, lag_days=2, revision_days=2, endpoint=BUSINESS)


class TikTok(OfTikTok):
    """Followers, likes, videos and views in all, once a day."""

    code = "tiktok"
    name = "TikTok"
    base_setting = "TIKTOK_API_URL"
    meanings = ERRORS
    token_kind = "creator"  # noqa: S105 - a kind, not a secret
    capabilities = Capabilities(
        metrics=(
            MetricAbility("followers", "follower_count", only_now=True, endpoint=INFO),
            MetricAbility("total_likes", "likes_count", only_now=True, endpoint=INFO),
            MetricAbility("total_posts", "video_count", only_now=True, endpoint=INFO),
            MetricAbility("total_views", "view_count", only_now=True, endpoint=VIDEOS),
        ),
        token_kinds=("creator",),
    )
    #: https://developers.tiktok.com/doc/login-kit-web — PKCE is for its apps on desks and phones only.
    consent = Consent(
        app="TIKTOK",
        door="TikTok",
        page=Place("TIKTOK_LOGIN_URL", "/v2/auth/authorize/"),
        token=Place("TIKTOK_API_URL", TOKEN),
        revocation=Place("TIKTOK_API_URL", "/v2/oauth/revoke/"),
        scopes=("user.info.basic", "user.info.stats", "video.list"),
        joint=",",
        client_name="client_key",
    )
    fields = _pasted(
        _(
            "A token of the account's owner from TikTok Login, with the permissions user.info.basic, user.info.stats "
            "and video.list."
        )
    )

    def own_account(self, credentials: Credentials) -> Steps[Account]:
        body = yield from self.fetch(self._info(credentials, ["open_id", "display_name"]))
        user = _data(body, "user")
        return Account(str(user.get("open_id") or ""), str(user.get("display_name") or ""))

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        names = [self.capabilities[metric].native_name for metric in visit.metrics]
        refusal = None
        if counts := [name for name in names if name != "view_count"]:
            refusal = yield from self.ask_days(visit, len(list(visit.window)), counts, self._ask_counts)
        if "view_count" in names and not isinstance(refusal, ScopeMissing):
            refused = yield from self.ask_days(visit, len(list(visit.window)), ["view_count"], self._ask_videos)
            refusal = refusal or refused
        return refusal

    def _ask_counts(self, visit: Visit, part: Window, names: Sequence[str]) -> Steps[Any]:
        return self.fetch(self._info(visit.credentials, ["open_id", *names]), visit.exchanges)

    def _ask_videos(self, visit: Visit, part: Window, names: Sequence[str]) -> Steps[None]:
        """All videos, page by page; there may be more than we turn."""
        sent: dict[str, Any] = {"max_count": VIDEOS_A_PAGE}
        for _number in range(MOST_PAGES):
            token = pasted_token(visit.credentials)
            asked = {"fields": ",".join(["id", *names])}
            request = bearing(token, "POST", f"{self.base_url}{VIDEOS}", params=asked, json=sent)
            page = _data((yield from self.fetch(request, visit.exchanges)))
            if page.get("has_more") is not True or page.get("cursor") in (None, sent.get("cursor")):
                return
            sent = {**sent, "cursor": page["cursor"]}

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        asked = exchange.asked.get("fields", "").split(",")
        metrics = [metric for metric in sheet.metrics if self.capabilities[metric].native_name in asked]
        # The first field says whose, and is there in every request.
        if not self.expects(sheet, exchange, metrics, sheet.window, alone=len(asked) == 2):
            return
        if exchange.path.endswith(VIDEOS):
            self._keep_page(sheet.kept, exchange)
        else:
            user = _data(exchange.json(), "user")
            for metric in metrics:
                sheet.tell(metric, sheet.today, user.get(self.capabilities[metric].native_name))

    def _keep_page(self, kept: dict[str, Any], exchange: Exchange) -> None:
        page = _data(exchange.json())
        videos = kept.setdefault("videos", {})
        kept["is_last"] = page.get("has_more") is False
        # A page that tells no videos, and is not the last, has lost them.
        for video in as_list(page.get("videos")) or ([] if kept["is_last"] else [None]):
            id, count = (video.get("id"), video.get("view_count")) if isinstance(video, dict) else (None, None)
            videos[str(id or "")] = as_number(count) if id else None

    def complete(self, sheet: Sheet) -> None:
        """Views in all are the sum over every video; of a part of the pages there is no sum."""
        views = list(sheet.kept.get("videos", {}).values())
        if views and None not in views and sheet.kept["is_last"]:
            sheet.tell("total_views", sheet.today, int(sum(views)))

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        error = body.get("error")
        if isinstance(error, str):
            return Complaint((error,), str(body.get("error_description") or ""))
        if not isinstance(error, dict) or error.get("code") == "ok":
            return None
        *_whose, metric = exchange.asked.get("fields", "").split(",")
        return Complaint(
            (error.get("code"),), f"{error.get('message') or ''} {error.get('log_id') or ''}", metric=metric
        )

    def renewal(self, refresh_token: str, key: str, secret: str) -> Request:
        form = {
            "client_key": key,
            "client_secret": secret,
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
        }
        return Request("POST", f"{self.base_url}{TOKEN}", form=form, secrets=(refresh_token, secret))

    def _info(self, credentials: Credentials, names: Sequence[str]) -> Request:
        url = f"{self.base_url}{INFO}"
        return bearing(pasted_token(credentials), "GET", url, params={"fields": ",".join(names)})


class TikTokBusiness(OfTikTok):
    """Followers, reach, views and reactions of a business account, by day."""

    code = "tiktok_business"
    name = "TikTok Business"
    base_setting = "TIKTOK_BUSINESS_API_URL"
    meanings = BUSINESS_ERRORS
    token_kind = "business"  # noqa: S105 - a kind, not a secret
    capabilities = Capabilities(
        metrics=(
            # «daily_total_followers» is not this: it is the day's growth.
            _daily("followers", "followers_count"),
            _daily("follows", "daily_new_followers"),
            _daily("unfollows", "daily_lost_followers"),
            _daily("reach", "unique_video_views"),
            _daily("video_views", "video_views"),
            _daily("likes", "likes"),
            _daily("comments", "comments"),
            _daily("shares", "shares"),
            _daily("clicks", "bio_link_clicks"),
            MetricAbility("total_likes", "total_likes", only_now=True, endpoint=BUSINESS),
            MetricAbility("total_posts", "videos_count", only_now=True, endpoint=BUSINESS),
        ),
        history_days=DAYS_KEPT,
        min_audience=100,
        token_kinds=("business",),
    )
    #: The Accounts API: https://business-api.tiktok.com/portal/docs — «tt_user/oauth2».
    consent = Consent(
        app="TIKTOK_BUSINESS",
        door="TikTok",
        page=Place("TIKTOK_LOGIN_URL", "/v2/auth/authorize/"),
        token=Place("TIKTOK_BUSINESS_API_URL", f"{BUSINESS_OAUTH}/token/"),
        renewal=Place("TIKTOK_BUSINESS_API_URL", BUSINESS_TOKEN),
        revocation=Place("TIKTOK_BUSINESS_API_URL", f"{BUSINESS_OAUTH}/revoke/"),
        revoked_by="access_token",
        scopes=("user.info.basic", "user.info.username", "user.info.stats", "user.insights", "video.list"),
        joint=",",
        sends="json",
        page_client_name="client_key",
        code_name="auth_code",
    )
    fields = _pasted(
        _("A token of the account's owner for your application in TikTok for Business."),
        Field(
            "business_id",
            _("Business ID"),
            _("The account's open_id, which TikTok gives together with the token."),
            secret=False,
        ),
    )

    def own_account(self, credentials: Credentials) -> Steps[Account]:
        id = credentials.get("business_id", "").strip()
        if not id:
            raise Permanent("no business ID", sentence=_("Write the account's business ID."))
        told = yield from self._get(credentials, id, ["username", "display_name"])
        username = str(told.get("username") or "")
        return Account(
            external_id=id,
            title=str(told.get("display_name") or username),
            url=f"https://www.tiktok.com/@{username}" if username else "",
            timezone="UTC",
        )

    def inside(self, body: dict[str, Any]) -> dict[str, Any]:
        return _data(body)

    def kept_of(self, told: Mapping[str, Any]) -> dict[str, str]:
        return {"business_id": str(told.get("open_id") or "")}

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        names = [self.capabilities[metric].native_name for metric in visit.metrics]
        return (yield from self.ask_days(visit, DAYS_KEPT + 1, names, self._ask_part))

    def _ask_part(self, visit: Visit, part: Window, names: Sequence[str]) -> Steps[Any]:
        over = visit.finished(part)
        days = {"start_date": over.first.isoformat(), "end_date": over.last.isoformat()}
        return self._get(visit.credentials, visit.account.external_id, names, visit.exchanges, **days)

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        asked = loads(exchange.asked["fields"])
        metrics = [metric for metric in sheet.metrics if self.capabilities[metric].native_name in asked]
        first, last = (date.fromisoformat(exchange.asked[name]) for name in ("start_date", "end_date"))
        days = [*Window(first, last), sheet.today]
        now_only = [metric for metric in metrics if self.capabilities[metric].only_now]
        by_day = [metric for metric in metrics if metric not in now_only]
        alone = len(asked) == 1
        answered = self.expects(sheet, exchange, now_only, sheet.window, alone=alone)
        if not self.expects(sheet, exchange, by_day, days, alone=alone) or not answered:
            return
        told = _data(exchange.json())
        for metric in [*now_only, *(one for one in by_day if one == "followers")]:
            sheet.tell(metric, sheet.today, told.get(self.capabilities[metric].native_name))
        for row in only_dicts(told.get("metrics")):
            for metric in by_day:
                if day := as_day(row.get("date")):
                    sheet.tell(metric, day, row.get(self.capabilities[metric].native_name))

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        if body.get("code") == 0:
            return None
        words = f"{body.get('message') or ''} {body.get('request_id') or ''}"
        names = loads(exchange.asked.get("fields", "[]"))
        return Complaint((body.get("code", exchange.status),), words, metric=",".join(names))

    def renewal(self, refresh_token: str, key: str, secret: str) -> Request:
        sent = {
            "client_id": key,
            "client_secret": secret,
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
        }
        return Request("POST", f"{self.base_url}{BUSINESS_TOKEN}", json=sent, secrets=(refresh_token, secret))

    def _get(
        self,
        credentials: Credentials,
        id: str,
        names: Sequence[str],
        exchanges: list[Exchange] | None = None,
        **days: str,
    ) -> Steps[dict[str, Any]]:
        token = pasted_token(credentials)
        asked = {"business_id": id, "fields": dumps(names), **days}
        url = f"{self.base_url}{BUSINESS}"
        request = Request("GET", url, params=asked, headers={"Access-Token": token}, secrets=(token,))
        return _data((yield from self.fetch(request, exchanges)))


def _data(body: Any, name: str = "") -> dict[str, Any]:
    """What an answer holds, or one object in it; an empty one when it is not there."""
    data = body.get("data")
    if isinstance(data, dict) and name:
        data = data.get(name)
    return data if isinstance(data, dict) else {}
