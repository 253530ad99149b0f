"""What both sides of a referral are told when neither of them has ended it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from carenet.agencies.roles import Role
from carenet.agencies.selectors import members_in_roles
from carenet.core import clock
from carenet.referrals import policy
from carenet.referrals.actions.notifications import DECLINE_PROPOSED, SETTLED
from carenet.referrals.models import Referral
from carenet.referrals.states import ClosedAs, ReferralStatus
from carenet.reminders.selectors import first_reached

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from carenet.agencies.actors import Actor
    from carenet.agencies.models import Agency, User
    from carenet.reminders.registry import Occurrence, Recipient


class DeclineProposed:
    """R proposes to decline: S hears of it at once, the person in charge, else the staff."""

    name = DECLINE_PROPOSED
    subject_kind = "referral"

    def still_applies(self, occurrence: Occurrence) -> bool:
        proposed = Referral.objects.filter(status=ReferralStatus.DECLINE_PROPOSED)
        return proposed.filter(pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        related = ("sender", "sender_person")
        referral = Referral.objects.select_related(*related).get(pk=occurrence.subject_id)
        sender, person = referral.sender, referral.sender_person
        groups: list[tuple[Agency, Iterable[User]]] = [(sender, [person])] if person else []
        groups.append((sender, members_in_roles(sender, {Role.STAFF})))
        return first_reached(groups, lambda who: self.may_see(who, occurrence))

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("A decline of referral %(code)s is proposed. Confirm or contest it.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        return None


class Settled:
    """A case ended and took its referral along: both sides are told, once.

    There is nothing left to do, so it ends by itself when the referral leaves their sight.
    """

    name = SETTLED
    subject_kind = "referral"

    def still_applies(self, occurrence: Occurrence) -> bool:
        settled = Referral.objects.filter(closed_as=ClosedAs.SETTLED, s_until__gt=clock.now())
        return settled.filter(pk=occurrence.subject_id).exists()

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        related = ("sender", "receiver", "sender_person", "person_in_charge")
        referral = Referral.objects.select_related(*related).get(pk=occurrence.subject_id)
        return [
            *self._of(occurrence, referral.sender, referral.sender_person),
            *self._of(occurrence, referral.receiver, referral.person_in_charge),
        ]

    def may_see(self, actor: Actor, occurrence: Occurrence) -> bool:
        return policy.visible_to(actor).filter(pk=occurrence.subject_id).exists()

    def text(self, occurrence: Occurrence) -> StrOrPromise:
        return _("The case of referral %(code)s has ended, and the referral with it.") % {
            "code": occurrence.subject_code
        }

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        if occurrence.step > 0:
            return None
        return now + timedelta(days=settings.REFERRAL_VISIBLE_DAYS_AFTER_END)

    def _of(
        self, occurrence: Occurrence, agency: Agency | None, person: User | None
    ) -> Iterable[Recipient]:
        if agency is None:  # no agency of its pool had claimed it
            return []
        groups: list[tuple[Agency, Iterable[User]]] = [(agency, [person])] if person else []
        groups.append((agency, members_in_roles(agency, {Role.STAFF})))
        return first_reached(groups, lambda who: self.may_see(who, occurrence))
