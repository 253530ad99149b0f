"""What is said of an open referral whose consent was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.agencies.selectors import actor_of, calendar_of, members_in_roles
from carenet.referrals import policy
from carenet.referrals.actions.consents import CONSENT_WITHDRAWN
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN
from carenet.reminders.registry import Recipient

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.reminders.registry import Occurrence


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
