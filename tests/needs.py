"""What some tests need besides Python, and whether it is here.

A test marked with one of these names is left out where the thing is missing, and the run says so at its end;
`PORTAL_REQUIRE=postgres,redis,browser` makes a missing one a failure instead.
"""

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec

from django.conf import settings

#: Packages that say how the platforms' APIs are; only their types are read.
VENDORS = ("aiogram", "facebook_business", "maxapi", "vkbottle_types", "xdk")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str:
    """The path of the browser, or an empty string."""
    return os.environ.get("CHROMIUM", "") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), "")


def has_pango() -> bool:
    try:
        import weasyprint  # noqa: F401
    except OSError:
        return False
    return True


NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "postgres": (
        lambda: settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
        "DATABASE_URL names no PostgreSQL",
    ),
    "redis": (lambda: bool(settings.REDIS_URL), "REDIS_URL is not set"),
    "browser": (lambda: bool(chromium()), "no Chromium was found"),
    "pango": (has_pango, "the system has no Pango, so no PDF is made"),
    "vendors": (
        lambda: all(map(find_spec, VENDORS)),
        f"not every package of {', '.join(VENDORS)} is installed",
    ),
    "discovery": (lambda: find_spec("googleapiclient") is not None, "google-api-python-client is not installed"),
}


def missing() -> dict[str, str]:
    """The names of what is not here, each with the reason."""
    return {name: reason for name, (is_here, reason) in NEEDS.items() if not is_here()}


def required() -> set[str]:
    return {name.strip() for name in os.environ.get("PORTAL_REQUIRE", "").split(",") if name.strip()}
