"""What is peculiar to TikTok: two doors, totals that are summed over videos, access that serves for a day."""

import json
from datetime import UTC, date, datetime, timedelta

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
from kpis.sandbox import tiktok as stand_in
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import NOON, SAMPLES, TOKEN

TIKTOK = connector_for("tiktok")
BUSINESS = connector_for("tiktok_business")
ACCOUNT = Account("-000obzharka7", timezone="Europe/Moscow")
INFO = "GET https://open.tiktokapis.com/v2/user/info/?fields=open_id%2Cfollower_count"
APPLICATION = {"refresh_token": "sandbox-refresh", "client_key": "key", "client_secret": "a-client-secret"}


def judge(code, words="", asked=INFO, status=400):
    body = {"data": {}, "error": {"code": code, "message": words, "log_id": "1"}}
    return TIKTOK.judge(Exchange(asked, status, json.dumps(body).encode()))


def judge_business(code, words="", fields='["likes"]'):
    asked = f"GET https://business-api.tiktok.com/open_api/v1.3/business/get/?business_id=1&fields={fields}"
    return BUSINESS.judge(Exchange(asked, 200, json.dumps({"code": code, "message": words}).encode()))


def page(videos, *, has_more=False, cursor=20, sent=None):
    asked = "POST https://open.tiktokapis.com/v2/video/list/?fields=id%2Cview_count&json=" + json.dumps(sent or {})
    body = {"data": {"videos": videos, "has_more": has_more, "cursor": cursor}, "error": {"code": "ok"}}
    return Exchange(asked, 200, json.dumps(body).encode())


def read(*exchanges):
    window = Window(TODAY - timedelta(days=1), TODAY)
    points, gaps = TIKTOK.parse(exchanges, account=ACCOUNT, window=window, metrics=["total_views"], taken_at=NOON)
    return {point.day: int(point.value) for point in points}, [gap.reason for gap in gaps]


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        ("access_token_invalid", "", Reauthorise),
        ("internal_error", "", Transient),
        ("invalid_params", "Fields is invalid: likes_count", MetricRetired),
        ("rate_limit_exceeded", "", RateLimited),
        ("scope_not_authorized", "", ScopeMissing),
        ("scope_permission_missed", "", ScopeMissing),
        ("something_new", "", Permanent),
        (None, None, Permanent),
    ],
)
def test_each_error_has_its_type(code, words, error):
    assert type(judge(code, words)) is error


def test_an_error_inside_status_200_counts():
    assert type(judge("access_token_invalid", status=200)) is Reauthorise


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        (40001, "No permission to operate", ScopeMissing),
        (40002, "fields: likes is not a valid choice", MetricRetired),
        (40002, "start_date: Not a valid date", Permanent),
        (40007, "Business does not exist", Permanent),
        (40100, "Too many requests", RateLimited),
        (40102, "Access token has expired", Reauthorise),
        (40105, "Access token is incorrect", Reauthorise),
        (50000, "System error", Transient),
        (777777, "Something new", Permanent),
        ("0", "A zero in words is no zero", Permanent),
        (None, None, Permanent),
    ],
)
def test_each_business_code_has_its_type_though_the_status_is_200(code, words, error):
    assert type(judge_business(code, words)) is error


@pytest.mark.parametrize("connector", [TIKTOK, BUSINESS])
@pytest.mark.parametrize("body", [b"", b"[]", b"<html>"])
def test_what_is_no_answer_is_transient(connector, body):
    assert type(connector.judge(Exchange(INFO, 200, body))) is Transient


# --- In all, now ---


def test_only_today_is_told_and_it_is_the_sandboxs(sandbox):
    reading = SAMPLES["tiktok"].read()
    told = stand_in.counts(sandbox.seed, TODAY)
    assert {point.metric: (point.day, int(point.value)) for point in reading.points} == {
        "followers": (TODAY, told["follower_count"]),
        "total_likes": (TODAY, told["likes_count"]),
        "total_posts": (TODAY, 47),
        "total_views": (TODAY, sum(stand_in.views(sandbox.seed, number, TODAY) for number in range(47))),
    }
    assert {gap.reason for gap in reading.gaps} == {"only_now"}


