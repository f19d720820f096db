"""A real browser for the journeys. Every page a visitor opens is checked: axe finds nothing, the console is silent."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from tests.needs import chromium

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread

PICTURES = Path(settings.VAR) / "screenshots"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chrome():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """One person at one device. `go` opens a page and insists that it is accessible and quiet."""

    def __init__(self, page: Page, base: str, label: str) -> None:
        self.page = page
        self.base = base
        self.label = label
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message) -> None:
        if message.type == "error" and "409" not in message.text and "400" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        answer = self.page.goto(self.base + path)
        assert answer is not None and answer.status == 200, f"{path} answered {answer and answer.status}"
        self.look()
        return self.page

    def press(self, name: str | re.Pattern, *, role: str = "button") -> Page:
        self.page.get_by_role(role, name=name).first.click()
        self.page.wait_for_load_state("networkidle")
        self.look()
        return self.page

    def look(self) -> None:
        """Check the page that is open now, and keep its picture."""
        found = Axe().run(self.page).response["violations"]
        where = self.page.url.removeprefix(self.base)
        assert [(fault["id"], [node["html"][:160] for node in fault["nodes"]]) for fault in found] == [], where
        assert self.complaints == [], where
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{where} is {wide}px too wide"
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", where).strip("-") or "home"
        self.page.screenshot(path=PICTURES / f"{self.label}-{name}.png", full_page=True)


@pytest.fixture
def visit(chrome, live_server):
    """`visit(person, PHONE)` is that person at that device, logged in; with no person, a stranger."""
    contexts = []

    def arrive(person=None, size=DESK, *, language="en", dark=False) -> Visitor:
        context = chrome.new_context(
            viewport=size,
            locale=language,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            is_mobile=size is PHONE,
            has_touch=size is PHONE,
        )
        contexts.append(context)
        if person is not None:
            if person.language != language:
                type(person).objects.filter(pk=person.pk).update(language=language)
            context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": live_server.url}])
        device = "phone" if size is PHONE else "desk"
        label = f"{language}-{device}{'-dark' if dark else ''}-{person.email.split('@')[0] if person else 'anyone'}"
        return Visitor(context.new_page(), live_server.url, label)

    yield arrive
    for context in contexts:
        context.close()


def session_of(person) -> str:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value
