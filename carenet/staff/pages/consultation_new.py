"""A consultation between two calls: one page from the call to the referral that is sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from carenet.access.policy import choices_of_basis
from carenet.agencies import policy as agencies
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.cases.actions import consultations
from carenet.cases.models import Case, Consultation, Topic
from carenet.cases.selectors import cases, joinable
from carenet.cases.states import ConsultationStatus
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.referrals.actions import drafts
from carenet.referrals.states import ReferralKind, Verb
from carenet.staff.pages import autosave
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.consultation_form import (
    CASE,
    NAMES,
    RECEIVED,
    REFERRAL,
    SAID,
    USE,
    Intake,
    from_draft,
)
from carenet.staff.pages.form_fields import TypedMoment
from carenet.staff.pages.form_keys import address_of, key_in
from carenet.staff.pages.lawful_bases import consent_said
from carenet.staff.pages.recipients import addressee_called
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.search import AboutSomebody, agencies_found, id_in


class NewConsultationView(AboutSomebody):
    """Take a call down; what the actions refuse comes back with everything that was typed."""

    abilities = {"get": "consultations.record", "post": "consultations.record"}
    form_class = Intake
    template = "staff/consultations/new.html"

    @cached_property
    def key(self) -> UUID:
        """Which form it is: made with the page, and its address from then on."""
        if self.request.method == "POST":
            return key_in(self.request) or uuid4()
        return autosave.form_of(self.request)

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        user: Any = self.actor.user
        led_to = address_of(user, self.key)
        if led_to is not None:
            return self.show("staff/consultations/recorded.html", {"led_to": led_to})
        kept = autosave.saved_draft(self.actor, self.key)
        form = from_draft(kept) if kept else Intake()
        # Somebody who was only chosen is no draft yet.
        return self.show(
            self.template, {"kept": bool(kept.keys() - {"subject"}), **self.page(form)}
        )

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if "find" in request.POST:  # without a script; nothing is judged yet
            form = from_draft({name: request.POST.getlist(name) for name in NAMES})
            return self.found(self.page(form))
        return super().post(request, **ids)

    def form(self, data: Any = None) -> Form:
        return self.offering(Intake(data))

    def offering(self, form: Intake) -> Intake:
        """Let the form offer the lawful bases that the actor may give."""
        field: Any = form.fields["sharing_basis"]
        field.choices = choices_of_basis(actor=self.actor)
        return form

    def context(self) -> dict[str, Any]:
        shown = self.page(Intake(initial=self.request.POST.dict()))
        del shown["form"]  # the one that was refused stands there
        return shown

    def page(self, form: Intake) -> dict[str, Any]:
        """Return what the page shows of a form, and the other drafts that one has open."""
        return {
            "form": self.offering(form),
            "key": self.key,
            "drafts": autosave.other_drafts(self.actor, self.key),
            **self.lists(form),
        }

    def lists(self, form: Any) -> dict[str, Any]:
        """Return whom the two searches find; whoever is chosen stays."""
        given = form.initial
        return {
            **self.people(given),
            "agencies": agencies_found(
                self.actor, given.get("receiver_q", ""), given.get("receiver", "")
            ),
            "chosen_agency": given.get("receiver", ""),
            "case": open_case(self.actor, id_in(given.get("subject", ""))),
        }

    def act(self, form: Form) -> str:
        given = form.cleaned_data
        outcome = given["outcome"]
        consultation = self.record(form)
        made = reverse("staff-consultation", args=[consultation.pk])
        self.request.made = made  # type: ignore[attr-defined]
        case = None if outcome == RECEIVED else self.triage(consultation, given)
        if outcome != REFERRAL or case is None:
            if Topic.ABUSE in given["topics"]:  # the way leads on to where it is reported
                return self.to_report(consultation, outcome)
            return self.done("staff-today")
        receiver = _visible_agency(self.actor, given["receiver"])
        referral = drafts.draft(
            actor=self.actor,
            case_id=case.pk,
            receiver=receiver,
            kind=given["kind"] or ReferralKind.CO_SUPPORT,
            addressee=addressee_called(given["addressee"], receiver) if case.restricted else None,
            need=given["need"],
            need_text=given["need_text"],
            reason=given["reason"] or given["content"][:5000],
            urgency=given["urgency"],
            sharing_basis=given["sharing_basis"],
            basis_words=given["basis_words"],
        )
        drafts.send(
            actor=self.actor,
            referral_id=referral.pk,
            duplicate_reason=given["duplicate_reason"],
            consent_said=consent_said(given),
        )
        del self.request.made  # type: ignore[attr-defined]
        return f"{self.done('staff-referral', referral.pk)}?done={Verb.SEND}"

    def to_report(self, consultation: Consultation, outcome: str) -> str:
        """Return where abuse is reported; of a call that ended without a case, its own page."""
        if outcome in {RECEIVED, CASE}:
            return f"{self.done('staff-consultation-abuse', consultation.pk)}?recorded"
        return self.done("staff-consultation", consultation.pk)

    def record(self, form: Any) -> Consultation:
        """Write the call down, the person first when they are new."""
        given = form.cleaned_data
        return consultations.record(
            actor=self.actor,
            subject=self.subject(form),
            main_topic=given["main_topic"] or given["topics"][0],
            **{name: given[name] for name in SAID},
        )

    def triage(self, consultation: Consultation, given: dict[str, Any]) -> Case | None:
        """Decide what becomes of it; a case that is open already may be used."""
        known = {"consultation_id": consultation.pk, "urgency": given["urgency"]}
        if given["outcome"] not in {CASE, REFERRAL}:
            outcome = ConsultationStatus(given["outcome"])
            consultations.triage(actor=self.actor, outcome=outcome, **known)
            return None
        existing = open_case(self.actor, consultation.subject_id)
        if given["case_choice"] == USE and existing is None:
            raise Invalid(
                {
                    "case_choice": _(
                        "It has ended meanwhile. Finish again, and another one is opened."
                    )
                }
            )
        if existing and not given["case_choice"]:
            raise Invalid(
                {"case_choice": _("Say whether %(code)s goes on.") % {"code": existing.code}}
            )
        if existing and given["case_choice"] == USE:
            consultations.join(actor=self.actor, case_id=existing.pk, **known)
            return existing
        opened = ConsultationStatus.CASE_OPENED
        why = _("Another case was chosen in the form.") if existing else ""
        consultations.triage(actor=self.actor, outcome=opened, another_because=why, **known)
        return cases(self.actor).get(consultation=consultation)

    def done(self, name: str, *ids: UUID) -> str:
        """Forget the draft; return where to go on. Today says by the form's key what was recorded."""
        autosave.forget(self.actor, self.key)
        address = reverse(name, args=ids)
        return address if ids else f"{address}?{urlencode({'form': str(self.key)})}"


