"""A goal is the same goal in company: what is told before and after it, and how it is typed, must not change it."""

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from projects.coach import read
from tests.projects.coach.golden import parsed, sentences

BEFORE = {
    "ru": [
        "Нам 12 лет, в штате 40 человек. ",
        "Добрый день! Бюджет 60 000 рублей в месяц. ",
        "Наша аудитория — женщины 25–45 лет, Казань. ",
        "Прошлое агентство обещало 10 тысяч и ничего не сделало. ",
        "Работаем с 2015 года, открыты с 9 до 21. ",
    ],
    "en": [
        "We are 12 people and have been around since 2014. ",
        "Our budget is $5,000 a month. ",
        "Our audience is women 25-45 in Leeds. ",
        "The last agency promised 10k and did nothing. ",
        "Our shop opened in 2015 and is open from 9 to 6. ",
    ],
}
AFTER = {
    "ru": [" Спасибо!", " Остальное на ваше усмотрение.", " Дизайн нас устраивает."],
    "en": [" Thanks!", " The rest is up to you.", " The design is fine."],
}
TYPED = {
    "with spaces doubled": lambda text: text.replace(" ", "  "),
    "with е for ё": lambda text: text.replace("ё", "е"),
    "with other dashes": lambda text: text.replace(" — ", " - ").replace("–", "-"),
    "with a cry": lambda text: text + "!!",
}


def reading(text: str, today: str) -> dict:
    return parsed(read(text, date.fromisoformat(today)))


def is_whole(goal: dict) -> bool:
    """Only a sentence that says a goal by itself has one to keep."""
    return bool(goal["metric"] and goal["change"])


@pytest.mark.parametrize("language", ["ru", "en"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_told_beside_a_goal_does_not_change_it(language, data):
    sentence = data.draw(st.sampled_from(sentences(language)))
    before, after = data.draw(st.sampled_from(BEFORE[language])), data.draw(st.sampled_from(["", *AFTER[language]]))
    alone = reading(sentence["text"], sentence["today"])
    assume(is_whole(alone))
    text = sentence["text"] if sentence["text"][-1] in ".!?)" or not after else sentence["text"] + "."
    assert reading(before + text + after, sentence["today"]) == alone


@pytest.mark.parametrize("how", TYPED)
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sentences("ru") + sentences("en")))
def test_how_it_is_typed_does_not_change_it(how, sentence):
    typed = TYPED[how](sentence["text"])
    assert reading(typed, sentence["today"]) == reading(sentence["text"], sentence["today"])
