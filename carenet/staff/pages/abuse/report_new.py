"""Taking an abuse report: from a consultation, on a case, and the ways to it from person and referral.

The case is restricted with it. Who reported is typed apart and goes into the compartment alone.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from carenet.abuse.actions.intake import can_report_on, report_abuse
from carenet.abuse.actions.procedure import is_older
from carenet.abuse.actions.reporter import without_reporter
from carenet.abuse.models import SuspectedAbuse
from carenet.abuse.policy import reports_visible_to
from carenet.abuse.states import ABUSE_OPEN
from carenet.abuse.states.desks import AlsoVictim, Victim
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.audit.actions import log_read
from carenet.cases import policy as cases
from carenet.cases import selectors
from carenet.cases.actions.consultation_readers import set_apart
from carenet.cases.models import Case, Consultation, ConsultationChannel, Topic
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, ForAnotherDesk, NotFound
from carenet.referrals.policy import visible_to as visible_referrals
from carenet.residents.models import Resident
from carenet.residents.policy import visible_to as visible_people
from carenet.staff.pages import autosave
from carenet.staff.pages.abuse.reporter import Who
from carenet.staff.pages.abuse.steps import report_address
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.desk_calls import Kind
from carenet.staff.pages.form_fields import TypedMoment, text_field
from carenet.staff.pages.redirects import redirect_to

#: What goes into the compartment.
OF_REPORTER = tuple(Who.base_fields)


class ReportForm(Kind, Who):
    """What is reported; what the consultation says already is not asked again."""

    received_at = TypedMoment(
        label=_("When it was reported"), required=False, help_text=_("Left empty: now.")
    )
    channel = forms.ChoiceField(label=_("How it came in"), choices=ConsultationChannel.choices)
    also = forms.ChoiceField(
        label=_("Of a partner: what they are besides"),
        help_text=_("Ask: who is 65 or older, or has a disability, is reported here."),
        choices=[("", _("not a partner, or not asked yet")), *AlsoVictim.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    suspected = forms.MultipleChoiceField(
        label=_("What is suspected"),
        choices=SuspectedAbuse.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    content = text_field(_("What was reported, without saying by whom"), 10_000)
    members: Any = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Which colleagues must know"),
        help_text=_("You and those who decide at the ward office are named in any case."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = (
        "received_at", "channel", "victim", "also", "alleged", "suspected", "content", "members",
        *OF_REPORTER,
    )  # fmt: skip

    def __init__(
        self, data: Any, *, actor: Actor, asks_when: bool, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial={"wishes_anonymity": True, **initial})
        people = members_in_roles(actor.agency, {Role.STAFF, Role.MANAGER, Role.COORDINATOR})
        fields: dict[str, Any] = self.fields
        others = people.exclude(pk__in=[actor.user_id] if actor.user_id else [])
        fields["members"].queryset = others.order_by("name", "pk")
        fields["members"].label_from_instance = lambda each: each.name
        if not others.exists():
            del fields["members"]
        if not asks_when:
            del fields["received_at"], fields["channel"]

    @property
    def of_report(self) -> list[forms.BoundField]:
        """The fields of the report itself."""
        return [field for field in self.visible_fields() if field.name not in OF_REPORTER]

    @property
    def of_reporter(self) -> list[forms.BoundField]:
        """The fields of the compartment."""
        return [self[name] for name in OF_REPORTER]


def said_in(form: forms.Form) -> dict[str, Any]:
    """Return what a form says, who reported apart."""
    given = dict(form.cleaned_data)
    return {"reporter": {name: given.pop(name) for name in OF_REPORTER}, **given}


class TakeReport(FormPage):
    """Base of both forms: what is for another desk comes back with the desks that are competent."""

    abilities = {"get": "abuse.report", "post": "abuse.report"}
    template = "staff/abuse/report.html"
    refused: ForAnotherDesk | None = None

    def context(self) -> dict[str, Any]:
        recorded = "recorded" in self.request.GET
        return {"refused": self.refused, "label": _("Report abuse"), "recorded": recorded}

    def take(self, **given: Any) -> str:
        """Take the report; return its page."""
        try:
            report = report_abuse(actor=self.actor, **given)
        except ForAnotherDesk as refused:
            self.refused = refused
            raise
        return report_address(report.pk, "report")


def victim_by_register(person: Resident | None) -> dict[str, str]:
    """Return what the register says of who may be suffering it: an older person, or nothing."""
    return {"victim": Victim.OLDER_PERSON.value} if person and is_older(person) else {}


class ReportView(TakeReport):
    """Report abuse from a consultation: its words, its time and its caller are not typed again."""

    @cached_property
    def consultation(self) -> Consultation:
        """The call from which it is reported."""
        found = get_object_or_404(selectors.consultations(self.actor), pk=self.kwargs["id"])
        log_read("consultation", found.pk)
        return found

    @cached_property
    def person(self) -> Resident | None:
        """Whom the call is about, if the actor sees them."""
        subject = self.consultation.subject_id
        person = visible_people(self.actor).filter(pk=subject).first() if subject else None
        if person:
            log_read("resident", person.pk)
        return person

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        log_read("consultation", self.consultation.pk)  # 404 out of reach
        response = super().post(request, **ids)
        if self.refused:
            set_apart(actor=self.actor, consultation_id=self.kwargs["id"])
        return response

    def form(self, data: Any = None) -> forms.Form:
        call = self.consultation
        who = {"name": call.caller_name, "phone": call.caller_phone}
        said = {**who, "relationship": call.relationship}
        content = without_reporter(call.content, who)
        initial = {**said, "content": content, **victim_by_register(self.person)}
        return ReportForm(data, actor=self.actor, asks_when=False, initial=initial)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "consultation": self.consultation, "person": self.person}

    def act(self, form: forms.Form) -> str:
        call = self.consultation
        return self.take(
            consultation_id=call.pk,
            received_at=call.received_at,
            channel=call.channel,
            **said_in(form),
        )


class CaseReportView(TakeReport):
    """Report abuse on a case that one's agency leads; whoever supports reads which agency takes it."""

    @cached_property
    def case(self) -> Case:
        """The case in the address, if it is visible."""
        case = selectors.seen_case(self.actor, self.kwargs["id"])
        log_read("case", case.pk)
        log_read("resident", case.resident_id)
        return case

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(can_report_on(self.actor, self.case))
        if not self.case.is_open:
            raise Conflict(_("This case has ended. Record what you know now as a consultation."))
        return super().get(request, **ids)

    def form(self, data: Any = None) -> forms.Form:
        initial = victim_by_register(self.case.resident)
        return ReportForm(data, actor=self.actor, asks_when=True, initial=initial)

    def context(self) -> dict[str, Any]:
        there = reports_visible_to(self.actor).filter(case=self.case, status__in=sorted(ABUSE_OPEN))
        return {
            **super().context(),
            "case": self.case,
            "person": self.case.resident,
            "reported": list(there.order_by("-pk")[:1]),
            "crumbs": [(reverse("staff-case", args=[self.case.pk]), self.case.resident.name)],
        }

    def act(self, form: forms.Form) -> str:
        given = said_in(form)
        given["received_at"] = given["received_at"] or clock.now()
        return self.take(case_id=self.case.pk, **given)


