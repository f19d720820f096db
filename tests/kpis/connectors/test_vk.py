"""What is peculiar to VK: errors inside HTTP 200, three kinds of tokens, days given as moments."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

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
from kpis.connectors.vk import community_name
from kpis.sandbox import vk as stand_in
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import NOON, SAMPLES

VK = connector_for("vk")
ACCOUNT = Account("207700007", timezone="Europe/Moscow")
STATS = "POST https://api.vk.com/method/stats.get?group_id=1&timestamp_from={}&timestamp_to={}&stats_groups={}"


def midnight(day, zone):
    return int(datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).timestamp())


def stats(response, *, groups="reach", first=date(2026, 11, 18), last=date(2026, 11, 20)):
    asked = STATS.format(
        midnight(first, "Europe/Moscow"), midnight(last + timedelta(days=1), "Europe/Moscow") - 1, groups
    )
    return Exchange(asked, 200, json.dumps(response).encode())


def parse(*exchanges, metrics=("reach",), account=ACCOUNT):
    window = Window(date(2026, 11, 18), date(2026, 11, 20))
    return VK.parse(exchanges, account=account, window=window, metrics=metrics, taken_at=NOON)


def judge(code, words="", asked="POST https://api.vk.com/method/groups.getById"):
    body = {"error": {"error_code": code, "error_msg": words}}
    return VK.judge(Exchange(asked, 200, json.dumps(body).encode()), None)


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        (1, "Unknown error occurred", Transient),
        (5, "User authorization failed", Reauthorise),
        (6, "Too many requests per second", RateLimited),
        (7, "Permission to perform this action is denied", ScopeMissing),
        (9, "Flood control", RateLimited),
        (10, "Internal server error", Transient),
        (14, "Captcha needed", RateLimited),
        (15, "Access denied", ScopeMissing),
        (18, "User was deleted or banned", Permanent),
        (19, "Content blocked", Permanent),
        (23, "This method was disabled", MetricRetired),
        (27, "Group authorization failed: access_token was revoked", Reauthorise),
        (27, "Group authorization failed: method is unavailable with group auth.", ScopeMissing),
        (28, "Application authorization failed", Reauthorise),
        (28, "Application authorization failed: method is unavailable with service token", ScopeMissing),
        (29, "Rate limit reached", RateLimited),
        (30, "This profile is private", ScopeMissing),
        (40, "Community not found", Permanent),
        (100, "One of the parameters specified was missing or invalid", Permanent),
        (100, "One of the parameters specified was missing or invalid: stats_groups", MetricRetired),
        (125, "Invalid group id", Permanent),
        (203, "Access to group denied", ScopeMissing),
        (601, "Permission denied: daily flood control", RateLimited),
        (777777, "Something new", Permanent),
        (None, None, Permanent),
    ],
)
def test_each_error_code_has_its_type(code, words, error):
    assert type(judge(code, words)) is error


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", b"{}", b'{"error": "odd"}', b'"response"'])
def test_what_is_no_response_is_transient(body):
    assert type(VK.judge(Exchange("POST https://api.vk.com/method/x", 200, body), None)) is Transient


@pytest.mark.parametrize("zone", ["Europe/Moscow", "UTC"])
def test_a_day_is_the_same_whichever_midnight_vk_counts_from(zone):
    day = date(2026, 11, 18)
    row = {"period_from": midnight(day, zone), "period_to": midnight(day + timedelta(days=1), zone) - 1}
    points, _ = parse(stats({"response": [{**row, "reach": {"reach": 41}}]}))
    assert [(point.day, point.value) for point in points] == [(day, Decimal(41))]


@pytest.mark.parametrize(
    "row",
    [{}, {"period_from": "x", "period_to": 1}, {"period_from": 10**30, "period_to": 10**30}, "row", None, {"reach": 5}],
)
def test_a_row_without_a_day_is_passed_over(row):
    points, gaps = parse(stats({"response": [row]}))
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"] * 3)


def test_a_group_that_is_absent_is_a_gap_and_a_zero_is_a_zero():
    day = date(2026, 11, 20)
    row = {
        "period_from": midnight(day, "UTC"),
        "period_to": midnight(day, "UTC") + 86399,
        "reach": {"reach": 0},
    }
    points, gaps = parse(stats({"response": [row]}, groups="activity,reach"), metrics=("likes", "reach"))
    assert [(point.metric, point.day, point.value) for point in points] == [("reach", day, Decimal(0))]
    assert {gap.reason for gap in gaps if gap.metric == "likes"} == {"not_given"}


def test_a_joint_refusal_says_nothing_about_each_of_the_groups():
    refusal = {"error": {"error_code": 100, "error_msg": "stats_groups is invalid"}}
    assert parse(stats(refusal, groups="activity,reach"), metrics=("likes", "reach")) == ((), ())
    assert {gap.reason for gap in parse(stats(refusal, groups="reach"))[1]} == {"retired"}


@pytest.mark.parametrize("answer", [[{"members_count": 12}], {"groups": [{"members_count": 12}], "profiles": []}])
def test_members_are_read_in_the_old_and_the_new_shape(answer):
    exchange = Exchange("POST https://api.vk.com/method/groups.getById", 200, json.dumps({"response": answer}).encode())
    points, _ = VK.parse([exchange], account=ACCOUNT, window=Window(TODAY, TODAY), metrics=["followers"], taken_at=NOON)
    assert [(point.day, point.value) for point in points] == [(TODAY, Decimal(12))]


# --- Against the sandbox ---


def test_followers_are_the_sandboxs_and_add_up(sandbox):
    reading = SAMPLES["vk"].read()
    told = {(point.metric, point.day): int(point.value) for point in reading.points}
    life = stand_in.life(sandbox.seed, 207_700_007)
    day = TODAY - timedelta(days=2)
    assert told["followers", TODAY] == life.followers(TODAY)
    assert (
        life.followers(day) - life.followers(day - timedelta(days=1)) == told["follows", day] - told["unfollows", day]
    )


def test_every_kind_of_token_is_recognised(sandbox):
    kinds = {
        token: run(VK.check({"token": token})).token_kind
        for token in ("sandbox-user", "sandbox-community", "sandbox-service")
    }
    assert kinds == {"sandbox-user": "user", "sandbox-community": "community", "sandbox-service": "service"}
    assert run(VK.check({"token": "sandbox-user"})).scopes == ("wall", "offline", "groups", "stats")


def test_a_refused_right_is_told_for_the_whole_window_though_it_was_asked_once(sandbox):
    reading = SAMPLES["vk"].read(
        credentials={"token": "sandbox-community"}, first=TODAY - timedelta(days=199), metrics=["followers", "reach"]
    )
    assert len(reading.exchanges) == 2
    assert [gap.reason for gap in reading.gaps if gap.metric == "reach"] == ["not_permitted"] * 200


@pytest.mark.parametrize("token", ["sandbox-community", "sandbox-service"])
def test_a_lesser_token_reads_members_and_names_the_rest_as_not_permitted(sandbox, token):
    reading = SAMPLES["vk"].read(credentials={"token": token}, first=TODAY - timedelta(days=2))
    assert [(point.metric, point.day) for point in reading.points] == [("followers", TODAY)]
    assert {gap.reason for gap in reading.gaps if gap.metric != "followers"} == {"not_permitted"}
    assert reading.error is None


def test_what_each_kind_of_token_may_read():
    assert VK.capabilities.readable_with("community") == VK.capabilities.readable_with("service") == ("followers",)
    assert VK.capabilities.readable_with("user") == VK.capabilities.readable_with("") == VK.capabilities.codes


def test_a_lesser_token_alone_with_statistics_is_refused_in_words(sandbox):
    with pytest.raises(ScopeMissing) as refusal:
        SAMPLES["vk"].read(credentials={"token": "sandbox-community"}, metrics=["reach"])
    assert "token of a person" in str(refusal.value.sentence)


def test_the_communities_a_person_runs_come_page_by_page(sandbox):
    accounts = run(VK.discover({"token": "sandbox-many"}))
    assert (len(accounts), len({account.external_id for account in accounts})) == (450, 450)
    assert [one["params"]["offset"] for one in sandbox.requests if one["path"].endswith("groups.get")] == [
        "0",
        "200",
        "400",
    ]


def test_a_deleted_community_is_shown_with_the_reason(sandbox):
    accounts = run(VK.discover({"token": "sandbox-user"}))
    refused = [(account.title, str(account.refused_because)) for account in accounts if account.refused_because]
    assert refused == [("Обжарка №7: старый клуб", "VK has blocked or deleted this community.")]


def test_a_community_token_finds_its_own_and_a_service_token_asks_for_the_name(sandbox):
    own = run(VK.discover({"token": "sandbox-community"}))
    named = run(VK.discover({"token": "sandbox-service"}, hint="https://vk.com/foreign_coffee"))
    assert ([one.title for one in own], [one.title for one in named]) == (["Обжарка №7"], ["Чужая кофейня"])
    with pytest.raises(Permanent, match="no community named"):
        run(VK.discover({"token": "sandbox-service"}))


def test_a_long_window_is_asked_in_parts(sandbox):
    reading = SAMPLES["vk"].read(first=TODAY - timedelta(days=199), metrics=["reach"])
    assert len(reading.exchanges) == 3
    assert len(reading.points) == 199
    assert [(gap.day, gap.reason) for gap in reading.gaps] == [(TODAY, "not_ready")]


@pytest.mark.parametrize(
    ("pasted", "name"),
    [
        ("obzharka7", "obzharka7"),
        ("@obzharka7", "obzharka7"),
        (" https://vk.com/obzharka7 ", "obzharka7"),
        ("m.vk.com/obzharka7?w=wall-1_2", "obzharka7"),
        ("https://vk.ru/club207700007", "207700007"),
        ("public207700007", "207700007"),
        ("207700007", "207700007"),
    ],
)
def test_whatever_is_pasted_names_the_community(pasted, name):
    assert community_name(pasted) == name


@pytest.mark.parametrize("pasted", ["", "https://example.com/x", "a b", "имя", "x" * 100, "vk.com/a/b"])
def test_what_names_no_community_is_refused_in_words(pasted):
    with pytest.raises(Permanent) as refusal:
        community_name(pasted)
    assert "vk.com/coffee" in str(refusal.value.sentence)


def test_days_around_the_moscow_midnight(sandbox):
    late = datetime(2026, 11, 23, 20, 59, 59, tzinfo=UTC)
    reading = SAMPLES["vk"].read(taken_at=late, last=TODAY + timedelta(days=1), metrics=["followers"])
    assert [point.day for point in reading.points] == [TODAY]
