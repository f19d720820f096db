"""What a goal is for."""

from datetime import date
from decimal import Decimal

import pytest

from projects.coach import Known, check, read
from projects.coach.relevance import (
    FOLLOWED_METRICS,
    TASK_METRICS,
    BusinessTask,
    Choice,
    Purpose,
    Purposes,
    Success,
    purpose_of,
)
from projects.questionnaire import FULL, find_question

TODAY = date(2026, 11, 23)
LEADS = Choice("leads", "Больше заявок и обращений")
SUCCESS = Success("Подписчики во ВКонтакте", Decimal(12000), date(2027, 3, 1))
ORDERS = BusinessTask(1, "Больше заказов без скидок")
MENTIONS = BusinessTask(2, "Больше упоминаний в прессе")


def purpose(text: str, **purposes) -> Purpose | None:
    return purpose_of(read(text, TODAY), Purposes(**purposes), TODAY)


@pytest.mark.parametrize(
    ("text", "purposes", "expected"),
    [
        ("+20 % заявок", {"main": LEADS}, Purpose("serves_task", LEADS.words)),
        ("больше визитов на сайт", {"main": LEADS}, Purpose("serves_task", LEADS.words)),
        ("+20 % подписчиков", {"main": LEADS}, None),
        ("+20 % подписчиков", {"main": LEADS, "success": SUCCESS}, Purpose("serves_success", SUCCESS.what)),
        ("+20 % охвата", {"followed": [Choice("reach", "Охват")]}, Purpose("serves_followed", "Охват")),
        ("+20 % подписчиков", {"chosen": ORDERS}, Purpose("serves_business_goal", ORDERS.text)),
        ("сделайте красиво", {"chosen": ORDERS}, Purpose("serves_business_goal", ORDERS.text)),
        ("+20 % упоминаний", {"tasks": [ORDERS, MENTIONS]}, Purpose("serves_business_goal", MENTIONS.text)),
        ("+20 % охвата", {"tasks": [ORDERS, MENTIONS]}, None),
        ("сделайте красиво", {"main": LEADS, "success": SUCCESS}, None),
        ("+20 % заявок", {"main": Choice("other", "Другое")}, None),
    ],
)
def test_a_goal_serves_what_names_its_number(text, purposes, expected):
    assert purpose(text, **purposes) == expected


def test_what_was_chosen_comes_first():
    assert purpose("+20 % заявок", chosen=ORDERS, main=LEADS) == Purpose("serves_business_goal", ORDERS.text)


def test_a_goal_that_serves_nothing_named_is_asked_about():
    known = Known(purposes=Purposes(tasks=[ORDERS]))
    asked = check("+20 % охвата", TODAY, known).criteria["relevant"]
    assert (asked.ok, asked.advice.code, asked.advice.facts) == (None, "relevant_which", {"tasks": [ORDERS.text]})
    assert check("+20 % охвата", TODAY, Known()).criteria["relevant"].advice.code == "relevant"


@pytest.mark.parametrize(("key", "known"), [("D1", TASK_METRICS), ("D5", FOLLOWED_METRICS)])
def test_every_choice_of_the_brief_is_thought_of(key, known):
    choices = {choice["value"] for choice in find_question(FULL, key)["choices"]} - {"other"}
    assert set(known) == choices
