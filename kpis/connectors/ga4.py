"""Google Analytics 4: what people do on the site, by day, from the Data API.

https://developers.google.com/analytics/devguides/reporting/data/v1 — dates are days of the property's own zone, which
every report tells. Rows without anything are asked for (`keepEmptyRows`), or zeros would look like gaps. A report may
be estimated from a sample, may keep back rows of too few people, and shows zeros in place of a metric that the person
may not see: each of them is said in its `metadata`.

Unconfirmed: the metrics' names (a wrong one ends as retired) and the name of the right (another as «not permitted»).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

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
    Parallel,
    Permanent,
    Quota,
    Rate,
    ScopeMissing,
    Sheet,
    Steps,
    Visit,
    Window,
    as_day,
    as_number,
    bearing,
    in_step,
    only_dicts,
    parts,
    pasted_token,
)
from kpis.connectors.filters import BEGINS, CONTAINS, IS, Choice, Condition, Filter
from kpis.connectors.google import ERRORS, OTHER_ERRORS, Google, google_consent, google_fields
from smmportal.http import Request

RUN = ":runReport"
PROPERTIES_A_PAGE = "200"
MOST_PAGES = 20
DAYS_A_REQUEST = 365
QUOTA_ZONE = "America/Los_Angeles"
TOKENS_A_REPORT = 10
#: What an answer tells of the allowance, and in how many seconds each begins anew; the day's at midnight.
ALLOWANCES = {"tokensPerHour": 3600, "tokensPerProjectPerHour": 3600, "tokensPerDay": 0}
SUGGESTED = 30
LOOKED_BACK = "90daysAgo"
SESSIONS = "sessions"
EVENT = "event"
MATCHES = {IS: "EXACT", CONTAINS: "CONTAINS", BEGINS: "BEGINS_WITH"}
#: Google tells these as parts of one; ours are percents of the day's visits.
RATES = frozenset({"bounceRate", "sessionKeyEventRate"})

PROPERTY = re.compile(r"(?:properties/|p)?([0-9]{6,15})", re.ASCII)
IN_ADDRESS = re.compile(r"https://analytics\.google\.com/\S*?/(?:a[0-9]+)?p([0-9]{6,15})(?:/\S*)?", re.ASCII)

_NO_RIGHT = _("This person may not see the property. Ask its administrator for the Viewer role, then connect it again.")
_NO_PROPERTY = _("Google Analytics knows no such property. Check its number.")
_NAME_IT = _("Write the property's number, such as 123456789. It is in Google Analytics under Admin, Property details.")


def _daily(code: str, native_name: str) -> MetricAbility:
    # Google says that a day's data may change for two days; today's are still coming in.
    return MetricAbility(code, native_name, lag_days=1, revision_days=2, endpoint=f"/v1beta/properties/{{id}}{RUN}")


def _text(name: str, field: str, label: Any, help: Any = "") -> Filter:
    return Filter(name, field, label, help, (IS, CONTAINS, BEGINS))


class GA4(Google):
    """Visits, visitors, page views, bounces and key events of a site."""

    code = "ga4"
    name = "Google Analytics 4"
    base_setting = "GA4_API_URL"
    meanings = (
        *ERRORS,
        Meaning(MetricRetired, {400}, asked=RUN),
        Meaning(ScopeMissing, {403}, sentence=_NO_RIGHT),
        Meaning(Permanent, {404}, sentence=_NO_PROPERTY),
        *OTHER_ERRORS,
    )
    capabilities = Capabilities(
        metrics=(
            _daily("visits", SESSIONS),
            _daily("visitors", "totalUsers"),
            _daily("page_views", "screenPageViews"),
            _daily("bounce_rate", "bounceRate"),
            _daily("conversion_rate", "sessionKeyEventRate"),
        ),
        token_kinds=("oauth",),
    )
    # 14,000 tokens an hour for a project and 200,000 a day; what a report of ours costs, Google says in its answers:
    # a handful, and ten are reckoned.
    limits = Limits(
        rates=(Rate(10), Rate(1400, 3600, per="account", at_once=200)),
        daily=(DailyUnits(200_000, "account", QUOTA_ZONE, {RUN: TOKENS_A_REPORT}),),
        parallel=(Parallel(10, per="account"),),
    )
    consent = google_consent("analytics.readonly")
    fields = (
        *google_fields(required=True),
        Field(
            "property",
            _("Property"),
            _("Its number, such as 123456789: in Google Analytics under Admin, Property details."),
            secret=False,
        ),
    )

    #: https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema
    filters = (
        Filter(
            "channel",
            "sessionDefaultChannelGroup",
            _("Where visits come from"),
            choices=(
                Choice("Organic Social", _("only from social networks, without advertising")),
                Choice("Paid Social", _("only from advertising in social networks")),
                Choice("Organic Video", _("only from video platforms, without advertising")),
                Choice("Organic Search", _("only from search engines")),
                Choice("Paid Search", _("only from advertising in search engines")),
                Choice("Referral", _("only from links on other sites")),
                Choice("Direct", _("only direct visits")),
                Choice("Email", _("only from e-mails")),
            ),
        ),
        _text("source", "sessionSource", _("Session source")),
        _text("medium", "sessionMedium", _("Session medium")),
        _text("campaign", "sessionCampaignName", _("Campaign")),
        _text("landing", "landingPage", _("Landing page"), _("The path of the first page, such as /summer.")),
        Filter(
            EVENT,
            "eventName",
            _("Event"),
            _("Its events are counted as leads. A day without one is told as a gap: Google leaves such days out."),
        ),
    )

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        id = property_number(credentials.get("property", ""))
        renewed, scopes = yield from self.exchanged(credentials)
        yield from self.fetch(self._today(renewed.credentials, id))
        return Identity(f"Google Analytics {id}", "oauth", scopes, renewed.expires_at, renewed.credentials)

    def whose(self, credentials: Credentials) -> Steps[Identity]:
        """Google Analytics does not say who it is talking to; that there is somebody, the list of accounts does."""
        yield from self._listed(credentials, "accounts")
        return Identity("Google Analytics", "oauth")

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        if not hint and not credentials.get("property"):
            return (yield from self._own_properties(credentials))
        id = property_number(hint or credentials.get("property", ""))
        body = yield from self.fetch(self._today(credentials, id))
        return [_account({"name": f"properties/{id}", "timeZone": _metadata(body).get("timeZone")})]

    def _own_properties(self, credentials: Credentials) -> Steps[list[Account]]:
        """Every property that the person sees: https://developers.google.com/analytics/devguides/config/admin/v1"""
        found: list[Account] = []
        for account in (yield from self._listed(credentials, "accounts")):
            parent = {"filter": f"parent:{account.get('name', '')}"}
            found += map(_account, (yield from self._listed(credentials, "properties", **parent)))
        return found

    def _listed(self, credentials: Credentials, what: str, **asked: str) -> Steps[list[dict[str, Any]]]:
        url, rows = f"{settings.PLATFORMS['GA4_ADMIN_API_URL']}/v1beta/{what}", []
        asked = {**asked, "pageSize": PROPERTIES_A_PAGE}
        for _number in range(MOST_PAGES):
            page = yield from self.fetch(bearing(pasted_token(credentials), "GET", url, params=asked))
            rows += only_dicts(page.get(what))
            if not page.get("nextPageToken"):
                break
            asked["pageToken"] = str(page["nextPageToken"])
        return rows

    def _today(self, credentials: Credentials, id: str) -> Request:
        """The smallest report: whether the property can be read, and in which zone its days are."""
        return self._report(credentials, id, "today", "today", [SESSIONS])

    # --- Parts of a property ---

    def abilities(self, conditions: Sequence[Condition]) -> Capabilities:
        if any(one.name == EVENT for one in conditions):
            return replace(self.capabilities, metrics=(_daily("leads", "eventCount"),))
        return self.capabilities

    def values(self, credentials: Credentials, account: Account, filter: Filter) -> Steps[list[Choice]]:
        if filter.choices:
            return list(filter.choices)
        counted = "eventCount" if filter.name == EVENT else SESSIONS
        asked = {"dimensions": [{"name": filter.field}], "limit": str(SUGGESTED)}
        request = self._report(credentials, account.external_id, LOOKED_BACK, "today", [counted], **asked)
        body = yield from self.fetch(request)
        cells = [next(iter(only_dicts(row.get("dimensionValues"))), {}) for row in only_dicts(body.get("rows"))]
        return [Choice(value, value) for cell in cells if (value := str(cell.get("value") or ""))]

    def _filter(self, conditions: Sequence[Condition]) -> dict[str, Any]:
        parts = [{"filter": string_filter(self.filter_of(one).field, one)} for one in conditions]
        return {"dimensionFilter": {"andGroup": {"expressions": parts}}} if parts else {}

    # --- Reading ---

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        abilities = self.abilities(visit.account.conditions)
        names = [abilities[metric].native_name for metric in visit.metrics]
        if SESSIONS not in names and RATES & set(names):
            names.append(SESSIONS)
        return (yield from self.ask_days(visit, DAYS_A_REQUEST, names, self._ask_part))

    def _ask_part(self, visit: Visit, part: Window, names: Sequence[str]) -> Steps[Any]:
        first, last = part.first.isoformat(), part.last.isoformat()
        return self.fetch(
            self._report(
                visit.credentials,
                visit.account.external_id,
                first,
                last,
                names,
                **self._filter(visit.account.conditions),
            ),
            visit.exchanges,
        )

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        asked = self.asked_metrics(exchange).split(",")
        named = self.expects_named(sheet, exchange, asked, _asked_days(exchange))
        if named is None:
            return
        metadata = _metadata(exchange.json())
        kept_back = _restricted(metadata)
        for day, row in _rows(exchange.json()):
            sheet.tell_whole(day, row.get(SESSIONS))
            for name in named.keys() & row.keys() - kept_back:
                self._note_cell(sheet, day, named[name], row[name], approximate=_is_estimated(metadata))
        for metric in named.values():
            self._note_silence(sheet, exchange, metric, kept_back, metadata)

    def _note_cell(self, sheet: Sheet, day: date, metric: str, value: Any, *, approximate: bool) -> None:
        if sheet.capabilities[metric].native_name in RATES:
            share = as_number(value)
            sheet.tell_rate(metric, day, None if share is None else share * 100, approximate=approximate)
        else:
            sheet.tell(metric, day, value, approximate=approximate)

    def _note_silence(
        self, sheet: Sheet, exchange: Exchange, metric: str, kept_back: set[str], metadata: Mapping[str, Any]
    ) -> None:
        """Why the days without a row have none, where the report says so."""
        lag = sheet.capabilities[metric].lag_days
        for day in _asked_days(exchange):
            if sheet.capabilities[metric].native_name in kept_back:
                sheet.miss(metric, day, "not_permitted")
            elif metadata.get("subjectToThresholding") is True and (sheet.today - day).days > lag:
                sheet.miss(metric, day, "below_threshold")

    def quota(self, exchanges: Sequence[Exchange]) -> Quota | None:
        for exchange in reversed(exchanges):
            body = exchange.json()
            told = body.get("propertyQuota") if isinstance(body, dict) else None
            if isinstance(told, dict) and (quotas := _quotas(told)):
                return min(quotas, key=lambda quota: quota.remaining / max(quota.limit, 1))
        return None

    def asked_metrics(self, exchange: Exchange) -> str:
        return ",".join(str(metric.get("name", "")) for metric in only_dicts(exchange.sent.get("metrics")))

    # --- The wire ---

    def _report(
        self, credentials: Credentials, id: str, first: str, last: str, names: Sequence[str], **more: Any
    ) -> Request:
        return bearing(
            pasted_token(credentials),
            "POST",
            f"{self.base_url}/v1beta/properties/{id}{RUN}",
            json={
                "dateRanges": [{"startDate": first, "endDate": last}],
                "dimensions": [{"name": "date"}],
                "metrics": [{"name": name} for name in names],
                "keepEmptyRows": True,
                "returnPropertyQuota": True,
                "limit": str(DAYS_A_REQUEST),
                **more,
            },
        )


