"""What is peculiar to Google Analytics: JSON requests, thresholds, samples, zeros in place of what may not be seen."""

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
from kpis.connectors.ga4 import property_number
from kpis.sandbox import ga4 as stand_in
from smmportal.http import Answer, Request, run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import GOOGLE, NOON, SAMPLES, TOKEN

GA4 = connector_for("ga4")
SAMPLE = SAMPLES["ga4"]
PASTED = {**GOOGLE, "property": "377000007"}
WINDOW = Window(date(2026, 11, 16), date(2026, 11, 18))
URL = "https://analyticsdata.googleapis.com/v1beta/properties/1:runReport"


def asked(*names):
    ranges = [{"startDate": WINDOW.first.isoformat(), "endDate": WINDOW.last.isoformat()}]
    return Request("POST", URL, json={"dateRanges": ranges, "metrics": [{"name": name} for name in names]}).described()


def report(rows, *names, headers=(), **metadata):
    """A report; `rows` are a day of November and its values."""
    body = {
        "metricHeaders": [{"name": name} for name in headers or names],
        "rows": [
            {
                "dimensionValues": [{"value": f"202611{day}"}],
                "metricValues": [{"value": value} for value in values],
            }
            for day, *values in rows
        ],
        "metadata": metadata,
    }
    return Exchange(asked(*names), 200, json.dumps(body).encode())


def parse(*exchanges, metrics=("visits",), taken_at=NOON):
    account = Account("1", timezone="Europe/Moscow")
    return GA4.parse(exchanges, account=account, window=WINDOW, metrics=metrics, taken_at=taken_at)


def judge(answered, request=None, **error):
    return GA4.judge(Exchange(request or asked("sessions"), answered, json.dumps({"error": error}).encode()))


@pytest.mark.parametrize(
    ("status", "name", "error"),
    [
        (400, "INVALID_ARGUMENT", MetricRetired),
        (401, "UNAUTHENTICATED", Reauthorise),
        (403, "PERMISSION_DENIED", ScopeMissing),
        (404, "NOT_FOUND", Permanent),
        (429, "RESOURCE_EXHAUSTED", RateLimited),
        (500, "INTERNAL", Transient),
        (503, "UNAVAILABLE", Transient),
    ],
)
def test_each_error_has_its_type_whatever_the_status_says(status, name, error):
    assert type(judge(status, code=status, status=name)) is error
    assert type(judge(200, code=status, status=name)) is error


def test_an_api_that_is_switched_off_is_said_in_words():
    refusal = judge(403, code=403, status="PERMISSION_DENIED", details=[{"reason": "SERVICE_DISABLED"}])
    assert (type(refusal), "switched off" in str(refusal.sentence)) == (Permanent, True)


def test_the_metric_that_was_refused_is_named():
    assert judge(400, asked("sessions", "oldName"), code=400).metric == "sessions,oldName"


# --- The table of a report ---


def test_columns_are_found_by_their_names():
    rows = report([(16, "7", "5")], "sessions", "totalUsers", headers=("totalUsers", "sessions"))
    points, _gaps = parse(rows, metrics=("visits", "visitors"))
    assert [(point.metric, point.value) for point in points] == [("visitors", Decimal(7)), ("visits", Decimal(5))]


def test_a_rate_is_a_percent_with_its_visits():
    rows = report([(16, "200", "0.4350"), (17, "0", "0"), (18, "40", "0")], "sessions", "bounceRate")
    points, gaps = parse(rows, metrics=("bounce_rate",))
    assert [(str(point.value), point.weight) for point in points] == [("43.5000", Decimal(200)), ("0", Decimal(40))]
    assert [(gap.day.day, gap.reason) for gap in gaps] == [(17, "nothing_to_divide")]


def test_a_rates_visits_may_come_in_another_answer():
    apart = (report([(16, "0.5")], "bounceRate"), report([(16, "10")], "sessions"))
    for exchanges in (apart, apart[::-1]):
        points, _gaps = parse(*exchanges, metrics=("bounce_rate",))
        assert [(point.value, point.weight) for point in points] == [(Decimal(50), Decimal(10))]


