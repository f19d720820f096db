"""What was said of single posts, kept verbatim in the chain of the source, and what was read in it, kept beside.

A look that brought nothing new leaves no snapshot: the list of posts is asked every hour. Posts and their numbers can
be read again from the snapshots alone (`expected_posts`); `manage.py rebuild_points` does.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from kpis.connectors.contract import Account
from kpis.connectors.posts import reader_for
from kpis.connectors.posts.contract import FoundPost, PostReading, PostsRead, Told
from kpis.ladder import next_due
from kpis.models import Post, PostPoint, Snapshot, Source
from kpis.points import SMALLEST
from kpis.recording import Link, add_links, pack, read_kept_exchange, unpack, written

#: What is not due for a few minutes yet is asked along.
SOON = timedelta(minutes=10)
POSTS = Snapshot.Kind.POSTS


@dataclass(frozen=True)
class PostFacts:
    """What is known of one post. Its moment is the first that was told: its age must not jump."""

    published_at: datetime
    permalink: str = ""
    kind: str = "other"
    opening: str = ""
    gone_at: datetime | None = None

    def with_found(self, post: FoundPost) -> "PostFacts":
        """The same post as it stands in the list now: it is there, and what the list leaves out stays known."""
        return PostFacts(
            self.published_at,
            post.permalink[:500] or self.permalink,
            self.kind if post.kind == "other" else post.kind,
            post.opening or self.opening,
        )


FACTS = tuple(field.name for field in fields(PostFacts))
Facts = dict[str, PostFacts]
Key = tuple[str, str, datetime]
Number = tuple[Decimal | None, str]


def learn(facts: Facts, told: Told, taken_at: datetime) -> None:
    """Put what one look said on top of what is known; pure."""
    posts, _readings, gone = told
    for post in posts:
        known = facts.get(post.external_id) or PostFacts(post.published_at)
        facts[post.external_id] = known.with_found(post)
    for id in gone:
        if id in facts and facts[id].gone_at is None:
            facts[id] = replace(facts[id], gone_at=taken_at)


# --- Recording ------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_posts(source: Source, read: PostsRead, *, since: datetime) -> int:
    """Keep what the platform said of posts, and what it means; how many numbers came. Twice changes nothing."""
    named = {one.external_id for one in (*read.posts, *read.readings)} | set(read.gone)
    rows = {post.external_id: post for post in Post.objects.filter(source=source, external_id__in=named)}
    facts = {id: facts_of(post) for id, post in rows.items()}
    before = dict(facts)
    learn(facts, (read.posts, read.readings, read.gone), read.taken_at)
    if facts == before and not read.readings:
        return 0
    [snapshot_id] = add_links([link_of(source, read, since)])
    put_facts(source, rows, {id: one for id, one in facts.items() if one != before.get(id)}, read.taken_at)
    return put_numbers(rows, read, snapshot_id)


def link_of(source: Source, read: PostsRead, since: datetime) -> Link:
    content = {
        "account": {"external_id": source.external_id, "timezone": source.timezone},
        "since": since.isoformat(),
        "exchanges": [written(exchange) for exchange in read.exchanges],
    }
    first, last = (moment.astimezone(source.zone).date() for moment in (since, read.taken_at))
    return Link(source.pk, POSTS.value, read.taken_at, first, last, pack(content))


def facts_of(post: Post) -> PostFacts:
    return PostFacts(post.published_at, post.permalink, post.kind, post.opening, post.gone_at)


def put_facts(source: Source, rows: dict[str, Post], changed: Mapping[str, PostFacts], now: datetime) -> None:
    """Write what is new of the posts; `rows` grows by those that were not there."""
    fresh = []
    for id, facts in changed.items():
        post = rows.get(id) or Post(source=source, external_id=id)
        came_back = post.gone_at is not None and facts.gone_at is None
        for name, value in vars(facts).items():
            setattr(post, name, value)
        if post.pk is None or came_back:
            post.next_at = next_due(post.published_at, now)
        if facts.gone_at:
            post.next_at = None
        fresh += [post] if post.pk is None else []
        rows[id] = post
    Post.objects.bulk_create(fresh)
    known = [rows[id] for id in changed if rows[id] not in fresh]
    Post.objects.bulk_update(known, [*FACTS, "next_at"])


def put_numbers(rows: Mapping[str, Post], read: PostsRead, snapshot_id: int) -> int:
    """Write the numbers under their moment, and when each post is due again; how many were written."""
    told = [(rows[one.external_id], one) for one in read.readings if one.external_id in rows]
    points = [
        PostPoint(post=post, metric=one.metric, value=one.value, reason=one.reason, snapshot_id=snapshot_id, **when)
        for post, one in told
        for when in [moment_of(post.published_at, read.taken_at)]
    ]
    PostPoint.objects.bulk_create(points, ignore_conflicts=True)
    answered = {post.pk: post for post, _one in told if post.next_at and post.next_at <= read.taken_at + SOON}
    for post in answered.values():
        post.next_at = next_due(post.published_at, max(read.taken_at, post.next_at))
    Post.objects.bulk_update(answered.values(), ["next_at"])
    return len(points)


def moment_of(published_at: datetime, taken_at: datetime) -> dict:
    return {"taken_at": taken_at, "age_seconds": max(0, int((taken_at - published_at).total_seconds()))}


# --- Reading again --------------------------------------------------------------------------------------------------


def told_again(snapshot: Snapshot, source: Source) -> Told:
    """What a snapshot says of posts, out of nothing but what it keeps."""
    reader, content = reader_for(source.platform), unpack(snapshot)
    if reader is None:
        return (), (), ()
    account = Account(content["account"]["external_id"], timezone=content["account"]["timezone"])
    exchanges = [read_kept_exchange(kept) for kept in content["exchanges"]]
    return reader.read_again(exchanges, account, datetime.fromisoformat(content["since"]), snapshot.taken_at)


def expected_posts(source: Source) -> tuple[Facts, dict[Key, Number]]:
    """What the source's posts and their numbers should be: its snapshots read again, oldest first."""
    facts: Facts = {}
    numbers: dict[Key, Number] = {}
    for snapshot in source.snapshots.filter(kind=POSTS).order_by("pk").iterator(chunk_size=20):
        told = told_again(snapshot, source)
        learn(facts, told, snapshot.taken_at)
        numbers |= {key: number for key, number in as_numbers(told[1], snapshot.taken_at) if key[0] in facts}
    return facts, numbers


