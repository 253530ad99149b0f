"""What a person says to the sharing of their data: written down, taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models import Agency
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid, NotFound
from carenet.core.models import get_visible
from carenet.reminders.actions import cancel_reminder
from carenet.residents.actions.expiry_reminders import CONSENT_ENDING, remind_of_consent
from carenet.residents.actions.locks import demand_living, lock_resident
from carenet.residents.models import (
    Consent,
    ConsentWithdrawal,
    Resident,
)
from carenet.residents.policy import can_record_consent, consents_visible_to, visible_to
from carenet.residents.registry import consent_withdrawn
from carenet.rest.limits import demand_near, demand_recent


@transaction.atomic
def record_consent(
    *,
    actor: Actor,
    resident_id: UUID,
    agencies: Iterable[Agency] = (),
    stated_on: date | None = None,
    **said: Any,
) -> Consent:
    """Write down a word of the person; it is added to what they said before and changes none of it.

    `said` are the other fields of `Consent`: `pole`, `agency_kinds`, `categories`, `method` …
    Raises `Conflict` for an ended record, `Invalid` for one that says to nobody, or about days that
    cannot be.
    """
    resident = lock_resident(actor, resident_id)
    demand(can_record_consent(actor, resident))
    demand_living(resident)
    consent = Consent(
        resident=resident,
        agencies=sorted({agency.pk for agency in agencies}),
        stated_on=stated_on or clock.today(),
        recorded_by=actor.agency,
        recorded_by_person=actor.user,
        **said,
    )
    _check(consent)
    consent.save()
    remind_of_consent(consent)
    log_write(actor.who, "consent.record", "consent", consent.pk, resident=str(resident.pk))
    return consent


@transaction.atomic
def record_consents(
    *, actor: Actor, resident_ids: Iterable[UUID], agencies: Iterable[Agency] = (), **said: Any
) -> list[Consent]:
    """Write down the same word of many visible people, as `record_consent` does of one: all or none.

    The number of queries does not grow with them, unless it ends on a day. Raises what that raises.
    """
    ids = set(resident_ids)
    seen = visible_to(actor).select_for_update(of=("self",), no_key=True).order_by("pk")
    residents = list(seen.filter(pk__in=ids))
    if len(residents) != len(ids):
        raise NotFound
    for resident in residents:
        demand(can_record_consent(actor, resident))
    return note_consents(actor=actor, residents=residents, agencies=agencies, **said)


def note_consents(
    *, actor: Actor, residents: Iterable[Resident], agencies: Iterable[Agency] = (), **said: Any
) -> list[Consent]:
    """Write down the same word of many people whom a room above knows, and whose policy it has asked.

    Raises what `record_consent` does for the record and the days.
    """
    said.setdefault("stated_on", clock.today())
    to = sorted({agency.pk for agency in agencies})
    made = []
    for resident in residents:
        demand_living(resident)
        consent = Consent(
            resident=resident, agencies=to, recorded_by=actor.agency,
            recorded_by_person=actor.user, **said,
        )  # fmt: skip
        _check(consent)
        made.append(consent)
    Consent.objects.bulk_create(made)
    for consent in made:
        if consent.expires_on:
            remind_of_consent(consent)
    if made:
        log_write(actor.who, "consent.record", "consent", *(each.pk for each in made))
    return made


@transaction.atomic
def withdraw_consent(
    *,
    actor: Actor,
    resident_id: UUID,
    consent_id: UUID,
    method: str,
    withdrawn_on: date | None = None,
    note: str = "",
) -> Consent:
    """Take a consent back (or lift a refusal), and end at once every share that rests on it.

    Holds whatever the state of the record is. Raises `Conflict` when that has been done already,
    `Invalid` for a day that cannot be.
    """
    resident = lock_resident(actor, resident_id)
    found = consents_visible_to(actor).filter(pk=consent_id, resident=resident)
    consent = get_visible(found.select_for_update(of=("self",), no_key=True))
    demand(can_record_consent(actor, resident))
    if consent.is_withdrawn:
        raise Conflict(_("This has been taken back already."))
    withdrawn_on = withdrawn_on or clock.today()
    if not consent.stated_on <= withdrawn_on <= clock.today():
        raise Invalid({"withdrawn_on": _("Give a day from stated_on to today.")})
    ConsentWithdrawal.objects.create(
        consent=consent,
        withdrawn_on=withdrawn_on,
        method=method,
        note=note,
        recorded_by=actor.agency,
        recorded_by_person=actor.user,
    )
    cancel_reminder(kind=CONSENT_ENDING, subject_id=consent.pk, because="withdrawn")
    consent_withdrawn(actor=actor, consent=consent)
    log_write(actor.who, "consent.withdraw", "consent", consent.pk, resident=str(resident.pk))
    return consent


def _check(consent: Consent) -> None:
    today = clock.today()
    if not (consent.agencies or consent.agency_kinds):
        raise Invalid({"agencies": _("Say to whom: name agencies, or kinds of agencies.")})
    if consent.stated_on > today:
        raise Invalid({"stated_on": _("Give a day that is not in the future.")})
    demand_recent("stated_on", consent.stated_on, born=consent.resident.born_by)
    if consent.expires_on and consent.expires_on < today:
        raise Invalid({"expires_on": _("Give a day that is not in the past.")})
    demand_near("expires_on", consent.expires_on, "RESIDENT_CONSENT_MOST_DAYS")
