"""The one outbound HTTP client: nothing else in the portal opens a connection to the outside.

Callers are generators that yield a `Request` and are sent an `Answer`; they never touch a socket, so a connector is
tested without one and a batch of five hundred shares one event loop:

    def read_name():
        answer = yield Request("GET", "https://api.example.com/me")
        return answer.json()["name"]

    name = run(read_name())

What goes wrong on the way is thrown into the generator as a `TransportError`. Private, loopback and other inner
addresses are refused, after the name is resolved and for the very address that is connected to; only the origins in
`settings.TRUSTED_BASES`, which the operator wrote, are exempt.
"""

import asyncio
import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Generator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import cached_property, lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from math import ceil
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus, urlencode

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from django.conf import settings
from yarl import URL

logger = logging.getLogger("smmportal.http")

CONNECT_SECONDS = 5.0
LARGEST_ANSWER = 8 * 1024 * 1024
USER_AGENT = "smmportal/1"
MASK = "•••"

REDIRECTS = frozenset({301, 302, 303, 307, 308})

#: Inner or misleading networks that `is_global` lets through or has let through in some Python release.
REFUSED_NETWORKS: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and the clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified, loopback and IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)


#: No platform gives shorter ones; masking what somebody mistyped as «a» would hide the sentence and betray the «a».
SHORTEST_SECRET = 6


class TransportError(Exception):
    """No answer came. `detail` says why, with every secret masked."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class Unreachable(TransportError):
    """The name does not resolve, nobody listens, or the connection was cut."""


class TimedOut(TransportError):
    """The whole exchange took longer than the request allows."""


class Untrusted(TransportError):
    """The server's certificate is signed by nobody whom this system trusts, or is out of date."""


class RefusedAddress(TransportError):
    """We will not connect there: an inner address, another scheme, a login in the URL, a number for a name."""


class TooLarge(TransportError):
    """The answer is longer than the request allows."""


@dataclass(frozen=True)
class Request:
    """One request to be made. `secrets` are masked wherever the request is described or logged."""

    method: str
    url: str = field(repr=False)
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    form: Mapping[str, Any] | None = field(default=None, repr=False)
    json: Any = field(default=None, repr=False)
    #: A body of another kind, as it is; its headers say what it is.
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: Sequence[str] = field(default=(), repr=False)
    timeout: float | None = None
    largest_answer: int = LARGEST_ANSWER
    follow_redirects: int = 0

    @property
    def seconds(self) -> float:
        """How long the whole exchange may take; `settings.OUTBOUND_SECONDS` unless the request says otherwise."""
        return self.timeout or settings.OUTBOUND_SECONDS

    def described(self) -> str:
        """What was asked, in one line that is safe to keep: `POST https://…/method/stats.get?group_id=1`.

        A JSON body stands in it as the parameter `json`.
        """
        if self.form is None and self.json is None:
            return self.masked(f"{self.method} {self.address}")
        body = {} if self.json is None else {"json": json.dumps(self.json, ensure_ascii=False, separators=(",", ":"))}
        return self.masked(f"{self.method} {self._asking({**self.params, **(self.form or {}), **body})}")

    @cached_property
    def address(self) -> str:
        """The URL with the parameters in it."""
        return self._asking(self.params)

    def _asking(self, params: Mapping[str, Any]) -> str:
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(params)}" if params else self.url

    def masked(self, text: str) -> str:
        """The text without the request's secrets, however they are quoted in it."""
        worth = {secret for secret in self.secrets if len(secret) >= SHORTEST_SECRET}
        for secret in sorted(worth, key=len, reverse=True):
            for shape in _shapes(secret):
                text = text.replace(shape, MASK)
        return text


def _shapes(secret: str) -> set[str]:
    """The secret as it may stand in an address."""
    shapes = {secret, quote(secret, safe="")}
    if "/" in secret or " " in secret:
        shapes |= {quote(secret), quote_plus(secret)}
    return shapes


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The body as JSON; fractions come as `Decimal`, digit for digit. Raises ValueError."""
        return EXACT.decode(self.body.decode(json.detect_encoding(self.body), "surrogatepass"))

    def retry_after(self, now: datetime) -> int | None:
        """How many seconds the platform asks us to wait, when it does."""
        return parse_retry_after(self.headers.get("retry-after"), now)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


#: Made once: `json.loads` with such wishes makes a decoder for every answer.
EXACT = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


def parse_retry_after(value: str | None, now: datetime) -> int | None:
    """Seconds to wait from a Retry-After header: a number or an HTTP date (RFC 9110, 10.2.3); None for nonsense."""
    value = (value or "").strip()
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return ceil(Decimal(value))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0, ceil((moment - now).total_seconds()))


# --- Where we may go ------------------------------------------------------------------------------------------------


def is_public(address: str) -> bool:
    """Whether this literal address lies in the open internet."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.scope_id:
        return False
    return ip.is_global and not any(ip in network for network in REFUSED_NETWORKS if network.version == ip.version)