def as_numbers(readings: Iterable[PostReading], taken_at: datetime) -> Iterator[tuple[Key, Number]]:
    """The readings with as many decimals as the database keeps."""
    for one in readings:
        value = None if one.value is None else one.value.quantize(SMALLEST)
        yield (one.external_id, one.metric, taken_at), (value, one.reason)


def kept_posts(source: Source) -> tuple[Facts, dict[Key, Number]]:
    """The posts and their numbers as they are in the database."""
    facts = {post.external_id: facts_of(post) for post in source.posts.all()}
    columns = ("post__external_id", "metric", "taken_at", "value", "reason")
    rows = PostPoint.objects.filter(post__source=source).order_by().values_list(*columns)
    return facts, {row[:3]: row[3:] for row in rows}


def post_differences(source: Source) -> Iterator[tuple[str, object, object]]:
    """Each post and number that is not what the snapshots say: which, what is there, what should be."""
    for kept, expected in zip(kept_posts(source), expected_posts(source), strict=True):
        for key in sorted(kept.keys() | expected.keys(), key=str):
            here, there = kept.get(key), expected.get(key)
            if here != there:
                yield str(key), here, there


@transaction.atomic
def put_posts_right(source: Source) -> None:
    """Make the posts and their numbers what the snapshots say."""
    facts, _numbers = expected_posts(source)
    source.posts.exclude(external_id__in=facts).delete()
    rows = {post.external_id: post for post in source.posts.all()}
    wrong = {id: one for id, one in facts.items() if id not in rows or facts_of(rows[id]) != one}
    put_facts(source, rows, wrong, timezone.now())
    PostPoint.objects.filter(post__source=source).delete()
    for snapshot in source.snapshots.filter(kind=POSTS).order_by("pk").iterator(chunk_size=20):
        read = PostsRead(*told_again(snapshot, source), (), snapshot.taken_at)
        put_numbers(rows, read, snapshot.pk)
