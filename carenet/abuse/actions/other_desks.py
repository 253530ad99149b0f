"""The desks that a municipality sets for abuse for which the procedure here is not."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.abuse.models import OtherDesk
from carenet.agencies.actions.municipal_settings import begin_setting, new_setting
from carenet.agencies.actors import Actor
from carenet.core import clock
from carenet.core.errors import Invalid


@transaction.atomic
def set_desk(*, actor: Actor, **fields: Any) -> OtherDesk:
    """Begin a desk of the actor's municipality, now or later; it stands beside what counts everywhere.

    `fields` are valid_from, kind, name, phone, hours, source, checked_on (None: unchecked). Raises
    `Invalid` for a beginning in the past or a check in the future.
    """
    desk = new_setting(OtherDesk, actor=actor, **fields)
    if desk.checked_on and desk.checked_on > clock.today():
        raise Invalid({"checked_on": _("A day in the past, or none if nobody has checked it.")})
    begin_setting(actor, desk)
    return desk