def _quotas(told: Mapping[str, Any]) -> list[Quota]:
    found, now = [], datetime.now(UTC)
    for name, seconds in ALLOWANCES.items():
        one = told.get(name)
        used, left = (as_number(one.get(part)) if isinstance(one, dict) else None for part in ("consumed", "remaining"))
        if left is not None:
            until = now + timedelta(seconds=seconds) if seconds else _midnight_after(now)
            found.append(Quota(int(left + (used or 0)), int(left), until))
    return found


def _midnight_after(now: datetime) -> datetime:
    here = now.astimezone(ZoneInfo(QUOTA_ZONE))
    return datetime.combine(here.date() + timedelta(days=1), time(), here.tzinfo)


def string_filter(field: str, condition: Condition) -> dict[str, Any]:
    """One condition as Google's `Filter`; JSON needs no escaping of ours. Letters count as they are written."""
    match = {"matchType": MATCHES[condition.operator], "value": condition.value, "caseSensitive": True}
    return {"fieldName": field, "stringFilter": match}


def property_number(text: str) -> str:
    """A property's number, from whatever a person pastes. Raises Permanent with a sentence."""
    text = text.strip()
    found = PROPERTY.fullmatch(text) or IN_ADDRESS.fullmatch(text)
    if not found:
        raise Permanent("not a property", sentence=_NAME_IT)
    return found[1]


