"""What every platform that tells of posts keeps, asked over real HTTP of the sandbox."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Exchange, RateLimited, Reauthorise, ScopeMissing, Transient
from kpis.connectors.posts import READERS, SILENT, reader_for, silence_of
from kpis.connectors.posts.contract import POST_REASONS, PostLook, as_moment, dig, opening_of
from kpis.metrics import METRICS
from kpis.sandbox import meta, odnoklassniki, tiktok, vk, youtube
from smmportal.http import run
from tests.kpis.connectors.samples import SAMPLES

pytestmark = pytest.mark.usefixtures("sandbox")

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)
FEEDS = {
    "vk": lambda seed: vk.feed(seed, 207_700_007),
    "youtube": lambda seed: youtube.feed(seed, "UCobzharka7zerno00000007"),
    "instagram": lambda seed: meta.feed(seed, 17_841_400_000_007),
    "facebook": lambda seed: meta.feed(seed, 107_000_007),
    "tiktok": lambda seed: tiktok.feed(seed),
    "ok": lambda seed: odnoklassniki.feed(seed, 70_007_700_000_007),
}
#: The metric that every post has, in the stand-in's words.
MAIN = {
    "vk": ("views", "views"),
    "youtube": ("video_views", "views"),
    "instagram": ("views", "views"),
    "facebook": ("views", "views"),
    "tiktok": ("video_views", "views"),
    "ok": ("impressions", "views"),
}


@pytest.fixture(params=sorted(READERS))
def platform(request, sandbox) -> str:
    sandbox.now = lambda: NOW
    yield request.param
    sandbox.now = None


def look(platform, *, now=NOW, since=SINCE, credentials=None, account=None, **fields):
    sample = SAMPLES[platform]
    return run(
        READERS[platform].look(
            PostLook(credentials or sample.credentials, account or sample.account, since, now, **fields)
        )
    )


def there(platform, sandbox, now=NOW, since=SINCE):
    """The stand-in's own posts of the days that are looked at, the newest first."""
    return [post for post in FEEDS[platform](sandbox.seed).newest(now) if post.published_at >= since]


def name_of(sandbox) -> str:
    return {"instagram": "meta", "facebook": "meta"}.get(sandbox, sandbox)


def numbers(read):
    return {(one.external_id, one.metric): one.value for one in read.readings if one.value is not None}


def reasons(read):
    return {one.reason for one in read.readings if one.value is None}


# --- What is said of each platform ---


def test_every_platform_tells_of_posts_or_says_why_not():
    assert READERS.keys() | SILENT.keys() == CONNECTORS.keys()
    assert READERS.keys() & SILENT.keys() == set()
    assert reader_for("telegram") is None
    assert "Telegram tells no bot how often a post was viewed" in str(silence_of("telegram"))
    assert (silence_of("vk"), str(silence_of("file"))) == ("", "Only connected accounts have posts here.")


def test_every_metric_of_posts_is_in_the_catalogue(platform):
    assert set(READERS[platform].metrics) <= set(METRICS)
    assert len(set(READERS[platform].metrics)) == len(READERS[platform].abilities)


# --- A normal look ---


def test_the_posts_of_the_days_are_found_with_their_words_and_addresses(platform, sandbox):
    read = look(platform)
    expected = there(platform, sandbox)
    assert [(post.published_at, post.opening) for post in read.posts] == [
        (post.published_at.replace(microsecond=0), opening_of(post.words)) for post in expected
    ]
    assert len(expected) > 12
    assert all(post.permalink.startswith("https://") and "?utm" not in post.permalink for post in read.posts)
    assert len({post.external_id for post in read.posts}) == len(read.posts)
    assert len({post.kind for post in read.posts} - {"other"}) >= (1 if platform in {"youtube", "tiktok"} else 3)


def test_new_posts_are_asked_for_at_once_and_every_metric_is_told_or_missed(platform, sandbox):
    read = look(platform)
    told = Counter(one.external_id for one in read.readings)
    assert told == {post.external_id: len(READERS[platform].metrics) for post in read.posts}
    metric, ours = MAIN[platform]
    assert [numbers(read)[post.external_id, metric] for post in read.posts] == [
        post.count(ours, NOW) for post in there(platform, sandbox)
    ]
    assert (read.gone, read.error) == ((), None)


def test_of_the_known_only_those_that_are_due_are_asked_for(platform, sandbox):
    known = [post.external_id for post in look(platform).posts]
    sandbox.requests.clear()
    read = look(platform, known=known, due=known[2:3])
    assert {one.external_id for one in read.readings} == {known[2]}
    assert len(sandbox.requests) <= 5


