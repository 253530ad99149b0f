"""The rhythm of a watch: how often, on which days, from what time on; first tried, then set."""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.staff.pages.base import blame
from carenet.staff.pages.form_fields import TypedMomentAhead
from carenet.staff.pages.review.durations import DurationField
from carenet.staff.pages.review.recurrence_text import DAYS, recurrence_text
from carenet.staff.pages.review.watch_transitions import WatchTransitionView
from carenet.staff.pages.versions import version_in
from carenet.watchover import selectors
from carenet.watchover.actions.schedule import VisitSchedule, demand_readable, set_schedule
from carenet.watchover.models import WatchSchedule
from carenet.watchover.models.assignment import LONGEST_MINUTES
from carenet.watchover.selectors.occurrences import next_times
from carenet.watchover.states import HolidayPolicy

#: As many times as are shown before a rhythm is set.
TRIED = 5


class Often(models.TextChoices):
    """How often somebody looks in; whatever people do not say like this is a rule of its own."""

    DAILY = "FREQ=DAILY", gettext_lazy("every day")
    WEEKLY = "FREQ=WEEKLY", gettext_lazy("every week")
    FORTNIGHTLY = "FREQ=WEEKLY;INTERVAL=2", gettext_lazy("every two weeks")
    MONTHLY = "FREQ=MONTHLY", gettext_lazy("every month, on the day of the beginning")
    OWN = "own", gettext_lazy("by a rule of its own")


class ScheduleForm(forms.Form):
    """When somebody is to look in, as people say it."""

    often = forms.ChoiceField(label=gettext_lazy("How often"), choices=Often.choices)
    days = forms.MultipleChoiceField(
        label=gettext_lazy("On which days of the week"),
        choices=list(DAYS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("For every week or every two weeks."),
    )
    rule = forms.CharField(
        label=gettext_lazy("Rule of its own"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A recurrence of RFC 5545, as FREQ=MONTHLY;BYDAY=2TU."),
    )
    begins_at = TypedMomentAhead(
        label=gettext_lazy("First time"),
        help_text=gettext_lazy("Its time of day is when each window opens."),
    )
    window_minutes = DurationField(
        label=gettext_lazy("How long somebody has to look in"), least=1, most=LONGEST_MINUTES
    )
    grace_minutes = DurationField(
        label=gettext_lazy("How long is waited then before an alert"),
        least=0,
        most=LONGEST_MINUTES,
    )
    holiday_policy = forms.ChoiceField(
        label=gettext_lazy("On closed days"), choices=HolidayPolicy.choices
    )
    effective_from = TypedMomentAhead(
        label=gettext_lazy("Holds from"),
        required=False,
        empty=gettext_lazy("From now on, if you leave it empty."),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("often") == Often.OWN and not given.get("rule"):
            self.add_error("rule", _("Write the rule like FREQ=WEEKLY;BYDAY=TU."))
        return given

    @property
    def rhythm(self) -> VisitSchedule:
        """What was said, as the action takes it."""
        given = self.cleaned_data
        rule = given["rule"] if given["often"] == Often.OWN else given["often"]
        if given["days"] and given["often"] in {Often.WEEKLY, Often.FORTNIGHTLY}:
            rule = f"{rule};BYDAY={','.join(given['days'])}"
        return VisitSchedule(
            rule,
            given["begins_at"],
            given["window_minutes"],
            given["grace_minutes"],
            given["holiday_policy"],
        )


class ScheduleView(WatchTransitionView):
    """Try a rhythm, and let it hold: what is expected from then on is laid out anew."""

    abilities = {"get": "watch.assign", "post": "watch.assign"}
    template = "staff/review/rhythm.html"

    @cached_property
    def now_held(self) -> WatchSchedule | None:
        """Return the rhythm that holds until another one is set."""
        found = selectors.schedules(self.actor, self.watch)
        return found.filter(effective_until=None).first()

    def form(self, data: Any = None) -> ScheduleForm:
        held = self.now_held
        return ScheduleForm(data, initial=_initial(held) if held else _usual())

    def context(self) -> dict[str, Any]:
        held = self.now_held
        return {**super().context(), "held": recurrence_text(held) if held else ""}

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        """Set the rhythm where it was tried; else show the times to which it leads."""
        if "save" in request.POST:
            return super().post(request, **ids)
        form, tried = self.form(request.POST), None
        if form.is_valid():
            try:
                tried = self.tried(form)
            except Invalid as refused:
                blame(form, refused)
        context = {"form": form, "tried": tried, **self.context()}
        status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
        return self.show(self.template, context, status=status)

    def tried(self, form: ScheduleForm) -> dict[str, Any]:
        """Return the rhythm in words and its next times; raises `Invalid` for one that cannot be."""
        rhythm = form.rhythm
        since = max(clock.now(), form.cleaned_data["effective_from"] or clock.now())
        demand_readable(rhythm, self.watch.responsible_agency, since=since)
        times = next_times(self.watch, rhythm.rule, rhythm.begins_at, rhythm.holiday_policy, since)
        words = recurrence_text(WatchSchedule(rule=rhythm.rule, begins_at=rhythm.begins_at))
        return {"words": words, "times": list(islice(times, TRIED))}

    def act(self, form: Any) -> str:
        set_schedule(
            actor=self.actor,
            assignment_id=self.watch.pk,
            rhythm=form.rhythm,
            effective_from=form.cleaned_data["effective_from"],
            version=version_in(self.request),
        )
        return self.done()


def _initial(held: WatchSchedule) -> dict[str, Any]:
    """Return a rhythm as the form says it."""
    rule, _semicolon, days = held.rule.partition(";BYDAY=")
    chosen = [each for each in days.split(",") if each]
    plain = rule in Often.values and all(each in DAYS for each in chosen)
    weekly = rule in {Often.WEEKLY, Often.FORTNIGHTLY}
    own = not plain or (bool(chosen) and not weekly)
    return {
        "often": Often.OWN if own else rule,
        "days": [] if own else chosen,
        "rule": held.rule if own else "",
        "begins_at": timezone.localtime(held.begins_at),
        "window_minutes": held.window_minutes,
        "grace_minutes": held.grace_minutes,
        "holiday_policy": held.holiday_policy,
    }


def _usual() -> dict[str, Any]:
    """Return what a watch without a rhythm is offered."""
    return {
        "often": Often.WEEKLY,
        "window_minutes": 180,
        "grace_minutes": 60,
        "holiday_policy": HolidayPolicy.KEEP,
    }
