"""What is peculiar to YouTube: Google's renewal, a plain key for public numbers, days that are Californian and late."""

import json
import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.connectors import connector_for
from kpis.connectors.contract import (
    Account,
    Exchange,
    MetricRetired,
    Permanent,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Transient,
    Window,
)
from kpis.connectors.youtube import channel_named
from kpis.sandbox import youtube as stand_in
from smmportal.http import Answer, run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import GOOGLE, NOON, SAMPLES, TOKEN

YOUTUBE = connector_for("youtube")
SAMPLE = SAMPLES["youtube"]
OWN = "UCobzharka7zerno00000007"
FOREIGN = "UCforeigncoffee000000009"
KEY = {"api_key": "sandbox-public-key", "channel": "https://www.youtube.com/@foreigncoffee"}
WINDOW = Window(date(2026, 11, 16), date(2026, 11, 18))
REPORT = "GET https://youtubeanalytics.googleapis.com/v2/reports?metrics={}&startDate=2026-11-16&endDate=2026-11-18"
CHANNELS = "GET https://www.googleapis.com/youtube/v3/channels?part=statistics&id=UC1"
RENEWAL = "POST https://www.googleapis.com/oauth2/v4/token?grant_type=refresh_token"


def report(rows, names="views", headers=None):
    headers = headers or [{"name": name} for name in ("day", *names.split(","))]
    return Exchange(REPORT.format(names), 200, json.dumps({"columnHeaders": headers, "rows": rows}).encode())


def channel(**statistics):
    return Exchange(CHANNELS, 200, json.dumps({"items": [{"statistics": statistics}]}).encode())


def parse(*exchanges, metrics=("video_views",), window=WINDOW):
    account = Account("UC1", timezone="America/Los_Angeles")
    return YOUTUBE.parse(exchanges, account=account, window=window, metrics=metrics, taken_at=NOON)


def judge(status, asked=CHANNELS, **error):
    return YOUTUBE.judge(Exchange(asked, status, json.dumps({"error": error}).encode()))


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        (400, "badRequest", Permanent),
        (400, "keyInvalid", Reauthorise),
        (401, "authError", Reauthorise),
        (403, "insufficientPermissions", ScopeMissing),
        (403, "forbidden", ScopeMissing),
        (403, "quotaExceeded", RateLimited),
        (403, "rateLimitExceeded", RateLimited),
        (403, "accessNotConfigured", Permanent),
        (404, "channelNotFound", Permanent),
        (429, "RATE_LIMIT_EXCEEDED", RateLimited),
        (500, "backendError", Transient),
        (503, "backendError", Transient),
    ],
)
def test_each_error_has_its_type_whatever_the_status_says(status, reason, error):
    assert type(judge(status, code=status, errors=[{"reason": reason}])) is error
    assert type(judge(200, code=status, errors=[{"reason": reason}])) is error


def test_a_bad_request_for_a_report_is_a_retired_metric():
    refusal = judge(400, REPORT.format("dislikes"), code=400, message="Unknown identifier (dislikes)")
    assert (type(refusal), refusal.metric) == (MetricRetired, "dislikes")


def test_a_days_quota_waits_longer_than_a_seconds():
    waits = [judge(403, errors=[{"reason": reason}]).retry_after for reason in ("quotaExceeded", "rateLimitExceeded")]
    assert waits == [4 * 3600, 60]


@pytest.mark.parametrize(
    ("code", "words"),
    [("invalid_grant", "seven days"), ("invalid_client", "client ID and secret"), ("unauthorized_client", "client ID")],
)
def test_a_refused_renewal_says_what_to_bring(code, words):
    body = json.dumps({"error": code, "error_description": "words"}).encode()
    refusal = YOUTUBE.judge(Exchange(RENEWAL, 400, body))
    assert (type(refusal), words in str(refusal.sentence)) == (Reauthorise, True)


# --- The table of a report ---


