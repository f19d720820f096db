"""What is peculiar to Metrika: two statuses for one quota, sampling, and a rate with its denominator."""

import json
from datetime import date, timedelta
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
from smmportal.http import Answer, run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import NOON, SAMPLES, TOKEN

METRIKA = connector_for("metrika")
ACCOUNT = Account("1", timezone="Europe/Moscow")
WINDOW = Window(date(2026, 11, 18), date(2026, 11, 20))
REPORT = "https://api-metrika.yandex.net/stat/v1/data/bytime"
ASKED = f"GET {REPORT}?ids=1&metrics={{}}&date1=2026-11-18&date2=2026-11-20&group=day"
DAYS = [[day.isoformat()] * 2 for day in WINDOW]


def report(*columns, names="ym:s:visits", intervals=DAYS, **more):
    body = {"data": [{"dimensions": [], "metrics": columns}], "time_intervals": intervals, "sampled": False, **more}
    return Exchange(ASKED.format(names), 200, json.dumps(body).encode())


def parse(*exchanges, metrics=("visits",)):
    return METRIKA.parse(exchanges, account=ACCOUNT, window=WINDOW, metrics=metrics, taken_at=NOON)


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (400, "invalid_parameter", MetricRetired),
        (401, "invalid_token", Reauthorise),
        (403, "invalid_token", Reauthorise),
        (403, "access_denied", ScopeMissing),
        (404, "not_found", Permanent),
        (420, "quota_parallel_requests", RateLimited),
        (429, "quota_requests_by_uid", RateLimited),
        (429, "", RateLimited),
        (500, "backend_error", Transient),
        (503, "backend_error", Transient),
        (504, "timeout", Transient),
    ],
)
def test_each_error_has_its_type(status, kind, error):
    body = {"errors": [{"error_type": kind, "message": "words"}], "code": status, "message": "words"}
    exchange = Exchange(ASKED.format("ym:s:visits"), status, json.dumps(body).encode())
    assert type(METRIKA.judge(exchange, None)) is error
    assert type(METRIKA.judge(Exchange(exchange.request, 200, exchange.body), None)) is error


@pytest.mark.parametrize(
    ("status", "error"), [(420, RateLimited), (429, RateLimited), (302, Permanent), (200, Transient)]
)
def test_an_answer_without_json_is_judged_by_its_status(status, error):
    assert type(METRIKA.judge(Exchange(ASKED.format(""), status, b"<html>"), None)) is error


@pytest.mark.parametrize(
    ("kind", "seconds"), [("quota_requests_by_uid", 3600), ("quota_requests_by_ip", 5), ("quota_something_new", 300)]
)
def test_the_wait_depends_on_the_quota(kind, seconds):
    body = json.dumps({"errors": [{"error_type": kind}]}).encode()
    assert METRIKA.judge(Exchange(ASKED.format(""), 429, body), None).retry_after == seconds
    assert METRIKA.judge(Exchange(ASKED.format(""), 429, body), 11).retry_after == 11


def test_fractions_are_kept_digit_for_digit():
    body = b'{"data":[{"metrics":[[10,20,30],[23.10,0.00000001,33.333333333333336]]}],"time_intervals":%s}'
    asked = ASKED.format("ym:s:visits,ym:s:bounceRate")
    exchange = Exchange(asked, 200, body % json.dumps(DAYS).encode())
    points, _ = parse(exchange, metrics=("bounce_rate",))
    assert [(str(point.value), point.weight) for point in points] == [
        ("23.10", Decimal(10)),
        ("1E-8", Decimal(20)),
        ("33.333333333333336", Decimal(30)),
    ]


def test_a_rate_of_nothing_is_a_gap():
    points, gaps = parse(
        report([0, 5, 0], [0, 20, 0], names="ym:s:visits,ym:s:bounceRate"), metrics=("visits", "bounce_rate")
    )
    assert [(point.metric, point.value) for point in points] == [
        ("bounce_rate", Decimal(20)),
        ("visits", Decimal(0)),
        ("visits", Decimal(5)),
        ("visits", Decimal(0)),
    ]
    assert [(gap.metric, gap.reason) for gap in gaps] == [("bounce_rate", "nothing_to_divide")] * 2


