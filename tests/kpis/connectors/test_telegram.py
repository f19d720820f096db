"""What is peculiar to Telegram: the token in the address, and only the present moment."""

import json
import logging

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
)
from kpis.connectors.telegram import channel_name
from kpis.sandbox import telegram as stand_in
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import SAMPLES, TOKEN

TELEGRAM = connector_for("telegram")


def judge(status, **body):
    exchange = Exchange("GET https://api.telegram.org/bot•••/getChat", status, json.dumps(body).encode())
    return TELEGRAM.judge(exchange, None)


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        (400, "Bad Request: chat not found", Permanent),
        (400, "Bad Request: something else", Permanent),
        (401, "Unauthorized", Reauthorise),
        (403, "Forbidden: bot was kicked from the channel chat", ScopeMissing),
        (404, "Not Found", Reauthorise),
        (404, "Not Found: method not found", MetricRetired),
        (409, "Conflict: terminated by other getUpdates request", Transient),
        (429, "Too Many Requests", RateLimited),
        (500, "Internal Server Error", Transient),
    ],
)
def test_each_error_code_has_its_type(code, words, error):
    assert type(judge(code, ok=False, error_code=code, description=words)) is error


def test_an_error_inside_status_200_counts():
    assert type(judge(200, ok=False, error_code=401, description="Unauthorized")) is Reauthorise


@pytest.mark.parametrize(("parameters", "seconds"), [({"retry_after": 35}, 35), ({"retry_after": "x"}, 60), (None, 60)])
def test_the_wait_is_in_the_body(parameters, seconds):
    assert judge(429, ok=False, error_code=429, parameters=parameters).retry_after == seconds


def test_only_today_is_told(sandbox):
    reading = SAMPLES["telegram"].read()
    count = stand_in.life(sandbox.seed, "@obzharka7").followers(TODAY)
    assert [(point.day, int(point.value), point.final) for point in reading.points] == [(TODAY, count, False)]
    assert {gap.reason for gap in reading.gaps} == {"only_now"}


def test_the_token_is_in_no_log(sandbox, caplog):
    caplog.set_level(logging.DEBUG)
    SAMPLES["telegram"].read()
    lines = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name == "smmportal.http"]
    assert [TOKEN in line for line in lines] == [False]
    assert "/bot•••/getChatMemberCount 200" in lines[0]


@pytest.mark.parametrize(
    "token", ["a/../../control", "1234:abc?x=", "1234:abc#", "short", "1234:ab cd efgh", "%2e%2e%2f%2e"]
)
def test_a_token_cannot_lead_to_another_address(sandbox, token):
    with pytest.raises(Reauthorise):
        run(TELEGRAM.check({"token": token}))
    assert list(sandbox.requests) == []


def test_a_channel_is_found_by_its_name(sandbox):
    assert run(TELEGRAM.discover({"token": TOKEN, "channel": "https://t.me/Obzharka7"})) == [
        Account("@obzharka7", "Обжарка №7: зерно и люди", "https://t.me/obzharka7")
    ]


def test_a_person_is_refused_in_words(sandbox):
    (account,) = run(TELEGRAM.discover({"token": TOKEN}, hint="@vera_zernova"))
    assert str(account.refused_because) == "This is a person, not a channel."


def test_an_unknown_channel_is_refused_in_words(sandbox):
    with pytest.raises(Permanent) as refusal:
        run(TELEGRAM.discover({"token": TOKEN}, hint="@nobody_here"))
    assert str(refusal.value.sentence).startswith("Telegram knows no such channel.")


@pytest.mark.parametrize(
    ("pasted", "name"),
    [
        ("@obzharka7", "@obzharka7"),
        ("obzharka7", "@obzharka7"),
        (" https://t.me/obzharka7 ", "@obzharka7"),
        ("t.me/s/obzharka7/", "@obzharka7"),
        ("-1002077000007", "-1002077000007"),
    ],
)
def test_whatever_is_pasted_names_the_channel(pasted, name):
    assert channel_name(pasted) == name


@pytest.mark.parametrize("pasted", ["", "https://t.me/+AbCdEf", "https://example.com/x", "имя", "@a", "a b"])
def test_what_names_no_channel_is_refused_in_words(pasted):
    with pytest.raises(Permanent) as refusal:
        channel_name(pasted)
    assert "@name" in str(refusal.value.sentence)
