"""What this room hangs into lower rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.access.registry import Guarded, guard
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.cases.registry import on_case_ending, on_restriction
from carenet.referrals import policy
from carenet.referrals.actions.ending import settle_case
from carenet.referrals.actions.restricting import adapt_to_restriction
from carenet.referrals.actions.stepping import UNANSWERED_REMINDER, index
from carenet.referrals.models import Referral
from carenet.referrals.states import PROGRESS, UNANSWERED
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient
from carenet.residents.registry import (
    PointsAtResident,
    Progress,
    WayToResident,
    add_progress,
    add_way_to_see_a_resident,
    on_merging,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.reminders.registry import Occurrence


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded("referral", Referral, None, policy.decide, _reindex))
    add_way_to_see_a_resident(WayToResident(policy.sees_resident))
    add_progress(Progress("referral", frozenset(PROGRESS), policy.has_referral_in))
    on_merging(PointsAtResident(Referral, "resident", versioned=True, after="case__resident"))
    on_case_ending(settle_case)
    on_restriction(adapt_to_restriction)
    reminders.register(Unanswered())


def _reindex(referral_id: UUID) -> None:
    index(Referral.objects.select_related("case").get(pk=referral_id))


class Unanswered:
    """A referral waits for an answer: R's intake desk, R's manager, S, the coordinator.

    One working day of the receiver lies between two steps. Nobody's silence declines anything:
    after the last step it stays with the coordinator until somebody answers.
    """

    name = UNANSWERED_REMINDER
    subject_kind = "referral"
    LAST_STEP = 3

    def still_holds(self, occurrence: Occurrence) -> bool:
        waiting = [status.value for status in UNANSWERED]
        return Referral.objects.filter(pk=occurrence.subject_id, status__in=waiting).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        referral = self._referral(occurrence)
        match occurrence.step:
            case 0:
                return _members(referral.receiver, Role.STAFF)
            case 1:
                return _members(referral.receiver, Role.MANAGER)
            case 2:
                person = referral.sender_person
                if person and actor_of(person, referral.sender):
                    return [Recipient(person, referral.sender)]
                return _members(referral.sender, Role.STAFF)
            case _:
                office = referral.coordinator
                return _members(office, Role.COORDINATOR) if office else []

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Referral %(code)s waits for an answer.") % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step >= self.LAST_STEP:
            return None
        return calendar_of(occurrence.agency).chase_after(now, 1)

    def _referral(self, occurrence: Occurrence) -> Referral:
        related = ("sender", "receiver", "coordinator", "sender_person")
        return Referral.objects.select_related(*related).get(pk=occurrence.subject_id)


def _members(agency: Agency, role: Role) -> Sequence[Recipient]:
    users: Iterable[User] = members_in_roles(agency, {role})
    return [Recipient(user, agency) for user in users]
