"""Calendars on a CalDAV server (RFC 4791): found from a login, and read when they changed. Pure: whoever drives the
steps makes the requests.

The XML of it is small enough to be written and read here: the libraries that speak CalDAV open connections of their
own, past the guard of `smmportal.http`. What a server sends is parsed by defusedxml, without any DTD.
"""

from base64 import b64encode
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from smmportal.http import Answer, Request, TransportError, Untrusted

LARGEST = 8 * 1024 * 1024
MOST_CALENDARS = 50
REDIRECTS = (301, 302, 303, 307, 308)
MOST_REDIRECTS = 3
WELL_KNOWN = "/.well-known/caldav"

DAV, CAL, APPLE = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'

Why = Literal["unreachable", "untrusted", "login", "not_caldav", "no_calendars"]


class NotFound(Exception):
    """The calendars can't be found; `why` says what is the matter."""

    def __init__(self, why: Why):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Login:
    name: str
    password: str

    @property
    def header(self) -> str:
        return "Basic " + b64encode(f"{self.name}:{self.password}".encode()).decode()


@dataclass(frozen=True)
class Found:
    """A calendar of somebody's: its address on the server and the name that its owner gave it."""

    address: str
    name: str


# --- Finding the calendars ------------------------------------------------------------------------------------------


def find_calendars(server: str, login: Login) -> Generator[Request, Answer, list[Found]]:
    """From the server's address to the calendars that hold events. Raises `NotFound`."""
    principal = yield from principal_at(server, login)
    homes, principal = yield from linked(principal, login, f"{CAL}calendar-home-set", "<c:calendar-home-set/>")
    if not homes:
        raise NotFound("not_caldav")
    home = address_of(homes[0], principal)
    wanted = "<d:resourcetype/><d:displayname/><c:supported-calendar-component-set/>"
    answer = yield from propfind(home, login, wanted, depth="1")
    found = [calendar for row in rows_of(answer) if (calendar := calendar_in(row, home))]
    if not found:
        raise NotFound("no_calendars")
    return found[:MOST_CALENDARS]


def principal_at(server: str, login: Login) -> Generator[Request, Answer, str]:
    """Whoever the login is, by the address that was given or by the well-known one."""
    for address in dict.fromkeys((server, urljoin(server, WELL_KNOWN))):
        try:
            links, place = yield from linked(
                address, login, f"{DAV}current-user-principal", "<d:current-user-principal/>"
            )
        except NotFound as trouble:
            if trouble.why != "not_caldav":
                raise
            continue
        if links:
            return address_of(links[0], place)
    raise NotFound("not_caldav")


def linked(address: str, login: Login, name: str, wanted: str) -> Generator[Request, Answer, tuple[list[str], str]]:
    """The addresses that a property of a resource names, and where the resource turned out to be."""
    answer = yield from propfind(address, login, wanted, depth="0")
    place = answer.headers.get("x-asked", address)
    links = [href.text.strip() for row in rows_of(answer) for href in row.iterfind(f".//{name}/{DAV}href") if href.text]
    return links, place


def propfind(address: str, login: Login, wanted: str, *, depth: str) -> Generator[Request, Answer, Answer]:
    """The answer to a PROPFIND, with the address that gave it as `x-asked`. Raises `NotFound`."""
    body = f'<?xml version="1.0" encoding="utf-8"?><d:propfind {SPACES}><d:prop>{wanted}</d:prop></d:propfind>'
    for _time in range(MOST_REDIRECTS + 1):
        try:
            answer = yield asking("PROPFIND", address, login, body, depth=depth)
        except Untrusted as error:
            raise NotFound("untrusted") from error
        except TransportError as error:
            raise NotFound("unreachable") from error
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            break
        address = address_of(answer.headers["location"], address)
    check(answer)
    return replace(answer, headers={**answer.headers, "x-asked": address})


def check(answer: Answer) -> None:
    if answer.status in (401, 403):
        raise NotFound("login")
    if answer.status >= 500 or answer.status == 429:
        raise NotFound("unreachable")
    if answer.status != 207:
        raise NotFound("not_caldav")


