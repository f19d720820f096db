"""The environment, read once and refused in words.

Nothing here imports Django's settings: this is what the settings are made from.
"""

import re
import secrets
from decimal import Decimal
from pathlib import Path
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

#: Each platform's base address; a stand-in or a proxy is put in its place by the variable of the same name.
PLATFORM_URLS = {
    "META_API_URL": "https://graph.facebook.com",
    "VK_API_URL": "https://api.vk.com",
    "TELEGRAM_API_URL": "https://api.telegram.org",
    "YOUTUBE_API_URL": "https://www.googleapis.com",
    "YOUTUBE_ANALYTICS_API_URL": "https://youtubeanalytics.googleapis.com",
    "GA4_API_URL": "https://analyticsdata.googleapis.com",
    "METRIKA_API_URL": "https://api-metrika.yandex.net",
    "OK_API_URL": "https://api.ok.ru",
    "TIKTOK_API_URL": "https://open.tiktokapis.com",
    "TIKTOK_BUSINESS_API_URL": "https://business-api.tiktok.com",
    "LINKEDIN_API_URL": "https://api.linkedin.com",
    "X_API_URL": "https://api.x.com",
    "MAX_API_URL": "https://platform-api2.max.ru",
    "GA4_ADMIN_API_URL": "https://analyticsadmin.googleapis.com",
    # Where people say yes or no, and where the answer is exchanged for access.
    "VK_ID_URL": "https://id.vk.com",
    "YANDEX_OAUTH_URL": "https://oauth.yandex.ru",
    "GOOGLE_LOGIN_URL": "https://accounts.google.com",
    "GOOGLE_OAUTH_URL": "https://oauth2.googleapis.com",
    "META_LOGIN_URL": "https://www.facebook.com",
    "TIKTOK_LOGIN_URL": "https://www.tiktok.com",
    "LINKEDIN_LOGIN_URL": "https://www.linkedin.com",
    "OK_LOGIN_URL": "https://connect.ok.ru",
    "X_LOGIN_URL": "https://x.com",
}

#: The portal's own applications at the platforms: `<name>_CLIENT_ID` and what else each of them needs.
PLATFORM_APPS = {
    "VK": (),
    "YANDEX": ("secret",),
    "GOOGLE": ("secret",),
    "META": ("secret",),
    "TIKTOK": ("secret",),
    "TIKTOK_BUSINESS": ("secret",),
    "LINKEDIN": ("secret",),
    "OK": ("secret", "public_key"),
    "X": ("secret",),
}
APP_VARIABLES = {"id": "CLIENT_ID", "secret": "CLIENT_SECRET", "public_key": "PUBLIC_KEY"}

#: What `check --deploy` asks of SECRET_KEY.
SHORTEST_SECRET = 50


def read_flag(env: environ.Env, name: str) -> bool:
    value = env.str(name, "").strip().lower()
    if value not in {"", "0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, and it is «{value}».")
    return value in {"1", "true", "yes", "on"}


def read_count(env: environ.Env, name: str, default: int) -> int:
    value = env.str(name, "").strip() or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, and it is «{value}».")
    return int(value)


def read_amount(env: environ.Env, name: str) -> Decimal:
    """A sum of money; nothing is zero."""
    value = env.str(name, "").strip() or "0"
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", value, re.ASCII):
        raise ImproperlyConfigured(f"{name} must be an amount such as 15 or 7.50, and it is «{value}».")
    return Decimal(value)


def read_secret(env: environ.Env, name: str, *, kept_in: Path | None) -> str:
    """The secret from the environment, or one made up and kept in a file when `kept_in` is given (demo, DEBUG)."""
    value = env.str(name, "")
    if value:
        if len(value) < SHORTEST_SECRET or len(set(value)) < 10:
            raise ImproperlyConfigured(
                f"{name} is too weak: at least {SHORTEST_SECRET} characters, and not a repeated one. "
                "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return value
    if kept_in is None:
        raise ImproperlyConfigured(
            f"{name} is not set. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        kept_in.touch(mode=0o600)
        kept_in.write_text(secrets.token_urlsafe(48))
    return kept_in.read_text().strip()


def read_url(env: environ.Env, name: str, default: str) -> str:
    value = env.str(name, "") or default
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name} must begin with http:// or https://, and it is «{value}».")
    return value.rstrip("/")


def read_apps(env: environ.Env) -> dict[str, dict[str, str]]:
    """The applications that are registered, by name: `{"VK": {"id": "…"}}`. One that is half there is refused."""
    told = {name: read_app(env, name, ("id", *needs)) for name, needs in PLATFORM_APPS.items()}
    return {name: app for name, app in told.items() if app}


def read_app(env: environ.Env, name: str, needs: tuple[str, ...]) -> dict[str, str]:
    variables = {part: f"{name}_{APP_VARIABLES[part]}" for part in needs}
    app = {part: env.str(variable, "").strip() for part, variable in variables.items()}
    missing = [variables[part] for part, value in app.items() if not value]
    if missing and len(missing) < len(app):
        raise ImproperlyConfigured(f"{' and '.join(missing)} must be set too, or nothing of the {name} application.")
    return {} if missing else app


def read_time_zone(env: environ.Env, name: str, default: str) -> str:
    value = env.str(name, "") or default
    if value not in available_timezones():
        raise ImproperlyConfigured(f"{name} must be a time zone such as Europe/Moscow, and it is «{value}».")
    return value
