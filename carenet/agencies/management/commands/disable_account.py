"""`manage.py disable_account`: shuts a person out of the whole service, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from carenet.agencies.actions import disable_account
from carenet.agencies.management.telling import as_command_error, in_both
from carenet.agencies.selectors import account_named
from carenet.errors import CarenetError

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = (
        "Disables a person's account: every membership and session ends, and what they had in hand "
        "goes to the managers of their agencies."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **_options: Any) -> None:
        user = account_named(username)
        if user is None:
            message = _("There is no active account with the user name “{username}”.")
            raise CommandError(in_both(format_lazy(message, username=username)))
        try:
            disable_account(user=user)
        except CarenetError as error:
            raise as_command_error(error) from error
        self.stdout.write(user.username)
