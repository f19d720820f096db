"""The stand-in itself: repeatable numbers, the platforms' own limits, and misbehaviour to order."""

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from kpis.sandbox import MISBEHAVIOURS, Sandbox, metrika, start_sandbox, telegram, vk, x
from kpis.sandbox.consent import APPS
from kpis.sandbox.numbers import Life, Recount, chance
from smmportal.http import Request, Unreachable, send
from tests.conftest import TODAY

PINNED = (0.956542, 13258, 22)
PINNED_CHANNEL = 6715
DAYS = [TODAY - timedelta(days=number) for number in range(400)]
LIFE = Life(7, "vk:1", date(2024, 3, 1), 4_200)


def get(url, **more):
    return send(Request("GET", url, **more))


def call(sandbox, method, token="sandbox-user", headers=None, **form):
    answer = send(
        Request(
            "POST",
            f"{sandbox.url('vk')}/method/{method}",
            form={"v": "5.199", **form},
            headers={"Authorization": f"Bearer {token}", **(headers or {})},
        )
    )
    return answer.json()


# --- Numbers ---


def test_the_same_seed_gives_the_same_numbers_in_any_order():
    forwards = [LIFE.followers(day) for day in DAYS]
    backwards = [LIFE.followers(day) for day in reversed(DAYS)]
    assert forwards == backwards[::-1]
    assert Life(8, "vk:1", date(2024, 3, 1), 4_200).followers(TODAY) != LIFE.followers(TODAY)


def test_these_numbers_stay_what_they_are():
    assert (round(chance(7, "a"), 6), LIFE.followers(TODAY), LIFE.follows(TODAY)) == PINNED


def test_followers_add_up_every_day():
    for day in DAYS:
        change = LIFE.followers(day) - LIFE.followers(day - timedelta(days=1))
        assert change == LIFE.follows(day) - LIFE.unfollows(day)


def test_before_its_birth_an_account_has_nothing():
    assert (LIFE.followers(date(2024, 2, 29)), LIFE.flow("reach", date(2024, 2, 29), 100)) == (0, 0)


def test_life_has_a_week_and_a_trend_and_bad_days():
    flows = {day: LIFE.flow("reach", day, 1_000) for day in DAYS}
    weekdays, sundays = ([flow for day, flow in flows.items() if day.weekday() == number] for number in (2, 6))
    assert sum(weekdays) > sum(sundays) * 1.15
    assert min(flows.values()) < 0.6 * sum(flows.values()) / len(flows) < max(flows.values())


def test_parts_are_not_larger_than_the_whole():
    for day in DAYS:
        told = vk.numbers(vk.life(7, 207_700_007), day)
        assert told["reach"]["reach_subscribers"] <= told["reach"]["reach"]
        assert told["visitors"]["visitors"] <= told["visitors"]["views"]
        site = metrika.numbers(metrika.life(7, 77_000_007), day)
        assert site["ym:s:users"] <= site["ym:s:visits"] <= site["ym:s:pageviews"]
        assert 0 <= site["ym:s:bounceRate"] <= 100


def test_a_recount_changes_its_days_and_none_before_them():
    since = TODAY - timedelta(days=2)
    anew = Life(Recount(7, since), "vk:1", date(2024, 3, 1), 4_200)
    changed = {day for day in DAYS if anew.flow("reach", day, 1_000) != LIFE.flow("reach", day, 1_000)}
    assert changed == {since, TODAY - timedelta(days=1), TODAY}
    assert anew.followers(since - timedelta(days=1)) == LIFE.followers(since - timedelta(days=1))
    assert anew.share("mobile", since, 0, 1) != LIFE.share("mobile", since, 0, 1)


def test_without_a_day_of_its_own_each_zone_has_its_day(sandbox):
    sandbox.today, sandbox.now = None, lambda: datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    count = get(f"{sandbox.url('telegram')}/botsandbox-bot/getChatMemberCount", params={"chat_id": "@obzharka7"})
    assert count.json()["result"] == telegram.life(7, "@obzharka7").followers(TODAY)
    user = get(
        f"{sandbox.url('x')}/2/users/7700000007",
        params={"user.fields": "public_metrics"},
        headers={"Authorization": "Bearer sandbox-token"},
    )
    yesterday = x.life(7, "7700000007").followers(TODAY - timedelta(days=1))
    assert user.json()["data"]["public_metrics"]["followers_count"] == yesterday


# --- The platforms' own limits and errors ---


