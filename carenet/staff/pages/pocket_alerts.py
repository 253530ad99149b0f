"""The pocket: the alerts that somebody on their feet may take on, resolve, or end with a visit."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from carenet.core.errors import NotFound
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.pocket_context import (
    LONGEST_NOTE,
    MOST_ALERTS,
    alert_shown,
    for_pages,
    open_alerts,
)
from carenet.staff.pages.redirects import redirect_to
from carenet.watchover.actions.alerts import acknowledge, resolve
from carenet.watchover.selectors.actionable_alerts import ActionableAlert, answer_to
from carenet.watchover.states import AlertOutcome

HIGHEST = 2**31 - 1


class TakeOnForm(forms.Form):
    """Which state of the alert its reader has seen."""

    version = forms.IntegerField(min_value=1, max_value=HIGHEST, required=False)


class FindingForm(TakeOnForm):
    """What an alert has come to."""

    outcome = forms.ChoiceField(
        choices=AlertOutcome.choices,
        error_messages={"required": gettext_lazy("Say what you found.")},
    )
    note = forms.CharField(max_length=LONGEST_NOTE, required=False)


class AlertsView(StaffView):
    """The open alerts that one may answer, the worst first."""

    abilities = {"get": "watch.respond"}

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {**for_pages(), **open_alerts(self.actor), "most": MOST_ALERTS}
        return self.show("staff/pocket/alerts.html", context)


class AlertPage(FormPage):
    """Base of what is done about one alert; refused, it shows what has become of it meanwhile."""

    template = "staff/pocket/alert.html"
    form_class: ClassVar[type[forms.Form]] = FindingForm

    @cached_property
    def answer(self) -> ActionableAlert:
        found = answer_to(self.actor, self.kwargs["id"])
        if found is None:
            raise NotFound
        return found

    def context(self) -> dict[str, Any]:
        return {
            **for_pages(),
            **alert_shown(self.answer, self.actor),
            "done": "done" in self.request.GET,
        }

    def done(self) -> str:
        return reverse("staff-alert", args=[self.kwargs["id"]]) + "?done"


class AlertView(AlertPage):
    """One alert: whom it is about, who has it in hand, what one may do, what it has come to."""

    abilities = {"get": "watch.respond"}


class AlertActionPage(AlertPage):
    """Base of one step; whoever comes back to its address, from the sign-in say, sees the alert."""

    def get(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        return redirect_to(request, reverse("staff-alert", args=[ids["id"]]))


class TakeOnView(AlertActionPage):
    """Take it on: nobody else is told for as long as the escalation policy says."""

    abilities = {"get": "watch.respond", "post": "watch.respond"}
    form_class = TakeOnForm

    def act(self, form: forms.Form) -> str:
        acknowledge(actor=self.actor, alert_id=self.kwargs["id"], **form.cleaned_data)
        return self.done()


class ResolveView(AlertActionPage):
    """Say what was found: the alert is over."""

    abilities = {"get": "watch.respond", "post": "watch.resolve"}

    def act(self, form: forms.Form) -> str:
        resolve(actor=self.actor, alert_id=self.kwargs["id"], **form.cleaned_data)
        return self.done()
