"""What this room hangs into lower rooms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carenet.access.registry import Guarded, guard
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.cases.registry import on_case_ending, on_restriction
from carenet.referrals import policy
from carenet.referrals.actions.ending import settle_case
from carenet.referrals.actions.restricting import adapt_to_restriction
from carenet.referrals.actions.stepping import UNANSWERED_REMINDER, index
from carenet.referrals.actions.telling import (
    HOLD_REVIEW,
    REROUTED,
    SETTLED,
    WITHDRAWAL_REQUESTED,
)
from carenet.referrals.models import Referral
from carenet.referrals.states import UNANSWERED, UNDER_WAY, ClosedAs, ReferralStatus
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient
from carenet.residents.registry import WayToResident, add_way_to_see_a_resident

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
    on_case_ending(settle_case)
    on_restriction(adapt_to_restriction)
    for kind in (Unanswered(), HoldReview(), WithdrawalRequested(), Settled(), Rerouted()):
        reminders.register(kind)


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


class _OfReferral:
    """What the kinds below have in common: one step, about a referral that one must still see."""

    subject_kind = "referral"

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None

    def _find(self, occurrence: Occurrence) -> Referral:
        related = ("sender", "receiver", "coordinator", "sender_person", "person_in_charge")
        return Referral.objects.select_related(*related).get(pk=occurrence.subject_id)

    def _senders(self, referral: Referral) -> Sequence[Recipient]:
        return _person_or_desk(referral.sender_person, referral.sender)

    def _receivers(self, referral: Referral) -> Sequence[Recipient]:
        return _person_or_desk(referral.person_in_charge, referral.receiver)


class HoldReview(_OfReferral):
    """The day has come to look at a held referral again.

    The person in charge, falling back to R's desk; of an R without accounts S, which records for it.
    """

    name = HOLD_REVIEW

    def still_holds(self, occurrence: Occurrence) -> bool:
        held = Referral.objects.filter(status=ReferralStatus.ON_HOLD)
        return held.filter(pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        referral = self._find(occurrence)
        return self._receivers(referral) or self._senders(referral)

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("Referral %(code)s is on hold; look at it again today.") % {
            "code": occurrence.subject_code
        }


class WithdrawalRequested(_OfReferral):
    """S wants work back that has begun: R at once, then C, who may agree in the stead of a silent R."""

    name = WITHDRAWAL_REQUESTED

    def still_holds(self, occurrence: Occurrence) -> bool:
        wanted = Referral.objects.filter(withdrawal_requested=True, status__in=sorted(UNDER_WAY))
        return wanted.filter(pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        referral = self._find(occurrence)
        if occurrence.step == 0:
            return self._receivers(referral)
        office = referral.coordinator
        return _members(office, Role.COORDINATOR) if office else []

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The sender asks to withdraw referral %(code)s.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step > 0:
            return None
        days = settings.REFERRAL_WITHDRAWAL_WORKING_DAYS
        return calendar_of(occurrence.agency).chase_after(now, days)


class Settled(_OfReferral):
    """A case ended and took its referral along: both sides are told, once.

    There is nothing left to do, so it ends by itself when the referral leaves their sight.
    """

    name = SETTLED

    def still_holds(self, occurrence: Occurrence) -> bool:
        settled = Referral.objects.filter(closed_as=ClosedAs.SETTLED, s_until__gt=timezone.now())
        return settled.filter(pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        referral = self._find(occurrence)
        return [*self._senders(referral), *self._receivers(referral)]

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The case of referral %(code)s has ended, and the referral with it.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step > 0:
            return None
        return now + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)


class Rerouted(_OfReferral):
    """C has prepared a new draft for S, which waits to be sent or discarded."""

    name = REROUTED

    def still_holds(self, occurrence: Occurrence) -> bool:
        drafts = Referral.objects.filter(status=ReferralStatus.DRAFT)
        return drafts.filter(pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        return self._senders(self._find(occurrence))

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The coordinator has rerouted a referral: draft %(code)s waits to be sent.") % {
            "code": occurrence.subject_code
        }


def _person_or_desk(person: User | None, agency: Agency) -> Sequence[Recipient]:
    if person and actor_of(person, agency):
        return [Recipient(person, agency)]
    return _members(agency, Role.STAFF)
