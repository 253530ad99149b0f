"""What both sides of a referral are told when neither of them has ended it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.core import clock
from carenet.referrals import policy
from carenet.referrals.actions.notifications import DECLINE_PROPOSED, SETTLED
from carenet.referrals.models import Referral
from carenet.referrals.states import ClosedAs, ReferralStatus
from carenet.reminders.kinds import BaseKind
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient


class DeclineProposed(BaseKind):
    """R proposes to decline: S hears of it at once, the person in charge, else the staff."""

    name = DECLINE_PROPOSED
    subject_kind = "referral"
    message = _("A decline of referral %(code)s is proposed. Confirm or contest it.")
    visible_to = staticmethod(policy.visible_to)

    def applicable(self) -> QuerySet[Any]:
        return Referral.objects.filter(status=ReferralStatus.DECLINE_PROPOSED)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        related = ("sender", "sender_person")
        referral = Referral.objects.select_related(*related).get(pk=occurrence.subject_id)
        return self.person_or_desk(occurrence, referral.sender, referral.sender_person)


class Settled(BaseKind):
    """A case ended and took its referral along: both sides are told, once.

    There is nothing left to do, so it ends by itself when the referral leaves their sight.
    """

    name = SETTLED
    subject_kind = "referral"
    message = _("The case of referral %(code)s has ended, and the referral with it.")
    visible_to = staticmethod(policy.visible_to)

    def applicable(self) -> QuerySet[Any]:
        return Referral.objects.filter(closed_as=ClosedAs.SETTLED, s_until__gt=clock.now())

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        related = ("sender", "receiver", "sender_person", "person_in_charge")
        referral = Referral.objects.select_related(*related).get(pk=occurrence.subject_id)
        told = self.person_or_desk(occurrence, referral.sender, referral.sender_person)
        receiver = referral.receiver  # none where no agency of its pool had claimed it
        if receiver:
            told += self.person_or_desk(occurrence, receiver, referral.person_in_charge)
        return told

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step > 0:
            return None
        return now + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)
