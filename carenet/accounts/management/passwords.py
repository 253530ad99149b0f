"""A password that an operator types at the command line."""

from __future__ import annotations

import sys
from getpass import getpass

from django.core.management.base import CommandError
from django.utils.translation import gettext_lazy as _

from carenet.agencies.management.output import in_both


def typed_password() -> str:
    """Return a password that was typed twice, or the line of standard input; ends the command else."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass(f"{in_both(_('Password'))}: ")
    if password != getpass(f"{in_both(_('Password, once more'))}: "):
        raise CommandError(in_both(_("These are two different passwords.")))
    return password
