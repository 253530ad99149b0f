"""Settings of a municipality begin and end, now or later; what they have brought about stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from carenet.agencies.actors import Actor
from carenet.agencies.models.municipal_setting import MunicipalSettingModel
from carenet.agencies.policy.municipal_settings import (
    Setting,
    can_manage_settings_of,
    settings_visible_to,
)
from carenet.audit.actions import log_write
from carenet.core import clock
from carenet.core.decisions import demand
from carenet.core.errors import Conflict, Invalid
from carenet.core.models import get_visible


def new_setting(
    settings: type[Setting], *, actor: Actor, valid_from: datetime | None = None, **fields: Any
) -> Setting:
    """Return an unsaved setting of the actor's municipality that begins now, or then.

    Raises `Forbidden`, `Invalid` for a beginning in the past.
    """
    code = actor.agency.municipality_code
    demand(can_manage_settings_of(actor, settings, code))
    now = clock.now()
    if valid_from and valid_from < now:
        raise Invalid({"valid_from": _("Give a time in the future, or leave it out for now.")})
    begins = valid_from or now
    return settings(municipality_code=code, valid_from=begins, set_by=actor.user, **fields)


def begin_setting(actor: Actor, setting: MunicipalSettingModel) -> None:
    """Save a setting that was checked."""
    setting.save()
    _log(actor, setting, "set")


@transaction.atomic
def end_setting(
    settings: type[Setting], *, actor: Actor, setting_id: UUID, until: datetime | None = None
) -> Setting:
    """End a setting, now or later. Raises `Conflict` once it has an end, `Invalid` for one too early."""
    visible = settings_visible_to(actor, settings).select_for_update(of=("self",))
    setting = get_visible(visible, pk=setting_id)
    demand(can_manage_settings_of(actor, settings, setting.municipality_code))
    if setting.valid_until:
        raise Conflict(str(setting.has_ended))
    earliest = max(clock.now(), setting.valid_from)
    if until and until < earliest:
        raise Invalid({"until": str(setting.ends_too_early)})
    setting.valid_until = until or earliest
    setting.save(update_fields=["valid_until"])
    _log(actor, setting, "end")
    return setting


def _log(actor: Actor, setting: MunicipalSettingModel, deed: str) -> None:
    kind, (name, field) = setting.audit_kind, setting.audit_field
    log_write(actor.who, f"{kind}.{deed}", kind, setting.pk, **{name: getattr(setting, field)})
