"""Another referral from a case: person and case are chosen already, no new consultation is taken."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from carenet.access.policy import choices_of_basis
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases.models import Case, Urgency
from carenet.core.decisions import demand
from carenet.core.errors import Conflict
from carenet.referrals import policy, selectors
from carenet.referrals.actions import drafts
from carenet.referrals.models import Need
from carenet.referrals.states import ReferralKind
from carenet.staff.pages.agency_choice import AgencyField
from carenet.staff.pages.case_steps import CaseStepPage
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.lawful_bases import (
    basis_words,
    check_consent_said,
    consent_said,
    consent_said_given_by,
    consent_said_method,
)
from carenet.staff.pages.recipients import addressee_called


class CaseReferral(forms.Form):
    """What the intake asks of a referral, and no more: the draft has the rest."""

    receiver: Any = AgencyField(label=_("To which agency"))
    addressee = forms.CharField(
        label=_("Which person there it is for, by full name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "The case is restricted: besides those who are named to it, only this person will see it."
        ),
    )
    kind = forms.ChoiceField(
        label=_("What is passed on"),
        choices=ReferralKind.choices,
        initial=ReferralKind.CO_SUPPORT.value,
        widget=forms.RadioSelect,
        help_text=_("With a transfer the lead moves when the receiver accepts."),
    )
    need = forms.ChoiceField(
        label=_("What is asked of it"), choices=Need.choices, widget=forms.RadioSelect
    )
    need_text = forms.CharField(label=_("Need in words"), max_length=2000, required=False)
    urgency = forms.ChoiceField(
        label=_("How soon somebody must act"),
        choices=Urgency.choices,
        initial=Urgency.NORMAL.value,
        widget=forms.RadioSelect,
    )
    sharing_basis = forms.ChoiceField(
        label=_("On which basis it may know this"),
        choices=partial(choices_of_basis, _("Choose")),
    )
    basis_words = basis_words()
    consent_said_method = consent_said_method()
    consent_said_given_by = consent_said_given_by()
    discloses_address = forms.BooleanField(
        label=_("Disclose the protected address to it"), required=False
    )
    reason = text_field(_("Reason of the referral"), 5000)
    duplicate_reason = forms.CharField(
        label=_("Why you ask again, where the same has been asked already"),
        max_length=500,
        required=False,
    )

    def __init__(self, data: Any, *, actor: Actor, case: Case) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["receiver"].offer(actor, but=[actor.agency_id])
        fields["sharing_basis"].choices = choices_of_basis(
            _("Choose"), actor=actor, resident_id=case.resident_id, case_id=case.pk
        )
        if data is None:  # asked for where it turns out that the same has been asked
            del fields["duplicate_reason"]
        if not case.restricted:
            del fields["addressee"]
        if not case.resident.address_protected:
            del fields["discloses_address"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        check_consent_said(self)
        return given


class CaseReferralView(CaseStepPage):
    """Refer the case to an agency, at once or as a draft that is completed first."""

    abilities = {"get": "referrals.draft", "post": "referrals.draft"}
    template = "staff/cases/referral.html"
    label = _("Refer this case")

    def form(self, data: Any = None) -> Any:
        demand(policy.can_draft(self.actor, self.case))
        return CaseReferral(data, actor=self.actor, case=self.case)

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if not self.case.is_open:
            raise Conflict(_("This case has ended. Reopen it first."))
        return super().get(request, **ids)

    def context(self) -> dict[str, Any]:
        sent = list(selectors.lines_of_case(self.actor, case=self.case.pk))
        for referral in sent:
            log_read("referral", referral.pk)
        return {**super().context(), "sent": sent}

    def act(self, form: Any) -> str:
        given = dict(form.cleaned_data)
        said, again = consent_said(given), given.pop("duplicate_reason")
        if "addressee" in given:
            given["addressee"] = addressee_called(given["addressee"], given["receiver"])
        made = drafts.draft(actor=self.actor, case_id=self.case.pk, **given)
        if "later" in self.request.POST:
            return reverse("staff-draft", args=[made.pk])
        drafts.send(
            actor=self.actor, referral_id=made.pk, duplicate_reason=again, consent_said=said
        )
        return reverse("staff-referral", args=[made.pk])