def test_a_day_that_is_absent_is_not_zero():
    points, gaps = parse(report([(16, "0"), (18, "4")], "sessions"))
    assert [(point.day.day, point.value) for point in points] == [(16, Decimal(0)), (18, Decimal(4))]
    assert [(gap.day.day, gap.reason) for gap in gaps] == [(17, "not_given")]


def test_what_is_kept_back_for_too_few_people_is_below_the_threshold_once_the_day_is_counted():
    rows = report([(16, "9")], "sessions", subjectToThresholding=True)
    early = datetime(2026, 11, 18, 12, tzinfo=UTC)
    assert [gap.reason for gap in parse(rows)[1]] == ["below_threshold", "below_threshold"]
    assert [gap.reason for gap in parse(rows, taken_at=early)[1]] == ["not_ready", "not_ready"]


def test_zeros_in_place_of_what_may_not_be_seen_are_no_numbers():
    restriction = {"activeMetricRestrictions": [{"metricName": "totalUsers", "restrictedMetricTypes": ["COST_DATA"]}]}
    rows = report([(16, "9", "0")], "sessions", "totalUsers", schemaRestrictionResponse=restriction)
    points, gaps = parse(rows, metrics=("visits", "visitors"))
    assert [(point.metric, point.value) for point in points] == [("visits", Decimal(9))]
    assert [gap.reason for gap in gaps if gap.metric == "visitors"] == ["not_permitted"] * 3


@pytest.mark.parametrize("remark", [{"samplingMetadatas": [{"samplesReadCount": "1"}]}, {"dataLossFromOtherRow": True}])
def test_estimated_numbers_are_marked(remark):
    points, _gaps = parse(report([(16, "9")], "sessions", **remark))
    assert [point.approximate for point in points] == [True]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rows": None},
        {"rows": [None, {}]},
        {"rows": [{"dimensionValues": None, "metricValues": [{"value": "1"}]}]},
        {"rows": [{"dimensionValues": [{"value": "(other)"}], "metricValues": [{"value": "1"}]}]},
        {"rows": [{"dimensionValues": [{"value": "20261116"}], "metricValues": None}]},
        {"metadata": [], "metricHeaders": "x"},
    ],
)
def test_a_crooked_report_is_all_gaps(body):
    exchange = Exchange(asked("sessions"), 200, json.dumps({"metricHeaders": [{"name": "sessions"}], **body}).encode())
    points, gaps = parse(exchange)
    assert (points, [gap.reason for gap in gaps]) == ((), ["not_given"] * 3)


# --- Against the sandbox ---


def test_numbers_are_the_sandboxs(sandbox):
    told = {(point.metric, point.day): point.value for point in SAMPLE.read().points}
    life = stand_in.life(sandbox.seed, 377_000_007)
    day = TODAY - timedelta(days=3)
    assert told["visits", day] == stand_in.NUMBERS["sessions"](life, day)
    assert float(told["bounce_rate", day]) == pytest.approx(100 * stand_in.NUMBERS["bounceRate"](life, day))
    assert told["visitors", day] <= told["visits", day] <= told["page_views", day]


def test_zeros_are_asked_for(sandbox):
    SAMPLE.read(metrics=["conversion_rate"])
    (request,) = [json.loads(one["params"]["json"]) for one in sandbox.requests]
    assert (request["keepEmptyRows"], request["returnPropertyQuota"]) == (True, True)
    assert request["metrics"] == [{"name": "sessionKeyEventRate"}, {"name": "sessions"}]


def test_the_allowance_is_read_from_the_answer(sandbox):
    quota = SAMPLE.read().quota
    midnight = quota.resets_at.astimezone(ZoneInfo("America/Los_Angeles"))
    assert (quota.limit, quota.remaining, midnight.hour, midnight.minute) == (200_000, 199_996, 0, 0)
    assert GA4.quota([Exchange(asked("sessions"), 200, b"[]"), Exchange(asked("sessions"), 200, b"{}")]) is None


def test_the_tightest_allowance_counts():
    told = {"tokensPerDay": {"consumed": 5, "remaining": 100_000}, "tokensPerHour": {"consumed": 9, "remaining": 1000}}
    project = {"tokensPerProjectPerHour": {"consumed": 13_990, "remaining": 10}}
    body = json.dumps({"propertyQuota": {**told, **project}}).encode()
    quota = GA4.quota([Exchange(asked("sessions"), 200, body)])
    assert (quota.limit, quota.remaining, quota.is_low) == (14_000, 10, True)


