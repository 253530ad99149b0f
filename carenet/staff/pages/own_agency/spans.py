"""An absence in words: from which day to which, and who stands in."""

from __future__ import annotations

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from carenet.agencies.models import Absence


def span_of(absence: Absence) -> str:
    """Say from when to when somebody is away; its end is the last day, not the midnight after it."""
    since = date_format(localtime(absence.since), "SHORT_DATE_FORMAT")
    if absence.until is None:
        return _("from %(since)s until further notice") % {"since": since}
    last = localtime(absence.until - timedelta(microseconds=1))
    until = date_format(last, "SHORT_DATE_FORMAT")
    return _("%(since)s to %(until)s") % {"since": since, "until": until}


def deputy_of(absence: Absence) -> str:
    """Say who stands in; empty where nobody does."""
    if absence.deputy is None:
        return ""
    return _("%(name)s stands in") % {"name": absence.deputy.name}
