"""How long something takes, as people say it and type it: five days, two hours, 90 minutes."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

HOUR, DAY = 60, 24 * 60
#: What people write behind a number; nothing is minutes.
_UNITS = {
    "日": DAY, "日間": DAY, "d": DAY, "day": DAY, "days": DAY,
    "時間": HOUR, "h": HOUR, "hour": HOUR, "hours": HOUR,
    "分": 1, "分間": 1, "min": 1, "minute": 1, "minutes": 1, "": 1,
}  # fmt: skip
_PART = re.compile(r"(\d+)([^\d\s]*)")
_WHOLE = re.compile(r"(?:\d+[^\d\s]*)+")
#: As many characters as somebody needs to say how long.
LONGEST = 30
HOW = gettext_lazy("For example 3日, 2時間 or 90 min.")


def duration_text(minutes: int) -> str:
    """Return so many minutes in the largest units that fit: "5 days", "1 hour 30 min"."""
    days, rest = divmod(minutes, DAY)
    hours, left = divmod(rest, HOUR)
    parts = []
    if days:
        parts.append(ngettext("%(number)s day", "%(number)s days", days) % {"number": days})
    if hours:
        parts.append(ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours})
    if left or not parts:
        parts.append(_("%(number)s min") % {"number": left})
    return " ".join(parts)


def minutes_in(said: str) -> int:
    """Return the minutes that somebody means; raises `ValueError` for what says no duration."""
    text = "".join(unicodedata.normalize("NFKC", said).lower().split())
    if not _WHOLE.fullmatch(text):
        raise ValueError(said)
    parts = _PART.findall(text)
    if any(unit not in _UNITS for _number, unit in parts):
        raise ValueError(said)
    return sum(int(number) * _UNITS[unit] for number, unit in parts)


class DurationField(forms.CharField):
    """A duration as people write it (3日, 2時間, 90 min); its value is a number of minutes."""

    def __init__(self, *, least: int, most: int, **more: Any) -> None:
        super().__init__(max_length=LONGEST, help_text=more.pop("help_text", HOW), **more)
        self.least, self.most = least, most

    def prepare_value(self, value: Any) -> Any:
        return duration_text(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        if not said:
            return None
        try:
            minutes = minutes_in(said)
        except ValueError:
            raise ValidationError(_("Write how long like 3日, 2時間 or 90 min.")) from None
        if not self.least <= minutes <= self.most:
            bounds = {"least": duration_text(self.least), "most": duration_text(self.most)}
            raise ValidationError(_("Give %(least)s to %(most)s.") % bounds)
        return minutes

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
