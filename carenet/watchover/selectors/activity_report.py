"""A month of a commissioner as rows and as a table, for the API and for pages."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from carenet.core import clock
from carenet.rest.csv_export import sheet
from carenet.watchover.selectors.activity import Activity
from carenet.watchover.states import section_of

#: Nothing was recorded here before; and a year has four digits.
_MONTH, _FIRST_YEAR = re.compile("([0-9]{4})-(0[1-9]|1[0-2])"), 2000


def month_named(given: str | None) -> date:
    """Return the first day of a month as 2026-11, of the current one without it.

    Raises `ValidationError` for what is none, or has not begun.
    """
    today = clock.today()
    if given is None:
        return today.replace(day=1)
    found = _MONTH.fullmatch(given)
    if found is None or int(found[1]) < _FIRST_YEAR or given > f"{today:%Y-%m}":
        raise ValidationError({"month": [_("Give a month that has begun, as 2026-11.")]})
    return date(int(found[1]), int(found[2]), 1)


def rows_of(found: Activity) -> list[dict[str, Any]]:
    """Return the lines of the form, with a remark where a number is not the last word."""
    return [
        {
            "section": section_of(item).value,
            "section_words": str(section_of(item).label),
            "item": item.value,
            "words": str(item.label),
            "number": number,
            "remark": _remark(found, number),
        }
        for item, number in found.numbers.items()
    ]


def _remark(found: Activity, number: int | None) -> str:
    if number is None:
        return _("Not recorded here: add it by hand.")
    return "" if found.complete else _("The month is not over.")


def as_csv(found: Activity) -> str:
    """Return the month as a table for spreadsheets."""
    header = [
        _("month"), _("name"), _("section"), _("item"), _("number"), _("remark"),
    ]  # fmt: skip
    month, name = f"{found.month:%Y-%m}", found.person.name
    return sheet(
        header,
        [
            [month, name, row["section_words"], row["words"], row["number"], row["remark"]]
            for row in rows_of(found)
        ],
    )
