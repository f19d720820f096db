"""Looks at posts against the platforms' stand-in over real HTTP: what is asked when, what stays, what is told again."""

import zlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from kpis.ladder import LADDER, Aged, at_step
from kpis.models import MetricSeries, PlatformDay, Point, Post, PostPoint, PostWatch, Snapshot, Source
from kpis.post_recording import kept_posts, post_differences
from kpis.pulling import pull_source
from kpis.pulling_posts import LOOK_EVERY, claim_posts_due, pull_posts, pull_posts_due, run_post_round, watch_sources
from kpis.recording import differences, verify_snapshots
from kpis.sandbox import vk
from kpis.tasks import look_at_posts
from tests.builders import make_source
from tests.kpis.connectors.samples import OK_KEYS, SAMPLES
from tests.kpis.test_pulling import COMMUNITY, due_source, login_for

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def source(cast, sandbox):
    sandbox.now = lambda: NOW
    source = due_source(cast, last_success_at=NOW)
    watch_sources(NOW)
    yield source
    sandbox.now = None


def look(source, at=NOW, sandbox=None):
    """Look at the source's posts at a moment of our choosing; the stand-in lives at the same moment."""
    if sandbox:
        sandbox.now = lambda: at
    return pull_posts(Source.objects.get(pk=source.pk), clock=lambda: at, chance=lambda: 0.5)


def live(source, sandbox, *, until, first=NOW) -> list[datetime]:
    """Come whenever the job says so, from the first look on; the moments of the looks."""
    at, looks = first, []
    while at <= until:
        assert look(source, at, sandbox).error is None
        looks.append(at)
        at = PostWatch.objects.get(source=source).next_at
    return looks


def feed(sandbox):
    return vk.feed(sandbox.seed, int(COMMUNITY))


def asked_for(sandbox) -> list[str]:
    return [one["params"]["posts"] for one in sandbox.requests if one["path"].endswith("wall.getById")]


# --- The job ---


def test_sources_get_a_job_once_their_own_numbers_have_come(cast, sandbox):
    make_source(cast, platform="telegram", last_success_at=NOW)
    make_source(cast, platform="file", login=None, last_success_at=NOW)
    waiting = make_source(cast)
    ready = make_source(cast, last_success_at=NOW)
    assert [watch_sources(NOW), watch_sources(NOW)] == [1, 0]
    assert list(PostWatch.objects.values_list("source", "next_at")) == [(ready.pk, NOW)]
    Source.objects.filter(pk=waiting.pk).update(last_success_at=NOW)
    assert watch_sources(NOW) == 1


def test_the_first_look_brings_the_posts_of_a_month_with_their_numbers(source, sandbox):
    pulled = look(source)
    posts = [post for post in feed(sandbox).newest(NOW) if post.published_at > NOW - timedelta(days=29)]
    assert pulled.error is None
    assert pulled.changed == 6 * len(posts)
    assert list(Post.objects.values_list("external_id", "published_at", "gone_at")) == [
        (f"-{COMMUNITY}_{post.number}", post.published_at.replace(microsecond=0), None) for post in posts
    ]
    views = PostPoint.objects.filter(metric="views").order_by("-post__published_at")
    assert [int(point.value) for point in views] == [post.count("views", NOW) for post in posts]
    assert {point.taken_at - point.post.published_at - point.age < timedelta(seconds=1) for point in views} == {True}


def test_a_look_at_posts_leaves_the_accounts_own_numbers_alone(source):
    before = Source.objects.values().get(pk=source.pk)
    look(source)
    assert Source.objects.values().get(pk=source.pk) == before
    assert (Point.objects.count(), MetricSeries.objects.count()) == (0, 0)


def test_nothing_is_due_twice(source, sandbox):
    look(source)
    assert look(source) is None
    assert look(source, NOW + timedelta(minutes=4)) is None


def test_a_look_that_brings_nothing_new_leaves_no_snapshot(source, sandbox):
    look(source)
    PostWatch.objects.update(next_at=NOW)
    assert look(source).changed == 0
    assert Snapshot.objects.filter(kind="posts").count() == 1


def test_the_job_comes_again_within_the_hour_and_when_a_post_is_due(source):
    look(source)
    watch = PostWatch.objects.get()
    due = Post.objects.exclude(next_at=None).earliest("next_at").next_at
    assert (watch.claimed_at, watch.last_success_at, watch.error_kind) == (None, NOW, "")
    assert watch.next_at == min(NOW + LOOK_EVERY, max(due, NOW + timedelta(minutes=5)))


