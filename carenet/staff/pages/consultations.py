"""A consultation between two calls: one page from the call to the referral that is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from carenet.agencies import policy as agencies
from carenet.cases.actions import consultations
from carenet.cases.selectors import cases
from carenet.cases.states import OPEN, ConsultationStatus
from carenet.errors import Invalid
from carenet.referrals.actions import sending
from carenet.referrals.states import ReferralKind
from carenet.staff.pages import drafts
from carenet.staff.pages.base import StaffView, go
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
from carenet.staff.pages.finding import AboutSomebody, agencies_found
from carenet.staff.pages.typed import TypedMoment

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency
    from carenet.cases.models import Case, Consultation


class NewConsultationView(AboutSomebody):
    """Take a call down; what the actions refuse comes back with everything that was typed."""

    abilities = {"get": "consultations.record", "post": "consultations.record"}
    form_class = Intake
    template = "staff/consultations/new.html"

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        kept = drafts.kept(request, self.actor.agency_id)
        form = from_draft(kept) if kept else Intake()
        return self.show(self.template, {"form": form, "kept": bool(kept), **self.lists(form)})

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if "find" in request.POST:  # without a script; nothing is judged yet
            form = from_draft({name: request.POST.getlist(name) for name in NAMES})
            return self.show(self.template, {"form": form, **self.lists(form)})
        return super().post(request, **ids)

    def context(self) -> dict[str, Any]:
        return self.lists(Intake(initial=self.request.POST.dict()))

    def lists(self, form: Any) -> dict[str, Any]:
        """Return whom the two searches find; whoever is chosen stays."""
        given = form.initial
        return {
            **self.people(given),
            "agencies": agencies_found(
                self.actor, given.get("receiver_q", ""), given.get("receiver", "")
            ),
            "chosen_agency": given.get("receiver", ""),
        }

    def act(self, form: Form) -> str:
        given = form.cleaned_data
        outcome = given["outcome"]
        consultation = self.record(form)
        if outcome == RECEIVED:
            return self.done("staff-today")
        case = self.triage(consultation, given)
        if outcome != REFERRAL or case is None:
            return self.done("staff-today")
        referral = sending.draft(
            actor=self.actor,
            case_id=case.pk,
            receiver=_visible_agency(self.actor, given["receiver"]),
            kind=ReferralKind.CO_SUPPORT,
            need=given["need"],
            reason=given["reason"] or given["content"][:5000],
            urgency=given["urgency"],
            sharing_basis=given["sharing_basis"],
        )
        sending.send(
            actor=self.actor,
            referral_id=referral.pk,
            duplicate_reason=given["duplicate_reason"],
        )
        return self.done("staff-referral", referral.pk)

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
        opens = given["outcome"] in {CASE, REFERRAL}
        existing = self.open_case(consultation) if opens else None
        if existing and not given["case_choice"]:
            raise Invalid(
                {"case_choice": _("Say whether %(code)s goes on.") % {"code": existing.code}}
            )
        goes_on = existing if given["case_choice"] == USE else None
        wanted = ConsultationStatus.CASE_OPENED if opens else given["outcome"]
        outcome = ConsultationStatus.ONE_OFF if goes_on else ConsultationStatus(wanted)
        consultations.triage(
            actor=self.actor,
            consultation_id=consultation.pk,
            outcome=outcome,
            urgency=given["urgency"],
        )
        if goes_on or not opens:
            return goes_on
        return cases(self.actor).get(consultation=consultation)

    def open_case(self, consultation: Consultation) -> Case | None:
        """Return the open case of the person that this agency leads, if there is one."""
        if consultation.subject_id is None:
            return None
        led = cases(self.actor).filter(
            resident=consultation.subject_id,
            lead_agency=self.actor.agency_id,
            status__in=sorted(OPEN),
        )
        return led.order_by("-id").first()

    def done(self, name: str, *ids: UUID) -> str:
        drafts.forget(self.request)
        return reverse(name, args=ids)


class DraftView(StaffView):
    """Keep what is typed, and say how the time was understood."""

    abilities = {"post": "consultations.record"}

    def post(self, request: HttpRequest) -> HttpResponse:
        if "discard" in request.POST:
            drafts.forget(request)
            return go(request, reverse("staff-consultation-new"))
        saved = drafts.keep(request, self.actor.agency_id, NAMES)
        try:
            moment = TypedMoment(required=False).clean(request.POST.get("received_at", ""))
        except ValidationError:
            moment = None
        context = {"saved": saved, "at": timezone.localtime(), "moment": moment}
        return self.show("staff/consultations/saved.html", context)


def _visible_agency(actor: Actor, agency_id: UUID) -> Agency:
    found = agencies.visible_to(actor).filter(pk=agency_id).first()
    if found is None:
        raise Invalid({"receiver": _("Choose one of the list.")})
    return found
