"""What is peculiar to LinkedIn: versions, roles, Rest.li's intervals, and days in UTC."""

import json
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
from kpis.sandbox import linkedin as stand_in
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import NOON, SAMPLES, TOKEN

LINKEDIN = connector_for("linkedin")
ACCOUNT = Account("77000007", timezone="UTC")
FIRST, LAST = date(2026, 11, 18), date(2026, 11, 20)
SHARES = "organizationalEntityShareStatistics"
GAINS = "organizationalEntityFollowerStatistics"


def milliseconds(day, hour=0):
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()) * 1000


def asked(resource=SHARES):
    end = milliseconds(LAST + timedelta(days=1))
    intervals = f"(timeRange:(start:{milliseconds(FIRST)},end:{end}),timeGranularityType:DAY)"
    return f"GET https://api.linkedin.com/rest/{resource}?q=organizationalEntity&timeIntervals={intervals}"


def row(day=FIRST, **told):
    return {"timeRange": {"start": milliseconds(day), "end": milliseconds(day + timedelta(days=1))}, **told}


def read(*rows, resource=SHARES, metrics=("likes",)):
    exchange = Exchange(asked(resource), 200, json.dumps({"elements": rows}).encode())
    return LINKEDIN.parse([exchange], account=ACCOUNT, window=Window(FIRST, LAST), metrics=metrics, taken_at=NOON)


