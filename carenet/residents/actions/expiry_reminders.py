"""What falls due about a person: contacts to reconfirm, certifications and consents that run out."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings

from carenet.agencies.selectors import calendar_of
from carenet.reminders.actions import cancel_reminder, schedule_reminder
from carenet.residents.models import Consent, ConsentPole, Resident

#: The kinds of reminder of this room (`carenet.residents.hooks`).
CONTACT_STALE = "resident.contact_stale"
CERTIFICATION_ENDING = "resident.certification_ending"
CONSENT_ENDING = "resident.consent_ending"


def code_of(resident: Resident) -> str:
    """Return what names a person in a reminder: the end of the id, for a person has no code."""
    return f"…{resident.pk.hex[-8:]}"


def remind_of_contacts(resident: Resident) -> None:
    """Ask for the contacts on the day on which the first of them expires; the person is locked."""
    living = resident.contacts.filter(ended_at=None).order_by("expires_on")
    _remind(CONTACT_STALE, resident, living.values_list("expires_on", flat=True).first())


def remind_of_certification(resident: Resident) -> None:
    """Ask for a renewal some weeks before the current certification ends; the person is locked."""
    latest = resident.certifications.order_by("-certified_from", "-id").first()
    ends = latest.certified_until if latest else None
    notice = timedelta(days=settings.RESIDENT_CERTIFICATION_NOTICE_DAYS)
    _remind(CERTIFICATION_ENDING, resident, ends - notice if ends else None)


def remind_of_consent(consent: Consent) -> None:
    """Ask for a new word of the person some weeks before this one runs out."""
    if consent.expires_on is None or consent.pole == ConsentPole.REFUSED or not consent.is_live:
        cancel_reminder(kind=CONSENT_ENDING, subject_id=consent.pk, because="nothing_due")
        return
    notice = timedelta(days=settings.RESIDENT_CONSENT_NOTICE_DAYS)
    agency = consent.recorded_by
    schedule_reminder(
        kind=CONSENT_ENDING,
        subject_id=consent.pk,
        subject_code=code_of(consent.resident),
        agency=agency,
        due_at=calendar_of(agency).opening(consent.expires_on - notice),
    )


def remind_of_everything(resident: Resident) -> None:
    """Write what falls due about a person whose record goes on again."""
    remind_of_contacts(resident)
    remind_of_certification(resident)
    for consent in resident.consents.live().select_related("recorded_by"):
        remind_of_consent(consent)


def forget_everything(resident: Resident, because: str) -> None:
    """End all reminders about a person whose record ends."""
    for kind in (CONTACT_STALE, CERTIFICATION_ENDING):
        cancel_reminder(kind=kind, subject_id=resident.pk, because=because)
    for consent in resident.consents.live():
        cancel_reminder(kind=CONSENT_ENDING, subject_id=consent.pk, because=because)


def _remind(kind: str, resident: Resident, day: date | None) -> None:
    if day is None:
        cancel_reminder(kind=kind, subject_id=resident.pk, because="nothing_due")
        return
    agency = resident.registered_by
    schedule_reminder(
        kind=kind,
        subject_id=resident.pk,
        subject_code=code_of(resident),
        agency=agency,
        due_at=calendar_of(agency).opening(day),
    )