def test_every_new_post_has_a_number_at_every_step_that_it_lived_to(source, sandbox):
    end = NOW + timedelta(days=9)
    looks = live(source, sandbox, until=end)
    born = [post for post in Post.objects.all() if NOW < post.published_at < end - timedelta(hours=7)]
    assert len(born) >= 4
    for post in born:
        views = [Aged(point.age, point.value) for point in post.points.filter(metric="views")]
        lived = min(end, post.gone_at or end) - post.published_at
        missing = [step.code for step in LADDER if step.age < lived and not at_step(step, views)]
        assert (post.external_id, missing) == (post.external_id, [])
        assert len(views) <= 3 + sum(step.age < lived for step in LADDER)
    assert len(looks) < 9 * 24 * 2
    assert list(post_differences(source)) == []


def test_of_known_posts_only_the_due_ones_are_asked_for(source, sandbox):
    look(source)
    due = Post.objects.filter(next_at__gt=NOW + timedelta(hours=1)).earliest("next_at")
    sandbox.requests.clear()
    PostWatch.objects.update(next_at=NOW)
    look(source, due.next_at, sandbox)
    new = set(Post.objects.filter(published_at__gt=NOW).values_list("external_id", flat=True))
    assert due.external_id in {id for ids in asked_for(sandbox) for id in ids.split(",")}
    assert {id for ids in asked_for(sandbox) for id in ids.split(",")} - new <= set(
        Post.objects.filter(next_at__gt=due.next_at).values_list("external_id", flat=True)
    )
    assert sum(len(ids.split(",")) for ids in asked_for(sandbox)) < Post.objects.count() / 2


def test_a_post_whose_ladder_is_climbed_is_left_alone(source, sandbox):
    look(source)
    Post.objects.update(published_at=NOW - timedelta(days=28))
    PostWatch.objects.update(next_at=NOW)
    sandbox.requests.clear()
    Post.objects.update(next_at=None)
    look(source)
    assert asked_for(sandbox) == []


# --- Gone ---


def gone_post(sandbox):
    """A post of the stand-in that is deleted before our moment, and when."""
    posts = [post for number in range(700) if (post := feed(sandbox).post(number)).deleted_at]
    return [post for post in posts if post.deleted_at < NOW - timedelta(days=1)][-1]


def test_a_deleted_post_is_gone_since_the_moment_we_saw_it_and_keeps_its_numbers(source, sandbox):
    lost = gone_post(sandbox)
    first = lost.deleted_at - timedelta(hours=2)
    PostWatch.objects.update(next_at=first)
    live(source, sandbox, first=first, until=lost.deleted_at + timedelta(days=4))
    post = Post.objects.get(external_id=f"-{COMMUNITY}_{lost.number}")
    assert lost.deleted_at < post.gone_at <= lost.published_at + timedelta(days=7)
    assert post.next_at is None
    assert post.points.filter(metric="views", value__gt=0).exists()
    assert not post.points.filter(taken_at__gte=post.gone_at).exists()
    assert Post.objects.exclude(gone_at=None).count() == 1
    assert list(post_differences(source)) == []


def test_a_post_that_is_back_in_the_list_is_not_gone_any_more(source, sandbox):
    look(source)
    newest = Post.objects.first()
    Post.objects.filter(pk=newest.pk).update(gone_at=NOW, next_at=None)
    PostWatch.objects.update(next_at=NOW)
    look(source)
    newest.refresh_from_db()
    assert newest.gone_at is None
    assert newest.next_at > NOW


# --- Missing is not zero ---


def test_a_hidden_number_is_a_gap_with_its_reason(source, sandbox):
    look(source)
    gaps = PostPoint.objects.filter(value=None)
    assert set(gaps.values_list("metric", "reason")) == {("likes", "hidden")}
    assert not PostPoint.objects.filter(metric="likes", value=0, age_seconds__gt=86_400).exists()


def test_zero_is_a_number(source, sandbox):
    sandbox.misbehave("vk", "zero", times=9)
    look(source)
    assert set(PostPoint.objects.filter(metric="views").values_list("value", flat=True)) == {Decimal(0)}


# --- What goes wrong ---


def test_too_many_requests_are_answered_with_the_wait_that_was_asked_for(source, sandbox):
    sandbox.misbehave("vk", "429")
    assert look(source).error.kind == "rate_limited"
    watch = PostWatch.objects.get()
    assert (watch.error_kind, watch.attempts) == ("rate_limited", 1)
    assert watch.next_at == NOW + timedelta(seconds=7 + 30)
    assert Source.objects.get().error_kind == ""


def test_what_came_before_the_cut_is_kept_and_the_numbers_are_asked_again(source, sandbox):
    sandbox.misbehave("vk", "cut", after=1)
    pulled = look(source)
    assert (pulled.error.kind, pulled.changed, Post.objects.count() > 10) == ("transient", 0, True)
    watch = PostWatch.objects.get()
    assert (watch.last_success_at, watch.next_at) == (None, NOW + timedelta(minutes=1))
    due = Post.objects.exclude(next_at=None).earliest("next_at")
    look(source, due.next_at, sandbox)
    assert due.points.exists()
    assert list(post_differences(source)) == []


