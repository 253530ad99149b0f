"""The steps of an abuse report, each on a page of its own: its words, its form, its action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from carenet.abuse import policy, selectors
from carenet.abuse.actions import decisions, report
from carenet.abuse.models import AbuseReport
from carenet.abuse.states import ABUSE_MOVES, FINDINGS, AbuseStatus, AbuseVerb, Evaluation, Finding
from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.audit.actions import log_read
from carenet.core.decisions import demand
from carenet.staff.pages.abuse import step_forms
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.versions import seen_version

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its button, the end of its address, its form and action, what is said afterwards.

    `words` say above the form what it means.
    """

    label: StrOrPromise
    name: str
    form: type[forms.Form]
    act: Callable[..., AbuseReport]
    done: StrOrPromise
    words: StrOrPromise = ""


#: The steps, in the order in which they are offered.
STEPS: dict[AbuseVerb, Step] = {
    AbuseVerb.HOLD_RECEPTION: Step(
        _("Record the reception meeting"),
        "reception",
        step_forms.Reception,
        report.record_reception_meeting,
        _("The reception meeting is recorded."),
        _("It says how urgent the report is, and whether the facts are checked."),
    ),
    AbuseVerb.CHECK_FACTS: Step(
        _("Record the fact check"),
        "facts",
        step_forms.FactCheck,
        report.check_facts,
        _("The fact check is recorded."),
        _("A finding from before no longer stands then; the story keeps it."),
    ),
    AbuseVerb.PROPOSE_DECISION: Step(
        _("Propose the decision"),
        "propose",
        step_forms.Proposal,
        decisions.propose_decision,
        _("The decision is proposed. It counts once another decider has confirmed it."),
        _("Nothing is decided before another decider confirms it, signed in as themselves."),
    ),
    AbuseVerb.DECIDE: Step(
        _("Confirm the decision"),
        "confirm",
        step_forms.Confirmation,
        decisions.confirm_decision,
        _("The decision stands: two have signed it."),
        _("Read the grounds. With your confirmation it is the decision of the municipality."),
    ),
    AbuseVerb.REJECT_DECISION: Step(
        _("Reject the decision"),
        "reject",
        step_forms.Reason,
        decisions.reject_decision,
        _("The proposed decision is rejected. The report stands where it was before."),
    ),
    AbuseVerb.WITHDRAW_DECISION: Step(
        _("Take the decision back"),
        "withdraw",
        step_forms.Reason,
        decisions.withdraw_decision,
        _("The proposed decision is taken back. The report stands where it was before."),
    ),
    AbuseVerb.PLAN: Step(
        _("Record the response plan"),
        "plan",
        step_forms.ResponsePlan,
        report.plan_response,
        _("The response plan is recorded."),
    ),
    AbuseVerb.EVALUATE: Step(
        _("Record the evaluation"),
        "evaluate",
        step_forms.ResponseEvaluation,
        report.evaluate,
        _("The evaluation is recorded."),
    ),
    AbuseVerb.CLOSE: Step(
        _("Close the report"),
        "close",
        step_forms.ReportClosing,
        report.close,
        _("The report is closed. The case goes on; it may be opened to others again."),
        _("What is due lapses, and the ward office's part in the case ends."),
    ),
    AbuseVerb.INVESTIGATE_ENTRY: Step(
        _("Record an entry investigation"),
        "entry",
        step_forms.Entry,
        report.investigate_entry,
        _("The entry investigation is recorded."),
    ),
    AbuseVerb.CLOSE_ELSEWHERE: Step(
        _("Close for another desk"),
        "elsewhere",
        step_forms.Elsewhere,
        report.close_elsewhere,
        _("The report is closed: another desk sees to it."),
    ),
}
#: What an action takes as a code of its own kind.
_CODES: dict[str, Callable[[str], Any]] = {"finding": Finding, "evaluation": Evaluation}


def step_address(report_id: UUID, verb: AbuseVerb) -> str:
    """Return the page of a step."""
    return reverse(f"staff-abuse-{STEPS[verb].name}", args=[report_id])


def report_address(report_id: UUID, done: str = "") -> str:
    """Return the page of a report, which says what was done."""
    page = reverse("staff-abuse-report", args=[report_id])
    return f"{page}?{urlencode({'done': done})}" if done else page


def report_of(actor: Actor, report_id: UUID) -> AbuseReport:
    """Return a visible report, which counts as seen, and so does its person."""
    found = get_object_or_404(selectors.reports_with_ways(actor), pk=report_id)
    log_read("abuse_report", found.pk)
    log_read("resident", found.case.resident_id)
    return found


def crumbs_of(report: AbuseReport) -> list[tuple[str, str]]:
    """Return what lies above a page of a report: the report, by its person."""
    return [(report_address(report.pk), report.case.resident.name)]


class OfReport(FormPage):
    """Base of the pages of one report."""

    @cached_property
    def report(self) -> AbuseReport:
        """The report in the address, for whoever is named to it."""
        return report_of(self.actor, self.kwargs["id"])

    def context(self) -> dict[str, Any]:
        return {"report": self.report, "crumbs": crumbs_of(self.report)}

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        log_read("abuse_report", self.report.pk)  # 404 out of reach, before anything is judged
        return super().post(request, **ids)


class StepView(OfReport):
    """Take a step; it sends the version of the report that was looked at."""

    template = "staff/abuse/step.html"
    verb: ClassVar[AbuseVerb] = AbuseVerb.HOLD_RECEPTION

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        ability = ABUSE_MOVES[self.verb].ability
        self.abilities = {"get": ability, "post": ability}  # type: ignore[misc]
        self.step = STEPS[self.verb]

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_take(self.actor, self.report, self.verb))
        ABUSE_MOVES.demand(self.verb, self.report.status, self.report.situation)
        return super().get(request, **ids)

    def form(self, data: Any = None) -> forms.Form:
        form = self.step.form(data)
        if isinstance(form, step_forms.Proposal):
            self._offer(form)
        return form

    def _offer(self, form: step_forms.Proposal) -> None:
        """Offer the people of the ward office, and the findings that the facts allow."""
        office = self.report.ward_office
        people = members_in_roles(office, {Role.STAFF, Role.MANAGER, Role.COORDINATOR})
        deciders: Any = form.fields["deciders"]
        deciders.queryset = people.order_by("name", "pk")
        deciders.label_from_instance = lambda each: each.name
        possible = FINDINGS.get(AbuseStatus(self.report.status))
        finding: Any = form.fields["finding"]
        if possible:
            finding.choices = [(each.value, each.label) for each in Finding if each in possible]

    def context(self) -> dict[str, Any]:
        proposed = self.report.proposed_finding
        return {
            **super().context(),
            "label": self.step.label,
            "words": self.step.words,
            "proposed": proposed and Finding(proposed).label,
        }

    def act(self, form: forms.Form) -> str:
        seen = seen_version(self.request, _("Open the report again, and do it from there."))
        given = {
            name: _CODES[name](value) if name in _CODES else value
            for name, value in form.cleaned_data.items()
        }
        self.step.act(actor=self.actor, report_id=self.kwargs["id"], version=seen, **given)
        return report_address(self.kwargs["id"], self.verb.value)
