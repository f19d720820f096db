"""All the settings, top to bottom. What the environment may say is in the README; nonsense is refused in words."""

from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from smmportal.environment import (
    PLATFORM_URLS,
    read_amount,
    read_apps,
    read_count,
    read_flag,
    read_secret,
    read_time_zone,
    read_url,
)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR = Path(env.str("VAR_DIR", "") or BASE_DIR / "var")
VAR.mkdir(parents=True, exist_ok=True)

# --- Who we are -----------------------------------------------------------------------------------------------------

DEBUG = read_flag(env, "DEBUG")
DEMO = read_flag(env, "DEMO")
RELAXED = DEBUG or DEMO
SECRET_KEY = read_secret(env, "SECRET_KEY", kept_in=VAR / "secret-key" if RELAXED else None)
ENCRYPTION_KEYS = [key.strip() for key in env.str("ENCRYPTION_KEYS", "").split(",") if key.strip()]
if not ENCRYPTION_KEYS:
    ENCRYPTION_KEYS = [read_secret(env, "ENCRYPTION_KEY", kept_in=VAR / "encryption-key" if RELAXED else None)]

PUBLIC_URL = read_url(env, "PUBLIC_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = [host.strip() for host in env.str("ALLOWED_HOSTS", "").split(",") if host.strip()] or [
    urlsplit(PUBLIC_URL).hostname,
    "127.0.0.1",
    "localhost",
]
SECURE = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = read_count(env, "TRUSTED_PROXIES", 0)

# --- What it is made of ---------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "smmportal",
    "smmportal.people",
    "smmportal.notifications",
    "projects",
    "kpis",
    "meetings",
    "smmportal.waterline",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "smmportal.middleware.RequestContext",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "smmportal.middleware.PersonalSettings",
    "smmportal.middleware.SaneIds",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "smmportal.idempotency.Idempotency",
    "smmportal.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "smmportal.urls"
WSGI_APPLICATION = "smmportal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "smmportal.context.portal",
            ],
            "builtins": ["smmportal.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Where it keeps things ------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", "") or f"sqlite:///{VAR / 'portal.sqlite3'}")}
database = DATABASES["default"]
if database["ENGINE"].endswith("sqlite3"):
    # Django's defaults failed one concurrent transaction in six; with these none.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
elif database["ENGINE"].endswith("postgresql"):
    database["CONN_MAX_AGE"] = 600
    database["CONN_HEALTH_CHECKS"] = True
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")

REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured("REDIS_URL must begin with redis:// or rediss://.")
CACHES = {
    "default": {
        "BACKEND": "smmportal.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
}

MEDIA_ROOT = Path(env.str("MEDIA_ROOT", "") or VAR / "media")
#: The largest file that may be given, in bytes, and how many an answer may have.
UPLOAD_LARGEST = read_count(env, "UPLOAD_LARGEST_MB", 25) * 1024 * 1024
UPLOAD_MOST = read_count(env, "UPLOAD_MOST", 10)
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Work in the background -----------------------------------------------------------------------------------------

BROKER_FOLDER = VAR / "broker"
CELERY_BROKER_URL = REDIS_URL or "folders://"
if REDIS_URL:
    # A killed worker's messages come back in ten seconds, not in a hundred; longer than any task of ours.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 1,
        # A bell that can not be rung must not keep a page waiting: one try, and the timetable does the rest.
        "max_retries": 0,
        "interval_start": 0,
        "socket_timeout": 5,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDER / "messages"),
        "data_folder_out": str(BROKER_FOLDER / "messages"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "processed_folder": str(BROKER_FOLDER / "processed"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "notifications.*": {"queue": "messages"},
    "kpis.look_at_posts": {"queue": "posts"},
    "kpis.*": {"queue": "pulls"},
}
CELERY_TASK_TIME_LIMIT = 900
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- The outside world ----------------------------------------------------------------------------------------------

PLATFORMS = {name: read_url(env, name, default) for name, default in PLATFORM_URLS.items()}
#: Bases set in the environment are the operator's own words: a stand-in or a proxy on a private address is allowed.
TRUSTED_BASES = [url for name, url in PLATFORMS.items() if url != PLATFORM_URLS[name]]
#: The demo asks nobody but its own stand-in, which need not be spared.
PLATFORM_LIMITS = not DEMO
#: How long an exchange may take in all, from the name's look-up to the answer's last byte.
OUTBOUND_SECONDS = 30.0
PLATFORM_APPS = read_apps(env)
TELEGRAM_BOT_TOKEN = env.str("TELEGRAM_BOT_TOKEN", "")
X_MONTHLY_BUDGET_USD = read_amount(env, "X_MONTHLY_BUDGET_USD")

vars().update(env.email("EMAIL_URL", f"filemail:///{VAR / 'mail'}" if RELAXED else "smtp://localhost:25"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("FROM_EMAIL", f"portal@{urlsplit(PUBLIC_URL).hostname}")
EMAIL_TIMEOUT = 15

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
SCOPE_ROOT = "projects.Project"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "smmportal.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
MFA_ADAPTER = "smmportal.people.adapter.SecondFactorAdapter"
USERSESSIONS_TRACK_ACTIVITY = False

# --- Languages ------------------------------------------------------------------------------------------------------

LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LANGUAGE_CODE = "ru"
TIME_ZONE = read_time_zone(env, "TIME_ZONE", "Europe/Moscow")
USE_TZ = True
#: Between these hours of a reader's clock no letter goes out that can wait, until they say otherwise.
QUIET_HOURS = (time(21), time(8))

# --- API ------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "smmportal.people.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "smmportal.api.Cursor",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "smmportal.api.answer_problem",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SMM Portal",
    "DESCRIPTION": "One project, two sides: briefs, goals, KPIs and meetings.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "KpiCadence": "kpis.models.kpis.Kpi.Cadence",
        "Side": "smmportal.people.models.Side",
        "KpiKind": "kpis.models.kpis.Kpi.Kind",
        "KpiStatus": "kpis.course.STATUSES",
        "MetricCode": "kpis.metrics.CODES",
        "TypedEvery": "kpis.models.sources.Source.Cadence",
        "GuardrailStatus": "kpis.course.GUARDRAIL_STATUSES",
        "AnnotationKind": "kpis.models.reviews.Annotation.Kind",
        "NoteKind": "kpis.queries.notes.TELLING",
        "LinkState": "smmportal.people.links.STATES",
        "ReportState": "kpis.models.reports.STATES",
        "ReportCadence": "kpis.models.reports.ReportTimetable.Cadence",
        "TaskState": "projects.models.tasks.State",
        "AgendaOutcome": "meetings.models.meetings.AgendaItem.Outcome",
        "AttendanceState": "meetings.models.meetings.Attendance.State",
        "RiskLevel": "smmportal.portfolio.risk.LEVELS",
        "WaterlineLevel": "smmportal.waterline.models.Reading.Level",
        "WaitingKind": "smmportal.waiting.KINDS",
    },
}

# --- Safety ---------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "smmportal.people.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "smmportal.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Logs -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "smmportal.logs.AddContext"}},
    "formatters": {"line": {"()": "smmportal.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["context"]}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # Without Django's own console beside ours: it would write addresses that are keys.
        "django": {"level": "INFO"},
        # They tell of every step of making a PDF.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "django.server": {"handlers": ["stderr"], "propagate": False},
        # It warns that the embedded broker, a folder, has no host name.
        "kombu.connection": {"level": "ERROR"},
    },
}
