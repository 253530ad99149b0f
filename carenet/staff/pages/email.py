"""Where one's mails go: a new address counts once the code that went there is typed here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.forms import CharField, EmailField, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from carenet.accounts.actions.email import ask_for_email, count_proof, prove_email, waiting_email
from carenet.audit.actions import Who, current_context
from carenet.core.errors import CarenetError
from carenet.staff.pages.base import blame
from carenet.staff.pages.sign_in import Private


class AddressForm(Form):
    """The new address."""

    email = EmailField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("A code goes there. Leave it empty to get no mails."),
    )


class ProofForm(Form):
    """The code that went to the new address."""

    code = CharField(label=pgettext_lazy("e-mail", "Code from the mail"), max_length=40)


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class EmailView(Private, LoginRequiredMixin, View):
    """The two steps; whoever comes here says once more who they are."""

    http_method_names = ["get", "post", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown(AddressForm(), ProofForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        who = current_context().who = Who("user", str(user.pk))
        proves = "code" in request.POST
        address = AddressForm(None if proves else request.POST)
        proof = ProofForm(request.POST if proves else None)
        form: Form = proof if proves else address
        if form.is_valid():
            try:
                if proves:
                    count_proof(user)
                with transaction.atomic():
                    if proves:
                        prove_email(who=who, user=user, code=form.cleaned_data["code"])
                    else:
                        ask_for_email(who=who, user=user, address=form.cleaned_data["email"])
            except CarenetError as error:
                blame(form, error)
            else:
                return redirect("staff-email")
        return self.shown(address, proof, HTTPStatus.UNPROCESSABLE_ENTITY)

    def shown(self, address: Form, proof: Form, status: int = 200) -> HttpResponse:
        user: Any = self.request.user
        user.refresh_from_db(fields=["email"])
        context = {"address": address, "proof": proof, "waiting": waiting_email(user)}
        return render(self.request, "staff/sign_in/email.html", context, status=status)
