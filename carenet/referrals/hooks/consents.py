"""What is said of an open referral whose consent was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.agencies.selectors import calendar_of, members_in_roles
from carenet.referrals import policy
from carenet.referrals.actions.consents import CONSENT_WITHDRAWN
from carenet.referrals.models import Referral
from carenet.referrals.states import OPEN
from carenet.reminders.registry import Recipient
from carenet.reminders.selectors import first_reached

if TYPE_CHECKING:
    from collections.abc import Iterable
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

    def still_applies(self, occurrence: Occurrence) -> bool:
        waiting = Referral.objects.filter(pk=occurrence.subject_id, status__in=sorted(OPEN))
        return waiting.filter(consent__withdrawal__isnull=False).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        related = ("sender", "receiver", "sender_person", "person_in_charge")
        referral = Referral.objects.select_related(*related).get(pk=occurrence.subject_id)
        sending = self._person_or_desk(referral.sender_person, referral.sender, occurrence)
        if occurrence.step == 0:
            person, receiver = referral.person_in_charge, referral.receiver
            # The agencies of a pool have seen no person in it: to them it is simply gone.
            receiving = self._person_or_desk(person, receiver, occurrence) if receiver else []
            return [*sending, *receiving]
        managers = members_in_roles(referral.sender, {Role.MANAGER})
        return [*sending, *(Recipient(user, referral.sender) for user in managers)]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The consent on which referral %(code)s rests was withdrawn.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        days = settings.REFERRAL_SENDER_WORKING_DAYS
        return calendar_of(occurrence.agency).working_days_later(now, days)

    def _person_or_desk(
        self, person: User | None, agency: Agency, occurrence: Occurrence
    ) -> list[Recipient]:
        """Return who has it in hand, or the staff when that is nobody, or they are away."""
        groups = [
            (agency, [person] if person else []),
            (agency, members_in_roles(agency, {Role.STAFF})),
        ]
        return first_reached(groups, lambda who: self.may_see(who, occurrence))
