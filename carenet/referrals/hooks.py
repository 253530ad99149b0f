"""What this room hangs into lower rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from carenet.access.registry import Guarded, guard
from carenet.agencies.models import Agency
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.cases.registry import on_case_ending, on_restriction
from carenet.referrals import policy
from carenet.referrals.actions.ending import settle_case
from carenet.referrals.actions.restricting import adapt_to_restriction
from carenet.referrals.actions.stepping import UNANSWERED_REMINDER, index
from carenet.referrals.models import Referral
from carenet.referrals.selectors import pool_waited_for
from carenet.referrals.states import UNANSWERED
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient
from carenet.residents.registry import WayToResident, add_way_to_see_a_resident

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import User
    from carenet.reminders.registry import Occurrence


def register() -> None:
    """Called once, when the apps are ready."""
    guard(Guarded("referral", Referral, None, policy.decide, _reindex))
    add_way_to_see_a_resident(WayToResident(policy.sees_resident))
    on_case_ending(settle_case)
    on_restriction(adapt_to_restriction)
    reminders.register(Unanswered())


def _reindex(referral_id: UUID) -> None:
    index(Referral.objects.select_related("case").get(pk=referral_id))


class Unanswered:
    """A referral waits for an answer: R's intake desk, R's manager, S, the coordinator.

    One working day of the receiver lies between two steps. Nobody's silence declines anything:
    after the last step it stays with the coordinator until somebody answers. While nobody has claimed
    it, the first two steps ring at every agency of the pool, by the sender's working days.
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
            case 0 | 1 if referral.unclaimed:
                return _pool_desks(referral)
            case 0 if referral.receiver:
                return _members(referral.receiver, Role.STAFF)
            case 1 if referral.receiver:
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
        waiting = policy.visible_to(actor), policy.pool_visible_to(actor)
        return any(each.filter(pk=occurrence.subject_id).exists() for each in waiting)

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        if not occurrence.subject_code:
            return _("A referral to an open pool waits for an agency to claim it.")
        return _("Referral %(code)s waits for an answer.") % {"code": occurrence.subject_code}

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step >= self.LAST_STEP:
            return None
        return calendar_of(occurrence.agency).chase_after(now, 1)

    def _referral(self, occurrence: Occurrence) -> Referral:
        related = ("sender", "receiver", "coordinator", "sender_person")
        return Referral.objects.select_related(*related).get(pk=occurrence.subject_id)


def _pool_desks(referral: Referral) -> Sequence[Recipient]:
    """The staff of every agency that may still claim it; the code of the referral is kept from them."""
    agencies = Agency.objects.filter(pk__in=pool_waited_for(referral), active=True).order_by("pk")
    return [each for agency in agencies for each in _members(agency, Role.STAFF)]


def _members(agency: Agency, role: Role) -> Sequence[Recipient]:
    users: Iterable[User] = members_in_roles(agency, {role})
    return [Recipient(user, agency) for user in users]
