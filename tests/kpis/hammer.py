"""One worker that asks every platform as often as it is let, for a few seconds: `python -m tests.kpis.hammer 3 TOKEN`.

Two of them at once are what `test_limits_of_platforms` looks at from the stand-in's side.
"""

import asyncio
import sys
from datetime import UTC, datetime

import django

WORKERS = 6


async def ask_until(desk, sample, credentials: dict[str, str], ends: float) -> None:
    from kpis.asking import Asking
    from kpis.connectors.contract import ConnectorError, Window
    from kpis.limits import Held

    today = datetime.now(UTC).date()
    while asyncio.get_running_loop().time() < ends:
        asking = Asking(desk, sample.connector, credentials, "", 0.3, 0.3, account=sample.account.external_id)
        metrics = sample.connector.capabilities.codes
        window = {"window": Window(today, today), "metrics": metrics, "taken_at": datetime.now(UTC)}
        steps = sample.connector.read(credentials=credentials, account=sample.account, **window)
        try:
            await desk.visit(asking, steps)
        except (Held, ConnectorError):
            await asyncio.sleep(0.05)


def hammer(seconds: float, token: str) -> None:
    from kpis.asking import at_desk
    from tests.kpis.connectors.samples import SAMPLES

    async def work(desk) -> None:
        ends = asyncio.get_running_loop().time() + seconds
        own = [(sample, {**sample.credentials, "token": token_of(code, token)}) for code, sample in SAMPLES.items()]
        await asyncio.gather(*(ask_until(desk, *one, ends) for one in own for _worker in range(WORKERS)))

    at_desk(work)


def token_of(code: str, token: str) -> str:
    """A token by which the stand-in's log tells the platforms apart; where answers in flight count, they are slow."""
    return f"sandbox-{token}-{code}{'-misbehave-slow' if code in ('metrika', 'ga4') else ''}"


if __name__ == "__main__":
    django.setup()
    hammer(float(sys.argv[1]), sys.argv[2])
