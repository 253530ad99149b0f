"""What commands say: Japanese first, English second, for whoever sits at the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import CommandError
from django.utils.translation import override

from carenet.core.errors import CarenetError, Invalid

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def in_both(message: StrOrPromise) -> str:
    """Return a lazily translated message in Japanese and English, once where they are the same."""
    told = []
    for language in ("ja", "en"):
        with override(language):
            told.append(str(message))
    return " / ".join(dict.fromkeys(told))


def as_command_error(error: CarenetError) -> CommandError:
    """Return a domain error as the command line tells it, with the fields it is about."""
    if isinstance(error, Invalid):
        return CommandError("\n".join(f"{name}: {why}" for name, why in error.fields.items()))
    return CommandError(in_both(error.detail))
