"""Who signs in and how: people with a browser, partners' systems with a token."""

from __future__ import annotations

from datetime import timedelta

from config.settings.environment import env

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
    {"NAME": "carenet.accounts.actions.passwords.GuessableValidator"},
]
# Tries are counted in the database (carenet/accounts/actions/sign_in.py): with Redis away, too.
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
ACCOUNT_ADAPTER = "carenet.accounts.api.sign_in.AccountAdapter"
HEADLESS_CLIENTS = ("browser",)
MFA_ADAPTER = "carenet.accounts.api.second_factor.SecondFactor"
MFA_FORMS = {
    "authenticate": "carenet.accounts.api.second_factor.CodeForm",
    "reauthenticate": "carenet.accounts.api.second_factor.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "carenet"
# A telephone's clock may be half a minute off (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff-home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Whoever opens a page needs an authenticator besides the password.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=True)
# After so long without use, whoever sits down at the desk is not the one who signed in.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
SESSION_ENGINE = "carenet.accounts.backends"
# After so long whoever has signed in does so anew, used or not.
SESSION_HOURS = env.int("SESSION_HOURS", default=12)
SESSION_COOKIE_AGE = int(timedelta(hours=SESSION_HOURS).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "carenet.staff.pages.error_pages.csrf_failure"
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
ANONYMOUS_USER_NAME = None
# guardian's own backend counts every group of a user and knows no end of a share: ours stands in.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# Partner systems: OAuth 2.0 client credentials, with RFC 9700 throughout.
OAUTH2_PROVIDER_APPLICATION_MODEL = "agencies.ApiClient"
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "carenet.accounts.api.scopes.AgencyScopes",
    "OAUTH2_VALIDATOR_CLASS": "carenet.accounts.api.scopes.ClientCredentialsOnly",
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
