"""The end of a record: the person has died or moved away, or has not after all."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import check_version
from carenet.residents.actions.expiry_reminders import forget_everything, remind_of_everything
from carenet.residents.actions.history import facts, record_version
from carenet.residents.actions.locks import demand_living, lock_resident
from carenet.residents.models import RecordChange, Resident
from carenet.residents.policy import can_end, can_reinstate
from carenet.residents.registry import resident_ended
from carenet.rest.limits import demand_recent


@transaction.atomic
def end_record(
    *, actor: Actor, resident_id: UUID, reason: str, on: date, version: int | None = None
) -> Resident:
    """Record that a person has died or moved away, and settle what every room has open on them.

    Raises `Conflict` when the record has ended already, `Invalid` for a day in the future.
    """
    resident = lock_resident(actor, resident_id)
    demand(can_end(actor, resident))
    check_version(resident, version)
    demand_living(resident)
    if on > clock.today():
        raise Invalid({"on": _("Give a day that is not in the future.")})
    demand_recent("on", on, born=resident.born_by)
    before = facts(resident)
    resident.ended_because, resident.ended_on = reason, on
    resident.ended_at, resident.ended_by = clock.now(), actor.agency
    _save_version(actor, resident, RecordChange.END, before)
    forget_everything(resident, because=reason)
    resident_ended(actor=actor, resident=resident)
    log_write(actor.who, "resident.end", "resident", resident.pk, reason=reason)
    return resident


@transaction.atomic
def reinstate(*, actor: Actor, resident_id: UUID, version: int | None = None) -> Resident:
    """Take the end of a record back; the cases that it closed are reopened by those who led them.

    Raises `Conflict` when the record has not ended.
    """
    resident = lock_resident(actor, resident_id)
    demand(can_reinstate(actor, resident))
    check_version(resident, version)
    if not resident.is_ended:
        raise Conflict(_("This record has not ended."))
    before = facts(resident)
    resident.ended_because, resident.ended_on = "", None
    resident.ended_at, resident.ended_by = None, None
    _save_version(actor, resident, RecordChange.REINSTATE, before)
    remind_of_everything(resident)
    log_write(actor.who, "resident.reinstate", "resident", resident.pk)
    return resident


def _save_version(
    actor: Actor, resident: Resident, change: RecordChange, before: dict[str, Any]
) -> None:
    resident.save_version()
    record_version(actor=actor, resident=resident, change=change, before=before)
