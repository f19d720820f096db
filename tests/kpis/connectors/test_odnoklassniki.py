"""What is peculiar to Odnoklassniki: signed requests, errors inside HTTP 200, a history for each field."""

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
from kpis.connectors.odnoklassniki import group_name, signature
from kpis.sandbox import odnoklassniki as stand_in
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import NOON, OK_KEYS, SAMPLES, TOKEN

OK = connector_for("ok")
SAMPLE = SAMPLES["ok"]
CREDENTIALS = SAMPLE.credentials
FOREIGN = "70007700000010"
WINDOW = Window(date(2026, 11, 18), date(2026, 11, 20))
TRENDS = "POST https://api.ok.ru/fb.do?method=group.getStatTrends&fields={}&start_time={}&end_time={}"


def midnight(day, zone="Europe/Moscow"):
    return int(datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).timestamp()) * 1000


def asked(fields):
    return TRENDS.format(fields, midnight(WINDOW.first), midnight(WINDOW.last + timedelta(days=1)) - 1)


def trends(fields="likes", **histories):
    return Exchange(asked(fields), 200, json.dumps(histories).encode())


def parse(*exchanges, metrics=("likes",), window=WINDOW):
    account = Account("1", timezone="Europe/Moscow")
    return OK.parse(exchanges, account=account, window=window, metrics=metrics, taken_at=NOON)


def judge(code, words="", request="POST https://api.ok.ru/fb.do?method=group.getInfo"):
    body = {"error_code": code, "error_msg": words, "error_data": None}
    return OK.judge(Exchange(request, 200, json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        (1, "UNKNOWN", Transient),
        (2, "SERVICE : Service is temporary unavailable", Transient),
        (3, "METHOD : Method does not exist", MetricRetired),
        (8, "FLOOD_BLOCKED", RateLimited),
        (10, "PERMISSION_DENIED", ScopeMissing),
        (11, "LIMIT_REACHED", RateLimited),
        (50, "NOT_ADMIN", ScopeMissing),
        (100, "PARAM : Invalid parameter fields value: [reach]", MetricRetired),
        (100, "PARAM : Missed required parameter: gid", Permanent),
        (101, "PARAM_API_KEY", Reauthorise),
        (102, "PARAM_SESSION_EXPIRED", Reauthorise),
        (103, "PARAM_SESSION_KEY", Reauthorise),
        (104, "PARAM_SIGNATURE", Reauthorise),
        (160, "PARAM_GROUP_ID", Permanent),
        (200, "PARAM_PERMISSION", ScopeMissing),
        (210, "PARAM_APPLICATION_DISABLED", Permanent),
        (300, "NOT_FOUND", Permanent),
        (9999, "SYSTEM something new", Permanent),
        (None, None, Permanent),
    ],
)
def test_each_error_code_has_its_type(code, words, error):
    assert type(judge(code, words)) is error


@pytest.mark.parametrize("code", [10, 101, 104])
def test_what_a_person_can_mend_is_said_in_words(code):
    assert any(word in str(judge(code).sentence) for word in ("administrator", "secret keys"))


@pytest.mark.parametrize("body", [b"", b"<html>", b'"text"', b"7", b"null"])
def test_what_is_neither_object_nor_list_is_transient(body):
    assert type(OK.judge(Exchange("POST https://api.ok.ru/fb.do", 200, body))) is Transient


# --- The signature ---


def test_the_signature_is_over_sorted_parameters_and_the_sessions_key():
    params = {"method": "group.getInfo", "application_key": "PUBLIC", "format": "json"}
    assert signature(params, "token", "secret") == "b514701aeb5b6424c695663cfec2275c"
    assert signature(dict(reversed(params.items())), "token", "secret") == signature(params, "token", "secret")


def test_neither_token_nor_signature_nor_secret_is_kept(sandbox):
    reading = SAMPLE.read()
    (sig,) = {one["params"]["sig"] for one in sandbox.requests if one["params"]["method"] == "group.getStatTrends"}
    assert [secret for secret in (TOKEN, sig, OK_KEYS["secret_key"]) if secret in repr(reading)] == []


@pytest.mark.parametrize("change", [{"secret_key": "wrong"}, {"secret_key": ""}, {"public_key": "WRONG"}])
def test_wrong_keys_are_refused_in_words(sandbox, change):
    with pytest.raises(Reauthorise) as refusal:
        run(OK.check({**CREDENTIALS, **change}))
    assert "public and secret keys" in str(refusal.value.sentence)


# --- Histories ---


@pytest.mark.parametrize("zone", ["Europe/Moscow", "UTC"])
def test_a_day_is_the_same_whichever_midnight_is_meant(zone):
    points, _gaps = parse(trends(likes=[{"time": midnight(date(2026, 11, 19), zone), "value": 41}]))
    assert [(point.day, point.value) for point in points] == [(date(2026, 11, 19), Decimal(41))]


def test_a_field_or_day_that_is_absent_is_a_gap_and_a_zero_is_a_zero():
    history = [{"time": midnight(date(2026, 11, 18)), "value": 0}]
    points, gaps = parse(trends("likes,reach", likes=history), metrics=("likes", "reach"))
    assert [(point.metric, point.day.day, point.value) for point in points] == [("likes", 18, Decimal(0))]
    assert [(gap.metric, gap.day.day, gap.reason) for gap in gaps] == [
        ("likes", 19, "not_given"),
        ("likes", 20, "not_given"),
        *(("reach", day, "not_given") for day in (18, 19, 20)),
    ]


