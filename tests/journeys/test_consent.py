"""Access by consent in a real browser: through the platform's own page and back, with the portal's real worker."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from kpis.models import PlatformLogin, Point, Source
from tests.builders import make_connection_link, make_source
from tests.journeys.conftest import DESK, PHONE
from tests.kpis.consenting import registered
from tests.kpis.test_pages_consents import ROAST

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def portal(cast, settings, live_server, todays_sandbox):
    """A portal that has applications, and knows the address that platforms send people back to."""
    registered(settings)
    settings.PUBLIC_URL = live_server.url
    cast.project.activated_at = timezone.now()
    cast.project.save()


def enter(visitor, words: str, decision: str) -> None:
    """Press the button, land on the platform's page, answer there, and look at where that leads."""
    visitor.page.get_by_role("button", name=words).click()
    visitor.page.wait_for_url(re.compile("/vk/authorize"))
    visitor.sees("VK ID", "stats")
    with visitor.page.expect_navigation(url=re.compile(re.escape(visitor.base))):
        visitor.page.get_by_role("button", name=decision).click()
    visitor.look()


def has_numbers() -> bool:
    return Point.objects.filter(value__isnull=False).exists()


def test_a_client_connects_by_a_link_on_a_phone_through_the_platforms_page(cast, visit, worker):
    link = make_connection_link(cast, language="ru", platforms=["vk"])
    marketer = visit(size=PHONE, language="ru")
    marketer.go(f"/connection/{link.secret}/")
    marketer.press("Начать")
    marketer.follow("ВКонтакте")
    expect(marketer.page.get_by_label("Токен доступа")).to_be_hidden()
    enter(marketer, "Войти через VK ID", "Allow")
    marketer.press(re.compile("^Подключить Обжарка №7"))
    marketer.sees("Подключено, спасибо", "Обжарка №7")
    marketer.press("Готово")
    worker.wait_for(has_numbers)
    login = PlatformLogin.objects.get()
    assert (login.organisation, login.is_renewed_by_itself, "device_id" in login.credentials) == (
        cast.client,
        True,
        True,
    )


def test_a_source_whose_token_has_expired_is_mended_by_entering_again(cast, visit, worker):
    login = PlatformLogin.objects.create(
        organisation=cast.agency, platform="vk", credentials={"token": "dead"}, granted_by=cast.manager
    )
    lost = {"login": login, "error_kind": "reauthorise", "error_words": "", "next_pull_at": None}
    source, sibling = (make_source(cast, external_id=id, title=id, **lost) for id in (ROAST, "207700008"))
    manager = visit(cast.manager, DESK, language="ru")
    manager.go(f"/sources/{source.pk}/")
    manager.page.get_by_role("link", name="Заменить доступ").first.click()
    enter(manager, "Войти через VK ID", "Allow")
    assert manager.where == f"/sources/{source.pk}/"
    manager.sees("Доступ заменён")
    worker.wait_for(lambda: Source.objects.filter(last_success_at__isnull=False).count() == 2)
    assert set(Source.objects.values_list("login", "error_kind")) == {(login.pk, "")}
    assert sibling.pk != source.pk


def test_a_person_who_says_no_is_told_that_nothing_changed_and_may_say_yes(cast, visit):
    specialist = visit(cast.specialist, PHONE, language="ru")
    specialist.go(f"/projects/{cast.project.pk}/sources/new/vk/")
    enter(specialist, "Войти через VK ID", "Deny")
    specialist.sees("Доступ не дан", "Ничего не подключено и ничего не изменилось")
    assert PlatformLogin.objects.count() == 0
    specialist.follow("Начать заново")
    enter(specialist, "Войти через VK ID", "Allow")
    specialist.sees("Выберите аккаунт", "Обжарка №7")
    specialist.page.go_back()
    assert PlatformLogin.objects.count() == 1


def test_access_is_given_up_from_the_source(cast, visit):
    manager = visit(cast.manager, DESK)
    manager.go(f"/projects/{cast.project.pk}/sources/new/vk/")
    enter(manager, "Continue with VK ID", "Allow")
    manager.press(re.compile("^Connect Обжарка №7"))
    manager.follow("Revoke the access")
    manager.sees("These sources give no more numbers", "Обжарка №7")
    manager.press("Revoke the access")
    manager.sees("The access is revoked: the platform knows", "The access was revoked in the portal.")
    assert PlatformLogin.objects.get().credentials == {}
