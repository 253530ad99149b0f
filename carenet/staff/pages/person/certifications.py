"""The care certification of a person: each one added, none changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.residents import actions, policy, selectors
from carenet.residents.models import CareLevel, DementiaLevel
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.person.base import OfPerson
from carenet.staff.times import Direction

#: As many as the page tells.
LATEST = 20


class CertificationForm(forms.Form):
    """A certification, as its notice says it."""

    care_level = forms.ChoiceField(
        label=gettext_lazy("Level"), choices=[("", gettext_lazy("Choose")), *CareLevel.choices]
    )
    certified_from = TypedDay(
        label=gettext_lazy("Certified from"),
        help_text=gettext_lazy("As the notice says, for example R8.11.1."),
    )
    certified_until = TypedDay(
        label=gettext_lazy("Certified until"),
        required=False,
        direction=Direction.AHEAD,
        help_text=gettext_lazy("For example R10.10.31; every level of care has an end."),
    )
    dementia_level = forms.ChoiceField(
        label=gettext_lazy("Daily life with dementia"),
        choices=[("", gettext_lazy("not stated")), *DementiaLevel.choices],
        required=False,
    )
    insurer = forms.CharField(
        label=gettext_lazy("Number of the insurer"),
        max_length=6,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Six digits."),
    )


class CertificationsView(OfPerson):
    """The certifications of a person, the latest first, and one more."""

    abilities = {"get": "residents.view_details", "post": "residents.edit"}
    form_class = CertificationForm
    template = "staff/people/certifications.html"

    def context(self) -> dict[str, Any]:
        person, lists = self.person(), Lists(self.request)
        rows = selectors.certifications(self.actor, person).order_by("-certified_from", "-pk")
        found = lists.first("certifications", rows, LATEST)
        for each in found:
            log_read("certification", each.pk)
        edit = policy.can_edit(self.actor, person)
        return {
            "person": person,
            "certifications": found,
            "cuts": lists.cuts,
            "today": clock.today(),
            "edit": edit and not person.is_ended,
            "denials": [] if edit else [edit],
        }

    def act(self, form: Any) -> str:
        actions.certify(**self.ids(), **form.cleaned_data)
        return self.after("certification")
