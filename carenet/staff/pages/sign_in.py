"""Signing in and out, the second factor, and for which agency one acts.

allauth keeps the rules (attempts, stages, codes); these pages give it our look.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import CharField, Form, PasswordInput
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView, View

from carenet.accounts.actions.sign_in import note_code, reset_password, use_code
from carenet.accounts.models import CodePurpose
from carenet.accounts.selectors import has_second_factor
from carenet.agencies import selectors
from carenet.agencies.actions.acting_agency import act_for
from carenet.agencies.models import AgencyKind, User
from carenet.agencies.roles import ABILITIES, Role
from carenet.agencies.selectors.principals import SESSION_AGENCY
from carenet.core.errors import Forbidden, Invalid, NotFound, TooManyTries
from carenet.staff.middleware import begin, seconds_left
from carenet.staff.pages.base import Elsewhere, complete_sign_in, refuse


class Private:
    """The session counts as used; what is not there is said on a page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except Http404:
            response = refuse(request, NotFound())
        if request.user.is_authenticated:
            begin(request)
        return response

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """Leave out what stands in a field before anything is typed: the label says it already."""
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        for field in form.fields.values():
            field.widget.attrs.pop("placeholder", None)
        return form


class SignInView(Private, account.LoginView):
    """The first page: whose service it is, whom to call, and the way in."""

    template_name = "staff/sign_in/sign_in.html"

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """Call the field by the word that stands everywhere."""
        form = super().get_form(*args, **kwargs)
        form.fields["login"].label = _("User ID")
        return form


class CodeView(Private, mfa.AuthenticateView):
    template_name = "staff/sign_in/code.html"


class AgainView(Private, account.ReauthenticateView):
    template_name = "staff/sign_in/again.html"


class AgainByCodeView(Private, mfa.ReauthenticateView):
    template_name = "staff/sign_in/again.html"


class PasswordView(Private, LoginRequiredMixin, account.PasswordChangeView):
    template_name = "staff/sign_in/password.html"
    success_url = reverse_lazy("mfa_index")


class ForgottenForm(Form):
    """A new password, for the code that a manager or the operator has handed out."""

    username = CharField(label=_l("User ID"), max_length=150)
    code = CharField(label=pgettext_lazy("sign-in", "Code that you were given"))
    password = CharField(
        label=_l("New password"),
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    password_again = CharField(
        label=_l("New password, once more"),
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("password_again"):
            self.add_error("password_again", _("These are two different passwords."))
        return cleaned

    def change(self) -> None:
        """Use the code up and set the password; what is refused stands beside its field.

        An unknown name gets the same words as a wrong code, and its tries are counted, too.
        """
        typed = self.cleaned_data
        try:
            reset_password(
                username=typed["username"], code=typed["code"], password=typed["password"]
            )
        except Invalid as error:
            for name, message in error.fields.items():
                self.add_error(name, str(message))
        except TooManyTries as error:
            self.add_error(None, str(error.detail))


class ForgottenView(Private, View):
    """Whoever has forgotten their password sets a new one with a code that was handed to them."""

    http_method_names = ["get", "post", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(ForgottenForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ForgottenForm(request.POST)
        if form.is_valid():
            form.change()
        return self.shown(form) if form.errors else redirect("account_login")

    def shown(self, form: ForgottenForm) -> HttpResponse:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(self.request, "staff/sign_in/forgotten.html", {"form": form}, status=status)


class ActivateForm(ActivateTOTPForm):
    """Whoever has shown no second factor yet types the code that was handed to them, too."""

    invitation = CharField(
        label=pgettext_lazy("sign-in", "Code that you were given"),
        help_text=_l("Your manager, or the operator of the service, hands it out. It works once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["invitation", "code"])
        if not settings.STAFF_SECOND_FACTOR or has_second_factor(context.request, self.user):
            del self.fields["invitation"]

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        if "invitation" in self.cleaned_data and not self.errors:
            self._use_invitation(self.cleaned_data["invitation"])
        return cleaned

    def _use_invitation(self, code: str) -> None:
        try:
            use_code(user=self.user, purpose=CodePurpose.SECOND_FACTOR, code=code)
        except Invalid as error:
            self.add_error("invitation", str(error.fields["code"]))
        except TooManyTries as error:
            self.add_error("invitation", str(error.detail))


class ActivateView(Private, LoginRequiredMixin, totp.ActivateTOTPView):
    """Whoever sets an authenticator up has shown it in this session, and its code is used up."""

    template_name = "staff/sign_in/activate.html"
    form_class = ActivateForm

    def get_form_class(self) -> type[ActivateForm]:
        return ActivateForm

    def form_valid(self, form: ActivateForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_code(user=form.user, code=form.cleaned_data["code"])
        record_authentication(self.request, form.user, "mfa", type=Authenticator.Type.TOTP.value)
        return response


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
        roles = selectors.memberships_of(user) if isinstance(user, User) else []
        closes = any(each.role_set & ABILITIES["agencies.close"].roles for each in roles)
        divides = any(
            each.agency.kind == AgencyKind.WARD_OFFICE and Role.MANAGER in each.role_set
            for each in roles
        )
        return super().get_context_data(
            second_factor=factor, closes=closes, divides=divides, **kwargs
        )


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
        return redirect("staff-home")

    def choice(self, request: HttpRequest, message: str = "", status: int = 200) -> HttpResponse:
        """Show the agencies to choose from."""
        user: Any = request.user
        context = {"memberships": list(selectors.memberships_of(user)), "message": message}
        return render(request, "staff/sign_in/agency.html", context, status=status)


class SessionView(View):
    """What a page that is open asks for by itself: who is signed in, for how long, and a token."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> JsonResponse:
        whose, asked = "", ""
        if isinstance(request.user, User):
            try:
                complete_sign_in(request, request.user)
                whose = str(request.user.pk)
            except Elsewhere as there:
                asked = there.address
        return JsonResponse(
            {
                "user": whose,
                "agency": request.session.get(SESSION_AGENCY, ""),
                "left": seconds_left(request),
                "csrf": get_token(request),
                "next": asked,
            }
        )
