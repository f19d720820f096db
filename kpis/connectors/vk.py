"""VK communities, API 5.199.

Facts are from the vendor's schema (github.com/VKCOM/vk-api-schema); errors come with HTTP 200 as
`{"error": {"error_code": …, "error_msg": …}}`. Any token reads `members_count`; `stats.get` wants the token of a
person who runs the community.

Unconfirmed: that an error always comes with status 200 (it is read with any), the name of the right (another ends as
«not permitted»), whose midnight a day begins at (`_rows`), and for how long a day is recounted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

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
    NotTrusted,
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
    as_number,
    bearing,
    only_dicts,
    pasted_token,
)

VERSION = "5.199"
TIME_ZONE = "Europe/Moscow"
ACCOUNTS_A_PAGE = 200
DAYS_A_REQUEST = 90

#: https://dev.vk.com/reference/access-rights — the bits of account.getAppPermissions that matter here.
SCOPES = {1 << 13: "wall", 1 << 16: "offline", 1 << 18: "groups", 1 << 20: "stats"}

LOST_ACCESS = frozenset({4, 5, 17, 27, 28})

_WRONG_TOKEN = _(
    "This token may not see the community's statistics. Connect it with the token of a person who runs the community."
)
_UNKNOWN = _("VK knows no such community. Check its address.")

ERRORS = (
    Meaning(Transient, {1, 10, 36}),
    Meaning(RateLimited, {6}, wait=1),
    Meaning(RateLimited, {9, 14, 29}, wait=3600),
    Meaning(RateLimited, {601}, wait=24 * 3600),
    Meaning(ScopeMissing, {7, 15, 30, 203, 260}, sentence=_WRONG_TOKEN),
    # «Method is unavailable with group auth»: the token is alive, it is of the wrong kind.
    Meaning(ScopeMissing, LOST_ACCESS, words="unavailable", sentence=_WRONG_TOKEN),
    Meaning(Reauthorise, LOST_ACCESS),
    Meaning(MetricRetired, {3, 23}),
    Meaning(MetricRetired, {100}, words="stats_groups"),
    Meaning(Permanent, {18}, sentence=_("This page in VK is deleted or blocked.")),
    Meaning(Permanent, {19}, sentence=_("VK has blocked this content.")),
    Meaning(Permanent, {40, 125}, sentence=_UNKNOWN),
    Meaning(Permanent, {100}, sentence=_("VK did not understand the request. Check the community's address.")),
)

ADDRESS = re.compile(r"(?:https?://)?(?:www\.|m\.)?(?:vk\.com|vk\.ru|vkontakte\.ru)/([\w.]+)/?(?:\?.*)?", re.ASCII)
NAME = re.compile(r"@?([\w.]{1,64})", re.ASCII)
NUMBERED = re.compile(r"(?:club|public|event)([0-9]+)")


def _daily(code: str, native_name: str) -> MetricAbility:
    # How long VK recounts a day is nowhere written; two days is what its own statistics page moves by.
    return MetricAbility(
        code,
        native_name,
        lag_days=1,
        revision_days=2,
        token_kinds=("user",),
        scope="stats",
        endpoint="/method/stats.get",
    )


class VK(ByConsent):
    """Members now; reach, views and reactions by day with an administrator's token."""

    code = "vk"
    name = _("VK")
    base_setting = "VK_API_URL"
    meanings = ERRORS
    capabilities = Capabilities(
        metrics=(
            MetricAbility("followers", "members_count", only_now=True, endpoint="/method/groups.getById"),
            _daily("follows", "activity.subscribed"),
            _daily("unfollows", "activity.unsubscribed"),
            _daily("reach", "reach.reach"),
            _daily("views", "visitors.views"),
            _daily("likes", "activity.likes"),
            _daily("comments", "activity.comments"),
            _daily("shares", "activity.copies"),
        ),
        token_kinds=("user", "community", "service"),
    )
    #: https://vk.com/dev/api_requests; a service token is allowed more once the app has many users.
    limits = Limits(
        rates=(
            Rate(3, token_kinds=("user",)),
            Rate(20, token_kinds=("community",)),
            Rate(5, token_kinds=("service",)),
        )
    )
    #: https://id.vk.com/about/business/go/docs — access serves for an hour, refresh tokens are changed by use.
    consent = Consent(
        app="VK",
        door="VK ID",
        page=Place("VK_ID_URL", "/authorize"),
        token=Place("VK_ID_URL", "/oauth2/auth"),
        revocation=Place("VK_ID_URL", "/oauth2/revoke"),
        revoked_by="access_token",
        scopes=("vkid.personal_info", "groups", "stats", "wall"),
        pkce=True,
        device="brought",
    )
    fields = (
        Field(
            "token",
            _("Access token"),
            _(
                "A token of a person who runs the community shows everything; a community or service token shows "
                "only the number of members."
            ),
        ),
        Field(
            "community",
            _("Community"),
            _("Its address, such as vk.com/coffee. Leave empty to choose from the communities you run."),
            secret=False,
            required=False,
        ),
    )

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        people = yield from self._try(credentials, "users.get", fields="screen_name")
        if isinstance(people, list) and people and isinstance(people[0], dict):
            permissions = yield from self._call(credentials, "account.getAppPermissions")
            person = str(people[0].get("id") or "")
            return Identity(_person(people[0]), "user", _scopes(permissions), person=person)
        groups = yield from self._try(credentials, "groups.getById")
        if found := _groups(groups):
            return Identity(str(found[0].get("name", "")), "community")
        return Identity("", "service")

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        hint = hint or credentials.get("community", "")
        if hint:
            found = yield from self._call(credentials, "groups.getById", group_ids=community_name(hint))
            return [_account(group) for group in _groups(found)]
        identity = yield from self.check(credentials)
        if identity.token_kind == "service":  # noqa: S105 - a kind, not a secret
            raise Permanent("no community named", sentence=_("Write the community's address, such as vk.com/coffee."))
        if identity.token_kind == "community":  # noqa: S105
            found = yield from self._call(credentials, "groups.getById")
            return [_account(group) for group in _groups(found)]
        return (yield from self._own_communities(credentials))

    def _own_communities(self, credentials: Credentials) -> Steps[list[Account]]:
        accounts: dict[str, Account] = {}
        offset = 0
        while True:
            page = yield from self._call(
                credentials,
                "groups.get",
                filter="editor",
                extended="1",
                count=str(ACCOUNTS_A_PAGE),
                offset=str(offset),
            )
            items = page.get("items") if isinstance(page, dict) else None
            accounts |= {account.external_id: account for account in map(_account, only_dicts(items))}
            offset += ACCOUNTS_A_PAGE
            if not items or offset >= int(as_number(page.get("count")) or 0):
                return list(accounts.values())

    # --- Reading ---

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        if "followers" in visit.metrics:
            yield from self._call(
                visit.credentials,
                "groups.getById",
                visit.exchanges,
                group_ids=visit.account.external_id,
                fields="members_count",
            )
        if groups := sorted({_group(self, metric) for metric in visit.metrics} - {"members_count"}):
            return (yield from self.ask_days(visit, DAYS_A_REQUEST, groups, self._ask_part))
        return None

    def _ask_part(self, visit: Visit, part: Window, groups: Sequence[str]) -> Steps[Any]:
        return self._call(
            visit.credentials,
            "stats.get",
            visit.exchanges,
            group_id=visit.account.external_id,
            timestamp_from=str(_moment(part.first, visit.account)),
            timestamp_to=str(_moment(part.last + timedelta(days=1), visit.account) - 1),
            interval="day",
            stats_groups=",".join(groups),
            extended="0",
        )

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        if exchange.path.endswith("groups.getById"):
            self._note_members(sheet, exchange)
        elif exchange.path.endswith("stats.get"):
            self._note_days(sheet, exchange)

    def _note_members(self, sheet: Sheet, exchange: Exchange) -> None:
        if not self.expects(sheet, exchange, ["followers"], sheet.window):
            return
        for group in _groups(exchange.json()["response"]):
            sheet.tell("followers", sheet.today, group.get("members_count"))
            if group.get("members_count") is None:
                sheet.miss("followers", sheet.today, "hidden")

    def _note_days(self, sheet: Sheet, exchange: Exchange) -> None:
        asked = exchange.asked.get("stats_groups", "").split(",")
        wanted = [metric for metric in sheet.metrics if _group(self, metric) in asked]
        days = _asked_days(exchange, sheet.account)
        if self.expects(sheet, exchange, wanted, days, alone=len(asked) == 1):
            for day, row in _rows(exchange.json()["response"], sheet.account):
                for metric in wanted:
                    sheet.tell(metric, day, _dig(row, self.capabilities[metric].native_name))

    # --- Errors ---

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        error = body.get("error")
        if not isinstance(error, dict):
            return None
        words = str(error.get("error_msg") or "")
        return Complaint((error.get("error_code"),), words, metric=exchange.asked.get("stats_groups", ""))

    def judge(self, exchange: Exchange, wait: int | None = None) -> ConnectorError | None:
        if problem := super().judge(exchange, wait):
            return problem
        return None if "response" in exchange.json() else Transient("an answer without a response")

    # --- The wire ---

    def _call(
        self, credentials: Credentials, method: str, exchanges: list[Exchange] | None = None, **params: str
    ) -> Steps[Any]:
        url = f"{self.base_url}/method/{method}"
        request = bearing(pasted_token(credentials), "POST", url, form={**params, "v": VERSION})
        body = yield from self.fetch(request, exchanges)
        return body["response"]

    def _try(self, credentials: Credentials, method: str, **params: str) -> Steps[Any]:
        """The answer, or None when this kind of token has no such method."""
        try:
            return (yield from self._call(credentials, method, None, **params))
        except NotTrusted:
            raise
        except (ScopeMissing, Permanent):
            return None


