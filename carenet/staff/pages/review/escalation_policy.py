"""An agency's own escalation policy: what would change, for whom, and then kept or given up again."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies.models import Agency
from carenet.core.decisions import demand
from carenet.core.errors import CarenetError, Invalid
from carenet.reminders.escalation import Hours, PolicyStep
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.durations import DurationField, duration_text
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.review.base import WatchView
from carenet.staff.pages.versions import version_in
from carenet.watchover import policy
from carenet.watchover.actions.escalation_policies import demand_sound, remove_policy, set_policy
from carenet.watchover.escalation import DEFAULT_POLICIES, Policy, Tier
from carenet.watchover.selectors.escalation import affected_by, policy_of, policy_row
from carenet.watchover.states import AlertKind

#: As many steps as an agency's own escalation policy may have, and as long as one may wait.
MOST_STEPS, LONGEST_WAIT, LONGEST_PAUSE = 8, 7 * 24 * 60, 24 * 60
_MINUTE = timedelta(minutes=1)


class PolicyStepForm(forms.Form):
    """One step of an escalation policy; one without a group is left out."""

    tier = forms.ChoiceField(
        label=gettext_lazy("Who is told"), choices=[("", "–"), *Tier.choices], required=False
    )
    after_minutes = DurationField(
        label=gettext_lazy("How long after the beginning"),
        least=0,
        most=LONGEST_WAIT,
        required=False,
    )
    hours = forms.ChoiceField(
        label=gettext_lazy("At which hours"), choices=Hours.choices, required=False
    )
    channel = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("tier") and given.get("after_minutes") is None and not self.errors:
            self.add_error("after_minutes", _("Say how long after the beginning."))
        return given


class RepeatForm(forms.Form):
    """How often the last step comes again, and for how long somebody may have it in hand."""

    repeat_minutes = DurationField(
        label=gettext_lazy("After how long the last step comes again"), least=1, most=LONGEST_PAUSE
    )
    acknowledged_minutes = DurationField(
        label=gettext_lazy("How long whoever takes it on has, unless they say until when"),
        least=1,
        most=LONGEST_PAUSE,
        required=False,
    )


Steps = forms.formset_factory(PolicyStepForm, extra=0, max_num=MOST_STEPS, validate_max=True)


class PolicyPage(StaffView):
    """Base of the pages on the policy of an agency, beside another one that is sent along.

    Subclasses say whose it is (`agency`), of which `kind` of alert, and where `back` leads. First the
    page says what would change and for whom; then the escalation policy is kept. What lost a race is
    shown again beside the escalation policy that holds by now.
    """

    abilities = {"get": "watch.escalate", "post": "watch.escalate"}

    @property
    def named_kind(self) -> str:
        """What the address says of the kind of alert."""
        raise NotImplementedError

    @property
    def agency(self) -> Agency:
        """Whose escalation policy it is."""
        raise NotImplementedError

    @property
    def back(self) -> str:
        """Where one goes once it is kept or given up."""
        raise NotImplementedError

    @cached_property
    def kind(self) -> AlertKind:
        """Return the kind of alert that is asked for; raises `Http404` for none."""
        try:
            return AlertKind(self.named_kind)
        except ValueError:
            raise Http404 from None

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        """Show the escalation policy that holds, and the default policy that would take its place."""
        demand(policy.can_manage_escalation(self.actor, self.agency))
        row = policy_row(self.agency, self.kind)
        after = DEFAULT_POLICIES[self.kind] if row.is_own else None
        return self.page(after=after, giving_up=row.is_own)

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        """Show what would change.

        Once that was seen, keep the escalation policy, or go back to the default policy.
        """
        demand(policy.can_manage_escalation(self.actor, self.agency))
        if "remove" in request.POST:
            return self.settled(None)
        steps, again = sent_forms(request.POST)
        try:
            escalation = policy_from(steps, again)
            demand_sound(self.kind, escalation)
        except Invalid as error:
            said = [str(each) for each in error.fields.values()]
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return self.page(refused=said, steps=steps, again=again, status=status)
        if "keep" in request.POST:
            return self.settled(escalation, steps, again)
        return self.page(after=escalation, steps=steps, again=again)

    def settled(self, escalation: Policy | None, *sent: Any) -> HttpResponse:
        """Keep an escalation policy, or give up the agency's own; say what lost a race."""
        given: dict[str, Any] = {
            "actor": self.actor,
            "agency": self.agency,
            "kind": self.kind,
            "version": version_in(self.request),
        }
        try:
            with transaction.atomic():
                if escalation:
                    set_policy(escalation=escalation, **given)
                else:
                    remove_policy(**given)
        except CarenetError as error:
            said = [str(error.detail or error.title)]
            shown = dict(zip(("steps", "again"), sent, strict=False))
            after = escalation or DEFAULT_POLICIES[self.kind]
            more = {"giving_up": escalation is None, **shown}
            return self.page(after=after, refused=said, status=error.status, **more)
        return redirect_to(self.request, self.back)

    def page(self, status: int = 200, after: Policy | None = None, **more: Any) -> HttpResponse:
        row = policy_row(self.agency, self.kind)
        watches, alerts = affected_by(self.agency, self.kind)
        context = {
            "agency": self.agency,
            "kind": self.kind,
            "version": row.version,
            "own": row.is_own,
            "before": policy_lines(policy_of(self.agency, self.kind)),
            "after": policy_lines(after) if after else [],
            "watches": watches,
            "alerts": alerts,
            **more,
        }
        return self.show("staff/review/ladder.html", context, status=status)


