"""The end of a record on the desk: the person has died or moved away, or has not after all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.cases import selectors as cases
from carenet.cases.states import OPEN
from carenet.residents import actions, policy
from carenet.residents.models import EndedBecause
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.person.base import OfPerson
from carenet.staff.pages.versions import seen_version


class EndForm(forms.Form):
    """Why a record ends, and on which day that was."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why the record ends"),
        choices=EndedBecause.choices,
        widget=forms.RadioSelect,
    )
    on = TypedDay(label=gettext_lazy("On which day"))


class OfRecordEnd(OfPerson):
    """Base of the end of a record and of taking it back."""

    abilities = {"get": "residents.end", "post": "residents.end"}

    def seen(self) -> int:
        """Return the version that was looked at."""
        return seen_version(self.request, _("Open the person again, and do it from there."))


class EndRecordView(OfRecordEnd):
    """Record that a person has died or moved away; what that settles is shown first."""

    template = "staff/people/record_end.html"
    form_class = EndForm

    def context(self) -> dict[str, Any]:
        person = self.person()
        found = [
            each
            for each in cases.of_resident(self.actor, resident=person.pk)
            if each.status in OPEN
        ]
        for each in found:
            log_read("case", each.pk)
        may = policy.can_end(self.actor, person)
        return {
            "person": person,
            "version": person.version,
            "cases": found,
            "may": may and not person.is_ended,
            "denials": [] if may else [may],
        }

    def act(self, form: Any) -> str:
        actions.end_record(**self.ids(), version=self.seen(), **form.cleaned_data)
        return self.after("ended")


class ReinstateView(OfRecordEnd):
    """Take the end of a record back."""

    template = "staff/people/reinstate.html"
    form_class = forms.Form

    def context(self) -> dict[str, Any]:
        person = self.person()
        may = policy.can_reinstate(self.actor, person)
        return {
            "person": person,
            "version": person.version,
            "may": may and person.is_ended,
            "denials": [] if may or not person.is_ended else [may],
        }

    def act(self, form: Any) -> str:
        actions.reinstate(**self.ids(), version=self.seen())
        return self.after("reinstated")