def test_videos_come_twenty_at_a_time(sandbox):
    SAMPLES["tiktok"].read(metrics=["total_views"])
    sent = [json.loads(one["params"]["json"]) for one in sandbox.requests]
    assert sent == [{"max_count": 20}, {"max_count": 20, "cursor": 20}, {"max_count": 20, "cursor": 40}]


def test_a_page_that_did_not_come_leaves_no_sum(sandbox):
    sandbox.misbehave("tiktok", "cut", after=2)
    reading = SAMPLES["tiktok"].read()
    assert {point.metric for point in reading.points} == {"followers", "total_likes", "total_posts"}
    assert isinstance(reading.error, Transient)


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        ([page([{"id": "1", "view_count": 5}, {"id": "2", "view_count": 0}])], {TODAY: 5}),
        ([page([{"id": "1", "view_count": 5}], has_more=True), page([{"id": "2", "view_count": 6}])], {TODAY: 11}),
        ([page([{"id": "1", "view_count": 5}], has_more=True)], {}),
        ([page([{"id": "1", "view_count": 5}, {"id": "2"}])], {}),
        ([page([{"view_count": 5}])], {}),
        ([page([])], {}),
        ([page("odd")], {}),
        ([page([{"id": "1", "view_count": 5}, {"id": "1", "view_count": 6}])], {TODAY: 6}),
    ],
)
def test_views_in_all_are_the_sum_over_every_video_or_nothing(pages, told):
    numbers, reasons = read(*pages)
    assert numbers == told
    assert reasons == (["only_now"] if told else ["only_now", "not_given"])


def test_a_cursor_that_stands_still_ends_the_pages(sandbox):
    class Steady:
        status, headers = 200, {}
        body = page([{"id": "1", "view_count": 5}], has_more=True, cursor=20).body

        def retry_after(self, now):
            return None

    reading = TIKTOK.read(
        credentials={"token": TOKEN},
        account=ACCOUNT,
        window=Window(TODAY, TODAY),
        metrics=["total_views"],
        taken_at=NOON,
    )
    next(reading)
    asked = 1
    with pytest.raises(StopIteration) as finished:
        while asked < 10:
            reading.send(Steady())
            asked += 1
    assert (asked, finished.value.value.points) == (2, ())


def test_without_the_right_to_videos_the_rest_still_comes(sandbox):
    sandbox.misbehave("tiktok", "forbidden", times=9, after=1)
    reading = SAMPLES["tiktok"].read()
    assert {point.metric for point in reading.points} == {"followers", "total_likes", "total_posts"}
    assert {gap.reason for gap in reading.gaps if gap.metric == "total_views"} == {"not_permitted"}


# --- Day by day, for a business ---


def test_a_business_has_days(sandbox):
    reading = SAMPLES["tiktok_business"].read()
    told = {(point.metric, point.day): int(point.value) for point in reading.points}
    life, day = stand_in.business_life(sandbox.seed), TODAY - timedelta(days=3)
    change = life.followers(day) - life.followers(day - timedelta(days=1))
    assert told["follows", day] - told["unfollows", day] == change
    assert [told["followers", TODAY - timedelta(days=number)] for number in (0, 1, 3)] == [
        life.followers(TODAY - timedelta(days=number)) for number in (0, 1, 3)
    ]
    assert told["reach", day] <= told["video_views", day]
    assert {gap.reason for gap in reading.gaps if gap.day == TODAY} == {"not_ready"}


def test_the_days_growth_is_never_taken_for_the_followers():
    assert "daily_total_followers" not in {ability.native_name for ability in BUSINESS.capabilities.metrics}


def test_sixty_days_are_asked_at_once_and_today_is_not(sandbox):
    reading = SAMPLES["tiktok_business"].read(first=TODAY - timedelta(days=60))
    (asked,) = [one["params"] for one in sandbox.requests]
    assert (asked["start_date"], asked["end_date"]) == ("2026-09-24", "2026-11-22")
    assert len([point for point in reading.points if point.metric == "likes"]) == 60


def test_a_window_of_today_alone_still_tells_what_is_now(sandbox):
    reading = SAMPLES["tiktok_business"].read(first=TODAY)
    assert {point.metric for point in reading.points} == {"followers", "total_likes", "total_posts"}