def test_vk_wants_a_version_a_known_method_and_a_token(sandbox):
    def code(answer):
        return answer["error"]["error_code"]

    assert code(call(sandbox, "no.such")) == 3
    assert code(call(sandbox, "users.get", token="")) == 5
    bare = send(
        Request("POST", f"{sandbox.url('vk')}/method/users.get", headers={"Authorization": "Bearer sandbox-user"})
    )
    assert (bare.status, code(bare.json())) == (200, 8)


def test_metrika_takes_twenty_metrics_at_most(sandbox):
    answer = get(
        f"{sandbox.url('metrika')}/stat/v1/data/bytime",
        params={"ids": 77_000_007, "metrics": ",".join(["ym:s:visits"] * 21), "date1": TODAY, "date2": TODAY},
        headers={"Authorization": "OAuth sandbox-token"},
    )
    assert (answer.status, answer.json()["errors"][0]["error_type"]) == (400, "invalid_parameter")


def test_telegram_knows_its_methods(sandbox):
    assert get(f"{sandbox.url('telegram')}/botsandbox-bot/sendDice").status == 404
    assert get(f"{sandbox.url('telegram')}/botstranger/getMe").status == 401


def test_limits_hold_when_they_are_asked_for(settings):
    sandbox = start_sandbox(today=TODAY, limits=True)
    settings.TRUSTED_BASES = [sandbox.url("metrika")]
    counters = f"{sandbox.url('metrika')}/management/v1/counters"
    try:
        statuses = [get(counters, headers={"Authorization": "OAuth sandbox-busy"}).status for _ in range(201)]
        assert (set(statuses[:200]), statuses[200]) == ({200}, 429)
        assert get(counters, headers={"Authorization": "OAuth sandbox-other"}).status == 200
    finally:
        sandbox.stop()


# --- Misbehaviour to order ---


def test_by_query_header_and_token(sandbox):
    me = f"{sandbox.url('telegram')}/botsandbox-bot/getMe"
    assert get(me, params={"misbehave": "busy"}).status == 500
    assert get(me, headers={"X-Sandbox": "expired"}).status == 401
    assert get(f"{sandbox.url('telegram')}/botsandbox-misbehave-429-bare/getMe").status == 429
    assert get(me).status == 200


def test_by_the_control_address_for_some_requests_after_others(sandbox):
    root = sandbox.url("vk").removesuffix("/vk")
    order = {"platform": "vk", "misbehave": "expired", "times": 2, "after": 1}
    assert send(Request("POST", f"{root}/control", json=order)).json() == {"ok": True}
    answers = [call(sandbox, "users.get") for _ in range(4)]
    assert ["error" in answer for answer in answers] == [False, True, True, False]


@pytest.mark.parametrize(
    "order", [{}, {"platform": "vk", "misbehave": "nonsense"}, {"platform": "fax", "misbehave": "cut"}, [], "x"]
)
def test_an_order_nobody_understands_is_refused_with_what_there_is(sandbox, order):
    root = sandbox.url("vk").removesuffix("/vk")
    answer = send(Request("POST", f"{root}/control", json=order))
    assert (answer.status, answer.json()["misbehaviours"]) == (400, MISBEHAVIOURS)


def test_what_was_asked_is_remembered_until_it_behaves_again(sandbox):
    root = sandbox.url("vk").removesuffix("/vk")
    call(sandbox, "users.get", fields="screen_name")
    assert get(f"{root}/control/requests").json()["requests"] == [
        {
            "platform": "vk",
            "method": "POST",
            "path": "/method/users.get",
            "token": "sandbox-user",
            "params": {"v": "5.199", "fields": "screen_name"},
            "misbehave": "",
        }
    ]
    sandbox.misbehave("vk", "cut", times=9)
    send(Request("DELETE", f"{root}/control"))
    assert ("response" in call(sandbox, "users.get"), len(sandbox.requests)) == (True, 1)


def test_a_cut_answer_ends_in_the_middle(sandbox):
    with pytest.raises(Unreachable):
        call(sandbox, "users.get", headers={"X-Sandbox": "cut"})


def test_a_taken_port_is_told(sandbox):
    with pytest.raises(OSError, match="address already in use"):
        start_sandbox(port=sandbox.port)


# --- The command ---


def test_the_command_prints_addresses_that_answer_and_stops_when_told(settings):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "sandbox", "--today", "2026-11-23", "--seed", "7"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    try:
        names = [*Sandbox().urls, *APPS]
        lines = dict(process.stdout.readline().strip().split("=", 1) for _ in names)
        assert list(lines) == names
        settings.TRUSTED_BASES = [lines["TELEGRAM_API_URL"]]
        answer = get(f"{lines['TELEGRAM_API_URL']}/botsandbox-bot/getChatMemberCount", params={"chat_id": "@obzharka7"})
        assert answer.json() == {"ok": True, "result": PINNED_CHANNEL}
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
