"""What Instagram and Facebook Pages share: Meta's errors, allowance, pages and days."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.connectors import connector_for
from kpis.connectors.contract import (
    Account,
    BelowThreshold,
    Exchange,
    MetricRetired,
    Permanent,
    Quota,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Transient,
    Window,
)
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import SAMPLES, TOKEN

FACEBOOK = connector_for("facebook")
INSTAGRAM = connector_for("instagram")
PACIFIC = Account("107000007", timezone="America/Los_Angeles")
INSIGHTS = "GET https://graph.facebook.com/v25.0/107000007/insights?metric={}&period=day&since={}&until={}"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

#: Everything that Meta has retired; to ask for one of them is to get nothing at all.
DEAD = {
    "impressions",
    "plays",
    "clips_replays_count",
    "ig_reels_aggregated_all_plays_count",
    "video_views",
    "email_contacts",
    "get_directions_clicks",
    "phone_call_clicks",
    "text_message_clicks",
    "website_clicks",
    "profile_views",
    "page_fans",
    "page_fans_city",
    "page_fans_country",
    "page_fan_adds",
    "page_impressions",
    "page_impressions_unique",
    "post_impressions_unique",
}


def judge(code, words="", subcode=None, path="107000007/insights?metric=page_follows", status=400):
    error = {"message": words, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "Ax7"}
    exchange = Exchange(f"GET https://graph.facebook.com/v25.0/{path}", status, json.dumps({"error": error}).encode())
    return FACEBOOK.judge(exchange)


def series(values, *, name="page_media_view", first=date(2026, 11, 18), last=date(2026, 11, 20)):
    asked = INSIGHTS.format(name, PACIFIC.midnight(first), PACIFIC.midnight(last + timedelta(days=1)))
    body = {"data": [{"name": name, "period": "day", "values": values}]}
    return Exchange(asked, 200, json.dumps(body).encode())


def read(*exchanges, metrics=("views",)):
    window = Window(date(2026, 11, 18), date(2026, 11, 20))
    return FACEBOOK.parse(exchanges, account=PACIFIC, window=window, metrics=metrics, taken_at=NOW)


@pytest.mark.parametrize(
    ("code", "words", "subcode", "error"),
    [
        (1, "An unknown error occurred", None, Transient),
        (2, "Service temporarily unavailable", None, Transient),
        (4, "Application request limit reached", None, RateLimited),
        (10, "(#10) Not enough viewers for the media to show insights", None, BelowThreshold),
        (10, "(#10) Application does not have permission for this action", None, ScopeMissing),
        (17, "User request limit reached", 2446079, RateLimited),
        (32, "Page request limit reached", None, RateLimited),
        (100, "(#100) metric[1] must be one of the following values: reach", None, MetricRetired),
        (100, "(#100) There cannot be more than 30 days between since and until", None, Permanent),
        (100, "Unsupported get request. Object does not exist", 33, Permanent),
        (102, "Session key invalid or no longer valid", None, Reauthorise),
        (190, "Error validating access token", 458, Reauthorise),
        (190, "Error validating access token", 459, Reauthorise),
        (190, "Error validating access token", 460, Reauthorise),
        (190, "Session has expired", 463, Reauthorise),
        (190, "Invalid token", 467, Reauthorise),
        (190, "Invalid OAuth access token - Cannot parse access token", None, Reauthorise),
        (200, "Permissions error", None, ScopeMissing),
        (299, "Permissions error", None, ScopeMissing),
        (341, "Application limit reached", None, RateLimited),
        (368, "Temporarily blocked for policies violations", None, Permanent),
        (613, "Calls to this api have exceeded the rate limit", None, RateLimited),
        (3001, "No metric was specified to be fetched", 1504028, MetricRetired),
        (80001, "There have been too many calls to this Page account", None, RateLimited),
        (777777, "Something new", None, Permanent),
        (None, None, None, Permanent),
    ],
)
def test_each_error_code_has_its_type(code, words, subcode, error):
    assert type(judge(code, words, subcode)) is error


@pytest.mark.parametrize(
    ("subcode", "words"), [(458, "removed the app"), (459, "confirm who they are"), (460, "password"), (463, "")]
)
def test_a_lost_access_says_how_it_was_lost(subcode, words):
    assert words in str(judge(190, "Error validating access token", subcode).sentence)


def test_a_wrong_parameter_outside_of_insights_is_no_retired_metric():
    assert type(judge(100, "(#100) metric is not a field", path="107000007?fields=metric")) is Permanent


def test_the_trace_of_an_error_is_kept_for_the_support():
    assert judge(1, "An unknown error occurred").detail == "1 An unknown error occurred (fbtrace_id Ax7)"


@pytest.mark.parametrize("body", [b'{"error": "odd"}', b'{"error": null}', b"[]", b"", b"<html>"])
def test_an_odd_answer_is_transient(body):
    assert type(FACEBOOK.judge(Exchange("GET https://graph.facebook.com/v25.0/me", 200, body))) is Transient


# --- The allowance ---


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        ({}, None),
        ({"x-app-usage": "no json"}, None),
        ({"x-app-usage": "[]"}, None),
        ({"x-app-usage": '{"call_count": 28, "total_time": 25, "total_cputime": 24}'}, Quota(100, 72)),
        ({"x-app-usage": '{"call_count": 130}'}, Quota(100, 0)),
        (
            {
                "x-app-usage": '{"call_count": 5}',
                "x-business-use-case-usage": '{"1": [{"call_count": 9, "estimated_time_to_regain_access": 0}],'
                ' "2": [{"total_time": 91, "estimated_time_to_regain_access": 12}]}',
            },
            Quota(100, 9, NOW + timedelta(minutes=12)),
        ),
    ],
)
def test_the_busiest_allowance_counts(headers, quota):
    assert FACEBOOK.quota_in(headers, NOW) == quota


def test_at_four_fifths_nothing_more_is_asked_and_what_had_come_is_kept(sandbox):
    reading = SAMPLES["instagram"].read(credentials={"token": "sandbox-nearly-spent"})
    assert (len(reading.exchanges), {point.metric for point in reading.points}) == (1, {"followers", "total_posts"})
    assert isinstance(reading.error, RateLimited)
    assert 0 < reading.error.retry_after <= 300
    assert (reading.quota.limit, reading.quota.remaining) == (100, 16)


def test_a_visit_tells_what_is_left_of_the_allowance(sandbox):
    assert SAMPLES["facebook"].read().quota == Quota(100, 88)


# --- Which names are asked, and how ---


def test_no_retired_name_is_asked(sandbox):
    for name in ("instagram", "facebook"):
        SAMPLES[name].read()
    asked = {name for one in sandbox.requests for name in one["params"].get("metric", "").split(",")}
    assert asked & DEAD == set()
    assert {"views", "reach", "page_media_view", "page_follows"} <= asked


def test_a_dead_name_is_not_asked_again_in_the_same_visit(sandbox):
    sandbox.misbehave("meta", "retired", times=999)
    reading = SAMPLES["facebook"].read(first=TODAY - timedelta(days=199))
    refused = [one for one in reading.exchanges if FACEBOOK.judge(one)]
    assert [one.asked["metric"].count(",") for one in refused][-1] == 0
    assert {one.asked["since"] for one in refused} == {reading.exchanges[1].asked["since"]}
    gone = [gap for gap in reading.gaps if gap.metric == "views"]
    assert (len(gone), {gap.reason for gap in gone}) == (200, {"retired"})


@pytest.mark.parametrize(("name", "longest"), [("instagram", 30), ("facebook", 90)])
def test_a_series_is_asked_in_windows_that_meta_allows(sandbox, name, longest):
    SAMPLES[name].read(first=TODAY - timedelta(days=199), metrics=["reach"])
    spans = [
        (int(one["params"]["until"]) - int(one["params"]["since"])) / 86400
        for one in sandbox.requests
        if one["path"].endswith("/insights")
    ]
    assert len(spans) > 2
    assert max(spans) <= longest + 1 / 24  # an autumn day is an hour longer


# --- Days ---


@pytest.mark.parametrize("hour", ["07", "08"])
def test_a_day_is_named_by_its_end_in_summer_and_in_winter(hour):
    points, _ = read(series([{"value": 41, "end_time": f"2026-11-20T{hour}:00:00+0000"}]))
    assert [(point.day, point.value) for point in points] == [(date(2026, 11, 19), Decimal(41))]


@pytest.mark.parametrize(
    "value",
    [{}, {"value": 5}, {"value": 5, "end_time": "soon"}, {"value": 5, "end_time": "2026-11-20T08:00:00"}, "x", None],
)
def test_a_value_without_a_moment_is_passed_over(value):
    points, gaps = read(series([value]))
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"] * 3)


def test_a_day_beside_the_window_is_not_put_down():
    points, _ = read(series([{"value": 5, "end_time": "2026-11-22T08:00:00+0000"}]))
    assert points == ()


def test_a_joint_refusal_says_nothing_about_each():
    words = {"error": {"code": 100, "message": "(#100) metric[0] must be one of the following values"}}
    asked = INSIGHTS.format("page_media_view,page_follows", 1795000000, 1795080000)
    assert read(Exchange(asked, 400, json.dumps(words).encode())) == ((), ())


# --- Whose access ---


@pytest.mark.parametrize("name", ["facebook", "instagram"])
def test_a_person_and_a_page_are_told_apart(sandbox, name):
    person = run(connector_for(name).check({"token": TOKEN}))
    page = run(connector_for(name).check({"token": "sandbox-page-own"}))
    assert (person.login, person.token_kind, page.login, page.token_kind) == (
        "Вера Зёрнова",
        "user",
        "Обжарка №7",
        "page",
    )
    assert person.expires_at == datetime.combine(TODAY + timedelta(days=55), datetime.min.time(), UTC)
    assert (page.expires_at, page.scopes) == (None, ())
    assert "email" not in person.scopes


def test_a_token_without_the_permission_is_refused_with_the_names_of_those_it_needs(sandbox):
    with pytest.raises(ScopeMissing) as refusal:
        run(INSTAGRAM.check({"token": "sandbox-narrow"}))
    assert "instagram_manage_insights" in str(refusal.value.sentence)
    assert run(FACEBOOK.check({"token": "sandbox-narrow"})).token_kind == "user"


def test_a_token_that_is_of_another_login_is_said_so(sandbox):
    with pytest.raises(Reauthorise) as refusal:
        run(FACEBOOK.check({"token": "IGAA-of-instagram-login"}))
    assert "Facebook Login" in str(refusal.value.sentence)


def test_pages_come_page_by_page(sandbox):
    accounts = run(FACEBOOK.discover({"token": "sandbox-many"}))
    assert (len(accounts), len({account.external_id for account in accounts})) == (230, 230)
    asked = [one["params"].get("after") for one in sandbox.requests if one["path"].endswith("me/accounts")]
    assert asked == [None, "100", "200"]
