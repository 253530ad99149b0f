"""How often somebody looks in, as a form asks for it: days of the week, a time, closed days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.staff.pages.durations import DAY, DurationField
from carenet.staff.pages.form_fields import TypedMomentAhead
from carenet.staff.pages.recurrence_text import DAYS
from carenet.watchover.actions.schedule import VisitSchedule
from carenet.watchover.models import WatchSchedule
from carenet.watchover.models.assignment import LONGEST_MINUTES
from carenet.watchover.states import HolidayPolicy

#: A weekday comes four times in each month, a fifth time in some.
DAYS_OF_WEEK, MOST_NUMBERED = 7, 4


class Often(models.TextChoices):
    """How often somebody looks in; whatever people do not say like this is a rule of its own."""

    DAILY = "FREQ=DAILY", gettext_lazy("every day")
    WEEKLY = "FREQ=WEEKLY", gettext_lazy("every week")
    FORTNIGHTLY = "FREQ=WEEKLY;INTERVAL=2", gettext_lazy("every two weeks")
    MONTHLY = "FREQ=MONTHLY", gettext_lazy("every month, on the day of the beginning")
    NTH = (
        "nth",
        gettext_lazy("every month, on the weekday of the first time (as the second Tuesday)"),
    )
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
        if given["often"] == Often.NTH:
            rule = f"{Often.MONTHLY};BYDAY={place_in_month(given['begins_at'])}"
        if given["days"] and given["often"] in {Often.WEEKLY, Often.FORTNIGHTLY}:
            rule = f"{rule};BYDAY={','.join(given['days'])}"
        return VisitSchedule(
            rule,
            given["begins_at"],
            given["window_minutes"],
            given["grace_minutes"],
            given["holiday_policy"],
        )


def initial_of(held: WatchSchedule) -> dict[str, Any]:
    """Return a rhythm as the form says it."""
    rule, _semicolon, days = held.rule.partition(";BYDAY=")
    chosen = [each for each in days.split(",") if each]
    plain = rule in Often.values and all(each in DAYS for each in chosen)
    weekly = rule in {Often.WEEKLY, Often.FORTNIGHTLY}
    if rule == Often.MONTHLY and chosen == [place_in_month(held.begins_at)]:
        rule, chosen, plain = Often.NTH, [], True
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


def place_in_month(moment: datetime) -> str:
    """Return which weekday of its month a moment is, as a rule says it: 2TU; the fifth is the last."""
    day = timezone.localtime(moment)
    number = (day.day - 1) // DAYS_OF_WEEK + 1
    return f"{number if number <= MOST_NUMBERED else -1}{list(DAYS)[day.weekday()]}"


def usual_rhythm() -> dict[str, Any]:
    """Return what a watch without a rhythm is offered."""
    return {
        "often": Often.WEEKLY,
        "window_minutes": DAY,
        "grace_minutes": DAY,
        "holiday_policy": HolidayPolicy.KEEP,
    }
