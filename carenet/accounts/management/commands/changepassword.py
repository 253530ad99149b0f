"""`manage.py changepassword USERNAME`: Django's command of this name, which writes itself down."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from carenet.accounts.actions.sign_in import set_password
from carenet.accounts.management.passwords import typed_password
from carenet.agencies.actions.locks import SYSTEM
from carenet.agencies.management.arguments import chosen_account
from carenet.agencies.management.output import as_command_error
from carenet.core.errors import CarenetError


class Command(BaseCommand):
    help = (
        "Gives an account another password, which its owner changes at the next sign-in; every session "
        "ends. It is asked for, or read from standard input. Better hand out a code: hand_out_code."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **_options: Any) -> None:
        user = chosen_account(username)
        try:
            set_password(user=user, password=typed_password(), first=True, who=SYSTEM)
        except CarenetError as error:
            raise as_command_error(error) from error
        self.stdout.write(user.username)