def community_name(text: str) -> str:
    """A screen name or number, from whatever a person pastes. Raises Permanent with a sentence."""
    found = ADDRESS.fullmatch(text.strip()) or NAME.fullmatch(text.strip())
    if not found:
        raise Permanent("not a community", sentence=_("Write the community's address, such as vk.com/coffee."))
    numbered = NUMBERED.fullmatch(found[1])
    return numbered[1] if numbered else found[1]


def _account(group: Mapping[str, Any]) -> Account:
    return Account(
        external_id=str(group.get("id", "")),
        title=str(group.get("name", "")),
        url=f"https://vk.com/{group.get('screen_name') or 'club' + str(group.get('id', ''))}",
        timezone=TIME_ZONE,
        refused_because=_("VK has blocked or deleted this community.") if group.get("deactivated") else "",
    )


def _group(vk: VK, metric: str) -> str:
    """The group of statistics that the metric is in."""
    return vk.capabilities[metric].native_name.partition(".")[0]


def _groups(response: Any) -> list[dict[str, Any]]:
    """The communities of a groups.getById answer: in an object since 5.139, in a bare list before."""
    return only_dicts(response.get("groups") if isinstance(response, dict) else response)


def _person(person: Mapping[str, Any]) -> str:
    return f"{person.get('first_name', '')} {person.get('last_name', '')}".strip() or str(person.get("id", ""))


