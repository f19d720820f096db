"""Posts of a VK community: `wall.get` and `wall.getById`, for tokens of people and of applications.

https://github.com/VKCOM/vk-api-schema — a pinned post stands first whatever its age; views are not told of every post.
`stats.getPostReach` tells reach and clicks to whoever runs the community, of its last three hundred posts; other people
write that small communities are not told. Where it is refused the rest goes on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import Exchange, MetricRetired, ScopeMissing, Steps, as_number, only_dicts
from kpis.connectors.posts.contract import (
    MOST_PAGES,
    FoundPost,
    Kind,
    PostAbility,
    PostLook,
    PostReader,
    PostSheet,
    as_moment,
    dig,
    lots,
    opening_of,
)
from kpis.connectors.vk import VK

POSTS_A_PAGE, REACHED_A_REQUEST = 100, 30
MAY_READ = ("user", "service")
KINDS: dict[str, Kind] = {"photo": "photo", "video": "video", "link": "link", "poll": "poll"}


def _counted(metric: str, native_name: str) -> PostAbility:
    return PostAbility(metric, native_name, token_kinds=MAY_READ)


def _reached(metric: str, native_name: str) -> PostAbility:
    threshold = _("told to whoever runs the community, and perhaps only from 5,000 members on")
    return PostAbility(metric, native_name, threshold=threshold, token_kinds=("user",))


class VKPosts(PostReader[VK]):
    """Views and reactions in all, as they are now; reach and clicks where the right to see them exists."""

    batch = 100
    counted = (
        _counted("views", "views.count"),
        _counted("likes", "likes.count"),
        _counted("comments", "comments.count"),
        _counted("shares", "reposts.count"),
    )
    reached = (_reached("reach", "reach_total"), _reached("clicks", "links"))
    abilities = (*counted, *reached)

    def find(self, look: PostLook) -> Steps[None]:
        owner = f"-{look.account.external_id}"
        for number in range(MOST_PAGES):
            page = yield from self.connector._call(
                look.credentials,
                "wall.get",
                look.exchanges,
                owner_id=owner,
                filter="owner",
                count=str(POSTS_A_PAGE),
                offset=str(number * POSTS_A_PAGE),
            )
            posts = [post for post in _items(page) if not post.get("is_pinned")]
            oldest = as_moment(posts[-1].get("date")) if posts else None
            if len(_items(page)) < POSTS_A_PAGE or oldest is None or oldest < look.since:
                return

    def ask(self, look: PostLook, ids: Sequence[str]) -> Steps[None]:
        yield from self.connector._call(look.credentials, "wall.getById", look.exchanges, posts=",".join(ids))
        for some in lots(ids, REACHED_A_REQUEST):
            asked = {"owner_id": f"-{look.account.external_id}", "post_ids": ",".join(map(_number, some))}
            try:
                yield from self.connector._call(look.credentials, "stats.getPostReach", look.exchanges, **asked)
            except (ScopeMissing, MetricRetired):
                # Whoever may not see the first may not see the others.
                return

    def note(self, sheet: PostSheet, exchange: Exchange) -> None:
        if exchange.path.endswith("stats.getPostReach"):
            self._note_reach(sheet, exchange)
        elif self.answers(exchange):
            self._note_posts(sheet, exchange)

    def _note_posts(self, sheet: PostSheet, exchange: Exchange) -> None:
        posts = [post for post in _items(exchange.json()["response"]) if not post.get("is_deleted")]
        if exchange.path.endswith("wall.get"):
            for post in posts:
                _find(sheet, post)
        elif exchange.path.endswith("wall.getById"):
            self._note_numbers(sheet, exchange, {_id(post): post for post in posts})

    def _note_numbers(self, sheet: PostSheet, exchange: Exchange, posts: Mapping[str, dict[str, Any]]) -> None:
        asked = exchange.asked.get("posts", "").split(",")
        sheet.lose_untold(asked, posts.keys())
        for id in asked:
            if id in posts:
                for ability in self.counted:
                    told = dig(posts[id], ability.native_name)
                    sheet.tell(id, ability.metric, told, silence="not_given" if _has(posts[id], ability) else "hidden")
                sheet.miss(id, [ability.metric for ability in self.reached], "not_given")

    def _note_reach(self, sheet: PostSheet, exchange: Exchange) -> None:
        """Of the posts that are there; those that are gone have no numbers to miss."""
        problem = self.connector.judge(exchange)
        there = {id for id, _metric in sheet.readings}
        if problem and problem.gap:
            # One refusal stands for all posts of the visit: the others were not asked.
            for id in there:
                for ability in self.reached:
                    sheet.refuse(id, ability.metric, problem.gap)
        for row in only_dicts(exchange.json()["response"]) if not problem else ():
            id = f"{exchange.asked.get('owner_id', '')}_{row.get('post_id')}"
            for ability in self.reached if id in there else ():
                told = row.get(ability.native_name, row.get(f"{ability.native_name}_count"))
                sheet.tell(id, ability.metric, told)


def _number(id: str) -> str:
    """The post's number on its wall."""
    return id.rpartition("_")[2]


def _items(response: Any) -> list[dict[str, Any]]:
    """The posts of an answer: in an object, or in a bare list in older versions of the API."""
    return only_dicts(response.get("items") if isinstance(response, dict) else response)


def _has(post: Mapping[str, Any], ability: PostAbility) -> bool:
    """Whether VK speaks of this number at all; what it leaves out it hides."""
    return ability.native_name.partition(".")[0] in post


def _id(post: Mapping[str, Any]) -> str:
    """A post is known by its wall and its number on it."""
    owner, number = post.get("owner_id"), as_number(post.get("id"))
    return f"{owner}_{number}" if isinstance(owner, int) and number is not None else ""


def _find(sheet: PostSheet, post: Mapping[str, Any]) -> None:
    published_at = as_moment(post.get("date"))
    if published_at is None or post.get("post_type", "post") not in {"post", "copy"}:
        return
    id = _id(post)
    words = post.get("text") or dig(next(iter(only_dicts(post.get("copy_history"))), {}), "text")
    sheet.find(FoundPost(id, published_at, f"https://vk.com/wall{id}", _kind(post), opening_of(words)))


def _kind(post: Mapping[str, Any]) -> Kind:
    kinds = [str(one.get("type")) for one in only_dicts(post.get("attachments"))]
    if not kinds:
        return "text"
    return "album" if kinds.count("photo") > 1 else KINDS.get(kinds[0], "other")
