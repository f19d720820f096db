"""A creator's videos by TikTok's Display API: `video/list` and `video/query`, totals as they are now.

https://developers.tiktok.com/doc/tiktok-api-v2-video-query
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kpis.connectors.contract import Exchange, Steps, bearing, only_dicts, pasted_token
from kpis.connectors.posts.contract import (
    MOST_PAGES,
    FoundPost,
    PostAbility,
    PostLook,
    PostReader,
    PostSheet,
    as_moment,
    dig,
    opening_of,
)
from kpis.connectors.tiktok import VIDEOS, VIDEOS_A_PAGE, TikTok

QUERY = "/v2/video/query/"
FIELDS = ("id", "create_time", "share_url", "title", "video_description")


class TikTokPosts(PostReader[TikTok]):
    """Views and reactions in all, as they are now."""

    batch = 20
    abilities = (
        PostAbility("video_views", "view_count"),
        PostAbility("likes", "like_count"),
        PostAbility("comments", "comment_count"),
        PostAbility("shares", "share_count"),
    )

    def find(self, look: PostLook) -> Steps[None]:
        sent: dict[str, Any] = {"max_count": VIDEOS_A_PAGE}
        for _number in range(MOST_PAGES):
            page = yield from self._post(look, VIDEOS, FIELDS, sent)
            moments = [moment for video in _videos(page) if (moment := as_moment(video.get("create_time")))]
            cursor = dig(page, "data.cursor")
            if dig(page, "data.has_more") is not True or cursor in (None, sent.get("cursor")):
                return
            if not moments or min(moments) < look.since:
                return
            sent = {**sent, "cursor": cursor}

    def ask(self, look: PostLook, ids: Sequence[str]) -> Steps[None]:
        names = ["id", *(ability.native_name for ability in self.abilities)]
        yield from self._post(look, QUERY, names, {"filters": {"video_ids": list(ids)}})

    def _post(self, look: PostLook, path: str, names: Sequence[str], sent: Mapping[str, Any]) -> Steps[Any]:
        token, url = pasted_token(look.credentials), f"{self.connector.base_url}{path}"
        request = bearing(token, "POST", url, params={"fields": ",".join(names)}, json=sent)
        return (yield from self.connector.fetch(request, look.exchanges))

    def note(self, sheet: PostSheet, exchange: Exchange) -> None:
        if not self.answers(exchange):
            return
        videos = {str(video.get("id") or ""): video for video in _videos(exchange.json())}
        if exchange.path.endswith(VIDEOS):
            for id, video in videos.items():
                _find(sheet, id, video)
        elif exchange.path.endswith(QUERY):
            asked = dig(exchange.sent, "filters.video_ids") or []
            sheet.lose_untold(asked, videos.keys())
            for id in asked:
                for ability in self.abilities if id in videos else ():
                    silence = "not_given" if ability.native_name in videos[id] else "hidden"
                    sheet.tell(id, ability.metric, videos[id].get(ability.native_name), silence=silence)


def _videos(body: Any) -> list[dict[str, Any]]:
    return only_dicts(dig(body, "data.videos"))


def _find(sheet: PostSheet, id: str, video: Mapping[str, Any]) -> None:
    if published_at := as_moment(video.get("create_time")):
        words = video.get("title") or video.get("video_description")
        address = str(video.get("share_url") or "").partition("?")[0]
        sheet.find(FoundPost(id, published_at, address, "short", opening_of(words)))