class Gate:
    """Decides which URLs and addresses may be connected to; `trusted` are base addresses the operator wrote."""

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self.origins = {_origin(URL(base)) for base in trusted}
        self.places = {(host, port) for _, host, port in self.origins}

    def check(self, url: URL) -> None:
        """Raise `RefusedAddress` unless this URL may be asked; names are checked once more when resolved."""
        if url.scheme not in {"http", "https"} or not url.host:
            raise RefusedAddress("only http and https addresses are asked")
        if url.raw_user is not None or url.raw_password is not None:
            raise RefusedAddress("an address with a login inside is not asked")
        scheme, host, port = _origin(url)
        if (scheme, host, port) in self.origins:
            return
        if (host, port) in self.places:
            raise RefusedAddress(f"{host} is trusted, but not over {scheme}")
        is_ours = host == "localhost" or host.endswith(".localhost")  # RFC 6761: this machine, whatever DNS says
        if is_ours or (_looks_like_number(host) and not is_public(host)):
            raise RefusedAddress(f"{host} is not a public address")

    def admit(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Raise `RefusedAddress` unless every address that the name resolved to is public or the place is trusted."""
        if (host.lower().rstrip("."), port) not in self.places and not all(map(is_public, addresses)):
            raise RefusedAddress(f"{host} is not at a public address")


def _origin(url: URL) -> tuple[str, str, int | None]:
    return url.scheme, (url.raw_host or "").lower().rstrip("."), url.port


def _looks_like_number(host: str) -> bool:
    """Whether the system could read the host as an address without asking DNS: 127.1, 2130706433, 0x7f.1, ::1."""
    if ":" in host:
        return True
    last = host.rsplit(".", 1)[-1]
    return last.isdigit() or last.lower().startswith("0x")


class GuardedResolver(AbstractResolver):
    """Resolves names and lets through only what the gate admits; the connection goes to these very addresses."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        self.gate.admit(host, port, [str(address[0]) for *_, address in found])
        return [
            ResolveResult(
                hostname=host, host=str(address[0]), port=port, family=kind, proto=proto, flags=socket.AI_NUMERICHOST
            )
            for kind, _, proto, _, address in found
        ]

    async def close(self) -> None:
        """Nothing is held open."""


# --- The exchange ---------------------------------------------------------------------------------------------------


@asynccontextmanager
async def open_session() -> AsyncIterator["Session"]:
    """A session for one batch of work: connections are shared in it, cookies and the environment's proxies are not."""
    gate = Gate(settings.TRUSTED_BASES)
    connector = aiohttp.TCPConnector(resolver=GuardedResolver(gate), limit=0, ttl_dns_cache=60)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        headers={"User-Agent": USER_AGENT},
    ) as client:
        yield Session(client, gate)


@dataclass(frozen=True)
class Session:
    """An open client with the gate that guards it."""

    client: aiohttp.ClientSession
    gate: Gate

    async def exchange(self, request: Request) -> Answer:
        """Make one request and follow as many redirects as it allows, each checked like the first."""
        answer = await self._once(request)
        for _ in range(request.follow_redirects):
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                break
            request = redirected(request, answer)
            answer = await self._once(request)
        return answer

    async def _once(self, request: Request) -> Answer:
        started = time.monotonic()
        outcome: str | int = "failed"
        try:
            answer = await self._ask(request)
            outcome = answer.status
            return answer
        except TransportError as error:
            outcome = type(error).__name__
            raise
        finally:
            _log(request, outcome, round((time.monotonic() - started) * 1000))

    async def _ask(self, request: Request) -> Answer:
        url, seconds = _parse(request), request.seconds
        self.gate.check(url)
        try:
            # The clock is outside aiohttp's: it must also stop a slow name server and a body that drips.
            async with asyncio.timeout(seconds), self._send(request, url, seconds) as response:
                body = await _read(response, request.largest_answer)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, headers, body)
        except TimeoutError:
            raise TimedOut(f"no full answer in {seconds:g} s") from None
        except aiohttp.ClientConnectorCertificateError as error:
            raise Untrusted(request.masked(str(error))) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise Unreachable(request.masked(f"{type(error).__name__}: {error}")) from None

    def _send(self, request: Request, url: URL, seconds: float) -> Any:
        return self.client.request(
            request.method,
            url,
            data=request.form if request.body is None else request.body,
            json=request.json,
            headers=request.headers,
            allow_redirects=False,
            timeout=_only_connecting(min(CONNECT_SECONDS, seconds)),
        )


