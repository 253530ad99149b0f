"""An abuse report that is open while nobody is told of it by itself: no step of it has a date."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from carenet.abuse import policy
from carenet.abuse.actions.deadlines import ABUSE_DEADLINE
from carenet.abuse.models import AbuseDeadline, AbuseReport
from carenet.abuse.selectors import at_work_on, deciders_on, parts_of
from carenet.abuse.states import ABUSE_OPEN
from carenet.reminders.kinds import BaseKind
from carenet.reminders.registry import OpenMatter, Recipient, ReminderRequest
from carenet.reminders.selectors import dated, never_notified

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from carenet.agencies.models import Agency
    from carenet.reminders.registry import Occurrence

STANDS_STILL = "abuse.stands_still"


class AbuseStandsStill(BaseKind):
    """An abuse report is open and no step of it has a date: its named people, then those who decide."""

    name = STANDS_STILL
    subject_kind = "abuse_report"
    working_days = 1
    message = _("Abuse report %(code)s is open, and no step of it has a date.")
    visible_to = staticmethod(policy.reports_visible_to)

    def applicable(self) -> QuerySet[Any]:
        found = AbuseReport.objects.filter(status__in=sorted(ABUSE_OPEN))
        return found.exclude(Exists(_deadlines()))

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        report = self._report(occurrence)
        told = {user: agency for agency in parts_of(report) for user in at_work_on(report, agency)}
        if occurrence.step:
            told |= dict.fromkeys(deciders_on(report), report.ward_office)
        return [Recipient(user, agency) for user, agency in told.items()]

    def agency_of(self, occurrence: Occurrence) -> Agency:
        return self._report(occurrence).ward_office

    def _report(self, occurrence: Occurrence) -> AbuseReport:
        related = ("taken_by", "ward_office", "case")
        return AbuseReport.objects.select_related(*related).get(pk=occurrence.subject_id)


def standing_still(now: datetime) -> QuerySet[AbuseReport]:
    """Return the open reports of which nobody is told, neither by a deadline nor otherwise."""
    found = AbuseReport.objects.filter(never_notified(now), status__in=sorted(ABUSE_OPEN))
    return found.exclude(Exists(_deadlines())).select_related("ward_office")


def _deadlines() -> QuerySet[AbuseDeadline]:
    """Return the open deadlines of a report that are chased."""
    chased = dated().filter(kind=ABUSE_DEADLINE, subject_id=OuterRef("pk"))
    return AbuseDeadline.objects.filter(Exists(chased), report=OuterRef("pk"), over_at=None)


def _cause(report: AbuseReport, now: datetime) -> ReminderRequest:
    due_at = now + timedelta(days=settings.ABUSE_STILL_DAYS)
    return ReminderRequest(report.pk, report.code, report.ward_office, due_at)


MATTERS = (OpenMatter("abuse_report", standing_still, STANDS_STILL, _cause),)
