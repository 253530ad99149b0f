"""Reading the file that a command is given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from django.core.management.base import CommandError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.management.output import in_both
from carenet.areas.open_data import BrokenFile

Content = TypeVar("Content")


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
