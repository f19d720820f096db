"""Google Analytics 4: what people do on the site, by day, from the Data API.

https://developers.google.com/analytics/devguides/reporting/data/v1 — dates are days of the property's own zone, which
every report tells. Rows without anything are asked for (`keepEmptyRows`), or zeros would look like gaps. A report may
be estimated from a sample, may keep back rows of too few people, and shows zeros in place of a metric that the person
may not see: each of them is said in its `metadata`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import (
    Account,
    Capabilities,
    ConnectorError,
    Credentials,
    Exchange,
    Field,
    Identity,
    Meaning,
    MetricAbility,
    MetricRetired,
    Permanent,
    Quota,
    ScopeMissing,
    Sheet,
    Steps,
    Visit,
    Window,
    as_day,
    as_number,
    bearing,
    only_dicts,
    pasted_token,
)
from kpis.connectors.google import ERRORS, OTHER_ERRORS, Google, google_fields
from smmportal.http import Request

RUN = ":runReport"
DAYS_A_REQUEST = 365
SESSIONS = "sessions"
#: Google tells these as parts of one; ours are percents of the day's visits.
RATES = frozenset({"bounceRate", "sessionKeyEventRate"})

PROPERTY = re.compile(r"(?:properties/|p)?([0-9]{6,15})", re.ASCII)
IN_ADDRESS = re.compile(r"https://analytics\.google\.com/\S*?/(?:a[0-9]+)?p([0-9]{6,15})(?:/\S*)?", re.ASCII)

_NO_RIGHT = _("This person may not see the property. Ask its administrator for the Viewer role, then connect it again.")
_NO_PROPERTY = _("Google Analytics knows no such property. Check its number.")
_NAME_IT = _("Write the property's number, such as 123456789. It is in Google Analytics under Admin, Property details.")


def _daily(code: str, native_name: str) -> MetricAbility:
    # Google says that a day's data may change for two days; today's are still coming in.
    return MetricAbility(code, native_name, lag_days=1, revision_days=2)


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
    fields = (
        *google_fields(required=True),
        Field(
            "property",
            _("Property"),
            _("Its number, such as 123456789: in Google Analytics under Admin, Property details."),
            secret=False,
        ),
    )

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        id = property_number(credentials.get("property", ""))
        renewed, scopes = yield from self.exchanged(credentials)
        yield from self.fetch(self._today(renewed.credentials, id))
        return Identity(f"Google Analytics {id}", "oauth", scopes, renewed.expires_at, renewed.credentials)

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        id = property_number(hint or credentials.get("property", ""))
        body = yield from self.fetch(self._today(credentials, id))
        zone = str(_metadata(body).get("timeZone") or "")
        return [
            Account(
                external_id=id,
                title=f"Google Analytics {id}",
                url=f"https://analytics.google.com/analytics/web/#/p{id}/",
                timezone=zone if zone in available_timezones() else "",
            )
        ]

    def _today(self, credentials: Credentials, id: str) -> Request:
        """The smallest report: whether the property can be read, and in which zone its days are."""
        return self._report(credentials, id, "today", "today", [SESSIONS])

    # --- Reading ---

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        names = [self.capabilities[metric].native_name for metric in visit.metrics]
        if SESSIONS not in names and RATES & set(names):
            names.append(SESSIONS)
        return (yield from self.ask_days(visit, DAYS_A_REQUEST, names, self._ask_part))

    def _ask_part(self, visit: Visit, part: Window, names: Sequence[str]) -> Steps[Any]:
        first, last = part.first.isoformat(), part.last.isoformat()
        return self.fetch(
            self._report(visit.credentials, visit.account.external_id, first, last, names), visit.exchanges
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
        if self.capabilities[metric].native_name in RATES:
            share = as_number(value)
            sheet.tell_rate(metric, day, None if share is None else share * 100, approximate=approximate)
        else:
            sheet.tell(metric, day, value, approximate=approximate)

    def _note_silence(
        self, sheet: Sheet, exchange: Exchange, metric: str, kept_back: set[str], metadata: Mapping[str, Any]
    ) -> None:
        """Why the days without a row have none, where the report says so."""
        lag = self.capabilities[metric].lag_days
        for day in _asked_days(exchange):
            if self.capabilities[metric].native_name in kept_back:
                sheet.miss(metric, day, "not_permitted")
            elif metadata.get("subjectToThresholding") is True and (sheet.today - day).days > lag:
                sheet.miss(metric, day, "below_threshold")

    def quota(self, exchanges: Sequence[Exchange]) -> Quota | None:
        for exchange in reversed(exchanges):
            body = exchange.json()
            told = body.get("propertyQuota") if isinstance(body, dict) else None
            day = told.get("tokensPerDay") if isinstance(told, dict) else None
            if isinstance(day, dict):
                used, left = (int(as_number(day.get(name)) or 0) for name in ("consumed", "remaining"))
                return Quota(used + left, left)
        return None

    def asked_metrics(self, exchange: Exchange) -> str:
        return ",".join(str(metric.get("name", "")) for metric in only_dicts(exchange.sent.get("metrics")))

    # --- The wire ---

    def _report(self, credentials: Credentials, id: str, first: str, last: str, names: Sequence[str]) -> Request:
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
            },
        )


def property_number(text: str) -> str:
    """A property's number, from whatever a person pastes. Raises Permanent with a sentence."""
    text = text.strip()
    found = PROPERTY.fullmatch(text) or IN_ADDRESS.fullmatch(text)
    if not found:
        raise Permanent("not a property", sentence=_NAME_IT)
    return found[1]


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
    names = [str(header.get("name", "")) for header in only_dicts(body.get("metricHeaders"))]
    for row in only_dicts(body.get("rows")):
        days, values = only_dicts(row.get("dimensionValues")), only_dicts(row.get("metricValues"))
        if days and (day := as_day(days[0].get("value"))):
            yield day, {name: cell.get("value") for name, cell in zip(names, values, strict=False)}


def _asked_days(exchange: Exchange) -> Window:
    (asked,) = exchange.sent["dateRanges"]
    return Window(date.fromisoformat(asked["startDate"]), date.fromisoformat(asked["endDate"]))
