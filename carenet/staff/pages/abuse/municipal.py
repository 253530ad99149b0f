"""What the ward office sets: by when the steps of a report are due, and the desks for other abuse.

Everybody may read it; nothing of it is law unless its source says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.abuse.actions.deadlines import set_rule
from carenet.abuse.actions.other_desks import set_desk
from carenet.abuse.models import DeadlineRule, OtherDesk
from carenet.abuse.selectors.desks import desks_for
from carenet.abuse.states import DEADLINE_STEPS, STEPS_WITH_DEADLINE, AbuseVerb
from carenet.abuse.states.desks import AllegedOf, DeskKind, ProcedureVictim
from carenet.agencies.actions.municipal_settings import end_setting
from carenet.agencies.models.municipal_setting import MunicipalSettingModel
from carenet.agencies.policy.municipal_settings import can_manage_settings_of
from carenet.agencies.selectors.municipal_settings import municipal_settings
from carenet.core import clock
from carenet.core.decisions import Decision, demand
from carenet.deadlines.selectors import all_in_force
from carenet.deadlines.states import RuleBasis
from carenet.staff.pages.abuse.clock import basis_words, count_words
from carenet.staff.pages.base import FormPage
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.pagination import Lists
from carenet.staff.times import Direction

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: As many settings as a page tells at once, ended ones and those to come too.
LATEST = 50
HOURS, WORKING_DAYS = "hours", "working_days"
_FROM = gettext_lazy("Left empty: from now on. For example あした or 4/1.")


def beginning(day: date | None) -> datetime | None:
    """Return when a setting of this day begins or ends; None for now."""
    return None if day in {None, clock.today()} else clock.midnight(day)


class RuleForm(forms.Form):
    """A new rule: for which step of which reports, how long, and what it rests on."""

    step = forms.ChoiceField(label=gettext_lazy("For which step"), choices=STEPS_WITH_DEADLINE)
    victim = forms.ChoiceField(
        label=gettext_lazy("For reports about whom"),
        choices=ProcedureVictim.choices,
        widget=forms.RadioSelect,
    )
    count = forms.IntegerField(label=gettext_lazy("How much time"), min_value=1, max_value=9999)
    unit = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[
            (HOURS, gettext_lazy("hours by the clock")),
            (WORKING_DAYS, gettext_lazy("working days of the ward office")),
        ],
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("What it rests on"),
        choices=RuleBasis.choices,
        help_text=gettext_lazy("Say “law” only of what stands in a law."),
        widget=forms.RadioSelect,
    )
    basis_text = forms.CharField(
        label=gettext_lazy("Which law, guideline or local rule"), max_length=300
    )
    valid_from = TypedDay(
        label=gettext_lazy("From which day"),
        required=False,
        direction=Direction.AHEAD,
        help_text=_FROM,
    )


class DeskForm(forms.Form):
    """A new desk; without a day nobody has checked it."""

    kind = forms.ChoiceField(label=gettext_lazy("For what"), choices=DeskKind.choices)
    name = forms.CharField(label=gettext_lazy("Name of the desk"), max_length=200)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30)
    hours = forms.CharField(label=gettext_lazy("Hours"), max_length=200)
    source = forms.CharField(label=gettext_lazy("Where this is published"), max_length=300)
    checked_on = TypedDay(
        label=gettext_lazy("Checked on"),
        required=False,
        help_text=gettext_lazy("Left empty: nobody has checked it, and the page says so."),
    )
    valid_from = TypedDay(
        label=gettext_lazy("From which day"),
        required=False,
        direction=Direction.AHEAD,
        help_text=_FROM,
    )


class SettingEnd(forms.Form):
    """When it ends."""

    until = TypedDay(
        label=gettext_lazy("From which day it no longer counts"),
        required=False,
        direction=Direction.AHEAD,
        help_text=gettext_lazy("Left empty: now. For example あした or 4/1."),
    )


class SettingsView(FormPage):
    """Base: what counts now, what is set, and the form for another one, for those who may set it."""

    setting: ClassVar[type[MunicipalSettingModel]]
    page: ClassVar[str]
    label: ClassVar[StrOrPromise]

    @cached_property
    def may_set(self) -> Decision:
        """Whether the actor sets this for the municipality of their agency."""
        code = self.actor.agency.municipality_code
        return can_manage_settings_of(self.actor, self.setting, code)

    def context(self) -> dict[str, Any]:
        code, lists = self.actor.agency.municipality_code, Lists(self.request)
        found = municipal_settings(self.actor, self.setting).filter(municipality_code=code)
        return {
            "rows": lists.first("rows", found.order_by("-valid_from", "-pk"), LATEST),
            "cuts": lists.cuts,
            "now": clock.now(),
            "label": self.label,
            "may_set": self.may_set,
            "denials": [] if self.may_set else [self.may_set],
            "done": _DONE.get(self.request.GET.get("done", ""), ""),
        }

    def done(self, what: str) -> str:
        """Return this page, which says what was done."""
        return f"{reverse(self.page)}?done={what}"


_DONE = {
    "set": gettext_lazy("It is set. What was due before stays as it was."),
    "ended": gettext_lazy("It ends then. What was due before stays as it was."),
}


@dataclass(frozen=True, slots=True)
class InForce:
    """What counts for a step now: for each kind of report the time and what it rests on."""

    step: StrOrPromise
    rules: list[tuple[StrOrPromise, str, StrOrPromise, str]]


class RulesView(SettingsView):
    """By when the steps of a report are due in one's municipality, and by which rule."""

    abilities = {"get": "deadlines.view", "post": "deadlines.manage"}
    form_class = RuleForm
    template = "staff/abuse/rules.html"
    setting, page = DeadlineRule, "staff-deadline-rules"
    label = gettext_lazy("Deadlines of abuse reports")

    def context(self) -> dict[str, Any]:
        context = super().context()
        context["rows"] = [(each, count_words(each.step, each)) for each in context["rows"]]
        return {**context, "steps": list(map(self.step, DEADLINE_STEPS))}

    @cached_property
    def in_force(self) -> dict[tuple[str, ...], DeadlineRule]:
        """The rules that count now, by step and kind of report."""
        return all_in_force(DeadlineRule, self.actor.agency.municipality_code, clock.now())

    def step(self, name: str) -> InForce:
        """Return what counts for a step, the default of the service where nothing is set."""
        told: list[tuple[StrOrPromise, str, StrOrPromise, str]] = []
        for victim in ProcedureVictim:
            rule = self.in_force.get((name, victim.value, AllegedOf.CAREGIVER.value))
            ground: Any = rule or DEADLINE_STEPS[name].default
            if ground:
                words = (count_words(name, ground), basis_words(ground), str(ground.basis_text))
                told.append((victim.label, *words))
            else:
                told.append((victim.label, _("no deadline"), "", ""))
        return InForce(AbuseVerb(name).label, told)

    def act(self, form: forms.Form) -> str:
        given = dict(form.cleaned_data)
        count, unit = given.pop("count"), given.pop("unit")
        given["valid_from"] = beginning(given["valid_from"])
        set_rule(actor=self.actor, alleged=AllegedOf.CAREGIVER.value, **{unit: count}, **given)
        return self.done("set")