def address_of(href: str, base: str) -> str:
    """The login goes to the server that the person named, and to no other."""
    address = urljoin(base, href)
    if origin(address) != origin(base):
        raise NotFound("not_caldav")
    return address


def origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.lower()


def calendar_in(row: Element, home: str) -> Found | None:
    """None for what is no calendar, or one of tasks only."""
    href = row.findtext(f"{DAV}href", "").strip()
    if not href or row.find(f".//{DAV}resourcetype/{CAL}calendar") is None:
        return None
    kinds = {kind.get("name", "").upper() for kind in row.iterfind(f".//{CAL}comp")}
    if kinds and "VEVENT" not in kinds:
        return None
    address = urljoin(home, href)
    if origin(address) != origin(home):
        return None
    name = (row.findtext(f".//{DAV}displayname") or "").strip() or unquote(href.rstrip("/").rsplit("/", 1)[-1])
    return Found(address, name[:80])


# --- Reading one ----------------------------------------------------------------------------------------------------


def read_calendar(
    address: str, login: Login, *, known: str, first: datetime, last: datetime
) -> Generator[Request, Answer, Answer]:
    """The events that touch the window; an answer of 304 when the calendar's tag is the one that is `known`.

    The answer's `etag` is the tag of the calendar. Raises `TransportError`.
    """
    tag = yield from tag_of(address, login)
    if isinstance(tag, Answer):
        return tag
    if tag and tag == known:
        return Answer(304, {}, b"")
    window = f'<c:time-range start="{stamp(first)}" end="{stamp(last)}"/>'
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><c:calendar-query {SPACES}><d:prop><c:calendar-data/></d:prop>'
        f'<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{window}</c:comp-filter>'
        f"</c:comp-filter></c:filter></c:calendar-query>"
    )
    answer = yield asking("REPORT", address, login, body, depth="1")
    return replace(answer, headers={**answer.headers, "etag": tag})


def tag_of(address: str, login: Login) -> Generator[Request, Answer, str | Answer]:
    """What changes with the calendar, empty when the server gives nothing of the kind; or the answer of refusal."""
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><d:propfind {SPACES}><d:prop><s:getctag/><d:sync-token/></d:prop>'
        f"</d:propfind>"
    )
    answer = yield asking("PROPFIND", address, login, body, depth="0")
    if answer.status != 207:
        return answer
    try:
        (row, *_rest) = rows_of(answer)
    except (NotFound, ValueError):
        return ""
    return (row.findtext(f".//{APPLE}getctag") or row.findtext(f".//{DAV}sync-token") or "").strip()


def calendars_in(body: bytes) -> list[bytes]:
    """Each event's calendar, with its exceptions and its zone. Raises `NotFound` at what is no CalDAV answer."""
    rows = rows_of(Answer(207, {}, body))
    texts = (data.text for row in rows for data in row.iterfind(f".//{CAL}calendar-data"))
    return [text.encode() for text in texts if text and text.strip()]


def rows_of(answer: Answer) -> list[Element]:
    try:
        root = fromstring(answer.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotFound("not_caldav") from error
    if root.tag != f"{DAV}multistatus":
        raise NotFound("not_caldav")
    return list(root.iterfind(f"{DAV}response"))


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def asking(method: str, address: str, login: Login, body: str, *, depth: str) -> Request:
    headers = {
        "Authorization": login.header,
        "Content-Type": "application/xml; charset=utf-8",
        "Depth": depth,
    }
    secrets = secrets_of(address, login)
    return Request(method, address, body=body.encode(), headers=headers, secrets=secrets, largest_answer=LARGEST)


def secrets_of(address: str, login: Login) -> Iterable[str]:
    """Neither the log nor an error names the person's calendar, login or password."""
    path = urlsplit(address).path
    return [*(part for part in (path, unquote(path)) if part.count("/") > 1), login.name, login.password]