def test_lost_access_is_left_to_the_sources_own_pull(source, sandbox):
    sandbox.misbehave("vk", "expired", times=9)
    look(source)
    assert (PostWatch.objects.get().error_kind, PostWatch.objects.get().next_at) == ("reauthorise", NOW + LOOK_EVERY)
    pull_source(Source.objects.get(), clock=lambda: NOW, chance=lambda: 0.5)
    assert Source.objects.get().error_kind == "reauthorise"
    assert look(source, NOW + timedelta(days=1)) is None


def test_a_paused_source_is_not_looked_at(source, sandbox):
    Source.objects.update(paused_at=NOW)
    assert look(source) is None
    assert list(sandbox.requests) == []


def test_a_token_that_may_not_see_the_wall_says_so(cast, sandbox):
    source = due_source(cast, token="sandbox-community", last_success_at=NOW)
    watch_sources(NOW)
    assert look(source).error.kind == "scope_missing"
    assert "token of a person" in PostWatch.objects.get().error_words


# --- Claims ---


def test_a_claim_is_taken_once_and_runs_out(source):
    assert [len(claim_posts_due(NOW)), len(claim_posts_due(NOW))] == [1, 0]
    assert look(source, NOW + Source.CLAIMED_FOR - timedelta(seconds=1)) is None
    assert look(source, NOW + Source.CLAIMED_FOR).error is None


def test_a_worker_whose_claim_was_taken_over_writes_nothing(source):
    claimed = [claim_posts_due(NOW)]
    PostWatch.objects.update(claimed_at=NOW + timedelta(hours=1))
    run_post_round(lambda _number: claimed.pop() if claimed else [], clock=lambda: NOW, chance=lambda: 0.5)
    assert (Post.objects.count(), PostPoint.objects.count(), Snapshot.objects.count()) == (0, 0, 0)
    assert PostWatch.objects.get().claimed_at == NOW + timedelta(hours=1)


def test_the_ledger_counts_what_was_asked(source):
    look(source)
    assert PlatformDay.objects.get(platform="vk").calls == 3


def test_the_timetable_finds_new_sources_and_looks_at_them(cast, sandbox):
    sandbox.now = timezone.now
    for platform in ("youtube", "instagram", "facebook", "tiktok", "ok"):
        sample = SAMPLES[platform]
        login = login_for(cast, platform, sample.credentials["token"], **(OK_KEYS if platform == "ok" else {}))
        fields = {"external_id": sample.account.external_id, "last_success_at": NOW}
        make_source(cast, platform=platform, login=login, timezone=sample.account.timezone, **fields)
    look_at_posts()
    assert set(PostWatch.objects.values_list("error_kind", flat=True)) == {""}
    assert set(Post.objects.values_list("source__platform", flat=True)) == {
        "youtube",
        "instagram",
        "facebook",
        "tiktok",
        "ok",
    }
    assert [list(post_differences(source)) for source in Source.objects.all()] == [[]] * 5
    sandbox.now = None


def test_many_sources_cost_their_own_queries_and_no_more(cast, sandbox):
    for _number in range(3):
        due_source(cast, external_id=str(900_000_001 + Source.objects.count()), last_success_at=NOW)
    sandbox.now = lambda: NOW
    assert dict(pull_posts_due(clock=lambda: NOW, chance=lambda: 0.5)) == {"ok": 3}
    sandbox.now = None


# --- Reading again ---


def test_posts_and_points_are_rebuilt_from_the_snapshots_without_a_difference(source, sandbox):
    pull_source(source, clock=lambda: NOW, chance=lambda: 0.5)
    live(source, sandbox, until=NOW + timedelta(days=2))
    assert list(post_differences(source)) == []
    assert list(differences(source)) == []
    assert verify_snapshots() == []
    call_command("rebuild_points")


def test_whatever_is_spoilt_is_found_and_put_right(source, sandbox, capsys):
    live(source, sandbox, until=NOW + timedelta(hours=20))
    before = kept_posts(source)
    spoilt, lost = Post.objects.all()[:2]
    PostPoint.objects.filter(pk=spoilt.points.first().pk).update(value=999_999)
    spoilt.points.last().delete()
    Post.objects.filter(pk=spoilt.pk).update(opening="Somebody else's words")
    lost.delete()
    with pytest.raises(CommandError):
        call_command("rebuild_points")
    assert "999999" in capsys.readouterr().out
    call_command("rebuild_points", write=True)
    assert kept_posts(source) == before
    assert not Post.objects.filter(gone_at=None, next_at=None, published_at__gt=NOW - timedelta(days=20)).exists()


def test_no_token_is_in_what_is_kept(source):
    look(source)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM kpis_snapshot")
        bodies = [bytes(body) for (body,) in cursor.fetchall()]
    assert [b"sandbox-user" in zlib.decompress(body) for body in bodies] == [False]
