"""Cookies, headers and the Content-Security-Policy, as a visitor's browser gets them."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as portal

from smmportal.uploads import CONFINED
from tests.builders import make_invitation
from tests.test_every_door import DOORS

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
}
#: What the policy would block: a page that needs it is broken.
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=[\"']|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
#: What somebody uploaded: given back under a policy of its own that lets nothing in it run.
GIVEN = {"projects:answer_file", "projects:delegated_file"}
#: What we drew anew from what somebody uploaded: shown in place, and nothing runs in it either.
DRAWN = {"people:logo", "kpis:report_logo"}
READ = [door for door in DOORS if door.method == "get" and not door.is_api]
PAGES = [door for door in READ if door.name not in GIVEN | DRAWN]
FILES = [door for door in READ if door.name in GIVEN]
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "kJ3-vB9_xQ7mZ2wL5tR8yU1iO4pA6sD0fGhNcEe-Wq4Xr7-uJ5sT9",
    "ENCRYPTION_KEYS": "Zx8-cV7_bN6mQ5wE4rT3yU2iO1pL0kJ9hGfDsAa-Wq4Xr7-uJ5sT9",
    "PUBLIC_URL": "https://portal.example",
    "DATABASE_URL": "postgres://portal:portal@127.0.0.1:9/portal",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}


def in_production(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *command], cwd=portal.BASE_DIR, env=PRODUCTION, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("door", PAGES, ids=str)
def test_a_page_has_the_strict_policy_and_needs_nothing_it_forbids(door, cast, browse):
    answer = browse(cast.manager).get(door.address(cast))
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    if answer["Content-Type"].startswith("text/html"):
        assert INLINE.findall(answer.content.decode()) == []


@pytest.mark.parametrize("door", [door for door in READ if door.name in DRAWN], ids=str)
def test_a_picture_that_we_drew_is_shown_and_nothing_runs_in_it(door, cast, browse):
    answer = browse(cast.manager).get(door.address(cast))
    assert (answer["Content-Security-Policy"], answer["Content-Disposition"].split(";")[0]) == (CONFINED, "inline")


@pytest.mark.parametrize("door", FILES, ids=str)
def test_a_given_file_is_a_download_in_which_nothing_runs(door, cast, browse):
    answer = browse(cast.manager).get(door.address(cast))
    assert answer["Content-Security-Policy"] == CONFINED
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")


def test_an_answer_with_a_key_in_it_is_kept_by_nobody(cast, browse):
    for address in (f"/invitation/{make_invitation(cast).secret}/", "/settings/tokens/"):
        answer = browse(cast.manager).get(address)
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"


def test_the_deployment_check_is_clean_with_production_settings():
    run = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (run.returncode, run.stdout) == (0, "System check identified no issues (0 silenced).\n"), run.stderr


def test_cookies_travel_only_over_tls_in_production():
    code = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'smmportal.settings'; django.setup();"
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SAMESITE, s.DEBUG)"
    )
    run = in_production("-c", code)
    assert run.stdout == "True True True True True 31536000 Lax False\n", run.stderr


def test_production_does_not_start_without_its_secrets():
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=portal.BASE_DIR,
        env={name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "SECRET_KEY is not set. Make one with:" in run.stderr


def test_the_session_cookie_is_out_of_reach_for_scripts(cast, client):
    client.post("/accounts/login/", {"login": cast.manager.email, "password": "a-quiet-harbour-7"})
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
