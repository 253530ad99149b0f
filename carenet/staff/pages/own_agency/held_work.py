"""What a member has in hand goes to colleagues, and their membership ends: with all of it seen first."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies import policy, selectors
from carenet.agencies.actions import end_membership, hand_on_work
from carenet.agencies.models import Membership, User
from carenet.agencies.registry import HeldKind
from carenet.agencies.selectors.held_work import Held, held_by
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.own_agency.members import OfMember

#: The part of a field's name before the kind.
TO_WHOM = "to_"


class HandOnForm(forms.Form):
    """Why; a field for each kind that a colleague can take over is added."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Is said to whoever takes it over."),
    )


class HandOnView(FormPage, OfMember):
    """Hand on what a member has, of each kind to a colleague; the member stays."""

    abilities = {"get": "agencies.manage_members", "post": "agencies.manage_members"}
    template = "staff/own_agency/hand_on.html"
    form_class = HandOnForm
    #: What stands in the field of the reason before anything is typed.
    usual_reason: Any = ""

    @cached_property
    def held(self) -> list[Held]:
        """What the member has in hand."""
        return held_by(self.membership)

    @cached_property
    def others(self) -> list[Membership]:
        """The other members, by name."""
        found = selectors.members(self.actor).exclude(pk=self.membership.pk)
        now = clock.now()
        ordered = found.order_by("user__name_kana", "user__name", "id")
        return [each for each in ordered if each.user.is_active and each.since <= now]

    def takers(self, kind: HeldKind) -> dict[str, User]:
        """Return who could take over this kind, by id."""
        return {str(each.user_id): each.user for each in self.others if each.role_set & kind.roles}

    def form(self, data: Any = None) -> forms.Form:
        form = HandOnForm(data, initial={"reason": str(self.usual_reason)})
        for each in self.held:
            kind = each.kind
            if kind.pass_on is None:
                continue
            names = [(key, user.name) for key, user in self.takers(kind).items()]
            label = _("%(what)s (%(number)s)") % {"what": kind.label, "number": each.count}
            form.fields[TO_WHOM + kind.name] = forms.ChoiceField(
                label=capfirst(label),
                required=False,
                choices=[("", _("Nobody is named")), *names],
                help_text=_("Without anybody: %(otherwise)s.") % {"otherwise": kind.otherwise},
            )
        form.order_fields([name for name in form.fields if name != "reason"])
        return form

    def context(self) -> dict[str, Any]:
        kept = [each for each in self.held if each.kind.pass_on is None]
        return {**self.about(), "held": self.held, "others": kept}

    def act(self, form: forms.Form) -> str:
        if not self.successors(form):
            raise Invalid({"": _("Choose who takes over at least one of these.")})
        self.hand_on(form)
        return f"{self.here}?done=handed-on"

    def successors(self, form: forms.Form) -> dict[str, User]:
        """Return whom the form names, by kind."""
        kinds = {TO_WHOM + each.kind.name: each.kind for each in self.held}
        return {
            kind.name: self.takers(kind)[key]
            for field, kind in kinds.items()
            if (key := form.cleaned_data.get(field))
        }

    def hand_on(self, form: forms.Form) -> None:
        """Hand on what the form names."""
        if successors := self.successors(form):
            hand_on_work(
                actor=self.actor,
                membership=self.membership,
                successors=successors,
                reason=form.cleaned_data["reason"],
            )


class EndView(HandOnView):
    """End a membership; what is handed on in the same form goes first, the rest falls where it says."""

    template = "staff/own_agency/end.html"
    usual_reason = gettext_lazy("Leaves the agency")

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_end_membership(self.actor, self.membership))
        return super().get(request, **ids)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "own": self.membership.user_id == self.actor.user_id}

    def act(self, form: forms.Form) -> str:
        version, own = self.version, self.membership.user_id == self.actor.user_id
        self.hand_on(form)
        end_membership(actor=self.actor, membership=self.membership, version=version)
        return reverse("mfa_index") if own else reverse("staff-members") + "?ended"
