"""Yandex Metrika: what people do on the site, by day.

https://yandex.ru/dev/metrika/ru/stat/ — errors come as `{"errors": [{"error_type", "message"}], "code", "message"}`;
a quota is HTTP 429 in the Russian documentation and 420 in the English one, so both are.

Unconfirmed: the names of the metrics but visits, visitors and page views (a wrong one ends as retired), what `sampled`
and `contains_sensitive_data` look like (without them a number is exact and a gap has no better reason), and for how
long a day is recounted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from kpis.connectors.consent import ByConsent, Consent, Place
from kpis.connectors.contract import (
    Account,
    Capabilities,
    Complaint,
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
    Parallel,
    Permanent,
    Rate,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Sheet,
    Steps,
    Transient,
    Visit,
    Window,
    as_day,
    as_list,
    as_number,
    bearing,
    in_step,
    only_dicts,
    pasted_token,
)
from kpis.connectors.filters import CONTAINS, IS, Choice, Condition, Filter

COUNTERS_A_PAGE = 100
DAYS_A_REQUEST = 180
SUGGESTED = 30
#: Suggestions are taken from so many last days.
LOOKED_BACK = "90daysAgo"
VISITS = "ym:s:visits"
GOAL = "goal"
OVERLOOKED = "filter_overlooked"
RATES = frozenset({"bounce_rate", "conversion_rate"})
SIGNS = {IS: "==", CONTAINS: "=@"}

_NO_RIGHT = _("This token may not see the counter. Ask its owner to open it to you, then connect it again.")

_OVERLOOKED = _(
    "Metrika answered about the whole site instead of the part that was asked for, so its numbers were not taken. Tell "
    "whoever runs the portal."
)

ERRORS = (
    Meaning(Permanent, {OVERLOOKED}, sentence=_OVERLOOKED),
    Meaning(RateLimited, {"quota_requests_by_uid"}, wait=3600),
    Meaning(RateLimited, {"quota_requests_by_ip"}, wait=5),
    Meaning(RateLimited, {"quota_parallel_requests"}, wait=10),
    Meaning(RateLimited, {420, 429}),
    Meaning(RateLimited, words="quota_"),
    Meaning(Reauthorise, {401, "invalid_token"}),
    Meaning(ScopeMissing, {403}, sentence=_NO_RIGHT),
    Meaning(Permanent, {404}, sentence=_("Metrika knows no such counter. Check its number.")),
    Meaning(MetricRetired, {400}, asked="/bytime"),
    Meaning(Permanent, {400}),
    Meaning(Transient),
)


def _daily(code: str, native_name: str) -> MetricAbility:
    # Metrika closes a visit when it ends and sorts robots out afterwards; it names no term, two days is ours.
    return MetricAbility(code, native_name, revision_days=2, endpoint="/stat/v1/data/bytime")


def _utm(name: str, field: str, label: Any) -> Filter:
    return Filter(name, field, label, _("As it stands in the links that you give out."), (IS, CONTAINS))


class Metrika(ByConsent):
    """Visits, visitors, page views and bounces of a site's counter."""

    code = "metrika"
    name = _("Yandex Metrika")
    base_setting = "METRIKA_API_URL"
    default_wait = 300
    meanings = ERRORS
    capabilities = Capabilities(
        metrics=(
            _daily("visits", VISITS),
            _daily("visitors", "ym:s:users"),
            _daily("page_views", "ym:s:pageviews"),
            _daily("bounce_rate", "ym:s:bounceRate"),
        ),
        token_kinds=("oauth",),
    )
    #: https://yandex.ru/dev/metrika/ru/intro/quotas; three calls at a time for a login follow from answers in a second.
    limits = Limits(
        rates=(Rate(30, per="app"), Rate(200, 300, at_once=50)),
        daily=(DailyUnits(5000, per="token", zone="Europe/Moscow"),),
        parallel=(Parallel(3),),
    )
    #: https://yandex.ru/dev/id/doc/ru/ — only access for a named device can be revoked by the application.
    consent = Consent(
        app="YANDEX",
        door=_("Yandex"),
        page=Place("YANDEX_OAUTH_URL", "/authorize"),
        token=Place("YANDEX_OAUTH_URL", "/token"),
        revocation=Place("YANDEX_OAUTH_URL", "/revoke_token"),
        revoked_by="access_token",
        scopes=("metrika:read",),
        pkce=True,
        device="named",
        extra={"force_confirm": "yes"},
    )
    fields = (
        Field(
            "token",
            _("OAuth token"),
            _("A token with the right to read statistics, of someone whom the counter is open to."),
        ),
    )

    #: https://yandex.ru/dev/metrika/ru/stat/attrandmetr/dim_all and …/segmentation
    filters = (
        Filter(
            "traffic",
            "ym:s:lastsignTrafficSource",
            _("Where visits come from"),
            choices=(
                Choice("social", _("only from social networks")),
                Choice("messenger", _("only from messengers")),
                Choice("ad", _("only from advertising")),
                Choice("organic", _("only from search engines")),
                Choice("referral", _("only from links on other sites")),
                Choice("direct", _("only direct visits")),
                Choice("email", _("only from e-mails")),
                Choice("recommend", _("only from recommendation feeds")),
            ),
        ),
        _utm("utm_source", "ym:s:lastsignUTMSource", _("UTM source")),
        _utm("utm_medium", "ym:s:lastsignUTMMedium", _("UTM medium")),
        _utm("utm_campaign", "ym:s:lastsignUTMCampaign", _("UTM campaign")),
        Filter(
            "landing",
            "ym:s:startURL",
            _("Landing page"),
            _("A part of the address of the first page of the visit, such as /summer."),
            (CONTAINS, IS),
        ),
        Filter(
            GOAL,
            "",
            _("Goal"),
            _("Visits that reached a goal of the counter are its leads, and their share is the conversion."),
            is_listed=True,
        ),
    )

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        page = yield from self._call(credentials, "/management/v1/counters", per_page="1")
        own = [counter for counter in only_dicts(page.get("counters")) if counter.get("permission") == "own"]
        return Identity(str(own[0].get("owner_login", "")) if own else "", "oauth", ("metrika:read",))

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        accounts: dict[str, Account] = {}
        offset = 1
        while True:
            page = yield from self._call(
                credentials, "/management/v1/counters", per_page=str(COUNTERS_A_PAGE), offset=str(offset)
            )
            counters = only_dicts(page.get("counters"))
            accounts |= {account.external_id: account for account in map(_account, counters)}
            offset += COUNTERS_A_PAGE
            if not counters or offset > int(as_number(page.get("rows")) or 0):
                return [account for account in accounts.values() if _matches(account, hint)]

    # --- Parts of a counter ---

    def abilities(self, conditions: Sequence[Condition]) -> Capabilities:
        goal = next((one.value for one in conditions if one.name == GOAL), "")
        if not goal:
            return self.capabilities
        metrics = (
            _daily("leads", f"ym:s:goal{goal}visits"),
            _daily("conversion_rate", f"ym:s:goal{goal}conversionRate"),
        )
        return replace(self.capabilities, metrics=metrics)

    def values(self, credentials: Credentials, account: Account, filter: Filter) -> Steps[list[Choice]]:
        if filter.choices:
            return list(filter.choices)
        if filter.name == GOAL:
            return (yield from self._goals(credentials, account))
        asked = {"ids": account.external_id, "metrics": VISITS, "dimensions": filter.field, "limit": str(SUGGESTED)}
        body = yield from self._call(credentials, "/stat/v1/data", None, date1=LOOKED_BACK, date2="today", **asked)
        named = [next(iter(only_dicts(row.get("dimensions"))), {}).get("name") for row in only_dicts(body.get("data"))]
        return [Choice(str(name), str(name)) for name in named if name]

    def _goals(self, credentials: Credentials, account: Account) -> Steps[list[Choice]]:
        body = yield from self._call(credentials, f"/management/v1/counter/{account.external_id}/goals")
        goals = [(as_number(goal.get("id")), goal.get("name")) for goal in only_dicts(body.get("goals"))]
        return [Choice(str(int(id)), str(name or id)) for id, name in goals if id]

    # --- Reading ---

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        abilities = self.abilities(visit.account.conditions)
        names = [abilities[metric].native_name for metric in visit.metrics]
        if RATES & set(visit.metrics) and VISITS not in names:
            names.append(VISITS)
        return (yield from self.ask_days(visit, DAYS_A_REQUEST, names, self._ask_part))

    def _ask_part(self, visit: Visit, part: Window, names: Sequence[str]) -> Steps[Any]:
        return self._call(
            visit.credentials,
            "/stat/v1/data/bytime",
            visit.exchanges,
            ids=visit.account.external_id,
            metrics=",".join(names),
            date1=part.first.isoformat(),
            date2=part.last.isoformat(),
            group="day",
            accuracy="full",
            **self._filters(visit.account.conditions),
        )

    def _filters(self, conditions: Sequence[Condition]) -> dict[str, str]:
        parts = [expression(self.filter_of(one), one) for one in conditions if one.name != GOAL]
        return {"filters": " AND ".join(parts)} if parts else {}

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        asked = exchange.asked.get("metrics", "").split(",")
        named = self.expects_named(sheet, exchange, asked, _asked_days(exchange))
        if named is None:
            return
        for cell in _cells(exchange):
            if cell.name == VISITS:
                sheet.tell_whole(cell.day, cell.value)
            if cell.name in named:
                _note(sheet, named[cell.name], cell)

    # --- Errors ---

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        if "errors" not in body and exchange.status == 200:
            return _overlooked(exchange, body)
        error = next(iter(only_dicts(body.get("errors"))), {})
        code = body.get("code", exchange.status) if exchange.status == 200 else exchange.status
        words = str(body.get("message") or error.get("message") or "")
        return Complaint((code, error.get("error_type")), words, metric=exchange.asked.get("metrics", ""))

    # --- The wire ---

    def _call(
        self, credentials: Credentials, path: str, exchanges: list[Exchange] | None = None, **params: str
    ) -> Steps[dict[str, Any]]:
        url = f"{self.base_url}{path}"
        request = bearing(pasted_token(credentials), "GET", url, scheme="OAuth", params=params)
        return (yield from self.fetch(request, exchanges))


