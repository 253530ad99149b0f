"""Completing a consultation that nobody has triaged yet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.audit.actions import log_read
from carenet.cases.actions import consultations
from carenet.staff.pages.consultation_form import SAID, Call
from carenet.staff.pages.consultations import OfConsultation
from carenet.staff.pages.search import AboutSomebody
from carenet.staff.pages.versions import version_in


class EditView(OfConsultation, AboutSomebody):
    """Complete what was recorded, until triage closes it."""

    abilities = {"get": "consultations.record", "post": "consultations.record"}
    template = "staff/consultations/edit.html"

    def form(self, data: Any = None) -> Call:
        consultation = self.consultation()
        initial: dict[str, Any] = {name: getattr(consultation, name) for name in SAID}
        at = timezone.localtime(consultation.received_at)
        return Call(
            data,
            initial={
                **initial,
                "received_at": f"{at:%Y-%m-%d %H:%M}",
                "main_topic": consultation.main_topic,
                "subject": consultation.subject_id,
            },
        )

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if "find" in request.POST:  # without a script; nothing is judged yet
            typed = {
                name: request.POST.getlist(name) if name == "topics" else request.POST[name]
                for name in Call.base_fields
                if name in request.POST
            }
            self.consultation()  # 404 for one that is out of reach
            return self.found({"form": Call(initial=typed), **self.shown(typed, self.version())})
        return super().post(request, **ids)

    def context(self) -> dict[str, Any]:
        consultation = self.consultation()
        if self.request.method != "POST":
            return self.shown({"subject": consultation.subject_id}, consultation.version)
        # Whoever was overtaken keeps the version that was seen: nothing is overwritten unread.
        return {
            **self.shown(self.request.POST.dict(), version_in(self.request)),
            "meanwhile": self.meanwhile(consultation),
        }

    def told(self) -> str:
        return _(
            "It was completed in the meantime. What was added is not overwritten: "
            "open it as it is now, and add there what is still missing."
        )

    def shown(self, given: dict[str, Any], version: int | None) -> dict[str, Any]:
        """Return what the page shows beside the form; nothing else is looked up of the person."""
        log_read("consultation", self.kwargs["id"])
        return {"consultation_id": self.kwargs["id"], "version": version, **self.people(given)}

    def act(self, form: Any) -> str:
        changes = {name: form.cleaned_data[name] for name in SAID if name in form.changed_data}
        if {"topics", "main_topic"} & set(form.changed_data):
            main = form.cleaned_data["main_topic"] or form.cleaned_data["topics"][0]
            changes["main_topic"] = main
        # Whoever is out of reach now is not in the list, and stays.
        chosen = "subject" in form.changed_data and "subject" in self.request.POST
        if chosen or form.cleaned_data["family_name"]:
            changes["subject"] = self.subject(form)
        consultations.edit(
            actor=self.actor,
            consultation_id=self.kwargs["id"],
            version=self.version(),
            **changes,
        )
        return reverse("staff-consultation", args=[self.kwargs["id"]])
