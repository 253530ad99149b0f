"""An incident at the desk of the auditor: what went to the wrong place, who read it, the finding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.models import Agency
from carenet.audit.actions import log_read
from carenet.oversight import policy, selectors
from carenet.oversight.actions import close_incident
from carenet.oversight.models import Incident, IncidentState
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.versions import seen_version


class FindingForm(forms.Form):
    """What the privacy officer has found, and who was told."""

    finding = text_field(gettext_lazy("What was found, and who was told"), 10_000, rows=5)


class IncidentPage(FormPage):
    """One incident; the ward office's auditor closes it with a finding."""

    abilities = {"get": "incidents.view", "post": "incidents.close"}
    template = "staff/incidents/page.html"
    form_class = FindingForm

    def incident(self) -> Incident:
        return get_object_or_404(selectors.incidents(self.actor), pk=self.kwargs["id"])

    def context(self) -> dict[str, Any]:
        incident = self.incident()
        log_read("incident", incident.pk)
        told = Agency.objects.filter(pk__in=incident.agencies_to_tell).order_by("name_kana", "pk")
        waits = incident.state == IncidentState.OPEN
        return {
            "incident": incident,
            "agencies": list(told),
            "readers": len(incident.readers),
            "closing": waits and policy.can_close_incident(self.actor, incident),
        }

    def act(self, form: forms.Form) -> str:
        self.incident()  # 404 for one that is out of reach
        seen = seen_version(self.request, _("Open the incident again, and close it from there."))
        close_incident(
            actor=self.actor, incident_id=self.kwargs["id"], version=seen, **form.cleaned_data
        )
        return reverse("staff-incident", args=[self.kwargs["id"]])
