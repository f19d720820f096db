"""The client loses a point, finds its button on the phone, and the water rises for both sides."""

import re
from datetime import timedelta

import pytest

from tests.builders import make_material, make_reading, make_task
from tests.journeys.conftest import PHONE
from tests.smmportal.waterline.conftest import make_sound, today_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_client_mends_a_lost_point_and_the_water_rises(cast, visit):
    project = make_sound(cast)
    yesterday = today_of(project) - timedelta(days=1)
    make_material(cast, what="Фотографии обжарки", due_on=yesterday, person=cast.contact)
    make_task(cast, side="agency", assignee=None, title="Draft the posts", due_on=yesterday)
    make_reading(cast, day=today_of(project) - timedelta(days=9), score=80, losses=[])
    contact, manager = visit(cast.contact, PHONE, language="ru", dark=True), visit(cast.manager)

    contact.go(f"/projects/{project.pk}/")
    contact.sees("Проект на плаву: 97,4 из 100", "Ждём материал: Фотографии обжарки.")
    contact.follow("Правила и история")
    contact.follow(re.compile("Открыть материалы"))
    contact.press(re.compile("Материал передан"))
    contact.go(f"/projects/{project.pk}/waterline/")
    contact.sees("Проект на плаву: 98,8 из 100", "Правила")
    assert contact.page.get_by_role("link", name="Открыть материалы").count() == 0

    manager.go(f"/projects/{project.pk}/waterline/")
    manager.sees("Afloat: 98.8 of 100", "Since the last meeting", "What each rule counts")
    manager.follow(re.compile("Open the task"))
    manager.sees("Draft the posts")
