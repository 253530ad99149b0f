"""The review as one look: five numbers, what has changed, and the alerts that are open now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import text_field
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.pages.review.base import log_watch_reads, paged, wanted_id
from carenet.staff.pages.review.csv_pages import MOST_LINES, SheetPage, Table, moment, name_of
from carenet.staff.pages.review.svg_bars import AGE_PATTERNS, Piece, Row, stacked
from carenet.staff.pages.review.tiles import numbers
from carenet.staff.pages.versions import version_in
from carenet.watchover.actions import alerts as alerting
from carenet.watchover.models import Alert
from carenet.watchover.selectors import review
from carenet.watchover.selectors.outages import recent_outages
from carenet.watchover.selectors.overview import since_yesterday
from carenet.watchover.states import AlertOutcome, AlertState

#: What the address asks for where the ages are meant, and not the alerts.
AGES = "ages"


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
    log_read("alert", alert.pk)
    log_watch_reads([alert.assignment])
    return ShownAlert(alert, alert.state_at(clock.now()))


class OverviewView(SheetPage):
    """Five numbers and what has changed since yesterday; then the alerts open now, the worst first."""

    abilities = {"get": "watch.review"}
    sheet_name = "alerts"

    def page(self) -> HttpResponse:
        page = paged(self.request, self.alerts())
        ages = review.ages_by_agency(self.actor)
        alerts = sum(age["alerts"] for row in ages for age in row["ages"])
        five, changes = numbers(self.actor, alerts, since_yesterday())
        rows = [_bar(row) for row in ages]
        context = {
            **page,
            "five": five,
            "changes": changes,
            "alerts": [shown(each) for each in page["rows"]],
            "ages": list(zip(rows, ages, strict=True)),
            "hours": age_label(),
            "picture": stacked(rows),
            "title": _("How old the open alerts are: the table below has the same numbers"),
            "legend": list(zip(AGE_PATTERNS, age_label(), strict=True)),
            "agency": wanted_id(self.request, "agency"),
            "outcomes": AlertOutcome.choices,
            "outages": list(recent_outages(clock.now()).order_by("-recovered_at")[:3]),
        }
        return self.show("staff/review/overview.html", context)

    def alerts(self) -> QuerySet[Alert]:
        """Return the open alerts of all agencies, or of the one that the address names."""
        agency = wanted_id(self.request, "agency")
        found = review.open_alerts(self.actor)
        return found.filter(assignment__responsible_agency=agency) if agency else found

    def table(self, of: str) -> Table:
        if of == AGES:
            return [_("Agency"), *age_label()], (
                [row["name"], *(age["alerts"] for age in row["ages"])]
                for row in review.ages_by_agency(self.actor)
            )
        header = [
            _("code"), _("name"), _("Alert"), _("Level"), _("Status"), _("Since"),
            _("Watcher"), _("Backup"), _("Answers for it"),
        ]  # fmt: skip
        return header, (_cells(shown(each)) for each in self.alerts()[: MOST_LINES + 1])

    def named(self, of: str) -> str:
        return "alerts-by-age" if of == AGES else self.sheet_name


def _bar(row: dict[str, Any]) -> Row:
    address = f"{reverse('staff-review')}?{urlencode({'agency': row['agency']})}"
    numbers = [age["alerts"] for age in row["ages"]]
    pieces = map(Piece, AGE_PATTERNS, age_label(), numbers)
    return Row(row["name"], address, list(pieces))


def _cells(each: ShownAlert) -> list[object]:
    alert, watch = each.alert, each.alert.assignment
    return [
        watch.code, watch.resident.name, alert.get_kind_display(), alert.get_level_display(),
        each.state.label, moment(alert.opened_at),
        name_of(watch.watcher), name_of(watch.backup), watch.responsible_agency.name,
    ]  # fmt: skip


def age_label() -> list[str]:
    """Return in words how old an alert is, the newest first."""
    return [*(_("up to %(hours)s h") % {"hours": each} for each in review.AGES), _("older")]


class AlertActionView(StaffView):
    """One step of an alert: afterwards its line as it stands now, or the page again."""

    def stepped(self, request: HttpRequest, id: UUID, message: str) -> HttpResponse:
        """Show what has become of the alert."""
        if not getattr(request, "htmx", False):
            return redirect_to(request, reverse("staff-review"))
        alert = get_object_or_404(review.alerts(self.actor), pk=id)
        context = {"each": shown(alert), "outcomes": AlertOutcome.choices, "message": message}
        return self.show("staff/review/alert_done.html", context)


class AcknowledgeAlertView(AlertActionView):
    """Take an alert on: nobody else is chased for as long as the escalation policy says."""

    abilities = {"post": "watch.respond"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        alerting.acknowledge(actor=self.actor, alert_id=id, version=version_in(request))
        return self.stepped(request, id, _("You have taken the alert on."))


class ResolutionForm(forms.Form):
    """What an alert has come to."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What has it come to?"), choices=AlertOutcome.choices
    )
    note = text_field(gettext_lazy("Note"), 2000, rows=3, required=False)


class ResolveAlertView(FormPage, AlertActionView):
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
            version=version_in(self.request),
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
