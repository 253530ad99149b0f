"""`manage.py disable_account`: shuts a person out of the whole service, at once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from carenet.accounts.actions.accounts import disable_account
from carenet.agencies.management.arguments import chosen_account
from carenet.agencies.management.output import as_command_error
from carenet.core.errors import CarenetError


class Command(BaseCommand):
    help = (
        "Disables a person's account: every membership and session ends, and what they had in hand "
        "goes to the managers of their agencies."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **_options: Any) -> None:
        user = chosen_account(username)
        try:
            disable_account(user=user)
        except CarenetError as error:
            raise as_command_error(error) from error
        self.stdout.write(user.username)
