"""Ages as an open pool may know them: by decade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import date


class AgeBand(models.TextChoices):
    """How old somebody is, as far as an open pool may know."""

    UNDER_10 = "0-9", _("under 10")
    TEENS = "10-19", _("10 to 19")
    TWENTIES = "20-29", _("20 to 29")
    THIRTIES = "30-39", _("30 to 39")
    FORTIES = "40-49", _("40 to 49")
    FIFTIES = "50-59", _("50 to 59")
    SIXTIES = "60-69", _("60 to 69")
    SEVENTIES = "70-79", _("70 to 79")
    EIGHTIES = "80-89", _("80 to 89")
    OVER_90 = "90-", _("90 or older")  # one band: a hundred-year-old is known by name
    UNKNOWN = "unknown", _("unknown")


_BANDS = [band for band in AgeBand if band is not AgeBand.UNKNOWN]


def age_band(today: date, born_on: date | None, born_in: int | None) -> AgeBand:
    """Return the decade of life of somebody born on that day, or in that year; a year counts whole."""
    if born_on:
        age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    elif born_in:
        age = today.year - born_in
    else:
        return AgeBand.UNKNOWN
    return _BANDS[min(max(age, 0) // 10, len(_BANDS) - 1)]
