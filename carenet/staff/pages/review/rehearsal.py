"""A rehearsal in three steps: when, by which escalation policy, and what would follow.

Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.core.decisions import demand
from carenet.core.errors import Invalid
from carenet.reminders.actions.delivery_times import channels_to
from carenet.staff.pages.form_fields import TypedDay, TypedMomentAhead
from carenet.staff.pages.review.base import WatchView
from carenet.staff.pages.review.escalation_policy import forms_of, policy_from, sent_forms
from carenet.staff.times import Direction
from carenet.watchover import policy
from carenet.watchover.actions.escalation_policies import demand_sound
from carenet.watchover.escalation import Policy
from carenet.watchover.selectors.escalation import PlannedStep, policy_of
from carenet.watchover.selectors.rehearsal import rehearse, step_text
from carenet.watchover.states import AlertKind

#: How people are told, in words; any other by its name.
_CHANNELS = {
    "inbox": gettext_lazy("list of today"),
    "email": gettext_lazy("e-mail"),
}


#: What is written for whoever runs the service tells nobody of the agency anything.
LOG = "console"


class WhenForm(forms.Form):
    """What is supposed to happen: a day on which nobody looks in, or an alert at a moment."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is supposed to happen"), choices=AlertKind.choices
    )
    missed_on = TypedDay(
        direction=Direction.AHEAD,
        label=gettext_lazy("A day on which nobody looks in"),
        required=False,
    )
    began_at = TypedMomentAhead(
        label=gettext_lazy("Or the moment at which an alert begins"), required=False
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("missed_on")) == bool(given.get("began_at")):
            self.add_error("missed_on", _("Give either a day or the moment at which it begins."))
        elif given.get("missed_on") and given.get("kind") != AlertKind.WATCHER_SILENT:
            self.add_error("kind", _("A missed day makes a silent watcher. Give a moment instead."))
        return given


class RehearsalView(WatchView):
    """The day or moment stands in the address; the escalation policy, not saved yet, is sent along."""

    abilities = {"get": "watch.view", "post": "watch.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Ask when; once it is known, show what the escalation policy that holds would do."""
        demand(policy.can_rehearse(self.actor, self.watch))
        if "kind" not in request.GET:
            kind = AlertKind.WATCHER_SILENT
            return self.page(WhenForm(initial={"kind": kind}))
        when = WhenForm(request.GET)
        if not when.is_valid():
            return self.page(when, status=422)
        proposed = policy_of(self.watch.responsible_agency, when.cleaned_data["kind"])
        return self.rehearsed(when, *forms_of(proposed), proposed)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Show what another escalation policy would do."""
        demand(policy.can_rehearse(self.actor, self.watch))
        when, (steps, again) = WhenForm(request.GET), sent_forms(request.POST)
        if not when.is_valid():
            return self.page(when, status=422)
        try:
            proposed = policy_from(steps, again)
        except Invalid as refused:
            said = [str(each) for each in refused.fields.values()]
            return self.page(when, steps=steps, again=again, refused=said, status=422)
        return self.rehearsed(when, steps, again, proposed)

    def rehearsed(self, when: WhenForm, steps: Any, again: Any, proposed: Policy) -> HttpResponse:
        """Show what follows, or why this escalation policy cannot be."""
        given = when.cleaned_data
        kind = AlertKind(given["kind"])
        try:
            demand_sound(kind, proposed)
            found = rehearse(
                self.watch,
                kind,
                missed_on=given["missed_on"],
                began_at=given["began_at"],
                proposed=proposed,
            )
        except Invalid as refused:
            said = [str(each) for each in refused.fields.values()]
            return self.page(when, steps=steps, again=again, refused=said, status=refused.status)
        told = [RehearsedStep(each) for each in found.steps]
        return self.page(when, steps=steps, again=again, found=found, told=told)

    def page(self, when: WhenForm, status: int = 200, **more: Any) -> HttpResponse:
        agency = self.watch.responsible_agency
        context: dict[str, Any] = {
            "watch": self.watch,
            "when": when,
            "may_keep": bool(policy.can_manage_escalation(self.actor, agency)),
            **more,
        }
        return self.show("staff/review/rehearsal.html", context, status=status)


class RehearsedStep:
    """One step as it would go: when, in words, and who is told in which way."""

    def __init__(self, planned: PlannedStep) -> None:
        self.at: datetime = planned.at
        self.tier = planned.step.tier.label
        self.words = step_text(planned)
        self.silenced = planned.silenced_by is not None
        self.people = [
            (each.user.name, each.agency.name, list(self.ways(each))) for each in planned.recipients
        ]
        for each in planned.recipients:
            log_read("user", each.user.pk)

    def ways(self, recipient: Any) -> Iterator[tuple[str, datetime]]:
        """Say each way, and from when on it may reach them."""
        for channel, at in channels_to(recipient, self.at):
            if channel.name == LOG:
                continue
            yield str(_CHANNELS.get(channel.name, channel.name)), at
