"""Every sentence of the coach, in both languages."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from projects import advice
from projects.coach import Advice, check
from projects.coach.history import Judgement, Need, Number

TODAY = date(2026, 11, 23)
FOLLOWERS = Number(1, "followers", "vk", "Roast No. 7 on VK", "stock", current=Decimal(4210))
VISITS = Number(2, "visits", "website", "roast7.example", "flow")
RATE = Number(3, "engagement_rate", "vk", "Roast No. 7 on VK", "rate", unit="percent", decimals=2)
FACTS = {
    "metric": "reach",
    "number": FOLLOWERS,
    "current": Decimal(4210),
    "choices": (FOLLOWERS, VISITS),
    "tasks": ["More orders"],
    "words": "More orders",
    "day": date(2027, 6, 30),
    "figures": ("2 800", "5 000"),
    "metrics": ("followers", "reach", "posts"),
}


def every_sentence(language: str) -> dict[str, str]:
    with translation.override(language):
        return {code: advice.sentence_of(Advice(code, FACTS)) for code in advice.SENTENCES}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_advice_is_a_sentence_in_both_languages(language):
    said = every_sentence(language)
    assert all(sentence.endswith((".", "?")) and "%(" not in sentence for sentence in said.values())


def test_russian_sentences_are_in_russian():
    english, russian = every_sentence("en"), every_sentence("ru")
    assert [code for code in english if english[code] == russian[code]] == []
    with translation.override("ru"):
        assert [str(name) for name in advice.METRIC_NAMES.values() if str(name).isascii()] == ["CTR"]


def test_a_question_names_the_number_it_is_about():
    with translation.override("ru"):
        asked = check("снизить отписки", TODAY).criteria["measurable"].advice
        assert advice.sentence_of(asked) == "На сколько или до какого уровня нужно снизить (отписки)?"


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("en", "OK group: 6 100 members, 7 500 members", "Which of these numbers is the goal: 6 100 or 7 500?"),
        ("ru", "В ОК 6 100 участников, 7 500 участников", "Какое из этих чисел — цель: 6 100 или 7 500?"),
    ],
)
def test_a_doubtful_number_is_asked_for_by_name(language, text, asked):
    with translation.override(language):
        assert advice.sentence_of(check(text, TODAY).criteria["measurable"].advice) == asked


def test_names_to_choose_from_are_said_one_after_another():
    with translation.override("en"):
        assert advice.one_of(["likes"]) == "likes"
        assert advice.one_of(["likes", "reach", "leads"]) == "likes, reach or leads"


def judged(verdict: str, need: Need, *, good=0, windows=0, history=0, wanted=0, number=FOLLOWERS, current=None) -> str:
    judgement = Judgement(verdict, need, good, windows, history, wanted)
    facts = {"judgement": judgement, "number": number, "current": current, "choices": ()}
    return advice.sentence_of(Advice(f"history_{verdict}", facts)).replace("\u00a0", " ")


GROW = Need("absolute", True, Decimal(840), 98)
CASES = {
    "enough": (
        lambda: judged("enough", GROW, good=3, windows=9, history=412, current=Decimal(4210)),
        "Needed: +840 in 98 days (Roast No. 7 on VK, now 4,210). In the past year 3 windows of 9 grew as fast"
        " (a window is 98 days, history: 412 days). It is within reach.",
        "Нужно: +840 за 98 дней (Roast No. 7 on VK, сейчас 4 210). За прошлый год так же быстро росло 3 окна из 9"
        " (окно — 98 дней, история — 412 дней). Это достижимо.",
    ),
    "one of many, half a year of history": (
        lambda: judged("rare", GROW, good=1, windows=9, history=214, current=Decimal(4210)),
        "Needed: +840 in 98 days (Roast No. 7 on VK, now 4,210). In the past 214 days 1 window of 9 grew as fast"
        " (a window is 98 days, history: 214 days). Possible, but not usual: what will be different this time?",
        "Нужно: +840 за 98 дней (Roast No. 7 on VK, сейчас 4 210). За 214 дней истории так же быстро росло 1 окно"
        " из 9 (окно — 98 дней, история — 214 дней). Возможно, но так бывает редко: что изменится на этот раз?",
    ),
    "none, downwards, in percent": (
        lambda: judged("never", Need("relative", False, Decimal(20), 30), windows=11, history=380, number=VISITS),
        "Needed: −20% in 30 days (roast7.example). In the past year none of 11 windows fell as fast (a window is"
        " 30 days, history: 380 days). Lower the target, take more time, or say what will be different this time.",
        "Нужно: −20 % за 30 дней (roast7.example). За прошлый год так же быстро не снижалось ни одно окно из 11"
        " (окно — 30 дней, история — 380 дней). Уменьшите цель, возьмите больше времени или напишите, что изменится.",
    ),
    "a total": (
        lambda: judged("enough", Need("total", True, Decimal(900), 30), good=5, windows=5, history=60, number=VISITS),
        "Needed: 900 in 30 days (roast7.example). In the past 60 days 5 windows of 5 brought as much (a window is"
        " 30 days, history: 60 days). It is within reach.",
        "Нужно: 900 за 30 дней (roast7.example). За 60 дней истории столько же набралось в 5 окнах из 5"
        " (окно — 30 дней, история — 60 дней). Это достижимо.",
    ),
    "a level to keep": (
        lambda: judged("rare", Need("hold", False, Decimal("4.5"), 30), good=1, windows=8, history=90, number=RATE),
        "Needed: 4.5% or less for 30 days (Roast No. 7 on VK). In the past 90 days 1 window of 8 kept this level"
        " (a window is 30 days, history: 90 days). Possible, but not usual: what will be different this time?",
        "Нужно: не больше 4,5 % за 30 дней (Roast No. 7 on VK). За 90 дней истории уровень держался"
        " в 1 окне из 8 (окно — 30 дней, история — 90 дней). Возможно, но так бывает редко: что изменится на этот раз?",
    ),
    "too short a history": (
        lambda: judged("short", GROW, history=40, wanted=195, current=Decimal(4210)),
        "Needed: +840 in 98 days (Roast No. 7 on VK, now 4,210). To judge it, the portal needs 195 days of this"
        " number’s history; so far it has 40 days. Import its past, or write down what makes you think so.",
        "Нужно: +840 за 98 дней (Roast No. 7 on VK, сейчас 4 210). Чтобы судить, порталу нужна история числа"
        " за 195 дней, а есть за 40 дней. Загрузите прошлое или напишите, на чём основана уверенность.",
    ),
    "there already": (
        lambda: judged("reached", GROW, current=Decimal(4210)),
        "Roast No. 7 on VK shows 4,210 already.",
        "Roast No. 7 on VK: уже 4 210.",
    ),
}


@pytest.mark.parametrize(("say", "english", "russian"), CASES.values(), ids=CASES.keys())
def test_the_history_is_told_with_its_figures(say, english, russian):
    with translation.override("en"):
        assert say() == english
    with translation.override("ru"):
        assert say() == russian


@pytest.mark.parametrize(
    ("number", "value", "said"),
    [
        (FOLLOWERS, "4210.4", "4,210"),
        (VISITS, "312.44", "312 a day"),
        (VISITS, "0.44", "0.44 a day"),
        (RATE, "4.5", "4.5%"),
        (FOLLOWERS, None, "—"),
    ],
)
def test_a_figure_has_its_unit(number, value, said):
    with translation.override("en"):
        assert advice.figure(None if value is None else Decimal(value), number) == said
