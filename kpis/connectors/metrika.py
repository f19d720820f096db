"""Yandex Metrika: what people do on the site, by day.

https://yandex.ru/dev/metrika/ru/stat/ — errors come as `{"errors": [{"error_type", "message"}], "code", "message"}`;
a quota is HTTP 429 in the Russian documentation and 420 in the English one, so both are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import (
    Account,
    Capabilities,
    Connector,
    ConnectorError,
    Credentials,
    DailyUnits,
    Exchange,
    Field,
    Gap,
    Identity,
    Limits,
    Measured,
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
    Window,
    as_number,
    only_dicts,
    pasted_token,
    shorten,
)
from smmportal.http import Request

COUNTERS_A_PAGE = 100
DAYS_A_REQUEST = 180
VISITS = "ym:s:visits"

#: Seconds to wait when a quota is used up and no Retry-After says for how long.
WAITS = {"quota_requests_by_uid": 3600, "quota_requests_by_ip": 5, "quota_parallel_requests": 10}


def _daily(code: str, native_name: str) -> MetricAbility:
    # Metrika closes a visit when it ends and sorts robots out afterwards; it names no term, two days is ours.
    return MetricAbility(code, native_name, revision_days=2)


class Metrika(Connector):
    """Visits, visitors, page views and bounces of a site's counter."""

    code = "metrika"
    name = _("Yandex Metrika")
    base_setting = "METRIKA_API_URL"
    default_wait = 300
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
        rates=(Rate(30, per="app"), Rate(3), Rate(200, 300, at_once=50)),
        daily=(DailyUnits(5000, per="token", zone="Europe/Moscow"),),
    )
    fields = (
        Field(
            "token",
            _("OAuth token"),
            _("A token with the right to read statistics, of someone whom the counter is open to."),
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

    # --- Reading ---

    def ask(
        self,
        exchanges: list[Exchange],
        *,
        credentials: Credentials,
        account: Account,
        window: Window,
        metrics: Sequence[str],
    ) -> Steps[ConnectorError | None]:
        names = [self.capabilities[metric].native_name for metric in metrics]
        if "bounce_rate" in metrics and VISITS not in names:
            names.append(VISITS)
        refusals = []
        for part in window.chunks(DAYS_A_REQUEST):
            refusals.append((yield from self._ask_days(exchanges, credentials, account, part, names)))
        return next(filter(None, refusals), None)

    def _ask_days(
        self,
        exchanges: list[Exchange],
        credentials: Credentials,
        account: Account,
        part: Window,
        names: Sequence[str],
    ) -> Steps[ConnectorError | None]:
        """Ask for the metrics together; when Metrika stumbles over one of them, ask for each alone."""
        try:
            yield from self._call(
                credentials,
                "/stat/v1/data/bytime",
                exchanges,
                ids=account.external_id,
                metrics=",".join(names),
                date1=part.first.isoformat(),
                date2=part.last.isoformat(),
                group="day",
                accuracy="full",
            )
        except MetricRetired as refusal:
            if len(names) == 1:
                return refusal
        else:
            return None
        refusals: list[ConnectorError] = []
        for name in names:
            if refused := (yield from self._ask_days(exchanges, credentials, account, part, [name])):
                refusals.append(refused)
        if len(refusals) == len(names):
            raise Permanent(refusals[0].detail)
        return refusals[0] if refusals else None

    def parse(
        self,
        exchanges: Iterable[Exchange],
        *,
        account: Account,
        window: Window,
        metrics: Sequence[str],
        taken_at: datetime,
    ) -> tuple[tuple[Measured, ...], tuple[Gap, ...]]:
        sheet = Sheet(self.capabilities, account, taken_at)
        cells: dict[tuple[str, date], _Cell] = {}
        for exchange in exchanges:
            self._expect(sheet, exchange, window, metrics)
            if not self.judge(exchange, None):
                cells |= {(cell.name, cell.day): cell for cell in _cells(exchange)}
        for metric in metrics:
            for day in window:
                if cell := cells.get((self.capabilities[metric].native_name, day)):
                    visits = cells.get((VISITS, day))
                    _note(sheet, metric, cell, as_number(visits.value) if visits else None)
        return sheet.result()

    def _expect(self, sheet: Sheet, exchange: Exchange, window: Window, metrics: Sequence[str]) -> None:
        problem = self.judge(exchange, None)
        asked = exchange.asked.get("metrics", "").split(",")
        retired = isinstance(problem, MetricRetired) and len(asked) == 1
        if problem and not retired:
            return
        days = [day for day in _asked_days(exchange) if day in window]
        for metric in metrics:
            if self.capabilities[metric].native_name in asked:
                sheet.expect(metric, days)
                for day in days if retired else ():
                    sheet.miss(metric, day, "retired")

    # --- Errors ---

    def judge(self, exchange: Exchange, wait: int | None) -> ConnectorError | None:
        body = exchange.json()
        if not isinstance(body, dict):
            return self.judge_status(exchange, wait) or Transient("no JSON object")
        if "errors" in body or exchange.status != 200:
            return self._problem(exchange, body, wait)
        return None

    def _problem(self, exchange: Exchange, body: Mapping[str, Any], wait: int | None) -> ConnectorError:
        errors = only_dicts(body.get("errors"))
        kind = str(errors[0].get("error_type", "")) if errors else ""
        code = body.get("code", exchange.status) if exchange.status == 200 else exchange.status
        detail = shorten(f"{code} {kind} {body.get('message') or (errors[0].get('message') if errors else '')}")
        if code in {420, 429} or kind.startswith("quota_"):
            return RateLimited(detail, retry_after=WAITS.get(kind, self.default_wait) if wait is None else wait)
        if code == 401 or kind == "invalid_token":
            return Reauthorise(detail)
        if code == 403:
            return ScopeMissing(detail, sentence=_NO_RIGHT)
        if code == 404:
            return Permanent(detail, sentence=_("Metrika knows no such counter. Check its number."))
        if code == 400 and exchange.path.endswith("/bytime"):
            return MetricRetired(detail, metric=exchange.asked.get("metrics", ""))
        return Permanent(detail) if code == 400 else Transient(detail)

    # --- The wire ---

    def _call(
        self, credentials: Credentials, path: str, exchanges: list[Exchange] | None = None, **params: str
    ) -> Steps[dict[str, Any]]:
        token = pasted_token(credentials)
        request = Request(
            "GET",
            f"{self.base_url}{path}",
            params=params,
            headers={"Authorization": f"OAuth {token}"},
            secrets=(token,),
        )
        return (yield from self.fetch(request, exchanges))


_NO_RIGHT = _("This token may not see the counter. Ask its owner to open it to you, then connect it again.")


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
    days = [_day(interval) for interval in body.get("time_intervals") or ()]
    sampled, few = body.get("sampled") is True, body.get("contains_sensitive_data") is True
    for row in only_dicts(body.get("data")):
        for name, values in zip(names, row.get("metrics") or (), strict=False):
            for day, value in zip(days, values or (), strict=False):
                if day:
                    yield _Cell(name, day, value, sampled, few)


def _note(sheet: Sheet, metric: str, cell: _Cell, visits: Decimal | None) -> None:
    if metric == "bounce_rate" and visits == 0:
        sheet.miss(metric, cell.day, "nothing_to_divide")
    elif cell.value is None and cell.few:
        sheet.miss(metric, cell.day, "below_threshold")
    else:
        weight = visits if metric == "bounce_rate" else None
        sheet.tell(metric, cell.day, cell.value, approximate=cell.sampled, weight=weight)


def _day(interval: Any) -> date | None:
    try:
        return date.fromisoformat(str(interval[0])[:10])
    except (ValueError, LookupError, TypeError):
        return None


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
        began_on=_day([counter.get("create_time")]),
    )


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, LookupError, OSError):
        return ""


def _matches(account: Account, hint: str) -> bool:
    hint = hint.strip().lower()
    return not hint or hint == account.external_id or hint in f"{account.title} {account.url}".lower()
