"""Consultations: the list, one of them, and its triage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_read
from carenet.cases import policy, selectors
from carenet.cases.actions import consultations
from carenet.cases.models import Case, Confidentiality, Consultation, Topic, Urgency
from carenet.cases.selectors.untriaged import can_be_taken_back
from carenet.cases.states import OPEN, ConsultationStatus
from carenet.residents.models import Resident
from carenet.residents.policy import visible_to as visible_residents
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.search import id_in
from carenet.staff.pages.versions import seen_version, version_in

#: As many earlier consultations about the same person as are told.
LATEST = 5


class ConsultationRow:
    """A consultation as a list shows it, with its person as far as the reader may see them."""

    def __init__(self, consultation: Consultation, person: Resident | None) -> None:
        log_read("consultation", consultation.pk)
        self.consultation = consultation
        self.person = person
        self.status = ConsultationStatus(consultation.status).label
        self.waits = consultation.status == ConsultationStatus.RECEIVED


def people_of(actor: Actor, found: list[Consultation]) -> dict[UUID | None, Resident]:
    """Return whom they are about, as far as the actor sees them."""
    ids = {each.subject_id for each in found if each.subject_id}
    people: dict[UUID | None, Resident] = {}
    for person in visible_residents(actor).filter(pk__in=ids):
        log_read("resident", person.pk)
        people[person.pk] = person
    return people


class Triage(forms.Form):
    """What becomes of a consultation."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=[
            (ConsultationStatus.INFORMATION_ONLY.value, gettext_lazy("Information was enough")),
            (ConsultationStatus.ONE_OFF.value, gettext_lazy("Advice was given, that was all")),
            (ConsultationStatus.CASE_OPENED.value, gettext_lazy("Open a case")),
            (ConsultationStatus.CASE_JOINED.value, gettext_lazy("Add it to an open case")),
        ],
        widget=forms.RadioSelect,
    )
    case = forms.ChoiceField(
        label=gettext_lazy("Which open case"), required=False, widget=forms.RadioSelect
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon somebody must act"),
        choices=Urgency.choices,
        widget=forms.RadioSelect,
    )
    response = text_field(
        gettext_lazy("What was answered"), 10_000, rows=2, required=False, show_hidden_initial=True
    )
    summary = text_field(
        gettext_lazy("Summary of the case"),
        10_000,
        rows=2,
        required=False,
        help_text=gettext_lazy("Left empty: what was said."),
    )
    another_because = text_field(
        gettext_lazy("Why another case, while one is open"), 2000, rows=2, required=False
    )
    confidentiality = forms.ChoiceField(
        label=gettext_lazy("Who may see the case"),
        choices=Confidentiality.choices,
        initial=Confidentiality.NORMAL.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, *, cases: list[Case], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [(str(each.pk), f"{each.code} {each.lead_agency.name}") for each in cases]
        self.fields["case"].choices = choices  # type: ignore[attr-defined]
        self.cases, self.joins = cases, bool(cases)
        if not cases:
            outcome = self.fields["outcome"]
            outcome.choices = [  # type: ignore[attr-defined]
                each
                for each in outcome.choices  # type: ignore[attr-defined]
                if each[0] != ConsultationStatus.CASE_JOINED
            ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        joins = given.get("outcome") == ConsultationStatus.CASE_JOINED
        if joins and not given.get("case") and "case" not in self.errors:
            self.add_error("case", _("Say to which case it is added."))
        return given


def _triage_form(actor: Actor, consultation: Consultation, data: Any = None) -> Triage:
    cases = _joinable(actor, consultation)
    initial = {
        "urgency": consultation.urgency,
        "response": consultation.response,
        "case": str(cases[0].pk) if len(cases) == 1 else "",
    }
    return Triage(data, cases=cases, initial=initial)


def _joinable(actor: Actor, consultation: Consultation) -> list[Case]:
    """Return the cases to which it may still be added."""
    waits = consultation.status == ConsultationStatus.RECEIVED
    if not (waits and consultation.subject_id):
        return []
    return list(selectors.joinable(actor, consultation.subject_id))


def _log_reads(cases: Iterable[Case]) -> list[Case]:
    """Return cases that are shown, and count as seen."""
    found = list(cases)
    for each in found:
        log_read("case", each.pk)
    return found


class ConsultationPage(StaffView):
    """One consultation."""

    abilities = {"get": "consultations.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        consultation = consultation_of(self.actor, id)
        form = _triage_form(self.actor, consultation)
        _log_reads(form.cases)
        context = {**consultation_context(self.actor, consultation, Lists(request)), "form": form}
        if consultation.status == ConsultationStatus.RECEIVED and "done" in request.GET:
            context["done"] = _("Taken back: it waits for a decision again.")
        return self.show("staff/consultations/page.html", context)


def consultation_of(actor: Actor, consultation_id: UUID) -> Consultation:
    return get_object_or_404(selectors.consultations(actor), pk=consultation_id)


def consultation_context(
    actor: Actor, consultation: Consultation, lists: Lists | None = None
) -> dict[str, Any]:
    """Return what the page of a visible consultation shows."""
    lists = lists or Lists(None)
    person = people_of(actor, [consultation]).get(consultation.subject_id)
    case = _case_of(actor, consultation)
    _log_reads([case] if case else [])
    waits = consultation.status == ConsultationStatus.RECEIVED
    edit = policy.can_edit_consultation(actor, consultation)
    triage = policy.can_triage(actor, consultation)
    return {
        "consultation": consultation,
        "line": ConsultationRow(consultation, person),
        "person": person,
        "topics": [Topic(each).label for each in consultation.topics],
        "case": case,
        "cases": list(_open_cases(actor, consultation)) if person else [],
        "earlier": _earlier(actor, consultation, lists),
        "cuts": lists.cuts,
        "edit": waits and edit,
        "triage": waits and triage,
        "undo": can_be_taken_back(actor, consultation),
        "reports": bool(actor.may("abuse.report")),
        "denials": [each for each in (edit, triage) if waits and not each],
    }


def _case_of(actor: Actor, consultation: Consultation) -> Case | None:
    """Return the case that it led to, if the actor may see it."""
    case = consultation.led_to
    return case and selectors.cases(actor).filter(pk=case.pk).first()


def _open_cases(actor: Actor, consultation: Consultation) -> list[Case]:
    """Return the open cases of the person that the actor sees."""
    found = selectors.cases(actor).filter(resident=consultation.subject_id, status__in=sorted(OPEN))
    return _log_reads(found.order_by("-pk"))


def _earlier(actor: Actor, consultation: Consultation, lists: Lists) -> list[ConsultationRow]:
    """Return what the agency heard about the same person at other times."""
    if consultation.subject_id is None:
        return []
    others = selectors.consultations(actor).filter(subject=consultation.subject_id)
    found = others.exclude(pk=consultation.pk).order_by("-received_at", "-pk")
    return [ConsultationRow(each, None) for each in lists.first("earlier", found, LATEST)]


class OfConsultation(FormPage):
    """A form about one consultation; it sends the version that was looked at."""

    def consultation(self) -> Consultation:
        return consultation_of(self.actor, self.kwargs["id"])

    def version(self) -> int:
        """Return the version that was looked at: nobody overwrites what they have not seen."""
        return seen_version(self.request, _("Open the consultation again, and do it from there."))

    def meanwhile(self, consultation: Consultation) -> str:
        """Say what somebody else did since the page was opened."""
        if version_in(self.request) in {None, consultation.version}:
            return ""
        if consultation.status != ConsultationStatus.RECEIVED:
            return _("It was triaged in the meantime, %(at)s: %(outcome)s.") % {
                "at": date_format(
                    timezone.localtime(consultation.triaged_at), "SHORT_DATETIME_FORMAT"
                ),
                "outcome": ConsultationStatus(consultation.status).label,
            }
        return self.told()

    def told(self) -> str:
        """Say what to do about a version that a colleague has completed."""
        return _(
            "It was completed in the meantime and is shown as it is now. "
            "Look at it, then do it again if it is still right."
        )


class TriageView(OfConsultation):
    """Decide what becomes of it; then the case that was opened, or the list again."""

    abilities = {"get": "consultations.view", "post": "consultations.triage"}
    template = "staff/consultations/page.html"

    def form(self, data: Any = None) -> Triage:
        form = _triage_form(self.actor, self.consultation(), data)
        self.offered = form.cases
        return form

    def context(self) -> dict[str, Any]:
        _log_reads(self.offered)
        consultation = self.consultation()
        told = self.meanwhile(consultation) if self.request.method == "POST" else ""
        shown = consultation_context(self.actor, consultation)
        return {**shown, "meanwhile": told, "left_over": {} if shown["triage"] else self.typed()}

    def typed(self) -> dict[Any, str]:
        """Return the words that were typed, to be copied where nothing can be decided any more."""
        labels = {name: Triage.base_fields[name].label for name in ("response", "summary")}
        words = {label: self.request.POST.get(name, "") for name, label in labels.items()}
        return {label: said for label, said in words.items() if said.strip()}

    def act(self, form: Any) -> str:
        given = dict(form.cleaned_data)
        outcome, case_id = ConsultationStatus(given.pop("outcome")), id_in(given.pop("case"))
        if "response" not in form.changed_data:
            given["response"] = ""  # What was only read is not written: a colleague's words stay.
        known = {"consultation_id": self.kwargs["id"], "version": self.version()}
        if outcome == ConsultationStatus.CASE_JOINED and case_id:
            words = {name: given[name] for name in ("urgency", "response")}
            consultation = consultations.join(actor=self.actor, case_id=case_id, **known, **words)
        else:
            consultation = consultations.triage(actor=self.actor, outcome=outcome, **known, **given)
        case = _case_of(self.actor, consultation)
        if case:
            return reverse("staff-case", args=[case.pk])
        return f"{reverse('staff-consultations')}?{urlencode({'done': str(consultation.pk)})}"


class TakeBackView(OfConsultation):
    """Undo the triage that had no effect; the consultation stands there as before."""

    abilities = {"post": "consultations.triage"}
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        call = self.consultation()
        consultations.take_back(actor=self.actor, consultation_id=call.pk, version=self.version())
        return redirect_to(request, f"{reverse('staff-consultation', args=[call.pk])}?done=undone")
