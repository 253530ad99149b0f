"""What every installation shares. Everything that differs comes from the environment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Queue
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.logs import configure

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

SECRET_KEY = env("SECRET_KEY")
# Older keys: what they have signed or sealed stays good until they are taken out.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# How many proxies stand in front: the caller's address is read that far from the end of
# X-Forwarded-For.
NUM_PROXIES = env.int("NUM_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = NUM_PROXIES

# Apps and middleware -------------------------------------------------------------------------

INSTALLED_APPS = [
    "carenet.audit",
    "carenet.rest",
    "carenet.agencies",
    "carenet.areas",
    "carenet.jobs",
    "carenet.access",
    "carenet.reminders",
    "carenet.residents",
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

# Data ----------------------------------------------------------------------------------------

# The application's own role: it may only add to the audit trail. Migrations run as the owner
# (config/settings/owner.py).
DATABASES = {"default": env.db("DATABASE_URL")}
_SOON = 10  # seconds until a network that swallows everything counts as broken
# A connection for each thread that serves, kept, and tried before each request (docs/adr/0024).
DATABASES["default"] |= {
    "ENGINE": "carenet.rest.postgres",
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        **DATABASES["default"].get("OPTIONS", {}),
        "limits": {
            "connect": env.float("DATABASE_CONNECT_SECONDS", default=0.8),
            "patience": env.float("DATABASE_PATIENCE_SECONDS", default=0.5),
        },
        # Whether values are sent apart from the text of a statement (docs/adr/0032).
        "server_side_binding": env.bool("DATABASE_BIND_ON_SERVER", default=False),
        "options": f"-c statement_timeout={env.int('DATABASE_STATEMENT_SECONDS', default=30)}s",
        "keepalives_idle": _SOON,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": _SOON * 1000,
    },
}
DATABASE_APP_ROLE = env("DATABASE_APP_ROLE", default=DATABASES["default"]["USER"])
REDIS_URL = env("REDIS_URL")
# The cache holds throttles and sign-in limits: while Redis is away, work goes on without them.
CACHES = {
    "default": {
        "BACKEND": "carenet.rest.cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        # Not the prefix of older releases, which wrote pickles: nothing of theirs is read.
        "KEY_PREFIX": "carenet-json",
        "OPTIONS": {
            # Whoever writes a key runs nothing here.
            "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
            "IGNORE_EXCEPTIONS": True,
            "REDIS_CLIENT_CLASS": "carenet.rest.cache.BriefRedis",
            "SOCKET_CONNECT_TIMEOUT": env.float("CACHE_SECONDS", default=0.3),
            "SOCKET_TIMEOUT": env.float("CACHE_SECONDS", default=0.3),
            "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0)},
        },
    },
    # A second count for what is open to everybody, which holds without Redis.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
# For so long an answer of /healthz stands: it costs a question to all workers, and anybody may ask.
HEALTHZ_KEPT_SECONDS = env.float("HEALTHZ_KEPT_SECONDS", default=1.0)

# People who sign in ----------------------------------------------------------------------------

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "carenet.access.backends.PolicyBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "carenet.agencies.actions.passwords.GuessableValidator"},
]
# Tries are counted in the database (carenet/agencies/actions/sign_in.py): with Redis away, too.
ACCOUNT_RATE_LIMITS = False
SIGN_IN_TRIES = env.int("SIGN_IN_TRIES", default=5)
SIGN_IN_TRIES_OF_ADDRESS = env.int("SIGN_IN_TRIES_OF_ADDRESS", default=60)
SIGN_IN_TRIES_SECONDS = env.int("SIGN_IN_TRIES_SECONDS", default=300)
TOKEN_TRIES_OF_ADDRESS = env.int("TOKEN_TRIES_OF_ADDRESS", default=60)
# How many days a code that was handed out waits for its use.
SIGN_IN_CODE_DAYS = env.int("SIGN_IN_CODE_DAYS", default=7)
# How long the code that went to a new e-mail address can be typed.
EMAIL_PROOF_HOURS = env.int("EMAIL_PROOF_HOURS", default=24)
# How long an invitation to an agency waits for its answer, and how many an agency sends a day.
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
INVITATIONS_A_DAY = env.int("INVITATIONS_A_DAY", default=20)
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "carenet.agencies.api.sign_in.AccountAdapter"
HEADLESS_CLIENTS = ("browser",)
MFA_ADAPTER = "carenet.staff.adapters.SecondFactor"
MFA_FORMS = {
    "authenticate": "carenet.agencies.api.second_factor.CodeForm",
    "reauthenticate": "carenet.agencies.api.second_factor.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "carenet"
# A telephone's clock may be half a minute off (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff-today"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Whoever opens a page needs an authenticator besides the password.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=True)
# After so long without use, whoever sits down at the desk is not the one who signed in.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
SESSION_ENGINE = "carenet.agencies.backends"
# After so long whoever has signed in does so anew, used or not.
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_AGE = int(timedelta(hours=SESSION_HOURS).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "carenet.staff.pages.refusal_pages.csrf_failure"
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
ANONYMOUS_USER_NAME = None
# guardian's own backend counts every group of a user and knows no end of a share: ours stands in.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

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

# Partner systems: OAuth 2.0 client credentials, with RFC 9700 throughout.
OAUTH2_PROVIDER_APPLICATION_MODEL = "agencies.ApiClient"
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "carenet.agencies.api.scopes.AgencyScopes",
    "OAUTH2_VALIDATOR_CLASS": "carenet.agencies.api.scopes.ClientCredentialsOnly",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}

# The API -----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "carenet.agencies.api.authentication.ClientAuthentication",
        "carenet.agencies.api.authentication.StaffAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["carenet.agencies.api.permissions.AbilityRequired"],
    "DEFAULT_PARSER_CLASSES": ["carenet.rest.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "carenet.rest.schema.CarenetSchema",
    "DEFAULT_THROTTLE_CLASSES": ["carenet.rest.throttles.PrincipalThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "principal": env("API_RATE", default="1200/min"),
        "search": env("SEARCH_RATE", default="120/min"),
        "matching": env("MATCHING_RATE", default="400/hour"),
        "concern": env("CONCERN_RATE", default="20/hour"),
        "one_tap": env("ONE_TAP_RATE", default="120/hour"),
        "receipt": env("RECEIPT_RATE", default="60/hour"),
    },
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": NUM_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "carenet.rest.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "carenet.rest.problems.ProblemFormatter",
    "NESTED_FIELD_SEPARATOR": "/",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "carenet",
    "DESCRIPTION": "Referrals between the welfare agencies of a ward, tracked until the loop is closed.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "AgencyKind": "carenet.agencies.models.AgencyKind",
        "CapacityState": "carenet.agencies.models.CapacityState",
        "InvitationState": "carenet.agencies.models.InvitationState",
        "Role": "carenet.agencies.roles.Role",
        "HumanRole": "carenet.agencies.api.serializers.ROLE_CHOICES",
        "Topic": "carenet.cases.models.Topic",
        "Urgency": "carenet.cases.models.Urgency",
        "NoteKind": "carenet.cases.models.NoteKind",
        "ReviewOutcome": "carenet.cases.models.ReviewOutcome",
        "EndReason": "carenet.cases.models.EndReason",
        "CallerRelationship": "carenet.cases.models.CallerRelationship",
        "ContactRelationship": "carenet.residents.models.ContactRelationship",
        "ConsentMethod": "carenet.residents.models.ConsentMethod",
        "EndedBecause": "carenet.residents.models.EndedBecause",
        "CaseStatus": "carenet.cases.states.CaseStatus",
        "ConsultationStatus": "carenet.cases.states.ConsultationStatus",
        "TriageOutcome": "carenet.cases.states.TRIAGE_OUTCOMES",
        "AbuseStatus": "carenet.abuse.states.AbuseStatus",
        "DeskKind": "carenet.abuse.states.desks.DeskKind",
        "ConsultationChannelEnum": "carenet.cases.models.ConsultationChannel",
        "RuleBasis": "carenet.abuse.models.RuleBasis",
        "ReferralKind": "carenet.referrals.states.ReferralKind",
        "ReferralStatus": "carenet.referrals.states.ReferralStatus",
        "VerbEnum": "carenet.referrals.states.Verb",
        "Side": "carenet.referrals.states.Side",
        "Need": "carenet.referrals.models.Need",
        "DeclineCode": "carenet.referrals.models.DeclineCode",
        "Outcome": "carenet.referrals.models.ReferralOutcome",
        "EventChannel": "carenet.referrals.models.EventChannel",
        "ReplyChannel": "carenet.referrals.api.transition_serializers.CHANNELS",
        "SharingBasis": "carenet.access.models.SharingBasis",
        "InquiryState": "carenet.residents.models.InquiryState",
        "MatchReason": "carenet.residents.matching.Reason",
        "RecordChange": "carenet.residents.models.RecordChange",
        "MethodEnum": "carenet.abuse.models.CheckMethod",
        "WatchStatus": "carenet.watchover.states.WatchStatus",
        "WatchEndReason": "carenet.watchover.states.WatchEndReason",
        "WatchMethod": "carenet.watchover.states.WatchMethod",
        "HolidayPolicy": "carenet.watchover.states.HolidayPolicy",
        "ExpectationState": "carenet.watchover.states.ExpectationState",
        "CheckInOutcome": "carenet.watchover.states.CheckInOutcome",
        "PauseReason": "carenet.watchover.states.PauseReason",
        "AreaKind": "carenet.areas.models.AreaKind",
        "AlertKind": "carenet.watchover.states.AlertKind",
        "AlertState": "carenet.watchover.states.AlertState",
        "AlertOutcome": "carenet.watchover.states.AlertOutcome",
        "SignalResult": "carenet.watchover.actions.signals.SignalResult",
        "ConcernState": "carenet.watchover.models.concern.ConcernState",
        "ConcernOutcome": "carenet.watchover.models.concern.ConcernOutcome",
        "ListState": "carenet.watchlists.states.ListState",
        "ListVerb": "carenet.watchlists.states.ListVerb",
        "ScreenReason": "carenet.watchlists.states.ScreenReason",
        "LineResult": "carenet.watchlists.actions.list_import.LineResult",
        "JobState": "carenet.jobs.states.JobState",
        "ReporterKind": "carenet.watchover.models.concern.ReporterKind",
        "HandoverStatus": "carenet.watchover.states.HandoverStatus",
        "HandoverObstacle": "carenet.watchover.states.Obstacle",
        "HandoverRemarkKind": "carenet.watchover.states.HandoverRemark",
        "ReportItem": "carenet.watchover.states.ReportItem",
        "ReportSection": "carenet.watchover.states.ReportSection",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums"],
}
IDEMPOTENCY_WAIT_SECONDS = 5
IDEMPOTENCY_KEEP = timedelta(hours=24)
# How long a form that has acted is known again: longer than a page is left open.
SENT_FORM_KEEP = timedelta(days=7)
# How long what is half written is kept after the last stroke.
DRAFT_KEEP = timedelta(hours=24)

# Work that is due later ------------------------------------------------------------------------

# The broker only wakes somebody up; what is due stands in the database (docs/architecture.md).
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
REMINDER_SWEEP_SECONDS = env.float("REMINDER_SWEEP_SECONDS", default=3.0)
#: What beat starts, and how often in seconds.
_WAKE_UPS = {
    "sweep-reminders": ("carenet.reminders.tasks.sweep", REMINDER_SWEEP_SECONDS),
    "find-silent": ("carenet.reminders.tasks.find_silent", 600.0),
    "sweep-watchover": ("carenet.watchover.tasks.sweep", REMINDER_SWEEP_SECONDS),
    "go-on-with-jobs": ("carenet.jobs.tasks.go_on", REMINDER_SWEEP_SECONDS),
    "carry-closures-out": ("carenet.agencies.tasks.carry_closures_out", 30.0),
    "tell-invited": ("carenet.agencies.tasks.tell_invited", 60.0),
    "fold-again": ("carenet.residents.tasks.fold_names_again", 600.0),
    "forget-jobs": ("carenet.jobs.tasks.forget_ended", 3600.0),
    "forget-sign-ins": ("carenet.agencies.tasks.forget_sign_ins", 86_400.0),
    "scan-files": ("carenet.referrals.tasks.scan_files", 10.0),
    "forget-orphans": ("carenet.referrals.tasks.forget_orphans", 86_400.0),
    "forget-idempotency-keys": ("carenet.rest.tasks.forget_idempotency_keys", 3600.0),
    "forget-sent-forms": ("carenet.staff.tasks.forget_sent_forms", 3600.0),
    "forget-drafts": ("carenet.staff.tasks.forget_drafts", 3600.0),
}
# Each has a queue of its own, in which at most one waits (config/beat.py). None expires: that would be
# judged by the clock of another machine.
CELERY_BEAT_SCHEDULER = "config.beat:OneWaits"
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": seconds, "options": {"queue": name}}
    for name, (task, seconds) in _WAKE_UPS.items()
}
CELERY_TASK_QUEUES = [Queue(name) for name in ("celery", *_WAKE_UPS)]
# What a busy worker keeps back for itself is not seen in the queue.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Long work: how long its result can be looked at, and its file had.
JOB_KEEP_DAYS = env.int("JOB_KEEP_DAYS", default=7)
REMINDER_OVERDUE_SECONDS = env.float("REMINDER_OVERDUE_SECONDS", default=300.0)
# With a sweep, a killed worker's message is taken over within 15 s.
REMINDER_LEASE_SECONDS = env.float("REMINDER_LEASE_SECONDS", default=10.0)
# Where the console channel writes: a path, "-" for the worker's standard output.
REMINDER_CONSOLE = env("REMINDER_CONSOLE", default="-")

# How long what somebody has taken on, or put off, is left with them, and how often in a row.
REMINDER_ACKNOWLEDGED_WORKING_DAYS = env.int("REMINDER_ACKNOWLEDGED_WORKING_DAYS", default=3)
REMINDER_SNOOZE_WORKING_DAYS = env.int("REMINDER_SNOOZE_WORKING_DAYS", default=5)
# After the last step that step comes again so many working days later, until its reason ends.
REMINDER_AGAIN_WORKING_DAYS = env.int("REMINDER_AGAIN_WORKING_DAYS", default=5)
REMINDER_HOLDS = env.int("REMINDER_HOLDS", default=3)

# E-mail: off without a server ---------------------------------------------------------------------

_MAIL = environ.Env.email_url_config(env("EMAIL_URL", default="") or "smtp:")
EMAIL_HOST: str = _MAIL["EMAIL_HOST"] or ""
EMAIL_USE_SSL: bool = _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS: bool = _MAIL.get("EMAIL_USE_TLS", False)
EMAIL_PORT: int = _MAIL["EMAIL_PORT"] or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_HOST_USER: str = _MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_FROM = env("EMAIL_FROM", default="")
# Where people sign in: the beginning of the link in a mail.
PUBLIC_URL = env("PUBLIC_URL", default="").rstrip("/")
if EMAIL_HOST and not ("@" in EMAIL_FROM and PUBLIC_URL):
    raise ImproperlyConfigured("EMAIL_URL needs EMAIL_FROM (an address) and PUBLIC_URL besides.")

# Referrals: when somebody is chased, and how long an ended one stays in sight -----------------

REFERRAL_ANSWER_HOURS_TODAY = env.float("REFERRAL_ANSWER_HOURS_TODAY", default=2.0)
REFERRAL_ANSWER_WORKING_DAYS = {
    "soon": env.int("REFERRAL_ANSWER_WORKING_DAYS_SOON", default=1),
    "normal": env.int("REFERRAL_ANSWER_WORKING_DAYS_NORMAL", default=3),
}
REFERRAL_SENDER_WORKING_DAYS = env.int("REFERRAL_SENDER_WORKING_DAYS", default=3)
REFERRAL_START_WORKING_DAYS = env.int("REFERRAL_START_WORKING_DAYS", default=3)
REFERRAL_PROGRESS_WORKING_DAYS = env.int("REFERRAL_PROGRESS_WORKING_DAYS", default=10)
REFERRAL_CHASE_WORKING_DAYS = env.int("REFERRAL_CHASE_WORKING_DAYS", default=1)
# How long the receiver may be silent on a requested withdrawal before the coordinator may agree.
REFERRAL_WITHDRAWAL_WORKING_DAYS = env.int("REFERRAL_WITHDRAWAL_WORKING_DAYS", default=3)
REFERRAL_REOPEN_DAYS = env.int("REFERRAL_REOPEN_DAYS", default=30)
REFERRAL_VISIBLE_DAYS_AFTER_END = env.int("REFERRAL_VISIBLE_DAYS_AFTER_END", default=90)

# Cases -------------------------------------------------------------------------------------------

#: After which an abuse report without a date, and a watch that does not begin, is told of.
ABUSE_STILL_DAYS = env.int("ABUSE_STILL_DAYS", default=7)
WATCH_REST_DAYS = env.int("WATCH_REST_DAYS", default=30)
#: Before the last day of a watch, or of the basis of a list, on which its agency is told.
WATCH_ENDING_DAYS = env.int("WATCH_ENDING_DAYS", default=14)
CASE_GRANT_ENDING_WORKING_DAYS = env.int("CASE_GRANT_ENDING_WORKING_DAYS", default=5)

# Lawful bases: for how long at most each carries what it opens (docs/permissions.md) ------------

BASIS_DAYS_AFTER_CASE = env.int("BASIS_DAYS_AFTER_CASE", default=90)
BASIS_ORGAN_DAYS = env.int("BASIS_ORGAN_DAYS", default=90)
BASIS_DANGER_DAYS = env.int("BASIS_DANGER_DAYS", default=7)
# What has no day of its own yet (a consent without an end, a case that is open) is asked again.
BASIS_LONGEST_DAYS = env.int("BASIS_LONGEST_DAYS", default=365)

# What is said of WITHIN_PURPOSE beside the choice; the operator's words, checked by the operator.
BASIS_PURPOSE_TEXT = env("BASIS_PURPOSE_TEXT", default="")

# Residents: how long what is known of them is believed ------------------------------------------

RESIDENT_CONTACT_VALID_DAYS = env.int("RESIDENT_CONTACT_VALID_DAYS", default=365)
RESIDENT_CERTIFICATION_NOTICE_DAYS = env.int("RESIDENT_CERTIFICATION_NOTICE_DAYS", default=60)
RESIDENT_CONSENT_NOTICE_DAYS = env.int("RESIDENT_CONSENT_NOTICE_DAYS", default=30)
RESIDENT_CHASE_WORKING_DAYS = env.int("RESIDENT_CHASE_WORKING_DAYS", default=5)
RESIDENT_REINSTATE_DAYS = env.int("RESIDENT_REINSTATE_DAYS", default=30)

# Residents: how long an inquiry waits for an answer, and how long what it shared stays in sight -

INQUIRY_OPEN_DAYS = env.int("INQUIRY_OPEN_DAYS", default=14)
INQUIRY_SHARE_DAYS = env.int("INQUIRY_SHARE_DAYS", default=90)

# Concerns: of how many dangers to life without a name a desk is told one by one within an hour --

CONCERN_DANGERS_AN_HOUR = env.int("CONCERN_DANGERS_AN_HOUR", default=5)

# The review of watch-over: from where on something shows there ----------------------------------

#: How far ahead a date may lie that silences somebody (`carenet/rest/limits.py`).
REFERRAL_HOLD_MOST_DAYS = env.int("REFERRAL_HOLD_MOST_DAYS", default=90)
#: From where on the review shows that something is put off for longer than usual.
REFERRAL_HOLD_LONG_DAYS = env.int("REFERRAL_HOLD_LONG_DAYS", default=30)
REFERRAL_ANSWER_MOST_DAYS = env.int("REFERRAL_ANSWER_MOST_DAYS", default=60)
CASE_NEXT_ACTION_MOST_DAYS = env.int("CASE_NEXT_ACTION_MOST_DAYS", default=180)
CASE_GOAL_MOST_DAYS = env.int("CASE_GOAL_MOST_DAYS", default=1100)
CASE_REVIEW_MOST_DAYS = env.int("CASE_REVIEW_MOST_DAYS", default=400)
RESIDENT_CONTACT_MOST_DAYS = env.int("RESIDENT_CONTACT_MOST_DAYS", default=1100)
RESIDENT_CERTIFICATION_MOST_DAYS = env.int("RESIDENT_CERTIFICATION_MOST_DAYS", default=1500)
RESIDENT_CONSENT_MOST_DAYS = env.int("RESIDENT_CONSENT_MOST_DAYS", default=3660)
AGENCY_CLOSED_MOST_DAYS = env.int("AGENCY_CLOSED_MOST_DAYS", default=366)
AGENCY_OPERATOR_MOST_DAYS = env.int("AGENCY_OPERATOR_MOST_DAYS", default=366)
AGENCY_ABSENCE_MOST_DAYS = env.int("AGENCY_ABSENCE_MOST_DAYS", default=1100)
WATCH_HANDOVER_MOST_DAYS = env.int("WATCH_HANDOVER_MOST_DAYS", default=1100)
WATCH_PAUSE_MOST_DAYS = env.int("WATCH_PAUSE_MOST_DAYS", default=180)
#: How far back what is told may lie, where nothing nearer limits it.
RECORDED_LATE_MOST_DAYS = env.int("RECORDED_LATE_MOST_DAYS", default=3660)
WATCH_ACKNOWLEDGED_MOST_HOURS = env.int("WATCH_ACKNOWLEDGED_MOST_HOURS", default=24)
WATCH_LONGEST_DAYS_AHEAD = env.int("WATCH_LONGEST_DAYS_AHEAD", default=100)
WATCH_REVIEW_MOST_WATCHES = env.int("WATCH_REVIEW_MOST_WATCHES", default=15)
WATCH_REVIEW_TERM_DAYS = env.int("WATCH_REVIEW_TERM_DAYS", default=60)
WATCH_REVIEW_PAUSE_DAYS = env.int("WATCH_REVIEW_PAUSE_DAYS", default=30)
WATCH_REVIEW_INDIRECT_IN_A_ROW = env.int("WATCH_REVIEW_INDIRECT_IN_A_ROW", default=3)
WATCH_REVIEW_SMALL_COUNT = env.int("WATCH_REVIEW_SMALL_COUNT", default=5)
WATCH_REVIEW_MOST_READ = env.int("WATCH_REVIEW_MOST_READ", default=20000)

# Language and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "carenet" / "locale"]
TIME_ZONE = "Asia/Tokyo"
CELERY_TIMEZONE = TIME_ZONE
USE_TZ = True
# How often a process compares its clock with the database's; 0: it goes by its own.
# See carenet/core/clock.py.
CLOCK_COMPARE_SECONDS = env.float("CLOCK_COMPARE_SECONDS", default=10.0)

# Which id that is, `carenet.rest.headers` says.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
LOGGING = configure(env("LOG_LEVEL", default="INFO"))
