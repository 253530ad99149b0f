"""A rehearsal in three steps: when, by which ladder, and what would follow. Nothing is written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import saw
from carenet.decisions import demand
from carenet.errors import Invalid
from carenet.reminders.actions.timing import ways_to
from carenet.staff.pages.review.base import DayField, MomentField, WatchView
from carenet.watchover import policy
from carenet.watchover.actions.escalating import demand_sound
from carenet.watchover.ladders import Hours, Ladder, Step, Tier
from carenet.watchover.selectors.escalation import ladder_of
from carenet.watchover.selectors.rehearsal import rehearse, words_of
from carenet.watchover.states import AlertKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from carenet.watchover.selectors.escalation import PlannedStep

#: As many steps as an agency's own ladder may have, and as long as one may wait.
MOST_STEPS, LONGEST_WAIT, LONGEST_PAUSE = 8, 7 * 24 * 60, 24 * 60
_MINUTE = timedelta(minutes=1)
#: How people are told, in words; any other by its name.
_CHANNELS = {
    "inbox": gettext_lazy("list of today"),
    "email": gettext_lazy("e-mail"),
    "console": gettext_lazy("console"),
}


class WhenForm(forms.Form):
    """What is supposed to happen: a day on which nobody looks in, or an alert at a moment."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is supposed to happen"), choices=AlertKind.choices
    )
    missed_on = DayField(label=gettext_lazy("A day on which nobody looks in"), required=False)
    began_at = MomentField(
        label=gettext_lazy("Or the moment at which an alert begins"), required=False
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("missed_on")) == bool(given.get("began_at")):
            self.add_error("missed_on", _("Give either a day or the moment at which it begins."))
        elif given.get("missed_on") and given.get("kind") != AlertKind.WATCHER_SILENT:
            self.add_error("kind", _("A missed day makes a silent watcher. Give a moment instead."))
        return given


class StepForm(forms.Form):
    """One step of a ladder; one without a group is left out."""

    tier = forms.ChoiceField(
        label=gettext_lazy("Who is told"), choices=[("", "–"), *Tier.choices], required=False
    )
    after_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes after the beginning"),
        min_value=0,
        max_value=LONGEST_WAIT,
        required=False,
    )
    hours = forms.ChoiceField(
        label=gettext_lazy("At which hours"), choices=Hours.choices, required=False
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("tier") and given.get("after_minutes") is None and not self.errors:
            self.add_error("after_minutes", _("Say after how many minutes."))
        return given


class RepeatForm(forms.Form):
    """How often the last step comes again."""

    repeat_minutes = forms.IntegerField(
        label=gettext_lazy("The last step comes again every … minutes"),
        min_value=1,
        max_value=LONGEST_PAUSE,
    )


Steps = forms.formset_factory(StepForm, extra=0, max_num=MOST_STEPS, validate_max=True)


class RehearsalView(WatchView):
    """The day or moment stands in the address; the ladder, not saved yet, is sent along."""

    abilities = {"get": "watch.view", "post": "watch.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Ask when; once it is known, show what the ladder that holds would do."""
        demand(policy.can_rehearse(self.actor, self.watch))
        if "kind" not in request.GET:
            kind = AlertKind.WATCHER_SILENT
            return self.page(WhenForm(initial={"kind": kind}))
        when = WhenForm(request.GET)
        if not when.is_valid():
            return self.page(when, status=422)
        ladder = ladder_of(self.watch.responsible_agency, when.cleaned_data["kind"])
        return self.rehearsed(when, *_forms_of(ladder), ladder)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Show what another ladder would do."""
        demand(policy.can_rehearse(self.actor, self.watch))
        when, steps, again = WhenForm(request.GET), Steps(request.POST), RepeatForm(request.POST)
        if not when.is_valid():
            return self.page(when, status=422)
        if not steps.is_valid() or not again.is_valid():
            return self.page(when, steps=steps, again=again, status=422)
        if not any(each.get("tier") for each in steps.cleaned_data):
            refused = [_("Name at least one step.")]
            return self.page(when, steps=steps, again=again, refused=refused, status=422)
        return self.rehearsed(when, steps, again, _ladder_from(steps, again))

    def rehearsed(self, when: WhenForm, steps: Any, again: Any, ladder: Ladder) -> HttpResponse:
        """Show what follows, or why this ladder cannot be."""
        given = when.cleaned_data
        kind = AlertKind(given["kind"])
        try:
            demand_sound(kind, ladder)
            found = rehearse(
                self.watch,
                kind,
                missed_on=given["missed_on"],
                began_at=given["began_at"],
                ladder=ladder,
            )
        except Invalid as refused:
            said = [str(each) for each in refused.fields.values()]
            return self.page(when, steps=steps, again=again, refused=said, status=refused.status)
        told = [ToldStep(each) for each in found.steps]
        return self.page(when, steps=steps, again=again, found=found, told=told)

    def page(self, when: WhenForm, status: int = 200, **more: Any) -> HttpResponse:
        context: dict[str, Any] = {"watch": self.watch, "when": when, **more}
        return self.show("staff/review/rehearsal.html", context, status=status)


class ToldStep:
    """One step as it would go: when, in words, and who is told in which way."""

    def __init__(self, planned: PlannedStep) -> None:
        self.at: datetime = planned.at
        self.tier = planned.step.tier.label
        self.words = words_of(planned)
        self.silenced = planned.silenced_by is not None
        self.people = [
            (each.user.name, each.agency.name, list(self.ways(each))) for each in planned.recipients
        ]
        for each in planned.recipients:
            saw("user", each.user.pk)

    def ways(self, recipient: Any) -> Iterator[tuple[str, datetime]]:
        """Say each way, and from when on it may reach them."""
        for channel, at in ways_to(recipient, self.at):
            yield str(_CHANNELS.get(channel.name, channel.name)), at


def _forms_of(ladder: Ladder) -> tuple[Any, RepeatForm]:
    """Return a ladder as forms, with room for another two steps."""
    given: list[dict[str, Any]] = [
        {"tier": step.tier, "after_minutes": step.after // _MINUTE, "hours": step.hours}
        for step in ladder.steps
    ]
    given += [{}] * min(2, MOST_STEPS - len(given))
    again = RepeatForm(initial={"repeat_minutes": ladder.repeat_every // _MINUTE})
    return Steps(initial=given), again


def _ladder_from(steps: Any, again: RepeatForm) -> Ladder:
    rungs = tuple(
        Step(
            Tier(each["tier"]),
            each["after_minutes"] * _MINUTE,
            Hours(each.get("hours") or Hours.ALWAYS),
        )
        for each in (form.cleaned_data for form in steps)
        if each.get("tier")
    )
    return Ladder(rungs, again.cleaned_data["repeat_minutes"] * _MINUTE)
