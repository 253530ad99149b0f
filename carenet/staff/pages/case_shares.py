"""Which agencies are let in on a case: one more, for longer, or no more."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carenet.access.models import Grant
from carenet.access.policy import choices_of_basis
from carenet.agencies.models import Agency
from carenet.agencies.policy import visible_to as visible_agencies
from carenet.cases import policy, selectors
from carenet.cases.actions import shares
from carenet.cases.actions.shares import BY_HAND
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.models import get_visible
from carenet.staff.pages.case_steps import CaseStepPage, Nothing
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.lawful_bases import (
    basis_words,
    check_consent_said,
    consent_said,
    consent_said_given_by,
    consent_said_method,
)
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.times import Direction

#: What is said after each step.
DONE = {
    "give": _("The agency is let in. It sees the case from now on."),
    "prolong": _("The share goes on, on the same basis."),
    "end": _("The share has ended."),
}


def last_day() -> TypedDay:
    """Return the field for the last day of a share."""
    return TypedDay(
        label=_("Last day of the share"),
        empty=_("As long as the basis carries it if it is empty."),
        direction=Direction.AHEAD,
        required=False,
    )


class Sharing(forms.Form):
    """Which agency is let in, how far, and on which basis."""

    agency: Any = forms.ModelChoiceField(label=_("Agency"), queryset=None, empty_label=_("Choose"))
    codename = forms.ChoiceField(
        label=_("What it may do"),
        choices=[("view_case", _("read")), ("co_support_case", _("take part and write notes"))],
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(label=_("On which basis"), choices=partial(choices_of_basis, "–"))
    reason = basis_words()
    consent_said_method = consent_said_method()
    consent_said_given_by = consent_said_given_by()
    until = last_day()

    def __init__(self, data: Any, *, view: SharesView) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        own = view.case.lead_agency_id
        fields["agency"].queryset = (
            visible_agencies(view.actor).exclude(pk=own).order_by("name", "pk")
        )
        fields["agency"].label_from_instance = lambda each: each.name
        fields["basis"].choices = choices_of_basis("–", actor=view.actor)

    def clean(self) -> dict[str, Any]:
        check_consent_said(self)
        return super().clean() or {}


class Prolonging(forms.Form):
    """Why a share goes on, and until when."""

    reason = forms.CharField(label=_("Why it goes on"), max_length=300)
    until = last_day()


class SharesView(CaseStepPage):
    """Who is let in, on which basis, until when; let one more in."""

    abilities = {"get": "cases.share", "post": "cases.share"}
    template = "staff/cases/shares.html"
    label = _("Which agencies are let in")

    def form(self, data: Any = None) -> Any:
        demand(policy.can_change(self.actor, self.case, "cases.share"))
        return Sharing(data, view=self)

    def context(self) -> dict[str, Any]:
        done = DONE.get(self.request.GET.get("done", ""), "")
        return {
            **super().context(),
            "grants": list(selectors.live_grants(self.case.pk)),
            "by_hand": BY_HAND,
            "done": done,
        }

    def shares(self, done: str) -> str:
        """Return the address of the list of shares, which says what was done."""
        return reverse("staff-case-shares", args=[self.kwargs["id"]]) + f"?done={done}"

    def act(self, form: Any) -> str:
        given = _with_end(form.cleaned_data)
        agency: Agency = given.pop("agency")
        said = consent_said(given)
        if said:
            given["consent_said"] = said
        shares.share_case(actor=self.actor, case_id=self.kwargs["id"], agency=agency, **given)
        return self.shares("give")


class ProlongView(SharesView):
    """Give a share anew, on the same basis."""

    template = "staff/cases/share_prolong.html"
    label = _("Prolong the share")

    @property
    def grant(self) -> Grant:
        """The share in the address; raises `NotFound` for one of another case."""
        rows = selectors.live_grants(self.case.pk).filter(cause_kind__in=BY_HAND)
        return get_visible(rows, pk=self.kwargs["grant_id"])

    def form(self, data: Any = None) -> Any:
        demand(policy.can_change(self.actor, self.case, "cases.share"))
        return Prolonging(data)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "grant": self.grant}

    def act(self, form: Any) -> str:
        shares.prolong_share(
            actor=self.actor,
            case_id=self.kwargs["id"],
            grant_id=self.grant.pk,
            **_with_end(form.cleaned_data),
        )
        return self.shares("prolong")


class EndShareView(SharesView):
    """End a share that the lead has given by itself."""

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return redirect_to(request, reverse("staff-case-shares", args=[self.case.pk]))

    def form(self, data: Any = None) -> Any:
        return super().form() if data is None else Nothing(data)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "form": super().form()}

    def act(self, form: Any) -> str:
        shares.revoke_share(
            actor=self.actor, case_id=self.kwargs["id"], grant_id=self.kwargs["grant_id"]
        )
        return self.shares("end")


def _with_end(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return what was filled in, with the moment at which the last day is over."""
    given = dict(cleaned)
    last = given.pop("until")
    if last:
        given["until"] = clock.midnight(last + timedelta(days=1))
    return given
