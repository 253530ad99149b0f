"""Settings of municipalities: all of them, and those in force somewhere at a moment."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from carenet.agencies.actors import Actor
from carenet.agencies.policy.municipal_settings import Setting, settings_visible_to
from carenet.core.models import not_ended


def municipal_settings(actor: Actor, settings: type[Setting]) -> QuerySet[Setting]:
    """Return the visible settings, with whoever set them."""
    return settings_visible_to(actor, settings).select_related("set_by")


def in_force(settings: type[Setting], municipality_code: str, at: datetime) -> QuerySet[Setting]:
    """Return the settings of a municipality that count at a moment."""
    return settings.objects.filter(
        not_ended(at, "valid_until"), municipality_code=municipality_code, valid_from__lte=at
    )