def test_sampled_numbers_are_marked():
    points, _ = parse(report([1, 2, 3], sampled=True))
    assert [point.approximate for point in points] == [True] * 3


def test_hidden_for_too_few_people():
    points, gaps = parse(report([1, None, 3], contains_sensitive_data=True))
    assert [point.value for point in points] == [Decimal(1), Decimal(3)]
    assert [gap.reason for gap in gaps] == ["below_threshold"]


def test_of_a_short_column_nobody_knows_which_day_is_missing():
    points, gaps = parse(report([1, 2]))
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"] * 3)


@pytest.mark.parametrize(
    "more",
    [
        {"time_intervals": [["nonsense"], None, 5]},
        {"time_intervals": None},
        {"data": None},
        {"data": [None]},
        {"data": [{"metrics": None}]},
        {"data": [{"metrics": [None]}]},
    ],
)
def test_a_crooked_table_is_all_gaps(more):
    points, gaps = parse(report([1, 2, 3], **more))
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"] * 3)


# --- Against the sandbox ---


def test_bounces_are_asked_with_their_visits(sandbox):
    reading = SAMPLES["metrika"].read(metrics=["bounce_rate"])
    assert {point.metric for point in reading.points} == {"bounce_rate"}
    assert all(point.weight and point.weight > 0 for point in reading.points)


def test_a_long_window_is_asked_in_parts(sandbox):
    reading = SAMPLES["metrika"].read(first=TODAY - timedelta(days=399), metrics=["visits"])
    assert (len(reading.exchanges), len(reading.points), reading.gaps) == (3, 400, ())


def test_if_every_metric_is_refused_it_is_not_the_metrics(sandbox):
    with pytest.raises(Permanent):
        SAMPLES["metrika"].read(external_id="nonsense", metrics=["visits", "visitors"])


def test_a_retired_metric_asked_alone(sandbox):
    sandbox.misbehave("metrika", "retired", times=9)
    reading = SAMPLES["metrika"].read(metrics=["visits", "bounce_rate"])
    assert {point.metric for point in reading.points} == {"visits"}
    assert {(gap.metric, gap.reason) for gap in reading.gaps} == {("bounce_rate", "retired")}


def test_counters_come_page_by_page(sandbox):
    accounts = run(METRIKA.discover({"token": "sandbox-many"}))
    assert len({account.external_id for account in accounts}) == 250
    assert [one["params"]["offset"] for one in sandbox.requests] == ["1", "101", "201"]


def test_counters_have_their_zone_and_first_day_and_a_deleted_one_its_reason(sandbox):
    accounts = run(METRIKA.discover({"token": TOKEN}))
    assert [(one.external_id, one.timezone, str(one.refused_because), one.began_on) for one in accounts] == [
        ("77000007", "Europe/Moscow", "", date(2024, 4, 15)),
        ("77000008", "Asia/Vladivostok", "", date(2024, 4, 15)),
        ("77000009", "Europe/Moscow", "This counter is deleted.", date(2024, 4, 15)),
    ]


@pytest.mark.parametrize(
    ("told", "zone"), [("Asia/Omsk", "Asia/Omsk"), ("Mars/Base", ""), ("../etc/passwd", ""), ("", ""), (None, "")]
)
def test_a_zone_that_nobody_knows_is_left_to_the_caller(told, zone):
    steps = METRIKA.discover({"token": TOKEN})
    next(steps)
    body = json.dumps({"rows": 1, "counters": [{"id": 1, "site": "a b<script>", "time_zone_name": told}]}).encode()
    with pytest.raises(StopIteration) as finished:
        steps.send(Answer(200, {}, body))
    assert finished.value.value == [Account("1", title="a b<script>", timezone=zone)]


def test_a_hint_narrows_the_list(sandbox):
    assert [one.external_id for one in run(METRIKA.discover({"token": TOKEN}, hint="roastery7.example"))] == [
        "77000008"
    ]