def test_numbers_grow_with_age(platform, sandbox):
    early = NOW - timedelta(days=3)
    sandbox.now = lambda: early
    known = look(platform, now=early, since=early - timedelta(days=10))
    newest = known.posts[0].external_id
    sandbox.now = lambda: NOW
    later = look(platform, known=[post.external_id for post in known.posts], due=[newest])
    metric = MAIN[platform][0]
    assert numbers(known)[newest, metric] < numbers(later)[newest, metric]


def test_all_can_be_read_again_from_what_was_kept(platform):
    read = look(platform)
    kept = [Exchange(one.request, one.status, bytes(one.body)) for one in read.exchanges]
    again = READERS[platform].read_again(kept, SAMPLES[platform].account, SINCE, NOW)
    assert again == (read.posts, read.readings, read.gone)


def test_no_secret_is_in_what_is_kept(platform):
    sample = SAMPLES[platform]
    kept = "".join(one.request + one.body.decode() for one in look(platform).exchanges)
    secrets = [value for name, value in sample.credentials.items() if name in {"token", "secret_key", "refresh_token"}]
    assert [secret for secret in secrets if secret in kept] == []


# --- Missing is not zero ---


def test_a_hidden_number_is_hidden_and_not_zero(platform, sandbox):
    read = look(platform)
    hidden = {there(platform, sandbox).index(post) for post in there(platform, sandbox) if post.hides_likes}
    assert hidden
    silent = {number for number, post in enumerate(read.posts) if (post.external_id, "likes") not in numbers(read)}
    assert silent == hidden
    assert reasons(read) <= {"hidden", "not_given"}


def test_when_everything_is_hidden_nothing_is_zero(platform, sandbox):
    sandbox.misbehave(name_of(platform), "hidden", times=99)
    read = look(platform)
    assert numbers(read) == {}
    assert reasons(read) <= {"hidden", "not_given"}
    assert reasons(read)


def test_zero_is_a_number(platform, sandbox):
    sandbox.misbehave(name_of(platform), "zero", times=99)
    metric = MAIN[platform][0]
    assert {value for (_post, code), value in numbers(look(platform)).items() if code == metric} == {0}


def test_numbers_written_as_strings_are_numbers(platform, sandbox):
    plain = numbers(look(platform))
    sandbox.misbehave(name_of(platform), "strings", times=99)
    assert numbers(look(platform)) == plain


def test_an_answer_with_nothing_inside_loses_no_post(platform, sandbox):
    known = [post.external_id for post in look(platform).posts]
    sandbox.misbehave(name_of(platform), "empty", times=99)
    read = look(platform, known=known, due=known[:3])
    assert (read.posts, numbers(read), read.gone, read.error) == ((), {}, (), None)


def test_part_of_an_answer_leaves_gaps_beside_what_came(platform, sandbox):
    sandbox.misbehave(name_of(platform), "partial", times=99)
    read = look(platform)
    assert numbers(read)
    assert reasons(read)
    assert (read.gone, reasons(read) <= set(POST_REASONS)) == ((), True)


# --- Gone ---


def test_a_deleted_post_is_gone(platform, sandbox):
    feed = FEEDS[platform](sandbox.seed)
    deleted = [post for number in range(700) if (post := feed.post(number)).deleted_at and post.deleted_at < NOW]
    lost, early = deleted[-1], deleted[-1].deleted_at - timedelta(hours=1)
    since = early - timedelta(days=20)
    sandbox.now = lambda: early
    before = look(platform, now=early, since=since)
    [id] = [one.external_id for one in before.posts if one.published_at == lost.published_at.replace(microsecond=0)]
    known = [post.external_id for post in before.posts]
    sandbox.now = lambda: NOW
    read = look(platform, since=since, known=known, due=[known[0], id])
    assert read.gone == (id,)
    assert {one.external_id for one in read.readings} - {post.external_id for post in read.posts} == set()


def test_a_post_that_is_in_the_list_is_not_gone_whatever_another_answer_leaves_out(platform, sandbox):
    known = [post.external_id for post in look(platform).posts]
    reader, account = READERS[platform], SAMPLES[platform].account
    full = look(platform, known=known, due=known[:1]).exchanges
    empty = look(platform, known=known, due=known[:1])
    sandbox.now = lambda: NOW + timedelta(days=30)
    assert full == empty.exchanges
    posts, _readings, gone = reader.read_again(full, account, SINCE, NOW)
    assert (len(posts), gone) == (len(known), ())


# --- What goes wrong on the way ---


@pytest.mark.parametrize("how", ["429", "429-bare"])
def test_too_many_requests_are_a_wait(platform, sandbox, how):
    sandbox.misbehave(name_of(platform), how)
    with pytest.raises(RateLimited) as refusal:
        look(platform)
    assert refusal.value.retry_after >= 1


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ("expired", Reauthorise),
        ("forbidden", ScopeMissing),
        ("busy", Transient),
        ("cut", Transient),
        ("html", Transient),
        ("error200", Transient),
    ],
)
def test_a_refusal_is_an_error_of_its_type(platform, sandbox, how, error):
    sandbox.misbehave(name_of(platform), how, times=2)
    with pytest.raises(error):
        look(platform)


