"""A real browser for the journeys. Every page a visitor opens is checked: axe finds nothing, the console is silent."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.worker import Worker, run_worker
from tests.needs import chromium

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread

PICTURES = Path(settings.VAR) / "screenshots"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PATIENCE = 30_000
TALLEST_PICTURE = 8000
AXE = Axe()
#: Tell what is wrong and spare us what is right: that is many times longer.
RUN_AXE = """() => {
    window.axeSaid = null
    axe.run(document, {resultTypes: ["violations"]})
        .then(found => found.violations.map(fault => [fault.id, fault.nodes.map(node => node.html.slice(0, 160))]))
        .catch(error => [["axe", [String(error)]]])
        .then(faults => window.axeSaid = faults)
}"""
#: What a page that keeps axe waiting is asked.
STATE = "[document.visibilityState, document.hasFocus(), document.readyState, performance.now()]"

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def chrome():
    """For one module only: as long as it lives, this thread's event loop runs and nobody else's `asyncio.run` can."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """One person at one device. `go` opens a page and insists that it is accessible and quiet.

    `forgives` are parts of the console's complaints that a journey brings about itself: a refused save, a lost line.
    """

    def __init__(self, page: Page, base: str, label: str) -> None:
        self.page = page
        self.base = base
        self.label = label
        self.forgives: tuple[str, ...] = ()
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message) -> None:
        if message.type == "error" and not any(part in message.text for part in self.forgives):
            self.complaints.append(message.text)

    @property
    def where(self) -> str:
        return self.page.url.removeprefix(self.base)

    def go(self, path: str) -> Page:
        self.open(path)
        self.look()
        return self.page

    def open(self, path: str) -> None:
        """Open a page without looking closer than at its size and at the console."""
        answer = self.page.goto(self.base + path)
        assert answer is not None and answer.status == 200, f"{path} answered {answer and answer.status}"
        self.glance()

    def press(self, name: str | re.Pattern, *, role: str = "button", within: str = "main") -> Page:
        """Press what leads to another page, and look at that page."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role(role, name=name).last.click()
        self.look()
        return self.page

    def follow(self, name: str | re.Pattern) -> Page:
        return self.press(name, role="link")

    def fill(self, **texts: str) -> None:
        """Write into the fields of a Django form: `fill(title="Call")` fills #id_title."""
        for name, text in texts.items():
            self.page.fill(f"#id_{name}", text)

    def sees(self, *sentences: str | re.Pattern) -> None:
        for sentence in sentences:
            expect(self.page.locator("body")).to_contain_text(sentence)

    def look(self) -> None:
        """Check the page that is open now, and keep its picture where PORTAL_PICTURES asks for it."""
        assert self.axe_says() == [], self.where
        self.glance()
        if not os.environ.get("PORTAL_PICTURES"):
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", self.where).strip("-") or "home"
        # The caret stays: to hide it, Playwright writes style attributes, and the page's policy would complain of them.
        tall = self.page.evaluate("document.documentElement.scrollHeight") > TALLEST_PICTURE
        self.page.screenshot(path=PICTURES / f"{self.label}-{name}.png", full_page=not tall, caret="initial")

    def axe_says(self) -> list:
        """What axe finds wrong on this page. Asked for again and again: a promise of a browser's would be waited for
        without an end.
        """
        self.page.evaluate(AXE.axe_script)
        self.page.evaluate(RUN_AXE)
        until = time.monotonic() + PATIENCE / 1000
        while (faults := self.page.evaluate("window.axeSaid")) is None:
            assert time.monotonic() < until, f"axe keeps silent about {self.where}: {self.page.evaluate(STATE)}"
            self.page.wait_for_timeout(20)
        return faults

    def glance(self) -> None:
        """The console is silent and nothing sticks out sideways."""
        assert self.complaints == [], self.where
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.where} is {wide}px too wide"


def open_browser(chrome: Browser, size: dict, language: str, dark: bool, **options) -> Page:
    """A browser of its own: its cookies and what it keeps are nobody else's."""
    context = chrome.new_context(
        viewport=size,
        locale=language,
        timezone_id="Europe/Moscow",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        is_mobile=size is PHONE,
        has_touch=size is PHONE,
        **options,
    )
    return context.new_page()


def seat(page: Page, person, url: str, *, size: dict, language: str, dark: bool) -> Visitor:
    """Put this person in front of that browser, logged in; with no person, a stranger."""
    if person is not None:
        type(person).objects.filter(pk=person.pk).update(language=language)
        let_in(page.context, person, url)
    device = "phone" if size is PHONE else "desk"
    label = f"{language}-{device}{'-dark' if dark else ''}-{person.email.split('@')[0] if person else 'anyone'}"
    return Visitor(page, url, label)


@pytest.fixture
def visit(chrome, live_server):
    """`visit(person, PHONE)` is that person at that device. Further options go to the browser."""
    pages = []

    def arrive(person=None, size=DESK, *, language="en", dark=False, **options) -> Visitor:
        pages.append(open_browser(chrome, size, language, dark, **options))
        return seat(pages[-1], person, live_server.url, size=size, language=language, dark=dark)

    yield arrive
    for page in pages:
        page.context.close()


def let_in(context, person, url: str) -> None:
    """Log this person in without the form."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """The verbs and the numbers of the tests themselves are English; each visitor reads their own language."""
    with translation.override("en"):
        yield


@pytest.fixture
def todays_sandbox(sandbox):
    """The platforms' stand-in with the real calendar, as the portal's own processes have it."""
    sandbox.today = None
    return sandbox


@pytest.fixture
def worker(todays_sandbox, transactional_db, settings, tmp_path) -> Iterator[Worker]:
    """The portal's real worker for pulls: a process of its own, on the test's database."""
    with run_worker(tmp_path, settings, todays_sandbox) as worker:
        yield worker
