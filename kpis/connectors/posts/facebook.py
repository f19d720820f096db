"""The posts of a Facebook Page: reactions from the post itself, views and clicks from its insights.

https://developers.facebook.com/documentation/pages-api/platforminsights/page — insights want the Page's own token.
Facebook leaves the number of shares out where it does not tell it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import Exchange, Steps, pasted_token
from kpis.connectors.posts.contract import FoundPost, Kind, PostAbility, PostLook, PostSheet, as_moment, dig, opening_of
from kpis.connectors.posts.meta import GraphPosts

KINDS: dict[str, Kind] = {
    "mobile_status_update": "text",
    "added_photos": "photo",
    "added_video": "video",
    "shared_story": "link",
}
SUMMED = "limit(0).summary(true)"


def _insight(metric: str, native_name: str) -> PostAbility:
    return PostAbility(metric, native_name, lag=timedelta(days=1), threshold=_("told of Pages with at least 100 likes"))


class FacebookPosts(GraphPosts):
    """Reach, views, clicks and reactions in all."""

    abilities = (
        _insight("reach", "post_total_media_view_unique"),
        _insight("views", "post_media_view"),
        _insight("clicks", "post_clicks"),
        PostAbility("likes", "reactions.summary.total_count"),
        PostAbility("comments", "comments.summary.total_count"),
        PostAbility("shares", "shares.count"),
    )
    insights = {ability.native_name: ability.metric for ability in abilities if ability.lag}
    counts = {ability.native_name: ability.metric for ability in abilities if not ability.lag}
    edge, moment = "posts", "created_time"
    fields = "id,permalink_url,created_time,message,status_type"

    def token(self, look: PostLook) -> Steps[str]:
        if "token" not in look.kept:
            person = pasted_token(look.credentials)
            page = yield from self.connector._get(person, look.account.external_id, fields="access_token")
            look.kept["token"] = str(page.get("access_token") or person)
        return look.kept["token"]

    def ask_one(self, look: PostLook, token: str, id: str) -> Steps[None]:
        fields = f"shares,comments.{SUMMED},reactions.{SUMMED}"
        yield from self.connector._get(token, id, look.exchanges, fields=fields)
        yield from super().ask_one(look, token, id)

    def note_post(self, sheet: PostSheet, post: Mapping[str, Any]) -> None:
        if published_at := as_moment(post.get(self.moment)):
            kind = KINDS.get(str(post.get("status_type")), "other")
            id, address = str(post.get("id") or ""), str(post.get("permalink_url") or "")
            sheet.find(FoundPost(id, published_at, address, kind, opening_of(post.get("message"))))

    def note_counts(self, sheet: PostSheet, exchange: Exchange, id: str) -> None:
        if self.is_lost(exchange):
            sheet.lose(id)
        elif self.note_refusal(sheet, exchange, id, tuple(self.counts.values())):
            for path, metric in self.counts.items():
                sheet.tell(id, metric, dig(exchange.json(), path))
