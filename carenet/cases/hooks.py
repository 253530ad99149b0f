"""What this room hangs into lower rooms: its guarded model, a way to a resident, a reminder."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carenet.access.registry import Guarded, guard
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.cases import policy
from carenet.cases.actions.abuse_guarding import refuse_to_end, refuse_to_open
from carenet.cases.actions.deadlines import ABUSE_DEADLINE, LADDER
from carenet.cases.actions.holding import NEXT_ACTION, index
from carenet.cases.models import AbuseDeadline, Case, CaseShare
from carenet.cases.policy import abuse
from carenet.cases.registry import on_case_ending, on_restriction
from carenet.cases.selectors import at_work_on, deciders_on, parts_of
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient
from carenet.residents.registry import WayToResident, add_way_to_see_a_resident

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import User
    from carenet.reminders.registry import Occurrence


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded("case", Case, CaseShare, policy.decide, _reindex))
    add_way_to_see_a_resident(WayToResident(policy.sees_resident, policy.edits_resident))
    reminders.register(NextActionDue())
    reminders.register(AbuseDeadlineDue())
    on_case_ending(refuse_to_end)
    on_restriction(refuse_to_open)


def _reindex(case_id: UUID) -> None:
    index(Case.objects.get(pk=case_id))


class NextActionDue:
    """A case's next action is due: the person in charge, then the manager.

    When the person in charge is away for good, the whole staff of the agency hears of it instead.
    """

    name = NEXT_ACTION
    subject_kind = "case"

    def still_holds(self, occurrence: Occurrence) -> bool:
        return Case.objects.filter(
            pk=occurrence.subject_id, next_action_on__isnull=False, ended_at=None
        ).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        agency = occurrence.agency
        users: Iterable[User]
        if occurrence.step > 0:
            users = members_in_roles(agency, {Role.MANAGER})
        elif occurrence.person and actor_of(occurrence.person, agency):
            users = [occurrence.person]
        else:
            users = members_in_roles(agency, {Role.STAFF})
        return [Recipient(user, agency) for user in users]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The next action of case %(code)s is due.") % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step > 0:
            return None
        return calendar_of(occurrence.agency).chase_after(now, 1)


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
        if timezone.now() >= deadline.due_at:
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
