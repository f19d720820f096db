"""What Instagram and Facebook Pages have in common: Meta's Graph API, its errors, its pages and its insights.

Errors are `{"error": {"message", "type", "code", "error_subcode", "fbtrace_id"}}`. How much of the allowance is spent
stands in two headers, in per cent. A day of insights begins at midnight on the Pacific coast and is named by its end.

Unconfirmed: the subcodes 463 and 467, the codes 32 and 613, those of Business Use Case limits, and the minutes that the
headers promise; by any of them a number is at worst late.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from json import loads
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from kpis.connectors.consent import App, ByConsent, Consent, Place
from kpis.connectors.contract import (
    Account,
    BelowThreshold,
    Complaint,
    Credentials,
    Exchange,
    Gap,
    Identity,
    Limits,
    Meaning,
    MetricAbility,
    MetricRetired,
    Permanent,
    Quota,
    Rate,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Sheet,
    Steps,
    Text,
    Transient,
    Visit,
    Window,
    as_dict,
    as_number,
    bearing,
    only_dicts,
    pasted_token,
)

VERSION = "v25.0"
PROFILE = f"/{VERSION}/{{id}}"
INSIGHTS = f"{PROFILE}/insights"
TIME_ZONE = "America/Los_Angeles"
ACCOUNTS_A_PAGE = 100
MOST_PAGES = 100

ERRORS = (
    # The same code as of a lost permission, and nothing is lost.
    Meaning(BelowThreshold, {10}, words="not enough viewers"),
    Meaning(Transient, {1, 2}),
    Meaning(RateLimited, {4, 17, 32, 341, 613, *range(80000, 80015)}),
    Meaning(
        Reauthorise,
        {458},
        sentence=_("The person has removed the app from their Facebook account. Connect the source again."),
    ),
    Meaning(
        Reauthorise,
        {459},
        sentence=_(
            "Facebook wants the person who gave the access to confirm who they are. "
            "Ask them to sign in to Facebook, then connect the source again."
        ),
    ),
    Meaning(
        Reauthorise,
        {460},
        sentence=_("The password on Facebook was changed, so the access has ended. Connect the source again."),
    ),
    Meaning(
        Reauthorise,
        {190},
        words="cannot parse",
        sentence=_("This is not a token of Facebook Login. Copy it whole, or make a new one."),
    ),
    Meaning(Reauthorise, {102, 190, 463, 467}),
    Meaning(ScopeMissing, {10, *range(200, 300)}),
    Meaning(
        Permanent,
        {368},
        sentence=_("Meta has blocked this action for breaking its rules. Look into the account's Support Inbox."),
    ),
    Meaning(MetricRetired, {3001}, asked="/insights"),
    Meaning(MetricRetired, {100}, words="metric", asked="/insights"),
    Meaning(
        Permanent,
        {33, 803},
        sentence=_("Meta knows no such account, or this access does not open it. Choose the account again."),
    ),
)


def daily(code: str, native_name: str) -> MetricAbility:
    """A metric of insights by day: it may be two days late, and is recounted for about as long."""
    return MetricAbility(code, native_name, lag_days=2, revision_days=2, endpoint=INSIGHTS)


def in_profile(code: str, native_name: str) -> MetricAbility:
    """What an account's own description tells: its number at this moment."""
    return MetricAbility(code, native_name, only_now=True, endpoint=PROFILE)


def retired(code: str, native_name: str, retired_on: date | None = None, successor: str = "") -> MetricAbility:
    """A metric of insights that Meta gives no more."""
    return MetricAbility(code, native_name, endpoint=INSIGHTS, retired_on=retired_on, successor=successor)


def meta_consent(*scopes: str) -> Consent:
    """https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow — the first token serves for an
    hour, the one in exchange for it for about sixty days; after that the person is asked again."""
    return Consent(
        app="META",
        door="Facebook",
        page=Place("META_LOGIN_URL", f"/{VERSION}/dialog/oauth"),
        token=Place("META_API_URL", f"/{VERSION}/oauth/access_token"),
        revocation=Place("META_API_URL", f"/{VERSION}/me/permissions"),
        scopes=scopes,
        joint=",",
        extra={"auth_type": "rerequest"},
        sends="params",
        is_renewable=False,
        ends_all=True,
    )


