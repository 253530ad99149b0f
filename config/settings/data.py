"""The database and the cache."""

from __future__ import annotations

from redis.backoff import NoBackoff
from redis.retry import Retry

from config.settings.environment import env

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
            "prepared": env.int("DATABASE_PREPARED_STATEMENTS", default=40),
        },
        # Whether values are sent apart from the text of a statement (docs/adr/0032).
        "server_side_binding": env.bool("DATABASE_BIND_ON_SERVER", default=False),
        # Who acts until a unit of work says so: the service itself (docs/adr/0041). What is prepared is
        # planned once, and not for each actor (docs/adr/0048).
        "options": f"-c statement_timeout={env.int('DATABASE_STATEMENT_SECONDS', default=30)}s"
        " -c carenet.acting=system:: -c plan_cache_mode=force_generic_plan",
        "keepalives_idle": _SOON,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": _SOON * 1000,
    },
}
DATABASE_APP_ROLE = env("DATABASE_APP_ROLE", default=DATABASES["default"]["USER"])
# A request that takes so many seconds names its statements in the log; 0: none does.
SLOW_REQUEST_SECONDS = env.float("SLOW_REQUEST_SECONDS", default=1.0)
REDIS_URL = env("REDIS_URL")
# The cache holds throttles: while Redis is away, work goes on without them.
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