def test_columns_are_found_by_their_names():
    rows = [["2026-11-16", 5, 7]]
    headers = [{"name": "day"}, {"name": "likes"}, {"name": "views"}]
    points, _gaps = parse(report(rows, "views,likes", headers), metrics=("likes", "video_views"))
    assert [(point.metric, point.value) for point in points] == [("likes", Decimal(5)), ("video_views", Decimal(7))]


def test_a_day_that_is_absent_is_not_zero():
    points, gaps = parse(report([["2026-11-16", 0], ["2026-11-18", 4]]))
    assert [(point.day.day, point.value) for point in points] == [(16, Decimal(0)), (18, Decimal(4))]
    assert [(gap.day.day, gap.reason) for gap in gaps] == [(17, "not_given")]


@pytest.mark.parametrize("rows", [None, [], [None], [["nonsense", 1]], [[]], [["2026-11-16"]], [["2026-11-16", -3]]])
def test_a_crooked_table_is_all_gaps(rows):
    points, gaps = parse(report(rows))
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"] * 3)


def test_followers_from_a_thousand_on_are_rounded_and_say_so():
    today = Window(TODAY, TODAY)
    for count, approximate in (("999", False), ("1000", True), ("5430", True)):
        points, _gaps = parse(channel(subscriberCount=count, videoCount="12345"), metrics=("followers",), window=today)
        assert [(str(point.value), point.approximate) for point in points] == [(count, approximate)]
    points, _gaps = parse(channel(videoCount="12345"), metrics=("total_posts",), window=today)
    assert [point.approximate for point in points] == [False]


def test_hidden_followers_are_hidden_even_when_a_zero_stands_there():
    told = channel(hiddenSubscriberCount=True, subscriberCount="0", viewCount="10")
    points, gaps = parse(told, metrics=("followers", "total_views"), window=Window(TODAY, TODAY))
    assert [(point.metric, point.value) for point in points] == [("total_views", Decimal(10))]
    assert [(gap.metric, gap.reason) for gap in gaps] == [("followers", "hidden")]


# --- Against the sandbox ---


def test_numbers_are_the_sandboxs(sandbox):
    told = {(point.metric, point.day): int(point.value) for point in SAMPLE.read().points}
    life = stand_in.life(sandbox.seed, OWN)
    day = TODAY - timedelta(days=4)
    assert told["followers", TODAY] == stand_in.rounded(life.followers(TODAY))
    assert told["total_views", TODAY] == stand_in.total_views(life, TODAY)
    assert (told["follows", day], told["unfollows", day]) == (life.follows(day), life.unfollows(day))


def test_the_last_days_are_not_counted_yet(sandbox):
    reading = SAMPLE.read(metrics=["video_views"])
    assert [(gap.day, gap.reason) for gap in reading.gaps] == [
        (TODAY - timedelta(days=1), "not_ready"),
        (TODAY, "not_ready"),
    ]


def test_a_long_window_is_asked_in_parts(sandbox):
    reading = SAMPLE.read(first=TODAY - timedelta(days=399), metrics=["video_views"])
    assert (len(reading.exchanges), len(reading.points)) == (2, 398)


def test_today_begins_at_californias_midnight(sandbox):
    before = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)
    for moment, day in ((before, date(2026, 11, 22)), (before + timedelta(minutes=2), date(2026, 11, 23))):
        reading = SAMPLE.read(taken_at=moment, metrics=["followers"])
        assert [point.day for point in reading.points] == [day]


def test_no_search_is_ever_made(sandbox):
    SAMPLE.read()
    run(YOUTUBE.discover(SAMPLE.credentials))
    assert {one["path"] for one in sandbox.requests} == {"/youtube/v3/channels", "/v2/reports"}


def test_a_retired_metric_alone_is_an_error_and_among_others_a_gap(sandbox):
    sandbox.misbehave("youtube", "retired", times=99)
    with pytest.raises(MetricRetired):
        SAMPLE.read(metrics=["shares"])
    assert {gap.reason for gap in SAMPLE.read(metrics=["likes", "shares"]).gaps if gap.metric == "shares"} == {
        "retired"
    }