def test_a_sample_is_marked_as_one(sandbox):
    sandbox.misbehave("ga4", "sampled")
    assert {point.approximate for point in SAMPLE.read().points} == {True}


def test_a_long_window_is_asked_in_parts(sandbox):
    reading = SAMPLE.read(first=TODAY - timedelta(days=399), metrics=["visits"])
    assert (len(reading.exchanges), len(reading.points), reading.gaps) == (2, 400, ())


def test_if_every_metric_is_refused_it_is_not_the_metrics(sandbox):
    steps = GA4.read(
        credentials=SAMPLE.credentials,
        account=SAMPLE.account,
        window=WINDOW,
        metrics=["visits", "visitors"],
        taken_at=NOON,
    )
    request, refusal = next(steps), Answer(400, {}, json.dumps({"error": {"code": 400, "message": "no"}}).encode())
    with pytest.raises(Permanent):
        while request:
            request = steps.send(refusal)


def test_somebody_elses_property_is_refused_in_words(sandbox):
    with pytest.raises(ScopeMissing) as refusal:
        run(GA4.check({**PASTED, "property": str(stand_in.FOREIGN)}))
    assert "Viewer" in str(refusal.value.sentence)


def test_the_check_exchanges_what_was_pasted_and_keeps_the_access(sandbox):
    identity = run(GA4.check(PASTED))
    assert (identity.login, identity.token_kind) == ("Google Analytics 377000007", "oauth")
    assert identity.credentials == {**PASTED, "token": "sandbox-access-refresh"}
    assert identity.expires_at > datetime.now(UTC) + timedelta(minutes=59)


def test_renewal_goes_by_the_one_address_that_all_of_google_has(sandbox):
    assert run(GA4.renew(PASTED)).credentials["token"] == "sandbox-access-refresh"
    assert [(one["platform"], one["path"]) for one in sandbox.requests] == [("youtube", "/oauth2/v4/token")]


def test_a_property_tells_its_zone(sandbox):
    credentials = {"token": TOKEN, "property": "377000007"}
    found = [run(GA4.discover(credentials, hint=hint))[0] for hint in ("", "377000008")]
    assert [(account.external_id, account.timezone) for account in found] == [
        ("377000007", "Europe/Moscow"),
        ("377000008", "Asia/Vladivostok"),
    ]


@pytest.mark.parametrize("metadata", [None, {}, {"timeZone": "Mars/Base"}, {"timeZone": None}])
def test_a_zone_that_nobody_knows_is_left_to_the_caller(metadata):
    steps = GA4.discover({"token": TOKEN}, hint="377000007")
    next(steps)
    with pytest.raises(StopIteration) as finished:
        steps.send(Answer(200, {}, json.dumps({"metadata": metadata}).encode()))
    assert [account.timezone for account in finished.value.value] == [""]


@pytest.mark.parametrize(
    ("pasted", "number"),
    [
        ("123456789", "123456789"),
        (" properties/123456789 ", "123456789"),
        ("https://analytics.google.com/analytics/web/#/p123456789/reports/home", "123456789"),
        ("https://analytics.google.com/analytics/web/?hl=ru#/a12345p123456789/admin", "123456789"),
        ("G-ABCDEF1234", None),
        ("UA-1234567-1", None),
        ("", None),
    ],
)
def test_whatever_is_pasted_names_the_property(pasted, number):
    if number:
        assert property_number(pasted) == number
        return
    with pytest.raises(Permanent) as refusal:
        property_number(pasted)
    assert "number" in str(refusal.value.sentence)


# --- With granted access ---


def test_every_property_that_the_person_sees_is_offered_with_its_zone(sandbox):
    accounts = run(connector_for("ga4").discover({"token": "sandbox-granted"}))
    assert [(one.external_id, one.title, one.timezone) for one in accounts] == [
        ("377000007", "Обжарка №7: сайт 1", "Europe/Moscow"),
        ("377000008", "Обжарка №7: сайт 2", "Asia/Vladivostok"),
    ]
