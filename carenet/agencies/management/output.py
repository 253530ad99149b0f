"""What commands say: Japanese first, English second, for whoever sits at the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.core.management.base import CommandError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from carenet.agencies.open_data import BrokenFile
from carenet.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django_stubs_ext import StrOrPromise

    from carenet.core.errors import CarenetError

Content = TypeVar("Content")


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


def read_from(file: Path, read: Callable[[bytes], Content]) -> Content:
    """Return what `read` makes of a file; a file that cannot be used ends the command with words."""
    try:
        return read(file.read_bytes())
    except OSError as error:
        message = _("{file} cannot be read: {error}")
        raise CommandError(
            in_both(format_lazy(message, file=str(file), error=error.strerror or ""))
        ) from error
    except BrokenFile as error:
        message = _("{file} was not imported, nothing was changed. {reason}")
        raise CommandError(
            in_both(format_lazy(message, file=str(file), reason=error.detail))
        ) from error
