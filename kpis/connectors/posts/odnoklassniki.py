"""The topics of an Odnoklassniki group: `group.getStatTopics`, `group.getStatTopic`, and the words of new ones.

https://apiok.ru/dev/methods/rest/group/group.getStatTopics — topics that only their author sees are not there. The
names of the fields are those of the group's statistics, from other people's code: one that is wrong ends as «retired».
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from kpis.connectors.contract import Exchange, Permanent, Steps, as_number, ask_apart, only_dicts
from kpis.connectors.odnoklassniki import Odnoklassniki
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

TOPICS_A_PAGE = 100
LIST, WORDS, NUMBERS = "group.getStatTopics", "mediatopic.getByIds", "group.getStatTopic"
NOT_FOUND = 300
KINDS: dict[str, Kind] = {"text": "text", "photo": "photo", "movie": "video", "link": "link", "poll": "poll"}


class OKPosts(PostReader[Odnoklassniki]):
    """Reach, showings and reactions in all, as they are now."""

    abilities = (
        PostAbility("reach", "reach"),
        PostAbility("impressions", "renderings"),
        PostAbility("likes", "likes"),
        PostAbility("comments", "comments"),
        PostAbility("shares", "reshares"),
        PostAbility("clicks", "link_clicks"),
    )

    def find(self, look: PostLook) -> Steps[None]:
        asked = {
            "gid": look.account.external_id,
            "start_time": _milliseconds(look.since),
            "end_time": _milliseconds(look.now),
            "count": str(TOPICS_A_PAGE),
            "fields": "id,created_ms",
        }
        found: dict[str, None] = {}
        for _number in range(MOST_PAGES):
            page = yield from self.connector._call(look.credentials, LIST, look.exchanges, **asked)
            fresh = [id for topic in _topics(page) if (id := _id(topic)) and id not in found]
            found |= dict.fromkeys(fresh)
            anchor = dig(page, "anchor")
            if not fresh or not anchor:
                break
            asked["anchor"] = str(anchor)
        yield from self._read_words(look, [id for id in found if id not in look.known])

    def _read_words(self, look: PostLook, ids: Sequence[str]) -> Steps[None]:
        for some in lots(ids, TOPICS_A_PAGE):
            asked = {"topic_ids": ",".join(some), "fields": "media_topic.*"}
            yield from self.connector._call(look.credentials, WORDS, look.exchanges, **asked)

    def ask(self, look: PostLook, ids: Sequence[str]) -> Steps[None]:
        names = [ability.native_name for ability in self.abilities]
        for id in ids:
            try:
                yield from ask_apart(partial(self._ask_one, look, id), names)
            except Permanent:
                if not _is_lost(look.exchanges[-1]):
                    raise

    def _ask_one(self, look: PostLook, id: str, names: Sequence[str]) -> Steps[Any]:
        asked = {"topic_id": id, "fields": ",".join(names)}
        return self.connector._call(look.credentials, NUMBERS, look.exchanges, **asked)

    def note(self, sheet: PostSheet, exchange: Exchange) -> None:
        method = exchange.asked.get("method")
        if method == NUMBERS:
            self._note_numbers(sheet, exchange)
        elif not self.answers(exchange):
            return
        elif method == LIST:
            for topic in _topics(exchange.json()):
                _find(sheet, topic)
        elif method == WORDS:
            for topic in only_dicts(dig(exchange.json(), "media_topics")):
                _describe(sheet, topic)

    def _note_numbers(self, sheet: PostSheet, exchange: Exchange) -> None:
        id, names = exchange.asked.get("topic_id", ""), exchange.asked.get("fields", "").split(",")
        asked = {ability.native_name: ability.metric for ability in self.abilities if ability.native_name in names}
        if _is_lost(exchange):
            sheet.lose(id)
        elif self.note_refusal(sheet, exchange, id, tuple(asked.values())):
            topic = dig(exchange.json(), "topic")
            for name, metric in asked.items():
                silence = "hidden" if isinstance(topic, dict) and name in topic else "not_given"
                sheet.tell(id, metric, dig(topic, name), silence=silence)


def _topics(page: Any) -> list[dict[str, Any]]:
    return only_dicts(dig(page, "topics"))


def _id(topic: Mapping[str, Any]) -> str:
    return str(topic.get("id") or "")


def _is_lost(exchange: Exchange) -> bool:
    return dig(exchange.json(), "error_code") == NOT_FOUND


def _find(sheet: PostSheet, topic: Mapping[str, Any]) -> None:
    milliseconds = as_number(topic.get("created_ms"))
    if milliseconds is not None and (published_at := as_moment(int(milliseconds) // 1000)):
        id = _id(topic)
        sheet.find(FoundPost(id, published_at, f"https://ok.ru/group/{sheet.account.external_id}/topic/{id}"))


def _describe(sheet: PostSheet, topic: Mapping[str, Any]) -> None:
    """The words and the kind of a topic that is in the list."""
    post, media = sheet.posts.get(_id(topic)), only_dicts(topic.get("media"))
    if post:
        words = next((one.get("text") for one in media if one.get("text")), "")
        kinds = [str(one.get("type")) for one in media if one.get("type") != "text"] or ["text"]
        kind = KINDS.get(kinds[0], "other")
        sheet.find(FoundPost(post.external_id, post.published_at, post.permalink, kind, opening_of(words)))


def _milliseconds(moment: Any) -> str:
    return str(int(moment.timestamp()) * 1000)
