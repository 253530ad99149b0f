"""The monthly activity report (活動記録) of whoever looks in, to read, print and download."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import formats
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from carenet.agencies.models import User
from carenet.audit.actions import log_read
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.staff.pages.base import StaffView
from carenet.watchover.selectors.activity import Activity, activity, reported_on
from carenet.watchover.selectors.activity_report import as_csv, month_named, rows_of
from carenet.watchover.states import CheckInOutcome

#: As many people as are offered beside one's own report.
MOST = 200


class ReportView(StaffView):
    """A month of one's own, or of somebody who looks in for watches that one keeps."""

    abilities = {"get": "watch.report"}

    def get(self, request: HttpRequest, id: UUID | None = None) -> HttpResponse:
        people = reported_on(self.actor)
        wanted = id or self.actor.user_id
        person = get_object_or_404(people, pk=wanted)
        found = activity(self.actor, person, _month(request.GET.get("month")))
        log_read("activity_report", person.pk)
        if request.GET.get("as") == "csv":
            return _download(found)
        return self.show("staff/report/report.html", self.context(found, list(people[:MOST])))

    def context(self, found: Activity, people: list[User]) -> dict[str, Any]:
        rows = rows_of(found)
        this = clock.today().replace(day=1)
        before, after = _beside(found.month)
        return {
            "found": found,
            "month": formats.date_format(found.month, "YEAR_MONTH_FORMAT"),
            "named": f"{found.month:%Y-%m}",
            "latest": f"{this:%Y-%m}",
            "sections": [
                (words, list(lines))
                for words, lines in groupby(rows, key=lambda row: row["section_words"])
            ],
            "outcomes": [
                (outcome.label, found.outcomes[outcome.value]) for outcome in CheckInOutcome
            ],
            "people": [each for each in people if each.pk != found.person.pk],
            "previous": f"month={before:%Y-%m}",
            "next": f"month={after:%Y-%m}" if after <= this else "",
        }


def _month(given: str | None) -> date:
    """An empty field is no month: the current one is meant."""
    try:
        return month_named(given or None)
    except ValidationError:
        raise Invalid({"month": _("Give a month that has begun, as 2026-11.")}) from None


def _beside(month: date) -> tuple[date, date]:
    before = (month - timedelta(days=1)).replace(day=1)
    return before, (month + timedelta(days=31)).replace(day=1)


def _download(found: Activity) -> HttpResponse:
    response = HttpResponse(as_csv(found), content_type="text/csv; charset=utf-8")
    name = f"activity-{found.month:%Y-%m}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