def _account(told: Mapping[str, Any]) -> Account:
    id, zone = str(told.get("name", "")).rpartition("/")[2], str(told.get("timeZone") or "")
    return Account(
        external_id=id,
        title=str(told.get("displayName") or f"Google Analytics {id}"),
        url=f"https://analytics.google.com/analytics/web/#/p{id}/",
        timezone=zone if zone in available_timezones() else "",
    )


def _metadata(body: Any) -> Mapping[str, Any]:
    metadata = body.get("metadata") if isinstance(body, dict) else None
    return metadata if isinstance(metadata, dict) else {}


def _is_estimated(metadata: Mapping[str, Any]) -> bool:
    """Whether the report counted a sample, or put rare rows together."""
    return bool(metadata.get("samplingMetadatas")) or metadata.get("dataLossFromOtherRow") is True


def _restricted(metadata: Mapping[str, Any]) -> set[str]:
    """The metrics that the report shows as zeros because the person may not see them."""
    restriction = metadata.get("schemaRestrictionResponse")
    active = restriction.get("activeMetricRestrictions") if isinstance(restriction, dict) else None
    return {str(metric.get("metricName", "")) for metric in only_dicts(active)}


def _rows(body: Any) -> Iterator[tuple[date, dict[str, Any]]]:
    """Each row with its day, its values by the names of their columns."""
    names = [str(name or "") for name in parts(body.get("metricHeaders"), "name")]
    for row in only_dicts(body.get("rows")):
        days = parts(row.get("dimensionValues"), "value")
        if days and (day := as_day(days[0])):
            yield day, dict(in_step(names, parts(row.get("metricValues"), "value")))


def _asked_days(exchange: Exchange) -> Window:
    (asked,) = exchange.sent["dateRanges"]
    return Window(date.fromisoformat(asked["startDate"]), date.fromisoformat(asked["endDate"]))