def test_what_came_before_the_connection_was_cut_is_kept(platform, sandbox):
    requests = {"vk": 1, "tiktok": 1, "youtube": 2, "instagram": 1, "facebook": 2, "ok": 2}
    sandbox.misbehave(name_of(platform), "cut", after=requests[platform])
    read = look(platform)
    assert (len(read.posts), read.readings, type(read.error)) == (len(there(platform, sandbox)), (), Transient)


# --- Peculiarities ---


@pytest.mark.parametrize("platform", ["instagram", "facebook", "ok"])
def test_a_retired_metric_is_named_and_the_others_still_arrive(sandbox, platform):
    sandbox.now = lambda: NOW
    known = [post.external_id for post in look(platform).posts]
    sandbox.misbehave(name_of(platform), "retired", times=99)
    read = look(platform, known=known, due=known[:1])
    sandbox.now = None
    retired = {one.metric for one in read.readings if one.reason == "retired"}
    assert retired == {"instagram": {"saves"}, "facebook": {"clicks"}, "ok": {"impressions"}}[platform]
    assert len(read.readings) == len(READERS[platform].metrics)


def test_reach_in_vk_is_for_who_runs_a_large_community(sandbox):
    sandbox.now = lambda: NOW
    told = {}
    for token, community in (
        ("sandbox-user", 207_700_007),
        ("sandbox-service", 207_700_007),
        ("sandbox-user", 207_700_008),
    ):
        account = SAMPLES["vk"].account.__class__(str(community), timezone="Europe/Moscow")
        sandbox.requests.clear()
        read = look("vk", credentials={"token": token}, account=account)
        reach = [one for one in read.readings if one.metric == "reach"]
        asked = [one for one in sandbox.requests if one["path"].endswith("getPostReach")]
        told[token, community] = ({one.reason for one in reach}, len(reach) == len(read.posts), read.error, len(asked))
    sandbox.now = None
    assert told == {
        ("sandbox-user", 207_700_007): ({""}, True, None, 1),
        ("sandbox-service", 207_700_007): ({"not_permitted"}, True, None, 1),
        ("sandbox-user", 207_700_008): ({"not_permitted"}, True, None, 1),
    }


def test_a_community_token_of_vk_may_not_see_the_wall(sandbox):
    with pytest.raises(ScopeMissing):
        look("vk", credentials={"token": "sandbox-community"})


def test_a_pinned_old_post_of_vk_does_not_end_the_list(sandbox):
    sandbox.now = lambda: NOW
    read = look("vk", since=NOW - timedelta(days=300))
    sandbox.now = None
    assert len(read.posts) == len(there("vk", sandbox, since=NOW - timedelta(days=300)))
    assert [one["params"]["offset"] for one in sandbox.requests if one["path"].endswith("wall.get")] == ["0", "100"]


def test_too_few_viewers_are_below_the_threshold_and_asked_once(sandbox):
    sandbox.now = lambda: NOW
    account = SAMPLES["instagram"].account.__class__("17841400000008", timezone="America/Los_Angeles")
    read = look("instagram", account=account)
    sandbox.now = None
    assert (numbers(read), reasons(read)) == ({}, {"below_threshold"})
    assert len([one for one in sandbox.requests if one["path"].endswith("/insights")]) == len(read.posts)


def test_a_channel_that_never_published_has_no_posts(sandbox):
    account = SAMPLES["youtube"].account.__class__("UC0000000000000000000003", timezone="America/Los_Angeles")
    read = look("youtube", account=account)
    assert (read.posts, read.error) == ((), None)


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        (None, ""),
        ("  a \n\n b\tc ", "a b c"),
        ("я" * 140, "я" * 140),
        ("я" * 141, "я" * 139 + "…"),
        ("слово " * 30, "слово " * 22 + "слово…"),
    ],
)
def test_the_opening_is_one_line_of_whole_words(text, opening):
    assert opening_of(text) == opening
    assert len(opening_of(text)) <= 140


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        (1795435200, NOW),
        ("1795435200", NOW),
        ("2026-11-23T12:00:00+0000", NOW),
        ("2026-11-23T15:00:00+03:00", NOW),
        ("2026-11-23T12:00:00Z", NOW),
        ("2026-11-23T12:00:00", None),
        (10**15, None),
        (None, None),
        (True, None),
        ({}, None),
    ],
)
def test_a_moment_is_read_with_its_offset_or_not_at_all(told, moment):
    assert as_moment(told) == moment


def test_digging_in_what_is_not_there_finds_nothing():
    assert [dig(told, "a.b") for told in ({"a": {"b": 0}}, {"a": 1}, {"a": None}, [], None)] == [
        0,
        None,
        None,
        None,
        None,
    ]
