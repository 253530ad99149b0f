"""The pocket: today's visits of whoever looks in, and a check-in in two taps, with a network or not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import View

from carenet.core import clock
from carenet.core.errors import NotFound
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.pocket_context import (
    LONGEST_NOTE,
    TAPS,
    for_pages,
    open_alerts,
    person,
    shown,
)
from carenet.watchover.actions.check_ins import check_in
from carenet.watchover.models import WatchAssignment
from carenet.watchover.selectors.visits import visit_to, visits_today
from carenet.watchover.states import CheckInOutcome


class CheckInForm(forms.Form):
    """What was found; `client_key` is made by the page or its script, so that twice is once."""

    outcome = forms.ChoiceField(
        choices=[(each.value, each.label) for each in (*TAPS, CheckInOutcome.EMERGENCY)],
        error_messages={"required": gettext_lazy("Say what you found.")},
    )
    note = forms.CharField(max_length=LONGEST_NOTE, required=False)
    client_key = forms.UUIDField(required=False)


class VisitsView(StaffView):
    """Today's visits: all that somebody who looks in is told of a person, and no more."""

    abilities = {"get": "watch.check_in"}

    def get(self, request: HttpRequest) -> HttpResponse:
        found = [shown(visit, self.actor) for visit in visits_today(self.actor)]
        return self.show(
            "staff/pocket/visits.html",
            {
                **for_pages(),
                **open_alerts(self.actor),
                "visits": [each for each in found if not each["done"]],
                "done": [each for each in found if each["done"]],
                "today": clock.today().isoformat(),
                "recorded": "recorded" in request.GET,
            },
        )


class VisitView(FormPage):
    """One visit: its check-in where no script runs, and a new one where the last was wrong."""

    abilities = {"get": "watch.check_in", "post": "watch.check_in"}
    form_class = CheckInForm
    template = "staff/pocket/visit_page.html"

    @cached_property
    def watch(self) -> WatchAssignment:
        found = visit_to(self.actor, self.kwargs["id"])
        if found is None:
            raise NotFound
        return found

    def context(self) -> dict[str, Any]:
        return {**for_pages(), "visit": person(self.watch, self.actor)}

    def act(self, form: forms.Form) -> str:
        found = form.cleaned_data
        check_in(
            actor=self.actor,
            assignment_id=self.watch.pk,
            outcome=found["outcome"],
            note=found["note"],
            client_key=found["client_key"],
        )
        return reverse("staff-pocket") + "?recorded"


class StateView(StaffView):
    """Who is signed in, for a script that has something to send: ids, no names."""

    abilities = {"get": "watch.check_in"}

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(
            {
                "user": str(self.actor.user_id),
                "agency": str(self.actor.agency_id),
                "csrf": get_token(request),
            }
        )


class OfflineView(View):
    """What is shown without a network: the same for everybody, so that a browser may keep it."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        response = render(request, "staff/pocket/offline.html", for_pages())
        response["Cache-Control"] = "no-cache"
        return response


class WorkerView(View):
    """The service worker, below the addresses that it stands in for."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        response = render(request, "staff/pocket/worker.js", content_type="text/javascript")
        response["Cache-Control"] = "no-cache"
        return response