def expression(filter: Filter, condition: Condition) -> str:
    """One condition in Metrika's language of filters, where a backslash stands before a quote and before itself."""
    quoted = condition.value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{filter.field}{SIGNS[condition.operator]}'{quoted}'"


def _overlooked(exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
    """An answer about the whole counter where a part was asked for: its numbers must not pass for the part's."""
    query = body.get("query")
    if exchange.asked.get("filters") and isinstance(query, dict) and not query.get("filters"):
        return Complaint((OVERLOOKED,), "the answer is about the whole counter")
    return None


@dataclass(frozen=True)
class _Cell:
    """One number of one answer. `few`: the answer hides numbers of too few people."""

    name: str
    day: date
    value: Any
    sampled: bool
    few: bool


def _cells(exchange: Exchange) -> Iterator[_Cell]:
    """The table of a `bytime` answer: one row, in it a list for each metric, in that a number for each interval."""
    body = exchange.json()
    names = exchange.asked["metrics"].split(",")
    intervals = as_list(body.get("time_intervals"))
    days = [as_day(interval[0]) if isinstance(interval, list) and interval else None for interval in intervals]
    sampled, few = body.get("sampled") is True, body.get("contains_sensitive_data") is True
    for row in only_dicts(body.get("data")):
        for name, values in in_step(names, row.get("metrics")):
            for day, value in in_step(days, values):
                if day:
                    yield _Cell(name, day, value, sampled, few)


def _note(sheet: Sheet, metric: str, cell: _Cell) -> None:
    if cell.value is None and cell.few:
        sheet.miss(metric, cell.day, "below_threshold")
    if metric in RATES:
        sheet.tell_rate(metric, cell.day, cell.value, approximate=cell.sampled)
    else:
        sheet.tell(metric, cell.day, cell.value, approximate=cell.sampled)


def _asked_days(exchange: Exchange) -> Window:
    return Window(date.fromisoformat(exchange.asked["date1"]), date.fromisoformat(exchange.asked["date2"]))


def _account(counter: Mapping[str, Any]) -> Account:
    newer = counter.get("site2")
    site = str((newer.get("site") if isinstance(newer, dict) else "") or counter.get("site") or "")
    return Account(
        external_id=str(counter.get("id", "")),
        title=str(counter.get("name") or site),
        url=f"https://{site}" if re.fullmatch(r"[\w.-]+(/\S*)?", site) else "",
        timezone=_known_zone(str(counter.get("time_zone_name") or "")),
        refused_because=_("This counter is deleted.") if counter.get("status") == "Deleted" else "",
        began_on=as_day(counter.get("create_time")),
    )


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, LookupError, OSError):
        return ""


def _matches(account: Account, hint: str) -> bool:
    hint = hint.strip().lower()
    return not hint or hint == account.external_id or hint in f"{account.title} {account.url}".lower()
