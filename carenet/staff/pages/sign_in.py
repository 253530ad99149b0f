"""Signing in and out, the second factor, and for which agency one acts.

allauth keeps the rules (attempts, stages, codes); these pages give it our look and keep it private.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from carenet.agencies import selectors
from carenet.agencies.api.me import act_for
from carenet.agencies.models import User
from carenet.errors import Forbidden, NotFound
from carenet.staff.middleware import begin
from carenet.staff.pages.base import private, refuse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class Private:
    """Kept out of every cache; its session counts as used; what is not there is said on a page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except Http404:
            response = refuse(request, NotFound())
        if request.user.is_authenticated:
            begin(request)
        return private(response)

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """Leave out what stands in a field before anything is typed: the label says it already."""
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        for field in form.fields.values():
            field.widget.attrs.pop("placeholder", None)
        return form


class SignInView(Private, account.LoginView):
    template_name = "staff/sign_in/sign_in.html"


class CodeView(Private, mfa.AuthenticateView):
    template_name = "staff/sign_in/code.html"


class AgainView(Private, account.ReauthenticateView):
    template_name = "staff/sign_in/again.html"


class AgainByCodeView(Private, mfa.ReauthenticateView):
    template_name = "staff/sign_in/again.html"


class PasswordView(Private, LoginRequiredMixin, account.PasswordChangeView):
    template_name = "staff/sign_in/password.html"
    success_url = reverse_lazy("mfa_index")


class ActivateView(Private, LoginRequiredMixin, totp.ActivateTOTPView):
    template_name = "staff/sign_in/activate.html"


class DeactivateView(Private, LoginRequiredMixin, totp.DeactivateTOTPView):
    template_name = "staff/sign_in/deactivate.html"


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class RecoveryCodesView(Private, LoginRequiredMixin, recovery.ViewRecoveryCodesView):
    template_name = "staff/sign_in/recovery.html"


class NewRecoveryCodesView(Private, LoginRequiredMixin, recovery.GenerateRecoveryCodesView):
    template_name = "staff/sign_in/new_recovery.html"


class SignOutView(Private, View):
    """POST alone signs out: a link that somebody sends must not."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        logout(request)
        return redirect("account_login")


class AccountView(Private, LoginRequiredMixin, TemplateView):
    template_name = "staff/sign_in/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        factor = isinstance(user, User) and is_mfa_enabled(user)
        return super().get_context_data(second_factor=factor, **kwargs)


class AgencyView(Private, LoginRequiredMixin, View):
    """For which of one's agencies one acts in this session."""

    http_method_names = ["get", "post", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.choice(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        try:
            wanted = UUID(request.POST.get("agency", ""))
        except ValueError:
            wrong = HTTPStatus.UNPROCESSABLE_ENTITY
            return self.choice(request, _("Choose an agency."), status=wrong)
        try:
            act_for(request, user, wanted)
        except Forbidden as error:
            return refuse(request, error)
        return redirect("staff-today")

    def choice(self, request: HttpRequest, message: str = "", status: int = 200) -> HttpResponse:
        """Show the agencies to choose from."""
        user: Any = request.user
        context = {"memberships": list(selectors.memberships_of(user)), "message": message}
        return render(request, "staff/sign_in/agency.html", context, status=status)
