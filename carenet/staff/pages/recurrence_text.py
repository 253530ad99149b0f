"""A rhythm in words: the recurrences that people agree on; any other as its rule says it."""

from __future__ import annotations

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
    days = [each for each in parts.pop("BYDAY", "").split(",") if each]
    every = _EVERY.get(parts.pop("FREQ", ""))
    number = parts.pop("INTERVAL", "1")
    if every is None or parts or any(day not in DAYS for day in days):
        said = schedule.rule
    elif number == "1":
        said = str(every[0])
    else:
        said = str(every[1]) % {"number": number}
    clock = time_format(timezone.localtime(schedule.begins_at), "TIME_FORMAT")
    known = [str(DAYS[day]) for day in days if day in DAYS]
    return _(", ").join([said, *known, clock])


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
