"""Whom to call: entered, corrected, reconfirmed, ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version, get_visible
from carenet.residents.actions.expiry_reminders import remind_of_contacts
from carenet.residents.actions.locks import demand_living, lock_resident
from carenet.residents.actions.particulars import settle_phone
from carenet.residents.models import Contact, Resident
from carenet.residents.policy import can_edit
from carenet.rest.limits import demand_near, demand_recent


@transaction.atomic
def add_contact(
    *,
    actor: Actor,
    resident_id: UUID,
    confirmed_on: date | None = None,
    expires_on: date | None = None,
    **fields: Any,
) -> Contact:
    """Enter somebody to call; believed from `confirmed_on` (today) until `expires_on` (a setting).

    Raises `Conflict` for an ended record, `Invalid` for days that cannot be.
    """
    resident = lock_resident(actor, resident_id)
    demand(can_edit(actor, resident))
    demand_living(resident)
    contact = Contact(resident=resident, **fields)
    settle_phone(contact)
    _believe(contact, confirmed_on, expires_on)
    contact.save()
    remind_of_contacts(resident)
    log_write(actor.who, "contact.add", "contact", contact.pk, resident=str(resident.pk))
    return contact


@transaction.atomic
def edit_contact(
    *,
    actor: Actor,
    resident_id: UUID,
    contact_id: UUID,
    version: int | None = None,
    **changes: Any,
) -> Contact:
    """Correct what is written of a contact; that it still holds is said by `confirm_contact`."""
    _resident, contact = _lock(actor, resident_id, contact_id, version)
    for name, value in changes.items():
        setattr(contact, name, value)
    if "phone" in changes:
        settle_phone(contact)
    contact.save_version()
    log_write(actor.who, "contact.edit", "contact", contact.pk, fields=sorted(changes))
    return contact


@transaction.atomic
def confirm_contact(
    *,
    actor: Actor,
    resident_id: UUID,
    contact_id: UUID,
    confirmed_on: date | None = None,
    expires_on: date | None = None,
    version: int | None = None,
) -> Contact:
    """Say that a contact still holds; it is asked for again when it expires."""
    resident, contact = _lock(actor, resident_id, contact_id, version)
    _believe(contact, confirmed_on, expires_on)
    contact.save_version()
    remind_of_contacts(resident)
    log_write(actor.who, "contact.confirm", "contact", contact.pk)
    return contact


@transaction.atomic
def end_contact(
    *, actor: Actor, resident_id: UUID, contact_id: UUID, version: int | None = None
) -> Contact:
    """Say that nobody is to call them any more; what was written stays."""
    resident, contact = _lock(actor, resident_id, contact_id, version)
    contact.ended_at = clock.now()
    contact.save_version()
    remind_of_contacts(resident)
    log_write(actor.who, "contact.end", "contact", contact.pk)
    return contact


def _lock(
    actor: Actor, resident_id: UUID, contact_id: UUID, version: int | None
) -> tuple[Resident, Contact]:
    resident = lock_resident(actor, resident_id)
    contact = get_visible(Contact.objects.all(), pk=contact_id, resident=resident)
    demand(can_edit(actor, resident))
    demand_living(resident)
    check_version(contact, version)
    if contact.ended_at:
        raise Conflict(_("This contact has ended. Enter it anew if it holds again."))
    return resident, contact


def _believe(contact: Contact, confirmed_on: date | None, expires_on: date | None) -> None:
    today = clock.today()
    confirmed_on = confirmed_on or today
    if confirmed_on > today:
        raise Invalid({"confirmed_on": _("Give a day that is not in the future.")})
    demand_recent("confirmed_on", confirmed_on, born=contact.resident.born_by)
    days = timedelta(days=settings.RESIDENT_CONTACT_VALID_DAYS)
    demand_near("expires_on", expires_on, "RESIDENT_CONTACT_MOST_DAYS")
    contact.confirmed_on, contact.expires_on = confirmed_on, expires_on or confirmed_on + days
    if contact.expires_on <= max(contact.confirmed_on, today):
        raise Invalid({"expires_on": _("Give a day in the future.")})
