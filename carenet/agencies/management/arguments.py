"""Which agency, and whose account, an operator means at the command line."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.management.output import in_both
from carenet.agencies.models import Agency, User
from carenet.agencies.selectors import account_named, agencies_named


def chosen_agency(text: str) -> Agency:
    """Return the one agency of this id, office number or name; raises `CommandError` otherwise."""
    found = list(agencies_named(text)[:2])
    if not found:
        message = _("There is no agency with the id, office number or name “{text}”.")
        raise CommandError(in_both(format_lazy(message, text=text)))
    if len(found) > 1:
        message = _("Several agencies are called “{text}”. Give the id or the office number.")
        raise CommandError(in_both(format_lazy(message, text=text)))
    return found[0]


def chosen_account(username: str) -> User:
    """Return the account with this user name; ends the command with words when there is none."""
    found = account_named(username)
    if found is None:
        message = _("There is no active account with the user name “{username}”.")
        raise CommandError(in_both(format_lazy(message, username=username)))
    return found
