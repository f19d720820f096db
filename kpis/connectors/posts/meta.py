"""What posts on Instagram and on Facebook Pages have in common: pages of a list, one request a post, lost posts."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from kpis.connectors.contract import (
    BelowThreshold,
    Exchange,
    Permanent,
    ScopeMissing,
    Steps,
    ask_apart,
    only_dicts,
)
from kpis.connectors.meta import Graph
from kpis.connectors.posts.contract import (
    MOST_PAGES,
    PostLook,
    PostReader,
    PostSheet,
    as_moment,
    dig,
)

POSTS_A_PAGE = 50
#: «Object with ID does not exist, or cannot be loaded»: of a post that we have read, it is gone.
NO_SUCH_OBJECT = 33


class GraphPosts(PostReader[Graph]):
    """Posts that are read with Meta's Graph API: insights want a request for each."""

    #: The edge of the account where its posts are, the fields that describe one, and which of them is its moment.
    edge: ClassVar[str]
    fields: ClassVar[str]
    moment: ClassVar[str]
    #: Our metrics by the names of the insights.
    insights: ClassVar[Mapping[str, str]]

    def token(self, look: PostLook) -> Steps[str]:
        """What to ask with."""
        return str(look.credentials.get("token", "")).strip()
        yield

    def find(self, look: PostLook) -> Steps[None]:
        token, path = (yield from self.token(look)), f"{look.account.external_id}/{self.edge}"
        asked = {"fields": self.fields, "limit": str(POSTS_A_PAGE)}
        for _number in range(MOST_PAGES):
            page = yield from self.connector._get(token, path, look.exchanges, **asked)
            moments = [told for post in only_dicts(page.get("data")) if (told := as_moment(post.get(self.moment)))]
            cursor = dig(page, "paging.cursors.after")
            if not dig(page, "paging.next") or not cursor or not moments or min(moments) < look.since:
                return
            asked["after"] = str(cursor)

    def ask(self, look: PostLook, ids: Sequence[str]) -> Steps[None]:
        token = yield from self.token(look)
        for id in ids:
            try:
                yield from self.ask_one(look, token, id)
            except Permanent:
                if not self.is_lost(look.exchanges[-1]):
                    raise

    def ask_one(self, look: PostLook, token: str, id: str) -> Steps[None]:
        yield from ask_apart(partial(self._ask_insights, look, token, id), list(self.insights))

    def _ask_insights(self, look: PostLook, token: str, id: str, names: Sequence[str]) -> Steps[None]:
        try:
            yield from self.connector._get(token, f"{id}/insights", look.exchanges, metric=",".join(names))
        except (BelowThreshold, ScopeMissing) as refusal:
            # Too few viewers are too few for every number of the post, and a right is missing for all of them.
            if not refusal.gap:
                raise

    def is_lost(self, exchange: Exchange) -> bool:
        body = exchange.json()
        complaint = self.connector.complaint(exchange, body) if isinstance(body, dict) else None
        return complaint is not None and NO_SUCH_OBJECT in complaint.codes

    def note(self, sheet: PostSheet, exchange: Exchange) -> None:
        id = exchange.path.rpartition("/")[2]
        if id == self.edge:
            for post in only_dicts(exchange.json().get("data")) if self.answers(exchange) else ():
                self.note_post(sheet, post)
        elif id == "insights":
            self.note_insights(sheet, exchange, exchange.path.split("/")[-2])
        else:
            self.note_counts(sheet, exchange, id)

    @abstractmethod
    def note_post(self, sheet: PostSheet, post: Mapping[str, Any]) -> None:
        """Put a post of the list down."""

    def note_counts(self, sheet: PostSheet, exchange: Exchange, id: str) -> None:
        """Put down what the post itself says of its numbers, where it does."""

    def note_insights(self, sheet: PostSheet, exchange: Exchange, id: str) -> None:
        names = exchange.asked.get("metric", "").split(",")
        metrics = [self.insights[name] for name in names if name in self.insights]
        problem = self.connector.judge(exchange)
        if self.is_lost(exchange):
            sheet.lose(id)
        elif isinstance(problem, BelowThreshold | ScopeMissing) or (problem and problem.gap and len(metrics) == 1):
            sheet.miss(id, metrics, problem.gap)
        elif problem is None:
            told = {str(row.get("name")): _value(row) for row in only_dicts(exchange.json().get("data"))}
            self._tell(sheet, id, told, names)

    def _tell(self, sheet: PostSheet, id: str, told: Mapping[str, Any], names: Collection[str]) -> None:
        for name in names:
            if name in self.insights:
                silence = "hidden" if name in told else "not_given"
                sheet.tell(id, self.insights[name], told.get(name), silence=silence)


def _value(row: Mapping[str, Any]) -> Any:
    """The one number of a lifetime insight."""
    values = only_dicts(row.get("values"))
    return values[0].get("value") if values else dig(row, "total_value.value")