class PersonReportView(StaffView):
    """From a person to where abuse is reported: a case that one's agency leads, or a new call."""

    abilities = {"get": "abuse.report", "post": "abuse.report"}

    @cached_property
    def person(self) -> Resident:
        """The person in the address, if they are visible."""
        found = get_object_or_404(visible_people(self.actor), pk=self.kwargs["id"])
        log_read("resident", found.pk)
        return found

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        led = []
        for case in selectors.of_resident(self.actor, resident=self.person.pk):
            if case.is_open and case.lead_agency_id == self.actor.agency_id:
                log_read("case", case.pk)
                led.append(case)
        context = {
            "person": self.person,
            "led": led,
            "crumbs": [(reverse("staff-resident", args=[id]), self.person.name)],
        }
        return self.show("staff/abuse/where.html", context)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Begin a consultation about this person, with abuse as its topic."""
        form, chosen = uuid4(), {"subject": [str(self.person.pk)], "topics": [Topic.ABUSE.value]}
        if not autosave.replace_draft(self.actor, form, chosen):
            raise Conflict(_("You have many drafts open. Finish or discard one of them first."))
        query = urlencode({autosave.FORM: str(form)})
        return redirect_to(request, f"{reverse('staff-consultation-new')}?{query}")


class ReferralReportView(StaffView):
    """From a referral to where abuse is reported: its case, or else its person."""

    abilities = {"get": "abuse.report"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        referral = get_object_or_404(visible_referrals(self.actor), pk=id)
        log_read("referral", referral.pk)
        if cases.visible_to(self.actor).filter(pk=referral.case_id).exists():
            return redirect_to(request, reverse("staff-case-abuse", args=[referral.case_id]))
        if not visible_people(self.actor).filter(pk=referral.resident_id).exists():
            raise NotFound
        return redirect_to(request, reverse("staff-resident-abuse", args=[referral.resident_id]))