@pytest.mark.parametrize(
    "history",
    [None, {}, "x", [None], [{}], [{"time": "x", "value": 1}], [{"time": 10**20, "value": 1}], [{"value": 1}]],
)
def test_a_crooked_history_is_all_gaps(history):
    points, gaps = parse(trends(likes=history))
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"] * 3)


def test_a_joint_refusal_says_nothing_about_each_field():
    body = json.dumps({"error_code": 100, "error_msg": "PARAM : fields"}).encode()
    assert parse(Exchange(asked("likes,reach"), 200, body)) == ((), ())
    assert {gap.reason for gap in parse(Exchange(asked("likes"), 200, body))[1]} == {"retired"}


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"counters": []}', b'{"counters": {"members": null}}'])
def test_counters_without_members_are_a_gap(body):
    request = "POST https://api.ok.ru/fb.do?method=group.getCounters"
    points, gaps = parse(Exchange(request, 200, body), metrics=("followers",), window=Window(TODAY, TODAY))
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_ready"])


# --- Against the sandbox ---


def test_members_have_a_history_and_todays_number(sandbox):
    told = {(point.metric, point.day): int(point.value) for point in SAMPLE.read().points}
    life = stand_in.life(sandbox.seed, 70_007_700_000_007)
    days = [TODAY - timedelta(days=number) for number in range(10)]
    assert [told["followers", day] for day in days] == [life.followers(day) for day in days]
    assert told["followers", days[1]] - told["followers", days[2]] == (
        told["follows", days[1]] - told["unfollows", days[1]]
    )


def test_a_group_we_do_not_run_shows_its_members_and_names_the_rest_as_not_permitted(sandbox):
    reading = SAMPLE.read(external_id=FOREIGN, first=TODAY - timedelta(days=199))
    assert [(point.metric, point.day) for point in reading.points] == [("followers", TODAY)]
    assert [gap.reason for gap in reading.gaps if gap.metric == "likes"] == ["not_permitted"] * 200
    assert len(reading.exchanges) == 2


def test_a_long_window_is_asked_in_parts(sandbox):
    reading = SAMPLE.read(first=TODAY - timedelta(days=199), metrics=["reach"])
    assert (len(reading.exchanges), len(reading.points)) == (3, 199)


def test_days_around_the_moscow_midnight(sandbox):
    late = datetime(2026, 11, 23, 20, 59, 59, tzinfo=UTC)
    reading = SAMPLE.read(taken_at=late, last=TODAY + timedelta(days=1), metrics=["followers"])
    assert max(point.day for point in reading.points) == TODAY


# --- Groups ---


def test_groups_come_page_by_page(sandbox):
    accounts = run(OK.discover({**CREDENTIALS, "token": "sandbox-many"}))
    assert len({account.external_id for account in accounts}) == 230
    pages = [one["params"] for one in sandbox.requests if one["params"]["method"] == "group.getUserGroupsV2"]
    assert [page.get("anchor") for page in pages] == [None, "100", "200"]


def test_a_blocked_group_is_shown_with_the_reason(sandbox):
    accounts = run(OK.discover(CREDENTIALS))
    assert [(one.title, one.url, str(one.refused_because)) for one in accounts] == [
        ("Обжарка №7", "https://ok.ru/obzharka7", ""),
        ("Кофейная школа Обжарки №7", "https://ok.ru/group/70007700000008", ""),
        ("Обжарка №7: старый клуб", "https://ok.ru/obzharka7old", "Odnoklassniki has blocked this group."),
    ]


@pytest.mark.parametrize("hint", ["https://ok.ru/foreign.coffee", f"ok.ru/group/{FOREIGN}", FOREIGN])
def test_a_group_is_found_by_its_address(sandbox, hint):
    assert run(OK.discover(CREDENTIALS, hint=hint)) == [
        Account(FOREIGN, "Чужая кофейня", "https://ok.ru/foreign.coffee", "Europe/Moscow")
    ]


@pytest.mark.parametrize("hint", ["ok.ru/nobody-here", "70009999999999"])
def test_an_unknown_group_is_refused_in_words(sandbox, hint):
    with pytest.raises(Permanent) as refusal:
        run(OK.discover(CREDENTIALS, hint=hint))
    assert str(refusal.value.sentence) == "Odnoklassniki knows no such group. Check its address."


@pytest.mark.parametrize(
    ("pasted", "name"),
    [
        ("ok.ru/coffee", "coffee"),
        (" https://m.ok.ru/group/70007700000007/topics ", "70007700000007"),
        ("https://ok.ru/group/70007700000007?st=1", "70007700000007"),
        ("foreign.coffee", "foreign.coffee"),
    ],
)
def test_whatever_is_pasted_names_the_group(pasted, name):
    assert group_name(pasted) == name


@pytest.mark.parametrize("pasted", ["", "https://ok.ru/", "ok.ru/group/", "https://example.com/x", "имя", "a b"])
def test_what_names_no_group_is_refused_in_words(pasted):
    with pytest.raises(Permanent) as refusal:
        group_name(pasted)
    assert "ok.ru/group/" in str(refusal.value.sentence)