def test_a_channel_that_is_not_ours_shows_only_what_everybody_sees(sandbox):
    reading = SAMPLE.read(external_id=FOREIGN)
    assert {point.metric for point in reading.points} == {"followers", "total_views", "total_posts"}
    assert {gap.reason for gap in reading.gaps if gap.metric == "likes"} == {"not_permitted"}
    assert reading.error is None


# --- Access ---


def test_the_check_exchanges_what_was_pasted_and_keeps_the_access(sandbox):
    identity = run(YOUTUBE.check(GOOGLE))
    assert (identity.login, identity.token_kind) == ("Обжарка №7: обжариваем вслух", "oauth")
    assert identity.scopes == ("youtube.readonly", "yt-analytics.readonly", "analytics.readonly")
    assert identity.credentials == {**GOOGLE, "token": "sandbox-access-refresh"}
    assert timedelta(minutes=59) < identity.expires_at - datetime.now(UTC) < timedelta(hours=1)


def test_renewed_access_replaces_the_old_and_leaves_the_rest(sandbox):
    renewed = run(YOUTUBE.renew({**GOOGLE, "token": "stale", "channel": ""}))
    assert renewed.credentials == {**GOOGLE, "token": "sandbox-access-refresh", "channel": ""}


def test_what_never_runs_out_is_not_renewed(sandbox):
    assert (run(YOUTUBE.renew(KEY)), YOUTUBE.renews(KEY), YOUTUBE.renews(GOOGLE)) == (None, False, True)
    assert list(sandbox.requests) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"expires_in": 3599}, Transient),
        ({"access_token": "", "expires_in": 3599}, Transient),
        ({"access_token": "new"}, Transient),
        ({"access_token": "new", "expires_in": "soon"}, Transient),
        ({"error": "invalid_grant"}, Reauthorise),
    ],
)
def test_a_renewal_that_brings_nothing_is_no_renewal(body, error):
    steps = YOUTUBE.renew(GOOGLE)
    next(steps)
    with pytest.raises(error):
        steps.send(Answer(200, {}, json.dumps(body).encode()))


def test_a_refresh_token_that_changes_is_kept():
    steps = YOUTUBE.renew(GOOGLE)
    next(steps)
    body = {"access_token": "new", "expires_in": 3599, "refresh_token": "newer"}
    with pytest.raises(StopIteration) as finished:
        steps.send(Answer(200, {}, json.dumps(body).encode()))
    assert finished.value.value.credentials == {**GOOGLE, "token": "new", "refresh_token": "newer"}


def test_a_refresh_token_that_is_quoted_back_is_kept_as_it_is():
    """What is kept of answers is masked; a renewal's answer is not kept, and must not be."""
    steps = YOUTUBE.renew(GOOGLE)
    next(steps)
    body = {"access_token": "new", "expires_in": 3599, "refresh_token": GOOGLE["refresh_token"]}
    with pytest.raises(StopIteration) as finished:
        steps.send(Answer(200, {}, json.dumps(body).encode()))
    assert finished.value.value.credentials == {**GOOGLE, "token": "new"}


def test_no_secret_of_a_renewal_is_in_a_log_or_a_description(sandbox, caplog):
    caplog.set_level(logging.DEBUG)
    steps = YOUTUBE.renew(GOOGLE)
    request = next(steps)
    run(YOUTUBE.check(GOOGLE))
    lines = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name == "smmportal.http"]
    said = "".join([request.described(), repr(request), *lines, repr(run(YOUTUBE.renew(GOOGLE)))])
    assert [secret for secret in (*GOOGLE.values(), "sandbox-access-refresh") if secret in said] == []


@pytest.mark.parametrize("credentials", [{}, {"client_id": "x", "client_secret": "y"}, {"channel": "@obzharka7"}])
def test_pasting_too_little_says_what_is_needed(sandbox, credentials):
    with pytest.raises(Reauthorise) as refusal:
        run(YOUTUBE.check(credentials))
    assert "API key" in str(refusal.value.sentence)
    assert list(sandbox.requests) == []


