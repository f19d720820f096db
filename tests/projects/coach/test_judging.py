"""What a sentence asks of a number: so many more, so many in all, a level, or a question first."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.coach import Change, Known, Reading, check, read
from projects.coach.history import History, Measured, Number
from projects.coach.judging import look

TODAY = date(2026, 11, 23)
VK = Number(1, "followers", "vk", "VK", "stock", current=Decimal(10_000))
TELEGRAM = Number(2, "followers", "telegram", "Telegram", "stock", current=Decimal(900))
VISITS = Number(3, "visits", "website", "roast7", "flow", current=Decimal(40))
LEADS = Number(4, "leads", None, "CRM", "flow", current=Decimal(3))
REACH = Number(5, "reach", "vk", "VK", "people", current=Decimal(800))
ER = Number(6, "engagement_rate", "vk", "VK", "rate", unit="percent", current=Decimal("3.5"))
BOUNCE = Number(7, "bounce_rate", "website", "roast7", "rate", good="down", unit="percent")
COST = Number(8, "cost_per_lead", None, "CRM", "rate", good="down")
ALL = (VK, VISITS, LEADS, REACH, ER, BOUNCE, COST)
LEVELS = {VISITS.key: 40, LEADS.key: 3, REACH.key: 800, ER.key: 3.5, BOUNCE.key: 30, COST.key: 700, VK.key: 10_000}


def flat(number: Number) -> History:
    days = (TODAY - timedelta(days=back) for back in range(400))
    return History([Measured(day, Decimal(str(LEVELS[number.key]))) for day in days], number.shape)


def found(text: str, numbers=ALL):
    return look(text, read(text, TODAY), TODAY, numbers, flat)


def need(text: str) -> tuple:
    finding = found(text)
    assert finding.judgement, finding.code
    needed = finding.judgement.need
    return finding.number.key, needed.kind, needed.up, round(needed.value, 2), needed.days


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+20 % подписчиков ВКонтакте к 1 марта 2027", (VK.key, "relative", True, 20, 98)),
        ("12 000 подписчиков вк к 1 марта 2027", (VK.key, "absolute", True, 2000, 98)),
        ("+500 подписчиков вк за 30 дней", (VK.key, "absolute", True, 500, 30)),
        ("grow followers on VK to 12,000 by 1 March 2027", (VK.key, "absolute", True, 2000, 98)),
        ("300 заявок за 3 месяца", (LEADS.key, "total", True, 300, 92)),
        ("300 leads in 3 months", (LEADS.key, "total", True, 300, 92)),
        ("150 заявок в месяц к 1 марта 2027", (LEADS.key, "absolute", True, Decimal("1.93"), 98)),
        ("+30 % посещаемости сайта за 6 месяцев", (VISITS.key, "relative", True, 30, 181)),
        ("ER до 4,5 % за полгода", (ER.key, "absolute", True, 1, 181)),
        ("снизить стоимость заявки до 500 рублей к 1 марта 2027", (COST.key, "absolute", False, 200, 98)),
        ("снизить отказы на 10 % к 1 марта 2027", (BOUNCE.key, "relative", False, 10, 98)),
        ("отказы не выше 30 % до конца года", (BOUNCE.key, "hold", False, 30, 38)),
        ("удерживать не меньше 9 000 подписчиков вк до 1 марта 2027", (VK.key, "hold", True, 9000, 98)),
        ("удерживать охват не ниже 500 в день до 1 марта 2027", (REACH.key, "hold", True, 500, 98)),
    ],
)
def test_a_sentence_says_what_has_to_happen(text, expected):
    assert need(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("увеличить посещаемость до 10 000 к марту", "per_what"),
        ("+100 заявок за 2 месяца", "per_what"),
        ("охват 50 000 в месяц к марту", "per_what"),
        ("охват до 50 000 к марту", "per_what"),
        ("+20 % подписчиков", "incomplete"),
        ("больше подписчиков к марту", "incomplete"),
        ("+20 % упоминаний к марту", "no_source"),
        ("+20 % подписчиков в Instagram к марту", "no_source"),
    ],
)
def test_what_is_left_open_is_asked(text, code):
    assert found(text).code == code


def test_a_level_in_percent_is_no_level():
    reading = Reading("followers", "vk", "hold", Change("relative", Decimal(20)), date(2027, 3, 1))
    assert look("", reading, TODAY, ALL, flat).code == "no_change_hold"


def test_of_two_sources_neither_is_guessed():
    finding = found("+20 % подписчиков к марту", (VK, TELEGRAM))
    assert (finding.code, finding.choices) == ("which_source", (VK, TELEGRAM))
    assert found("+20 % подписчиков вк к марту", (VK, TELEGRAM)).number == VK


def test_a_source_that_has_told_nothing_yet():
    silent, text = Number(1, "followers", "vk", "VK", "stock"), "12 000 подписчиков вк к марту"
    finding = look(text, read(text, TODAY), TODAY, [silent], lambda number: History((), number.shape))
    assert finding.code == "no_current"


@pytest.mark.parametrize(
    "text", ["9 000 подписчиков вк к марту", "10 000 подписчиков вк к марту", "grow followers on VK to 9,000 by March"]
)
def test_what_is_there_already_is_said(text):
    checked = check(text, TODAY, Known(numbers=ALL, history_of=flat, has_guardrail=True))
    assert [advice.code for advice in checked.warnings] == ["target_reached"]
    assert (checked.criteria["achievable"].ok, checked.criteria["achievable"].advice.code) == (True, "history_reached")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("12 000 подписчиков вк к 1 марта 2027", ["vanity"]),
        ("охват +20 % к 1 марта 2027", ["vanity"]),
        ("удерживать 9 000 подписчиков вк до 1 марта 2027", []),
        ("+20 % заявок к 1 марта 2027", []),
        ("+20 % заявок к 1 сентября 2027", ["after_project"]),
        ("+20 % заявок к 1 декабря 2026", ["before_project"]),
        ("+20 % заявок до 1 марта 2025", ["past_deadline"]),
        ("+20 % лайков и 100 заявок к 1 марта 2027", ["two_metrics", "vanity"]),
    ],
)
def test_warnings_know_the_project(text, codes):
    known = Known(numbers=ALL, history_of=flat, starts_on=date(2026, 12, 10), ends_on=date(2027, 6, 30))
    assert [advice.code for advice in check(text, TODAY, known).warnings] == codes


def test_a_guardrail_makes_a_vain_number_worth_it():
    known = Known(numbers=ALL, history_of=flat, has_guardrail=True)
    assert check("12 000 подписчиков вк к 1 марта 2027", TODAY, known).warnings == ()


def test_without_a_project_nothing_is_known():
    checked = check("12 000 подписчиков вк к 1 марта 2027", TODAY)
    assert (checked.finding, checked.warnings, checked.criteria["achievable"].ok) == (None, (), None)
