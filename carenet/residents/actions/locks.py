"""Locks on people, before anything about them is written."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.core.errors import Conflict
from carenet.core.models import get_visible
from carenet.residents.models import Resident
from carenet.residents.policy import visible_to


def lock_resident(actor: Actor, resident_id: UUID) -> Resident:
    """Lock a visible person until the transaction ends; raises `NotFound` out of reach."""
    visible = visible_to(actor).select_for_update(of=("self",), no_key=True)
    return get_visible(visible, pk=resident_id)


def lock_living_resident(resident: Resident) -> None:
    """Lock a person whom the caller has looked up; raises `Conflict` when the record has ended."""
    demand_living(Resident.objects.select_for_update(no_key=True).get(pk=resident.pk))


def demand_living(resident: Resident) -> None:
    """Raise `Conflict` when the record has ended: nothing is added to it then."""
    if resident.is_ended:
        raise Conflict(
            _("This record has ended. Reinstate the person first, if that was a mistake."),
            code="record_ended",
        )
