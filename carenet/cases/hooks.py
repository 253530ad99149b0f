"""What this room hangs into lower rooms: its guarded model, a way to a resident, a reminder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.access.registry import Guarded, guard
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.cases import policy
from carenet.cases.actions.holding import NEXT_ACTION, index
from carenet.cases.models import Case, CaseShare, Consultation
from carenet.cases.states import PROGRESS
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient
from carenet.residents.registry import (
    PointsAtResident,
    Progress,
    WayToResident,
    add_progress,
    add_way_to_see_a_resident,
    hides_from_matching,
    on_merging,
)

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
    add_progress(Progress("case", frozenset(PROGRESS), policy.has_case_in))
    hides_from_matching(policy.has_restricted_case)
    on_merging(PointsAtResident(Case, "resident", versioned=True))
    on_merging(PointsAtResident(Consultation, "subject", versioned=True))
    reminders.register(NextActionDue())


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
