"""What a handover pack tells of what hangs on the person: each as far as the reader sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from carenet.agencies.models import AgencyKind
from carenet.audit.actions import log_read
from carenet.cases.registry import PackLine
from carenet.core import clock
from carenet.residents.models import (
    CareLevel,
    Certification,
    Consent,
    ConsentPole,
    Contact,
    ContactRelationship,
    DementiaLevel,
    FactKind,
    HouseholdMember,
    HouseholdRole,
    InformationCategory,
    ResidentFact,
)


def contacts(found: Iterable[Contact]) -> Iterator[PackLine]:
    """Whom to call, those marked for an emergency first; what has not been confirmed says so."""
    today = clock.today()
    for contact in found:
        log_read("contact", contact.pk)
        yield PackLine(_contact(contact, today), kind="contact", id=contact.pk)


def facts(found: Iterable[ResidentFact]) -> Iterator[PackLine]:
    """What holds of the person as far as the reader may see it, with the last day it is said for."""
    for fact in found:
        log_read("residentfact", fact.pk)
        words = " ".join(part for part in (fact.value_label, fact.detail) if part)
        since = _("known since %(day)s") % {"day": fact.known_on.isoformat()}
        text = f"{FactKind(fact.kind).label}: {words} ({since})"
        yield PackLine(text, on=fact.expires_on, kind="residentfact", id=fact.pk)


def care_level(found: Iterable[Certification]) -> Iterator[PackLine]:
    """The current certification, with its last day."""
    for latest in found:
        log_read("certification", latest.pk)
        levels = [CareLevel(latest.care_level).label]
        if latest.dementia_level:
            levels.append(DementiaLevel(latest.dementia_level).label)
        text = _(", ").join(str(level) for level in levels)
        yield PackLine(text, on=latest.certified_until, kind="certification", id=latest.pk)


def household(found: Iterable[HouseholdMember]) -> Iterator[PackLine]:
    """Who lives together now, as far as the reader sees each of them."""
    for member in found:
        log_read("household", member.household_id)
        role = HouseholdRole(member.role).label
        text = f"{member.resident.name} ({role})"
        yield PackLine(text, on=member.since, kind="resident", id=member.resident_id)


def consents(
    found: Iterable[Consent], named: Iterable[tuple[UUID, str, bool]]
) -> Iterator[PackLine]:
    """What holds of what the person said, with its last day, that which was said first in front."""
    names = {pk: name for pk, name, _visible in named}
    for consent in sorted(found, key=lambda each: each.pk):
        if not consent.is_live:
            continue
        log_read("consent", consent.pk)
        yield PackLine(
            _consent(consent, names), on=consent.expires_on, kind="consent", id=consent.pk
        )


def _contact(contact: Contact, today: date) -> str:
    marks = [
        (contact.is_emergency_contact, _("in an emergency")),
        (contact.is_key_person, _("key person")),
        (contact.holds_key, _("holds a key")),
        (contact.expires_on <= today, _("to be confirmed again")),
    ]
    said = _(", ").join(mark for holds, mark in marks if holds)
    reached = f"TEL {contact.phone}" if contact.phone else ""
    relationship = ContactRelationship(contact.relationship).label
    parts = (f"{contact.name} ({relationship})", reached, said and f"[{said}]", contact.note)
    return " ".join(part for part in parts if part)


def _consent(consent: Consent, names: dict[UUID, str]) -> str:
    to = [names[pk] for pk in consent.agencies if pk in names]
    to += [str(AgencyKind(kind).label) for kind in consent.agency_kinds]
    about = [str(InformationCategory(each).label) for each in consent.categories]
    separator = _(", ")
    pole = ConsentPole(consent.pole).label
    return f"[{pole}] {separator.join(to)}: {separator.join(about)}"
