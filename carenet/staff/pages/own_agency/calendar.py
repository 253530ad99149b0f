"""When the agency works: its week, and single days against it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy, pgettext_lazy

from carenet.agencies.actions import (
    add_calendar_exception,
    remove_calendar_exception,
    set_calendar,
)
from carenet.agencies.selectors.closed_days import changed_days
from carenet.core import clock
from carenet.core.models import get_visible
from carenet.staff.pages.form_fields import TypedDay
from carenet.staff.pages.own_agency.base import AgencyForm
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.times import Direction

#: What the page says of what was done just now.
DONE: dict[str, Any] = {
    "week": gettext_lazy("The week is changed. Working days are counted by it from now on."),
    "day": gettext_lazy("The day is entered."),
    "removed": gettext_lazy("The day is as in every week again."),
}


class WeekForm(forms.Form):
    """On which days of every week it is closed, and whether on holidays."""

    closed_weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Closed every week on"),
        choices=[*WEEKDAYS.items()],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    closed_on_holidays = forms.BooleanField(
        label=gettext_lazy("Closed on public holidays"), required=False
    )
    closed_at_new_year = forms.BooleanField(
        label=gettext_lazy("Closed from 29 December to 3 January"), required=False
    )


class CalendarView(AgencyForm):
    """The week of the agency, and which days ahead are otherwise."""

    abilities = {"get": "agencies.manage_calendar", "post": "agencies.manage_calendar"}
    template = "staff/own_agency/calendar.html"
    form_class = WeekForm
    heading = gettext_lazy("Opening days")
    button = gettext_lazy("Change the week")

    def form(self, data: Any = None) -> forms.Form:
        names = WeekForm.base_fields
        return WeekForm(data, initial={name: getattr(self.agency, name) for name in names})

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "days": changed_days(self.agency, clock.today()),
            "done": DONE.get(self.request.GET.get("done", ""), ""),
        }

    def act(self, form: forms.Form) -> str:
        set_calendar(
            actor=self.actor, agency=self.agency, version=self.version, **form.cleaned_data
        )
        return f"{reverse('staff-calendar')}?done=week"


class DayForm(forms.Form):
    """A day, and whether it is open or closed against the week."""

    on = TypedDay(label=gettext_lazy("Which day"), direction=Direction.AHEAD)
    is_open = forms.TypedChoiceField(
        label=gettext_lazy("On this day the agency is"),
        choices=[
            ("closed", pgettext_lazy("day", "closed")),
            ("open", pgettext_lazy("day", "open")),
        ],
        coerce=lambda chosen: chosen == "open",
        initial="closed",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Partners read it: no word about anybody."),
    )


class DayView(AgencyForm):
    """Enter a day on which it is otherwise than in every week."""

    abilities = {"get": "agencies.manage_calendar", "post": "agencies.manage_calendar"}
    form_class = DayForm
    heading = gettext_lazy("A closing day, or an extra day")
    button = gettext_lazy("Enter the day")

    def context(self) -> dict[str, Any]:
        crumbs = [(reverse("staff-calendar"), CalendarView.heading)]
        return {**super().context(), "crumbs": crumbs}

    def act(self, form: forms.Form) -> str:
        add_calendar_exception(
            actor=self.actor, agency=self.agency, version=self.version, **form.cleaned_data
        )
        return f"{reverse('staff-calendar')}?done=day"


class RemoveDayView(AgencyForm):
    """Let the week hold again on a day."""

    abilities = {"post": "agencies.manage_calendar"}
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        day_id: UUID = self.kwargs["id"]
        days = self.agency.calendar_exceptions.select_related("agency")
        remove_calendar_exception(
            actor=self.actor, exception=get_visible(days, pk=day_id), version=self.version
        )
        return redirect_to(request, f"{reverse('staff-calendar')}?done=removed")
