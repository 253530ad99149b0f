"""What falls due about a person: contacts to reconfirm, certifications and consents that run out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actors import Actor
from carenet.agencies.roles import Role
from carenet.core import clock
from carenet.reminders.kinds import BaseKind, members
from carenet.reminders.models import Occurrence
from carenet.reminders.registry import Recipient
from carenet.residents import policy
from carenet.residents.actions.expiry_reminders import (
    CERTIFICATION_ENDING,
    CONSENT_ENDING,
    CONTACT_STALE,
)
from carenet.residents.models import (
    Certification,
    Consent,
    ConsentPole,
    Contact,
)
from carenet.residents.registry import InCharge, those_in_charge


def _details_visible_to(actor: Actor) -> QuerySet[Any]:
    seen = policy.visible_to(actor)
    return seen if actor.may("residents.view_details") else seen.none()


class AboutResident(BaseKind):
    """Base of the kinds: whoever has the person in hand, then the managers of the same agencies.

    In hand have it the person in charge of each open case, or the staff of its lead when there is none
    or they are away; without such a case the staff of the agency for which the reminder was written.
    """

    subject_kind = "resident"
    visible_to = staticmethod(_details_visible_to)

    def recipients(self, occurrence: Occurrence) -> Iterable[Recipient]:
        resident_id = self.resident_of(occurrence)
        found = those_in_charge(resident_id) or [InCharge(occurrence.agency, None)]
        told = [each for one in found for each in self._of_agency(one, occurrence)]
        return list({(each.user.pk, each.agency.pk): each for each in told}.values())

    @property
    def working_days(self) -> int:
        days: int = settings.RESIDENT_CHASE_WORKING_DAYS
        return days

    def resident_of(self, occurrence: Occurrence) -> UUID:
        """Return whom the subject is about."""
        return occurrence.subject_id

    def _of_agency(self, one: InCharge, occurrence: Occurrence) -> list[Recipient]:
        if occurrence.step > 0:
            return members(one.agency, {Role.MANAGER})
        return self.person_or_desk(occurrence, one.agency, one.person)


class ContactStale(AboutResident):
    """A contact has not been confirmed for long; it holds until it is confirmed or ended."""

    name = CONTACT_STALE
    message = _("A contact of person %(code)s has to be confirmed again.")

    def still_applies(self, occurrence: Occurrence) -> bool:
        stale = Contact.objects.filter(ended_at=None, expires_on__lte=clock.today())
        return stale.filter(resident=occurrence.subject_id, resident__ended_at=None).exists()


class CertificationEnding(AboutResident):
    """The care certification runs out; it holds until a later one is added."""

    name = CERTIFICATION_ENDING
    message = _("The care certification of person %(code)s is running out.")

    def still_applies(self, occurrence: Occurrence) -> bool:
        of_person = Certification.objects.filter(
            resident=occurrence.subject_id, resident__ended_at=None
        )
        latest = of_person.order_by("-certified_from", "-id").first()
        ends = latest.certified_until if latest else None
        return ends is not None and _is_near(ends, settings.RESIDENT_CERTIFICATION_NOTICE_DAYS)


class ConsentEnding(AboutResident):
    """A consent runs out; it holds until its last day, or until one as wide has been recorded."""

    name = CONSENT_ENDING
    subject_kind = "consent"
    message = _("A consent of person %(code)s is running out.")
    visible_to = staticmethod(policy.consents_visible_to)

    def still_applies(self, occurrence: Occurrence) -> bool:
        live = Consent.objects.live().filter(resident__ended_at=None)
        consent = live.filter(pk=occurrence.subject_id).first()
        if consent is None or consent.expires_on is None:
            return False
        renewed = live.filter(
            resident=consent.resident_id,
            pole__in=[ConsentPole.GIVEN, ConsentPole.NOTIFIED],
            agencies__contains=consent.agencies,
            agency_kinds__contains=consent.agency_kinds,
            categories__contains=consent.categories,
        ).exclude(expires_on__lte=consent.expires_on)
        near = _is_near(consent.expires_on, settings.RESIDENT_CONSENT_NOTICE_DAYS)
        return near and not renewed.exists()

    def next_due(self, occurrence: Occurrence, now: datetime) -> datetime | None:
        """Ask once more when it is over, so that the reminder ends with its reason."""
        following = super().next_due(occurrence, now)
        consent = Consent.objects.get(pk=occurrence.subject_id)
        over = consent.ends_at or now
        if following is None:
            return over if over > now else None
        return min(following, over)

    def resident_of(self, occurrence: Occurrence) -> UUID:
        found: UUID = Consent.objects.values_list("resident", flat=True).get(
            pk=occurrence.subject_id
        )
        return found


def _is_near(day: date, days: int) -> bool:
    return day - timedelta(days=days) <= clock.today()
