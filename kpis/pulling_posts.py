"""Looking at sources' posts: the same engine as for their own numbers, with jobs and a queue of its own.

Each source is looked at every hour, so that a new post is seen before its first step of the ladder is past, and
whenever a step of a known post is due. Only those posts are asked for that are new or due. `PostWatch` is the job;
everything is written only while its claim stands.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import connection, transaction
from django.db.models import F, Min
from django.utils import timezone

from kpis.asking import Clock, Desk, at_desk
from kpis.connectors.contract import ConnectorError, Outage, Permanent
from kpis.connectors.posts import READERS, reader_for
from kpis.connectors.posts.contract import PostLook, PostsRead
from kpis.ladder import LADDER
from kpis.models import Post, PostWatch, Source
from kpis.post_recording import SOON, record_posts
from kpis.pulling import BATCH, ROUND_TAKES, Claimed, Pull, Pulled, Round, account_of, with_access, words_of
from kpis.storing import ClaimLost
from kpis.timing import FIRST_PAUSE, Chance, next_pull_after

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(hours=1)
NOT_SOONER_THAN = timedelta(minutes=5)
#: A post is looked for until its ladder is climbed, and a little longer, so that what is deleted then is still noticed.
LOOK_BACK = LADDER[-1].age + timedelta(days=1)
#: So many sources are looked at in one go; the account's own numbers must never wait for these.
AT_ONCE = 100


def watch_sources(now: datetime) -> int:
    """Give a job to each source whose platform tells of posts and that has none; how many were new.

    Not before its own numbers have come once: they are what people wait for.
    """
    waiting = Source.objects.filter(platform__in=READERS, post_watch=None, last_success_at__isnull=False)
    fresh = [PostWatch(source_id=pk, next_at=now) for pk in waiting.order_by("pk").values_list("pk", flat=True)[:BATCH]]
    PostWatch.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def pull_posts_due(
    *, clock: Clock = timezone.now, chance: Chance = random.random, seconds: float = ROUND_TAKES
) -> Counter[str]:
    """Look at whatever is due until nothing is, or the time is up; how many went well («ok») or how else."""
    ends = time.monotonic() + seconds
    watch_sources(clock())

    def more(number: int) -> list[Claimed]:
        return claim_posts_due(clock(), at_most=min(number, AT_ONCE)) if time.monotonic() < ends else []

    return run_post_round(more, clock=clock, chance=chance)


def pull_posts(source: Source, *, clock: Clock = timezone.now, chance: Chance = random.random) -> Pulled | None:
    """Look at the source's posts if that is due and nobody else is at it; None when there was nothing to do."""
    rest = [claim_posts_due(clock(), only=source.pk)]
    done: dict[int, Pulled] = {}
    run_post_round(lambda _number: rest.pop() if rest else [], clock=clock, chance=chance, done=done)
    return done.get(source.pk)


def run_post_round(
    more: Callable[[int], Sequence[Claimed]],
    *,
    clock: Clock,
    chance: Chance,
    done: dict[int, Pulled] | None = None,
) -> Counter[str]:
    async def work(desk: Desk) -> Counter[str]:
        return await PostRound(desk, more, clock, chance, done).run()

    return at_desk(work, clock=clock)


# --- Claims ---------------------------------------------------------------------------------------------------------

#: As in `kpis.pulling`. A source that is paused, or whose access is lost, is not looked at either.
CLAIM = """
WITH due AS MATERIALIZED (
    SELECT kpis_postwatch.id FROM kpis_postwatch JOIN kpis_source ON kpis_source.id = source_id
    WHERE next_at <= %s AND paused_at IS NULL AND kpis_source.error_kind <> 'reauthorise' {only}
    ORDER BY next_at LIMIT %s {lock}
)
UPDATE kpis_postwatch SET next_at = %s, claimed_at = %s WHERE id IN (SELECT id FROM due) AND next_at <= %s
RETURNING id
"""


def claim_posts_due(now: datetime, *, at_most: int = AT_ONCE, only: int | None = None) -> list[Claimed]:
    """Take due jobs for ourselves in one conditional update, those that have waited longest first."""
    lock = "FOR UPDATE OF kpis_postwatch SKIP LOCKED" if connection.vendor == "postgresql" else ""
    statement = CLAIM.format(only="" if only is None else "AND source_id = %s", lock=lock)
    moment = connection.ops.adapt_datetimefield_value
    due, until = moment(now), moment(now + Source.CLAIMED_FOR)
    with connection.cursor() as cursor:
        cursor.execute(statement, [due, *([] if only is None else [only]), at_most, until, due, due])
        claimed = [pk for (pk,) in cursor.fetchall()]
    sources = Source.objects.filter(post_watch__in=claimed).select_related("post_watch").order_by("pk")
    return with_access(list(sources.annotate(agency_id=F("project__agency_id"))), now)


