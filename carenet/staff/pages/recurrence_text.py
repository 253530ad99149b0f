"""A rhythm in words: the recurrences that people agree on; any other as its rule says it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.staff.pages.durations import duration_text
from carenet.watchover.models import WatchSchedule
from carenet.watchover.states import HolidayPolicy

DAYS = {
    "MO": gettext_lazy("Monday"), "TU": gettext_lazy("Tuesday"), "WE": gettext_lazy("Wednesday"),
    "TH": gettext_lazy("Thursday"), "FR": gettext_lazy("Friday"), "SA": gettext_lazy("Saturday"),
    "SU": gettext_lazy("Sunday"),
}  # fmt: skip
#: Which of a month's Tuesdays, as a rule numbers them.
PLACES = {
    "": "",
    "1": gettext_lazy("first %(day)s"),
    "2": gettext_lazy("second %(day)s"),
    "3": gettext_lazy("third %(day)s"),
    "4": gettext_lazy("fourth %(day)s"),
    "-1": gettext_lazy("last %(day)s"),
}
_EVERY = {
    "MINUTELY": (gettext_lazy("every minute"), gettext_lazy("every %(number)s minutes")),
    "HOURLY": (gettext_lazy("every hour"), gettext_lazy("every %(number)s hours")),
    "DAILY": (gettext_lazy("every day"), gettext_lazy("every %(number)s days")),
    "WEEKLY": (gettext_lazy("every week"), gettext_lazy("every %(number)s weeks")),
    "MONTHLY": (gettext_lazy("every month"), gettext_lazy("every %(number)s months")),
}


def recurrence_text(schedule: WatchSchedule) -> str:
    """Return how often and at what time, as "every week, Monday, Thursday, 9:00"."""
    parts = dict(part.split("=", 1) for part in schedule.rule.split(";") if "=" in part)
    frequency, number = parts.pop("FREQ", ""), parts.pop("INTERVAL", "1")
    begins = timezone.localtime(schedule.begins_at)
    days = _days(frequency, parts, begins)
    every = _EVERY.get(frequency)
    if every is None or parts or days is None:
        said, days = schedule.rule, []
    elif number == "1":
        said = str(every[0])
    else:
        said = str(every[1]) % {"number": number}
    return _(", ").join([said, *days, time_format(begins, "TIME_FORMAT")])


def _days(frequency: str, parts: dict[str, str], begins: datetime) -> list[str] | None:
    """Take the days out of a rule and say them; None where people have no words for them.

    Every month without a day means that of the beginning.
    """
    found = []
    for each in filter(None, parts.pop("BYDAY", "").split(",")):
        place, day = each[:-2], each[-2:]
        if day not in DAYS or place not in PLACES:
            return None
        name = str(DAYS[day])
        found.append(str(PLACES[place]) % {"day": name} if place else name)
    if frequency == "MONTHLY" and not found:
        dates = parts.pop("BYMONTHDAY", str(begins.day)).split(",")
        if not all(each.isdecimal() for each in dates):
            return None
        found = [_("day %(day)s") % {"day": each} for each in dates]
    return found


def rhythm_text(schedule: WatchSchedule) -> list[str]:
    """Return a rhythm as sentences: how often and within what time, how long is waited, closed days."""
    closed = {
        HolidayPolicy.KEEP: _("on closed days, too"),
        HolidayPolicy.SKIP: _("not on closed days"),
        HolidayPolicy.MOVE: _("from a closed day it moves to the next open day"),
    }
    within = {
        "often": recurrence_text(schedule),
        "time": duration_text(schedule.window_minutes),
    }
    grace = {"time": duration_text(schedule.grace_minutes)}
    return [
        _("%(often)s, within %(time)s") % within,
        _("an alert after another %(time)s") % grace,
        closed[HolidayPolicy(schedule.holiday_policy)],
    ]
