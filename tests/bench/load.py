"""Requests a second: by wrk when the machine has it, else by a small client of our own."""

import asyncio
import re
import shutil
import subprocess
import time
from urllib.parse import urlsplit

CONNECTIONS = 8


def requests_a_second(url: str, headers: dict[str, str], *, seconds: float) -> float:
    return (by_wrk if shutil.which("wrk") else by_hand)(url, headers, seconds)


def by_wrk(url: str, headers: dict[str, str], seconds: float) -> float:
    sent = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{int(seconds)}s", *sent, url], capture_output=True, text=True, check=True
    ).stdout
    assert "Non-2xx or 3xx" not in said, said
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def by_hand(url: str, headers: dict[str, str], seconds: float) -> float:
    return asyncio.run(knock(url, headers, seconds))


async def knock(url: str, headers: dict[str, str], seconds: float) -> float:
    until = time.perf_counter() + seconds
    counts = await asyncio.gather(*(visit(url, headers, until) for _number in range(CONNECTIONS)))
    return sum(counts) / seconds


async def visit(url: str, headers: dict[str, str], until: float) -> int:
    """Ask again and again, a connection each time, as a sync worker wants it."""
    parts, done = urlsplit(url), 0
    lines = [f"GET {parts.path}?{parts.query} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    request = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()
    while time.perf_counter() < until:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        assert answer[9:10] in b"23", answer[:200]
        done += 1
    return done
