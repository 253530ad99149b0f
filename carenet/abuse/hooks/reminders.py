"""What is due in an abuse report."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from carenet.abuse import policy
from carenet.abuse.actions.deadlines import ABUSE_DEADLINE, LADDER
from carenet.abuse.actions.decisions import ABUSE_DECISION
from carenet.abuse.models import AbuseDeadline, AbuseReport
from carenet.abuse.selectors import at_work_on, deciders_on, parts_of
from carenet.abuse.states import AbuseStatus
from carenet.cases.policy import live_members
from carenet.core import clock
from carenet.reminders.kinds import BaseKind
from carenet.reminders.registry import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence


class AbuseDeadlineDue(BaseKind):
    """A step of an abuse report is due: its named members, and once it is late the ward's managers.

    By the clock, always: danger to life does not wait for office hours.
    """

    name = ABUSE_DEADLINE
    subject_kind = "abuse_deadline"
    message = _("A step of abuse report %(code)s is due.")
    #: Between two steps, however late the report was recorded.
    SHORTEST_PAUSE = timedelta(hours=1)

    def applicable(self) -> QuerySet[Any]:
        return AbuseDeadline.objects.filter(over_at=None)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        deadline = self._deadline(occurrence)
        report = deadline.report
        told = {user: agency for agency in parts_of(report) for user in at_work_on(report, agency)}
        if clock.now() >= deadline.due_at:
            told |= dict.fromkeys(deciders_on(report), report.ward_office)
        return [Recipient(user, agency, always=True) for user, agency in told.items()]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        seen = policy.reports_visible_to(actor)
        return AbuseDeadline.objects.filter(pk=occurrence.subject_id, report__in=seen).exists()

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step + 1 >= len(LADDER):
            return None
        due_at = self._deadline(occurrence).due_at + LADDER[occurrence.step + 1]
        return max(due_at, now + self.SHORTEST_PAUSE)

    def _deadline(self, occurrence: Occurrence) -> AbuseDeadline:
        related = ("report__taken_by", "report__ward_office")
        return AbuseDeadline.objects.select_related(*related).get(pk=occurrence.subject_id)


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
