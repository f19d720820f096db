"""What is peculiar to Instagram: totals day by day, and small accounts that tell little."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from kpis.connectors import connector_for
from kpis.connectors.contract import Account, BelowThreshold, Exchange, ScopeMissing, Window
from kpis.sandbox import meta as stand_in
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import NOON, SAMPLES, TOKEN

INSTAGRAM = connector_for("instagram")
ACCOUNT = Account("17841400000007", timezone="America/Los_Angeles")
SMALL = "17841400000008"
DAY = TODAY - timedelta(days=4)
INSIGHTS = (
    "GET https://graph.facebook.com/v25.0/17841400000007/insights?metric={}&metric_type=total_value&since={}&until={}"
)


def total(told, *, name="views", last=DAY):
    asked = INSIGHTS.format(name, ACCOUNT.midnight(DAY), ACCOUNT.midnight(last + timedelta(days=1)) - 1)
    return Exchange(asked, 200, json.dumps({"data": [{"name": name, "total_value": told}]}).encode())


def read(*exchanges, metrics=("views",)):
    return INSTAGRAM.parse(exchanges, account=ACCOUNT, window=Window(DAY, DAY), metrics=metrics, taken_at=NOON)


def numbers(reading):
    return {(point.metric, point.day): int(point.value) for point in reading.points}


def test_a_days_numbers_are_the_sandboxs(sandbox):
    told = numbers(SAMPLES["instagram"].read())
    life = stand_in.life(sandbox.seed, 17_841_400_000_007)
    shown = {metric: told[metric, DAY] for metric in ("reach", "views", "saves")}
    assert shown == {name: stand_in.OF_INSTAGRAM[name](life, DAY) for name in shown}
    change = life.followers(DAY) - life.followers(DAY - timedelta(days=1))
    assert told["follows", DAY] - told["unfollows", DAY] == change
    assert told["interactions", DAY] == sum(told[name, DAY] for name in ("likes", "comments", "shares", "saves"))
    assert told["followers", TODAY] == life.followers(TODAY)


def test_each_day_of_totals_is_asked_alone_and_a_series_at_once(sandbox):
    SAMPLES["instagram"].read(first=TODAY - timedelta(days=9))
    asked = [one["params"] for one in sandbox.requests if one["path"].endswith("/insights")]
    assert [one["metric"] for one in asked].count("reach") == 1
    totals = [one for one in asked if "metric_type" in one and "breakdown" not in one]
    followed = [one for one in asked if "breakdown" in one]
    assert (len(totals), len(followed)) == (10, 10)
    assert {int(one["until"]) - int(one["since"]) for one in totals} == {86399}


def test_a_total_of_more_than_a_day_is_nobodys_day():
    points, _ = read(total({"value": 90}, last=DAY + timedelta(days=1)))
    assert points == ()


def test_a_follower_is_one_who_came_and_a_non_follower_is_one_who_left():
    results = [{"dimension_values": ["NON_FOLLOWER"], "value": 3}, {"dimension_values": ["FOLLOWER"], "value": 8}]
    told = {"breakdowns": [{"dimension_keys": ["follow_type"], "results": results}]}
    points, gaps = read(total(told, name="follows_and_unfollows"), metrics=("follows", "unfollows"))
    assert ({point.metric: point.value for point in points}, gaps) == (
        {"follows": Decimal(8), "unfollows": Decimal(3)},
        (),
    )


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"value": 11},
        {"breakdowns": "x"},
        {"breakdowns": [{"results": [{"dimension_values": ["UNKNOWN"], "value": 1}, {"value": 2}]}]},
    ],
)
def test_a_breakdown_of_another_shape_is_no_number(told):
    points, gaps = read(total(told, name="follows_and_unfollows"), metrics=("follows",))
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"])


def test_an_empty_set_is_not_zero():
    asked = total({"value": 1})
    points, gaps = read(Exchange(asked.request, 200, b'{"data": []}'))
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"])


# --- A small audience ---


def test_too_few_viewers_hide_a_number_and_take_no_other_with_it(sandbox):
    reading = SAMPLES["instagram"].read(external_id=SMALL, last=DAY)
    assert {gap.reason for gap in reading.gaps if gap.metric == "views"} == {"below_threshold"}
    assert {point.metric for point in reading.points} >= {"reach", "likes"}
    assert reading.error is None


def test_a_small_account_hides_who_came_and_left(sandbox):
    reading = SAMPLES["instagram"].read(external_id=SMALL, last=DAY, metrics=["follows", "unfollows", "reach"])
    assert {(gap.metric, gap.reason) for gap in reading.gaps} == {
        ("follows", "below_threshold"),
        ("unfollows", "below_threshold"),
    }


def test_too_few_viewers_alone_are_no_lost_permission(sandbox):
    with pytest.raises(BelowThreshold) as refusal:
        SAMPLES["instagram"].read(external_id=SMALL, last=DAY, metrics=["views"])
    assert "too small" in str(refusal.value.sentence)


def test_a_missing_right_is_said_of_every_number_that_it_hides(sandbox):
    sandbox.misbehave("meta", "forbidden", times=99, after=1)
    reading = SAMPLES["instagram"].read()
    assert {point.metric for point in reading.points} == {"followers", "total_posts"}
    forbidden = {gap.metric for gap in reading.gaps if gap.reason == "not_permitted"}
    assert forbidden == set(INSTAGRAM.capabilities.codes) - {"followers", "total_posts"}
    assert len(reading.exchanges) == 2


def test_a_right_that_is_missing_for_all_is_an_error(sandbox):
    sandbox.misbehave("meta", "forbidden", times=99, after=1)
    with pytest.raises(ScopeMissing):
        SAMPLES["instagram"].read(metrics=["reach", "views"])


def test_days_before_what_we_ask_for_are_said_so(sandbox):
    reading = SAMPLES["instagram"].read(first=TODAY - timedelta(days=70), metrics=["reach"])
    old = {gap.reason for gap in reading.gaps if gap.day < TODAY - timedelta(days=60)}
    assert old == {"before_history"}


# --- Which accounts ---


def test_accounts_are_found_through_their_pages_and_a_page_without_one_says_so(sandbox):
    accounts = run(INSTAGRAM.discover({"token": TOKEN}))
    assert accounts[0] == Account(
        "17841400000007", "Обжарка №7", "https://www.instagram.com/obzharka7/", "America/Los_Angeles"
    )
    assert [(account.title, bool(account.refused_because)) for account in accounts] == [
        ("Обжарка №7", False),
        ("Roastery No. 7", False),
        ("Обжарка №7: опт", True),
    ]


def test_a_pages_own_token_finds_its_account(sandbox):
    accounts = run(INSTAGRAM.discover({"token": "sandbox-page-own"}))
    assert [account.external_id for account in accounts] == ["17841400000007"]


@pytest.mark.parametrize("hint", ["roastery7", "https://www.instagram.com/roastery7.school/", SMALL])
def test_an_account_is_found_by_a_word(sandbox, hint):
    assert [account.external_id for account in run(INSTAGRAM.discover({"token": TOKEN}, hint))] == [SMALL]
