"""`manage.py remove_second_factor`: takes a lost authenticator from an account."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from carenet.accounts.actions.sign_in import remove_second_factor
from carenet.agencies.management.arguments import chosen_account


class Command(BaseCommand):
    help = "Takes authenticator and recovery codes from an account, and signs it out everywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **_options: Any) -> None:
        user = chosen_account(username)
        remove_second_factor(user=user)
        self.stdout.write(username)
