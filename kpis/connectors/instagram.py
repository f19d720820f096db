"""Instagram's professional accounts, read through the Page that they are tied to (Graph API with Facebook Login).

https://developers.facebook.com/documentation/instagram-platform/api-reference/instagram-user/insights — only reach is
a series of days; all else is told as one total of the time asked for, so that each day is a request of its own.
Names that Meta has retired (`impressions`, `profile_views`, `website_clicks`, …) are not asked.

Unconfirmed: that thirty days may be asked at once (fewer end as an error), the names of an account's totals (a wrong
one ends as retired), and how a breakdown by who follows is written (another way is a gap).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import (
    Account,
    Capabilities,
    ConnectorError,
    Field,
    ScopeMissing,
    Steps,
    Visit,
    pasted_token,
)
from kpis.connectors.meta import TIME_ZONE, Graph, daily, in_profile, meta_consent, retired

DAYS_A_REQUEST = 30
#: How far back we ask. A day costs two requests, and two hundred an hour are allowed: sixty days fit into one visit.
DAYS_BACK = 60
FOLLOWS = "follows_and_unfollows"


class Instagram(Graph):
    """Followers now; reach, views and reactions by day."""

    code = "instagram"
    name = "Instagram"
    capabilities = Capabilities(
        metrics=(
            in_profile("followers", "followers_count"),
            # «Follower» is what the person became, not what they were.
            daily("follows", f"{FOLLOWS}.FOLLOWER"),
            daily("unfollows", f"{FOLLOWS}.NON_FOLLOWER"),
            daily("reach", "reach"),
            daily("views", "views"),
            daily("interactions", "total_interactions"),
            daily("likes", "likes"),
            daily("comments", "comments"),
            daily("shares", "shares"),
            daily("saves", "saves"),
            in_profile("total_posts", "media_count"),
        ),
        history_days=DAYS_BACK,
        min_audience=100,
        token_kinds=("user", "page"),
        # Meta gave no day for the end of video_views.
        former=(
            retired("impressions", "impressions", date(2025, 4, 21)),
            retired("video_views", "video_views"),
            retired("clicks", "website_clicks", date(2025, 1, 8)),
        ),
    )
    consent = meta_consent("instagram_basic", "instagram_manage_insights", "pages_show_list", "pages_read_engagement")
    fields = (
        Field(
            "token",
            _("Access token"),
            _(
                "A token of Facebook Login with the permissions instagram_basic, instagram_manage_insights, "
                "pages_show_list and pages_read_engagement, of a person who runs the Page that the account is tied to. "
                "The account must be a business or creator account."
            ),
        ),
    )
    permission = "instagram_manage_insights"
    lacking = _(
        "The token lacks the permission instagram_manage_insights. Make it again with instagram_basic, "
        "instagram_manage_insights, pages_show_list and pages_read_engagement."
    )
    page_fields = "id,name,instagram_business_account{id,username,name}"
    profile = {"followers": "followers_count", "total_posts": "media_count"}
    hidden_from_few = frozenset({"follows", "unfollows"})

    def account_of(self, page: Mapping[str, Any]) -> Account:
        own = page.get("instagram_business_account")
        if not isinstance(own, dict):
            name = str(page.get("name") or "")
            return Account(str(page.get("id", "")), name, refused_because=_NOT_TIED)
        username = str(own.get("username") or "")
        return Account(
            external_id=str(own.get("id", "")),
            title=str(own.get("name") or username),
            url=f"https://www.instagram.com/{username}/" if username else "",
            timezone=TIME_ZONE,
        )

    def visit(self, visit: Visit) -> Steps[ConnectorError | None]:
        token = pasted_token(visit.credentials)
        # The number of followers also says whether the audience is too small for the rest.
        fields = ",".join(self.profile.values())
        yield from self._get(token, visit.account.external_id, visit.exchanges, fields=fields)
        refusals: list[ConnectorError] = []
        for names, days, params in self._questions(visit.metrics):
            refusal = yield from self.ask_days(visit, days, names, partial(self.ask_insights, token, params))
            if isinstance(refusal, ScopeMissing):
                return refusal
            refusals += [refusal] if refusal else []
        return next(iter(refusals), None)

    def _questions(self, metrics: Iterable[str]) -> Iterator[tuple[list[str], int, dict[str, str]]]:
        """Which insights are asked for together, for how many days at a time, and how."""
        names = {self.insight(metric)[0] for metric in self.insights(metrics)}
        if "reach" in names:
            yield ["reach"], DAYS_A_REQUEST, {}
        if totals := sorted(names - {"reach", FOLLOWS}):
            yield totals, 1, {"metric_type": "total_value"}
        if FOLLOWS in names:
            yield [FOLLOWS], 1, {"metric_type": "total_value", "breakdown": "follow_type"}


_NOT_TIED = _("No Instagram business account is tied to this Page. Tie it in the Page's settings first.")
