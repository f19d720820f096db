"""One local HTTP server that stands in for every platform, each under a prefix of its own.

    /vk/method/stats.get   /telegram/bot<token>/getMe   /metrika/stat/v1/data/bytime

How to make it misbehave (`MISBEHAVIOURS` says what each does), the first that is set wins:
`?misbehave=cut` or the header `X-Sandbox: cut` on one request; a token with `misbehave-cut` in it; or for the next
requests `POST /control {"platform": "vk", "misbehave": "cut", "times": 3, "after": 1}`. `DELETE /control` makes it
behave again, `GET /control/requests` tells what was asked.
"""

import asyncio
import json
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from kpis.sandbox import ga4, linkedin, meta, metrika, odnoklassniki, telegram, tiktok, vk, x, youtube
from kpis.sandbox import max as max_messenger
from kpis.sandbox.consent import APPS, Consents, dump
from kpis.sandbox.numbers import Recount, Seed
from kpis.sandbox.platform import MISBEHAVIOURS, Asked, Platform, Reply

PLATFORMS: dict[str, Platform] = {
    one.code: one
    for one in (
        vk.PLATFORM,
        telegram.PLATFORM,
        metrika.PLATFORM,
        meta.PLATFORM,
        tiktok.PLATFORM,
        tiktok.BUSINESS,
        linkedin.PLATFORM,
        x.PLATFORM,
        youtube.PLATFORM,
        odnoklassniki.PLATFORM,
        ga4.PLATFORM,
        max_messenger.PLATFORM,
    )
}

IN_TOKEN = re.compile(r"misbehave-(" + "|".join(sorted(MISBEHAVIOURS, key=len, reverse=True)) + ")")
#: A token address goes wrong in the platform's own way.
AS_THE_PLATFORM_DOES = set(MISBEHAVIOURS) - {"slow", "cut", "empty"}
JSON = "application/json; charset=utf-8"
HUGE = 12 * 1024 * 1024
REMEMBERED = 2_000
#: So many days before today does a platform count anew when it is told to.
RECOUNTED = timedelta(days=2)


@dataclass
class Order:
    """Misbehave so for `times` requests, after letting `after` of them pass."""

    misbehave: str
    times: int = 1
    after: int = 0


