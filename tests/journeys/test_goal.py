"""A goal from its first sentence to its retrospective: the agency at a desk in English, the client on a phone."""

import re

import pytest
from django.utils import timezone

from projects.models import Goal
from tests.builders import make_brief
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_goal_lives_on_both_sides(cast, visit):
    make_brief(cast)
    cast.project.activated_at = timezone.now()
    cast.project.save()
    manager, decider = visit(cast.manager), visit(cast.decider, PHONE, language="ru", dark=True)

    write_and_propose(manager, cast)
    goal = Goal.objects.get()

    decider.go(f"/goals/{goal.pk}/")
    decider.press("Согласовать цель")
    decider.sees("Согласована")

    manager.go(f"/goals/{goal.pk}/")
    manager.press("Begin the goal")
    manager.sees("Under way since")
    manager.press("9")
    manager.sees("9 of 10")

    decider.go(f"/goals/{goal.pk}/")
    decider.fill(note="Ещё нет фотографий")
    decider.press("4")
    decider.sees("Стороны видят эту цель по-разному", "Ещё нет фотографий")

    decider.forgives = ("422",)  # an ending without a reason is refused on purpose
    decider.follow("Подвести итог")
    decider.page.get_by_label("Не достигнута", exact=True).check()
    decider.press("Записать")
    decider.sees("Напишите одной строкой почему")
    decider.fill(reason="Начали поздно", lesson="Начинать в августе")
    decider.press("Записать")
    decider.sees("Не достигнута", "Начинать в августе")

    manager.go(f"/goals/{goal.pk}/")
    manager.sees("Missed", "Начали поздно")
    manager.follow(re.compile("Reopen the goal"))
    manager.fill(reason="There is a new budget")
    manager.press("Reopen the goal")
    manager.sees("Under way since", "There is a new budget")


def write_and_propose(manager, cast) -> None:
    manager.go(f"/projects/{cast.project.pk}/goals/")
    manager.page.get_by_text("Write a business goal").click()
    manager.fill(text="More orders without discounts")
    manager.press("Write it down")
    manager.follow("Write a goal for it")
    manager.fill(statement="Twenty per cent more followers on VK by 1 March 2099", due_on="2099-03-01")
    manager.sees("Serves the business goal")
    words = dict.fromkeys(Goal.CRITERIA, "As VK counts them.")
    manager.fill(**words)
    manager.page.select_option("#id_client_owner", label="Katya")
    manager.press("Save the goal")
    manager.sees("More orders without discounts", "Katya")
    manager.press("Propose it to the client")
