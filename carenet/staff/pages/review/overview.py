"""The review as one look: alerts that are open now, and whatever a rule holds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import saw
from carenet.errors import Invalid
from carenet.staff.pages.base import FormPage, StaffView, go
from carenet.staff.pages.review.base import paged, saw_watches, version_of, wanted_id
from carenet.watchover.actions import alerts as alerting
from carenet.watchover.selectors import review
from carenet.watchover.selectors.outages import told_now
from carenet.watchover.states import AlertOutcome, AlertState

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from carenet.agencies.actors import Actor
    from carenet.watchover.models import Alert, WatchAssignment


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """An alert, as it stands now."""

    alert: Alert
    state: AlertState

    @property
    def taken_on(self) -> bool:
        """Whether somebody has it in hand."""
        return self.state == AlertState.ACKNOWLEDGED


def shown(alert: Alert) -> ShownAlert:
    """Return an alert as it stands now; its person counts as seen."""
    saw("alert", alert.pk)
    saw_watches([alert.assignment])
    return ShownAlert(alert, alert.state_at(timezone.now()))


class OverviewView(StaffView):
    """Alerts open now, the worst first; our own outages; how old alerts are at which agency."""

    abilities = {"get": "watch.review"}

    def get(self, request: HttpRequest) -> HttpResponse:
        agency = wanted_id(request, "agency")
        found = review.open_alerts(self.actor)
        if agency:
            found = found.filter(assignment__responsible_agency=agency)
        page = paged(request, found)
        context = {
            **page,
            "alerts": [shown(each) for each in page["rows"]],
            "ages": review.ages_by_agency(self.actor),
            "hours": [
                *(_("up to %(hours)s h") % {"hours": each} for each in review.AGES),
                _("older"),
            ],
            "agency": agency,
            "outcomes": AlertOutcome.choices,
            "outages": list(told_now(timezone.now()).order_by("-recovered_at")[:3]),
        }
        return self.show("staff/review/overview.html", context)


class AlertStep(StaffView):
    """One step of an alert: afterwards its line as it stands now, or the page again."""

    def stepped(self, request: HttpRequest, id: UUID, message: str) -> HttpResponse:
        """Show what has become of the alert."""
        if not getattr(request, "htmx", False):
            return go(request, reverse("staff-review"))
        alert = get_object_or_404(review.alerts(self.actor), pk=id)
        context = {"each": shown(alert), "outcomes": AlertOutcome.choices, "message": message}
        return self.show("staff/review/alert_done.html", context)


class AcknowledgeAlertView(AlertStep):
    """Take an alert on: nobody else is chased for as long as the ladder says."""

    abilities = {"post": "watch.respond"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        alerting.acknowledge(actor=self.actor, alert_id=id, version=version_of(request))
        return self.stepped(request, id, _("You have taken the alert on."))


class ResolutionForm(forms.Form):
    """What an alert has come to."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What has it come to?"), choices=AlertOutcome.choices
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ResolveAlertView(FormPage, AlertStep):
    """Say what an alert has come to: in its line, or on a page of its own."""

    abilities = {"get": "watch.resolve", "post": "watch.resolve"}
    form_class = ResolutionForm
    template = "staff/review/resolve.html"

    def context(self) -> dict[str, Any]:
        alert = get_object_or_404(review.alerts(self.actor), pk=self.kwargs["id"])
        return {"each": shown(alert)}

    def act(self, form: forms.Form) -> str:
        alerting.resolve(
            actor=self.actor,
            alert_id=self.kwargs["id"],
            version=version_of(self.request),
            **form.cleaned_data,
        )
        return reverse("staff-review")

    def post(self, request: HttpRequest, **ids: Any) -> HttpResponse:
        if not getattr(request, "htmx", False):
            return super().post(request, **ids)
        form = self.form(request.POST)
        if not form.is_valid():
            raise Invalid({name: str(said[0]) for name, said in form.errors.items()})
        self.act(form)
        return self.stepped(request, ids["id"], _("The alert is resolved."))


class LoadView(StaffView):
    """Who looks in on how many, the most burdened first."""

    abilities = {"get": "watch.review"}

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = review.load(self.actor)
        for row in rows:
            saw("user", row["watcher"].pk)
        return self.show("staff/review/load.html", {"rows": rows})


class HeldUpView(StaffView):
    """Watches that a rule of the review holds up, each with the rule in words."""

    abilities = {"get": "watch.review"}
    heading: ClassVar[Any]
    found: ClassVar[Callable[[Actor], tuple[QuerySet[WatchAssignment], review.Rules]]]

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, rules = type(self).found(self.actor)
        page = paged(request, rows)
        saw_watches(page["rows"])
        context = {
            **page,
            "heading": self.heading,
            "watches": [(each, rules[each.pk]) for each in page["rows"]],
        }
        return self.show("staff/review/watches.html", context)


class SinglePointsView(HeldUpView):
    """What rests on one person."""

    heading = gettext_lazy("Single points")
    found = review.single_points


class TermsView(HeldUpView):
    """What ends before long."""

    heading = gettext_lazy("Terms that end")
    found = review.ending


class SignalsView(HeldUpView):
    """What the last check-ins hint at."""

    heading = gettext_lazy("Weakening signals")
    found = review.weak_signals


class WatchesView(StaffView):
    """All watches that the actor keeps, or those of one watcher."""

    abilities = {"get": "watch.review"}

    def get(self, request: HttpRequest) -> HttpResponse:
        watcher = wanted_id(request, "watcher")
        found = review.watches(self.actor)
        if watcher:
            found = found.filter(watcher=watcher)
        page = paged(request, found)
        saw_watches(page["rows"])
        context = {
            **page,
            "heading": _("Watches"),
            "watches": [(each, []) for each in page["rows"]],
        }
        return self.show("staff/review/watches.html", context)
