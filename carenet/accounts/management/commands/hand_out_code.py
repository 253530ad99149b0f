"""`manage.py hand_out_code`: a code that lets a person set a password or an authenticator, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from carenet.accounts.actions.sign_in import hand_out_code
from carenet.accounts.models import HANDED_OUT, CodePurpose
from carenet.agencies.management.arguments import chosen_account


class Command(BaseCommand):
    help = "Prints a code for one person, to set a new password or an authenticator. It works once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--purpose", required=True, choices=[each.value for each in HANDED_OUT])

    def handle(self, *, username: str, purpose: str, **_options: Any) -> None:
        user = chosen_account(username)
        code = hand_out_code(actor=None, user=user, purpose=CodePurpose(purpose))
        self.stdout.write(f"{code}  ({settings.SIGN_IN_CODE_DAYS} 日 / days)")
