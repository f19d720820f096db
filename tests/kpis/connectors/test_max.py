"""What is peculiar to MAX: the token stands alone in its header, chats have names and numbers, only now is told."""

import json

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
from kpis.connectors.max import STATES, chat_name
from kpis.sandbox import max as stand_in
from smmportal.http import run
from tests.conftest import TODAY
from tests.kpis.connectors.samples import SAMPLES, TOKEN

MAX = connector_for("max")


def judge(status, **body):
    return MAX.judge(Exchange("GET https://platform-api2.max.ru/chats/1", status, json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "proto.payload", Permanent),
        (401, "verify.token", Reauthorise),
        (403, "deprecated.token", Reauthorise),
        (403, "chat.denied", ScopeMissing),
        (404, "chat.not.found", Permanent),
        (405, "method.not.allowed", MetricRetired),
        (429, "too.many.requests", RateLimited),
        (500, "internal.error", Transient),
        (503, "service.unavailable", Transient),
        (404, None, Permanent),
    ],
)
def test_each_error_has_its_type(status, code, error):
    refusal = judge(status, code=code, message="words")
    assert (type(refusal), str(refusal.sentence).endswith(".")) == (error, True)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"code": "verify.token"}, Reauthorise),
        ({"code": "too.many.requests"}, RateLimited),
        ({"code": "something.new"}, Transient),
        ({"success": False, "message": "words"}, Transient),
    ],
)
def test_an_error_inside_status_200_counts(body, error):
    assert type(judge(200, **body)) is error


def test_a_chat_is_no_complaint():
    assert judge(200, chat_id=-1, participants_count=0) is None


def test_only_today_is_told(sandbox):
    reading = SAMPLES["max"].read()
    count = stand_in.life(sandbox.seed, -73_007_700_000_007).followers(TODAY)
    assert [(point.day, int(point.value), point.final) for point in reading.points] == [(TODAY, count, False)]
    assert {gap.reason for gap in reading.gaps} == {"only_now"}


def test_the_token_is_the_header_and_nothing_else(sandbox):
    steps = MAX.check({"token": f" {TOKEN} "})
    request = next(steps)
    assert (request.headers, request.params) == ({"Authorization": TOKEN}, {})
    assert run(MAX.check({"token": TOKEN})).login == "zerno_stat_bot"


def test_nothing_is_listed_so_the_channel_has_to_be_named(sandbox):
    """MAX has taken the list of a bot's chats away."""
    with pytest.raises(Permanent) as refusal:
        run(MAX.discover({"token": TOKEN}))
    assert str(refusal.value.sentence).startswith("Write the channel's number")
    assert list(sandbox.requests) == []


@pytest.mark.parametrize(("state", "sentence"), STATES.items())
def test_in_each_state_but_one_no_number_is_taken(sandbox, state, sentence):
    exchange = SAMPLES["max"].read().exchanges[0]
    shut = Exchange(exchange.request, 200, exchange.body.replace(b'"active"', f'"{state}"'.encode()))
    points, gaps = SAMPLES["max"].parse([shut])
    assert (points, gaps[-1].reason, str(sentence).endswith(".")) == ((), "not_permitted", True)


def test_who_is_out_of_the_channel_is_offered_it_with_the_reason(sandbox):
    (account,) = run(MAX.discover({"token": TOKEN}, hint="-73007700000009"))
    assert (account.title, str(account.refused_because)) == (
        "Старый канал",
        "The bot was removed from the channel. Add it back.",
    )


@pytest.mark.parametrize(
    "hint", ["https://max.ru/Obzharka7", "@obzharka7", "-73007700000007", "https://web.max.ru/-73007700000007?x=1"]
)
def test_a_channel_is_found_by_its_name_or_number(sandbox, hint):
    assert run(MAX.discover({"token": TOKEN, "channel": "max.ru/other"}, hint=hint)) == [
        Account("-73007700000007", "Обжарка №7", "https://max.ru/obzharka7")
    ]


def test_a_conversation_is_refused_in_words(sandbox):
    (account,) = run(MAX.discover({"token": TOKEN}, hint="73007700000010"))
    assert str(account.refused_because) == "This is a conversation, not a channel."


def test_a_channel_that_the_bot_is_no_longer_in_tells_no_number(sandbox):
    with pytest.raises(ScopeMissing) as refusal:
        SAMPLES["max"].read(external_id="-73007700000009")
    assert str(refusal.value.sentence) == "The bot was removed from the channel. Add it back."


def test_an_unknown_channel_is_refused_in_words(sandbox):
    with pytest.raises(Permanent) as refusal:
        run(MAX.discover({"token": TOKEN}, hint="@nobody_here"))
    assert str(refusal.value.sentence).startswith("MAX knows no such channel")


@pytest.mark.parametrize(
    ("pasted", "name"),
    [("@coffee", "coffee"), ("coffee-7", "coffee-7"), (" https://max.ru/coffee?x=1 ", "coffee"), ("-7300", "-7300")],
)
def test_whatever_is_pasted_names_the_chat(pasted, name):
    assert chat_name(pasted) == name


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "https://max.ru/join/AbCdEf",
        "https://example.com/x",
        "имя",
        "a b",
        "../me",
        "coffee/members",
        "7?x=",
        "https://web.max.ru/-7/x",
    ],
)
def test_what_names_no_chat_is_refused_in_words_and_leads_nowhere(sandbox, pasted):
    with pytest.raises(Permanent) as refusal:
        run(MAX.discover({"token": TOKEN}, hint=pasted or " "))
    assert "web.max.ru" in str(refusal.value.sentence)
    assert list(sandbox.requests) == []
