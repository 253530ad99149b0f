"""Which version of something was on the screen: nobody overwrites what they have not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from carenet.core.errors import PreconditionRequired

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Far above what any row reaches; Python itself refuses to read thousands of digits as a number.
MOST_DIGITS = 9


def version_in(request: HttpRequest, name: str = "version") -> int | None:
    """Return the version that a form sent along; None where it says none, or what is none."""
    given = request.POST.get(name, "")
    if len(given) > MOST_DIGITS or not (given.isascii() and given.isdecimal()):
        return None
    return int(given)


def seen_version(request: HttpRequest, otherwise: StrOrPromise, *, name: str = "version") -> int:
    """Return the version that was looked at; raises `PreconditionRequired`, which says `otherwise`."""
    seen = version_in(request, name)
    if seen is None:
        raise PreconditionRequired(otherwise)
    return seen
