"""The client's marketer connects accounts from a phone, by a link, without ever logging in."""

import re

import pytest
from django.utils import timezone

from kpis.models import ConnectionLink, Source
from tests.journeys.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_accounts_are_connected_by_a_link(cast, visit, sandbox):
    cast.project.activated_at = timezone.now()
    cast.project.save()
    manager, marketer = visit(cast.manager, DESK), visit(size=PHONE, language="en")
    manager.go(f"/projects/{cast.project.pk}/sources/")
    manager.follow("Send them a link")
    manager.fill(name="Пётр")
    manager.page.get_by_label("VK").check()
    manager.page.get_by_label("Telegram").check()
    manager.page.select_option("#id_language", "ru")
    manager.press("Make the link")
    manager.sees("The link for Пётр is ready")
    link = manager.page.input_value("#link").removeprefix("http://portal.example")
    marketer.go(link)
    marketer.sees("просит вас подключить аккаунты")
    marketer.press("Начать")
    marketer.follow("ВКонтакте")
    marketer.fill(token="stolen")
    marketer.forgives = ("422",)
    marketer.press("Проверить и продолжить")
    marketer.fill(token="sandbox-user")
    marketer.press("Проверить и продолжить")
    marketer.press(re.compile("^Подключить Обжарка №7"))
    marketer.sees("Подключено, спасибо", "Обжарка №7")
    marketer.follow("Telegram")
    marketer.fill(token="sandbox-bot", channel="@obzharka7")
    marketer.press("Проверить и продолжить")
    marketer.press(re.compile("^Подключить"))
    marketer.press("Готово")
    marketer.sees("Спасибо, это всё")
    assert {source.login.organisation for source in Source.objects.all()} == {cast.client}
    manager.go(f"/projects/{cast.project.pk}/sources/links/")
    manager.sees("Обжарка №7", "finished")
    assert ConnectionLink.objects.get().state == "finished"