@pytest.mark.parametrize("change", [{"refresh_token": "stolen"}, {"client_id": "nobodys"}, {"client_secret": ""}])
def test_wrong_pastings_are_refused_when_connecting(sandbox, change):
    with pytest.raises(Reauthorise):
        run(YOUTUBE.check({**GOOGLE, **change}))


# --- With a key ---


def test_a_key_reads_public_numbers_and_names_the_rest_as_not_permitted(sandbox):
    identity = run(YOUTUBE.check(KEY))
    (account,) = run(YOUTUBE.discover(KEY))
    reading = SAMPLE.read(credentials=KEY, external_id=account.external_id, first=TODAY)
    assert (identity.login, identity.token_kind, identity.expires_at) == ("Чужая кофейня", "key", None)
    assert (account.external_id, account.began_on) == (FOREIGN, date(2024, 5, 20))
    assert {point.metric for point in reading.points} == {"followers", "total_views", "total_posts"}
    assert {(gap.metric, gap.reason) for gap in reading.gaps} == {
        (code, "not_permitted") for code in YOUTUBE.capabilities.codes[3:]
    }
    assert YOUTUBE.capabilities.readable_with("key") == ("followers", "total_views", "total_posts")


def test_a_key_alone_with_days_is_refused_in_words(sandbox):
    with pytest.raises(ScopeMissing) as refusal:
        SAMPLE.read(credentials=KEY, metrics=["likes"])
    assert "owner" in str(refusal.value.sentence)


def test_the_key_is_kept_nowhere(sandbox):
    reading = SAMPLE.read(credentials=KEY, external_id=FOREIGN)
    assert "sandbox-public-key" not in repr(reading)


@pytest.mark.parametrize(("key", "words"), [("wrong-key-12345", "whole"), ("two words", "whole"), ("k", "whole")])
def test_a_wrong_key_is_refused_in_words(sandbox, key, words):
    with pytest.raises(Reauthorise) as refusal:
        run(YOUTUBE.check({**KEY, "api_key": key}))
    assert words in str(refusal.value.sentence)


# --- Channels ---


def test_channels_come_page_by_page(sandbox):
    accounts = run(YOUTUBE.discover({"token": "sandbox-many"}))
    assert len({account.external_id for account in accounts}) == 120
    assert [one["params"].get("pageToken") for one in sandbox.requests] == [None, "50", "100"]


def test_channels_have_their_zone_and_first_day(sandbox):
    accounts = run(YOUTUBE.discover({"token": TOKEN}))
    assert [(one.external_id, one.timezone, one.began_on) for one in accounts] == [
        (OWN, "America/Los_Angeles", date(2024, 5, 20)),
        ("UCroastery7school0000008", "America/Los_Angeles", date(2024, 5, 20)),
    ]


@pytest.mark.parametrize(
    ("pasted", "asked"),
    [
        (OWN, {"id": OWN}),
        (f"https://www.youtube.com/channel/{OWN}", {"id": OWN}),
        ("@coffee", {"forHandle": "@coffee"}),
        ("coffee", {"forHandle": "coffee"}),
        (" https://youtube.com/@coffee/videos ", {"forHandle": "@coffee"}),
        ("m.youtube.com/@coffee?si=abc", {"forHandle": "@coffee"}),
        ("https://www.youtube.com/@зерно", {"forHandle": "@зерно"}),
    ],
)
def test_whatever_is_pasted_names_the_channel(pasted, asked):
    assert channel_named(pasted) == asked


@pytest.mark.parametrize("pasted", ["", "a b", "https://example.com/@coffee", "x" * 100, "https://youtu.be/abc"])
def test_what_names_no_channel_is_refused_in_words(pasted):
    with pytest.raises(Permanent) as refusal:
        channel_named(pasted)
    assert "youtube.com/@coffee" in str(refusal.value.sentence)


def test_an_unknown_channel_is_refused_in_words(sandbox):
    with pytest.raises(Permanent) as refusal:
        run(YOUTUBE.discover(KEY, hint="@nobody"))
    assert str(refusal.value.sentence) == "YouTube knows no such channel. Check its address."
