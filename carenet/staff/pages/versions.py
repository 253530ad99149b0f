"""Which version of something was on the screen: nobody overwrites what they have not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

#: Far above what any row reaches; Python itself refuses to read thousands of digits as a number.
MOST_DIGITS = 9


def version_in(request: HttpRequest) -> int | None:
    """Return the version that a form sent along; None where it says none, or what is none."""
    given = request.POST.get("version", "")
    if len(given) > MOST_DIGITS or not (given.isascii() and given.isdecimal()):
        return None
    return int(given)
