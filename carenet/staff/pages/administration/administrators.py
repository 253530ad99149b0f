"""Who administers the service: appointed by one, accepted by themselves, ended by another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from carenet.administration import selectors
from carenet.administration.actions.appointments import (
    accept_appointment,
    appoint,
    end_appointment,
)
from carenet.administration.actions.people import enter_person
from carenet.administration.models import AdministratorAppointment
from carenet.agencies.models import User
from carenet.core.errors import CarenetError
from carenet.staff.pages.administration.base import AdministrationForm, AdministrationView
from carenet.staff.pages.base import Elsewhere, complete_sign_in, refuse
from carenet.staff.pages.sign_in import Private
from carenet.staff.pages.versions import seen_version


class AppointmentForm(forms.Form):
    """Who is to be appointed."""

    username = forms.CharField(
        label=_("User ID"),
        max_length=150,
        help_text=_("Nobody who works for an agency. An administrator sees no records of people."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        help_text=_("For a new account. Leave it empty for somebody who has an account already."),
    )


class AdministratorsView(AdministrationForm):
    """All administrators, and one more."""

    tab = "administration-administrators"
    form_class = AppointmentForm
    template = "staff/administration/administrators.html"

    #: The account that was made on the way, and the code for it.
    code: tuple[User, str] | None = None

    def context(self) -> dict[str, Any]:
        found = list(selectors.appointments()[: selectors.SHOWN])
        return {"appointments": found, "own": self.administrator.user.pk}

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        answer = super().post(request, **ids)
        return self.show("staff/administration/code.html", self.coded()) if self.code else answer

    def coded(self) -> dict[str, Any]:
        """Return what the page with the code shows."""
        user, code = self.code or (None, "")
        return {"person": user, "code": code, "days": settings.SIGN_IN_CODE_DAYS}

    def act(self, form: forms.Form) -> str:
        username, name = form.cleaned_data["username"], form.cleaned_data["name"]
        code = None
        if name:
            code = enter_person(
                administrator=self.administrator, agency=None, username=username, name=name
            )
        appoint(administrator=self.administrator, username=username)
        self.code = code
        return reverse("administration-administrators") + "?done=appointed"


class EndView(AdministrationView):
    """End an appointment."""

    tab = "administration-administrators"

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        found = get_object_or_404(AdministratorAppointment, pk=id)
        version = seen_version(request, str(_("Open the list again, and decide from there.")))
        end_appointment(administrator=self.administrator, appointment=found, version=version)
        return self.go("administration-administrators", done="ended")


class AcceptView(Private, LoginRequiredMixin, View):
    """What the appointed see: what it means, and the button to accept it."""

    http_method_names = ["get", "post", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if isinstance(request.user, User):
            try:
                complete_sign_in(request, request.user)
            except Elsewhere as there:
                return redirect(there.address)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        context = {"appointment": selectors.own_appointment(user)}
        return render(request, "staff/administration/accept.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        try:
            with transaction.atomic():
                accept_appointment(user=user)
        except CarenetError as error:
            return refuse(request, error)
        return redirect("administration")
