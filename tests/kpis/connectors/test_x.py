"""What is peculiar to X: errors of several shapes, and a price on every read."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.connectors import connector_for, offered
from kpis.connectors.contract import (
    Account,
    Charge,
    Exchange,
    MetricRetired,
    Permanent,
    Quota,
    RateLimited,
    Reauthorise,
    ScopeMissing,
    Transient,
)
from kpis.sandbox import x as stand_in
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import SAMPLES, TOKEN

X = connector_for("x")
PASTED = {"token": TOKEN, "account": "@obzharka7"}
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PROBLEM = "https://api.twitter.com/2/problems/"


def judge(status, body):
    return X.judge(Exchange("GET https://api.x.com/2/users/1", status, json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"errors": [{"message": "The `user.fields` query parameter value [x] is not one of"}]}, MetricRetired),
        (
            400,
            {"errors": [{"message": "The `id` query parameter is not valid"}], "title": "Invalid Request"},
            Permanent,
        ),
        (401, {"title": "Unauthorized", "status": 401}, Reauthorise),
        (402, {"title": "CreditsDepleted", "detail": "no credits"}, Permanent),
        (403, {"title": "Forbidden", "type": f"{PROBLEM}client-forbidden", "status": 403}, ScopeMissing),
        (404, {"title": "Not Found"}, Permanent),
        (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, RateLimited),
        (429, {"title": "Too Many Requests", "status": 429}, RateLimited),
        (500, {"title": "Internal Server Error", "status": 500}, Transient),
        (503, {"errors": [{"code": 130, "message": "Over capacity"}]}, Transient),
        (200, {"errors": [{"title": "Not Found Error", "type": f"{PROBLEM}resource-not-found"}]}, Permanent),
        (200, {"errors": [{"code": 88}]}, RateLimited),
        (200, {"title": "Service Unavailable", "status": 503}, Transient),
    ],
)
def test_each_error_has_its_type_whatever_its_shape_and_status(status, body, error):
    assert type(judge(status, body)) is error


def test_an_answer_with_data_is_one_though_a_part_of_it_failed():
    assert judge(200, {"data": {"id": "1"}, "errors": [{"title": "Not Found Error"}]}) is None


def test_credit_that_is_used_up_says_where_to_top_it_up():
    assert "prepaid credit" in str(judge(402, {"title": "CreditsDepleted"}).sentence)


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        ({}, None),
        ({"x-rate-limit-limit": "75"}, None),
        ({"x-rate-limit-limit": "75", "x-rate-limit-remaining": "74"}, Quota(75, 74)),
        (
            {"x-rate-limit-limit": "75", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "1795435200"},
            Quota(75, 0, datetime.fromtimestamp(1795435200, UTC)),
        ),
        ({"x-rate-limit-limit": "many", "x-rate-limit-remaining": "0"}, None),
    ],
)
def test_what_is_left_stands_in_headers(headers, quota):
    assert X.quota_in(headers, NOW) == quota


def test_the_wait_is_until_the_limit_begins_anew():
    class Answer:
        status, body = 429, b'{"errors": [{"code": 88}]}'
        headers = {
            "x-rate-limit-limit": "75",
            "x-rate-limit-remaining": "0",
            "x-rate-limit-reset": str(int((datetime.now(UTC) + timedelta(minutes=10)).timestamp())),
        }

        def retry_after(self, now):
            return None

    steps = X.check(PASTED)
    next(steps)
    with pytest.raises(RateLimited) as refusal:
        steps.send(Answer())
    assert 500 < refusal.value.retry_after <= 600


# --- Reading ---


def test_the_number_of_posts_is_read_by_its_former_name_too(sandbox):
    (exchange,) = SAMPLES["x"].read().exchanges
    former = Exchange(exchange.request, 200, exchange.body.replace(b"post_count", b"tweet_count"))
    assert former.body != exchange.body
    assert SAMPLES["x"].parse([former]) == SAMPLES["x"].parse([exchange])


def test_one_request_tells_what_there_is_now(sandbox):
    reading = SAMPLES["x"].read()
    life = stand_in.life(sandbox.seed, "7700000007")
    assert {(point.metric, point.day): int(point.value) for point in reading.points} == {
        ("followers", TODAY): life.followers(TODAY),
        ("total_posts", TODAY): 300 + (TODAY - stand_in.BORN).days,
    }
    assert ({gap.reason for gap in reading.gaps}, len(sandbox.requests)) == ({"only_now"}, 1)
    assert reading.quota.remaining == 899


@pytest.mark.parametrize(
    ("pasted", "path"),
    [
        ("@Obzharka7", "/2/users/by/username/obzharka7"),
        ("obzharka7", "/2/users/by/username/obzharka7"),
        (" https://x.com/obzharka7 ", "/2/users/by/username/obzharka7"),
        ("twitter.com/obzharka7?lang=ru", "/2/users/by/username/obzharka7"),
        ("7700000007", "/2/users/7700000007"),
    ],
)
def test_whatever_is_pasted_names_the_account(sandbox, pasted, path):
    accounts = run(X.discover({"token": TOKEN, "account": pasted}))
    assert accounts == [
        Account("7700000007", "Обжарка №7", "https://x.com/obzharka7", began_on=stand_in.BORN),
    ]
    assert [one["path"] for one in sandbox.requests] == [path]


@pytest.mark.parametrize("pasted", ["", "https://example.com/x", "имя", "x" * 16, "x.com/a/status/1", "../control"])
def test_what_names_no_account_is_refused_in_words_and_not_asked(sandbox, pasted):
    with pytest.raises(Permanent) as refusal:
        run(X.check({"token": TOKEN, "account": pasted}))
    assert "@coffee" in str(refusal.value.sentence)
    assert list(sandbox.requests) == []


def test_an_account_that_x_does_not_know_is_refused_in_words(sandbox):
    with pytest.raises(Permanent) as refusal:
        run(X.discover({"token": TOKEN}, "@nobody"))
    assert str(refusal.value.sentence) == "X knows no such account. Check its name."


# --- What it costs ---


def test_an_account_costs_a_cent_however_it_is_named():
    cent = Decimal("0.010")
    assert X.charges(PASTED) == (Charge("users/by/username/obzharka7", cent),)
    assert X.charges(PASTED, "7700000007") == (Charge("users/7700000007", cent),)


def test_it_is_offered_where_there_is_a_budget_and_stands_in_the_registry_all_the_same(settings):
    assert (X in offered(), connector_for("x")) == (False, X)
    settings.X_MONTHLY_BUDGET_USD = Decimal(5)
    assert X in offered()


def test_the_others_cost_nothing_and_are_offered():
    others = [sample.connector for name, sample in SAMPLES.items() if name != "x"]
    assert {(one.monthly_budget, one.charges({}), one.is_offered) for one in others} == {(None, (), True)}