def judge(status, code, service=0, sent=None):
    body = {"status": status, "code": code, "serviceErrorCode": service, "message": "words"}
    return LINKEDIN.judge(Exchange(asked(), sent or status, json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("status", "code", "service", "error"),
    [
        (400, "ILLEGAL_ARGUMENT", 0, Permanent),
        (401, "EXPIRED_ACCESS_TOKEN", 65601, Reauthorise),
        (401, "REVOKED_ACCESS_TOKEN", 65601, Reauthorise),
        (403, "ACCESS_DENIED", 100, ScopeMissing),
        (404, "NOT_FOUND", 0, Permanent),
        (404, "RESOURCE_NOT_FOUND", 0, MetricRetired),
        (410, "GONE", 0, MetricRetired),
        (426, "NONEXISTENT_VERSION", 0, Permanent),
        (429, "TOO_MANY_REQUESTS", 101, RateLimited),
        (500, "INTERNAL_SERVER_ERROR", 0, Transient),
        (503, None, None, Transient),
    ],
)
def test_each_error_has_its_type(status, code, service, error):
    assert type(judge(status, code, service)) is error


def test_an_error_inside_status_200_counts():
    assert type(judge(401, "INVALID_ACCESS_TOKEN", sent=200)) is Reauthorise


def test_a_version_that_is_gone_is_no_fault_of_the_reader():
    assert "must be updated" in str(judge(426, "NONEXISTENT_VERSION").sentence)


def test_every_request_names_its_version_and_never_shows_the_token():
    steps = LINKEDIN.read(
        credentials={"token": TOKEN}, account=ACCOUNT, window=Window(FIRST, LAST), metrics=["likes"], taken_at=NOON
    )
    request = next(steps)
    assert request.headers == {
        "Authorization": f"Bearer {TOKEN}",
        "LinkedIn-Version": "202604",
        "X-Restli-Protocol-Version": "2.0.0",
    }
    assert TOKEN not in request.described()


# --- Rows ---


def test_a_row_is_of_the_day_that_holds_its_middle():
    points, gaps = read(row(LAST, totalShareStatistics={"likeCount": 4}))
    assert [(point.day, point.value) for point in points] == [(LAST, Decimal(4))]
    assert {gap.reason for gap in gaps} == {"not_given"}


@pytest.mark.parametrize(
    "odd",
    [
        {},
        "row",
        None,
        {"totalShareStatistics": {"likeCount": 4}},
        {"timeRange": "x", "totalShareStatistics": {"likeCount": 4}},
        {"timeRange": {"start": 10**30, "end": 10**30}},
        row(totalShareStatistics=[]),
        row(totalShareStatistics={"likeCount": -3}),
        row(totalShareStatistics={}),
    ],
)
def test_a_row_without_a_day_or_a_number_is_passed_over(odd):
    points, gaps = read(odd)
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"] * 3)


@pytest.mark.parametrize(
    ("gains", "follows"),
    [
        ({"organicFollowerGain": 5, "paidFollowerGain": 2}, [Decimal(7)]),
        ({"organicFollowerGain": 0, "paidFollowerGain": 0}, [Decimal(0)]),
        ({"organicFollowerGain": 5}, []),
        ({"organicFollowerGain": 5, "paidFollowerGain": None}, []),
        ("odd", []),
    ],
)
def test_new_followers_are_both_kinds_or_not_known(gains, follows):
    points, _ = read(row(followerGains=gains), resource=GAINS, metrics=("follows",))
    assert [point.value for point in points] == follows


# --- Against the sandbox ---


def test_a_days_numbers_are_the_sandboxs(sandbox):
    told = {(point.metric, point.day): int(point.value) for point in SAMPLES["linkedin"].read().points}
    life, day = stand_in.life(sandbox.seed, 77_000_007), TODAY - timedelta(days=3)
    shares = stand_in.shares(life, day)["totalShareStatistics"]
    assert told["followers", TODAY] == life.followers(TODAY)
    assert told["follows", day] == life.follows(day)
    assert {name: told[name, day] for name in ("impressions", "reach", "clicks")} == {
        "impressions": shares["impressionCount"],
        "reach": shares["uniqueImpressionsCount"],
        "clicks": shares["clickCount"],
    }
    assert told["views", day] == stand_in.visits(life, day)["totalPageStatistics"]["views"]["allPageViews"]["pageViews"]


def test_only_finished_days_are_asked_and_today_is_not_ready(sandbox):
    reading = SAMPLES["linkedin"].read(metrics=["likes"])
    (asked,) = [one["params"]["timeIntervals"] for one in sandbox.requests]
    end = milliseconds(TODAY)
    assert asked == f"(timeRange:(start:{milliseconds(date(2026, 11, 14))},end:{end}),timeGranularityType:DAY)"
    assert [(gap.day, gap.reason) for gap in reading.gaps] == [(TODAY, "not_ready")]


def test_the_past_is_asked_to_its_last_day(sandbox):
    reading = SAMPLES["linkedin"].read(
        first=TODAY - timedelta(days=300), last=TODAY - timedelta(days=101), metrics=["likes", "views"]
    )
    assert (len(reading.points), reading.gaps, len(reading.exchanges)) == (400, (), 6)


def test_followers_need_one_request_and_the_rest_one_a_resource(sandbox):
    SAMPLES["linkedin"].read()
    assert [one["path"] for one in sandbox.requests] == [
        "/rest/networkSizes/urn:li:organization:77000007",
        "/rest/organizationalEntityFollowerStatistics",
        "/rest/organizationPageStatistics",
        "/rest/organizationalEntityShareStatistics",
    ]


def test_a_right_that_is_missing_for_posts_leaves_the_rest(sandbox):
    sandbox.misbehave("linkedin", "forbidden", after=3)
    reading = SAMPLES["linkedin"].read()
    forbidden = {gap.metric for gap in reading.gaps if gap.reason == "not_permitted"}
    assert forbidden == {"impressions", "reach", "clicks", "likes", "comments", "shares"}
    assert {point.metric for point in reading.points} == {"followers", "follows", "views"}


def test_a_page_on_which_the_role_is_less_is_shown_with_the_reason(sandbox):
    accounts = run(LINKEDIN.discover({"token": TOKEN}))
    assert accounts[0] == Account(
        "77000007", "Roastery No. 7", "https://www.linkedin.com/company/roastery7/", timezone="UTC"
    )
    assert [(account.title, bool(account.refused_because)) for account in accounts] == [
        ("Roastery No. 7", False),
        ("Roastery No. 7: HoReCa", True),
    ]


@pytest.mark.parametrize(
    "hint", ["77000008", "urn:li:organization:77000008", "horeca", "https://www.linkedin.com/company/roastery7-horeca/"]
)
def test_a_page_is_found_by_its_number_name_or_address(sandbox, hint):
    assert [account.external_id for account in run(LINKEDIN.discover({"token": TOKEN}, hint))] == ["77000008"]


def test_pages_come_page_by_page_and_their_names_fifty_at_a_time(sandbox):
    accounts = run(LINKEDIN.discover({"token": "sandbox-many"}))
    assert (len(accounts), accounts[-1].title) == (230, "Page 60000230")
    paths = [one["path"] for one in sandbox.requests]
    assert (paths.count("/rest/organizationAcls"), paths.count("/rest/organizations")) == (3, 5)


def test_a_person_without_a_page_is_refused_in_words(sandbox):
    with pytest.raises(ScopeMissing) as refusal:
        run(LINKEDIN.check({"token": "sandbox-nobody"}))
    assert "no role" in str(refusal.value.sentence)
