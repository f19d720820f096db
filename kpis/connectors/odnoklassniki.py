"""Odnoklassniki groups, by the REST address `fb.do`.

Methods are from github.com/apiok/documentation; the names of the statistics' fields and the signature are from other
people's code, so a name that is wrong ends as «retired», and a wrong signature as refused access. Errors come with HTTP
200 as `{"error_code", "error_msg"}`. A long token lives thirty days and is prolonged by being used.

Unconfirmed: those fields, the signature, the numbers of the errors (one in no table ends as a refusal), whose midnight
a day begins at (`_day`), and how late a day comes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import md5
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from kpis.connectors.consent import ByConsent, Consent, Place, is_granted
from kpis.connectors.contract import (
    Account,
    Capabilities,
    Complaint,
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
    Transient,
    Visit,
    Window,
    as_number,
    only_dicts,
    pasted_token,
)
from smmportal.http import Request

ZONE = ZoneInfo("Europe/Moscow")
PATH = "/fb.do"
GROUPS_A_PAGE = 100
DAYS_A_REQUEST = 90

GROUP = re.compile(r"(?:https?://)?(?:www\.|m\.)?ok\.ru/(?:group/)?([\w.-]+)/?(?:[/?].*)?", re.ASCII)
NAME = re.compile(r"[\w.-]{2,64}", re.ASCII)

_NO_RIGHT = _(
    "This token may not see the group's statistics. It must belong to an administrator of the group, and the "
    "application must have the rights VALUABLE_ACCESS and GROUP_CONTENT: ask api-support@ok.ru for them."
)
_WRONG_SECRET = _("Odnoklassniki does not accept the signature. Copy the application's public and secret keys again.")
_NO_GROUP = _("Odnoklassniki knows no such group. Check its address.")
_NAME_IT = _("Write the group's address, such as ok.ru/group/1234567890.")

ERRORS = (
    Meaning(Transient, {1, 2, 30, 31}),
    Meaning(RateLimited, {7, 8, 9, 11}, wait=3600),
    Meaning(ScopeMissing, {10, 24, 50, 200, 456}, sentence=_NO_RIGHT),
    Meaning(Reauthorise, {102, 103, 401, 453}),
    Meaning(Reauthorise, {101, 104, 105}, sentence=_WRONG_SECRET),
    Meaning(Permanent, {210}, sentence=_("This application is switched off in Odnoklassniki. Ask its developers.")),
    Meaning(MetricRetired, {3}),
    Meaning(MetricRetired, {100}, words="field"),
    Meaning(Permanent, {160, 300}, sentence=_NO_GROUP),
)


def _daily(code: str, native_name: str) -> MetricAbility:
    # How late a day is and how long it is recounted is nowhere written; a day and two days are ours.
    return MetricAbility(code, native_name, lag_days=1, revision_days=2, endpoint=PATH)


class Odnoklassniki(ByConsent):
    """Members, reach, showings and reactions of a group, by day."""

    code = "ok"
    name = _("Odnoklassniki")
    base_setting = "OK_API_URL"
    meanings = ERRORS
    shapes = (dict, list)
    capabilities = Capabilities(
        metrics=(
            _daily("followers", "members_count"),
            _daily("follows", "new_members"),
            _daily("unfollows", "left_members"),
            _daily("reach", "reach"),
            _daily("impressions", "renderings"),
            _daily("views", "page_visits"),
            _daily("video_views", "video_plays"),
            _daily("likes", "likes"),
            _daily("comments", "comments"),
            _daily("shares", "reshares"),
            _daily("clicks", "link_clicks"),
        ),
        token_kinds=("user",),
    )
    #: https://apiok.ru/ext/oauth/server — access serves for half an hour; it names no way to revoke it.
    consent = Consent(
        app="OK",
        door=_("Odnoklassniki"),
        page=Place("OK_LOGIN_URL", "/oauth/authorize"),
        token=Place("OK_API_URL", "/oauth/token.do"),
        scopes=("VALUABLE_ACCESS", "GROUP_CONTENT", "LONG_ACCESS_TOKEN"),
        joint=";",
        extra={"layout": "a"},
    )
    fields = (
        Field(
            "token",
            _("Access token"),
            _("Of an administrator of the group. A long one serves for thirty days and is prolonged by being used."),
        ),
        Field("public_key", _("Application's public key"), _("From the letter about your application."), secret=False),
        Field("secret_key", _("Application's secret key"), _("From the same letter. Every request is signed with it.")),
        Field(
            "group",
            _("Group"),
            _("Its address, such as ok.ru/group/1234567890. Leave empty to choose from your groups."),
            secret=False,
            required=False,
        ),
    )

    # --- Who and what ---

    def check(self, credentials: Credentials) -> Steps[Identity]:
        person = yield from self._call(credentials, "users.getCurrentUser", fields="UID,NAME")
        if not isinstance(person, dict) or not person.get("uid"):
            raise Transient("an answer without a person")
        return Identity(str(person.get("name") or person["uid"]), "user", person=str(person["uid"]))

    def discover(self, credentials: Credentials, hint: str = "") -> Steps[list[Account]]:
        if name := hint or credentials.get("group", ""):
            named = group_name(name)
            id = named if named.isdigit() else (yield from self._id(credentials, named))
            return (yield from self._described(credentials, [id]))
        return (yield from self._described(credentials, (yield from self._own_ids(credentials))))

    def _own_ids(self, credentials: Credentials) -> Steps[list[str]]:
        """The numbers of the groups that the person is in; each page begins at the anchor of the one before."""
        ids: dict[str, None] = {}
        asked = {"count": str(GROUPS_A_PAGE)}
        while True:
            page = yield from self._call(credentials, "group.getUserGroupsV2", None, **asked)
            page = page if isinstance(page, dict) else {}
            fresh = [str(group.get("groupId") or "") for group in only_dicts(page.get("groups"))]
            anchor = str(page.get("anchor") or "")
            is_last = not anchor or not set(fresh) - set(ids)
            ids |= dict.fromkeys(fresh)
            if is_last:
                return list(filter(None, ids))
            asked["anchor"] = anchor

    def _id(self, credentials: Credentials, name: str) -> Steps[str]:
        """The number of a group that is known by its short name."""
        found = yield from self._call(credentials, "url.getInfo", url=f"https://ok.ru/{name}")
        if not isinstance(found, dict) or "GROUP" not in str(found.get("type", "")):
            raise Permanent("no such group", sentence=_NO_GROUP)
        return str(found.get("objectId", ""))

    def _described(self, credentials: Credentials, ids: Sequence[str]) -> Steps[list[Account]]:
        accounts: list[Account] = []
        for first in range(0, len(ids), GROUPS_A_PAGE):
            some = ",".join(ids[first : first + GROUPS_A_PAGE])
            groups = yield from self._call(credentials, "group.getInfo", uids=some, fields="UID,NAME,SHORTNAME,BLOCKED")
            accounts += map(_account, only_dicts(groups))
        if not accounts and ids:
            raise Permanent("no such group", sentence=_NO_GROUP)
        return accounts

    # --- Reading ---

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        if "followers" in visit.metrics:
            yield from self._call(
                visit.credentials,
                "group.getCounters",
                visit.exchanges,
                group_id=visit.account.external_id,
                counterTypes="MEMBERS",
            )
        names = [self.capabilities[metric].native_name for metric in visit.metrics]
        return (yield from self.ask_days(visit, DAYS_A_REQUEST, names, self._ask_part))

    def _ask_part(self, visit: Visit, part: Window, names: Sequence[str]) -> Steps[Any]:
        return self._call(
            visit.credentials,
            "group.getStatTrends",
            visit.exchanges,
            gid=visit.account.external_id,
            start_time=str(_moment(part.first)),
            end_time=str(_moment(part.last + timedelta(days=1)) - 1),
            fields=",".join(names),
        )

    def note(self, sheet: Sheet, exchange: Exchange) -> None:
        if exchange.asked.get("method") == "group.getCounters":
            self._note_members(sheet, exchange)
        elif exchange.asked.get("method") == "group.getStatTrends":
            self._note_days(sheet, exchange)

    def _note_members(self, sheet: Sheet, exchange: Exchange) -> None:
        """Members at this moment: the history ends with yesterday."""
        if not self.expects(sheet, exchange, ["followers"], [sheet.today]):
            return
        counters = exchange.json()
        counters = counters.get("counters") if isinstance(counters, dict) else None
        if isinstance(counters, dict):
            sheet.tell("followers", sheet.today, counters.get("members"))

    def _note_days(self, sheet: Sheet, exchange: Exchange) -> None:
        asked = exchange.asked.get("fields", "").split(",")
        named = self.expects_named(sheet, exchange, asked, _asked_days(exchange))
        trends: Any = exchange.json()
        if not named or not isinstance(trends, dict):
            return
        for name, metric in named.items():
            for day, value in _rows(trends.get(name)):
                if name != "members_count" or day < sheet.today:
                    sheet.tell(metric, day, value)

    # --- Errors ---

    def complaint(self, exchange: Exchange, body: Mapping[str, Any]) -> Complaint | None:
        if "error_code" not in body:
            return None
        words = f"{body.get('error_msg') or ''} {body.get('error_data') or ''}"
        return Complaint((body["error_code"],), words, metric=exchange.asked.get("fields", ""))

    # --- The wire ---

    def _call(
        self, credentials: Credentials, method: str, exchanges: list[Exchange] | None = None, **params: str
    ) -> Steps[Any]:
        token, (public, secret) = pasted_token(credentials), self._keys(credentials)
        asked = {**params, "method": method, "application_key": public, "format": "json"}
        signed = {**asked, "sig": signature(asked, token, secret), "access_token": token}
        secrets = (token, secret, signed["sig"])
        return (yield from self.fetch(Request("POST", self.base_url + PATH, form=signed, secrets=secrets), exchanges))

    def _keys(self, credentials: Credentials) -> tuple[str, str]:
        """The application's public and secret keys: the portal's own where the access was granted to it."""
        if not is_granted(credentials):
            return credentials.get("public_key", "").strip(), credentials.get("secret_key", "").strip()
        app = self._app_of(credentials)
        if app is None:
            raise Reauthorise("granted to another application")
        return app.public_key, app.secret


def signature(params: Mapping[str, str], token: str, secret_key: str) -> str:
    """What a request is signed with: https://apiok.ru/dev/methods/ — the token itself is not in what is signed."""
    session = _md5(token + secret_key)
    return _md5("".join(f"{name}={params[name]}" for name in sorted(params)) + session)


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def group_name(text: str) -> str:
    """A group's number or short name, from whatever a person pastes. Raises Permanent with a sentence."""
    found = GROUP.fullmatch(text.strip())
    name = found[1] if found else text.strip()
    if not NAME.fullmatch(name) or name == "group":
        raise Permanent("not a group", sentence=_NAME_IT)
    return name


def _account(group: Mapping[str, Any]) -> Account:
    id = str(group.get("uid", ""))
    return Account(
        external_id=id,
        title=str(group.get("name") or id),
        url=f"https://ok.ru/{group.get('shortname') or 'group/' + id}",
        timezone=ZONE.key,
        refused_because=_("Odnoklassniki has blocked this group.") if group.get("blocked") is True else "",
    )


def _moment(day: date) -> int:
    return int(datetime.combine(day, time(), ZONE).timestamp() * 1000)


def _day(milliseconds: Any) -> date | None:
    """The day of a point in a history. Whether it is Moscow's midnight or UTC's, in Moscow it is the same day."""
    told = as_number(milliseconds)
    if told is None or told >= 1 << 44:
        return None
    return datetime.fromtimestamp(int(told) // 1000, UTC).astimezone(ZONE).date()


def _asked_days(exchange: Exchange) -> Window:
    first, last = (_day(exchange.asked[name]) for name in ("start_time", "end_time"))
    assert first and last
    return Window(first, last)


def _rows(history: Any) -> Iterator[tuple[date, Any]]:
    for point in only_dicts(history):
        if day := _day(point.get("time")):
            yield day, point.get("value")
