"""The real worker in a process of its own, on the test's database and on an embedded broker of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from kpis.sandbox import Sandbox
from smmportal.celery import app

PATIENCE = 60
COMMAND = [sys.executable, "-m", "celery", "--app", "smmportal", "--quiet", "worker"]
OPTIONS = ["--pool", "threads", "--concurrency", "2", "--queues", "pulls", "--loglevel", "warning"]


@dataclass
class Worker:
    process: subprocess.Popen
    words: Path

    def wait_for(self, done: Callable[[], bool]) -> None:
        """Until its work is seen; says the worker's last words when it is not."""
        until = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < until and self.process.poll() is None, self.words.read_text()
            time.sleep(0.2)


@contextmanager
def run_worker(folder: Path, settings, sandbox: Sandbox) -> Iterator[Worker]:
    words = folder / "worker.log"
    with own_broker(folder / "broker", settings), words.open("wb") as said:
        process = subprocess.Popen(
            [*COMMAND, *OPTIONS],
            cwd=settings.BASE_DIR,
            env={**os.environ, **environment(folder, sandbox)},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            yield Worker(process, words)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def environment(folder: Path, sandbox: Sandbox) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "smmportal.settings",
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(folder),
        **sandbox.urls,
    }


def database_url() -> str:
    """The test's database as the environment would name it."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(said['NAME']).absolute()}"
    login = ":".join(quote(str(said[part]), safe="") for part in ("USER", "PASSWORD") if said[part])
    where = ":".join(str(said[part]) for part in ("HOST", "PORT") if said[part])
    return f"postgres://{login}{'@' if login else ''}{where}/{said['NAME']}"


@contextmanager
def own_broker(folder: Path, settings) -> Iterator[None]:
    """The bells of this process ring in this folder; a Redis stays the Redis that it is."""
    before = app.conf.broker_transport_options
    if not settings.REDIS_URL:
        messages, control = str(folder / "messages"), str(folder / "control")
        options = {**before, "data_folder_in": messages, "data_folder_out": messages, "control_folder": control}
        settings.CELERY_BROKER_TRANSPORT_OPTIONS = options
        point_at(options)
    yield
    point_at(before)


def point_at(options: dict) -> None:
    app.conf.broker_transport_options = options
    app._pool = None  # the pools that are kept belong to the broker before
    app.__dict__.pop("amqp", None)
