"""What is due in an abuse report."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet import clock
from carenet.cases.actions.deadlines import ABUSE_DEADLINE, LADDER
from carenet.cases.models import AbuseDeadline
from carenet.cases.policy import abuse
from carenet.cases.selectors import at_work_on, deciders_on, parts_of
from carenet.reminders.registry import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.reminders.registry import Occurrence


class AbuseDeadlineDue:
    """A step of an abuse report is due: its named members, and once it is late the ward's managers.

    By the clock, always: danger to life does not wait for office hours.
    """

    name = ABUSE_DEADLINE
    subject_kind = "abuse_deadline"
    #: Between two steps, however late the report was recorded.
    SHORTEST_PAUSE = timedelta(hours=1)

    def still_holds(self, occurrence: Occurrence) -> bool:
        return AbuseDeadline.objects.filter(pk=occurrence.subject_id, over_at=None).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        deadline = self._deadline(occurrence)
        report = deadline.report
        told = {user: agency for agency in parts_of(report) for user in at_work_on(report, agency)}
        if clock.now() >= deadline.due_at:
            told |= dict.fromkeys(deciders_on(report), report.ward_office)
        return [Recipient(user, agency, always=True) for user, agency in told.items()]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        seen = abuse.reports_visible_to(actor)
        return AbuseDeadline.objects.filter(pk=occurrence.subject_id, report__in=seen).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("A step of abuse report %(code)s is due.") % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step + 1 >= len(LADDER):
            return None
        due_at = self._deadline(occurrence).due_at + LADDER[occurrence.step + 1]
        return max(due_at, now + self.SHORTEST_PAUSE)

    def _deadline(self, occurrence: Occurrence) -> AbuseDeadline:
        related = ("report__taken_by", "report__ward_office")
        return AbuseDeadline.objects.select_related(*related).get(pk=occurrence.subject_id)