class DesksView(SettingsView):
    """Whom to telephone about abuse that the procedure is not for, where one's agency is."""

    abilities = {"get": "other_desks.view", "post": "other_desks.manage"}
    form_class = DeskForm
    template = "staff/abuse/other_desks.html"
    setting, page = OtherDesk, "staff-other-desks"
    label = gettext_lazy("Desks for other abuse")

    def context(self) -> dict[str, Any]:
        desks = desks_for(self.actor.agency.municipality_code, list(DeskKind))
        return {**super().context(), "desks": desks}

    def act(self, form: forms.Form) -> str:
        given = dict(form.cleaned_data)
        given["valid_from"] = beginning(given["valid_from"])
        set_desk(actor=self.actor, **given)
        return self.done("set")


class EndSettingView(SettingsView):
    """Base: end a setting, now or from a day on."""

    form_class = SettingEnd
    template = "staff/abuse/setting_end.html"

    @cached_property
    def row(self) -> MunicipalSettingModel:
        """The setting in the address."""
        found: MunicipalSettingModel = get_object_or_404(
            municipal_settings(self.actor, self.setting), pk=self.kwargs["id"]
        )
        return found

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(can_manage_settings_of(self.actor, self.setting, self.row.municipality_code))
        return super().get(request, **ids)

    def context(self) -> dict[str, Any]:
        return {"row": self.row, "label": self.label, "back": reverse(self.page)}

    def act(self, form: forms.Form) -> str:
        end = partial(end_setting, self.setting)
        until = beginning(form.cleaned_data["until"])
        end(actor=self.actor, setting_id=self.kwargs["id"], until=until)
        return self.done("ended")


class EndRuleView(EndSettingView):
    """End a rule; deadlines that are set by it stay."""

    abilities = {"get": "deadlines.manage", "post": "deadlines.manage"}
    setting, page = DeadlineRule, "staff-deadline-rules"
    label = gettext_lazy("End the rule")


class EndDeskView(EndSettingView):
    """End a desk."""

    abilities = {"get": "other_desks.manage", "post": "other_desks.manage"}
    setting, page = OtherDesk, "staff-other-desks"
    label = gettext_lazy("End the desk")
