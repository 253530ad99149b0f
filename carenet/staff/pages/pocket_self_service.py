"""The pocket: what somebody tells of themselves and of others: being away, and a concern."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.agencies import selectors
from carenet.agencies.actions import end_absence, record_absence
from carenet.agencies.models import Absence, Membership
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.core.errors import Invalid, NotFound
from carenet.staff.pages.base import FormPage, StaffView
from carenet.staff.pages.form_fields import TypedDay, text_field
from carenet.staff.pages.redirects import redirect_to
from carenet.staff.times import Direction
from carenet.watchover.actions.concerns import report
from carenet.watchover.models.concern import ReporterKind
from carenet.watchover.selectors.visits import without_backup


class AbsenceForm(forms.Form):
    """From which day to which; no reason is asked for."""

    since = TypedDay(
        label=gettext_lazy("First day away"),
        empty=gettext_lazy("From now on if it is empty."),
        direction=Direction.AHEAD,
        required=False,
    )
    until = TypedDay(
        label=gettext_lazy("Last day away"),
        empty=gettext_lazy("Until you say that you are back if it is empty."),
        direction=Direction.AHEAD,
        required=False,
    )


class OwnAbsence(StaffView):
    """Base of what one says of oneself."""

    def membership(self) -> Membership:
        """Raises `NotFound` for whoever is no member any more."""
        found = selectors.own_membership(self.actor)
        if found is None:
            raise NotFound
        return found


class AbsenceView(FormPage, OwnAbsence):
    """When one is away: the backup is told instead."""

    abilities = {"get": "agencies.record_absence", "post": "agencies.record_absence"}
    form_class = AbsenceForm
    template = "staff/pocket/absence.html"

    def context(self) -> dict[str, Any]:
        now = clock.now()
        # One that was called off before it began ends where it begins: it never took place.
        mine = selectors.absences(self.actor, self.membership()).exclude(until=F("since"))
        ahead = [each for each in mine.order_by("since") if each.until is None or each.until > now]
        alone = without_backup(self.actor)
        return {
            "absences": [shown(each, now) for each in ahead],
            "alone": _("Number of people for whom nobody stands by: %(number)s") % {"number": alone}
            if alone
            else "",
            "done": "done" in self.request.GET,
        }

    def act(self, form: forms.Form) -> str:
        since, until = form.cleaned_data["since"], form.cleaned_data["until"]
        record_absence(
            actor=self.actor,
            membership=self.membership(),
            since=clock.midnight(since) if since and since != clock.today() else None,
            until=clock.midnight(until + timedelta(days=1)) if until else None,
        )
        return reverse("staff-absence") + "?done"


class EndAbsenceView(OwnAbsence):
    """One is back, or stays."""

    abilities = {"post": "agencies.record_absence"}

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:
        mine = selectors.absences(self.actor, self.membership())
        end_absence(actor=self.actor, absence=get_object_or_404(mine, pk=id))
        return redirect_to(request, reverse("staff-absence") + "?done")


class ConcernForm(forms.Form):
    """What somebody has noticed; whether there is danger has been asked before."""

    # Made with the page: two taps tell the desk once.
    client_key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput())
    what = text_field(gettext_lazy("What have you noticed?"), 2000)
    where = forms.CharField(
        label=gettext_lazy("Where?"),
        help_text=gettext_lazy("An address, or a place in words."),
        max_length=300,
    )
    whom = forms.CharField(
        label=gettext_lazy("About whom?"),
        help_text=gettext_lazy("As far as you know it."),
        max_length=200,
        required=False,
    )


class ConcernView(FormPage):
    """A concern about somebody who is not on the list: first whether there is danger, then the rest."""

    abilities = {"get": "concerns.report", "post": "concerns.report"}
    form_class = ConcernForm
    template = "staff/pocket/concern.html"

    @property
    def danger(self) -> str:
        """`yes`, `no`, or empty for who has not said it yet."""
        said = self.request.GET.get("danger", "")
        return said if said in {"yes", "no"} else ""

    def context(self) -> dict[str, Any]:
        return {"danger": self.danger, "done": "done" in self.request.GET}

    def act(self, form: forms.Form) -> str:
        if not self.danger:
            raise Invalid({"danger": _("Say whether a life is in danger.")})
        commissioner = Role.WATCHER in self.actor.roles
        report(
            actor=self.actor,
            danger_to_life=self.danger == "yes",
            reporter_kind=ReporterKind.COMMISSIONER if commissioner else ReporterKind.AGENCY,
            reporter_name=self.actor.user.name if self.actor.user else "",
            **form.cleaned_data,
        )
        return reverse("staff-report-concern") + "?done"


def shown(absence: Absence, now: datetime) -> dict[str, Any]:
    """Return an absence with its last day, not the midnight after it."""
    last = absence.until - timedelta(microseconds=1) if absence.until else None
    return {"absence": absence, "last": last, "begun": absence.since <= now}
