"""Invitations: a manager sends and withdraws them, whoever is invited accepts or declines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from carenet.agencies import actions, selectors
from carenet.agencies.models import Invitation, InvitationAnswer, User
from carenet.agencies.roles import HUMAN_ROLES, Role
from carenet.agencies.selectors.principals import SESSION_AGENCY
from carenet.audit.actions import log_read
from carenet.core.errors import CarenetError
from carenet.staff.pages.base import Elsewhere, FormPage, StaffView, complete_sign_in, refuse
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.sign_in import Private

#: What a manager may offer; an auditor the operator proposes.
OFFERED = [(role.value, role.label) for role in Role if role in HUMAN_ROLES - {Role.AUDITOR}]
#: So many invitations a page shows, the last ones.
SHOWN = 100


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    username = forms.CharField(
        label=gettext_lazy("User ID"),
        max_length=150,
        help_text=gettext_lazy(
            "The name under which the person signs in. Whether anybody has it is not told here."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=OFFERED, widget=forms.CheckboxSelectMultiple
    )


class InvitationsView(FormPage):
    """Whom the agency has invited, and one more."""

    abilities = {"get": "agencies.manage_members", "post": "agencies.manage_members"}
    form_class = InvitationForm
    template = "staff/invitations/agency.html"

    def context(self) -> dict[str, Any]:
        sent = selectors.invitations(self.actor).order_by("-id")[:SHOWN]
        return {
            "invitations": list(sent),
            "done": "done" in self.request.GET,
            "crumbs": [(reverse("staff-members"), _("Members"))],
        }

    def act(self, form: forms.Form) -> str:
        given = form.cleaned_data
        actions.invite(actor=self.actor, agency=self.actor.agency, **given)
        return reverse("staff-invitations") + "?done"


class SentInvitation(StaffView):
    """Base of what a manager does with one invitation."""

    abilities = {"post": "agencies.manage_members"}
    act: ClassVar[Callable[..., Invitation]]

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        invitation = get_object_or_404(selectors.invitations(self.actor), pk=id)
        type(self).act(actor=self.actor, invitation=invitation)
        return redirect_to(request, reverse("staff-invitations") + "?done")


class WithdrawView(SentInvitation):
    """Take an invitation back."""

    act = actions.withdraw_invitation


class AgreeView(SentInvitation):
    """Agree to the auditor whom the operator proposes."""

    act = actions.agree_to_auditor


class OwnInvitations(Private, LoginRequiredMixin, View):
    """Base of what the invited see: no agency is needed for it, but a complete sign-in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if isinstance(request.user, User):
            try:
                complete_sign_in(request, request.user)
            except Elsewhere as there:
                return redirect(there.address)
        return super().dispatch(request, *args, **kwargs)


class OwnInvitationsView(OwnInvitations):
    """Who invites, to which agency, in which roles."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        invitations = list(selectors.invitations_for(user))
        for each in invitations:
            if each.invited_by_id:
                log_read("user", each.invited_by_id)
        context = {"invitations": invitations, "answered": request.GET.get("answered", "")}
        return render(request, "staff/invitations/own.html", context)


class AnswerView(OwnInvitations):
    """Base of the two answers."""

    http_method_names = ["post"]
    act: ClassVar[Callable[..., Invitation]]

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        user: Any = request.user
        invitation = get_object_or_404(selectors.invitations_for(user), pk=id)
        try:
            with transaction.atomic():
                answered = type(self).act(user=user, invitation=invitation)
        except CarenetError as error:
            return refuse(request, error)
        if answered.answer == InvitationAnswer.ACCEPTED and SESSION_AGENCY not in request.session:
            return redirect("staff-home")
        return redirect(f"{reverse('staff-own-invitations')}?answered={answered.answer}")


class AcceptView(AnswerView):
    """Become a member."""

    act = actions.accept_invitation


class DeclineView(AnswerView):
    """Refuse it."""

    act = actions.decline_invitation
