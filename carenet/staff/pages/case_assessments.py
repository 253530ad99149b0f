"""Assessments of a case: how each agency sees it, version by version; and a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.cases import policy, selectors
from carenet.cases.actions.assessments import assess
from carenet.cases.models import Assessment, AssessmentDomain, AssessmentOccasion, Concern
from carenet.core.decisions import demand
from carenet.core.errors import Conflict
from carenet.staff.pages.case_steps import CaseStepPage
from carenet.staff.pages.form_fields import TypedDay, text_field
from carenet.staff.pages.pagination import Lists

#: As many versions as the page tells by itself.
LATEST = 10


class AssessmentForm(forms.Form):
    """An assessment: why, when, domain by domain, and as a whole; it begins as the one before ended."""

    occasion = forms.ChoiceField(
        label=gettext_lazy("Why it is written"),
        choices=AssessmentOccasion.choices,
        widget=forms.RadioSelect,
    )
    assessed_on = TypedDay(label=gettext_lazy("As seen on"), initial="今日")
    overall = text_field(gettext_lazy("As a whole"), 10_000, required=False)

    def __init__(self, data: Any = None, *, before: Assessment | None = None) -> None:
        known = {each.domain: each for each in before.findings.all()} if before else {}
        initial: dict[str, Any] = {"overall": before.overall} if before else {}
        initial["occasion"] = (
            AssessmentOccasion.REVIEW.value if before else AssessmentOccasion.FIRST.value
        )
        for domain, each in known.items():
            initial |= {f"{domain}_concern": each.concern, f"{domain}_text": each.text}
        super().__init__(data, initial=initial)
        for domain in AssessmentDomain:
            self.fields[f"{domain.value}_concern"] = forms.ChoiceField(
                label=_("How much there is to worry about"),
                choices=[("", _("not looked at")), *Concern.choices],
                required=False,
            )
            self.fields[f"{domain.value}_text"] = text_field(
                _("In words"), 5000, rows=2, required=False
            )
        if before is None:
            field: Any = self.fields["occasion"]
            field.choices = [
                each for each in field.choices if each[0] != AssessmentOccasion.CORRECTION
            ]

    @property
    def heads(self) -> list[Any]:
        """The fields above the domains."""
        return [self["occasion"], self["assessed_on"]]

    @property
    def domains(self) -> list[tuple[str, list[Any]]]:
        """The fields of each domain, with its name."""
        return [
            (str(each.label), [self[f"{each.value}_concern"], self[f"{each.value}_text"]])
            for each in AssessmentDomain
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for each in AssessmentDomain:
            if given.get(f"{each.value}_text") and not given.get(f"{each.value}_concern"):
                self.add_error(f"{each.value}_concern", _("Say how much there is to worry about."))
        if not self.errors and not self._findings(given):
            self.add_error(None, _("Say something of one part of life at least."))
        return given

    @staticmethod
    def _findings(given: dict[str, Any]) -> list[dict[str, str]]:
        return [
            {
                "domain": each.value,
                "concern": given[f"{each.value}_concern"],
                "text": given[f"{each.value}_text"],
            }
            for each in AssessmentDomain
            if given.get(f"{each.value}_concern")
        ]

    @property
    def told(self) -> dict[str, Any]:
        """What the action is told."""
        given = self.cleaned_data
        heads = {name: given[name] for name in ("occasion", "assessed_on", "overall")}
        return heads | {"findings": self._findings(given)}


class AssessmentsPage(CaseStepPage):
    """All assessments of a case, the latest first."""

    abilities = {"get": "cases.view"}
    template = "staff/cases/assessments.html"
    label = gettext_lazy("Assessments")

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return self.show(self.template, self.context())

    def context(self) -> dict[str, Any]:
        lists = Lists(self.request)
        rows = selectors.assessments(self.actor, self.case).order_by("-id")
        found = lists.first("assessments", rows, LATEST)
        for each in found:
            log_read("assessment", each.pk)
        write = policy.can_assess(self.actor, self.case)
        done = "done" in self.request.GET
        return {
            **super().context(),
            "assessments": found,
            "cuts": lists.cuts,
            "write": write and self.case.is_open,
            "denials": [] if write else [write],
            "done": _("The assessment is kept. Next: agree on a plan with the person.")
            if done
            else "",
        }


class NewAssessmentView(CaseStepPage):
    """Write an assessment; it begins with what one's agency wrote last."""

    abilities = {"get": "cases.view", "post": "cases.assess"}
    template = "staff/cases/assessment_form.html"
    label = gettext_lazy("Write an assessment")

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_assess(self.actor, self.case))
        if not self.case.is_open:
            raise Conflict(_("This case has ended. Reopen it first."))
        return super().get(request, **ids)

    @cached_property
    def before(self) -> Assessment | None:
        """What one's agency wrote last."""
        own = selectors.assessments(self.actor, self.case).filter(
            author_agency=self.actor.agency_id
        )
        return own.order_by("-number").first()

    def form(self, data: Any = None) -> Any:
        return AssessmentForm(data, before=self.before)

    def context(self) -> dict[str, Any]:
        shown = super().context()
        there = reverse("staff-case-assessments", args=[self.case.pk])
        return {
            **shown,
            "crumbs": [*shown["crumbs"], (there, AssessmentsPage.label)],
            "back": there,
            "version": self.before.number if self.before else 0,
        }

    def act(self, form: Any) -> str:
        seen = self.version()
        assess(actor=self.actor, case_id=self.kwargs["id"], begun_with=seen, **form.told)
        return f"{reverse('staff-case-assessments', args=[self.kwargs['id']])}?done"