class OpenCaseView(StaffView):
    """Whether whoever is chosen has an open case that may be used: a part of the page."""

    abilities = {"post": "consultations.record"}

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = id_in(request.POST.get("subject", ""))
        found = open_case(self.actor, chosen)
        kept = {name: request.POST.get(name, "") for name in ("case_choice", "addressee")}
        form = Intake(initial={name: value for name, value in kept.items() if value})
        return self.show("staff/consultations/open_case.html", {"form": form, "case": found})


def open_case(actor: Actor, resident_id: UUID | None) -> Case | None:
    """Return the open case of a person that the actor's agency leads, the newest one."""
    if resident_id is None:
        return None
    return joinable(actor, resident_id).filter(lead_agency=actor.agency_id).first()


class DraftView(StaffView):
    """Keep what is typed, and say how the time was understood. It may be kept as often as one types."""

    abilities = {"post": "consultations.record"}
    acts_once = False

    def post(self, request: HttpRequest) -> HttpResponse:
        form = key_in(request) or uuid4()
        if "discard" in request.POST:
            autosave.forget(self.actor, form)
            return redirect_to(request, reverse("staff-consultation-new"))
        saved = autosave.save_draft(self.actor, form, NAMES, request.POST)
        try:
            moment = TypedMoment(required=False).clean(request.POST.get("received_at", ""))
        except ValidationError:
            moment = None
        context = {"saved": saved, "at": clock.local_now(), "moment": moment}
        return self.show("staff/consultations/saved.html", context)


def _visible_agency(actor: Actor, agency_id: UUID) -> Agency:
    found = agencies.visible_to(actor).filter(pk=agency_id).first()
    if found is None:
        raise Invalid({"receiver": _("Choose one of the list.")})
    return found
