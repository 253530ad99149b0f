"""An installation that people rely on: HTTPS only, nothing optional."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import (
    CSRF_TRUSTED_ORIGINS,
    NUM_PROXIES,
    SECRET_KEY,
    SECRET_KEY_FALLBACKS,
)
from config.settings.environment import env
from config.settings.refusals import refusals

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
if refused := refusals(
    secret_keys=[SECRET_KEY, *SECRET_KEY_FALLBACKS],
    allowed_hosts=ALLOWED_HOSTS,
    origins=CSRF_TRUSTED_ORIGINS,
    proxies=NUM_PROXIES,
):
    raise ImproperlyConfigured("\n".join(refused))
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
# A browser takes such a cookie from this host alone, over HTTPS alone (RFC 6265bis, 4.1.3.2).
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language"
