"""What is due in an abuse report, and one that is open while no step of it has a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.abuse import policy
from carenet.abuse.actions.decisions import ABUSE_DECISION
from carenet.abuse.models import AbuseDeadline, AbuseReport
from carenet.abuse.selectors import deciders_on, people_at_work
from carenet.abuse.states import ABUSE_OPEN, AbuseStatus
from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency, User
from carenet.cases.policy import live_members
from carenet.deadlines.kinds import DeadlineKind
from carenet.deadlines.selectors import reminded
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import OpenMatter, Recipient, ReminderRequest
from carenet.reminders.selectors import never_notified


class AbuseDeadlineDue(DeadlineKind):
    """A step of an abuse report is due: its named members, and once it is late the ward's managers.

    By the clock, always: danger to life does not wait for office hours.
    """

    deadlines = AbuseDeadline
    name = AbuseDeadline.reminder
    subject_kind = "abuse_deadline"
    message = _("A step of abuse report %(code)s is due.")
    related = ("report__taken_by", "report__ward_office")

    @staticmethod
    def visible_to(actor: Actor) -> QuerySet[AbuseDeadline]:
        return AbuseDeadline.objects.filter(report__in=policy.reports_visible_to(actor))

    def at_work(self, subject: AbuseReport) -> dict[User, Agency]:
        return people_at_work(subject)

    def answerable(self, subject: AbuseReport) -> dict[User, Agency]:
        return dict.fromkeys(deciders_on(subject), subject.ward_office)


class AbuseDecisionWaits(BaseKind):
    """A proposed finding waits for another decider who is named to confirm it; by the clock."""

    name = ABUSE_DECISION
    subject_kind = "abuse_report"
    message = _("A proposed decision on abuse report %(code)s waits for you to confirm it.")
    #: After the first message, while nobody has confirmed or rejected it.
    AGAIN = (timedelta(hours=24), timedelta(hours=48), timedelta(hours=72))
    visible_to = staticmethod(policy.reports_visible_to)

    def applicable(self) -> QuerySet[Any]:
        return AbuseReport.objects.filter(status=AbuseStatus.DECISION_PROPOSED)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        report = self._report(occurrence)
        others = set(report.proposed_deciders or []) - {report.proposed_by_id}
        named = live_members(report.case).filter(user__in=others).select_related("user")
        return [Recipient(member.user, report.ward_office, always=True) for member in named]

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step >= len(self.AGAIN):
            return None
        return now + self.AGAIN[occurrence.step]

    def _report(self, occurrence: Occurrence) -> AbuseReport:
        return AbuseReport.objects.select_related("case", "ward_office").get(
            pk=occurrence.subject_id
        )


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
        told = people_at_work(report)
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
    """Return the open deadlines of a report of which somebody will be told."""
    return reminded(AbuseDeadline).filter(report=OuterRef("pk"))


def _cause(report: AbuseReport, now: datetime) -> ReminderRequest:
    due_at = now + timedelta(days=settings.ABUSE_STILL_DAYS)
    return ReminderRequest(report.pk, report.code, report.ward_office, due_at)


MATTERS = (OpenMatter("abuse_report", standing_still, STANDS_STILL, _cause),)
