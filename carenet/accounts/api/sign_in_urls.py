"""Of allauth's headless API only what an account that was given needs: no sign-up, no e-mail."""

from allauth.headless.account import views as account
from allauth.headless.base import views as base
from allauth.headless.constants import Client
from django.urls import path

from carenet.accounts.api.second_factor import CodeView

BROWSER = {"client": Client.BROWSER}

urlpatterns = [
    path("config", base.ConfigView.as_api_view(**BROWSER), name="sign-in-config"),
    path("auth/login", account.LoginView.as_api_view(**BROWSER), name="sign-in"),
    path(
        "auth/2fa/authenticate",
        CodeView.as_api_view(**BROWSER),
        name="sign-in-second-factor",
    ),
    path("auth/session", account.SessionView.as_api_view(**BROWSER), name="session"),
    path(
        "auth/reauthenticate",
        account.ReauthenticateView.as_api_view(**BROWSER),
        name="reauthenticate",
    ),
    path(
        "account/password/change",
        account.ChangePasswordView.as_api_view(**BROWSER),
        name="password-change",
    ),
]