@lru_cache(maxsize=20)
def _only_connecting(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=seconds)


def _parse(request: Request) -> URL:
    try:
        return URL(request.address)
    except (ValueError, TypeError):
        raise RefusedAddress("this is not an address") from None


async def _read(response: aiohttp.ClientResponse, largest: int) -> bytes:
    length = response.content_length
    if (length or 0) > largest:
        raise TooLarge(f"the answer is longer than {largest} bytes")
    if length is not None and "Content-Encoding" not in response.headers:
        return await response.read()  # it can't be longer than it says, unless it is packed
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > largest:
            raise TooLarge(f"the answer is longer than {largest} bytes")
    return bytes(body)


def redirected(request: Request, answer: Answer) -> Request:
    """The request that a redirect asks for; what identifies us never goes to another origin."""
    here = URL(request.url)
    try:
        there = here.join(URL(answer.headers["location"]))
    except ValueError:
        raise RefusedAddress("the redirect leads nowhere") from None
    if here.scheme == "https" and there.scheme != "https":
        raise RefusedAddress("the redirect leads from https to an open connection")
    keeps_body = answer.status in {307, 308} or request.method in {"GET", "HEAD"}
    moved = replace(request, url=str(there), params={})
    if not keeps_body:
        moved = replace(moved, method="GET", form=None, json=None, body=None)
    if _origin(here) != _origin(there):
        moved = replace(moved, headers={}, form=None, json=None, body=None)
    return moved


def _log(request: Request, outcome: str | int, milliseconds: int) -> None:
    if not logger.isEnabledFor(logging.INFO):
        return
    url = _bare(request.url)
    host, path = url.host or "", request.masked(url.path)
    logger.info(
        "%s %s%s %s %d ms",
        request.method,
        host,
        path,
        outcome,
        milliseconds,
        extra={"method": request.method, "host": host, "path": path, "outcome": outcome, "ms": milliseconds},
    )


def _bare(url: str) -> URL:
    try:
        return URL(url)
    except ValueError:
        return URL()


# --- Driving the generators -----------------------------------------------------------------------------------------

Result = TypeVar("Result")
Steps = Generator[Request, Answer, Result]


async def drive(session: Session, steps: Steps[Result]) -> Result:
    """Carry one generator to its end: make what it yields, send it the answer or throw it the `TransportError`."""
    answer: Answer | None = None
    failure: TransportError | None = None
    while True:
        try:
            request = steps.throw(failure) if failure else steps.send(answer)  # type: ignore[arg-type]
        except StopIteration as finished:
            return finished.value
        answer = failure = None
        try:
            answer = await session.exchange(request)
        except TransportError as error:
            failure = error


def run(steps: Steps[Result]) -> Result:
    """Carry one generator to its end, from code that is not asynchronous."""

    async def alone() -> Result:
        async with open_session() as session:
            return await drive(session, steps)

    return asyncio.run(alone())


def run_all(batch: Iterable[Steps[Result]], *, at_once: int = 100) -> list[Result | Exception]:
    """Carry many generators side by side in one session; each one's result or its exception, in the same order."""

    async def together() -> list[Result | Exception]:
        places = asyncio.Semaphore(at_once)

        async def one(steps: Steps[Result]) -> Result | Exception:
            async with places:
                try:
                    return await drive(session, steps)
                except Exception as error:
                    return error

        async with open_session() as session:
            return list(await asyncio.gather(*(one(steps) for steps in batch)))

    return asyncio.run(together())


def send(request: Request) -> Answer:
    """Make one request. Raises `TransportError`."""

    def steps() -> Steps[Answer]:
        return (yield request)

    return run(steps())
