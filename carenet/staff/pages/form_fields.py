"""Form fields for what people type: sentences, a day, a moment, a date of birth."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carenet.core import clock
from carenet.residents.matching import Born, read_birth
from carenet.rest.serializers import FIRST_YEAR, LAST_YEAR
from carenet.staff.times import Direction, read_day, read_moment, read_moment_ahead

LONGEST = 40
#: What a field sends with what is typed: how it is read, and what it is called.
READS, NAMED = "reads", "named"
HOW = gettext_lazy("For example きのう 15時, 今朝, 11/23 or R8.11.23.")
HOW_TO_THE_MINUTE = gettext_lazy("For example あした 9:00, 12/1 13:30 or いま.")
HOW_AHEAD = gettext_lazy("For example あした, 来週, 12/1 or R8.12.1.")


def text_field(label: Any, most: int = 10_000, *, rows: int = 4, **more: Any) -> forms.CharField:
    """Return a field for sentences."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=area, **more)


class Commonest:
    """A choice of many: the commonest stand first, the others are folded away."""

    def __init__(self, *commonest: str) -> None:
        super().__init__()
        self.commonest = frozenset(commonest)


class CommonestOne(Commonest, forms.RadioSelect):
    """One of many."""


class CommonestSeveral(Commonest, forms.CheckboxSelectMultiple):
    """Several of many."""


class Typed(forms.CharField):
    """Base of what is read while it is typed: the page says beside it how, or why it cannot be meant.

    `reads` says by which of `READERS`, `empty` what it means that nothing is typed.
    """

    reads = ""
    #: What the browser's own calendar asks for, which only helps.
    calendar = "datetime-local"

    def __init__(self, how: Any, *, empty: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", format_lazy("{} {}", empty, how) if empty else how)
        super().__init__(max_length=LONGEST, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return what stands in the field: a day that is known is written out."""
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another day is meant than the one that was shown, however it is written."""
        try:
            before = self.clean(self.prepare_value(initial)) if initial else None
            return bool(self.clean(data) != before)
        except ValidationError:
            return True

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        asked = {
            "hx-post": reverse("staff-when"),
            "hx-trigger": "input changed delay:400ms",
            "hx-vals": json.dumps({READS: self.reads, NAMED: form.add_prefix(field_name)}),
            "hx-params": f"{READS},{NAMED},{form.add_prefix(field_name)}",
            "hx-target": "next .read-as",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
        }
        self.widget.attrs.update(asked)
        return super().get_bound_field(form, field_name)


class TypedDay(Typed):
    """A day as it is typed; `direction` says where it lies when no year is said."""

    calendar = "date"

    def __init__(self, *, direction: Direction = Direction.PAST, **kwargs: Any) -> None:
        self.direction = direction
        self.reads = "day" if direction < 0 else "day-ahead"
        super().__init__(HOW if direction < 0 else HOW_AHEAD, **kwargs)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = read_day(text, clock.today(), self.direction)
        except ValueError:
            raise ValidationError(_("Say which day, for example 11/23 or R8.11.23.")) from None
        return _in_range(day)


class TypedMoment(Typed):
    """A moment that has been, as it is typed: one that lies ahead is refused, never taken for now."""

    reads = "moment"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(HOW, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = read_moment(text, clock.local_now())
        except ValueError:
            raise ValidationError(_("Say when, for example きのう 15時 or 11/23 9:00.")) from None
        _in_range(moment.date())
        if moment > clock.local_now():
            raise ValidationError(
                _("This lies ahead. Say when it was, for example 今日 10時 or いま.")
            )
        return moment


class TypedMomentAhead(Typed):
    """A moment that may lie ahead, as it is typed: its time is never guessed."""

    reads = "moment-ahead"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(HOW_TO_THE_MINUTE, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = read_moment_ahead(text, clock.local_now())
        except ValueError:
            raise ValidationError(
                _("Say day and time, for example あした 9:00 or 12/1 13:30.")
            ) from None
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


#: How what is typed can be read.
READERS: dict[str, Typed] = {
    "moment": TypedMoment(required=False),
    "moment-ahead": TypedMomentAhead(required=False),
    "day": TypedDay(required=False),
    "day-ahead": TypedDay(required=False, direction=Direction.AHEAD),
}


def _in_range(day: date | None) -> date | None:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Give a date between 1880 and 2199."))
    return day
