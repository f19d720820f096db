"""Every page there is, at the phone and at the desk, in both languages, light and dark.

The doors' own lists say which pages there are; each is opened with rows made for it.
"""

import re
from functools import cache

import polib
import pytest
from django.conf import settings

from smmportal.management.commands.catalogues import AREAS
from tests.doors import Door
from tests.journeys.conftest import DESK, PHONE, open_browser, seat
from tests.test_every_door import DOORS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Not for reading: a file, a probe, the schema.
NOT_PAGES = re.compile(
    r"healthz|readyz|schema|.*[_:](csv|docx|export|feed|file|json|logo|markdown|notes|pdf|sheet|xlsx)"
)
#: The API describes itself in English; who was asked by a link reads the language that was chosen for them.
IN_ANOTHER_LANGUAGE = re.compile(
    r"api_docs|projects:delegated.*|kpis:connection.*|kpis:shared_report|meetings:(answer_link|proposed|.*_by_link)"
)
#: Who opens it (the first who may), where, in which language, in the dark, and whether axe reads it too: what axe finds
#: is in the structure, the colours and the size, so each of these is read at least once.
PASSES = (
    (("manager", "owner"), DESK, "ru", False, True),
    (("decider", "owner", "manager"), PHONE, "ru", True, True),
    (("owner", "manager"), DESK, "en", True, False),
    (("decider", "manager", "owner"), PHONE, "en", False, False),
)
PLACEHOLDER = re.compile(r"%\(|%s|%d|\{|<")


def is_page(door: Door) -> bool:
    return door.method == "get" and not door.is_api and not NOT_PAGES.fullmatch(door.name)


PAGES = [door for door in DOORS if is_page(door) and 200 in map(door.expected, ("manager", "decider", "owner"))]


@cache
def english_sentences() -> list[str]:
    """What the catalogues say in Russian and a Russian page must therefore not say in English."""
    entries = [
        entry
        for area in AREAS
        for entry in polib.pofile(str(settings.BASE_DIR / area / "locale/ru/LC_MESSAGES/django.po"))
        if entry.msgstr and entry.msgstr != entry.msgid
    ]
    return [entry.msgid for entry in entries if len(entry.msgid.split()) > 2 and not PLACEHOLDER.search(entry.msgid)]


def leaks(page) -> list[str]:
    text = " ".join(page.locator("body").inner_text().replace("\xa0", " ").split())
    return [sentence for sentence in english_sentences() if " ".join(sentence.split()) in text]


def check(visitor, address: str, language: str, *, closely: bool, translated: bool) -> None:
    visitor.open(address)
    if closely:
        visitor.look()
    for width in (PHONE["width"], DESK["width"]):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.glance()
    if language == "ru" and translated:
        assert leaks(visitor.page) == [], address


@pytest.fixture(scope="module")
def browsers(chrome):
    """One browser for each pass: to start a new one takes longer than to open a page."""
    pages = [open_browser(chrome, size, language, dark) for _roles, size, language, dark, _closely in PASSES]
    yield pages
    for page in pages:
        page.context.close()


@pytest.mark.parametrize("door", PAGES, ids=str)
def test_a_page_for_everyone_who_may_open_it(door, cast, browsers, live_server):
    address = door.address(cast)
    for page, (roles, size, language, dark, closely) in zip(browsers, PASSES, strict=True):
        if role := next((role for role in roles if door.expected(role) == 200), None):
            page.set_viewport_size(size)
            person = getattr(cast, role)
            visitor = seat(page, person, live_server.url, size=size, language=language, dark=dark)
            check(visitor, address, language, closely=closely, translated=not IN_ANOTHER_LANGUAGE.fullmatch(door.name))
            page.goto("about:blank")
