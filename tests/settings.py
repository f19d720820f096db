"""The portal's own settings with what a test run needs: quick password hashes, letters kept in memory."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz")
os.environ.setdefault("ENCRYPTION_KEYS", "only-for-tests-" + "zyxwvutsrqponmlkjihgfedcba9876543210")
os.environ.setdefault("PUBLIC_URL", "http://portal.example")

from smmportal.settings import *  # noqa: F403
from smmportal.settings import DATABASES, VAR

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
#: Letters go out at whatever hour the tests run; those of quiet hours set them.
QUIET_HOURS = None
#: The stand-in need not be spared; the tests of limits keep them.
PLATFORM_LIMITS = bool(os.environ.get("PORTAL_TESTS_KEEP_LIMITS"))
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: races, live servers and worker processes need a database that several of them can open.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
