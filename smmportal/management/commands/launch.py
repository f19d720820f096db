"""Everything for a first look: the platforms' stand-in in this process, web, workers and timetable beside it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from kpis.sandbox import start_sandbox
from smmportal.demo.loading import DEMO_SEED

CELERY = [sys.executable, "-m", "celery", "--app", "smmportal", "--quiet"]
WORKER = ["worker", "--pool", "threads", "--loglevel", "warning", "--without-gossip", "--without-mingle"]
READY_WITHIN = 60


class Command(BaseCommand):
    help = "Prepares the database, then runs web, workers and timetable until Ctrl-C. bin/run calls it."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *, port: int, **_options) -> None:
        refuse_taken(port)
        # Said for SIGINT too: a shell starts background commands with it ignored, and then Python does nothing.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop_politely)
        # `migrate` has run the checks; a worker that repeats them loads every page of the portal and keeps it.
        os.environ["CELERY_SKIP_CHECKS"] = "1"
        crew = Crew()
        try:
            self.prepare()
            if settings.DEMO:
                self.say("Starting the platforms’ stand-in…")
                os.environ.update(start_sandbox(seed=DEMO_SEED).environment)
                self.say("Loading the demo project…")
                subprocess.run([sys.executable, "manage.py", "demo", "--quiet"], cwd=settings.BASE_DIR, check=True)
            self.say("Starting web, workers and timetable…")
            crew.start_portal(port)
            wait_until_ready(port, crew)
            self.welcome(port)
            self.say(f"{crew.wait_for_the_first_to_end()} has stopped, so everything stops.")
            raise CommandError("One of the processes ended by itself; its last words are above.")
        except KeyboardInterrupt:
            self.say("\nStopping…")
        finally:
            crew.stop()

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def prepare(self) -> None:
        self.say("Bringing the database up to date…")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        self.say("Gathering the static files…")
        call_command("collectstatic", interactive=False, verbosity=0)

    def welcome(self, port: int) -> None:
        self.say(f"\nThe portal is at http://127.0.0.1:{port}/")
        if settings.DEMO:
            call_command("demo", logins=True, stdout=self.stdout)
        self.say("Ctrl-C stops it.\n")


class Crew:
    """The processes, each in a group of its own, so that no child outlives the stop."""

    def __init__(self) -> None:
        self.members: dict[str, subprocess.Popen] = {}

    def start(self, name: str, command: list[str], **options) -> subprocess.Popen:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True, **options)  # noqa: S603
        self.members[name] = process
        return process

    def start_portal(self, port: int) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "smmportal.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
        self.start("Web", [*gunicorn, "--log-level", "warning", "--no-control-socket"])
        self.start(
            "The worker for letters", [*CELERY, *WORKER, "-c", "2", "-Q", "default,messages", "-n", "letters@%h"]
        )
        self.start("The worker for posts", [*CELERY, *WORKER, "-c", "1", "-Q", "posts", "-n", "posts@%h"])
        self.start("The worker for pulls", [*CELERY, *WORKER, "-c", "2", "-Q", "pulls", "-n", "pulls@%h"])
        schedule = ["--schedule", str(settings.VAR / "timetable"), "--pidfile", ""]
        self.start("The timetable", [*CELERY, "beat", "--loglevel", "warning", *schedule])

    def ended(self) -> str:
        return next((name for name, process in self.members.items() if process.poll() is not None), "")

    def wait_for_the_first_to_end(self) -> str:
        while not self.ended():
            time.sleep(0.5)
        return self.ended()

    def stop(self, *, patience: float = 10) -> None:
        for process in self.members.values():
            send(process, signal.SIGTERM)
        until = time.monotonic() + patience
        while time.monotonic() < until and any(process.poll() is None for process in self.members.values()):
            time.sleep(0.1)
        for process in self.members.values():
            send(process, signal.SIGKILL)
            process.wait()


def send(process: subprocess.Popen, number: int) -> None:
    """To the whole group: pool children survive their parent otherwise."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def stop_politely(_number, _frame) -> None:
    raise KeyboardInterrupt


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(f"Port {port} is taken. Choose another: PORT={port + 1} bin/run") from None


def wait_until_ready(port: int, crew: Crew) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and not crew.ended():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CommandError(f"{crew.ended() or 'The portal'} did not start; the reason is above.")
