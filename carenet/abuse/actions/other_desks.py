"""The desks that a municipality sets for abuse for which the procedure here is not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.abuse import policy
from carenet.abuse.models import OtherDesk
from carenet.agencies.actors import Actor
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import get_visible


@transaction.atomic
def set_desk(*, actor: Actor, valid_from: datetime | None = None, **fields: object) -> OtherDesk:
    """Begin a desk of the actor's municipality, now or later; it stands beside what counts everywhere.

    `fields` are kind, name, phone, hours, source, checked_on (None: unchecked). Raises `Invalid` for a
    beginning in the past or a check in the future.
    """
    code = actor.agency.municipality_code
    demand(policy.can_manage_desks(actor, code))
    now = clock.now()
    if valid_from and valid_from < now:
        raise Invalid({"valid_from": _("Give a time in the future, or leave it out for now.")})
    checked_on = fields.get("checked_on")
    if checked_on and checked_on > clock.today():  # type: ignore[operator]
        raise Invalid({"checked_on": _("A day in the past, or none if nobody has checked it.")})
    desk = OtherDesk(
        municipality_code=code, valid_from=valid_from or now, set_by=actor.user, **fields
    )
    desk.save()
    log_write(actor.who, "other_desk.set", "other_desk", desk.pk, desk_kind=desk.kind)
    return desk


@transaction.atomic
def end_desk(*, actor: Actor, desk_id: UUID, until: datetime | None = None) -> OtherDesk:
    """End a desk, now or later. Raises `Conflict` once it has an end, `Invalid` for one in the past."""
    visible = policy.desks_visible_to(actor).select_for_update(of=("self",))
    desk = get_visible(visible, pk=desk_id)
    demand(policy.can_manage_desks(actor, desk.municipality_code))
    if desk.valid_until:
        raise Conflict(_("This desk has an end already. Set a new one instead."))
    now = clock.now()
    if until and until < max(now, desk.valid_from):
        raise Invalid({"until": _("Give a time in the future, after it has begun.")})
    desk.valid_until = until or max(now, desk.valid_from)
    desk.save(update_fields=["valid_until"])
    log_write(actor.who, "other_desk.end", "other_desk", desk.pk, desk_kind=desk.kind)
    return desk
