"""Form fields for what people type: a day, a moment, a date of birth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet import clock
from carenet.residents.matching import read_birth
from carenet.rest.serializers import FIRST_YEAR, LAST_YEAR
from carenet.staff.times import Direction, read_day, read_moment

if TYPE_CHECKING:
    from datetime import date, datetime

    from carenet.residents.matching import Born

LONGEST = 40
HOW = gettext_lazy("For example きのう 15時, 今朝, 11/23 or R8.11.23.")
HOW_AHEAD = gettext_lazy("For example あした, 来週, 12/1 or R8.12.1.")


class TypedDay(forms.CharField):
    """A day as it is typed; `direction` says where it lies when no year is said."""

    def __init__(self, *, direction: Direction = Direction.PAST, **kwargs: Any) -> None:
        self.direction = direction
        kwargs.setdefault("help_text", HOW if direction < 0 else HOW_AHEAD)
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = read_day(text, clock.today(), self.direction)
        except ValueError:
            raise ValidationError(_("Say which day, for example 11/23 or R8.11.23.")) from None
        return _in_range(day)


class TypedMoment(forms.CharField):
    """A moment that has been, as it is typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", HOW)
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = read_moment(text, clock.local_now())
        except ValueError:
            raise ValidationError(_("Say when, for example きのう 15時 or 11/23 9:00.")) from None
        _in_range(moment.date())
        return moment


class TypedBirth(forms.CharField):
    """A date of birth, or its year, as it is typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("For example S16.12.8, 昭16 or 1941-12-08."))
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: Any) -> Born | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            born = read_birth(text)
        except ValueError:
            raise ValidationError(
                _(
                    "Give a date or a year, for example 1941-12-08, 昭和16年12月8日, S16.12.8 or 昭16."
                )
            ) from None
        if born.month and not born.day:
            raise ValidationError(
                _(
                    "The day is missing. Give the year alone (%(year)s), and write the month where "
                    "you tell what is known."
                )
                % {"year": born.year}
            )
        return born


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Give a date between 1880 and 2199."))
    return day
