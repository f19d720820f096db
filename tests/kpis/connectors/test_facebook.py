"""What is peculiar to Facebook Pages: the Page's own token, and the day's followers beside today's."""

from datetime import timedelta

import pytest

from kpis.connectors import connector_for
from kpis.connectors.contract import Account, ScopeMissing
from kpis.sandbox import meta as stand_in
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import SAMPLES, TOKEN

FACEBOOK = connector_for("facebook")
SMALL = "107000008"


def test_followers_are_told_by_day_and_as_they_are_now(sandbox):
    reading = SAMPLES["facebook"].read()
    told = {(point.metric, point.day): int(point.value) for point in reading.points}
    life = stand_in.life(sandbox.seed, 107_000_007)
    days = [TODAY - timedelta(days=number) for number in range(9)]
    assert {day: told["followers", day] for day in days} == {day: life.followers(day) for day in days}
    assert [point.final for point in reading.points if point.metric == "followers"][-4:] == [True, False, False, False]


def test_numbers_are_asked_with_the_pages_own_token_which_is_kept_nowhere(sandbox):
    reading = SAMPLES["facebook"].read()
    used = {one["token"] for one in sandbox.requests if one["path"].endswith("/insights")}
    assert used == {stand_in.PAGE_TOKEN}
    assert stand_in.PAGE_TOKEN not in repr(reading)
    assert not [one for one in reading.exchanges if stand_in.PAGE_TOKEN.encode() in one.body]


def test_a_pages_own_token_is_enough(sandbox):
    reading = SAMPLES["facebook"].read(credentials={"token": stand_in.PAGE_TOKEN})
    assert {point.metric for point in reading.points} == set(FACEBOOK.capabilities.codes)


def test_the_past_is_asked_without_a_number_of_today(sandbox):
    reading = SAMPLES["facebook"].read(first=TODAY - timedelta(days=300), last=TODAY - timedelta(days=200))
    assert len([point for point in reading.points if point.metric == "followers"]) == 101
    assert reading.gaps == ()


def test_a_page_with_too_few_followers_hides_its_insights(sandbox):
    reading = SAMPLES["facebook"].read(external_id=SMALL)
    assert [(point.metric, point.day) for point in reading.points] == [("followers", TODAY)]
    settled = {gap.reason for gap in reading.gaps if (TODAY - gap.day).days > 2}
    recent = {gap.reason for gap in reading.gaps if (TODAY - gap.day).days <= 2}
    assert (settled, recent) == ({"below_threshold"}, {"not_ready"})


def test_a_page_that_says_nothing_and_is_large_hides_nothing(sandbox):
    sandbox.misbehave("meta", "empty", times=99, after=2)
    reasons = {gap.reason for gap in SAMPLES["facebook"].read(last=TODAY - timedelta(days=5)).gaps}
    assert reasons == {"not_given"}


def test_a_page_whose_insights_the_person_may_not_see_is_shown_with_the_reason(sandbox):
    accounts = run(FACEBOOK.discover({"token": TOKEN}))
    assert accounts[0] == Account(
        "107000007", "Обжарка №7", "https://www.facebook.com/107000007", "America/Los_Angeles"
    )
    refused = [(account.title, str(account.refused_because)) for account in accounts if account.refused_because]
    assert [title for title, _sentence in refused] == ["Обжарка №7: опт"]
    assert "administrator of the Page" in refused[0][1]


def test_without_the_right_the_number_of_followers_still_comes(sandbox):
    sandbox.misbehave("meta", "forbidden", times=99, after=2)
    reading = SAMPLES["facebook"].read()
    assert [(point.metric, point.day) for point in reading.points] == [("followers", TODAY)]
    assert {gap.reason for gap in reading.gaps} == {"not_permitted"}


def test_without_the_right_there_is_nothing_else(sandbox):
    sandbox.misbehave("meta", "forbidden", times=99, after=2)
    with pytest.raises(ScopeMissing):
        SAMPLES["facebook"].read(metrics=["reach"])
