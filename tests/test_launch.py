"""The newcomer's first minute, on real processes: launch, log in, look at what the worker pulled, stop."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Launched:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        unset = ("DJANGO_SETTINGS_MODULE", "SECRET_KEY", "ENCRYPTION_KEYS", "PUBLIC_URL", "DATABASE_URL", "REDIS_URL")
        env = {name: value for name, value in os.environ.items() if name not in unset}
        env |= {"DEMO": "1", "PORT": str(self.port), "PUBLIC_URL": self.base, "VAR_DIR": str(folder)}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "launch"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self.http = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + PATIENCE
        for line in self.process.stdout:
            self.said.append(line)
            if words in line:
                return
            if time.monotonic() > until:
                break
        pytest.fail("".join(self.said))

    def read(self, path: str, form: dict | None = None) -> str:
        data = urlencode(form).encode() if form else None
        with self.http.open(self.base + path, data, timeout=30) as answer:
            return answer.read().decode()

    def log_in(self, email: str, password: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.read("/accounts/login/"))[1]
        return self.read("/accounts/login/", {"csrfmiddlewaretoken": token, "login": email, "password": password})

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=30)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)


@pytest.fixture
def launched(tmp_path):
    running = Launched(tmp_path)
    yield running
    running.stop()


def children_of(folder: Path) -> list[str]:
    """The command lines of processes that were started for this folder and still live."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"VAR_DIR={folder}".encode() in environ.read_bytes():
                found.append((environ.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_one_command_starts_everything_and_one_stop_ends_it(launched, tmp_path):
    launched.wait_for("Ctrl-C stops it")
    password = re.search(r"password (\S+)", "".join(launched.said))[1]
    home = launched.log_in("decider@client.example", password)
    assert "Что ждёт вас" in home
    assert "Кофе домой" in home
    launched.stop()
    assert children_of(tmp_path) == []
