"""What nobody has confirmed about the platforms, and what happens if it is otherwise: a typed error or a gap.

Each connector's docstring says what of it is unconfirmed; `test_disfigured.py` spoils the answers themselves.
"""

import inspect
import json
from itertools import product

import pytest

from kpis.connectors import CONNECTORS
from kpis.connectors.contract import ConnectorError, Exchange, Window
from tests.conftest import TODAY
from tests.kpis.connectors.samples import FIRST, NOON, SAMPLES

STATUSES = (201, 204, 301, 400, 401, 402, 403, 404, 405, 409, 410, 418, 420, 422, 429, 451, 500, 502, 503, 504, 599)
BODIES = (b"", b"{}", b"[]", b'"no"', b"<html></html>")

#: (connector, what we believe, where the platform says otherwise, its status, its words, what we make of it)
OTHERWISE = [
    ("vk", "errors come with status 200", "groups.getById", 401, {"error": {"error_code": 5}}, "reauthorise"),
    ("vk", "the right is called stats", "stats.get", 200, {"error": {"error_code": 7}}, "scope_missing"),
    ("vk", "a code that is in no table", "stats.get", 200, {"error": {"error_code": 9001}}, "permanent"),
    ("telegram", "a wait is told in the body", "getChatMemberCount", 429, {"ok": False}, "rate_limited"),
    ("telegram", "a lost channel is 400 or 403", "getChatMemberCount", 410, {"ok": False}, "transient"),
    ("metrika", "a quota is 429 or 420", "bytime", 403, {"errors": [{"error_type": "quota_new"}]}, "rate_limited"),
    ("metrika", "numbers are in a table", "bytime", 200, {"data": {"visits": 5}}, ""),
    ("youtube", "errors have a reason", "reports", 403, {"error": {"code": 403}}, "scope_missing"),
    ("youtube", "a quota has one of three names", "channels", 429, {"error": {"code": 429}}, "rate_limited"),
    ("ga4", "metrics are called so", ":runReport", 400, {"error": {"code": 400}}, "metric_retired"),
    ("ga4", "429 means the quota", ":runReport", 503, {"error": {"status": "RESOURCE_EXHAUSTED"}}, "rate_limited"),
    ("ok", "requests are signed so", "fb.do", 200, {"error_code": 104}, "reauthorise"),
    ("ok", "statistics have these fields", "fb.do", 200, {"error_code": 100, "error_msg": "fields"}, "metric_retired"),
    ("ok", "a history is a list of moments", "fb.do", 200, {"reach": {"2026-11-20": 5}}, ""),
    (
        "instagram",
        "thirty days may be asked",
        "insights",
        400,
        {"error": {"code": 100, "message": "days"}},
        "permanent",
    ),
    ("instagram", "a token ends with 463 or 467", "insights", 400, {"error": {"code": 190}}, "reauthorise"),
    ("facebook", "32 and 613 are limits", "insights", 400, {"error": {"code": 32}}, "rate_limited"),
    (
        "facebook",
        "Business Use Case limits are 80000 to 80014",
        "insights",
        400,
        {"error": {"code": 80014}},
        "rate_limited",
    ),
    (
        "tiktok",
        "a video has its views",
        "video/list/",
        200,
        {"data": {"videos": [{"id": "1"}]}, "error": {"code": "ok"}},
        "",
    ),
    ("tiktok", "the codes are words", "video/list/", 401, {"error": {"code": 10002}}, "permanent"),
    (
        "tiktok_business",
        "days have these fields",
        "business/get/",
        200,
        {"code": 40002, "message": "fields"},
        "metric_retired",
    ),
    ("tiktok_business", "the codes are these", "business/get/", 200, {"code": 77777}, "permanent"),
    (
        "tiktok_business",
        "days are in «metrics»",
        "business/get/",
        200,
        {"code": 0, "data": {"list": [{"likes": 5}]}},
        "",
    ),
    ("linkedin", "networkSizes tells the followers", "urn:li:organization:77000007", 404, {"status": 404}, "permanent"),
    ("linkedin", "its field is firstDegreeSize", "urn:li:organization:77000007", 200, {"size": 5}, ""),
    ("linkedin", "the version is alive", "organizationalEntityShareStatistics", 426, {"status": 426}, "permanent"),
    ("x", "a limit is 429", "7700000007", 400, {"errors": [{"code": 88}]}, "rate_limited"),
    ("x", "the credit is 402", "7700000007", 402, {"title": "CreditsDepleted"}, "permanent"),
    ("x", "counts are called so", "7700000007", 200, {"data": {"public_metrics": {"followers": 5}}}, ""),
    ("max", "a chat tells its participants", "-73007700000007", 200, {"chat_id": -7, "members": 5}, ""),
    ("max", "a name leads to a chat", "-73007700000007", 400, {"code": "proto.payload"}, "permanent"),
]


