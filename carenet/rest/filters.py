"""Filters whose values are codes: anything unknown is an error, never an empty list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

Choice = TypeVar("Choice", bound=TextChoices)


def codes(name: str, values: Sequence[str], description: str = "") -> OpenApiParameter:
    """Return how the contract describes what `choices_of` reads: a list of codes."""
    shape = {"type": "array", "items": {"type": "string", "enum": list(values)}}
    return OpenApiParameter(name, shape, explode=True, description=description)


def choices_of(request: Request, name: str, choices: type[Choice]) -> list[Choice]:
    """Return the codes in `?name=a,b` or `?name=a&name=b`, none without it.

    Raises `ValidationError` for others.
    """
    given = request.query_params.getlist(name)
    try:
        return list(dict.fromkeys(choices(code) for part in given for code in part.split(",")))
    except ValueError:
        known = ", ".join(choices.values)
        raise ValidationError(
            {name: [_("Give one or more of: %(known)s.") % {"known": known}]}
        ) from None
