"""A client with a phone and ten minutes finishes the quick tier, in their own language, mostly on the way somewhere."""

import re

import pytest
from playwright.sync_api import expect

from projects.models import Brief, BriefVersion
from projects.questionnaire import new_form
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: What is written into each section (field ids are the questions' own keys), and what is ticked or chosen there.
TYPED = {
    "ru": {
        "A": {
            "A1-input": "«Обжарка №7» — жарим зерно в Туле и продаём тем, кто варит дома.",
            "A4-name": "Дмитрий Орлов",
        },
        "B": {"B1-input": "Подписка: она приносит ровный спрос."},
        "C": {
            "C1-1-who": "Варят дома",
            "C1-1-job": "Хотят кофе как в кофейне",
            "C1-1-limits": "Боятся ошибиться с помолом",
        },
        "D": {"D2-1-what": "Подписчики во ВКонтакте", "D2-1-value": "12 000,5", "D2-1-by": "2027-03-01"},
        "E": {"E4-1-what": "Сообщество ВКонтакте", "E4-1-who": "Катя"},
        "F": {"F1-1-link": "vk.com/kofe_sosed", "F1-1-better": "Короткие видео"},
        "G": {"G3-input": "Не шутим про бессонницу."},
        "I": {"I1-1-platform": "ВКонтакте"},
        "J": {"J1-note": "С десяти до семи"},
    },
    "en": {
        "A": {
            "A1-input": "Roastery No. 7 roasts in small batches for people who brew at home.",
            "A4-name": "Dmitry Orlov",
        },
        "B": {"B1-input": "The subscription: it makes demand even."},
        "C": {
            "C1-1-who": "Home brewers",
            "C1-1-job": "Coffee as in a café",
            "C1-1-limits": "Afraid of the wrong grind",
        },
        "D": {"D2-1-what": "Followers on VK", "D2-1-value": "12,000.5", "D2-1-by": "2027-03-01"},
        "E": {"E4-1-what": "VK community", "E4-1-who": "Katya"},
        "F": {"F1-1-link": "vk.com/kofe_sosed", "F1-1-better": "Short videos"},
        "G": {"G3-input": "No jokes about insomnia."},
        "I": {"I1-1-platform": "VK"},
        "J": {"J1-note": "From ten to seven"},
    },
}
CHOSEN = {
    "ru": {"D": ["Больше заявок и обращений"], "J": ["Telegram", "Раз в неделю"]},
    "en": {"D": ["More leads and enquiries"], "J": ["Telegram", "Once a week"]},
}
UNKNOWN = {"D": ["D3"], "K": ["K1"]}
WORDS = {
    "ru": {
        "begin": "Начать",
        "on": re.compile("^Сохранить и (дальше|проверить)$"),
        "unknown": re.compile("^Не знаю"),
        "counts": "Это тоже ответ. Выясним вместе.",
        "submit": "Отправить бриф",
        "done": "Бриф отправлен, версия 1. Теперь агентство напишет, как вас поняло.",
    },
    "en": {
        "begin": "Begin",
        "on": re.compile("^Save and (continue|look over)$"),
        "unknown": re.compile("^Don’t know"),
        "counts": "It counts as an answer. We will find out together.",
        "submit": "Submit the brief",
        "done": "The brief is submitted as version 1. Now the agency writes how it understood you.",
    },
}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_quick_tier_is_finished(cast, visit, language):
    words = WORDS[language]
    brief = Brief.objects.create(project=cast.project, form=new_form())
    client = visit(cast.contact, PHONE, language=language)
    client.go(f"/projects/{cast.project.pk}/brief/")
    client.follow(words["begin"])
    for section in brief.form["sections"]:
        answer_section(client, section["key"], language)
    expect(client.page.locator(".brief-percent")).to_have_text(re.compile(r"^100"))
    client.press(words["submit"])
    client.sees(words["done"])
    kept = BriefVersion.objects.get(brief=brief).content["answers"]
    assert sorted(key for key, answer in kept.items() if answer["unknown"]) == ["D3", "K1"]
    assert kept["D2"]["value"] == {
        "rows": [{"what": TYPED[language]["D"]["D2-1-what"], "value": "12000.5", "by": "2027-03-01"}],
        "note": "",
    }
    assert {answer["by"] for answer in kept.values()} == {str(cast.contact)}


def answer_section(client, section: str, language: str) -> None:
    words, page = WORDS[language], client.page
    expect(page).to_have_url(re.compile(f"/sections/{section}/"))
    for field, text in TYPED[language].get(section, {}).items():
        page.fill(f"#{field}", text)
    for label in CHOSEN[language].get(section, []):
        page.get_by_label(label, exact=True).check()
    for key in UNKNOWN.get(section, []):
        client.press(words["unknown"], within=f"#{key}")
        expect(page.locator(f"#{key}")).to_contain_text(words["counts"])
    client.press(words["on"])
