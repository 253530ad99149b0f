"""An abuse report at the desk: what was reported, what is due, and the finding that two decide on."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.abuse import policy, selectors
from carenet.abuse.actions.decisions import (
    confirm_decision,
    propose_decision,
    reject_decision,
    withdraw_decision,
)
from carenet.abuse.actions.report import close_elsewhere
from carenet.abuse.models import AbuseReport, SuspectedAbuse
from carenet.abuse.states import ABUSE_MOVES, AbuseVerb, Finding
from carenet.agencies.actors import Actor
from carenet.agencies.models import User
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.audit.actions import log_read
from carenet.cases.selectors import cases
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import TypedMoment, text_field
from carenet.staff.pages.versions import seen_version


class ProposalForm(forms.Form):
    """What the core-member meeting decided."""

    happened_at = TypedMoment(label=gettext_lazy("When it was decided"))
    finding = forms.ChoiceField(
        label=gettext_lazy("Finding"), choices=Finding.choices, widget=forms.RadioSelect
    )
    text = text_field(gettext_lazy("Grounds"))
    deciders = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who decided"),
        help_text=gettext_lazy(
            "At least two. One of them who is named to the report, and is not you, confirms it."
        ),
        widget=forms.CheckboxSelectMultiple,
    )


class ConfirmationForm(forms.Form):
    """What else is to be said."""

    text = text_field(gettext_lazy("What else is to be said"), required=False)


class ReasonForm(forms.Form):
    """Why a proposed decision does not stand."""

    text = text_field(gettext_lazy("Why"))


class ElsewhereForm(ReasonForm):
    """Which desk sees to it, and why."""

    happened_at = TypedMoment(label=gettext_lazy("When it was passed on"))
    desk = forms.CharField(
        label=gettext_lazy("Which desk, and whom of it you reached"), max_length=200
    )
    field_order = ("desk", "happened_at", "text")


#: The steps that are taken at the desk: what each is called, and its part of the address.
STEPS = {
    AbuseVerb.PROPOSE_DECISION: (gettext_lazy("Propose the decision"), "staff-abuse-propose"),
    AbuseVerb.DECIDE: (gettext_lazy("Confirm the decision"), "staff-abuse-confirm"),
    AbuseVerb.REJECT_DECISION: (gettext_lazy("Reject the decision"), "staff-abuse-reject"),
    AbuseVerb.WITHDRAW_DECISION: (gettext_lazy("Take the decision back"), "staff-abuse-withdraw"),
    AbuseVerb.CLOSE_ELSEWHERE: (gettext_lazy("Close for another desk"), "staff-abuse-elsewhere"),
}


def report_of(actor: Actor, report_id: UUID) -> AbuseReport:
    """Return a visible report, which counts as seen."""
    report = get_object_or_404(selectors.abuse_reports(actor), pk=report_id)
    log_read("abuse_report", report.pk)
    return report


def transitions_for(actor: Actor, report: AbuseReport) -> list[dict[str, Any]]:
    """Return the steps that the actor may take now at the desk."""
    found = []
    for verb, (words, name) in STEPS.items():
        leads = ABUSE_MOVES.leads(verb, report.status, report.situation)
        fits = bool(report.elsewhere) == (verb is AbuseVerb.CLOSE_ELSEWHERE)
        if leads and fits and policy.can_take(actor, report, verb):
            found.append({"words": words, "address": reverse(name, args=[report.pk])})
    return found


class AbuseReportPage(StaffView):
    """One report, for those who are named to its case."""

    abilities = {"get": "abuse.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        report = report_of(self.actor, id)
        context = {
            "report": report,
            "suspected": [SuspectedAbuse(each).label for each in report.suspected],
            "proposed": report.proposed_finding and Finding(report.proposed_finding).label,
            "found": report.finding and Finding(report.finding).label,
            "steps": transitions_for(self.actor, report),
            "deadlines": list(report.deadlines.all()),
            "events": list(selectors.abuse_events(report).order_by("pk")),
            "case": cases(self.actor).filter(pk=report.case_id).first(),
        }
        return self.show("staff/abuse/page.html", context)


class TransitionPage(FormPage):
    """A step of a report; it sends the version that was looked at."""

    template = "staff/abuse/step.html"
    verb: ClassVar[AbuseVerb]

    def report(self) -> AbuseReport:
        return report_of(self.actor, self.kwargs["id"])

    def context(self) -> dict[str, Any]:
        report = self.report()
        proposed = report.proposed_finding and Finding(report.proposed_finding).label
        return {"report": report, "words": STEPS[self.verb][0], "proposed": proposed}

    def act(self, form: forms.Form) -> str:
        self.report()  # 404 for one that is out of reach
        seen = seen_version(self.request, _("Open the report again, and do it from there."))
        self.take(actor=self.actor, report_id=self.kwargs["id"], version=seen, **form.cleaned_data)
        return reverse("staff-abuse-report", args=[self.kwargs["id"]])

    def take(self, **given: Any) -> None:
        """Take the step."""
        raise NotImplementedError


class ProposeView(TransitionPage):
    """Propose what was found: nothing is decided before another one confirms it."""

    abilities = {"get": "abuse.decide", "post": "abuse.decide"}
    verb = AbuseVerb.PROPOSE_DECISION

    def form(self, data: Any = None) -> forms.Form:
        form = ProposalForm(data)
        office = self.report().ward_office
        people = members_in_roles(office, {Role.STAFF, Role.MANAGER, Role.COORDINATOR})
        form.fields["deciders"].queryset = people  # type: ignore[attr-defined]
        return form

    def take(self, **given: Any) -> None:
        finding, deciders = Finding(given.pop("finding")), list(given.pop("deciders"))
        propose_decision(finding=finding, deciders=deciders, **given)


class ConfirmView(TransitionPage):
    """Confirm what another one proposed."""

    abilities = {"get": "abuse.confirm", "post": "abuse.confirm"}
    form_class = ConfirmationForm
    verb = AbuseVerb.DECIDE

    def take(self, **given: Any) -> None:
        confirm_decision(**given)


class RejectView(TransitionPage):
    """Reject what another one proposed."""

    abilities = {"get": "abuse.confirm", "post": "abuse.confirm"}
    form_class = ReasonForm
    verb = AbuseVerb.REJECT_DECISION

    def take(self, **given: Any) -> None:
        reject_decision(**given)


class WithdrawView(TransitionPage):
    """Take back what one has proposed."""

    abilities = {"get": "abuse.decide", "post": "abuse.decide"}
    form_class = ReasonForm
    verb = AbuseVerb.WITHDRAW_DECISION

    def take(self, **given: Any) -> None:
        withdraw_decision(**given)


class ElsewhereView(TransitionPage):
    """Close a report for which another desk is competent."""

    abilities = {"get": "abuse.decide", "post": "abuse.decide"}
    form_class = ElsewhereForm
    verb = AbuseVerb.CLOSE_ELSEWHERE

    def take(self, **given: Any) -> None:
        close_elsewhere(**given)
