"""At which pace the agency's own people are chased: in general, and with single partners."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies import selectors
from carenet.agencies.actions import add_chasing_rule, change_chasing_rule, remove_chasing_rule
from carenet.agencies.models import ChasingRule, ChasingStage
from carenet.agencies.models.chasing_rule import LONGEST_BETWEEN, LONGEST_TO_DUE
from carenet.core.models import get_visible
from carenet.staff.pages.agency_choice import AgencyField
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.pagination import Lists
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.versions import seen_version

#: As many rules as the list shows at first.
MOST = 100
#: What the page says of what was done just now.
DONE: dict[str, Any] = {
    "saved": gettext_lazy("The pace is set. Steps that fall due from now on follow it."),
    "removed": gettext_lazy("The rule is gone: the usual pace holds again."),
}


@dataclass(frozen=True, slots=True)
class Usual:
    """The pace of the installation at one stage, in working days."""

    stage: str
    days_to_due: str


def usual_paces() -> list[Usual]:
    """Return what holds where the agency has no rule."""
    answer = settings.REFERRAL_ANSWER_WORKING_DAYS
    days: dict[str, str] = {
        ChasingStage.ANSWER: _("%(few)s to %(many)s, by urgency")
        % {"few": min(answer.values()), "many": max(answer.values())},
        ChasingStage.START: str(settings.REFERRAL_START_WORKING_DAYS),
        ChasingStage.PROGRESS: str(settings.REFERRAL_PROGRESS_WORKING_DAYS),
        ChasingStage.SENDER: str(settings.REFERRAL_SENDER_WORKING_DAYS),
    }
    return [Usual(str(stage.label), days[stage]) for stage in ChasingStage]


class ChasingRulesView(StaffView):
    """The pace that holds where nothing else is said, and the agency's own rules."""

    abilities = {"get": "agencies.manage_chasing"}

    def get(self, request: HttpRequest) -> HttpResponse:
        lists = Lists(request)
        rules = selectors.chasing_rules(self.actor).order_by("stage", "partner__name_kana", "id")
        context = {
            "usual": usual_paces(),
            "between": settings.REFERRAL_CHASE_WORKING_DAYS,
            "rules": lists.first("rules", rules, MOST),
            "cuts": lists.cuts,
            "done": DONE.get(request.GET.get("done", ""), ""),
        }
        return self.show("staff/own_agency/chasing_rules.html", context)


class PaceForm(forms.Form):
    """The pace, in working days of the agency; empty: the usual one."""

    days_to_due = forms.IntegerField(
        label=gettext_lazy("Working days until it is due"),
        required=False,
        min_value=1,
        max_value=LONGEST_TO_DUE,
        help_text=gettext_lazy("Empty: as usual."),
    )
    days_between = forms.IntegerField(
        label=gettext_lazy("Working days between two reminders"),
        required=False,
        min_value=1,
        max_value=LONGEST_BETWEEN,
        help_text=gettext_lazy("Empty: as usual."),
    )
    switched_off = forms.BooleanField(
        label=gettext_lazy("Do not remind our own people"),
        required=False,
        help_text=gettext_lazy("Others are told all the same, and what is overdue stays overdue."),
    )


class NewRuleForm(PaceForm):
    """For which stage and partner."""

    stage = forms.ChoiceField(label=gettext_lazy("Chased for"), choices=ChasingStage.choices)
    partner = AgencyField(
        label=gettext_lazy("With which partner"),
        required=False,
        help_text=gettext_lazy("Empty: with all that have no rule of their own."),
    )
    field_order = ["stage", "partner"]


class ChasingPage(FormPage):
    """Base of the two forms."""

    abilities = {"get": "agencies.manage_chasing", "post": "agencies.manage_chasing"}
    template = "staff/own_agency/chasing_rule.html"
    rule: ChasingRule | None = None

    def context(self) -> dict[str, Any]:
        crumbs = [(reverse("staff-chasing"), _("Pace of reminders"))]
        return {"crumbs": crumbs, "rule": self.rule}


class NewRuleView(ChasingPage):
    """Set the pace at a stage, with one partner or with all others."""

    form_class = NewRuleForm

    def form(self, data: Any = None) -> forms.Form:
        form = NewRuleForm(data)
        partner: Any = form.fields["partner"]
        partner.offer(self.actor, but=[self.actor.agency_id])
        return form

    def act(self, form: forms.Form) -> str:
        add_chasing_rule(actor=self.actor, agency=self.actor.agency, **form.cleaned_data)
        return reverse("staff-chasing") + "?done=saved"


class RuleView(ChasingPage):
    """Change a pace."""

    form_class = PaceForm

    @cached_property
    def rule(self) -> ChasingRule:  # type: ignore[override]
        """The rule in the address; raises `NotFound` out of reach."""
        found: ChasingRule = get_visible(selectors.chasing_rules(self.actor), pk=self.kwargs["id"])
        return found

    @property
    def version(self) -> int:
        """The version that was looked at; raises `PreconditionRequired` without."""
        return seen_version(self.request, _("Open the rule again."))

    def form(self, data: Any = None) -> forms.Form:
        names = PaceForm.base_fields
        return PaceForm(data, initial={name: getattr(self.rule, name) for name in names})

    def act(self, form: forms.Form) -> str:
        change_chasing_rule(
            actor=self.actor, rule=self.rule, version=self.version, **form.cleaned_data
        )
        return reverse("staff-chasing") + "?done=saved"


class RemoveRuleView(RuleView):
    """Let the usual pace hold again."""

    abilities = {"post": "agencies.manage_chasing"}
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        remove_chasing_rule(actor=self.actor, rule=self.rule, version=self.version)
        return redirect_to(request, reverse("staff-chasing") + "?done=removed")
