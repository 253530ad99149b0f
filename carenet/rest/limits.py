"""How far ahead a date may lie that silences somebody: each has a limit from a setting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from carenet import clock
from carenet.clock import ZONE
from carenet.errors import Invalid

if TYPE_CHECKING:
    from datetime import date


def demand_near(name: str, given: date | datetime | None, setting: str) -> None:
    """Raise `Invalid` for a day or time further ahead than a setting allows, in days.

    The error names the last day and the setting. No date is nobody's slip of a finger.
    """
    if given is None:
        return
    day = given.astimezone(ZONE).date() if isinstance(given, datetime) else given
    most: int = getattr(settings, setting)
    latest = clock.today() + timedelta(days=most)
    if day > latest:
        told = _("Give %(latest)s at the latest: %(setting)s is %(most)s days.")
        raise Invalid(
            {name: told % {"latest": latest.isoformat(), "setting": setting, "most": most}}
        )
