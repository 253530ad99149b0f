"""The second factor: the forms in which its code is typed, and how its secrets are sealed."""

from __future__ import annotations

from allauth.account.adapter import get_adapter as account_adapter
from allauth.headless.internal.restkit import inputs
from allauth.headless.mfa import views as headless
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator

from carenet.accounts.actions.sign_in import accept_code
from carenet.accounts.models.sign_in import SECOND_FACTOR_SEAL
from carenet.agencies.models import User
from carenet.audit.actions import log_denial
from carenet.core.errors import TooManyTries
from carenet.rest.encryption import seal, unseal


class _AcceptedOnce:
    """A code is taken once, and tries are counted in the database (`accept_code`)."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]  # type: ignore[attr-defined]
        try:
            found = accept_code(user=self.user, code=code)
        except TooManyTries:
            log_denial("throttled", user=str(self.user.pk))
            raise account_adapter().validation_error("too_many_login_attempts") from None
        if found is None:
            log_denial("sign_in_failed", user=str(self.user.pk))
            raise get_adapter().validation_error("incorrect_code")
        found.user = self.user
        self.authenticator = found
        return code


class CodeForm(_AcceptedOnce, AuthenticateForm):
    """The second step of a sign-in."""


class CodeAgainForm(_AcceptedOnce, ReauthenticateForm):
    """Saying once more who one is."""


class CodeInput(CodeForm, inputs.Input):
    """The second step over the API."""


class CodeView(headless.AuthenticateView):
    """allauth's own view with our form."""

    input_class = CodeInput


class SecondFactor(DefaultMFAAdapter):
    """Secrets of authenticators and seeds of recovery codes, sealed: the table alone opens nothing."""

    def encrypt(self, text: str) -> str:
        return seal(SECOND_FACTOR_SEAL, text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(SECOND_FACTOR_SEAL, encrypted_text)
