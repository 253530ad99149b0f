"""What every installation shares; the topics beside this file are read here.

Everything that differs comes from the environment.
"""

from __future__ import annotations

import logging
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config.logs import configure
from config.settings.api import *  # noqa: F403
from config.settings.api import NUM_PROXIES
from config.settings.data import *  # noqa: F403
from config.settings.environment import BASE_DIR, env
from config.settings.installation import *  # noqa: F403
from config.settings.metrics import *  # noqa: F403
from config.settings.sign_in import *  # noqa: F403
from config.settings.terms import *  # noqa: F403
from config.settings.work import *  # noqa: F403

SECRET_KEY = env("SECRET_KEY")
# Older keys: what they have signed or sealed stays good until they are taken out.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

ALLAUTH_TRUSTED_PROXY_COUNT = NUM_PROXIES

# Apps and middleware -------------------------------------------------------------------------

INSTALLED_APPS = [
    "carenet.audit",
    "carenet.rest",
    "carenet.accounts",  # before agencies: of one that closes the sessions end first
    "carenet.agencies",
    "carenet.areas",
    "carenet.administration",
    "carenet.jobs",
    "carenet.access",
    "carenet.reminders",
    "carenet.residents",
    "carenet.tasks",
    "carenet.cases",
    "carenet.abuse",
    "carenet.referrals",
    "carenet.watchover",
    "carenet.watchlists",
    "carenet.oversight",
    "carenet.staff",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "oauth2_provider",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "guardian",
    "pgtrigger",
    "django_structlog",
]

MIDDLEWARE = [
    "carenet.rest.metrics.RequestTimes",
    "carenet.rest.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "carenet.rest.malformed_requests.MalformedRequestMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "carenet.rest.database.DatabaseFirst",
    "carenet.rest.clocks.OneClock",
    "carenet.rest.slow_requests.SlowRequests",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "carenet.staff.middleware.SessionEnd",
    "allauth.account.middleware.AccountMiddleware",
    "carenet.audit.api.middleware.RequestTransaction",
]
#: Paths that must answer even when the database does not.
PATHS_WITHOUT_TRANSACTION = frozenset({"/healthz"})

ROOT_URLCONF = "config.urls"
# A redirect would drop the body of a POST: an address is right, or it is not found.
APPEND_SLASH = False
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            # Each form that is posted carries its key.
            "builtins": ["carenet.staff.templatetags.once"],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
# What is attached lies outside of whatever a web server shows. Any other storage: docs/operations.md.
ATTACHMENTS_ROOT = env("ATTACHMENTS_ROOT", default="attachments")
ATTACHMENTS_BACKEND = env(
    "ATTACHMENTS_BACKEND", default="django.core.files.storage.FileSystemStorage"
)
ON_DISK = {
    "location": BASE_DIR / ATTACHMENTS_ROOT,
    "file_permissions_mode": 0o600,
    "directory_permissions_mode": 0o700,
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "attachments": {
        "BACKEND": ATTACHMENTS_BACKEND,
        "OPTIONS": env.json("ATTACHMENTS_OPTIONS", default={}) or ON_DISK,
    },
}
# What is asked about each new file before it is handed out: a dotted path; docs/operations.md.
ATTACHMENT_SCANNER = env("ATTACHMENT_SCANNER", default="")
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024
ATTACHMENTS_MAX_BYTES = 50 * 1024 * 1024  # of one referral together
ATTACHMENTS_MOST = 20
#: No form is read beyond this: one file, and what frames it.
UPLOAD_MAX_BYTES = ATTACHMENT_MAX_BYTES + 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "carenet.rest.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Pages run no code and load nothing but their own files; the description of the API is one of them.
_SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": ["'self'", "data:"],
        "font-src": _SELF,
        "connect-src": _SELF,
        "manifest-src": _SELF,
        "worker-src": _SELF,
        "form-action": _SELF,
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}

# Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
# Days in English: year, month, day. Japanese has its own.
FORMAT_MODULE_PATH = ["config.formats"]
LOCALE_PATHS = [BASE_DIR / "carenet" / "locale"]
TIME_ZONE = "Asia/Tokyo"
CELERY_TIMEZONE = TIME_ZONE
USE_TZ = True
# How often a process compares its clock with the database's; 0: it goes by its own.
# See carenet/core/clock.py.
CLOCK_COMPARE_SECONDS = env.float("CLOCK_COMPARE_SECONDS", default=10.0)

# Which id that is, `carenet.rest.headers` says.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
# One line a request: when it is answered. That it has begun is said to whoever debugs.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
LOGGING = configure(env("LOG_LEVEL", default="INFO"))
