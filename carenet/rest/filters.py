"""Filters whose values are codes: anything unknown is an error, never an empty list."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

if TYPE_CHECKING:
    from rest_framework.request import Request

Choice = TypeVar("Choice", bound=TextChoices)


def choices_of(request: Request, name: str, choices: type[Choice]) -> list[Choice]:
    """Return the codes in `?name=a,b`, none without it; raises `ValidationError` for others."""
    given = request.query_params.get(name)
    if given is None:
        return []
    try:
        return list(dict.fromkeys(choices(code) for code in given.split(",")))
    except ValueError:
        known = ", ".join(choices.values)
        raise ValidationError(
            {name: [_("Give one or more of: %(known)s.") % {"known": known}]}
        ) from None
