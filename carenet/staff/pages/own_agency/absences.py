"""When a member is away, and who stands in: said by a manager."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from carenet.agencies import selectors
from carenet.agencies.actions import end_absence, record_absence
from carenet.agencies.models import User
from carenet.agencies.roles import HUMAN_ROLES
from carenet.agencies.selectors import members_in_roles
from carenet.core import clock
from carenet.core.models import get_visible
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.own_agency.members import OfMember
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.times import Direction


class AbsenceForm(forms.Form):
    """From which day to which, and who stands in; no reason is asked for."""

    since = TypedDay(
        label=gettext_lazy("First day away"),
        help_text=gettext_lazy("From now on if it is empty."),
        direction=Direction.AHEAD,
        required=False,
    )
    until = TypedDay(
        label=gettext_lazy("Last day away"),
        help_text=gettext_lazy("Until somebody says that they are back if it is empty."),
        direction=Direction.AHEAD,
        required=False,
    )
    deputy: Any = forms.ModelChoiceField(
        label=gettext_lazy("Who stands in"),
        help_text=gettext_lazy("Is told instead, as far as they may see what it is about."),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Nobody"),
        required=False,
    )


class AbsenceView(FormPage, OfMember):
    """Say when a member is away."""

    abilities = {"get": "agencies.manage_members", "post": "agencies.manage_members"}
    template = "staff/own_agency/absence.html"
    form_class = AbsenceForm

    def form(self, data: Any = None) -> forms.Form:
        form = AbsenceForm(data)
        field: Any = form.fields["deputy"]
        people = members_in_roles(self.actor.agency, HUMAN_ROLES)
        others = people.exclude(pk=self.membership.user_id)
        field.queryset = others.order_by("name_kana", "name", "pk")
        field.label_from_instance = lambda each: each.name
        return form

    def context(self) -> dict[str, Any]:
        return self.about()

    def act(self, form: forms.Form) -> str:
        given = form.cleaned_data
        since, until = given["since"], given["until"]
        record_absence(
            actor=self.actor,
            membership=self.membership,
            since=clock.midnight(since) if since and since != clock.today() else None,
            until=clock.midnight(until + timedelta(days=1)) if until else None,
            deputy=given["deputy"],
        )
        return f"{self.here}?done=absence"


class EndAbsenceView(OfMember):
    """The member is back, or stays."""

    abilities = {"post": "agencies.manage_members"}

    def post(self, request: HttpRequest, id: UUID, absence_id: UUID) -> HttpResponse:
        absences = selectors.absences(self.actor, self.membership)
        end_absence(actor=self.actor, absence=get_visible(absences, pk=absence_id))
        return redirect_to(request, f"{self.here}?done=back")
