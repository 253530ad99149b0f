"""An abuse report at the desk: what was reported, where it stands and what is due. Nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from carenet.audit.actions import saw
from carenet.cases import selectors
from carenet.cases.models import SuspectedAbuse
from carenet.staff.pages.base import StaffView

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


class AbuseReportPage(StaffView):
    """One report, for those who are named to its case; its steps are taken over the API."""

    abilities = {"get": "abuse.view"}

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        report = get_object_or_404(selectors.abuse_reports(self.actor), pk=id)
        saw("abuse_report", report.pk)
        context = {
            "report": report,
            "suspected": [SuspectedAbuse(each).label for each in report.suspected],
            "deadlines": list(report.deadlines.all()),
            "events": list(selectors.abuse_events(report).order_by("pk")),
            "case": selectors.cases(self.actor).filter(pk=report.case_id).first(),
        }
        return self.show("staff/abuse/page.html", context)