@pytest.mark.parametrize("row", [{}, {"date": "soon", "likes": 5}, "row", None, {"date": "2026-11-20"}])
def test_a_row_without_a_day_or_a_number_is_passed_over(row):
    asked = (
        "GET https://business-api.tiktok.com/open_api/v1.3/business/get/"
        "?fields=%5B%22likes%22%5D&start_date=2026-11-20&end_date=2026-11-20"
    )
    exchange = Exchange(asked, 200, json.dumps({"code": 0, "data": {"metrics": [row]}}).encode())
    day = date(2026, 11, 20)
    points, gaps = BUSINESS.parse(
        [exchange], account=ACCOUNT, window=Window(day, day), metrics=["likes"], taken_at=NOON
    )
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"])


def test_a_business_that_tiktok_does_not_know_is_refused_in_words(sandbox):
    with pytest.raises(Permanent) as refusal:
        run(BUSINESS.discover({"token": TOKEN, "business_id": "nobody"}))
    assert "business account" in str(refusal.value.sentence)
    with pytest.raises(Permanent, match="no business ID"):
        run(BUSINESS.discover({"token": TOKEN, "business_id": " "}))


def test_the_account_of_each_door(sandbox):
    creator = run(TIKTOK.discover({"token": TOKEN}))
    business = run(BUSINESS.discover(SAMPLES["tiktok_business"].credentials))
    assert creator == [Account("-000obzharka7", "Обжарка №7")]
    assert business == [
        Account("-000obzharka7business", "Обжарка №7", "https://www.tiktok.com/@obzharka7", timezone="UTC")
    ]
    assert run(TIKTOK.discover({"token": TOKEN}, "somebody else")) == []


# --- Access that serves for a day ---


@pytest.mark.parametrize("name", ["tiktok", "tiktok_business"])
def test_access_is_renewed_and_the_refresh_token_rotates(sandbox, name):
    sample = SAMPLES[name]
    began = datetime.now(UTC)
    fresh = run(sample.connector.renew({**sample.credentials, **APPLICATION}))
    assert fresh.credentials == {
        **sample.credentials,
        **APPLICATION,
        "token": "sandbox-fresh",
        "refresh_token": "sandbox-refresh-next",
    }
    assert timedelta(hours=23) < fresh.expires_at - began < timedelta(hours=25)


@pytest.mark.parametrize("name", ["tiktok", "tiktok_business"])
def test_a_refresh_token_that_stays_the_same_is_not_lost(sandbox, name):
    sample = SAMPLES[name]
    pasted = {**sample.credentials, **APPLICATION, "refresh_token": "sandbox-same"}
    assert run(sample.connector.renew(pasted)).credentials["refresh_token"] == "sandbox-same"


@pytest.mark.parametrize("missing", ["refresh_token", "client_key", "client_secret"])
def test_without_all_three_nothing_is_renewed(sandbox, missing):
    assert run(TIKTOK.renew({"token": TOKEN, **APPLICATION, missing: " "})) is None
    assert list(sandbox.requests) == []


def test_the_check_exchanges_the_access_and_knows_how_long_it_serves(sandbox):
    identity = run(TIKTOK.check({"token": TOKEN, **APPLICATION}))
    assert (identity.login, identity.token_kind, identity.credentials["token"]) == (
        "Обжарка №7",
        "creator",
        "sandbox-fresh",
    )
    assert identity.expires_at > datetime.now(UTC)
    assert [one["token"] for one in sandbox.requests if one["path"] == "/v2/user/info/"] == ["sandbox-fresh"]


@pytest.mark.parametrize("name", ["tiktok", "tiktok_business"])
def test_a_dead_refresh_token_is_said_in_words(sandbox, name):
    sample = SAMPLES[name]
    with pytest.raises(Reauthorise) as refusal:
        run(sample.connector.renew({**sample.credentials, **APPLICATION, "refresh_token": "stale"}))
    assert "refresh token" in str(refusal.value.sentence)


@pytest.mark.parametrize(
    "body", [b'{"access_token": "x"}', b'{"expires_in": 5}', b'{"access_token": 5, "expires_in": 5}']
)
def test_a_renewal_without_a_token_is_transient(body):
    class Half:
        status, headers = 200, {}

        def retry_after(self, now):
            return None

    half = Half()
    half.body = body
    steps = TIKTOK.renew({"token": TOKEN, **APPLICATION})
    next(steps)
    with pytest.raises(Transient):
        steps.send(half)