class Graph(ByConsent):
    """A platform of Meta's, read with a token of Facebook Login."""

    base_setting = "META_API_URL"
    meanings = ERRORS
    default_wait = 3600
    # 200 calls an hour for each of an application's users; what Pages and accounts are allowed, the headers say.
    limits = Limits(rates=(Rate(200, 3600, at_once=60),))
    #: Without this permission there are no numbers; `lacking` says so.
    permission: ClassVar[str]
    lacking: ClassVar[Text]
    #: The fields that describe a Page where accounts are looked for.
    page_fields: ClassVar[str]
    #: Our metrics by the fields of the account itself that tell them as they are now.
    profile: ClassVar[Mapping[str, str]]
    #: The metrics that are told only from `capabilities.min_audience` on.
    hidden_from_few: ClassVar[frozenset[str]]

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        token = pasted_token(credentials)
        me = yield from self._me(token)
        kind = _kind(me)
        granted = (yield from self._granted(token)) if kind == "user" else ()
        if granted and self.permission not in granted:
            raise ScopeMissing(f"without {self.permission}", sentence=self.lacking)
        expires_at = yield from self._end_of(token)
        person = str(me.get("id") or "") if kind == "user" else ""
        return Identity(str(me.get("name") or me.get("id") or ""), kind, granted, expires_at, person=person)

    def lengthened(self, app: App, told: dict[str, Any]) -> Steps[dict[str, Any]]:
        short = str(told.get("access_token") or "")
        parts = {"grant_type": "fb_exchange_token", "fb_exchange_token": short}
        return (yield from self.ask_grant(self.consent.token, app, parts, short))

    def ask_revocation(self, place: Place, app: App, credentials: Credentials) -> Steps[Any]:
        """All permissions of the person at once: https://developers.facebook.com/docs/facebook-login/permissions"""
        return self.fetch(bearing(pasted_token(credentials), "DELETE", place.url))

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        token = pasted_token(credentials)
        if _kind((yield from self._me(token))) == "page":
            pages = [(yield from self._get(token, "me", fields=self.page_fields))]
        else:
            pages = yield from self._list(token, "me/accounts", fields=f"{self.page_fields},tasks")
        accounts = {account.external_id: account for account in map(self.account_of, pages)}
        return [account for account in accounts.values() if account.matches(hint)]

    @abstractmethod
    def account_of(self, page: Mapping[str, Any]) -> Account:
        """What is read, out of a Page."""

    def _me(self, token: str) -> Steps[dict[str, Any]]:
        return self._get(token, "me", fields="id,name", metadata="1")

    def _granted(self, token: str) -> Steps[tuple[str, ...]]:
        permissions = yield from self._list(token, "me/permissions")
        return tuple(str(one.get("permission")) for one in permissions if one.get("status") == "granted")

    def _end_of(self, token: str) -> Steps[datetime | None]:
        """When the token runs out, where Meta tells a token about itself."""
        try:
            told = yield from self._get(token, "debug_token", input_token=token)
        except (ScopeMissing, Permanent):
            return None
        data = told.get("data")
        moment = as_number(data.get("expires_at")) if isinstance(data, dict) else None
        return datetime.fromtimestamp(int(moment), UTC) if moment and moment < 1 << 34 else None

    # --- Reading ---

    def ask_insights(
        self, token: str, params: Mapping[str, str], visit: Visit, part: Window, names: Sequence[str]
    ) -> Steps[Any]:
        """Ask for the insights of these days."""
        since, until = visit.account.midnight(part.first), visit.account.midnight(part.last + timedelta(days=1))
        # A day of a series is named by its end, which must be inside; a total must not touch the next day.
        inside = until - 1 if "metric_type" in params else until
        path = f"{visit.account.external_id}/insights"
        asked = {"metric": ",".join(names), "period": "day", "since": str(since), "until": str(inside)}
        return self._get(token, path, visit.exchanges, **asked, **params)

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        if exchange.path.endswith("/insights"):
            self._note_insights(sheet, exchange)
        else:
            self._note_profile(sheet, exchange)

    def _note_profile(self, sheet: Sheet, exchange: Exchange) -> None:
        fields = exchange.asked.get("fields", "").split(",")
        if not self.judge(exchange):
            sheet.kept["audience"] = as_number(exchange.json().get("followers_count"))
        for metric, name in self.profile.items():
            days = sheet.window if self.capabilities[metric].only_now else [sheet.today]
            if name in fields and self.expects(sheet, exchange, [metric], days):
                sheet.tell(metric, sheet.today, exchange.json().get(name))

    def _note_insights(self, sheet: Sheet, exchange: Exchange) -> None:
        names = exchange.asked.get("metric", "").split(",")
        # After a missing right no other insight is asked.
        forbidden = isinstance(self.judge(exchange), ScopeMissing)
        asked = [one for one in self.insights(sheet.metrics) if forbidden or self.insight(one)[0] in names]
        days = _asked_days(exchange, sheet)
        if not self.expects(sheet, exchange, asked, days, alone=len(names) == 1):
            return
        for row in only_dicts(exchange.json().get("data")):
            for metric in asked:
                name, part = self.insight(metric)
                if row.get("name") == name:
                    for day, value in _values(row, part, sheet.account, days):
                        sheet.tell(metric, day, value)

    def insights(self, metrics: Iterable[str]) -> list[str]:
        """Those of the metrics that insights tell."""
        return [metric for metric in metrics if not self.capabilities[metric].only_now]

    def insight(self, metric: str) -> tuple[str, str]:
        """The name of the insight that tells a metric, and of the part of it when it is broken down."""
        name, _dot, part = self.capabilities[metric].native_name.partition(".")
        return name, part

    def complete(self, sheet: Sheet) -> None:
        """Meta hides a small audience's numbers by saying nothing."""
        audience = sheet.kept.get("audience")
        if audience is None or audience >= self.capabilities.min_audience:
            return
        for (metric, day), cell in list(sheet.cells.items()):
            if metric in self.hidden_from_few and isinstance(cell, Gap) and cell.reason == "not_given":
                sheet.miss(metric, day, "below_threshold")

    # --- Errors and the allowance ---

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        if "error" not in body:
            return None
        error = body["error"] if isinstance(body["error"], dict) else {"code": 2, "message": body["error"]}
        words = f"{error.get('message') or ''} (fbtrace_id {error.get('fbtrace_id') or '?'})"
        codes = error.get("code"), error.get("error_subcode")
        return Complaint(codes, words, metric=exchange.asked.get("metric", ""))

    def quota_in(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        """The busiest of all the allowances that this request counts towards, in per cent."""
        usages = [*_usages(headers.get("x-app-usage")), *_usages(headers.get("x-business-use-case-usage"))]
        spent = [most for usage in usages if (most := _most(usage, "call_count", "total_time", "total_cputime"))]
        if not spent:
            return None
        minutes = max(_most(usage, "estimated_time_to_regain_access") for usage in usages)
        return Quota(100, max(0, 100 - max(spent)), now + timedelta(minutes=minutes) if minutes else None)

    # --- The wire ---

    def _get(self, token: str, path: str, exchanges: list[Exchange] | None = None, **params: str) -> Steps[Any]:
        request = bearing(token, "GET", f"{self.base_url}/{VERSION}/{path}", params=params)
        return (yield from self.fetch(request, exchanges))

    def _list(self, token: str, path: str, **params: str) -> Steps[list[dict[str, Any]]]:
        """All pages of a list, by the cursor to what comes after."""
        found: list[dict[str, Any]] = []
        asked = {**params, "limit": str(ACCOUNTS_A_PAGE)}
        for _number in range(MOST_PAGES):
            page = yield from self._get(token, path, None, **asked)
            found += only_dicts(page.get("data"))
            paging = as_dict(page.get("paging"))
            cursor = as_dict(paging.get("cursors")).get("after")
            if not paging.get("next") or not cursor or cursor == asked.get("after"):
                break
            asked["after"] = str(cursor)
        return found


def _kind(me: Mapping[str, Any]) -> str:
    metadata = me.get("metadata")
    return "page" if isinstance(metadata, dict) and metadata.get("type") == "page" else "user"


def _asked_days(exchange: Exchange, sheet: Sheet) -> Window:
    """The days between the moments that were asked for."""
    first, last = (
        datetime.fromtimestamp(moment, UTC).astimezone(sheet.account.zone).date()
        for moment in (int(exchange.asked["since"]), int(exchange.asked["until"]) - 1)
    )
    return Window(first, last)


def _values(row: Mapping[str, Any], part: str, account: Account, days: Iterable[date]) -> Iterator[tuple[date, Any]]:
    """The numbers of one insight by day: a series names its days, a total is of the one day that was asked for."""
    if isinstance(total := row.get("total_value"), dict):
        asked = list(days)
        if len(asked) == 1:
            yield asked[0], _part(total, part) if part else total.get("value")
        return
    for value in only_dicts(row.get("values")):
        if day := _day(value.get("end_time"), account):
            yield day, value.get("value")


def _part(total: Mapping[str, Any], part: str) -> Any:
    """One part of a total that was broken down along one dimension."""
    for breakdown in only_dicts(total.get("breakdowns")):
        for result in only_dicts(breakdown.get("results")):
            if result.get("dimension_values") == [part]:
                return result.get("value")
    return None


def _day(end_time: Any, account: Account) -> date | None:
    """The day that ends at this moment: the one that holds its noon, so that an hour more or less is the same day."""
    try:
        end = datetime.fromisoformat(str(end_time))
    except ValueError:
        return None
    return (end - timedelta(hours=12)).astimezone(account.zone).date() if end.tzinfo else None


def _usages(header: str | None) -> list[dict[str, Any]]:
    """The allowances told in a header: one object, or by id the lists of several."""
    try:
        told = loads(header or "{}")
    except ValueError:
        return []
    if not isinstance(told, dict):
        return []
    rows = [row for rows in told.values() for row in only_dicts(rows)]
    return rows or [told]


def _most(usage: Mapping[str, Any], *names: str) -> int:
    return max(int(as_number(usage.get(name)) or 0) for name in names)
