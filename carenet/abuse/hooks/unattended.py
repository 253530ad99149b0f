"""An abuse report that is open while nobody is told of it by itself: no step of it has a date."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from carenet.abuse import policy
from carenet.abuse.actions.deadlines import ABUSE_DEADLINE
from carenet.abuse.models import AbuseDeadline, AbuseReport
from carenet.abuse.selectors import at_work_on, deciders_on, parts_of
from carenet.abuse.states import ABUSE_OPEN
from carenet.agencies.selectors import calendar_of
from carenet.reminders.registry import OpenMatter, Recipient, ReminderRequest
from carenet.reminders.selectors import dated, never_notified

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence

STANDS_STILL = "abuse.stands_still"


class AbuseStandsStill:
    """An abuse report is open and no step of it has a date: its named people, then those who decide."""

    name = STANDS_STILL
    subject_kind = "abuse_report"

    def still_applies(self, occurrence: Occurrence) -> bool:
        found = AbuseReport.objects.filter(pk=occurrence.subject_id, status__in=sorted(ABUSE_OPEN))
        return found.exclude(Exists(_deadlines())).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        report = self._report(occurrence)
        told = {user: agency for agency in parts_of(report) for user in at_work_on(report, agency)}
        if occurrence.step:
            told |= dict.fromkeys(deciders_on(report), report.ward_office)
        return [Recipient(user, agency) for user, agency in told.items()]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.reports_visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Abuse report %(code)s is open, and no step of it has a date.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step:
            return None
        return calendar_of(self._report(occurrence).ward_office).working_days_later(now, 1)

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
