"""What is said of an open referral whose consent was taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.referrals import policy
from carenet.referrals.actions.consents import CONSENT_WITHDRAWN
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN
from carenet.reminders.kinds import BaseKind, members
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient


class ConsentWithdrawn(BaseKind):
    """The person has taken back the consent on which an open referral rests: S has to decide.

    First both sides are told; then, every few working days, S alone until the referral is over.
    """

    name = CONSENT_WITHDRAWN
    subject_kind = "referral"
    endless = True
    message = _("The consent on which referral %(code)s rests was withdrawn.")
    visible_to = staticmethod(policy.visible_to)

    def applicable(self) -> QuerySet[Any]:
        waiting = Referral.objects.filter(status__in=sorted(OPEN))
        return waiting.filter(consent__withdrawal__isnull=False)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        related = ("sender", "receiver", "sender_person", "person_in_charge")
        referral = Referral.objects.select_related(*related).get(pk=occurrence.subject_id)
        sending = self.person_or_desk(occurrence, referral.sender, referral.sender_person)
        if occurrence.step == 0:
            person, receiver = referral.person_in_charge, referral.receiver
            # The agencies of a pool have seen no person in it: to them it is simply gone.
            receiving = self.person_or_desk(occurrence, receiver, person) if receiver else []
            return [*sending, *receiving]
        return [*sending, *members(referral.sender, {Role.MANAGER})]

    @property
    def working_days(self) -> int:
        days: int = settings.REFERRAL_SENDER_WORKING_DAYS
        return days