def _scopes(mask: Any) -> tuple[str, ...]:
    return tuple(name for bit, name in SCOPES.items() if isinstance(mask, int) and mask & bit)


def _moment(day: date, account: Account) -> int:
    return int(datetime.combine(day, time(), account.zone).timestamp())


def _asked_days(exchange: Exchange, account: Account) -> Window:
    first, last = (
        datetime.fromtimestamp(int(exchange.asked[name]), UTC).astimezone(account.zone).date()
        for name in ("timestamp_from", "timestamp_to")
    )
    return Window(first, last)


def _rows(response: Any, account: Account) -> Iterator[tuple[date, dict[str, Any]]]:
    """Each row with its day: the day that holds the middle of its period.

    The schema does not say at whose midnight VK's days begin; the middle is in the same day for Moscow's and for UTC's.
    """
    for row in only_dicts(response):
        begins, ends = as_number(row.get("period_from")), as_number(row.get("period_to"))
        if begins is not None and ends is not None and max(begins, ends) < 1 << 34:
            middle = datetime.fromtimestamp(int(begins + ends) // 2, UTC)
            yield middle.astimezone(account.zone).date(), row


def _dig(row: Mapping[str, Any], native_name: str) -> Any:
    group, _dot, name = native_name.partition(".")
    numbers = row.get(group)
    return numbers.get(name) if isinstance(numbers, dict) else None
