"""`manage.py sandbox`: the platforms' stand-in on this machine."""

import signal
import threading
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpis.sandbox import start_sandbox


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"«{text}» is not a day such as 2026-11-23") from None


class Command(BaseCommand):
    """Prints the base addresses and the applications' keys as `NAME=VALUE`, ready for the environment, and serves
    until stopped."""

    help = "One local server that speaks every platform's language, for the demo and for tests."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1; a free one when absent")
        parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same numbers")
        parser.add_argument("--today", type=_day, default=None, help="the day that it believes to be today")
        parser.add_argument("--limits", action="store_true", help="refuse too many requests as the platforms do")

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stopped.set())
        try:
            sandbox = start_sandbox(
                port=options["port"], seed=options["seed"], today=options["today"], limits=options["limits"]
            )
        except (OSError, OverflowError) as error:
            raise CommandError(f"The sandbox could not listen on port {options['port']}: {error}") from None
        for name, url in sandbox.environment.items():
            self.stdout.write(f"{name}={url}")
        self.stdout.flush()
        stopped.wait()
        sandbox.stop()
