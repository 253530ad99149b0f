"""Partners' systems: one administrator proposes, another confirms, the first sees the secret once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carenet.accounts.actions.clients import end_client
from carenet.administration import selectors
from carenet.administration.actions.clients import (
    collect_secret,
    confirm_client,
    propose_client,
    propose_new_secret,
    withdraw_client,
)
from carenet.administration.models import ClientRequest
from carenet.agencies.models import Agency
from carenet.agencies.roles import Scope
from carenet.staff.pages.administration.base import AdministrationForm, AdministrationView
from carenet.staff.pages.versions import seen_version


class ClientForm(forms.Form):
    """Which system, of which agency, and what it may do."""

    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.filter(active=True).order_by("name")
    )
    name = forms.CharField(label=_("Name of the system"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )


class ClientsView(AdministrationForm):
    """The systems that are let in, what waits, and one more."""

    tab = "administration-clients"
    form_class = ClientForm
    template = "staff/administration/clients.html"

    def context(self) -> dict[str, Any]:
        found = list(selectors.clients()[: selectors.SHOWN + 1])
        return {
            "clients": found[: selectors.SHOWN],
            "more": len(found) > selectors.SHOWN,
            "requests": list(selectors.open_requests()[: selectors.SHOWN]),
            "own": self.administrator.user.pk,
        }

    def act(self, form: forms.Form) -> str:
        propose_client(administrator=self.administrator, **form.cleaned_data)
        return reverse("administration-clients") + "?done=proposed"


class OfRequest(AdministrationView):
    """Base of the decisions on a request."""

    tab = "administration-clients"
    act: ClassVar[Callable[..., ClientRequest]]
    done: ClassVar[str]

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        found = get_object_or_404(ClientRequest, pk=id)
        version = seen_version(request, str(_("Open the list again, and decide from there.")))
        type(self).act(administrator=self.administrator, request=found, version=version)
        return self.go("administration-clients", done=self.done)


class ConfirmView(OfRequest):
    """Confirm what another administrator has proposed."""

    act = confirm_client
    done = "confirmed"


class WithdrawView(OfRequest):
    """Take it back, or refuse it."""

    act = withdraw_client
    done = "withdrawn"


class SecretView(AdministrationView):
    """Let the system in and show its secret, this once."""

    tab = "administration-clients"

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        found = get_object_or_404(ClientRequest, pk=id)
        client, secret = collect_secret(administrator=self.administrator, request=found)
        shown = {"client": client, "secret": secret}
        return self.show("staff/administration/secret.html", shown)


class OfClient(AdministrationView):
    """Base of what is about one system that is let in."""

    tab = "administration-clients"
    act: ClassVar[Callable[..., Any]]
    done: ClassVar[str]
    keeper: ClassVar[str] = "administrator"

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        client = get_object_or_404(selectors.clients(), client_id=id)
        type(self).act(client=client, **{self.keeper: self.administrator})
        return self.go("administration-clients", done=self.done)


class NewSecretView(OfClient):
    """Propose a new secret."""

    act = propose_new_secret
    done = "proposed"


class EndClientView(OfClient):
    """Shut a system out at once."""

    act = end_client
    done = "shut"
    keeper = "actor"