class EscalationPolicyView(WatchView, PolicyPage):
    """The policy of the agency that answers for a watch."""

    @property
    def named_kind(self) -> str:
        return self.request.GET.get("kind", "")

    @property
    def agency(self) -> Agency:
        return self.watch.responsible_agency

    @property
    def back(self) -> str:
        return reverse("staff-watch", args=[self.watch.pk])

    def page(self, status: int = 200, after: Policy | None = None, **more: Any) -> HttpResponse:
        return super().page(status, after, watch=self.watch, **more)


class OwnPoliciesView(StaffView):
    """The kinds of alert, and whether the agency has an escalation policy of its own for each."""

    abilities = {"get": "watch.escalate"}

    def get(self, request: HttpRequest) -> HttpResponse:
        agency = self.actor.agency
        demand(policy.can_manage_escalation(self.actor, agency))
        kinds = [(kind, policy_row(agency, kind).is_own) for kind in AlertKind]
        return self.show(
            "staff/review/ladders.html", {"kinds": kinds, "done": "done" in request.GET}
        )


class OwnPolicyView(PolicyPage):
    """The policy of the actor's own agency for one kind of alert: what holds, as a form.

    `?house` shows what the default policy would change.
    """

    @property
    def named_kind(self) -> str:
        return str(self.kwargs["kind"])

    @property
    def agency(self) -> Agency:
        return self.actor.agency

    @property
    def back(self) -> str:
        return reverse("staff-ladders") + "?done"

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        demand(policy.can_manage_escalation(self.actor, self.agency))
        if "house" in request.GET:
            return super().get(request, **ids)
        steps, again = forms_of(policy_of(self.agency, self.kind))
        return self.page(steps=steps, again=again)

    def page(self, status: int = 200, after: Policy | None = None, **more: Any) -> HttpResponse:
        crumbs = [(reverse("staff-ladders"), _("Who is told, in which order"))]
        return super().page(status, after, crumbs=crumbs, **more)


def policy_lines(escalation: Policy) -> list[str]:
    """Say an escalation policy line by line."""
    steps = [
        _("after %(time)s: %(tier)s, %(hours)s")
        % {"time": _said(step.after), "tier": step.tier.label, "hours": step.hours.label}
        + (f" ({step.channel})" if step.channel else "")
        for step in escalation.steps
    ]
    repeated = _("the last step again every %(time)s until somebody takes it on")
    held = _("whoever takes it on has %(time)s")
    return [
        *steps,
        repeated % {"time": _said(escalation.repeat_every)},
        held % {"time": _said(escalation.acknowledged_for)},
    ]


def _said(time: timedelta) -> str:
    return duration_text(time // _MINUTE)


def sent_forms(data: Any) -> tuple[Any, RepeatForm]:
    """Return the forms with what was sent."""
    return Steps(data), RepeatForm(data)


def forms_of(escalation: Policy) -> tuple[Any, RepeatForm]:
    """Return an escalation policy as forms, with room for another two steps."""
    given: list[dict[str, Any]] = [
        {
            "tier": step.tier,
            "after_minutes": step.after // _MINUTE,
            "hours": step.hours,
            "channel": step.channel,
        }
        for step in escalation.steps
    ]
    given += [{}] * min(2, MOST_STEPS - len(given))
    again = {
        "repeat_minutes": escalation.repeat_every // _MINUTE,
        "acknowledged_minutes": escalation.acknowledged_for // _MINUTE,
    }
    return Steps(initial=given), RepeatForm(initial=again)


def policy_from(steps: Any, again: RepeatForm) -> Policy:
    """Return the escalation policy that was sent; raises `Invalid` for one that is none."""
    if not steps.is_valid() or not again.is_valid():
        raise Invalid({"steps": _("Correct what is marked.")})
    sent = tuple(
        PolicyStep(
            Tier(each["tier"]),
            each["after_minutes"] * _MINUTE,
            Hours(each.get("hours") or Hours.ALWAYS),
            each.get("channel", ""),
        )
        for each in (form.cleaned_data for form in steps)
        if each.get("tier")
    )
    if not sent:
        raise Invalid({"steps": _("Name at least one step.")})
    given = again.cleaned_data
    held = given.get("acknowledged_minutes")
    usual = Policy(sent, given["repeat_minutes"] * _MINUTE)
    return Policy(sent, usual.repeat_every, held * _MINUTE) if held else usual
