"""What the coach asks for instead of guessing, each with the reason, and with its like that is plain enough to read."""

from datetime import date

import pytest

from projects.coach import check, read
from projects.coach.reader import Sentence
from projects.coach.tokens import tokenise

TODAY = date(2026, 11, 23)


def doubts_of_number(text: str) -> list[str]:
    sentence = Sentence(tokenise(text), TODAY)
    metric, amount = sentence.subject()
    return sentence.doubts_of_number(amount, metric) if amount else []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("OK group: 6 100 members, 7 500 members", "rivals"),
        ("было 5 тыс подписчиков, стало 4, надо вернуть 5", "thousands"),
        ("У нас запись через сайт, конверсия 2 процента. Ну давайте 3", "others"),
        ("нам надо двадцать к ноябрю, двадцать тысяч то есть", "passed_over"),
        ("подписчиков 2 тысячи, из них живых половина; хотим 3 тысячи живых к сентябрю", "share"),
        ("чтобы не меньше половины заявок приходило из соцсетей", "share"),
        ("сейчас 60 лайков, поднять до 40", "against_now"),
        ("расходы на рекламу снизить на 20%, заявки не потерять", "other_object"),
    ],
)
def test_a_number_is_doubted_for_a_reason(text, reason):
    assert reason in doubts_of_number(text)
    assert read(text, TODAY).change is None


@pytest.mark.parametrize(
    "text",
    [
        "OK group: 6 100 members, task 7 500 members",
        "было 5 тыс подписчиков, стало 4 тыс, надо вернуть 5 тыс",
        "a third more leads by March",
        "сейчас 40 лайков, поднять до 60",
        "10 new leads daily. We also have a mailing list of 900 addresses.",
        "17 000 подписчиков к лету. Работаем с 9 до 21",
    ],
)
def test_a_number_that_is_plain_is_not_doubted(text):
    assert doubts_of_number(text) == []
    assert read(text, TODAY).change is not None


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("just keep doing what you're doing", None),
        ("хочу побольше клиентов, а поменьше нервотрёпки", None),
        ("сарафанка работает, теперь бы и соцсети подтянуть", None),
        ("наша инста должна вырасти", "up"),
        ("Пусть в пинтересте пины сохраняют в два раза чаще", "up"),
        ("не потерять тех 5 тысяч подписчиков", "hold"),
        ("не потерять тех 5 тысяч, что есть", None),
        ("не терять подписчиков", "hold"),
        ("дойти бы до 50 000 просмотров к июню, а пока держать 30 000", None),
        ("Now take the response time down by another 30 minutes", "down"),
        ("Reach in VK dipped after we paused ads. Aim: 55 thousand people by 1 Feb", "up"),
        ("Reach should be reduced to 500", "down"),
    ],
)
def test_a_direction_needs_something_that_goes_there(text, direction):
    assert read(text, TODAY).direction == direction


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("+20% подписчиков. Договор подписан на 6 месяцев.", None),
        ("Сергей сказал написать вам до пятницы. +20% подписчиков", None),
        ("+20% подписчиков. Дедлайн: 1 марта", date(2027, 3, 1)),
        ("+20% подписчиков. Желательно до 1 марта", date(2027, 3, 1)),
        ("Facebook event: 200 sign-ups, doors open 3 March", None),
        ("No fewer than 20 leads each week, beginning on 10 January", date(2027, 1, 10)),
    ],
)
def test_a_day_of_something_else_is_no_deadline(text, day):
    assert read(text, TODAY).deadline == day


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("Хотим в инсте 15 тысяч к лету. Следующий этап — продажи через маркетплейс", None),
        ("We sell caskets. What do other people post?", None),
        ("Sell 300 tickets by December", "sales"),
        ("+20% лайков. Аудитория — женщины 25–40", "likes"),
        ("Уже пробовали таргет: 200 кликов и ни одной заявки. СРОЧНО 20 продаж до 10 декабря", "sales"),
    ],
)
def test_a_metric_that_is_only_spoken_of_is_not_the_goal(text, metric):
    assert read(text, TODAY).metric == metric


def test_a_platform_named_after_the_goal_is_another_matter():
    assert read("Охват не ниже 40 тыс. Потом обсудим и ютуб.", TODAY).platform is None
    assert read("Веду дзен про форты. Просмотров хочу 20 тыс. к маю", TODAY).platform == "dzen"


@pytest.mark.parametrize(
    ("text", "letter", "code", "facts"),
    [
        (
            "OK group: 6 100 members, 7 500 members",
            "measurable",
            "which_number",
            {"figures": ("6 100", "7 500")},
        ),
        ("доля продаж: 20 %. Довести до 30", "measurable", "what_number", {"figures": ("30",)}),
        (
            "Facebook event: 200 sign-ups, doors open 3 March",
            "time_bound",
            "doubtful_deadline",
            {"words": "3 March"},
        ),
        (
            "+20% подписчиков. Договор подписан на 6 месяцев.",
            "time_bound",
            "doubtful_deadline",
            {"words": "на 6 месяцев"},
        ),
    ],
)
def test_a_doubt_is_a_question_that_names_what_it_is_about(text, letter, code, facts):
    advice = check(text, TODAY).criteria[letter].advice
    assert (advice.code, advice.facts) == (code, facts)


def test_a_metric_in_doubt_is_asked_for_by_name():
    advice = check("раз в неделю пост и 1000 подписчиков к лету", TODAY).criteria["specific"].advice
    assert (advice.code, advice.facts) == ("doubtful_metric", {"metrics": ("posts", "followers")})


def test_a_direction_in_doubt_is_asked_for_beside_the_letters():
    found = check("окупаемость рекламы 150%, меньше не интересно", TODAY)
    assert found.reading.change is not None
    assert [warning.code for warning in found.warnings] == ["doubtful_direction"]
