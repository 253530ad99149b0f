"""Telephone calls to the desks that are competent for other abuse; they set a consultation apart.

Nothing that was told is lost: the consultation stays, for its recorder and named people alone.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.abuse.models import DeskCall
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.cases.actions.consultation_readers import set_apart
from carenet.cases.actions.locks import demand_person
from carenet.core import clock
from carenet.core.errors import Invalid
from carenet.rest.limits import demand_recent


@transaction.atomic
def record_call(
    *, actor: Actor, consultation_id: UUID, called_at: datetime, **fields: str
) -> DeskCall:
    """Record which desk was telephoned about a consultation, when, and who answered.

    `fields` are victim, alleged, desk, phone, answered_by ("": nobody) and text. The consultation is
    set apart with it. Raises `Invalid` for a call that is yet to be made.
    """
    if called_at > clock.now():
        raise Invalid({"called_at": _("Record a call when it has been made: a time in the past.")})
    consultation = set_apart(actor=actor, consultation_id=consultation_id)
    demand_recent("called_at", called_at, began=consultation.received_at)
    call = DeskCall.objects.create(
        consultation=consultation,
        called_at=called_at,
        **fields,
        by_agency=actor.agency,
        by_user=demand_person(actor),
    )
    log_write(actor.who, "desk_call.record", "desk_call", call.pk)
    return call