@dataclass
class Sandbox:
    """A running stand-in. `requests` remembers what was asked; `today` is fixed when given, else each zone's own.

    `now` is the moment, which posts grow by; the real one when nobody gives another.
    """

    seed: int = 7
    port: int = 0
    today: Callable[[], date] | None = None
    limits: bool = False
    slow_seconds: float = 20.0
    now: Callable[[], datetime] | None = None
    requests: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def __post_init__(self) -> None:
        self.consents = Consents()
        self._orders: dict[str, list[Order]] = {}
        self._recent: dict[tuple[str, str], deque[float]] = {}
        self._ready = threading.Event()
        self._failure: Exception | None = None

    # --- For whoever started it ---

    def start(self) -> "Sandbox":
        """Listen on 127.0.0.1, in a thread of its own. Raises OSError when the port is taken."""
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure:
            raise self._failure
        return self

    def stop(self) -> None:
        """Close every connection and the port."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    def url(self, platform: str) -> str:
        """The base address that stands in for the platform's."""
        return f"http://127.0.0.1:{self.port}/{platform}"

    @property
    def urls(self) -> dict[str, str]:
        """Base addresses by the name of the setting, such as `VK_API_URL`."""
        return {
            setting: self.url(platform.code)
            for platform in PLATFORMS.values()
            for setting in (platform.setting, *platform.also)
        }

    @property
    def environment(self) -> dict[str, str]:
        """Everything that leads a portal here: the addresses, and the keys of an application at each platform."""
        return {**self.urls, **APPS}

    def misbehave(self, platform: str, how: str, *, times: int = 1, after: int = 0) -> None:
        """Make the platform's next requests go wrong. Raises ValueError for what it does not know."""
        if platform not in PLATFORMS or how not in MISBEHAVIOURS:
            raise ValueError(f"no platform «{platform}» that misbehaves like «{how}»")
        self._orders.setdefault(platform, []).append(Order(how, times, after))

    def reset(self) -> None:
        """Behave again, and forget what was asked."""
        self._orders.clear()
        self._recent.clear()
        self.requests.clear()

    # --- The server ---

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        runner = web.AppRunner(self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
            self.port = runner.addresses[0][1]
            self._ready.set()
            await self._stopping.wait()
        finally:
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=1024 * 1024)
        application.router.add_post("/control", self._control)
        application.router.add_delete("/control", self._calm)
        application.router.add_get("/control/requests", self._tell)
        for platform in PLATFORMS.values():
            application.router.add_route("*", f"/{platform.code}/{{path:.*}}", self._door(platform))
        return application

    async def _control(self, request: web.Request) -> web.Response:
        try:
            order = json.loads(await request.text())
            times, after = int(order.get("times", 1)), int(order.get("after", 0))
            self.misbehave(order["platform"], order["misbehave"], times=times, after=after)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            return web.json_response({"error": str(error), "misbehaviours": MISBEHAVIOURS}, status=400)
        return web.json_response({"ok": True})

    async def _calm(self, request: web.Request) -> web.Response:
        self.reset()
        return web.json_response({"ok": True})

    async def _tell(self, request: web.Request) -> web.Response:
        return web.json_response({"requests": list(self.requests)})

    def _door(self, platform: Platform) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            asked = await self._understand(platform, request)
            if asked.token in self.consents.dead and not asked.misbehave:
                asked = replace(asked, misbehave="expired")
            kept = {"platform": platform.code, "method": asked.method, "path": asked.path, "token": asked.token}
            self.requests.append({**kept, "params": dict(asked.params), "misbehave": asked.misbehave})
            return await self._deliver(request, asked, platform)

        return answer

    async def _understand(self, platform: Platform, request: web.Request) -> Asked:
        path = f"/{request.match_info['path']}"
        form = await request.post() if request.method == "POST" else {}
        params = {**request.query, **{name: str(value) for name, value in form.items()}}
        if request.content_type == "application/json":
            params["json"] = await request.text()
        token = platform.token_of(request.headers, path) or params.get("access_token", "")
        said = params.pop("misbehave", "") or request.headers.get("X-Sandbox", "")
        how = said if said in MISBEHAVIOURS else self._mood(platform, token)
        return Asked(request.method, path, params, token, self._seed(how), self._today, how, self._now())

    def _seed(self, how: str) -> Seed:
        return Recount(self.seed, self._today("UTC") - RECOUNTED) if how == "revised" else self.seed

    def _now(self) -> datetime:
        """The moment; noon of the day that is believed to be today, when somebody fixed the day alone."""
        if self.now:
            return self.now()
        return datetime.combine(self.today(), time(12), UTC) if self.today else datetime.now(UTC)

    def _today(self, zone: str) -> date:
        moment = self.now() if self.now else datetime.now(UTC)
        return self.today() if self.today else moment.astimezone(ZoneInfo(zone)).date()

    def _mood(self, platform: Platform, token: str) -> str:
        """How this request goes wrong: by its token, by an order, or by asking more than is allowed."""
        if found := IN_TOKEN.search(token):
            return found[1]
        for order in self._orders.get(platform.code, []):
            if order.after > 0:
                order.after -= 1
                return ""
            if order.times > 0:
                order.times -= 1
                return order.misbehave
        return "429" if self.limits and self._is_too_much(platform, token) else ""

    def _is_too_much(self, platform: Platform, token: str) -> bool:
        most, seconds = platform.allowed(token)
        recent = self._recent.setdefault((platform.code, token), deque())
        now = monotonic()
        while recent and recent[0] <= now - seconds:
            recent.popleft()
        if len(recent) >= most:
            return True
        recent.append(now)
        return False

    async def _deliver(self, request: web.Request, asked: Asked, platform: Platform) -> web.StreamResponse:
        if asked.misbehave == "slow":
            await asyncio.sleep(self.slow_seconds)
        if asked.misbehave == "html":
            page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
            return web.Response(status=502, text=page, content_type="text/html")
        if asked.misbehave == "huge":
            return web.Response(body=b" " * HUGE, content_type="application/json")
        granting = None if asked.misbehave in AS_THE_PLATFORM_DOES else self.consents.answer(platform.code, asked)
        reply = granting or platform.respond(asked)
        body = dump(reply)
        if asked.misbehave == "cut":
            return await _cut(request, reply, body)
        return web.Response(status=reply.status, body=body, headers={"Content-Type": JSON, **reply.headers})


async def _cut(request: web.Request, reply: Reply, body: bytes) -> web.StreamResponse:
    """Promise the whole answer, send half of it, and hang up."""
    response = web.StreamResponse(status=reply.status, headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport:
        request.transport.abort()
    return response


def start_sandbox(
    *,
    seed: int = 7,
    port: int = 0,
    today: date | Callable[[], date] | None = None,
    limits: bool = False,
    slow_seconds: float = 20.0,
) -> Sandbox:
    """Start a stand-in on a free port of 127.0.0.1 (or on `port`) and return it, listening."""
    clock = (lambda: today) if isinstance(today, date) else today
    return Sandbox(seed=seed, port=port, today=clock, limits=limits, slow_seconds=slow_seconds).start()
