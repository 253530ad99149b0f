"""The abuse reports that name the reader, next due first; nobody else is told that there are any."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from carenet.abuse import policy, selectors
from carenet.abuse.models import AbuseReport
from carenet.abuse.states import ABUSE_OPEN, AbuseStatus
from carenet.audit.actions import log_read
from carenet.core.errors import Invalid, NotFound
from carenet.staff.pages.abuse.clock import Clock, next_clock
from carenet.staff.pages.abuse.report_page import TAGS, Offer, expected_of, offer
from carenet.staff.pages.base import StaffView
from carenet.staff.pages.pagination import page_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 30


class Filters(forms.Form):
    """What the list shows."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("all that are open")), *AbuseStatus.choices],
    )


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report as the list shows it; `next`: the expected step, where the reader may take it."""

    report: AbuseReport
    tag: str
    clock: Clock | None
    next: Offer | None
    expected: StrOrPromise


class ReportsView(StaffView):
    """The open reports, for those who decide at the ward office and whoever is named to one."""

    abilities = {"get": "reminders.view"}

    def get(self, request: HttpRequest) -> HttpResponse:
        if not policy.lists_reports(self.actor):
            raise NotFound
        filters = Filters(request.GET)
        if not filters.is_valid():
            raise Invalid({"status": _("Choose one of the list.")})
        status = filters.cleaned_data["status"]
        statuses = [AbuseStatus(status)] if status else sorted(ABUSE_OPEN)
        fetch = partial(selectors.report_page, self.actor, statuses=statuses)
        page = page_of(request, fetch, most=MOST, kept={"status": status} if status else None)
        context = {
            "filters": filters,
            "lines": [self.line(each) for each in page.rows],
            "next": page.next,
            "previous": page.previous,
        }
        return self.show("staff/abuse/list.html", context)

    def line(self, report: AbuseReport) -> ReportLine:
        """Return a report as a line, which counts as seen."""
        log_read("abuse_report", report.pk)
        log_read("resident", report.case.resident_id)
        expected = expected_of(report)
        step = offer(report, expected) if expected else None
        takes = expected in policy.verbs_open_to(self.actor, report)
        return ReportLine(
            report=report,
            tag=TAGS.get(AbuseStatus(report.status), ""),
            clock=next_clock(report.deadlines.all()),
            next=step if takes else None,
            expected=step.label if step else "",
        )