# --- One look -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostWrite:
    """One source's part: what the platform said of posts, if anything, and what is to stand on the job."""

    source: Source
    claimed_at: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    read: PostsRead | None = None
    since: datetime | None = None


class PostPull(Pull):
    """One claimed look at a source's posts."""

    async def _take(self, round_: Round) -> ConnectorError | None:
        reader = reader_for(self.source.platform)
        if reader is None:
            raise Permanent(f"no posts of {self.source.platform}")
        if not self.gate.is_open and not self.gate.is_probe:
            raise Outage("the breaker is open")
        credentials = await round_.credentials_of(self)
        asking = round_.asking_for(self, reader.connector, credentials, self.access.token_kind)
        look = await round_.desk.bridge.call(self._look, asking.credentials)
        read = await round_.desk.visit(asking, reader.look(look), is_probe=self.gate.is_probe)
        success = {} if read.error else {"last_success_at": read.taken_at}
        await self._write(round_, None, {**success, **self.ending(read.error)}, read=read, since=look.since)
        return read.error

    def _look(self, credentials: dict[str, str]) -> PostLook:
        now = self.clock()
        since = now - LOOK_BACK
        posts = Post.objects.filter(source=self.source)
        known = set(posts.filter(published_at__gte=since - SOON).values_list("external_id", flat=True))
        due = posts.filter(next_at__lte=now + SOON).order_by("next_at").values_list("external_id", flat=True)
        return PostLook(credentials, account_of(self.source), since, now, list(due), known)

    async def _write(self, round_: Round, visit: None, fields: dict[str, Any], **more: Any) -> None:
        more.pop("lost_access", None)
        self.leave()
        self.changed += await round_.write(PostWrite(self.source, self.claimed_at, fields, **more))

    def ending(self, error: ConnectorError | None) -> dict[str, Any]:
        """Give the job back and say when to come again; when all went well the next due post may bring it forward.

        Lost access is told by the source's own pull, which comes soon.
        """
        now, watch = self.clock(), self.source.post_watch
        if error is None:
            clean = {"error_kind": "", "error_detail": "", "error_words": "", "attempts": 0}
            return {"claimed_at": None, "next_at": now + LOOK_EVERY, **clean}
        if isinstance(error, Outage):
            return {**self._put_back((self.gate.opens_at or now) - now), **words_of(error)}
        again = next_pull_after(error, watch.attempts + 1, now, self.chance) or now + LOOK_EVERY
        return {"claimed_at": None, "next_at": again, "attempts": watch.attempts + 1, **words_of(error)}

    def _put_back(self, pause: timedelta) -> dict[str, Any]:
        return {"claimed_at": None, "next_at": self.clock() + pause + FIRST_PAUSE * self.chance()}


# --- Writing --------------------------------------------------------------------------------------------------------


def store_posts(writes: Sequence[PostWrite]) -> list[int | Exception]:
    """Write each on its own; how many numbers came for each, or why it was not written."""
    return [_store_or_say_why(write) for write in writes]


def _store_or_say_why(write: PostWrite) -> int | Exception:
    try:
        return _store(write)
    except ClaimLost as lost:
        return lost
    except Exception as error:
        log.exception("posts could not be written", extra={"source": write.source.pk})
        return error


@transaction.atomic
def _store(write: PostWrite) -> int:
    watch = PostWatch.objects.select_for_update().get(source=write.source)
    if watch.claimed_at != write.claimed_at:
        raise ClaimLost
    changed = record_posts(write.source, write.read, since=write.since) if write.read and write.since else 0
    for name, value in write.fields.items():
        setattr(watch, name, value)
    if not watch.error_kind:
        watch.next_at = sooner(write.source, watch.next_at)
    watch.save()
    return changed


def sooner(source: Source, planned: datetime) -> datetime:
    """When the source's next post is due, if that is before the look that is planned; never at once."""
    due = Post.objects.filter(source=source).aggregate(due=Min("next_at"))["due"]
    earliest = planned - LOOK_EVERY + NOT_SOONER_THAN
    return min(planned, max(due, earliest)) if due else planned


class PostRound(Round):
    pull: ClassVar[type[Pull]] = PostPull
    store: ClassVar[Callable[[list[Any]], list[int | Exception]]] = staticmethod(store_posts)
