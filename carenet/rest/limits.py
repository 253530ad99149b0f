"""Limits of dates: how far ahead one may lie that silences somebody, and how far back one that tells.

Upwards each limit is a setting, in days; downwards it follows from the object (born, sent, opened).
Which input has which, `tests/access/limits.py` lists, with a reason for each that has none.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from carenet.core import clock
from carenet.core.clock import ZONE
from carenet.core.errors import Invalid

#: Nobody who is cared for today was born before.
OLDEST_BIRTH = date(1880, 1, 1)


def demand_near(name: str, given: date | datetime | None, setting: str) -> None:
    """Raise `Invalid` for a day or time further ahead than a setting allows, in days.

    The error names the last day and the setting. No date is nobody's slip of a finger.
    """
    if given is None:
        return
    day = _day(given)
    most: int = getattr(settings, setting)
    latest = clock.today() + timedelta(days=most)
    if day > latest:
        told = _("Give %(latest)s at the latest: %(setting)s is %(most)s days.")
        raise Invalid(
            {name: told % {"latest": latest.isoformat(), "setting": setting, "most": most}}
        )


def demand_recent(
    name: str,
    given: date | datetime | None,
    *,
    born: date | None = None,
    began: date | datetime | None = None,
) -> None:
    """Raise `Invalid` for a day or time that lies before the person's birth, or too far back.

    Records are carried over from paper, so that what is told may be older than the row that it stands
    in: by `RECORDED_LATE_MOST_DAYS`, counted from `began` (today without one).
    """
    if given is None:
        return
    demand_lived(name, given, born)
    day = _day(given)
    most: int = settings.RECORDED_LATE_MOST_DAYS
    earliest = (_day(began) if began else clock.today()) - timedelta(days=most)
    if day < earliest:
        told = _("Give %(earliest)s at the earliest: RECORDED_LATE_MOST_DAYS is %(most)s days.")
        raise Invalid({name: told % {"earliest": earliest.isoformat(), "most": most}})


def demand_lived(name: str, given: date | datetime | None, born: date | None) -> None:
    """Raise `Invalid` for a day or time before the birth of the person; in no life, before 1880."""
    if given is not None and _day(given) < (born or OLDEST_BIRTH):
        raise Invalid({name: _("Give a day after the birth of the person.")})


def _day(given: date | datetime) -> date:
    return given.astimezone(ZONE).date() if isinstance(given, datetime) else given
