"""`manage.py create_administrator`: the first system administrator, who appoints all others."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carenet.accounts.actions.accounts import create_account
from carenet.accounts.management.passwords import typed_password
from carenet.administration.actions.appointments import appoint
from carenet.agencies.management.output import as_command_error, in_both
from carenet.agencies.selectors import account_named
from carenet.core.errors import CarenetError


class Command(BaseCommand):
    help = (
        "Makes a person the administrator of the service, who sets everything else up on the "
        "pages below /administration/. Whoever has no account gets one: the password is asked for, "
        "or read from standard input, and changed at the first sign-in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="for a new account: the person's name")

    def handle(self, *, username: str, name: str, **_options: Any) -> None:
        try:
            with transaction.atomic():
                if account_named(username) is None:
                    self._create_account(username, name)
                made = appoint(administrator=None, username=username)
        except CarenetError as error:
            raise as_command_error(error) from error
        self.stdout.write(f"{made.user.username}: /administration/")

    def _create_account(self, username: str, name: str) -> None:
        if not name:
            raise CommandError(in_both(_("A new account needs the person's name: --name.")))
        password = typed_password()
        create_account(username=username, name=name, password=password, password_is_first=True)
