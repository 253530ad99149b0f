"""Sign-in of people through allauth's headless API: accounts are given, never taken."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from carenet.accounts.actions.sign_in import count_try, count_try_of_caller, forget_tries
from carenet.accounts.models import SignInTry
from carenet.accounts.models.session import BEGUN, DEVICE, LAST_USED, device_name, now_in_seconds
from carenet.agencies.models import User
from carenet.audit.actions import Who, acting_as, current_context, log_denial, log_write
from carenet.core.errors import TooManyTries

#: A cookie by which a device is known on which somebody has signed in before.
DEVICE_COOKIE = "carenet_known_device"
_DEVICE_AGE = timedelta(days=400)
_DEVICE_SALT = "carenet.known-device"


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs themselves up; every sign-in and every failed one is in the trail.

    Wrong passwords are counted in the database, by account and by address. A device on which the
    account has signed in before is counted by itself: strangers keep nobody out there.
    """

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The user ID or the password is not right."),
    }
    try_of_address: SignInTry

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        username = str(credentials.get("username", ""))
        try:
            self.try_of_address = count_try_of_caller(
                "address", most=settings.SIGN_IN_TRIES_OF_ADDRESS
            )
            count_try(
                "password", _whose(request, username), most=settings.SIGN_IN_TRIES, alone=True
            )
        except TooManyTries:
            _deny("throttled", username)
            raise self.validation_error("too_many_login_attempts") from None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            self.try_of_address.delete()
            forget_tries("password", _whose(request, str(credentials.get("username", ""))))
        return user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not _is_known(request, user.username):
            device = signing.dumps([_folded(user.username), token_urlsafe(16)], salt=_DEVICE_SALT)
            response.set_cookie(
                DEVICE_COOKIE,
                device,
                max_age=_DEVICE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        # A session in which one signs in once more is begun anew: who one is has been proved.
        request.session[BEGUN] = request.session[LAST_USED] = now_in_seconds()
        request.session[DEVICE] = device_name(request.headers.get("User-Agent", ""))
        current_context().who = Who("user", str(user.pk))
        log_write(current_context().who, "account.sign_in", "user", user.pk)

    def set_password(self, user: User, password: str) -> None:
        user.password_is_first = False
        super().set_password(user, password)
        who = Who("user", str(user.pk))
        with acting_as(who):
            log_write(who, "account.set_password", "user", user.pk)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        log_denial("account_disabled", user=str(user.pk))
        # allauth's own answer leads to a page that we do not have; here one may sign in as another.
        return redirect("account_login")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        _deny("sign_in_failed", str(credentials.get("username", "")))
        super().authentication_failed(request, **credentials)


def _deny(code: str, username: str) -> None:
    """Note in the trail whose account was tried, found as allauth finds it, disabled or not.

    What was typed may be a password by mistake and is not stored; outside nobody is told.
    """
    tried = User.objects.filter(username__iexact=User.normalize_username(username)).order_by("id")
    pk = tried.values_list("pk", flat=True).first()
    if pk is None:
        log_denial(code)
    else:
        log_denial(code, pk, kind="user", user=str(pk))


def _whose(request: HttpRequest, username: str) -> str:
    """Return what tries of a password are counted under: the account, on a known device its own."""
    known = request.COOKIES.get(DEVICE_COOKIE, "") if _is_known(request, username) else ""
    return f"{_folded(username)}:{known}"


def _folded(username: str) -> str:
    """Return a user name as allauth looks it up: without regard to case."""
    return str(User.normalize_username(username)).casefold()


def _is_known(request: HttpRequest, username: str) -> bool:
    kept = request.COOKIES.get(DEVICE_COOKIE, "")
    try:
        whose, _device = signing.loads(kept, salt=_DEVICE_SALT, max_age=_DEVICE_AGE)
    except (signing.BadSignature, ValueError):
        return False
    return bool(whose == _folded(username))