@pytest.fixture(autouse=True)
def stand_in(sandbox):
    """Everything here begins with what the stand-in answers."""


def answered(code, end, status, body):
    """What was asked at the address with this end, answered so."""
    asked = [one for one in SAMPLES[code].read().exchanges if one.path.endswith(end)]
    return Exchange(asked[-1].request, status, json.dumps(body).encode())


@pytest.mark.parametrize(("code", "belief", "end", "status", "body", "kind"), OTHERWISE)
def test_what_is_otherwise_is_said_or_missing_and_never_a_number(code, belief, end, status, body, kind):
    exchange = answered(code, end, status, body)
    problem = CONNECTORS[code].judge(exchange)
    assert (belief, problem.kind if problem else "") == (belief, kind)
    points, gaps = SAMPLES[code].parse([exchange])
    assert (points, bool(gaps) or bool(kind)) == ((), True)


def test_every_connector_has_something_that_may_be_otherwise():
    assert {row[0] for row in OTHERWISE} == set(CONNECTORS)


@pytest.mark.parametrize("code", sorted(CONNECTORS))
def test_the_docstring_says_what_is_unconfirmed(code):
    assert "Unconfirmed" in inspect.getdoc(inspect.getmodule(type(CONNECTORS[code])))


@pytest.mark.parametrize("code", sorted(CONNECTORS))
def test_no_status_without_an_explanation_is_an_answer(code):
    for exchange in SAMPLES[code].read().exchanges[:2]:
        for status, body in product(STATUSES, BODIES):
            odd = Exchange(exchange.request, status, body)
            problem = CONNECTORS[code].judge(odd)
            assert (status, body, isinstance(problem, ConnectorError) or status < 300) == (status, body, True)
            assert SAMPLES[code].parse([odd])[0] == ()


@pytest.mark.parametrize("code", [code for code, one in CONNECTORS.items() if one.capabilities.history_days])
def test_what_the_platform_no_longer_keeps_is_no_number_though_it_answers(code):
    sample = SAMPLES[code]
    points, gaps = sample.connector.parse(
        sample.read().exchanges,
        account=sample.account,
        window=Window(FIRST, TODAY),
        metrics=sample.connector.capabilities.codes,
        taken_at=NOON.replace(year=NOON.year + 3),
    )
    assert (points, {gap.reason for gap in gaps}) == ((), {"before_history"})


def test_no_more_is_asked_at_once_than_is_allowed():
    most = {"metrika": 20, "ga4": 10}
    assert [code for code, number in most.items() if len(CONNECTORS[code].capabilities.metrics) > number] == []


def test_the_platforms_are_where_their_pages_say():
    from smmportal.settings import PLATFORMS

    assert {name: PLATFORMS[name] for name in ("MAX_API_URL", "VK_API_URL", "METRIKA_API_URL", "OK_API_URL")} == {
        "MAX_API_URL": "https://platform-api2.max.ru",
        "VK_API_URL": "https://api.vk.com",
        "METRIKA_API_URL": "https://api-metrika.yandex.net",
        "OK_API_URL": "https://api.ok.ru",
    }
