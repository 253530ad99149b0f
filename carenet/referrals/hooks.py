"""What this room hangs into lower rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from carenet.access.registry import Guarded, guard
from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.cases.registry import on_case_ending, on_restriction
from carenet.referrals import policy
from carenet.referrals.actions.consents import CONSENT_WITHDRAWN, end_what_rested
from carenet.referrals.actions.ending import settle_case
from carenet.referrals.actions.restricting import adapt_to_restriction
from carenet.referrals.actions.stepping import UNANSWERED_REMINDER, index
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN, UNANSWERED
from carenet.reminders import registry as reminders
from carenet.reminders.registry import Recipient
from carenet.residents.registry import (
    WayToResident,
    add_way_to_see_a_resident,
    on_consent_withdrawn,
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
    on_case_ending(settle_case)
    on_restriction(adapt_to_restriction)
    on_consent_withdrawn(end_what_rested)
    reminders.register(Unanswered())
    reminders.register(ConsentWithdrawn())


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


class ConsentWithdrawn:
    """The person has taken back the consent on which an open referral rests: S has to decide.

    First both sides are told; then, every few working days, S alone until the referral is over.
    """

    name = CONSENT_WITHDRAWN
    subject_kind = "referral"

    def still_holds(self, occurrence: Occurrence) -> bool:
        waiting = Referral.objects.filter(pk=occurrence.subject_id, status__in=sorted(OPEN))
        return waiting.filter(consent__withdrawal__isnull=False).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        related = ("sender", "receiver", "sender_person", "person_in_charge")
        referral = Referral.objects.select_related(*related).get(pk=occurrence.subject_id)
        sending = _person_or_desk(referral.sender_person, referral.sender)
        if occurrence.step == 0:
            return [*sending, *_person_or_desk(referral.person_in_charge, referral.receiver)]
        return [*sending, *_members(referral.sender, Role.MANAGER)]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The consent on which referral %(code)s rests was withdrawn.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        days = settings.REFERRAL_SENDER_WORKING_DAYS
        return calendar_of(occurrence.agency).chase_after(now, days)


def _person_or_desk(person: User | None, agency: Agency) -> Sequence[Recipient]:
    if person and actor_of(person, agency):
        return [Recipient(person, agency)]
    return _members(agency, Role.STAFF)


def _members(agency: Agency, role: Role) -> Sequence[Recipient]:
    users: Iterable[User] = members_in_roles(agency, {role})
    return [Recipient(user, agency) for user in users]
