"""Another corporation runs an agency: announced by the ward office, reviewed until the day."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies import policy
from carenet.agencies.actions import (
    confirm_kept,
    plan_operator_change,
    withdraw_operator_change,
)
from carenet.agencies.models import Agency, OperatorChange
from carenet.agencies.selectors import memberships_of
from carenet.agencies.selectors.operator_changes import operator_changes, under_review
from carenet.agencies.states import OperatorChangeState
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.core.models import get_visible
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.versions import seen_version
from carenet.staff.times import Direction

#: As many changes as the list shows.
LATEST = 50


class OperatorChangesView(StaffView):
    """The changes of the own agency, or of the ward."""

    abilities = {"get": "agencies.close"}

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {"changes": list(operator_changes(self.actor)[:LATEST])}
        return self.show("staff/operator_changes/list.html", context)


class OperatorForm(forms.Form):
    """Which corporation, from which day on."""

    operator_name = forms.CharField(label=gettext_lazy("New corporation"), max_length=200)
    corporate_number = forms.RegexField(
        "^[0-9]{13}$",
        label=gettext_lazy("Corporate number (13 digits)"),
        required=False,
        empty_value=None,
    )
    on = TypedDay(label=gettext_lazy("From which day on"), direction=Direction.AHEAD)


class PlanView(FormPage):
    """Announce that another corporation runs an agency."""

    abilities = {"get": "agencies.close", "post": "agencies.close"}
    template = "staff/operator_changes/plan.html"
    form_class = OperatorForm

    @cached_property
    def agency(self) -> Agency:
        """The agency in the address; raises `NotFound` out of reach, `Forbidden` for others."""
        found = get_visible(policy.visible_to(self.actor), pk=self.kwargs["id"])
        demand(policy.can_plan_operator_change(self.actor, found))
        return found

    def context(self) -> dict[str, Any]:
        return {"agency": self.agency}

    def act(self, form: forms.Form) -> str:
        change = plan_operator_change(actor=self.actor, agency=self.agency, **form.cleaned_data)
        return reverse("staff-operator-change", args=[change.pk])


class OfChange(StaffView):
    """Base of what is about one change."""

    @cached_property
    def change(self) -> OperatorChange:
        found: OperatorChange = get_object_or_404(
            operator_changes(self.actor), pk=self.kwargs["id"]
        )
        return found

    @property
    def version(self) -> int:
        """The version that was looked at; raises `PreconditionRequired` without."""
        return seen_version(self.request, _("Open the review again, and decide from there."))

    @property
    def here(self) -> str:
        """The page of the change."""
        return reverse("staff-operator-change", args=[self.change.pk])


class OperatorChangeView(OfChange):
    """One change: the day, and what of the accounts and grants is confirmed; of oneself to all."""

    abilities = {"get": "agencies.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        change = self.change
        reviews = bool(policy.can_review_operator_change(self.actor, change))
        planned = change.state == OperatorChangeState.PLANNED
        items = under_review(change) if planned else []
        user: Any = self.actor.user
        own = {str(each.pk) for each in memberships_of(user) if each.agency_id == change.agency_id}
        context = {
            "change": change,
            "kinds": [
                (str(label), list(found))
                for label, found in groupby(items, lambda each: each.label)
            ]
            if reviews
            else [],
            "own": own,
            "confirmed": [each.confirmed for each in items if each.id in own],
            "reviews": reviews and planned,
            "withdrawing": planned and policy.can_plan_operator_change(self.actor, change.agency),
        }
        return self.show("staff/operator_changes/page.html", context)


class ConfirmView(OfChange):
    """Say what stays."""

    abilities = {"post": "agencies.close"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        change, chosen = self.change, sorted(set(request.POST.getlist("kept")))
        version: int | None = self.version
        by_kind = groupby(chosen, lambda each: each.partition(":")[0])
        wanted = {kind: [each.partition(":")[2] for each in found] for kind, found in by_kind}
        if not wanted:
            raise Invalid({"kept": _("Tick what stays.")})
        for kind, ids in wanted.items():
            confirm_kept(actor=self.actor, change_id=change.pk, kind=kind, ids=ids, version=version)
            version = None  # of the others this form was the last one, too
        return redirect_to(request, self.here)


class WithdrawView(OfChange):
    """Call it off."""

    abilities = {"post": "agencies.close"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        withdraw_operator_change(actor=self.actor, change_id=self.change.pk, version=self.version)
        return redirect_to(request, self.here)
