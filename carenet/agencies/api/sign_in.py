"""Sign-in of people through allauth's headless API: accounts are given, never taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.shortcuts import redirect

from carenet.audit.actions import Who, current_trail, denied, record

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.http import HttpRequest, HttpResponse

    from carenet.agencies.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs themselves up; every sign-in and every failed one is in the trail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        current_trail().who = Who("user", str(user.pk))
        record(current_trail().who, "account.sign_in", "user", user.pk)

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        record(Who("user", str(user.pk)), "account.set_password", "user", user.pk)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        denied("account_disabled", user=str(user.pk))
        # allauth's own answer leads to a page that we do not have; here one may sign in as another.
        return redirect("account_login")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # The name that was typed may be a password by mistake: it is not kept.
        denied("sign_in_failed")
        super().authentication_failed(request, **credentials)
